//! Which decisions a claim takes along when it turns.

use notebook::{
    decisions::{self, DecisionStanding},
    id::{DecisionId, ExperimentId},
    retrials::{self, due::DueReason},
};

use super::{DAY_MS, decide, queue, standing, tell, turns};
use crate::lab::{Lab, Trial, restart_one_zookeeper};

/// For forty days.
async fn accept(lab: &Lab<'_>, experiment: ExperimentId) -> DecisionId {
    let until = lab.book.notebook.now().plus_days(40).rfc3339();
    let draft = decisions::drafts::Draft {
        kind: "accept_the_risk".into(),
        claims: vec![experiment.to_string()],
        until: until.split('T').next().unwrap().to_owned(),
        ..Default::default()
    };
    retrials::acts::decide(&lab.ana, &draft).await.unwrap().id
}

each_db!(a_risk_that_is_accepted_and_a_repetition_are_flagged_when_their_claim_turns, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    let earlier = decide(&lab.ana, "repeat_as_is", experiment).await;
    let (risk, repeat) = (accept(&lab, experiment).await, decide(&lab.ana, "repeat_as_is", experiment).await);
    for decision in [earlier, risk, repeat] {
        assert_eq!(standing(&lab.ana, decision).await, DecisionStanding::InForce);
    }
    tell(book).await;
    lab.run(experiment, Trial { back: "failed", ..Trial::default() }).await;
    let due = queue(&lab.ana).await;
    for decision in [risk, repeat] {
        assert_eq!(standing(&lab.ana, decision).await, DecisionStanding::EvidenceLost);
        assert!(due.contains(&(DueReason::EvidenceLost, decision.to_string())), "{decision}: {due:?}");
    }
    assert_eq!(standing(&lab.ana, earlier).await, DecisionStanding::EvidenceLost);
    assert!(!due.iter().any(|(_, of)| *of == earlier.to_string()), "another repetition followed it: {due:?}");
    let lost = due.iter().filter(|(reason, _)| *reason == DueReason::EvidenceLost).count();
    assert_eq!(lost, 2, "to fix and rerun was decided because of it: {due:?}");
    let shaken = retrials::acts::today(&lab.ana).await.unwrap().shaken;
    let shaken: Vec<DecisionId> = shaken.into_iter().map(|row| row.decision.id).collect();
    assert_eq!(shaken, [repeat, risk], "Today asks for what the queue asks for");
    for _ in 0..2 {
        tell(book).await;
    }
    assert_eq!((turns(&lab.ana, risk).await, turns(&lab.ana, repeat).await, turns(&lab.ana, earlier).await), (1, 1, 0));

    book.clock.pass_ms(35 * DAY_MS);
    let soon = (DueReason::RiskExpiring, risk.to_string());
    assert!(queue(&lab.ana).await.contains(&soon), "it ends soon, whatever became of its claim");
});

each_db!(a_risk_that_is_accepted_because_the_claim_failed_is_not_flagged_for_that, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial { back: "failed", ..Trial::default() }).await;
    let (risk, repeat) = (accept(&lab, experiment).await, decide(&lab.ana, "repeat_as_is", experiment).await);
    for decision in [risk, repeat] {
        assert_eq!(standing(&lab.ana, decision).await, DecisionStanding::InForce);
    }
    let due = queue(&lab.ana).await;
    assert!(!due.iter().any(|(reason, _)| *reason == DueReason::EvidenceLost), "{due:?}");
});

each_db!(a_risk_that_is_accepted_is_flagged_when_its_evidence_gets_old, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    let risk = accept(&lab, experiment).await;
    tell(book).await;
    book.clock.pass_ms(31 * DAY_MS);
    assert_eq!(standing(&lab.ana, risk).await, DecisionStanding::EvidenceStale);
    assert!(queue(&lab.ana).await.contains(&(DueReason::EvidenceStale, risk.to_string())));
    tell(book).await;
    tell(book).await;
    assert_eq!(turns(&lab.ana, risk).await, 1);
});
