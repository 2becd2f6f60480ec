use super::super::Labels;
use super::*;

const START: i64 = 1_793_613_600;

fn at(seconds: i64) -> Moment {
    Moment::from_micros((START + seconds) * 1_000_000)
}

/// A counter of one target by second and value.
fn of(job: &str, instance: &str, samples: &[(i64, f64)]) -> Counter {
    let samples = samples.iter().map(|(second, value)| (at(*second), *value)).collect();
    Counter { labels: Labels::new(), target: (job.into(), instance.into()), samples }
}

fn counter(instance: &str, samples: &[(i64, f64)]) -> Counter {
    of("shop", instance, samples)
}

fn answered(part: Vec<Counter>, total: Vec<Counter>) -> Answered {
    Answered { part, total, ..Answered::default() }
}

fn piece(number: i64) -> Interval {
    Interval::lasting(at(0), number * 60_000)
}

/// Bad and total of the minutes of a piece, as soon as all samples have come; None where unknown.
fn minutes(part: Vec<Counter>, mut total: Vec<Counter>, number: i64) -> Vec<Option<(u64, u64)>> {
    total.push(counter("later", &[(number * 60 + 60, 0.0)]));
    known(&answered(part, total).pulled(Part::Bad, piece(number), 60_000))
}

fn known(pulled: &Pulled) -> Vec<Option<(u64, u64)>> {
    let counts = pulled.steps.iter().map(|step| step.counts.as_ref().ok());
    counts.map(|counts| counts.map(|counts| (counts.bad, counts.good + counts.bad))).collect()
}

#[test]
fn counters_are_counted_exactly_and_steps_add_up() {
    let total = counter("a", &[(-30, 100.0), (30, 250.0), (60, 251.0), (90, 300.0)]);
    let bad = counter("a", &[(-30, 5.0), (30, 6.0), (60, 6.0), (90, 9.0)]);
    assert_eq!(minutes(vec![bad], vec![total], 2), [Some((1, 151)), Some((3, 49))]);
}

#[test]
fn a_restart_begins_at_nothing() {
    let total = counter("a", &[(-30, 1_000.0), (30, 1_010.0), (45, 7.0), (60, 9.0), (100, 9.0)]);
    assert_eq!(minutes(vec![], vec![total], 2), [Some((0, 19)), Some((0, 0))]);
}

#[test]
fn the_first_bad_event_ever_counts() {
    let total = counter("a", &[(-30, 100.0), (30, 200.0), (90, 300.0)]);
    let bad = counter("a", &[(90, 2.0)]);
    assert_eq!(minutes(vec![bad], vec![total], 2), [Some((0, 100)), Some((2, 100))]);
}

#[test]
fn an_instance_nobody_scraped_before_counts_from_its_first_sample_on() {
    let first = counter("a", &[(-30, 100.0), (30, 200.0), (90, 300.0)]);
    let second = counter("b", &[(30, 5_000.0), (90, 5_001.0)]);
    assert_eq!(minutes(vec![], vec![first, second], 2), [Some((0, 100)), Some((0, 101))]);
}

#[test]
fn an_instance_that_comes_back_brings_what_it_counted_meanwhile() {
    let first = counter("a", &[(-30, 0.0), (30, 1.0), (90, 2.0), (150, 3.0)]);
    let second = counter("b", &[(-30, 10.0), (150, 40.0)]);
    assert_eq!(minutes(vec![], vec![first.clone(), second], 3), [Some((0, 1)), Some((0, 1)), Some((0, 31))]);
    let after_an_hour = counter("b", &[(-3_600, 10.0), (150, 40.0)]);
    assert_eq!(minutes(vec![], vec![first, after_an_hour], 3), [Some((0, 1)), Some((0, 1)), Some((0, 31))]);
}

#[test]
fn what_an_instance_holds_that_comes_back_without_an_earlier_sample_is_told() {
    let total = counter("a", &[(-30, 0.0), (30, 1.0), (120, 2.0)]);
    let back = counter("b", &[(30, 500.0), (120, 501.0)]);
    let mut answer = answered(vec![counter("a", &[(-30, 0.0)])], vec![total, back]);
    let new = answer.pulled(Part::Bad, piece(1), 60_000);
    assert_eq!((known(&new), new.remark), (vec![Some((0, 1))], None), "an instance nobody ever saw is new");
    answer.earlier.insert(("shop".into(), "b".into()));
    let back = answer.pulled(Part::Bad, piece(1), 60_000);
    assert_eq!(known(&back), [Some((0, 1))]);
    assert!(back.remark.unwrap().contains("up to 500 events that nobody can place"));
}

#[test]
fn only_what_needs_an_earlier_sample_is_unknown_without_one() {
    let total = || {
        vec![
            counter("a", &[(-30, 0.0), (30, 1.0), (90, 2.0), (180, 3.0)]),
            counter("b", &[(30, 500.0), (90, 501.0), (180, 501.0)]),
        ]
    };
    let bad = || vec![counter("a", &[(90, 1.0)])];
    let without = answered(bad(), total()).without_earlier().pulled(Part::Bad, piece(2), 60_000);
    assert_eq!(
        known(&without),
        [None, Some((1, 2))],
        "where its instance was scraped before, a counter began at nothing"
    );
    let Err(Unknown::Lacks(says)) = &without.steps[0].counts else { panic!("{without:?}") };
    assert!(says.starts_with("nobody can say what 1 of the counters held before "), "{says}");
    let with = answered(bad(), total()).pulled(Part::Bad, piece(2), 60_000);
    assert_eq!(known(&with), [Some((0, 1)), Some((1, 2))]);
}

#[test]
fn who_went_silent_is_told_since_samples_may_come_late() {
    let through: Vec<(i64, f64)> = (-2..=16).map(|scrape| (scrape * 15, 0.0)).collect();
    let total = |b: &[(i64, f64)]| vec![counter("a", &through), counter("b", b)];
    let minute = |number: i64, b: &[(i64, f64)]| {
        let piece = Interval::lasting(at(number * 60), 60_000);
        answered(vec![counter("a", &through)], total(b)).pulled(Part::Bad, piece, 60_000)
    };
    let cut = [(-30, 0.0), (-15, 0.0), (0, 0.0), (15, 0.0)];
    for number in [0, 1] {
        let pulled = minute(number, &cut);
        assert_eq!(known(&pulled), [Some((0, 0))], "the others are counted");
        let says = pulled.remark.unwrap();
        assert!(says.starts_with("1 of 2 instances went silent"), "{says}");
    }
    assert_eq!(minute(2, &cut).remark, None, "it is told once, when it happens");
    let whole: Vec<(i64, f64)> = (-2..=16).map(|scrape| (scrape * 15, 500.0)).collect();
    assert_eq!(minute(1, &whole).remark, None);
}

#[test]
fn what_a_rule_made_did_not_begin_at_nothing() {
    let total = of("", "", &[(-30, 0.0), (30, 1.0), (120, 2.0)]);
    let back = of("", "", &[(30, 1_000_000.0), (120, 1_000_000.0)]);
    let pulled = answered(vec![back.clone()], vec![total, back]).pulled(Part::Bad, piece(1), 60_000);
    assert_eq!(known(&pulled), [Some((0, 1))]);
    assert!(pulled.remark.unwrap().contains("up to 1000000 events"));
}

#[test]
fn time_nobody_scraped_is_unknown_and_so_is_the_step_that_ends_it() {
    let total = counter("a", &[(-30, 100.0), (30, 200.0), (210, 900.0), (270, 901.0)]);
    let seen = minutes(vec![], vec![total], 5);
    assert_eq!(seen, [Some((0, 100)), None, None, None, Some((0, 1))]);
    assert_eq!(minutes(vec![], vec![], 1), [None]);
    let bad_alone = counter("a", &[(-30, 1.0), (30, 2.0)]);
    assert_eq!(minutes(vec![bad_alone], vec![], 1), [None], "bad events without any are a misspelt selector");
}

#[test]
fn a_step_counts_once_a_sample_after_its_end_was_seen() {
    let waits = |samples: &[(i64, f64)], others: &[(i64, f64)]| {
        let total = vec![counter("a", samples), counter("b", others)];
        let step = answered(vec![], total).pulled(Part::Bad, piece(1), 60_000).steps.remove(0);
        matches!(step.counts, Err(Unknown::Waits(_)))
    };
    let others = [(-15, 0.0), (45, 0.0), (75, 0.0)];
    assert!(waits(&[(-30, 100.0), (15, 110.0)], &[(-15, 0.0), (45, 0.0)]), "nobody has a sample after the minute");
    assert!(waits(&[(-30, 100.0), (15, 110.0)], &others), "the last ones of this instance may still come");
    assert!(!waits(&[(-30, 100.0), (15, 110.0), (45, 190.0), (90, 200.0)], &others));
    let later = [(-15, 0.0), (45, 0.0), (75, 0.0), (120, 0.0)];
    assert!(!waits(&[(-30, 100.0), (15, 110.0)], &later), "it is gone: others were scraped for a minute more");
}

#[test]
fn what_comes_late_is_counted_in_its_step() {
    let early = counter("a", &[(-30, 100.0), (15, 110.0)]);
    assert_eq!(known(&answered(vec![], vec![early]).pulled(Part::Bad, piece(2), 60_000)), [None, None]);
    let whole = counter("a", &[(-30, 100.0), (15, 110.0), (45, 190.0), (90, 200.0), (150, 200.0)]);
    let all = answered(vec![], vec![whole]).pulled(Part::Bad, piece(2), 60_000);
    assert_eq!(known(&all), [Some((0, 90)), Some((0, 10))]);
}

#[test]
fn what_is_no_number_of_events_is_unknown_and_never_good() {
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 200.5, 1e300] {
        let total = counter("a", &[(-30, 100.0), (30, odd), (90, 300.0), (150, 301.0)]);
        let healthy = counter("b", &[(-30, 0.0), (30, 1.0), (90, 2.0), (150, 3.0)]);
        assert_eq!(minutes(vec![], vec![total, healthy], 3), [None, None, Some((0, 2))], "{odd}");
    }
}

#[test]
fn more_bad_events_than_all_is_unknown() {
    let total = counter("a", &[(-30, 100.0), (30, 101.0), (120, 101.0)]);
    let bad = counter("a", &[(-30, 0.0), (30, 5.0)]);
    let step = answered(vec![bad], vec![total]).pulled(Part::Bad, piece(1), 60_000).steps.remove(0);
    let Err(Unknown::Lacks(says)) = step.counts else { panic!("{step:?}") };
    assert!(says.starts_with("5 bad events were counted among 1 from "), "{says}");
}

#[test]
fn good_ones_leave_the_bad_ones() {
    let total = counter("a", &[(-30, 100.0), (30, 110.0), (120, 110.0)]);
    let good = counter("a", &[(-30, 90.0), (30, 97.0)]);
    let pulled = answered(vec![good], vec![total]).pulled(Part::Good, piece(1), 60_000);
    assert_eq!((&pulled.steps[0].counts, pulled.remark), (&Ok(Counts { good: 7, bad: 3 }), None));
    let nothing = Answered::default().pulled(Part::Bad, piece(1), 60_000);
    assert!(nothing.remark.unwrap().contains("no counter of bad events was seen"));
}

#[test]
fn as_many_counters_as_are_taken_are_counted_at_once() {
    // None has an earlier sample and each has a target of its own: every one is looked up.
    let many = |value: f64| -> Vec<Counter> {
        let one = |number: usize| counter(&format!("pod-{number}"), &[(30, value), (90, value), (4_000, value)]);
        (0..crate::limits::PULL_SERIES_MAX).map(one).collect()
    };
    let mut total = many(7.0);
    total.push(counter("a", &(-1..=62).map(|minute| (minute * 60 - 30, 1.0)).collect::<Vec<_>>()));
    let pulled = answered(many(0.0), total).pulled(Part::Bad, piece(60), 60_000);
    assert_eq!(known(&pulled), [Some((0, 0)); 60]);
}
