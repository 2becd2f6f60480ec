//! A plan without what holds in one place only: what is left suits other services, too.

use std::collections::BTreeSet;

use crate::experiments::plan::{Context, Identity, Plan, Revert, Selector, Target, WorstInputs};

/// Services and environment, who reverts, and how one installation injects and measures are left out.
/// Alerts go by labels of one installation, so only the signals stay. Targets by name would be hit on another
/// service, too, and another service's traffic says nothing of the worst case, so both are asked again.
pub fn general(plan: Plan) -> Plan {
    let Plan { identity, context } = plan;
    let target = identity.target.filter(is_expressed);
    Plan {
        identity: Identity { services: BTreeSet::new(), environment: None, target, ..identity },
        context: Context {
            alerts: Vec::new(),
            revert: Revert { owner: None, ..context.revert },
            worst_case: WorstInputs { affected: None, per_second: None, ..context.worst_case },
            automation: None,
            exit_codes: Vec::new(),
            probes: None,
            ..context
        },
    }
}

fn is_expressed(target: &Target) -> bool {
    matches!(target.selector, Selector::Matching(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::{
        Draft,
        draft::{CheckRow, SignalRow},
        missing_for_run,
    };

    fn typed() -> Draft {
        Draft {
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
            exit_codes: "0 = upheld".into(),
            ..Draft::default()
        }
    }

    #[test]
    fn only_what_one_team_knows_is_left_out() {
        let typed = typed();
        let plan = typed.check().unwrap();
        let left = Draft::from_plan(&general(plan.clone()));
        assert_eq!((left.services.len(), left.environment.as_str(), left.revert_owner.as_str()), (0, "", ""));
        assert_eq!(left.exit_codes, "", "another team's command has codes of its own");
        assert_eq!((left.signals[0].signal.as_str(), left.signals[0].alert.as_str()), ("zookeeper-down", ""));
        assert_eq!((left.abort_conditions.as_str(), left.checks.len()), ("error rate above 1 %", 1));
        let elsewhere = Draft { services: vec!["kafka".into()], ..left };
        let fields: Vec<_> = missing_for_run(&elsewhere.check().unwrap()).into_iter().map(|lack| lack.field).collect();
        assert_eq!(fields, ["environment", "revert_owner"]);
        let back = Draft { services: typed.services, environment: typed.environment, ..elsewhere };
        assert_eq!(back.check().unwrap().identity, plan.identity, "the same experiment on the same service");
    }

    #[test]
    fn nobody_elses_targets_are_hit_and_nobody_elses_traffic_is_counted() {
        let typed = Draft {
            selector: "zk-1, zk-2".into(),
            selector_kind: "names".into(),
            affected_share: "20 %".into(),
            failing_share: "100 %".into(),
            traffic: "500".into(),
            ..typed()
        };
        let left = Draft::from_plan(&general(typed.check().unwrap()));
        assert_eq!((left.selector.as_str(), left.selector_kind.as_str()), ("", ""));
        assert_eq!((left.affected_share.as_str(), left.traffic.as_str()), ("", ""));
        assert_eq!(left.failing_share, typed.failing_share);
        let elsewhere = Draft { services: vec!["kafka".into()], ..left };
        let fields: Vec<_> = missing_for_run(&elsewhere.check().unwrap()).into_iter().map(|lack| lack.field).collect();
        assert_eq!(fields, ["environment", "selector", "revert_owner"]);
    }
}
