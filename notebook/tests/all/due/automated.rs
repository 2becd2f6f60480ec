//! What the decision to automate signs by itself, and what it leaves to people.

use notebook::{
    actor::{Actor, Via},
    decisions::{self, Decision, DecisionKind},
    desk::Desk,
    experiments,
    fault::Result,
    id::{DecisionId, ExperimentId, RunId},
    notifications::{self, topics::Topic},
    retrials::{self, drafts::CloseDraft, due::DueReason},
    runs::{
        self,
        drafts::{RulingDraft, WordsDraft},
        facts::{Exercised, Verdict},
        trail::RunEvent,
    },
    services::{self, ServiceDraft, TargetRow, TargetsDraft},
};
use serde_json::Value;

use super::{against_automating, beside, claim, decide, queue, tell};
use crate::{
    chaostoolkit::{WELL, exported, ran},
    each_db::Book,
    lab::{Lab, Trial, refused, restart_one_zookeeper},
    notifications::{inbox, spread},
    scenarios::{kafka, noted, restart_one_kafka_node, told},
};

const NODE_BACK: &str = "node-back|after|every";
/// The node does not come back.
const FAILED: [&[&str]; 3] = [&[], &[], &["node-back"]];
const STARTS: [&str; 3] = ["2026-11-03T08:30:00Z", "2026-11-04T08:30:00Z", "2026-11-05T08:30:00Z"];

struct Automated {
    experiment: ExperimentId,
    document: Value,
    decision: DecisionId,
}

/// EXP-3 before its first run, with the document that a tool carries out. There is one node.
async fn carried_out(lab: &Lab<'_>, book: &Book) -> (ExperimentId, Value) {
    kafka(lab, book).await;
    let version = services::acts::show(&lab.ana, "kafka").await.unwrap().service.version.to_string();
    let node = TargetRow { name: "kafka-1".into(), environment: "production".into(), ..TargetRow::default() };
    let targets = TargetsDraft { rows: vec![node], version };
    services::acts::set_targets(&lab.ana, "kafka", &targets).await.unwrap();
    let experiment = lab.approved(&restart_one_kafka_node()).await;
    (experiment, exported(lab, experiment, "").await)
}

/// EXP-3 after three passes and the decision to automate it.
async fn automated(lab: &Lab<'_>, book: &Book) -> Automated {
    let (experiment, document) = carried_out(lab, book).await;
    for start in STARTS {
        told(lab, &document, start).await;
    }
    let decision = decide(&lab.ana, "automate", experiment).await;
    Automated { experiment, document, decision }
}

/// How many runs one look of the clock signs.
async fn sign(desk: Desk) -> usize {
    let unattended = retrials::acts::sign_unattended(&desk).await.unwrap();
    assert!(unattended.troubles.is_empty(), "{:?}", unattended.troubles);
    unattended.signed
}

fn clock(book: &Book) -> Desk {
    book.notebook.desk(Actor::System, Via::System)
}

/// How many lines of a run have this act.
async fn lines(lab: &Lab<'_>, run: RunId, act: &str) -> usize {
    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    shown.history.iter().filter(|line| line.act == act).count()
}

async fn waits(lab: &Lab<'_>, run: RunId) -> bool {
    queue(&lab.ana).await.contains(&(DueReason::VerdictDue, run.to_string()))
}

async fn rule(lab: &Lab<'_>, run: RunId, ruling: &str) {
    let ruled = RulingDraft { ruling: ruling.into(), reason: "by its log".into(), number: String::new() };
    runs::acts::rule_validity(&lab.ben, run, &ruled).await.unwrap();
}

/// A run that ended well and that a person signs and closes by automating the experiment.
async fn closed_by_automating(lab: &Lab<'_>, run: RunId) -> Result<Decision> {
    lab.sign(run).await;
    let draft = CloseDraft { decision: "automate".into(), decision_reason: "It held".into(), ..CloseDraft::default() };
    retrials::acts::close(&lab.ana, run, &draft).await
}

each_db!(to_automate_takes_each_criterion_by_which_it_is_offered, book => {
    let lab = Lab::open(book).await;
    let (experiment, document) = carried_out(&lab, book).await;
    let against = against_automating(&lab.ana, experiment).await;
    assert!(against.contains("0 of 3 valid runs have passed so far. 0 of 1 targets were hit by a pass."), "{against}");
    for (passes, start) in (1..).zip(&STARTS[..2]) {
        told(&lab, &document, start).await;
        let says = format!("{experiment} is not offered to run unattended: {passes} of 3 valid runs have passed so far.");
        assert_eq!(against_automating(&lab.ana, experiment).await, says);
    }
    let filter = decisions::acts::Filter { experiment: Some(experiment), ..Default::default() };
    let (rows, _) = retrials::acts::decisions(&lab.ana, &filter).await.unwrap();
    assert!(rows.iter().all(|row| row.decision.kind == DecisionKind::FixAndRerun), "what closed the two runs");
    told(&lab, &document, STARTS[2]).await;

    let other = lab.approved(&restart_one_zookeeper()).await;
    let both = vec![experiment.to_string(), other.to_string()];
    let draft = |claims| decisions::drafts::Draft { kind: "automate".into(), claims, ..Default::default() };
    let no = beside("kind", &refused(retrials::acts::decide(&lab.ana, &draft(both)).await));
    assert!(no.starts_with(&format!("{other} is not offered")) && !no.contains(&format!("{experiment} ")), "{no}");
    let on_nothing = refused(retrials::acts::decide(&lab.ana, &draft(vec![String::new()])).await);
    assert!(beside("claims", &on_nothing).contains("is empty"), "{on_nothing:?}");
    assert!(retrials::acts::graduated(&lab.ana, experiment).await.unwrap().automation.is_none());
    decide(&lab.ana, "automate", experiment).await;
    assert!(retrials::acts::graduated(&lab.ana, experiment).await.unwrap().automation.unwrap().signs);
});

each_db!(the_run_that_is_closed_by_automating_counts_among_the_three, book => {
    let lab = Lab::open(book).await;
    let (experiment, document) = carried_out(&lab, book).await;
    told(&lab, &document, STARTS[0]).await;
    let second = noted(&lab, ran(&document, WELL), STARTS[1]).await;
    let no = beside("decision", &refused(closed_by_automating(&lab, second).await));
    assert_eq!(no, format!("{experiment} is not offered to run unattended: 2 of 3 valid runs have passed so far."));
    assert_eq!(lines(&lab, second, "closed").await, 0, "nothing of it is written");
    lab.close(second, &[]).await.unwrap();

    let third = noted(&lab, ran(&document, WELL), STARTS[2]).await;
    let decision = closed_by_automating(&lab, third).await.unwrap();
    assert_eq!((decision.kind, decision.run), (DecisionKind::Automate, Some(third)));
    noted(&lab, ran(&document, WELL), "2026-11-10T08:30:00Z").await;
    assert_eq!(sign(clock(book)).await, 1);
});

each_db!(a_criterion_that_time_alone_takes_away_is_missed_at_once, book => {
    let lab = Lab::open(book).await;
    let (experiment, document) = carried_out(&lab, book).await;
    told(&lab, &document, STARTS[0]).await;
    told(&lab, &document, STARTS[1]).await;
    let last = told(&lab, &document, STARTS[2]).await;
    let rehearsed = runs::acts::show(&lab.ana, last).await.unwrap().facts.recovered.unwrap();
    book.clock.set(rehearsed.plus_days(90));
    assert!(retrials::acts::graduated(&lab.ana, experiment).await.unwrap().unattended.offered);
    book.clock.pass_ms(1);
    let against = against_automating(&lab.ana, experiment).await;
    assert!(against.contains("The revert was done 90 days ago"), "{against}");
});

each_db!(what_ran_unattended_and_passed_is_signed_and_closed_once_by_the_decision_to_automate, book => {
    let lab = Lab::open(book).await;
    let Automated { experiment, document, decision } = automated(&lab, book).await;
    spread(book, false).await;
    notifications::acts::done_all(&lab.ana).await.unwrap();
    let run = noted(&lab, ran(&document, WELL), "2026-11-10T08:30:00Z").await;
    assert!(!waits(&lab, run).await, "nobody is asked for what the clock signs");
    assert_eq!((book.by_four(sign).await, sign(clock(book)).await), (1, 0), "whoever looks, and however often");

    let shown = runs::acts::show(&lab.ana, run).await.unwrap();
    assert_eq!((shown.verdict, shown.facts.closed, shown.run.closed_at.is_some()), (Some(Verdict::Upheld), true, true));
    assert_eq!((lines(&lab, run, "signed").await, lines(&lab, run, "closed").await), (1, 1));
    let signed = shown.history.iter().find(|line| line.act == "signed").unwrap();
    assert!(signed.person.is_none(), "no person signed it");
    let RunEvent::Signed { graduation, .. } = signed.read().unwrap() else { panic!("{signed:?}") };
    assert_eq!(graduation, Some(decision));
    let filter = decisions::acts::Filter { run: Some(run), ..Default::default() };
    let (rows, _) = retrials::acts::decisions(&lab.ana, &filter).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.decision.kind).collect::<Vec<_>>(), [DecisionKind::RepeatAsIs]);
    let reason = rows[0].decision.body.reason.as_ref().unwrap().to_string();
    assert!(reason.contains(&decision.to_string()), "{reason}");
    let claim = retrials::acts::overview(&lab.ana, experiment).await.unwrap().claim.unwrap();
    assert_eq!((claim.confidence.passes, claim.confidence.last_pass.unwrap().run), (4, run));
    assert!(queue(&lab.ana).await.is_empty());

    spread(book, false).await;
    let heard = inbox(&lab.ana).await;
    let of_passes = |(topic, _): &&(Topic, String)| matches!(topic, Topic::VerdictSigned | Topic::Decided);
    assert_eq!(heard.iter().filter(of_passes).count(), 0, "a pass that nobody attended is no news: {heard:?}");
});

each_db!(what_signs_itself_is_no_news_to_who_owns_the_service_and_what_fails_is, book => {
    let lab = Lab::open(book).await;
    let Automated { document, .. } = automated(&lab, book).await;
    let present = services::acts::show(&lab.ana, "kafka").await.unwrap().service;
    let owned = ServiceDraft { owner: "Ben".into(), ..ServiceDraft::from_service(&present) };
    services::acts::edit(&lab.ana, "kafka", &owned).await.unwrap();
    while spread(book, false).await > 0 {}
    notifications::acts::done_all(&lab.ben).await.unwrap();
    noted(&lab, ran(&document, WELL), "2026-11-10T08:30:00Z").await;
    spread(book, false).await;
    assert!(inbox(&lab.ben).await.is_empty(), "its verdict is due to nobody");
    assert_eq!(sign(clock(book)).await, 1);
    noted(&lab, ran(&document, WELL), "2026-11-17T08:30:00Z").await;
    assert_eq!(sign(clock(book)).await, 1);
    spread(book, false).await;
    assert!(inbox(&lab.ben).await.is_empty(), "the clock came first");
    noted(&lab, ran(&document, FAILED), "2026-11-24T08:30:00Z").await;
    spread(book, false).await;
    let heard = inbox(&lab.ben).await;
    assert!(heard.contains(&(Topic::RunEnded, "you own kafka".to_owned())), "{heard:?}");
});

each_db!(one_valid_failure_demotes_until_it_is_ruled_invalid, book => {
    let lab = Lab::open(book).await;
    let Automated { experiment, document, .. } = automated(&lab, book).await;
    let signs = async || retrials::acts::graduated(&lab.ana, experiment).await.unwrap().automation.unwrap().signs;
    assert!(signs().await);
    let failed = noted(&lab, ran(&document, FAILED), "2026-11-10T08:30:00Z").await;
    assert!(!signs().await, "it needs no signature to be bad news");
    let passed = noted(&lab, ran(&document, WELL), "2026-11-17T08:30:00Z").await;
    assert_eq!(sign(clock(book)).await, 0);
    assert!(waits(&lab, failed).await && waits(&lab, passed).await);
    rule(&lab, failed, "invalid").await;
    assert!(signs().await, "it never failed");
    assert!(!waits(&lab, passed).await && waits(&lab, failed).await);
    assert_eq!(sign(clock(book)).await, 1);
    assert_eq!((lines(&lab, passed, "signed").await, lines(&lab, failed, "signed").await), (1, 0));
    rule(&lab, failed, "valid").await;
    let next = noted(&lab, ran(&document, WELL), "2026-11-24T08:30:00Z").await;
    assert_eq!(sign(clock(book)).await, 0);
    assert!(waits(&lab, next).await);
    let against = against_automating(&lab.ana, experiment).await;
    assert!(against.contains(&format!("{failed} is one of the last 3 valid runs")), "it takes three anew: {against}");
});

each_db!(a_deviation_waits_for_people_and_what_began_before_the_decision_does_too, book => {
    let lab = Lab::open(book).await;
    let Automated { experiment, document, decision } = automated(&lab, book).await;
    let run = noted(&lab, ran(&document, WELL), "2026-11-10T08:30:00Z").await;
    let otherwise = WordsDraft { text: "restarted twice".into(), ..WordsDraft::default() };
    runs::acts::deviate(&lab.ana, run, &otherwise).await.unwrap();
    assert_eq!(sign(clock(book)).await, 0);
    let due = retrials::acts::due(&lab.ana, None).await.unwrap().due;
    let says = due.into_iter().find(|due| due.of == run.to_string()).unwrap().says;
    assert!(says.contains(&format!("{decision} leaves it to people")), "{says}");
    let context = RulingDraft { ruling: "context".into(), reason: "the same restart".into(), number: "1".into() };
    runs::acts::rule_deviation(&lab.ben, run, &context).await.unwrap();
    assert_eq!(sign(clock(book)).await, 1);

    let open = noted(&lab, ran(&document, WELL), "2026-11-17T08:30:00Z").await;
    decide(&lab.ana, "keep_manual", experiment).await;
    assert_eq!(sign(clock(book)).await, 0, "keeping it manual is an equal answer");
    assert!(waits(&lab, open).await);
    assert!(retrials::acts::graduated(&lab.ana, experiment).await.unwrap().automation.is_none());
    let against = against_automating(&lab.ana, experiment).await;
    assert!(against.contains(&format!("{open} is one of the last 3 valid runs")), "{against}");
    for start in ["2026-11-24T08:30:00Z", "2026-12-01T08:30:00Z", "2026-12-08T08:30:00Z"] {
        told(&lab, &document, start).await;
    }
    decide(&lab.ana, "automate", experiment).await;
    assert_eq!(sign(clock(book)).await, 0, "it began before that");
    assert!(waits(&lab, open).await);
});

each_db!(a_fix_that_it_could_have_exercised_waits_for_people_and_another_is_answered, book => {
    let lab = Lab::open(book).await;
    let Automated { experiment, document, .. } = automated(&lab, book).await;
    let first = retrials::acts::overview(&lab.ana, experiment).await.unwrap().runs[0].run.id;
    let elsewhere = lab.finding(first, "the second node stays away", NODE_BACK, "kafka-2").await.id;
    let fix = lab.fix(elsewhere, "a longer timeout").await.id;
    lab.deploy(fix, "production").await;
    let run = noted(&lab, ran(&document, WELL), "2026-11-10T08:30:00Z").await;
    assert_eq!(sign(clock(book)).await, 1, "stale evidence is what it refreshes");
    let answers = runs::acts::show(&lab.ana, run).await.unwrap().facts.answers;
    assert_eq!(answers.iter().map(|answer| (answer.fix, answer.exercised)).collect::<Vec<_>>(), [(fix, Exercised::Not)]);

    let here = lab.finding(run, "the first node stays away", NODE_BACK, "kafka-1").await.id;
    let fix = lab.fix(here, "another disk").await.id;
    lab.deploy(fix, "production").await;
    let run = noted(&lab, ran(&document, WELL), "2026-11-17T08:30:00Z").await;
    assert_eq!(sign(clock(book)).await, 0);
    assert!(waits(&lab, run).await, "whether it held is for people to say");
});

each_db!(what_is_retired_or_revised_since_is_signed_by_people, book => {
    let lab = Lab::open(book).await;
    let Automated { experiment, document, .. } = automated(&lab, book).await;
    lab.revise(experiment, |draft| (draft.count, draft.at_once) = ("2".into(), "2".into())).await;
    let narrower = noted(&lab, ran(&document, WELL), "2026-11-10T08:30:00Z").await;
    assert_eq!(sign(clock(book)).await, 0, "it ran the plan of before");
    assert!(waits(&lab, narrower).await);
    decide(&lab.ana, "stop", experiment).await;
    assert_eq!(sign(clock(book)).await, 0);
    let shown = experiments::acts::show(&lab.ana, experiment).await.unwrap();
    assert_eq!(shown.experiment.stage, experiments::Stage::Retired);
    tell(book).await;
    assert!(waits(&lab, narrower).await);
    assert_eq!(claim(&lab, experiment).await, retrials::claims::ClaimStanding::Stale);
});

each_db!(only_passes_of_the_approved_plan_speak_for_going_on_unattended, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let have_passed = async || {
        let offered = retrials::acts::graduated(&lab.ana, experiment).await.unwrap().unattended;
        offered.criteria[0].met
    };
    for _ in 0..3 {
        lab.run(experiment, Trial::default()).await;
    }
    assert!(have_passed().await);
    let run = lab.start(experiment, "zk-1").await;
    lab.play(run, &Trial::default()).await;
    let otherwise = WordsDraft { text: "restarted twice".into(), ..WordsDraft::default() };
    runs::acts::deviate(&lab.ana, run, &otherwise).await.unwrap();
    lab.sign(run).await;
    lab.close(run, &[]).await.unwrap();
    assert!(!have_passed().await, "it did something else");
    for _ in 0..3 {
        lab.run(experiment, Trial::default()).await;
    }
    assert!(have_passed().await);
    lab.revise(experiment, |draft| (draft.count, draft.at_once) = ("2".into(), "2".into())).await;
    assert!(!have_passed().await, "two at once were never tried");
});
