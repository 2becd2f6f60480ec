//! Recording decisions and ending them. Whether one still stands follows from its claims.

use app::paths;
use axum::{Router, response::Response, routing::post};
use notebook::{
    decisions::{Decision, acts},
    desk::Desk,
    id::DecisionId,
    retrials,
};

use crate::{
    reply::{At, Door},
    state::AppState,
};

/// The same doors for forms and for programs.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/decisions", post(decide))
        .route("/decisions/{id}/stop", post(stop))
        .route("/api/v1/decisions", post(decide))
        .route("/api/v1/decisions/{id}/stop", post(stop))
}

async fn decide(door: Door) -> Response {
    let done = |decision: &Decision| (paths::decision(decision.id), format!("{} is recorded.", decision.id));
    door.page(paths::new_decision())
        .run(|desk, draft| async move { retrials::acts::decide(&desk, &draft).await }, done)
        .await
}

async fn stop(At(id): At<DecisionId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::stop(&desk, id, &draft).await };
    door.page(paths::decision(id)).run(act, |()| (paths::decision(id), format!("{id} is ended."))).await
}
