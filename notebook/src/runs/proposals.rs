//! What the readings of a run propose as the answer of a check. A person writes it, or writes another one.

use rust_decimal::Decimal;

use super::{
    facts::RunFacts,
    readings::{Reading, Readings, exactly, in_unit, is_too_old, patience_ms},
};
use crate::{
    experiments::{
        plan::{Aggregate, Allowed, Check, Measured, Outcome, Phase},
        probes::{MeasureProbe, Probes},
    },
    time::Moment,
};

/// An answer that readings speak for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub measured: Measured,
    pub outcome: Outcome,
    /// The newest reading it rests on; None where there was none.
    pub at: Option<Moment>,
    /// What it rests on, as a clause.
    pub says: String,
}

impl Proposal {
    /// As a form's field takes it.
    pub fn typed(&self, check: &Check) -> String {
        match self.measured {
            Measured::Said { held: true } => "held".into(),
            Measured::Said { held: false } => "failed".into(),
            Measured::Within { .. } | Measured::Over(_) | Measured::Under(_) | Measured::NoData => {
                self.measured.words(check.unit.as_deref())
            }
        }
    }
}

/// The readings that a check looks at, and whether none is missing among them.
struct Looked<'a> {
    readings: Vec<&'a Reading>,
    is_whole: bool,
}

/// What is proposed for a check at a moment; none where nobody measures it, or while its phase has not
/// begun.
pub fn proposal(run: &RunFacts, probes: &Probes, readings: &Readings, check: &Check, now: Moment) -> Option<Proposal> {
    let (number, probe) = probes.of_measure(&check.key.measure)?;
    let now = run.ended.map_or(now, |ended| ended.min(now));
    let seen = readings.of(number);
    let looked = match check.key.phase {
        Phase::Before => before(run, check, seen, probes.every_ms, now)?,
        Phase::During => during(run, check, seen, probes.every_ms, now)?,
        Phase::After => after(run, check, seen, probes.every_ms, now)?,
    };
    let measured = summed(check, probe, &looked);
    Some(Proposal {
        outcome: check.allowed.outcome(&measured),
        measured,
        at: looked.readings.last().map(|reading| reading.at),
        says: looked.words(),
    })
}

/// The steady state just before the fault, or now while there is none.
fn before<'a>(
    run: &RunFacts,
    check: &Check,
    mut seen: Vec<&'a Reading>,
    every_ms: i64,
    now: Moment,
) -> Option<Looked<'a>> {
    let end = run.fault_started.unwrap_or(now).min(now);
    seen.retain(|reading| reading.at <= end);
    if seen.is_empty() && run.fault_started.is_none() {
        return None;
    }
    Some(trailing(check, seen, every_ms, end))
}

/// From the start of the fault to its end, or for as long as the window says.
fn during<'a>(
    run: &RunFacts,
    check: &Check,
    mut seen: Vec<&'a Reading>,
    every_ms: i64,
    now: Moment,
) -> Option<Looked<'a>> {
    let began = run.fault_started?;
    let until = run.fault_ended.unwrap_or(now).min(now);
    let until = check.window_ms.map_or(until, |ms| until.min(began.plus_micros(ms.saturating_mul(1_000))));
    seen.retain(|reading| began <= reading.at && reading.at <= until);
    if seen.is_empty() && !is_too_old(began, every_ms, until) && run.fault_ended.is_none() {
        return None;
    }
    let times: Vec<Moment> =
        std::iter::once(began).chain(seen.iter().map(|reading| reading.at)).chain([until]).collect();
    Some(Looked { is_whole: has_no_gap(&times, every_ms) && !seen.is_empty(), readings: seen })
}

/// How it is now that the fault is over: once a whole window of it was seen, where there is one.
fn after<'a>(
    run: &RunFacts,
    check: &Check,
    mut seen: Vec<&'a Reading>,
    every_ms: i64,
    now: Moment,
) -> Option<Looked<'a>> {
    let ended = run.fault_ended?;
    seen.retain(|reading| ended <= reading.at && reading.at <= now);
    let goes_on = run.ended.is_none();
    match seen.last() {
        None if goes_on && !is_too_old(ended, every_ms, now) => return None,
        Some(last) if goes_on && last.at.ms_since(ended) < check.window_ms.unwrap_or_default() => return None,
        _ => {}
    }
    Some(trailing(check, seen, every_ms, now))
}

/// The newest reading, or those of the window that ends with it.
fn trailing<'a>(check: &Check, mut seen: Vec<&'a Reading>, every_ms: i64, end: Moment) -> Looked<'a> {
    let Some(last) = seen.last().map(|last| last.at) else {
        return Looked { readings: seen, is_whole: false };
    };
    let from = last.plus_micros(-check.window_ms.unwrap_or_default().saturating_mul(1_000));
    seen.retain(|reading| reading.at >= from);
    let times: Vec<Moment> = std::iter::once(from).chain(seen.iter().map(|reading| reading.at)).collect();
    Looked { is_whole: has_no_gap(&times, every_ms) && !is_too_old(last, every_ms, end), readings: seen }
}

fn has_no_gap(times: &[Moment], every_ms: i64) -> bool {
    times.windows(2).all(|two| two[1].ms_since(two[0]) <= patience_ms(every_ms))
}

/// One answer out of many readings. What is missing never makes a check held; it leaves it failed where
/// whatever is missing could not mend it.
fn summed(check: &Check, probe: &MeasureProbe, looked: &Looked<'_>) -> Measured {
    let last_only = check.key.aggregate == Aggregate::Last;
    let readings =
        if last_only { &looked.readings[looked.readings.len().saturating_sub(1)..] } else { &looked.readings[..] };
    let values: Vec<Decimal> = readings.iter().filter_map(|reading| in_unit(check, probe, reading)).collect();
    let is_whole = values.len() == readings.len() && looked.is_whole;
    let measured = all(check, &values);
    if is_whole {
        return measured;
    }
    let lasts = match check.key.aggregate {
        Aggregate::Every => true,
        Aggregate::Max => check.allowed.is_upper_bound(),
        Aggregate::Min => check.allowed.is_lower_bound(),
        Aggregate::Mean
        | Aggregate::Median
        | Aggregate::P90
        | Aggregate::P95
        | Aggregate::P99
        | Aggregate::Sum
        | Aggregate::Count
        | Aggregate::Last => false,
    };
    if lasts && check.allowed.outcome(&measured) == Outcome::Failed { measured } else { Measured::NoData }
}

fn all(check: &Check, values: &[Decimal]) -> Measured {
    if values.is_empty() {
        return Measured::NoData;
    }
    if check.allowed == Allowed::Holds {
        return Measured::Said { held: values.iter().all(|value| !value.is_zero()) };
    }
    let mut sorted = values.to_vec();
    sorted.sort();
    let nearest = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    let value = match check.key.aggregate {
        Aggregate::Max => sorted.last().copied(),
        Aggregate::Min => sorted.first().copied(),
        Aggregate::Mean => mean(values),
        Aggregate::Median => nearest(50),
        Aggregate::P90 => nearest(90),
        Aggregate::P95 => nearest(95),
        Aggregate::P99 => nearest(99),
        Aggregate::Last => values.last().copied(),
        Aggregate::Every => return every(&check.allowed, &sorted),
        // They would say how often somebody asked; drafts refuse them.
        Aggregate::Sum | Aggregate::Count => None,
    };
    value.map_or(Measured::NoData, exactly)
}

fn mean(values: &[Decimal]) -> Option<Decimal> {
    let sum = values.iter().try_fold(Decimal::ZERO, |sum, value| sum.checked_add(*value))?;
    sum.checked_div(Decimal::from(values.len()))
}

/// One that is not allowed, else where all of them lie.
fn every(allowed: &Allowed, sorted: &[Decimal]) -> Measured {
    let wrong = sorted.iter().find(|value| allowed.outcome(&exactly(**value)) == Outcome::Failed);
    match wrong {
        Some(wrong) => exactly(*wrong),
        None => Measured::Within { lo: sorted.first().copied(), hi: sorted.last().copied() },
    }
}

impl Looked<'_> {
    fn words(&self) -> String {
        let (has, lacks) = (self.readings.len(), self.readings.iter().filter(|reading| reading.value.is_err()).count());
        let of = if has == 1 { "1 reading".to_owned() } else { format!("{has} readings") };
        let lacking = if lacks == 0 { String::new() } else { format!(", {lacks} without a number") };
        let gaps = if self.is_whole { "" } else { ", and some of the time nobody looked" };
        format!("{of}{lacking}{gaps}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection, option, prelude::*, sample};

    use super::*;
    use crate::{
        experiments::plan::CheckKey,
        runs::sample::{self as runs, day, number, title},
        text::{Link, Note},
    };

    const EVERY: i64 = 15_000;

    fn probes() -> Probes {
        let note = |text: &str| Note::new(text).unwrap();
        Probes {
            address: Link::new("https://prometheus.example.org").unwrap(),
            credential: None,
            every_ms: EVERY,
            measures: vec![MeasureProbe { measure: title("errors"), query: note("errors"), unit: None }],
            conditions: Vec::new(),
        }
    }

    fn check(phase: Phase, aggregate: Aggregate, allowed: Allowed, window_ms: Option<i64>) -> Check {
        Check { key: CheckKey { measure: title("errors"), phase, aggregate }, allowed, unit: None, window_ms }
    }

    /// One reading every 15 s from the start of the run on; `?` is one without a number, `-` none at all.
    fn read(values: &[&str]) -> Readings {
        let readings = (0..).zip(values).filter(|(_, value)| **value != "-").map(|(place, value)| {
            let at = day(0).plus_micros(place * EVERY * 1_000);
            let value = if *value == "?" { Err("answers with NaN".into()) } else { Ok(number(value)) };
            (1, Reading { at, value })
        });
        Readings(readings.collect())
    }

    /// Starts, has its fault from the fourth reading on (a minute later), and ends it after the eighth.
    fn run() -> RunFacts {
        let mut run = runs::run(1);
        run.fault_started = Some(day(0).plus_minutes(1));
        run.fault_ended = Some(day(0).plus_minutes(2));
        run.ended = Some(day(0).plus_minutes(3));
        run
    }

    fn outcome(check: &Check, values: &[&str]) -> Outcome {
        proposal(&run(), &probes(), &read(values), check, day(1)).unwrap().outcome
    }

    const ALL: [&str; 13] = ["1", "1", "1", "1", "1", "9", "9", "3", "1", "2", "1", "1", "1"];

    #[test]
    fn each_phase_looks_at_its_own_readings() {
        use Outcome::{Failed, Held};
        let at_most = Allowed::AtMost(number("2"));
        for (phase, aggregate, window_ms, allowed, is) in [
            (Phase::Before, Aggregate::Max, None, at_most, Held),
            (Phase::During, Aggregate::Max, None, at_most, Failed),
            (Phase::During, Aggregate::Max, Some(15_000), Allowed::AtMost(number("9")), Held),
            (Phase::During, Aggregate::Min, None, at_most, Held),
            (Phase::During, Aggregate::Mean, None, Allowed::AtMost(number("4.6")), Held),
            (Phase::During, Aggregate::Median, None, Allowed::Equal(number("3")), Held),
            (Phase::During, Aggregate::P99, None, Allowed::Equal(number("9")), Held),
            (Phase::During, Aggregate::Last, None, Allowed::Equal(number("1")), Held),
            (Phase::During, Aggregate::Every, None, Allowed::Between(number("1"), number("8")), Failed),
            (Phase::During, Aggregate::Every, None, Allowed::Between(number("1"), number("9")), Held),
            (Phase::During, Aggregate::Every, None, Allowed::Holds, Held),
            (Phase::After, Aggregate::Last, None, at_most, Held),
            (Phase::After, Aggregate::Max, Some(30_000), Allowed::AtMost(number("1")), Held),
            (Phase::After, Aggregate::Max, Some(60_000), Allowed::AtMost(number("1")), Failed),
        ] {
            let check = check(phase, aggregate, allowed, window_ms);
            assert_eq!(outcome(&check, &ALL), is, "{check:?}");
        }
    }

    #[test]
    fn what_is_missing_is_never_held_and_stays_failed_only_where_nothing_could_mend_it() {
        use Outcome::{Failed, Unknown};
        let (at_most, at_least) = (Allowed::AtMost(number("2")), Allowed::AtLeast(number("2")));
        let missing = ["1", "1", "1", "1", "1", "?", "1", "1", "1", "1", "1", "1", "?"];
        let broken = ["1", "1", "1", "1", "1", "?", "9", "1", "1", "1", "1", "1", "1"];
        let nobody = ["1", "1", "1", "1", "-", "-", "-", "-", "1", "-", "-", "-", "-"];
        for (phase, aggregate, allowed, values, is) in [
            (Phase::During, Aggregate::Max, at_most, &missing, Unknown),
            (Phase::During, Aggregate::Every, at_most, &missing, Unknown),
            (Phase::During, Aggregate::Max, at_most, &broken, Failed),
            (Phase::During, Aggregate::Every, at_most, &broken, Failed),
            (Phase::During, Aggregate::Mean, at_most, &broken, Unknown),
            (Phase::During, Aggregate::Max, at_least, &missing, Unknown),
            (Phase::During, Aggregate::Min, at_least, &missing, Failed),
            (Phase::During, Aggregate::Max, at_most, &nobody, Unknown),
            (Phase::After, Aggregate::Last, at_most, &missing, Unknown),
            (Phase::After, Aggregate::Last, at_most, &nobody, Unknown),
        ] {
            let check = check(phase, aggregate, allowed, None);
            assert_eq!(outcome(&check, values), is, "{check:?} {values:?}");
        }
        let check = check(Phase::During, Aggregate::Every, Allowed::Holds, None);
        assert_eq!((outcome(&check, &missing), outcome(&check, &[])), (Unknown, Unknown));
    }

    #[test]
    fn nothing_is_proposed_before_its_time() {
        let going = |fault_started, fault_ended| RunFacts { fault_started, fault_ended, ended: None, ..run() };
        let (start, now) = (day(0), day(0).plus_minutes(2));
        let last = |phase| check(phase, Aggregate::Last, Allowed::AtMost(number("2")), None);
        let of = |run: &RunFacts, check: &Check| proposal(run, &probes(), &read(&ALL), check, now);
        assert_eq!(of(&going(None, None), &last(Phase::During)), None);
        assert_eq!(of(&going(Some(start), None), &last(Phase::After)), None);
        let over = check(Phase::After, Aggregate::Every, Allowed::AtMost(number("9")), Some(90_000));
        let ended = |minutes| going(Some(start), Some(start.plus_minutes(minutes)));
        assert_eq!(of(&ended(1), &over), None, "not a whole window of it was seen");
        assert_eq!(of(&ended(0), &over).unwrap().outcome, Outcome::Held);
    }

    proptest! {
        #[test]
        fn a_reading_less_never_makes_a_check_held(
            values in collection::vec(option::weighted(0.9, 0_i64..4), 9..13),
            lost in 0_usize..9,
            phase in sample::select(Phase::ALL),
            aggregate in sample::select(Aggregate::ALL),
            limit in 0_i64..4,
            upper in any::<bool>(),
            window_ms in option::of(1_i64..60_000),
        ) {
            let limit = Decimal::from(limit);
            let allowed = if upper { Allowed::AtMost(limit) } else { Allowed::AtLeast(limit) };
            let check = check(phase, aggregate, allowed, window_ms);
            let of = |values: &[Option<i64>]| {
                let texts: Vec<String> =
                    values.iter().map(|value| value.map_or("?".to_owned(), |value| value.to_string())).collect();
                outcome(&check, &texts.iter().map(String::as_str).collect::<Vec<_>>())
            };
            let mut fewer = values.clone();
            fewer[lost] = None;
            prop_assert!(of(&fewer) != Outcome::Held || of(&values) == Outcome::Held);
        }
    }
}
