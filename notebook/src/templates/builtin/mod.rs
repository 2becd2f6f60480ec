//! The templates that come with Retrial. A changed text is a new version, so that an experiment that
//! began from an older one is not said to have begun from this one.

mod limits;
mod network;
mod nodes;
mod watching;

use std::collections::BTreeSet;

use super::{Origin, Requirement, Template, TemplateName};
use crate::{
    experiments::{
        Draft,
        draft::{ParamRow, SignalRow},
        plan::ChangeKind,
        questions::{Measure, steps},
    },
    text::{Note, Slug, Title},
};

/// One of them, as it is written down.
struct BuiltIn {
    slug: &'static str,
    version: i64,
    title: &'static str,
    about: &'static str,
    requires: &'static [Requirement],
    question: &'static str,
    if_fault: &'static str,
    then_behaviour: &'static str,
    because_safeguard: &'static str,
    fault: Fault,
    hit: Hit,
    /// Operations with their arguments.
    method: &'static [(&'static str, &'static str)],
    checks: &'static [Measure],
    /// What should fire within a time, or stay silent for one.
    signals: &'static [(&'static str, &'static str, &'static str)],
    recovery: &'static str,
    abort: &'static [&'static str],
    revert: &'static str,
    revert_deadline: &'static str,
    detect_within: &'static str,
}

struct Fault {
    kind: &'static str,
    duration: &'static str,
    /// Name, value, and in which direction it gets harsher.
    params: &'static [(&'static str, &'static str, &'static str)],
}

/// The blast radius.
struct Hit {
    selector: &'static str,
    pick: &'static str,
    unit: &'static str,
}

/// One of these instances, whichever.
const fn one(selector: &'static str) -> Hit {
    Hit { selector, pick: "random", unit: "instance" }
}

const ALWAYS: &[&str] = &["before", "during", "after"];
/// Where something is lost for a moment and must be whole again.
const AROUND: &[&str] = &["before", "after"];

const FEW_FAIL: Measure =
    Measure { name: "requests failing", aggregate: "max", comparator: "<", threshold: "1", unit: "%", phases: ALWAYS };

/// Being reachable says nothing about being right.
const NOTHING_LOST: Measure = Measure {
    name: "records lost or changed",
    aggregate: "count",
    comparator: "=",
    threshold: "0",
    unit: "",
    phases: AROUND,
};

const STILL_SEEN: Measure = Measure {
    name: "gap between two alerts of a test",
    aggregate: "max",
    comparator: "<=",
    threshold: "60",
    unit: "s",
    phases: ALWAYS,
};

const TOO_MANY_FAIL: &str = "More than 5 % of requests fail for 2 min";
const SOMEBODY_ELSE: &str = "A service outside of the plan is affected";

/// In the order in which a team best tries them.
const BUILT_IN: [&BuiltIn; 12] = [
    &nodes::RESTART_ONE_NODE,
    &nodes::RESTART_ONE_OF_A_QUORUM,
    &nodes::LEADER_ELECTION,
    &nodes::REPLICATION_AFTER_BROKER_LOSS,
    &network::DEPENDENCY_LATENCY,
    &network::DNS_FAILURE,
    &limits::FULL_DISK,
    &limits::EXPIRED_CERTIFICATE,
    &limits::QUEUE_BACKLOG,
    &watching::TELEMETRY_LOSS,
    &nodes::PREEMPTIBLE_NODE_LOSS,
    &network::ZONE_LOSS,
];

/// All of them.
pub fn all() -> Vec<Template> {
    BUILT_IN.iter().filter_map(|known| known.template()).collect()
}

/// All but those whose names these have.
pub fn beside(own: &[Template]) -> Vec<Template> {
    let is_new = |known: &Template| own.iter().all(|own| own.name.slug != known.name.slug);
    all().into_iter().filter(is_new).collect()
}

/// The one with this slug.
pub fn named(slug: &str) -> Option<Template> {
    BUILT_IN.iter().find(|known| known.slug == slug).and_then(|known| known.template())
}

/// Whether it is or was one of them: a form that was begun before an upgrade is sent after it.
pub fn had(name: &TemplateName) -> bool {
    BUILT_IN.iter().any(|known| known.slug == name.slug.as_str() && (1..=known.version).contains(&name.version))
}

impl BuiltIn {
    /// None only for a text that does not fit; a test reads all of them.
    fn template(&self) -> Option<Template> {
        Some(Template {
            name: TemplateName { slug: Slug::new(self.slug).ok()?, version: self.version },
            title: Title::new(self.title).ok()?,
            about: Some(Note::new(self.about).ok()?),
            requires: self.requires.iter().copied().collect::<BTreeSet<_>>(),
            draft: self.draft(),
            origin: Origin::BuiltIn,
            newest: self.version,
            retired_at: None,
        })
    }

    fn draft(&self) -> Draft {
        let param = |(name, value, harsher): &(&str, &str, &str)| ParamRow {
            name: (*name).into(),
            value: (*value).into(),
            harsher: (*harsher).into(),
        };
        let signal = |(signal, expect, time): &(&str, &str, &str)| SignalRow {
            signal: (*signal).into(),
            expect: (*expect).into(),
            time: (*time).into(),
            alert: String::new(),
        };
        Draft {
            title: self.title.into(),
            question: self.question.into(),
            if_fault: self.if_fault.into(),
            then_behaviour: self.then_behaviour.into(),
            because_safeguard: self.because_safeguard.into(),
            fault_kind: self.fault.kind.into(),
            fault_duration: self.fault.duration.into(),
            fault_params: self.fault.params.iter().map(param).collect(),
            selector: self.hit.selector.into(),
            selector_kind: "matching".into(),
            pick: self.hit.pick.into(),
            count: "1".into(),
            at_once: "1".into(),
            unit: self.hit.unit.into(),
            method: steps(self.method),
            checks: self.checks.iter().flat_map(Measure::rows).collect(),
            signals: self.signals.iter().map(signal).collect(),
            recovery: self.recovery.into(),
            abort_conditions: self.abort.join("\n"),
            revert_procedure: self.revert.into(),
            revert_deadline: self.revert_deadline.into(),
            failing_share: "100 %".into(),
            detect_within: self.detect_within.into(),
            relevant_changes: ChangeKind::relevant_by_default().iter().map(|kind| kind.word().to_owned()).collect(),
            ..Draft::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::{missing_for_run, plan::Phase};

    #[test]
    fn a_template_lacks_only_what_the_team_knows() {
        assert_eq!(all().len(), BUILT_IN.len());
        for template in all() {
            let name = &template.name;
            let plan =
                template.begin_on("zookeeper", "").check().unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
            let lacks: Vec<&str> = missing_for_run(&plan).into_iter().map(|lack| lack.field).collect();
            assert_eq!(lacks, ["environment", "revert_owner"], "{name}");
            assert_eq!(named(name.slug.as_str()), Some(template.clone()));
        }
    }

    #[test]
    fn what_teams_fear_first_can_be_begun_from() {
        for slug in [
            "restart-one-node",
            "restart-one-of-a-quorum",
            "leader-election",
            "replication-after-broker-loss",
            "dependency-latency",
            "zone-loss",
            "dns-failure",
            "full-disk",
            "expired-certificate",
            "queue-backlog",
            "telemetry-loss",
            "preemptible-node-loss",
        ] {
            assert!(named(slug).is_some(), "{slug}");
        }
    }

    #[test]
    fn each_has_checks_around_the_fault_abort_conditions_and_something_that_tells() {
        for template in all() {
            let plan = template.begin_on("zookeeper", "production").check().unwrap();
            let phases: BTreeSet<Phase> = plan.identity.checks.iter().map(|check| check.key.phase).collect();
            let name = &template.name;
            assert!(phases.contains(&Phase::Before) && phases.contains(&Phase::After), "{name}");
            assert!(plan.context.abort_conditions.len() >= 2, "{name}");
            assert!(!plan.identity.signals.is_empty() && !plan.identity.method.is_empty(), "{name}");
            assert!(plan.identity.recovery_ms.is_some() && plan.context.question.is_some(), "{name}");
            assert!(!template.requires.is_empty() && template.about.is_some(), "{name}");
            let saved = Draft { template: String::new(), ..template.begin_on("zookeeper", "production") };
            let again = Draft::from_plan(&plan).check().unwrap();
            assert_eq!(
                again.identity,
                saved.check().unwrap().identity,
                "{name}: the form gives back what it was given"
            );
        }
    }

    #[test]
    fn versions_up_to_the_newest_are_known() {
        for known in all() {
            let later = TemplateName { version: known.newest + 1, ..known.name.clone() };
            let never = TemplateName { version: 0, ..known.name.clone() };
            assert!(had(&known.name) && !had(&later) && !had(&never), "{later}");
        }
        assert!(!had(&"no-such@1".parse().unwrap()));
    }

    #[test]
    fn every_requirement_is_asked_by_one_and_no_two_are_the_same_experiment() {
        let asked: BTreeSet<Requirement> = all().iter().flat_map(|template| template.requires.clone()).collect();
        assert_eq!(asked, Requirement::ALL.iter().copied().collect());
        let fingerprints: BTreeSet<String> = all()
            .iter()
            .map(|template| template.begin_on("zookeeper", "production").check().unwrap().identity.fingerprint())
            .collect();
        assert_eq!(fingerprints.len(), BUILT_IN.len());
    }
}
