//! Services, environments, targets and recorded changes.

use std::collections::BTreeSet;

use notebook::{
    actor::Role,
    desk::Desk,
    events::{self, about},
    experiments::plan::ChangeKind,
    fault::Error,
    paging::Rows,
    refusal::Refusal,
    search::{acts::read, lists},
    services::{
        ChangeDraft, EnvironmentClass, EnvironmentDraft, Service, ServiceDraft, TargetRow, TargetsDraft,
        acts::{self, ChangeFilter, Filter},
        irrelevant::{Irrelevant, MarkDraft},
    },
    text::{Note, Slug},
    time::Moment,
};

use crate::each_db::{Book, START};

fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not a refusal: {other:?}"),
    }
}

fn fields(refusal: &Refusal) -> Vec<&str> {
    refusal.troubles().iter().map(|trouble| trouble.field.as_str()).collect()
}

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn named(name: &str) -> ServiceDraft {
    ServiceDraft { name: name.into(), ..ServiceDraft::default() }
}

fn place(name: &str, class: &str) -> EnvironmentDraft {
    EnvironmentDraft { name: name.into(), class: class.into(), ..EnvironmentDraft::default() }
}

fn deploy(summary: &str, services: &[&str]) -> ChangeDraft {
    ChangeDraft {
        kind: "deploy".into(),
        summary: summary.into(),
        environment: "production".into(),
        services: services.iter().map(|&text| text.into()).collect(),
        ..ChangeDraft::default()
    }
}

async fn add(desk: &Desk, name: &str) -> Service {
    acts::add(desk, &named(name)).await.unwrap()
}

async fn production(book: &Book) {
    acts::add_environment(&book.system(), &place("Production", "production")).await.unwrap();
}

async fn acts_about(book: &Book, kind: &str, object: &str) -> Vec<(String, String)> {
    let mut tx = book.system().begin_read().await.unwrap();
    let lines = events::of_object(&mut tx, kind, object).await.unwrap();
    lines.into_iter().map(|line| (line.act, line.name)).collect()
}

fn line(act: &str, name: &str) -> (String, String) {
    (act.into(), name.into())
}

each_db!(a_service_is_added_listed_and_shown_with_what_it_needs, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    add(&ana, "ZooKeeper").await;
    let draft = ServiceDraft {
        owner: "Data platform".into(),
        description: "Keeps the events.\nThree copies.".into(),
        stateful: "on".into(),
        needs: vec!["zookeeper".into(), String::new()],
        ..named("Kafka broker")
    };
    let kafka = acts::add(&ana, &draft).await.unwrap();
    assert_eq!(kafka.slug.as_str(), "kafka-broker");
    assert_eq!((kafka.stateful, kafka.single_point, kafka.needs.as_slice()), (true, false, &[slug("zookeeper")][..]));

    let (rows, more) = acts::list(&ana, &Filter::default()).await.unwrap();
    assert_eq!(rows.iter().map(|row| &row.service.slug).collect::<Vec<_>>(), [&kafka.slug, &slug("zookeeper")]);
    assert_eq!((&rows[0].service, rows[0].changed_at, more), (&kafka, None, false));

    let shown = acts::show(&ana, "zookeeper").await.unwrap();
    assert_eq!(shown.needed_by.iter().collect::<Vec<_>>(), [&kafka.slug]);
    assert_eq!(shown.history.last().map(|line| (line.act.as_str(), line.name.as_str())), Some(("added", "Ana")));
    assert_eq!(acts::choices(&ana).await.unwrap(), [(kafka.slug, "Kafka broker".into()), (slug("zookeeper"), "ZooKeeper".into())]);
    assert_eq!(refused(acts::show(&ana, "home").await).code(), "missing");
});

each_db!(a_slug_belongs_to_one_service, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    add(&ana, "Kafka").await;
    let Refusal::Taken { field, .. } = refused(acts::add(&ana, &named("kafka")).await) else { panic!("taken") };
    assert_eq!(field, "name");
    let typed = ServiceDraft { slug: "kafka".into(), ..named("Another one") };
    let Refusal::Taken { field, .. } = refused(acts::add(&ana, &typed).await) else { panic!("taken") };
    assert_eq!(field, "slug");
    assert_eq!(acts::show(&ana, "kafka").await.unwrap().service.name.as_str(), "Kafka");
});

each_db!(a_service_needs_only_known_services_and_never_itself, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    let unknown = ServiceDraft { needs: vec!["zookeeper".into()], ..named("Kafka") };
    assert_eq!(fields(&refused(acts::add(&ana, &unknown).await)), ["needs"]);
    assert_eq!(refused(acts::show(&ana, "kafka").await).code(), "missing");
    let itself = ServiceDraft { needs: vec!["kafka".into()], ..named("Kafka") };
    assert_eq!(fields(&refused(acts::add(&ana, &itself).await)), ["needs"]);
    let kafka = add(&ana, "Kafka").await;
    let later = ServiceDraft { needs: vec!["kafka".into()], ..ServiceDraft::from_service(&kafka) };
    assert_eq!(fields(&refused(acts::edit(&ana, "kafka", &later).await)), ["needs"]);
});

each_db!(a_stale_edit_of_a_service_changes_nothing, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    let ben = book.person("Ben", Role::Contributor).await;
    let before = ServiceDraft::from_service(&add(&ana, "Kafka").await);
    let edited = acts::edit(&ben, "kafka", &ServiceDraft { owner: "Ben's team".into(), ..before.clone() }).await.unwrap();
    assert_eq!(edited.version, 2);
    let stale = refused(acts::edit(&ana, "kafka", &ServiceDraft { owner: "Ana's team".into(), ..before.clone() }).await);
    assert_eq!((stale.code(), stale.status()), ("stale", 412));
    let stale = TargetsDraft { rows: Vec::new(), version: before.version.clone() };
    assert_eq!(refused(acts::set_targets(&ana, "kafka", &stale).await).code(), "stale");
    let shown = acts::show(&ana, "kafka").await.unwrap();
    assert_eq!(shown.service, edited);
    assert_eq!(acts_about(book, about::SERVICE, "kafka").await, [line("added", "Ana"), line("edited", "Ben")]);

    let nameless = ServiceDraft { version: String::new(), ..before.clone() };
    assert_eq!(refused(acts::edit(&ana, "kafka", &nameless).await).code(), "no_version");
    let moved = ServiceDraft { slug: "kafka-2".into(), version: "2".into(), ..before };
    assert_eq!(fields(&refused(acts::edit(&ana, "kafka", &moved).await)), ["slug"]);
});

each_db!(targets_are_kept_for_each_environment, book => {
    let admin = book.person("Ada", Role::Admin).await;
    let ana = book.person("Ana", Role::Contributor).await;
    production(book).await;
    acts::add_environment(&admin, &place("Staging", "other")).await.unwrap();
    add(&ana, "ZooKeeper").await;
    let row = |name: &str, environment: &str, role: &str| TargetRow { name: name.into(), environment: environment.into(), role: role.into() };
    let draft = TargetsDraft {
        rows: vec![row("zk-2", "staging", ""), row("zk-1", "production", "leader"), row("", "production", ""), row("zk-2", "production", "follower")],
        version: "1".into(),
    };
    let targets = acts::set_targets(&ana, "zookeeper", &draft).await.unwrap();
    assert_eq!(targets.len(), 3);

    let shown = acts::show(&ana, "zookeeper").await.unwrap();
    let places: Vec<(&str, Vec<&str>)> =
        shown.places.iter().map(|place| (place.environment.slug.as_str(), place.targets.iter().map(|target| target.name.as_str()).collect())).collect();
    assert_eq!(places, [("production", vec!["zk-1", "zk-2"]), ("staging", vec!["zk-2"])]);
    assert_eq!(shown.targets().cloned().collect::<Vec<_>>(), targets);

    let mut tx = ana.begin_read().await.unwrap();
    let eligible = acts::targets_of(&mut tx, &BTreeSet::from([slug("zookeeper"), slug("kafka")]), Some(&slug("production"))).await.unwrap();
    assert_eq!(eligible.iter().map(|target| target.role.as_ref().unwrap().as_str()).collect::<Vec<_>>(), ["leader", "follower"]);
    drop(tx);

    let fewer = TargetsDraft { rows: vec![row("zk-3", "production", "")], version: shown.service.version.to_string() };
    acts::set_targets(&ana, "zookeeper", &fewer).await.unwrap();
    let now = acts::show(&ana, "zookeeper").await.unwrap();
    assert_eq!(now.targets().map(|target| target.name.as_str()).collect::<Vec<_>>(), ["zk-3"]);
    assert_eq!(now.history.iter().map(|line| line.act.as_str()).collect::<Vec<_>>(), ["added", "targets_set", "targets_set"]);
});

each_db!(only_an_admin_makes_an_environment_by_typing_it, book => {
    let admin = book.person("Ada", Role::Admin).await;
    let ana = book.person("Ana", Role::Contributor).await;
    production(book).await;
    add(&ana, "ZooKeeper").await;
    let draft = TargetsDraft {
        rows: vec![TargetRow { name: "zk-1".into(), environment: "Pre-production".into(), role: String::new() }],
        version: "1".into(),
    };
    let refusal = refused(acts::set_targets(&ana, "zookeeper", &draft).await);
    assert_eq!(fields(&refusal), ["rows.0.environment"]);
    assert!(refusal.troubles()[0].says.contains("choose one of production"), "{:?}", refusal.troubles());
    assert_eq!(acts::environments(&ana).await.unwrap().len(), 1);

    acts::set_targets(&admin, "zookeeper", &draft).await.unwrap();
    let environments = acts::environments(&ana).await.unwrap();
    let new = environments.iter().find(|environment| environment.slug.as_str() == "pre-production").unwrap();
    // Nobody said how careful one has to be there, so: very.
    assert_eq!((new.name.as_str(), new.class), ("Pre-production", EnvironmentClass::Production));

    let edit = EnvironmentDraft { class: "other".into(), ..EnvironmentDraft::from_environment(new) };
    let edited = acts::edit_environment(&admin, "pre-production", &edit).await.unwrap();
    assert_eq!((edited.class, edited.version), (EnvironmentClass::Other, 2));
    assert_eq!(refused(acts::edit_environment(&admin, "pre-production", &edit).await).code(), "stale");
    assert_eq!(acts_about(book, about::ENVIRONMENT, "pre-production").await, [line("added", "Ada"), line("edited", "Ada")]);
});

each_db!(environments_belong_to_admins_and_production_comes_first, book => {
    let admin = book.person("Ada", Role::Admin).await;
    let ana = book.person("Ana", Role::Contributor).await;
    acts::add_environment(&admin, &place("Load test", "other")).await.unwrap();
    acts::add_environment(&admin, &place("Production", "production")).await.unwrap();
    let slugs: Vec<_> = acts::environments(&ana).await.unwrap().into_iter().map(|environment| environment.slug.to_string()).collect();
    assert_eq!(slugs, ["production", "load-test"]);
    assert_eq!(refused(acts::add_environment(&admin, &place("production", "other")).await).code(), "taken");
    assert_eq!(refused(acts::add_environment(&ana, &place("Mine", "other")).await).code(), "not_allowed");
    assert_eq!(fields(&refused(acts::add_environment(&admin, &place("", "sandbox")).await)), ["name", "class"]);
});

each_db!(a_fresh_notebook_begins_with_production_and_staging, book => {
    let system = book.system();
    for _ in 0..2 {
        acts::first_environments(&system).await.unwrap();
    }
    let environments = acts::environments(&system).await.unwrap();
    let words: Vec<_> = environments.iter().map(|environment| (environment.slug.as_str(), environment.class.word())).collect();
    assert_eq!(words, [("production", "production"), ("staging", "other")]);
    assert_eq!(acts_about(book, about::ENVIRONMENT, "staging").await.len(), 1);
});

each_db!(changes_are_recorded_in_local_time_and_shown_newest_first, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    production(book).await;
    add(&ana, "Kafka").await;
    add(&ana, "ZooKeeper").await;
    let late = acts::record_change(&ana, &deploy("Kafka 3.9", &["kafka", "zookeeper"])).await.unwrap();
    assert_eq!((late.id, late.at, late.kind), (1, Moment::from_micros(START), ChangeKind::Deploy));
    // 09:30 in Berlin is 08:30 UTC: recorded later, in force earlier.
    let draft = ChangeDraft { at: "2026-11-02T09:30".into(), kind: "configuration_push".into(), ..deploy("Chef push", &["zookeeper"]) };
    let early = acts::record_change(&ana, &draft).await.unwrap();
    assert_eq!(early.at.rfc3339(), "2026-11-02T08:30:00Z");
    assert_eq!((early.recorded_at, early.recorded_by), (Moment::from_micros(START), ana.person_id()));

    let shown = acts::show(&ana, "zookeeper").await.unwrap();
    assert_eq!(shown.changes, [late.clone(), early.clone()]);
    assert_eq!(acts::show(&ana, "kafka").await.unwrap().changes.iter().collect::<Vec<_>>(), [&late]);
    let (rows, _) = acts::list(&ana, &Filter::default()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.changed_at).collect::<Vec<_>>(), [Some(late.at), Some(late.at)]);
    assert_eq!(acts_about(book, about::CHANGE, "2").await, [line("recorded", "Ana")]);

    let mut tx = ana.begin_read().await.unwrap();
    let both = BTreeSet::from([slug("zookeeper"), slug("home")]);
    let since = |from: Moment| (both.clone(), slug("production"), from);
    for (from, expected) in [(early.at, vec![early.clone(), late.clone()]), (late.at, vec![late.clone()]), (late.at.plus_minutes(1), vec![])] {
        let (services, environment, from) = since(from);
        assert_eq!(acts::changes_since(&mut tx, &services, &environment, from).await.unwrap(), expected);
    }
    for (stretch, expected) in [
        ((early.at, late.at), vec![early.clone(), late.clone()]),
        ((early.at, late.at.plus_micros(-1)), vec![early.clone()]),
        ((late.at, early.at), vec![]),
    ] {
        assert_eq!(acts::changes_within(&mut tx, &both, &slug("production"), stretch).await.unwrap(), expected);
    }
    assert_eq!(acts::changes_since(&mut tx, &both, &slug("staging"), early.at).await.unwrap(), []);
    assert_eq!(acts::changes_since(&mut tx, &BTreeSet::from([slug("home")]), &slug("production"), early.at).await.unwrap(), []);
});

each_db!(a_reviewer_marks_a_change_irrelevant_with_a_reason_and_takes_that_back, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    production(book).await;
    add(&ana, "Kafka").await;
    let change = acts::record_change(&ana, &deploy("Comments", &["kafka"])).await.unwrap();
    let why = |reason: &str| MarkDraft { reason: reason.into() };
    assert_eq!(fields(&refused(acts::mark_irrelevant(&ana, change.id, &why(" ")).await)), ["reason"]);
    let missing = refused(acts::mark_irrelevant(&ana, 7, &why("none")).await);
    assert!(matches!(missing, Refusal::Missing { .. }), "{missing}");
    let early = refused(acts::mark_relevant(&ana, change.id, &why("none")).await);
    assert!(matches!(early, Refusal::NotNow { .. }), "{early}");
    let viewer = book.person("Vera", Role::Viewer).await;
    assert_eq!(refused(acts::mark_irrelevant(&viewer, change.id, &why("none")).await).status(), 403);

    acts::mark_irrelevant(&ana, change.id, &why("only comments")).await.unwrap();
    let marked = Irrelevant {
        at: Moment::from_micros(START),
        by: ana.person_id(),
        reason: Note::new("only comments").unwrap(),
    };
    assert_eq!(acts::change(&ana, change.id).await.unwrap().irrelevant, Some(marked.clone()));
    assert_eq!(acts::show(&ana, "kafka").await.unwrap().changes[0].irrelevant, Some(marked.clone()));
    let (list, _) = acts::changes(&ana, &ChangeFilter::default()).await.unwrap();
    assert_eq!(list[0].irrelevant, Some(marked));
    let again = refused(acts::mark_irrelevant(&ana, change.id, &why("only comments")).await);
    assert!(matches!(again, Refusal::NotNow { .. }), "{again}");

    acts::mark_relevant(&ana, change.id, &why("it restarted them")).await.unwrap();
    let (shown, history) = acts::change_with_history(&ana, change.id).await.unwrap();
    assert_eq!((shown, history.len()), (change, 3));
    let done = ["recorded", "marked_irrelevant", "marked_relevant"].map(|act| line(act, "Ana"));
    assert_eq!(acts_about(book, about::CHANGE, "1").await, done);
});

each_db!(a_change_names_known_services_a_place_and_no_future, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    production(book).await;
    add(&ana, "Kafka").await;
    let nothing = ChangeDraft::default();
    assert_eq!(fields(&refused(acts::record_change(&ana, &nothing).await)), ["kind", "summary", "environment", "services"]);
    assert_eq!(fields(&refused(acts::record_change(&ana, &deploy("x", &["home"])).await)), ["services"]);
    let elsewhere = ChangeDraft { environment: "moon".into(), ..deploy("x", &["kafka"]) };
    assert_eq!(fields(&refused(acts::record_change(&ana, &elsewhere).await)), ["environment"]);
    let ahead = ChangeDraft { at: "2026-11-02T12:00".into(), ..deploy("x", &["kafka"]) };
    assert_eq!(fields(&refused(acts::record_change(&ana, &ahead).await)), ["at"]);
    assert_eq!(acts::show(&ana, "kafka").await.unwrap().changes, []);
});

each_db!(a_form_sent_twice_writes_once, book => {
    let mut ana = book.person("Ana", Role::Contributor).await;
    production(book).await;
    ana.once = Some("x".into());
    add(&ana, "Kafka").await;
    assert_eq!(refused(acts::add(&ana, &named("Kafka")).await), Refusal::Done { thing: "kafka".into() });
    ana.once = Some("y".into());
    acts::record_change(&ana, &deploy("Kafka 3.9", &["kafka"])).await.unwrap();
    assert_eq!(refused(acts::record_change(&ana, &deploy("Kafka 3.9", &["kafka"])).await).code(), "done");
    ana.once = None;
    assert_eq!(acts::show(&ana, "kafka").await.unwrap().changes.len(), 1);
});

each_db!(viewers_look_and_strangers_do_not, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    let vera = book.person("Vera", Role::Viewer).await;
    production(book).await;
    let kafka = add(&ana, "Kafka").await;
    assert!(acts::show(&vera, "kafka").await.is_ok());
    let edit = ServiceDraft::from_service(&kafka);
    assert_eq!(refused(acts::add(&vera, &named("Home")).await).code(), "not_allowed");
    assert_eq!(refused(acts::edit(&vera, "kafka", &edit).await).code(), "not_allowed");
    assert_eq!(refused(acts::set_targets(&vera, "kafka", &TargetsDraft::default()).await).code(), "not_allowed");
    assert_eq!(refused(acts::record_change(&vera, &deploy("x", &["kafka"])).await).code(), "not_allowed");
    let nobody = book.nobody();
    assert_eq!(refused(acts::list(&nobody, &Filter::default()).await).code(), "sign_in");
    assert_eq!(refused(acts::show(&nobody, "kafka").await).code(), "sign_in");
    assert_eq!(refused(acts::choices(&nobody).await).code(), "sign_in");
    assert_eq!(refused(acts::environments(&nobody).await).code(), "sign_in");
});

each_db!(services_are_found_by_words_and_listed_in_pages, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    for n in 0..52 {
        add(&ana, &format!("Service {n:02}")).await;
    }
    let draft = ServiceDraft { owner: "Team_100 %".into(), ..named("Odd") };
    acts::add(&ana, &draft).await.unwrap();
    let slugs = |rows: Vec<acts::Row>| -> Vec<String> { rows.into_iter().map(|row| row.service.slug.to_string()).collect() };
    for (text, found) in [("SERVICE 07", vec!["service-07"]), ("serv* 51*", vec!["service-51"]), ("team_100", vec!["odd"]), ("0%1", vec![])] {
        let (rows, next, _) = lists::services(&ana, &read(text).unwrap(), &Filter::default()).await.unwrap();
        assert_eq!((slugs(rows), next), (found.into_iter().map(String::from).collect(), None), "{text}");
    }
    let (query, mut filter) = (read("serv* -odd").unwrap(), Filter { rows: Rows::asked("20").unwrap(), ..Filter::default() });
    let mut paged = Vec::new();
    loop {
        let (rows, next, _) = lists::services(&ana, &query, &filter).await.unwrap();
        paged.push(rows.len());
        filter.after = next;
        if filter.after.is_none() {
            break;
        }
    }
    assert_eq!(paged, [20, 20, 12]);
    let (first, more) = acts::list(&ana, &Filter::default()).await.unwrap();
    assert_eq!((first.len(), more), (50, true));
    let after = first.last().map(|row| row.service.slug.clone());
    let (rest, more) = acts::list(&ana, &Filter { after, ..Filter::default() }).await.unwrap();
    assert_eq!((slugs(rest), more), (vec!["service-49".into(), "service-50".into(), "service-51".into()], false));
});
