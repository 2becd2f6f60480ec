//! Sets of allowed values: what a measured value means for them, and how two of them nest.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::{
    plan::{Allowed, Measured, Outcome},
    units::{self, plain, with_unit},
};

/// Every comparator as stored, with what people choose from.
pub const COMPARATORS: [(&str, &str); 7] = [
    ("<", "below"),
    ("<=", "at most"),
    (">", "above"),
    (">=", "at least"),
    ("=", "exactly"),
    ("between", "between"),
    ("holds", "holds"),
];

/// How a set of values lies to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetRelation {
    Equal,
    /// Everything here is in the other, which has more.
    Subset,
    Superset,
    /// Overlapping or disjoint.
    Neither,
}

/// An interval of numbers; a missing end is open to infinity.
#[derive(Clone, Copy)]
struct Interval {
    lo: Option<End>,
    hi: Option<End>,
}

#[derive(Clone, Copy)]
struct End {
    at: Decimal,
    /// Whether the end itself belongs to the interval.
    closed: bool,
}

impl Interval {
    const fn between(lo: End, hi: End) -> Self {
        Self { lo: Some(lo), hi: Some(hi) }
    }

    const fn up_to(hi: End) -> Self {
        Self { lo: None, hi: Some(hi) }
    }

    const fn from(lo: End) -> Self {
        Self { lo: Some(lo), hi: None }
    }

    fn is_inside(self, outer: Self) -> bool {
        let within = |inner: Option<End>, outer: Option<End>, beyond: Ordering| match (inner, outer) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(inner), Some(outer)) => match inner.at.cmp(&outer.at) {
                Ordering::Equal => outer.closed || !inner.closed,
                order => order != beyond,
            },
        };
        within(self.lo, outer.lo, Ordering::Less) && within(self.hi, outer.hi, Ordering::Greater)
    }

    fn is_apart_from(self, other: Self) -> bool {
        let before = |hi: Option<End>, lo: Option<End>| match (hi, lo) {
            (Some(hi), Some(lo)) => hi.at < lo.at || (hi.at == lo.at && !(hi.closed && lo.closed)),
            _ => false,
        };
        before(self.hi, other.lo) || before(other.hi, self.lo)
    }
}

const fn closed(at: Decimal) -> End {
    End { at, closed: true }
}

const fn open(at: Decimal) -> End {
    End { at, closed: false }
}

impl Allowed {
    /// The numbers allowed; none for a statement without a number. Ends given the wrong way round
    /// mean the same range.
    fn interval(self) -> Option<Interval> {
        match self {
            Self::Below(at) => Some(Interval::up_to(open(at))),
            Self::AtMost(at) => Some(Interval::up_to(closed(at))),
            Self::Above(at) => Some(Interval::from(open(at))),
            Self::AtLeast(at) => Some(Interval::from(closed(at))),
            Self::Equal(at) => Some(Interval::between(closed(at), closed(at))),
            Self::Between(a, b) => Some(Interval::between(closed(a.min(b)), closed(a.max(b)))),
            Self::Holds => None,
        }
    }

    /// Held if everything that may have been is allowed, failed if nothing of it is, else unknown.
    pub fn outcome(&self, seen: &Measured) -> Outcome {
        if let Measured::Said { held } = seen {
            return if *held { Outcome::Held } else { Outcome::Failed };
        }
        match (self.interval(), seen.interval()) {
            (Some(allowed), Some(seen)) if seen.is_inside(allowed) => Outcome::Held,
            (Some(allowed), Some(seen)) if seen.is_apart_from(allowed) => Outcome::Failed,
            _ => Outcome::Unknown,
        }
    }

    /// How these values lie to the other's; both in the same unit.
    pub fn within(&self, other: &Self) -> SetRelation {
        let (inner, outer) = match (self.interval(), other.interval()) {
            (Some(mine), Some(theirs)) => (mine.is_inside(theirs), theirs.is_inside(mine)),
            (None, None) => (true, true),
            (None, Some(_)) | (Some(_), None) => (false, false),
        };
        match (inner, outer) {
            (true, true) => SetRelation::Equal,
            (true, false) => SetRelation::Subset,
            (false, true) => SetRelation::Superset,
            (false, false) => SetRelation::Neither,
        }
    }

    /// Whether a smaller value is allowed wherever a larger one is.
    pub const fn is_upper_bound(&self) -> bool {
        matches!(self, Self::Below(_) | Self::AtMost(_))
    }

    /// Whether a larger value is allowed wherever a smaller one is.
    pub const fn is_lower_bound(&self) -> bool {
        matches!(self, Self::Above(_) | Self::AtLeast(_))
    }

    /// The one way to write this set: numbers plain, ends in order, one point as `=`.
    #[must_use]
    pub fn normalised(self) -> Self {
        match self.map(|number| Some(number.normalize())) {
            Some(Self::Between(a, b)) if a == b => Self::Equal(a),
            Some(Self::Between(a, b)) => Self::Between(a.min(b), a.max(b)),
            Some(other) => other,
            None => self,
        }
    }

    /// The same set with each number changed, for instance into another unit; none if one of
    /// them cannot be.
    pub fn map(self, change: impl Fn(Decimal) -> Option<Decimal>) -> Option<Self> {
        Some(match self {
            Self::Below(at) => Self::Below(change(at)?),
            Self::AtMost(at) => Self::AtMost(change(at)?),
            Self::Above(at) => Self::Above(change(at)?),
            Self::AtLeast(at) => Self::AtLeast(change(at)?),
            Self::Equal(at) => Self::Equal(change(at)?),
            Self::Between(a, b) => Self::Between(change(a)?, change(b)?),
            Self::Holds => Self::Holds,
        })
    }

    /// Comparator, threshold and upper threshold as a form holds them; `read` takes them back.
    pub fn written(&self) -> (&'static str, Option<String>, Option<String>) {
        match *self {
            Self::Below(at) => ("<", Some(plain(at)), None),
            Self::AtMost(at) => ("<=", Some(plain(at)), None),
            Self::Above(at) => (">", Some(plain(at)), None),
            Self::AtLeast(at) => (">=", Some(plain(at)), None),
            Self::Equal(at) => ("=", Some(plain(at)), None),
            Self::Between(a, b) => ("between", Some(plain(a)), Some(plain(b))),
            Self::Holds => ("holds", None, None),
        }
    }

    /// "≤ 60 s", "5–10 %", "holds".
    pub fn words(&self, unit: Option<&str>) -> String {
        let bound = |sign: &str, at: Decimal| with_unit(&format!("{sign} {}", plain(at)), unit);
        match *self {
            Self::Below(at) => bound("<", at),
            Self::AtMost(at) => bound("≤", at),
            Self::Above(at) => bound(">", at),
            Self::AtLeast(at) => bound("≥", at),
            Self::Equal(at) => bound("=", at),
            Self::Between(a, b) => with_unit(&format!("{}–{}", plain(a), plain(b)), unit),
            Self::Holds => "holds".into(),
        }
    }

    /// The set a form describes; otherwise the field that is wrong and a clause about it.
    pub fn read(comparator: &str, threshold: &str, threshold_to: &str) -> Result<Self, Wrong> {
        let set = match comparator.trim() {
            "<" => Self::Below,
            "<=" | "=<" | "≤" => Self::AtMost,
            ">" => Self::Above,
            ">=" | "=>" | "≥" => Self::AtLeast,
            "=" | "==" => Self::Equal,
            "between" => return between(threshold, threshold_to),
            "holds" => {
                let says = "stays empty for a statement that simply holds; choose a comparator if a number counts";
                left_empty("threshold", threshold, says)?;
                return left_empty("threshold_to", threshold_to, says).map(|()| Self::Holds);
            }
            _ => {
                let known = COMPARATORS.map(|(word, _)| word).join(", ");
                return Err(("comparator", format!("is not one of {known}")));
            }
        };
        let says = "stays empty unless the comparator is \"between\"";
        left_empty("threshold_to", threshold_to, says)?;
        threshold_in("threshold", threshold).map(set)
    }
}

/// A form's field and a clause about it.
pub type Wrong = (&'static str, String);

fn between(threshold: &str, threshold_to: &str) -> Result<Allowed, Wrong> {
    let lo = threshold_in("threshold", threshold)?;
    let hi = threshold_in("threshold_to", threshold_to)?;
    if lo > hi {
        let lo = plain(lo);
        return Err(("threshold_to", format!("is below the lower end {lo}; write the larger number here")));
    }
    Ok(Allowed::Between(lo, hi))
}

fn threshold_in(field: &'static str, text: &str) -> Result<Decimal, Wrong> {
    let says = "takes a plain number such as 60 or 0.5; write the unit in its own field";
    units::decimal(text).ok_or_else(|| (field, says.to_owned()))
}

fn left_empty(field: &'static str, text: &str, says: &str) -> Result<(), Wrong> {
    if text.trim().is_empty() { Ok(()) } else { Err((field, says.to_owned())) }
}

impl Measured {
    /// Where the value lies; none without numbers, or if the ends contradict each other.
    fn interval(&self) -> Option<Interval> {
        match *self {
            Self::Within { lo: Some(lo), hi: Some(hi) } if lo > hi => None,
            Self::Within { lo, hi } => Some(Interval { lo: lo.map(closed), hi: hi.map(closed) }),
            Self::Over(at) => Some(Interval::from(open(at))),
            Self::Under(at) => Some(Interval::up_to(open(at))),
            Self::Said { .. } | Self::NoData => None,
        }
    }

    /// Whether anything is known at all: a number, one end of it, or what a witness says.
    pub fn is_data(&self) -> bool {
        matches!(self, Self::Said { .. }) || self.interval().is_some_and(|seen| seen.lo.is_some() || seen.hi.is_some())
    }

    /// What a form's field holds, in the check's unit: "41", "300..600", "5–10 min", "> 4", "4 s".
    /// Otherwise a clause about what to write.
    pub fn read(text: &str, unit: Option<&str>) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("is empty; write a number, a range such as 5–10, or a bound such as > 4".into());
        }
        if let Some((bound, rest)) = bound_sign(text) {
            let at = value(rest, unit)?;
            return Ok(match bound {
                Bound::Over => Self::Over(at),
                Bound::Under => Self::Under(at),
                Bound::AtLeast => Self::Within { lo: Some(at), hi: None },
                Bound::AtMost => Self::Within { lo: None, hi: Some(at) },
            });
        }
        match range(text) {
            Some((lo, hi)) => {
                // "5–10 min": the one unit written belongs to both ends.
                let shared = if has_unit(lo) { None } else { units::amount(hi).and_then(|(_, unit)| unit) };
                let lo = shared.map_or_else(|| lo.to_owned(), |unit| format!("{lo} {unit}"));
                Self::of_ends(value(&lo, unit)?, value(hi, unit)?)
            }
            None => value(text, unit).map(|at| Self::Within { lo: Some(at), hi: Some(at) }),
        }
    }

    /// The same from two fields; an empty one is an open end.
    pub fn read_ends(lo: &str, hi: &str, unit: Option<&str>) -> Result<Self, String> {
        match (lo.trim(), hi.trim()) {
            ("", "") => Self::read("", unit),
            (lo, "") => Ok(Self::Within { lo: Some(value(lo, unit)?), hi: None }),
            ("", hi) => Ok(Self::Within { lo: None, hi: Some(value(hi, unit)?) }),
            (lo, hi) => Self::of_ends(value(lo, unit)?, value(hi, unit)?),
        }
    }

    fn of_ends(lo: Decimal, hi: Decimal) -> Result<Self, String> {
        if lo > hi {
            return Err(format!("has its ends the wrong way round; write {}..{}", plain(hi), plain(lo)));
        }
        Ok(Self::Within { lo: Some(lo), hi: Some(hi) })
    }

    /// "38 s", "300–600 s", "at least 10", "held"; `read` takes the numbers back.
    pub fn words(&self, unit: Option<&str>) -> String {
        let said = |words: &str, at: Decimal| with_unit(&format!("{words}{}", plain(at)), unit);
        match *self {
            Self::Within { lo: Some(lo), hi: Some(hi) } if lo == hi => said("", lo),
            Self::Within { lo: Some(lo), hi: Some(hi) } => said(&format!("{}–", plain(lo)), hi),
            Self::Within { lo: Some(lo), hi: None } => said("at least ", lo),
            Self::Within { lo: None, hi: Some(hi) } => said("at most ", hi),
            Self::Within { lo: None, hi: None } => "any value".into(),
            Self::Over(at) => said("more than ", at),
            Self::Under(at) => said("less than ", at),
            Self::Said { held: true } => "held".into(),
            Self::Said { held: false } => "did not hold".into(),
            Self::NoData => "no data".into(),
        }
    }
}

#[derive(Clone, Copy)]
enum Bound {
    Over,
    Under,
    AtLeast,
    AtMost,
}

/// The bound a text begins with, and the rest.
fn bound_sign(text: &str) -> Option<(Bound, &str)> {
    // Longer signs first: ">" begins ">=".
    let signs = [
        (">=", Bound::AtLeast),
        ("=>", Bound::AtLeast),
        ("≥", Bound::AtLeast),
        ("at least ", Bound::AtLeast),
        ("<=", Bound::AtMost),
        ("=<", Bound::AtMost),
        ("≤", Bound::AtMost),
        ("at most ", Bound::AtMost),
        (">", Bound::Over),
        ("more than ", Bound::Over),
        ("<", Bound::Under),
        ("less than ", Bound::Under),
    ];
    signs.into_iter().find_map(|(sign, bound)| {
        let starts = text.get(..sign.len()).is_some_and(|start| start.eq_ignore_ascii_case(sign));
        starts.then(|| (bound, &text[sign.len()..]))
    })
}

/// The two ends of a range; a hyphen parts them only after a digit or a unit, never as a sign.
fn range(text: &str) -> Option<(&str, &str)> {
    for separator in ["..", "–", "—", " to "] {
        if let Some((lo, hi)) = text.split_once(separator) {
            return Some((lo.trim(), hi.trim()));
        }
    }
    let (at, _) = text.char_indices().skip(1).find(|(_, c)| *c == '-')?;
    let (lo, hi) = (text[..at].trim(), text[at + 1..].trim());
    let are_amounts = units::amount(lo).is_some() && units::amount(hi).is_some();
    are_amounts.then_some((lo, hi))
}

fn has_unit(text: &str) -> bool {
    units::amount(text).is_some_and(|(_, unit)| unit.is_some())
}

/// One number in the check's unit, converted if another is written beside it.
fn value(text: &str, unit: Option<&str>) -> Result<Decimal, String> {
    let clause = || "takes a number such as 41 or 0.5, a range such as 300..600, or a bound such as > 4".to_owned();
    let (number, written) = units::amount(text).ok_or_else(clause)?;
    let unit = unit.map(str::trim).filter(|unit| !unit.is_empty());
    match (written, unit) {
        (None, _) => Ok(number),
        (Some(written), Some(unit)) => units::convert(number, &written, unit)
            .ok_or_else(|| format!("is in {written}, and this check counts in {unit}; write the value in {unit}")),
        (Some(written), None) => {
            Err(format!("is in {written}, and this check counts without a unit; write the number alone"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{prelude::*, sample::select};

    fn number(text: &str) -> Decimal {
        units::decimal(text).unwrap()
    }

    /// An allowed set as a form writes it: "<= 60", "between 5 10", "holds".
    fn allowed(text: &str) -> Allowed {
        let mut words = text.split(' ');
        let mut next = || words.next().unwrap_or_default();
        Allowed::read(next(), next(), next()).unwrap()
    }

    fn measured(text: &str) -> Measured {
        Measured::read(text, None).unwrap()
    }

    #[test]
    fn a_value_holds_inside_fails_apart_and_is_unknown_across() {
        use Outcome::{Failed, Held, Unknown};
        for (set, seen, outcome) in [
            ("<= 60", "38", Held),
            ("<= 60", "60", Held),
            ("< 60", "60", Failed),
            ("<= 60", "300..600", Failed),
            ("<= 60", "50..70", Unknown),
            ("<= 60", "60..70", Unknown),
            ("< 60", "60..70", Failed),
            ("<= 60", "> 60", Failed),
            ("<= 60", ">= 60", Unknown),
            ("< 60", ">= 60", Failed),
            ("<= 60", "> 59", Unknown),
            ("<= 60", "< 60", Held),
            ("<= 60", "<= 60", Held),
            ("< 60", "< 60", Held),
            ("< 60", "<= 60", Unknown),
            (">= 10", ">= 10", Held),
            ("> 10", ">= 10", Unknown),
            ("> 10", "> 10", Held),
            (">= 10", "< 10", Failed),
            ("> 10", "10", Failed),
            ("= 5", "5.0", Held),
            ("= 5", "4..6", Unknown),
            ("= 5", "6", Failed),
            ("between 5 10", "5..10", Held),
            ("between 5 10", "4.999..10", Unknown),
            ("between 5 10", "> 10", Failed),
            ("between 5 10", "> 4", Unknown),
            ("between 5 10", "11..12", Failed),
            ("holds", "1", Unknown),
        ] {
            assert_eq!(allowed(set).outcome(&measured(seen)), outcome, "{seen} under {set}");
        }
    }

    #[test]
    fn a_witness_decides_and_missing_or_contradictory_data_does_not() {
        for set in ["<= 60", "holds"] {
            assert_eq!(allowed(set).outcome(&Measured::Said { held: true }), Outcome::Held);
            assert_eq!(allowed(set).outcome(&Measured::Said { held: false }), Outcome::Failed);
            assert_eq!(allowed(set).outcome(&Measured::NoData), Outcome::Unknown);
        }
        let inverted = Measured::Within { lo: Some(number("20")), hi: Some(number("10")) };
        let nothing = Measured::Within { lo: None, hi: None };
        for seen in [inverted, nothing] {
            for set in ["<= 60", ">= 60", "between 5 10"] {
                assert_eq!(allowed(set).outcome(&seen), Outcome::Unknown, "{seen:?} under {set}");
            }
            assert!(!seen.is_data());
        }
        assert!(measured("> 4").is_data() && measured("4").is_data() && Measured::Said { held: false }.is_data());
        assert!(!Measured::NoData.is_data());
    }

    #[test]
    fn allowed_sets_nest() {
        use SetRelation::{Equal, Neither, Subset};
        for (inner, outer, relation) in [
            ("< 60", "<= 60", Subset),
            ("<= 30", "< 60", Subset),
            ("<= 60", "<= 60.0", Equal),
            ("> 60", ">= 60", Subset),
            (">= 61", "> 60", Subset),
            ("between 5 10", "<= 10", Subset),
            ("between 5 10", "< 10", Neither),
            ("between 5 10", "between 4 10", Subset),
            ("between 5 10", "between 4 9", Neither),
            ("between 5 5", "= 5", Equal),
            ("= 5", "between 5 10", Subset),
            ("= 5", "<= 5", Subset),
            ("= 5", "< 5", Neither),
            ("<= 60", ">= 60", Neither),
            ("<= 1", ">= 60", Neither),
            ("holds", "holds", Equal),
            ("holds", "<= 60", Neither),
        ] {
            let (inner, outer) = (allowed(inner), allowed(outer));
            let back = if relation == Subset { SetRelation::Superset } else { relation };
            assert_eq!(inner.within(&outer), relation, "{inner:?} in {outer:?}");
            assert_eq!(outer.within(&inner), back, "{outer:?} in {inner:?}");
        }
    }

    #[test]
    fn a_form_names_the_field_that_is_wrong() {
        for (comparator, threshold, threshold_to, field) in [
            ("~", "1", "", "comparator"),
            ("", "1", "", "comparator"),
            ("<=", "", "", "threshold"),
            ("<=", "60 s", "", "threshold"),
            ("<=", "60", "70", "threshold_to"),
            ("between", "60", "", "threshold_to"),
            ("between", "60", "50", "threshold_to"),
            ("holds", "60", "", "threshold"),
            ("holds", "", "60", "threshold_to"),
        ] {
            let wrong = Allowed::read(comparator, threshold, threshold_to).unwrap_err();
            assert_eq!(wrong.0, field, "{comparator} {threshold} {threshold_to}: {}", wrong.1);
        }
        assert_eq!(Allowed::read(" ≤ ", " 60.0 ", " ").unwrap(), Allowed::AtMost(number("60")));
    }

    #[test]
    fn every_comparator_is_read_written_and_worded() {
        let words = ["< 60 s", "≤ 60 s", "> 60 s", "≥ 60 s", "= 60 s", "60–90 s", "holds"];
        for ((comparator, _), words) in COMPARATORS.iter().zip(words) {
            let threshold = if *comparator == "holds" { "" } else { "60.0" };
            let threshold_to = if *comparator == "between" { "90" } else { "" };
            let set = Allowed::read(comparator, threshold, threshold_to).unwrap();
            assert_eq!(set.words(Some("s")), words);
            let (comparator, threshold, threshold_to) = set.written();
            assert_eq!(
                Allowed::read(comparator, &threshold.unwrap_or_default(), &threshold_to.unwrap_or_default()).unwrap(),
                set
            );
        }
        assert_eq!(Allowed::AtLeast(number("99.50")).words(None), "≥ 99.5");
    }

    #[test]
    fn measured_values_are_read_in_the_checks_unit() {
        for (text, unit, words) in [
            ("41", "s", "41 s"),
            ("41", "", "41"),
            (" 300..600 ", "s", "300–600 s"),
            ("5–10 min", "s", "300–600 s"),
            ("5 – 10 min", "s", "300–600 s"),
            ("5 min to 1 h", "s", "300–3600 s"),
            ("5-10", "", "5–10"),
            ("-5-10", "", "-5–10"),
            ("5 s - 10 s", "s", "5–10 s"),
            ("-5", "", "-5"),
            ("> 4", "", "more than 4"),
            (">4 min", "s", "more than 240 s"),
            (">= 10", "", "at least 10"),
            ("≥10", "", "at least 10"),
            ("At least 10", "", "at least 10"),
            ("< 1.50", "%", "less than 1.5 %"),
            ("<= 0.5 ratio", "%", "at most 50 %"),
            ("4 s", "s", "4 s"),
            ("4000ms", "s", "4 s"),
            ("300..300", "s", "300 s"),
            ("1.5 MiB", "B", "1572864 B"),
            ("3 elections", "elections", "3 elections"),
        ] {
            let seen = Measured::read(text, Some(unit)).unwrap_or_else(|clause| panic!("{text} {clause}"));
            assert_eq!(seen.words(Some(unit)), words, "{text}");
        }
        assert_eq!(Measured::read_ends("5", "", None).unwrap(), Measured::Within { lo: Some(number("5")), hi: None });
        assert_eq!(
            Measured::read_ends("", "10 min", Some("s")).unwrap(),
            Measured::Within { lo: None, hi: Some(number("600")) }
        );
        assert_eq!(Measured::read_ends("5", "10", None).unwrap(), measured("5..10"));
    }

    #[test]
    fn what_is_no_value_is_refused_with_what_to_write() {
        for (text, unit, part) in [
            ("", "s", "is empty"),
            ("about 5", "s", "takes a number"),
            ("> ", "s", "takes a number"),
            ("1,000", "s", "takes a number"),
            ("1 000", "s", "takes a number"),
            ("5..", "s", "takes a number"),
            ("600..300", "s", "300..600"),
            ("10 min – 5 min", "s", "300..600"),
            ("5 MB", "s", "is in MB"),
            ("5 m", "s", "is in m"),
            ("4 s", "", "without a unit"),
            ("0x10", "", "without a unit"),
            ("ж5", "s", "takes a number"),
        ] {
            let clause = Measured::read(text, Some(unit)).unwrap_err();
            assert!(clause.contains(part), "{text}: {clause}");
        }
        assert!(Measured::read_ends("", " ", None).is_err());
        assert!(Measured::read_ends("9", "3", None).is_err());
    }

    fn any_number() -> impl Strategy<Value = Decimal> {
        (-40i64..40, 0u32..3).prop_map(|(mantissa, places)| Decimal::new(mantissa, places))
    }

    fn any_allowed() -> impl Strategy<Value = Allowed> {
        let bounds = select(vec![
            Allowed::Below as fn(Decimal) -> Allowed,
            Allowed::AtMost,
            Allowed::Above,
            Allowed::AtLeast,
            Allowed::Equal,
        ]);
        prop_oneof![
            5 => (bounds, any_number()).prop_map(|(bound, at)| bound(at)),
            1 => (any_number(), any_number()).prop_map(|(a, b)| Allowed::Between(a, b)),
            1 => Just(Allowed::Holds),
        ]
    }

    fn any_measured() -> impl Strategy<Value = Measured> {
        prop_oneof![
            (any_number(), any_number()).prop_map(|(a, b)| Measured::Within { lo: Some(a.min(b)), hi: Some(a.max(b)) }),
            any_number().prop_map(|at| Measured::Within { lo: Some(at), hi: Some(at) }),
            any_number().prop_map(|at| Measured::Within { lo: Some(at), hi: None }),
            any_number().prop_map(|at| Measured::Within { lo: None, hi: Some(at) }),
            any_number().prop_map(Measured::Over),
            any_number().prop_map(Measured::Under),
        ]
    }

    proptest! {
        #[test]
        fn what_holds_under_a_subset_holds_under_the_set(inner in any_allowed(), outer in any_allowed(), seen in any_measured()) {
            if matches!(inner.within(&outer), SetRelation::Subset | SetRelation::Equal) {
                if inner.outcome(&seen) == Outcome::Held {
                    prop_assert_eq!(outer.outcome(&seen), Outcome::Held);
                }
                if outer.outcome(&seen) == Outcome::Failed {
                    prop_assert_eq!(inner.outcome(&seen), Outcome::Failed);
                }
            }
        }

        #[test]
        fn equal_sets_are_written_alike_once_normalised(a in any_allowed(), b in any_allowed()) {
            prop_assert_eq!(a.within(&b) == SetRelation::Equal, a.normalised().written() == b.normalised().written());
        }

        #[test]
        fn words_of_a_measured_value_read_back(seen in any_measured(), unit in prop_oneof![Just(None), Just(Some("s"))]) {
            let seen_again = Measured::read(&seen.words(unit), unit);
            prop_assert_eq!(seen_again.map(|again| again.words(unit)), Ok(seen.words(unit)));
        }

        #[test]
        fn no_text_breaks_the_reader(text in "[-–0-9.<>≥ a-zж]{0,12}") {
            let _ = Measured::read(&text, Some("s"));
            let _ = Allowed::read("<=", &text, "");
        }
    }
}
