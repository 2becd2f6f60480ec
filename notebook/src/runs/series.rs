//! Readings as a line: how far along in time, and how far up between the lowest and the highest number of
//! them and their limits, both in thousandths. The line breaks where a number is missing.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::readings::{Reading, patience_ms};
use crate::{
    experiments::{
        plan::{Allowed, Check},
        probes::MeasureProbe,
        units,
    },
    time::Moment,
};

/// What is drawn of one query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Series {
    /// Unbroken stretches of points: along and up.
    pub stretches: Vec<Vec<(i32, i32)>>,
    /// Times without a number: from and to.
    pub gaps: Vec<(i32, i32)>,
    /// How far up the limits lie.
    pub limits: Vec<i32>,
}

const WHOLE: i32 = 1_000;

/// From the first reading to a moment. The scale begins at zero, or below where a number does.
pub fn series(readings: &[&Reading], limits: &[Decimal], every_ms: i64, to: Moment) -> Series {
    let Some(first) = readings.first() else { return Series::default() };
    let lasting_ms = to.ms_since(first.at).max(1);
    let along = |at: Moment| share(Decimal::from(at.ms_since(first.at)), Decimal::from(lasting_ms));
    let numbers = || readings.iter().filter_map(|reading| reading.value.as_ref().ok()).chain(limits);
    let lowest = numbers().copied().min().unwrap_or_default().min(Decimal::ZERO);
    let highest = numbers().copied().max().unwrap_or_default().max(Decimal::ZERO);
    let up = |value: Decimal| {
        let (over, range) = (value.checked_sub(lowest), highest.checked_sub(lowest));
        over.zip(range).map_or(0, |(over, range)| share(over, range))
    };
    let (mut stretches, mut gaps) = (Vec::new(), Vec::new());
    let mut stretch = Vec::new();
    let mut seen: Option<Moment> = None;
    for reading in readings {
        let is_late = seen.is_some_and(|seen| reading.at.ms_since(seen) > patience_ms(every_ms));
        if is_late || reading.value.is_err() {
            stretches.extend(Some(std::mem::take(&mut stretch)).filter(|points| !points.is_empty()));
            gaps.push((along(seen.unwrap_or(reading.at)), along(reading.at)));
        }
        if let Ok(value) = &reading.value {
            stretch.push((along(reading.at), up(*value)));
        }
        seen = Some(reading.at);
    }
    if let Some(last) = seen.filter(|last| to.ms_since(*last) > patience_ms(every_ms)) {
        gaps.push((along(last), WHOLE));
    }
    stretches.extend(Some(stretch).filter(|points| !points.is_empty()));
    Series { stretches, gaps, limits: limits.iter().map(|limit| up(*limit)).collect() }
}

/// One number of another in thousandths, within it.
fn share(part: Decimal, whole: Decimal) -> i32 {
    let share = part.checked_div(whole).and_then(|share| share.checked_mul(Decimal::from(WHOLE)));
    share.and_then(|share| share.round().to_i32()).unwrap_or_default().clamp(0, WHOLE)
}

/// The ends of a set of numbers.
pub fn ends(allowed: &Allowed) -> Vec<Decimal> {
    match *allowed {
        Allowed::Below(at) | Allowed::AtMost(at) | Allowed::Above(at) | Allowed::AtLeast(at) | Allowed::Equal(at) => {
            vec![at]
        }
        Allowed::Between(lo, hi) => vec![lo, hi],
        Allowed::Holds => Vec::new(),
    }
}

/// The limits of checks in the unit that their query answers in, each once.
pub fn limits(probe: &MeasureProbe, checks: &[&Check]) -> Vec<Decimal> {
    let in_own = |check: &Check, limit: Decimal| match (check.unit.as_deref(), probe.unit.as_deref()) {
        (Some(unit), Some(own)) => units::convert(limit, unit, own),
        (_, None) => Some(limit),
        (None, Some(_)) => None,
    };
    let all = checks.iter().flat_map(|check| ends(&check.allowed).into_iter().filter_map(|at| in_own(check, at)));
    let mut limits: Vec<Decimal> = all.collect();
    limits.sort();
    limits.dedup();
    limits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::sample::{day, number};

    const EVERY: i64 = 15_000;

    fn at(place: i64) -> Moment {
        day(0).plus_micros(place * EVERY * 1_000)
    }

    fn drawn(values: &[(i64, &str)], limits: &[&str], to: i64) -> Series {
        let reading = |(place, value): &(i64, &str)| Reading {
            at: at(*place),
            value: if *value == "?" { Err("answers with NaN".into()) } else { Ok(number(value)) },
        };
        let readings: Vec<Reading> = values.iter().map(reading).collect();
        let limits: Vec<Decimal> = limits.iter().map(|limit| number(limit)).collect();
        series(&readings.iter().collect::<Vec<_>>(), &limits, EVERY, at(to))
    }

    #[test]
    fn a_line_runs_from_the_first_reading_to_now_between_zero_and_the_highest() {
        let line = drawn(&[(0, "1"), (1, "4"), (2, "2")], &["3"], 4);
        assert_eq!(line.stretches, [vec![(0, 250), (250, 1_000), (500, 500)]]);
        assert_eq!((line.gaps, line.limits), (vec![], vec![750]));
        let below = drawn(&[(0, "-1"), (1, "1")], &[], 1);
        assert_eq!(below.stretches, [vec![(0, 0), (1_000, 1_000)]]);
        assert_eq!(drawn(&[], &["3"], 4), Series::default());
        assert_eq!(drawn(&[(0, "0")], &[], 0).stretches, [vec![(0, 0)]]);
    }

    #[test]
    fn the_line_breaks_where_a_number_is_missing() {
        let line = drawn(&[(0, "1"), (1, "?"), (2, "1"), (6, "1")], &[], 10);
        assert_eq!(line.stretches, [vec![(0, 1_000)], vec![(200, 1_000)], vec![(600, 1_000)]]);
        assert_eq!(line.gaps, [(0, 100), (200, 600), (600, 1_000)]);
    }
}
