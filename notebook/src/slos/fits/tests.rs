use proptest::prelude::*;

use super::*;
use crate::{
    slos::{
        budget::Counts,
        counting::{counted, units},
        measurements::{
            Measurement, Series,
            sample::{events, hour, hours},
        },
        method::Method,
        target::Target,
        window::Period,
    },
    time::Zone,
};

fn budget(target: &str, total: u64, bad: u64) -> Budget {
    Budget::of(Target::read(target).unwrap(), Counts { good: total - bad, bad }).unwrap()
}

#[test]
fn a_worst_case_fits_out_of_the_reserve_or_not_at_all() {
    // 1,000 bad events are allowed, 100 of them are kept in reserve.
    for (target, bad, worst, expected) in [
        ("99.9 %", 0, 900, Fit::Fits),
        ("99.9 %", 0, 901, Fit::UsesReserve),
        ("99.9 %", 0, 1_000, Fit::UsesReserve),
        ("99.9 %", 0, 1_001, Fit::Exceeds),
        ("99.9 %", 400, 500, Fit::Fits),
        ("99.9 %", 400, 501, Fit::UsesReserve),
        ("99.9 %", 900, 0, Fit::Fits),
        ("99.9 %", 901, 0, Fit::UsesReserve),
        ("99.9 %", 999, 1, Fit::UsesReserve),
        ("99.9 %", 1_000, 0, Fit::NothingLeft),
        ("99.9 %", 1_001, 0, Fit::NothingLeft),
        ("< 0.1 %", 0, 900, Fit::Fits),
        ("< 0.1 %", 0, 999, Fit::UsesReserve),
        ("< 0.1 %", 0, 1_000, Fit::Exceeds),
        ("< 0.1 %", 999, 0, Fit::UsesReserve),
        ("< 0.1 %", 999, 1, Fit::Exceeds),
        ("< 0.1 %", 1_000, 0, Fit::NothingLeft),
    ] {
        assert_eq!(fit(&budget(target, 1_000_000, bad), RESERVE, worst), expected, "{target}: {bad} + {worst}");
    }
}

#[test]
fn without_a_reserve_everything_left_can_be_used() {
    assert_eq!(fit(&budget("99.9 %", 1_000_000, 400), Share::NONE, 600), Fit::Fits);
    assert_eq!(fit(&budget("99.9 %", 1_000_000, 400), Share::NONE, 601), Fit::Exceeds);
    assert_eq!(fit(&budget("99.9 %", 1_000_000, 0), Share::ALL, 1), Fit::UsesReserve);
}

#[test]
fn half_an_event_of_budget_is_left_but_no_event_fits() {
    assert_eq!(fit(&budget("99.9 %", 500, 0), RESERVE, 1), Fit::Exceeds);
    assert_eq!(fit(&budget("99.9 %", 500, 0), RESERVE, 0), Fit::Fits);
}

/// A rolling day of a promise of 90 %, hourly measured: 24 × 100 events, of which 240 may be bad.
fn rolling_day(records: &[Measurement], worst: u64, wanted: Fit) -> Option<Moment> {
    let (series, window, now) = (Series::of(records.iter().copied()), Window::rolling(1).unwrap(), hour(24));
    let so_far = window.so_far(now);
    let counted = counted(&series, Method::Occurrences, so_far).counts;
    let budget = Budget::of(Target::read("90 %").unwrap(), counted).unwrap();
    let asked = Asked { window: &window, counted: so_far, budget: &budget };
    first_fit(&asked, &units(&series, Method::Occurrences), RESERVE, worst, wanted, now)
}

/// All 24 hours, with so many bad events in some of them.
fn day_with(bad: &[(i64, u64)]) -> Vec<Measurement> {
    let of = |hour: i64| bad.iter().find(|(at, _)| *at == hour).map_or(0, |(_, bad)| *bad);
    (0..24).map(|hour| events(hour, hour + 1, 100 - of(hour), of(hour))).collect()
}

#[test]
fn a_plan_fits_as_soon_as_enough_old_bad_events_have_left_the_window() {
    let day = day_with(&[(2, 60), (5, 80), (9, 100)]);
    for (worst, wanted, first) in [
        // S-P9: all 240 are spent; the measurement of the third hour ends at 3.
        (0, Fit::UsesReserve, Some(hour(24 + 3))),
        (60, Fit::UsesReserve, Some(hour(24 + 3))),
        (61, Fit::UsesReserve, Some(hour(24 + 6))),
        (36, Fit::Fits, Some(hour(24 + 3))),
        (37, Fit::Fits, Some(hour(24 + 6))),
        (116, Fit::Fits, Some(hour(24 + 6))),
        (140, Fit::UsesReserve, Some(hour(24 + 6))),
        (216, Fit::Fits, Some(hour(24 + 10))),
        (217, Fit::Fits, None),
        (240, Fit::UsesReserve, Some(hour(24 + 10))),
        (241, Fit::UsesReserve, None),
    ] {
        assert_eq!(rolling_day(&day, worst, wanted), first, "{worst} {wanted:?}");
    }
}

#[test]
fn what_fits_now_is_possible_now() {
    assert_eq!(rolling_day(&day_with(&[(2, 60)]), 156, Fit::Fits), Some(hour(24)));
    assert_eq!(rolling_day(&day_with(&[(2, 60)]), 157, Fit::UsesReserve), Some(hour(24)));
    assert_eq!(rolling_day(&day_with(&[(2, 60)]), 157, Fit::Fits), Some(hour(27)));
}

#[test]
fn a_calendar_budget_begins_anew_with_the_next_period() {
    let berlin = Zone::named("Europe/Berlin").unwrap();
    let window = Window::Calendar { period: Period::Month, zone: berlin };
    let now = hour(10 * 24);
    let counted = window.so_far(now);
    let budget = budget("99 %", 241_000, 2_410);
    let asked = Asked { window: &window, counted, budget: &budget };
    let first = |worst, wanted| first_fit(&asked, &[], RESERVE, worst, wanted, now).map(Moment::rfc3339);
    // November so far has 241 hours, so a thousand events an hour; December has 744.
    let december = Some("2026-11-30T23:00:00Z".to_owned());
    assert_eq!(first(0, Fit::UsesReserve), december);
    assert_eq!(first(7_440, Fit::UsesReserve), december);
    assert_eq!(first(7_441, Fit::UsesReserve), None, "more than a whole month of budget");
    assert_eq!(first(6_696, Fit::Fits), december);
    assert_eq!(first(6_697, Fit::Fits), None);
}

#[test]
fn a_refusal_names_the_numbers_and_the_first_date() {
    let window = Window::rolling(1).unwrap();
    let spent = budget("90 %", 2_400, 240);
    let asked = Asked { window: &window, counted: hours(0, 24), budget: &spent };
    let units = [Unit { start: hour(2), end: hour(3), counts: Counts { good: 40, bad: 240 } }];
    let fitting = |worst| Fitting::of(&asked, &units, RESERVE, worst, hour(24)).words();
    assert_eq!(
        fitting(60),
        "0 % left, so nothing may be risked; first possible on 2026-11-02T03:00:00Z if nothing bad happens until then"
    );
    assert!(fitting(241).contains("make the plan smaller"));
    let half = budget("90 %", 24_000, 1_200);
    let asked = Asked { window: &window, counted: hours(0, 24), budget: &half };
    let fitting = |worst| Fitting::of(&asked, &[], RESERVE, worst, hour(24)).words();
    assert_eq!(
        fitting(960),
        "50 % left, 1,200 bad events can still happen; the worst case is 960, 240 stay in reserve"
    );
    assert!(fitting(961).contains("uses the reserve of 240"));
    assert!(fitting(1_201).contains("which is more"));
}

proptest! {
    #[test]
    fn a_dearer_plan_never_fits_better_and_never_sooner(
        bad in prop::collection::vec((0i64..24, 0u64..60), 0..8),
        worst in 0u64..300,
    ) {
        let day = day_with(&bad);
        for wanted in [Fit::Fits, Fit::UsesReserve] {
            let (cheap, dear) = (rolling_day(&day, worst, wanted), rolling_day(&day, worst + 1, wanted));
            prop_assert!(dear.is_none() || cheap.is_some_and(|cheap| Some(cheap) <= dear));
        }
    }

    #[test]
    fn at_the_first_date_it_fits_and_just_before_it_did_not(
        bad in prop::collection::vec((0i64..24, 0u64..60), 0..8),
        worst in 0u64..300,
    ) {
        let day = day_with(&bad);
        // As much traffic comes as goes: another day, all good.
        let later = (24..48).map(|hour| events(hour, hour + 1, 100, 0));
        let series = Series::of(day.iter().copied().chain(later));
        let fits_at = |now: Moment| {
            let window = Window::rolling(1).unwrap().so_far(now);
            let counts = counted(&series, Method::Occurrences, window).counts;
            let budget = Budget::of(Target::read("90 %").unwrap(), counts).unwrap();
            fit(&budget, RESERVE, worst) <= Fit::UsesReserve
        };
        match rolling_day(&day, worst, Fit::UsesReserve) {
            Some(first) => {
                prop_assert!(fits_at(first));
                prop_assert!(first == hour(24) || !fits_at(first.plus_hours(-1)));
            }
            None => prop_assert!((24..=48).all(|now| !fits_at(hour(now)))),
        }
    }
}
