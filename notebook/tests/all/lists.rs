//! Lists that compute what they show, and what a look at the gate reads for it.

use notebook::{
    gate::{Check, Gate},
    id::RunId,
    runs::{
        self,
        acts::Filter,
        drafts::PlanDraft,
        facts::{Execution, Verdict},
        validity::Validity,
    },
};

use crate::lab::{GAP, Lab, Trial, restart_one_zookeeper};

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
