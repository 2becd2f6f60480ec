//! The coverage map asks the plan that a run had, whatever became of that plan, and says where it stops looking.

use notebook::{
    experiments::{self, Draft},
    id::RunId,
    people,
    retrials::{acts::coverage, coverage::Map},
};

use crate::{
    carry,
    each_db::Book,
    lab::{Lab, Trial, restart_one_zookeeper},
};

/// The runs that stand in the line of a service.
fn tried(map: &Map, service: &str) -> Vec<RunId> {
    let line = map.lines.iter().find(|line| line.service.as_str() == service).unwrap();
    line.tried.iter().map(|tried| tried.run).collect()
}

each_db!(a_service_that_a_later_plan_leaves_out_stays_tried, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let first = lab.run(experiment, Trial::default()).await;
    lab.revise(experiment, |draft| draft.services = vec!["zookeeper".into()]).await;
    let map = coverage(&lab.ana).await.unwrap();
    assert_eq!((tried(&map, "zookeeper"), tried(&map, "alerting")), (vec![first], vec![first]));
    let order: Vec<&str> = map.lines.iter().map(|line| line.service.as_str()).collect();
    assert_eq!(order, ["config-management", "alerting", "zookeeper"], "what was never tried leads");

    let second = lab.run(experiment, Trial::default()).await;
    let wider = vec!["zookeeper".into(), "config-management".into()];
    lab.revise(experiment, |draft| draft.services = wider).await;
    let map = coverage(&lab.ana).await.unwrap();
    assert_eq!((tried(&map, "zookeeper"), tried(&map, "alerting")), (vec![second], vec![first]));
    assert!(tried(&map, "config-management").is_empty(), "the plan names it, and no run had that plan");
    assert!(!map.older_left_out);

    people::acts::identify_notebook(&book.system()).await.unwrap();
    let other = Book::sqlite().await;
    carry::into(&other, &carry::out(book).await).await;
    let carried = coverage(&other.system()).await.unwrap();
    assert_eq!(carried.lines.len(), map.lines.len());
    for service in order {
        assert_eq!(tried(&carried, service), tried(&map, service), "{service} in another notebook");
    }
});

each_db!(a_draft_that_is_written_over_names_what_it_says_now, book => {
    let lab = Lab::open(book).await;
    let plan = restart_one_zookeeper();
    let experiment = experiments::acts::create(&lab.ana, &plan).await.unwrap();
    let version = experiment.version.to_string();
    let narrowed = Draft { services: vec!["zookeeper".into()], version, ..plan };
    experiments::acts::revise(&lab.ana, experiment.id, &narrowed).await.unwrap();
    lab.review(experiment.id, 1).await;
    let run = lab.run(experiment.id, Trial::default()).await;
    let map = coverage(&lab.ana).await.unwrap();
    assert_eq!(tried(&map, "zookeeper"), [run]);
    assert!(tried(&map, "alerting").is_empty());
    let order: Vec<&str> = map.lines.iter().map(|line| line.service.as_str()).collect();
    assert_eq!(order, ["alerting", "config-management", "zookeeper"], "nor does it stand behind what was never tried");
});

/// So many more places in which the first experiment's plan ran, long ago.
fn more_places(from: i64, up_to: i64) -> String {
    format!(
        "insert into environments (slug, name, class, created_at, version)
            with recursive n (i) as (select {from} union all select i + 1 from n where i < {up_to})
            select 'room-' || cast(i as text), 'Room ' || cast(i as text), 'other', 1, 1 from n;
        insert into runs (id, experiment, revision, environment, execution, zone, ended_at, created_at, version)
            with recursive n (i) as (select {from} union all select i + 1 from n where i < {up_to})
            select 10000 + i, 1, 1, 'room-' || cast(i as text), 'finished', 'UTC', 1, 1, 1 from n;"
    )
}

/// These runs began as the first one did.
fn begun(from: i64, up_to: i64) -> String {
    format!(
        "insert into events (at, recorded_at, person, via, kind, object, act, body)
            with recursive n (i) as (select {from} union all select i + 1 from n where i < {up_to})
            select e.at, e.recorded_at, e.person, e.via, e.kind, 'RUN-' || cast(10000 + n.i as text), e.act, e.body
            from events e cross join n
            where e.kind = 'run' and e.object = 'RUN-1' and e.act = 'started';"
    )
}

each_db!(each_of_many_runs_stands_in_the_map_with_its_own_place, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial::default()).await;
    assert_eq!((experiment.number(), run.number()), (1, 1));
    book.execute(&more_places(1, 45)).await;
    book.execute(&begun(1, 45)).await;
    let map = coverage(&lab.ana).await.unwrap();
    let line = map.lines.iter().find(|line| line.service.as_str() == "zookeeper").unwrap();
    let mut found: Vec<(String, i64)> =
        line.tried.iter().map(|tried| (tried.environment.to_string(), tried.run.number())).collect();
    found.sort_by_key(|(_, run)| *run);
    let more = (1..=45).map(|number| (format!("room-{number}"), 10_000 + number));
    let all: Vec<(String, i64)> = std::iter::once(("production".to_owned(), 1)).chain(more).collect();
    assert_eq!(found, all);
});

each_db!(a_map_that_leaves_older_runs_out_says_so, book => {
    let lab = Lab::open(book).await;
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    assert_eq!(experiment.number(), 1);
    let run = lab.run(experiment, Trial::default()).await;
    book.execute(&more_places(1, 999)).await;
    assert!(!coverage(&lab.ana).await.unwrap().older_left_out, "a thousand are looked at");
    book.execute(&more_places(1_000, 1_000)).await;
    let map = coverage(&lab.ana).await.unwrap();
    assert!(map.older_left_out);
    assert_eq!(tried(&map, "zookeeper"), [run], "the newest are there");
});
