//! Setting up, signing in and out, limits.

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use notebook::{actor::Role, people::acts};

use crate::world::{PASSWORD, World, answer};

#[tokio::test(flavor = "multi_thread")]
async fn the_setup_link_opens_the_notebook_once() {
    let world = World::new().await;
    let mut browser = world.browser();
    let first = browser.get("/people").await;
    assert_eq!((first.status, first.header("location")), (StatusCode::SEE_OTHER, "/setup"));
    assert!(
        browser.get("/setup").await.text().contains("setup-token"),
        "without a token the page says where to find it"
    );

    let token = acts::setup_link(&world.system()).await.unwrap().unwrap();
    std::fs::write(world.folder().join("setup-token"), &token).unwrap();
    let page = browser.get(&format!("/setup?token={token}")).await;
    let typed = [
        ("name", "Ana"),
        ("email", "ana@example.org"),
        ("password", PASSWORD),
        ("zone", "Europe/Berlin"),
        ("solo", "on"),
    ];
    let weak =
        browser.fill(&page, "/setup", &[("name", "Ana"), ("email", "ana@example.org"), ("password", "short")]).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(weak.form("/setup").contains(&("token".into(), token.clone())), "the token stays in the form");
    let done = browser.fill(&weak, "/setup", &typed).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/"), "{}", done.text());
    assert!(!world.folder().join("setup-token").exists());
    assert_eq!(browser.get("/profile").await.status, StatusCode::OK, "whoever sets up is signed in");

    let mut other = world.browser();
    let again = other.fill(&page, "/setup", &typed).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text().contains("set up"), "{}", again.text());
    assert_eq!(other.get("/setup").await.says("h1"), "This notebook is set up");
    assert_eq!(acts::count(&world.notebook).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_out_is_led_through_sign_in_to_where_they_wanted() {
    let world = World::new().await;
    world.person("Ana", Role::Admin).await;
    let mut browser = world.browser();
    let away = browser.get("/people?x=a%20b").await;
    assert_eq!((away.status, away.header("location")), (StatusCode::SEE_OTHER, "/login?next=%2Fpeople%3Fx%3Da%2520b"));
    let page = browser.get(away.header("location")).await;
    let back = browser.fill(&page, "/login", &[("email", "Ana@Example.org "), ("password", PASSWORD)]).await;
    assert_eq!((back.status, back.header("location")), (StatusCode::SEE_OTHER, "/people?x=a%20b"));
    let login = browser.get("/login?next=%2Fprofile").await;
    assert_eq!(login.header("location"), "/profile", "who is signed in need not sign in");
    let hostile = browser.get("/login?next=%2F%2Fevil.example").await;
    assert_eq!(hostile.header("location"), "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_address_look_the_same() {
    let world = World::new().await;
    world.person("Ana", Role::Admin).await;
    let mut answers = Vec::new();
    for email in ["ana@example.org", "nobody@example.org"] {
        let answer = world.browser().post("/login", &[("email", email), ("password", "not the one")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.form("/login").contains(&("email".into(), email.into())));
        assert!(!answer.text().contains("not the one"), "a password is not written into a page");
        answers.push(answer.says(".errors"));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_wrong_passwords_the_account_waits() {
    let world = World::new().await;
    world.person("Ana", Role::Admin).await;
    let mut browser = world.browser();
    for _ in 0..5 {
        assert_eq!(browser.post("/login", &[("email", "ana@example.org"), ("password", "wrong")]).await.status, 422);
    }
    let answer = browser.sign_in("Ana").await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "30"));
    assert!(answer.says(".errors").contains("Wait 30 seconds"), "{}", answer.says(".errors"));
    world.clock.pass_ms(30_000);
    assert_eq!(browser.sign_in("Ana").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_thirty_tries_and_another_is_not_bothered() {
    let world = World::new().await;
    world.person("Ana", Role::Admin).await;
    let from = |address: &str| {
        let address: std::net::SocketAddr = format!("{address}:4000").parse().unwrap();
        let mut request = Request::post("/login")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            // Anybody can write this header, so it does not make a new address.
            .header("x-forwarded-for", format!("203.0.113.{}", rand_octet()))
            .body(Body::from("email=&password="))
            .unwrap();
        request.extensions_mut().insert(ConnectInfo(address));
        request
    };
    let mut statuses = Vec::new();
    for _ in 0..31 {
        statuses.push(answer(&world.router, from("192.0.2.1")).await.status.as_u16());
    }
    assert_eq!(
        statuses.iter().filter(|status| **status == 429).count(),
        26,
        "five by account, the rest waits: {statuses:?}"
    );
    let refused = answer(&world.router, from("192.0.2.1")).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(world.state.limiter.check("192.0.2.1".parse().unwrap()).is_err());
    assert!(world.state.limiter.check("192.0.2.2".parse().unwrap()).is_ok());
}

fn rand_octet() -> u8 {
    static NEXT: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(1);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_changes_the_cookie_and_signing_out_ends_it_on_the_server() {
    let world = World::new().await;
    world.person("Ana", Role::Admin).await;
    let mut browser = world.browser();
    browser.cookies.insert("retrial".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
    browser.sign_in("Ana").await;
    let first = browser.cookies["retrial"].clone();
    assert_ne!(first, "AAAAAAAAAAAAAAAAAAAAAA", "a cookie somebody planted is not used");
    browser.sign_in("Ana").await;
    assert_ne!(browser.cookies["retrial"], first);

    let mut old = world.browser();
    old.cookies.insert("retrial".into(), first);
    assert_eq!(
        old.get("/profile").await.status,
        StatusCode::SEE_OTHER,
        "the session before the second sign-in is dead"
    );

    let kept = browser.cookies.clone();
    let out = browser.post("/logout", &[]).await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/login"));
    assert!(!browser.cookies.contains_key("retrial"));
    let mut replay = world.browser();
    replay.cookies = kept;
    assert_eq!(replay.get("/profile").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_in_use_lives_on_and_an_idle_one_ends() {
    let world = World::new().await;
    let mut busy = world.signed_in("Ana", Role::Admin).await;
    let mut idle = world.browser();
    idle.sign_in("Ana").await;
    let hour_ms = 3_600_000;
    for _ in 0..3 {
        world.clock.pass_ms(5 * hour_ms);
        let answer = busy.get("/profile").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.headers.contains_key(header::SET_COOKIE), "the cookie is sent again with its age");
    }
    assert_eq!(idle.get("/profile").await.status, StatusCode::SEE_OTHER);
    for _ in 0..16 {
        world.clock.pass_ms(10 * hour_ms);
        busy.get("/profile").await;
    }
    assert_eq!(busy.get("/profile").await.status, StatusCode::SEE_OTHER, "seven days are over");
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_twice_within_ten_minutes_writes_nothing() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Admin).await;
    browser.get("/profile").await;
    world.clock.pass_ms(9 * 60_000);
    assert!(!browser.get("/help").await.headers.contains_key(header::SET_COOKIE));
    world.clock.pass_ms(60_000);
    assert!(browser.get("/help").await.headers.contains_key(header::SET_COOKIE));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_person_is_out_at_the_next_click() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let mut ben = world.signed_in("Ben", Role::Contributor).await;
    let id = acts::find_by_email(&world.system(), "ben@example.org").await.unwrap().id.0;
    let answer = ana.post(&format!("/people/{id}/disable"), &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/people"));
    assert_eq!(ben.get("/profile").await.status, StatusCode::SEE_OTHER);
    assert_eq!(ben.post("/profile", &[("name", "x")]).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ben.sign_in("Ben").await.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_beyond_loopback_takes_no_password_unless_allowed() {
    let open = World::at("http://192.168.0.5:7340", "0.0.0.0:7340", false).await;
    open.person("Ana", Role::Admin).await;
    let refused = open.browser().sign_in("Ana").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.says(".errors").contains("--allow-insecure-http"), "{}", refused.says(".errors"));

    let allowed = World::at("http://192.168.0.5:7340", "0.0.0.0:7340", true).await;
    let mut browser = allowed.signed_in("Ana", Role::Admin).await;
    let page = browser.get("/profile").await;
    assert!(page.says(".banner").contains("plain http"), "every page says so: {}", page.text());
}
