//! The sample notebook through its doors: offered at setup, marked, toured, removed.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use notebook::{
    actor::Role,
    people::{self, TokenDraft},
    samples,
};
use server::{router::router, state::Entrance};

use crate::world::{Browser, PASSWORD, World, answer};

/// A browser of the first admin, who went through setup as the form suggests it.
async fn set_up(world: &World) -> Browser {
    let token = people::acts::setup_link(&world.system()).await.unwrap().unwrap();
    let mut browser = world.browser();
    let setup = browser.get(&format!("/setup?token={token}")).await;
    let typed = [("name", "Ana"), ("email", "ana@example.org"), ("password", PASSWORD)];
    let made = browser.fill(&setup, "/setup", &typed).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, "/"), "{}", made.text());
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn setup_offers_the_sample_and_today_shows_it() {
    let world = World::new().await;
    let mut browser = set_up(&world).await;
    let today = browser.get("/").await;
    let bar = today.says(".banners");
    assert!(bar.contains("Sample data") && bar.contains("2-minute tour") && bar.contains("Remove"), "{bar}");
    let links = today.all("main a", "href");
    for seen in ["/runs/DEMO-RUN-15", "/runs/DEMO-RUN-16", "/fixes/DEMO-FIX-4"] {
        assert!(links.contains(&seen.to_owned()), "{seen}: {links:?}");
    }
    assert_eq!(today.text().matches("(to do)").count(), 4, "first steps count own work only");
    assert!(!browser.get("/people").await.text().contains("mara@"), "nobody of the story has an account");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_observation_joins_the_running_run_in_one_form() {
    let world = World::new().await;
    let mut browser = set_up(&world).await;
    let short = browser.get("/demo-run-15").await;
    assert_eq!((short.status, short.header("location")), (StatusCode::MOVED_PERMANENTLY, "/runs/DEMO-RUN-15"));
    let run = browser.get("/runs/DEMO-RUN-15").await;
    let seen = browser.fill(&run, "/runs/DEMO-RUN-15/observe", &[("text", "node 2 back")]).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
    assert!(browser.get("/runs/DEMO-RUN-15").await.says("#o4").contains("node 2 back"));
    let finding = browser.get("/findings/DEMO-FND-1").await;
    assert!(finding.all("main a", "href").contains(&"/runs/DEMO-RUN-1".to_owned()), "prose knows the sample's ids");
}

const PAGES: [&str; 15] = [
    "/runs/DEMO-RUN-1",
    "/runs/DEMO-RUN-14",
    "/runs/DEMO-RUN-15",
    "/runs/DEMO-RUN-16",
    "/experiments/DEMO-EXP-1",
    "/experiments/DEMO-EXP-1/plan/1",
    "/experiments/DEMO-EXP-4",
    "/findings/DEMO-FND-2",
    "/fixes/DEMO-FIX-2",
    "/decisions/DEMO-DEC-1",
    "/decisions/DEMO-DEC-2",
    "/services/demo-kafka",
    "/services/demo-zookeeper",
    "/slos/DEMO-SLO-1",
    "/teams/demo-data-platform",
];
const LISTS: [&str; 8] =
    ["/runs", "/experiments", "/findings?view=all", "/fixes", "/decisions", "/services", "/slos", "/teams"];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_and_every_row_of_it_says_so_in_a_word() {
    let world = World::new().await;
    let mut browser = set_up(&world).await;
    for page in PAGES {
        let shown = browser.get(page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}");
        assert!(shown.says(".page-head").contains("Sample"), "{page}: {}", shown.says(".page-head"));
        assert!(shown.has(".banners"), "{page}");
    }
    for list in LISTS {
        let shown = browser.get(list).await;
        // Beside the list of services stands a drawing with a table of its own.
        let table = if list == "/services" { "#services tbody" } else { "tbody" };
        let (rows, text) = (shown.all(&format!("{table} tr:has(td)"), "class").len(), shown.says(table));
        assert!(rows > 0 && text.matches("Sample").count() >= rows, "{list}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_leads_over_five_pages_and_out() {
    let world = World::new().await;
    let mut browser = set_up(&world).await;
    let bar = browser.get("/").await.all(".banners a", "href");
    let mut next = bar[0].clone();
    for number in 1..=5 {
        let shown = browser.get(next.split('#').next().unwrap()).await;
        assert_eq!(shown.status, StatusCode::OK, "{next}");
        assert!(shown.says("#tour").contains(&format!("note {number} of 5")), "{next}: {}", shown.text());
        next = shown.all("#tour a.button", "href").remove(0);
    }
    assert_eq!(next, "/");
    let elsewhere = browser.get("/runs/DEMO-RUN-4?tour=1").await;
    assert!(!elsewhere.has("#tour"), "a note stands on its own page only");
    for odd in ["0", "6", "-1", "x", "99999999999999999999"] {
        assert!(!browser.get(&format!("/runs/DEMO-RUN-1?tour={odd}")).await.has("#tour"), "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_removes_it_and_has_it_written_anew() {
    let world = World::new().await;
    let mut ana = set_up(&world).await;
    let page = ana.get("/sample").await;
    let gone = ana.fill(&page, "/sample/remove", &[]).await;
    assert_eq!((gone.status, gone.header("location")), (StatusCode::SEE_OTHER, "/"), "{}", gone.text());
    let today = ana.get("/").await;
    assert!(!today.has(".banners") && !today.text().contains("DEMO-"), "{}", today.text());
    assert_eq!(ana.get("/runs/DEMO-RUN-15").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ana.get("/runs/DEMO-RUN-1?tour=1").await.status, StatusCode::NOT_FOUND);
    let page = ana.get("/sample").await;
    let written = ana.fill(&page, "/sample/write", &[]).await;
    assert_eq!((written.status, written.header("location")), (StatusCode::SEE_OTHER, "/"), "{}", written.text());
    let again = ana.fill(&page, "/sample/write", &[]).await;
    assert_eq!(again.header("location"), "/sample", "the same form twice is one story");
    let twice = ana.post("/sample/write", &[]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn others_may_look_at_it_and_not_remove_it() {
    let world = World::new().await;
    set_up(&world).await;
    let mut ben = world.signed_in("Ben", Role::Contributor).await;
    let bar = ben.get("/").await.says(".banners");
    assert!(bar.contains("Sample data") && !bar.contains("Remove"), "{bar}");
    let page = ben.get("/sample").await;
    assert!(!page.has("main form") && page.text().contains("An admin can remove it"), "{}", page.text());
    assert_eq!(ben.post("/sample/remove", &[]).await.status, StatusCode::FORBIDDEN);
    assert!(!world.browser().get("/login").await.has(".banners"));
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_write_and_remove_it_too() {
    let world = World::new().await;
    let ana = world.person("Ana", Role::Admin).await;
    let desk = world.notebook.desk(notebook::actor::Actor::Person(ana.as_person()), notebook::actor::Via::Api);
    let draft = TokenDraft { name: "ci".into(), scope: "all".into(), ..TokenDraft::default() };
    let (_, token) = people::acts::make_token(&desk, &draft).await.unwrap();
    let send = |method: &str, path: &str| {
        let bearer = format!("Bearer {token}");
        let request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, bearer);
        answer(&world.router, request.body(Body::empty()).unwrap())
    };
    assert_eq!(send("GET", "/api/v1/sample").await.json()["is_here"], false);
    let written = send("POST", "/api/v1/sample/write").await;
    assert_eq!((written.status, &written.json()["runs"]), (StatusCode::OK, &serde_json::json!(16)));
    assert_eq!(send("GET", "/api/v1/runs/demo-run-15").await.json()["run"]["id"], "DEMO-RUN-15");
    assert_eq!(send("POST", "/api/v1/sample/remove").await.json()["experiments"], 4);
    let gone = send("POST", "/api/v1/sample/remove").await;
    assert_eq!((gone.status, &gone.json()["code"]), (StatusCode::CONFLICT, &serde_json::json!("not_now")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demos_link_signs_in_once() {
    let world = World::new().await;
    let you = world.person("You", Role::Admin).await;
    samples::acts::write(&world.system()).await.unwrap();
    let mut closed = world.browser();
    assert_eq!(
        closed.get("/enter?token=").await.status,
        StatusCode::CONFLICT,
        "no notebook but a demo has such a link"
    );

    let state = world.state.clone().with_entrance(Entrance::new("abc".into(), you));
    let demo = router(state);
    let come = |token: &str| {
        let request = Request::get(format!("/enter?token={token}")).header(header::ACCEPT, "text/html");
        answer(&demo, request.body(Body::empty()).unwrap())
    };
    assert_eq!(come("abd").await.status, StatusCode::CONFLICT);
    let first = come("abc").await;
    assert_eq!((first.status, first.header("location")), (StatusCode::SEE_OTHER, "/"), "{}", first.text());
    let cookie = first.headers.get_all(header::SET_COOKIE).iter().find(|c| c.to_str().unwrap().starts_with("retrial="));
    let cookie = cookie.unwrap().to_str().unwrap().split(';').next().unwrap().to_owned();
    let inside = Request::get("/").header(header::COOKIE, cookie).header(header::ACCEPT, "text/html");
    assert!(answer(&demo, inside.body(Body::empty()).unwrap()).await.says("h1").contains("Today"));
    assert_eq!(come("abc").await.status, StatusCode::CONFLICT, "once");
}
