//! The stretch of time a promise is about: the last so many days, or a period of the calendar.

use jiff::{
    Span,
    civil::{Date, DateTime},
};
use serde::{Deserialize, Serialize};

use crate::{
    experiments::plan::vocabulary,
    interval::Interval,
    limits::WINDOW_DAYS_MAX,
    time::{Moment, Zone},
};

vocabulary! {
    /// A period of the calendar. Weeks begin on Monday.
    Period {
        Day = "day", "day";
        Week = "week", "week";
        Month = "month", "month";
        Quarter = "quarter", "quarter";
        Year = "year", "year";
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// The last so many times 24 hours, whatever clocks did meanwhile.
    Rolling { days: u32 },
    /// From local midnight to local midnight; its length follows the calendar and the clocks.
    Calendar { period: Period, zone: Zone },
}

impl Window {
    pub fn rolling(days: u32) -> Result<Self, String> {
        match days {
            0 => Err("is 0 days; a window has at least one".into()),
            days if days > WINDOW_DAYS_MAX => Err(format!("is longer than {WINDOW_DAYS_MAX} days; write fewer")),
            days => Ok(Self::Rolling { days }),
        }
    }

    /// The whole window at `now`: what lies behind for a rolling one, and the period around `now`
    /// for the calendar.
    pub fn around(&self, now: Moment) -> Interval {
        let (start, end) = match self {
            Self::Rolling { days } => (now.plus_days(-i64::from(*days)), now),
            Self::Calendar { period, zone } => {
                let first = period.first_day(now.civil(zone).date());
                (midnight(first, zone, now), midnight(period.after(first), zone, now))
            }
        };
        Interval::new(start, end).unwrap_or(Interval::lasting(now, 0))
    }

    /// The part of it that lies behind `now`; empty at the first instant of a calendar period.
    pub fn so_far(&self, now: Moment) -> Interval {
        Interval::new(self.around(now).start(), now).unwrap_or(Interval::lasting(now, 0))
    }

    /// The period after the present one; a rolling window has none, since it never begins anew.
    pub fn next(&self, now: Moment) -> Option<Interval> {
        match self {
            Self::Rolling { .. } => None,
            Self::Calendar { .. } => Some(self.around(self.around(now).end())),
        }
    }

    /// The most days it ever has.
    pub fn days_max(&self) -> i64 {
        match self {
            Self::Rolling { days } => i64::from(*days),
            Self::Calendar { period, .. } => period.days_max(),
        }
    }

    /// "28 days", "calendar month in Europe/Berlin".
    pub fn words(&self) -> String {
        match self {
            Self::Rolling { days: 1 } => "1 day".into(),
            Self::Rolling { days } => format!("{days} days"),
            Self::Calendar { period, zone } => format!("calendar {} in {}", period.label(), zone.name()),
        }
    }
}

impl Period {
    /// Whether a period begins at this local time.
    pub fn begins_at(self, local: DateTime) -> bool {
        DateTime::from(self.first_day(local.date())) == local
    }

    const fn days_max(self) -> i64 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 31,
            Self::Quarter => 92,
            Self::Year => 366,
        }
    }

    fn first_day(self, date: Date) -> Date {
        match self {
            Self::Day => date,
            Self::Week => date.saturating_sub(Span::new().days(date.weekday().to_monday_zero_offset())),
            Self::Month => date.first_of_month(),
            Self::Quarter => date.first_of_month().saturating_sub(Span::new().months((date.month() - 1) % 3)),
            Self::Year => date.first_of_year(),
        }
    }

    /// The first day of the period after the one that begins on `first`.
    fn after(self, first: Date) -> Date {
        let length = match self {
            Self::Day => Span::new().days(1),
            Self::Week => Span::new().weeks(1),
            Self::Month => Span::new().months(1),
            Self::Quarter => Span::new().months(3),
            Self::Year => Span::new().years(1),
        };
        first.saturating_add(length)
    }
}

/// The first instant of a local day; `now` only where the calendar ends, which no clock reaches.
fn midnight(date: Date, zone: &Zone, now: Moment) -> Moment {
    Moment::of_civil(DateTime::from(date), zone).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::time::MICROS_A_SECOND;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    fn calendar(period: Period, zone: &str) -> Window {
        Window::Calendar { period, zone: Zone::named(zone).unwrap() }
    }

    fn ends(window: Interval) -> [String; 2] {
        [window.start().rfc3339(), window.end().rfc3339()]
    }

    #[test]
    fn calendar_periods_begin_and_end_at_local_midnight() {
        let now = at("2026-11-18T10:00:00Z");
        for (period, start, end) in [
            (Period::Day, "2026-11-17T23:00:00Z", "2026-11-18T23:00:00Z"),
            (Period::Week, "2026-11-15T23:00:00Z", "2026-11-22T23:00:00Z"),
            (Period::Month, "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"),
            (Period::Quarter, "2026-09-30T22:00:00Z", "2026-12-31T23:00:00Z"),
            (Period::Year, "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"),
        ] {
            assert_eq!(ends(calendar(period, "Europe/Berlin").around(now)), [start, end], "{period:?}");
        }
    }

    #[test]
    fn a_period_begins_at_its_first_midnight() {
        let at = |text: &str| text.parse::<DateTime>().unwrap();
        for (period, yes, no) in [
            (Period::Day, "2022-01-03 00:00:00", "2022-01-03 12:00:00"),
            (Period::Week, "2022-01-03 00:00:00", "2022-01-01 00:00:00"),
            (Period::Month, "2022-02-01 00:00:00", "2022-02-02 00:00:00"),
            (Period::Quarter, "2022-04-01 00:00:00", "2022-02-01 00:00:00"),
            (Period::Year, "2022-01-01 00:00:00", "2022-04-01 00:00:00"),
        ] {
            assert_eq!([period.begins_at(at(yes)), period.begins_at(at(no))], [true, false], "{period:?}");
        }
    }

    #[test]
    fn a_day_on_which_clocks_change_is_longer_or_shorter() {
        let hours = |now: &str, zone: &str| calendar(Period::Day, zone).around(at(now)).ms() / 3_600_000;
        assert_eq!(hours("2026-03-29T12:00:00Z", "Europe/Berlin"), 23);
        assert_eq!(hours("2026-10-25T12:00:00Z", "Europe/Berlin"), 25);
        assert_eq!(hours("2026-10-26T12:00:00Z", "Europe/Berlin"), 24);
        // There the clock jumps over midnight itself: the day begins at one o'clock.
        let cairo = calendar(Period::Day, "Africa/Cairo").around(at("2026-04-24T12:00:00Z"));
        assert_eq!((cairo.start().rfc3339().as_str(), cairo.ms() / 3_600_000), ("2026-04-23T22:00:00Z", 23));
    }

    #[test]
    fn a_rolling_window_is_so_many_times_24_hours() {
        let window = Window::rolling(28).unwrap();
        assert_eq!(ends(window.around(at("2026-11-05T09:00:00Z"))), ["2026-10-08T09:00:00Z", "2026-11-05T09:00:00Z"]);
        assert_eq!(window.next(at("2026-11-05T09:00:00Z")), None);
        assert!(Window::rolling(0).is_err() && Window::rolling(367).is_err());
    }

    #[test]
    fn a_window_rolls_over_at_midnight_of_its_zone() {
        let month = calendar(Period::Month, "Europe/Berlin");
        let turn = at("2026-11-30T23:00:00Z");
        assert_eq!(month.around(turn.plus_micros(-1)).end(), turn);
        assert_eq!(month.around(turn).start(), turn);
        assert!(month.so_far(turn).is_empty());
        assert_eq!(month.so_far(turn.plus_hours(1)).ms(), 3_600_000);
        assert_eq!(month.next(turn.plus_micros(-1)), Some(month.around(turn)));
    }

    #[test]
    fn windows_are_said_with_their_zone() {
        assert_eq!(Window::rolling(28).unwrap().words(), "28 days");
        assert_eq!(calendar(Period::Month, "Europe/Berlin").words(), "calendar month in Europe/Berlin");
    }

    proptest! {
        #[test]
        fn periods_follow_each_other_without_gap_or_overlap(
            seconds in 0i64..4_000_000_000,
            period in select(Period::ALL),
            zone in select(vec!["UTC", "Europe/Berlin", "America/New_York", "Africa/Cairo", "Pacific/Apia", "Asia/Kolkata"]),
        ) {
            let (window, now) = (calendar(period, zone), Moment::from_micros(seconds * MICROS_A_SECOND));
            let around = window.around(now);
            prop_assert!(around.contains(now));
            prop_assert_eq!(window.next(now).unwrap().start(), around.end());
            prop_assert_eq!(window.around(around.start()), around);
            prop_assert_eq!(window.around(around.end().plus_micros(-1)), around);
        }
    }
}
