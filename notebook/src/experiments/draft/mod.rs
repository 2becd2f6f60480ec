//! What people type about an experiment, and the only way it becomes a plan.
//!
//! Only title and services are needed to save; what is needed to run is said by
//! [`super::missing_for_run`].

mod context;
mod identity;
mod prefill;
mod probes;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::plan::{Context, Plan};
use crate::refusal::{Checking, Refusal};

pub use probes::{ConditionRow, ProbeRow};

/// A plan as typed. Rows in which nothing is written are skipped.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ExperimentDraft", extend("required" = ["title", "services"])))]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    pub title: String,
    pub question: String,
    /// The hypothesis: if this fault …
    pub if_fault: String,
    /// … then this can be observed …
    pub then_behaviour: String,
    /// … because of this safeguard.
    pub because_safeguard: String,
    /// Slugs or names.
    pub services: Vec<String>,
    pub environment: String,
    /// A slug such as `process-restart`.
    pub fault_kind: String,
    /// A length of time, like "5 min".
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub fault_duration: String,
    pub fault_params: Vec<ParamRow>,
    /// An expression such as `role=zookeeper`, or names separated by commas.
    pub selector: String,
    /// `matching` or `names`; empty for `matching`.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::SelectorKind>"))]
    pub selector_kind: String,
    /// Empty for `random`, or `named` for names.
    pub pick: String,
    /// A number or `all`; empty for 1.
    pub count: String,
    /// A number or `all`; empty for 1.
    pub at_once: String,
    /// Empty for `instance`.
    pub unit: String,
    pub method: Vec<StepRow>,
    pub load_kind: String,
    /// Per second.
    pub load_rate: String,
    pub checks: Vec<CheckRow>,
    pub signals: Vec<SignalRow>,
    /// A length of time after the fault's end.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub recovery: String,
    /// One a line.
    pub abort_conditions: String,
    pub revert_procedure: String,
    pub revert_owner: String,
    /// A length of time.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub revert_deadline: String,
    /// Which part of all events meets what is hit, at most: "20 %". Empty for targets hit of targets listed.
    pub affected_share: String,
    /// Which part of these fails at most.
    pub failing_share: String,
    /// Events a second at most, a whole number. Empty for what each SLO measured.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Whole>"))]
    pub traffic: String,
    /// A length of time until somebody notices, at most.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub detect_within: String,
    /// Empty for 1.
    pub required_passes: String,
    /// Empty for 30.
    pub freshness_days: String,
    /// Spellings of [`super::plan::ChangeKind`]; none for the usual ones.
    #[cfg_attr(feature = "store", schemars(with = "Vec<crate::shapes::Item<crate::experiments::plan::ChangeKind>>"))]
    pub relevant_changes: Vec<String>,
    /// One a line.
    pub links: String,
    pub notes: String,
    /// How Chaos Toolkit does it, in its own words: JSON or YAML; see [`super::automation`].
    pub automation: String,
    /// What the exit codes of the command mean, one a line: `0 = upheld`. Codes that are not named mean nothing.
    pub exit_codes: String,
    /// Where the Prometheus is that measures runs by itself, without `/api/v1`; empty for none.
    pub prometheus: String,
    /// The name of a credential that the operator keeps beside the server.
    pub prometheus_credential: String,
    /// How often it is asked; empty for 15 s.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub probe_every: String,
    pub probes: Vec<ProbeRow>,
    pub abort_probes: Vec<ConditionRow>,
    /// The template a new experiment begins from, with its version, like `dns-failure@1`.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::templates::TemplateName>"))]
    pub template: String,
    /// Why this revision; kept beside the plan.
    pub reason: String,
    /// The version an edit began from; empty for a new experiment.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Version>"))]
    pub version: String,
}

/// One parameter of the fault.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ParamRow {
    pub name: String,
    pub value: String,
    /// `up`, `down` or empty.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::experiments::plan::Harsher>"))]
    pub harsher: String,
}

/// One step of the method.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct StepRow {
    pub op: String,
    /// One `key=value` a line.
    pub args: String,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CheckRow {
    pub measure: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::experiments::plan::Phase>"))]
    pub phase: String,
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::experiments::plan::Aggregate>"))]
    pub aggregate: String,
    /// One of [`super::allowed::COMPARATORS`].
    pub comparator: String,
    pub threshold: String,
    /// The upper end, for `between` only.
    pub threshold_to: String,
    pub unit: String,
    /// A length of time.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub window: String,
}

/// One signal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SignalRow {
    pub signal: String,
    /// `fire` or `silent`.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Expectation>"))]
    pub expect: String,
    /// Within or for this length of time.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::Span>"))]
    pub time: String,
    /// Which alerts tell of it, by their labels: `alertname="ZooKeeperDown", service="zookeeper"`. Empty where
    /// people say what it did.
    pub alert: String,
}

impl Draft {
    /// The plan in its one spelling, or everything that is wrong with the draft.
    pub fn check(&self) -> Result<Plan, Refusal> {
        let mut checking = Checking::default();
        let identity = identity::check(self, &mut checking);
        let context = context::check(self, &mut checking);
        let probes = probes::check(self, &identity, &mut checking);
        if let Some(automation) = context.as_ref().and_then(|context| context.automation.as_ref()) {
            context::say_all(&mut checking, automation.misfits(&identity));
        }
        let context = context.map(|context| Context { probes, ..context });
        checking.end(context.map(|context| Plan { identity: identity.normalised(), context }))
    }
}

fn is_blank(texts: &[&str]) -> bool {
    texts.iter().all(|text| text.trim().is_empty())
}
