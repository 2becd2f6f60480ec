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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiments::plan::{Aggregate, Allowed, Phase as Looks},
        runs::sample::{check, day, run},
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
}
