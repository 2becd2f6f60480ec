//! What can happen to a run, and how the facts follow from it. Corrections are further lines:
//! the latest word on each thing counts, in the order of their sequence.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    evidence::Evidence,
    facts::{
        AbortReason, CheckAnswer, Deviation, Effect, Execution, Exercised, Exited, FixAnswer, Reached, Ruling,
        RunFacts, RunTarget, SignalAnswer, StepTaken, ToolEnd, ToolProposal, Verdict,
    },
};
use crate::{
    actor::PersonId,
    calendar::reminder::Lead,
    experiments::plan::{Identity, Phase, vocabulary},
    gate::{
        Check,
        passed::Passed,
        preflight::{Says, Sighted},
        quorum::Part,
        told::Attending,
    },
    id::{DecisionId, FindingId, FixId},
    text::{Note, Prose, Title},
    time::Moment,
};

vocabulary! {
    /// What an observation says of the expectation.
    ObservationKind {
        Expected = "expected", "Expected";
        Unexpected = "unexpected", "Unexpected";
        Question = "question", "Question";
    }
}

/// Who does what in a run. Names, not accounts: a witness need not sign in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Crew {
    pub owner: Option<Title>,
    pub coordinator: Option<Title>,
    pub reporter: Option<Title>,
    pub observers: Vec<Title>,
}

impl Crew {
    /// Each part with the name of who takes it.
    pub fn parts(&self) -> impl Iterator<Item = (Part, &Title)> {
        let one =
            [(Part::Owner, &self.owner), (Part::Coordinator, &self.coordinator), (Part::Reporter, &self.reporter)];
        let observers = self.observers.iter().map(|name| (Part::Observer, name));
        one.into_iter().filter_map(|(part, name)| Some((part, name.as_ref()?))).chain(observers)
    }
}

/// One line of a run's trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum RunEvent {
    Planned {
        planned_at: Option<Moment>,
        crew: Crew,
        note: Option<Note>,
        /// A rerun that verifies names the run it repeats, or stands for a cancelled one.
        replaces: Option<String>,
    },
    Started {
        identity: Box<Identity>,
        fingerprint: String,
        runner: Option<PersonId>,
        /// What the gate said; starts written before it was kept have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gate: Option<Box<Passed>>,
    },
    /// Somebody is on the run, or expected; the latest word on each person counts.
    Attends {
        #[serde(flatten)]
        attending: Attending,
    },
    /// A second person's answer to what the gate asks, or to being outside of working hours.
    GateAnswered {
        check: Check,
        /// What the check said then, as a clause.
        asked: String,
        /// The things by name that it was about.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        about: Vec<String>,
        text: Note,
    },
    /// Go or no-go of whoever has a part; the latest word of each person in each part counts.
    PollAnswered {
        part: Part,
        says: Says,
        /// Why not.
        text: Option<Note>,
    },
    /// What was seen before the road is crossed; the latest look at each thing counts.
    LookedBothWays {
        looks: Vec<Sighted>,
    },
    /// The whole list anew: eligible and resolved targets.
    Targets {
        targets: Vec<RunTarget>,
    },
    Effect {
        target: Title,
        effect: Effect,
        evidence: Option<Note>,
    },
    FaultStarted,
    FaultEnded,
    StepBegan {
        number: i64,
    },
    StepEnded {
        number: i64,
    },
    Observed {
        number: i64,
        kind: ObservationKind,
        text: Prose,
        pinned: bool,
    },
    /// An observation is put among those that tell the run in short, or taken out again.
    Pinned {
        observation: i64,
        pinned: bool,
    },
    Attached {
        number: i64,
        evidence: Evidence,
        /// What it shows.
        says: Note,
        /// The observation it belongs to.
        observation: Option<i64>,
    },
    CheckAnswered {
        #[serde(flatten)]
        answer: CheckAnswer,
        /// Why a signed value is replaced.
        amends: Option<Note>,
    },
    SignalAnswered {
        #[serde(flatten)]
        answer: SignalAnswer,
        /// Why a signed answer is replaced.
        amends: Option<Note>,
    },
    Deviated {
        number: i64,
        text: Note,
    },
    DeviationRuled {
        number: i64,
        is_context: bool,
        reason: Note,
        alone: bool,
    },
    /// A reading showed that a watched abort condition is reached.
    ConditionReached {
        condition: Title,
        /// What was read.
        value: String,
        /// The last reading before it that did not show it, or the start.
        after: Moment,
    },
    /// Readings showed every after-check met again.
    SteadyAgain {
        /// The last reading before it at which one was not, or the end of the fault.
        after: Moment,
    },
    AbortPressed {
        reason: Option<AbortReason>,
        text: Option<Note>,
    },
    AbortReasonGiven {
        reason: AbortReason,
        text: Option<Note>,
    },
    RevertFailed {
        text: Note,
    },
    ToolEnded {
        end: ToolEnd,
        says: String,
    },
    /// The command under the run ended by itself.
    CommandEnded {
        #[serde(flatten)]
        exited: Exited,
    },
    Imported {
        #[serde(flatten)]
        proposal: ToolProposal,
    },
    Ended {
        execution: Execution,
    },
    Cancelled {
        why: Note,
    },
    Missed,
    /// People are told that its time comes.
    Reminded {
        lead: Lead,
        planned_at: Moment,
    },
    /// People are told that it ended a day ago and is still not closed.
    VerdictDue {
        ended_at: Moment,
    },
    /// Everybody is called, because the revert is past its deadline.
    RevertLate {
        deadline_ms: i64,
    },
    /// A planned run has another time now.
    MovedTo {
        planned_at: Moment,
        was: Option<Moment>,
        why: Note,
        /// What freezes and hours said against it, a clause each, where it was moved anyway.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        against: Vec<String>,
    },
    ValidityRuled {
        valid: bool,
        reason: Note,
        alone: bool,
    },
    Signed {
        verdict: Verdict,
        analysis: Option<Prose>,
        /// The decision to automate that signed it, where no person did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        graduation: Option<DecisionId>,
    },
    Overruled {
        verdict: Verdict,
        reason: Note,
        alone: bool,
    },
    OverrulingRevoked {
        reason: Note,
    },
    FixAnswered {
        fix: FixId,
        finding: FindingId,
        exercised: Exercised,
        reason: Option<Note>,
    },
    LacksFix {
        fix: FixId,
        reason: Note,
    },
    Closed,
    Amended {
        text: Prose,
    },
}

impl RunEvent {
    /// The act's word in history.
    pub const fn act(&self) -> &'static str {
        match self {
            Self::Planned { .. } => "planned",
            Self::Started { .. } => "started",
            Self::Attends { .. } => "attends",
            Self::GateAnswered { .. } => "gate_answered",
            Self::PollAnswered { .. } => "poll_answered",
            Self::LookedBothWays { .. } => "looked_both_ways",
            Self::Targets { .. } => "targets_resolved",
            Self::Effect { .. } => "effect_recorded",
            Self::FaultStarted => "fault_started",
            Self::FaultEnded => "fault_ended",
            Self::StepBegan { .. } => "step_began",
            Self::StepEnded { .. } => "step_ended",
            Self::Observed { .. } => "observed",
            Self::Pinned { .. } => "pinned",
            Self::Attached { .. } => "attached",
            Self::CheckAnswered { amends: None, .. } => "check_answered",
            Self::CheckAnswered { amends: Some(_), .. } => "check_amended",
            Self::SignalAnswered { amends: None, .. } => "signal_answered",
            Self::SignalAnswered { amends: Some(_), .. } => "signal_amended",
            Self::Deviated { .. } => "deviated",
            Self::DeviationRuled { .. } => "deviation_ruled",
            Self::ConditionReached { .. } => "condition_reached",
            Self::SteadyAgain { .. } => "steady_again",
            Self::AbortPressed { .. } => "abort_pressed",
            Self::AbortReasonGiven { .. } => "abort_reason_given",
            Self::RevertFailed { .. } => "revert_failed",
            Self::ToolEnded { .. } => "tool_ended",
            Self::CommandEnded { .. } => "command_ended",
            Self::Imported { .. } => "imported",
            Self::Ended { .. } => "ended",
            Self::Cancelled { .. } => "cancelled",
            Self::Missed => "missed",
            Self::Reminded { .. } => "reminded",
            Self::VerdictDue { .. } => "verdict_due",
            Self::RevertLate { .. } => "revert_late",
            Self::MovedTo { .. } => "moved_to",
            Self::ValidityRuled { .. } => "validity_ruled",
            Self::Signed { .. } => "signed",
            Self::Overruled { .. } => "overruled",
            Self::OverrulingRevoked { .. } => "overruling_revoked",
            Self::FixAnswered { .. } => "fix_answered",
            Self::LacksFix { .. } => "lacks_fix",
            Self::Closed => "closed",
            Self::Amended { .. } => "amended",
        }
    }
}

/// One event with its place in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub seq: i64,
    pub at: Moment,
    pub by: Option<PersonId>,
    pub event: RunEvent,
}

impl RunFacts {
    /// Takes one more line. Lines come in the order of their sequence.
    pub fn take(&mut self, line: &Line) {
        match &line.event {
            RunEvent::Planned { crew, .. } => self.attended |= crew.parts().next().is_some(),
            RunEvent::Attends { .. } => self.attended = true,
            RunEvent::MovedTo { .. }
            | RunEvent::Reminded { .. }
            | RunEvent::VerdictDue { .. }
            | RunEvent::RevertLate { .. }
            | RunEvent::GateAnswered { .. }
            | RunEvent::PollAnswered { .. }
            | RunEvent::LookedBothWays { .. }
            | RunEvent::Observed { .. }
            | RunEvent::Pinned { .. }
            | RunEvent::Attached { .. }
            | RunEvent::Amended { .. } => {}
            RunEvent::Started { identity, runner, .. } => {
                self.freeze(identity);
                self.runner = *runner;
                self.started = Some(line.at);
                self.execution = Execution::Running;
            }
            RunEvent::Targets { targets } => self.targets.clone_from(targets),
            RunEvent::Effect { target, effect, .. } => {
                self.targets.iter_mut().filter(|t| t.name == *target).for_each(|t| t.effect = *effect);
            }
            RunEvent::FaultStarted => self.fault_started = Some(line.at),
            RunEvent::FaultEnded => {
                self.fault_ended = Some(line.at);
                self.revert_begins();
            }
            RunEvent::CheckAnswered { answer, amends } => {
                self.amended |= amends.is_some();
                self.take_check(answer);
            }
            RunEvent::SignalAnswered { answer, amends } => {
                self.amended |= amends.is_some();
                self.signals.insert(answer.signal.as_str().to_owned(), answer.clone());
            }
            RunEvent::Deviated { number, text } => {
                self.deviations.push(Deviation { number: *number, text: text.as_str().to_owned(), is_context: false });
            }
            RunEvent::DeviationRuled { number, is_context, .. } => {
                self.deviations.iter_mut().filter(|d| d.number == *number).for_each(|d| d.is_context = *is_context);
            }
            RunEvent::AbortPressed { reason, .. } => {
                self.abort = *reason;
                self.abort_open = reason.is_none();
                if self.fault_ended.is_none() {
                    self.fault_ended = Some(line.at);
                }
                self.revert_begins();
            }
            RunEvent::AbortReasonGiven { reason, .. } => {
                self.abort = Some(*reason);
                self.abort_open = false;
            }
            RunEvent::RevertFailed { .. } => self.revert_failed = true,
            RunEvent::ToolEnded { end, .. } => self.tool_end = Some(*end),
            RunEvent::Imported { proposal } => self.imported = Some(proposal.clone()),
            RunEvent::Ended { execution } => {
                self.execution = *execution;
                self.ended = Some(line.at);
            }
            RunEvent::Cancelled { .. } => self.execution = Execution::Cancelled,
            RunEvent::Missed => self.execution = Execution::Missed,
            RunEvent::Closed => self.closed = true,
            seen => self.take_seen(seen, line),
        }
    }

    /// Nearly always it is the plan that is known of its revision.
    fn freeze(&mut self, identity: &Identity) {
        if *self.identity != *identity {
            self.identity = Arc::new(identity.clone());
        }
    }

    /// What was seen step by step while it went on.
    fn take_seen(&mut self, event: &RunEvent, line: &Line) {
        match event {
            RunEvent::StepBegan { number } => {
                self.steps.push(StepTaken { number: *number, began: line.at, ended: None });
            }
            RunEvent::StepEnded { number } => {
                self.steps.iter_mut().filter(|step| step.number == *number).for_each(|step| step.ended = Some(line.at));
            }
            RunEvent::ConditionReached { condition, after, .. } => {
                self.reached.push(Reached { condition: condition.clone(), at: line.at, after: *after });
            }
            RunEvent::SteadyAgain { after } => self.is_steady_again(*after, line.at),
            RunEvent::CommandEnded { exited } => self.exited = Some(*exited),
            judged => self.take_judgement(judged, line.by),
        }
    }

    /// What people said of the run afterwards.
    fn take_judgement(&mut self, event: &RunEvent, by: Option<PersonId>) {
        match event {
            RunEvent::ValidityRuled { valid, reason, .. } => {
                self.ruling =
                    Some(Ruling { valid: *valid, reason: reason.as_str().to_owned(), by: by.unwrap_or(PersonId(0)) });
            }
            RunEvent::Signed { verdict, .. } => self.signed = Some(*verdict),
            RunEvent::Overruled { verdict, .. } => self.overruled = Some(*verdict),
            RunEvent::OverrulingRevoked { .. } => self.overruled = None,
            RunEvent::FixAnswered { fix, finding, exercised, reason } => {
                self.answers.retain(|answer| !(answer.fix == *fix && answer.finding == *finding));
                let reason = reason.as_ref().map(|note| note.as_str().to_owned()).unwrap_or_default();
                self.answers.push(FixAnswer { fix: *fix, finding: *finding, exercised: *exercised, reason });
            }
            RunEvent::LacksFix { fix, .. } if !self.lacks.contains(fix) => self.lacks.push(*fix),
            _ => {}
        }
    }

    fn revert_begins(&mut self) {
        if self.execution == Execution::Running {
            self.execution = Execution::Reverting;
        }
        self.stop_the_watch();
    }

    /// As readings showed it; what people had said before stays.
    fn is_steady_again(&mut self, after: Moment, at: Moment) {
        if self.recovered.is_none() {
            self.recovered = Some(at);
            self.last_unmet = Some(after);
        }
    }

    fn take_check(&mut self, answer: &CheckAnswer) {
        self.checks.insert(answer.key.slot(), answer.clone());
        self.stop_the_watch();
    }

    /// The stopwatch stops when every after-check has held once since the fault ended; what was seen while it
    /// went on says nothing of the way back.
    fn stop_the_watch(&mut self) {
        let Some(ended) = self.fault_ended.filter(|_| self.recovered.is_none()) else { return };
        let after = self.identity.checks.iter().filter(|check| check.key.phase == Phase::After);
        let held: Option<Vec<Moment>> = after.map(|check| self.held_since(&check.key, ended)).collect();
        self.recovered = held.and_then(|held| held.into_iter().max());
    }
}

#[cfg(test)]
mod tests;
