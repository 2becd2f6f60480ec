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
    /// Apart from the slice that still runs.
    measured: Vec<Interval>,
    so_far: SoFar,
    looked_until: Option<Moment>,
}

impl Tally {
    pub fn of(series: &Series, method: Method) -> Self {
        Self {
            units: units(series, method),
            measured: known(series, method),
            so_far: SoFar::of(series, method),
            looked_until: looked_until(series, method),
        }
    }

    pub fn over(&self, window: Interval) -> Counted {
        let counts = self.within(window).iter().map(|unit| unit.counts).sum();
        let running = self.so_far.until(window.end());
        let unmeasured = window.without(&self.measured);
        Counted { counts, unmeasured: unmeasured.iter().flat_map(|gap| gap.without(&running)).collect() }
    }

    /// What enters a window.
    pub fn within(&self, window: Interval) -> &[Unit] {
        let until = |moment: Moment| self.units.partition_point(|unit| unit.end <= moment);
        self.units.get(until(window.start())..until(window.end())).unwrap_or_default()
    }

    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Where the newest measurement ends that counts, or may count once its slice is whole: nothing is
    /// missing between it and the last one that does.
    pub fn measured_until(&self, now: Moment) -> Option<Moment> {
        match self.looked_until {
            Some(until) => Some(self.so_far.goes_on_from(until)),
            None => self.so_far.until(now).last().map(|part| part.end()),
        }
    }
}

/// Where the newest measurement ends that counts. A signed gap is none: it says that nobody looked.
fn looked_until(series: &Series, method: Method) -> Option<Moment> {
    match method {
        Method::Occurrences => {
            let looked = series.records().filter(|record| matches!(record.said, Said::Events { .. }));
            looked.map(|record| record.interval.end()).max()
        }
        Method::TimeSlices(slices) => {
            let known = seen(series, slices).into_values().filter(|slice| slice.is_known(slices));
            let cut = cut_by_source(series, slices).map(|unit| unit.end);
            known.filter_map(|slice| slice.looked_until).chain(cut).max()
        }
    }
}

/// Everything that is counted, in the order of the ends.
pub fn units(series: &Series, method: Method) -> Vec<Unit> {
    match method {
        Method::Occurrences => series.records().filter_map(whole_record).collect(),
        Method::TimeSlices(slices) => by_slice(series, slices),
    }
}

/// The time that counts, in order: what records say of events, and each slice that is known. A slice
/// of which a part is missing is neither good nor bad, so all of it is unmeasured; only the one that
/// still runs at `until` is as measured as its records are. After a change of method older records may
/// say nothing any more.
pub fn measured(series: &Series, method: Method, until: Moment) -> Vec<Interval> {
    let running = SoFar::of(series, method).until(until);
    merged(known(series, method).into_iter().chain(running))
}

/// The time that counts whatever still runs.
fn known(series: &Series, method: Method) -> Vec<Interval> {
    match method {
        Method::Occurrences => merged(series.records().filter_map(whole_record).map(|unit| unit.interval())),
        Method::TimeSlices(slices) => {
            let known = seen(series, slices).into_iter().filter(|(_, slice)| slice.is_known(slices));
            let known = known.map(|(end, _)| slices.ending(end));
            merged(known.chain(cut_by_source(series, slices).map(|unit| unit.interval())))
        }
    }
}

/// The records of events as far as they may be parts of a slice that still runs.
#[derive(Debug, Clone, PartialEq, Eq)]
enum SoFar {
    /// Without slices nothing runs.
    Whole,
    /// In order.
    Parts(Slices, Vec<Interval>),
}

impl SoFar {
    fn of(series: &Series, method: Method) -> Self {
        let Method::TimeSlices(slices) = method else { return Self::Whole };
        let events = series.records().filter(|record| matches!(record.said, Said::Events { .. }));
        let mut parts: Vec<Interval> = events.map(|record| record.interval).collect();
        parts.sort_unstable();
        Self::Parts(slices, parts)
    }

    /// What was measured of the slice that runs at a moment.
    fn until(&self, moment: Moment) -> Vec<Interval> {
        let Self::Parts(slices, parts) = self else { return Vec::new() };
        let running = slices.around(moment);
        let after = parts.partition_point(|part| part.start() < running.start());
        let parts = parts.iter().skip(after).take_while(|part| part.start() < running.end());
        merged(parts.copied().filter(|part| running.covers(*part)))
    }

    /// Up to where parts of slices follow each other from there on.
    fn goes_on_from(&self, moment: Moment) -> Moment {
        let Self::Parts(slices, parts) = self else { return moment };
        let after = parts.partition_point(|part| part.start() < moment);
        let parts = parts.iter().skip(after).filter(|part| slices.holds(**part));
        parts.fold(moment, |end, part| if part.start() == end { part.end() } else { end })
    }
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
    /// Where the last of its events' records ends.
    looked_until: Option<Moment>,
    /// Somebody signed that part of it was fully bad.
    fully_bad: bool,
}

impl Slice {
    /// All of it was measured, or enough is known to call it bad.
    fn is_known(&self, slices: Slices) -> bool {
        self.fully_bad || self.measured_ms >= slices.ms()
    }

    /// One good or bad slice; none while it is unknown or if nothing happened in it.
    fn counts(&self, slices: Slices) -> Option<Counts> {
        if self.fully_bad {
            return Some(Counts { good: 0, bad: 1 });
        }
        let is_good = slices.is_good(self.events).filter(|_| self.is_known(slices))?;
        Some(Counts { good: u64::from(is_good), bad: u64::from(!is_good) })
    }
}

fn by_slice(series: &Series, slices: Slices) -> Vec<Unit> {
    let judged = seen(series, slices);
    let judged = judged.iter().filter_map(|(end, slice)| Some(Unit::of(slices.ending(*end), slice.counts(slices)?)));
    let mut units: Vec<Unit> = cut_by_source(series, slices).chain(judged).collect();
    units.sort_by_key(|unit| unit.end);
    units
}

/// Slices that the source counted itself.
fn cut_by_source(series: &Series, slices: Slices) -> impl Iterator<Item = Unit> {
    series.records().filter_map(move |record| match record.said {
        Said::Slices { good, bad } if slices.divides(record.interval) => {
            Some(Unit::of(record.interval, Counts { good, bad }))
        }
        Said::Events { .. } | Said::Slices { .. } | Said::FullyBad { .. } | Said::Withdrawn => None,
    })
}

/// What is known of each slice, by its end, out of events and signed gaps.
fn seen(series: &Series, slices: Slices) -> BTreeMap<Moment, Slice> {
    let mut seen: BTreeMap<Moment, Slice> = BTreeMap::new();
    for record in series.records() {
        match record.said {
            Said::Events { good, bad } if slices.holds(record.interval) => {
                let slice = seen.entry(slices.around(record.interval.start()).end()).or_default();
                slice.measured_ms += record.interval.ms();
                slice.events = slice.events.plus(Counts { good, bad });
                slice.looked_until = slice.looked_until.max(Some(record.interval.end()));
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
    seen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        interval::in_both,
        slos::{
            measurements::sample::{events, hours, record},
            share::Share,
        },
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
        assert_eq!(counted(&series, two_hourly(), hours(0, 6)).unmeasured, [hours(2, 6)]);
    }

    #[test]
    fn a_slice_of_which_a_part_is_missing_is_unmeasured_as_a_whole() {
        // The first half of each two hours, for four weeks, and the first two hours whole.
        let half = |slice: i64| events(2 * slice, 2 * slice + 1, 100, 0);
        let series = Series::of((0..336).map(half).chain([events(1, 2, 100, 0)]));
        let sum = counted(&series, two_hourly(), hours(0, 672));
        assert_eq!((sum.counts, sum.unmeasured), (counts(1, 0), vec![hours(2, 672)]));
        let running = counted(&series, two_hourly(), hours(0, 3)).unmeasured;
        assert_eq!(running, [], "what still runs is not known yet, and not missing");
        let signed = Series::of([events(0, 1, 100, 0), record(1, 2, Said::FullyBad { events: 0 })]);
        let sum = counted(&signed, two_hourly(), hours(0, 2));
        assert_eq!((sum.counts, sum.unmeasured), (counts(0, 1), vec![]), "what is known of it makes it bad");
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
        let bad = counted(&half_past, two_hourly(), hours(0, 4));
        assert_eq!((bad.counts, bad.unmeasured), (counts(0, 2), vec![]), "what is partly bad is bad");
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
        fn unmeasured_time_is_never_good(
            series in a_series(),
            from in 0i64..60,
            length in 0i64..20,
            slice_hours in 1i64..4,
        ) {
            let slices = Slices::new(slice_hours * 3_600_000, Share::percent(90)).unwrap();
            let window = hours(from, from + length);
            let sum = counted(&series, Method::TimeSlices(slices), window);
            let known = window.without(&sum.unmeasured);
            // Nothing good lies outside of what is measured; a unit may begin before the window.
            for unit in units(&series, Method::TimeSlices(slices)).iter().filter(|unit| unit.is_in(window)) {
                let inside = unit.interval().common(window).unwrap();
                prop_assert!(known.iter().any(|known| known.covers(inside)), "{unit:?} in {known:?}");
            }
            // And no slice that lies in the window is measured without all of it being so.
            let mut slice = slices.around(window.start());
            while slice.end() <= window.end() {
                let measured = in_both(&known, &[slice]);
                let whole = measured.iter().map(|part| part.ms()).sum::<i64>();
                let asked = slice.common(window).map_or(0, Interval::ms);
                prop_assert!(whole == 0 || whole == asked, "{slice:?}: {measured:?}");
                slice = slices.around(slice.end());
            }
        }
    }
}
