//! `measured:alert-gap>4min`: what a check was answered with, in whatever unit it was measured.

use std::fmt;

use rust_decimal::Decimal;

use crate::experiments::{
    plan::Measured,
    units::{convert, decimal, plain},
};

/// A bound on one measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// As tokens joined by hyphens: `alert-gap` asks for "Alert gap".
    pub measure: String,
    pub side: Side,
    pub number: Decimal,
    /// Empty for plain numbers.
    pub unit: String,
}

/// On which side of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// How surely a measured value is beyond a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Beyond {
    #[default]
    No,
    /// Only a part of the interval is.
    Possibly,
    Surely,
}

impl Beyond {
    /// How surely what either is or is not.
    pub const fn of(is: bool) -> Self {
        if is { Self::Surely } else { Self::No }
    }

    /// How surely it is not.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::No => Self::Surely,
            Self::Possibly => Self::Possibly,
            Self::Surely => Self::No,
        }
    }
}

/// What is taken, for people.
pub const TAKES: &str = "takes a check, a sign and a number with its unit, such as alert-gap>4min or error-rate<=2%";

impl Side {
    const ALL: [(&'static str, Self); 4] =
        [(">=", Self::AtLeast), ("<=", Self::AtMost), (">", Self::Above), ("<", Self::Below)];

    const fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
        }
    }

    fn holds(self, value: Decimal, number: Decimal) -> bool {
        match self {
            Self::Above => value > number,
            Self::AtLeast => value >= number,
            Self::Below => value < number,
            Self::AtMost => value <= number,
        }
    }
}

impl Bound {
    pub fn read(text: &str) -> Option<Self> {
        let text = text.replace('\u{2264}', "<=").replace('\u{2265}', ">=");
        let place = text.find(['<', '>'])?;
        let (measure, rest) = text.split_at(place);
        let (side, amount) = Side::ALL.iter().find_map(|(sign, side)| Some((*side, rest.strip_prefix(sign)?)))?;
        let digits = amount.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(amount.len());
        let (number, unit) = amount.split_at(digits);
        let known = |to: &&str| convert(Decimal::ONE, unit, to).is_some();
        if !unit.is_empty() && !["s", "B", "%", "/s", "/min", "/h"].iter().any(known) {
            return None;
        }
        let measure = super::tokens::tokens(measure).join("-");
        (!measure.is_empty()).then_some(())?;
        Some(Self { measure, side, number: decimal(number)?, unit: unit.to_owned() })
    }

    /// Whether a check with this name is meant.
    pub fn is_about(&self, measure: &str) -> bool {
        super::tokens::tokens(measure).join("-") == self.measure
    }

    /// How surely what was measured in this unit lies beyond.
    pub fn beyond(&self, measured: &Measured, unit: Option<&str>) -> Beyond {
        let Some(number) = convert(self.number, &self.unit, unit.unwrap_or_default()) else {
            return Beyond::No;
        };
        let (low, high) = match measured {
            Measured::Within { lo, hi } => (*lo, *hi),
            Measured::Over(low) => (Some(*low), None),
            Measured::Under(high) => (None, Some(*high)),
            Measured::Said { .. } | Measured::NoData => return Beyond::No,
        };
        let rising = matches!(self.side, Side::Above | Side::AtLeast);
        let (near, far) = if rising { (low, high) } else { (high, low) };
        // More than four is more than four, too: an open end never reaches its own number.
        let open = matches!(measured, Measured::Over(_) | Measured::Under(_));
        let surely = near.is_some_and(|near| self.side.holds(near, number) || (open && near == number));
        if surely {
            Beyond::Surely
        } else if far.is_none_or(|far| self.side.holds(far, number)) {
            Beyond::Possibly
        } else {
            Beyond::No
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}{}", self.measure, self.side.sign(), plain(self.number), self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(lo: i64, hi: i64) -> Measured {
        Measured::Within { lo: Some(lo.into()), hi: Some(hi.into()) }
    }

    #[test]
    fn an_interval_is_found_surely_possibly_or_not_at_all() {
        for (text, measured, expected) in [
            ("alert-gap>4min", within(300, 600), Beyond::Surely),
            ("alert-gap>=5min", within(300, 600), Beyond::Surely),
            ("alert-gap>5min", within(300, 600), Beyond::Possibly),
            ("alert-gap>=10min", within(300, 600), Beyond::Possibly),
            ("alert-gap>10min", within(300, 600), Beyond::No),
            ("alert-gap<=10min", within(300, 600), Beyond::Surely),
            ("alert-gap<5min", within(300, 600), Beyond::No),
            ("alert-gap>4min", Measured::Over(240.into()), Beyond::Surely),
            ("alert-gap>5min", Measured::Over(240.into()), Beyond::Possibly),
            ("alert-gap<4min", Measured::Over(240.into()), Beyond::No),
            ("alert-gap<5min", Measured::Over(240.into()), Beyond::Possibly),
            ("alert-gap>4%", within(300, 600), Beyond::No),
            ("alert-gap>4min", Measured::NoData, Beyond::No),
        ] {
            let bound = Bound::read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(bound.beyond(&measured, Some("s")), expected, "{text} {measured:?}");
            assert_eq!(bound.to_string(), text);
        }
    }

    #[test]
    fn a_check_is_named_without_case_and_blanks() {
        let bound = Bound::read("Alert-Gap>04.50min").unwrap();
        assert_eq!(bound.to_string(), "alert-gap>4.5min");
        assert_eq!(Bound::read("alert-gap\u{2265}10min").unwrap().to_string(), "alert-gap>=10min");
        assert!(bound.is_about("alert gap") && !bound.is_about("alert"));
        for bad in ["alert-gap", ">4min", "gap>", "gap>4parsec", "gap>=min", "gap=4", ""] {
            assert_eq!(Bound::read(bad), None, "{bad}");
        }
    }
}
