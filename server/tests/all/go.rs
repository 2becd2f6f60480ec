//! The one field that leads anywhere, and the page of keys.

use axum::http::StatusCode;
use notebook::actor::Role;

use crate::story::Story;

#[tokio::test(flavor = "multi_thread")]
async fn an_id_a_page_an_act_and_a_name_are_found_and_viewers_are_offered_no_act() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let links = ana.get("/go?q=run-1").await.all("main a", "href");
    assert!(links.contains(&"/runs/RUN-1".to_owned()), "{links:?}");
    let links = ana.get("/go?q=zookeeper").await.all("main a", "href");
    for href in ["/services/zookeeper", "/experiments/EXP-1"] {
        assert!(links.contains(&href.to_owned()), "{href} in {links:?}");
    }
    let page = ana.get("/go").await;
    assert!(page.says("main").contains("Recent runs") && page.has("main a[href=\"/runs/RUN-1\"]"));
    assert!(page.has("main a[href=\"/experiments/new\"]") && !page.has("main a[href=\"/teams/new\"]"));
    let search = ana.get("/search?q=restart").await;
    let kept = ana.fill(&search, "/views", &[("name", "What restarts showed")]).await;
    assert_eq!(kept.header("location"), "/search?q=restart", "{}", kept.says("main"));
    let saved = |links: &[String]| links.contains(&"/search?q=restart".to_owned());
    assert!(saved(&ana.get("/go?q=showed").await.all("#found section a", "href")));
    assert!(!saved(&ana.get("/go").await.all("#found section a", "href")), "only pinned ones stand there unasked");
    let hostile = ana.get("/go?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert!(hostile.has(".empty") && !hostile.text().contains("<script>alert"), "{}", hostile.says("main"));
    let mut viewer = story.world.signed_in("Vera", Role::Viewer).await;
    assert!(!viewer.get("/go").await.has("main a[href=\"/experiments/new\"]"));
    let keys = ana.get("/help/keyboard").await;
    assert_eq!(keys.status, StatusCode::OK);
    assert!(keys.has("#keys a[href=\"/coverage\"]") && keys.has("main button[name=keys][value=off]"));
    assert!(ana.get("/profile").await.has("#keys a[href=\"/help/keyboard\"]"));
}
