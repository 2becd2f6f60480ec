//! The ledger: what runs cost the promises they touched, and what they gave for it (product reference,
//! section 3.10). Nothing of it is stored: a cost follows from the run's times and from what was
//! measured, and changes with them. Every run is booked, invalid and aborted ones too.

#[cfg(feature = "store")]
pub mod acts;
pub mod quarter;
pub mod untested;

use crate::{
    experiments::plan::Phase,
    id::SloId,
    interval::Interval,
    runs::facts::RunFacts,
    slos::{
        kept::Kept,
        ratio::Ratio,
        spend::{Spend, share_words, spent_words},
        words::bad_events,
    },
    time::Moment,
};

/// Where the time that a run is booked for ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// All after-checks had held once.
    Recovered,
    /// Nothing shows a recovery: the plan asks for none, or the run was over when it was written down.
    FaultEnded,
    /// Nothing shows a recovery; the run had ended.
    Ended,
    /// The run goes on.
    Now,
}

/// The time from the start of a fault until recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booked {
    pub during: Interval,
    pub until: Until,
}

/// What one run cost one SLO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    pub slo: SloId,
    pub title: String,
    pub until: Until,
    pub spend: Spend,
}

/// The time a run is booked for; None while no fault began. An ordinary end and an abort are the same
/// here, and so are valid and invalid runs. `told` is when the run was first written down.
pub fn booked(run: &RunFacts, told: Moment, now: Moment) -> Option<Booked> {
    let start = run.fault_started?;
    let asks_for_none = !run.identity.checks.iter().any(|check| check.key.phase == Phase::After);
    let (end, until) = match (run.fault_ended, run.recovered, run.ended) {
        (Some(fault_ended), Some(recovered), _) => (recovered.max(fault_ended), Until::Recovered),
        (Some(fault_ended), None, _) if asks_for_none || fault_ended <= told => (fault_ended, Until::FaultEnded),
        (_, _, Some(ended)) => (ended, Until::Ended),
        (_, _, None) => (now, Until::Now),
    };
    Some(Booked { during: Interval::new(start, end.max(start))?, until })
}

/// Whether a run is charged to an SLO by the text in force now: it had begun, and was not retired. When
/// somebody approved it does not matter; one that shall not count what was before says when it begins.
pub fn was_in_force(kept: &Kept, during: Interval) -> bool {
    let has_begun = kept.in_force().begins.is_none_or(|begins| begins <= during.start());
    has_begun && kept.retired_at.is_none_or(|retired| during.start() < retired)
}

impl Until {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Recovered => "until it had recovered",
            Self::FaultEnded => "until the fault ended; no recovery is written down",
            Self::Ended => "until the run ended; no recovery is written down",
            Self::Now => "so far",
        }
    }
}

impl Cost {
    /// "12 to 40 bad events".
    pub fn words(&self) -> String {
        spent_words(self.spend.bad)
    }

    /// As many as there usually are in so much time.
    pub fn usual_words(&self) -> String {
        self.spend.usual.map_or_else(|| "unknown".into(), bad_events)
    }

    /// "6 % of what was left at the start", if that was known.
    pub fn share_of(&self, still_allowed: i64) -> String {
        let left = Ratio::whole(still_allowed);
        share_words(self.spend.bad, left.is_above_zero().then_some(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiments::plan::{Aggregate, Allowed, Identity},
        id::RunId,
        runs::{
            facts::{AbortReason, Execution},
            sample::check,
        },
        slos::{Slo, kept::Approved, sample::ingest},
    };

    fn minute(minutes: i64) -> Moment {
        Moment::from_micros(0).plus_minutes(minutes)
    }

    /// The fault begins in the tenth minute and ends in the twentieth.
    fn run(change: impl FnOnce(&mut RunFacts)) -> RunFacts {
        let checks = vec![check("instance-back", Phase::After, Aggregate::Every, Allowed::Holds)];
        let identity = Identity { checks, ..Identity::default() };
        let mut facts = RunFacts::new(RunId::of(1), crate::id::ExperimentId::of(1), 1, identity);
        facts.execution = Execution::Finished;
        facts.fault_started = Some(minute(10));
        facts.fault_ended = Some(minute(20));
        facts.ended = Some(minute(40));
        change(&mut facts);
        facts
    }

    #[test]
    fn a_run_is_booked_from_its_fault_until_recovery() {
        type Case = (fn(&mut RunFacts), Option<(i64, Until)>, &'static str);
        let table: [Case; 9] = [
            (|run| run.recovered = Some(minute(25)), Some((25, Until::Recovered)), "recovered"),
            (|run| run.recovered = Some(minute(15)), Some((20, Until::Recovered)), "well before the fault had ended"),
            (|_| {}, Some((40, Until::Ended)), "no after-check held"),
            (|run| run.plan_mut().checks.clear(), Some((20, Until::FaultEnded)), "no after-check"),
            (|run| run.revert_failed = true, Some((40, Until::Ended)), "the revert failed"),
            (|run| run.ended = None, Some((60, Until::Now)), "not recovered yet"),
            (
                |run| {
                    run.abort = Some(AbortReason::Unrelated);
                    run.execution = Execution::Aborted;
                    run.recovered = Some(minute(22));
                },
                Some((22, Until::Recovered)),
                "aborted, and so invalid",
            ),
            (|run| run.fault_started = None, None, "aborted before any fault"),
            (|run| run.ended = Some(minute(5)), Some((10, Until::Ended)), "times that do not fit"),
        ];
        let times =
            |run: &RunFacts, told| booked(run, told, minute(60)).map(|b| (b.during.start(), b.during.end(), b.until));
        for (change, expected, says) in table {
            let expected = expected.map(|(end, until)| (minute(10), minute(end), until));
            assert_eq!(times(&run(change), minute(0)), expected, "{says}");
        }
        for change in [|_: &mut RunFacts| {}, |run: &mut RunFacts| run.ended = None] {
            let over_when_told = times(&run(change), minute(50));
            assert_eq!(over_when_told, Some((minute(10), minute(20), Until::FaultEnded)), "nobody watched any more");
        }
    }

    #[test]
    fn what_had_begun_and_was_not_retired_is_charged() {
        let during = Interval::new(minute(10), minute(20)).unwrap();
        let kept = |begins, retired_at| {
            let text = Slo { begins, ..ingest() };
            Kept {
                id: SloId::of(1),
                approved: Some(Approved { revision: 1, text: text.clone() }),
                text,
                revision: 1,
                retired_at,
                created_at: minute(0),
                version: 1,
            }
        };
        for (begins, retired, is) in [
            (None, None, true),
            (Some(minute(10)), None, true),
            (Some(minute(11)), None, false),
            (None, Some(minute(11)), true),
            (None, Some(minute(10)), false),
        ] {
            assert_eq!(was_in_force(&kept(begins, retired), during), is, "{begins:?} {retired:?}");
        }
    }
}
