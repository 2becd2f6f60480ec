//! Half-open stretches of time: the start belongs to them, the end does not, so neighbours share
//! no instant and leave none out.

use serde::Serialize;

use crate::time::Moment;

/// From `start` up to, but without, `end`; never backwards, empty if both are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Interval {
    start: Moment,
    end: Moment,
}

impl Interval {
    /// None if the end lies before the start.
    pub fn new(start: Moment, end: Moment) -> Option<Self> {
        (start <= end).then_some(Self { start, end })
    }

    /// So many milliseconds from `start`; empty for a length below zero.
    pub fn lasting(start: Moment, ms: i64) -> Self {
        Self { start, end: start.plus_micros(ms.max(0).saturating_mul(1_000)) }
    }

    pub const fn start(self) -> Moment {
        self.start
    }

    pub const fn end(self) -> Moment {
        self.end
    }

    pub const fn ms(self) -> i64 {
        self.end.ms_since(self.start)
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn contains(self, moment: Moment) -> bool {
        self.start <= moment && moment < self.end
    }

    /// Whether all of `other` lies in here.
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// What both have in common; none if they only touch.
    pub fn common(self, other: Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then_some(Self { start, end })
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.common(other).is_some()
    }

    /// What is left of it, in order, without the parts that are taken.
    pub fn without(self, taken: &[Self]) -> Vec<Self> {
        let mut left = Vec::new();
        let mut from = self.start;
        for part in merged(taken.iter().filter_map(|part| part.common(self))) {
            left.extend(Self { start: from, end: part.start }.common(self));
            from = part.end;
        }
        left.extend(Self { start: from, end: self.end }.common(self));
        left
    }
}

/// The same time in order, each instant once: stretches that overlap or touch become one.
pub fn merged(parts: impl IntoIterator<Item = Interval>) -> Vec<Interval> {
    let mut parts: Vec<Interval> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.sort_unstable();
    let mut merged: Vec<Interval> = Vec::new();
    for part in parts {
        match merged.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => merged.push(part),
        }
    }
    merged
}

/// The time that lies in one of `ones` and in one of `others`.
pub fn in_both(ones: &[Interval], others: &[Interval]) -> Vec<Interval> {
    merged(ones.iter().flat_map(|one| others.iter().filter_map(|other| one.common(*other))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(start: i64, end: i64) -> Interval {
        Interval::new(Moment::from_micros(start), Moment::from_micros(end)).unwrap()
    }

    #[test]
    fn the_start_belongs_to_an_interval_and_the_end_does_not() {
        let hour = span(0, 10);
        assert!(hour.contains(Moment::from_micros(0)) && !hour.contains(Moment::from_micros(10)));
        assert!(!hour.overlaps(span(10, 20)), "neighbours share nothing");
        assert!(hour.overlaps(span(9, 20)));
        assert!(hour.covers(span(5, 10)) && !hour.covers(span(5, 11)));
        assert_eq!(Interval::new(Moment::from_micros(1), Moment::from_micros(0)), None);
        assert!(Interval::lasting(Moment::from_micros(3), -5).is_empty());
    }

    #[test]
    fn what_is_taken_leaves_the_gaps_in_order() {
        let window = span(0, 100);
        assert_eq!(window.without(&[]), [window]);
        assert_eq!(window.without(&[span(0, 100)]), []);
        assert_eq!(
            window.without(&[span(60, 70), span(-5, 10), span(20, 40), span(30, 50), span(95, 200)]),
            [span(10, 20), span(50, 60), span(70, 95)]
        );
    }

    proptest! {
        #[test]
        fn every_instant_is_either_taken_or_left(ends in prop::collection::vec((0i64..40, 0i64..12), 0..8)) {
            let taken: Vec<Interval> = ends.iter().map(|(start, length)| span(*start, start + length)).collect();
            let window = span(5, 35);
            let left = window.without(&taken);
            for instant in (0..50).map(Moment::from_micros) {
                let is_taken = taken.iter().any(|part| part.contains(instant));
                let is_left = left.iter().any(|part| part.contains(instant));
                prop_assert_eq!(is_left, window.contains(instant) && !is_taken);
            }
            prop_assert_eq!(merged(left.clone()), left);
        }

        #[test]
        fn time_in_both_is_in_one_and_in_the_other(
            ones in prop::collection::vec((0i64..40, 0i64..12), 0..6),
            others in prop::collection::vec((0i64..40, 0i64..12), 0..6),
        ) {
            let read = |ends: &[(i64, i64)]| -> Vec<Interval> {
                ends.iter().map(|(start, length)| span(*start, start + length)).collect()
            };
            let (ones, others) = (read(&ones), read(&others));
            let both = in_both(&ones, &others);
            for instant in (0..60).map(Moment::from_micros) {
                let within = |parts: &[Interval]| parts.iter().any(|part| part.contains(instant));
                prop_assert_eq!(within(&both), within(&ones) && within(&others));
            }
        }
    }
}
