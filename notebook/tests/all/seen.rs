//! What was seen before, while a plan or a finding is being written.

use std::collections::BTreeSet;

use notebook::{
    actor::Role,
    events::acts::{About, Filter, list},
    experiments::{
        Stage,
        observed::{self, ObservedDraft},
    },
    findings::{Status, drafts::JudgeDraft},
    gamedays,
    retrials::seen::Writing,
    runs::{self, drafts::ObservationDraft},
    samples,
    search::{
        aside::{AsideDraft, put_aside, take_back},
        seen_before::{Own, SeenBefore, seen_before, slugs},
    },
    services::{self, ServiceDraft},
    text::Slug,
};

use crate::{
    gamedays::{note, quorum_day},
    lab::{GAP, Lab, Trial, refused, restart_one_zookeeper},
};

fn writing(services: &str, fault: &str, words: &str) -> Writing {
    Writing { services: slugs(services.split(',')), fault: Slug::new(fault).ok(), words: words.into() }
}

fn findings(seen: &SeenBefore) -> Vec<String> {
    seen.findings.iter().map(|finding| finding.id.to_string()).collect()
}

fn experiments(seen: &SeenBefore) -> Vec<String> {
    seen.experiments.iter().map(|experiment| experiment.id.to_string()).collect()
}

each_db!(s_d8_whoever_plans_a_kafka_restart_is_shown_what_the_zookeeper_restart_found, book => {
    let lab = Lab::open(book).await;
    let kafka = ServiceDraft { name: "kafka".into(), ..ServiceDraft::default() };
    services::acts::add(&lab.ana, &kafka).await.unwrap();
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", gap_claimed: "failing", ..Trial::default() }).await;
    for title in ["alerts stop after a ZooKeeper restart", "nodes talk only to the first instance", "a broken Chef push"] {
        lab.later();
        lab.finding(run, title, GAP, "").await;
    }
    let planned = writing("kafka", "process-restart", "Restart one Kafka broker");
    let seen = seen_before(&lab.ana, &planned, Own::default()).await.unwrap();
    let all = BTreeSet::from(["FND-1", "FND-2", "FND-3"].map(String::from));
    assert_eq!(BTreeSet::from_iter(findings(&seen)), all);
    assert_eq!(findings(&seen)[0], "FND-1", "it speaks of a restart, too");
    let first = &seen.findings[0];
    assert_eq!((first.status, first.alike.fault.as_ref().map(Slug::as_str)), (Status::Open, Some("process-restart")));
    assert!(first.alike.services.is_empty() && first.alike.words.contains("restart"), "{:?}", first.alike);
    assert_eq!(experiments(&seen), ["EXP-1"]);
    assert_eq!(seen.experiments[0].stage, Stage::Ready);
    let own = Own { experiment: Some(experiment), run: None };
    assert_eq!(experiments(&seen_before(&lab.ana, &planned, own).await.unwrap()), [""; 0], "not itself");
    let worded = seen_before(&lab.ana, &writing("", "", "Will alerts stop after it?"), Own::default()).await.unwrap();
    assert_eq!((findings(&worded), experiments(&worded)), (vec!["FND-1".into()], Vec::new()), "words alone find it, too");
});

fn noted(seen: SeenBefore) -> Vec<(String, String)> {
    seen.observations.into_iter().map(|one| (one.id, one.text)).collect()
}

each_db!(what_was_written_down_during_a_run_is_seen_by_its_services_its_fault_or_its_words, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.start(experiment, "zk-1").await;
    for text in ["Alerts pause for minutes", "Nothing else moved"] {
        let draft = ObservationDraft { text: text.into(), ..ObservationDraft::default() };
        runs::acts::observe(&lab.ana, run, &draft).await.unwrap();
    }
    let seen = async |services, fault, words| {
        noted(seen_before(&lab.ana, &writing(services, fault, words), Own::default()).await.unwrap())
    };
    let pause = (format!("{run}#o1"), "Alerts pause for minutes".to_owned());
    let still = (format!("{run}#o2"), "Nothing else moved".to_owned());
    for (services, fault, words, alike) in [
        ("kafka", "process-restart", "How many minutes?", "with the same fault"),
        ("zookeeper", "", "How many minutes?", "on the same service"),
    ] {
        assert_eq!(seen(services, fault, words).await, [pause.clone(), still.clone()], "{alike}");
    }
    for (services, fault) in [("zookeeper", ""), ("alerting", ""), ("", "process-restart"), ("kafka,zookeeper", "disk-full")] {
        let mut found = seen(services, fault, "").await;
        found.sort();
        assert_eq!(found, [pause.clone(), still.clone()], "without a word: {services} {fault}");
    }
    assert_eq!(seen("", "", "Do alerts pause for minutes?").await, [pause], "in the same words");
    assert!(seen("kafka", "disk-full", "How many minutes?").await.is_empty(), "one word alone says nothing");
    let like = writing("zookeeper", "process-restart", "");
    let before = seen_before(&lab.ana, &like, Own::default()).await.unwrap();
    let alike = &before.observations[0].alike;
    assert_eq!((alike.services.len(), alike.fault.as_ref().map(Slug::as_str)), (1, Some("process-restart")));
    let begun = Own { experiment: None, run: Some(run) };
    assert!(noted(seen_before(&lab.ana, &like, begun).await.unwrap()).is_empty(), "a run's own notes are no news");
});

each_db!(notes_before_a_run_and_on_a_game_day_are_seen_and_stay_about_what_was_tried, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let early = ObservedDraft { text: "Pagers beep at dawn".into(), ..ObservedDraft::default() };
    observed::observe(&lab.ana, experiment, &early).await.unwrap();
    let run = lab.run(experiment, Trial::default()).await;
    let gameday = gamedays::acts::write(&lab.ana, &quorum_day(&[&run.to_string()])).await.unwrap().id;
    gamedays::acts::add_note(&lab.ana, gameday, &note("Nobody was paged")).await.unwrap();
    let seen = async |services, fault, own| {
        let seen = seen_before(&lab.ana, &writing(services, fault, ""), own).await.unwrap();
        let mut texts: Vec<String> = noted(seen).into_iter().map(|(_, text)| text).collect();
        texts.sort();
        texts
    };
    let all = ["Nobody was paged", "Pagers beep at dawn"];
    for (services, fault) in [("zookeeper", ""), ("kafka", "process-restart"), ("alerting", "process-restart")] {
        assert_eq!(seen(services, fault, Own::default()).await, all, "{services} {fault}");
    }
    let own = Own { experiment: Some(experiment), run: None };
    assert_eq!(seen("zookeeper", "", own).await, all[..1], "its own is no news");
    lab.revise(experiment, |draft| {
        draft.services = vec!["config-management".into()];
        draft.fault_kind = "disk-full".into();
    })
    .await;
    assert_eq!(seen("zookeeper", "process-restart", Own::default()).await, all[..1]);
    assert_eq!(seen("config-management", "disk-full", Own::default()).await, all[1..]);

    let before = seen_before(&lab.ana, &writing("config-management,zookeeper", "", ""), Own::default()).await.unwrap();
    for (id, _) in noted(before) {
        put_aside(&lab.ana, &AsideDraft { object: id }).await.unwrap();
    }
    assert!(seen("config-management,zookeeper", "", Own::default()).await.is_empty(), "they are put aside like all others");
});

each_db!(what_is_the_same_or_no_finding_is_not_shown_and_nothing_is_like_nothing, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", gap_claimed: "failing", ..Trial::default() }).await;
    let first = lab.finding(run, "alerts stop", GAP, "").await;
    let second = lab.finding(run, "alerts stop for minutes", GAP, "").await;
    let same = JudgeDraft { of: first.id.to_string(), ..JudgeDraft::default() };
    notebook::findings::acts::mark_duplicate(&lab.ben, second.id, &same).await.unwrap();
    let seen = seen_before(&lab.ana, &writing("zookeeper", "", ""), Own::default()).await.unwrap();
    assert_eq!((findings(&seen), experiments(&seen)), (vec!["FND-1".into()], vec!["EXP-1".into()]));
    for other in [writing("", "", ""), writing("config-management", "disk-full", "What happens?")] {
        assert!(seen_before(&lab.ana, &other, Own::default()).await.unwrap().is_empty(), "{other:?}");
    }
});

each_db!(what_somebody_put_aside_is_not_shown_to_them_until_they_take_it_back, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", gap_claimed: "failing", ..Trial::default() }).await;
    lab.finding(run, "alerts stop", GAP, "").await;
    let like = writing("zookeeper", "", "");
    let aside = |object: &str| AsideDraft { object: object.into() };
    for object in ["FND-1", "fnd-1", "EXP-1", "RUN-1#o4"] {
        put_aside(&lab.ana, &aside(object)).await.unwrap();
    }
    let seen = seen_before(&lab.ana, &like, Own::default()).await.unwrap();
    assert_eq!((seen.is_empty(), seen.aside), (true, 2));
    let others = seen_before(&lab.ben, &like, Own::default()).await.unwrap();
    assert_eq!((findings(&others).len(), others.aside), (1, 0), "it is one person's own");
    for nothing in ["SLO-1", "RUN-1", "", "FND-1 EXP-1"] {
        assert_eq!(refused(put_aside(&lab.ana, &aside(nothing)).await).code(), "missing", "{nothing:?}");
    }
    take_back(&lab.ana).await.unwrap();
    take_back(&lab.ana).await.unwrap();
    let seen = seen_before(&lab.ana, &like, Own::default()).await.unwrap();
    assert_eq!((findings(&seen), experiments(&seen), seen.aside), (vec!["FND-1".into()], vec!["EXP-1".into()], 0));

    let about = About { kind: "person", object: lab.ana.person_id().unwrap().0.to_string() };
    let (lines, _) = list(&lab.ben, &Filter { about: Some(about), ..Filter::default() }).await.unwrap();
    let told: Vec<(&str, &str)> = lines.iter().map(|line| (line.act.as_str(), line.body.as_str())).collect();
    let (put, back) = (("seen before put aside", "{}"), ("seen before taken back", "{}"));
    assert!(told.ends_with(&[put, put, put, back]), "each change has its line, and what it was is nobody else's: {told:?}");
});

each_db!(the_sample_is_seen_only_by_what_is_about_it, book => {
    let lab = Lab::open(book).await;
    samples::acts::write(&book.person("Sam", Role::Admin).await).await.unwrap();
    assert!(seen_before(&lab.ana, &writing("zookeeper", "process-restart", ""), Own::default()).await.unwrap().is_empty());
    let seen = seen_before(&lab.ana, &writing("demo-zookeeper", "process-restart", ""), Own::default()).await.unwrap();
    assert!(!seen.findings.is_empty() && seen.findings.iter().all(|finding| finding.id.is_sample()), "{seen:?}");
    let planned = seen_before(&lab.ana, &writing("demo-kafka", "process-restart", "Restart one broker"), Own::default()).await;
    let found = findings(&planned.unwrap());
    for id in ["DEMO-FND-1", "DEMO-FND-2", "DEMO-FND-3"] {
        assert!(found.iter().any(|found| found == id), "S-D8: {id} in {found:?}");
    }
});
