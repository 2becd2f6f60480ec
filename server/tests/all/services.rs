//! Services, targets, changes and environments through their pages and forms.

use axum::http::StatusCode;
use notebook::actor::Role;

use crate::programs::{call, token};
use crate::story::{Story, head};
use crate::world::{Answer, Browser, World};

const HOSTILE: &str = "</title></textarea><script>alert(1)</script>\"'&";

/// A browser at a notebook with one environment and the service Kafka.
async fn with_kafka(world: &World) -> Browser {
    let mut admin = world.signed_in("Ana", Role::Admin).await;
    let page = admin.get("/environments").await;
    let sent = admin.fill(&page, "/environments/add", &[("name", "Production"), ("class", "production")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    add(&mut admin, &[("name", "Kafka"), ("owner", "Data platform"), ("stateful", "on")]).await;
    admin
}

async fn add(browser: &mut Browser, typed: &[(&str, &str)]) -> Answer {
    let page = browser.get("/services/new").await;
    browser.fill(&page, "/services/add", typed).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_notebook_offers_to_add_the_first_service() {
    let world = World::new().await;
    let mut ben = world.signed_in("Ben", Role::Contributor).await;
    let page = ben.get("/services").await;
    assert!(page.says(".empty").starts_with("No services yet Start with the one whose failure wakes you up."));
    assert_eq!(page.all(".primary", "href"), ["/services/new"], "the one primary act");
    let mut viewer = world.signed_in("Vera", Role::Viewer).await;
    let page = viewer.get("/services").await;
    assert!(page.has(".empty") && !page.has(".primary"), "nothing to press for who may not");
    assert_eq!(viewer.get("/services/new").await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.post("/services/add", &[("name", "Kafka")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_added_and_shown_with_what_it_needs() {
    let world = World::new().await;
    let mut ana = with_kafka(&world).await;
    let sent = add(&mut ana, &[("name", "Alerting"), ("needs.0", "kafka"), ("single_point", "on")]).await;
    assert_eq!(
        (sent.status, sent.header("location")),
        (StatusCode::SEE_OTHER, "/services/alerting"),
        "{}",
        sent.text()
    );
    let page = ana.get("/services/alerting").await;
    assert!(page.says(".flash").contains("Alerting is added."), "{}", page.says(".flash"));
    let facts = page.says("aside");
    assert!(facts.contains("Stateful no") && facts.contains("yes, without it nothing else goes on"), "{facts}");
    assert!(page.all("aside a", "href").contains(&"/services/kafka".to_owned()));
    assert_eq!(page.all(".primary", "href"), ["/experiments/new?service=alerting"]);
    let kafka = ana.get("/services/kafka").await;
    assert!(kafka.says("aside").contains("Needed by alerting"), "{}", kafka.says("aside"));
    let list = ana.get("/services").await;
    assert_eq!(list.all("#services tbody a", "href"), ["/services/alerting", "/services/kafka"]);
    let found = ana.get("/services?q=data%20plat%2A").await;
    assert_eq!(found.all("#services tbody a", "href"), ["/services/kafka"], "owners are found too");
    let nothing = ana.get("/services?q=%3Cb%3E").await;
    let slip = ana.get("/services?q=sevice%3Akafka").await;
    assert_eq!(slip.status, StatusCode::BAD_REQUEST);
    assert_eq!(slip.all("#services-q", "value"), ["sevice:kafka"]);
    assert!(slip.says("#services-q-error").contains("did you mean service?"), "{}", slip.says("main"));
    assert!(nothing.says(".empty").contains("Nothing found for \u{201c}<b>\u{201d}"), "{}", nothing.says(".empty"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_service_comes_back_with_what_was_typed() {
    let world = World::new().await;
    let mut ana = with_kafka(&world).await;
    let answer = add(&mut ana, &[("name", ""), ("description", HOSTILE), ("needs.0", "kafka")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = answer.form("/services/add");
    assert!(fields.contains(&("description".into(), HOSTILE.into())), "{fields:?}");
    assert!(fields.contains(&("needs.0".into(), "kafka".into())), "a tick is kept: {fields:?}");
    assert_eq!(answer.all(".errors a", "href"), ["#services-add-name"]);
    assert!(answer.has("#services-add-name[aria-invalid=true]"));
    assert!(
        !answer.has("script:not([type=module]):not([src])") || !answer.text().contains("<script>alert"),
        "text stays text"
    );

    let taken = add(&mut ana, &[("name", "kafka!"), ("slug", "kafka"), ("owner", "Us")]).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    assert!(taken.says(".errors").contains("belongs to another service"), "{}", taken.says(".errors"));
    assert!(taken.form("/services/add").contains(&("owner".into(), "Us".into())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_sent_twice_leads_to_the_one_that_was_added() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let page = ana.get("/services/new").await;
    for _ in 0..2 {
        let sent = ana.fill(&page, "/services/add", &[("name", "Kafka")]).await;
        assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/services/kafka"));
    }
    assert!(ana.get("/services/kafka").await.says(".flash").contains("sent before"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_edit_shows_both_texts_and_can_be_saved_knowingly() {
    let world = World::new().await;
    let mut ana = with_kafka(&world).await;
    let mine = ana.get("/services/kafka/edit").await;
    let theirs = ana.get("/services/kafka/edit").await;
    let first = ana.fill(&theirs, "/services/kafka/edit", &[("owner", "Streaming")]).await;
    assert_eq!((first.status, first.header("location")), (StatusCode::SEE_OTHER, "/services/kafka"));
    let stale = ana.fill(&mine, "/services/kafka/edit", &[("owner", "Platform")]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert!(stale.form("/services/kafka/edit").contains(&("owner".into(), "Platform".into())));
    let beside = stale.says("#meanwhile");
    assert!(beside.contains("Owner Platform Streaming") && !beside.contains("Stateful"), "{beside}");
    let unfit = ana.fill(&mine, "/services/kafka/edit", &[("name", ""), ("_once", "x")]).await;
    assert_eq!(unfit.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        unfit.form("/services/kafka/edit").contains(&("version".into(), "1".into())),
        "an unseen save is not overwritten"
    );
    let saved = ana.fill(&stale, "/services/kafka/edit", &[]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.says("main"));
    assert!(ana.get("/services/kafka").await.says("aside").contains("Platform"));
}

#[tokio::test(flavor = "multi_thread")]
async fn targets_are_rows_and_more_rows_keep_what_was_typed() {
    let world = World::new().await;
    let mut ana = with_kafka(&world).await;
    let page = ana.get("/services/kafka").await;
    assert_eq!(page.all("[name$='.name']", "name").len(), 3, "three spare rows");
    let act = "/services/kafka/set-targets";
    let more = ana.fill(&page, act, &[("rows.0.name", "kafka-1"), ("_rows", "rows")]).await;
    assert_eq!(more.status, StatusCode::OK);
    assert_eq!(more.all("[name$='.name']", "name").len(), 6);
    assert!(more.form(act).contains(&("rows.0.name".into(), "kafka-1".into())));
    assert!(more.has("details[open] [name='rows.0.name']"), "what came back is not folded away");
    let twice = ana.fill(&more, act, &[("rows.5.name", "kafka-1")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.says(".errors").contains("Rows 6, name"), "{}", twice.says(".errors"));
    let saved = ana.fill(&twice, act, &[("rows.5.name", "kafka-2"), ("rows.5.role", "leader")]).await;
    assert_eq!(
        (saved.status, saved.header("location")),
        (StatusCode::SEE_OTHER, "/services/kafka"),
        "{}",
        saved.says("main")
    );
    let page = ana.get("/services/kafka").await;
    assert!(page.says("#targets").contains("kafka-2 Production leader"), "{}", page.says("#targets"));
    let stale = ana.fill(&twice, act, &[("rows.5.name", "kafka-9"), ("_once", "x")]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_recorded_for_the_service_of_the_page() {
    let world = World::new().await;
    let mut ana = with_kafka(&world).await;
    add(&mut ana, &[("name", "Alerting")]).await;
    let page = ana.get("/services/kafka").await;
    let act = "/services/kafka/record-change";
    let ahead = ana.fill(&page, act, &[("summary", "Kafka 3.9"), ("at", "2026-11-05T10:00")]).await;
    assert_eq!(ahead.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(ahead.says(".errors").contains("At: Lies ahead"), "{}", ahead.says(".errors"));
    assert!(ahead.form(act).contains(&("summary".into(), "Kafka 3.9".into())));
    let sent = ana.fill(&ahead, act, &[("at", "2026-11-01T10:00"), ("services.0", "alerting")]).await;
    assert_eq!(
        (sent.status, sent.header("location")),
        (StatusCode::SEE_OTHER, "/services/kafka"),
        "{}",
        sent.says("main")
    );
    let page = ana.get("/services/kafka").await;
    assert!(page.says("#changes tbody").contains("Deploy Kafka 3.9 production alerting"), "{}", page.says("#changes"));
    assert!(page.says("#changes time").contains("1 day ago"), "local time in the person's zone");
    let other = ana.get("/services/alerting").await;
    assert!(other.says("#changes tbody").contains("Kafka 3.9"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_marked_irrelevant_on_its_page_and_that_is_taken_back() {
    let world = World::new().await;
    let mut ana = with_kafka(&world).await;
    let page = ana.get("/services/kafka").await;
    ana.fill(&page, "/services/kafka/record-change", &[("summary", "Comments")]).await;
    let page = ana.get("/services/kafka").await;
    assert!(page.all("#changes a[href]", "href").contains(&"/changes/1#mark".to_owned()));
    let page = ana.get("/changes/1").await;
    let act = "/changes/1/mark-irrelevant";
    let refused = ana.fill(&page, act, &[("reason", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says(".errors").contains("Reason"), "{}", refused.says(".errors"));
    let sent = ana.fill(&refused, act, &[("reason", "Only comments changed")]).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/changes/1"), "{}", sent.says("main"));
    let page = ana.get("/services/kafka").await;
    assert!(page.says("#changes tbody").contains("Only comments changed"), "{}", page.says("#changes"));
    let page = ana.get("/changes/1").await;
    assert!(page.says("#mark").contains("it makes nothing stale"), "{}", page.says("#mark"));
    ana.fill(&page, "/changes/1/mark-relevant", &[("reason", "It restarted them")]).await;
    let page = ana.get("/changes/1").await;
    assert!(page.says("main").contains("took back that it is irrelevant"), "{}", page.says("main"));
    assert!(!page.form(act).is_empty(), "it can be marked again");
    assert_eq!(ana.get("/changes/7").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn environments_are_added_and_edited_by_admins_only() {
    let world = World::new().await;
    let mut ana = with_kafka(&world).await;
    let page = ana.get("/environments").await;
    let act = "/environments/production/edit";
    let sent = ana.fill(&page, act, &[("name", "Live")]).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/environments"));
    let stale = ana.fill(&page, act, &[("name", "Prod"), ("_once", "x")]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert!(stale.says("#meanwhile").contains("Name Prod Live"), "{}", stale.says("#meanwhile"));
    let taken =
        ana.fill(&page, "/environments/add", &[("name", "Production"), ("class", "other"), ("_once", "y")]).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    let mut ben = world.signed_in("Ben", Role::Contributor).await;
    let page = ben.get("/environments").await;
    assert!(page.says("#environments").contains("Live") && !page.has("main form"));
    assert_eq!(ben.post("/environments/add", &[("name", "Canary")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_found() {
    let world = World::new().await;
    let mut ana = with_kafka(&world).await;
    for path in ["/services/nowhere", "/services/nowhere/edit", "/services/No!"] {
        assert_eq!(ana.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/services/nowhere/edit", "/services/nowhere/set-targets", "/environments/nowhere/edit"] {
        let sent = ana.post(path, &[("name", "x"), ("version", "1")]).await;
        assert_ne!(sent.status, StatusCode::SEE_OTHER, "{path}");
    }
    assert!(ana.get("/services?after=%00").await.status.is_success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_shows_what_was_tried_and_found_on_it() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop after a restart").await;
    let mut ana = story.browser().await;
    let page = ana.get("/services/zookeeper").await;
    let tried = page.says("#tried tbody");
    assert!(tried.contains("EXP-1") && tried.contains("Ready") && tried.contains("Refuted RUN-1"), "{tried}");
    let found = page.says("#found tbody");
    assert!(found.contains(&finding.to_string()) && found.contains("High") && found.contains("Open"), "{found}");
    assert!(head(&page).contains("zookeeper"), "{}", head(&page));
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_add_services_and_record_changes_with_the_same_words() {
    let world = World::new().await;
    let mut ana = with_kafka(&world).await;
    let token = token(&mut ana, "all").await;
    let added =
        call(&world, "POST", "/api/v1/services/add", &token, r#"{"name": "Alerting", "needs": ["kafka"]}"#).await;
    assert_eq!(
        (added.status, added.json()["slug"].as_str()),
        (StatusCode::CREATED, Some("alerting")),
        "{}",
        added.text()
    );
    let change = r#"{"kind": "deploy", "summary": "3.9", "environment": "production", "services": ["kafka"]}"#;
    let recorded = call(&world, "POST", "/api/v1/changes", &token, change).await;
    assert_eq!(
        (recorded.status, recorded.json()["id"].as_i64()),
        (StatusCode::CREATED, Some(1)),
        "{}",
        recorded.text()
    );
    let shown = call(&world, "GET", "/api/v1/services/kafka", &token, "").await.json();
    assert_eq!(
        (shown["needed_by"][0].as_str(), shown["changes"][0]["summary"].as_str()),
        (Some("alerting"), Some("3.9"))
    );
    let list = call(&world, "GET", "/api/v1/services?q=kaf%2A", &token, "").await.json();
    assert_eq!((list["services"].as_array().unwrap().len(), list["more"].as_bool()), (1, Some(false)));
    let unfit = call(&world, "POST", "/api/v1/services/add", &token, r#"{"name": ""}"#).await;
    assert_eq!(
        (unfit.status, unfit.json()["fields"][0]["field"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("name"))
    );
    let missing = call(&world, "GET", "/api/v1/services/nowhere", &token, "").await;
    assert_eq!((missing.status, missing.json()["code"].as_str()), (StatusCode::NOT_FOUND, Some("missing")));
}
