use proptest::prelude::*;

use super::{
    sample::{events, hour, hours, late, record},
    *,
};
use crate::slos::{
    counting::{Tally, counted, units},
    method::Slices,
    share::Share,
};

fn slices() -> Method {
    Method::TimeSlices(Slices::new(3_600_000, Share::percent(90)).unwrap())
}

fn sum(series: &Series, from: i64, to: i64) -> (u64, u64) {
    let counts = counted(series, Method::Occurrences, hours(from, to)).counts;
    (counts.good, counts.bad)
}

#[test]
fn the_newest_record_of_an_interval_counts_whenever_it_arrives() {
    let first = events(0, 1, 90, 10);
    let correction = late(events(0, 1, 95, 5), 3);
    for order in [[first, correction], [correction, first]] {
        assert_eq!(sum(&Series::of(order), 0, 24), (95, 5));
    }
    let again = Measurement { sequence: 1, said: Said::Events { good: 1, bad: 99 }, ..correction };
    assert_eq!(sum(&Series::of([again, first, correction]), 0, 24), (1, 99), "the later of one instant");
}

#[test]
fn a_withdrawn_measurement_leaves_unmeasured_time_and_room_for_another() {
    let wide = events(0, 10, 900, 100);
    let withdrawn = late(record(0, 10, Said::Withdrawn), 1);
    let narrow = late(events(0, 5, 450, 50), 8);
    let series = Series::of([narrow, withdrawn, wide]);
    assert_eq!(sum(&series, 0, 24), (450, 50));
    assert_eq!(counted(&series, Method::Occurrences, hours(0, 10)).unmeasured, [hours(5, 10)]);
}

#[test]
fn a_record_that_comes_is_new_a_correction_a_repeat_or_refused() {
    let series = Series::of([events(0, 2, 10, 0), events(4, 6, 10, 0)]);
    let program = |said| Measurement { by: None, source: Source::Push, ..record(2, 4, said) };
    let lines: [(Measurement, Method, Result<Takes, &str>); 20] = [
        (events(2, 4, 5, 5), Method::Occurrences, Ok(Takes::New)),
        (events(2, 3, 0, 0), Method::Occurrences, Ok(Takes::New)),
        (events(0, 2, 9, 1), Method::Occurrences, Ok(Takes::Corrects)),
        (record(0, 2, Said::Withdrawn), Method::Occurrences, Ok(Takes::Corrects)),
        (late(events(0, 2, 10, 0), 5), Method::Occurrences, Ok(Takes::Repeats)),
        (events(1, 2, 5, 5), Method::Occurrences, Err("overlaps the measurement from 2026-11-01T00:00:00Z")),
        (events(0, 1, 5, 5), Method::Occurrences, Err("correct or withdraw that one")),
        (events(1, 5, 5, 5), Method::Occurrences, Err("overlaps")),
        (events(-1, 8, 5, 5), Method::Occurrences, Err("overlaps")),
        (record(2, 4, Said::Withdrawn), Method::Occurrences, Err("not there")),
        (events(3, 3, 0, 0), Method::Occurrences, Err("without any time")),
        (events(23, 25, 5, 5), Method::Occurrences, Err("in the future")),
        (events(-24 * 367, 0, 5, 5), Method::Occurrences, Err("more than 366 days")),
        (events(2, 4, u64::MAX, 0), Method::Occurrences, Err("counts more than")),
        (record(2, 4, Said::FullyBad { events: 7 }), Method::Occurrences, Ok(Takes::New)),
        (record(2, 4, Said::FullyBad { events: 0 }), Method::Occurrences, Err("say how many")),
        (program(Said::FullyBad { events: 7 }), Method::Occurrences, Err("signs")),
        (program(Said::Slices { good: 1, bad: 0 }), Method::Occurrences, Err("this SLO counts events")),
        (program(Said::Slices { good: 2, bad: 1 }), slices(), Err("more than the 2 slices")),
        (events(2, 4, 5, 5), slices(), Err("several slices of 1 h")),
    ];
    for (record, method, expected) in lines {
        let is = series.check(&record, method, hour(24));
        match expected {
            Ok(takes) => assert_eq!(is, Ok(takes), "{record:?}"),
            Err(says) => assert!(is.as_ref().is_err_and(|clause| clause.contains(says)), "{record:?}: {is:?}"),
        }
    }
    assert_eq!(series.check(&events(2, 3, 5, 5), slices(), hour(24)), Ok(Takes::New));
    assert_eq!(series.check(&program(Said::Slices { good: 1, bad: 0 }), slices(), hour(24)), Ok(Takes::New));
    assert_eq!(series.check(&record(2, 4, Said::FullyBad { events: 0 }), slices(), hour(24)), Ok(Takes::New));
}

#[test]
fn a_late_measurement_takes_the_place_of_a_signed_gap() {
    let signed = record(2, 4, Said::FullyBad { events: 70 });
    let measured = late(events(2, 4, 60, 5), 30);
    assert_eq!(sum(&Series::of([signed]), 0, 24), (0, 70));
    assert_eq!(Series::of([signed]).check(&measured, Method::Occurrences, hour(48)), Ok(Takes::Corrects));
    assert_eq!(sum(&Series::of([measured, signed]), 0, 24), (60, 5));
}

#[test]
fn somebody_who_signs_for_a_gap_has_not_measured() {
    let series = Series::of([events(0, 2, 1, 0), record(2, 4, Said::FullyBad { events: 1 })]);
    let until = |series: &Series| Tally::of(series, Method::Occurrences).measured_until(hour(4));
    assert_eq!((until(&series), until(&Series::default())), (Some(hour(2)), None));
}

#[test]
fn around_a_stretch_lies_what_shares_time_with_it() {
    let all = [events(0, 2, 1, 0), events(2, 4, 2, 0), events(4, 6, 3, 0), events(8, 9, 4, 0)];
    let series = Series::of(all);
    for (from, to, expected) in [
        (3, 5, &all[1..3]),
        (2, 4, &all[1..2]),
        (6, 8, &all[..0]),
        (5, 9, &all[2..]),
        (3, 3, &all[..0]),
        (-9, 99, &all[..]),
    ] {
        assert_eq!(series.around(hours(from, to)), Series::of(expected.iter().copied()), "{from} to {to}");
    }
}

prop_compose! {
    fn a_record()(
        from in 0i64..12,
        length in 0i64..4,
        kind in 0u8..6,
        good in 0u64..50,
        bad in 0u64..50,
        recorded in 0i64..6,
        sequence in 0i64..40,
    ) -> Measurement {
        let said = match kind {
            0 => Said::Withdrawn,
            1 => Said::FullyBad { events: bad },
            _ => Said::Events { good, bad },
        };
        Measurement { recorded_at: hour(recorded), sequence, ..record(from, from + length, said) }
    }
}

proptest! {
    #[test]
    fn order_and_repetition_of_delivery_change_nothing(
        (records, shuffled) in prop::collection::vec(a_record(), 0..20)
            .prop_flat_map(|records| (Just(records.clone()), Just(records).prop_shuffle())),
        repeated in 0usize..20,
    ) {
        let series = Series::of(records.clone());
        let twice = shuffled.iter().chain(shuffled.iter().skip(repeated)).copied();
        prop_assert_eq!(Series::of(twice), series);
    }

    #[test]
    fn no_two_records_of_a_series_overlap(records in prop::collection::vec(a_record(), 0..20)) {
        let series = Series::of(records);
        let intervals: Vec<Interval> = series.records().map(|record| record.interval).collect();
        for pair in intervals.windows(2) {
            prop_assert!(pair[0].end() <= pair[1].start());
        }
    }

    #[test]
    fn what_is_checked_and_taken_counts(
        records in prop::collection::vec(a_record(), 0..12),
        next in a_record(),
    ) {
        let newest = Measurement { recorded_at: hour(20), ..next };
        let before = Series::of(records.clone());
        let after = Series::of(records.into_iter().chain([newest]));
        match before.check(&newest, Method::Occurrences, hour(24)) {
            Ok(Takes::New | Takes::Corrects) if newest.said == Said::Withdrawn => {
                prop_assert!(after.at(newest.interval).is_none());
            }
            Ok(_) => prop_assert_eq!(after.at(newest.interval), Some(&newest)),
            Err(clause) if clause.contains("overlaps") => prop_assert_eq!(after, before),
            Err(_) => {}
        }
    }

    #[test]
    fn a_correction_never_counts_an_event_twice(records in prop::collection::vec(a_record(), 0..20)) {
        let series = Series::of(records);
        let sum: Counts = units(&series, Method::Occurrences).into_iter().map(|unit| unit.counts).sum();
        let most: u64 = series.records().map(|record| match record.said {
            Said::Events { good, bad } => good + bad,
            Said::FullyBad { events } => events,
            Said::Slices { .. } | Said::Withdrawn => 0,
        }).sum();
        prop_assert_eq!(sum.total(), i128::from(most));
    }
}
