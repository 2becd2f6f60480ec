//! The next time at which everybody needed is there for long enough.

use super::Team;
use crate::{
    interval::{Interval, in_both},
    limits::WORKING_TIME_DAYS_AHEAD,
    time::Moment,
};

/// The first moment at or after `from` at which a run of so many milliseconds, revert included,
/// lies within one working interval of every team and outside of all `frozen` time. None without
/// teams, since then nobody knows, and none if a year has no such moment.
pub fn next_start(teams: &[Team], from: Moment, ms: i64, frozen: &[Interval]) -> Option<Moment> {
    first_fit(teams, Interval::lasting(from, WORKING_TIME_DAYS_AHEAD * 86_400_000), ms, frozen)
}

/// The same with another end: the run starts within a stretch of time.
pub fn first_fit(teams: &[Team], within: Interval, ms: i64, frozen: &[Interval]) -> Option<Moment> {
    let (first, others) = teams.split_first()?;
    let together = others.iter().fold(first.working(within), |all, team| in_both(&all, &team.working(within)));
    together
        .iter()
        .filter_map(|interval| interval.common(Interval::new(within.start(), interval.end())?))
        .flat_map(|interval| interval.without(frozen))
        .find(|free| Interval::lasting(free.start(), ms).end() <= free.end())
        .map(Interval::start)
        .filter(|start| *start < within.end())
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::{
        calendar::{
            outside::outside,
            sample::{MONDAY_TO_FRIDAY, SUNDAY_TO_THURSDAY, data_platform, from as local, team},
            week::Day,
        },
        time::MICROS_A_SECOND,
    };

    const HOUR_MS: i64 = 3_600_000;

    fn next(teams: &[Team], from: &str, hours: i64, frozen: &[Interval]) -> Option<String> {
        next_start(teams, Moment::parse(from).unwrap(), hours * HOUR_MS, frozen).map(Moment::rfc3339)
    }

    #[test]
    fn the_next_start_is_now_later_today_or_after_the_weekend() {
        let berlin = [data_platform()];
        for (from, hours, start) in [
            ("2026-11-24T10:00:00Z", 1, "2026-11-24T10:00:00Z"),
            ("2026-11-24T04:00:00Z", 1, "2026-11-24T08:00:00Z"),
            ("2026-11-24T15:30:00Z", 1, "2026-11-25T08:00:00Z"),
            ("2026-11-27T15:30:00Z", 1, "2026-11-30T08:00:00Z"),
            ("2026-11-24T08:00:00Z", 8, "2026-11-24T08:00:00Z"),
            ("2026-03-27T16:00:00Z", 8, "2026-03-30T07:00:00Z"),
        ] {
            assert_eq!(next(&berlin, from, hours, &[]).as_deref(), Some(start), "{from}, {hours} h");
        }
        assert_eq!(next(&berlin, "2026-11-24T08:00:00Z", 9, &[]), None, "no day is that long");
    }

    #[test]
    fn frozen_time_is_passed_over() {
        let berlin = data_platform();
        let frozen = [local("2026-11-24T00:00", &berlin, 2 * 24 * 60), local("2026-11-26T10:00", &berlin, 60)];
        let of = |hours| next(std::slice::from_ref(&berlin), "2026-11-24T08:00:00Z", hours, &frozen);
        assert_eq!(of(1).unwrap(), "2026-11-26T08:00:00Z", "it may end exactly where a freeze begins");
        assert_eq!(of(2).unwrap(), "2026-11-26T10:00:00Z");
    }

    #[test]
    fn teams_meet_when_all_of_them_work() {
        let tel_aviv = team("Asia/Jerusalem", &SUNDAY_TO_THURSDAY, "09:00–17:00");
        let auckland = team("Pacific/Auckland", &MONDAY_TO_FRIDAY, "09:00–17:00");
        // Friday afternoon in Berlin: the first common day is Monday, from 09:00 in Berlin on.
        let both = [data_platform(), tel_aviv];
        assert_eq!(next(&both, "2026-11-27T12:00:00Z", 2, &[]).unwrap(), "2026-11-30T08:00:00Z");
        assert_eq!(next(&[data_platform(), auckland], "2026-11-27T12:00:00Z", 1, &[]), None, "never together");
        assert_eq!(next(&[], "2026-11-27T12:00:00Z", 1, &[]), None);
        assert_eq!(next(&[team("UTC", &[], "09:00–17:00")], "2026-11-27T12:00:00Z", 1, &[]), None);
    }

    proptest! {
        // Each case lays out two years of two teams.
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn the_next_start_is_inside_and_no_earlier_minute_is(
            minutes in 0i64..40_000_000,
            length in 1i64..12,
            zones in prop::collection::vec(select(vec!["Europe/Berlin", "Europe/London", "America/New_York"]), 1..3),
            days in select(vec![&MONDAY_TO_FRIDAY[..], &SUNDAY_TO_THURSDAY[..], Day::ALL]),
        ) {
            let teams: Vec<Team> = zones.iter().map(|zone| team(zone, days, "08:00–18:00")).collect();
            let from = Moment::from_micros(minutes * 60 * MICROS_A_SECOND);
            let ms = length * HOUR_MS;
            let start = next_start(&teams, from, ms, &[]);
            if let Some(start) = start {
                prop_assert!(start >= from);
                prop_assert!(outside(&teams, Interval::lasting(start, ms)).is_empty());
            }
            for quarters in 0..120 {
                let earlier = from.plus_minutes(15 * quarters);
                if start.is_none_or(|start| earlier < start) {
                    prop_assert!(!outside(&teams, Interval::lasting(earlier, ms)).is_empty());
                }
            }
        }
    }
}
