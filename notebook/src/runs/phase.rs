//! Where a run that goes on is, and since when.

use serde::{Deserialize, Serialize};

use super::facts::{Execution, RunFacts};
use crate::{experiments::plan::vocabulary, time::Moment};

vocabulary! {
    /// The phases of a run that goes on.
    #[cfg_attr(feature = "store", schemars(rename = "RunPhase"))]
    Phase {
        Before = "before", "Before the fault";
        Fault = "fault", "Fault under way";
        Reverting = "reverting", "Reverting";
        After = "after", "After the fault";
    }
}

/// The phase, and when it began; None unless the run goes on. After the fault is once all after-checks
/// have held, or the revert is written down as failed; at once where no check looks at the way back.
pub fn phase(run: &RunFacts) -> Option<(Phase, Moment)> {
    let (phase, since) = match run.execution {
        Execution::Running => match run.fault_started {
            Some(began) => (Phase::Fault, Some(began)),
            None => (Phase::Before, run.started),
        },
        Execution::Reverting => match run.recovered {
            Some(recovered) => (Phase::After, Some(recovered)),
            None if run.revert_failed || !run.looks_at_the_way_back() => (Phase::After, run.fault_ended),
            None => (Phase::Reverting, run.fault_ended),
        },
        Execution::Planned | Execution::Finished | Execution::Aborted | Execution::Cancelled | Execution::Missed => {
            return None;
        }
    };
    Some((phase, since?))
}

/// The deadline of a revert that takes longer than that; None until then, and once the way back is over.
pub fn late_revert(run: &RunFacts, deadline_ms: Option<i64>, now: Moment) -> Option<i64> {
    let (Phase::Reverting, since) = phase(run)? else { return None };
    deadline_ms.filter(|deadline| now.ms_since(since) > *deadline)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiments::plan::{Aggregate, Allowed, Phase as Looks},
        runs::{
            facts::AbortReason,
            sample::{check, day, run},
        },
    };

    #[test]
    fn each_phase_follows_from_what_was_written_down() {
        let at = |minute: i64| Some(day(0).plus_minutes(minute));
        let whole = |execution| RunFacts {
            execution,
            started: at(0),
            fault_started: at(5),
            fault_ended: at(20),
            recovered: at(24),
            ..run(1).with_check(check("back", Looks::After, Aggregate::Every, Allowed::Holds))
        };
        let running = || whole(Execution::Running);
        let reverting = || whole(Execution::Reverting);
        for (facts, expected) in [
            (RunFacts { fault_started: None, ..running() }, Some((Phase::Before, at(0)))),
            (running(), Some((Phase::Fault, at(5)))),
            (RunFacts { recovered: None, ..reverting() }, Some((Phase::Reverting, at(20)))),
            (RunFacts { recovered: None, revert_failed: true, ..reverting() }, Some((Phase::After, at(20)))),
            (reverting(), Some((Phase::After, at(24)))),
            (RunFacts { recovered: None, identity: run(1).identity, ..reverting() }, Some((Phase::After, at(20)))),
            (whole(Execution::Planned), None),
            (whole(Execution::Finished), None),
            (whole(Execution::Aborted), None),
            (whole(Execution::Cancelled), None),
            (whole(Execution::Missed), None),
        ] {
            let expected = expected.map(|(phase, since)| (phase, since.unwrap()));
            assert_eq!(phase(&facts), expected, "{:?}", facts.execution);
        }
    }

    #[test]
    fn a_revert_is_late_past_its_deadline_whether_it_follows_an_abort_or_not() {
        let back = check("back", Looks::After, Aggregate::Every, Allowed::Holds);
        let reverting = |abort| RunFacts {
            execution: Execution::Reverting,
            fault_started: Some(day(0)),
            fault_ended: Some(day(0).plus_minutes(1)),
            recovered: None,
            abort,
            ..run(1).with_check(back.clone())
        };
        let aborted = || reverting(Some(AbortReason::People));
        let after = |ms: i64| day(0).plus_minutes(1).plus_micros(ms * 1_000);
        for (facts, deadline_ms, now, expected) in [
            (reverting(None), Some(300_000), after(300_000), None),
            (reverting(None), Some(300_000), after(300_001), Some(300_000)),
            (aborted(), Some(300_000), after(300_001), Some(300_000)),
            (aborted(), None, after(300_001), None),
            (RunFacts { recovered: Some(after(200_000)), ..aborted() }, Some(300_000), after(300_001), None),
            (RunFacts { revert_failed: true, ..aborted() }, Some(300_000), after(300_001), None),
            (RunFacts { execution: Execution::Aborted, ..aborted() }, Some(300_000), after(300_001), None),
            (RunFacts { identity: run(1).identity, ..aborted() }, Some(300_000), after(300_001), None),
        ] {
            assert_eq!(late_revert(&facts, deadline_ms, now), expected, "{:?} {now:?}", facts.execution);
        }
    }
}
