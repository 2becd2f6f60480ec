//! What runs cost, the book of a quarter, and what a budget that is left is for.

use notebook::{
    desk::Desk,
    experiments::Draft,
    findings::{self, drafts::JudgeDraft},
    gate::Check,
    id::{RunId, SloId},
    ledger::{
        Cost, Until,
        acts::{self, Ledger},
        untested::Suggestion,
    },
    runs::{
        self,
        drafts::{AbortDraft, AtDraft, EffectDraft, PlanDraft, RulingDraft, TargetDraft},
        facts::Execution,
        validity::{InvalidReason, Validity},
    },
    slos::{
        acts as promises,
        compliance::Compliance,
        drafts::RetireDraft,
        entries::{MeasurementsDraft, Row},
        spend::{share_words, spent_words},
        worst_case::Extent,
    },
    text::Slug,
    time::Moment,
};

use crate::{
    each_db::START,
    gate,
    lab::{BACK, GAP, Lab, Trial, restart_one_zookeeper, seen},
    slos,
};

const MINUTE_MS: i64 = 60_000;

fn at(minutes: i64) -> Moment {
    Moment::from_micros(START).plus_minutes(minutes)
}

/// Minutes after the beginning of the story.
fn row(from: i64, to: i64, good: u64, bad: u64) -> Row {
    Row {
        from: at(from).rfc3339(),
        to: at(to).rfc3339(),
        good: good.to_string(),
        bad: bad.to_string(),
        counts: String::new(),
    }
}

async fn measure(desk: &Desk, slo: SloId, rows: Vec<Row>) {
    let draft = MeasurementsDraft { rows, reason: "Counted again".into() };
    promises::measure(desk, slo, &draft).await.unwrap();
}

async fn costs(desk: &Desk, run: RunId) -> Vec<Cost> {
    let shown = runs::acts::show(desk, run).await.unwrap();
    acts::of_run(desk, &shown.run, &shown.facts).await.unwrap()
}

async fn book(desk: &Desk, quarter: &str) -> Ledger {
    acts::quarter(desk, quarter.parse().unwrap()).await.unwrap()
}

async fn suggested(desk: &Desk, slo: SloId) -> Suggestion {
    let shown = promises::show(desk, slo).await.unwrap();
    acts::suggestion(desk, &shown).await.unwrap()
}

each_db!(a_run_costs_what_was_measured_from_its_fault_until_recovery, book => {
    let lab = Lab::open(book).await;
    let slo = slos::approved(&lab, &slos::promised("at least 99 %"), 10_000, 0).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    // The fault begins after an hour, and all is well eleven minutes later.
    let run = lab.run(experiment, Trial::default()).await;
    let unmeasured = costs(&lab.ana, run).await;
    assert_eq!(unmeasured.len(), 1);
    assert_eq!((unmeasured[0].slo, unmeasured[0].until), (slo, Until::Recovered));
    assert_eq!(unmeasured[0].spend.unmeasured_ms, 11 * MINUTE_MS);
    assert_eq!((unmeasured[0].words(), unmeasured[0].spend.bad.most), ("unknown".into(), None), "never zero");

    measure(&lab.ana, slo, vec![row(0, 60, 94, 6), row(60, 71, 50, 12)]).await;
    let measured = costs(&lab.ana, run).await;
    // Six an hour are usual, so one and a tenth in eleven minutes.
    assert_eq!((measured[0].spend.bad, measured[0].spend.usual), (Extent::exactly(12), Some(2)));
    let shown = promises::show(&lab.ana, slo).await.unwrap();
    let promise = &shown.kept.text;
    let from = shown.standing.window.start();
    let runs = runs::acts::on_service(&lab.ana, &promise.service, &promise.environment, from).await.unwrap();
    let spent = acts::on_slo(&lab.ana, &shown, &runs).await.unwrap();
    assert_eq!(spent.get(&run).map(|spend| spend.bad), Some(Extent::exactly(12)));
});

each_db!(a_run_that_was_over_when_told_is_charged_for_its_fault_and_not_for_the_time_since, book => {
    let lab = Lab::open(book).await;
    let slo = slos::approved(&lab, &slos::promised("at least 99 %"), 10_000, 0).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    book.clock.pass_ms(25 * 60 * MINUTE_MS);
    measure(&lab.ana, slo, vec![row(0, 60, 95, 5), row(60, 1_440, 9_500, 500)]).await;
    let past = PlanDraft {
        experiment: experiment.to_string(),
        started_at: at(0).rfc3339(),
        ended_at: at(60).rfc3339(),
        targets: vec![TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() }],
        ..PlanDraft::default()
    };
    let run = runs::acts::record_past(&lab.ana, &past).await.unwrap().id;
    for _ in 0..2 {
        let [cost] = costs(&lab.ana, run).await.try_into().unwrap();
        assert_eq!((cost.until, cost.spend.bad), (Until::FaultEnded, Extent::exactly(5)));
        // Pressed a day later, it says nothing of when all was well.
        let _ = runs::acts::finish(&lab.ana, run, &AtDraft::default()).await;
    }
});

each_db!(the_ledger_books_every_run_of_a_quarter_with_what_it_found, book => {
    let lab = Lab::open(book).await;
    let empty = self::book(&lab.ana, "2026-Q4").await;
    assert!(empty.entries.is_empty() && empty.totals.is_empty());
    let slo = slos::approved(&lab, &slos::promised("at least 99 %"), 10_000, 0).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", ..Trial::default() }).await;
    let found = lab.finding(run, "alerts stop after a restart", GAP, "").await;
    let (again, none) = (lab.finding(run, "alerts stop", GAP, "").await, lab.finding(run, "a typo", GAP, "").await);
    let of = JudgeDraft { of: found.id.to_string(), reason: "The same".into(), ..JudgeDraft::default() };
    findings::acts::mark_duplicate(&lab.ana, again.id, &of).await.unwrap();
    let why = JudgeDraft { reason: "Misread".into(), ..JudgeDraft::default() };
    findings::acts::dismiss(&lab.ana, none.id, &why).await.unwrap();
    measure(&lab.ana, slo, vec![row(0, 60, 94, 6), row(60, 71, 50, 12)]).await;

    let quarter = self::book(&lab.ana, "2026-Q4").await;
    assert_eq!((quarter.entries.len(), quarter.is_cut), (1, false));
    assert_eq!((quarter.findings().count(), quarter.severe()), (1, 1), "what stands for itself");
    let total = &quarter.totals[0];
    assert_eq!((total.slo, total.runs, total.bad), (slo, 1, Extent::exactly(12)));
    // 10,162 events were measured in the quarter; a hundredth of them may be bad.
    assert_eq!(share_words(total.bad, total.allowed), "11.81 %");

    let ruling = RulingDraft { ruling: "invalid".into(), reason: "The wrong host".into(), ..RulingDraft::default() };
    runs::acts::rule_validity(&lab.ben, run, &ruling).await.unwrap();
    // A second run that nobody measured makes the sum unknown above, never smaller.
    lab.run(experiment, Trial::default()).await;
    let quarter = self::book(&lab.ana, "2026-Q4").await;
    assert!(matches!(quarter.entries[1].run.validity, Some(Validity::Invalid(_))));
    assert_eq!(spent_words(quarter.entries[1].costs[0].spend.bad), "12 bad events", "invalid runs are booked, too");
    assert_eq!((quarter.totals[0].runs, spent_words(quarter.totals[0].bad)), (2, "at least 12 bad events".into()));
    assert!(self::book(&lab.ana, "2026-Q3").await.entries.is_empty());
    // Where older runs are left out, nobody knows which part of the whole was spent.
    let cut = acts::newest(&lab.ana, quarter.quarter, 1).await.unwrap();
    assert_eq!((cut.entries.len(), cut.is_cut, cut.totals[0].allowed.is_none()), (1, true, true));
    assert!(quarter.totals[0].allowed.is_some());

    // What is retired is not charged with what comes later, and keeps what was.
    promises::retire(&lab.ana, slo, &RetireDraft { reason: "Another promise".into() }).await.unwrap();
    let later = lab.run(experiment, Trial::default()).await;
    assert_eq!(costs(&lab.ana, later).await, []);
    assert_eq!(self::book(&lab.ana, "2026-Q4").await.totals[0].runs, 2);
});

each_db!(s_r14_an_unrelated_incident_aborts_the_run_and_moves_its_slot, book => {
    let lab = Lab::open(book).await;
    let slo = slos::approved(&lab, &slos::promised("at least 99 %"), 10_000, 0).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.start(experiment, "zk-1").await;
    runs::acts::begin_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    let effect = EffectDraft { name: "zk-1".into(), effect: "shown".into(), evidence: String::new() };
    runs::acts::record_effect(&lab.ana, run, &effect).await.unwrap();
    lab.book.clock.pass_ms(2 * MINUTE_MS);
    let abort = AbortDraft { reason: "unrelated".into(), text: "The network is down".into(), ..AbortDraft::default() };
    runs::acts::abort(&lab.ana, run, &abort).await.unwrap();
    lab.book.clock.pass_ms(MINUTE_MS);
    runs::acts::answer_check(&lab.ana, run, &seen(BACK, "held")).await.unwrap();
    runs::acts::finish(&lab.ana, run, &AtDraft::default()).await.unwrap();

    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    assert_eq!(shown.facts.execution, Execution::Aborted);
    assert_eq!(shown.validity.unwrap().is, Validity::Invalid(InvalidReason::AbortedUnrelated));
    assert_eq!(shown.verdict, None);
    let (recovered, aborted) = (shown.facts.recovered.unwrap(), shown.facts.fault_ended.unwrap());
    assert_eq!(recovered.ms_since(aborted), MINUTE_MS, "the revert time is kept");
    let found = findings::acts::Filter { origin: Some(run), ..findings::acts::Filter::default() };
    assert!(notebook::retrials::acts::findings(&lab.ana, &found).await.unwrap().0.is_empty());
    measure(&lab.ana, slo, vec![row(60, 63, 90, 3)]).await;
    assert_eq!(costs(&lab.ana, run).await[0].spend.bad, Extent::exactly(3), "and so is what it cost");

    // The slot moves: a further run stands for the aborted one, at another time.
    let draft = PlanDraft {
        experiment: experiment.to_string(),
        planned_at: at(24 * 60).rfc3339(),
        replaces: run.to_string(),
        ..PlanDraft::default()
    };
    let moved = runs::acts::plan(&lab.ana, &draft).await.unwrap();
    assert_eq!((moved.execution, moved.planned_at), (Execution::Planned, Some(at(24 * 60))));
    let moved = runs::acts::show(&lab.ana, moved.id).await.unwrap();
    assert_eq!(moved.replaces, Some(run.to_string()));
    let revert = moved.gate.unwrap().lines.into_iter().find(|line| line.check == Check::Revert).unwrap();
    assert_eq!(revert.answer, notebook::gate::Gate::Go, "the revert was rehearsed: {}", revert.says);
});

each_db!(s_q5_the_budget_that_is_left_suggests_the_highest_ranked_question_that_fits, book => {
    let lab = Lab::open(book).await;
    gate::five_instances(&lab).await;
    let slo = slos::approved(&lab, &slos::promised("at least 99.9 %"), 1_000_000, 0).await;
    let Suggestion::Write { asks, on, .. } = suggested(&lab.ana, slo).await else { panic!("there is nothing to try") };
    assert_eq!((asks.map(|question| question.key), on), (Some("unexpected-restart"), None));

    // Nobody notices it for three days: that costs more than a thousand.
    let slow = lab.approved(&Draft { detect_within: "3 d".into(), ..gate::plan("production") }).await;
    let elsewhere = lab.approved(&gate::plan("staging")).await;
    let quick = lab.approved(&Draft { question: "What happens if one restarts?".into(), ..gate::plan("production") }).await;
    let Suggestion::Try { untested, worst, because } = suggested(&lab.ana, slo).await else { panic!("one fits") };
    assert_eq!((untested.experiment, worst), (quick, 35));
    assert_eq!(untested.question, "What happens if one restarts?");
    let because = because.join(" ");
    for words in ["zookeeper leads".to_owned(), format!("{quick} was never run"), format!("{slow} may cost")] {
        assert!(because.contains(&words), "{words}: {because}");
    }
    assert!(!because.contains(&elsewhere.to_string()), "another budget: {because}");

    // Once it was run it is no open question any more, and what is left does not fit.
    lab.run(quick, Trial::default()).await;
    let Suggestion::Write { because, asks, .. } = suggested(&lab.ana, slo).await else { panic!("none fits") };
    assert!(because[0].contains(&slow.to_string()), "{because:?}");
    assert_eq!(asks.map(|question| question.key), Some("machine-loss"), "a restart is asked about already");

    // The order knows which fault was tried, whoever wrote first.
    let repeats = lab.approved(&gate::plan("production")).await;
    let fresh = lab.approved(&Draft { fault_kind: "machine-loss".into(), ..gate::plan("production") }).await;
    let Suggestion::Try { untested, .. } = suggested(&lab.ana, slo).await else { panic!("one fits") };
    assert_eq!((untested.experiment, untested.fault_tried), (fresh, false));
    lab.run(fresh, Trial::default()).await;
    let Suggestion::Try { untested, .. } = suggested(&lab.ana, slo).await else { panic!("one fits") };
    assert_eq!((untested.experiment, untested.fault_tried), (repeats, true));

    // Of the thousand that may happen 950 did: what is left is the reserve.
    measure(&lab.ana, slo, vec![row(-28 * 24 * 60, 0, 999_050, 950)]).await;
    let Suggestion::Nothing { because } = suggested(&lab.ana, slo).await else { panic!("nothing is free") };
    assert!(because.contains("no more than the reserve"), "{because}");
});

async fn on_service(desk: &Desk, service: &str) -> Vec<RunId> {
    let (service, environment) = (Slug::new(service).unwrap(), Slug::new("production").unwrap());
    let runs = runs::acts::on_service(desk, &service, &environment, at(0)).await.unwrap();
    runs.iter().map(|run| run.id).collect()
}

each_db!(a_run_stays_on_the_services_that_its_own_plan_named, book => {
    let lab = Lab::open(book).await;
    let slo = slos::approved(&lab, &slos::promised("at least 99 %"), 10_000, 0).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let first = lab.run(experiment, Trial::default()).await;
    let left = vec!["alerting".into(), "config-management".into()];
    lab.revise(experiment, |draft| draft.services = left).await;
    let second = lab.run(experiment, Trial::default()).await;
    assert_eq!(on_service(&lab.ana, "zookeeper").await, [first]);
    assert_eq!(on_service(&lab.ana, "alerting").await, [second, first], "the newest first");
    assert_eq!(on_service(&lab.ana, "config-management").await, [second]);
    let shown = promises::show(&lab.ana, slo).await.unwrap();
    let (service, environment) = (&shown.kept.text.service, &shown.kept.text.environment);
    let runs = runs::acts::on_service(&lab.ana, service, environment, at(0)).await.unwrap();
    let spent = acts::on_slo(&lab.ana, &shown, &runs).await.unwrap();
    assert_eq!(spent.into_keys().collect::<Vec<_>>(), [first], "what it cost stays on the page of its promise");
});

each_db!(what_was_tried_on_a_service_is_known_there_after_its_experiment_left, book => {
    let lab = Lab::open(book).await;
    gate::five_instances(&lab).await;
    let slo = slos::approved(&lab, &slos::promised("at least 99.9 %"), 1_000_000, 0).await;
    let leaves = lab.approved(&gate::plan("production")).await;
    lab.run(leaves, Trial::default()).await;
    lab.revise(leaves, |draft| draft.services = vec!["alerting".into()]).await;
    let stays = lab.approved(&gate::plan("production")).await;
    let Suggestion::Try { untested, .. } = suggested(&lab.ana, slo).await else { panic!("one fits") };
    assert_eq!((untested.experiment, untested.fault_tried), (stays, true));

    // Whichever services its plan named then, it was run.
    let comes = lab.approved(&Draft { services: vec!["alerting".into()], ..gate::plan("production") }).await;
    lab.run(comes, Trial::default()).await;
    lab.revise(comes, |draft| draft.services = vec!["zookeeper".into()]).await;
    lab.run(stays, Trial::default()).await;
    let Suggestion::Write { because, .. } = suggested(&lab.ana, slo).await else { panic!("none is left") };
    assert!(because[0].starts_with("Every experiment on this service"), "{because:?}");
});

each_db!(what_runs_cost_and_come_to_is_known_without_a_look_at_their_observations, book => {
    let lab = Lab::open(book).await;
    let slo = slos::approved(&lab, &slos::promised("at least 99 %"), 10_000, 0).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial::default()).await;
    // Whoever read this line would stumble over it.
    let line = format!(
        "insert into events (at, recorded_at, via, kind, object, act, body)
            values (1, 1, 'form', 'run', '{run}', 'observed', '{{}}')"
    );
    book.execute(&line).await;
    assert!(runs::acts::show(&lab.ana, run).await.is_err());
    let shown = promises::show(&lab.ana, slo).await.unwrap();
    let promise = &shown.kept.text;
    let on_it = runs::acts::on_service(&lab.ana, &promise.service, &promise.environment, at(0)).await.unwrap();
    assert!(acts::on_slo(&lab.ana, &shown, &on_it).await.unwrap().contains_key(&run));
    suggested(&lab.ana, slo).await;
    assert_eq!(self::book(&lab.ana, "2026-Q4").await.entries.len(), 1);
    assert_eq!(runs::acts::list(&lab.ana, &runs::acts::Filter::default()).await.unwrap().0.len(), 1);
    notebook::gate::acts::of_experiment(&lab.ana, experiment, lab.ana.now()).await.unwrap();
});

each_db!(windows_that_are_over_say_whether_the_promise_was_kept, book => {
    let lab = Lab::open(book).await;
    let draft = notebook::slos::drafts::Draft {
        window: "month".into(),
        days: String::new(),
        zone: "UTC".into(),
        ..slos::promised("at least 99 %")
    };
    // Measured from the fifth of October until the second of November.
    let slo = slos::approved(&lab, &draft, 0, 0).await;
    let said = async || -> Vec<Compliance> {
        promises::compliance(&lab.ana, slo).await.unwrap().iter().map(|past| past.is).collect()
    };
    assert_eq!(said().await, [Compliance::Unknown], "four days of October are missing, and nothing happened");
    book.clock.pass_ms(30 * 86_400_000);
    let december = 28 * 24 * 60 + 14 * 60;
    measure(&lab.ana, slo, vec![row(0, december, 8_990, 10)]).await;
    let past = promises::compliance(&lab.ana, slo).await.unwrap();
    assert_eq!((past[0].counts.bad, past[0].window.end()), (10, at(december)));
    assert_eq!(said().await, [Compliance::Met, Compliance::Unknown]);
    measure(&lab.ana, slo, vec![row(0, december, 8_900, 100)]).await;
    assert_eq!(said().await, [Compliance::Missed, Compliance::Unknown]);
});
