//! A recurring time by the clock on the wall: every second Tuesday at 10:00, in a zone (product reference,
//! section 3.17). The days come out of jiff's calendar, and the instants out of its zones.

use std::{collections::BTreeSet, fmt};

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::week::{Day, clock};
use crate::{
    experiments::plan::vocabulary,
    interval::Interval,
    time::{MICROS_A_DAY, Moment, Zone},
};

vocabulary! {
    /// Which of a month's days of one name.
    Nth {
        First = "first", "first";
        Second = "second", "second";
        Third = "third", "third";
        Fourth = "fourth", "fourth";
        Last = "last", "last";
    }
}

impl Nth {
    const fn number(self) -> i8 {
        match self {
            Self::First => 1,
            Self::Second => 2,
            Self::Third => 3,
            Self::Fourth => 4,
            Self::Last => -1,
        }
    }
}

/// Minutes after midnight, kept and sent as "10:00".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct At(u16);

impl At {
    /// "10:00"; otherwise a clause.
    pub fn read(text: &str) -> Result<Self, String> {
        let minutes = clock(text).filter(|minutes| *minutes < 24 * 60);
        minutes.map(Self).ok_or_else(|| "takes a time of day such as 10:00".to_owned())
    }

    fn on(self, date: Date, zone: &Zone) -> Option<Moment> {
        let (hour, minute) = (i8::try_from(self.0 / 60).ok()?, i8::try_from(self.0 % 60).ok()?);
        Moment::of_civil(date.at(hour, minute, 0, 0), zone)
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl TryFrom<String> for At {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::read(&text)
    }
}

impl From<At> for String {
    fn from(at: At) -> String {
        at.to_string()
    }
}

/// The period of a recurrence, and its days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "unit", rename_all = "snake_case")]
pub enum Every {
    /// These days of the first of so many weeks.
    Weeks { number: u8, days: BTreeSet<Day> },
    /// One day of the first of so many months.
    Months { number: u8, nth: Nth, day: Day },
}

/// When something is to be done again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurrence {
    pub every: Every,
    pub at: At,
    pub zone: Zone,
    /// The first and the last date on which it may fall.
    pub from: Date,
    pub until: Option<Date>,
    /// One valid run is promised in so many days; in each period, if this says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise_days: Option<u16>,
}

/// One time a recurrence names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The date in the recurrence's zone; it names the slot for good.
    pub date: Date,
    pub at: Moment,
    /// The end of its period: it moves no further.
    pub before: Moment,
}

/// Missing a promise by this much is not overdue yet.
const GRACE_DAYS: i64 = 1;
/// A promise for less than this has less grace: its part of that day.
const GRACE_WHOLE_FROM_DAYS: u16 = 7;

impl Recurrence {
    /// What it names in a stretch of time, in order.
    pub fn due(&self, within: Interval) -> Vec<Due> {
        let last = within.end().civil(&self.zone).date();
        let last = self.until.map_or(last, |until| until.min(last));
        let first = self.period_around(within.start().civil(&self.zone).date());
        let starts = std::iter::successors(first, |start| start.checked_add(self.period()).ok());
        let all = starts.take_while(|start| *start <= last).flat_map(|start| self.of_period(start));
        all.filter(|due| within.contains(due.at)).collect()
    }

    /// The first moment at which a rerun is overdue, one valid run having ended: what is promised, and a day of grace;
    /// less for what is promised within less than a week. None if the last date lies before that, without the grace:
    /// no further run was promised.
    pub fn overdue_from(&self, last: Moment) -> Option<Moment> {
        let next = last.civil(&self.zone).checked_add(self.promised()).ok()?;
        if self.until.is_some_and(|until| until < next.date()) {
            return None;
        }
        match self.promise_days.filter(|days| *days < GRACE_WHOLE_FROM_DAYS) {
            Some(days) => {
                let grace = i64::from(days) * GRACE_DAYS * MICROS_A_DAY / i64::from(GRACE_WHOLE_FROM_DAYS);
                Some(Moment::of_civil(next, &self.zone)?.plus_micros(grace))
            }
            None => Moment::of_civil(next.checked_add(Span::new().days(GRACE_DAYS)).ok()?, &self.zone),
        }
    }

    /// Within how long one valid run is promised.
    fn promised(&self) -> Span {
        match self.promise_days {
            Some(days) => Span::new().days(i64::from(days.max(1))),
            None => self.period(),
        }
    }

    /// The beginning of the first date on which it may fall.
    pub fn begins(&self) -> Option<Moment> {
        At(0).on(self.from, &self.zone)
    }

    /// Never of no length, whatever was carried in: periods follow one another up to an end.
    fn period(&self) -> Span {
        match &self.every {
            Every::Weeks { number, .. } => Span::new().weeks(i64::from((*number).max(1))),
            Every::Months { number, .. } => Span::new().months(i64::from((*number).max(1))),
        }
    }

    /// The start of a period that lies at or shortly before a date; of the first one before there is any.
    fn period_around(&self, date: Date) -> Option<Date> {
        let from = self.from;
        // A day earlier: another zone's midnight is not far away.
        let date = date.yesterday().unwrap_or(date);
        match &self.every {
            Every::Weeks { number, .. } => {
                let monday =
                    from.checked_sub(Span::new().days(i64::from(from.weekday().to_monday_zero_offset()))).ok()?;
                let weeks = date.duration_since(monday).as_hours() / (24 * 7);
                monday.checked_add(Span::new().weeks(whole_periods(weeks, *number))).ok()
            }
            Every::Months { number, .. } => {
                let count = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
                let months = count(date) - count(from);
                from.first_of_month().checked_add(Span::new().months(whole_periods(months, *number))).ok()
            }
        }
    }

    fn of_period(&self, start: Date) -> Vec<Due> {
        let dates: Vec<Date> = match &self.every {
            Every::Weeks { days, .. } => {
                let day = |day: &Day| start.checked_add(Span::new().days(day.offset())).ok();
                days.iter().filter_map(day).collect()
            }
            Every::Months { nth, day, .. } => {
                start.nth_weekday_of_month(nth.number(), day.weekday()).into_iter().collect()
            }
        };
        let end = start.checked_add(self.period()).ok().and_then(|end| At(0).on(end, &self.zone));
        let Some(before) = end else { return Vec::new() };
        let holds = |date: &Date| *date >= self.from && self.until.is_none_or(|until| *date <= until);
        let due = |date: Date| Some(Due { date, at: self.at.on(date, &self.zone)?, before });
        dates.into_iter().filter(holds).filter_map(due).collect()
    }

    /// "every 2 weeks on Monday and Thursday at 10:00 (Europe/Berlin), with a valid run every 10 days".
    pub fn words(&self) -> String {
        let often = match &self.every {
            Every::Weeks { number, days } => {
                let days: Vec<&str> = days.iter().map(|day| day.label()).collect();
                format!("{} on {}", often(*number, "week"), listed(&days))
            }
            Every::Months { number, nth, day } => {
                format!("on the {} {} of {}", nth.label(), day.label(), often(*number, "month"))
            }
        };
        let promise = match self.promise_days {
            None => String::new(),
            Some(1) => ", with a valid run every day".to_owned(),
            Some(days) => format!(", with a valid run every {days} days"),
        };
        format!("{often} at {} ({}){promise}", self.at, self.zone.name())
    }
}

/// So many units before now, as a whole number of periods and never below none.
fn whole_periods(units: i64, number: u8) -> i64 {
    let number = i64::from(number.max(1));
    units.max(0) / number * number
}

fn often(number: u8, unit: &str) -> String {
    if number == 1 { format!("every {unit}") } else { format!("every {number} {unit}s") }
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn weekly(number: u8, days: &[Day], at: &str, zone: &str, from: &str) -> Recurrence {
        Recurrence {
            every: Every::Weeks { number, days: days.iter().copied().collect() },
            at: At::read(at).unwrap(),
            zone: Zone::named(zone).unwrap(),
            from: date(from),
            until: None,
            promise_days: None,
        }
    }

    fn monthly(number: u8, nth: Nth, day: Day, at: &str, zone: &str, from: &str) -> Recurrence {
        Recurrence { every: Every::Months { number, nth, day }, ..weekly(1, &[], at, zone, from) }
    }

    fn within(from: &str, to: &str) -> Interval {
        let at = |day: &str| Moment::parse(&format!("{day}T00:00:00Z")).unwrap();
        Interval::new(at(from), at(to)).unwrap()
    }

    fn instants(rule: &Recurrence, from: &str, to: &str) -> Vec<String> {
        rule.due(within(from, to)).into_iter().map(|due| due.at.rfc3339()).collect()
    }

    /// Days and zones by another implementation of the recurrences of RFC 5545, with its own copy of the zones; the
    /// server's tests ask it again.
    #[test]
    fn two_years_of_three_zones_are_as_another_implementation_has_them() {
        let berlin = weekly(1, &[Day::Sunday], "02:30", "Europe/Berlin", "2026-01-01");
        let new_york = weekly(2, &[Day::Monday, Day::Thursday], "10:00", "America/New_York", "2026-01-08");
        let lord_howe = monthly(1, Nth::First, Day::Sunday, "02:15", "Australia/Lord_Howe", "2026-01-01");
        for (rule, table) in [
            (berlin, include_str!("../../tests/documents/recurrence/berlin.txt")),
            (new_york, include_str!("../../tests/documents/recurrence/new_york.txt")),
            (lord_howe, include_str!("../../tests/documents/recurrence/lord_howe.txt")),
        ] {
            let expected: Vec<&str> = table.lines().collect();
            assert_eq!(instants(&rule, "2026-01-01", "2028-01-01"), expected, "{}", rule.words());
        }
    }

    #[test]
    fn a_weekly_rerun_stays_at_ten_by_the_clock_on_the_wall() {
        let rule = weekly(1, &[Day::Monday], "10:00", "Europe/Berlin", "2026-03-01");
        assert_eq!(
            instants(&rule, "2026-03-20", "2026-04-08"),
            ["2026-03-23T09:00:00Z", "2026-03-30T08:00:00Z", "2026-04-06T08:00:00Z"]
        );
        assert_eq!(instants(&rule, "2026-10-19", "2026-10-27"), ["2026-10-19T08:00:00Z", "2026-10-26T09:00:00Z"]);
    }

    #[test]
    fn every_second_week_counts_from_the_first_date_and_ends_with_the_last() {
        let rule = Recurrence {
            until: Some(date("2026-12-07")),
            ..weekly(2, &[Day::Monday, Day::Friday], "10:00", "UTC", "2026-11-11")
        };
        assert_eq!(
            instants(&rule, "2026-01-01", "2027-06-01"),
            ["2026-11-13T10:00:00Z", "2026-11-23T10:00:00Z", "2026-11-27T10:00:00Z", "2026-12-07T10:00:00Z"]
        );
    }

    #[test]
    fn a_month_without_a_fifth_friday_still_has_a_last_one() {
        let rule = monthly(1, Nth::Last, Day::Friday, "10:00", "UTC", "2026-01-01");
        assert_eq!(
            instants(&rule, "2026-01-01", "2026-05-01"),
            ["2026-01-30T10:00:00Z", "2026-02-27T10:00:00Z", "2026-03-27T10:00:00Z", "2026-04-24T10:00:00Z"]
        );
    }

    #[test]
    fn overdue_is_a_period_and_a_day_after_the_last_run() {
        let rule = weekly(1, &[Day::Monday], "10:00", "Europe/Berlin", "2026-01-01");
        let last = Moment::parse("2026-11-02T10:00:00Z").unwrap();
        assert_eq!(rule.overdue_from(last).unwrap().rfc3339(), "2026-11-10T10:00:00Z", "eight days");
        // The clock goes back in between: still the same time of day.
        let last = Moment::parse("2026-10-22T08:00:00Z").unwrap();
        assert_eq!(rule.overdue_from(last).unwrap().rfc3339(), "2026-10-30T09:00:00Z");
        let monthly = monthly(1, Nth::First, Day::Monday, "10:00", "UTC", "2026-01-01");
        let last = Moment::parse("2026-01-31T10:00:00Z").unwrap();
        assert_eq!(monthly.overdue_from(last).unwrap().rfc3339(), "2026-03-01T10:00:00Z");
    }

    #[test]
    fn a_promise_of_its_own_has_a_day_of_grace_and_one_below_a_week_its_part_of_that() {
        let last = Moment::parse("2026-10-22T08:00:00Z").unwrap();
        for (promise_days, overdue) in [
            (None, "2026-10-30T09:00:00Z"),
            (Some(7), "2026-10-30T09:00:00Z"),
            (Some(14), "2026-11-06T09:00:00Z"),
            (Some(8), "2026-10-31T09:00:00Z"),
            // A seventh of three days is 10 h 17 min 8 and four sevenths of a second; the clock goes back meanwhile.
            (Some(3), "2026-10-25T19:17:08.571428Z"),
            (Some(1), "2026-10-23T11:25:42.857142Z"),
            (Some(0), "2026-10-23T08:00:00Z"),
        ] {
            let rule = Recurrence { promise_days, ..weekly(1, &[Day::Monday], "10:00", "Europe/Berlin", "2026-01-01") };
            assert_eq!(rule.overdue_from(last).unwrap().rfc3339(), overdue, "{promise_days:?}");
        }
    }

    /// As it stands in notebooks from before there were promises of their own, byte for byte.
    #[test]
    fn a_rule_without_a_promise_of_its_own_is_read_and_written_as_ever() {
        let text = r#"{"every":{"unit":"weeks","number":2,"days":["monday"]},"at":"10:00","zone":"UTC","from":"2026-11-01","until":null}"#;
        let rule: Recurrence = serde_json::from_str(text).unwrap();
        assert_eq!(rule, weekly(2, &[Day::Monday], "10:00", "UTC", "2026-11-01"));
        assert_eq!(serde_json::to_string(&rule).unwrap(), text);
        let often = Recurrence { promise_days: Some(3), ..rule };
        let text = serde_json::to_string(&often).unwrap();
        assert!(text.ends_with(r#","until":null,"promise_days":3}"#), "{text}");
        assert_eq!(serde_json::from_str::<Recurrence>(&text).unwrap(), often);
        assert_eq!(often.words(), "every 2 weeks on Monday at 10:00 (UTC), with a valid run every 3 days");
        let daily = Recurrence { promise_days: Some(1), ..often };
        assert!(daily.words().ends_with(", with a valid run every day"), "{}", daily.words());
    }

    #[test]
    fn after_its_last_date_nothing_is_promised() {
        let until = |day: &str| Recurrence {
            until: Some(date(day)),
            ..weekly(1, &[Day::Monday], "10:00", "Europe/Berlin", "2026-01-01")
        };
        // It ended on a Tuesday in Berlin, while it was Monday in UTC.
        let last = Moment::parse("2026-11-02T23:30:00Z").unwrap();
        assert_eq!(until("2026-11-10").overdue_from(last).unwrap().rfc3339(), "2026-11-10T23:30:00Z");
        assert_eq!(until("2026-11-09").overdue_from(last), None);
        assert_eq!(until("2026-11-09").begins().unwrap().rfc3339(), "2025-12-31T23:00:00Z");
    }

    #[test]
    fn a_recurrence_is_said_and_sent() {
        let rule = weekly(2, &[Day::Monday, Day::Thursday], "9:05", "Europe/Berlin", "2026-11-01");
        assert_eq!(rule.words(), "every 2 weeks on Monday and Thursday at 09:05 (Europe/Berlin)");
        let sent = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<Recurrence>(&sent).unwrap(), rule, "{sent}");
        let monthly = monthly(1, Nth::Second, Day::Tuesday, "10:00", "UTC", "2026-11-01");
        assert_eq!(monthly.words(), "on the second Tuesday of every month at 10:00 (UTC)");
        for no in ["", "24:00", "10", "10:60", "ten"] {
            assert!(At::read(no).is_err(), "{no}");
        }
    }

    #[test]
    fn the_end_of_the_calendar_is_no_endless_list() {
        let rule = weekly(1, &[Day::Monday], "10:00", "UTC", "9999-12-01");
        assert_eq!(instants(&rule, "9999-12-01", "9999-12-30").len(), 3, "a week that does not end is none");
    }

    #[test]
    fn a_period_of_no_length_is_no_endless_list() {
        let weeks = weekly(0, &[Day::Monday], "10:00", "UTC", "2026-11-01");
        assert_eq!(instants(&weeks, "2026-11-02", "2026-11-16"), ["2026-11-02T10:00:00Z", "2026-11-09T10:00:00Z"]);
        let months = monthly(0, Nth::First, Day::Monday, "10:00", "UTC", "2026-11-01");
        assert_eq!(instants(&months, "2026-11-01", "2027-01-01"), ["2026-11-02T10:00:00Z", "2026-12-07T10:00:00Z"]);
    }

    proptest! {
        /// Against the plain reading of the calendar, day by day.
        #[test]
        fn a_slot_is_wherever_the_calendar_says_so(
            first in 0i64..20_000,
            length in 1i64..80,
            number in 1u8..5,
            zone in select(vec!["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu"]),
            picked in prop::collection::btree_set(select(Day::ALL), 1..4),
        ) {
            let days: Vec<Day> = picked.into_iter().collect();
            let rule = weekly(number, &days, "12:00", zone, "2000-01-05");
            let start = Moment::from_micros(0).plus_days(first);
            let stretch = Interval::lasting(start, length * 86_400_000);
            let monday = date("2000-01-03");
            let mut expected = Vec::new();
            for day in -2..length + 2 {
                let local = start.plus_days(day).civil(&rule.zone).date();
                let passed = local.duration_since(monday).as_hours() / 24;
                let is_its_week = passed >= 0 && passed / 7 % i64::from(number) == 0;
                if is_its_week && local >= rule.from && days.contains(&Day::of(local)) {
                    let noon = Moment::from_local(&format!("{local}T12:00"), &rule.zone).unwrap();
                    if stretch.contains(noon) && !expected.contains(&noon) {
                        expected.push(noon);
                    }
                }
            }
            let found: Vec<Moment> = rule.due(stretch).into_iter().map(|due| due.at).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
