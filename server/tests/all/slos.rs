//! SLOs through their pages and forms: what is promised, what is typed in, what the budget says.

use axum::http::StatusCode;
use notebook::actor::Role;

use crate::story::{Story, head, read};
use crate::world::{Answer, Browser};

const PROMISED: [(&str, &str); 8] = [
    ("title", "Sessions answer"),
    ("service", "zookeeper"),
    ("environment", "production"),
    ("promise", "A session you open stays open."),
    ("measure", "answered pings"),
    ("target", "99 %"),
    ("too_broken", "90 %"),
    ("level_window", "1 d"),
];

async fn define(browser: &mut Browser, more: &[(&str, &str)]) -> Answer {
    let page = browser.get("/slos/new?service=zookeeper").await;
    let typed: Vec<(&str, &str)> =
        PROMISED.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name)).chain(more).copied().collect();
    browser.fill(&page, "/slos", &typed).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_slo_is_defined_approved_and_measured() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/slos").await;
    assert!(page.says(".empty").starts_with("No SLOs yet Say what good enough means."), "{}", page.says(".empty"));
    assert_eq!(page.all(".primary", "href"), ["/slos/new"]);
    let sent = define(&mut ana, &[]).await;
    assert_eq!(sent.header("location"), "/slos/SLO-1", "{}", sent.says("main"));

    let page = ana.get("/slos/SLO-1").await;
    assert!(head(&page).contains("Draft") && head(&page).contains("Budget unknown"), "{}", head(&page));
    let empty = page.says(".empty");
    assert!(empty.contains("No measurements yet Unmeasured time counts as unknown, not as good."), "{empty}");
    assert!(!page.has("#burndown"), "nothing is drawn of nothing");
    let sent = ana.fill(&page, "/slos/SLO-1/approve", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));

    let page = ana.get("/slos/SLO-1").await;
    assert!(head(&page).contains("Approved"), "{}", head(&page));
    let typed = [
        ("rows.0.from", "2026-10-01T00:00"),
        ("rows.0.to", "2026-11-02T10:00"),
        ("rows.0.good", "9,960"),
        ("rows.0.bad", "40"),
    ];
    let sent = ana.fill(&page, "/slos/SLO-1/measurements", &typed).await;
    assert_eq!(sent.header("location"), "/slos/SLO-1#measurements", "{}", sent.says("main"));
    let page = ana.get("/slos/SLO-1").await;
    assert!(head(&page).contains("Budget healthy"), "{}", head(&page));
    let budget = read(&page, "#budget");
    for words in ["60 %", "100 bad events", "40 bad events", "60 bad events can still happen", "The promise is kept."] {
        assert!(budget.contains(words), "{words}: {budget}");
    }
    assert!(page.says("#burndown").contains("RUN-1"), "{}", page.says("#burndown"));
    assert!(page.has("#burndown svg[role=img]") && page.has("#burndown-table"));
    assert!(page.says("#measurements-table").contains("9,960"));
    assert!(ana.get("/slos?service=zookeeper").await.says("table").contains("Sessions answer"));
    assert!(ana.get("/slos?service=alerting").await.says(".empty").contains("No SLO for alerting"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_of_all_is_refused_beside_its_field_and_what_was_typed_is_kept() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let answer = define(&mut ana, &[("target", "100 %"), ("window", "month"), ("zone", "Mars/Base")]).await;
    assert_eq!((answer.status, answer.says("h1").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "Define SLO"));
    assert!(answer.says("#slos-target-error").contains("no budget would remain to learn with"), "{}", answer.text());
    assert!(answer.has("#slos-zone-error"));
    let fields = answer.form("/slos");
    for kept in [("target", "100 %"), ("window", "month"), ("promise", "A session you open stays open.")] {
        assert!(fields.contains(&(kept.0.into(), kept.1.into())), "{kept:?} in {fields:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_promise_there_is_nothing_to_approve() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    define(&mut ana, &[("promise", "")]).await;
    let page = ana.get("/slos/SLO-1").await;
    assert!(page.says("main").contains("no customer promise is written"), "{}", page.says("main"));
    assert!(!page.has("form[action$='/approve']"));
    let refused = ana.post("/slos/SLO-1/approve", &[("version", "1")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.says("main").contains("no customer promise is written"), "{}", refused.says("main"));

    let page = ana.get("/slos/SLO-1/edit").await;
    let sent = ana.fill(&page, "/slos/SLO-1/edit", &[("promise", "Your session stays.")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let stale = ana.fill(&page, "/slos/SLO-1/edit", &[("promise", "Mine.")]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert!(stale.says("main").contains("Your session stays."), "both texts are shown: {}", stale.says("main"));
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_do_not_fit_come_back_with_their_row() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    define(&mut ana, &[]).await;
    let page = ana.get("/slos/SLO-1").await;
    let action = "/slos/SLO-1/measurements";
    let typed = [("rows.0.from", "2026-11-01T10:00"), ("rows.0.to", "2026-11-01T09:00"), ("rows.0.good", "few")];
    let answer = ana.fill(&page, action, &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = answer.form(action);
    assert!(fields.contains(&("rows.0.good".into(), "few".into())), "{fields:?}");
    assert!(answer.has("#slos-slo-1-measurements-rows-0-to-error"), "{}", answer.says("main"));
    assert!(answer.has("#enter details[open]"), "what came back is seen");

    let gap = [("from", "2026-11-01T08:00"), ("to", "2026-11-01T09:00"), ("events", "7"), ("reason", "Exporter down")];
    let sent = ana.fill(&answer, "/slos/SLO-1/sign-gap", &gap).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    let page = ana.get("/slos/SLO-1").await;
    assert!(page.says("#measurements-table").contains("signed as fully bad Exporter down"));
    let sent = ana.fill(&page, "/slos/SLO-1/withdraw-measurement", &[("reason", "It ran")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    let page = ana.get("/slos/SLO-1").await;
    assert!(page.says("#measurements-table").contains("no, 2 counts instead"), "{}", page.says("#measurements-table"));

    let retired = ana.fill(&page, "/slos/SLO-1/retire", &[("reason", "Nobody asks for it")]).await;
    assert_eq!(retired.status, StatusCode::SEE_OTHER);
    let page = ana.get("/slos/SLO-1").await;
    assert!(head(&page).contains("Retired") && !page.has("main form"), "{}", head(&page));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_reads_and_changes_nothing() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    define(&mut ana, &[]).await;
    let mut viewer = story.world.signed_in("Vera", Role::Viewer).await;
    let page = viewer.get("/slos/SLO-1").await;
    assert!(page.status == StatusCode::OK && !page.has("main form") && !page.has(".primary"));
    assert_eq!(viewer.get("/slos/new").await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.post("/slos/SLO-1/retire", &[("reason", "x")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.get("/slos/SLO-9").await.status, StatusCode::NOT_FOUND);
}
