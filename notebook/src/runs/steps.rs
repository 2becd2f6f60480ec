//! Which step a run allows in which state; the sentence that refuses it otherwise.

use super::facts::{Execution, RunFacts};
use crate::{actor::Act, experiments::plan::Phase, refusal::Refusal};

/// Everything that can be done to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Start,
    Cancel,
    MoveTo,
    Miss,
    Remind,
    Attend,
    AnswerGate,
    AnswerPoll,
    LookBothWays,
    ResolveTargets,
    BeginFault,
    EndFault,
    BeginStep,
    EndStep,
    Observe,
    Answer,
    Deviate,
    Abort,
    FailRevert,
    Finish,
    Rule,
    RuleDeviation,
    GiveAbortReason,
    Sign,
    Overrule,
    RevokeOverruling,
    RecordLack,
    Close,
    Amend,
}

impl Step {
    pub const ALL: &[Self] = &[
        Self::Start,
        Self::Cancel,
        Self::MoveTo,
        Self::Miss,
        Self::Remind,
        Self::Attend,
        Self::AnswerGate,
        Self::AnswerPoll,
        Self::LookBothWays,
        Self::ResolveTargets,
        Self::BeginFault,
        Self::EndFault,
        Self::BeginStep,
        Self::EndStep,
        Self::Observe,
        Self::Answer,
        Self::Deviate,
        Self::Abort,
        Self::FailRevert,
        Self::Finish,
        Self::Rule,
        Self::RuleDeviation,
        Self::GiveAbortReason,
        Self::Sign,
        Self::Overrule,
        Self::RevokeOverruling,
        Self::RecordLack,
        Self::Close,
        Self::Amend,
    ];

    pub const fn act(self) -> Act {
        match self {
            Self::Start => Act::StartRun,
            Self::Cancel | Self::MoveTo | Self::Miss | Self::Remind => Act::PlanRun,
            Self::Attend => Act::Attend,
            Self::AnswerGate => Act::AnswerGate,
            Self::AnswerPoll => Act::AnswerPoll,
            Self::LookBothWays => Act::LookBothWays,
            Self::ResolveTargets
            | Self::BeginFault
            | Self::EndFault
            | Self::BeginStep
            | Self::EndStep
            | Self::Answer
            | Self::Deviate
            | Self::FailRevert
            | Self::Finish
            | Self::GiveAbortReason
            | Self::RecordLack
            | Self::Amend => Act::RecordRun,
            Self::Observe => Act::Observe,
            Self::Abort => Act::AbortRun,
            Self::Rule | Self::RuleDeviation => Act::Rule,
            Self::Sign => Act::SignVerdict,
            Self::Overrule | Self::RevokeOverruling => Act::Overrule,
            Self::Close => Act::CloseRun,
        }
    }

    /// Whether the run's state allows the step.
    pub fn allowed(self, run: &RunFacts) -> Result<(), Refusal> {
        self.hindered(run).map_or(Ok(()), |state| Err(Refusal::not_now(self.act(), state)))
    }

    fn hindered(self, run: &RunFacts) -> Option<String> {
        let is = |words: &str| Some(format!("{} {words}", run.id));
        let state = || format!("{} is {}", run.id, run.execution.label().to_lowercase());
        let under_way = matches!(run.execution, Execution::Running | Execution::Reverting);
        let ended = run.execution.has_ended();
        match self {
            Self::Start
            | Self::Cancel
            | Self::MoveTo
            | Self::Miss
            | Self::Remind
            | Self::AnswerGate
            | Self::AnswerPoll
            | Self::LookBothWays => (run.execution != Execution::Planned).then(state),
            Self::Attend => (!under_way && run.execution != Execution::Planned).then(state),
            // Before-checks are looked at, and targets named, before the start.
            Self::Answer | Self::ResolveTargets if run.execution == Execution::Planned => None,
            _ if !under_way && !ended => Some(state()),
            Self::Amend => (!run.closed).then(|| format!("{} is not closed; change it directly", run.id)),
            Self::Rule | Self::RuleDeviation => (!ended).then(state),
            Self::Answer => None,
            Self::Overrule if run.signed.is_none() => is("has no signed verdict"),
            Self::Overrule => None,
            Self::RevokeOverruling => {
                run.overruled.is_none().then(|| format!("no overruling of {} is in force", run.id))
            }
            Self::GiveAbortReason => (!run.abort_open).then(|| format!("no abort reason of {} is open", run.id)),
            _ if run.closed => is("is closed; add an amendment instead"),
            Self::BeginFault
            | Self::EndFault
            | Self::BeginStep
            | Self::EndStep
            | Self::Abort
            | Self::FailRevert
            | Self::Finish => self.hindered_under_way(run, &state),
            Self::Sign if !ended => Some(state()),
            Self::Sign => {
                run.signed.is_some().then(|| format!("the verdict of {} is signed; overrule it instead", run.id))
            }
            Self::Close => (!ended).then(state),
            // The verdict is about what was hit.
            Self::ResolveTargets => run
                .signed
                .is_some()
                .then(|| format!("the verdict of {} is signed; rule on its validity instead", run.id)),
            Self::Observe | Self::Deviate | Self::RecordLack => None,
        }
    }

    fn hindered_under_way(self, run: &RunFacts, state: &dyn Fn() -> String) -> Option<String> {
        let is = |words: &str| Some(format!("{} {words}", run.id));
        match self {
            // After an abort, too: a program that nobody heard in time tells of it late, with its own time.
            Self::BeginFault if run.execution.has_ended() => Some(state()),
            Self::BeginFault => {
                run.fault_started.is_some().then(|| format!("the fault of {} has begun already", run.id))
            }
            Self::EndFault if run.execution != Execution::Running => Some(state()),
            Self::EndFault if run.fault_started.is_none() => is("has no fault under way"),
            Self::BeginStep | Self::EndStep if run.execution.has_ended() => Some(state()),
            Self::Abort if run.execution.has_ended() => Some(state()),
            Self::Abort if run.abort.is_some() => is("is being aborted already"),
            Self::FailRevert if run.execution != Execution::Reverting => Some(state()),
            Self::Finish if run.execution.has_ended() => Some(state()),
            Self::Finish if run.execution == Execution::Running && run.fault_started.is_some() => {
                is("still has its fault; record that it ended, or abort")
            }
            Self::Finish => unanswered(run),
            _ => None,
        }
    }
}

/// After-checks nobody answered since the fault ended; a revert recorded as failed ends the run without them.
fn unanswered(run: &RunFacts) -> Option<String> {
    if run.revert_failed {
        return None;
    }
    let open: Vec<&str> = run
        .identity
        .checks
        .iter()
        .filter(|check| check.key.phase == Phase::After && !run.is_answered(&check.key))
        .map(|check| check.key.measure.as_str())
        .collect();
    (!open.is_empty()).then(|| format!("after-checks without an answer: {}", open.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiments::plan::Identity,
        id::{ExperimentId, RunId},
        runs::facts::Verdict,
    };

    fn run(execution: Execution) -> RunFacts {
        RunFacts { execution, ..RunFacts::new(RunId::of(1), ExperimentId::of(1), 1, Identity::default()) }
    }

    #[test]
    fn each_state_allows_exactly_these_steps() {
        use Step::*;
        const UNDER_WAY: &[Step] = &[
            Attend,
            ResolveTargets,
            BeginFault,
            BeginStep,
            EndStep,
            Observe,
            Answer,
            Deviate,
            Abort,
            Finish,
            RecordLack,
        ];
        const OVER: &[Step] = &[ResolveTargets, Observe, Answer, Deviate, Rule, RuleDeviation, Sign, RecordLack, Close];
        let table: [(Execution, &[Step], Option<Step>); 7] = [
            (
                Execution::Planned,
                &[
                    Start,
                    Cancel,
                    MoveTo,
                    Miss,
                    Remind,
                    Attend,
                    AnswerGate,
                    AnswerPoll,
                    LookBothWays,
                    ResolveTargets,
                    Answer,
                ],
                None,
            ),
            (Execution::Running, UNDER_WAY, None),
            (Execution::Reverting, UNDER_WAY, Some(FailRevert)),
            (Execution::Finished, OVER, None),
            (Execution::Aborted, OVER, None),
            (Execution::Cancelled, &[], None),
            (Execution::Missed, &[], None),
        ];
        for (execution, expected, besides) in table {
            for step in Step::ALL.iter().copied() {
                let is_expected = expected.contains(&step) || besides == Some(step);
                assert_eq!(step.allowed(&run(execution)).is_ok(), is_expected, "{execution:?}, {step:?}");
            }
        }
    }

    /// Observing looks at the row only; whatever else the trail holds must not decide about it.
    #[test]
    fn whether_one_may_observe_follows_from_what_the_row_holds() {
        let told = |facts: &RunFacts| Step::Observe.allowed(facts).err().map(|refusal| refusal.to_string());
        for execution in Execution::ALL {
            for closed in [false, true] {
                let by_row = RunFacts { closed, ..run(*execution) };
                let whole = RunFacts {
                    execution: *execution,
                    closed,
                    abort: Some(crate::runs::facts::AbortReason::People),
                    abort_open: true,
                    revert_failed: true,
                    overruled: Some(Verdict::Refuted),
                    ..RunFacts { id: RunId::of(1), ..crate::runs::sample::run(1) }
                };
                assert_eq!(told(&whole), told(&by_row), "{execution:?}, closed: {closed}");
            }
        }
    }

    #[test]
    fn what_was_hit_stays_as_it_was_signed() {
        let ended = run(Execution::Finished);
        assert!(Step::ResolveTargets.allowed(&ended).is_ok());
        let signed = RunFacts { signed: Some(Verdict::Upheld), ..ended };
        let refusal = Step::ResolveTargets.allowed(&signed).unwrap_err().to_string();
        assert!(refusal.contains("is signed"), "{refusal}");
    }

    #[test]
    fn a_closed_run_takes_only_rulings_overrulings_and_amendments() {
        let closed = RunFacts { closed: true, signed: Some(Verdict::Upheld), ..run(Execution::Finished) };
        let open: Vec<Step> = Step::ALL.iter().copied().filter(|step| step.allowed(&closed).is_ok()).collect();
        assert_eq!(open, [Step::Answer, Step::Rule, Step::RuleDeviation, Step::Overrule, Step::Amend]);
    }
}
