//! Working time on the time line: clock times of a zone become instants, with all that clocks do
//! on the two days on which they change.

use jiff::{
    Span,
    civil::{Date, Time},
};

use super::{
    Team,
    week::{Day, Hours},
};
use crate::{
    interval::{Interval, merged},
    time::{Moment, Zone},
};

impl Team {
    /// The working intervals that reach into `span`, in order. Stretches that touch are one, so a
    /// team that works around the clock is never interrupted by midnight; they begin and end
    /// where work does, at most a day or so outside of `span`.
    pub fn working(&self, span: Interval) -> Vec<Interval> {
        // A day before and after: what touches there belongs to the same interval.
        let first = span.start().civil(&self.zone).date().saturating_sub(Span::new().days(1));
        let last = span.end().civil(&self.zone).date().saturating_add(Span::new().days(1));
        let stretches = first
            .series(Span::new().days(1))
            .take_while(|date| *date <= last)
            .flat_map(|date| self.hours(date).iter().filter_map(move |hours| on(date, *hours, &self.zone)));
        let mut working = merged(stretches);
        working.retain(|interval| interval.overlaps(span) || interval.contains(span.start()));
        working
    }

    /// When the team works on a date; never on a holiday.
    pub fn hours(&self, date: Date) -> &[Hours] {
        if self.holidays.contains(&date) { &[] } else { self.week.on(Day::of(date)) }
    }
}

/// The hours of a date as instants. A time the clock change skips moves forward by the gap, a
/// repeated one means the first; hours of which nothing is left are none.
fn on(date: Date, hours: Hours, zone: &Zone) -> Option<Interval> {
    Interval::new(at(date, hours.opens(), zone)?, at(date, hours.closes(), zone)?).filter(|hours| !hours.is_empty())
}

fn at(date: Date, minutes: u16, zone: &Zone) -> Option<Moment> {
    let (hour, minute) = (i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?);
    let civil = match hour {
        24 => date.tomorrow().ok()?.to_datetime(Time::midnight()),
        hour => date.to_datetime(Time::new(hour, minute, 0, 0).ok()?),
    };
    Moment::of_civil(civil, zone)
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::{
        calendar::{
            sample::{MONDAY_TO_FRIDAY, data_platform, team},
            week::Week,
        },
        time::MICROS_A_SECOND,
    };

    /// The working intervals of one local day and those it touches, as UTC without the date's year.
    fn on_day(team: &Team, date: &str) -> Vec<String> {
        let start = Moment::from_local(&format!("{date}T00:00"), &team.zone).unwrap();
        let working = team.working(Interval::lasting(start, 24 * 3_600_000));
        working
            .iter()
            .map(|part| format!("{} {}", &part.start().rfc3339()[5..16], &part.end().rfc3339()[5..16]))
            .collect()
    }

    #[test]
    fn office_hours_follow_the_clock_on_the_wall() {
        let berlin = data_platform();
        assert_eq!(on_day(&berlin, "2026-03-27"), ["03-27T08:00 03-27T16:00"]);
        assert_eq!(on_day(&berlin, "2026-03-30"), ["03-30T07:00 03-30T15:00"], "summer time");
        assert_eq!(on_day(&berlin, "2026-03-28"), [""; 0], "Saturday");
    }

    #[test]
    fn on_the_days_clocks_change_nights_are_shorter_or_longer() {
        for (hours, date, working) in [
            // Spring: 02:00 becomes 03:00.
            ("00:00–06:00", "2026-03-29", "03-28T23:00 03-29T04:00"),
            ("02:30–06:00", "2026-03-29", "03-29T01:30 03-29T04:00"),
            ("00:00–02:30", "2026-03-29", "03-28T23:00 03-29T01:30"),
            ("02:10–02:40", "2026-03-29", "03-29T01:10 03-29T01:40"),
            // Autumn: 03:00 becomes 02:00.
            ("00:00–06:00", "2026-10-25", "10-24T22:00 10-25T05:00"),
            ("02:30–06:00", "2026-10-25", "10-25T00:30 10-25T05:00"),
            ("00:00–02:30", "2026-10-25", "10-24T22:00 10-25T00:30"),
        ] {
            assert_eq!(on_day(&team("Europe/Berlin", &[Day::Sunday], hours), date), [working], "{hours} on {date}");
        }
        // Opens at 02:30, which moves to 03:30, and closes at 03:15: nothing is left.
        assert_eq!(on_day(&team("Europe/Berlin", &[Day::Sunday], "02:30–03:15"), "2026-03-29"), [""; 0]);
    }

    #[test]
    fn a_day_can_end_at_a_midnight_that_clocks_skip() {
        // In Cairo, Thursday 23 April 2026 ends at the instant that reads 01:00 on Friday.
        let cairo = team("Africa/Cairo", &[Day::Thursday], "18:00–24:00");
        assert_eq!(on_day(&cairo, "2026-04-23"), ["04-23T16:00 04-23T22:00"]);
    }

    #[test]
    fn a_holiday_is_a_full_local_day() {
        let mut berlin = data_platform();
        berlin.holidays.insert(Date::constant(2026, 12, 25));
        assert_eq!(on_day(&berlin, "2026-12-25"), [""; 0]);
        assert_eq!(on_day(&berlin, "2026-12-24").len(), 1);
        let mut always = team("Asia/Kolkata", Day::ALL, "00:00–24:00");
        always.holidays.insert(Date::constant(2026, 1, 26));
        let around = always.working(Interval::lasting(Moment::parse("2026-01-25T00:00:00Z").unwrap(), 3 * 86_400_000));
        assert_eq!(around[0].end().rfc3339(), "2026-01-25T18:30:00Z");
        assert_eq!(around[1].start().rfc3339(), "2026-01-26T18:30:00Z");
    }

    #[test]
    fn stretches_that_touch_are_one_interval() {
        let mut night = team("Europe/Berlin", &[Day::Monday], "22:00–24:00");
        let days = [(Day::Monday, vec!["22:00–24:00"]), (Day::Tuesday, vec!["00:00–06:00"])];
        let read = |texts: Vec<&str>| texts.into_iter().map(|text| Hours::read(text).unwrap()).collect();
        night.week = Week::new(days.into_iter().map(|(day, texts)| (day, read(texts))).collect()).unwrap();
        assert_eq!(on_day(&night, "2026-11-23"), ["11-23T21:00 11-24T05:00"]);
        assert_eq!(on_day(&night, "2026-11-24"), ["11-23T21:00 11-24T05:00"], "the same one, from the other day");
        let always = team("Europe/Berlin", Day::ALL, "00:00–24:00");
        assert_eq!(on_day(&always, "2026-10-25").len(), 1);
    }

    proptest! {
        /// Against the plain reading of a clock. Not in the hours in which clocks change.
        #[test]
        fn working_is_when_the_clock_on_the_wall_says_so(
            minutes in 0i64..60_000_000,
            zone in select(vec!["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]),
            hours in select(vec!["09:00–17:00", "04:00–24:00", "05:30–12:15"]),
        ) {
            let team = team(zone, &MONDAY_TO_FRIDAY, hours);
            let now = Moment::from_micros(minutes * 60 * MICROS_A_SECOND);
            let wall = now.civil(&team.zone);
            let minute = u16::try_from(wall.hour()).unwrap() * 60 + u16::try_from(wall.minute()).unwrap();
            let stretch = Hours::read(hours).unwrap();
            let works = MONDAY_TO_FRIDAY.contains(&Day::of(wall.date()))
                && (stretch.opens()..stretch.closes()).contains(&minute);
            let working = team.working(Interval::lasting(now, 1));
            prop_assert_eq!(working.iter().any(|interval| interval.contains(now)), works, "{}", wall);
        }

        #[test]
        fn working_intervals_are_apart_and_in_order(
            days in 0i64..20_000,
            zone in select(vec!["Europe/Berlin", "Africa/Cairo", "America/New_York", "Australia/Lord_Howe"]),
            hours in select(vec!["00:00–24:00", "02:15–02:45", "09:00–17:00", "00:00–03:00"]),
        ) {
            let start = Moment::from_micros(0).plus_days(days);
            let working = team(zone, Day::ALL, hours).working(Interval::lasting(start, 10 * 86_400_000));
            for pair in working.windows(2) {
                prop_assert!(pair[0].end() < pair[1].start());
            }
        }
    }
}
