//! What was seen before, while a plan or a finding is being written.

use std::collections::BTreeSet;

use notebook::{
    actor::Role,
    events::acts::{About, Filter, list},
    experiments::Stage,
    findings::{Status, drafts::JudgeDraft},
    retrials::seen::Writing,
    runs::{self, drafts::ObservationDraft},
    samples,
    search::{
        aside::{AsideDraft, put_aside, take_back},
        seen_before::{SeenBefore, seen_before, slugs},
    },
    services::{self, ServiceDraft},
    text::Slug,
};

use crate::lab::{GAP, Lab, Trial, refused, restart_one_zookeeper};

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
    let seen = seen_before(&lab.ana, &planned, None).await.unwrap();
    let all = BTreeSet::from(["FND-1", "FND-2", "FND-3"].map(String::from));
    assert_eq!(BTreeSet::from_iter(findings(&seen)), all);
    assert_eq!(findings(&seen)[0], "FND-1", "it speaks of a restart, too");
    let first = &seen.findings[0];
    assert_eq!((first.status, first.alike.fault.as_ref().map(Slug::as_str)), (Status::Open, Some("process-restart")));
    assert!(first.alike.services.is_empty() && first.alike.words.contains("restart"), "{:?}", first.alike);
    assert_eq!(experiments(&seen), ["EXP-1"]);
    assert_eq!(seen.experiments[0].stage, Stage::Ready);
    assert_eq!(experiments(&seen_before(&lab.ana, &planned, Some(experiment)).await.unwrap()), [""; 0], "not itself");
    let worded = seen_before(&lab.ana, &writing("", "", "Will alerts stop after it?"), None).await.unwrap();
    assert_eq!((findings(&worded), experiments(&worded)), (vec!["FND-1".into()], Vec::new()), "words alone find it, too");
});

each_db!(what_was_written_down_during_a_run_is_seen_by_its_words, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.start(experiment, "zk-1").await;
    for text in ["Alerts pause for minutes", "Nothing else moved"] {
        let draft = ObservationDraft { text: text.into(), ..ObservationDraft::default() };
        runs::acts::observe(&lab.ana, run, &draft).await.unwrap();
    }
    let seen = async |services, fault, words| {
        let seen = seen_before(&lab.ana, &writing(services, fault, words), None).await.unwrap();
        seen.observations.into_iter().map(|one| (one.run, one.number, one.text)).collect::<Vec<_>>()
    };
    let noted = (run, 1, "Alerts pause for minutes".to_owned());
    for (services, fault, words, alike) in [
        ("kafka", "process-restart", "How many minutes?", "with the same fault"),
        ("zookeeper", "", "How many minutes?", "on the same service"),
        ("", "", "Do alerts pause for minutes?", "in the same words"),
    ] {
        assert_eq!(seen(services, fault, words).await, std::slice::from_ref(&noted), "{alike}");
    }
    assert!(seen("kafka", "disk-full", "How many minutes?").await.is_empty(), "one word alone says nothing");
});

each_db!(what_is_the_same_or_no_finding_is_not_shown_and_nothing_is_like_nothing, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial { gap: "300..600 s", gap_claimed: "failing", ..Trial::default() }).await;
    let first = lab.finding(run, "alerts stop", GAP, "").await;
    let second = lab.finding(run, "alerts stop for minutes", GAP, "").await;
    let same = JudgeDraft { of: first.id.to_string(), ..JudgeDraft::default() };
    notebook::findings::acts::mark_duplicate(&lab.ben, second.id, &same).await.unwrap();
    let seen = seen_before(&lab.ana, &writing("zookeeper", "", ""), None).await.unwrap();
    assert_eq!((findings(&seen), experiments(&seen)), (vec!["FND-1".into()], vec!["EXP-1".into()]));
    for other in [writing("", "", ""), writing("config-management", "disk-full", "What happens?")] {
        assert!(seen_before(&lab.ana, &other, None).await.unwrap().is_empty(), "{other:?}");
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
    let seen = seen_before(&lab.ana, &like, None).await.unwrap();
    assert_eq!((seen.is_empty(), seen.aside), (true, 2));
    let others = seen_before(&lab.ben, &like, None).await.unwrap();
    assert_eq!((findings(&others).len(), others.aside), (1, 0), "it is one person's own");
    for nothing in ["SLO-1", "RUN-1", "", "FND-1 EXP-1"] {
        assert_eq!(refused(put_aside(&lab.ana, &aside(nothing)).await).code(), "missing", "{nothing:?}");
    }
    take_back(&lab.ana).await.unwrap();
    take_back(&lab.ana).await.unwrap();
    let seen = seen_before(&lab.ana, &like, None).await.unwrap();
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
    assert!(seen_before(&lab.ana, &writing("zookeeper", "process-restart", ""), None).await.unwrap().is_empty());
    let seen = seen_before(&lab.ana, &writing("demo-zookeeper", "process-restart", ""), None).await.unwrap();
    assert!(!seen.findings.is_empty() && seen.findings.iter().all(|finding| finding.id.is_sample()), "{seen:?}");
    let planned = seen_before(&lab.ana, &writing("demo-kafka", "process-restart", "Restart one broker"), None).await;
    let found = findings(&planned.unwrap());
    for id in ["DEMO-FND-1", "DEMO-FND-2", "DEMO-FND-3"] {
        assert!(found.iter().any(|found| found == id), "S-D8: {id} in {found:?}");
    }
});
