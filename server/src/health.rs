//! Whether the program is alive, and whether it can take work.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::state::{AppState, VERSION};

/// Alive: asks nothing and nobody.
pub async fn healthz() -> &'static str {
    "ok\n"
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    version: &'static str,
    engine: &'static str,
    /// Whether the database answers.
    database: bool,
    stopping: bool,
}

/// Ready: the database answers, and nobody asked us to stop.
pub async fn readyz(State(state): State<AppState>) -> Response {
    let database = match state.notebook.db.answers().await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            false
        }
    };
    let stopping = state.is_stopping();
    let ready = database && !stopping;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, version: VERSION, engine: state.notebook.db.engine(), database, stopping }))
        .into_response()
}
