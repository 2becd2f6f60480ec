//! Whether the worst case of a plan fits into what is left of a budget, and when it first would
//! (product reference, sections 3.10 and 3.11).

use super::{
    budget::{Budget, most},
    counting::Unit,
    ratio::Ratio,
    share::Share,
    target::Strictness,
    window::Window,
    words::{bad_events, percent_down, thousands},
};
use crate::{interval::Interval, limits::RESERVE_PERCENT, time::Moment};

/// The part of a budget kept back unless the policy says otherwise.
pub const RESERVE: Share = Share::percent(RESERVE_PERCENT);

/// How a worst case lies to a budget, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The reserve stays untouched.
    Fits,
    /// The promise is kept only out of the reserve.
    UsesReserve,
    /// The promise would be broken.
    Exceeds,
    /// There is no budget left, whatever the plan costs.
    NothingLeft,
}

/// How a plan costing `worst` bad events lies to a budget of which `reserve` is kept back.
pub fn fit(budget: &Budget, reserve: Share, worst: u64) -> Fit {
    let allowed = budget.allowed();
    // Counts and shares are bounded, so this always fits; if ever not, nothing is free.
    let free = allowed.times(reserve.rest().ratio()).unwrap_or(Ratio::ZERO);
    fit_into(allowed, free, budget.target().strictness, budget.counts().bad, worst)
}

/// `free` is what is allowed without the reserve. Besides fitting into A − B, which a strict
/// promise would not survive exactly, the worst case must leave the promise met.
fn fit_into(allowed: Ratio, free: Ratio, strictness: Strictness, bad: u64, worst: u64) -> Fit {
    let after = i128::from(bad) + i128::from(worst);
    if Ratio::whole(bad) >= allowed {
        Fit::NothingLeft
    } else if after > most(allowed, strictness) {
        Fit::Exceeds
    } else if Ratio::whole(after) > free {
        Fit::UsesReserve
    } else {
        Fit::Fits
    }
}

/// The first moment at or after `now` from which a plan costing `worst` lies to the budget as
/// `wanted` or better, if nothing bad happens until then. `units` are what was counted. None if it
/// never will: the plan costs more than a whole budget, or more than numbers can hold.
///
/// In a rolling window as much traffic is taken to come as goes, so only old bad events leave it.
/// A calendar period begins anew at the next one, whose budget is estimated from the traffic of
/// the present one.
pub fn first_fit(
    asked: &Asked<'_>,
    units: &[Unit],
    reserve: Share,
    worst: u64,
    wanted: Fit,
    now: Moment,
) -> Option<Moment> {
    if fit(asked.budget, reserve, worst) <= wanted {
        return Some(now);
    }
    match asked.window {
        Window::Rolling { days } => {
            first_after_leaving(asked, units, i64::from(*days), |budget| fit(budget, reserve, worst) <= wanted)
        }
        Window::Calendar { .. } => {
            let next = asked.window.next(now)?;
            let lengths = Ratio::new(i128::from(next.ms()), i128::from(asked.counted.ms()))?;
            let allowed = asked.budget.allowed().times(lengths)?;
            let free = allowed.times(reserve.rest().ratio())?;
            let strictness = asked.budget.target().strictness;
            (fit_into(allowed, free, strictness, 0, worst) <= wanted).then_some(next.start())
        }
    }
}

/// Which budget is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub window: &'a Window,
    /// The part of the window that was counted, up to now.
    pub counted: Interval,
    pub budget: &'a Budget,
}

fn first_after_leaving(
    asked: &Asked<'_>,
    units: &[Unit],
    days: i64,
    is_enough: impl Fn(&Budget) -> bool,
) -> Option<Moment> {
    let mut spent: Vec<&Unit> = units.iter().filter(|unit| unit.counts.bad > 0 && unit.is_in(asked.counted)).collect();
    spent.sort_by_key(|unit| unit.end);
    let mut bad = asked.budget.counts().bad;
    for together in spent.chunk_by(|one, next| one.end == next.end) {
        bad = together.iter().fold(bad, |bad, unit| bad.saturating_sub(unit.counts.bad));
        if is_enough(&asked.budget.with_bad(bad)) {
            return Some(together[0].end.plus_days(days));
        }
    }
    None
}

/// A budget, a plan's cost, and what both amount to; made for the gate and the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fitting {
    pub fit: Fit,
    pub worst: u64,
    /// Further bad events that keep the promise; below zero it is broken.
    pub still_allowed: i128,
    /// Bad events kept back, rounded up.
    pub reserve: i128,
    pub remaining: Ratio,
    /// When it would fit, if need be out of the reserve; None if never.
    pub possible_from: Option<Moment>,
    /// When it would fit without touching the reserve; None if never.
    pub free_from: Option<Moment>,
}

impl Fitting {
    pub fn of(asked: &Asked<'_>, units: &[Unit], reserve: Share, worst: u64, now: Moment) -> Self {
        let budget = asked.budget;
        let first = |wanted| first_fit(asked, units, reserve, worst, wanted, now);
        Self {
            fit: fit(budget, reserve, worst),
            worst,
            still_allowed: budget.still_allowed(),
            reserve: budget.allowed().times(reserve.ratio()).map_or(i128::MAX, Ratio::ceil),
            remaining: budget.remaining(),
            possible_from: first(Fit::UsesReserve),
            free_from: first(Fit::Fits),
        }
    }

    /// A clause with the numbers behind it and, if it does not fit, the first possible date.
    pub fn words(&self) -> String {
        let left = format!(
            "{} left, {} can still happen",
            percent_down(self.remaining),
            bad_events(self.still_allowed.max(0))
        );
        let worst = format!("the worst case is {}", thousands(self.worst));
        let date = match self.possible_from {
            Some(date) => format!("first possible on {} if nothing bad happens until then", date.rfc3339()),
            None => "no date can be named, because it costs more than a whole budget; make the plan smaller".into(),
        };
        match self.fit {
            Fit::Fits => format!("{left}; {worst}, {} stay in reserve", thousands(self.reserve)),
            Fit::UsesReserve => format!("{left}; {worst} and uses the reserve of {}", thousands(self.reserve)),
            Fit::Exceeds => format!("{left}; {worst}, which is more; {date}"),
            Fit::NothingLeft => format!("{} left, so nothing may be risked; {date}", percent_down(self.remaining)),
        }
    }
}

#[cfg(test)]
mod tests;
