//! What a plan says. Two structs on purpose: a new field must choose whether changing it
//! makes another experiment (identity) or only other words around the same one (context).

use std::{collections::BTreeMap, collections::BTreeSet};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{automation::Automation, exit_codes::ExitCode, matchers::Matchers, probes::Probes};
use crate::slos::share::Share;
use crate::text::{Link, Note, Prose, Slug, Title};

/// One plan revision's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Plan {
    pub identity: Identity,
    pub context: Context,
}

/// What makes two plans the same experiment (product reference, section 3.1).
/// Lists of checks and signals are sorted by key and hold each key once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Identity {
    pub services: BTreeSet<Slug>,
    pub environment: Option<Slug>,
    pub fault: Option<Fault>,
    pub target: Option<Target>,
    pub method: Vec<Step>,
    pub load: Option<Load>,
    pub checks: Vec<Check>,
    pub signals: Vec<Signal>,
    /// Until when all after-checks must hold again, milliseconds after the fault ended.
    pub recovery_ms: Option<i64>,
}

/// Words, people and safety around the experiment; changing them keeps its identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Context {
    pub title: Title,
    /// "What happens if…"
    pub question: Option<Prose>,
    pub hypothesis: Hypothesis,
    pub abort_conditions: Vec<Note>,
    /// Which alerts tell of signals, in the order of the signals. Without one, people say what a signal did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<SignalAlert>,
    pub revert: Revert,
    /// What a run can cost at most; plans written before there were budgets say nothing of it.
    #[serde(default, skip_serializing_if = "WorstInputs::is_unsaid")]
    pub worst_case: WorstInputs,
    pub links: Vec<Link>,
    pub notes: Option<Prose>,
    /// Passing runs needed before a fix counts as verified.
    pub required_passes: u32,
    pub freshness_days: u32,
    /// Kinds of recorded change that make older passes stale.
    pub relevant_changes: BTreeSet<ChangeKind>,
    /// How Chaos Toolkit does it; plans written before there was one have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automation: Option<Automation>,
    /// What the exit codes of the command mean, each once and in their order; plans written before there was that
    /// say nothing of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exit_codes: Vec<ExitCode>,
    /// What a Prometheus is asked while a run goes on; plans written before there was that have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probes: Option<Probes>,
}

/// Which alerts tell of one signal. How a signal is heard of makes no other experiment of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct SignalAlert {
    pub signal: Title,
    #[cfg_attr(feature = "store", schemars(with = "String"))]
    pub alert: Matchers,
}

/// "If *fault*, then *observable behaviour*, because *safeguard*."
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Hypothesis {
    pub fault: Option<Note>,
    pub behaviour: Option<Note>,
    pub safeguard: Option<Note>,
}

/// How the fault is undone, by whom, and by when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Revert {
    pub procedure: Option<Prose>,
    pub owner: Option<Title>,
    pub deadline_ms: Option<i64>,
}

/// What the worst case of a run is made of besides its targets and its revert: each at most, and
/// None where nobody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct WorstInputs {
    /// Which part of all events meets what is hit.
    #[cfg_attr(feature = "store", schemars(with = "Option<String>"))]
    pub affected: Option<Share>,
    /// Which part of these fails.
    #[cfg_attr(feature = "store", schemars(with = "Option<String>"))]
    pub failing: Option<Share>,
    /// Events a second.
    pub per_second: Option<u64>,
    /// Until somebody notices.
    pub detect_ms: Option<i64>,
}

impl WorstInputs {
    pub fn is_unsaid(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Fault {
    /// e.g. `process-restart`.
    pub kind: Slug,
    pub params: BTreeMap<String, Param>,
    pub duration_ms: Option<i64>,
}

/// One resolved parameter of a fault. `text` is a decimal where the value is a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Param {
    pub value: String,
    /// In which direction the fault gets harsher; without one, another value is another fault.
    pub harsher: Option<Harsher>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Harsher {
    Up,
    Down,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "PlanTarget"))]
pub struct Target {
    pub selector: Selector,
    /// How concrete targets are picked: `random`, `named`, `leader`…
    pub pick: String,
    pub count: Count,
    pub at_once: Count,
    /// e.g. `instance`.
    pub unit: String,
}

/// Either an expression such as `role=zookeeper` or a plain list of names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Selector {
    Matching(String),
    Names(BTreeSet<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Count {
    Number(u32),
    All,
}

/// One action of the method, with resolved arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "PlanStep"))]
pub struct Step {
    pub op: String,
    pub args: BTreeMap<String, String>,
}

/// Traffic put on during the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Load {
    pub kind: String,
    /// Per second.
    pub rate: Decimal,
}

/// (measure, phase, aggregate): what a check is called by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct CheckKey {
    pub measure: Title,
    pub phase: Phase,
    pub aggregate: Aggregate,
}

/// A statement about a measure with the values it allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Check {
    #[serde(flatten)]
    pub key: CheckKey,
    pub allowed: Allowed,
    /// Canonical unit, e.g. `s`, `%`, `B`; None for plain counts and for `Holds`.
    pub unit: Option<String>,
    pub window_ms: Option<i64>,
}

/// The values a check allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Allowed {
    Below(Decimal),
    AtMost(Decimal),
    Above(Decimal),
    AtLeast(Decimal),
    Equal(Decimal),
    /// Both ends allowed.
    Between(Decimal, Decimal),
    /// No number: the statement itself must be true.
    Holds,
}

/// A spelled vocabulary: one table of spelling and label.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal, $label:literal;)* }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
        $(#[$doc])*
        pub enum $name { $(#[serde(rename = $word)] $variant),* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stored and sent spelling.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// What people read.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }

            /// The member with this spelling; otherwise a clause naming the alternatives.
            pub fn named(word: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|member| member.word() == word.trim()).ok_or_else(|| {
                    let known: Vec<&str> = Self::ALL.iter().map(|member| member.word()).collect();
                    format!("is not one of {}", known.join(", "))
                })
            }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// When a check is looked at.
    Phase {
        Before = "before", "Before";
        During = "during", "During";
        After = "after", "After";
    }
}

vocabulary! {
    /// How many values become one.
    Aggregate {
        Max = "max", "largest";
        Min = "min", "smallest";
        Mean = "mean", "mean";
        Median = "p50", "median";
        P90 = "p90", "90th percentile";
        P95 = "p95", "95th percentile";
        P99 = "p99", "99th percentile";
        Sum = "sum", "sum";
        Count = "count", "count";
        Last = "last", "last";
        Every = "every", "every value";
    }
}

vocabulary! {
    /// A recorded change that affects services.
    ChangeKind {
        Deploy = "deploy", "Deploy";
        ConfigurationPush = "configuration_push", "Configuration push";
        Version = "version", "Version change";
        Topology = "topology", "Topology change";
        Other = "other", "Other change";
    }
}

impl ChangeKind {
    /// The kinds that make passes stale unless an experiment lists its own.
    pub fn relevant_by_default() -> BTreeSet<Self> {
        BTreeSet::from([Self::Deploy, Self::ConfigurationPush, Self::Version, Self::Topology])
    }
}

/// An alert or telemetry statement expected to fire or to stay silent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Signal {
    pub signal: Title,
    pub expect: Expect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// Fires within so many milliseconds of the fault's effect.
    Fire { within_ms: i64 },
    /// Stays silent for so many milliseconds.
    Silent { for_ms: i64 },
}

/// What was seen for one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// Somewhere in [lo, hi], in the check's unit; a missing end is open ("at least ten").
    Within { lo: Option<Decimal>, hi: Option<Decimal> },
    /// More than this: such a value breaks an upper bound of the same number, "at least" does not.
    Over(Decimal),
    /// Less than this.
    Under(Decimal),
    /// A witness says so, without a number.
    Said { held: bool },
    /// Looked, and found no data.
    NoData,
}

/// What a measured value means for a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Held,
    Failed,
    Unknown,
}

impl Identity {
    pub fn check(&self, key: &CheckKey) -> Option<&Check> {
        self.checks.iter().find(|check| check.key == *key)
    }

    /// Whether anything is looked at once the fault has begun.
    pub fn looks_after_fault(&self) -> bool {
        self.checks.iter().any(|check| check.key.phase != Phase::Before)
    }
}
