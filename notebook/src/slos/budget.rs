//! The error budget, exactly: how many bad events a promise leaves, and what is left of them
//! (product reference, section 3.9).

use serde::{Deserialize, Serialize};

use super::{
    ratio::Ratio,
    share::Share,
    target::{Strictness, Target},
};

/// Valid events of a stretch of time, or slices of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    pub good: u64,
    pub bad: u64,
}

impl Counts {
    pub const NONE: Self = Self { good: 0, bad: 0 };

    pub fn total(self) -> i128 {
        i128::from(self.good) + i128::from(self.bad)
    }

    /// Both together. The limits on measurements keep the sum far below where it would stop.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { good: self.good.saturating_add(other.good), bad: self.bad.saturating_add(other.bad) }
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::NONE, Self::plus)
    }
}

/// What a target leaves of so many events. Only `of` makes one, so there is at least one event
/// and the budget is never an empty one.
///
/// Nothing here overflows: shares have a thousand million parts and counts 64 bits, which leaves
/// more than thirty bits of the 127 unused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    target: Target,
    counts: Counts,
}

impl Budget {
    /// None without events: what was promised about nothing is unknown, neither kept nor broken.
    pub fn of(target: Target, counts: Counts) -> Option<Self> {
        (counts.total() > 0).then_some(Self { target, counts })
    }

    pub const fn target(&self) -> Target {
        self.target
    }

    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// A: how many bad events the target allows, as a fraction of an event where it is one.
    pub fn allowed(&self) -> Ratio {
        Ratio::of(self.allowed_parts(), i128::from(Share::PARTS))
    }

    fn allowed_parts(&self) -> i128 {
        i128::from(self.target.objective.tolerated().billionths()) * self.counts.total()
    }

    /// Whether the promise is kept: B ≤ A, or B < A if it is strict.
    pub fn is_met(&self) -> bool {
        self.still_allowed() >= 0
    }

    /// How many further bad events keep the promise; below zero, by how many it is broken.
    pub fn still_allowed(&self) -> i128 {
        most(self.allowed(), self.target.strictness) - i128::from(self.counts.bad)
    }

    /// A − B in events, a fraction; zero or below when it is spent.
    pub fn left(&self) -> Ratio {
        let parts = i128::from(Share::PARTS);
        Ratio::of(self.allowed_parts() - i128::from(self.counts.bad) * parts, parts)
    }

    /// (A − B) ÷ A: 1 is untouched, 0 is spent, below zero is overspent.
    pub fn remaining(&self) -> Ratio {
        let spent = i128::from(self.counts.bad) * i128::from(Share::PARTS);
        Ratio::of(self.allowed_parts() - spent, self.allowed_parts())
    }

    /// B ÷ A, which is also how fast it was spent: 1 spends exactly the budget of the time counted.
    pub fn burn_rate(&self) -> Ratio {
        Ratio::of(i128::from(self.counts.bad) * i128::from(Share::PARTS), self.allowed_parts())
    }

    /// The same events, of which only so many are bad.
    #[must_use]
    pub fn with_bad(&self, bad: u64) -> Self {
        let other = self.counts.good.saturating_add(self.counts.bad).saturating_sub(bad);
        Self { counts: Counts { good: other, bad }, ..*self }
    }
}

/// The most bad events that keep a promise which allows A: ⌊A⌋, or ⌈A⌉ − 1 if it is strict.
pub fn most(allowed: Ratio, strictness: Strictness) -> i128 {
    match strictness {
        Strictness::NonStrict => allowed.floor(),
        Strictness::Strict => allowed.ceil() - 1,
    }
}

#[cfg(test)]
mod tests;
