//! What a window of time amounts to: the events or slices in it, and the time nobody measured,
//! which is neither good nor bad.
//!
//! A measurement belongs to the window in which it ends, whole. So the windows of a calendar add
//! up, no event is split, and none leaves a rolling window before it surely has.

use std::collections::BTreeMap;

use super::{
    budget::Counts,
    measurements::{Measurement, Said, Series},
    method::{Method, Slices},
};
use crate::{
    interval::{Interval, merged},
    time::Moment,
};

/// What is counted together: a measurement, or a slice. It enters and leaves a window at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    pub start: Moment,
    pub end: Moment,
    pub counts: Counts,
}

impl Unit {
    const fn of(interval: Interval, counts: Counts) -> Self {
        Self { start: interval.start(), end: interval.end(), counts }
    }

    /// The time it speaks of.
    pub fn interval(&self) -> Interval {
        Interval::new(self.start, self.end).unwrap_or(Interval::lasting(self.end, 0))
    }

    pub fn is_in(&self, window: Interval) -> bool {
        window.start() < self.end && self.end <= window.end()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub counts: Counts,
    /// The gaps, in order.
    pub unmeasured: Vec<Interval>,
}

impl Counted {
    pub fn unmeasured_ms(&self) -> i64 {
        self.unmeasured.iter().map(|gap| gap.ms()).sum()
    }

    pub fn longest_gap(&self) -> Option<Interval> {
        self.unmeasured.iter().copied().max_by_key(|gap| gap.ms())
    }
}

/// The sum over a window.
pub fn counted(series: &Series, method: Method, window: Interval) -> Counted {
    Tally::of(series, method).over(window)
}

/// What a method makes of a series, made once for whoever asks about several windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// In the order of the ends.
    units: Vec<Unit>,
    measured: Vec<Interval>,
}

impl Tally {
    pub fn of(series: &Series, method: Method) -> Self {
        Self { units: units(series, method), measured: measured(series, method) }
    }

    pub fn over(&self, window: Interval) -> Counted {
        let counts = self.within(window).iter().map(|unit| unit.counts).sum();
        Counted { counts, unmeasured: window.without(&self.measured) }
    }

    /// What enters a window.
    pub fn within(&self, window: Interval) -> &[Unit] {
        let until = |moment: Moment| self.units.partition_point(|unit| unit.end <= moment);
        self.units.get(until(window.start())..until(window.end())).unwrap_or_default()
    }

    pub fn units(&self) -> &[Unit] {
        &self.units
    }
}

/// Everything that is counted, in the order of the ends.
pub fn units(series: &Series, method: Method) -> Vec<Unit> {
    match method {
        Method::Occurrences => series.records().filter_map(whole_record).collect(),
        Method::TimeSlices(slices) => by_slice(series, slices),
    }
}

/// The time some record speaks of in a way that can be counted, in order. After a change of method
/// older records may say nothing any more.
pub fn measured(series: &Series, method: Method) -> Vec<Interval> {
    let says_something = |record: &&Measurement| match (record.said, method) {
        (Said::Withdrawn, _) => false,
        (Said::FullyBad { .. }, _) => true,
        (Said::Events { .. }, Method::Occurrences) => true,
        (Said::Events { .. }, Method::TimeSlices(slices)) => slices.holds(record.interval),
        (Said::Slices { .. }, Method::Occurrences) => false,
        (Said::Slices { .. }, Method::TimeSlices(slices)) => slices.divides(record.interval),
    };
    merged(series.records().filter(says_something).map(|record| record.interval))
}

fn whole_record(record: &Measurement) -> Option<Unit> {
    let counts = match record.said {
        Said::Events { good, bad } => Counts { good, bad },
        Said::FullyBad { events } => Counts { good: 0, bad: events },
        Said::Slices { .. } | Said::Withdrawn => return None,
    };
    Some(Unit::of(record.interval, counts))
}

/// What is known of one slice so far.
#[derive(Default)]
struct Slice {
    measured_ms: i64,
    events: Counts,
    /// Somebody signed that part of it was fully bad.
    fully_bad: bool,
}

impl Slice {
    /// One good or bad slice; none while part of it is unmeasured or if nothing happened in it.
    fn counts(&self, slices: Slices) -> Option<Counts> {
        if self.fully_bad {
            return Some(Counts { good: 0, bad: 1 });
        }
        let is_good = slices.is_good(self.events).filter(|_| self.measured_ms >= slices.ms())?;
        Some(Counts { good: u64::from(is_good), bad: u64::from(!is_good) })
    }
}

fn by_slice(series: &Series, slices: Slices) -> Vec<Unit> {
    let mut seen: BTreeMap<Moment, Slice> = BTreeMap::new();
    let mut units = Vec::new();
    for record in series.records() {
        match record.said {
            Said::Events { good, bad } if slices.holds(record.interval) => {
                let slice = seen.entry(slices.around(record.interval.start()).end()).or_default();
                slice.measured_ms += record.interval.ms();
                slice.events = slice.events.plus(Counts { good, bad });
            }
            Said::Slices { good, bad } if slices.divides(record.interval) => {
                units.push(Unit::of(record.interval, Counts { good, bad }));
            }
            Said::FullyBad { .. } => {
                let mut slice = slices.around(record.interval.start());
                while slice.start() < record.interval.end() {
                    seen.entry(slice.end()).or_default().fully_bad = true;
                    slice = slices.around(slice.end());
                }
            }
            Said::Events { .. } | Said::Slices { .. } | Said::Withdrawn => {}
        }
    }
    let start = |end: Moment| end.plus_micros(-slices.ms().saturating_mul(1_000));
    let judged = seen
        .iter()
        .filter_map(|(end, slice)| Some(Unit { start: start(*end), end: *end, counts: slice.counts(slices)? }));
    units.extend(judged);
    units.sort_by_key(|unit| unit.end);
    units
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::slos::{
        measurements::sample::{events, hours, record},
        share::Share,
    };

    fn hourly() -> Method {
        Method::TimeSlices(Slices::new(3_600_000, Share::percent(90)).unwrap())
    }

    fn two_hourly() -> Method {
        Method::TimeSlices(Slices::new(7_200_000, Share::percent(90)).unwrap())
    }

    fn counts(good: u64, bad: u64) -> Counts {
        Counts { good, bad }
    }

    #[test]
    fn a_window_sums_what_ends_in_it_and_names_what_nobody_measured() {
        let series = Series::of([events(0, 4, 40, 1), events(4, 6, 20, 2), events(8, 10, 30, 3)]);
        let sum = counted(&series, Method::Occurrences, hours(2, 12));
        assert_eq!(sum.counts, counts(90, 6), "the first one ends in the window, so all of it counts");
        assert_eq!(sum.unmeasured, [hours(6, 8), hours(10, 12)]);
        assert_eq!((sum.unmeasured_ms(), sum.longest_gap()), (4 * 3_600_000, Some(hours(10, 12))));
    }

    #[test]
    fn an_empty_window_counts_nothing_and_knows_nothing() {
        let empty = counted(&Series::default(), Method::Occurrences, hours(0, 24));
        assert_eq!((empty.counts, empty.unmeasured), (Counts::NONE, vec![hours(0, 24)]));
        let instant = counted(&Series::of([events(0, 4, 4, 4)]), Method::Occurrences, hours(4, 4));
        assert_eq!((instant.counts, instant.unmeasured), (Counts::NONE, vec![]));
    }

    #[test]
    fn measured_time_without_events_is_measured() {
        let quiet = counted(&Series::of([events(0, 24, 0, 0)]), Method::Occurrences, hours(0, 24));
        assert_eq!((quiet.counts, quiet.unmeasured), (Counts::NONE, vec![]));
    }

    #[test]
    fn a_measurement_leaves_a_rolling_window_when_its_end_does() {
        let series = Series::of([events(0, 2, 0, 7)]);
        let at = |now: i64| counted(&series, Method::Occurrences, hours(now - 24, now)).counts.bad;
        assert_eq!([at(1), at(2), at(25), at(26)], [0, 7, 7, 0]);
    }

    #[test]
    fn slices_are_good_bad_or_not_known() {
        let series = Series::of([
            events(0, 1, 90, 10),
            events(1, 2, 89, 11),
            events(2, 3, 0, 0),
            // The slice from 4 to 6 is half measured.
            events(4, 5, 0, 50),
        ]);
        let slices = |method, to| counted(&series, method, hours(0, to)).counts;
        assert_eq!(slices(hourly(), 3), counts(1, 1), "an hour without events is neither");
        assert_eq!(slices(hourly(), 5), counts(1, 2));
        assert_eq!(slices(two_hourly(), 6), counts(0, 1), "89.5 % of the first two hours");
        assert_eq!(counted(&series, two_hourly(), hours(0, 6)).unmeasured, [hours(3, 4), hours(5, 6)]);
    }

    #[test]
    fn slices_counted_by_the_source_and_signed_gaps_count_with_the_others() {
        let series = Series::of([
            record(0, 24, Said::Slices { good: 20, bad: 3 }),
            record(24, 27, Said::FullyBad { events: 0 }),
            events(27, 28, 1, 0),
        ]);
        assert_eq!(counted(&series, hourly(), hours(0, 28)), Counted { counts: counts(21, 6), unmeasured: vec![] });
        let half_past = Series::of([record(1, 3, Said::FullyBad { events: 0 })]);
        assert_eq!(counted(&half_past, two_hourly(), hours(0, 4)).counts, counts(0, 2), "what is partly bad is bad");
    }

    #[test]
    fn records_of_another_method_are_unmeasured_time() {
        let series = Series::of([events(0, 24, 99, 1), record(24, 48, Said::Slices { good: 24, bad: 0 })]);
        let occurrences = counted(&series, Method::Occurrences, hours(0, 48));
        assert_eq!((occurrences.counts, occurrences.unmeasured), (counts(99, 1), vec![hours(24, 48)]));
        let slices = counted(&series, hourly(), hours(0, 48));
        assert_eq!((slices.counts, slices.unmeasured), (counts(24, 0), vec![hours(0, 24)]));
    }

    prop_compose! {
        /// Records of one to three hours, some hours apart.
        fn a_series()(parts in prop::collection::vec((0i64..3, 1i64..4, 0u64..40, 0u64..9, 0u8..8), 0..15)) -> Series {
            let mut at = 0;
            let mut records = Vec::new();
            for (apart, length, good, bad, kind) in parts {
                let from = at + apart;
                at = from + length;
                records.push(match kind {
                    0 => record(from, at, Said::FullyBad { events: bad }),
                    1 => record(from, at, Said::Slices { good: 1, bad: 0 }),
                    _ => events(from, at, good, bad),
                });
            }
            Series::of(records)
        }
    }

    proptest! {
        #[test]
        fn what_is_within_a_window_is_what_ends_in_it(series in a_series(), from in 0i64..60, length in 0i64..30) {
            let window = hours(from, from + length);
            for method in [hourly(), two_hourly(), Method::Occurrences] {
                let tally = Tally::of(&series, method);
                let inside: Vec<Unit> = tally.units().iter().copied().filter(|unit| unit.is_in(window)).collect();
                prop_assert_eq!(tally.within(window), inside);
            }
        }

        #[test]
        fn the_sum_of_a_window_is_the_sum_of_its_parts(
            series in a_series(),
            mut cuts in prop::collection::vec(0i64..80, 2..6),
            slices in any::<bool>(),
        ) {
            let method = if slices { hourly() } else { Method::Occurrences };
            cuts.sort_unstable();
            let whole = counted(&series, method, hours(cuts[0], cuts[cuts.len() - 1]));
            let parts: Vec<Counted> =
                cuts.windows(2).map(|ends| counted(&series, method, hours(ends[0], ends[1]))).collect();
            prop_assert_eq!(whole.counts, parts.iter().map(|part| part.counts).sum());
            prop_assert_eq!(whole.unmeasured_ms(), parts.iter().map(Counted::unmeasured_ms).sum::<i64>());
        }

        #[test]
        fn unmeasured_time_is_never_good(series in a_series(), from in 0i64..60, length in 0i64..20) {
            let window = hours(from, from + length);
            let sum = counted(&series, hourly(), window);
            let slices = (window.ms() - sum.unmeasured_ms()) / 3_600_000;
            // A record that reaches into the window from before may bring slices of its own.
            let before = series.records().filter(|record| record.interval.contains(window.start())).count();
            prop_assert!(i128::from(sum.counts.good) <= i128::from(slices) + before as i128);
        }
    }
}
