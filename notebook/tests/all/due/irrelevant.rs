//! A change that a reviewer marked irrelevant makes nothing stale, and does again once that is taken back.

use notebook::{
    fixes::Standing,
    retrials::{claims::ClaimStanding, due::DueReason},
    services::{self, irrelevant::MarkDraft},
};

use super::{DAY_MS, Verified, claim, push, queue, tell, turns, verified};
use crate::lab::Lab;

fn why(reason: &str) -> MarkDraft {
    MarkDraft { reason: reason.into() }
}

each_db!(what_is_marked_irrelevant_makes_nothing_stale_until_that_is_taken_back, book => {
    let lab = Lab::open(book).await;
    let Verified { experiment, fix, .. } = verified(&lab).await;
    tell(book).await;
    book.clock.pass_ms(10 * DAY_MS);
    let change = services::acts::record_change(&lab.ana, &push(String::new())).await.unwrap();
    assert_eq!((lab.standing(fix).await, tell(book).await), (Standing::Stale, 2));

    services::acts::mark_irrelevant(&lab.ben, change.id, &why("only comments")).await.unwrap();
    assert_eq!(lab.standing(fix).await, Standing::Verified);
    assert_eq!(claim(&lab, experiment).await, ClaimStanding::Current);
    assert_eq!((queue(&lab.ana).await, tell(book).await), (Vec::new(), 0));

    services::acts::mark_relevant(&lab.ben, change.id, &why("it restarted them")).await.unwrap();
    assert_eq!(lab.standing(fix).await, Standing::Stale);
    assert_eq!(queue(&lab.ana).await, [(DueReason::Stale, fix.to_string())]);
    assert_eq!((tell(book).await, turns(&lab.ana, fix).await), (2, 2), "it turned once more");
});

each_db!(marking_one_change_leaves_what_another_one_made_stale, book => {
    let lab = Lab::open(book).await;
    let Verified { fix, .. } = verified(&lab).await;
    lab.later();
    let first = services::acts::record_change(&lab.ana, &push(String::new())).await.unwrap();
    let second = services::acts::record_change(&lab.ana, &push(String::new())).await.unwrap();
    services::acts::mark_irrelevant(&lab.ben, first.id, &why("only comments")).await.unwrap();
    assert_eq!(lab.standing(fix).await, Standing::Stale);
    services::acts::mark_irrelevant(&lab.ben, second.id, &why("only comments")).await.unwrap();
    assert_eq!(lab.standing(fix).await, Standing::Verified);
});
