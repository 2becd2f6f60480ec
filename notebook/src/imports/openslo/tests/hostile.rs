//! Texts that are broken on purpose: an error that names its place, soon, and never a panic.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// One SLO, with a piece put into its place.
pub(super) fn slo(from: &str, to: &str) -> String {
    let good = "apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: x\nspec:\n  service: web\n  description: d\n  indicator:\n    metadata: {name: i}\n    spec:\n      ratioMetric:\n        rawType: success\n        raw: {metricSource: {type: P, spec: {query: q}}}\n  timeWindow:\n  - duration: 28d\n    isRolling: true\n  budgetingMethod: Occurrences\n  objectives:\n  - target: 0.99\n";
    assert!(good.contains(from), "{from}");
    good.replacen(from, to, 1)
}

#[test]
fn the_text_that_is_broken_below_is_good() {
    assert_eq!(text(&items(&slo("d", "d"))[0]).name.as_str(), "x");
}

#[test]
fn texts_that_are_no_yaml_are_refused_soon_with_their_line() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..9 {
        let many = vec![format!("*a{}", n - 1); 10].join(", ");
        laughs += &["a", &n.to_string(), ": &a", &n.to_string(), " [", &many, "]\n"].concat();
    }
    let utf16: Vec<u8> = "apiVersion: openslo/v1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let good = slo("d", "d");
    for (what, bytes, line) in [
        ("laughs", laughs.into_bytes(), 1),
        (
            "copies of one long text",
            format!("a: &a {}\nb: [{}]\n", "x".repeat(500_000), vec!["*a"; 99].join(", ")).into_bytes(),
            1,
        ),
        ("deep lists", format!("{good}---\n{}", "[".repeat(400_000)).into_bytes(), 20),
        ("deep blocks", (0..700).flat_map(|n| [" ".repeat(n), "a:\n".to_owned()]).collect::<String>().into_bytes(), 1),
        ("wide", format!("a: [{}]\n", "1, ".repeat(200_000)).into_bytes(), 1),
        ("many documents", "---\na\n".repeat(2_000).into_bytes(), 1),
        ("repeated member", format!("{good}---\na: 1\na: 2\n").into_bytes(), 22),
        ("NUL", format!("{good}---\na: \"x\0y\"\n").into_bytes(), 21),
        ("escape", format!("{good}# \u{1b}[2J\n").into_bytes(), 20),
        ("tag", format!("{good}---\na: !!python/object:os.system x\n").into_bytes(), 21),
        ("other encoding", b"apiVersion: openslo/v1\nname: M\xfcller\n".to_vec(), 2),
        ("UTF-16", utf16, 1),
        ("open quote", format!("{good}---\na: \"never closed\n").into_bytes(), 21),
        ("nothing", b"# nothing\n".to_vec(), 0),
    ] {
        let begun = Instant::now();
        let result = read(&bytes);
        let took = begun.elapsed();
        match result {
            Err(ReadTrouble::NotYaml { line: at, what: says, .. }) => {
                assert!(at >= line && !says.is_empty(), "{what}: line {at}: {says}");
            }
            other => panic!("{what}: {other:?}"),
        }
        let most = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });
        assert!(took < most, "{what}: {took:?}");
    }
    let large = vec![b'x'; 100 * 1024 * 1024];
    assert_eq!(read(&large).unwrap_err(), ReadTrouble::TooLarge { limit_bytes: SLO_TEXT_BYTES_MAX });
    let ambiguous = read(slo("isRolling: true", "isRolling: on").as_bytes()).unwrap_err();
    assert_eq!(ambiguous.field(), Some("/1/spec/timeWindow/0/isRolling"));
}

#[test]
fn wrong_types_are_refused_by_their_path() {
    for (from, to, expected) in [
        ("kind: SLO", "kind: 7", "kind is missing"),
        ("kind: SLO", "kind: Slo", "kind is Slo, which OpenSLO does not have"),
        ("  name: x", "  name: [x]", "metadata.name takes text and holds a list"),
        ("service: web", "service: {name: web}", "spec.service takes text and holds an object"),
        ("service: web", "owner: web", "spec.service is missing"),
        ("description: d", "description: 5", "spec.description takes text and holds a number"),
        ("target: 0.99", "target: \"0.99\"", "spec.objectives[0].target takes a number and holds text"),
        ("target: 0.99", "target: 99.9", "spec.objectives[0].target is more than all"),
        ("target: 0.99", "target: 0", "spec.objectives[0].target is 0 %"),
        ("target: 0.99", "targetPercent: 100", "spec.objectives[0].target is 100 %"),
        (
            "target: 0.99",
            "target: 0.99\n    targetPercent: 99",
            "spec.objectives[0].targetPercent stands beside a target",
        ),
        ("target: 0.99", "displayName: none", "spec.objectives[0].target is missing"),
        ("- target: 0.99", "- 0.99", "spec.objectives[0] takes an object and holds a number"),
        ("objectives:\n  - target: 0.99", "objectives: []", "spec.objectives takes at least one objective"),
        ("budgetingMethod: Occurrences", "budgetingMethod: RatioTimeslices", "spec.budgetingMethod is RatioTimeslices"),
        (
            "budgetingMethod: Occurrences",
            "budgetingMethod: Timeslices",
            "spec.objectives[0].timeSliceTarget is missing",
        ),
        ("ratioMetric:", "thresholdMetric:", "spec.indicator.spec.thresholdMetric.metricSource is missing"),
        ("duration: 28d", "duration: 4000d", "spec.timeWindow[0].duration is longer than 366 days"),
        (
            "  indicator:\n    metadata: {name: i}\n    spec:",
            "  indicatorRef: gone\n  x:\n    y:",
            "spec.indicatorRef names \"gone\"",
        ),
    ] {
        let all = items(&slo(from, to));
        let says = refused(&all[0]).join("; ");
        assert!(says.starts_with(expected), "{to}: {says}");
    }
}

#[test]
fn in_a_list_each_path_names_its_object() {
    let listed = |text: String| {
        let lines = text.lines().enumerate().map(|(n, line)| format!("{}{line}", if n == 0 { "- " } else { "  " }));
        items(&lines.collect::<Vec<_>>().join("\n"))
    };
    let said = listed(slo("- target: 0.99", "- displayName: all\n    target: 0.99"));
    let note = "[0].spec.objectives[0].displayName is not kept: the SLO's own name says it";
    assert!(said[0].notes.iter().any(|said| said == note), "{:?}", said[0].notes);
    let bare = listed(slo("  indicator:\n    metadata: {name: i}\n    spec:", "  x:\n    y:"));
    assert_eq!(refused(&bare[0]), ["[0].spec.indicator is missing"]);
}

#[test]
fn a_threshold_goes_either_way_and_holds_its_limit_or_not() {
    let metric = "thresholdMetric: {metricSource: {type: P, spec: {query: q}}}";
    let ratio = "ratioMetric:\n        rawType: success\n        raw: {metricSource: {type: P, spec: {query: q}}}";
    for (op, words) in [
        ("op: lte\n    value: 200", "more than 200"),
        ("op: lt\n    value: 200", "200 or more"),
        ("op: gte\n    value: 0.5", "less than 0.5"),
        ("op: gt\n    value: 0.5", "0.5 or less"),
    ] {
        let all = items(&slo(ratio, metric).replace("target: 0.99", &format!("target: 0.99\n    {op}")));
        assert_eq!(text(&all[0]).indicator.good.unwrap().bad_words(), words);
    }
    for (op, expected) in [
        ("value: 1", "spec.objectives[0].op is missing"),
        ("op: lt", "spec.objectives[0].value is missing"),
        ("op: lt\n    value: fast", "spec.objectives[0].value takes a number"),
        ("op: below\n    value: 1", "spec.objectives[0].op is not one of lte, gte, lt, gt"),
    ] {
        let all = items(&slo(ratio, metric).replace("target: 0.99", &format!("target: 0.99\n    {op}")));
        assert!(refused(&all[0])[0].starts_with(expected), "{:?}", refused(&all[0]));
    }
    let ignored = items(&slo("target: 0.99", "target: 0.99\n    op: gt\n    value: 1"));
    assert!(ignored[0].notes.iter().any(|note| note.contains("op is not kept: they belong to a threshold")));
}

#[test]
fn more_slos_than_are_looked_up_are_refused_whole() {
    let one = "- target: 0.99\n  ";
    let many = slo("- target: 0.99\n", &one.repeat(ITEMS_MAX + 1));
    assert!(matches!(read(many.trim_end().as_bytes()), Err(ReadTrouble::TooManyValues { limit: ITEMS_MAX, .. })));
}

#[test]
fn secrets_are_taken_out_and_named() {
    let with = slo("query: q", "query: \"https://ana:sesame-open@metrics.example.org/q\"");
    let all = items(&with);
    assert!(!format!("{all:?}").contains("sesame-open"));
    assert!(all[0].notes.iter().any(|note| note.contains("looks like a secret")), "{:?}", all[0].notes);
}

#[test]
fn credentials_of_a_source_and_of_a_plugin_are_taken_out_and_named() {
    let openslo = slo("query: q", "query: q, api_key: sesame-open, token: sesame-too");
    let sloth = "version: prometheus/v1\nservice: web\nslos:\n- name: up\n  objective: 99\n  sli: {plugin: {id: a/b, options: {password: sesame-open, filter: all}}}\n";
    for (text, kept) in [(openslo.as_str(), "query: q"), (sloth, "filter: all")] {
        let all = items(text);
        assert!(!format!("{all:?}").contains("sesame"), "{all:?}");
        let Is::Slo(said) = &all[0].is else { panic!("{all:?}") };
        assert!(said.draft.definition.contains(kept), "{}", said.draft.definition);
        let named = all[0].notes.iter().filter(|note| note.contains("looks like a secret"));
        assert!(named.count() > 0, "{:?}", all[0].notes);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = (read(&bytes), declares(&bytes));
    }

    #[test]
    fn no_broken_document_makes_it_panic(cut in 0usize..3_000, at in 0usize..3_000, byte in any::<u8>()) {
        for name in ["shop", "older", "sloth"] {
            let mut bytes = document(name);
            let (cut, at) = (cut % bytes.len(), at % bytes.len());
            bytes[at] = byte;
            let _ = read(&bytes);
            let _ = read(&bytes[cut..]);
        }
    }

    #[test]
    fn no_strange_values_make_it_panic(
        member in prop::sample::select(vec!["28d", "true", "Occurrences", "0.99", "web", "success", "SLO", "x"]),
        value in prop::sample::select(vec!["null", "[]", "{}", "-1", "1e400", "1e-300", "''", "[[]]", "{a: {}}", "18446744073709551615", "~"]),
    ) {
        for item in read(slo(member, value).as_bytes()).map(|read| read.items).unwrap_or_default() {
            let _ = told(&item);
        }
    }
}
