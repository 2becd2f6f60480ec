//! Today, and the first minutes of a notebook.

use axum::http::StatusCode;
use notebook::{
    actor::Role,
    cadences::{self, drafts::SetDraft},
    experiments::{self, Draft, draft::ConditionRow},
    people,
    runs::{
        self,
        drafts::{PlanDraft, StartDraft, TargetDraft},
        readings::Reading,
    },
    services::{self, ServiceDraft},
};

use crate::{
    plan::restart_one_zookeeper,
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

/// A plan in which a query watches one abort condition, and people another one.
fn watching() -> Draft {
    Draft {
        title: "Watch while one restarts".into(),
        abort_conditions: "somebody is worried".into(),
        prometheus: "http://10.0.0.1:9090".into(),
        probe_every: "5 s".into(),
        abort_probes: vec![ConditionRow {
            condition: "errors pile up".into(),
            query: "errors".into(),
            comparator: ">".into(),
            threshold: "8".into(),
            ..ConditionRow::default()
        }],
        ..restart_one_zookeeper()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn running_runs_have_what_was_read_of_their_abort_conditions_beside_the_limits() {
    let story = Story::new().await;
    let mut browser = story.browser().await;
    assert!(!browser.get("/").await.has("[data-meters]"), "nothing runs");
    let experiment = experiments::acts::create(&story.ana, &watching()).await.unwrap().id;
    experiments::acts::request_review(&story.ana, experiment).await.unwrap();
    experiments::acts::approve(&story.ben, experiment, 1, "").await.unwrap();
    let plan = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
    let run = runs::acts::plan(&story.ana, &plan).await.unwrap().id;
    story.ready(run).await;
    let hit = TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() };
    runs::acts::start(&story.ana, run, &StartDraft { targets: vec![hit], ..StartDraft::default() }).await.unwrap();
    let meters = format!("main [data-meters='{run}']");
    let before = browser.get("/").await.says(&meters);
    for part in [
        "No reading",
        "errors pile up: no reading: nobody measured it of late, limit > 8; asks everybody",
        "Watched by people somebody is worried",
    ] {
        assert!(before.contains(part), "{part} in {before}");
    }

    let system = story.world.system();
    for (value, word, says) in [
        ("3", "Not reached", "errors pile up: now 3, limit > 8; asks everybody"),
        ("9", "Reached", "errors pile up: now 9, limit > 8; asks everybody"),
    ] {
        let job = runs::acts::claim(&system, run).await.unwrap().unwrap();
        let (number, _) = job.probes.queries()[0];
        let reading = Reading { at: system.now(), value: Ok(value.parse().unwrap()) };
        runs::acts::keep_answers(&system, &job, vec![(number, reading)]).await.unwrap();
        runs::acts::settle(&system, &job, system.now()).await.unwrap();
        let now = browser.get("/").await.says(&meters);
        assert!(now.starts_with(word) && now.contains(says), "{word}, {says} in {now}");
        story.world.clock.pass_ms(5_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn today_has_the_next_seven_days_in_order() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let later = PlanDraft {
        experiment: story.experiment.to_string(),
        planned_at: "2026-11-27T09:00:00Z".into(),
        ..PlanDraft::default()
    };
    runs::acts::plan(&story.ana, &later).await.unwrap();
    let next = ana.get("/").await.says("#next");
    assert!(next.contains("Nothing this week") && next.contains("All planned runs"), "{next}");
    runs::acts::plan(&story.ana, &PlanDraft { planned_at: "2026-11-05T09:00:00Z".into(), ..later }).await.unwrap();
    let days = vec!["friday".into()];
    let fridays = SetDraft { days, at: "10:00".into(), zone: "UTC".into(), version: "0".into(), ..SetDraft::default() };
    cadences::acts::set(&story.ana, story.experiment, &fridays).await.unwrap();
    let page = ana.get("/gamedays/new").await;
    let typed = [
        ("title", "Quorum day"),
        ("date", "2026-11-04"),
        ("from", "09:00"),
        ("until", "12:00"),
        ("zone", "UTC"),
        ("agenda", "09:00 Briefing"),
    ];
    let sent = ana.fill(&page, "/gamedays", &typed).await;
    assert_eq!(sent.header("location"), "/gamedays/GD-1", "{}", sent.says("main"));
    let today = ana.get("/").await;
    let next = today.says("#next");
    let place = |words: &str| next.find(words).unwrap_or_else(|| panic!("{words}: {next}"));
    assert!(next.starts_with("Next 7 days"), "{next}");
    assert!(place("Game day: Quorum day") < place("RUN-3") && place("RUN-3") < place("Rerun: "), "{next}");
    assert!(!next.contains("RUN-2"), "it is planned for another week: {next}");
    let links = today.all("#next a", "href");
    for href in ["/gamedays/GD-1", "/runs/RUN-3", "/experiments/EXP-1/cadence", "/calendar"] {
        assert!(links.contains(&href.to_owned()), "{href}: {links:?}");
    }
    let skipped = [("date", "2026-11-06"), ("text", "release day")];
    ana.post("/experiments/EXP-1/cadence/skip", &skipped).await;
    let next = ana.get("/").await.says("#next");
    assert!(next.contains("Skipped") && next.contains("release day"), "what is skipped stays visible: {next}");
}

#[tokio::test(flavor = "multi_thread")]
async fn today_has_the_budgets_of_ones_services() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    assert!(!ana.get("/").await.has("#budgets"), "nothing is promised");
    crate::ledger::promised(&mut ana).await;
    let budgets = ana.get("/").await.says("#budgets");
    assert!(budgets.starts_with("Budgets") && !budgets.contains("my services"), "nobody owns it: {budgets}");
    let zookeeper = services::acts::show(&story.ana, "zookeeper").await.unwrap().service;
    let owned = ServiceDraft { owner: "Ana".into(), ..ServiceDraft::from_service(&zookeeper) };
    services::acts::edit(&story.ana, "zookeeper", &owned).await.unwrap();
    let today = ana.get("/").await;
    let budgets = today.says("#budgets");
    assert!(budgets.starts_with("Budgets of my services"), "{budgets}");
    assert!(budgets.contains("Sessions answer") && budgets.contains("% of the budget left"), "{budgets}");
    assert!(today.has("#budgets svg path.remaining"), "and a line of it");
    assert_eq!(today.all("#budgets a", "href"), ["/slos/SLO-1"]);
}
