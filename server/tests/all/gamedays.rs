//! Game days through their pages and forms: written, put right, noted on, changed by two at once, called off.

use axum::http::StatusCode;
use notebook::cadences::{self, drafts::SetDraft};

use crate::{
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
