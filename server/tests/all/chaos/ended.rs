//! However a run of the tool ends, it comes back as one run.

use notebook::runs::{
    self,
    drafts::{AbortDraft, PlanDraft, TargetDraft},
    facts::{Execution, Verdict},
    validity::{InvalidReason, Validity},
};
use tokio::time::timeout;

use super::{Lab, Mood, PATIENCE, checks, expect_checks, expect_identical, said, signal};
use crate::tool::offered;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_plan_runs_unchanged_and_comes_back_as_one_run_however_it_ends() {
    let Some(chaos) = offered("CHAOS") else { return };
    let lab = Lab::open(chaos).await;

    // A pass, by a run that was planned here and named in the file.
    lab.web.start(200).await;
    let hit = TargetDraft { name: "web-1".into(), hit: "on".into(), ..TargetDraft::default() };
    let plan = PlanDraft { experiment: "EXP-1".into(), targets: vec![hit], ..PlanDraft::default() };
    let planned = runs::acts::plan(&lab.ana, &plan).await.unwrap().id;
    let ran = lab.run("pass.json", &format!("?run={planned}")).await;
    assert!(ran.success && ran.journal["status"] == "completed", "{}", ran.journal);
    assert_eq!(lab.until_ended(1).await, [planned], "its own notifications brought it in");
    assert_eq!(lab.upload(&ran).await, (200, planned), "and the journal is the same run");
    let pass = lab.shown(planned).await;
    expect_identical(&pass);
    assert_eq!(
        said(&pass),
        (Execution::Finished, Some(Validity::Valid), Some(Verdict::Upheld)),
        "{:?}",
        pass.facts.imported
    );
    expect_checks(
        &pass,
        [
            ("front answers|during", "held"),
            ("front answers|after", "held"),
            ("web answers|before", "held"),
            ("web answers|after", "held"),
        ],
    );
    assert!(pass.observations.iter().any(|seen| seen.text.contains("began EXP-1@1")), "{:?}", pass.observations);

    // A deviation: the process comes back and answers with errors.
    lab.set(Mood::Comes(503)).await;
    let ran = lab.run("deviation.json", "").await;
    assert!(!ran.success && ran.journal["deviated"] == true, "{}", ran.journal);
    assert_eq!(lab.until_ended(2).await.len(), 2, "completed and deviated are one run");
    let (status, deviated) = lab.upload(&ran).await;
    assert_eq!(status, 200);
    let deviation = lab.shown(deviated).await;
    expect_identical(&deviation);
    assert_eq!(said(&deviation), (Execution::Finished, Some(Validity::Valid), Some(Verdict::Refuted)));
    expect_checks(
        &deviation,
        [
            ("front answers|during", "held"),
            ("front answers|after", "held"),
            ("web answers|before", "held"),
            ("web answers|after", "failed"),
        ],
    );

    abort(&lab).await;
    gate(&lab).await;
    assert_eq!(lab.runs().await.len(), 4, "four times the tool, four runs");
}

/// Stopped by a signal while the restart goes on; the rollbacks are played all the same.
async fn abort(lab: &Lab) {
    lab.set(Mood::Hangs).await;
    let tool = lab.launch("abort.json", "");
    timeout(PATIENCE, lab.web.asked.notified()).await.unwrap();
    signal("-TERM", tool.id());
    let ran = lab.ended(tool, "abort.json").await;
    assert!(!ran.success && ran.journal["status"] == "interrupted", "{}", ran.journal);
    assert_eq!(ran.journal["rollbacks"][0]["status"], "succeeded", "{}", ran.journal);
    assert!(lab.web.child.lock().await.is_some(), "the process runs again");
    lab.until_ended(3).await;
    let (status, aborted) = lab.upload(&ran).await;
    assert_eq!(status, 200);
    let abort = lab.shown(aborted).await;
    expect_identical(&abort);
    assert_eq!(said(&abort), (Execution::Aborted, Some(Validity::Open), None), "nobody has given the reason");
    assert_eq!(checks(&abort)[2], ("web answers|before".to_owned(), "held".to_owned()));
    let reason = AbortDraft { reason: "own_effect".into(), ..AbortDraft::default() };
    runs::acts::give_abort_reason(&lab.ana, aborted, &reason).await.unwrap();
    assert_eq!(
        said(&lab.shown(aborted).await),
        (Execution::Aborted, Some(Validity::Valid), Some(Verdict::Refuted)),
        "an abort condition was reached"
    );
}

/// No steady state: the tool says "completed", and nothing was tried.
async fn gate(lab: &Lab) {
    lab.set(Mood::Comes(200)).await;
    lab.web.start(503).await;
    let ran = lab.run("gate.json", "").await;
    assert!(ran.success && ran.journal["status"] == "completed" && ran.journal["deviated"] == false, "{}", ran.journal);
    lab.until_ended(4).await;
    let (status, refused) = lab.upload(&ran).await;
    assert_eq!(status, 200);
    let gate = lab.shown(refused).await;
    expect_identical(&gate);
    let invalid = Some(Validity::Invalid(InvalidReason::SteadyStateNotMet));
    assert_eq!(said(&gate), (Execution::Aborted, invalid, None));
    expect_checks(
        &gate,
        [
            ("front answers|during", "unknown"),
            ("front answers|after", "unknown"),
            ("web answers|before", "failed"),
            ("web answers|after", "unknown"),
        ],
    );
}
