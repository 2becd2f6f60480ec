//! With which line of a run's trail it was known that it is well again.

use super::{
    facts::RunFacts,
    trail::{Line, RunEvent},
};
use crate::time::Moment;

/// The number of the line with which it was known that every after-check had held; None while nobody knows that.
/// Of each line of the trail its number, its time and what it says, in the order in which they were written.
pub fn recovered_with<'a>(run: &RunFacts, trail: impl IntoIterator<Item = (i64, Moment, &'a RunEvent)>) -> Option<i64> {
    run.recovered?;
    let mut so_far = RunFacts::new(run.id, run.experiment, run.revision, run.identity.clone());
    trail.into_iter().find_map(|(seq, at, event)| {
        let stops_the_watch = matches!(
            event,
            RunEvent::FaultEnded
                | RunEvent::AbortPressed { .. }
                | RunEvent::CheckAnswered { .. }
                | RunEvent::SteadyAgain { .. }
        );
        if stops_the_watch {
            so_far.take(&Line { seq, at, by: None, event: event.clone() });
        }
        so_far.recovered.is_some().then_some(seq)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiments::plan::{Aggregate, Allowed, Measured, Phase},
        id::{ExperimentId, RunId},
        runs::{
            facts::CheckAnswer,
            sample::{self, check, day, run},
        },
    };

    #[test]
    fn that_all_is_well_is_known_with_the_line_that_completed_it() {
        let ended = || (5, RunEvent::FaultEnded);
        let step = |minute: i64| (minute, RunEvent::StepEnded { number: 1 });
        let steady = |minute: i64| (minute, RunEvent::SteadyAgain { after: day(0).plus_minutes(5) });
        let back = |minute: i64, held: bool| {
            let key = sample::key("back", Phase::After, Aggregate::Every);
            let (happened, at) = (Measured::Said { held }, day(0).plus_minutes(minute));
            let answer = CheckAnswer { key, happened, source: "Ana".into(), claimed: None, at };
            (minute, RunEvent::CheckAnswered { answer, amends: None })
        };
        let identity = run(1).with_check(check("back", Phase::After, Aggregate::Every, Allowed::Holds)).identity;
        for (lines, expected, says) in [
            (vec![ended(), step(6), back(9, true), step(8)], Some(3), "whatever is written afterwards"),
            (vec![back(9, true), ended()], Some(2), "the end was written down later"),
            (vec![ended(), back(7, false), back(9, true), back(12, true)], Some(3), "once is enough"),
            (vec![ended(), steady(8), back(9, true)], Some(2), "readings showed it"),
            (vec![ended(), step(9)], None, "nobody has looked"),
        ] {
            let mut facts = RunFacts::new(RunId::of(1), ExperimentId::of(1), 1, identity.clone());
            let lines: Vec<Line> = (1..)
                .zip(lines)
                .map(|(seq, (minute, event))| Line { seq, at: day(0).plus_minutes(minute), by: None, event })
                .collect();
            for line in &lines {
                facts.take(line);
            }
            let trail = lines.iter().map(|line| (line.seq, line.at, &line.event));
            assert_eq!(recovered_with(&facts, trail), expected, "{says}");
        }
    }
}
