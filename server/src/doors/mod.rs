//! The doors, one file a word.

mod ids;
mod people;
mod findings;
mod fixes;
mod decisions;
mod runs;

use axum::Router;

use crate::state::AppState;

/// Everything that is not a page: forms, the API, and short addresses.
pub fn all() -> Router<AppState> {
    Router::new().merge(people::routes()).merge(runs::routes()).merge(findings::routes()).merge(fixes::routes()).merge(decisions::routes()).merge(ids::routes())
}
