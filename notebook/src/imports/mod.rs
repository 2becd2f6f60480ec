//! What other tools wrote about their runs, read into proposals that a person can sign.
//!
//! A translator is pure: bytes in, [`Read`] or [`ReadTrouble`] out. It proposes; the acts decide.

#[cfg(feature = "store")]
pub mod acts;
pub mod backstage;
#[cfg(feature = "store")]
pub mod catalogue;
pub mod chaostoolkit;
#[cfg(feature = "store")]
mod enter;
#[cfg(feature = "store")]
pub mod export;
#[cfg(feature = "store")]
mod home;
#[cfg(test)]
mod hostile;
#[cfg(feature = "store")]
pub mod notified;
pub mod openslo;
#[cfg(feature = "store")]
pub mod plans;
#[cfg(feature = "store")]
mod reading;
#[cfg(feature = "store")]
pub mod slos;
#[cfg(feature = "store")]
mod sql;

use serde::{Deserialize, Serialize};

pub use crate::foreign::{ReadTrouble, lenient_json, redact, shorten};
use crate::{
    experiments::{
        automation::Parts,
        plan::{Outcome, Phase, vocabulary},
    },
    runs::{
        facts::{Execution, Verdict},
        validity::InvalidReason,
    },
};

/// Check results one proposal keeps; one look a second for half an hour.
pub const CHECKS_MAX: usize = 2_000;
/// Steps one proposal keeps, of the run and of the plan.
pub const STEPS_MAX: usize = 1_000;
/// Tags one proposal keeps.
pub const TAGS_MAX: usize = 50;
/// What a step said: an error's last line, an output.
pub const MESSAGE_CHARS_MAX: usize = 500;
/// A measured value, a tolerance, a source.
pub const VALUE_CHARS_MAX: usize = 200;

/// A document kept here, and the run it became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Import {
    pub id: i64,
    /// None while it waits for its experiment.
    pub run: Option<crate::id::RunId>,
    pub experiment: Option<crate::id::ExperimentId>,
    pub proposal: Proposal,
    pub received_at: crate::time::Moment,
}

/// A document that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    pub proposal: Proposal,
    /// The document without its secrets, fit to be stored.
    pub raw: serde_json::Value,
    /// JSON pointers of what was taken out, at most [`redact::POINTERS_MAX`], each cut if very long.
    pub redacted: Vec<String>,
}

/// What a document says about one run, and what that proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Proposal {
    /// The tool's name as the API spells it: `chaostoolkit`.
    pub tool: String,
    pub tool_version: Option<String>,
    pub title: String,
    pub description: String,
    /// The machine the tool ran on; empty if the document does not say.
    pub node: String,
    pub tags: Vec<String>,
    /// The same document always gives the same key, another run another: 64 hexadecimal digits.
    pub key: String,
    /// What the plan said about its place in this notebook.
    pub retrial: Option<RetrialIds>,
    /// What of the experiment decides what was done, to compare it with an exported plan; documents kept
    /// before that was compared have none.
    #[serde(default)]
    pub parts: Option<Parts>,
    /// Microseconds since 1970 UTC.
    pub started_us: i64,
    /// Microseconds since 1970 UTC, not before the start.
    pub ended_us: i64,
    pub execution: Ended,
    pub validity: Validity,
    /// None for an invalid run, and for an aborted one whose reason nobody has given.
    pub verdict: Option<Verdict>,
    /// Whole sentences: the rule that matched first, then the facts it used.
    pub why: Vec<String>,
    /// At most one of each kind.
    pub flags: Vec<Flag>,
    /// In the order before, during, after.
    pub checks: Vec<ImportedCheck>,
    /// The method's steps in the order they began, then the rollbacks.
    pub steps: Vec<ImportedStep>,
    pub plan: ImportedPlan,
}

/// Ids the document carries. They are claims: whether they exist and may be written is for the acts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct RetrialIds {
    pub experiment: Option<String>,
    pub run: Option<String>,
    /// The revision that was exported.
    #[serde(default)]
    pub revision: Option<i64>,
    /// Of the revision's identity.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

vocabulary! {
    /// How an imported run enters the notebook.
    Ended {
        Finished = "finished", "Finished";
        Aborted = "aborted", "Aborted";
    }
}

impl Ended {
    pub const fn execution(self) -> Execution {
        match self {
            Self::Finished => Execution::Finished,
            Self::Aborted => Execution::Aborted,
        }
    }
}

/// Whether the run may count, as far as the document tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ProposedValidity"))]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    Valid,
    /// The reasons a document can give are the first three and missing data; the rest take a person.
    Invalid(InvalidReason),
    /// A person has to say; the sentence tells why.
    Open(String),
}

/// Something a person should see before signing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Flag {
    pub kind: FlagKind,
    /// Whole sentences.
    pub text: String,
}

vocabulary! {
    /// What a flag is about; none of them changes a verdict on its own.
    FlagKind {
        ProbeError = "probe_error", "Probe error";
        HypothesisNotMet = "hypothesis_not_met", "Hypothesis seen not met";
        TransientDeviation = "transient_deviation", "Transient deviation";
        DryRun = "dry_run", "Dry run";
        Exploration = "exploration", "Exploration";
        FailedAction = "failed_action", "Failed action";
        FailedProbe = "failed_probe", "Failed probe in the method";
        MissingStatus = "missing_status", "Missing status";
        MethodCutShort = "method_cut_short", "Method cut short";
        RevertFailed = "revert_failed", "Revert failed";
        RollbacksNotPlayed = "rollbacks_not_played", "Rollbacks not played";
        UnknownValue = "unknown_value", "Unknown value";
        Shortened = "shortened", "Shortened";
    }
}

/// One probe of the hypothesis, looked at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct ImportedCheck {
    pub measure: String,
    pub phase: Phase,
    pub outcome: Outcome,
    /// What the probe gave, in short; None if it gave nothing.
    pub value: Option<String>,
    /// What the plan allows, in short.
    pub tolerance: Option<String>,
    /// Microseconds since 1970 UTC; None if the document does not say.
    pub at_us: Option<i64>,
    /// How the probe looked: `http GET http://127.0.0.1:18911/health`.
    pub source: String,
}

/// One activity of the method or the rollbacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct ImportedStep {
    pub name: String,
    pub kind: StepKind,
    pub phase: StepPhase,
    pub status: StepStatus,
    /// Microseconds since 1970 UTC; None if the document does not say.
    pub at_us: Option<i64>,
    pub duration_ms: Option<i64>,
    /// The error if it failed, else the output in short.
    pub message: Option<String>,
}

vocabulary! {
    /// Whether an activity was to change something or to look at something.
    StepKind {
        Action = "action", "Action";
        Probe = "probe", "Probe";
        Unknown = "unknown", "Unknown kind";
    }
}

vocabulary! {
    /// Where an activity stands in the plan.
    StepPhase {
        Method = "method", "Method";
        Rollback = "rollback", "Rollback";
    }
}

vocabulary! {
    /// `Missing` stands for no status and for one that is not known: neither is a success.
    StepStatus {
        Succeeded = "succeeded", "Succeeded";
        Failed = "failed", "Failed";
        Missing = "missing", "No known status";
    }
}

/// A new experiment as the document suggests it; a person completes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct ImportedPlan {
    pub title: String,
    /// The document's description.
    pub question: String,
    pub hypothesis_title: Option<String>,
    pub method: Vec<PlannedStep>,
    pub checks: Vec<PlannedCheck>,
    /// Names only.
    pub rollbacks: Vec<String>,
    /// Journals name no environment.
    pub environment: Option<String>,
}

/// A step of the method and how it is done: `process echo`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct PlannedStep {
    pub name: String,
    pub op: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct PlannedCheck {
    pub measure: String,
    pub tolerance: Option<String>,
}
