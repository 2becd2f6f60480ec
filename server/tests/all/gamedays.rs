//! Game days through their pages and forms: written, put right, noted on, changed by two at once, called off.

use axum::http::StatusCode;
use notebook::{
    cadences::{self, drafts::SetDraft},
    gamedays,
    id::RunId,
    runs::{
        self,
        drafts::{ObservationDraft, PlanDraft, StartDraft, TargetDraft},
    },
};

use crate::{
    programs::{call, token},
    story::{Story, head},
    world::Browser,
};

/// RUN-2, planned for Friday, 27 November 2026, in the morning of UTC.
async fn planned(ana: &mut Browser) {
    let page = ana.get("/runs/new?experiment=EXP-1").await;
    let sent = ana.fill(&page, "/runs/plan", &[("planned_at", "2026-11-27T09:30:00Z")]).await;
    assert_eq!(sent.header("location"), "/runs/RUN-2", "{}", sent.says("main"));
}

const TYPED: [(&str, &str); 8] = [
    ("title", "Quorum day"),
    ("date", "2026-11-27"),
    ("from", "09:00"),
    ("until", "12:00"),
    ("zone", "UTC"),
    ("agenda", "09:00 Briefing, see EXP-1"),
    ("runs.0", "RUN-2"),
    ("runs.1", "RUN-1"),
];

async fn written(ana: &mut Browser) {
    planned(ana).await;
    let page = ana.get("/gamedays/new").await;
    let sent = ana.fill(&page, "/gamedays", &TYPED).await;
    assert_eq!(
        (sent.status, sent.header("location")),
        (StatusCode::SEE_OTHER, "/gamedays/GD-1"),
        "{}",
        sent.says("main")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_game_day_is_written_put_right_and_seen() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let empty = ana.get("/gamedays").await;
    assert!(empty.says(".empty").starts_with("No game days yet"), "{}", empty.says(".empty"));
    let page = ana.get("/gamedays/new").await;
    let refused =
        ana.fill(&page, "/gamedays", &[("title", "Quorum day"), ("agenda", "Briefing"), ("date", "2026-11-27")]).await;
    assert_eq!((refused.status, refused.says("h1").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "New game day"));
    assert_eq!(refused.all("[aria-invalid=true]", "name"), ["agenda"]);
    assert!(refused.form("/gamedays").contains(&("agenda".into(), "Briefing".into())), "what was typed is kept");
    written(&mut ana).await;
    let page = ana.get("/gd-1").await;
    assert_eq!((page.status, page.header("location")), (StatusCode::MOVED_PERMANENTLY, "/gamedays/GD-1"));
    let page = ana.get("/gamedays/GD-1").await;
    assert!(head(&page).contains("Coming"), "{}", head(&page));
    let agenda = page.says("#agenda");
    for words in ["09:00 Briefing", "09:30 RUN-2", "Planned", "outside of the game day"] {
        assert!(agenda.contains(words), "{words}: {agenda}");
    }
    assert!(page.says("aside").contains("27 Nov 2026, 09:00\u{2013}12:00 (UTC)"), "{}", page.says("aside"));
    let came_to = page.says("#summary");
    assert!(came_to.contains("Refuted (1) RUN-1") && came_to.contains("Still open (1) RUN-2"), "{came_to}");
    let days = vec!["friday".into()];
    let fridays = SetDraft { days, at: "10:00".into(), zone: "UTC".into(), version: "0".into(), ..SetDraft::default() };
    cadences::acts::set(&story.ana, story.experiment, &fridays).await.unwrap();
    let left_out = ana.get("/gamedays/GD-1").await.says("#left-out");
    assert!(left_out.contains("10:00 Coming") && left_out.contains("EXP-1"), "{left_out}");
    assert!(ana.get("/gamedays").await.says("#gamedays").contains("Quorum day"));
    assert!(ana.get("/runs/RUN-2").await.says("aside").contains("GD-1"));
    for view in ["month", "week", "agenda"] {
        let page = ana.get(&format!("/calendar?view={view}&from=2026-11-27")).await;
        assert!(page.says(&format!("#{view}")).contains("Game day: Quorum day"), "{view}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_game_day_is_noted_on_changed_by_two_at_once_and_called_off() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    written(&mut ana).await;
    let page = ana.get("/gamedays/GD-1").await;
    let silent = ana.fill(&page, "/gamedays/GD-1/add-note", &[("text", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = ana.fill(&silent, "/gamedays/GD-1/add-note", &[("text", "Ben is late, see RUN-2")]).await;
    assert_eq!(sent.header("location"), "/gamedays/GD-1#notes", "{}", sent.says("main"));
    let noted = ana.get("/gamedays/GD-1").await.says("#notes");
    assert!(noted.contains("Ana") && noted.contains("Ben is late, see RUN-2"), "{noted}");

    let edit = "/gamedays/GD-1/edit";
    let (mine, theirs) = (ana.get(edit).await, ana.get(edit).await);
    let saved = ana.fill(&theirs, edit, &[("title", "Leader day")]).await;
    assert_eq!(saved.header("location"), "/gamedays/GD-1", "{}", saved.says("main"));
    let stale = ana.fill(&mine, edit, &[("title", "Broker day")]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let both = stale.says("#meanwhile");
    assert!(both.contains("Broker day") && both.contains("Leader day") && !both.contains("Briefing"), "{both}");
    let saved = ana.fill(&stale, edit, &[]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "sending it again is a choice: {}", saved.says("main"));

    let page = ana.get("/gamedays/GD-1").await;
    assert_eq!(page.says("h1"), "Broker day");
    let sent = ana.fill(&page, "/gamedays/GD-1/cancel", &[("why", "storm")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    let page = ana.get("/gamedays/GD-1").await;
    assert!(
        head(&page).contains("Cancelled") && page.says("main").contains("Ana called it off: storm"),
        "{}",
        page.says("main")
    );
    assert!(!page.has("form[action=\"/gamedays/GD-1/cancel\"]") && !page.has(&format!("a[href=\"{edit}\"]")));
    assert!(head(&ana.get("/runs/RUN-2").await).contains("Planned"), "its runs stay");
}

/// RUN-2 goes on, and GD-1 with it.
async fn under_way(story: &Story) {
    let plan = PlanDraft { experiment: story.experiment.to_string(), ..PlanDraft::default() };
    let run = runs::acts::plan(&story.ana, &plan).await.unwrap().id;
    story.ready(run).await;
    let hit = TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() };
    let start = StartDraft { targets: vec![hit], ..StartDraft::default() };
    runs::acts::start(&story.ana, run, &start).await.unwrap();
    let day = gamedays::drafts::Draft {
        title: "Quorum day".into(),
        date: "2026-11-02".into(),
        from: "09:00".into(),
        until: "13:00".into(),
        zone: "UTC".into(),
        runs: vec![run.to_string()],
        ..gamedays::drafts::Draft::default()
    };
    gamedays::acts::write(&story.ana, &day).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_seen_in_the_runs_of_a_game_day_stands_on_its_page_and_is_loaded_again() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    under_way(&story).await;
    let page = ana.get("/gamedays/GD-1").await;
    assert!(head(&page).contains("Under way") && !page.has("#timeline"), "nobody saw anything: {}", head(&page));
    for (text, pinned) in [("the queue grows", "on"), ("it shrinks again", "")] {
        let draft = ObservationDraft { text: text.into(), pinned: pinned.into(), ..ObservationDraft::default() };
        runs::acts::observe(&story.ana, RunId::of(2), &draft).await.unwrap();
        story.world.clock.pass_ms(60_000);
    }
    let page = ana.get("/gamedays/GD-1").await;
    let seen = page.says("#timeline");
    let (grows, shrinks) = (seen.find("the queue grows").unwrap(), seen.find("it shrinks again").unwrap());
    assert!(grows < shrinks, "in the order of time: {seen}");
    for words in ["RUN-2 o1", "RUN-2 o2", "Ana \u{b7} pinned", "Expected"] {
        assert!(seen.contains(words), "{words}: {seen}");
    }
    assert_eq!(page.all("#timeline a.id", "href"), ["/runs/RUN-2#o1", "/runs/RUN-2#o2"]);
    assert_eq!(page.all("#timeline [role=log]", "aria-label"), ["Timeline of the runs of GD-1"]);

    let again = "/gamedays/GD-1?refresh=15";
    assert!(page.has(&format!("a[href=\"{again}\"]")) && !page.has("meta[http-equiv=refresh]"));
    let watched = ana.get(again).await;
    assert_eq!(watched.all("meta[http-equiv=refresh]", "content"), ["15"]);
    assert!(watched.says("main").contains("Stop refreshing"), "{}", watched.says("main"));

    let programs = token(&mut ana, "all").await;
    let answer = call(&story.world, "GET", "/api/v1/gamedays/GD-1", &programs, "").await.json();
    let told: Vec<_> = answer["timeline"].as_array().unwrap().iter().map(|seen| seen["number"].as_i64()).collect();
    assert_eq!(told, [Some(1), Some(2)]);
    assert_eq!((&answer["timeline"][0]["run"], &answer["timeline"][0]["pinned"]), (&"RUN-2".into(), &true.into()));

    story.world.clock.pass_ms(3 * 3_600_000);
    let over = ana.get(again).await;
    assert!(over.has("#timeline") && !over.has("meta[http-equiv=refresh]"), "a day that is over stays as it is");
}
