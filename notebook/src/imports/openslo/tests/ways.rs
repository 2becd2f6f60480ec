//! Out and in again: the same SLO.

use proptest::{option, prelude::*, sample::select};

use super::*;
use crate::{
    foreign::yaml,
    id::SloId,
    services::Service,
    slos::{
        drafts::Draft,
        health::Patience,
        indicator::{Bound, Direction, Indicator},
        levels::Levels,
        measurements::Source,
        method::{Method, Slices},
        sample::ingest,
        share::Share,
        target::{Objective, Strictness, Target},
        window::{Period, Window},
    },
    text::{Prose, Slug, Title},
    time::{Moment, Zone},
};

fn back(slo: &Slo) -> Slo {
    let written = yaml::written_all(&[export::slo(SloId::of(7), slo)]);
    let read = read(written.as_bytes()).unwrap_or_else(|trouble| panic!("{trouble}\n{written}"));
    let [item] = read.items.as_slice() else { panic!("{:?}", read.items) };
    assert_eq!(item.notes, [""; 0], "{written}");
    let Is::Slo(said) = &item.is else { panic!("{item:?}\n{written}") };
    assert_eq!(said.id, "SLO-7");
    assert!(said.is_ours);
    said.check(&said.draft).unwrap_or_else(|troubles| panic!("{troubles:?}\n{written}"))
}

#[test]
fn a_document_reads_like_one_that_people_write() {
    let written = yaml::written_all(&[export::slo(SloId::of(7), &ingest())]);
    for line in [
        "apiVersion: openslo/v1\n",
        "kind: SLO\n",
        "  name: slo-7\n",
        "  displayName: Events are stored\n",
        "    retrial/environment: production\n",
        "  description: What you send us is kept.\n",
        "  service: ingest\n",
        "duration: 28d\n",
        "isRolling: true\n",
        "  budgetingMethod: Occurrences\n",
        "target: 0.9999\n",
    ] {
        assert!(written.contains(line), "{line}{written}");
    }
    assert_eq!(back(&ingest()), ingest());
}

#[test]
fn single_annotations_do_not_make_a_document_ours_and_say_what_they_say() {
    let with = |annotations: &str| {
        let all = items(&hostile::slo("  name: x", &format!("  name: x\n  annotations: {{{annotations}}}")));
        let Is::Slo(said) = &all[0].is else { panic!("{all:?}") };
        assert!(!said.is_ours && said.draft.environment == "staging" && said.draft.promise == "d", "{said:?}");
        (said.draft.too_broken.clone(), said.over(&ingest()))
    };
    let kept = Draft::of(&ingest(), 1);
    let (proposed, over) = with("retrial/environment: staging");
    assert_eq!((proposed.as_str(), over.too_broken, over.promise), ("90 %", kept.too_broken, kept.promise.clone()));
    let (said, over) = with("retrial/environment: staging, retrial/too_broken: 95 %");
    assert_eq!((said.as_str(), over.too_broken.as_str(), over.promise), ("95 %", "95 %", kept.promise));
}

#[test]
fn what_another_leaves_open_stays_as_people_wrote_it_here() {
    let window = "  timeWindow:\n  - duration: 28d\n    isRolling: true\n";
    let open = hostile::slo(&format!("{window}  budgetingMethod: Occurrences\n"), "");
    let all = items(&open);
    let Is::Slo(said) = &all[0].is else { panic!("{all:?}") };
    assert_eq!((said.draft.window.as_str(), said.draft.days.as_str()), ("rolling", "30"));
    let slices = Slices::new(300_000, Share::percent(95)).unwrap();
    let month = Window::Calendar { period: Period::Month, zone: Zone::named("Europe/Berlin").unwrap() };
    let here = Slo { window: month, method: Method::TimeSlices(slices), ..ingest() };
    let counted = |draft: Draft| [draft.window, draft.days, draft.zone, draft.method, draft.slice, draft.slice_good];
    assert_eq!(counted(said.over(&here)), counted(Draft::of(&here, 1)));
    let named = items(&hostile::slo("  name: x", "  name: x"));
    let Is::Slo(said) = &named[0].is else { panic!("{named:?}") };
    assert_eq!(counted(said.over(&here)), ["rolling", "28", "", "occurrences", "", ""]);
}

#[test]
fn what_was_read_from_another_goes_out_as_it_was_written() {
    for (name, at) in [("shop", 3), ("shop", 4), ("older", 0), ("older", 1), ("sloth", 0), ("sloth", 1), ("sloth", 2)] {
        let slo = text(&read(&document(name)).unwrap().items[at]);
        assert_eq!(back(&slo), slo, "{name} {at}");
    }
    let orders = text(&read(&document("shop")).unwrap().items[3]);
    let written = yaml::written_all(&[export::slo(SloId::of(1), &orders)]);
    assert!(written.contains("metricSourceRef: metrics") && !written.contains("retrial/definition"), "{written}");
}

#[test]
fn a_service_goes_out_and_comes_back() {
    let service = Service {
        description: Some(Prose::new("Takes events.\nKeeps them.").unwrap()),
        stateful: true,
        ..Service::plain(Slug::new("ingest").unwrap(), Title::new("Ingest: all of it").unwrap())
    };
    let all = items(&yaml::written_all(&[export::service(&service)]));
    let Is::Service(draft) = &all[0].is else { panic!("{all:?}") };
    assert_eq!((draft.slug.as_str(), draft.name.as_str()), ("ingest", "Ingest: all of it"));
    assert_eq!(draft.description, "Takes events.\nKeeps them.");
}

/// Whatever fits into a line: quotes, colons, words that YAML takes for others.
fn line() -> impl Strategy<Value = Title> {
    let odd = vec![
        "yes",
        "~",
        "1.0",
        "- a",
        "a: b",
        "# x",
        "'",
        "\"q\" \\ x",
        "null",
        "2022-01-01",
        "{a}",
        "ä · ü",
        "@x",
        "%y",
    ];
    prop_oneof![select(odd).prop_map(str::to_owned), "[ -~]{1,60}", "\\PC{1,40}"]
        .prop_filter_map("a title", |text| Title::new(&text).ok())
}

fn prose() -> impl Strategy<Value = Prose> {
    let lines = prop::collection::vec(prop_oneof!["[ -~]{0,100}", "\\PC{0,40}", Just("\ttab".to_owned())], 1..6);
    lines.prop_filter_map("a text", |lines| Prose::new(&lines.join("\n")).ok())
}

fn definition() -> impl Strategy<Value = Prose> {
    let specs = vec![
        "thresholdMetric:\n  metricSource:\n    type: Prometheus\n    spec:\n      query: max(x)",
        "ratioMetric:\n  rawType: failure\n  raw:\n    metricSource:\n      spec:\n        query: sum(x)",
        "sum(rate(x[5m]))",
        "thresholdMetric: {metricSource: {spec: {query: in one line}}}",
        "a: [1, 2",
    ];
    prop_oneof![select(specs).prop_map(|text| Prose::new(text).unwrap()), prose()]
}

fn share() -> impl Strategy<Value = Share> {
    (1u32..Share::PARTS).prop_map(|parts| Share::of_decimal(rust_decimal::Decimal::new(i64::from(parts), 9)).unwrap())
}

fn bound() -> impl Strategy<Value = Bound> {
    let limit = prop_oneof![(0i64..10_000, 0u32..4), (1i64..i64::MAX, 0u32..20)];
    (select(Direction::ALL), limit, option::of(select(vec!["s", "B", "widgets"])), any::<bool>()).prop_map(
        |(direction, (mantissa, scale), unit, limit_is_good)| {
            let bound = Bound::bad_beyond(direction, rust_decimal::Decimal::new(mantissa, scale), unit).unwrap();
            Bound { limit_is_good, ..bound }
        },
    )
}

fn window() -> impl Strategy<Value = Window> {
    let calendar = (select(Period::ALL), select(vec!["UTC", "Europe/Berlin", "America/New_York"]));
    prop_oneof![
        (1u32..=366).prop_map(|days| Window::rolling(days).unwrap()),
        calendar.prop_map(|(period, zone)| Window::Calendar { period, zone: Zone::named(zone).unwrap() }),
    ]
}

fn method() -> impl Strategy<Value = Method> {
    let slices = (1i64..=1_440, share()).prop_map(|(minutes, from)| Slices::new(minutes * 60_000, from).unwrap());
    prop_oneof![Just(Method::Occurrences), slices.prop_map(Method::TimeSlices)]
}

prop_compose! {
    fn any_slo()(
        (name, measure, promise) in (line(), line(), option::of(prose())),
        (definition, good) in (option::of(definition()), option::of(bound())),
        (share, strictness, own_level) in (share(), select(Strictness::ALL), any::<bool>()),
        (window, method) in (window(), method()),
        (level_ms, age_ms, gap_ms) in (1i64..604_800_000, 1i64..604_800_000, 1i64..604_800_000),
        source in select(vec![Source::Manual, Source::Push]),
        begins in option::of(0i64..4_000_000_000),
    ) -> Slo {
        let target = Target { objective: Objective::new(share).unwrap(), strictness };
        let half = Share::of_decimal(rust_decimal::Decimal::new(i64::from(share.billionths() / 2), 9)).unwrap();
        let enough = if own_level || half == Share::NONE { target } else { Target { objective: Objective::new(share).unwrap(), strictness: Strictness::NonStrict } };
        Slo {
            name,
            service: Slug::new("ingest").unwrap(),
            environment: Slug::new("staging").unwrap(),
            promise,
            indicator: Indicator { measure, good, definition },
            target,
            window,
            method,
            levels: Levels::new(enough, half, level_ms).unwrap(),
            patience: Patience { age_ms_max: age_ms, gap_ms_max: gap_ms },
            source,
            begins: begins.map(|seconds| Moment::from_micros(seconds * 1_000_000)),
        }
    }
}

proptest! {
    #[test]
    fn every_slo_comes_back_as_itself(slo in any_slo()) {
        prop_assert_eq!(back(&slo), slo);
    }
}
