//! What a plan still lacks before it can run (product reference, section 3.11, row *plan*).

use serde::Serialize;

use super::plan::Plan;

/// One thing a plan lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The form field that would give it.
    pub field: &'static str,
    /// A clause that stands alone: "the hypothesis does not say which fault is injected".
    pub says: String,
}

/// Everything still missing, in the order of the form; empty if the plan can run.
pub fn missing_for_run(plan: &Plan) -> Vec<Missing> {
    let Plan { identity, context } = plan;
    let lacks = [
        (
            "if_fault",
            context.hypothesis.fault.is_none(),
            "the hypothesis does not say which fault is meant; fill in \"If\"",
        ),
        (
            "then_behaviour",
            context.hypothesis.behaviour.is_none(),
            "the hypothesis does not say what can be observed; fill in \"then\"",
        ),
        (
            "because_safeguard",
            context.hypothesis.safeguard.is_none(),
            "the hypothesis does not name the safeguard it trusts; fill in \"because\"",
        ),
        ("environment", identity.environment.is_none(), "no environment is chosen"),
        ("fault_kind", identity.fault.is_none(), "no fault is named"),
        ("selector", identity.target.is_none(), "no target is named; say what may be hit"),
        ("checks", !identity.looks_after_fault(), "no check looks during or after the fault; add at least one"),
        ("revert_procedure", context.revert.procedure.is_none(), "no revert procedure is written"),
        ("revert_owner", context.revert.owner.is_none(), "nobody is named to revert the fault"),
        ("revert_deadline", context.revert.deadline_ms.is_none(), "no deadline for the revert is set"),
    ];
    lacks
        .into_iter()
        .filter(|(_, lacking, _)| *lacking)
        .map(|(field, _, says)| Missing { field, says: says.into() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::draft::{CheckRow, Draft};

    fn complete() -> Draft {
        Draft {
            title: "Restart one ZooKeeper".into(),
            if_fault: "one ZooKeeper restarts".into(),
            then_behaviour: "alerts keep arriving".into(),
            because_safeguard: "another node sends them".into(),
            services: vec!["zookeeper".into()],
            environment: "production".into(),
            fault_kind: "process-restart".into(),
            selector: "role=zookeeper".into(),
            checks: vec![CheckRow {
                measure: "alert-gap".into(),
                phase: "during".into(),
                aggregate: "max".into(),
                comparator: "<=".into(),
                threshold: "60".into(),
                unit: "s".into(),
                ..CheckRow::default()
            }],
            revert_procedure: "Start it again.".into(),
            revert_owner: "Ben".into(),
            revert_deadline: "5 min".into(),
            ..Draft::default()
        }
    }

    type Clear = fn(&mut Draft);

    fn fields(draft: &Draft) -> Vec<&'static str> {
        missing_for_run(&draft.check().unwrap()).into_iter().map(|lack| lack.field).collect()
    }

    #[test]
    fn each_thing_a_run_needs_is_missed_by_its_own_field() {
        assert_eq!(fields(&complete()), [""; 0]);
        let without: [(&str, Clear); 9] = [
            ("if_fault", |draft| draft.if_fault.clear()),
            ("then_behaviour", |draft| draft.then_behaviour.clear()),
            ("because_safeguard", |draft| draft.because_safeguard.clear()),
            ("environment", |draft| draft.environment.clear()),
            ("fault_kind", |draft| draft.fault_kind.clear()),
            ("selector", |draft| draft.selector.clear()),
            ("revert_procedure", |draft| draft.revert_procedure.clear()),
            ("revert_owner", |draft| draft.revert_owner.clear()),
            ("revert_deadline", |draft| draft.revert_deadline.clear()),
        ];
        for (field, clear) in without {
            let mut draft = complete();
            clear(&mut draft);
            assert_eq!(fields(&draft), [field]);
        }
    }

    #[test]
    fn a_check_before_the_fault_does_not_say_what_the_fault_did() {
        let mut draft = complete();
        draft.checks[0].phase = "before".into();
        assert_eq!(fields(&draft), ["checks"]);
        draft.checks[0].phase = "after".into();
        assert_eq!(fields(&draft), [""; 0]);
    }

    #[test]
    fn the_smallest_draft_lacks_all_of_it() {
        let draft = Draft { title: "x".into(), services: vec!["kafka".into()], ..Draft::default() };
        assert_eq!(fields(&draft).len(), 10);
    }
}
