//! What holds for every journal, whatever stands in it.

use proptest::prelude::*;

use super::*;

fn any_status() -> impl Strategy<Value = Value> {
    prop_oneof![4 => Just(json!("succeeded")), 2 => Just(json!("failed")), 1 => Just(json!("skipped")), 1 => Just(Value::Null)]
}

fn any_truth() -> impl Strategy<Value = Value> {
    prop_oneof![4 => Just(json!(true)), 2 => Just(json!(false)), 1 => Just(Value::Null), 1 => Just(json!("true"))]
}

fn any_state() -> impl Strategy<Value = Value> {
    (any_truth(), prop::collection::vec((any_status(), any_truth()), 0..3)).prop_map(|(met, probes)| {
        let probes: Vec<Value> = probes
            .into_iter()
            .map(|(status, tolerance_met)| json!({"activity": probe(), "status": status, "tolerance_met": tolerance_met}))
            .collect();
        json!({"steady_state_met": met, "probes": probes})
    })
}

fn maybe_state() -> impl Strategy<Value = Value> {
    prop_oneof![3 => any_state(), 1 => Just(Value::Null)]
}

fn any_steps() -> impl Strategy<Value = Vec<Value>> {
    let activity = prop_oneof![4 => Just(action("restart")), 1 => Just(probe()), 1 => Just(json!({"name": "odd"}))];
    prop::collection::vec(
        (activity, any_status()).prop_map(|(activity, status)| json!({"activity": activity, "status": status})),
        0..4,
    )
}

prop_compose! {
    fn any_journal()(
        status in prop::sample::select(vec!["completed", "completed", "failed", "aborted", "interrupted", "sparkling"]),
        deviated in any::<bool>(),
        dry in prop::sample::select(vec![Value::Null, Value::Null, json!("pause"), json!("actions"), json!("activities"), json!("odd")]),
        before in maybe_state(), after in maybe_state(), during in prop::collection::vec(maybe_state(), 0..3),
        run in any_steps(), rollbacks in any_steps(),
    ) -> Value {
        with(|journal| {
            journal["status"] = json!(status);
            journal["deviated"] = json!(deviated);
            journal["experiment"]["dry"] = dry;
            journal["steady_states"] = json!({"before": before, "after": after, "during": during});
            journal["run"] = json!(run);
            journal["rollbacks"] = json!(rollbacks);
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_proposal_is_never_better_than_its_facts(journal in any_journal()) {
        let proposal = proposed(&journal);
        let later: Vec<Outcome> = proposal.checks.iter().filter(|check| check.phase != Phase::Before).map(|check| check.outcome).collect();
        let before: Vec<Outcome> = proposal.checks.iter().filter(|check| check.phase == Phase::Before).map(|check| check.outcome).collect();
        let held = |outcomes: &[Outcome]| outcomes.iter().all(|outcome| *outcome == Outcome::Held);
        let actions = || proposal.steps.iter().filter(|step| step.phase == StepPhase::Method && step.kind == crate::imports::StepKind::Action);

        if proposal.verdict == Some(Verdict::Upheld) {
            prop_assert!(!later.is_empty() && held(&later));
            prop_assert!(journal["deviated"] == json!(false) && journal["status"] == json!("completed"));
        }
        if proposal.verdict == Some(Verdict::Refuted) {
            prop_assert!(journal["deviated"] == json!(true) || !held(&later) || journal.to_string().contains("\"steady_state_met\":false"));
        }
        if proposal.verdict.is_some() {
            prop_assert!(!matches!(proposal.validity, Validity::Invalid(_)));
            prop_assert_eq!(proposal.execution, Ended::Finished);
        }
        if proposal.validity == Validity::Valid {
            prop_assert!(proposal.verdict.is_some());
            prop_assert!(!before.is_empty() && held(&before));
            prop_assert!(actions().count() > 0 && actions().all(|step| step.status == StepStatus::Succeeded));
        }
        if matches!(proposal.validity, Validity::Open(_)) && proposal.execution == Ended::Aborted {
            prop_assert_eq!(&journal["status"], &json!("interrupted"));
        }
        let kinds: std::collections::BTreeSet<FlagKind> = proposal.flags.iter().map(|flag| flag.kind).collect();
        prop_assert_eq!(kinds.len(), proposal.flags.len(), "a flag stands twice");
    }
}
