//! The fourteen real journals of chaostoolkit-lib 1.44.0.

use super::*;
use crate::imports::StepKind;

const TABLE: [(&str, &str); 14] = [
    ("aborted", "aborted; invalid tool_failed; none; missing_status, method_cut_short"),
    ("activity_failed_but_completed", "finished; open; upheld; failed_action"),
    ("after_probe_failed", "finished; open; refuted; probe_error, rollbacks_not_played"),
    ("continuous_deviation", "finished; valid; refuted; transient_deviation"),
    ("continuous_fail_fast", "finished; valid; refuted; method_cut_short"),
    ("deviated", "finished; valid; refuted; "),
    ("dry_activities", "finished; invalid fault_not_shown; none; dry_run"),
    ("gate_not_met", "aborted; invalid steady_state_not_met; none; "),
    ("interrupted_control", "aborted; open; none; method_cut_short, rollbacks_not_played"),
    ("interrupted_sigterm_external", "aborted; open; none; missing_status, method_cut_short, rollbacks_not_played"),
    ("nan_output", "finished; open; inconclusive; exploration"),
    ("no_hypothesis", "finished; open; inconclusive; exploration"),
    ("passed", "finished; valid; upheld; "),
    ("rollback_failed", "finished; valid; upheld; revert_failed"),
];

#[test]
fn each_real_journal_proposes_what_the_table_says() {
    let mut files: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(files, TABLE.map(|(name, _)| name), "a document without a row, or the reverse");
    for (name, expected) in TABLE {
        let read = read(&document(name)).unwrap();
        assert_eq!(said(&read.proposal), expected, "{name}: {:#?}", read.proposal.why);
        assert!(
            read.proposal.why.len() >= 3 && read.proposal.why.iter().all(|why| why.ends_with('.')),
            "{name}: {:#?}",
            read.proposal.why
        );
        assert!(read.proposal.flags.iter().all(|flag| flag.text.ends_with('.')), "{name}: {:#?}", read.proposal.flags);
    }
}

#[test]
fn the_sentences_name_the_rule_and_its_facts() {
    let deviated = read(&document("deviated")).unwrap().proposal;
    assert_eq!(
        deviated.why,
        [
            "The hypothesis was not met after the method.",
            "Before the method, the hypothesis was met, 1 of 1 probes held.",
            "After the method, the probe \"ingest endpoint answers\" gave status 503, body {\"latency_ms\":12.5,\"replicas\":3,\"status\":\"down\"}; allowed is status 200.",
            "2 of 2 actions of the method succeeded.",
            "The run is proposed as valid: a baseline was measured, and the actions are reported as done.",
        ]
    );
    let transient = read(&document("continuous_deviation")).unwrap().proposal;
    assert_eq!(
        transient.flags[0].text,
        "The hypothesis was not met in 5 of 8 looks during the method and was met again after it."
    );
    let failed = read(&document("activity_failed_but_completed")).unwrap().proposal;
    assert_eq!(failed.flags[0].text, "\"crash\" failed. RuntimeError: zookeeper did not come back.");
    assert_eq!(failed.validity, Validity::Open("The journal does not report \"crash\" as done.".to_owned()));
}

#[test]
fn a_passed_journal_gives_title_times_and_ids() {
    let proposal = read(&document("passed")).unwrap().proposal;
    assert_eq!((proposal.tool.as_str(), proposal.tool_version.as_deref()), ("chaostoolkit", Some("1.44.0")));
    assert_eq!(proposal.title, "One ZooKeeper restart is tolerated");
    assert_eq!(proposal.node, "vm");
    assert_eq!(proposal.tags, ["kafka", "zookeeper"]);
    assert_eq!(proposal.retrial, Some(RetrialIds { experiment: Some("EXP-7".to_owned()), ..RetrialIds::default() }));
    assert_eq!(proposal.started_us, 1_795_376_139_813_321);
    assert_eq!(proposal.ended_us - proposal.started_us, 539_114);
}

#[test]
fn a_passed_journal_gives_its_checks() {
    let proposal = read(&document("passed")).unwrap().proposal;
    assert_eq!(proposal.checks.len(), 10);
    assert!(proposal.checks.iter().all(|check| check.outcome == Outcome::Held));
    let before: Vec<(&str, &str, &str, &str)> = proposal.checks[..5]
        .iter()
        .map(|check| {
            assert_eq!(check.phase, Phase::Before);
            (
                check.measure.as_str(),
                check.value.as_deref().unwrap(),
                check.tolerance.as_deref().unwrap(),
                check.source.as_str(),
            )
        })
        .collect();
    let body = "status 200, body {\"latency_ms\":12.5,\"replicas\":3,\"status\":\"ok\"}";
    assert_eq!(
        before,
        [
            ("ingest endpoint answers", body, "status 200", "http GET http://127.0.0.1:18911/health"),
            ("replicas ok", "3", "2 to 5", "python mods.num"),
            ("custom tolerance", "3", "the probe between (python mods.between) says so", "python mods.num"),
            ("body regex", "exit status 0, output zk up", "matches ^zk in stdout", "process echo"),
            ("range", "3", "1 to 4.5", "python mods.num"),
        ]
    );
}

#[test]
fn a_passed_journal_gives_its_steps_and_rollbacks() {
    let proposal = read(&document("passed")).unwrap().proposal;
    let steps: Vec<(&str, StepKind, StepPhase, Option<i64>)> =
        proposal.steps.iter().map(|step| (step.name.as_str(), step.kind, step.phase, step.duration_ms)).collect();
    assert_eq!(
        steps,
        [
            ("restart zookeeper node", StepKind::Action, StepPhase::Method, Some(7)),
            ("observe health", StepKind::Probe, StepPhase::Method, Some(6)),
            ("replicas ok", StepKind::Probe, StepPhase::Method, Some(0)),
            ("load", StepKind::Action, StepPhase::Method, Some(300)),
            ("undo", StepKind::Action, StepPhase::Rollback, Some(4)),
        ]
    );
    assert!(proposal.steps.iter().all(|step| step.status == StepStatus::Succeeded && step.at_us.is_some()));
    assert_eq!(proposal.steps[3].message.as_deref(), Some("slept"));
}

#[test]
fn a_passed_journal_suggests_an_experiment() {
    let plan = read(&document("passed")).unwrap().proposal.plan;
    assert_eq!(plan.hypothesis_title.as_deref(), Some("Events are ingested"));
    let method: Vec<(&str, &str)> = plan.method.iter().map(|step| (step.name.as_str(), step.op.as_str())).collect();
    assert_eq!(
        method,
        [
            ("restart zookeeper node", "process echo"),
            ("observe health", "http GET ${base}/health"),
            ("load", "python mods.slow"),
            ("replicas ok", "python mods.num"),
        ]
    );
    assert_eq!(plan.checks.len(), 5);
    assert_eq!(
        plan.checks[1],
        PlannedCheck { measure: "replicas ok".to_owned(), tolerance: Some("2 to 5".to_owned()) }
    );
    assert_eq!((plan.rollbacks, plan.environment), (vec!["undo".to_owned()], None));
}

#[test]
fn secrets_of_a_real_journal_are_kept_nowhere() {
    let bytes = document("passed");
    let original = String::from_utf8(bytes.clone()).unwrap();
    assert!(original.contains("s3cr3t-inline"));
    let read = read(&bytes).unwrap();
    assert_eq!(read.redacted, ["/experiment/secrets/kafka/password"]);
    assert_eq!(read.raw["experiment"]["secrets"]["kafka"]["password"], redact::REDACTED);
    assert_eq!(read.raw["experiment"]["secrets"]["env"]["home"]["key"], "HOME");
    for kept in [read.raw.to_string(), serde_json::to_string(&read.proposal).unwrap(), format!("{:?}", read.proposal)] {
        assert!(!kept.contains("s3cr3t"), "{kept}");
    }
}

#[test]
fn the_key_is_the_same_for_the_same_document_and_differs_for_another_start() {
    let once = read(&document("passed")).unwrap().proposal;
    assert_eq!(once.key, read(&document("passed")).unwrap().proposal.key);
    // sha256 of title, 0x1f, node, 0x1f, start, computed elsewhere: a changed one imports every run twice.
    assert_eq!(once.key, "e7b26630aef435048ae2d7ca3d35ac11b58def249043bac545d78ca563677d5c");
    let mut other = value_of("passed");
    other["start"] = json!("2026-11-22T19:35:39.813320+00:00");
    assert_ne!(proposed(&other).key, once.key);
    let keys: std::collections::BTreeSet<String> =
        TABLE.iter().map(|(name, _)| read(&document(name)).unwrap().proposal.key).collect();
    assert_eq!(keys.len(), TABLE.len());
}

#[test]
fn a_proposal_survives_being_stored() {
    for (name, _) in TABLE {
        let proposal = read(&document(name)).unwrap().proposal;
        let stored = serde_json::to_string(&proposal).unwrap();
        assert_eq!(serde_json::from_str::<Proposal>(&stored).unwrap(), proposal, "{name}");
    }
}

#[test]
fn values_of_a_dry_run_are_not_taken_for_held_checks() {
    let dry = read(&document("dry_activities")).unwrap().proposal;
    assert!(!dry.checks.is_empty() && dry.checks.iter().all(|check| check.outcome == Outcome::Unknown));
}
