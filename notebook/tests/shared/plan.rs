//! The experiment most tests and benches begin with.

use notebook::experiments::{
    Draft,
    draft::{CheckRow, StepRow},
};

pub fn check(measure: &str, phase: &str, aggregate: &str, comparator: &str, threshold: &str, unit: &str) -> CheckRow {
    CheckRow {
        measure: measure.into(),
        phase: phase.into(),
        aggregate: aggregate.into(),
        comparator: comparator.into(),
        threshold: threshold.into(),
        unit: unit.into(),
        ..CheckRow::default()
    }
}

/// EXP-1 of the product reference.
pub fn restart_one_zookeeper() -> Draft {
    Draft {
        title: "Restart one ZooKeeper".into(),
        question: "What happens if one ZooKeeper restarts unexpectedly?".into(),
        if_fault: "one ZooKeeper is restarted".into(),
        then_behaviour: "internal alerts keep arriving, with no gap longer than 60 s".into(),
        because_safeguard: "a new leader takes over and every node knows all instances".into(),
        services: vec!["zookeeper".into(), "alerting".into()],
        environment: "production".into(),
        fault_kind: "process-restart".into(),
        selector: "role=zookeeper".into(),
        count: "1".into(),
        at_once: "1".into(),
        unit: "instance".into(),
        method: vec![StepRow { op: "restart".into(), args: String::new() }],
        checks: vec![
            check("alert-gap", "during", "max", "<=", "60", "s"),
            check("clients-connected", "during", "every", "holds", "", ""),
            check("instance-back", "after", "every", "holds", "", ""),
        ],
        revert_procedure: "Start the service by hand".into(),
        revert_owner: "Ana".into(),
        revert_deadline: "5 min".into(),
        ..Draft::default()
    }
}
