//! Forms: what was typed is never lost, and what was sent twice is done once.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use notebook::{actor::Role, people::acts};

use crate::world::{World, answer};

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_comes_back_on_its_page_with_what_was_typed() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Admin).await;
    let page = browser.get("/profile").await;
    let answer = browser.fill(&page, "/profile", &[("name", "Ana <b>\"Beispiel\""), ("zone", "Mars/Olympus")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.says("h1"), "Profile", "the form's own page");
    let fields = answer.form("/profile");
    assert!(fields.contains(&("name".into(), "Ana <b>\"Beispiel\"".into())), "{fields:?}");
    assert!(fields.contains(&("zone".into(), "Mars/Olympus".into())), "{fields:?}");
    assert!(answer.says(".errors").contains("time zone"), "{}", answer.says(".errors"));
    assert_eq!(answer.all("[name=zone]", "aria-invalid"), ["true"]);

    let answer = browser.fill(&answer, "/profile", &[("zone", "Asia/Tokyo")]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/profile"));
    let page = browser.get("/profile").await;
    assert!(page.says(".flash").contains("Profile saved"), "{}", page.text());
    let again = browser.get("/profile").await;
    assert!(!again.has(".flash"), "a flash is shown once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_the_form_does_not_have_is_refused_by_name() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Viewer).await;
    let page = browser.get("/profile").await;
    let answer = browser.fill(&page, "/profile", &[("role", "admin")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.says(".errors").contains("Role: Is not known here"), "{}", answer.says(".errors"));
    let account = acts::find_by_email(&world.system(), "ana@example.org").await.unwrap();
    assert_eq!(account.role, Role::Viewer);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_twice_is_done_once() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Admin).await;
    let page = browser.get("/people").await;
    let typed = [("email", "ben@example.org"), ("role", "viewer")];
    let first = browser.fill(&page, "/people/invite", &typed).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    assert!(first.text().contains("/invite?token="));
    let second = browser.fill(&page, "/people/invite", &typed).await;
    assert_eq!((second.status, second.header("location")), (StatusCode::SEE_OTHER, "/people"));
    let page = browser.get("/people").await;
    assert!(page.says(".flash").contains("sent before"), "{}", page.says(".flash"));
    assert_eq!(acts::invitations(&world.system()).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_edit_is_told_so_and_kept() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Admin).await;
    let page = browser.get("/profile").await;
    let first = browser.fill(&page, "/profile", &[("name", "Ana One")]).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let fresh = browser.get("/profile").await;
    let stale: Vec<(String, String)> = page.form("/profile");
    let version = stale.iter().find(|(name, _)| name == "version").unwrap().1.clone();
    let answer = browser.fill(&fresh, "/profile", &[("name", "Ana Two"), ("version", &version)]).await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED);
    assert!(answer.form("/profile").contains(&("name".into(), "Ana Two".into())));
    assert!(answer.says(".errors").contains("has changed since"), "{}", answer.says(".errors"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_login_keeps_the_typed_text_through_signing_in() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Admin).await;
    let page = browser.get("/profile").await;
    world.clock.pass_ms(13 * 3_600_000);
    let hostile = "Ana </textarea><script>\"'& ä";
    let answer = browser.fill(&page, "/profile", &[("name", hostile)]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.says("h1"), "Sign in");
    assert!(answer.says("form").contains("What you typed is kept"), "{}", answer.says("form"));

    let wrong = browser.fill(&answer, "/login", &[("email", "ana@example.org"), ("password", "wrong")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let back =
        browser.fill(&wrong, "/login", &[("email", "ana@example.org"), ("password", crate::world::PASSWORD)]).await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.text());
    assert_eq!(back.says("h1"), "Profile");
    assert!(back.form("/profile").contains(&("name".into(), hostile.into())), "{:?}", back.form("/profile"));
    assert!(back.text().contains("Nothing was sent yet"));
    let account = acts::find_by_email(&world.system(), "ana@example.org").await.unwrap();
    assert_eq!(account.name, "Ana", "nothing is sent by itself");

    let saved = browser.fill(&back, "/profile", &[]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let account = acts::find_by_email(&world.system(), "ana@example.org").await.unwrap();
    assert_eq!(account.name, hostile);
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_not_kept_over_signing_in() {
    let world = World::new().await;
    let mut browser = world.browser();
    world.person("Ana", Role::Admin).await;
    let answer = browser.post("/profile/password", &[("old", "my old secret one"), ("new", "my new secret one")]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(!answer.text().contains("secret"), "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_urlencoded_and_bounded() {
    let world = World::new().await;
    let post = |kind: &str, body: Vec<u8>| {
        Request::post("/login")
            .header(header::CONTENT_TYPE, kind)
            .header(header::CONTENT_LENGTH, body.len())
            .body(Body::from(body))
            .unwrap()
    };
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
        let answer = answer(&world.router, post(kind, b"email=a&password=b".to_vec())).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        assert!(answer.text().contains("Nothing was saved"));
    }
    let large = [b"email=".to_vec(), vec![b'a'; 2 * 1024 * 1024]].concat();
    let known = answer(&world.router, post("application/x-www-form-urlencoded", large.clone())).await;
    assert_eq!(known.status, StatusCode::PAYLOAD_TOO_LARGE);
    // The same without saying how long it is.
    let request = Request::post("/login")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(large))
        .unwrap();
    let unknown = answer(&world.router, request).await;
    assert_eq!(unknown.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(unknown.says("h1"), "That did not work");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_named_by_a_form_is_one_of_ours() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Admin).await;
    for page in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let answer = browser.post("/profile", &[("_page", page), ("name", "")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        let answer = browser.post("/theme", &[("theme", "dark"), ("next", page)]).await;
        assert_eq!(answer.header("location"), "/", "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_more_rows_keeps_the_page_and_does_nothing_yet() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Admin).await;
    let page = browser.get("/profile").await;
    let answer = browser.fill(&page, "/profile", &[("name", "Half typed"), ("_rows", "checks")]).await;
    assert_eq!((answer.status, answer.says("h1").as_str()), (StatusCode::OK, "Profile"));
    assert!(answer.form("/profile").contains(&("name".into(), "Half typed".into())));
    assert_eq!(acts::find_by_email(&world.system(), "ana@example.org").await.unwrap().name, "Ana");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_after_an_act_says_which_form_was_taken() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Admin).await;
    let page = browser.get("/profile").await;
    let taken = |answer: &crate::world::Answer| {
        answer.all("leptos-island", "data-props").iter().any(|props| props.contains("/profile"))
    };
    assert!(!taken(&page));
    let refused = browser.fill(&page, "/profile", &[("name", "")]).await;
    assert!(!taken(&refused), "a refused form's draft is still needed");
    browser.fill(&page, "/profile", &[("name", "Ana B.")]).await;
    assert!(taken(&browser.get("/profile").await));
    assert!(!taken(&browser.get("/profile").await));
}
