//! What runs cost, on their page, on the SLO's page and in the ledger.

use axum::http::StatusCode;
use notebook::runs::{
    self,
    drafts::{PlanDraft, StartDraft, TargetDraft},
};

use crate::{
    story::{Story, read},
    world::Browser,
};

/// SLO-1 of zookeeper in production, approved, measured until the story's present moment.
pub async fn promised(ana: &mut Browser) {
    let page = ana.get("/slos/new?service=zookeeper").await;
    let typed = [
        ("title", "Sessions answer"),
        ("service", "zookeeper"),
        ("environment", "production"),
        ("promise", "A session you open stays open."),
        ("measure", "answered pings"),
        ("target", "99 %"),
        ("too_broken", "90 %"),
    ];
    ana.fill(&page, "/slos", &typed).await;
    let page = ana.get("/slos/SLO-1").await;
    ana.fill(&page, "/slos/SLO-1/approve", &[]).await;
    let page = ana.get("/slos/SLO-1").await;
    let typed = [
        ("rows.0.from", "2026-10-01T00:00"),
        ("rows.0.to", "2026-11-02T10:00"),
        ("rows.0.good", "9,960"),
        ("rows.0.bad", "40"),
    ];
    ana.fill(&page, "/slos/SLO-1/measurements", &typed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cost_of_a_run_stands_on_three_pages_and_is_unknown_before_it_is_measured() {
    let story = Story::new().await;
    story.finding("alerts stop after a restart").await;
    let mut ana = story.browser().await;
    let page = ana.get("/ledger").await;
    assert_eq!(page.says("h1"), "Ledger 2026-Q4");
    assert!(page.says("main").contains("1 run gave 1 finding, 1 severe."), "{}", page.says("main"));
    assert!(page.says("main").contains("No SLO was in force where these runs were"), "{}", page.says("main"));
    assert!(!ana.get("/runs/RUN-1").await.has("#spent"), "nothing was promised");

    promised(&mut ana).await;
    let page = ana.get("/runs/RUN-1").await;
    assert!(read(&page, "#spent-table").contains("not asked unknown"), "{}", read(&page, "#spent-table"));
    // The run began an hour after the story, and lasted sixteen minutes: 11:00 to 11:16 UTC.
    let row = [
        ("rows.0.from", "2026-11-02T11:00:00Z"),
        ("rows.0.to", "2026-11-02T11:16:00Z"),
        ("rows.0.good", "60"),
        ("rows.0.bad", "12"),
    ];
    let sent = ana.post("/slos/SLO-1/measurements", &row).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    let page = ana.get("/runs/RUN-1").await;
    assert!(read(&page, "#spent-table").contains("12 bad events"), "{}", read(&page, "#spent-table"));
    assert!(page.says("#spent").contains("until it had recovered"), "{}", page.says("#spent"));

    let page = ana.get("/slos/SLO-1").await;
    assert!(page.says("#burndown #spent").contains("12 bad events"), "{}", page.says("#burndown"));
    assert!(page.says("#suggestion").contains("No question that nobody tried fits"), "{}", page.says("#suggestion"));
    assert!(page.has("#compliance svg[role=img]") && page.has("#compliance-table"));

    let page = ana.get("/ledger?quarter=2026-Q4").await;
    assert!(page.says("#totals tbody").contains("12 bad events"), "{}", page.says("#totals"));
    assert!(page.says("#ledger tbody").contains("FND-1"), "{}", page.says("#ledger"));
    let before = ana.get("/ledger?quarter=2026-Q3").await;
    assert!(before.says(".empty").contains("No run began in 2026-Q3"), "{}", before.says(".empty"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarter_in_which_no_fault_began_does_not_miss_an_slo() {
    let story = Story::new().await;
    story.world.clock.pass_ms(65 * 86_400_000);
    let plan = PlanDraft { experiment: story.experiment.to_string(), ..PlanDraft::default() };
    let run = runs::acts::plan(&story.ana, &plan).await.unwrap().id;
    story.ready(run).await;
    let hit = TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() };
    let start = StartDraft { targets: vec![hit], ..StartDraft::default() };
    runs::acts::start(&story.ana, run, &start).await.unwrap();
    let page = story.browser().await.get("/ledger?quarter=2027-Q1").await;
    assert!(page.says("main").contains("No fault began in any of them"), "{}", page.says("main"));
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_read_the_ledger_and_a_strange_quarter_is_refused() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    promised(&mut ana).await;
    let told = ana.get("/api/v1/ledger?quarter=2026-q4").await.json();
    assert_eq!((&told["quarter"], &told["cut"]), (&"2026-Q4".into(), &false.into()));
    let line = &told["ledger"][0];
    assert_eq!(
        (&line["run"], &line["until"], &line["cost"]),
        (&"RUN-1".into(), &"recovered".into(), &"SLO-1: unknown".into())
    );
    assert_eq!((&line["costs"][0]["at_least"], line["costs"][0]["at_most"].is_null()), (&0.into(), true));
    assert_eq!(told["slos"][0]["share"], "unknown");
    let refused = ana.get("/api/v1/ledger?quarter=2026-Q5").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["fields"][0]["field"], "quarter");
}
