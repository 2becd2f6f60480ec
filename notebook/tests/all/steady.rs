//! What counts as the steady state before the fault and after it, and by when it was seen.

use notebook::{
    experiments::{Draft, plan::Outcome},
    id::RunId,
    runs::{
        acts::{abort, answer_check, begin_fault, compose, end_fault, finish, show},
        drafts::{AbortDraft, AtDraft, CheckDraft, ObservationDraft},
        facts::RunFacts,
        phase::{Phase, phase},
        validity::{InvalidReason, Validity, validity},
    },
};

use crate::lab::{BACK, CLIENTS, GAP, Lab, Trial, check, refused, restart_one_zookeeper, seen};

const UP: &str = "instances-up|before|last";
const NOT_STEADY: Validity = Validity::Invalid(InvalidReason::SteadyStateNotMet);

/// The plan that also looks at how many instances are up before the fault.
fn looking_before() -> Draft {
    let mut draft = restart_one_zookeeper();
    draft.checks.push(check("instances-up", "before", "last", ">=", "5", ""));
    draft
}

async fn facts(lab: &Lab<'_>, run: RunId) -> RunFacts {
    show(&lab.ana, run).await.unwrap().facts
}

async fn counts(lab: &Lab<'_>, run: RunId) -> Option<Validity> {
    validity(&facts(lab, run).await).map(|answer| answer.is)
}

fn happened(facts: &RunFacts) -> Outcome {
    let check = facts.identity.checks.iter().find(|check| check.key.slot() == UP).unwrap();
    facts.outcome(&check.key)
}

each_db!(what_is_seen_once_the_fault_began_is_no_steady_state_of_before, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&looking_before()).await;
    let run = lab.start(experiment, "zk-1").await;
    answer_check(&lab.ana, run, &seen(UP, "5")).await.unwrap();
    begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    book.clock.pass_ms(600_000);

    let late = refused(answer_check(&lab.ana, run, &seen(UP, "4")).await);
    assert_eq!(late.troubles()[0].field, "at", "{late:?}");
    let note = |text: &str| ObservationDraft { text: text.into(), ..ObservationDraft::default() };
    let named = refused(compose(&lab.ana, run, &note("/check 1 4")).await);
    assert!(named.troubles()[0].says.contains("after the fault began"), "{named:?}");
    let loose = compose(&lab.ana, run, &note("/metric instances-up=4")).await.unwrap();
    let said = loose.said.join(" ");
    assert!(loose.number == Some(1) && said.contains("only before the fault"), "{said}");
    assert_eq!(happened(&facts(&lab, run).await), Outcome::Held, "as it was seen before");
    let waited = ObservationDraft { at: "-12m".into(), ..note("/metric instances-up=6") };
    let waited = compose(&lab.ana, run, &waited).await.unwrap();
    let said = waited.said.join(" ");
    assert!(waited.number.is_none() && said.contains("instances-up, before: 6 recorded."), "{said}");

    for (check, value) in [(GAP, "38 s"), (CLIENTS, "held")] {
        answer_check(&lab.ana, run, &seen(check, value)).await.unwrap();
    }
    end_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    book.clock.pass_ms(60_000);
    refused(answer_check(&lab.ana, run, &seen(UP, "4")).await);
    answer_check(&lab.ana, run, &seen(BACK, "held")).await.unwrap();
    finish(&lab.ana, run, &AtDraft::default()).await.unwrap();
    assert_ne!(counts(&lab, run).await, Some(NOT_STEADY));
});

each_db!(a_steady_state_that_nobody_wrote_down_in_time_takes_a_time_from_before_the_fault, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&looking_before()).await;
    let run = lab.start(experiment, "zk-1").await;
    lab.play(run, &Trial::default()).await;
    let late = refused(answer_check(&lab.ana, run, &seen(UP, "5")).await);
    assert_eq!(late.troubles()[0].field, "at", "held now is no steady state of then");
    assert_eq!(counts(&lab, run).await, Some(NOT_STEADY));
    let then = CheckDraft { at: "-12m".into(), ..seen(UP, "5") };
    answer_check(&lab.ana, run, &then).await.unwrap();
    assert_eq!(counts(&lab, run).await, Some(Validity::Valid));

    lab.sign(run).await;
    let amended = CheckDraft { amends: "read off the wrong graph".into(), ..seen(UP, "6") };
    answer_check(&lab.ben, run, &amended).await.unwrap();
    assert_eq!(happened(&facts(&lab, run).await), Outcome::Held, "an amendment is written when it is known");
});

each_db!(a_plan_without_after_checks_waits_for_no_way_back_and_knows_no_time_to_revert, book => {
    let lab = Lab::open(book).await;
    let mut draft = restart_one_zookeeper();
    draft.checks.retain(|check| check.phase == "during");
    let experiment = lab.approved(&draft).await;
    for aborts in [false, true] {
        let run = lab.start(experiment, "zk-1").await;
        begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
        for (check, value) in [(GAP, "38 s"), (CLIENTS, "held")] {
            answer_check(&lab.ana, run, &seen(check, value)).await.unwrap();
        }
        let ended = book.notebook.now();
        if aborts {
            let draft = AbortDraft { reason: "people".into(), ..AbortDraft::default() };
            abort(&lab.ben, run, &draft).await.unwrap();
        } else {
            end_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
        }
        book.clock.pass_ms(301_000);
        let over = facts(&lab, run).await;
        assert_eq!((phase(&over), over.revert_ms()), (Some((Phase::After, ended)), None), "aborts: {aborts}");
        finish(&lab.ana, run, &AtDraft::default()).await.unwrap();
    }
});
