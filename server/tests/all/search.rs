//! Searching: the page with its address, what is not understood, and the same for programs.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use notebook::{
    actor::Role,
    experiments::{
        self,
        observed::{self, ObservedDraft},
    },
    findings::{self, drafts::JudgeDraft},
    samples, teams, views,
};
use serde_json::json;

use crate::{
    ingest,
    process::Served,
    programs::{call, token},
    story::Story,
    world::answer,
};

fn at(query: &str) -> String {
    app::paths::search_for(query)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_is_found_and_each_chip_is_a_longer_query() {
    let story = Story::new().await;
    let finding = story.finding("alerts stop after a restart").await;
    let mut ana = story.browser().await;
    let page = ana.get(&at("alert* restart")).await;
    assert_eq!(page.status, StatusCode::OK);
    let shown = page.says("main");
    assert!(shown.contains(&finding.to_string()) && shown.contains("Open"), "{shown}");
    let chips = page.all("main nav a", "href");
    assert!(chips.contains(&at("alert* restart type:finding")), "{chips:?}");
    assert!(chips.contains(&at("alert* restart sort:-created")), "{chips:?}");
    let narrowed = ana.get(&at("alert* restart type:finding")).await;
    assert!(narrowed.says("main").contains("1 thing matches."), "{}", narrowed.says("main"));
    assert!(narrowed.says("main mark").to_lowercase().contains("alert"), "{}", narrowed.says("main"));
    let left = narrowed.all("main nav[aria-label^=Conditions] a", "href");
    assert_eq!(left, [at("restart type:finding"), at("alert* type:finding"), at("alert* restart")]);
    assert!(!ana.get(&at("alert*")).await.has("main nav[aria-label^=Conditions]"), "nothing would be left");
    assert_eq!(ana.get("/search").await.status, StatusCode::OK);

    // What is judged is counted by nobody.
    assert!(ana.get(&at("alert* restart")).await.has("main nav .num"));
    let judged = ana.get(&at("alert* restart is:open")).await;
    assert!(judged.says("main").contains("At most "), "{}", judged.says("main"));
    assert!(judged.has("main nav[aria-label^=What]") && !judged.has("main nav .num"), "{}", judged.says("main"));
    let either = ana.get(&at("is:regressed OR type:finding severity:<=critical -(is:verified)")).await;
    assert!(either.says("main").contains(&finding.to_string()), "{}", either.says("main"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_understood_keeps_its_text_and_nothing_found_offers_fewer_conditions() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get(&at("alerts sevice:kafka")).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_eq!(page.all("#search-q", "value"), ["alerts sevice:kafka"]);
    assert!(page.says("#search-q-error").contains("did you mean service?"), "{}", page.says("main"));
    assert_eq!(page.says("main p mark"), "sevice:");

    let page = ana.get(&at("neverheardof env:production")).await;
    assert!(page.says("main").contains("Nothing found for"), "{}", page.says("main"));
    let offered = page.all("main a", "href");
    assert!(offered.contains(&at("env:production")) && offered.contains(&at("neverheardof")), "{offered:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_nothing_has_is_said_at_its_place_through_every_door() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get(&at("alerts service:zookeper")).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_eq!(page.all("#search-q", "value"), ["alerts service:zookeper"]);
    assert!(page.says("#search-q-error").contains("did you mean zookeeper?"), "{}", page.says("main"));
    assert_eq!(page.says("main p mark"), "zookeper");
    for list in ["experiments", "runs", "findings", "fixes", "decisions", "services"] {
        let page = ana.get(&format!("/{list}?q=service%3Azookeper")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{list}");
        assert!(page.says("main").contains("did you mean zookeeper?"), "{list}: {}", page.says("main"));
        let refused = ana.get(&format!("/api/v1/{list}?q=service%3Azookeper")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{list}");
        assert_eq!(refused.value()["fields"][0]["offset"], json!(8), "{list}");
    }
    for door in ["/api/v1/search", "/api/v1/search/csv"] {
        let refused = ana.get(&format!("{door}?q=by%3Aanna")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{door}");
        assert!(refused.text().contains("did you mean ana@example.org?"), "{door}: {}", refused.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_of_a_name_that_nothing_has_is_not_saved_and_one_whose_name_is_gone_still_opens() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get(&at("zookeeper")).await;
    let typed = [("name", "Quorum"), ("query", "alerts service:zookeper")];
    let refused = ana.fill(&page, "/views", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (name, value) in typed {
        assert!(refused.form("/views").contains(&(name.into(), value.into())), "{}", refused.says("main"));
    }
    let says = refused.says("#views-query-error");
    assert!(says.contains("at character 16: There is no service `zookeper`; did you mean zookeeper?"), "{says}");
    let token = token(&mut ana, "all").await;
    let sent = json!({ "name": "Quorum", "query": "by:anna" }).to_string();
    let refused = call(&story.world, "POST", "/api/v1/views", &token, &sent).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    let problem = refused.value();
    let field = &problem["fields"][0];
    assert_eq!((&field["pointer"], &field["offset"]), (&json!("/query"), &json!(3)), "{problem:#}");
    assert!(refused.text().contains("did you mean ana@example.org?"), "{problem:#}");

    // A name that was there: what is the sample's goes with it.
    let (system, gone) = (story.world.system(), "service:demo-kafka");
    samples::acts::write(&system).await.unwrap();
    let draft =
        views::drafts::Draft { name: "Gone".into(), query: gone.into(), home: "on".into(), ..Default::default() };
    views::acts::save(&story.ana, &draft).await.unwrap();
    samples::acts::remove(&system).await.unwrap();
    let opened = ana.get("/search").await;
    assert_eq!(opened.status, StatusCode::BAD_REQUEST);
    assert_eq!(opened.all("#search-q", "value"), [gone]);
    assert!(opened.says("#search-q-error").contains("There is no service `demo-kafka`"), "{}", opened.says("main"));
    let page = ana.get(&at("zookeeper")).await;
    let refused = ana.fill(&page, "/views", &[("name", ""), ("query", gone)]).await;
    assert!(refused.form("/views").contains(&("query".into(), gone.into())), "{}", refused.says("main"));
    assert!(refused.has("#views-name-error") && refused.has("#views-query-error"), "both are said at once");
    let dropping = opened.all("main form", "action").into_iter().find(|action| action.ends_with("/drop")).unwrap();
    ana.fill(&opened, &dropping, &[]).await;
    assert_eq!(ana.get("/search").await.status, StatusCode::OK, "it can be dropped, and is");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_observation_is_led_to_by_its_id() {
    let story = Story::new().await;
    let seen = ObservedDraft { text: "pagers stay silent".into(), ..ObservedDraft::default() };
    observed::observe(&story.ana, story.experiment, &seen).await.unwrap();
    let place = "/experiments/EXP-1#o1".to_owned();
    let mut ana = story.browser().await;
    for typed in ["EXP-1%23o1", "exp-1%23o1"] {
        let found = ana.get(&format!("/search?q={typed}")).await.all("main section li a", "href");
        assert_eq!(found.first(), Some(&place), "{typed}");
        assert!(ana.get(&format!("/go?q={typed}")).await.all("#found a", "href").contains(&place), "{typed}");
    }
    let page = ana.get("/experiments/EXP-1").await;
    assert!(page.has("#o1"), "{}", page.says("main"));
    let found = ana.get("/api/v1/search?q=exp-1%23o1").await.json();
    assert_eq!((&found["hits"][0]["id"], &found["hits"][0]["unreadable"]), (&json!("EXP-1#o1"), &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_ask_in_the_same_language_page_by_page() {
    let story = Story::new().await;
    let finding = story.finding("alerts stop after a restart").await;
    let mut ana = story.browser().await;
    let found = ana.get("/api/v1/search?q=alerts+AND+stop&facets=on").await.json();
    assert_eq!((&found["query"], &found["at_most"]), (&json!("alerts stop"), &json!(false)));
    let judged = ana.get("/api/v1/search?q=alerts+stop+(is%3Aopen+OR+has%3Afix)").await.json();
    assert_eq!((&judged["hits"][0]["id"], &judged["at_most"]), (&json!(finding.to_string()), &json!(true)));
    assert_eq!((&found["hits"][0]["id"], &found["hits"][0]["kind"]), (&json!(finding.to_string()), &json!("finding")));
    assert_eq!(found["hits"][0]["states"], json!(["open"]));
    assert!(found["facets"].as_array().unwrap().iter().any(|facet| facet["value"] == "finding"), "{found:#}");

    let first = ana.get("/api/v1/search?limit=1").await;
    let next = first.header("link").to_owned();
    assert!(next.contains("after="), "{next}");
    let address = next.trim_start_matches('<').split('>').next().unwrap();
    let path = address.split_once("/api/").map(|(_, path)| format!("/api/{path}")).unwrap();
    let second = ana.get(&path).await.json();
    assert_ne!(second["hits"][0]["id"], first.json()["hits"][0]["id"]);

    let csv = ana.get("/search.csv?q=type%3Afinding").await;
    assert!(csv.header("content-type").starts_with("text/csv"), "{}", csv.header("content-type"));
    let lines = csv.text();
    let lines: Vec<&str> = lines.lines().collect();
    assert!(lines.len() == 2 && lines[1].starts_with(&format!("{finding},finding,open,")), "{lines:?}");

    let refused = ana.get("/api/v1/search?q=is%3Aopne").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.value()["fields"][0]["offset"], json!(3));
    let says = refused.value()["fields"][0]["says"].as_str().unwrap().to_owned();
    assert!(says.contains("at character 4") && says.contains("open"), "{says}");
    assert_eq!(ana.get("/api/v1/search?q=a&after=x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_list_is_asked_in_the_same_language() {
    let story = Story::new().await;
    let finding = story.finding("alerts stop after a restart").await;
    let fix = story.fix(finding, "Shorter timeout").await;
    let mut ana = story.browser().await;
    for list in ["experiments", "runs", "findings", "fixes", "decisions", "services", "slos", "gamedays"] {
        let slip = ana.get(&format!("/{list}?q=sevice%3Akafka")).await;
        assert_eq!(slip.status, StatusCode::BAD_REQUEST, "{list}");
        assert_eq!(slip.all("input[type=search]", "value"), ["sevice:kafka"], "{list}");
        assert!(slip.says("main").contains("did you mean service?"), "{list}: {}", slip.says("main"));
        let refused = ana.get(&format!("/api/v1/{list}?q=sevice%3Akafka")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{list}");
        let none = ana.get(&format!("/{list}?q=neverheardof&view=all")).await;
        assert_eq!(none.status, StatusCode::OK, "{list}");
        assert!(none.says(".empty").contains("Nothing found"), "{list}: {}", none.says("main"));
        let none = ana.get(&format!("/api/v1/{list}?q=neverheardof")).await.json();
        assert_eq!((&none[list], &none["more"]), (&json!([]), &json!(false)), "{list}");
    }
    for list in ["experiments", "findings", "services"] {
        let page = ana.get(&format!("/{list}")).await;
        let taken = page.all("main form a", "href").into_iter().filter(|href| href.contains("q=type%3A"));
        let taken: Vec<String> = taken.collect();
        assert_eq!(taken.len(), 2, "{list}: {taken:?}");
        for taken in taken {
            assert_eq!(ana.get(&taken).await.status, StatusCode::OK, "{taken}");
        }
    }
    let page = ana.get("/findings?view=all&q=alert%2A+restart").await;
    for taken in ["/search.csv?q=", "/api/v1/search?q="] {
        let taken = format!("{taken}{}", app::paths::encoded("alert* restart type:finding sort:-created"));
        assert!(page.all("main a", "href").contains(&taken), "{taken}");
        assert!(ana.get(&taken).await.text().contains(&finding.to_string()), "{taken}");
    }
    assert!(page.says("#findings").contains(&finding.to_string()), "{}", page.says("main"));
    let narrowed = page.all("main a", "href");
    assert!(narrowed.contains(&at("alert* restart type:finding")), "{narrowed:?}");
    let found = ana.get("/api/v1/fixes?q=is%3Aproposed+finding%3Afnd-1").await.json();
    assert_eq!(found["fixes"][0]["fix"]["id"], json!(fix.to_string()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_along_of_a_list_is_what_the_list_shows() {
    let story = Story::new().await;
    let (open, drilled) = (story.finding("alerts stop").await, story.finding("alerts come late").await);
    let drill = JudgeDraft { reason: "A drill.".into(), ..JudgeDraft::default() };
    findings::acts::dismiss(&story.ben, drilled, &drill).await.unwrap();
    let plan =
        experiments::Draft { title: "Cut a link".into(), services: vec!["alerting".into()], ..Default::default() };
    let planned = experiments::acts::create(&story.ana, &plan).await.unwrap().id;
    let mut ana = story.browser().await;
    for (list, shown) in [
        ("/findings", vec![open.to_string()]),
        ("/findings?view=all", vec![drilled.to_string(), open.to_string()]),
        ("/findings?view=all&q=late", vec![drilled.to_string()]),
        ("/findings?view=all&service=alerting", vec![drilled.to_string(), open.to_string()]),
        ("/findings?experiment=EXP-2", Vec::new()),
        ("/experiments?stage=draft", vec![planned.to_string()]),
        ("/experiments?stage=ready", vec![story.experiment.to_string()]),
        ("/runs?execution=planned", Vec::new()),
        ("/runs?execution=finished&experiment=EXP-1", vec![story.run.to_string()]),
        ("/decisions?experiment=EXP-2", Vec::new()),
        ("/slos?service=zookeeper&q=neverheardof", Vec::new()),
    ] {
        let page = ana.get(list).await;
        let of = |start: &str| {
            let links = page.all("main form a", "href");
            links.into_iter().find(|href| href.starts_with(start)).unwrap_or_else(|| panic!("{list}: {start}"))
        };
        let csv = ana.get(&of("/search.csv?q=")).await.text();
        let lines: Vec<&str> = csv.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!(lines, shown, "{list}");
        let json = ana.get(&of("/api/v1/search?q=")).await.json();
        let ids: Vec<&str> = json["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect();
        assert_eq!(ids, shown, "{list}");
    }
    let page = ana.get("/services?confirm=on&q=zoo%2A").await;
    let taken = page.all("main form a", "href");
    assert_eq!(taken, ["/api/v1/services?confirm=on&q=zoo%2A"], "nothing in a query asks for that");
    assert_eq!(ana.get(&taken[0]).await.json()["services"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_whole_however_long_and_an_order_that_would_cut_it_is_refused() {
    const THINGS: usize = 2_010;
    let story = Story::new().await;
    let token = ingest::token(&story.world, "Root", Role::Admin, "all").await;
    for part in 0..3 {
        let service = |index: usize| {
            let head = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ";
            format!("{head}part-{part}-{index}\nspec:\n  type: service\n  owner: ana\n")
        };
        let text = (0..THINGS / 3).map(service).collect::<Vec<_>>().join("---\n");
        let request = Request::post("/api/v1/import/backstage")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/yaml");
        let sent = answer(&story.world.router, request.body(Body::from(text)).unwrap()).await;
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.text());
    }
    let mut ana = story.browser().await;
    for query in ["type:service", "part type:service", "type:service sort:created", "type:service sort:-updated"] {
        let csv = ana.get(&format!("/search.csv?q={}", app::paths::encoded(query))).await;
        let text = csv.text();
        let ids: BTreeSet<&str> = text.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        let parts = ids.iter().filter(|id| id.starts_with("part-")).count();
        assert_eq!((csv.status, parts), (StatusCode::OK, THINGS), "{query}");
        assert_eq!(text.lines().count(), ids.len() + 1, "{query}: none stands in it twice");
        assert!(text.ends_with("\r\n"), "{query}");
    }
    let packed = Request::get("/api/v1/search/csv?q=")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::ACCEPT_ENCODING, "gzip");
    let packed = answer(&story.world.router, packed.body(Body::empty()).unwrap()).await;
    assert_eq!((packed.status, packed.header("content-encoding")), (StatusCode::OK, "gzip"));
    let refused = ana.get("/api/v1/search/csv?q=part+sort%3Arelevance").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("without `sort:` the table holds all of them"), "{}", refused.text());
    let few = ana.get("/search.csv?q=zookeeper+sort%3Arelevance").await;
    assert_eq!(few.status, StatusCode::OK, "nothing of it is cut");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_saved_by_its_form_opens_the_page_and_is_a_team_s_or_nobody_else_s() {
    const VIEWS: &str = "main nav[aria-label=\"Saved views\"] a";
    let story = Story::new().await;
    let team = teams::drafts::Draft { name: "Data platform".into(), zone: "UTC".into(), ..Default::default() };
    teams::acts::write(&story.world.system(), &team).await.unwrap();
    let finding = story.finding("alerts stop after a restart").await;
    let mut ana = story.browser().await;
    let page = ana.get(&at("type:finding alerts")).await;
    let home = [("name", "What alerts showed"), ("home", "on")];
    let sent = ana.fill(&page, "/views", &home).await;
    assert_eq!(sent.header("location"), at("type:finding alerts"), "{}", sent.says("main"));
    let page = ana.get(&at("restart")).await;
    let shared = [("name", "Restarts"), ("team", "data-platform"), ("pinned", "on")];
    ana.fill(&page, "/views", &shared).await;

    let opened = ana.get("/search").await;
    assert_eq!(opened.all("#search-q", "value"), ["type:finding alerts"]);
    assert!(opened.says("main").contains(&finding.to_string()), "{}", opened.says("main"));
    assert_eq!(opened.all(VIEWS, "href"), [at("restart"), at("type:finding alerts")], "the pinned one is first");
    let mut vera = story.world.signed_in("Vera", Role::Viewer).await;
    let others = vera.get("/search").await;
    assert_eq!(others.all(VIEWS, "href"), [at("restart")]);
    assert!(others.says(VIEWS).contains("(data-platform)") && others.says("main").contains("How to ask"));

    let pinned = vera.get("/runs").await.all("nav.rail ul[aria-label=\"Pinned views\"] a", "href");
    assert_eq!(pinned, [at("restart"), "/search#views".to_owned()]);
    assert!(ana.get("/search").await.has("nav#views"), "where all of them stand");

    for query in ["restart", "sevice:kafka", ""] {
        let page = vera.get(&at("restart")).await;
        let refused = vera.fill(&page, "/views", &[("name", ""), ("query", query)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(refused.form("/views").contains(&("query".into(), query.into())), "{query}");
        assert_eq!(refused.all("#search-q", "value"), [query]);
    }
    let dropping = opened.all("main form", "action").into_iter().find(|action| action.ends_with("/drop")).unwrap();
    ana.fill(&opened, &dropping, &[]).await;
    let left = ana.get("/search").await;
    assert_eq!(left.all(VIEWS, "href"), [at("restart")]);
    assert!(left.says("main").contains("How to ask"), "no view opens the page any more");
}

#[test]
fn a_terminal_searches_lists_and_writes_the_index_anew_beside_the_server() {
    let served = Served::new();
    served.at_home(&["user", "add", "ana@example.org", "--admin", "--name", "Ana"]).well();
    let ana = served.program("ana", "all");
    for title in ["alerts stop", "alerts come late", "a disk is full"] {
        ana.run(&["finding", "create", title, "environment=production"]).well();
    }
    let found = || ana.run(&["search", "alerts", "type:finding", "sort:created", "--quiet"]).well().out;
    assert_eq!(found(), "FND-1\nFND-2\n");
    let told = ana.run(&["search", "alerts -late", "--json"]).json();
    assert_eq!((&told["query"], &told["hits"][0]["id"]), (&json!("alerts -late"), &json!("FND-1")));
    assert_eq!(ana.run(&["list", "findings", "alerts", "is:open", "--quiet"]).well().out, "FND-2\nFND-1\n");
    let slip = ana.run(&["search", "sevice:kafka"]);
    assert!(slip.number != 0 && slip.err.contains("did you mean service?"), "{}{}", slip.out, slip.err);
    let slip = ana.run(&["search", "alerts by:anna"]);
    assert!(slip.number != 0 && slip.err.contains("did you mean ana@example.org?"), "{}{}", slip.out, slip.err);

    let anew = served.at_home(&["db", "reindex"]).well();
    assert!(anew.out.contains("things are found by their present words."), "{}", anew.out);
    served.at_home(&["db", "reindex", "--reorder"]).well();
    served.at_home(&["verify"]).well();
    assert_eq!(found(), "FND-1\nFND-2\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_takes_the_place_of_one_of_its_name_only_where_that_is_said() {
    const NAMED: (&str, &str) = ("name", "Restarts");
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get(&at("restart")).await;
    ana.fill(&page, "/views", &[NAMED]).await;
    let page = ana.get(&at("restart type:finding")).await;
    assert!(!page.has("#views-replace[checked]"), "that is chosen anew each time");
    let refused = ana.fill(&page, "/views", &[NAMED, ("pinned", "on")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says("#views-name-error").contains("tick Replace"), "{}", refused.says("main"));
    for (name, value) in [NAMED, ("query", "restart type:finding"), ("pinned", "on")] {
        assert!(refused.form("/views").contains(&(name.into(), value.into())), "{name}: {}", refused.says("main"));
    }
    let sent = ana.fill(&refused, "/views", &[("replace", "on")]).await;
    assert_eq!(sent.header("location"), at("restart type:finding"), "{}", sent.says("main"));

    let token = token(&mut ana, "all").await;
    let listed = ana.get("/api/v1/views").await.value();
    assert_eq!(listed["views"].as_array().map(Vec::len), Some(1), "{listed:#}");
    assert_eq!(listed["views"][0]["query"], json!("restart type:finding"));
    let sent = json!({ "name": "Restarts", "query": "kafka" }).to_string();
    let refused = call(&story.world, "POST", "/api/v1/views", &token, &sent).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert_eq!(refused.value()["fields"][0]["pointer"], json!("/name"), "{}", refused.text());
    let sent = json!({ "name": "Restarts", "query": "kafka", "replace": true }).to_string();
    let replaced = call(&story.world, "POST", "/api/v1/views", &token, &sent).await;
    assert_eq!(replaced.status, StatusCode::OK, "{}", replaced.text());
    assert_eq!(replaced.value()["query"], json!("kafka"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_change_teams_changes_and_drops_the_views_of_teams() {
    let story = Story::new().await;
    let team = teams::drafts::Draft { name: "Data platform".into(), zone: "UTC".into(), ..Default::default() };
    teams::acts::write(&story.world.system(), &team).await.unwrap();
    let mut ana = story.browser().await;
    let page = ana.get(&at("restart")).await;
    ana.fill(&page, "/views", &[("name", "Restarts"), ("team", "data-platform"), ("pinned", "on")]).await;
    let opened = ana.get(&at("restart")).await;
    let mut vera = story.world.signed_in("Vera", Role::Viewer).await;
    let others = vera.get(&at("restart")).await;
    assert!(others.has("nav#views") && !others.all("main form", "action").iter().any(|to| to.ends_with("/drop")));
    let mut root = story.world.signed_in("Root", Role::Admin).await;
    let page = root.get(&at("restart")).await;
    let actions = page.all("main form", "action");
    let ending = |end: &str| actions.iter().find(|action| action.ends_with(end)).unwrap().clone();
    let (change, dropping) = (ending("/edit"), ending("/drop"));
    assert!(page.form(&change).contains(&("pinned".into(), "on".into())), "{}", page.says("main"));
    let field = |name: &str| format!("form[action=\"{change}\"] input[name={name}]");
    assert!(!page.has(&field("home")), "which view opens Ana's page is for Ana to say");

    let refused = root.fill(&page, &change, &[("query", "sevice:kafka"), ("name", "Of ours")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (name, value) in [("query", "sevice:kafka"), ("name", "Of ours")] {
        assert!(refused.form(&change).contains(&(name.into(), value.into())), "{name}: {}", refused.says("main"));
    }
    let sent = root.fill(&refused, &change, &[("query", "restart type:finding")]).await;
    assert_eq!(sent.header("location"), at("restart type:finding"), "{}", sent.says("main"));
    let late = ana.fill(&opened, &change, &[("query", "restart type:run")]).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "{}", late.says("main"));
    assert!(late.form(&change).contains(&("query".into(), "restart type:run".into())), "{}", late.says("main"));
    assert!(late.says("main").contains("restart type:finding"), "beside what stands now");
    root.fill(&page, &dropping, &[]).await;
    assert!(!vera.get("/search").await.has("nav#views"));
}
