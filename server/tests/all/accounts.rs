//! People and profile pages with their forms.

use axum::http::StatusCode;
use notebook::{actor::Role, people::acts};
use scraper::Selector;

use crate::world::{Answer, PASSWORD, World};

fn secret(answer: &Answer) -> String {
    let html = answer.html();
    let found = html.select(&Selector::parse("section[role=status] code").unwrap()).next();
    found.map_or_else(|| panic!("nothing is shown once: {}", answer.text()), |code| code.text().collect())
}

fn path(link: &str) -> &str {
    link.strip_prefix("http://127.0.0.1:7340").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_leads_to_an_account() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let page = ana.get("/people").await;
    let made = ana.fill(&page, "/people/invite", &[("email", "ben@example.org"), ("role", "contributor")]).await;
    let link = secret(&made);
    assert!(!ana.get("/people").await.text().contains("/invite?token="), "the link is shown once");

    let mut ben = world.browser();
    let page = ben.get(path(&link)).await;
    assert!(page.text().contains("ben@example.org"));
    let joined = ben.fill(&page, "/invite", &[("name", "Ben"), ("password", PASSWORD)]).await;
    assert_eq!((joined.status, joined.header("location")), (StatusCode::SEE_OTHER, "/"), "{}", joined.text());
    assert!(ben.get("/profile").await.text().contains("ben@example.org"));
    let gone = world.browser().get(path(&link)).await;
    assert_eq!((gone.status, gone.says("h1").as_str()), (StatusCode::NOT_FOUND, "This link does not work"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_sets_a_new_password() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let ben = world.person("Ben", Role::Viewer).await;
    let action = format!("/people/{}/reset-link", ben.id.0);
    let page = ana.get("/people").await;
    let link = secret(&ana.fill(&page, &action, &[]).await);
    let mut browser = world.browser();
    let page = browser.get(path(&link)).await;
    let set = browser.fill(&page, "/reset", &[("password", "an entirely new one")]).await;
    assert_eq!((set.status, set.header("location")), (StatusCode::SEE_OTHER, "/login"));
    assert!(browser.get("/login").await.says(".flash").contains("Your new password is set"));
    let old = world.browser().sign_in("Ben").await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_are_changed_by_admins_only() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let mut ben = world.signed_in("Ben", Role::Contributor).await;
    let id = acts::find_by_email(&world.system(), "ben@example.org").await.unwrap().id.0;
    let action = format!("/people/{id}/rights");

    let page = ben.get("/people").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.has("main form"), "who may not change anything sees no form");
    let refused = ben.post(&action, &[("role", "admin"), ("version", "1")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(
        ben.post("/people/invite", &[("email", "x@example.org"), ("role", "admin")]).await.status,
        StatusCode::FORBIDDEN
    );

    let page = ana.get("/people").await;
    let saved = ana.fill(&page, &action, &[("role", "viewer"), ("can_revert", "on")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let account = acts::load(&world.system(), notebook::actor::PersonId(id)).await.unwrap();
    assert_eq!((account.role, account.can_revert), (Role::Viewer, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_is_told_why_not() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let id = acts::find_by_email(&world.system(), "ana@example.org").await.unwrap().id.0;
    let page = ana.get("/people").await;
    let answer = ana.fill(&page, &format!("/people/{id}/disable"), &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.says(".errors").contains("make somebody else an admin first"), "{}", answer.says(".errors"));
}

#[tokio::test(flavor = "multi_thread")]
async fn login_sessions_are_listed_and_ended() {
    let world = World::new().await;
    let mut here = world.signed_in("Ana", Role::Admin).await;
    let mut there = world.browser();
    there.sign_in("Ana").await;
    let page = here.get("/profile").await;
    assert!(page.text().contains("(this one)"));
    let ends: Vec<String> = page.all("form", "action").into_iter().filter(|action| action.ends_with("/end")).collect();
    assert_eq!(ends.len(), 1, "one's own present session is ended by signing out");
    let ended = here.fill(&page, &ends[0], &[]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(there.get("/profile").await.status, StatusCode::SEE_OTHER);
    assert_eq!(here.get("/profile").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_the_password_ends_other_sessions_and_keeps_this_one() {
    let world = World::new().await;
    let mut here = world.signed_in("Ana", Role::Admin).await;
    let mut there = world.browser();
    there.sign_in("Ana").await;
    let page = here.get("/profile").await;
    let changed = here.fill(&page, "/profile/password", &[("old", PASSWORD), ("new", "an entirely new one")]).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
    assert_eq!(here.get("/profile").await.status, StatusCode::OK);
    assert_eq!(there.get("/profile").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_theme_is_rendered_by_the_server() {
    let world = World::new().await;
    let mut browser = world.browser();
    world.person("Ana", Role::Admin).await;
    let answer = browser.post("/theme", &[("theme", "dark"), ("next", "/login?next=%2Fpeople")]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/login?next=%2Fpeople"));
    assert_eq!(browser.get("/login").await.all("html", "data-theme"), ["dark"]);
    browser.sign_in("Ana").await;
    browser.post("/theme", &[("theme", "light"), ("next", "/")]).await;
    let mut elsewhere = world.browser();
    elsewhere.sign_in("Ana").await;
    assert_eq!(elsewhere.get("/profile").await.all("html", "data-theme"), ["light"], "it goes with the account");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_stay_text() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Admin).await;
    let page = browser.get("/profile").await;
    let hostile = "</title></textarea><script>alert(1)</script>\"'&";
    assert_eq!(browser.fill(&page, "/profile", &[("name", hostile)]).await.status, StatusCode::SEE_OTHER);
    for path in ["/people", "/profile", "/help"] {
        let page = browser.get(path).await;
        assert!(!page.text().contains("<script>alert"), "{path}");
        assert!(
            page.text().contains("&lt;script&gt;alert(1)") || page.text().contains("&lt;script>alert(1)"),
            "{path} shows the name"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_why_working_alone_does_not_hold() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    ana.post("/people/solo", &[("solo", "on")]).await;
    let page = ana.get("/people").await;
    assert!(page.says("main").contains("One person may review their own plans here."), "{}", page.says("main"));
    world.person("Vera", Role::Viewer).await;
    world.person("Ben", Role::Contributor).await;
    let page = ana.get("/people").await;
    assert!(page.says("main").contains("does not hold: 2 people have open accounts"), "{}", page.says("main"));
    assert!(page.says("main").contains("in production takes 3 people who are present"), "{}", page.says("main"));
    let switched = ana.post("/people/solo", &[("solo", "on")]).await;
    assert_eq!(switched.status, StatusCode::SEE_OTHER);
}
