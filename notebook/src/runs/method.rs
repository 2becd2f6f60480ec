//! The plan's method beside what was marked of it: which steps are left, and where it went otherwise.

use super::facts::{Effect, Execution, RunFacts, StepTaken};

/// The steps that nobody has begun, by their places from 1.
pub fn left(run: &RunFacts) -> Vec<i64> {
    (1..).zip(&run.identity.method).map(|(number, _)| number).filter(|number| run.step(*number).is_none()).collect()
}

/// Where the method went otherwise than planned, as clauses. A run of which nobody marked a step says
/// nothing of its method; what is still to come is not missing yet.
pub fn strays(run: &RunFacts) -> Vec<String> {
    if run.steps.is_empty() {
        return Vec::new();
    }
    let mut begun: Vec<&StepTaken> = run.steps.iter().collect();
    begun.sort_by_key(|step| (step.began, step.number));
    let swapped = begun.windows(2).filter_map(|pair| match pair {
        [before, after] if before.number > after.number => {
            Some(format!("step {} began after step {}", after.number, before.number))
        }
        _ => None,
    });
    let mut says: Vec<String> = swapped.collect();
    if run.fault_ended.is_some() || run.execution != Execution::Running {
        says.extend(left(run).into_iter().map(|number| format!("step {number} was left out")));
        let open = run.steps.iter().filter(|step| step.ended.is_none());
        says.extend(open.map(|step| format!("step {} was not marked as done", step.number)));
    }
    says
}

/// A fault that is shown on some of the targets it was meant for, and not on others, as a clause (product
/// reference, section 3.3). While it goes on there may be more to see.
pub fn missed(run: &RunFacts) -> Option<String> {
    run.fault_ended?;
    run.hit().next()?;
    let meant = run.targets.iter().filter(|target| target.hit);
    let missed: Vec<&str> =
        meant.filter(|target| target.effect != Effect::Shown).map(|target| target.name.as_str()).collect();
    (!missed.is_empty()).then(|| format!("nothing shows that the fault took effect on {}", missed.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiments::plan::Step,
        runs::sample::{day, run},
    };

    /// A run of a plan of three steps, of which these were marked: number, minute begun, minute ended.
    fn marked(execution: Execution, steps: &[(i64, i64, Option<i64>)]) -> RunFacts {
        let mut facts = RunFacts { execution, fault_ended: None, ..run(1) };
        let step = |op: &str| Step { op: op.into(), args: std::collections::BTreeMap::new() };
        facts.plan_mut().method = ["drain", "restart", "undrain"].map(step).to_vec();
        let at = |minute: i64| day(0).plus_minutes(minute);
        facts.steps = steps
            .iter()
            .map(|(number, began, ended)| StepTaken { number: *number, began: at(*began), ended: ended.map(at) })
            .collect();
        facts
    }

    #[test]
    fn what_went_otherwise_is_said_step_by_step() {
        for (execution, steps, expected) in [
            (Execution::Running, vec![], vec![]),
            (Execution::Finished, vec![], vec![]),
            (Execution::Running, vec![(1, 0, Some(1))], vec![]),
            (Execution::Running, vec![(1, 0, None)], vec![]),
            (Execution::Finished, vec![(1, 0, Some(1)), (2, 1, Some(2)), (3, 2, Some(3))], vec![]),
            (Execution::Running, vec![(2, 0, Some(1)), (1, 3, None)], vec!["step 1 began after step 2"]),
            // Written down late, at its own time.
            (Execution::Running, vec![(2, 3, None), (1, 0, Some(1))], vec![]),
            (
                Execution::Reverting,
                vec![(1, 0, Some(1)), (3, 2, None)],
                vec!["step 2 was left out", "step 3 was not marked as done"],
            ),
        ] {
            assert_eq!(strays(&marked(execution, &steps)), expected, "{execution:?} {steps:?}");
        }
    }

    #[test]
    fn once_the_fault_has_ended_nothing_is_to_come() {
        let mut run = marked(Execution::Running, &[(1, 0, Some(1)), (2, 1, Some(2))]);
        assert_eq!((strays(&run), left(&run)), (Vec::new(), vec![3]));
        run.fault_ended = Some(day(0).plus_minutes(5));
        assert_eq!(strays(&run), ["step 3 was left out"]);
    }

    #[test]
    fn a_fault_that_missed_some_of_its_targets_is_a_stray() {
        let both = || run(1).hitting(&["zk-1", "zk-2"]);
        let says = Some("nothing shows that the fault took effect on zk-2".to_owned());
        assert_eq!(missed(&both()), None);
        assert_eq!(missed(&both().with_effect("zk-2", Effect::NotShown)), says);
        assert_eq!(missed(&both().with_effect("zk-2", Effect::Unknown)), says);
        let none = both().with_effect("zk-1", Effect::NotShown).with_effect("zk-2", Effect::NotShown);
        assert_eq!(missed(&none), None, "then the run is invalid");
        let goes_on = RunFacts { fault_ended: None, ..both().with_effect("zk-2", Effect::NotShown) };
        assert_eq!(missed(&goes_on), None);
    }
}
