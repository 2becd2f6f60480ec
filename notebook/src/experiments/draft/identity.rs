//! What makes a plan this experiment and no other, as typed.

use std::collections::{BTreeMap, BTreeSet};

use super::{CheckRow, Draft, ParamRow, SignalRow, StepRow, context::span, is_blank};
use crate::{
    experiments::{
        plan::{
            Aggregate, Allowed, Check, CheckKey, Count, Expect, Fault, Harsher, Identity, Load, Param, Phase, Selector,
            Signal, Step, Target,
        },
        spans,
        units::{self, tidy},
    },
    id::number_of,
    limits::{PLAN_ITEMS_MAX, TARGETS_MAX},
    refusal::Checking,
    services::slug_meant,
    text::{Note, Slug, TextTrouble, Title},
};

pub(super) fn check(draft: &Draft, checking: &mut Checking) -> Identity {
    Identity {
        services: services(&draft.services, checking),
        environment: checking.maybe("environment", &draft.environment, slug_meant),
        fault: fault(draft, checking),
        target: target(draft, checking),
        method: method(&draft.method, checking),
        load: load(draft, checking),
        checks: checks(&draft.checks, checking),
        signals: signals(&draft.signals, checking),
        recovery_ms: span(checking, "recovery", &draft.recovery),
    }
}

/// One line of text that keeps its spelling wherever it stands.
fn line(text: &str) -> Result<String, TextTrouble> {
    let text = String::from(Note::new(&tidy(text))?);
    if text.contains(char::is_control) { Err(TextTrouble::Control) } else { Ok(text) }
}

fn name(text: &str) -> Result<String, TextTrouble> {
    Title::new(&tidy(text)).map(String::from)
}

fn at_most<T>(checking: &mut Checking, field: &str, items: impl IntoIterator<Item = T>) {
    let has = items.into_iter().count();
    if has > PLAN_ITEMS_MAX {
        checking.say(
            field,
            format!("has {has} entries; at most {PLAN_ITEMS_MAX} are kept, because more cannot be watched"),
        );
    }
}

fn services(texts: &[String], checking: &mut Checking) -> BTreeSet<Slug> {
    let written: Vec<&String> = texts.iter().filter(|text| !text.trim().is_empty()).collect();
    if written.is_empty() {
        checking.say("services", "names no service; choose at least one");
    }
    at_most(checking, "services", &written);
    written.into_iter().filter_map(|text| checking.need("services", slug_meant(text))).collect()
}

fn fault(draft: &Draft, checking: &mut Checking) -> Option<Fault> {
    let params = params(&draft.fault_params, checking);
    let duration_ms = span(checking, "fault_duration", &draft.fault_duration);
    if is_blank(&[&draft.fault_kind, &draft.fault_duration]) && params.is_empty() {
        return None;
    }
    let kind = checking.need("fault_kind", slug_meant(&draft.fault_kind))?;
    Some(Fault { kind, params, duration_ms })
}

fn params(rows: &[ParamRow], checking: &mut Checking) -> BTreeMap<String, Param> {
    let mut params = BTreeMap::new();
    for (n, row) in rows.iter().enumerate().filter(|(_, row)| !is_blank(&[&row.name, &row.value])) {
        let named = checking.need(&format!("fault_params.{n}.name"), name(&row.name));
        let value = checking.need(&format!("fault_params.{n}.value"), line(&row.value));
        let harsher =
            harsher(&row.harsher).map_err(|says| checking.say(format!("fault_params.{n}.harsher"), says)).ok();
        let (Some(named), Some(value), Some(harsher)) = (named, value, harsher) else {
            continue;
        };
        if harsher.is_some() && units::amount(&value).is_none() {
            checking.say(
                format!("fault_params.{n}.value"),
                "is no number, so it has no harsher direction; write a number or leave the direction out",
            );
        } else if params.insert(named, Param { value, harsher }).is_some() {
            checking.say(format!("fault_params.{n}.name"), "is there twice; leave one out");
        }
    }
    at_most(checking, "fault_params", &params);
    params
}

fn harsher(word: &str) -> Result<Option<Harsher>, &'static str> {
    match word.trim() {
        "" => Ok(None),
        "up" => Ok(Some(Harsher::Up)),
        "down" => Ok(Some(Harsher::Down)),
        _ => Err("is not one of up, down"),
    }
}

/// The count, concurrency, unit and pick of a form stand at their usual values before anybody
/// has thought of targets; only what differs from these says that there is one.
fn target(draft: &Draft, checking: &mut Checking) -> Option<Target> {
    let of_names = match draft.selector_kind.trim() {
        "" | "matching" => false,
        "names" => true,
        _ => {
            checking.say("selector_kind", "is not one of matching, names");
            return None;
        }
    };
    let usual_pick = if of_names { "named" } else { "random" };
    if draft.selector.trim().is_empty() {
        let usual = |text: &str, usual: &[&str]| text.trim().is_empty() || usual.contains(&text.trim());
        let untouched = usual(&draft.pick, &["random", "named"]) && usual(&draft.count, &["1"]);
        if !(untouched && usual(&draft.at_once, &["1"]) && usual(&draft.unit, &["instance"])) {
            checking.say("selector", "is empty; write which targets may be hit, like role=zookeeper");
        }
        return None;
    }
    let selector = if of_names {
        names(&draft.selector, checking)
    } else {
        checking.need("selector", line(&draft.selector)).map(Selector::Matching)
    };
    let or_usual = |text: &str, usual: &str| {
        if text.trim().is_empty() { usual.to_owned() } else { text.to_owned() }
    };
    let pick = checking.need("pick", name(&or_usual(&draft.pick, usual_pick)));
    let count = count(checking, "count", &draft.count);
    let at_once = self::count(checking, "at_once", &draft.at_once);
    let unit = checking.need("unit", name(&or_usual(&draft.unit, "instance")));
    Some(Target { selector: selector?, pick: pick?, count: count?, at_once: at_once?, unit: unit? })
}

fn names(text: &str, checking: &mut Checking) -> Option<Selector> {
    let written: Vec<&str> = text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let names: BTreeSet<String> = written.iter().filter_map(|text| checking.need("selector", name(text))).collect();
    if names.len() > TARGETS_MAX {
        checking.say("selector", format!("has {} names; at most {TARGETS_MAX} are kept", names.len()));
    } else if written.is_empty() {
        checking.say("selector", "holds no name; write names separated by commas");
    }
    Some(Selector::Names(names)).filter(|_| !written.is_empty())
}

fn count(checking: &mut Checking, field: &str, text: &str) -> Option<Count> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("all") {
        return Some(Count::All);
    }
    let number = if text.is_empty() { Some(1) } else { number_of(text).and_then(|number| u32::try_from(number).ok()) };
    if number.is_none() {
        checking.say(field, "takes a number from 1, or all");
    }
    number.map(Count::Number)
}

fn method(rows: &[StepRow], checking: &mut Checking) -> Vec<Step> {
    let mut steps = Vec::new();
    for (n, row) in rows.iter().enumerate().filter(|(_, row)| !is_blank(&[&row.op, &row.args])) {
        let op = checking.need(&format!("method.{n}.op"), line(&row.op));
        let args = args(checking, &format!("method.{n}.args"), &row.args);
        steps.extend(op.map(|op| Step { op, args }));
    }
    at_most(checking, "method", &steps);
    steps
}

fn args(checking: &mut Checking, field: &str, text: &str) -> BTreeMap<String, String> {
    let mut args = BTreeMap::new();
    for (n, written) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let Some((key, value)) = written.split_once('=') else {
            checking.say(field, format!("has a line {} without an equals sign; write it like seconds=5", n + 1));
            continue;
        };
        let key = checking.need(field, name(key));
        let value = if value.trim().is_empty() { Some(String::new()) } else { checking.need(field, line(value)) };
        let (Some(key), Some(value)) = (key, value) else {
            continue;
        };
        if args.insert(key, value).is_some() {
            checking.say(field, format!("has a line {} that names an argument twice; leave one out", n + 1));
        }
    }
    at_most(checking, field, &args);
    args
}

fn load(draft: &Draft, checking: &mut Checking) -> Option<Load> {
    if is_blank(&[&draft.load_kind, &draft.load_rate]) {
        return None;
    }
    let kind = checking.need("load_kind", name(&draft.load_kind));
    let rate = units::decimal(&draft.load_rate).filter(|rate| !rate.is_sign_negative() || rate.is_zero());
    if rate.is_none() {
        checking.say("load_rate", "takes a plain number per second, such as 200");
    }
    Some(Load { kind: kind?, rate: rate? })
}

fn checks(rows: &[CheckRow], checking: &mut Checking) -> Vec<Check> {
    let mut checks: Vec<Check> = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        if is_blank(&[&row.measure, &row.threshold, &row.threshold_to, &row.unit, &row.window]) {
            continue;
        }
        let Some(check) = check_of(row, n, checking) else {
            continue;
        };
        if checks.iter().any(|other| other.key == check.key) {
            checking.say(
                format!("checks.{n}.measure"),
                "is there twice with the same phase and aggregate; change one of them",
            );
        }
        checks.push(check);
    }
    at_most(checking, "checks", &checks);
    checks
}

fn check_of(row: &CheckRow, n: usize, checking: &mut Checking) -> Option<Check> {
    let field = |name: &str| format!("checks.{n}.{name}");
    let measure = checking.need(&field("measure"), Title::new(&tidy(&row.measure)));
    let phase = Phase::named(&row.phase).map_err(|says| checking.say(field("phase"), says)).ok();
    let aggregate = Aggregate::named(&row.aggregate).map_err(|says| checking.say(field("aggregate"), says)).ok();
    let allowed = Allowed::read(&row.comparator, &row.threshold, &row.threshold_to);
    let allowed = allowed.map_err(|(name, says)| checking.say(field(name), says)).ok();
    let unit = checking.maybe(&field("unit"), &row.unit, name);
    if allowed == Some(Allowed::Holds) && unit.is_some() {
        checking.say(field("unit"), "stays empty for a statement that simply holds");
    }
    let window_ms = span(checking, &field("window"), &row.window);
    let key = CheckKey { measure: measure?, phase: phase?, aggregate: aggregate? };
    Some(Check { key, allowed: allowed?, unit, window_ms })
}

fn signals(rows: &[SignalRow], checking: &mut Checking) -> Vec<Signal> {
    let mut signals: Vec<Signal> = Vec::new();
    for (n, row) in rows.iter().enumerate().filter(|(_, row)| !is_blank(&[&row.signal, &row.time, &row.alert])) {
        let Some(signal) = signal_of(row, n, checking) else {
            continue;
        };
        if signals.iter().any(|other| other.signal == signal.signal) {
            checking.say(format!("signals.{n}.signal"), "is there twice; leave one out");
        }
        signals.push(signal);
    }
    at_most(checking, "signals", &signals);
    signals
}

fn signal_of(row: &SignalRow, n: usize, checking: &mut Checking) -> Option<Signal> {
    let signal = checking.need(&format!("signals.{n}.signal"), Title::new(&tidy(&row.signal)));
    let time_ms = spans::read_ms(&row.time).map_err(|says| checking.say(format!("signals.{n}.time"), says)).ok();
    let expect = match row.expect.trim() {
        "fire" => time_ms.map(|within_ms| Expect::Fire { within_ms }),
        "silent" => time_ms.map(|for_ms| Expect::Silent { for_ms }),
        _ => {
            checking.say(format!("signals.{n}.expect"), "is not one of fire, silent");
            None
        }
    };
    Some(Signal { signal: signal?, expect: expect? })
}
