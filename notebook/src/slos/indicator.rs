//! What one event is judged by: a measured value with a bound in a unit, or a yes and no that the
//! source already says.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    experiments::{
        plan::{Allowed, vocabulary},
        units::{canonical, convert, plain, with_unit},
    },
    text::{Prose, Title},
};

vocabulary! {
    /// Which way a value gets worse.
    Direction {
        LargerIsWorse = "larger_is_worse", "larger is worse";
        SmallerIsWorse = "smaller_is_worse", "smaller is worse";
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    /// What is measured, e.g. "time to first byte".
    pub measure: Title,
    /// The values of good events; None if each event already says whether it was good.
    pub good: Option<Bound>,
    /// How tools measure it, in their own language: their queries, as an import or a person wrote them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<Prose>,
}

/// The values of good events: up to, or from, a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    pub direction: Direction,
    pub limit: Decimal,
    /// Canonical unit, such as `s`; None for plain numbers.
    pub unit: Option<String>,
    /// Whether a value of exactly the limit is still good: it is not "slower than 1 s".
    pub limit_is_good: bool,
}

impl Bound {
    /// "Slower than 1 s is bad" leaves exactly 1 s good. The unit is kept in its canonical form;
    /// otherwise a clause.
    pub fn bad_beyond(direction: Direction, limit: Decimal, unit: Option<&str>) -> Result<Self, String> {
        let unit = unit.map(str::trim).filter(|unit| !unit.is_empty());
        let kept = unit.map(canonical);
        let limit = match (unit, &kept) {
            (Some(unit), Some(kept)) => convert(limit, unit, kept)
                .ok_or_else(|| format!("has a limit that {kept} cannot hold exactly; write it in {kept}"))?,
            (None, _) | (_, None) => limit.normalize(),
        };
        Ok(Self { direction, limit, unit: kept, limit_is_good: true })
    }

    /// Whether an event with this value, in this unit, is good; none if the units have nothing to
    /// do with each other.
    pub fn is_good(&self, value: Decimal, unit: Option<&str>) -> Option<bool> {
        let value = match (unit, self.unit.as_deref()) {
            (Some(from), Some(to)) => convert(value, from, to)?,
            (None, _) => value,
            (Some(_), None) => return None,
        };
        let inside = match self.direction {
            Direction::LargerIsWorse => value < self.limit,
            Direction::SmallerIsWorse => value > self.limit,
        };
        Some(inside || (self.limit_is_good && value == self.limit))
    }

    /// The values of good events as a check of a plan would allow them.
    pub const fn allowed(&self) -> Allowed {
        match (self.direction, self.limit_is_good) {
            (Direction::LargerIsWorse, true) => Allowed::AtMost(self.limit),
            (Direction::LargerIsWorse, false) => Allowed::Below(self.limit),
            (Direction::SmallerIsWorse, true) => Allowed::AtLeast(self.limit),
            (Direction::SmallerIsWorse, false) => Allowed::Above(self.limit),
        }
    }

    /// What makes an event bad: "more than 1 s", "50 MB or less".
    pub fn bad_words(&self) -> String {
        let limit = with_unit(&plain(self.limit), self.unit.as_deref());
        match (self.direction, self.limit_is_good) {
            (Direction::LargerIsWorse, true) => format!("more than {limit}"),
            (Direction::LargerIsWorse, false) => format!("{limit} or more"),
            (Direction::SmallerIsWorse, true) => format!("less than {limit}"),
            (Direction::SmallerIsWorse, false) => format!("{limit} or less"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::{
        plan::{Measured, Outcome},
        units::decimal,
    };

    fn number(text: &str) -> Decimal {
        decimal(text).unwrap()
    }

    #[test]
    fn slower_than_one_second_excludes_exactly_one_second() {
        let home = Bound::bad_beyond(Direction::LargerIsWorse, number("1"), Some("s")).unwrap();
        assert_eq!(home.bad_words(), "more than 1 s");
        for (value, unit, good) in [
            ("1.000", "s", Some(true)),
            ("1000", "ms", Some(true)),
            ("1000.001", "ms", Some(false)),
            ("999.999", "ms", Some(true)),
            ("1.001", "s", Some(false)),
            ("1", "B", None),
        ] {
            assert_eq!(home.is_good(number(value), Some(unit)), good, "{value} {unit}");
        }
        assert_eq!(home.is_good(number("1"), None), Some(true), "a bare number is in the bound's unit");
    }

    #[test]
    fn a_bound_holds_its_limit_or_not_and_goes_either_way() {
        for (direction, limit_is_good, below, at, above, words) in [
            (Direction::LargerIsWorse, true, true, true, false, "more than 5 s"),
            (Direction::LargerIsWorse, false, true, false, false, "5 s or more"),
            (Direction::SmallerIsWorse, true, false, true, true, "less than 5 s"),
            (Direction::SmallerIsWorse, false, false, false, true, "5 s or less"),
        ] {
            let bound = Bound { direction, limit: number("5"), unit: Some("s".into()), limit_is_good };
            let is = ["4.999", "5", "5.001"].map(|value| bound.is_good(number(value), None).unwrap());
            assert_eq!((is, bound.bad_words().as_str()), ([below, at, above], words));
            for value in ["4.999", "5", "5.001"] {
                let exactly = Some(number(value));
                let seen = bound.allowed().outcome(&Measured::Within { lo: exactly, hi: exactly });
                assert_eq!(seen == Outcome::Held, bound.is_good(number(value), None).unwrap(), "{value}");
            }
        }
    }

    #[test]
    fn limits_are_kept_in_their_canonical_unit() {
        let bound = Bound::bad_beyond(Direction::LargerIsWorse, number("250"), Some("ms")).unwrap();
        assert_eq!((bound.limit, bound.unit.as_deref()), (number("0.25"), Some("s")));
        let plain = Bound::bad_beyond(Direction::SmallerIsWorse, number("3"), Some(" ")).unwrap();
        assert_eq!((plain.unit.as_deref(), plain.is_good(number("3"), Some("s"))), (None, None));
    }
}
