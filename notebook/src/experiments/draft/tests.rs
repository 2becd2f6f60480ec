//! Drafts become plans and back without losing anything.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection, option, prelude::*, sample};
use rust_decimal::Decimal;

use super::*;
use crate::{
    experiments::{
        automation::Automation,
        exit_codes::ExitCode,
        matchers::Matchers,
        plan::{
            Aggregate, Allowed, ChangeKind, Check, CheckKey, Context, Count, Expect, Fault, Harsher, Hypothesis,
            Identity, Load, Param, Phase, Revert, Selector, Signal, SignalAlert, Step, Target, WorstInputs,
        },
        probes::{ConditionProbe, Probes},
    },
    runs::facts::Verdict,
    slos::share::Share,
    text::{Link, Note, Prose, Slug, Title},
};

fn smallest() -> Draft {
    Draft { title: "Restart one ZooKeeper".into(), services: vec!["zookeeper".into()], ..Draft::default() }
}

fn troubles(draft: &Draft) -> Vec<(String, String)> {
    let refusal = draft.check().unwrap_err();
    refusal.troubles().iter().map(|trouble| (trouble.field.clone(), trouble.says.clone())).collect()
}

fn fields(draft: &Draft) -> Vec<String> {
    troubles(draft).into_iter().map(|(field, _)| field).collect()
}

fn check_row(measure: &str, comparator: &str, threshold: &str, unit: &str) -> CheckRow {
    CheckRow {
        measure: measure.into(),
        phase: "during".into(),
        aggregate: "max".into(),
        comparator: comparator.into(),
        threshold: threshold.into(),
        unit: unit.into(),
        ..CheckRow::default()
    }
}

#[test]
fn title_and_services_are_all_that_saving_takes() {
    let plan = smallest().check().unwrap();
    assert_eq!(plan.identity, Identity { services: plan.identity.services.clone(), ..Identity::default() });
    assert_eq!((plan.context.required_passes, plan.context.freshness_days), (1, 30));
    assert_eq!(plan.context.relevant_changes, ChangeKind::relevant_by_default());
    assert_eq!(fields(&Draft::default()), ["services", "title"]);
}

#[test]
fn a_form_at_its_usual_values_says_nothing_about_targets_and_checks() {
    let draft = Draft {
        selector_kind: "names".into(),
        pick: "random".into(),
        count: "1".into(),
        at_once: "1".into(),
        unit: "instance".into(),
        checks: vec![check_row("", "<=", "", ""), CheckRow::default()],
        signals: vec![SignalRow { expect: "fire".into(), ..SignalRow::default() }],
        fault_params: vec![ParamRow { harsher: "up".into(), ..ParamRow::default() }],
        method: vec![StepRow::default()],
        ..smallest()
    };
    assert_eq!(draft.check().unwrap(), smallest().check().unwrap());
    assert_eq!(fields(&Draft { count: "2".into(), ..draft }), ["selector"]);
}

#[test]
fn a_selector_alone_means_one_instance_at_a_time() {
    let target = |draft: Draft| draft.check().unwrap().identity.target.unwrap();
    let matching = target(Draft { selector: "role=zookeeper".into(), ..smallest() });
    assert_eq!(matching.selector, Selector::Matching("role=zookeeper".into()));
    assert_eq!(
        (matching.pick.as_str(), matching.count, matching.at_once, matching.unit.as_str()),
        ("random", Count::Number(1), Count::Number(1), "instance")
    );
    let named = target(Draft {
        selector: "zk-2, zk-1,".into(),
        selector_kind: "names".into(),
        count: "ALL".into(),
        ..smallest()
    });
    assert_eq!(named.selector, Selector::Names(BTreeSet::from(["zk-1".into(), "zk-2".into()])));
    assert_eq!((named.pick.as_str(), named.count), ("named", Count::All));
}

#[test]
fn units_are_kept_in_one_form() {
    let draft =
        Draft { checks: vec![check_row("alert-gap", "<=", "60000", "ms")], recovery: "5 min".into(), ..smallest() };
    let identity = draft.check().unwrap().identity;
    assert_eq!(identity.checks[0].allowed, Allowed::AtMost(Decimal::from(60)));
    assert_eq!(identity.checks[0].unit.as_deref(), Some("s"));
    assert_eq!(identity.recovery_ms, Some(300_000));
}

#[test]
fn every_trouble_is_said_at_once_beside_its_field() {
    let draft = Draft {
        fault_duration: "5".into(),
        fault_params: vec![
            ParamRow { name: "delay".into(), value: "much".into(), harsher: "up".into() },
            ParamRow { name: "loss".into(), value: "5".into(), harsher: "more".into() },
        ],
        selector_kind: "all".into(),
        method: vec![StepRow { op: String::new(), args: "seconds".into() }],
        load_kind: "orders".into(),
        checks: vec![
            check_row("alert-gap", "<=", "sixty", "s"),
            check_row("alert-gap", "<=", "60", "s"),
            check_row("alert-gap", "<", "30", "s"),
            CheckRow { phase: "later".into(), aggregate: String::new(), ..check_row("", "holds", "", "s") },
        ],
        signals: vec![
            SignalRow { signal: "down".into(), expect: "maybe".into(), time: "2".into(), alert: "{}".into() },
            SignalRow { expect: "fire".into(), time: "2 s".into(), alert: "Down".into(), ..SignalRow::default() },
        ],
        recovery: "soon".into(),
        revert_deadline: "0 s".into(),
        required_passes: "0".into(),
        exit_codes: "0 = upheld\n0 = refuted\nfine".into(),
        freshness_days: "4000".into(),
        relevant_changes: vec!["weather".into()],
        links: "https://example.org\njavascript:alert(1)".into(),
        ..smallest()
    };
    let mut fields = fields(&draft);
    fields.sort();
    let mut expected = [
        "fault_duration",
        "fault_params.0.value",
        "fault_params.1.harsher",
        "fault_kind",
        "selector_kind",
        "method.0.op",
        "method.0.args",
        "load_rate",
        "checks.0.threshold",
        "checks.2.measure",
        "checks.3.measure",
        "checks.3.phase",
        "checks.3.aggregate",
        "checks.3.unit",
        "signals.0.expect",
        "signals.0.time",
        "signals.0.alert",
        "signals.1.signal",
        "recovery",
        "revert_deadline",
        "required_passes",
        "exit_codes",
        "exit_codes",
        "freshness_days",
        "relevant_changes",
        "links",
    ]
    .map(String::from);
    expected.sort();
    assert_eq!(fields, expected);
}

#[test]
fn a_fault_with_a_length_needs_a_name() {
    assert_eq!(fields(&Draft { fault_duration: "5 min".into(), ..smallest() }), ["fault_kind"]);
    let plan = Draft { fault_kind: "Process restart".into(), ..smallest() }.check().unwrap();
    assert_eq!(plan.identity.fault.unwrap().kind.as_str(), "process-restart");
}

#[test]
fn more_than_people_can_watch_is_refused() {
    let checks = (0..51).map(|n| check_row(&format!("measure {n}"), "<=", "1", "")).collect();
    assert_eq!(fields(&Draft { checks, ..smallest() }), ["checks"]);
    assert_eq!(fields(&Draft { abort_conditions: "too slow\n".repeat(51), ..smallest() }), ["abort_conditions"]);
}

#[test]
fn a_draft_reads_back_from_json_and_refuses_unknown_fields() {
    let draft = Draft { checks: vec![check_row("alert-gap", "<=", "60", "s")], ..smallest() };
    let json = serde_json::to_string(&draft).unwrap();
    assert_eq!(serde_json::from_str::<Draft>(&json).unwrap(), draft);
    assert!(serde_json::from_str::<Draft>(r#"{"title":"x","verified":"on"}"#).is_err());
}

fn word() -> impl Strategy<Value = String> {
    "[a-zA-Zäöß0-9][a-zA-Zäöß0-9 ._:/-]{0,20}[a-zA-Zäöß0-9]"
}

fn prose() -> impl Strategy<Value = String> {
    collection::vec(word(), 1..4).prop_map(|lines| lines.join("\n"))
}

fn title() -> impl Strategy<Value = Title> {
    word().prop_map(|text| Title::new(&text).unwrap())
}

fn slug() -> impl Strategy<Value = Slug> {
    "[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?".prop_map(|text| Slug::new(&text).unwrap())
}

fn span_ms() -> impl Strategy<Value = i64> {
    1_i64..10_000_000_000
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (-1_000_000_i64..1_000_000, 0_u32..5).prop_map(|(number, scale)| Decimal::new(number, scale).normalize())
}

fn count() -> impl Strategy<Value = Count> {
    prop_oneof![Just(Count::All), (1_u32..100).prop_map(Count::Number)]
}

fn fault() -> impl Strategy<Value = Fault> {
    let harsher = option::of(sample::select(vec![Harsher::Up, Harsher::Down]));
    let param = (word(), decimal(), harsher).prop_map(|(text, number, harsher)| Param {
        value: if harsher.is_some() { crate::experiments::units::plain(number) } else { text },
        harsher,
    });
    (slug(), collection::btree_map(word(), param, 0..3), option::of(span_ms()))
        .prop_map(|(kind, params, duration_ms)| Fault { kind, params, duration_ms })
}

fn target() -> impl Strategy<Value = Target> {
    let names = collection::btree_set(word(), 1..4).prop_map(Selector::Names);
    let selector = prop_oneof![word().prop_map(Selector::Matching), names];
    (selector, word(), count(), count(), word()).prop_map(|(selector, pick, count, at_once, unit)| Target {
        selector,
        pick,
        count,
        at_once,
        unit,
    })
}

fn step() -> impl Strategy<Value = Step> {
    let args =
        collection::btree_map("[a-z_]{1,8}", prop_oneof![word(), Just(String::new()), Just("a=b".to_owned())], 0..3);
    (word(), args).prop_map(|(op, args): (String, BTreeMap<String, String>)| Step { op, args })
}

fn allowed() -> impl Strategy<Value = Allowed> {
    prop_oneof![
        decimal().prop_map(Allowed::Below),
        decimal().prop_map(Allowed::AtMost),
        decimal().prop_map(Allowed::Above),
        decimal().prop_map(Allowed::AtLeast),
        decimal().prop_map(Allowed::Equal),
        (decimal(), decimal()).prop_map(|(a, b)| Allowed::Between(a, b)),
        Just(Allowed::Holds),
    ]
}

fn check() -> impl Strategy<Value = Check> {
    let unit = option::of(sample::select(vec!["s", "ms", "%", "GiB", "elections"]));
    let key = (title(), sample::select(Phase::ALL), sample::select(Aggregate::ALL));
    (key, allowed(), unit, option::of(span_ms())).prop_map(|((measure, phase, aggregate), allowed, unit, window_ms)| {
        Check { key: CheckKey { measure, phase, aggregate }, allowed, unit: unit.map(String::from), window_ms }
    })
}

fn signal() -> impl Strategy<Value = Signal> {
    (title(), any::<bool>(), span_ms()).prop_map(|(signal, fires, ms)| Signal {
        signal,
        expect: if fires { Expect::Fire { within_ms: ms } } else { Expect::Silent { for_ms: ms } },
    })
}

fn identity() -> impl Strategy<Value = Identity> {
    let load = (word(), 0_i64..1_000_000, 0_u32..4)
        .prop_map(|(kind, rate, scale)| Load { kind, rate: Decimal::new(rate, scale) });
    let whom = (collection::btree_set(slug(), 1..4), option::of(slug()), option::of(fault()), option::of(target()));
    let what = (collection::vec(step(), 0..4), option::of(load), collection::vec(check(), 0..4));
    let seen = (collection::vec(signal(), 0..3), option::of(span_ms()));
    (whom, what, seen).prop_map(
        |((services, environment, fault, target), (method, load, checks), (signals, recovery_ms))| {
            Identity { services, environment, fault, target, method, load, checks, signals, recovery_ms }.normalised()
        },
    )
}

/// Of abort conditions only: a measure would have to be one of the identity's.
fn probes() -> impl Strategy<Value = Probes> {
    let condition = (word(), 0_i64..1_000, 0_i64..=3_600, any::<bool>());
    (collection::btree_map(title(), condition, 1..3), 1_i64..=300, option::of(slug())).prop_map(
        |(conditions, every_s, credential)| {
            let conditions = conditions.into_iter().map(|(condition, (query, limit, for_s, aborts))| ConditionProbe {
                condition,
                query: Note::new(&query).unwrap(),
                reached: Allowed::Above(Decimal::from(limit)),
                for_ms: for_s * 1_000,
                aborts,
            });
            Probes {
                address: Link::new("https://prometheus.example.org").unwrap(),
                credential,
                every_ms: every_s * 1_000,
                measures: Vec::new(),
                conditions: conditions.collect(),
            }
        },
    )
}

fn context() -> impl Strategy<Value = Context> {
    let text = || option::of(prose());
    let revert = (text(), option::of(title()), option::of(span_ms()));
    let words = (title(), text(), text(), text(), text(), text());
    let lists = (collection::vec(word(), 0..3), collection::vec("https://[a-z]{1,8}\\.example/[a-z0-9]{0,8}", 0..3));
    let numbers = (1_u32..=100, 1_u32..=3_650, collection::btree_set(sample::select(ChangeKind::ALL), 1..5));
    let share = || option::of((0_u32..=100).prop_map(Share::percent));
    let worst_case = (share(), share(), option::of(1_u64..=1_000_000), option::of(span_ms())).prop_map(
        |(affected, failing, per_second, detect_ms)| WorstInputs { affected, failing, per_second, detect_ms },
    );
    let automation = option::of(sample::select(vec![
        "{\n  \"rollbacks\": [],\n  \"x-own\": {\"b\": 1, \"a\": 2}\n}",
        "# kept as typed\n  configuration:\n    node: zk-1  # the leader",
    ]));
    let exit_codes = collection::btree_map(0_u8..=255, sample::select(Verdict::ALL), 0..4);
    (words, (revert, worst_case), lists, (numbers, automation, option::of(probes()), exit_codes)).prop_map(
        |(
            words,
            ((procedure, owner, deadline_ms), worst_case),
            (conditions, links),
            ((required_passes, freshness_days, relevant_changes), automation, probes, exit_codes),
        )| {
            let automation = automation.map(|text| Automation::new(text).unwrap());
            let (title, question, fault, behaviour, safeguard, notes) = words;
            let prose = |text: Option<String>| text.map(|text| Prose::new(&text).unwrap());
            let note = |text: Option<String>| text.map(|text| Note::new(&text).unwrap());
            Context {
                title,
                question: prose(question),
                hypothesis: Hypothesis { fault: note(fault), behaviour: note(behaviour), safeguard: note(safeguard) },
                abort_conditions: conditions.iter().map(|text| Note::new(text).unwrap()).collect(),
                alerts: Vec::new(),
                revert: Revert { procedure: prose(procedure), owner, deadline_ms },
                worst_case,
                links: links.iter().map(|text| Link::new(text).unwrap()).collect(),
                notes: prose(notes),
                required_passes,
                freshness_days,
                relevant_changes,
                automation,
                exit_codes: exit_codes.into_iter().map(|(code, means)| ExitCode { code, means }).collect(),
                probes,
            }
        },
    )
}

/// Some of its signals are told by alerts.
fn plan() -> impl Strategy<Value = Plan> {
    let alerts = ["ZooKeeperDown", "alertname=\"a \\\"b\\\", c\", service!=\"kafka\""];
    (identity(), context(), collection::vec(option::of(sample::select(alerts.to_vec())), 3)).prop_map(
        |(identity, mut context, told)| {
            let told = identity.signals.iter().zip(told);
            let told =
                told.filter_map(|(signal, alert)| Some((signal.signal.clone(), Matchers::read(alert?).unwrap())));
            context.alerts = told.map(|(signal, alert)| SignalAlert { signal, alert }).collect();
            Plan { identity, context }
        },
    )
}

#[test]
fn what_exit_codes_mean_makes_no_other_experiment_and_plans_without_are_written_as_before() {
    let coded = Draft { exit_codes: "4 = refuted\n\n0 = upheld".into(), ..smallest() }.check().unwrap();
    let plain = smallest().check().unwrap();
    assert_eq!(coded.identity.fingerprint(), plain.identity.fingerprint());
    let codes: Vec<_> = coded.context.exit_codes.iter().map(|known| (known.code, known.means)).collect();
    assert_eq!(codes, [(0, Verdict::Upheld), (4, Verdict::Refuted)]);
    assert!(!serde_json::to_string(&plain).unwrap().contains("exit_codes"));
    let says: Vec<_> = troubles(&Draft { exit_codes: "0 = upheld\n0 = refuted\nfine".into(), ..smallest() });
    let says: Vec<_> = says.iter().map(|(_, says)| says.as_str()).collect();
    assert_eq!(says, ["has a line 3 that is not written like \u{201c}0 = upheld\u{201d}", "says twice what 0 means"]);
}

#[test]
fn how_a_signal_is_told_makes_no_other_experiment() {
    let row = SignalRow {
        signal: "zookeeper-down".into(),
        expect: "fire".into(),
        time: "2 min".into(),
        alert: "ZooKeeperDown, service=zookeeper".into(),
    };
    let told = Draft { signals: vec![row.clone()], ..smallest() }.check().unwrap();
    let untold = Draft { signals: vec![SignalRow { alert: String::new(), ..row }], ..smallest() }.check().unwrap();
    assert_eq!(told.identity, untold.identity);
    assert_eq!(told.identity.fingerprint(), untold.identity.fingerprint());
    assert_eq!(told.context.alerts[0].alert.to_string(), "alertname=\"ZooKeeperDown\", service=\"zookeeper\"");
}

proptest! {
    #[test]
    fn an_untouched_edit_form_changes_nothing(plan in plan()) {
        prop_assert_eq!(Draft::from_plan(&plan).check(), Ok(plan));
    }

    #[test]
    fn a_stored_plan_is_the_plan(plan in plan()) {
        let text = serde_json::to_string(&plan).unwrap();
        prop_assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
    }
}
