mod laws;

use super::*;
use crate::{
    experiments::plan::{Allowed, Context, Hypothesis, Outcome, Phase, Plan, Revert, WorstInputs},
    runs::sample::{self, check, gap, identity, identity_with_gap_at_most, key, number, slug, title},
    text::Prose,
};
use Relation::{Different, Identical, Looser, Stricter};

/// What the sample plan becomes.
fn with(edit: impl FnOnce(&mut Identity)) -> Identity {
    let mut identity = identity();
    edit(&mut identity);
    identity
}

fn fault(edit: impl FnOnce(&mut Fault)) -> Identity {
    with(|identity| edit(identity.fault.as_mut().unwrap()))
}

fn target(edit: impl FnOnce(&mut Target)) -> Identity {
    with(|identity| edit(identity.target.as_mut().unwrap()))
}

fn delayed(value: &str, harsher: Option<Harsher>) -> Identity {
    fault(|fault| {
        fault.params.insert("delay".into(), Param { value: value.into(), harsher });
    })
}

fn named(names: &[&str]) -> Identity {
    target(|target| {
        target.selector = Selector::Names(names.iter().map(ToString::to_string).collect());
    })
}

fn loaded(kind: &str, rate: &str) -> Identity {
    with(|identity| {
        identity.load = Some(Load { kind: kind.into(), rate: number(rate) });
    })
}

/// The sample plan with one check of a measure called m.
fn checked(aggregate: Aggregate, allowed: Allowed, window_ms: Option<i64>) -> Identity {
    let check = Check { window_ms, ..check("m", Phase::During, aggregate, allowed) };
    with(|identity| identity.checks = vec![check])
}

fn in_unit(allowed: Allowed, unit: &str) -> Identity {
    with(|identity| {
        identity.checks[0].allowed = allowed;
        identity.checks[0].unit = Some(unit.into());
    })
}

fn signalling(expect: Expect) -> Identity {
    with(|identity| {
        identity.signals = vec![Signal { signal: title("zookeeper-down"), expect }];
    })
}

/// One line of the relation table: what the later plan is to the earlier, and in which field.
type Line = (Identity, Identity, Relation, &'static str);

/// Compares each line in both directions.
fn assert_lines(lines: Vec<Line>) {
    for (earlier, later, expected, field) in lines {
        let compared = relation(&later, &earlier);
        let fields: Vec<&str> = compared.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!((compared.relation, fields), (expected, vec![field]), "{compared:?}");
        let back = relation(&earlier, &later);
        assert_eq!((back.relation, back.fields.len()), (expected.reversed(), 1), "{back:?}");
        assert_eq!(back.fields[0].field, field);
        assert_ne!(earlier.fingerprint(), later.fingerprint(), "{field}");
        let says = &compared.fields[0].says;
        assert!(says.ends_with(&format!("{}.", expected.consequence())), "{says}");
        let (was, is) = says.split_once(" went from ").and_then(|(_, values)| values.split_once(" to ")).unwrap();
        assert_ne!(is, format!("{was}, {}.", expected.consequence()), "both values look alike");
    }
}

#[test]
fn the_words_of_relations_and_parts_are_these() {
    let relations: Vec<_> = Relation::ALL.iter().map(|relation| relation.word()).collect();
    assert_eq!(relations, ["identical", "stricter", "looser", "different"]);
    let parts: Vec<_> = Part::ALL.iter().map(|part| part.word()).collect();
    assert_eq!(
        parts,
        ["services", "environment", "fault", "target", "method", "load", "checks", "signals", "recovery"]
    );
}

#[test]
fn services_environment_and_fault_kind_are_exact() {
    assert_lines(vec![
        (identity(), with(|i| i.services.extend([slug("kafka")])), Different, "services"),
        (identity(), with(|i| i.services = BTreeSet::new()), Different, "services"),
        (
            with(|i| i.services = BTreeSet::new()),
            with(|i| i.services = BTreeSet::from([slug("kafka")])),
            Different,
            "services",
        ),
        (identity(), with(|i| i.environment = Some(slug("staging"))), Different, "environment"),
        (identity(), with(|i| i.environment = None), Different, "environment"),
        (identity(), fault(|f| f.kind = slug("process-kill")), Different, "fault.kind"),
        (identity(), with(|i| i.fault = None), Different, "fault"),
    ]);
    // A name that looks like an absence is still a name.
    for (named, absent) in [
        (with(|i| i.environment = Some(slug("none"))), with(|i| i.environment = None)),
        (with(|i| i.services = BTreeSet::from([slug("none")])), with(|i| i.services = BTreeSet::new())),
    ] {
        assert_eq!(relation(&named, &absent).relation, Different);
    }
}

#[test]
fn a_parameter_is_stricter_further_in_its_declared_direction() {
    let (up, down) = (Some(Harsher::Up), Some(Harsher::Down));
    let field = "fault.params.delay";
    assert_lines(vec![
        (delayed("200", up), delayed("300", up), Stricter, field),
        (delayed("9", up), delayed("10", up), Stricter, field),
        (delayed("200 ms", up), delayed("0.3 s", up), Stricter, field),
        (delayed("20", down), delayed("10", down), Stricter, field),
        (delayed("-1", down), delayed("-2", down), Stricter, field),
        (delayed("200", None), delayed("300", None), Different, field),
        (delayed("200", up), delayed("200", down), Different, field),
        (delayed("200", up), delayed("300", None), Different, field),
        (delayed("200 ms", up), delayed("300 MB", up), Different, field),
        (delayed("200", up), delayed("300 s", up), Different, field),
        (delayed("slow", up), delayed("slower", up), Different, field),
        (identity(), delayed("200", up), Different, field),
    ]);
    assert_eq!(relation(&delayed("0.20 s", up), &delayed("200ms", up)).relation, Identical);
}

#[test]
fn a_longer_fault_is_stricter_and_one_without_a_length_different() {
    let lasting = |ms: Option<i64>| fault(|fault| fault.duration_ms = ms);
    assert_lines(vec![
        (lasting(Some(60_000)), lasting(Some(60_001)), Stricter, "fault.duration_ms"),
        (lasting(Some(90_061_000)), lasting(Some(90_061_500)), Stricter, "fault.duration_ms"),
        (lasting(None), lasting(Some(60_000)), Different, "fault.duration_ms"),
    ]);
}

#[test]
fn more_names_are_stricter_and_any_other_selection_different() {
    assert_lines(vec![
        (named(&["zk-1"]), named(&["zk-1", "zk-2"]), Stricter, "target.selector"),
        (named(&["zk-1", "zk-2"]), named(&["zk-2", "zk-3"]), Different, "target.selector"),
        (identity(), named(&["zk-1"]), Different, "target.selector"),
        (identity(), target(|t| t.selector = Selector::Matching("role=kafka".into())), Different, "target.selector"),
        (identity(), target(|t| t.pick = "leader".into()), Different, "target.pick"),
        (identity(), with(|i| i.target = None), Different, "target"),
    ]);
}

#[test]
fn more_targets_of_the_same_unit_are_stricter() {
    let counted = |count, at_once| {
        target(|target| {
            target.count = count;
            target.at_once = at_once;
        })
    };
    let of = Count::Number;
    assert_lines(vec![
        (counted(of(1), of(1)), counted(of(2), of(1)), Stricter, "target.count"),
        (counted(of(2), of(1)), counted(of(2), of(2)), Stricter, "target.at_once"),
        (counted(of(u32::MAX), of(1)), counted(Count::All, of(1)), Stricter, "target.count"),
        (counted(Count::All, of(5)), counted(Count::All, Count::All), Stricter, "target.at_once"),
        (identity(), target(|t| t.unit = "rack".into()), Different, "target.unit"),
    ]);
    let racks = target(|target| {
        target.unit = "rack".into();
        target.count = of(2);
    });
    let compared = relation(&racks, &identity());
    assert_eq!(compared.parts(Different), BTreeSet::from([Part::Target]));
    assert!(compared.fields.iter().all(|field| field.relation == Different), "{compared:?}");
}

#[test]
fn the_method_is_exact_and_ordered() {
    let step = |op: &str, args: &[(&str, &str)]| Step {
        op: op.into(),
        args: args.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
    };
    let doing = |steps: &[Step]| with(|identity| identity.method = steps.to_vec());
    let (halt, start) = (step("stop", &[]), step("start", &[]));
    assert_lines(vec![
        (doing(&[halt.clone(), start.clone()]), doing(&[start.clone(), halt.clone()]), Different, "method"),
        (doing(std::slice::from_ref(&halt)), doing(&[halt.clone(), start]), Different, "method"),
        (doing(&[halt]), doing(&[step("stop", &[("signal", "KILL")])]), Different, "method"),
        (identity(), doing(&[]), Different, "method"),
    ]);
}

#[test]
fn more_load_of_the_same_kind_is_stricter() {
    assert_lines(vec![
        (loaded("replay", "100"), loaded("replay", "100.5"), Stricter, "load.rate"),
        (loaded("replay", "100"), loaded("synthetic", "100"), Different, "load.kind"),
        (identity(), loaded("replay", "100"), Different, "load"),
    ]);
    assert_eq!(relation(&loaded("synthetic", "200"), &loaded("replay", "100")).relation, Different);
}

#[test]
fn an_added_check_is_stricter() {
    let added = |phase, aggregate| {
        with(|identity| {
            let first = identity.checks[0].clone();
            identity.checks.push(Check { key: key("alert-gap", phase, aggregate), ..first });
        })
    };
    let (after, p99) = (added(Phase::After, Aggregate::Max), added(Phase::During, Aggregate::P99));
    let without = with(|identity| identity.checks.clear());
    assert_lines(vec![
        (identity(), after, Stricter, "checks.alert-gap.after.max"),
        (identity(), p99, Stricter, "checks.alert-gap.during.p99"),
        (without, identity(), Stricter, "checks.alert-gap.during.max"),
    ]);
}

#[test]
fn a_smaller_allowed_set_is_stricter_whatever_its_unit() {
    let at_most = |value: &str, unit: &str| in_unit(Allowed::AtMost(number(value)), unit);
    let below = |value: &str, unit: &str| in_unit(Allowed::Below(number(value)), unit);
    let at_least = |value: &str, unit: &str| in_unit(Allowed::AtLeast(number(value)), unit);
    let between = |lo: &str, hi: &str| in_unit(Allowed::Between(number(lo), number(hi)), "s");
    let unitless = with(|identity| identity.checks[0].unit = None);
    let field = "checks.alert-gap.during.max";
    assert_lines(vec![
        (at_most("60", "s"), at_most("30", "s"), Stricter, field),
        (at_most("60", "s"), below("60", "s"), Stricter, field),
        (at_most("60", "s"), between("1", "60"), Stricter, field),
        (at_most("1", "min"), at_most("59999", "ms"), Stricter, field),
        (at_most("60", "s"), at_least("60", "s"), Different, field),
        (between("1", "5"), between("2", "6"), Different, field),
        (at_most("60", "s"), at_most("30", "B"), Different, field),
        (at_most("60", "/s"), at_most("30", "/min"), Different, field),
        (at_most("60", "s"), unitless, Different, field),
        (at_most("60", "s"), in_unit(Allowed::Holds, "s"), Different, field),
    ]);
    assert_eq!(relation(&at_most("1.0", "min"), &at_most("60", "s")).relation, Identical);
}

#[test]
fn a_longer_window_is_stricter_only_where_a_part_cannot_be_worse_than_the_whole() {
    let bound = number("60");
    let (at_most, at_least) = (Allowed::AtMost(bound), Allowed::AtLeast(bound));
    let between = Allowed::Between(number("1"), bound);
    for (aggregate, allowed, expected) in [
        (Aggregate::Max, at_most, Stricter),
        (Aggregate::Max, Allowed::Below(bound), Stricter),
        (Aggregate::Max, at_least, Different),
        (Aggregate::Max, between, Different),
        (Aggregate::Max, Allowed::Holds, Different),
        (Aggregate::Min, at_least, Stricter),
        (Aggregate::Min, Allowed::Above(bound), Stricter),
        (Aggregate::Min, at_most, Different),
        (Aggregate::Min, Allowed::Equal(bound), Different),
        (Aggregate::Every, at_most, Stricter),
        (Aggregate::Every, at_least, Stricter),
        (Aggregate::Every, between, Stricter),
        (Aggregate::Every, Allowed::Holds, Stricter),
        (Aggregate::Mean, at_most, Different),
        (Aggregate::Median, at_most, Different),
        (Aggregate::P90, at_most, Different),
        (Aggregate::P95, at_most, Different),
        (Aggregate::P99, at_most, Different),
        (Aggregate::Sum, at_most, Different),
        (Aggregate::Count, at_most, Different),
        (Aggregate::Last, at_most, Different),
    ] {
        let (short, long) = (checked(aggregate, allowed, Some(60_000)), checked(aggregate, allowed, Some(90_000)));
        let field: &'static str = match aggregate {
            Aggregate::Max => "checks.m.during.max.window_ms",
            Aggregate::Min => "checks.m.during.min.window_ms",
            Aggregate::Every => "checks.m.during.every.window_ms",
            _ => {
                assert_eq!(relation(&long, &short).relation, expected, "{aggregate:?} {allowed:?}");
                assert_eq!(relation(&short, &long).relation, expected, "{aggregate:?} {allowed:?}");
                continue;
            }
        };
        assert_lines(vec![(short.clone(), long, expected, field)]);
        assert_lines(vec![(checked(aggregate, allowed, None), short, Different, field)]);
    }
}

#[test]
fn the_bound_of_the_shorter_window_decides_whether_windows_nest() {
    let (at_most, between) = (Allowed::AtMost(number("60")), Allowed::Between(number("1"), number("60")));
    let short = |allowed| checked(Aggregate::Max, allowed, Some(60_000));
    let long = |allowed| checked(Aggregate::Max, allowed, Some(90_000));
    assert_eq!(relation(&long(between), &short(at_most)).relation, Stricter);
    assert_eq!(relation(&short(at_most), &long(between)).relation, Looser);
    assert_eq!(relation(&long(at_most), &short(between)).relation, Different);
}

#[test]
fn a_quicker_or_longer_or_added_signal_is_stricter() {
    let (fire, silent) =
        (|within_ms| signalling(Expect::Fire { within_ms }), |for_ms| signalling(Expect::Silent { for_ms }));
    let field = "signals.zookeeper-down";
    assert_lines(vec![
        (fire(120_000), fire(60_000), Stricter, field),
        (silent(60_000), silent(120_000), Stricter, field),
        (fire(60_000), silent(60_000), Different, field),
        (with(|i| i.signals.clear()), fire(120_000), Stricter, field),
    ]);
}

#[test]
fn a_shorter_or_new_recovery_time_is_stricter() {
    let recovering = |ms: Option<i64>| with(|identity| identity.recovery_ms = ms);
    assert_lines(vec![
        (recovering(Some(300_000)), recovering(Some(299_999)), Stricter, "recovery_ms"),
        (recovering(None), recovering(Some(300_000)), Stricter, "recovery_ms"),
    ]);
}

#[test]
fn fields_combine_to_one_relation() {
    let both = |first: fn(&mut Identity), second: fn(&mut Identity)| {
        relation(
            &with(|identity| {
                first(identity);
                second(identity);
            }),
            &identity(),
        )
    };
    let stricter: fn(&mut Identity) = |identity| identity.recovery_ms = Some(1_000);
    let stricter_too: fn(&mut Identity) = |identity| identity.target.as_mut().unwrap().count = Count::All;
    let looser: fn(&mut Identity) = |identity| identity.signals.clear();
    let looser_too: fn(&mut Identity) = |identity| identity.checks.clear();
    let different: fn(&mut Identity) = |identity| identity.environment = None;
    for (first, second, expected) in [
        (stricter, stricter_too, Stricter),
        (looser, looser_too, Looser),
        (stricter, looser, Different),
        (looser, stricter, Different),
        (stricter, different, Different),
        (different, looser, Different),
    ] {
        let compared = both(first, second);
        assert_eq!((compared.relation, compared.fields.len()), (expected, 2), "{compared:?}");
    }
    for relation in Relation::ALL {
        assert_eq!(relation.with(Identical), *relation);
        for other in Relation::ALL {
            assert_eq!(relation.with(*other), other.with(*relation));
        }
    }
}

#[test]
fn identical_and_stricter_are_the_same_experiment() {
    let same: Vec<_> = Relation::ALL.iter().map(|relation| relation.is_same()).collect();
    assert_eq!(same, [true, true, false, false]);
}

#[test]
fn stricter_in_what_is_watched_is_told_from_a_harder_fault() {
    let watched = with(|identity| {
        identity.checks[0].allowed = Allowed::AtMost(number("30"));
        identity.signals[0].expect = Expect::Fire { within_ms: 1_000 };
        identity.recovery_ms = Some(1_000);
    });
    let compared = relation(&watched, &identity());
    assert!(compared.only_checks() && compared.is_same());
    assert_eq!(compared.parts(Stricter), BTreeSet::from([Part::Checks, Part::Signals, Part::Recovery]));
    assert_eq!(compared.parts(Looser), BTreeSet::new());

    let harder = Identity { target: target(|target| target.count = Count::All).target, ..watched };
    let compared = relation(&harder, &identity());
    assert!(!compared.only_checks() && compared.is_same());
    for part in Part::ALL {
        assert_eq!(part.is_watching(), matches!(part, Part::Checks | Part::Signals | Part::Recovery), "{part:?}");
    }
}

#[test]
fn a_bound_of_600_seconds_is_looser_and_says_why() {
    let compared = relation(&identity_with_gap_at_most("600"), &identity_with_gap_at_most("60"));
    assert_eq!((compared.relation, compared.is_same()), (Looser, false));
    assert_eq!(compared.words(), "Check alert-gap (during, largest) went from ≤ 60 s to ≤ 600 s, which is looser");
}

#[test]
fn a_bound_of_30_seconds_is_stricter_and_45_seconds_break_only_that() {
    let (origin, tighter) = (identity(), identity_with_gap_at_most("30"));
    let compared = relation(&tighter, &origin);
    assert_eq!((compared.relation, compared.is_same(), compared.only_checks()), (Stricter, true, true));
    let rerun = sample::run(2).planned_as(tighter).measured(&gap(), "45");
    assert_eq!(rerun.outcome(&gap()), Outcome::Failed);
    assert_eq!(rerun.planned_as(origin).outcome(&gap()), Outcome::Held);
}

#[test]
fn every_kind_of_difference_reads_as_a_sentence() {
    let later = with(|identity| {
        identity.environment = None;
        identity.method.push(Step { op: "wait".into(), args: BTreeMap::from([("seconds".into(), "5".into())]) });
        identity.checks[0].window_ms = Some(1_800_000);
        identity.signals[0].expect = Expect::Silent { for_ms: 60_000 };
        identity.recovery_ms = None;
    });
    let compared = relation(&later, &identity());
    let says: Vec<_> = compared.fields.iter().map(|field| field.says.as_str()).collect();
    let expected = [
        "Environment went from production to none, which makes it a different experiment.",
        "Method went from restart to restart, then wait (seconds=5), which makes it a different experiment.",
        "The window of check alert-gap (during, largest) went from 15 min to 30 min, which is stricter.",
        "Signal zookeeper-down went from firing within 2 min to staying silent for 1 min, which makes it a different experiment.",
        "Recovery time went from 5 min to none, which is looser.",
    ];
    assert_eq!(says, expected);
    assert_eq!(relation(&identity(), &identity()).words(), "the plan is the same");
}

#[test]
fn words_around_a_plan_never_change_its_identity() {
    let plan = |title_text: &str| Plan {
        identity: identity(),
        context: Context {
            title: title(title_text),
            question: None,
            hypothesis: Hypothesis::default(),
            abort_conditions: Vec::new(),
            alerts: Vec::new(),
            revert: Revert::default(),
            worst_case: WorstInputs::default(),
            links: Vec::new(),
            notes: None,
            required_passes: 1,
            freshness_days: 30,
            relevant_changes: BTreeSet::new(),
            automation: None,
            exit_codes: Vec::new(),
            probes: None,
        },
    };
    let (old, mut new) = (plan("Restart one ZooKeeper"), plan("Restart the first ZooKeeper"));
    new.context.question = Some(Prose::new("What happens if one instance restarts?").unwrap());
    new.context.revert.deadline_ms = Some(600_000);
    new.context.required_passes = 3;
    assert_ne!(old, new);
    assert_eq!(relation(&new.identity, &old.identity).relation, Identical);
    assert_eq!(new.identity.fingerprint(), old.identity.fingerprint());
}

#[test]
fn two_plans_are_compared_once_and_each_pair_by_itself() {
    let (narrow, wide) = (identity(), identity_with_gap_at_most("600"));
    let equal = narrow.clone();
    let relations = Relations::default();
    for (later, earlier) in [(&wide, &narrow), (&narrow, &wide), (&equal, &narrow), (&wide, &narrow)] {
        assert_eq!(*relations.relation(later, earlier), relation(later, earlier));
    }
    let (first, again) = (relations.relation(&wide, &narrow), relations.relation(&wide, &narrow));
    assert!(Rc::ptr_eq(&first, &again));
}
