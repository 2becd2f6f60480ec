//! An experiment over many runs: what they prove, what they hit, how they differ, and what is remembered of them.

use std::{collections::BTreeSet, time::Duration};

use notebook::{
    decisions::{self, DecisionStanding},
    desk::{Desk, Notebook},
    experiments::Draft,
    findings::{self, Status},
    fixes::{Standing, standing::StaleReason},
    id::{DecisionId, ExperimentId, FindingId, FixId, RunId},
    limits::REMEMBERED_RUNS_FROM,
    retrials::{
        self,
        acts::{Node, Overview},
        claims::{ClaimStanding, Coverage, Level},
        compare::Aspect,
    },
    runs::{self, drafts::RulingDraft},
    services::{self, ChangeDraft, TargetRow, TargetsDraft},
};

use crate::lab::{CLIENTS, Lab, Trial, refused, restart_one_zookeeper};

async fn overview(lab: &Lab<'_>, experiment: ExperimentId) -> Overview {
    retrials::acts::overview(&lab.ana, experiment).await.unwrap()
}

async fn words(lab: &Lab<'_>, experiment: ExperimentId) -> (ClaimStanding, String) {
    let claim = overview(lab, experiment).await.claim.unwrap();
    (claim.answer.is, claim.confidence.words())
}

async fn push(lab: &Lab<'_>, summary: &str) {
    push_on(lab, "zookeeper", summary).await;
}

async fn push_on(lab: &Lab<'_>, service: &str, summary: &str) {
    lab.later();
    let draft = ChangeDraft {
        kind: "configuration_push".into(),
        summary: summary.into(),
        environment: "production".into(),
        services: vec![service.into()],
        ..ChangeDraft::default()
    };
    services::acts::record_change(&lab.ana, &draft).await.unwrap();
}

each_db!(s_d3_ten_passes_then_fifty_two_then_a_failure_to_the_digit, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    assert_eq!(words(&lab, experiment).await, (ClaimStanding::Untested, "no evidence".to_owned()));
    for _ in 0..10 {
        lab.run(experiment, Trial::default()).await;
    }
    let of_ten = "10 of 10 passed; if runs are independent and alike, at most 26 % fail";
    assert_eq!(words(&lab, experiment).await, (ClaimStanding::Current, of_ten.to_owned()));
    for _ in 10..52 {
        lab.run(experiment, Trial::default()).await;
    }
    let of_many = "52 of 52 passed; if runs are independent and alike, at most 5.6 % fail";
    assert_eq!(words(&lab, experiment).await, (ClaimStanding::Current, of_many.to_owned()));
    let failed = lab.run(experiment, Trial { gap: "300 s", gap_claimed: "failing", ..Trial::default() }).await;
    let shown = overview(&lab, experiment).await;
    let claim = shown.claim.unwrap();
    assert_eq!(claim.answer.is, ClaimStanding::Regressed);
    assert_eq!(claim.confidence.words(), "52 of 53 passed; if runs are independent and alike, at most 8.6 % fail");
    assert_eq!((claim.confidence.passed.len(), claim.confidence.failed), (52, vec![failed]));
    assert_eq!(claim.confidence.level, Level::Repeated);
    assert_eq!((shown.runs.len(), shown.runs_all), (25, 53));
    let boxes: Vec<&Node> = shown.chain.nodes.iter().map(|node| &node.node).collect();
    assert!(matches!(boxes[..], [Node::Series { runs: 52, upheld: 52, .. }, Node::Run { id, .. }] if *id == failed), "{boxes:?}");
});

each_db!(only_runs_after_the_newest_fix_or_change_count_and_the_others_are_said, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let first = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(first, "nodes talk only to the first instance", CLIENTS, "zk-1").await;
    assert_eq!(words(&lab, experiment).await.0, ClaimStanding::Refuted);
    let fix = lab.fix(finding.id, "complete the address list").await;
    lab.deploy(fix.id, "production").await;
    assert_eq!(words(&lab, experiment).await, (ClaimStanding::Untested, "no evidence".to_owned()));
    let held = vec![(fix.id, finding.id, "held")];
    let rerun = lab.run(experiment, Trial { answers: held.clone(), ..Trial::default() }).await;
    let claim = overview(&lab, experiment).await.claim.unwrap();
    assert_eq!((claim.answer.is, claim.confidence.passed, claim.confidence.before), (ClaimStanding::Current, vec![rerun], 1));
    push(&lab, "base role").await;
    let claim = overview(&lab, experiment).await.claim.unwrap();
    assert_eq!((claim.answer.is, claim.confidence.runs(), claim.confidence.before), (ClaimStanding::Stale, 0, 2));
    let again = lab.run(experiment, Trial { answers: held, ..Trial::default() }).await;
    assert_eq!(overview(&lab, experiment).await.claim.unwrap().confidence.passed, [again]);
    book.clock.pass_ms(31 * 86_400_000);
    assert_eq!(words(&lab, experiment).await.0, ClaimStanding::Stale, "by age");
});

each_db!(a_change_on_what_the_plan_no_longer_covers_makes_nothing_stale, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    lab.revise(experiment, |draft| draft.services = vec!["zookeeper".into()]).await;
    let narrowed = lab.run(experiment, Trial::default()).await;
    push_on(&lab, "alerting", "alert rules").await;
    let claim = overview(&lab, experiment).await.claim.unwrap();
    assert_eq!((claim.answer.is, claim.confidence.passed), (ClaimStanding::Current, vec![narrowed]));
    let next = lab.run(experiment, Trial::default()).await;
    let shown = overview(&lab, experiment).await;
    assert_eq!((shown.runs[0].run.id, &shown.runs[0].changes[..]), (next, &[][..]), "as the comparison says");
    assert!(!shown.chain.nodes.iter().any(|node| matches!(node.node, Node::Changes { .. })), "{:?}", shown.chain);
    push(&lab, "base role").await;
    assert_eq!(words(&lab, experiment).await.0, ClaimStanding::Stale);
});

each_db!(of_many_changes_the_newest_stand_beside_a_run_and_all_are_counted, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let one = lab.run(experiment, Trial::default()).await;
    for number in 1..=23 {
        push(&lab, &format!("push {number}")).await;
    }
    let two = lab.run(experiment, Trial::default()).await;
    let row = overview(&lab, experiment).await.runs.swap_remove(0);
    assert_eq!((row.run.id, row.changes.len(), row.changes_all), (two, 20, 23));
    assert_eq!(row.changes[19].summary.as_str(), "push 23");
    let compared = retrials::acts::compare_runs(&lab.ana, &BTreeSet::from([one, two]), false).await.unwrap();
    assert_eq!((&compared.between[0].changes, compared.between[0].changes_all), (&row.changes, 23));
});

each_db!(s_r12_a_push_or_thirty_days_make_a_fix_stale_staging_changes_nothing_and_production_regresses, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let origin = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(origin, "nodes talk only to the first instance", CLIENTS, "zk-1").await.id;
    let fix = lab.fix(finding, "complete the address list").await.id;
    lab.deploy(fix, "production").await;
    let answered = |exercised| Trial { answers: vec![(fix, finding, exercised)], ..Trial::default() };
    lab.run(experiment, answered("held")).await;
    book.clock.pass_ms(10 * 86_400_000);
    assert_eq!(lab.standing(fix).await, Standing::Verified);
    push(&lab, "base role").await;
    assert_eq!(stale(&lab, fix).await, Some(StaleReason::Change), "at once");

    let rerun = lab.run(experiment, answered("held")).await;
    assert_eq!(lab.standing(fix).await, Standing::Verified);
    let elsewhere = Draft { environment: "staging".into(), ..restart_one_zookeeper() };
    let staging = lab.approved(&elsewhere).await;
    lab.run(staging, Trial { clients: "failed", ..Trial::default() }).await;
    assert_eq!((lab.standing(fix).await, lab.status(finding).await), (Standing::Verified, Status::Verified));

    let ended = runs::acts::show(&lab.ana, rerun).await.unwrap().facts.ended.unwrap();
    book.clock.set(ended.plus_days(30));
    assert_eq!(lab.standing(fix).await, Standing::Verified, "thirty days are still fresh");
    book.clock.set(ended.plus_days(30).plus_micros(1));
    assert_eq!(stale(&lab, fix).await, Some(StaleReason::Age));

    lab.run(experiment, answered("held")).await;
    lab.run(experiment, Trial { clients: "failed", ..answered("failed") }).await;
    assert_eq!((lab.standing(fix).await, lab.status(finding).await), (Standing::Regressed, Status::Regressed));
    let shown = overview(&lab, experiment).await;
    assert_eq!((shown.findings[0].1, shown.fixes[0].1), (Status::Regressed, Standing::Regressed));
});

async fn stale(lab: &Lab<'_>, fix: FixId) -> Option<StaleReason> {
    let shown = retrials::acts::show_fix(&lab.ana, fix).await.unwrap();
    assert_eq!(shown.headline, Standing::Stale);
    shown.pairs[0].judged.stale_reason
}

each_db!(the_line_of_descent_shows_plans_changes_findings_and_fixes_in_their_order, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let first = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(first, "nodes talk only to the first instance", CLIENTS, "zk-1").await;
    let fix = lab.fix(finding.id, "complete the address list").await;
    lab.deploy(fix.id, "production").await;
    push(&lab, "base role").await;
    lab.revise(experiment, |draft| draft.checks[0].threshold = "30".into()).await;
    let rerun = lab.run(experiment, Trial { gap: "20 s", answers: vec![(fix.id, finding.id, "held")], ..Trial::default() }).await;
    let chain = overview(&lab, experiment).await.chain;
    let ids: Vec<String> = chain.nodes.iter().map(|node| node.node.id()).collect();
    let expected = [
        format!("{experiment}@1"),
        first.to_string(),
        finding.id.to_string(),
        fix.id.to_string(),
        ids[4].clone(),
        format!("{experiment}@2"),
        rerun.to_string(),
    ];
    assert_eq!(ids, expected);
    assert!(matches!(chain.nodes[4].node, Node::Changes { count: 1, .. }), "{chain:?}");
    assert!(chain.links.iter().any(|link| link.verifies && (link.from, link.to) == (6, 3)), "{chain:?}");
});

each_db!(targets_are_covered_over_all_runs_and_what_was_never_hit_stands_first, book => {
    let lab = Lab::open(book).await;
    let row = |name: &str| TargetRow { name: name.into(), environment: "production".into(), ..TargetRow::default() };
    let listed = TargetsDraft { rows: ["zk-1", "zk-2", "zk-3"].map(row).to_vec(), version: "1".into() };
    services::acts::set_targets(&lab.ana, "zookeeper", &listed).await.unwrap();
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let one = lab.run(experiment, Trial::default()).await;
    let two = lab.run(experiment, Trial { target: "zk-2", gap: "300 s", gap_claimed: "failing", ..Trial::default() }).await;
    let shown = overview(&lab, experiment).await;
    let said: Vec<(&str, &[RunId], usize)> =
        shown.targets.iter().map(|line| (line.name.as_str(), &line.runs[..], line.upheld)).collect();
    assert_eq!(said, [("zk-3", &[][..], 0), ("zk-1", &[one][..], 1), ("zk-2", &[two][..], 0)]);
    assert_eq!(shown.claim.unwrap().confidence.coverage, Some(Coverage { hit: 1, eligible: 3 }));
});

each_db!(runs_side_by_side_say_only_what_differs_until_all_is_asked_for, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let one = lab.run(experiment, Trial::default()).await;
    push(&lab, "base role").await;
    let two = lab.run(experiment, Trial { target: "zk-2", gap: "300 s", gap_claimed: "failing", ..Trial::default() }).await;
    let ids = BTreeSet::from([two, one]);
    let compared = retrials::acts::compare_runs(&lab.ana, &ids, false).await.unwrap();
    assert_eq!(compared.runs.iter().map(|column| column.run.id).collect::<Vec<_>>(), [one, two]);
    assert!(compared.runs[1].to_first.as_ref().unwrap().fields.is_empty());
    let keys: Vec<&str> = compared.lines.iter().map(|line| line.key.as_str()).collect();
    for key in ["verdict", "targets.chosen", "alert-gap|during|max"] {
        assert!(keys.contains(&key), "{key} in {keys:?}");
    }
    assert!(compared.lines.iter().all(|line| line.aspect != Aspect::Identity), "{keys:?}");
    let between: Vec<&str> = compared.between[0].changes.iter().map(|change| change.summary.as_str()).collect();
    assert_eq!((compared.between[0].from, compared.between[0].to, &between[..]), (one, two, &["base role"][..]));
    let whole = retrials::acts::compare_runs(&lab.ana, &ids, true).await.unwrap();
    assert!(whole.lines.iter().any(|line| line.aspect == Aspect::Identity));
    for few in [BTreeSet::new(), BTreeSet::from([one])] {
        let refusal = refused(retrials::acts::compare_runs(&lab.ana, &few, false).await);
        assert_eq!(refusal.troubles()[0].field, "ids");
    }
    let run = runs::acts::show(&lab.ana, two).await.unwrap().run;
    assert_eq!(retrials::acts::since_before(&lab.ana, &run).await.unwrap(), Some(compared.between[0].clone()));
});

each_db!(what_is_remembered_is_what_another_server_works_out, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let other = lab.approved(&restart_one_zookeeper()).await;
    for step in 0..6 {
        match step {
            0 | 3 => {
                lab.run(experiment, Trial::default()).await;
            }
            1 | 4 => {
                lab.run(other, Trial { gap: "300 s", gap_claimed: "failing", ..Trial::default() }).await;
            }
            2 => push(&lab, "base role").await,
            _ => book.clock.pass_ms(31 * 86_400_000),
        }
        let elsewhere = Notebook::new(book.notebook.db.clone(), book.clock.clone());
        let elsewhere = elsewhere.desk(lab.ana.actor.clone(), lab.ana.via);
        for experiment in [experiment, other] {
            let there = retrials::acts::overview(&elsewhere, experiment).await.unwrap();
            let here = overview(&lab, experiment).await;
            assert_eq!((here.claim, here.chain, here.runs_all), (there.claim, there.chain, there.runs_all), "{step}");
        }
    }
});

async fn rule(lab: &Lab<'_>, run: RunId, ruling: &str) {
    let draft =
        RulingDraft { ruling: ruling.into(), reason: "what the log of that day says".into(), number: String::new() };
    runs::acts::rule_validity(&lab.ben, run, &draft).await.unwrap();
}

each_db!(what_each_of_many_runs_amounts_to_is_remembered_until_a_line_is_about_it, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let mut runs = Vec::new();
    for _ in 0..=REMEMBERED_RUNS_FROM {
        runs.push(lab.run(experiment, Trial::default()).await);
    }
    assert_eq!(overview(&lab, experiment).await.runs.len(), runs.len());
    for step in 0..3 {
        match step {
            // A run of the middle is ruled out, and ruled in again.
            0 => rule(&lab, runs[3], "invalid").await,
            1 => drop(lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await),
            _ => rule(&lab, runs[3], "valid").await,
        }
        let elsewhere = Notebook::new(book.notebook.db.clone(), book.clock.clone());
        let there = retrials::acts::overview(&elsewhere.desk(lab.ana.actor.clone(), lab.ana.via), experiment).await.unwrap();
        let here = overview(&lab, experiment).await;
        let words = |overview: &Overview| serde_json::to_value(&overview.runs).unwrap();
        assert_eq!(words(&here), words(&there), "{step}");
        assert_eq!((here.claim, here.chain, here.runs_all), (there.claim, there.chain, there.runs_all), "{step}");
    }
});

each_db!(only_a_view_for_reading_lets_something_be_remembered, book => {
    let db = &book.notebook.db;
    assert!(db.begin_read().await.unwrap().only_reads() && db.begin_glance().await.unwrap().only_reads());
    assert!(db.begin_bounded(Duration::from_secs(1)).await.unwrap().only_reads());
    assert!(!db.begin_write().await.unwrap().only_reads(), "it may roll back, and its numbers come again");
    assert!(!db.begin_unsynced().await.unwrap().only_reads());
});

each_db!(findings_and_decisions_are_listed_as_another_server_works_them_out, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let first = lab.run(experiment, Trial { clients: "failed", ..Trial::default() }).await;
    let finding = lab.finding(first, "nodes talk only to the first instance", CLIENTS, "zk-1").await.id;
    let fix = lab.fix(finding, "complete the address list").await.id;
    let mut seen = Vec::new();
    for step in 0..5 {
        match step {
            0 => {}
            1 => lab.deploy(fix, "production").await,
            2 => drop(lab.run(experiment, Trial { answers: vec![(fix, finding, "held")], ..Trial::default() }).await),
            3 => push(&lab, "base role").await,
            _ => drop(lab.run(experiment, Trial { clients: "failed", answers: vec![(fix, finding, "failed")], ..Trial::default() }).await),
        }
        let elsewhere = Notebook::new(book.notebook.db.clone(), book.clock.clone());
        let elsewhere = elsewhere.desk(lab.ana.actor.clone(), lab.ana.via);
        let (here, there) = (listed(&lab.ana).await, listed(&elsewhere).await);
        assert_eq!(here, there, "{step}");
        seen.push(here.0[0].1);
    }
    let expected = [Status::FixProposed, Status::FixDeployed, Status::Verified, Status::Stale, Status::Regressed];
    assert_eq!(seen, expected);
});

type Listed = (Vec<(FindingId, Status, Vec<(FixId, Standing)>)>, Vec<(DecisionId, DecisionStanding)>);

async fn listed(desk: &Desk) -> Listed {
    let (findings, _) = retrials::acts::findings(desk, &findings::acts::Filter::default()).await.unwrap();
    let (decisions, _) = retrials::acts::decisions(desk, &decisions::acts::Filter::default()).await.unwrap();
    let findings = findings.into_iter().map(|row| (row.finding.id, row.status, row.fixes)).collect();
    (findings, decisions.into_iter().map(|row| (row.decision.id, row.standing)).collect())
}
