//! A run as its events leave it: the latest word on each thing, in the form the rules read.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    actor::PersonId,
    experiments::plan::{CheckKey, Identity, Measured, Outcome, Phase, vocabulary},
    id::{ExperimentId, FindingId, FixId, RunId},
    runs::validity::InvalidReason,
    text::Title,
    time::{Moment, extent_words},
};

vocabulary! {
    /// Where the run itself stands; says nothing about the hypothesis.
    Execution {
        Planned = "planned", "Planned";
        Running = "running", "Running";
        Reverting = "reverting", "Reverting";
        Finished = "finished", "Finished";
        Aborted = "aborted", "Aborted";
        Cancelled = "cancelled", "Cancelled";
        Missed = "missed", "Missed";
    }
}

vocabulary! {
    /// Why a run was aborted.
    AbortReason {
        OwnEffect = "own_effect", "Own effect: an abort condition was reached";
        Unrelated = "unrelated", "Unrelated trouble";
        People = "people", "People";
        Tool = "tool", "Tool";
    }
}

vocabulary! {
    /// Signed by a person or by the decision to automate, computed before that.
    Verdict {
        Upheld = "upheld", "Upheld";
        Refuted = "refuted", "Refuted";
        Inconclusive = "inconclusive", "Inconclusive";
    }
}

vocabulary! {
    /// Whether a run tried what a fix claims to cure, and how that went.
    Exercised {
        Held = "held", "Exercised and held";
        Failed = "failed", "Exercised and failed";
        Not = "not", "Not exercised";
    }
}

vocabulary! {
    /// Whether the fault took effect on a target.
    Effect {
        Shown = "shown", "Took effect";
        NotShown = "not_shown", "Did not take effect";
        Unknown = "unknown", "No evidence";
    }
}

vocabulary! {
    /// What telemetry said about a check.
    Claimed {
        Ok = "ok", "Claimed ok";
        Failing = "failing", "Claimed failing";
    }
}

impl Execution {
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Finished | Self::Aborted)
    }
}

/// One concrete thing of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct RunTarget {
    pub name: Title,
    /// Its role when the run began: `leader`, `follower`…
    pub role: Option<Title>,
    /// Whether the run was to hit it; the others were only eligible.
    pub hit: bool,
    pub effect: Effect,
}

/// The latest answer for one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct CheckAnswer {
    pub key: CheckKey,
    pub happened: Measured,
    /// Where "happened" comes from: a synthetic check, a customer-side count, a named witness.
    pub source: String,
    /// What telemetry claimed, and from where; None is no claim.
    pub claimed: Option<(Claimed, String)>,
    pub at: Moment,
}

/// The latest answer for one signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct SignalAnswer {
    pub signal: Title,
    pub seen: SignalSeen,
    /// What alerts said of it, as a clause; None where a person said it.
    #[serde(default)]
    pub told: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignalSeen {
    /// Fired so many milliseconds after the fault's effect, somewhere in [lo, hi].
    Fired { lo_ms: i64, hi_ms: i64 },
    /// Stayed silent although its source was alive.
    Silent,
    /// The source gave nothing.
    NoData,
}

impl SignalSeen {
    /// "fired after 41 s", "stayed silent", "no data".
    pub fn words(self) -> String {
        match self {
            Self::Fired { lo_ms, hi_ms } => format!("fired after {}", extent_words((lo_ms, hi_ms))),
            Self::Silent => "stayed silent".to_owned(),
            Self::NoData => "no data".to_owned(),
        }
    }
}

/// Something done differently from the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Deviation {
    pub number: i64,
    pub text: String,
    /// A reviewer other than the runner called it context.
    pub is_context: bool,
}

/// A reviewer's ruling; the latest wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Ruling {
    pub valid: bool,
    pub reason: String,
    pub by: PersonId,
}

/// One step of the plan's method as it was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct StepTaken {
    /// Its place in the method, from 1.
    pub number: i64,
    pub began: Moment,
    /// None while it goes on.
    pub ended: Option<Moment>,
}

/// What the run was answered to have meant for one fix of one finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct FixAnswer {
    pub fix: FixId,
    pub finding: FindingId,
    pub exercised: Exercised,
    pub reason: String,
}

/// How an imported document leaves a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ToolEnd {
    Completed,
    /// The injecting tool broke before the method completed.
    Broke,
}

/// What the command under a run ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Exited {
    pub code: u8,
    /// What the run's revision takes the code for; None where it says nothing of it.
    pub means: Option<Verdict>,
}

/// What another tool's document proposed for a run. A person signs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct ToolProposal {
    /// e.g. `chaostoolkit`
    pub tool: String,
    /// Number of the kept document.
    pub import: i64,
    pub validity: ToolValidity,
    pub verdict: Option<Verdict>,
    /// The rules that led there, as whole sentences.
    pub why: Vec<String>,
    /// What a person should see before signing.
    pub flags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ToolValidity {
    Valid,
    Invalid(InvalidReason),
    /// A ruling or the abort's reason has to say.
    Open(String),
}

/// An abort condition that was seen to be reached, for the first time in the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Reached {
    pub condition: Title,
    /// The reading that showed it.
    pub at: Moment,
    /// The last one before it that did not: it was reached somewhere between the two.
    pub after: Moment,
}

/// Everything the rules may know of one run.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not one state")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct RunFacts {
    pub id: RunId,
    pub experiment: ExperimentId,
    pub revision: i64,
    pub execution: Execution,
    /// Frozen at start; before that the planned revision's.
    // Runs that froze the same plan share it.
    pub identity: Arc<Identity>,
    pub started: Option<Moment>,
    pub fault_started: Option<Moment>,
    pub fault_ended: Option<Moment>,
    pub ended: Option<Moment>,
    /// When all after-checks had held once, for the recovery time; `revert_failed` says never.
    pub recovered: Option<Moment>,
    /// The last look before that at which one did not; None where people say the moment.
    pub last_unmet: Option<Moment>,
    pub revert_failed: bool,
    /// Abort conditions that readings showed to be reached.
    pub reached: Vec<Reached>,
    pub abort: Option<AbortReason>,
    /// An import may leave the abort reason open; then validity waits for it.
    pub abort_open: bool,
    pub tool_end: Option<ToolEnd>,
    /// How the command under it ended, if that was told.
    pub exited: Option<Exited>,
    /// For a run that came out of another tool's document.
    pub imported: Option<ToolProposal>,
    pub targets: Vec<RunTarget>,
    /// A value was replaced after the verdict was signed: what a document proposed no longer holds.
    pub amended: bool,
    pub checks: BTreeMap<String, CheckAnswer>,
    pub signals: BTreeMap<String, SignalAnswer>,
    /// What was marked of the method, in the order in which it was written down.
    pub steps: Vec<StepTaken>,
    pub deviations: Vec<Deviation>,
    pub ruling: Option<Ruling>,
    pub signed: Option<Verdict>,
    pub overruled: Option<Verdict>,
    pub answers: Vec<FixAnswer>,
    pub closed: bool,
    /// Who ran it: rulings and overrulings come from somebody else.
    pub runner: Option<PersonId>,
    /// Somebody was named for it or marked present.
    pub attended: bool,
    /// Versions recorded as lacking a fix: (fix, reason).
    pub lacks: Vec<FixId>,
}

impl CheckKey {
    /// Reads what `slot` prints; a measure may itself hold bars.
    pub fn from_slot(slot: &str) -> Option<Self> {
        let mut parts = slot.rsplitn(3, '|');
        let (aggregate, phase, measure) = (parts.next()?, parts.next()?, parts.next()?);
        let measure = Title::new(measure).ok()?;
        Some(Self {
            measure,
            phase: Phase::named(phase).ok()?,
            aggregate: crate::experiments::plan::Aggregate::named(aggregate).ok()?,
        })
    }

    /// The map key under which a run keeps the answer.
    pub fn slot(&self) -> String {
        [self.measure.as_str(), self.phase.word(), self.aggregate.word()].join("|")
    }
}

/// So rules take runs whether they are shared or not.
impl AsRef<Self> for RunFacts {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl RunFacts {
    /// A run as it is planned: nothing has happened.
    pub fn new(id: RunId, experiment: ExperimentId, revision: i64, identity: impl Into<Arc<Identity>>) -> Self {
        Self {
            id,
            experiment,
            revision,
            execution: Execution::Planned,
            identity: identity.into(),
            started: None,
            fault_started: None,
            fault_ended: None,
            ended: None,
            recovered: None,
            last_unmet: None,
            revert_failed: false,
            reached: Vec::new(),
            abort: None,
            abort_open: false,
            tool_end: None,
            exited: None,
            imported: None,
            targets: Vec::new(),
            amended: false,
            checks: BTreeMap::new(),
            signals: BTreeMap::new(),
            steps: Vec::new(),
            deviations: Vec::new(),
            ruling: None,
            signed: None,
            overruled: None,
            answers: Vec::new(),
            closed: false,
            runner: None,
            attended: false,
            lacks: Vec::new(),
        }
    }

    /// A recorded deviation that nobody called context makes a run another experiment.
    pub fn follows_its_plan(&self) -> bool {
        self.deviations.iter().all(|deviation| deviation.is_context)
    }

    /// How one step of the method went; None if nobody began it.
    pub fn step(&self, number: i64) -> Option<&StepTaken> {
        self.steps.iter().find(|step| step.number == number)
    }

    pub fn answer(&self, key: &CheckKey) -> Option<&CheckAnswer> {
        self.checks.get(&key.slot())
    }

    /// Whether a check has an answer of its own time: one of after the fault counts from the fault's end on.
    pub fn is_answered(&self, key: &CheckKey) -> bool {
        let from = self.fault_ended.filter(|_| key.phase == Phase::After);
        self.answer(key).is_some_and(|answer| from.is_none_or(|from| answer.at >= from))
    }

    /// When a check was seen held, if that was then or later.
    pub fn held_since(&self, key: &CheckKey, from: Moment) -> Option<Moment> {
        let seen = self.answer(key)?.at;
        (seen >= from && self.outcome(key) == Outcome::Held).then_some(seen)
    }

    /// Held, failed or unknown under this run's own plan; a check without an answer is unknown.
    pub fn outcome(&self, key: &CheckKey) -> Outcome {
        self.outcome_under(&self.identity, key)
    }

    /// The same under another plan's bounds.
    pub fn outcome_under(&self, plan: &Identity, key: &CheckKey) -> Outcome {
        match (plan.check(key), self.answer(key)) {
            (Some(check), Some(answer)) => check.allowed.outcome(&answer.happened),
            _ => Outcome::Unknown,
        }
    }

    /// Whether any check looks at the way back; without one nothing can show that it is over.
    pub fn looks_at_the_way_back(&self) -> bool {
        self.identity.checks.iter().any(|check| check.key.phase == Phase::After)
    }

    /// Milliseconds from the fault's end until every after-check held again, somewhere in [lo, hi]; None
    /// while nothing shows that.
    pub fn revert_ms(&self) -> Option<(i64, i64)> {
        let (ended, recovered) = (self.fault_ended?, self.recovered?);
        let ms = |at: Moment| at.ms_since(ended).max(0);
        let least = self.last_unmet.map_or(ms(recovered), ms);
        Some((least.min(ms(recovered)), ms(recovered)))
    }

    /// Targets on which the fault is shown to have taken effect.
    pub fn hit(&self) -> impl Iterator<Item = &RunTarget> {
        self.targets.iter().filter(|target| target.hit && target.effect == Effect::Shown)
    }
}
