//! The gate on pages: its panel, the people, the answers, and the policy.

use axum::http::StatusCode;
use notebook::{
    actor::{Actor, PersonId, Role, Via},
    id::Id,
    people::{self, RightsDraft},
    runs,
    services::{self, ServiceDraft},
    teams,
};

use crate::{
    story::{Story, read},
    world::{Answer, Browser},
};

async fn signed_in(story: &Story, name: &str) -> Browser {
    let mut browser = story.world.browser();
    browser.sign_in(name).await;
    browser
}

/// RUN-2 of EXP-1, planned on zk-1.
async fn planned(ana: &mut Browser) -> Answer {
    let page = ana.get("/runs/new?experiment=EXP-1").await;
    ana.fill(&page, "/runs/plan", &[("targets.0.name", "zk-1"), ("targets.0.hit", "on")]).await;
    ana.get("/runs/RUN-2").await
}

/// Whoever looked saw none.
const NO_INCIDENT: [(&str, &str); 2] = [("looks.0.look", "incidents"), ("looks.0.sight", "clear")];

fn row(page: &Answer, check: &str) -> String {
    page.says(&format!("#gate li[data-check={check}]"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_says_each_check_and_a_refused_start_keeps_what_was_typed() {
    let story = Story::new().await;
    // The revert that RUN-1 did is long ago.
    story.world.clock.pass_ms(100 * 86_400_000);
    let (mut ana, mut ben) = (story.browser().await, signed_in(&story, "Ben").await);
    let page = planned(&mut ana).await;
    assert!(page.says("#gate").contains("The gate is closed"), "{}", page.says("#gate"));
    assert!(row(&page, "quorum").starts_with("Refuse Quorum"), "{}", row(&page, "quorum"));
    assert!(row(&page, "revert").contains("at most 90 days are expected"), "{}", row(&page, "revert"));
    assert!(row(&page, "freeze").starts_with("Go Freeze"));

    let closed = ana.fill(&page, "/runs/RUN-2/start", &[("targets.0.role", "leader")]).await;
    assert_eq!(closed.status, StatusCode::CONFLICT);
    assert!(closed.says(".errors").contains("no Owner is marked present"), "{}", closed.says(".errors"));
    assert!(closed.form("/runs/RUN-2/start").contains(&("targets.0.role".into(), "leader".into())));

    let owner = [("person", "1"), ("parts.0", "owner"), ("can_revert", "on"), ("present", "on")];
    assert_eq!(ana.post("/runs/RUN-2/attend", &owner).await.header("location"), "/runs/RUN-2#present");
    ana.post("/runs/RUN-2/attend", &[("person", "2"), ("parts.3", "observer"), ("present", "on")]).await;
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says("#present tbody").contains("Ana Owner yes yes"), "{}", page.says("#present"));
    assert!(page.says("#gate").contains("The gate waits for answers"), "{}", page.says("#gate"));

    assert!(row(&page, "incident").contains("nobody looked for incidents"), "{}", row(&page, "incident"));
    assert_eq!(ben.post("/runs/RUN-2/look-both-ways", &NO_INCIDENT).await.header("location"), "/runs/RUN-2#looks");
    let page = ana.get("/runs/RUN-2").await;
    assert!(row(&page, "incident").starts_with("Go Incidents"), "{}", row(&page, "incident"));

    let empty = ben.post("/runs/RUN-2/answer-gate", &[("check", "revert"), ("text", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let go = ben.post("/runs/RUN-2/answer-gate", &[("check", "plan"), ("text", "Fine")]).await;
    assert!(go.says(".errors").contains("needs no answer"), "{}", go.says(".errors"));
    let said =
        ben.post("/runs/RUN-2/answer-gate", &[("check", "revert"), ("text", "Two of us know it by heart.")]).await;
    assert_eq!(said.header("location"), "/runs/RUN-2#gate");
    ben.post("/runs/RUN-2/answer-gate", &[("check", "hours"), ("text", "We are both at our desks.")]).await;
    let page = ana.get("/runs/RUN-2").await;
    assert!(row(&page, "revert").contains("Ben answered: Two of us know it by heart."), "{}", row(&page, "revert"));
    let sent = ana.fill(&page, "/runs/RUN-2/start", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says("#gate").contains("Ben answered") && page.says("#gate").contains("Present: Ana, Ben."));

    // Ben goes: there are not enough people any more.
    ana.post("/runs/RUN-2/attend", &[("person", "2"), ("parts.3", "observer")]).await;
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says("#prompts").contains("Consider aborting the run"), "{}", page.says("#prompts"));
}

/// Two people are there, and the revert that RUN-1 did is long ago, so that its gate asks.
async fn asking(story: &Story) -> Browser {
    story.world.clock.pass_ms(100 * 86_400_000);
    let mut ana = story.browser().await;
    planned(&mut ana).await;
    ana.post("/runs/RUN-2/attend", &[("person", "1"), ("parts.0", "owner"), ("can_revert", "on"), ("present", "on")])
        .await;
    ana.post("/runs/RUN-2/attend", &[("person", "2"), ("parts.3", "observer"), ("present", "on")]).await;
    ana.post("/runs/RUN-2/look-both-ways", &NO_INCIDENT).await;
    ana
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_does_not_call_a_gate_open_to_who_answered_their_own_ask() {
    let story = Story::new().await;
    let mut ana = asking(&story).await;
    let mut ben = signed_in(&story, "Ben").await;
    ben.post("/runs/RUN-2/answer-gate", &[("check", "hours"), ("text", "We are both at our desks.")]).await;
    ana.post("/runs/RUN-2/answer-gate", &[("check", "revert"), ("text", "I know it by heart.")]).await;
    let own = ana.get("/runs/RUN-2").await;
    assert!(own.says("#gate").contains("The gate waits for answers"), "{}", own.says("#gate"));
    assert!(row(&own, "revert").contains("That counts once somebody else starts the run"), "{}", row(&own, "revert"));
    ana.post("/runs/RUN-2/answer-gate", &[("check", "hours"), ("text", "We are both at our desks.")]).await;
    let other = ben.get("/runs/RUN-2").await;
    assert!(other.says("#gate").contains("The gate is open"), "{}", other.says("#gate"));
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_freeze_the_page_of_a_run_that_goes_on_asks_to_abort_it() {
    let story = Story::new().await;
    let mut ana = asking(&story).await;
    story.ready(Id::of(2)).await;
    let page = ana.get("/runs/RUN-2").await;
    let sent = ana.fill(&page, "/runs/RUN-2/start", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    assert!(!ana.get("/runs/RUN-2").await.has("#prompts"), "nothing speaks for the abort yet");
    story.world.clock.pass_ms(60_000);
    ana.post("/freezes", &[("scope", "service:zookeeper"), ("why", "an incident")]).await;
    let page = ana.get("/runs/RUN-2").await;
    let says = page.says("#prompts");
    assert!(says.contains("A freeze is on") && says.contains("Consider aborting the run"), "{says}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_named_while_planning_is_marked_present_with_one_press() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/runs/new?experiment=EXP-1").await;
    ana.fill(&page, "/runs/plan", &[("owner", "Ana"), ("coordinator", ""), ("observers", "Ben\nA witness")]).await;
    let page = ana.get("/runs/RUN-2").await;
    let here = page.says("#present tbody");
    assert!(here.contains("Ana Owner yes no") && here.contains("Ben Observer no no"), "{here}");
    assert!(!here.contains("witness"), "names without an account stay names: {here}");
    assert!(page.has("#present button[aria-label='Mark present: Ben']"));
    let pressed = [("person", "2"), ("parts.0", "observer"), ("present", "on")];
    assert_eq!(ana.post("/runs/RUN-2/attend", &pressed).await.header("location"), "/runs/RUN-2#present");
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.says("#present tbody").contains("Ben Observer no yes"), "{}", page.says("#present tbody"));
    assert!(!page.has("#present button[aria-label='Mark present: Ben']"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_the_mark_is_still_marked_present_with_one_press() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    planned(&mut ana).await;
    ana.post("/runs/RUN-2/attend", &[("person", "1"), ("parts.0", "owner"), ("can_revert", "on")]).await;
    let sent = "#present td input[name=can_revert]";
    assert!(ana.get("/runs/RUN-2").await.has(sent));
    let system = story.world.system();
    let version = people::acts::load(&system, PersonId(1)).await.unwrap().version.to_string();
    let no_more = RightsDraft { role: "contributor".into(), can_revert: String::new(), version };
    people::acts::set_rights(&system, PersonId(1), &no_more).await.unwrap();
    let page = ana.get("/runs/RUN-2").await;
    assert!(page.has("#present button[aria-label='Mark present: Ana']") && !page.has(sent), "it would be refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planned_run_that_a_freeze_kept_back_says_so() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/runs/new?experiment=EXP-1").await;
    ana.fill(&page, "/runs/plan", &[("planned_at", "2026-11-03T10:00")]).await;
    ana.post("/freezes", &[("scope", "service:zookeeper"), ("why", "an incident")]).await;
    story.world.clock.pass_ms(2 * 86_400_000);
    let clockwork = story.world.notebook.desk(Actor::System, Via::System);
    assert_eq!(runs::acts::mark_missed(&clockwork).await.unwrap().frozen, 1);
    let mut ana = story.browser().await;
    let page = ana.get("/runs/RUN-2").await;
    let says = page.says("main");
    assert!(says.contains("It was called off when its time had passed. freeze: the service zookeeper"), "{says}");
    assert!(says.contains("Retrial cancelled the run"), "nobody is blamed: {says}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_experiment_shows_what_the_gate_would_say_of_it() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/experiments/EXP-1").await;
    let gate = read(&page, "#gate");
    assert!(gate.contains("Asked once there is a run: quorum, go or no-go, incidents, steady state."), "{gate}");
    assert!(gate.contains("they need none"), "{gate}");
    assert!(page.all("#gate a", "href").contains(&"/policy".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_written_by_one_and_approved_by_another() {
    let story = Story::new().await;
    story.world.person("Ada", Role::Admin).await;
    let (mut ana, mut ada) = (story.browser().await, signed_in(&story, "Ada").await);
    let page = ana.get("/policy").await;
    assert!(page.says("aside").contains("nobody approved others"), "{}", page.says("aside"));
    let refused = ana.fill(&page, "/policy/write", &[("at_once_max", "2"), ("revisit_on", "soon")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.form("/policy/write").contains(&("at_once_max".into(), "2".into())));
    let sent = ana.fill(&refused, "/policy/write", &[("revisit_on", "2027-05-01")]).await;
    assert_eq!(sent.header("location"), "/policy", "{}", sent.says(".errors"));
    assert!(!ana.get("/policy").await.has("form[action='/policy/approve']"), "an admin approves");
    let page = ada.get("/policy").await;
    let sent = ada.fill(&page, "/policy/approve", &[]).await;
    assert_eq!(sent.header("location"), "/policy", "{}", sent.says(".errors"));
    let page = ada.get("/policy").await;
    assert!(page.says("aside").contains("at most 2 at once"), "{}", page.says("aside"));
    assert!(page.says("tbody").contains("by Ada"), "{}", page.says("tbody"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_planning_page_asks_the_gate_for_the_time_that_was_typed() {
    let story = Story::new().await;
    let root = story.world.person("Ada", Role::Admin).await;
    let root = story.world.notebook.desk(Actor::Person(root.as_person()), Via::Form);
    let hours = || "09:00–17:00".to_owned();
    let team = teams::drafts::Draft {
        name: "Data platform".into(),
        zone: "Europe/Berlin".into(),
        monday: hours(),
        tuesday: hours(),
        ..teams::drafts::Draft::default()
    };
    teams::acts::write(&root, &team).await.unwrap();
    for slug in ["alerting", "zookeeper"] {
        let service = services::acts::show(&root, slug).await.unwrap().service;
        let given = ServiceDraft { team: "data-platform".into(), ..ServiceDraft::from_service(&service) };
        services::acts::edit(&root, slug, &given).await.unwrap();
    }

    let mut ana = story.browser().await;
    let saturday = "2027-01-09T10:00";
    let asked = ana.get(&format!("/runs/new?experiment=EXP-1&planned_at={saturday}")).await;
    assert!(asked.says("#gate").contains("Advice for a start at 9 Jan 2027, 10:00"), "{}", asked.says("#gate"));
    assert!(row(&asked, "hours").starts_with("Refuse Working hours"), "{}", row(&asked, "hours"));
    assert!(asked.says("#first-fit").starts_with("First working time"), "a budget may want longer");
    assert!(asked.says("#first-fit").contains("11 Jan 2027, 09:00"), "{}", asked.says("#first-fit"));
    let first = asked.all("#first-fit a", "href")[0].clone();
    let monday = ana.get(&first).await;
    assert!(row(&monday, "hours").starts_with("Go Working hours"), "{}", row(&monday, "hours"));
    assert!(!monday.has("#first-fit"));
    assert!(monday.form("/runs/plan").contains(&("planned_at".into(), "2027-01-11T09:00".into())));

    // The button sends the form to the same place, and nothing is written.
    let typed = [("planned_at", saturday), ("note", "All hands"), ("_rows", "gate")];
    let checked = ana.fill(&monday, "/runs/plan", &typed).await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.says("main"));
    assert!(row(&checked, "hours").starts_with("Refuse Working hours"), "{}", row(&checked, "hours"));
    assert!(checked.form("/runs/plan").contains(&("note".into(), "All hands".into())), "what was typed stays");
    assert_eq!(ana.get("/runs/RUN-2").await.status, StatusCode::NOT_FOUND, "nothing was planned");
}
