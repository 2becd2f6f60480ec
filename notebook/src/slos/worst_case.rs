//! The most a run is expected to cost, in bad events (product reference, section 3.10).

use super::{ratio::Ratio, share::Share};

/// A number known exactly or between two ends; without an upper end it may be anything above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent<T> {
    pub least: T,
    pub most: Option<T>,
}

impl<T: Copy + Ord> Extent<T> {
    pub const fn exactly(value: T) -> Self {
        Self { least: value, most: Some(value) }
    }

    /// Ends given the wrong way round mean the same range; either way the larger one.
    fn upper_end(self) -> Option<T> {
        self.most.map(|most| most.max(self.least))
    }
}

/// How long something takes: as the plan says, and as the last run showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Takes {
    /// Milliseconds.
    pub planned_ms: Option<Extent<i64>>,
    pub measured_ms: Option<Extent<i64>>,
}

/// Valid events over a stretch of time, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    pub events: u64,
    pub ms: i64,
}

/// What the estimate is made of; None is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorstCase {
    /// Which part of all events meets what is hit, such as one of five instances.
    pub affected: Option<Extent<Ratio>>,
    /// Which part of these fails.
    pub failing: Option<Extent<Share>>,
    pub traffic: Option<Traffic>,
    pub detect: Takes,
    pub revert: Takes,
}

impl WorstCase {
    /// affected × failing × events a second × (seconds to detect + seconds to revert), rounded up;
    /// or a clause for each thing that is not known, since an estimate without it would be a guess.
    pub fn bad_events(&self) -> Result<u64, Vec<String>> {
        let mut unknown = Vec::new();
        let affected = known(self.affected.and_then(Extent::upper_end), AFFECTED, &mut unknown);
        let failing = known(self.failing.and_then(Extent::upper_end), FAILING, &mut unknown);
        let traffic = known(self.traffic.filter(|traffic| traffic.ms > 0), TRAFFIC, &mut unknown);
        let detect_ms = known(self.detect.longest_ms(), DETECT, &mut unknown);
        let revert_ms = known(self.revert.longest_ms(), REVERT, &mut unknown);
        let (Some(affected), Some(failing), Some(traffic), Some(detect_ms), Some(revert_ms)) =
            (affected, failing, traffic, detect_ms, revert_ms)
        else {
            return Err(unknown);
        };
        let ms = i128::from(detect_ms) + i128::from(revert_ms);
        let events = affected
            .times(failing.ratio())
            .and_then(|share| share.times(traffic.a_ms()?))
            .and_then(|a_ms| a_ms.times(Ratio::whole(ms)))
            .map(|events| events.ceil().max(0));
        events.and_then(|events| u64::try_from(events).ok()).ok_or_else(|| vec![TOO_LARGE.into()])
    }

    /// The same for a budget of slices: every slice that the time to detect and revert can touch,
    /// wherever on the grid it begins. Less than a slice can spoil two.
    pub fn bad_slices(&self, slice_ms: i64) -> Result<u64, Vec<String>> {
        let mut unknown = Vec::new();
        let detect_ms = known(self.detect.longest_ms(), DETECT, &mut unknown);
        let revert_ms = known(self.revert.longest_ms(), REVERT, &mut unknown);
        let (Some(detect_ms), Some(revert_ms)) = (detect_ms, revert_ms) else {
            return Err(unknown);
        };
        let ms = i128::from(detect_ms) + i128::from(revert_ms);
        let touched = Ratio::new(ms, i128::from(slice_ms)).map(|slices| if ms == 0 { 0 } else { slices.ceil() + 1 });
        touched.and_then(|touched| u64::try_from(touched).ok()).ok_or_else(|| vec![TOO_LARGE.into()])
    }
}

const AFFECTED: &str = "nobody said which part of the events is affected at most";
const FAILING: &str = "nobody said how many of the affected events fail at most";
const TRAFFIC: &str = "no traffic was measured";
const DETECT: &str = "nobody said how long it takes at most until the fault is noticed";
const REVERT: &str = "nobody said how long the revert takes at most";
const TOO_LARGE: &str = "the numbers of the worst case are too large to multiply";

fn known<T>(value: Option<T>, says: &str, unknown: &mut Vec<String>) -> Option<T> {
    if value.is_none() {
        unknown.push(says.to_owned());
    }
    value
}

impl Takes {
    /// The larger of planned and measured. An open upper end makes it unknown, even beside a plan:
    /// what was measured may have been longer.
    fn longest_ms(self) -> Option<i64> {
        let ends = [self.planned_ms, self.measured_ms].into_iter().flatten().map(Extent::upper_end);
        let ends: Option<Vec<i64>> = ends.collect();
        ends?.into_iter().max().map(|ms| ms.max(0))
    }
}

impl Traffic {
    fn a_ms(self) -> Option<Ratio> {
        Ratio::new(i128::from(self.events), i128::from(self.ms))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const UNKNOWN: Takes = Takes { planned_ms: None, measured_ms: None };

    fn seconds(seconds: i64) -> Extent<i64> {
        Extent::exactly(seconds * 1_000)
    }

    fn planned(extent: Extent<i64>) -> Takes {
        Takes { planned_ms: Some(extent), ..UNKNOWN }
    }

    fn measured(extent: Extent<i64>) -> Takes {
        Takes { measured_ms: Some(extent), ..UNKNOWN }
    }

    fn both(planned: Extent<i64>, measured: Extent<i64>) -> Takes {
        Takes { planned_ms: Some(planned), measured_ms: Some(measured) }
    }

    /// A billion events in 28 days, one of five instances, all of its requests failing, two
    /// minutes to detect and five to revert.
    fn illustration() -> WorstCase {
        WorstCase {
            affected: Some(Extent::exactly(Ratio::new(1, 5).unwrap())),
            failing: Some(Extent::exactly(Share::ALL)),
            traffic: Some(Traffic { events: 1_000_000_000, ms: 28 * 86_400_000 }),
            detect: planned(seconds(120)),
            revert: planned(seconds(300)),
        }
    }

    #[test]
    fn one_of_five_instances_for_seven_minutes_costs_34_723_events() {
        assert_eq!(illustration().bad_events(), Ok(34_723));
    }

    #[test]
    fn the_upper_end_and_the_longer_time_count() {
        let half = |least| Some(Extent { least, most: Some(Share::percent(50)) });
        let up_to_240 = Extent { least: 60_000, most: Some(240_000) };
        for (worst, events) in [
            (WorstCase { failing: half(Share::percent(10)), ..illustration() }, 17_362),
            (WorstCase { failing: half(Share::percent(90)), ..illustration() }, 31_250),
            (WorstCase { detect: both(seconds(120), up_to_240), ..illustration() }, 44_643),
            (WorstCase { detect: both(seconds(120), seconds(30)), ..illustration() }, 34_723),
            (WorstCase { detect: measured(seconds(120)), ..illustration() }, 34_723),
            (WorstCase { failing: Some(Extent::exactly(Share::NONE)), ..illustration() }, 0),
            (WorstCase { traffic: Some(Traffic { events: 1, ms: 86_400_000 }), ..illustration() }, 1),
        ] {
            assert_eq!(worst.bad_events(), Ok(events), "{worst:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_named_and_never_guessed() {
        let nothing = WorstCase { affected: None, failing: None, traffic: None, detect: UNKNOWN, revert: UNKNOWN };
        assert_eq!(nothing.bad_events().unwrap_err(), [AFFECTED, FAILING, TRAFFIC, DETECT, REVERT]);
        assert_eq!(nothing.bad_slices(60_000).unwrap_err(), [DETECT, REVERT]);
        let detect = both(seconds(120), Extent { least: 60_000, most: None });
        assert_eq!(WorstCase { detect, ..illustration() }.bad_events().unwrap_err(), [DETECT]);
        let never = Some(Traffic { events: 5, ms: 0 });
        assert_eq!(WorstCase { traffic: never, ..illustration() }.bad_events().unwrap_err(), [TRAFFIC]);
        let huge = Some(Extent::exactly(Ratio::new(i128::MAX, 7).unwrap()));
        assert_eq!(WorstCase { affected: huge, ..illustration() }.bad_events().unwrap_err(), [TOO_LARGE]);
    }

    #[test]
    fn slices_are_touched_from_the_middle_of_one_to_the_middle_of_another() {
        let lasting =
            |ms| WorstCase { detect: planned(Extent::exactly(ms)), revert: planned(seconds(0)), ..illustration() };
        for (ms, slices) in [(0, 0), (1, 2), (300_000, 2), (300_001, 3), (600_000, 3)] {
            assert_eq!(lasting(ms).bad_slices(300_000), Ok(slices), "{ms} ms");
        }
    }

    proptest! {
        #[test]
        fn nothing_larger_ever_costs_less(
            hit in 0i128..5, events in 0u64..1_000_000_000, failing in 0u32..100, detect in 0i64..3_600, revert in 0i64..3_600,
        ) {
            let worst = |hit, events, failing, detect, revert| WorstCase {
                affected: Some(Extent::exactly(Ratio::new(hit, 5).unwrap())),
                failing: Some(Extent::exactly(Share::percent(failing))),
                traffic: Some(Traffic { events, ms: 28 * 86_400_000 }),
                detect: planned(seconds(detect)),
                revert: planned(seconds(revert)),
            }.bad_events().unwrap();
            let base = worst(hit, events, failing, detect, revert);
            prop_assert!(base <= worst(hit + 1, events, failing, detect, revert));
            prop_assert!(base <= worst(hit, events + 1, failing, detect, revert));
            prop_assert!(base <= worst(hit, events, failing + 1, detect, revert));
            prop_assert!(base <= worst(hit, events, failing, detect + 1, revert));
            prop_assert!(base <= worst(hit, events, failing, detect, revert + 1));
            prop_assert_eq!(base == 0, hit == 0 || events == 0 || failing == 0 || detect + revert == 0);
        }
    }
}
