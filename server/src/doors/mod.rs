//! The doors, one file a word.

mod asked;
mod ids;
mod people;
mod services;
mod experiments;
mod findings;
mod fixes;
mod decisions;
mod runs;
mod imports;
mod ingest;
mod first;
mod sample;

use axum::Router;

use crate::state::AppState;

/// Everything that is not a page: forms, the API, and short addresses.
pub fn all() -> Router<AppState> {
    Router::new()
        .merge(people::routes())
        .merge(services::routes())
        .merge(experiments::routes())
        .merge(runs::routes())
        .merge(findings::routes())
        .merge(fixes::routes())
        .merge(decisions::routes())
        .merge(imports::routes())
        .merge(first::routes())
        .merge(sample::routes())
        .merge(ids::routes())
}

/// Doors that take whole documents; they have limits of their own.
pub fn large() -> Router<AppState> {
    Router::new().merge(imports::large()).merge(ingest::large())
}
