//! Every route on one screen, and the layers every request passes.

use std::time::Duration;

use app::routes::App;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use leptos_axum::{LeptosRoutes as _, generate_route_list};
use notebook::limits::BODY_BYTES_MAX;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};

use crate::{
    assets,
    coming::{Places, a_few_at_a_time},
    doors, dress, guard, headers, health, observe, once, origin, pages, session,
    state::AppState,
};

/// Longer than any act takes; a client that trickles its body does not hold a place for ever.
const ANSWER_S_MAX: u64 = 60;
/// The same for a stream to begin: whoever waits behind a database that does not answer is told so, and comes back.
const STREAM_S_MAX: u64 = 15;
/// The same for whole documents: 10 MiB in this time is a third of a megabit a second.
const DOCUMENT_S_MAX: u64 = 240;

/// The whole site.
pub fn router(state: AppState) -> Router {
    router_beside(state, Router::new())
}

/// The site with more routes behind its guard and its layers, for a bench that measures others beside it.
pub fn router_beside(state: AppState, more: Router<AppState>) -> Router {
    let whole = Router::new()
        // These ask nobody who they are, so they cost no query.
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/_a/{version}/{*path}", get(assets::asset))
        .merge(behind_the_guard(&state, more));
    // Not packed: each open stream would keep the room that a packer needs, 6 KiB, and use none of it.
    let streams = guarded(&state, doors::streams().router).layer(within(STREAM_S_MAX));
    let watchers = from_fn_with_state(Places::of_watchers(), a_few_at_a_time);
    let streams = seen(&state, answering(&state, streams)).layer(watchers);
    seen(&state, answering(&state, whole).layer(CompressionLayer::new())).merge(streams).with_state(state)
}

// From here on outwards: the last layer is the first to see a request.

/// Every answer carries the policy, also what is refused further in, and is counted.
fn seen(state: &AppState, routes: Router<AppState>) -> Router<AppState> {
    routes.layer(from_fn_with_state(state.clone(), headers::headers)).layer(from_fn(observe::observe))
}

/// Every request gets an answer that its reader can read.
fn answering(state: &AppState, routes: Router<AppState>) -> Router<AppState> {
    routes
        // A panic in one request is that request's 500.
        .layer(CatchPanicLayer::new())
        // Whatever is refused further in gets a page or a problem.
        .layer(from_fn_with_state(state.clone(), dress::dress))
}

/// How long an answer may take to begin.
fn within(seconds: u64) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(seconds))
}

fn behind_the_guard(state: &AppState, more: Router<AppState>) -> Router<AppState> {
    let small = Router::new()
        .merge(doors::all().router)
        .merge(more)
        .route("/api/fn/{*function}", post(pages::server_function))
        .leptos_routes_with_handler(generate_route_list(App), get(pages::show))
        .fallback(pages::missing);
    let small = guarded(state, small)
        // The first limit answers before the body is read, the second one counts what arrives.
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX))
        .layer(within(ANSWER_S_MAX));
    // These doors look at the length themselves, so that a form can show its own page again.
    let large = guarded(state, doors::large().router).layer(within(DOCUMENT_S_MAX));
    small.merge(large)
}

fn guarded(state: &AppState, doors: Router<AppState>) -> Router<AppState> {
    doors
        // Again the innermost first. A program's repeat is answered before its door is reached.
        .layer(from_fn_with_state(state.clone(), once::once))
        // Who asks, once the login session can be read:
        .layer(from_fn_with_state(state.clone(), guard::guard))
        .layer(session::layer(state))
        // No login session is touched by a form of another site.
        .layer(from_fn_with_state(state.clone(), origin::own_origin_only))
        .layer(origin::base_layer(state))
}
