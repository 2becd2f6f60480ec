//! When the stopwatch of a revert stops.

use super::*;
use crate::{
    experiments::plan::{Aggregate, Allowed, Measured},
    id::{ExperimentId, RunId},
    runs::sample::{self, check, day},
};

/// A run that began its fault a minute after its start, with lines at the minutes they are of.
fn told(lines: Vec<(i64, RunEvent)>) -> RunFacts {
    let back = check("back", Phase::After, Aggregate::Every, Allowed::Holds);
    let identity = sample::run(1).with_check(back).identity;
    let mut run = RunFacts::new(RunId::of(1), ExperimentId::of(1), 1, identity);
    (run.execution, run.started, run.fault_started) = (Execution::Running, Some(day(0)), Some(day(0).plus_minutes(1)));
    for (seq, (minute, event)) in (1..).zip(lines) {
        run.take(&Line { seq, at: day(0).plus_minutes(minute), by: None, event });
    }
    run
}

fn back(minute: i64, held: bool) -> (i64, RunEvent) {
    let key = sample::key("back", Phase::After, Aggregate::Every);
    let (happened, at) = (Measured::Said { held }, day(0).plus_minutes(minute));
    let answer = CheckAnswer { key, happened, source: "Ana".into(), claimed: None, at };
    (minute, RunEvent::CheckAnswered { answer, amends: None })
}

#[test]
fn the_stopwatch_stops_at_the_first_look_after_the_fault_at_which_all_is_well() {
    let ended = || (5, RunEvent::FaultEnded);
    let abort = || (5, RunEvent::AbortPressed { reason: None, text: None });
    for (lines, minutes, says) in [
        (vec![ended(), back(9, true)], Some(4), "seen afterwards"),
        (vec![abort(), back(9, true)], Some(4), "an abort is timed alike"),
        (vec![ended(), back(7, false), back(9, true), back(12, true)], Some(4), "once is enough"),
        (vec![ended(), back(9, false)], None, "seen not to be well"),
        (vec![back(3, true), ended()], None, "seen while the fault went on"),
        (vec![back(3, true), abort()], None, "the same before an abort"),
        (vec![back(3, true), ended(), back(8, true)], Some(3), "and seen once more"),
        (vec![back(9, true), ended()], Some(4), "the end was written down later"),
        (vec![back(9, true)], None, "no end is known"),
    ] {
        let run = told(lines);
        let well = run.recovered.zip(run.fault_ended).map(|(well, ended)| well.ms_since(ended) / 60_000);
        assert_eq!(well, minutes, "{says}");
    }
}
