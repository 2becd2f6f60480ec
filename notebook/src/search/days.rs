//! Dates as people ask for them: a day, a month, a year, a week, from one to another, or so many days ago.
//! Days are those of UTC, as the index keeps them.

use std::fmt;

use jiff::{
    Span,
    civil::{Date, ISOWeekDate, Weekday},
};

/// Years that are looked at; what is outside is cut.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// A stretch of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    In(Part),
    /// Both ends belong to it.
    Between(Part, Part),
    After(Part),
    From(Part),
    Before(Part),
    UpTo(Part),
    /// More than so many days ago.
    OlderThan(u16),
    /// At most so many days ago.
    Within(u16),
}

/// A part of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Today,
    Day(Date),
    /// Its first day.
    Month(Date),
    Year(Date),
    Week(Date),
}

/// What a sign before a part makes of it.
type Of = fn(Part) -> Days;

/// What is taken, for people.
pub const TAKES: &str =
    "takes a date like 2026-10-01, 2026-10, 2026, 2026-W40 or today, two with .. between them, or >7d for days ago";

impl Days {
    pub fn read(text: &str) -> Option<Self> {
        if let Some((from, to)) = text.split_once("..") {
            return Some(Self::Between(Part::read(from)?, Part::read(to)?));
        }
        let signs: &[(&str, Of)] = &[(">=", Self::From), ("<=", Self::UpTo), (">", Self::After), ("<", Self::Before)];
        let Some((sign, rest, of)) = signs.iter().find_map(|(sign, of)| Some((*sign, text.strip_prefix(sign)?, of)))
        else {
            return Part::read(text).map(Self::In);
        };
        match rest.strip_suffix('d') {
            Some(days) => {
                let days: u16 = days.parse().ok()?;
                match sign {
                    ">" => Some(Self::OlderThan(days)),
                    "<" => Some(Self::Within(days)),
                    _ => None,
                }
            }
            None => Part::read(rest).map(of),
        }
    }

    /// The first day and the first one behind it, within the years that are looked at; None where there is no day.
    pub fn bounds(self, today: Date) -> Option<(Date, Date)> {
        let first = Date::constant(*YEARS.start(), 1, 1);
        let end = Date::constant(*YEARS.end(), 12, 31);
        let ago = |days: u16| today.saturating_sub(Span::new().days(i64::from(days)));
        let (from, until) = match self {
            Self::In(part) => part.bounds(today),
            Self::Between(from, to) => (from.bounds(today).0, to.bounds(today).1),
            Self::After(part) => (part.bounds(today).1, end),
            Self::From(part) => (part.bounds(today).0, end),
            Self::Before(part) => (first, part.bounds(today).0),
            Self::UpTo(part) => (first, part.bounds(today).1),
            Self::OlderThan(days) => (first, ago(days)),
            Self::Within(days) => (ago(days), end),
        };
        let (from, until) = (from.max(first), until.min(end));
        (from < until).then_some((from, until))
    }
}

impl Part {
    fn read(text: &str) -> Option<Self> {
        if text == "today" {
            return Some(Self::Today);
        }
        let numbers: Vec<&str> = text.split('-').collect();
        let number = |text: &str, digits: usize| -> Option<i8> {
            (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
        };
        let year = |text: &str| -> Option<i16> {
            (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
        };
        match numbers.as_slice() {
            [of] => Date::new(year(of)?, 1, 1).ok().map(Self::Year),
            [of, week] if week.starts_with(['w', 'W']) => {
                let week = ISOWeekDate::new(year(of)?, number(&week[1..], 2)?, Weekday::Monday).ok()?;
                Some(Self::Week(week.date()))
            }
            [of, month] => Date::new(year(of)?, number(month, 2)?, 1).ok().map(Self::Month),
            [of, month, day] => Date::new(year(of)?, number(month, 2)?, number(day, 2)?).ok().map(Self::Day),
            _ => None,
        }
    }

    /// The first day and the first one behind it.
    fn bounds(self, today: Date) -> (Date, Date) {
        let (first, length) = match self {
            Self::Today => (today, Span::new().days(1)),
            Self::Day(first) => (first, Span::new().days(1)),
            Self::Month(first) => (first, Span::new().months(1)),
            Self::Year(first) => (first, Span::new().years(1)),
            Self::Week(first) => (first, Span::new().days(7)),
        };
        (first, first.saturating_add(length))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Today => f.write_str("today"),
            Self::Day(day) => write!(f, "{day}"),
            Self::Month(first) => write!(f, "{:04}-{:02}", first.year(), first.month()),
            Self::Year(first) => write!(f, "{:04}", first.year()),
            Self::Week(monday) => {
                let week = monday.iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
        }
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::In(part) => write!(f, "{part}"),
            Self::Between(from, to) => write!(f, "{from}..{to}"),
            Self::After(part) => write!(f, ">{part}"),
            Self::From(part) => write!(f, ">={part}"),
            Self::Before(part) => write!(f, "<{part}"),
            Self::UpTo(part) => write!(f, "<={part}"),
            Self::OlderThan(days) => write!(f, ">{days}d"),
            Self::Within(days) => write!(f, "<{days}d"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_stretches_of_days() {
        let today = Date::constant(2026, 11, 27);
        for (text, from, until) in [
            ("2026-10-01", "2026-10-01", "2026-10-02"),
            ("2026-10", "2026-10-01", "2026-11-01"),
            ("2026", "2026-01-01", "2027-01-01"),
            ("2026-W40", "2026-09-28", "2026-10-05"),
            ("2026-10..2026-11", "2026-10-01", "2026-12-01"),
            (">2026-10", "2026-11-01", "2100-12-31"),
            (">=2026-10-01", "2026-10-01", "2100-12-31"),
            ("<2026-10-01", "2000-01-01", "2026-10-01"),
            ("<=2026-10-01", "2000-01-01", "2026-10-02"),
            (">7d", "2000-01-01", "2026-11-20"),
            ("<7d", "2026-11-20", "2100-12-31"),
            ("today", "2026-11-27", "2026-11-28"),
        ] {
            let days = Days::read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(days.to_string(), text);
            let (first, end) = days.bounds(today).unwrap();
            assert_eq!((first.to_string(), end.to_string()), (from.to_owned(), until.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused_and_an_empty_stretch_holds_no_day() {
        for text in ["", "yesterday", "2026-13", "2026-02-30", "2026-1", "26", "2026-W54", "7d", ">=7d", "..", "+026"] {
            assert_eq!(Days::read(text), None, "{text}");
        }
        assert_eq!(Days::read("2026-11..2026-10").unwrap().bounds(Date::constant(2026, 11, 27)), None);
    }
}
