//! Today, and the first minutes of a notebook.

use axum::http::StatusCode;
use notebook::{actor::Role, people};

use crate::{
    story::Story,
    world::{Answer, World},
};

const FIRST: [(&str, &str); 3] = [
    ("service", "Storage engine"),
    ("text", "five nodes up, <b>40 ms</b> at p99"),
    ("question", "What happens if one node restarts?"),
];

fn steps_done(page: &Answer) -> usize {
    page.text().matches("(done)").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn setup_leads_to_an_own_observation_in_two_forms() {
    let world = World::new().await;
    let token = people::acts::setup_link(&world.system()).await.unwrap().unwrap();
    let mut browser = world.browser();
    let setup = browser.get(&format!("/setup?token={token}")).await;
    let typed =
        [("name", "Ana"), ("email", "ana@example.org"), ("password", "correct horse battery"), ("begin_with", "empty")];
    let answer = browser.fill(&setup, "/setup", &typed).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/"), "{}", answer.text());

    let today = browser.get("/").await;
    assert_eq!(today.says("h1"), "Today");
    assert_eq!(today.all("main .primary", "class").len(), 1, "one primary button");
    assert_eq!(steps_done(&today), 0);
    let answer = browser.fill(&today, "/first-observation", &FIRST).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/experiments/EXP-1"),
        "{}",
        answer.text()
    );
    let page = browser.get("/experiments/EXP-1").await;
    assert!(page.says(".flash").contains("Observation recorded"), "{}", page.text());
    assert!(page.says("#o1").contains("five nodes up, <b>40 ms</b> at p99"), "markup stays text: {}", page.text());

    let today = browser.get("/").await;
    assert!(!today.has("form[action='/first-observation']"), "only a fresh notebook asks for it");
    assert_eq!(steps_done(&today), 2);
    assert_eq!(today.all("main .primary", "href"), ["/runs/new"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_observation_without_its_question_keeps_what_was_typed() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Contributor).await;
    let today = browser.get("/").await;
    let typed = [FIRST[0], FIRST[1], ("question", " ")];
    let answer = browser.fill(&today, "/first-observation", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.says("h1"), "Today");
    let fields = answer.form("/first-observation");
    assert!(fields.contains(&(FIRST[1].0.into(), FIRST[1].1.into())), "{fields:?}");
    assert_eq!(answer.all("[name=question]", "aria-invalid"), ["true"]);
    assert_eq!(browser.get("/experiments/EXP-1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_twice_leads_to_its_one_experiment() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Contributor).await;
    let today = browser.get("/").await;
    browser.fill(&today, "/first-observation", &FIRST).await;
    let again = browser.fill(&today, "/first-observation", &FIRST).await;
    assert_eq!((again.status, again.header("location")), (StatusCode::SEE_OTHER, "/EXP-1"));
    assert_eq!(browser.get("/experiments/EXP-2").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_look_is_offered_nothing_to_do() {
    let world = World::new().await;
    let mut viewer = world.signed_in("Vera", Role::Viewer).await;
    let today = viewer.get("/").await;
    assert!(today.text().contains("Nothing here yet"), "{}", today.text());
    assert!(!today.has("main form") && !today.has("main .primary"), "{}", today.text());
    assert_eq!(viewer.post("/first-observation", &FIRST).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn today_shows_what_waits_what_is_planned_and_what_was_learnt() {
    let story = Story::new().await;
    let finding = story.finding("Alerts stop after a restart").await;
    let fix = story.fix(finding, "Quicker election").await;
    let mut browser = story.browser().await;
    let today = browser.get("/").await;
    assert!(
        today.text().contains("Refuted") && today.all("main a", "href").contains(&"/runs/RUN-1".to_owned()),
        "{}",
        today.text()
    );
    assert!(today.text().contains("Nothing waits") && today.text().contains("Nothing scheduled"), "{}", today.text());
    story.deploy(fix).await;
    let today = browser.get("/").await;
    let links = today.all("main a", "href");
    let of_fix = links.iter().filter(|link| link.ends_with("/FIX-1")).count();
    assert!(links.contains(&"/fixes/FIX-1".to_owned()), "a rerun is owed: {}", today.text());
    assert_eq!(of_fix, 1, "it waits and is due, and is said once: {}", today.text());
    assert!(!today.text().contains("Nothing waits"), "{}", today.text());
    assert_eq!(today.all("main .primary", "class").len(), 1);
    assert_eq!(today.all("main h2", "id").len(), 3, "waiting, planned, learnt; the first steps are done");
}
