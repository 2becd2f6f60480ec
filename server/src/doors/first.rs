//! The first minutes: what is seen now, as the first step of a new experiment.

use app::paths;
use axum::{Router, response::Response, routing::post};
use notebook::retrials::acts;

use crate::{reply::Door, state::AppState};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/first-observation", post(first_observation))
        .route("/api/v1/first-observation", post(first_observation))
}

async fn first_observation(door: Door) -> Response {
    door.page(paths::today())
        .make(
            |desk, draft| async move { acts::first_observation(&desk, &draft).await },
            |experiment| {
                let says = format!(
                    "Observation recorded. It is the first step of {}; complete its plan when you are ready.",
                    experiment.id
                );
                (paths::experiment(experiment.id), says)
            },
        )
        .await
}
