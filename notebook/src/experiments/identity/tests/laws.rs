//! What holds for every two plans, whatever stands in them.

use proptest::{prelude::*, sample::select};

use super::*;
use crate::experiments::plan::{CheckKey, Measured};

fn any_allowed() -> impl Strategy<Value = Allowed> {
    let numbers = || select(vec!["10", "20.0", "20", "60000", "60"]).prop_map(number);
    prop_oneof![
        numbers().prop_map(Allowed::Below),
        numbers().prop_map(Allowed::AtMost),
        numbers().prop_map(Allowed::AtLeast),
        numbers().prop_map(Allowed::Above),
        numbers().prop_map(Allowed::Equal),
        (numbers(), numbers()).prop_map(|(a, b)| Allowed::Between(a, b)),
        Just(Allowed::Holds),
    ]
}

fn any_unit() -> impl Strategy<Value = Option<String>> {
    select(vec![None, Some("s"), Some("ms"), Some("min"), Some("elections")])
        .prop_map(|unit| unit.map(ToString::to_string))
}

fn any_check() -> impl Strategy<Value = Check> {
    let keys = vec![
        key("alert-gap", Phase::During, Aggregate::Max),
        key("clients", Phase::After, Aggregate::Min),
        key("clients", Phase::During, Aggregate::Every),
        key("verf\u{fc}gbar", Phase::Before, Aggregate::Mean),
        key("verfu\u{308}gbar", Phase::Before, Aggregate::Mean),
    ];
    let window = select(vec![None, Some(60_000), Some(900_000)]);
    (select(keys), any_allowed(), any_unit(), window).prop_map(|(key, allowed, unit, window_ms)| Check {
        key,
        allowed,
        unit,
        window_ms,
    })
}

fn any_signal() -> impl Strategy<Value = Signal> {
    let expect = prop_oneof![
        select(vec![1_000, 60_000]).prop_map(|within_ms| Expect::Fire { within_ms }),
        select(vec![1_000, 60_000]).prop_map(|for_ms| Expect::Silent { for_ms }),
    ];
    (select(vec!["zookeeper-down", "disk-full"]), expect)
        .prop_map(|(signal, expect)| Signal { signal: title(signal), expect })
}

fn any_fault() -> impl Strategy<Value = Fault> {
    let value = select(vec!["1", "1.0", " 1", "2", "2 s", "2000 ms", "fast"]);
    let harsher = select(vec![None, Some(Harsher::Up), Some(Harsher::Down)]);
    let param = (value, harsher).prop_map(|(value, harsher)| Param { value: value.into(), harsher });
    let params = prop::collection::btree_map(select(vec!["delay".to_string(), "share".to_string()]), param, 0..3);
    (select(vec!["restart", "kill"]), params, prop::option::of(select(vec![1_000, 2_000, i64::MAX])))
        .prop_map(|(kind, params, duration_ms)| Fault { kind: slug(kind), params, duration_ms })
}

fn any_target() -> impl Strategy<Value = Target> {
    let names = prop::collection::btree_set(select(vec!["zk-1".to_string(), "zk-2".into(), "zk-3".into()]), 0..3);
    let selector = prop_oneof![
        select(vec!["role=zookeeper", "role=zookeeper ", "zk-1"])
            .prop_map(|expression| Selector::Matching(expression.into())),
        names.prop_map(Selector::Names),
    ];
    let count = || select(vec![Count::Number(1), Count::Number(2), Count::All]);
    (selector, select(vec!["random", "leader"]), count(), count(), select(vec!["instance", "rack"])).prop_map(
        |(selector, pick, count, at_once, unit)| Target {
            selector,
            pick: pick.into(),
            count,
            at_once,
            unit: unit.into(),
        },
    )
}

fn any_step() -> impl Strategy<Value = Step> {
    let args = prop::collection::btree_map(
        Just("seconds".to_string()),
        select(vec!["5".to_string(), " 5".into(), "6".into()]),
        0..2,
    );
    (select(vec!["restart", "wait"]), args).prop_map(|(op, args)| Step { op: op.into(), args })
}

prop_compose! {
    fn any_identity()(
        services in prop::collection::btree_set(select(vec![slug("zookeeper"), slug("kafka"), slug("none")]), 0..2),
        environment in prop::option::of(select(vec![slug("production"), slug("none")])),
        fault in prop::option::of(any_fault()),
        target in prop::option::of(any_target()),
        method in prop::collection::vec(any_step(), 0..2),
        load in prop::option::of((select(vec!["replay", "none"]), select(vec!["1", "1.0", "2"]))),
        checks in prop::collection::vec(any_check(), 0..4),
        signals in prop::collection::vec(any_signal(), 0..3),
        recovery_ms in prop::option::of(select(vec![1_000, 300_000])),
    ) -> Identity {
        let load = load.map(|(kind, rate)| Load { kind: kind.into(), rate: number(rate) });
        Identity { services, environment, fault, target, method, load, checks, signals, recovery_ms }
    }
}

/// The first plan with some parts of the second, so that near plans come up as often as far ones.
fn near(base: &Identity, other: &Identity, parts: &BTreeSet<Part>) -> Identity {
    let mut near = base.clone();
    for part in parts {
        match part {
            Part::Services => near.services.clone_from(&other.services),
            Part::Environment => near.environment.clone_from(&other.environment),
            Part::Fault => near.fault.clone_from(&other.fault),
            Part::Target => near.target.clone_from(&other.target),
            Part::Method => near.method.clone_from(&other.method),
            Part::Load => near.load.clone_from(&other.load),
            Part::Checks => near.checks.clone_from(&other.checks),
            Part::Signals => near.signals.clone_from(&other.signals),
            Part::Recovery => near.recovery_ms = other.recovery_ms,
        }
    }
    near
}

fn near_pair() -> impl Strategy<Value = (Identity, Identity)> {
    let parts = prop::collection::btree_set(select(Part::ALL.to_vec()), 0..3);
    (any_identity(), any_identity(), parts).prop_map(|(base, other, parts)| {
        let near = near(&base, &other, &parts);
        (base, near)
    })
}

/// One step towards a harder plan, or none where it does not apply.
fn tighten(identity: &mut Identity, step: u8) {
    match step {
        0 => identity.recovery_ms = Some(identity.recovery_ms.map_or(300_000, |ms| ms / 2)),
        1 => identity
            .checks
            .iter_mut()
            .for_each(|check| check.window_ms = check.window_ms.map(|ms| ms + longer_by(check))),
        2 => identity.checks.iter_mut().for_each(|check| check.allowed = tightened(check.allowed)),
        3 => identity.checks.extend([check("added", Phase::After, Aggregate::Last, Allowed::Holds)]),
        4 => identity.signals.iter_mut().for_each(|signal| {
            signal.expect = match signal.expect {
                Expect::Fire { within_ms } => Expect::Fire { within_ms: within_ms / 2 },
                Expect::Silent { for_ms } => Expect::Silent { for_ms: for_ms * 2 },
            };
        }),
        5 => identity.target.iter_mut().for_each(|target| target.count = Count::All),
        6 => identity.target.iter_mut().for_each(|target| {
            if let Selector::Names(names) = &mut target.selector {
                names.insert(format!("zk-{}", names.len() + 10));
            }
        }),
        7 => identity.load.iter_mut().for_each(|load| load.rate += number("0.5")),
        8 => identity
            .fault
            .iter_mut()
            .for_each(|fault| fault.duration_ms = fault.duration_ms.map(|ms| ms.saturating_add(1))),
        _ => identity.fault.iter_mut().flat_map(|fault| fault.params.values_mut()).for_each(|param| {
            let Some((number, unit)) = units::amount(&param.value) else {
                return;
            };
            let further = match param.harsher {
                Some(Harsher::Up) => number + Decimal::ONE,
                Some(Harsher::Down) => number - Decimal::ONE,
                None => return,
            };
            param.value = units::with_unit(&plain(further), unit.as_deref());
        }),
    }
}

/// A minute where looking longer is stricter, else nothing.
fn longer_by(check: &Check) -> i64 {
    let nests = match check.key.aggregate {
        Aggregate::Max => check.allowed.is_upper_bound(),
        Aggregate::Min => check.allowed.is_lower_bound(),
        aggregate => aggregate == Aggregate::Every,
    };
    i64::from(nests) * 60_000
}

fn tightened(allowed: Allowed) -> Allowed {
    match allowed {
        Allowed::AtMost(at) => Allowed::Below(at),
        Allowed::Below(at) => Allowed::Between(at - Decimal::TWO, at - Decimal::ONE),
        Allowed::AtLeast(at) => Allowed::Above(at),
        Allowed::Above(at) => Allowed::Equal(at + Decimal::ONE),
        Allowed::Between(a, b) => Allowed::Equal(a.max(b)),
        Allowed::Equal(_) | Allowed::Holds => allowed,
    }
}

/// Whether every check of the plan held on these values, one for each key.
fn all_held(identity: &Identity, values: &BTreeMap<CheckKey, Measured>) -> bool {
    identity
        .checks
        .iter()
        .all(|check| values.get(&check.key).is_some_and(|seen| check.allowed.outcome(seen) == Outcome::Held))
}

proptest! {
    #[test]
    fn every_plan_is_identical_to_itself(a in any_identity()) {
        let compared = relation(&a, &a);
        prop_assert_eq!(compared, Compared { relation: Identical, fields: Vec::new() });
    }

    #[test]
    fn identical_plans_and_only_they_share_a_fingerprint((a, b) in near_pair()) {
        let same = relation(&a, &b).relation == Identical;
        prop_assert_eq!(same, a.fingerprint() == b.fingerprint());
        prop_assert_eq!(same, a.normalised() == b.normalised());
    }

    #[test]
    fn stricter_one_way_is_looser_the_other((a, b) in near_pair()) {
        let (there, back) = (relation(&a, &b), relation(&b, &a));
        prop_assert_eq!(there.relation, back.relation.reversed());
        prop_assert_eq!(there.fields.len(), back.fields.len());
        for (one, other) in there.fields.iter().zip(&back.fields) {
            prop_assert_eq!((&one.field, one.relation), (&other.field, other.relation.reversed()));
        }
    }

    #[test]
    fn each_tightening_is_stricter_and_stricter_is_transitive(
        a in any_identity().prop_map(Identity::normalised),
        first in prop::collection::vec(0u8..10, 0..4),
        second in prop::collection::vec(0u8..10, 0..4),
    ) {
        let tighter = |from: &Identity, steps: Vec<u8>| {
            steps.into_iter().fold(from.clone(), |mut identity, step| { tighten(&mut identity, step); identity })
        };
        let b = tighter(&a, first);
        let c = tighter(&b, second);
        let (ab, bc, ac) = (relation(&b, &a), relation(&c, &b), relation(&c, &a));
        prop_assert!(ab.is_same(), "{}", ab.words());
        prop_assert!(bc.is_same(), "{}", bc.words());
        let expected = if ab.relation == Identical && bc.relation == Identical { Identical } else { Stricter };
        prop_assert_eq!(ac.relation, expected, "{}", ac.words());
    }

    #[test]
    fn stricter_is_transitive_among_plans_that_happen_to_be_near((a, b) in near_pair(), other in any_identity(), part in select(Part::ALL.to_vec())) {
        let c = near(&b, &other, &BTreeSet::from([part]));
        if relation(&b, &a).relation == Stricter && relation(&c, &b).relation == Stricter {
            prop_assert_eq!(relation(&c, &a).relation, Stricter);
        }
    }

    #[test]
    fn the_order_of_lists_and_members_changes_nothing(a in any_identity(), turn in 0usize..4) {
        // One check and one signal for each key, as a plan holds them.
        let a = a.normalised();
        let mut b = a.clone();
        b.checks.reverse();
        b.signals.reverse();
        if !b.checks.is_empty() {
            let turn = turn % b.checks.len();
            b.checks.rotate_left(turn);
        }
        prop_assert_eq!(relation(&a, &b).relation, Identical);
        prop_assert_eq!(a.fingerprint(), b.fingerprint());
        prop_assert_eq!(a.object(), b.object());
    }

    #[test]
    fn a_normalised_plan_stays_as_it_is(a in any_identity()) {
        let once = a.normalised();
        prop_assert_eq!(once.clone().normalised(), once);
    }

    #[test]
    fn a_plan_survives_storing(a in any_identity()) {
        let stored = serde_json::to_string(&a).unwrap();
        let read: Identity = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(&read, &a);
        prop_assert_eq!(read.fingerprint(), a.fingerprint());
    }

    #[test]
    fn what_held_under_a_stricter_plan_held_under_the_easier(
        earlier in any_identity().prop_map(Identity::normalised),
        steps in prop::collection::vec(1u8..4, 1..4),
        other in any_identity().prop_map(Identity::normalised),
        values in prop::collection::vec(select(vec!["9", "10", "20", "0.01..20", "> 60", "19..20", "60", "1200"]), 8),
    ) {
        let mut tightened = earlier.clone();
        for step in steps {
            tighten(&mut tightened, step);
        }
        for later in [tightened, near(&earlier, &other, &BTreeSet::from([Part::Checks]))] {
            if !relation(&later, &earlier).is_same() {
                continue;
            }
            let keys: BTreeSet<_> = later.checks.iter().chain(&earlier.checks).map(|check| check.key.clone()).collect();
            let seen = values.iter().map(|value| Measured::read(value, None).unwrap());
            let values: BTreeMap<_, _> = keys.into_iter().zip(seen).collect();
            prop_assert!(!all_held(&later, &values) || all_held(&earlier, &values));
        }
    }
}
