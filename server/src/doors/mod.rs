//! The doors, one file a word.

mod ids;
mod people;

use axum::Router;

use crate::state::AppState;

/// Everything that is not a page: forms, the API, and short addresses.
pub fn all() -> Router<AppState> {
    Router::new().merge(people::routes()).merge(ids::routes())
}
