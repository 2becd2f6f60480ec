//! What is the sample is not carried, but for what people wrote on it.

use notebook::{
    actor::Role,
    carry::{self, Course},
    imports::acts::{TakeDraft, take_journal},
    samples,
    services::{self, ServiceDraft},
};

use super::{damaged, into, journal, live, out, out_with, quiet, same, sql, try_into};
use crate::{each_db::Book, lab::refused};

/// One row of the sample in each place where one can be.
const SAMPLE: &[&str] = &[
    "insert into people (id, email, name, role, can_revert, zone, theme, password_hash, disabled_at, created_at, version)
        values (900000001, 'sample@example.org', 'Sam', 'admin', true, 'UTC', 'system', null, null, 1, 1)",
    "insert into services (slug, name, owner, description, stateful, single_point, created_at, version)
        values ('demo-kafka', 'Kafka', null, null, true, false, 1, 1)",
    "insert into teams (slug, name, zone, week, holidays, solo, created_at, version)
        values ('demo-data-platform', 'data-platform', 'UTC', '{}', '{}', false, 1, 1)",
    "insert into experiments (id, title, stage, owner, revision, approved, created_at, updated_at, version)
        values (900000001, 'Sample', 'draft', 900000001, 1, null, 1, 1, 1)",
    "insert into experiment_services (experiment, service) values (900000001, 'demo-kafka')",
    "insert into counters (kind, last) values ('demo experiment', 1)",
    "insert into imports (id, tool, key, run, experiment, proposal, document, person, received_at)
        values (77, 'chaostoolkit', 'sample', null, 900000001, '{}', '{}', null, 1)",
    "insert into events (at, recorded_at, person, via, kind, object, act, body) values
        (1, 1, null, 'form', 'import', '77', 'taken', '[]'),
        (1, 1, null, 'form', 'experiment', 'DEMO-EXP-1', 'created', '{}'),
        (1, 1, null, 'form', 'service', 'demo-kafka', 'added', '{}'),
        (1, 1, null, 'form', 'team', 'demo-data-platform', 'added', '{}'),
        (1, 1, null, 'form', 'change', '900000001', 'recorded', '{}'),
        (1, 1, 900000001, 'form', 'service', 'zookeeper', 'edited', '{}')",
];

each_db!(the_sample_is_not_carried_and_stands_in_nobodys_way, book => {
    live(book).await;
    let before = out_with(book, true).await;
    for statement in SAMPLE {
        sql(book, statement).await;
    }
    same(&out_with(book, true).await, &before);
    assert_eq!(into(book, &before).await.course, Course::Same);
    // A service of a team's own, whatever its name begins with.
    let draft = ServiceDraft { name: "demo-shop".into(), ..ServiceDraft::default() };
    services::acts::add(&book.system(), &draft).await.unwrap();
    assert!(String::from_utf8_lossy(&out(book).await).contains("demo-shop"));
    let over = Book::sqlite().await;
    into(&over, &out(book).await).await;
    same(&out(&over).await, &out(book).await);
});

each_db!(the_whole_sample_stays_with_what_people_wrote_on_it, book => {
    live(book).await;
    let before = out_with(book, true).await;
    let root = book.desk_of("root@example.org").await;
    samples::acts::write(&root).await.unwrap();
    let draft = TakeDraft { experiment: "DEMO-EXP-1".into(), targets: "zk-1".into(), ..TakeDraft::default() };
    take_journal(&root, &journal("deviated"), &draft).await.unwrap();
    let with = out_with(book, true).await;
    let (with, before) = (damaged::members(&with), damaged::members(&before));
    for ((name, with), (_, before)) in with.iter().zip(&before).skip(1) {
        let more: Vec<&str> = with.lines().filter(|line| !before.contains(line)).collect();
        match name.as_str() {
            // That somebody had the sample written is history; its document took a number from everybody's count.
            "events.jsonl" => assert!(more.len() == 1 && more[0].contains(r#""object":"sample","act":"written""#), "{more:?}"),
            "counters.jsonl" => assert_eq!(more, [r#"{"kind":"import","last":3}"#]),
            _ => assert!(with == before, "{name}: {more:?}"),
        }
    }
    let checks = carry::verify(&root, &mut quiet()).await.unwrap();
    assert!(checks.iter().all(carry::Check::is_clean), "{checks:?}");
});

each_db!(the_whole_sample_stays_behind_and_what_only_sounds_like_it_does_not, book => {
    live(book).await;
    let admin = book.person("Vera", Role::Admin).await;
    let shop = ServiceDraft { name: "demo-shop".into(), ..ServiceDraft::default() };
    services::acts::add(&admin, &shop).await.unwrap();
    samples::acts::write(&admin).await.unwrap();
    let tried = TakeDraft { experiment: "DEMO-EXP-1".into(), targets: "zk-1".into(), ..TakeDraft::default() };
    let run = take_journal(&admin, &journal("deviated"), &tried).await.unwrap().import.run.unwrap();
    assert!(run.is_sample(), "{run}");
    let plan = br#"{"title": "Stop another", "description": "What happens if another stops?", "method": []}"#;
    let on_sample = TakeDraft { services: vec!["demo-query".into()], ..TakeDraft::default() };
    notebook::imports::plans::take(&admin, plan, &on_sample, false).await.unwrap();

    let over = Book::sqlite().await;
    into(&over, &out(book).await).await;
    let there = over.person("Wanda", Role::Admin).await;
    let (known, _) = services::acts::list(&there, &services::acts::Filter::default()).await.unwrap();
    let known: Vec<String> = known.iter().map(|row| row.service.slug.to_string()).collect();
    assert!(known.contains(&"demo-shop".to_owned()) && !known.contains(&"demo-kafka".to_owned()), "{known:?}");
    let shown = services::acts::show(&there, "demo-shop").await.unwrap();
    assert_eq!(shown.history.len(), 1, "with its line");
    assert_eq!(samples::acts::write(&there).await.unwrap().runs, 16, "the sample counts from one there");
    samples::acts::remove(&admin).await.unwrap();
});

each_db!(a_file_does_not_go_where_the_sample_is, book => {
    let from = Book::sqlite().await;
    live(&from).await;
    for statement in SAMPLE {
        sql(book, statement).await;
    }
    let refusal = refused(try_into(book, &out(&from).await).await);
    assert!(refusal.to_string().contains("retrial demo --remove"), "{refusal}");
});
