use super::*;
use crate::{
    experiments::plan::Expect,
    runs::{
        facts::SignalSeen,
        sample::{gap, identity_with_gap_at_most, run, title},
    },
};

fn said(runs: &[RunFacts]) -> Vec<Said> {
    let crew = Crew { owner: Some(title("Ana")), ..Crew::default() };
    let runs: Vec<_> = runs.iter().map(|facts| (facts, &crew)).collect();
    side_by_side(&runs)
}

fn differing(runs: &[RunFacts]) -> Vec<String> {
    said(runs).into_iter().filter(Said::differs).map(|line| line.key).collect()
}

fn values(runs: &[RunFacts], key: &str) -> Vec<Option<String>> {
    said(runs).into_iter().find(|line| line.key == key).map(|line| line.values).unwrap_or_default()
}

#[test]
fn runs_alike_differ_in_nothing_and_everything_is_said_on_request() {
    let alike = [run(1), run(2), run(3)];
    assert_eq!(differing(&alike), Vec::<String>::new());
    let lines = said(&alike);
    for aspect in Aspect::ALL {
        assert!(lines.iter().any(|line| line.aspect == *aspect), "{aspect:?}");
    }
    assert!(lines.iter().all(|line| line.values.len() == 3));
}

#[test]
fn each_difference_stands_under_what_it_is_about() {
    let table: [(RunFacts, &[&str]); 5] = [
        (run(2).hitting(&["zk-2"]), &["targets.chosen", "targets.effect"]),
        (run(2).measured(&gap(), "41"), &["alert-gap|during|max"]),
        (run(2).recovered_after(30), &["revert"]),
        (run(2).deviating(), &["deviations"]),
        (run(2).planned_as(identity_with_gap_at_most("50")), &["checks.alert-gap.during.max"]),
    ];
    for (other, keys) in table {
        assert_eq!(differing(&[run(1), other]), keys);
    }
}

#[test]
fn a_value_stands_in_the_column_of_its_run() {
    let measured = values(&[run(1), run(2).measured(&gap(), "300"), run(3).unanswered(&gap())], "alert-gap|during|max");
    let words: Vec<&str> = measured.iter().flatten().map(String::as_str).collect();
    assert_eq!(words, ["38 s, held", "300 s, failed", "not answered"]);
    let signal = values(&[run(1).signalled("zookeeper-down", SignalSeen::Silent)], "signal|zookeeper-down");
    assert_eq!(signal, [Some("stayed silent".to_owned())]);
}

#[test]
fn an_overruled_verdict_shows_both_values() {
    let overruled = |by| RunFacts { signed: Some(Verdict::Refuted), overruled: by, ..run(1) };
    let words = |by| values(&[overruled(by)], "verdict").remove(0).unwrap();
    assert_eq!(words(None), "Refuted");
    assert_eq!(words(Some(Verdict::Upheld)), "Upheld, overruling refuted");
    assert_eq!(words(Some(Verdict::Refuted)), "Refuted");
}

#[test]
fn what_only_one_run_says_is_a_difference() {
    let later = run(2).with_signal("lag", Expect::Silent { for_ms: 60_000 });
    assert_eq!(values(&[run(1), later], "signal|lag"), [None, Some("not answered".to_owned())]);
}

#[test]
fn the_order_of_lines_is_that_of_the_aspects() {
    let aspects: Vec<Aspect> = said(&[run(1), run(2).deviating()]).iter().map(|line| line.aspect).collect();
    assert!(aspects.is_sorted());
}
