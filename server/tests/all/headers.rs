//! Headers on every answer, errors included; cookies and their attributes.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use notebook::actor::Role;

use crate::world::{Answer, World, answer};

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_default().to_owned()
}

fn expect_safe(what: &str, answer: &Answer) {
    let policy = answer.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "style-src 'self'",
    ] {
        assert!(policy.contains(part), "{what}: no {part} in {policy:?}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{what}: {policy}");
    assert!(nonce(answer).len() >= 20, "{what}: {policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
    assert!(!answer.header("x-request-id").is_empty(), "{what}");
    assert!(!answer.header("cache-control").is_empty(), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_policy_and_its_company() {
    let world = World::new().await;
    let cross = Request::post("/login").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    let wrong_type = Request::post("/login").header("content-type", "text/plain").body("a".into()).unwrap();
    let api = Request::get("/api/v1/me").header("authorization", "Bearer nonsense").body(Body::empty()).unwrap();
    let wrong_method = Request::delete("/login").header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap();
    let large = Request::post("/login")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("content-length", "3000000")
        .body(Body::from(vec![b'a'; 3_000_000]))
        .unwrap();
    for (request, status) in [
        (get("/help"), 200),
        (get("/healthz"), 200),
        (get("/readyz"), 200),
        (get("/people"), 303),
        (get("/setup"), 200),
        (get("/no/such/page"), 404),
        (get("/_a/wrong/pkg/retrial.css"), 404),
        (get("/api/v1/nothing"), 404),
        (cross, 403),
        (wrong_type, 415),
        (api, 401),
        (wrong_method, 405),
        (large, 413),
    ] {
        let what = format!("{} {}", request.method(), request.uri());
        let answer = answer(&world.router, request).await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text());
        expect_safe(&what, &answer);
        let page = status >= 400 && !what.contains("/api/");
        assert!(!page || answer.header("content-type").starts_with("text/html"), "{what} is dressed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_of_a_page_carry_the_nonce_of_its_header() {
    let world = World::new().await;
    let first = answer(&world.router, get("/help")).await;
    let second = answer(&world.router, get("/help")).await;
    let nonces = first.all("script", "nonce");
    assert!(!nonces.is_empty(), "{}", first.text());
    assert!(nonces.iter().all(|found| *found == nonce(&first)), "{nonces:?} is not {}", nonce(&first));
    assert_ne!(nonce(&first), nonce(&second));
    assert!(!first.text().contains("style=\""), "the policy forbids style attributes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_never_kept_by_a_cache() {
    let world = World::new().await;
    let mut browser = world.signed_in("Ana", Role::Admin).await;
    for path in ["/people", "/profile", "/api/v1/me"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn transport_security_is_asked_for_over_https_only() {
    let (plain, https) = (World::new().await, World::https().await);
    assert_eq!(answer(&plain.router, get("/help")).await.header("strict-transport-security"), "");
    let header = answer(&https.router, get("/help")).await.header("strict-transport-security").to_owned();
    assert_eq!(header, "max-age=31536000; includeSubDomains");
}

fn cookies(answer: &Answer) -> Vec<String> {
    answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_every_cookie_is_secure_and_the_login_cookie_is_bound_to_the_host() {
    let world = World::https().await;
    world.person("Ana", Role::Admin).await;
    let mut browser = world.browser();
    let signed_in = browser.sign_in("Ana").await;
    let themed = browser.post("/theme", &[("theme", "dark"), ("next", "/profile")]).await;
    let saved = browser.post("/people/solo", &[("solo", "on")]).await;
    let shown = browser.get("/people").await;
    let signed_out = browser.post("/logout", &[]).await;
    let all: Vec<String> = [&signed_in, &themed, &saved, &shown, &signed_out].into_iter().flat_map(cookies).collect();
    assert!(all.len() >= 5, "{all:?}");
    for cookie in &all {
        for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            let removal = cookie.starts_with("__Host-retrial=;");
            assert!(removal || cookie.contains(attribute), "{cookie} lacks {attribute}");
        }
        assert!(cookie.contains("; Secure"), "{cookie}");
        assert!(!cookie.to_lowercase().contains("domain="), "{cookie}");
    }
    let login = cookies(&signed_in).into_iter().find(|cookie| cookie.starts_with("__Host-retrial=")).unwrap();
    assert!(login.contains("Max-Age=43200"), "{login}");
    assert_eq!(signed_out.header("clear-site-data"), "\"storage\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_loopback_http_the_login_cookie_has_its_plain_name() {
    let world = World::new().await;
    world.person("Ana", Role::Admin).await;
    let all = cookies(&world.browser().sign_in("Ana").await);
    assert!(
        all.iter()
            .any(|cookie| cookie.starts_with("retrial=") && !cookie.contains("Secure") && cookie.contains("HttpOnly")),
        "{all:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_keeps_the_id_it_came_with() {
    let world = World::new().await;
    let request = Request::get("/nothing-here").header("x-request-id", "trace-7").body(Body::empty()).unwrap();
    let answer = answer(&world.router, request).await;
    assert_eq!(answer.header("x-request-id"), "trace-7");
    assert!(answer.text().contains("trace-7"), "the page names the id under which the log has it");
}
