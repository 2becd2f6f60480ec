//! What is due on its page, on Today and for programs; passive evidence and realised savings by form.

use axum::http::StatusCode;
use notebook::{
    actor::Role,
    services::{self, TargetRow, TargetsDraft},
};

use crate::{
    story::{Story, head},
    world::World,
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_stands_on_its_page_with_a_reason_and_where_to_begin() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    let fix = story.fix(finding, "Quicker election").await;
    story.deploy(fix).await;
    let mut ana = story.browser().await;
    let page = ana.get("/due").await;
    assert_eq!(page.says("h1"), "Due");
    let row = page.says("#due tbody");
    assert!(row.contains("FIX-1") && row.contains("Deployed (unverified)") && row.contains("Plan rerun"), "{row}");
    assert!(ana.get("/").await.says("main").contains("Due first"));
    let none = ana.get("/due?reason=regressed").await;
    assert!(none.says(".empty").contains("for this reason"), "{}", none.says("main"));

    story.run("38 s", &[(fix, finding, "held")]).await;
    let page = ana.get("/due").await;
    assert!(page.says(".empty").contains("Nothing is due"), "{}", page.says("main"));
    assert!(!ana.get("/").await.says("main").contains("Due first"), "the empty card is not drawn");
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_read_the_queue_and_a_strange_reason_is_refused() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop").await;
    let fix = story.fix(finding, "Quicker election").await;
    story.deploy(fix).await;
    let mut ana = story.browser().await;
    let told = ana.get("/api/v1/due?reason=unverified").await.json();
    assert_eq!((&told["due"][0]["of"], &told["due"][0]["reason"]), (&"FIX-1".into(), &"unverified".into()));
    assert_eq!((&told["due"][0]["experiment"], &told["cut"]), (&"EXP-1".into(), &false.into()));
    let refused = ana.get("/api/v1/due?reason=bored").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["fields"][0]["field"], "reason");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retired_experiment_takes_what_production_showed_and_keeps_what_was_typed() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let early = ana.post("/experiments/EXP-1/record-passive", &[("held", "yes"), ("text", "seen")]).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "it is not retired for anything");
    let offered = ana.get("/experiments/EXP-1").await.says("aside");
    assert!(offered.contains("It is retired where production exercises it anyway"), "{offered}");
    let page = ana.get("/decisions/new?experiment=EXP-1").await;
    let wrong = [("kind", "widen"), ("passive", "preemption events")];
    let wrong = ana.fill(&page, "/decisions", &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.form("/decisions").contains(&("passive".into(), "preemption events".into())));
    let typed = [("kind", "retire"), ("passive", "preemption events")];
    let sent = ana.fill(&page, "/decisions", &typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));

    let page = ana.get("/experiments/EXP-1").await;
    assert!(page.says("aside").contains("Watched in production: preemption events"), "{}", page.says("aside"));
    let path = "/experiments/EXP-1/record-passive";
    let unsaid = ana.fill(&page, path, &[("text", "a node went and came")]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.form(path).contains(&("text".into(), "a node went and came".into())), "{:?}", unsaid.form(path));
    let sent = ana.fill(&page, path, &[("held", "yes"), ("text", "a node went and came")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let history = ana.get("/experiments/EXP-1?view=history").await;
    assert!(history.says("main").contains("saw in production that it held"), "{}", history.says("main"));

    let path = "/experiments/EXP-1/rule-out-passive";
    let page = ana.get("/experiments/EXP-1").await;
    let unsaid = ana.fill(&page, path, &[("number", "1")]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = ana.fill(&unsaid, path, &[("number", "1"), ("reason", "It was a drill")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let history = ana.get("/experiments/EXP-1?view=history").await;
    assert!(history.says("main").contains("ruled out number 1 of what production showed"), "{}", history.says("main"));
    assert!(!ana.get("/experiments/EXP-1").await.has(&format!("form[action=\"{path}\"]")), "nothing is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_change_saved_stands_beside_what_was_expected() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/decisions/new?experiment=EXP-1").await;
    let typed = [("kind", "adopt_a_change"), ("saving", "up to 50 %, price list")];
    let sent = ana.fill(&page, "/decisions", &typed).await;
    let path = sent.header("location").to_owned();
    let page = ana.get(&path).await;
    let empty = ana.fill(&page, &format!("{path}/realise-saving"), &[("saving", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = ana.fill(&page, &format!("{path}/realise-saving"), &[("saving", "41 %, invoice of March")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let page = ana.get(&path).await;
    assert!(page.says("main").contains("up to 50 %") && page.says("main").contains("41 %"), "{}", head(&page));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_only_look_sees_what_is_due_and_gets_no_forms() {
    let world = World::new().await;
    let mut viewer = world.signed_in("Vera", Role::Viewer).await;
    assert!(viewer.get("/due").await.says(".empty").contains("Nothing is due"));
    let sent = viewer.post("/experiments/EXP-1/record-passive", &[("held", "yes"), ("text", "x")]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_experiment_says_whether_the_decision_to_automate_signs_its_runs() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let none = ana.get("/api/v1/experiments/EXP-1/graduation").await.json();
    assert!(none["automation"].is_null(), "{none}");
    for _ in 0..3 {
        story.run("38 s", &[]).await;
    }
    let page = ana.get("/decisions/new?experiment=EXP-1").await;
    let early = ana.fill(&page, "/decisions", &[("kind", "automate"), ("reason", "It held three times")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let says = "EXP-1 is not offered to run unattended: Nobody wrote down which targets there are.";
    assert!(early.says(".errors").contains(says), "{}", early.says(".errors"));
    for typed in [("kind", "automate"), ("reason", "It held three times"), ("claims.0", "EXP-1")] {
        assert!(early.form("/decisions").contains(&(typed.0.into(), typed.1.into())), "{typed:?} is kept");
    }
    let target = TargetRow { name: "zk-1".into(), environment: "production".into(), ..TargetRow::default() };
    let version = services::acts::show(&story.ana, "zookeeper").await.unwrap().service.version.to_string();
    let targets = TargetsDraft { rows: vec![target], version };
    services::acts::set_targets(&story.ana, "zookeeper", &targets).await.unwrap();
    let sent = ana.fill(&early, "/decisions", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let decision = sent.header("location").trim_start_matches("/decisions/").to_owned();
    let page = ana.get("/experiments/EXP-1").await;
    // Nothing was changed since the first run refuted the claim.
    let says = format!("{decision} signs nothing while its evidence is lost.");
    assert!(page.says("aside").contains(&says), "{}", page.says("aside"));
    let told = ana.get("/api/v1/experiments/EXP-1/graduation").await.json();
    assert_eq!((&told["automation"]["decision"], &told["automation"]["signs"]), (&decision.into(), &false.into()));
}
