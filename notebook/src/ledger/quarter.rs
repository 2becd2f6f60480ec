//! A quarter of a year, in UTC: one book for the whole notebook, whatever zones its teams work in.

use std::{fmt, str::FromStr};

use crate::{
    interval::Interval,
    slos::window::{Period, Window},
    time::{Moment, Zone},
};

/// "2026-Q4".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    year: i16,
    /// From 1 to 4.
    number: i8,
}

impl Quarter {
    /// The quarter a moment lies in.
    pub fn of(moment: Moment) -> Self {
        let date = moment.civil(&Zone::utc()).date();
        Self { year: date.year(), number: (date.month() - 1) / 3 + 1 }
    }

    pub fn interval(self) -> Interval {
        let first = format!("{:04}-{:02}-01T00:00:00Z", self.year, (self.number - 1) * 3 + 1);
        let first = Moment::parse(&first).unwrap_or(Moment::from_micros(0));
        Window::Calendar { period: Period::Quarter, zone: Zone::utc() }.around(first)
    }

    #[must_use]
    pub fn before(self) -> Self {
        Self::of(self.interval().start().plus_micros(-1))
    }

    #[must_use]
    pub fn after(self) -> Self {
        Self::of(self.interval().end())
    }
}

/// What is no quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoQuarter;

impl FromStr for Quarter {
    type Err = NoQuarter;

    fn from_str(text: &str) -> Result<Self, NoQuarter> {
        let (year, number) = text.trim().split_once(['-', ' ']).ok_or(NoQuarter)?;
        let number = number.strip_prefix(['Q', 'q']).ok_or(NoQuarter)?;
        let is_plain = year.len() == 4 && number.len() == 1;
        match (year.parse(), number.parse()) {
            (Ok(year @ 1970..=8999), Ok(number @ 1..=4)) if is_plain => Ok(Self { year, number }),
            _ => Err(NoQuarter),
        }
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_read_and_said() {
        for (text, said) in [("2026-Q4", Some("2026-Q4")), (" 2026-q1 ", Some("2026-Q1")), ("2026 Q2", Some("2026-Q2"))]
        {
            assert_eq!(text.parse::<Quarter>().ok().map(|quarter| quarter.to_string()).as_deref(), said);
        }
        for bad in ["", "2026", "2026-Q0", "2026-Q5", "26-Q1", "2026-4", "2026-Q+1", "+026-Q1", "1969-Q4"] {
            assert_eq!(bad.parse::<Quarter>(), Err(NoQuarter), "{bad}");
        }
    }

    #[test]
    fn quarters_follow_each_other() {
        let last: Quarter = "2026-Q4".parse().unwrap();
        let said = |moment: Moment| moment.rfc3339();
        let interval = last.interval();
        assert_eq!(
            (said(interval.start()), said(interval.end())),
            ("2026-10-01T00:00:00Z".into(), "2027-01-01T00:00:00Z".into())
        );
        assert_eq!((last.before().to_string(), last.after().to_string()), ("2026-Q3".into(), "2027-Q1".into()));
        assert_eq!(Quarter::of(interval.start()), last);
        assert_eq!(Quarter::of(interval.end().plus_micros(-1)), last);
    }
}
