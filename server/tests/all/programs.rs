//! Tokens and the JSON face.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use notebook::{actor::Role, people::acts};
use scraper::Selector;

use crate::world::{Answer, Browser, World, answer};

pub async fn token(browser: &mut Browser, scope: &str) -> String {
    let page = browser.get("/profile").await;
    let made = browser.fill(&page, "/profile/tokens", &[("name", "ci"), ("scope", scope), ("days", "30")]).await;
    let html = made.html();
    let code = html.select(&Selector::parse("section[role=status] code").unwrap()).next().unwrap();
    code.text().collect()
}

pub async fn call(world: &World, method: &str, path: &str, token: &str, body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    answer(&world.router, request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_stands_for_its_person_below_api_only() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let token = token(&mut ana, "all").await;
    let me = call(&world, "GET", "/api/v1/me", &token, "").await;
    assert_eq!((me.status, me.json()["email"].as_str()), (StatusCode::OK, Some("ana@example.org")));
    assert_eq!(call(&world, "GET", "/profile", &token, "").await.status, StatusCode::SEE_OTHER, "pages take no token");
    let form = call(&world, "POST", "/people/solo", &token, "").await;
    assert_eq!(form.status, StatusCode::UNAUTHORIZED);

    let page = ana.get("/profile").await;
    assert!(!page.text().contains(&token), "the token is shown once");
    let revoke = page.all("form", "action").into_iter().find(|action| action.ends_with("/revoke")).unwrap();
    ana.fill(&page, &revoke, &[]).await;
    let gone = call(&world, "GET", "/api/v1/me", &token, "").await;
    assert_eq!((gone.status, gone.json()["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("sign_in")));
    assert_eq!(gone.header("www-authenticate"), "Bearer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_ends_where_it_says() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    for scope in ["read", "ingest"] {
        let token = token(&mut ana, scope).await;
        assert_eq!(call(&world, "GET", "/api/v1/me", &token, "").await.status, StatusCode::OK);
        let refused = call(&world, "POST", "/api/v1/people/solo", &token, r#"{"solo": true}"#).await;
        assert_eq!(
            (refused.status, refused.json()["code"].as_str()),
            (StatusCode::FORBIDDEN, Some("not_allowed")),
            "{scope}"
        );
    }
    let all = token(&mut ana, "all").await;
    let done = call(&world, "POST", "/api/v1/people/solo", &all, r#"{"solo": true}"#).await;
    assert_eq!((done.status, done.json().as_bool()), (StatusCode::OK, Some(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_a_problem_with_code_fields_and_request() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let token = token(&mut ana, "all").await;
    let id = acts::find_by_email(&world.system(), "ana@example.org").await.unwrap().id.0;
    let path = format!("/api/v1/people/{id}/rights");

    let unfit = call(&world, "POST", &path, &token, r#"{"role": "king"}"#).await;
    assert_eq!(unfit.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(unfit.header("content-type"), "application/problem+json");
    let problem = unfit.json();
    assert_eq!(problem["code"], "unfit");
    assert_eq!(problem["status"], 422);
    assert_eq!(problem["fields"][0]["field"], "role");
    assert_eq!(problem["request"], unfit.header("x-request-id"));

    let unknown = call(&world, "POST", &path, &token, r#"{"rolle": "viewer"}"#).await;
    assert_eq!(
        (unknown.status, unknown.json()["fields"][0]["field"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("rolle"))
    );
    let now = call(&world, "POST", &path, &token, r#"{"role": "viewer", "version": 1}"#).await;
    assert_eq!((now.status, now.json()["code"].as_str()), (StatusCode::CONFLICT, Some("not_now")));
    let missing = call(&world, "POST", "/api/v1/people/999/disable", &token, "").await;
    assert_eq!((missing.status, missing.json()["code"].as_str()), (StatusCode::NOT_FOUND, Some("missing")));
    let no_id = call(&world, "POST", "/api/v1/people/ana/disable", &token, "").await;
    assert_eq!(no_id.status, StatusCode::NOT_FOUND);
    for (kind, body) in [
        ("text/plain", "{}"),
        ("application/x-www-form-urlencoded", "role=viewer"),
        ("multipart/form-data; boundary=x", "x"),
    ] {
        let request = Request::post(&path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        let answer = answer(&world.router, request).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "application/problem+json"),
            "{kind}"
        );
    }
    let broken = call(&world, "POST", &path, &token, "{").await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_works_once() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let token = token(&mut ana, "all").await;
    let mut codes = Vec::new();
    for _ in 0..2 {
        let request = Request::post("/api/v1/people/invite")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", "key-1")
            .body(Body::from(r#"{"email": "ben@example.org", "role": "viewer"}"#))
            .unwrap();
        let answer = answer(&world.router, request).await;
        codes.push((answer.status.as_u16(), answer.json()["code"].as_str().map(str::to_owned)));
    }
    assert_eq!(codes, [(201, None), (200, Some("done".to_owned()))]);
    assert_eq!(acts::invitations(&world.system()).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_may_use_the_api_with_its_cookie() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Viewer).await;
    let me = ana.get("/api/v1/me").await;
    assert_eq!(me.json()["role"], "viewer");
    let people = ana.get("/api/v1/people").await;
    assert_eq!(people.json()["people"].as_array().unwrap().len(), 1);
    assert!(!people.text().contains("argon2"), "no hash leaves the notebook");
    let nobody = world.browser().get("/api/v1/people").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}
