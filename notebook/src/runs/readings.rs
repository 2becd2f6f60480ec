//! What the queries of a plan were answered while a run went on, and what that says of abort conditions
//! and of the way back. A reading without a number is unknown: it neither reaches a condition nor meets a
//! check, and it ends neither.

use rust_decimal::Decimal;

use super::facts::{Execution, RunFacts};
use crate::{
    experiments::{
        plan::{Allowed, Check, Measured, Outcome, Phase},
        probes::{ConditionProbe, MeasureProbe, Probes, value_words},
    },
    limits::{PROBE_EVERY_S_MAX, PROBE_HOURS_MAX},
    time::Moment,
};

/// One answer, or why there is none, as a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub at: Moment,
    pub value: Result<Decimal, String>,
}

/// The readings of one run, oldest first, each under the number of its query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readings(pub Vec<(i64, Reading)>);

impl Readings {
    pub fn of(&self, number: i64) -> Vec<&Reading> {
        self.0.iter().filter(|(own, _)| *own == number).map(|(_, reading)| reading).collect()
    }
}

/// A reading counts from when it was asked for, and is there once it was answered.
const ANSWER_MS: i64 = 10_000;

/// How long nobody may have looked before nobody knows: two turns missed.
pub const fn patience_ms(every_ms: i64) -> i64 {
    3 * every_ms
}

/// Whether a run is measured at this moment. One that goes on for days was forgotten.
pub fn is_measured(run: &RunFacts, now: Moment) -> bool {
    match run.execution {
        Execution::Planned => true,
        Execution::Running | Execution::Reverting => {
            run.started.is_none_or(|started| now <= started.plus_hours(PROBE_HOURS_MAX))
        }
        Execution::Finished | Execution::Aborted | Execution::Cancelled | Execution::Missed => false,
    }
}

/// A single number against a set.
fn outcome(allowed: &Allowed, value: Decimal) -> Outcome {
    if *allowed == Allowed::Holds {
        return allowed.outcome(&Measured::Said { held: !value.is_zero() });
    }
    allowed.outcome(&exactly(value))
}

pub(super) const fn exactly(value: Decimal) -> Measured {
    Measured::Within { lo: Some(value), hi: Some(value) }
}

/// What one reading says of a check; unknown without a number in its unit.
pub fn says(check: &Check, probe: &MeasureProbe, reading: &Reading) -> Outcome {
    match in_unit(check, probe, reading) {
        Some(value) => outcome(&check.allowed, value),
        None => Outcome::Unknown,
    }
}

pub(super) fn in_unit(check: &Check, probe: &MeasureProbe, reading: &Reading) -> Option<Decimal> {
    let value = *reading.value.as_ref().ok()?;
    if check.allowed == Allowed::Holds { Some(value) } else { probe.in_unit(value, check.unit.as_deref()) }
}

/// When an abort condition was first seen to be reached, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing {
    pub at: Moment,
    /// The last reading that did not show it, or where the readings begin.
    pub after: Moment,
    pub value: Decimal,
}

/// How an abort condition stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The newest reading does not reach it.
    Clear(Decimal),
    /// It does, and not yet for as long as it takes.
    Pending {
        since: Moment,
        value: Decimal,
    },
    Reached {
        since: Moment,
        value: Decimal,
    },
    /// Why nobody knows, as a clause.
    Unknown(String),
}

/// The first time from a moment on at which a condition is reached. It has to be so for its time in every
/// reading that has a number, from the first to the last.
pub fn crossing(probe: &ConditionProbe, readings: &[&Reading], from: Moment) -> Option<Crossing> {
    let (mut since, mut after): (Option<Moment>, Moment) = (None, from);
    for reading in readings.iter().filter(|reading| reading.at >= from) {
        let Ok(value) = reading.value else { continue };
        if outcome(&probe.reached, value) != Outcome::Held {
            (since, after) = (None, reading.at);
            continue;
        }
        let began = *since.get_or_insert(reading.at);
        if reading.at.ms_since(began) >= probe.for_ms {
            return Some(Crossing { at: reading.at, after, value });
        }
        after = reading.at;
    }
    None
}

/// How it stands now, by its newest reading.
pub fn standing(probe: &ConditionProbe, readings: &[&Reading], every_ms: i64, now: Moment) -> Standing {
    let newest = match newest(readings, every_ms, now) {
        Ok(newest) => newest,
        Err(why) => return Standing::Unknown(why),
    };
    let value = match &newest.value {
        Ok(value) => *value,
        Err(why) => return Standing::Unknown(format!("Prometheus {why}")),
    };
    if outcome(&probe.reached, value) != Outcome::Held {
        return Standing::Clear(value);
    }
    let reaches = |reading: &&&Reading| match reading.value {
        Ok(value) => outcome(&probe.reached, value) == Outcome::Held,
        Err(_) => true,
    };
    let streak = readings.iter().rev().take_while(reaches).filter(|reading| reading.value.is_ok());
    let since = streak.last().map_or(newest.at, |first| first.at);
    if newest.at.ms_since(since) >= probe.for_ms {
        Standing::Reached { since, value }
    } else {
        Standing::Pending { since, value }
    }
}

/// Of no plan an older reading says anything of now.
pub const fn looks_back_ms() -> i64 {
    patience_ms(PROBE_EVERY_S_MAX * 1_000) + ANSWER_MS
}

pub(super) fn is_too_old(looked: Moment, every_ms: i64, now: Moment) -> bool {
    now.ms_since(looked) > patience_ms(every_ms) + ANSWER_MS
}

/// The newest reading, unless it is too old to say anything of now.
pub fn newest<'a>(readings: &[&'a Reading], every_ms: i64, now: Moment) -> Result<&'a Reading, String> {
    match readings.last().copied() {
        None => Err("nobody measured it yet".into()),
        Some(newest) if is_too_old(newest.at, every_ms, now) => Err("nobody measured it of late".into()),
        Some(newest) => Ok(newest),
    }
}

/// Since when a check was met in every reading: without a number there, or without a look, it was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// From here on it was met for as long as its window asks.
    pub at: Moment,
    /// The last reading before it that showed otherwise, or where the readings begin.
    pub after: Moment,
}

/// Whether a check is met again by the newest readings from a moment on, unbroken. A check over a window
/// is met once all of a window was.
pub fn met(check: &Check, probe: &MeasureProbe, readings: &[&Reading], from: Moment, every_ms: i64) -> Option<Met> {
    let seen: Vec<&Reading> = readings.iter().copied().filter(|reading| reading.at >= from).collect();
    let mut first = seen.len();
    while first > 0 && says(check, probe, seen[first - 1]) == Outcome::Held {
        let is_broken =
            seen.get(first).is_some_and(|next| next.at.ms_since(seen[first - 1].at) > patience_ms(every_ms));
        if is_broken {
            break;
        }
        first -= 1;
    }
    let window_ms = check.window_ms.unwrap_or_default();
    let began = seen.get(first)?.at;
    let enough = (first..seen.len()).find(|place| seen[*place].at.ms_since(began) >= window_ms)?;
    let after = if enough > first {
        seen[enough - 1].at
    } else {
        let unmet = seen[..first].iter().rev().find(|reading| says(check, probe, reading) == Outcome::Failed);
        unmet.map_or(from, |reading| reading.at)
    };
    Some(Met { at: seen[enough].at, after })
}

/// Since when all after-checks are met again, if readings show it: those without a query as people
/// answered them. None without any that has one.
pub fn met_again(run: &RunFacts, probes: &Probes, readings: &Readings) -> Option<Met> {
    let ended = run.fault_ended?;
    let after = || run.identity.checks.iter().filter(|check| check.key.phase == Phase::After);
    if !after().any(|check| probes.of_measure(&check.key.measure).is_some()) {
        return None;
    }
    let each = after().map(|check| match probes.of_measure(&check.key.measure) {
        Some((number, probe)) => met(check, probe, &readings.of(number), ended, probes.every_ms),
        None => run.held_since(&check.key, ended).map(|at| Met { at, after: at }),
    });
    let each: Option<Vec<Met>> = each.collect();
    // All of them are met once the last one is.
    each?.into_iter().reduce(|all, one| Met { at: all.at.max(one.at), after: all.after.max(one.after) })
}

impl Standing {
    /// "0.02", "unknown: Prometheus answers with NaN".
    pub fn value_words(&self) -> String {
        match self {
            Self::Clear(value) | Self::Pending { value, .. } | Self::Reached { value, .. } => value_words(*value, None),
            Self::Unknown(why) => format!("unknown: {why}"),
        }
    }
}

#[cfg(test)]
mod tests;
