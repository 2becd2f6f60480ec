//! Documents of real tools, from bytes to a run that takes part in the loop.

use notebook::{
    experiments,
    imports::acts::{DECIDE_LATER, Filter, TakeDraft, take_journal},
    refusal::Refusal,
    retrials::acts::overview,
    runs::{
        self,
        drafts::{AbortDraft, RulingDraft},
        facts::{Execution, Verdict},
        validity::{InvalidReason, Validity},
    },
};

use crate::lab::{Lab, refused, restart_one_zookeeper};

fn journal(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/documents/chaostoolkit/{name}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn to(experiment: impl ToString) -> TakeDraft {
    TakeDraft { experiment: experiment.to_string(), targets: "zk-1".into(), ..TakeDraft::default() }
}

each_db!(all_fourteen_journals_give_the_outcome_their_procedure_names, book => {
    use Execution::{Aborted, Finished};
    use InvalidReason::{FaultNotShown, SteadyStateNotMet, ToolFailed};
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let table = [
        ("passed", Finished, Validity::Valid, Some(Verdict::Upheld)),
        ("deviated", Finished, Validity::Valid, Some(Verdict::Refuted)),
        ("gate_not_met", Aborted, Validity::Invalid(SteadyStateNotMet), None),
        ("after_probe_failed", Finished, Validity::Open, None),
        ("activity_failed_but_completed", Finished, Validity::Open, None),
        ("rollback_failed", Finished, Validity::Valid, Some(Verdict::Upheld)),
        ("aborted", Aborted, Validity::Invalid(ToolFailed), None),
        ("interrupted_sigterm_external", Aborted, Validity::Open, None),
        ("interrupted_control", Aborted, Validity::Open, None),
        ("continuous_deviation", Finished, Validity::Valid, Some(Verdict::Refuted)),
        ("continuous_fail_fast", Finished, Validity::Valid, Some(Verdict::Refuted)),
        ("dry_activities", Finished, Validity::Invalid(FaultNotShown), None),
        ("no_hypothesis", Finished, Validity::Open, None),
        ("nan_output", Finished, Validity::Open, None),
    ];
    for (name, execution, validity, verdict) in table {
        let taken = take_journal(&lab.ana, &journal(name), &to(experiment)).await.unwrap();
        let shown = runs::acts::show(&lab.ana, taken.import.run.unwrap()).await.unwrap();
        assert_eq!(shown.run.execution, execution, "{name}");
        assert_eq!(shown.validity.unwrap().is, validity, "{name}");
        assert_eq!(shown.proposed.map(|p| p.is), verdict, "{name}");
        assert_eq!(shown.verdict, None, "{name}: nothing is signed");
        assert!(shown.facts.ended.is_some(), "{name}");
    }
});

each_db!(an_open_import_waits_for_a_person_and_then_proposes_what_the_tool_saw, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let halted = take_journal(&lab.ana, &journal("interrupted_control"), &to(experiment)).await.unwrap().import.run.unwrap();
    let abort = AbortDraft { reason: "own_effect".into(), ..AbortDraft::default() };
    runs::acts::give_abort_reason(&lab.ana, halted, &abort).await.unwrap();
    let shown = runs::acts::show(&lab.ana, halted).await.unwrap();
    assert_eq!(shown.validity.unwrap().is, Validity::Valid);
    assert_eq!(shown.proposed.unwrap().is, Verdict::Refuted);

    let odd = take_journal(&lab.ana, &journal("after_probe_failed"), &to(experiment)).await.unwrap().import.run.unwrap();
    let ruling = RulingDraft { ruling: "valid".into(), reason: "the probe failed because the service was down".into(), number: String::new() };
    runs::acts::rule_validity(&lab.ben, odd, &ruling).await.unwrap();
    assert_eq!(runs::acts::show(&lab.ana, odd).await.unwrap().proposed.unwrap().is, Verdict::Refuted);
});

each_db!(the_log_of_an_import_is_written_as_things_came, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    for name in ["passed", "deviated", "rollback_failed", "continuous_deviation"] {
        let taken = take_journal(&lab.ana, &journal(name), &to(experiment)).await.unwrap();
        let shown = runs::acts::show(&lab.ana, taken.import.run.unwrap()).await.unwrap();
        // What was planned is written now; the rest has the tool's own times.
        let told = shown.history.iter().skip_while(|entry| entry.act != "targets_resolved");
        let told: Vec<(&str, _)> = told.map(|entry| (entry.act.as_str(), entry.at)).collect();
        assert!(told.is_sorted_by_key(|(_, at)| *at), "{name}: {told:?}");
        assert_eq!(told.last().map(|(act, _)| *act), Some("ended"), "{name}");
        assert!(told.iter().any(|(act, _)| *act == "observed"), "{name}");
    }
});

each_db!(the_same_journal_twice_is_one_run, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let first = take_journal(&lab.ana, &journal("passed"), &to(experiment)).await.unwrap();
    let second = take_journal(&lab.ana, &journal("passed"), &to(experiment)).await.unwrap();
    assert!(!first.again && second.again);
    assert_eq!(first.import.run, second.import.run);
    assert_eq!(overview(&lab.ana, experiment).await.unwrap().runs.len(), 1);
    let kept = notebook::imports::acts::document(&lab.ana, first.import.id).await.unwrap();
    assert!(kept.contains("[redacted]"));
});

each_db!(a_journal_without_a_home_proposes_a_new_experiment, book => {
    let lab = Lab::open(book).await;
    let waiting = take_journal(&lab.ana, &journal("deviated"), &TakeDraft::default()).await.unwrap().import;
    assert_eq!(waiting.run, None);
    let new = TakeDraft { experiment: "new".into(), services: vec!["zookeeper".into()], environment: "production".into(), targets: "zk-1".into(), ..TakeDraft::default() };
    let attached = notebook::imports::acts::attach(&lab.ana, waiting.id, &new).await.unwrap();
    let shown = experiments::acts::show(&lab.ana, attached.experiment.unwrap()).await.unwrap();
    assert_eq!(shown.experiment.title.as_str(), waiting.proposal.title);
    let run = runs::acts::show(&lab.ana, attached.run.unwrap()).await.unwrap();
    assert_eq!(run.proposed.unwrap().is, Verdict::Refuted);
});

each_db!(a_journal_that_does_not_read_leaves_nothing, book => {
    let lab = Lab::open(book).await;
    let whole = journal("passed");
    for bad in [&whole[..whole.len() / 2], b"{}", b"", b"[[[[", b"\xff\xfe"] {
        let refusal = refused(take_journal(&lab.ana, bad, &TakeDraft::default()).await);
        assert_eq!(refusal.status(), 422, "{refusal}");
    }
    let huge = vec![b' '; notebook::limits::IMPORT_BYTES_MAX + 1];
    assert!(matches!(refused(take_journal(&lab.ana, &huge, &TakeDraft::default()).await), Refusal::TooMuch { .. }));
    assert!(notebook::imports::acts::list(&lab.ana, &Filter::default()).await.unwrap().0.is_empty());
});

each_db!(who_decides_later_is_not_overruled_by_the_document, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let mut named: serde_json::Value = serde_json::from_slice(&journal("passed")).unwrap();
    named["experiment"]["extensions"] = serde_json::json!([{ "name": "retrial", "experiment": experiment.to_string() }]);
    let bytes = named.to_string().into_bytes();
    let later = TakeDraft { experiment: DECIDE_LATER.into(), ..TakeDraft::default() };
    let waiting = take_journal(&lab.ana, &bytes, &later).await.unwrap();
    assert!(waiting.import.run.is_none() && !waiting.entered);
    let asked_again = take_journal(&lab.ana, &bytes, &later).await.unwrap();
    assert!(asked_again.again && !asked_again.entered);
    let attached = take_journal(&lab.ana, &bytes, &to(experiment)).await.unwrap();
    assert!(attached.again && attached.entered);
    assert_eq!(attached.import.experiment, Some(experiment));

    named["start"] = "2026-11-20T08:00:00+00:00".into();
    named["end"] = "2026-11-20T08:05:00+00:00".into();
    let by_itself = take_journal(&lab.ana, named.to_string().as_bytes(), &TakeDraft::default()).await.unwrap();
    assert!(by_itself.entered && !by_itself.again);
    assert_eq!(by_itself.import.experiment, Some(experiment));
});

each_db!(one_journal_sent_by_many_at_once_is_one_run, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let bytes = journal("passed");
    let draft = to(experiment);
    let take = || take_journal(&lab.ana, &bytes, &draft);
    let (a, b, c, d) = tokio::join!(take(), take(), take(), take());
    let taken = [a, b, c, d].map(Result::unwrap);
    assert_eq!(taken.iter().filter(|one| one.entered).count(), 1);
    assert!(taken.iter().all(|one| one.import.run == taken[0].import.run && one.import.run.is_some()));
    assert_eq!(overview(&lab.ana, experiment).await.unwrap().runs.len(), 1);
});
