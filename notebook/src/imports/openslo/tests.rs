//! Whole documents, and documents that are broken on purpose.

mod hostile;
mod ways;

use super::*;
use crate::slos::Slo;

pub fn document(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/documents/openslo/{name}.yaml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn items(text: &str) -> Vec<Item> {
    read(text.as_bytes()).unwrap().items
}

/// The text of an SLO that holds in production.
fn text(item: &Item) -> Slo {
    let Is::Slo(said) = &item.is else { panic!("{item:?}") };
    let mut draft = said.draft.clone();
    if draft.environment.is_empty() {
        draft.environment = "production".into();
    }
    said.check(&draft).unwrap_or_else(|troubles| panic!("{troubles:?}"))
}

/// Why an SLO is not taken, by reading or by its check.
fn refused(item: &Item) -> Vec<String> {
    let troubles = match &item.is {
        Is::Refused(troubles) => troubles.clone(),
        Is::Slo(said) => said
            .check(&crate::slos::drafts::Draft { environment: "production".into(), ..said.draft.clone() })
            .unwrap_err(),
        Is::Service(_) | Is::Passed(_) => panic!("{item:?}"),
    };
    troubles.iter().map(|trouble| format!("{} {}", trouble.field, trouble.says)).collect()
}

/// "SLO Orders are accepted: at least 99.9 % good over 28 days, counted in events".
fn told(item: &Item) -> String {
    let is = match &item.is {
        Is::Service(_) => "service".to_owned(),
        Is::Passed(because) => format!("passed: {because}"),
        Is::Refused(_) => format!("refused: {}", refused(item).join("; ")),
        Is::Slo(said) => {
            match said.check(&crate::slos::drafts::Draft { environment: "production".into(), ..said.draft.clone() }) {
                Ok(slo) => slo.words(),
                Err(_) => format!("refused: {}", refused(item).join("; ")),
            }
        }
    };
    format!("{} {} {}: {is}", item.place.document, item.kind, item.name)
}

#[test]
fn every_object_of_a_text_is_told() {
    let read = read(&document("shop")).unwrap();
    assert_eq!(read.format, SloFormat::OpenSlo);
    let lines: Vec<String> = read.items.iter().map(told).collect();
    let expected = [
        "1 Service checkout: service",
        "2 DataSource metrics: passed: its connection may hold credentials",
        "3 SLI accepted-orders: passed: its definition is kept with every SLO",
        "4 SLO Orders are accepted: At least 99.9 % good over 28 days, counted in events",
        "5 SLO Pages are fast: At least 99.5 % good over calendar month in America/New_York, counted in slices of 5 min, good from 95 %",
        "6 SLO search · Good: At least 99 % good over 7 days, counted in events",
        "6 SLO search · objective 2: At least 90 % good over 7 days, counted in events",
        "7 SLO perfect: refused: spec.objectives[0].target is 100 %: no budget would remain to learn with",
        "8 AlertPolicy fast-burn: passed: alerts are",
        "9 AlertCondition burns-fast: passed: alerts are",
        "10 AlertNotificationTarget on-call: passed: alerts are",
    ];
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}\n{expected}");
    }
    let notes: Vec<&str> = read.items.iter().flat_map(|item| &item.notes).map(String::as_str).collect();
    for note in [
        "metadata.labels is not kept: a service has none here",
        "metadata.labels is not kept: an SLO has none here",
        "spec.alertPolicies is not kept: alerts are the business of the tool that sends them",
        "spec.objectives: each of the 2 becomes an SLO of its own",
        "no abort threshold is named: 99 % good or less is proposed as too broken",
        "no description is given: write a customer promise before it can be approved",
        "spec.objectives[0].displayName is not kept: the SLO's own name says it",
    ] {
        assert!(notes.contains(&note), "{note} in {notes:#?}");
    }
    assert!(!format!("{read:?}").contains("sesame-open"), "credentials are in nothing that was read");
}

#[test]
fn every_structure_of_the_specification_comes_in_or_says_why_not() {
    let read = read(&document("structures")).unwrap();
    let lines: Vec<String> = read.items.iter().map(told).collect();
    let expected = [
        "1 SLI letters-good: passed: its definition is kept",
        "1 SLI parcels-bad: passed: its definition is kept",
        "1 SLI counters-open: passed: its definition is kept",
        "1 SLI queue-length: passed: its definition is kept",
        "2 SLO Letters arrive: At least 98 % good over 7 days, counted in events",
        "3 SLO counters: At least 99.5 % good over calendar week in America/New_York, counted in slices of 1 min, good from 95 %",
        "4 SLO Queues are short: At least 90 % good over calendar month in Europe/Vienna, counted in events",
        "5 SLO parcels · Kept: At least 99.9 % good over 28 days, counted in events",
        "5 SLO parcels · Short queues: At least 95 % good over 28 days, counted in events",
        "6 SLO average: refused: spec.budgetingMethod is RatioTimeslices",
        "7 SLO elsewhere: refused: spec.indicatorRef names \"in-another-file\"",
        "8 SLO contract: At least 99 % good over calendar month in America/New_York, counted in events",
        "9 AlertPolicy LettersLate: passed: alerts are",
        "10 Service post: service",
        "11 DataSource counters: passed: its connection may hold credentials",
        "12 SLO Stamps are printed: At least 97.5 % good over 30 days, counted in events",
        "13 SLO Lockers open · Ours: At least 99.7 % good over calendar month in America/New_York, counted in slices of 1 min, good from 99 %",
        "13 SLO Lockers open · Contract: At least 98 % good over calendar month in America/New_York, counted in slices of 1 min, good from 99 %",
    ];
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}\n{expected}");
    }
    assert_eq!(text(&read.items[6]).indicator.good.unwrap().bad_words(), "more than 7");
    assert_eq!(text(&read.items[8]).indicator.good.unwrap().bad_words(), "10 or more");
    for (item, kept) in
        [(4, "sum:letters{state:delivered}.as_count()"), (5, "rawType: success"), (7, "Depot|Parcels|Lost")]
    {
        let definition = text(&read.items[item]).indicator.definition.unwrap();
        assert!(definition.as_str().contains(kept), "{definition}");
    }
    let notes: Vec<&str> = read.items.iter().flat_map(|item| &item.notes).map(String::as_str).collect();
    for note in [
        "spec.timeWindow[0].calendar.startTime is not kept",
        "spec.objectives[0].op is not kept: they belong to a threshold metric",
        "spec.objectives[0].compositeWeight is not kept: each objective is an SLO of its own",
        "spec.timeWindow: no window is named; 30 days are taken",
        "spec.budgetingMethod: no method is named; events are counted",
        "spec.timeWindow[0].duration is 1 min, which no calendar has; 1M, in months, is taken",
        "spec.indicator.metadata.labels is not kept: an indicator has none here",
        "document 1[0].metadata.labels is not kept: an indicator has none here",
        "spec.indicator is not kept of spec.objectives[1]: it has its own",
    ] {
        assert!(notes.iter().any(|said| said.starts_with(note)), "{note} in {notes:#?}");
    }
    assert!(!format!("{read:?}").contains("sesame"), "credentials are in nothing that was read");
}

#[test]
fn an_indicator_that_nobody_refers_to_says_so() {
    let sli = |query: &str| {
        let metric = format!("{{rawType: success, raw: {{metricSource: {{spec: {{query: {query}}}}}}}}}");
        format!("apiVersion: openslo/v1\nkind: SLI\nmetadata: {{name: i}}\nspec: {{ratioMetric: {metric}}}\n---\n")
    };
    let alone = items(&sli("first"));
    assert_eq!(told(&alone[0]), "1 SLI i: passed: it is not kept: no SLO of this text refers to it");
    let inline = "indicator:\n    metadata: {name: i}\n    spec:\n      ratioMetric:\n        rawType: success\n        raw: {metricSource: {type: P, spec: {query: q}}}";
    let both = items(&format!("{}{}{}", sli("first"), sli("second"), hostile::slo(inline, "indicatorRef: i")));
    assert_eq!(told(&both[0]), "1 SLI i: passed: its definition is kept with every SLO that refers to it");
    assert_eq!(told(&both[1]), "2 SLI i: passed: it is not kept: document 1 holds an SLI of this name already");
    let kept = text(&both[2]).indicator.definition.unwrap();
    assert!(kept.as_str().contains("query: first"), "{kept}");
}

#[test]
fn an_slo_keeps_its_words_its_query_and_its_promise() {
    let all = read(&document("shop")).unwrap().items;
    let orders = text(&all[3]);
    assert_eq!(orders.indicator.measure.as_str(), "accepted orders");
    let definition = orders.indicator.definition.unwrap();
    assert!(definition.as_str().starts_with("ratioMetric:\n  counter: true\n"), "{definition}");
    assert!(definition.as_str().contains("sum(orders_total{state=\"accepted\"})"), "{definition}");
    assert_eq!(orders.promise.unwrap().as_str(), "An order you place is taken.");
    assert_eq!(orders.levels.too_broken.words(), "99 %");
    let pages = text(&all[4]);
    assert_eq!(pages.indicator.good.unwrap().bad_words(), "more than 0.8");
    assert_eq!(text(&all[6]).promise, None);
}

#[test]
fn the_older_version_is_read_as_if_it_were_the_present_one() {
    let all = read(&document("older")).unwrap().items;
    let lines: Vec<String> = all.iter().map(told).collect();
    assert_eq!(
        lines,
        [
            "1 SLO Mail arrives: At least 98 % good over 30 days, counted in events",
            "1 SLO mail-accepted: At least 99.5 % good over calendar week in UTC, counted in slices of 1 min, good from 95 %",
        ]
    );
    assert_eq!(text(&all[0]).indicator.good.unwrap().bad_words(), "60 or more");
    assert!(text(&all[1]).indicator.definition.unwrap().as_str().contains("counter: true"));
    assert!(all[1].notes.iter().any(|note| note.contains("1 min is taken")), "{:?}", all[1].notes);
    let later = items("apiVersion: openslo.com/v2alpha\nkind: SLO\n");
    assert!(told(&later[0]).contains("apiVersion is openslo.com/v2alpha, which may still change"), "{later:?}");
    let other = items("apiVersion: apps/v1\nkind: Deployment\n");
    assert!(told(&other[0]).contains("no document of OpenSLO"), "{other:?}");
    let later = items("apiVersion: openslo/v2alpha\nkind: SLO\nmetadata: {name: x}\n");
    assert!(told(&later[0]).contains("apiVersion is openslo/v2alpha, which may still change"), "{later:?}");
}

#[test]
fn sloth_is_read_in_both_spellings() {
    let read_one = |name: &str| read(&document(name)).unwrap();
    let own = read_one("sloth");
    assert_eq!(own.format, SloFormat::Sloth);
    let lines: Vec<String> = own.items.iter().map(told).collect();
    assert_eq!(
        lines[..3],
        [
            "1 SLO requests-answered: At least 99.95 % good over 30 days, counted in events",
            "1 SLO requests-fast: At least 95 % good over 30 days, counted in events",
            "1 SLO plugin-made: At least 99 % good over 30 days, counted in events",
        ]
    );
    assert!(lines[3].contains("refused: slos[3].objective is 100 %"), "{}", lines[3]);
    let definitions: Vec<String> =
        own.items[..3].iter().map(|item| text(item).indicator.definition.unwrap().to_string()).collect();
    assert!(definitions[0].contains("[{{.window}}]") && definitions[0].contains("bad:"), "{}", definitions[0]);
    assert!(definitions[1].starts_with("ratioMetric:\n  rawType: failure\n"), "{}", definitions[1]);
    assert!(definitions[2].contains("id: example/latency"), "{}", definitions[2]);
    let first = &own.items[0].notes;
    for note in
        ["labels is not kept", "slos[0].alerting is not kept", "slos[0]: Sloth names no window; 30 days are taken"]
    {
        assert!(first.iter().any(|said| said.starts_with(note)), "{note} in {first:?}");
    }
    let cluster = read_one("sloth-kubernetes");
    assert_eq!(cluster.format, SloFormat::Sloth);
    assert_eq!(told(&cluster.items[0]), "1 SLO clients-content: At least 95 % good over 30 days, counted in events");
    assert_eq!(text(&cluster.items[0]).service.as_str(), "wifi");
}

#[test]
fn only_texts_that_say_so_are_taken_for_slos() {
    for (bytes, is) in [
        (document("shop"), true),
        (document("older"), true),
        (document("sloth"), true),
        (document("sloth-kubernetes"), true),
        (b"apiVersion: 'openslo/v2alpha' # later\n".to_vec(), true),
        (b"apiVersion: openslo.com/v2alpha\n".to_vec(), true),
        (b"title: x\nmethod: []\n".to_vec(), false),
        (b"title: about apiVersion: openslo/v1\n".to_vec(), false),
        (b"version: 1.0.0\n".to_vec(), false),
        (b"apiVersion: apps/v1\n".to_vec(), false),
        (vec![0xff, 0xfe, 0, 10], false),
    ] {
        assert_eq!(declares(&bytes), is, "{}", String::from_utf8_lossy(&bytes));
    }
    assert!(is_one(&serde_json::json!({ "apiVersion": "openslo/v1" })));
    assert!(is_one(&serde_json::json!([{ "version": "prometheus/v1" }])));
    assert!(!is_one(&serde_json::json!({ "version": "1.0.0", "status": "completed" })));
}
