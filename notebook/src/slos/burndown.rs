//! How a budget came to be what it is: what was left of it at the end of each part of the window.

use super::{
    budget::{Budget, Counts},
    counting::Tally,
    ratio::Ratio,
};
use crate::{
    interval::{Interval, in_both},
    limits::BURNDOWN_PARTS_MAX,
    time::Moment,
};

/// One part of the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub interval: Interval,
    /// What ended in it.
    pub counts: Counts,
    /// Time in it that nobody measured.
    pub unmeasured_ms: i64,
    /// What was left at its end of the budget that the whole window has now.
    pub remaining: Ratio,
}

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Lengths of parts that people think in.
const LENGTHS_MS: [i64; 10] = [
    5 * MINUTE_MS,
    15 * MINUTE_MS,
    HOUR_MS,
    2 * HOUR_MS,
    6 * HOUR_MS,
    12 * HOUR_MS,
    DAY_MS,
    2 * DAY_MS,
    7 * DAY_MS,
    14 * DAY_MS,
];

/// The parts of the window, in order; the first one may be shorter. The last `remaining` is the
/// budget's own. A measurement counts in the part in which it ends, as it does in windows.
pub fn burndown(budget: &Budget, tally: &Tally, window: Interval) -> Vec<Part> {
    let unmeasured = tally.over(window).unmeasured;
    let mut bad = 0;
    let part = |interval: Interval| {
        let counts: Counts = tally.within(interval).iter().map(|unit| unit.counts).sum();
        bad += counts.bad;
        let gaps = in_both(&unmeasured, &[interval]);
        Part {
            interval,
            counts,
            unmeasured_ms: gaps.into_iter().map(Interval::ms).sum(),
            remaining: budget.with_bad(bad).remaining(),
        }
    };
    parts_of(window).into_iter().map(part).collect()
}

/// Equal parts counted back from the end, so that the last one ends now.
fn parts_of(window: Interval) -> Vec<Interval> {
    let longest = LENGTHS_MS[LENGTHS_MS.len() - 1];
    let fits = |length: &i64| window.ms() <= length * BURNDOWN_PARTS_MAX;
    let length_ms = LENGTHS_MS.into_iter().find(fits).unwrap_or(longest);
    let mut parts = Vec::new();
    let mut end = window.end();
    while window.start() < end {
        let start: Moment = end.plus_micros(-length_ms * 1_000).max(window.start());
        parts.extend(Interval::new(start, end));
        end = start;
    }
    parts.reverse();
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::slos::{
        measurements::{
            Series,
            sample::{events, hours},
        },
        method::Method,
        target::Target,
    };

    #[test]
    fn days_of_a_window_show_where_the_budget_went() {
        let series = Series::of([events(0, 24, 990, 10), events(24, 48, 1_000, 0), events(72, 96, 980, 20)]);
        let window = hours(0, 28 * 24);
        let tally = Tally::of(&series, Method::Occurrences);
        let sum = tally.over(window);
        let budget = Budget::of(Target::read("99 %").unwrap(), sum.counts).unwrap();
        let parts = burndown(&budget, &tally, window);
        assert_eq!(parts.len(), 28);
        let ratio = |n, d| Ratio::new(n, d).unwrap();
        assert_eq!(parts[0].remaining, ratio(2, 3));
        assert_eq!((parts[1].counts.bad, parts[1].remaining), (0, ratio(2, 3)));
        assert_eq!((parts[2].unmeasured_ms, parts[3].unmeasured_ms), (DAY_MS, 0));
        assert_eq!(parts.last().unwrap().remaining, Ratio::ZERO);
    }

    #[test]
    fn a_window_without_time_has_no_parts() {
        assert_eq!(parts_of(hours(5, 5)), []);
        assert_eq!(parts_of(hours(0, 1)).len(), 12);
        assert_eq!(parts_of(hours(0, 366 * 24)).len(), 27);
    }

    proptest! {
        #[test]
        fn parts_follow_each_other_and_end_where_the_budget_is(
            length in 1i64..2_000, ends in prop::collection::vec((0i64..2_000, 0u64..50, 0u64..50), 1..12),
        ) {
            let records = ends.iter().map(|(start, good, bad)| events(*start, start + 1, *good, *bad));
            let (series, window) = (Series::of(records), hours(0, length));
            let parts = parts_of(window);
            prop_assert!(i64::try_from(parts.len()).unwrap() <= BURNDOWN_PARTS_MAX);
            prop_assert_eq!(parts.iter().map(|part| part.ms()).sum::<i64>(), window.ms());
            prop_assert!(parts.windows(2).all(|two| two[0].end() == two[1].start()));
            let tally = Tally::of(&series, Method::Occurrences);
            let sum = tally.over(window);
            if let Some(budget) = Budget::of(Target::read("90 %").unwrap(), sum.counts) {
                let parts = burndown(&budget, &tally, window);
                prop_assert_eq!(parts.last().unwrap().remaining, budget.remaining());
                let bad: u64 = parts.iter().map(|part| part.counts.bad).sum();
                prop_assert_eq!(bad, sum.counts.bad);
            }
        }
    }
}
