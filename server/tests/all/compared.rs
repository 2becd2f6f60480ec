//! Runs side by side, and one run told as a report, through their pages and for programs.

use axum::http::StatusCode;
use notebook::actor::Role;

use crate::programs::{call, token};
use crate::story::Story;

#[tokio::test(flavor = "multi_thread")]
async fn only_what_differs_is_shown_until_all_is_asked_for() {
    let story = Story::new().await;
    story.run("38", &[]).await;
    let mut ana = story.browser().await;
    let tab = ana.get("/experiments/EXP-1?view=runs").await;
    assert_eq!(tab.all("#runs input[name=ids]", "value"), ["RUN-2", "RUN-1"]);
    let list = ana.get("/runs?experiment=EXP-1").await;
    assert_eq!(list.says("h1"), "Runs of EXP-1");
    assert_eq!(list.all("#runs input[name=ids]", "value"), ["RUN-2", "RUN-1"]);
    let chosen = ana.get("/runs/compare?ids=RUN-2&ids=RUN-1").await;
    assert_eq!(chosen.status, StatusCode::OK);
    assert_eq!(chosen.all("#compared thead a", "href"), ["/runs/RUN-1", "/runs/RUN-2"], "in the order of their starts");
    let body = chosen.says("#compared");
    assert!(body.contains("Verdict Refuted Upheld"), "{body}");
    assert!(!body.contains("Environment"), "what is the same stays away: {body}");
    let links = chosen.all("main a", "href");
    assert!(links.contains(&"/runs/compare?ids=RUN-1,RUN-2".to_owned()), "{links:?}");
    let charts = chosen.says("#charts");
    assert!(charts.contains("RUN-2: 38 s, held") && chosen.has("#charts svg[role=img] desc"), "{charts}");
    let whole = ana.get("/runs/compare?ids=RUN-1,RUN-2&all=on").await;
    assert!(whole.says("#compared").contains("Environment production production"), "{}", whole.says("#compared"));
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_and_strange_runs_are_said() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let few = ana.get("/runs/compare?ids=RUN-1").await;
    assert!(few.says("main").contains("Choose 2 to 6 runs"), "{}", few.says("main"));
    assert!(few.says("main").contains("Only 1 is chosen"), "{}", few.says("main"));
    let many = ana.get("/runs/compare?ids=RUN-1,RUN-2,RUN-3,RUN-4,RUN-5,RUN-6,RUN-7").await;
    assert!(many.says("main").contains("7 are chosen"), "{}", many.says("main"));
    assert_eq!(ana.get("/runs/compare?ids=RUN-1,RUN-99").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ana.get("/runs/compare?ids=RUN-1,EXP-1").await.status, StatusCode::NOT_FOUND);
    let token = token(&mut ana, "all").await;
    for ids in ["RUN-1", "", "RUN-1,EXP-1"] {
        let refused = call(&story.world, "GET", &format!("/api/v1/runs/compare?ids={ids}"), &token, "").await;
        assert_eq!(
            (refused.status, refused.json()["fields"][0]["field"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("ids"))
        );
    }
    story.run("38", &[]).await;
    let compared = call(&story.world, "GET", "/api/v1/runs/compare?ids=RUN-2,RUN-1", &token, "").await.json();
    assert_eq!(compared["runs"][0]["run"]["id"], "RUN-1");
    assert_eq!(compared["charts"][0]["points"].as_array().unwrap().len(), 2, "{compared:#}");
    assert!(compared["lines"].as_array().unwrap().iter().any(|line| line["key"] == "verdict"), "{compared:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s_d9_one_page_tells_a_run_to_people_who_are_not_engineers() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop after a restart").await;
    let fix = story.fix(finding, "Quicker election").await;
    story.deploy(fix).await;
    story.run("38", &[(fix, finding, "held")]).await;
    let mut vera = story.world.signed_in("Vera", Role::Viewer).await;
    let run = vera.get("/runs/RUN-2").await;
    assert!(run.all("a", "href").contains(&"/runs/RUN-2/report".to_owned()), "{}", run.says("main"));
    let page = vera.get("/runs/RUN-2/report").await;
    assert_eq!((page.status, page.says("h1").as_str()), (StatusCode::OK, "Report of RUN-2"));
    for (part, words) in [
        ("#promised", "No SLO was in force there"),
        ("#tried", "What happens if one ZooKeeper restarts unexpectedly?"),
        ("#observed", "Verdict: upheld."),
        ("#changed", "\"Quicker election\" is verified."),
        ("#proven", "Proven until 2 Dec 2026"),
        ("#cost", "nobody knows what it cost"),
    ] {
        assert!(page.says(part).contains(words), "{part} {words}: {}", page.says(part));
    }
    assert!(page.has("#changed a[href=\"/fixes/FIX-1\"]"), "ids are links");
    let token = token(&mut vera, "read").await;
    let told = call(&story.world, "GET", "/api/v1/runs/RUN-2/report", &token, "").await.json();
    assert_eq!((&told["run"], told["proven"].as_array().unwrap().len()), (&"RUN-2".into(), 4), "{told:#}");
    assert_eq!(vera.get("/runs/RUN-9/report").await.status, StatusCode::NOT_FOUND);
}
