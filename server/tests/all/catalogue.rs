//! The catalogue of services through pages, forms and programs: owners, links, the drawing, the coverage
//! map, Chef's messages and Backstage's files.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use notebook::actor::Role;

use crate::{
    imports::send,
    ingest::{problem, token},
    process::Served,
    programs::call,
    story::{Story, read},
    world::{Answer, World, answer},
};

const DOOR: &str = "/api/v1/ingest/chef";
const CONVERGE: &str = include_str!("../../../notebook/tests/documents/chef/run_converge.json");
const FAILURE: &str = include_str!("../../../notebook/tests/documents/chef/run_converge_failure.json");
const STARTED: &str = include_str!("../../../notebook/tests/documents/chef/run_start.json");
const CATALOGUE: &[u8] = include_bytes!("../../../notebook/tests/documents/backstage/catalog-info.yaml");

/// As a node sends it.
async fn collect(world: &World, token: Option<&str>, body: impl Into<Body>) -> Answer {
    let mut request = Request::post(DOOR)
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-data-collector-auth", "version=1.0");
    if let Some(token) = token {
        request = request.header("x-data-collector-token", token);
    }
    answer(&world.router, request.body(body.into()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn chef_sends_its_runs_with_a_token_in_its_own_header() {
    let story = Story::new().await;
    let world = &story.world;
    let token = token(world, "Ci", Role::Contributor, "ingest").await;
    for message in [STARTED, CONVERGE, FAILURE] {
        let sent = collect(world, Some(&token), message).await;
        assert_eq!((sent.status, sent.text().as_str()), (StatusCode::OK, "{}"));
    }
    for wrong in [None, Some(""), Some("rt_wrong"), Some("not a token")] {
        let sent = collect(world, wrong, CONVERGE).await;
        assert_eq!(problem(&sent), (401, "sign_in".into()), "{wrong:?}");
    }
    // The header opens this door and no other.
    let elsewhere = Request::get("/api/v1/services").header("x-data-collector-token", &token);
    assert_eq!(answer(&world.router, elsewhere.body(Body::empty()).unwrap()).await.status, StatusCode::UNAUTHORIZED);
    let sent = collect(world, Some(&token), "{\"message_type\":\"run_converge\"}").await;
    assert_eq!(problem(&sent), (422, "unfit".into()));

    let mut ana = story.browser().await;
    let page = ana.get("/chef").await;
    let waiting = page.says("#unmapped");
    assert!(
        waiting.contains("zk-1") && waiting.contains("coordination") && waiting.contains("2, 1 failed"),
        "{waiting}"
    );
    assert!(!page.text().contains("hunter2"));
    let typed = [("kind", "node"), ("name", "zk-1"), ("service", "zookeeper"), ("environment", "production")];
    let sent = ana.fill(&page, "/chef/map", &typed).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/chef"), "{}", sent.says("main"));
    let page = ana.get("/chef").await;
    assert!(page.says(".empty").starts_with("Nothing waits") && page.says("#mapped").contains("zookeeper"));
    let changes = ana.get("/services/zookeeper").await.says("#changes");
    assert!(
        changes.contains("Chef changed 2 of 4 resources on zk-1") && changes.contains("Chef failed on zk-1"),
        "{changes}"
    );
    let typed = [("kind", "node"), ("name", ""), ("service", "zookeeper"), ("environment", "production")];
    let refused = ana.fill(&page, "/chef/map", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("#chef-map-name-error"), "{}", refused.says("main"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_converge_of_five_megabytes_is_taken_and_a_larger_one_than_the_limit_is_not() {
    let story = Story::new().await;
    let token = token(&story.world, "Ci", Role::Contributor, "ingest").await;
    let mut message: serde_json::Value = serde_json::from_str(CONVERGE).unwrap();
    message["node"]["automatic"]["packages"] = "x".repeat(5 * 1024 * 1024).into();
    let sent = collect(&story.world, Some(&token), message.to_string()).await;
    assert_eq!((sent.status, sent.text().as_str()), (StatusCode::OK, "{}"));
    message["node"]["automatic"]["packages"] = "x".repeat(10 * 1024 * 1024).into();
    let sent = collect(&story.world, Some(&token), message.to_string()).await;
    assert_eq!(sent.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_is_confirmed_by_one_press_on_the_services_page() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/services?confirm=on").await;
    assert!(page.says("#services").contains("zookeeper"), "{}", page.says("#services"));
    let edit = ana.get("/services/zookeeper/edit").await;
    let typed = [
        ("owner", "SRE"),
        ("tier", "1"),
        ("links.0.title", "Runbook"),
        ("links.0.url", "ftp://wiki.example.org/zookeeper"),
    ];
    let refused = ana.fill(&edit, "/services/zookeeper/edit", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = refused.form("/services/zookeeper/edit");
    assert!(fields.contains(&("links.0.title".into(), "Runbook".into())), "{fields:?}");
    let typed = [("links.0.url", "https://wiki.example.org/zookeeper")];
    let sent = ana.fill(&refused, "/services/zookeeper/edit", &typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    let page = ana.get("/services/zookeeper").await;
    let facts = read(&page, "aside");
    assert!(facts.contains("Tier 1") && facts.contains("Checked"), "{facts}");
    assert!(page.all("aside a", "href").contains(&"https://wiki.example.org/zookeeper".to_owned()));
    let sent = ana.fill(&page, "/services/zookeeper/confirm-ownership", &[]).await;
    assert_eq!(sent.header("location"), "/services/zookeeper", "{}", sent.says("main"));
    assert!(read(&ana.get("/services/zookeeper").await, "aside").contains("by Ana"));
}

#[tokio::test(flavor = "multi_thread")]
async fn dependencies_are_drawn_without_script_and_stand_in_a_table_beside() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/services/new").await;
    let sent =
        ana.fill(&page, "/services/add", &[("name", "Kafka"), ("needs.0", "zookeeper"), ("stateful", "on")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    for address in ["/services", "/services/kafka", "/services/zookeeper"] {
        let page = ana.get(address).await;
        assert!(page.has("#dependencies svg[role=img]"), "{address}");
        assert!(page.says("#dependencies-wide-text").contains("kafka needs zookeeper"), "{address}");
        assert!(page.says("#dependencies-table").contains("kafka"), "{address}");
    }
    assert!(!ana.get("/services?q=kaf%2A").await.has("#dependencies"), "a list of some draws nothing");
    let map = ana.get("/coverage").await;
    let first = map.says("#coverage tbody tr");
    assert!(first.contains("Kafka") && first.contains("never tried"), "{first}");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_its_last_service_the_coverage_map_says_so_and_leads_back() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let whole = ana.get("/api/v1/coverage").await.json();
    assert_eq!(whole["older_left_out"], false, "{whole}");
    let last = whole["lines"].as_array().unwrap().last().unwrap()["service"].as_str().unwrap().to_owned();
    let page = ana.get(&format!("/coverage?after={last}")).await;
    assert_eq!(page.status, StatusCode::OK);
    let says = page.says("main");
    assert!(says.contains(&format!("No services after {last}")) && !says.contains("Nothing to cover yet"), "{says}");
    assert_eq!(page.all("main .empty a", "href"), ["/coverage"]);
    assert!(!page.has("nav[aria-label=\"Pages of the coverage map\"]"), "it leads back once");
    assert!(!ana.get("/coverage").await.says("main").contains("More runs ended"), "nothing is left out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_file_is_looked_at_first_and_then_imported() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = send(&mut ana, &[("_dry", "on")], Some(CATALOGUE)).await;
    assert_eq!(page.status, StatusCode::OK);
    let table = page.says("#foreseen-services");
    for words in ["component:default/kafka", "Create", "Skip", "describes an interface"] {
        assert!(table.contains(words), "{words}: {table}");
    }
    assert_eq!(ana.get("/services/kafka").await.status, StatusCode::NOT_FOUND);
    let sent = send(&mut ana, &[], Some(CATALOGUE)).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/services"), "{}", sent.says("main"));
    let page = ana.get("/services/kafka").await;
    assert!(read(&page, "aside").contains("Imported from Backstage"), "{}", read(&page, "aside"));

    let token = token(&story.world, "Ci", Role::Contributor, "all").await;
    let text = String::from_utf8_lossy(CATALOGUE);
    let request = Request::post("/api/v1/import/backstage?dry_run=true")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/yaml");
    let taken = answer(&story.world.router, request.body(Body::from(text.into_owned())).unwrap()).await;
    assert_eq!((taken.status, &taken.json()["dry_run"]), (StatusCode::OK, &true.into()), "{}", taken.text());
    let unknown = call(&story.world, "POST", "/api/v1/import/backstage?dry=true", &token, "{}").await;
    assert_eq!(problem(&unknown).0, 422);
}

#[test]
fn the_command_line_takes_a_catalogue_file_beside_a_running_server() {
    let served = Served::new();
    served.at_home(&["user", "add", "ana@example.org", "--admin", "--name", "Ana"]).well();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../notebook/tests/documents/backstage/catalog-info.yaml");
    let dry = served.at_home(&["import", file, "--dry-run"]).well().out;
    assert!(dry.starts_with("Backstage: 4 created, 0 updated, 4 skipped\n"), "{dry}");
    assert!(dry.contains("create  component:default/kafka: No service is called like it."), "{dry}");
    assert!(dry.contains("This was a dry run; nothing was kept."), "{dry}");
    served.at_home(&["import", file, "--format", "backstage"]).well();
    let again = served.at_home(&["import", file, "--json"]).well().json();
    let kept = again["lines"].as_array().unwrap().iter().all(|line| line["does"] == "skip");
    assert!(kept && again["dry_run"] == false, "{again:#}");
}
