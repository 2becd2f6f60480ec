//! Conditions that are reached, cleared, unknown and held up; and the way back.

use proptest::{collection, option, prelude::*};

use super::*;
use crate::{
    experiments::plan::{Aggregate, CheckKey},
    runs::{
        facts::CheckAnswer,
        sample::{self, day, number, title},
    },
    text::{Link, Note},
};

const EVERY: i64 = 15_000;

fn at(place: i64) -> Moment {
    day(0).plus_micros(place * EVERY * 1_000)
}

/// One reading every 15 s; `?` is one without a number, `-` none at all.
fn read(values: &[&str]) -> Vec<Reading> {
    let kept = (0..).zip(values).filter(|(_, value)| **value != "-");
    kept.map(|(place, value)| Reading {
        at: at(place),
        value: if *value == "?" { Err("answers with NaN".into()) } else { Ok(number(value)) },
    })
    .collect()
}

fn condition(for_ms: i64) -> ConditionProbe {
    ConditionProbe {
        condition: title("orders fail"),
        query: Note::new("failing").unwrap(),
        reached: Allowed::Above(number("5")),
        for_ms,
        aborts: true,
    }
}

fn crossed(for_ms: i64, values: &[&str]) -> Option<(i64, i64)> {
    let readings = read(values);
    let crossing = crossing(&condition(for_ms), &readings.iter().collect::<Vec<_>>(), at(0))?;
    let place = |moment: Moment| moment.ms_since(day(0)) / EVERY;
    Some((place(crossing.after), place(crossing.at)))
}

#[test]
fn a_condition_is_reached_between_two_readings() {
    for (for_ms, values, is) in [
        (0, &["1", "5", "5"][..], None),
        (0, &["1", "6", "1"], Some((0, 1))),
        (0, &["6"], Some((0, 0))),
        (0, &["1", "?", "6"], Some((0, 2))),
        (0, &["?", "?"], None),
        (0, &[], None),
        (30_000, &["1", "6", "6", "6"], Some((2, 3))),
        (30_000, &["1", "6", "1", "6", "6"], None),
        // Without a number it neither goes on nor ends.
        (30_000, &["1", "6", "?", "6"], Some((1, 3))),
        (30_000, &["1", "6", "?", "?", "?"], None),
    ] {
        assert_eq!(crossed(for_ms, values), is, "{for_ms} {values:?}");
    }
    let readings = read(&["6", "1", "1"]);
    let later = crossing(&condition(0), &readings.iter().collect::<Vec<_>>(), at(1));
    assert_eq!(later, None, "what was before does not count");
}

#[test]
fn a_condition_stands_as_its_newest_reading_says_and_unknown_without_one() {
    let of = |for_ms: i64, values: &[&str], now: i64| {
        let readings = read(values);
        standing(&condition(for_ms), &readings.iter().collect::<Vec<_>>(), EVERY, at(now))
    };
    assert_eq!(of(0, &["6", "1"], 1), Standing::Clear(number("1")));
    assert_eq!(of(0, &["1", "6", "7"], 2), Standing::Reached { since: at(1), value: number("7") });
    assert_eq!(of(60_000, &["1", "6", "7"], 2), Standing::Pending { since: at(1), value: number("7") });
    assert_eq!(of(30_000, &["6", "?", "7"], 2), Standing::Reached { since: at(0), value: number("7") });
    for (values, now, says) in [
        (&["1", "?"][..], 1, "Prometheus answers with NaN"),
        (&[], 1, "nobody measured it yet"),
        (&["1"], 5, "nobody measured it of late"),
    ] {
        assert_eq!(of(0, values, now), Standing::Unknown(says.into()), "{values:?}");
    }
}

fn errors() -> CheckKey {
    CheckKey { measure: title("errors"), phase: Phase::After, aggregate: Aggregate::Last }
}

fn after(window_ms: Option<i64>) -> Check {
    Check { key: errors(), allowed: Allowed::AtMost(number("2")), unit: None, window_ms }
}

fn probe() -> MeasureProbe {
    MeasureProbe { measure: title("errors"), query: Note::new("errors").unwrap(), unit: None }
}

fn met_at(window_ms: Option<i64>, values: &[&str]) -> Option<(i64, i64)> {
    let readings = read(values);
    let met = met(&after(window_ms), &probe(), &readings.iter().collect::<Vec<_>>(), at(0), EVERY)?;
    let place = |moment: Moment| moment.ms_since(day(0)) / EVERY;
    Some((place(met.after), place(met.at)))
}

#[test]
fn a_check_is_met_again_from_the_first_of_unbroken_readings_on() {
    for (window_ms, values, is) in [
        (None, &["9", "9", "1"][..], Some((1, 2))),
        (None, &["9", "1", "1", "1"], Some((0, 1))),
        (None, &["1"], Some((0, 0))),
        (None, &["9", "1", "9", "1"], Some((2, 3))),
        (None, &["9", "1", "9"], None),
        (None, &["9", "1", "?"], None),
        (None, &["9", "?", "1"], Some((0, 2))),
        (None, &[], None),
        // Nobody looked for a minute.
        (None, &["1", "-", "-", "-", "1"], Some((0, 4))),
        (Some(30_000), &["9", "1", "1"], None),
        (Some(30_000), &["9", "1", "1", "1", "1"], Some((2, 3))),
    ] {
        assert_eq!(met_at(window_ms, values), is, "{window_ms:?} {values:?}");
    }
}

#[test]
fn the_steady_state_is_met_again_once_every_after_check_is() {
    let probes = |names: &[&str]| Probes {
        address: Link::new("https://prometheus.example.org").unwrap(),
        credential: None,
        every_ms: EVERY,
        measures: names.iter().map(|name| MeasureProbe { measure: title(name), ..probe() }).collect(),
        conditions: Vec::new(),
    };
    let back = CheckKey { measure: title("back"), ..errors() };
    let mut run = sample::run(1).with_check(after(None)).with_check(Check { key: back.clone(), ..after(None) });
    run.fault_ended = Some(at(0));
    let readings = |errors: &[&str], back: &[&str]| {
        let both = read(errors).into_iter().map(|one| (1, one)).chain(read(back).into_iter().map(|one| (2, one)));
        Readings(both.collect())
    };
    let both = probes(&["errors", "back"]);
    let met = |at_place, after_place| Some(Met { at: at(at_place), after: at(after_place) });
    assert_eq!(met_again(&run, &both, &readings(&["9", "1", "1"], &["9", "9", "1"])), met(2, 1));
    assert_eq!(met_again(&run, &both, &readings(&["9", "1", "1"], &["9", "9", "9"])), None);
    assert_eq!(met_again(&run, &both, &readings(&["9", "1", "1"], &[])), None, "nobody looked");
    let one = probes(&["errors"]);
    assert_eq!(met_again(&run, &one, &readings(&["9", "1"], &[])), None, "nobody said that it is back");
    let said = |held| CheckAnswer {
        key: back.clone(),
        happened: Measured::Said { held },
        source: "Ana".into(),
        claimed: None,
        at: at(3),
    };
    run.checks.insert(back.slot(), said(false));
    assert_eq!(met_again(&run, &one, &readings(&["9", "1"], &[])), None);
    run.checks.insert(back.slot(), said(true));
    assert_eq!(met_again(&run, &one, &readings(&["9", "1"], &[])), met(3, 3), "as people said it");
    assert_eq!(met_again(&run, &probes(&[]), &readings(&[], &[])), None, "without a query only people say so");
}

proptest! {
    #[test]
    fn what_was_reached_stays_reached_whatever_comes_later(
        values in collection::vec(option::of(0_i64..10), 1..20),
        more in collection::vec(option::of(0_i64..10), 0..10),
        for_s in 0_i64..60,
    ) {
        let texts = |values: &[Option<i64>]| -> Vec<String> {
            values.iter().map(|value| value.map_or("?".to_owned(), |value| value.to_string())).collect()
        };
        let of = |texts: &[String]| crossed(for_s * 1_000, &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let first = of(&texts(&values));
        let all: Vec<Option<i64>> = values.iter().chain(&more).copied().collect();
        prop_assert!(first.is_none() || of(&texts(&all)) == first);
    }

    #[test]
    fn a_check_that_is_met_again_was_seen_met_last(values in collection::vec(option::of(0_i64..5), 0..20)) {
        let texts: Vec<String> =
            values.iter().map(|value| value.map_or("?".to_owned(), |value| value.to_string())).collect();
        let met = met_at(None, &texts.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(met.is_some(), values.last().is_some_and(|last| last.is_some_and(|value| value <= 2)));
        prop_assert!(met.is_none_or(|(after, at)| after <= at));
    }
}
