//! Teams and freezes through their pages and forms.

use axum::http::StatusCode;
use notebook::actor::Role;

use crate::story::Story;

const DATA_PLATFORM: [(&str, &str); 3] = [
    ("name", "Data platform"),
    ("zone", "Europe/Berlin"),
    ("holidays.0", "2026-12-25 Christmas Day\r\n2026-10-03 Unity Day"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_team_is_added_owns_a_service_and_is_changed() {
    let story = Story::new().await;
    let mut root = story.world.signed_in("Root", Role::Admin).await;
    let page = root.get("/teams").await;
    assert!(page.says(".empty").starts_with("No teams yet"), "{}", page.says(".empty"));
    assert_eq!(page.all(".primary", "href"), ["/teams/new"]);
    let page = root.get("/teams/new").await;
    let sent = root.fill(&page, "/teams", &DATA_PLATFORM).await;
    assert_eq!(sent.header("location"), "/teams/data-platform", "{}", sent.says("main"));

    let page = root.get("/teams/data-platform").await;
    assert!(page.says("#week").contains("Monday 09:00–17:00"), "{}", page.says("#week"));
    assert!(page.says("#week").contains("Sunday nobody works"), "{}", page.says("#week"));
    assert!(page.says("#holidays").contains("2026-12-25, Friday Christmas Day"), "{}", page.says("#holidays"));
    assert!(!page.says("#holidays").contains("Unity Day"), "it is over");
    assert!(page.says(".empty").starts_with("No services"), "{}", page.says(".empty"));

    let edit = root.get("/services/zookeeper/edit").await;
    let sent = root.fill(&edit, "/services/zookeeper/edit", &[("team", "data-platform")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    let service = root.get("/services/zookeeper").await;
    assert!(service.has("aside a[href=\"/teams/data-platform\"]"), "{}", service.says("aside"));
    assert!(root.get("/services").await.has("table a[href=\"/teams/data-platform\"]"));
    assert!(root.get("/teams/data-platform").await.has("main a[href=\"/services/zookeeper\"]"));

    let page = root.get("/teams/data-platform/edit").await;
    let sent = root.fill(&page, "/teams/data-platform/edit", &[("friday", "")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    assert!(root.get("/teams").await.says("#teams").contains("Monday–Thursday 09:00–17:00"));
    let stale = root.fill(&page, "/teams/data-platform/edit", &[("monday", "08:00–16:00")]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert!(stale.form("/teams/data-platform/edit").contains(&("monday".into(), "08:00–16:00".into())));
    let history = root.get("/teams/data-platform").await.says("main");
    assert!(history.contains("changed this team") && history.contains("added this team"), "{history}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_that_do_not_read_come_back_beside_their_day() {
    let story = Story::new().await;
    let mut root = story.world.signed_in("Root", Role::Admin).await;
    let page = root.get("/teams/new").await;
    let typed =
        [("name", "Data platform"), ("tuesday", "nine to five"), ("zone", "Mars/Base"), ("holidays.0", "Christmas")];
    let answer = root.fill(&page, "/teams", &typed).await;
    assert_eq!((answer.status, answer.says("h1").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "Add team"));
    assert!(answer.says("#teams-tuesday-error").contains("Takes hours such as 09:00–17:00"), "{}", answer.text());
    assert!(answer.has("#teams-zone-error"));
    assert!(answer.says("#teams-holidays-0-error").contains("write a date"), "{}", answer.text());
    let fields = answer.form("/teams");
    for (name, value) in typed {
        assert!(fields.contains(&(name.into(), value.into())), "{name} in {fields:?}");
    }
    let mut ana = story.browser().await;
    assert_eq!(ana.get("/teams/new").await.status, StatusCode::FORBIDDEN, "teams are an admin's");
    assert!(!ana.get("/teams").await.has(".primary"));
    assert_eq!(ana.get("/teams/nobody").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freeze_over_everything_is_said_on_every_page_until_it_ends() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/freezes").await;
    assert!(page.says(".empty").starts_with("Nothing is frozen"), "{}", page.says(".empty"));
    let sent = ana.fill(&page, "/freezes", &[("scope", "everything"), ("why", "The sale begins")]).await;
    assert_eq!(sent.header("location"), "/freezes", "{}", sent.says("main"));
    for place in ["/", "/services", "/runs/RUN-1", "/freezes", "/help"] {
        let bar = ana.get(place).await.says(".banners");
        assert!(bar.contains("Freeze on since") && bar.contains("by Ana: The sale begins"), "{place}: {bar}");
    }
    let page = ana.get("/freezes").await;
    assert!(page.says("#active").contains("everything Active"), "{}", page.says("#active"));
    let sent = ana.fill(&page, "/freezes/1/end", &[("why", "It is over")]).await;
    assert_eq!(sent.header("location"), "/freezes", "{}", sent.says("main"));
    let page = ana.get("/freezes").await;
    assert!(!page.has(".banners"), "{}", page.says(".banners"));
    assert!(page.says("#past").contains("Ended: It is over"), "{}", page.says("#past"));
    let again = ana.post("/freezes/1/end", &[("why", "It is over")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_narrower_freeze_is_said_on_the_pages_it_concerns() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/freezes?scope=service:zookeeper").await;
    let sent = ana.fill(&page, "/freezes", &[("why", "Moving racks")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    for (place, frozen) in [
        ("/services/zookeeper", true),
        ("/experiments/EXP-1", true),
        ("/runs/RUN-1", true),
        ("/services/alerting", false),
        ("/", false),
    ] {
        let page = ana.get(place).await;
        assert_eq!(page.has("main .banners"), frozen, "{place}");
        if frozen {
            let bar = page.says("main .banners");
            assert!(bar.contains("Freeze of the service zookeeper on since"), "{place}: {bar}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freeze_that_does_not_fit_keeps_what_was_typed() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/freezes").await;
    let typed = [("scope", "environment:production"), ("from", "soon"), ("until", "2026-01-01T00:00"), ("why", " ")];
    let answer = ana.fill(&page, "/freezes", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["from", "until", "why"] {
        assert!(answer.has(&format!("#freezes-{field}-error")), "{field}: {}", answer.says("main"));
    }
    let fields = answer.form("/freezes");
    assert!(fields.contains(&("from".into(), "soon".into())), "{fields:?}");
    assert!(fields.contains(&("scope".into(), "environment:production".into())), "{fields:?}");

    let window = [("from", "2026-12-20T00:00"), ("until", "2027-01-02T00:00"), ("why", "End of the year")];
    let sent = ana.fill(&answer, "/freezes", &window).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    let page = ana.get("/freezes").await;
    assert!(page.says("#coming").contains("production Coming"), "{}", page.says("#coming"));
    let mut viewer = story.world.signed_in("Vera", Role::Viewer).await;
    assert!(!viewer.get("/freezes").await.has("main form"));
    assert_eq!(viewer.post("/freezes", &[("scope", "everything"), ("why", "x")]).await.status, StatusCode::FORBIDDEN);
}
