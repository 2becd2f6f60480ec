//! Pages that stand where another cannot, and short addresses.

use app::trouble::RequestId;
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    middleware::from_fn_with_state,
    response::Response,
    routing::{get, post},
};
use notebook::{
    actor::Role,
    fault::{Error, Fault},
    people::ProfileDraft,
};
use server::{dress, guard::Who, reply::Door};
use tower_http::catch_panic::CatchPanicLayer;

use crate::world::{World, answer};

#[tokio::test(flavor = "multi_thread")]
async fn files_of_the_machine_are_no_pages() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let mut nobody = world.browser();
    for path in [
        "/Cargo.toml",
        "/retrial-data/retrial.db",
        "/retrial.db",
        "/setup-token",
        "/_a/../Cargo.toml",
        "/..%2f..%2fetc%2fpasswd",
        "/%00",
    ] {
        assert_eq!(ana.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(nobody.get(path).await.status, StatusCode::NOT_FOUND, "{path} as nobody");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_alone_leads_to_its_page() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let answer = ana.get("/run-317").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::MOVED_PERMANENTLY, "/runs/RUN-317"));
    let answer = ana.get("/EXP-42@3").await;
    assert_eq!(answer.header("location"), "/experiments/EXP-42/plan/3");
    let live = ana.get("/runs/run-317/live").await;
    assert_eq!((live.status, live.header("location")), (StatusCode::MOVED_PERMANENTLY, "/runs/RUN-317"));
    assert_eq!(ana.get("/runs/EXP-1/live").await.status, StatusCode::NOT_FOUND);
    let unknown = ana.get("/XYZ-1").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.text().contains("/XYZ-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_that_is_no_number_does_not_exist() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let answer = ana.post("/people/ana/disable", &[]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.has("h1") && answer.text().contains("Nothing is at this address"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_database_is_a_page_with_a_reference_and_no_inner_words() {
    let world = World::new().await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    let page = ana.get("/profile").await;
    world.notebook.db.close().await;
    for answer in [ana.get("/profile").await, ana.fill(&page, "/profile", &[("name", "Typed")]).await] {
        assert!(answer.status.is_server_error(), "{}", answer.status);
        let text = answer.text();
        assert!(text.contains(answer.header("x-request-id")), "{text}");
        for inner in ["sqlx", "pool", "Pool", "src/", "panicked"] {
            assert!(!text.contains(inner), "{inner} in {text}");
        }
    }
    let ready = ana.get("/readyz").await;
    assert_eq!((ready.status, ready.json()["database"].as_bool()), (StatusCode::SERVICE_UNAVAILABLE, Some(false)));
    assert_eq!(ana.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_is_not_ready() {
    let world = World::new().await;
    let ready = world.browser().get("/readyz").await;
    assert_eq!((ready.status, ready.json()["ready"].as_bool()), (StatusCode::OK, Some(true)));
    world.state.stop();
    assert_eq!(world.browser().get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_rendered_whole_before_its_status_is_sent() {
    for listing in leptos_axum::generate_route_list(app::routes::App) {
        assert!(matches!(listing.mode(), leptos_router::SsrMode::Async), "{} is not SsrMode::Async", listing.path());
    }
}

/// A door whose act breaks, with everything a real one has.
async fn breaking(door: Door) -> Response {
    let broken = || async { Err::<(), _>(Error::Broken(Fault::Work("the inner cause".into()))) };
    door.page("/profile").run(|_, _: ProfileDraft| broken(), |()| ("/", "")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_keeps_the_form_and_hides_its_cause() {
    let world = World::new().await;
    let account = world.person("Ana", Role::Admin).await;
    let router = Router::new().route("/profile", post(breaking)).with_state(world.state.clone());
    let mut request = Request::post("/profile")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("name=Typed+%3Cb%3E&zone=UTC"))
        .unwrap();
    request.extensions_mut().insert(Who::signed_in(&account, String::new()));
    request.extensions_mut().insert(RequestId("reference-1".into()));
    let answer = answer(&router, request).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.form("/profile").contains(&("name".into(), "Typed <b>".into())));
    assert!(answer.says("main form").contains("Nothing was saved"), "{}", answer.says("main form"));
    assert!(answer.text().contains("reference-1") && !answer.text().contains("inner cause"), "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_one_requests_page() {
    async fn panics() -> &'static str {
        std::hint::black_box(None::<&str>).unwrap()
    }
    let world = World::new().await;
    for path in ["/boom", "/api/v1/boom"] {
        let router = Router::new()
            .route(path, get(panics))
            .layer(CatchPanicLayer::new())
            .layer(from_fn_with_state(world.state.clone(), dress::dress))
            .with_state(world.state.clone());
        let answer = answer(&router, Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert!(answer.text().contains("could not do this"), "{path}: {}", answer.text());
        assert!(!answer.text().contains("unwrap"), "{path}: {}", answer.text());
    }
}
