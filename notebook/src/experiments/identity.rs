//! Whether two plans are the same experiment, field by field (product reference, section 3.1).

use std::{
    cell::RefCell,
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    ptr,
    rc::Rc,
};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use super::relation::{Part, Relation};
use super::{
    allowed::SetRelation,
    plan::{Aggregate, Check, Count, Expect, Fault, Harsher, Identity, Load, Param, Selector, Signal, Step, Target},
    units::{self, plain},
};
use crate::{text::Slug, time::span_words};

/// Version of these rules; it stands in every fingerprint.
pub const RULE: i64 = 1;

/// How a later plan relates to an earlier one, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Compared {
    pub relation: Relation,
    /// The fields that differ; none if identical.
    pub fields: Vec<FieldDifference>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct FieldDifference {
    pub part: Part,
    /// e.g. `target.count`, `checks.alert-gap.during.max`.
    pub field: String,
    pub relation: Relation,
    /// A sentence with both values.
    pub says: String,
}

impl Compared {
    /// The parts in which the later plan is stricter (or looser, or different).
    pub fn parts(&self, relation: Relation) -> BTreeSet<Part> {
        self.fields.iter().filter(|field| field.relation == relation).map(|field| field.part).collect()
    }

    /// The same experiment: identical or stricter.
    pub const fn is_same(&self) -> bool {
        self.relation.is_same()
    }

    /// Whether all differences lie in what is watched (checks, signals, recovery), so that the
    /// fault is exactly as hard as before.
    pub fn only_checks(&self) -> bool {
        self.fields.iter().all(|field| field.part.is_watching())
    }

    /// Every difference in one clause, without a final stop; "the plan is the same" if none.
    pub fn words(&self) -> String {
        if self.fields.is_empty() {
            return "the plan is the same".into();
        }
        self.fields.iter().map(|field| field.says.trim_end_matches('.')).collect::<Vec<_>>().join("; ")
    }
}

/// What the later plan is to the earlier one. Spelling, order and units do not matter.
pub fn relation(later: &Identity, earlier: &Identity) -> Compared {
    // Nearly all runs of an experiment have one plan, and that is seen sooner than how each of them is spelt.
    if ptr::eq(later, earlier) || later == earlier {
        return Compared { relation: Relation::Identical, fields: Vec::new() };
    }
    // Without `..` on purpose: a new field must be given its relation here.
    let Identity { services, environment, fault, target, method, load, checks, signals, recovery_ms } =
        later.clone().normalised();
    let was = earlier.clone().normalised();
    let mut differences = Differences(Vec::new());
    differences.exact(Part::Services, "services", "Services", &was.services, &services, list);
    let name = |environment: &Option<Slug>| environment.as_ref().map_or_else(none, Slug::to_string);
    differences.exact(Part::Environment, "environment", "Environment", &was.environment, &environment, name);
    differences.fault(was.fault.as_ref(), fault.as_ref());
    differences.target(was.target.as_ref(), target.as_ref());
    differences.exact(Part::Method, "method", "Method", &was.method, &method, |method| steps(method));
    differences.load(was.load.as_ref(), load.as_ref());
    differences.checks(&was.checks, &checks);
    differences.signals(&was.signals, &signals);
    let recovery = match (was.recovery_ms, recovery_ms) {
        (None, Some(_)) => Relation::Stricter,
        (Some(_), None) => Relation::Looser,
        (was, is) => if_smaller_is_stricter(was.cmp(&is)),
    };
    let (before, now) = times(was.recovery_ms, recovery_ms);
    differences.note(Part::Recovery, "recovery_ms", "Recovery time", recovery, &before, &now);
    let fields = differences.0;
    Compared { relation: fields.iter().fold(Relation::Identical, |all, field| all.with(field.relation)), fields }
}

/// What plans are to each other, any two of them compared once: thousands of runs share a few plans.
#[derive(Default)]
pub struct Relations<'a>(RefCell<Vec<Pair<'a>>>);

struct Pair<'a> {
    later: &'a Identity,
    earlier: &'a Identity,
    compared: Rc<Compared>,
}

impl<'a> Relations<'a> {
    pub fn relation(&self, later: &'a Identity, earlier: &'a Identity) -> Rc<Compared> {
        let is_it = |pair: &&Pair<'a>| ptr::eq(pair.later, later) && ptr::eq(pair.earlier, earlier);
        let known = self.0.borrow().iter().find(is_it).map(|pair| Rc::clone(&pair.compared));
        if let Some(known) = known {
            return known;
        }
        let compared = Rc::new(relation(later, earlier));
        self.0.borrow_mut().push(Pair { later, earlier, compared: Rc::clone(&compared) });
        compared
    }
}

/// The comparison of the earlier value to the later: `Less` means that the value grew.
const fn if_larger_is_stricter(was_to_is: Ordering) -> Relation {
    match was_to_is {
        Ordering::Less => Relation::Stricter,
        Ordering::Equal => Relation::Identical,
        Ordering::Greater => Relation::Looser,
    }
}

const fn if_smaller_is_stricter(was_to_is: Ordering) -> Relation {
    if_larger_is_stricter(was_to_is.reverse())
}

const fn if_equal(equal: bool) -> Relation {
    if equal { Relation::Identical } else { Relation::Different }
}

fn none() -> String {
    "none".into()
}

fn list<T: ToString>(items: &BTreeSet<T>) -> String {
    if items.is_empty() {
        return none();
    }
    items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

/// "stop (signal=TERM), then start".
fn steps(method: &[Step]) -> String {
    if method.is_empty() {
        return none();
    }
    let step = |Step { op, args }: &Step| {
        let args: Vec<String> = args.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if args.is_empty() { op.clone() } else { format!("{op} ({})", args.join(", ")) }
    };
    method.iter().map(step).collect::<Vec<_>>().join(", then ")
}

/// Both times in words; in exact seconds where words of two units would look alike.
fn times(was: Option<i64>, is: Option<i64>) -> (String, String) {
    let both = |words: fn(i64) -> String| (was.map_or_else(none, words), is.map_or_else(none, words));
    let (before, now) = both(span_words);
    if before == now { both(|ms| format!("{} s", plain(Decimal::new(ms, 3)))) } else { (before, now) }
}

fn count_words(count: Count) -> String {
    match count {
        Count::Number(number) => number.to_string(),
        Count::All => "all".into(),
    }
}

fn selector_words(selector: &Selector) -> String {
    match selector {
        Selector::Matching(expression) => format!("those matching {expression}"),
        Selector::Names(names) => list(names),
    }
}

struct Differences(Vec<FieldDifference>);

impl Differences {
    fn note(&mut self, part: Part, field: &str, name: &str, relation: Relation, was: &str, is: &str) {
        if relation != Relation::Identical {
            let says = format!("{name} went from {was} to {is}, {}.", relation.consequence());
            self.0.push(FieldDifference { part, field: field.into(), relation, says });
        }
    }

    /// A field whose every other value makes another experiment.
    fn exact<T: PartialEq>(
        &mut self,
        part: Part,
        field: &str,
        name: &str,
        was: &T,
        is: &T,
        words: impl Fn(&T) -> String,
    ) {
        self.note(part, field, name, if_equal(was == is), &words(was), &words(is));
    }

    fn fault(&mut self, was: Option<&Fault>, is: Option<&Fault>) {
        let (Some(was), Some(Fault { kind, params, duration_ms })) = (was, is) else {
            let kind = |fault: Option<&Fault>| fault.map_or_else(none, |fault| fault.kind.to_string());
            return self.note(
                Part::Fault,
                "fault",
                "Fault",
                if_equal(was.is_none() == is.is_none()),
                &kind(was),
                &kind(is),
            );
        };
        self.exact(Part::Fault, "fault.kind", "Fault", &was.kind, kind, Slug::to_string);
        let names: BTreeSet<&String> = was.params.keys().chain(params.keys()).collect();
        for name in names {
            let (before, now) = (was.params.get(name), params.get(name));
            let relation = match (before, now) {
                (Some(before), Some(now)) => param(before, now),
                _ => Relation::Different,
            };
            let (before, now) = param_words(before, now);
            self.note(
                Part::Fault,
                &format!("fault.params.{name}"),
                &format!("Fault parameter {name}"),
                relation,
                &before,
                &now,
            );
        }
        let relation = match (was.duration_ms, duration_ms) {
            (Some(before), Some(now)) => if_larger_is_stricter(before.cmp(now)),
            (before, now) => if_equal(before.is_none() && now.is_none()),
        };
        let (before, now) = times(was.duration_ms, *duration_ms);
        self.note(Part::Fault, "fault.duration_ms", "Duration of the fault", relation, &before, &now);
    }

    fn target(&mut self, was: Option<&Target>, is: Option<&Target>) {
        let (Some(was), Some(Target { selector, pick, count, at_once, unit })) = (was, is) else {
            let words = |target: Option<&Target>| target.map_or_else(none, |target| selector_words(&target.selector));
            return self.note(
                Part::Target,
                "target",
                "Target",
                if_equal(was.is_none() == is.is_none()),
                &words(was),
                &words(is),
            );
        };
        self.selector(&was.selector, selector);
        let pick_name = "The way targets are picked";
        self.exact(Part::Target, "target.pick", pick_name, &was.pick, pick, String::clone);
        self.exact(Part::Target, "target.unit", "The unit of targets", &was.unit, unit, String::clone);
        let counts = [
            ("target.count", "Number of targets", was.count, *count),
            ("target.at_once", "Targets hit at once", was.at_once, *at_once),
        ];
        for (field, name, before, now) in counts {
            // Two racks are not more than one instance: without a common unit nothing nests.
            let relation = if was.unit == *unit {
                if_larger_is_stricter(size(before).cmp(&size(now)))
            } else {
                if_equal(before == now)
            };
            self.note(Part::Target, field, name, relation, &count_words(before), &count_words(now));
        }
    }

    fn selector(&mut self, was: &Selector, is: &Selector) {
        let relation = match (was, is) {
            (was, is) if was == is => Relation::Identical,
            (Selector::Names(was), Selector::Names(is)) if is.is_superset(was) => Relation::Stricter,
            (Selector::Names(was), Selector::Names(is)) if is.is_subset(was) => Relation::Looser,
            _ => Relation::Different,
        };
        let (before, now) = (selector_words(was), selector_words(is));
        self.note(Part::Target, "target.selector", "Selected targets", relation, &before, &now);
    }

    fn load(&mut self, was: Option<&Load>, is: Option<&Load>) {
        let (Some(was), Some(Load { kind, rate })) = (was, is) else {
            let words = |load: Option<&Load>| load.map_or_else(none, |load| load.kind.clone());
            return self.note(
                Part::Load,
                "load",
                "Load",
                if_equal(was.is_none() == is.is_none()),
                &words(was),
                &words(is),
            );
        };
        self.exact(Part::Load, "load.kind", "Kind of load", &was.kind, kind, String::clone);
        let relation = if_larger_is_stricter(was.rate.cmp(rate));
        let words = |rate| format!("{} per second", plain(rate));
        self.note(Part::Load, "load.rate", "Load", relation, &words(was.rate), &words(*rate));
    }

    fn checks(&mut self, was: &[Check], is: &[Check]) {
        for (key, (before, now)) in paired(was, is, |check| &check.key) {
            let field = format!("checks.{}.{}.{}", key.measure, key.phase.word(), key.aggregate.word());
            let name = format!("Check {} ({}, {})", key.measure, key.phase.word(), key.aggregate.label());
            let words =
                |check: Option<&Check>| check.map_or_else(none, |check| check.allowed.words(check.unit.as_deref()));
            let relation = match (before, now) {
                (Some(before), Some(now)) => allowed(before, now),
                (None, Some(_)) => Relation::Stricter,
                (Some(_), None) => Relation::Looser,
                (None, None) => Relation::Identical,
            };
            self.note(Part::Checks, &field, &name, relation, &words(before), &words(now));
            if let (Some(before), Some(now)) = (before, now) {
                let (before_ms, now_ms) = times(before.window_ms, now.window_ms);
                let name =
                    format!("The window of check {} ({}, {})", key.measure, key.phase.word(), key.aggregate.label());
                self.note(Part::Checks, &format!("{field}.window_ms"), &name, window(before, now), &before_ms, &now_ms);
            }
        }
    }

    fn signals(&mut self, was: &[Signal], is: &[Signal]) {
        for (signal, (before, now)) in paired(was, is, |signal| &signal.signal) {
            let relation = match (before.map(|signal| signal.expect), now.map(|signal| signal.expect)) {
                (Some(Expect::Fire { within_ms: before }), Some(Expect::Fire { within_ms: now })) => {
                    if_smaller_is_stricter(before.cmp(&now))
                }
                (Some(Expect::Silent { for_ms: before }), Some(Expect::Silent { for_ms: now })) => {
                    if_larger_is_stricter(before.cmp(&now))
                }
                (Some(_), Some(_)) => Relation::Different,
                (None, Some(_)) => Relation::Stricter,
                (Some(_), None) => Relation::Looser,
                (None, None) => Relation::Identical,
            };
            let (before, now) = expectations(before.map(|signal| signal.expect), now.map(|signal| signal.expect));
            self.note(
                Part::Signals,
                &format!("signals.{signal}"),
                &format!("Signal {signal}"),
                relation,
                &before,
                &now,
            );
        }
    }
}

/// Both expectations in words: "firing within 2 min".
fn expectations(was: Option<Expect>, is: Option<Expect>) -> (String, String) {
    let ms = |expect: Option<Expect>| {
        expect.map(|expect| match expect {
            Expect::Fire { within_ms } => within_ms,
            Expect::Silent { for_ms } => for_ms,
        })
    };
    let (before, now) = times(ms(was), ms(is));
    let words = |expect: Option<Expect>, time: String| match expect {
        None => time,
        Some(Expect::Fire { .. }) => format!("firing within {time}"),
        Some(Expect::Silent { .. }) => format!("staying silent for {time}"),
    };
    (words(was, before), words(is, now))
}

type Paired<'a, K, T> = BTreeMap<&'a K, (Option<&'a T>, Option<&'a T>)>;

/// Each key with the earlier and the later item it names.
fn paired<'a, K: Ord, T>(was: &'a [T], is: &'a [T], key: impl Fn(&'a T) -> &'a K) -> Paired<'a, K, T> {
    let mut paired: Paired<'a, K, T> = was.iter().map(|item| (key(item), (Some(item), None))).collect();
    for item in is {
        paired.entry(key(item)).or_default().1 = Some(item);
    }
    paired
}

const fn size(count: Count) -> u64 {
    match count {
        Count::Number(number) => number as u64,
        Count::All => u64::MAX,
    }
}

fn param(was: &Param, is: &Param) -> Relation {
    if was == is {
        return Relation::Identical;
    }
    let numbers = (units::amount(&was.value), units::amount(&is.value));
    match (is.harsher.filter(|_| was.harsher == is.harsher), numbers) {
        (Some(harsher), (Some((before, unit)), Some((now, same_unit)))) if unit == same_unit => match harsher {
            Harsher::Up => if_larger_is_stricter(before.cmp(&now)),
            Harsher::Down => if_smaller_is_stricter(before.cmp(&now)),
        },
        _ => Relation::Different,
    }
}

/// Both values; with their directions where only these differ.
fn param_words(was: Option<&Param>, is: Option<&Param>) -> (String, String) {
    let redeclared = was.is_some_and(|was| is.is_some_and(|is| was.harsher != is.harsher));
    let words = |param: Option<&Param>| {
        let Some(Param { value, harsher }) = param else {
            return none();
        };
        match harsher {
            _ if !redeclared => value.clone(),
            Some(Harsher::Up) => format!("{value} (harsher when larger)"),
            Some(Harsher::Down) => format!("{value} (harsher when smaller)"),
            None => format!("{value} (no direction)"),
        }
    };
    (words(was), words(is))
}

fn allowed(was: &Check, is: &Check) -> Relation {
    if was.unit != is.unit {
        return Relation::Different;
    }
    match is.allowed.within(&was.allowed) {
        SetRelation::Equal => Relation::Identical,
        SetRelation::Subset => Relation::Stricter,
        SetRelation::Superset => Relation::Looser,
        SetRelation::Neither => Relation::Different,
    }
}

/// Looking for longer is stricter only where the shorter look cannot turn out worse: the largest
/// value of a part is no larger than that of the whole, so an upper bound on it holds too.
fn window(was: &Check, is: &Check) -> Relation {
    let (Some(before_ms), Some(now_ms)) = (was.window_ms, is.window_ms) else {
        return if_equal(was.window_ms == is.window_ms);
    };
    let shorter = if before_ms < now_ms { was } else { is };
    let nests = match shorter.key.aggregate {
        Aggregate::Max => shorter.allowed.is_upper_bound(),
        Aggregate::Min => shorter.allowed.is_lower_bound(),
        Aggregate::Every => true,
        Aggregate::Mean
        | Aggregate::Median
        | Aggregate::P90
        | Aggregate::P95
        | Aggregate::P99
        | Aggregate::Sum
        | Aggregate::Count
        | Aggregate::Last => false,
    };
    if nests { if_larger_is_stricter(before_ms.cmp(&now_ms)) } else { if_equal(before_ms == now_ms) }
}

#[cfg(test)]
mod tests;
