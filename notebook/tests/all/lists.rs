//! Lists that compute what they show, and what a look at the gate reads for it.

use notebook::{
    findings::{self, drafts::JudgeDraft},
    gate::{Check, Gate},
    id::RunId,
    retrials,
    runs::{
        self,
        acts::Filter,
        drafts::PlanDraft,
        facts::{Execution, Verdict},
        validity::Validity,
    },
    time::Moment,
};

use crate::lab::{CLIENTS, GAP, Lab, Trial, restart_one_zookeeper};

type Line = (RunId, Option<Validity>, Option<Verdict>, Vec<String>);

async fn listed(lab: &Lab<'_>, filter: &Filter) -> Vec<Line> {
    let (rows, _) = runs::acts::list(&lab.ana, filter).await.unwrap();
    rows.into_iter().map(|row| (row.run.id, row.validity, row.verdict, row.targets)).collect()
}

each_db!(a_page_of_runs_says_of_each_what_its_own_lines_say, book => {
    let lab = Lab::open(book).await;
    let one = lab.approved(&restart_one_zookeeper()).await;
    let other = lab.approved(&restart_one_zookeeper()).await;
    let upheld = lab.run(one, Trial::default()).await;
    let refuted = lab.run(other, Trial { gap: "300..600 s", target: "zk-2", ..Trial::default() }).await;
    let planned = runs::acts::plan(&lab.ana, &PlanDraft { experiment: one.to_string(), ..PlanDraft::default() }).await;
    let planned = planned.unwrap().id;
    let lines: [Line; 3] = [
        (planned, None, None, Vec::new()),
        (refuted, Some(Validity::Valid), Some(Verdict::Refuted), vec!["zk-2".into()]),
        (upheld, Some(Validity::Valid), Some(Verdict::Upheld), vec!["zk-1".into()]),
    ];
    let only = |ids: &[RunId]| lines.iter().filter(|line| ids.contains(&line.0)).cloned().collect::<Vec<_>>();
    let finished = Some(Execution::Finished);
    for (filter, ids) in [
        (Filter::default(), vec![planned, refuted, upheld]),
        (Filter { experiment: Some(one), ..Filter::default() }, vec![planned, upheld]),
        (Filter { execution: finished, ..Filter::default() }, vec![refuted, upheld]),
        (Filter { execution: finished, experiment: Some(other), ..Filter::default() }, vec![refuted]),
        (Filter { before: Some(refuted), ..Filter::default() }, vec![upheld]),
        (Filter { execution: Some(Execution::Missed), ..Filter::default() }, vec![]),
    ] {
        assert_eq!(listed(&lab, &filter).await, only(&ids), "{filter:?}");
    }
});

each_db!(a_regression_is_seen_at_the_gate_and_what_was_never_fixed_is_not_read_for_it, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let silent = || Trial { gap: "300..600 s", ..Trial::default() };
    let first = lab.run(experiment, silent()).await;
    let open = lab.finding(first, "never fixed", GAP, "").await.id;
    let finding = lab.finding(first, "alerts stop", GAP, "").await.id;
    let regressions = async || {
        let draft = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
        let run = runs::acts::plan(&lab.ana, &draft).await.unwrap().id;
        let shown = runs::acts::show(&lab.ana, run).await.unwrap();
        let line = shown.gate.unwrap().lines.into_iter().find(|line| line.check == Check::Regressions).unwrap();
        (line.answer, line.says)
    };
    assert_eq!(regressions().await.0, Gate::Go);
    let fix = lab.fix(finding, "quicker election").await.id;
    lab.deploy(fix, "production").await;
    lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await;
    assert_eq!(regressions().await.0, Gate::Go);
    lab.run(experiment, Trial { answers: vec![(fix, finding, "failed")], ..silent() }).await;
    let (answer, says) = regressions().await;
    assert!(answer == Gate::Ask && says.contains(&finding.to_string()), "{says}");
    // Whoever read its trail would stumble.
    book.execute(&format!(
        "insert into events (at, recorded_at, via, kind, object, act, body)
         values (1, 1, 'form', 'finding', '{open}', 'written', '{{')"
    )).await;
    assert_eq!(regressions().await, (answer, says));
});

type Around = (Option<RunId>, Option<(RunId, Option<Moment>)>);

/// When each finding was seen last and is tried next, newest finding first.
async fn around(lab: &Lab<'_>) -> Vec<Around> {
    let (rows, _) = retrials::acts::findings(&lab.ana, &findings::acts::Filter::default()).await.unwrap();
    rows.into_iter().map(|row| (row.last_seen, row.next)).collect()
}

each_db!(findings_say_which_run_showed_them_last_and_which_one_is_next, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let first = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let found = lab.finding(first, "nodes talk only to the first instance", CLIENTS, "zk-1").await.id;
    let alone = findings::drafts::Draft {
        title: "Nobody knows the runbook".into(),
        severity: "low".into(),
        kind: "documentation".into(),
        environment: "staging".into(),
        condition: "any".into(),
        ..findings::drafts::Draft::default()
    };
    findings::acts::write(&lab.ana, &alone).await.unwrap();
    assert_eq!(around(&lab).await, [(None, None), (Some(first), None)]);

    let again = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    for of in [again, first, again] {
        let noted = JudgeDraft { of: of.to_string(), ..JudgeDraft::default() };
        findings::acts::see_again(&lab.ana, found, &noted).await.unwrap();
    }
    let draft = |planned_at: &str| PlanDraft {
        experiment: experiment.to_string(),
        planned_at: planned_at.into(),
        ..PlanDraft::default()
    };
    let some_day = runs::acts::plan(&lab.ana, &draft("")).await.unwrap();
    assert_eq!(around(&lab).await, [(None, None), (Some(again), Some((some_day.id, some_day.planned_at)))]);
    let late = runs::acts::plan(&lab.ana, &draft("2026-12-01T10:00:00Z")).await.unwrap();
    assert_eq!(around(&lab).await[1].1, Some((late.id, late.planned_at)), "one with a time comes first");
    let soon = runs::acts::plan(&lab.ana, &draft("2026-11-20T10:00:00Z")).await.unwrap();
    let next = around(&lab).await[1].1;
    assert_eq!(next, Some((soon.id, Moment::parse("2026-11-20T10:00:00Z"))));
    let elsewhere = lab.approved(&restart_one_zookeeper()).await;
    let other = PlanDraft { experiment: elsewhere.to_string(), ..draft("2026-11-10T10:00:00Z") };
    runs::acts::plan(&lab.ana, &other).await.unwrap();
    assert_eq!(around(&lab).await[1].1, next, "another experiment tries something else");
});

each_db!(runs_are_counted_by_the_week_in_which_they_began, book => {
    let lab = Lab::open(book).await;
    let one = lab.approved(&restart_one_zookeeper()).await;
    let other = lab.approved(&restart_one_zookeeper()).await;
    for experiment in [one, one, other] {
        lab.run(experiment, Trial::default()).await;
    }
    runs::acts::plan(&lab.ana, &PlanDraft { experiment: one.to_string(), ..PlanDraft::default() }).await.unwrap();
    book.clock.pass_ms(7 * 86_400_000);
    lab.run(other, Trial::default()).await;
    let of_one = Filter { experiment: Some(one), ..Filter::default() };
    let aborted = Filter { execution: Some(Execution::Aborted), ..Filter::default() };
    for (filter, counts) in [(Filter::default(), [0, 3, 1]), (of_one, [0, 2, 0]), (aborted, [0, 0, 0])] {
        let weeks = runs::acts::by_week(&lab.ana, &filter, 3).await.unwrap();
        assert_eq!(weeks.iter().map(|week| week.runs).collect::<Vec<_>>(), counts, "{filter:?}");
        let mondays: Vec<String> = weeks.iter().map(|week| week.monday.to_string()).collect();
        assert_eq!(mondays, ["2026-10-26", "2026-11-02", "2026-11-09"]);
    }
});
