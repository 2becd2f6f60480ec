//! The one spelling of an identity, and the fingerprint over it.
//!
//! A field added to [`Identity`] must enter [`Identity::object`]; the fingerprint of every plan
//! that lacks it must stay, or [`RULE`] rises and older documents are upgraded first.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{
    identity::RULE,
    plan::{
        Allowed, Check, CheckKey, Count, Expect, Fault, Harsher, Identity, Load, Param, Selector, Signal, Step, Target,
    },
    units::{self, plain, tidy, with_unit},
};
use crate::text::Title;

/// Canonical JSON knows integers up to here only; beyond, two times would share a spelling.
const MS_MAX: i64 = (1 << 53) - 1;

impl Identity {
    /// The same identity in its one spelling: texts trimmed and in NFC, units canonical, numbers
    /// without superfluous zeros, lists sorted. Of checks or signals with one key the first stays,
    /// which is the one every rule reads.
    #[must_use]
    pub fn normalised(self) -> Self {
        let Self { services, environment, fault, target, method, load, checks, signals, recovery_ms } = self;
        let mut checks: Vec<Check> = checks.into_iter().map(check_normalised).collect();
        checks.sort_by(|a, b| a.key.cmp(&b.key));
        checks.dedup_by(|later, first| later.key == first.key);
        let mut signals: Vec<Signal> = signals.iter().map(signal_normalised).collect();
        signals.sort_by(|a, b| a.signal.cmp(&b.signal));
        signals.dedup_by(|later, first| later.signal == first.signal);
        Self {
            services,
            environment,
            fault: fault.map(fault_normalised),
            target: target.map(target_normalised),
            method: method.into_iter().map(step_normalised).collect(),
            load: load.map(|load| Load { kind: tidy(&load.kind), rate: load.rate.normalize() }),
            checks,
            signals,
            recovery_ms: recovery_ms.map(exact_ms),
        }
    }

    /// The object the fingerprint is taken of. Absent members are left out; `checks`, `method`,
    /// `services`, `signals`, a fault's `params` and a step's `args` stand even when empty.
    /// Checks are sorted by the spelling of measure, phase and aggregate. A parameter with a
    /// declared direction is `{"harsher":"up","value":"200"}`, any other a string.
    pub fn object(&self) -> Value {
        let Self { services, environment, fault, target, method, load, mut checks, signals, recovery_ms } =
            self.clone().normalised();
        checks.sort_by(|a, b| spelled(&a.key).cmp(&spelled(&b.key)));
        let mut object = Map::new();
        object.insert("rule".into(), RULE.into());
        object.insert("services".into(), services.iter().map(|slug| Value::from(slug.as_str())).collect());
        put(&mut object, "environment", environment.map(|slug| slug.as_str().into()));
        put(&mut object, "fault", fault.map(fault_object));
        put(&mut object, "target", target.map(target_object));
        object.insert(
            "method".into(),
            method.into_iter().map(|step| json!({ "op": step.op, "args": step.args })).collect(),
        );
        put(&mut object, "load", load.map(|load| json!({ "kind": load.kind, "rate": plain(load.rate) })));
        object.insert("checks".into(), checks.into_iter().map(check_object).collect());
        object.insert("signals".into(), signals.iter().map(signal_object).collect());
        put(&mut object, "recovery_ms", recovery_ms.map(Value::from));
        Value::Object(object)
    }

    /// SHA-256 over the canonical JSON (RFC 8785) of the object, in small hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let object = self.object();
        // Canonical JSON refuses only numbers that are none, and the object holds none of those.
        let text = serde_json_canonicalizer::to_string(&object).unwrap_or_else(|_| object.to_string());
        let digest = Sha256::digest(text.as_bytes());
        digest.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }
}

fn put(object: &mut Map<String, Value>, member: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(member.into(), value);
    }
}

fn spelled(key: &CheckKey) -> (&str, &'static str, &'static str) {
    (key.measure.as_str(), key.phase.word(), key.aggregate.word())
}

fn exact_ms(ms: i64) -> i64 {
    ms.clamp(-MS_MAX, MS_MAX)
}

/// NFC can lengthen a text beyond its limit; then the text stays as it was written.
fn title_normalised(title: &Title) -> Title {
    Title::new(&tidy(title.as_str())).unwrap_or_else(|_| title.clone())
}

fn fault_normalised(fault: Fault) -> Fault {
    let params = fault.params.into_iter().map(|(name, param)| (tidy(&name), param_normalised(&param))).collect();
    Fault { kind: fault.kind, params, duration_ms: fault.duration_ms.map(exact_ms) }
}

/// Only a declared direction says that a value is a number: of version "1.10" nothing is cut.
fn param_normalised(param: &Param) -> Param {
    let amount = param.harsher.and_then(|_| units::amount(&param.value));
    let value = match amount {
        None => tidy(&param.value),
        Some((number, None)) => plain(number),
        Some((number, Some(unit))) => {
            let (number, unit) = in_canonical(number, &unit);
            with_unit(&plain(number), Some(&unit))
        }
    };
    Param { value, harsher: param.harsher }
}

fn in_canonical(number: Decimal, unit: &str) -> (Decimal, String) {
    let canonical = units::canonical(unit);
    match units::convert(number, unit, &canonical) {
        Some(number) => (number, canonical),
        None => (number, tidy(unit)),
    }
}

fn target_normalised(target: Target) -> Target {
    let selector = match target.selector {
        Selector::Matching(expression) => Selector::Matching(tidy(&expression)),
        Selector::Names(names) => Selector::Names(names.iter().map(|name| tidy(name)).collect()),
    };
    Target {
        selector,
        pick: tidy(&target.pick),
        count: target.count,
        at_once: target.at_once,
        unit: tidy(&target.unit),
    }
}

fn step_normalised(step: Step) -> Step {
    let args = step.args.into_iter().map(|(name, value)| (tidy(&name), tidy(&value))).collect();
    Step { op: tidy(&step.op), args }
}

fn check_normalised(check: Check) -> Check {
    let Check { key: CheckKey { measure, phase, aggregate }, allowed, unit, window_ms } = check;
    let written = unit.map(|unit| tidy(&unit)).filter(|unit| !unit.is_empty() && allowed != Allowed::Holds);
    let converted = written.as_deref().and_then(|written| {
        let canonical = units::canonical(written);
        allowed.map(|number| units::convert(number, written, &canonical)).map(|allowed| (allowed, canonical))
    });
    let (allowed, unit) = match converted {
        Some((allowed, canonical)) => (allowed, Some(canonical)),
        None => (allowed, written),
    };
    let key = CheckKey { measure: title_normalised(&measure), phase, aggregate };
    Check { key, allowed: allowed.normalised(), unit, window_ms: window_ms.map(exact_ms) }
}

fn signal_normalised(signal: &Signal) -> Signal {
    let expect = match signal.expect {
        Expect::Fire { within_ms } => Expect::Fire { within_ms: exact_ms(within_ms) },
        Expect::Silent { for_ms } => Expect::Silent { for_ms: exact_ms(for_ms) },
    };
    Signal { signal: title_normalised(&signal.signal), expect }
}

fn fault_object(fault: Fault) -> Value {
    let Fault { kind, params, duration_ms } = fault;
    let params: Map<String, Value> = params.into_iter().map(|(name, param)| (name, param_object(param))).collect();
    let mut object = Map::new();
    object.insert("kind".into(), kind.as_str().into());
    object.insert("params".into(), params.into());
    put(&mut object, "duration_ms", duration_ms.map(Value::from));
    Value::Object(object)
}

fn param_object(param: Param) -> Value {
    match param.harsher {
        None => param.value.into(),
        Some(Harsher::Up) => json!({ "value": param.value, "harsher": "up" }),
        Some(Harsher::Down) => json!({ "value": param.value, "harsher": "down" }),
    }
}

fn target_object(target: Target) -> Value {
    let Target { selector, pick, count, at_once, unit } = target;
    let selector = match selector {
        Selector::Matching(expression) => Value::from(expression),
        Selector::Names(names) => names.into_iter().collect(),
    };
    let count_text = |count| match count {
        Count::Number(number) => u32::to_string(&number),
        Count::All => "all".into(),
    };
    json!({ "selector": selector, "pick": pick, "count": count_text(count), "at_once": count_text(at_once), "unit": unit })
}

fn check_object(check: Check) -> Value {
    let Check { key, allowed, unit, window_ms } = check;
    let (measure, phase, aggregate) = spelled(&key);
    let (comparator, threshold, threshold_to) = allowed.written();
    let mut object = Map::new();
    for (member, text) in [("measure", measure), ("phase", phase), ("aggregate", aggregate), ("comparator", comparator)]
    {
        object.insert(member.into(), text.into());
    }
    put(&mut object, "threshold", threshold.map(Value::from));
    put(&mut object, "threshold_to", threshold_to.map(Value::from));
    put(&mut object, "unit", unit.map(Value::from));
    put(&mut object, "window_ms", window_ms.map(Value::from));
    Value::Object(object)
}

fn signal_object(signal: &Signal) -> Value {
    let name = signal.signal.as_str();
    match signal.expect {
        Expect::Fire { within_ms } => {
            json!({ "signal": name, "expect": "fire", "within_ms": within_ms })
        }
        Expect::Silent { for_ms } => {
            json!({ "signal": name, "expect": "silent", "for_ms": for_ms })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::{
        experiments::plan::{Aggregate, Phase},
        runs::sample::{check, identity, number, slug, title},
    };

    /// Published with the product reference; another value needs another rule version.
    const VECTOR: &str = r#"{"checks":[{"aggregate":"max","comparator":"<=","measure":"alert-gap","phase":"during","threshold":"60","unit":"s","window_ms":900000}],"environment":"production","fault":{"kind":"process-restart","params":{}},"method":[{"args":{},"op":"restart"}],"recovery_ms":300000,"rule":1,"services":["zookeeper"],"signals":[{"expect":"fire","signal":"zookeeper-down","within_ms":120000}],"target":{"at_once":"1","count":"1","pick":"random","selector":"role=zookeeper","unit":"instance"}}"#;
    const VECTOR_FINGERPRINT: &str = "351c8f2f15bca466f6ba417fb49fdf2b0627bdd5ff7b36104e73c26f3ca5e440";

    fn canonical(identity: &Identity) -> String {
        serde_json_canonicalizer::to_string(&identity.object()).unwrap()
    }

    #[test]
    fn the_published_identity_has_the_published_fingerprint() {
        assert_eq!(canonical(&identity()), VECTOR);
        assert_eq!(identity().fingerprint(), VECTOR_FINGERPRINT);
    }

    /// Every member that the published vector lacks, once.
    fn full() -> Identity {
        let mut full = identity();
        full.services.insert(slug("alerting"));
        let param = |value: &str, harsher| Param { value: value.into(), harsher };
        full.fault = Some(Fault {
            kind: slug("network-delay"),
            params: BTreeMap::from([
                ("delay".into(), param("200 ms", Some(Harsher::Up))),
                ("free".into(), param("10.0", Some(Harsher::Down))),
                ("version".into(), param("1.10", None)),
            ]),
            duration_ms: Some(60_000),
        });
        full.target = Some(Target {
            selector: Selector::Names(BTreeSet::from(["zk-2".into(), "zk-1".into()])),
            pick: "named".into(),
            count: Count::All,
            at_once: Count::Number(2),
            unit: "instance".into(),
        });
        full.method = vec![
            Step { op: "stop".into(), args: BTreeMap::from([("signal".into(), "TERM".into())]) },
            Step { op: "start".into(), args: BTreeMap::new() },
        ];
        full.load = Some(Load { kind: "replay".into(), rate: number("100.50") });
        full.checks.push(check("share", Phase::After, Aggregate::P99, Allowed::Between(number("90"), number("99.90"))));
        full.checks.push(check("clients connected", Phase::Before, Aggregate::Every, Allowed::Holds));
        full.signals.push(Signal { signal: title("disk-full"), expect: Expect::Silent { for_ms: 600_000 } });
        full.recovery_ms = None;
        full
    }

    #[test]
    fn every_member_has_its_place_in_the_object() {
        let expected = r#"{"checks":[{"aggregate":"max","comparator":"<=","measure":"alert-gap","phase":"during","threshold":"60","unit":"s","window_ms":900000},{"aggregate":"every","comparator":"holds","measure":"clients connected","phase":"before"},{"aggregate":"p99","comparator":"between","measure":"share","phase":"after","threshold":"90","threshold_to":"99.9"}],"environment":"production","fault":{"duration_ms":60000,"kind":"network-delay","params":{"delay":{"harsher":"up","value":"0.2 s"},"free":{"harsher":"down","value":"10"},"version":"1.10"}},"load":{"kind":"replay","rate":"100.5"},"method":[{"args":{"signal":"TERM"},"op":"stop"},{"args":{},"op":"start"}],"rule":1,"services":["alerting","zookeeper"],"signals":[{"expect":"silent","for_ms":600000,"signal":"disk-full"},{"expect":"fire","signal":"zookeeper-down","within_ms":120000}],"target":{"at_once":"2","count":"all","pick":"named","selector":["zk-1","zk-2"],"unit":"instance"}}"#;
        assert_eq!(canonical(&full()), expected);
    }

    #[test]
    fn an_empty_plan_keeps_its_lists() {
        assert_eq!(canonical(&Identity::default()), r#"{"checks":[],"method":[],"rule":1,"services":[],"signals":[]}"#);
    }

    #[test]
    fn another_spelling_of_the_same_plan_has_the_same_fingerprint() {
        let mut other = full();
        other.checks.reverse();
        other.signals.reverse();
        for check in &mut other.checks {
            if check.unit.is_some() {
                check.allowed = Allowed::AtMost(number("1.00"));
                check.unit = Some(" Minutes ".into());
            }
            if check.allowed == Allowed::Holds {
                check.unit = Some("s".into());
            }
        }
        let fault = other.fault.as_mut().unwrap();
        fault.params.insert("delay".into(), Param { value: " 0.20 s".into(), harsher: Some(Harsher::Up) });
        other.target.as_mut().unwrap().pick = "named ".into();
        other.load.as_mut().unwrap().rate = number("100.5");
        assert_ne!(other, full());
        assert_eq!(other.fingerprint(), full().fingerprint());
        assert_eq!(other.clone().normalised(), full().normalised());
    }

    #[test]
    fn letters_written_in_two_ways_are_one_name() {
        let named = |measure: &str| {
            let mut identity = identity();
            identity.checks[0].key.measure = title(measure);
            identity.fingerprint()
        };
        assert_eq!(named("verf\u{fc}gbar"), named("verfu\u{308}gbar"));
        assert_ne!(named("verf\u{fc}gbar"), named("verfugbar"));
    }

    #[test]
    fn a_value_without_direction_is_a_text_and_keeps_its_zeros() {
        let with = |value: &str, harsher| {
            let mut identity = identity();
            identity.fault.as_mut().unwrap().params.insert("version".into(), Param { value: value.into(), harsher });
            identity.fingerprint()
        };
        assert_ne!(with("1.10", None), with("1.1", None));
        assert_eq!(with("1.10", Some(Harsher::Up)), with("1.1", Some(Harsher::Up)));
        assert_ne!(with("1.1", Some(Harsher::Up)), with("1.1", Some(Harsher::Down)));
        assert_ne!(with("1.1", Some(Harsher::Up)), with("1.1", None));
    }

    #[test]
    fn a_threshold_that_does_not_convert_exactly_keeps_its_unit() {
        let mut identity = identity();
        identity.checks[0].allowed = Allowed::AtMost(number("0.0000000000000000000000000001"));
        identity.checks[0].unit = Some("ms".into());
        let kept = identity.clone().normalised();
        assert_eq!((kept.checks[0].allowed, kept.checks[0].unit.as_deref()), (identity.checks[0].allowed, Some("ms")));
    }

    #[test]
    fn one_set_of_values_has_one_spelling() {
        let with = |allowed| {
            let mut identity = identity();
            identity.checks[0].allowed = allowed;
            identity.checks[0].unit = None;
            identity.fingerprint()
        };
        let (two, five) = (number("2"), number("5"));
        assert_eq!(with(Allowed::Between(five, five)), with(Allowed::Equal(number("5.0"))));
        assert_eq!(with(Allowed::Between(five, two)), with(Allowed::Between(two, five)));
        assert_ne!(with(Allowed::Between(two, five)), with(Allowed::Equal(five)));
    }

    #[test]
    fn times_that_canonical_json_cannot_tell_apart_are_one_time() {
        let recovering = |ms| Identity { recovery_ms: Some(ms), ..identity() };
        let normalised = |ms| recovering(ms).normalised().recovery_ms;
        assert_eq!(normalised(i64::MAX), normalised(1 << 53));
        assert_eq!(normalised(i64::MIN), Some(-9_007_199_254_740_991));
        let (last, before) = (recovering((1 << 53) - 1), recovering((1 << 53) - 2));
        assert_ne!(last.fingerprint(), before.fingerprint());
    }

    #[test]
    fn of_two_checks_with_one_key_the_first_counts() {
        let mut doubled = identity();
        let mut second = doubled.checks[0].clone();
        second.allowed = Allowed::AtMost(number("600"));
        doubled.checks.push(second);
        assert_eq!(doubled.fingerprint(), identity().fingerprint());
    }
}
