//! The catalogue of services: owners that are asked for again, how often things change, what Chef
//! tells, and entries of other catalogues.

use std::collections::BTreeSet;

use notebook::{
    actor::Role,
    desk::Desk,
    events::{self, about},
    imports::{
        acts::{Foreseen, TakeDraft, TakenAny, foresee, take_any},
        catalogue::{self, CatalogueTaken, Does},
    },
    limits::CATALOGUE_TEXT_BYTES_MAX,
    refusal::Refusal,
    retrials::{
        acts::{coverage, coverage_after, overview},
        claims::ClaimStanding,
    },
    runs,
    services::{
        ChangeDraft, LinkRow, ServiceDraft,
        acts::{self, Filter, chef},
        chef::{MappingDraft, UnmapDraft},
        ownership::{Ownership, OwnershipDraft},
    },
    text::Slug,
    time::Moment,
};

use crate::{
    each_db::{Book, START},
    growth::{self, Measuring},
    lab::{Lab, Trial, refused, restart_one_zookeeper},
};

const CONVERGE: &str = include_str!("../documents/chef/run_converge.json");
const FAILURE: &str = include_str!("../documents/chef/run_converge_failure.json");
const STARTED: &str = include_str!("../documents/chef/run_start.json");
const CATALOGUE: &[u8] = include_bytes!("../documents/backstage/catalog-info.yaml");

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn days_ago(days: i64) -> String {
    Moment::from_micros(START).plus_days(-days).rfc3339()
}

async fn add(desk: &Desk, draft: ServiceDraft) {
    acts::add(desk, &draft).await.unwrap();
}

fn named(name: &str) -> ServiceDraft {
    ServiceDraft { name: name.into(), ..ServiceDraft::default() }
}

fn stateful(name: &str) -> ServiceDraft {
    ServiceDraft { stateful: "on".into(), ..named(name) }
}

async fn changed(desk: &Desk, service: &str, days: i64) {
    let draft = ChangeDraft {
        kind: "deploy".into(),
        summary: format!("{service} of {days} days ago"),
        environment: "production".into(),
        at: days_ago(days),
        services: vec![service.into()],
        ..ChangeDraft::default()
    };
    acts::record_change(desk, &draft).await.unwrap();
}

each_db!(s_p2_stateful_services_that_rarely_change_lead_the_coverage_map, book => {
    let lab = Lab::open(book).await;
    let before = acts::show(&lab.ana, "zookeeper").await.unwrap().service;
    acts::edit(&lab.ana, "zookeeper", &ServiceDraft { stateful: "on".into(), ..ServiceDraft::from_service(&before) }).await.unwrap();
    for draft in [stateful("kafka"), stateful("storage-engine"), named("ingest"), named("home")] {
        add(&lab.ana, draft).await;
    }
    for service in ["kafka", "zookeeper", "storage-engine"] {
        changed(&lab.ana, service, 47).await;
        // Before that they changed a lot.
        for days in [60, 61, 62, 63] {
            changed(&lab.ana, service, days).await;
        }
    }
    for days in [1, 4, 9, 20, 40, 80] {
        changed(&lab.ana, "ingest", days).await;
    }
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let run = lab.run(experiment, Trial::default()).await;

    let (rows, _) = acts::list(&lab.ana, &Filter::default()).await.unwrap();
    let words = |name: &str| rows.iter().find(|row| row.service.slug.as_str() == name).unwrap().frequency.words();
    for service in ["kafka", "zookeeper", "storage-engine"] {
        assert_eq!(words(service), "fewer than one change a month", "{service}");
        assert_eq!(acts::show(&lab.ana, service).await.unwrap().frequency.words(), "fewer than one change a month");
    }
    assert_eq!((words("ingest"), words("home")), ("2 changes a month".into(), "no change recorded".into()));

    let map = coverage(&lab.ana).await.unwrap();
    let order: Vec<&str> = map.lines.iter().map(|line| line.service.as_str()).collect();
    assert_eq!(order[..3], ["kafka", "storage-engine", "zookeeper"], "{order:?}");
    assert_eq!(map.faults, [slug("process-restart")]);
    let rest = coverage_after(&lab.ana, Some(&slug("storage-engine"))).await.unwrap();
    assert_eq!((&rest.lines[..], rest.next), (&map.lines[2..], None), "it goes on after a service");
    let tried = &map.lines[2].tried;
    assert_eq!((tried.len(), tried[0].run, tried[0].environment.as_str()), (1, run, "production"));
    assert!(map.lines[0].tried.is_empty());
});

each_db!(an_owner_is_confirmed_with_one_press_and_asked_for_again_after_180_days, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    let ben = book.person("Ben", Role::Contributor).await;
    let vera = book.person("Vera", Role::Viewer).await;
    add(&ana, ServiceDraft { owner: "Data platform".into(), ..named("Kafka") }).await;
    add(&ana, named("Home")).await;
    let to_confirm = async || {
        let filter = Filter { to_confirm: true, ..Filter::default() };
        let (rows, _) = acts::list(&ana, &filter).await.unwrap();
        rows.into_iter().map(|row| (row.service.slug.to_string(), row.ownership)).collect::<Vec<_>>()
    };
    assert_eq!(to_confirm().await, [("home".to_owned(), Ownership::Nobody)], "who names an owner says that it is right");
    book.clock.pass_ms(180 * 86_400_000);
    assert_eq!(to_confirm().await, [("home".to_owned(), Ownership::Nobody), ("kafka".to_owned(), Ownership::Due)]);

    assert_eq!(refused(acts::confirm_ownership(&vera, "kafka", &OwnershipDraft::default()).await).code(), "not_allowed");
    assert_eq!(refused(acts::confirm_ownership(&ben, "home", &OwnershipDraft::default()).await).code(), "not_now");
    let seen = |owner: &str| OwnershipDraft { owner: owner.into() };
    let other = refused(acts::confirm_ownership(&ben, "kafka", &seen("Streams")).await);
    assert!(other.troubles()[0].says.contains("is Data platform now"), "nobody confirms an owner they have not seen");
    let service = acts::confirm_ownership(&ben, "kafka", &seen("Data platform")).await.unwrap();
    assert_eq!((service.checked.unwrap().by, service.version), (ben.person_id(), 1), "the entry itself stays as it is");
    assert_eq!(to_confirm().await, [("home".to_owned(), Ownership::Nobody)]);
    let shown = acts::show(&ana, "kafka").await.unwrap();
    assert_eq!(shown.ownership.is, Ownership::Checked);
    assert_eq!(shown.history.last().map(|line| (line.act.as_str(), line.name.as_str())), Some(("ownership_confirmed", "Ben")));
});

each_db!(tier_and_links_are_kept_and_shown, book => {
    let ana = book.person("Ana", Role::Contributor).await;
    let link = LinkRow { title: "Runbook".into(), url: "https://wiki.example.org/kafka".into() };
    add(&ana, ServiceDraft { tier: "1".into(), links: vec![link.clone()], ..named("Kafka") }).await;
    let service = acts::show(&ana, "kafka").await.unwrap().service;
    let draft = ServiceDraft::from_service(&service);
    assert_eq!((draft.tier.as_str(), draft.links.as_slice()), ("1", &[link][..]));
    let edited = acts::edit(&ana, "kafka", &ServiceDraft { tier: String::new(), links: Vec::new(), ..draft }).await.unwrap();
    assert_eq!((edited.tier, edited.links.len(), edited.version), (None, 0, 2));
});

fn map(kind: &str, name: &str, service: &str) -> MappingDraft {
    MappingDraft { kind: kind.into(), name: name.into(), service: service.into(), environment: "production".into() }
}

async fn changes_of(desk: &Desk, service: &str) -> Vec<String> {
    let changes = acts::show(desk, service).await.unwrap().changes;
    changes.into_iter().map(|change| change.summary.to_string()).collect()
}

each_db!(a_chef_run_becomes_a_change_of_the_service_its_node_is_mapped_to, book => {
    let lab = Lab::open(book).await;
    chef::map(&lab.ana, &map("node", "zk-1", "zookeeper")).await.unwrap();
    assert_eq!(chef::take(&lab.ana, STARTED.as_bytes()).await.unwrap(), chef::Taken::Nothing);
    let chef::Taken::Changes(numbers) = chef::take(&lab.ana, CONVERGE.as_bytes()).await.unwrap() else { panic!("mapped") };
    assert_eq!(chef::take(&lab.ana, CONVERGE.as_bytes()).await.unwrap(), chef::Taken::Again, "it is sent again");
    assert_eq!(changes_of(&lab.ana, "zookeeper").await, ["Chef changed 2 of 4 resources on zk-1"]);
    let change = acts::change(&lab.ana, numbers[0]).await.unwrap();
    assert_eq!(change.kind.word(), "configuration_push");
    assert_eq!(change.at.rfc3339(), "2026-11-02T09:40:41Z");
    assert_eq!(change.reference.unwrap().as_str(), "Chef run 3d0f6a3e-92c4-4c52-8f5e-6f1d8c0b7a21");
    let idle = CONVERGE.replace("\"updated_resource_count\": 2", "\"updated_resource_count\": 0").replace("3d0f6a3e", "00000000");
    assert_eq!(chef::take(&lab.ana, idle.as_bytes()).await.unwrap(), chef::Taken::Nothing, "nothing was changed");
    let vera = book.person("Vera", Role::Viewer).await;
    assert_eq!(refused(chef::take(&vera, CONVERGE.as_bytes()).await).code(), "not_allowed");
    assert_eq!(refused(chef::take(&lab.ana, b"{}").await).code(), "unfit");
});

each_db!(an_unknown_node_waits_until_somebody_maps_it, book => {
    let lab = Lab::open(book).await;
    for document in [CONVERGE, FAILURE] {
        assert_eq!(chef::take(&lab.ana, document.as_bytes()).await.unwrap(), chef::Taken::Unmapped);
    }
    let (mappings, waiting) = chef::shown(&lab.ana).await.unwrap();
    assert_eq!((mappings.len(), waiting.len()), (0, 1));
    let node = &waiting[0];
    assert_eq!((node.node.as_str(), node.runs, node.failures), ("zk-1", 2, 1));
    assert!(node.last.words().starts_with("Chef failed"), "the newest one is shown");
    let everything = format!("{waiting:?}");
    assert!(!everything.contains("hunter2"), "{everything}");

    let unknown = refused(chef::map(&lab.ana, &map("node", "zk-1", "kafka")).await);
    assert_eq!(unknown.troubles()[0].field, "service");
    chef::map(&lab.ana, &map("policy", "coordination", "zookeeper")).await.unwrap();
    assert_eq!(changes_of(&lab.ana, "zookeeper").await.len(), 2, "both runs are changes now");
    let (mappings, waiting) = chef::shown(&lab.ana).await.unwrap();
    assert_eq!((mappings.len(), waiting.len()), (1, 0));
    let gone = UnmapDraft { kind: "policy".into(), name: "coordination".into(), service: "zookeeper".into() };
    chef::unmap(&lab.ana, &gone).await.unwrap();
    assert_eq!(refused(chef::unmap(&lab.ana, &gone).await).code(), "missing");
    assert_eq!(changes_of(&lab.ana, "zookeeper").await.len(), 2, "what was recorded stays");
    let mut tx = book.system().begin_read().await.unwrap();
    let lines = events::of_object(&mut tx, about::CHEF, "coordination").await.unwrap();
    assert_eq!(lines.iter().map(|line| line.act.as_str()).collect::<Vec<_>>(), ["mapped", "unmapped"]);
});

each_db!(one_push_to_five_nodes_is_one_change_a_month, book => {
    let lab = Lab::open(book).await;
    for number in 0..5 {
        let (node, run) = (format!("zk-{number}"), format!("0000000{number}"));
        chef::map(&lab.ana, &map("node", &node, "zookeeper")).await.unwrap();
        let told = CONVERGE.replace("3d0f6a3e", &run).replace("\"zk-1\"", &format!("\"{node}\""));
        chef::take(&lab.ana, told.as_bytes()).await.unwrap();
    }
    assert_eq!(changes_of(&lab.ana, "zookeeper").await.len(), 5, "each stands on the page");
    let often = async || acts::show(&lab.ana, "zookeeper").await.unwrap().frequency.words();
    assert_eq!(often().await, "1 change a month");
    for _ in 0..2 {
        changed(&lab.ana, "zookeeper", 1).await;
    }
    assert_eq!(often().await, "3 changes a month", "deploys are counted one by one");
    let (rows, _) = acts::list(&lab.ana, &Filter::default()).await.unwrap();
    let row = rows.iter().find(|row| row.service.slug.as_str() == "zookeeper").unwrap();
    assert_eq!(row.frequency.words(), "3 changes a month");
});

each_db!(runs_behind_hundreds_of_other_nodes_become_changes_when_they_are_mapped, book => {
    let lab = Lab::open(book).await;
    let body = "{\"policy\":\"zk\",\"touched\":[\"other\"]}";
    let row = |n: usize| format!("('later-{n}', 'other', 'success', {START}, {START}, '{body}', false, null, {START})");
    let rows = (0..600).map(row).collect::<Vec<_>>().join(", ");
    let columns = "run, node, status, started_at, ended_at, body, mapped, person, received_at";
    book.execute(&format!("insert into chef_converges ({columns}) values {rows}")).await;
    for (number, (kind, name)) in [("node", "zk-1"), ("policy", "coordination"), ("cookbook", "zk")].into_iter().enumerate() {
        let run = CONVERGE.replace("3d0f6a3e", &format!("0000000{number}"));
        assert_eq!(chef::take(&lab.ana, run.as_bytes()).await.unwrap(), chef::Taken::Unmapped);
        let (_, waiting) = chef::shown(&lab.ana).await.unwrap();
        let nodes: Vec<(&str, usize)> = waiting.iter().map(|node| (node.node.as_str(), node.runs)).collect();
        assert_eq!(nodes, [("other", 600), ("zk-1", 1)]);
        chef::map(&lab.ana, &map(kind, name, "zookeeper")).await.unwrap();
        assert_eq!(changes_of(&lab.ana, "zookeeper").await.len(), number + 1, "{kind}");
        assert_eq!(chef::shown(&lab.ana).await.unwrap().1.len(), 1);
        let gone = UnmapDraft { kind: kind.into(), name: name.into(), service: "zookeeper".into() };
        chef::unmap(&lab.ana, &gone).await.unwrap();
    }
});

each_db!(a_run_that_touched_nothing_waits_for_each_of_its_cookbooks, book => {
    let lab = Lab::open(book).await;
    let row = |run: &str, touched: &str| {
        let body = format!("{{\"cookbooks\":{{\"web\":\"1.0.0\",\"zk\":\"2.0.0\"}},\"touched\":[{touched}]}}");
        format!("('{run}', 'node-{run}', 'failure', {START}, {START}, '{body}', false, null, {START})")
    };
    let columns = "run, node, status, started_at, ended_at, body, mapped, person, received_at";
    let rows = [row("early", ""), row("late", "\"web\"")].join(", ");
    book.execute(&format!("insert into chef_converges ({columns}) values {rows}")).await;
    chef::map(&lab.ana, &map("cookbook", "zk", "zookeeper")).await.unwrap();
    assert_eq!(changes_of(&lab.ana, "zookeeper").await, ["Chef failed on node-early: it does not say why"]);
    let (_, waiting) = chef::shown(&lab.ana).await.unwrap();
    assert_eq!(waiting.iter().map(|node| node.node.as_str()).collect::<Vec<_>>(), ["node-late"]);
});

each_db!(a_run_and_its_mapping_at_the_same_moment_do_not_miss_each_other, book => {
    let lab = Lab::open(book).await;
    for number in 0..10 {
        let (node, run) = (format!("zk-{number}"), format!("0000000{number}"));
        let told = CONVERGE.replace("3d0f6a3e", &run).replace("\"zk-1\"", &format!("\"{node}\""));
        let mapping = map("node", &node, "zookeeper");
        let (taken, mapped) = tokio::join!(chef::take(&lab.ana, told.as_bytes()), chef::map(&lab.ben, &mapping));
        taken.unwrap();
        mapped.unwrap();
        assert_eq!(changes_of(&lab.ana, "zookeeper").await.len(), number + 1);
    }
    assert!(chef::shown(&lab.ana).await.unwrap().1.is_empty());
});

each_db!(chef_and_whoever_records_a_change_do_not_wait_for_each_other, book => {
    let lab = Lab::open(book).await;
    for number in 0..10 {
        let (node, run) = (format!("zk-{number}"), format!("0000000{number}"));
        let told = CONVERGE.replace("3d0f6a3e", &run).replace("\"zk-1\"", &format!("\"{node}\""));
        chef::take(&lab.ana, told.as_bytes()).await.unwrap();
        let mapping = map("node", &node, "zookeeper");
        let (mapped, ()) = tokio::join!(chef::map(&lab.ana, &mapping), async {
            changed(&lab.ben, "zookeeper", 1).await;
        });
        mapped.unwrap();
        let told = told.replace(&run, &format!("1000000{number}"));
        let (taken, ()) = tokio::join!(chef::take(&lab.ana, told.as_bytes()), async {
            changed(&lab.ben, "zookeeper", 1).await;
        });
        assert!(matches!(taken.unwrap(), chef::Taken::Changes(_)));
    }
});

each_db!(a_chef_run_after_a_pass_makes_the_claim_stale, book => {
    let lab = Lab::open(book).await;
    chef::map(&lab.ana, &map("cookbook", "zk", "zookeeper")).await.unwrap();
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    lab.run(experiment, Trial::default()).await;
    let claim = async || overview(&lab.ana, experiment).await.unwrap().claim.unwrap().answer.is;
    assert_eq!(claim().await, ClaimStanding::Current);
    lab.later();
    let now = lab.ana.now().rfc3339();
    let pushed = CONVERGE.replace("2026-11-02T09:40:00Z", &now).replace("2026-11-02T09:40:41Z", &now);
    chef::take(&lab.ana, pushed.as_bytes()).await.unwrap();
    assert_eq!(claim().await, ClaimStanding::Stale);
});

each_db!(a_failed_chef_run_is_shown_on_the_runs_it_overlaps_only, book => {
    let lab = Lab::open(book).await;
    chef::map(&lab.ana, &map("node", "zk-1", "zookeeper")).await.unwrap();
    let experiment = lab.approved(&restart_one_zookeeper()).await;
    let (first, second) = (lab.run(experiment, Trial::default()).await, lab.run(experiment, Trial::default()).await);
    let first = runs::acts::show(&lab.ana, first).await.unwrap();
    let (from, to) = (first.run.started_at.unwrap(), first.run.ended_at.unwrap());
    let failed = FAILURE
        .replace("2026-11-02T09:50:00Z", &from.plus_minutes(-5).rfc3339())
        .replace("2026-11-02T09:52:10Z", &from.plus_minutes(1).rfc3339());
    chef::take(&lab.ana, failed.as_bytes()).await.unwrap();
    let services = BTreeSet::from([slug("zookeeper"), slug("alerting")]);
    let meanwhile = async |place: &str, from, to| {
        chef::failed_meanwhile(&lab.ana, &services, &slug(place), from, to).await.unwrap().len()
    };
    assert_eq!(meanwhile("production", from, to).await, 1);
    assert_eq!(meanwhile("staging", from, to).await, 0);
    let second = runs::acts::show(&lab.ana, second).await.unwrap();
    assert_eq!(meanwhile("production", second.run.started_at.unwrap(), second.run.ended_at.unwrap()).await, 0);
    let others = BTreeSet::from([slug("alerting")]);
    assert!(chef::failed_meanwhile(&lab.ana, &others, &slug("production"), from, to).await.unwrap().is_empty());
});

/// A mapping, a run of Chef that became a change, and entries of another catalogue.
pub async fn told_by_tools(desk: &Desk) {
    chef::map(desk, &map("node", "zk-1", "zookeeper")).await.unwrap();
    chef::take(desk, CONVERGE.as_bytes()).await.unwrap();
    catalogue::take(desk, CATALOGUE, false).await.unwrap();
}

fn told(taken: &CatalogueTaken) -> Vec<(String, Does)> {
    taken.lines.iter().map(|line| (line.entity.clone(), line.does)).collect()
}

each_db!(a_catalogue_file_of_backstage_adds_services_and_says_what_it_skips, book => {
    let lab = Lab::open(book).await;
    let count = acts::list(&lab.ana, &Filter::default()).await.unwrap().0.len();
    let foreseen = foresee(&lab.ana, CATALOGUE, &TakeDraft::default()).await.unwrap();
    let Foreseen::Catalogue(foreseen) = foreseen else { panic!("a catalogue") };
    assert!(foreseen.dry_run);
    assert_eq!(acts::list(&lab.ana, &Filter::default()).await.unwrap().0.len(), count, "nothing is kept");

    let TakenAny::Catalogue(taken) = take_any(&lab.ana, CATALOGUE, &TakeDraft::default()).await.unwrap() else { panic!("a catalogue") };
    assert_eq!(told(&taken), told(&foreseen), "what was foreseen is what happened");
    assert_eq!(taken.words(), "3 created, 1 updated, 4 skipped");
    let line = |entity: &str| taken.lines.iter().find(|line| line.entity == entity).unwrap();
    assert_eq!(line("component:default/zookeeper").does, Does::Update, "it was here by this name");
    let because = line("component:default/zookeeper").because.join(" ");
    assert!(because.contains("its owner") && because.contains("component:default/somewhere-else"), "{because}");

    let kafka = acts::show(&lab.ana, "kafka").await.unwrap();
    assert_eq!(kafka.service.name.as_str(), "Kafka");
    assert_eq!(kafka.service.owner.as_ref().map(ToString::to_string).as_deref(), Some("data-platform"));
    assert_eq!((kafka.service.needs.as_slice(), kafka.service.tier.unwrap().word()), (&[slug("zookeeper")][..], "1"));
    assert_eq!(kafka.ownership.is, Ownership::Unchecked, "a file knows no more than whoever wrote it once");
    let source = kafka.source.unwrap();
    assert_eq!((source.entity.as_str(), source.synced_at), ("component:default/kafka", Moment::from_micros(START)));
    assert_eq!(source.link.unwrap().as_str(), "https://git.example.org/data/kafka/blob/main/catalog-info.yaml");
    let engine = acts::show(&lab.ana, "storage-engine").await.unwrap().service;
    assert!(engine.stateful);
    assert_eq!(engine.needs, [slug("kafka")]);
});

each_db!(the_same_catalogue_again_changes_nothing_but_its_last_sync, book => {
    let lab = Lab::open(book).await;
    catalogue::take(&lab.ana, CATALOGUE, false).await.unwrap();
    let kafka = acts::confirm_ownership(&lab.ana, "kafka", &OwnershipDraft::default()).await.unwrap();
    let more = ServiceDraft { single_point: "on".into(), needs: vec!["zookeeper".into(), "alerting".into()], ..ServiceDraft::from_service(&kafka) };
    let kafka = acts::edit(&lab.ana, "kafka", &more).await.unwrap();
    lab.later();
    let again = catalogue::take(&lab.ana, CATALOGUE, false).await.unwrap();
    assert_eq!(again.words(), "0 created, 0 updated, 8 skipped");
    let shown = acts::show(&lab.ana, "kafka").await.unwrap();
    assert_eq!(shown.service, kafka, "what people added stays");
    assert_eq!(shown.source.unwrap().synced_at, lab.ana.now());

    let text = String::from_utf8_lossy(CATALOGUE).replace("owner: group:default/data-platform", "owner: group:default/streams");
    let moved = catalogue::take(&lab.ana, text.as_bytes(), false).await.unwrap();
    assert_eq!(moved.count(Does::Update), 2);
    let shown = acts::show(&lab.ana, "kafka").await.unwrap();
    assert_eq!(shown.ownership.is, Ownership::Unchecked, "nobody here has said that the new owner is right");
});

each_db!(an_entity_of_another_namespace_takes_no_service_over, book => {
    let lab = Lab::open(book).await;
    catalogue::take(&lab.ana, CATALOGUE, false).await.unwrap();
    let before = acts::show(&lab.ana, "kafka").await.unwrap();
    let text = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: kafka, namespace: b}\nspec: {owner: somebody}\n";
    let other = catalogue::take(&lab.ana, text.as_bytes(), false).await.unwrap();
    assert_eq!(other.words(), "0 created, 0 updated, 1 skipped");
    assert_eq!(other.lines[0].because, ["kafka comes from component:default/kafka; give one of them another name."]);
    let after = acts::show(&lab.ana, "kafka").await.unwrap();
    assert_eq!((after.service, after.source), (before.service, before.source));
});

/// As large as a catalogue may be, and one byte more.
fn hostile(name: &str) -> Vec<u8> {
    const BYTES: usize = CATALOGUE_TEXT_BYTES_MAX;
    let head = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: x}\n";
    let filled = |piece: &str| piece.repeat((BYTES - 200) / piece.len());
    let text = match name {
        "copies" => format!("{head}a: &a \"{}\"\nb: [{}]\n", "x".repeat(BYTES / 2), "*a, ".repeat(1_000_000)),
        "deep" => format!("{head}a: {}", filled("[")),
        "wide" => format!("{head}a: [{}]\n", filled("1, ")),
        "objects" => format!("{head}a: [{}]\n", filled("{}, ")),
        "needs" => format!("{head}spec:\n  dependsOn:\n{}", filled("  - component:x\n")),
        "documents" => filled("---\na\n"),
        "comments" => format!("{head}{}a: 1\na: 2\n", filled("# x\n")),
        "escapes" => format!("{head}a: \"{}", filled("\\x41")),
        "large" => "x".repeat(BYTES + 1),
        other => panic!("{other}"),
    };
    text.into_bytes()
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_catalogue_takes_little_memory() {
    if let Some(name) = growth::task() {
        let book = Book::sqlite().await;
        catalogue::take(&book.system(), CATALOGUE, true).await.unwrap();
        let bytes = hostile(&name);
        let measuring = Measuring::begin();
        let refusal = refused(catalogue::take(&book.system(), &bytes, true).await);
        measuring.end();
        return assert!(matches!(refusal, Refusal::Unfit { .. } | Refusal::TooMuch { .. }), "{name}: {refusal:?}");
    }
    let name = "catalogue::a_hostile_catalogue_takes_little_memory";
    for task in ["copies", "deep", "wide", "objects", "needs", "documents", "comments", "escapes", "large"] {
        let grown = growth::in_a_process_of_its_own(name, task);
        assert!(grown.kib <= 64 * 1024, "{task}: {grown:?}");
        assert!(cfg!(debug_assertions) || grown.ms <= 1_000, "{task}: {grown:?}");
    }
}

async fn refused_field(book: &Book, text: &str) -> String {
    refused(catalogue::take(&book.system(), text.as_bytes(), false).await).troubles()[0].says.clone()
}

each_db!(a_catalogue_that_does_not_read_keeps_nothing, book => {
    assert!(refused_field(book, "apiVersion: backstage.io/v1alpha1\nkind: [\n").await.contains("is not YAML"));
    let vera = book.person("Vera", Role::Viewer).await;
    assert_eq!(refused(catalogue::take(&vera, CATALOGUE, false).await).code(), "not_allowed");
    assert!(acts::list(&book.system(), &Filter::default()).await.unwrap().0.is_empty());
});
