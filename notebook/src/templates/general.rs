//! A plan without what holds in one place only: what is left suits other services, too.

use std::collections::BTreeSet;

use crate::experiments::plan::{Context, Identity, Plan, Revert};

/// Services and environment, who reverts, and how one installation injects and measures are left out.
/// Alerts go by labels of one installation, so only the signals stay.
pub fn general(plan: Plan) -> Plan {
    let Plan { identity, context } = plan;
    Plan {
        identity: Identity { services: BTreeSet::new(), environment: None, ..identity },
        context: Context {
            alerts: Vec::new(),
            revert: Revert { owner: None, ..context.revert },
            automation: None,
            probes: None,
            ..context
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::{
        Draft,
        draft::{CheckRow, SignalRow},
        missing_for_run,
    };

    #[test]
    fn only_what_one_team_knows_is_left_out() {
        let typed = Draft {
            title: "Restart one ZooKeeper".into(),
            if_fault: "one ZooKeeper is restarted".into(),
            then_behaviour: "alerts keep arriving".into(),
            because_safeguard: "a new leader takes over".into(),
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
            signals: vec![SignalRow {
                signal: "zookeeper-down".into(),
                expect: "fire".into(),
                time: "2 min".into(),
                alert: "alertname=\"ZooKeeperDown\"".into(),
            }],
            abort_conditions: "error rate above 1 %".into(),
            revert_procedure: "Start it by hand".into(),
            revert_owner: "Ana".into(),
            revert_deadline: "5 min".into(),
            ..Draft::default()
        };
        let plan = typed.check().unwrap();
        let left = Draft::from_plan(&general(plan.clone()));
        assert_eq!((left.services.len(), left.environment.as_str(), left.revert_owner.as_str()), (0, "", ""));
        assert_eq!((left.signals[0].signal.as_str(), left.signals[0].alert.as_str()), ("zookeeper-down", ""));
        assert_eq!((left.abort_conditions.as_str(), left.checks.len()), ("error rate above 1 %", 1));
        let elsewhere = Draft { services: vec!["kafka".into()], ..left };
        let fields: Vec<_> = missing_for_run(&elsewhere.check().unwrap()).into_iter().map(|lack| lack.field).collect();
        assert_eq!(fields, ["environment", "revert_owner"]);
        let back = Draft { services: typed.services, environment: typed.environment, ..elsewhere };
        assert_eq!(back.check().unwrap().identity, plan.identity, "the same experiment on the same service");
    }
}
