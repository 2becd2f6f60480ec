//! Which of the seven steps an experiment is at.

use notebook::experiments::plan::Plan;
use notebook::retrials::acts::RunRow;
use notebook::runs::facts::Execution;

use crate::parts::stepper::Step;

/// How far the run that started last has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastRun {
    pub execution: Execution,
    pub closed: bool,
}

impl LastRun {
    /// `rows` come newest first.
    pub fn of(rows: &[RunRow]) -> Option<Self> {
        let started = rows.iter().map(|row| &row.run).find(|run| run.started_at.is_some())?;
        Some(Self { execution: started.execution, closed: started.closed_at.is_some() })
    }
}

/// A run that started decides; before any, the first thing nobody has done yet. `observed` says
/// that somebody looked at the system before trying anything.
pub fn current(plan: &Plan, observed: bool, last: Option<LastRun>) -> Step {
    match last {
        Some(run) if !run.execution.has_ended() => Step::ObserveMore,
        Some(run) if !run.closed => Step::Decide,
        Some(_) => Step::TryAgain,
        None => first_undone(plan, observed),
    }
}

fn first_undone(plan: &Plan, observed: bool) -> Step {
    let hypothesis = &plan.context.hypothesis;
    let is_whole = hypothesis.fault.is_some() && hypothesis.behaviour.is_some() && hypothesis.safeguard.is_some();
    if plan.identity.checks.is_empty() && !observed {
        Step::Observe
    } else if plan.context.question.is_none() && !is_whole {
        Step::Question
    } else if !is_whole {
        Step::Hypothesis
    } else {
        Step::Experiment
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::experiments::Draft;
    use notebook::experiments::draft::CheckRow;

    fn plan(change: impl FnOnce(&mut Draft)) -> Plan {
        let mut draft = Draft {
            title: "Restart one ZooKeeper".into(),
            services: vec!["zookeeper".into()],
            question: "What happens if one restarts?".into(),
            if_fault: "one ZooKeeper restarts".into(),
            then_behaviour: "alerts keep arriving".into(),
            because_safeguard: "a new leader takes over".into(),
            checks: vec![CheckRow {
                measure: "alert gap".into(),
                phase: "during".into(),
                aggregate: "max".into(),
                comparator: "<=".into(),
                threshold: "60".into(),
                ..CheckRow::default()
            }],
            ..Draft::default()
        };
        change(&mut draft);
        draft.check().unwrap()
    }

    fn after(execution: Execution, closed: bool) -> Step {
        current(&plan(|_| ()), false, Some(LastRun { execution, closed }))
    }

    #[test]
    fn before_any_run_the_first_gap_of_the_plan_is_the_step() {
        assert_eq!(current(&plan(|draft| draft.checks.clear()), false, None), Step::Observe);
        let neither = plan(|draft| {
            draft.question.clear();
            draft.because_safeguard.clear();
        });
        assert_eq!(current(&neither, false, None), Step::Question);
        assert_eq!(current(&plan(|draft| draft.because_safeguard.clear()), false, None), Step::Hypothesis);
        assert_eq!(current(&plan(|_| ()), false, None), Step::Experiment);
    }

    #[test]
    fn what_somebody_saw_is_an_observation_even_before_there_are_checks() {
        let bare = plan(|draft| {
            draft.checks.clear();
            draft.question.clear();
            draft.if_fault.clear();
        });
        assert_eq!(current(&bare, false, None), Step::Observe);
        assert_eq!(current(&bare, true, None), Step::Question);
    }

    #[test]
    fn a_whole_hypothesis_has_its_question_inside() {
        assert_eq!(current(&plan(|draft| draft.question.clear()), false, None), Step::Experiment);
    }

    #[test]
    fn a_run_that_started_decides_whatever_the_plan_lacks() {
        assert_eq!(after(Execution::Running, false), Step::ObserveMore);
        assert_eq!(after(Execution::Reverting, false), Step::ObserveMore);
        assert_eq!(after(Execution::Finished, false), Step::Decide);
        assert_eq!(after(Execution::Aborted, false), Step::Decide);
        assert_eq!(after(Execution::Aborted, true), Step::TryAgain);
        let bare = plan(|draft| draft.checks.clear());
        let closed = LastRun { execution: Execution::Finished, closed: true };
        assert_eq!(current(&bare, false, Some(closed)), Step::TryAgain);
    }
}
