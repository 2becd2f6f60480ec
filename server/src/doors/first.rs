//! What people see before there is any run: the first minutes, and step 1 of an experiment.

use app::paths;
use axum::{Router, response::Response, routing::post};
use notebook::{experiments::observed, id::ExperimentId, retrials::acts};

use crate::{
    reply::{At, Door},
    state::AppState,
};

pub fn routes() -> Router<AppState> {
    ["", "/api/v1"].iter().fold(Router::new(), |router, face| {
        router
            .route(&format!("{face}/first-observation"), post(first_observation))
            .route(&format!("{face}/experiments/{{id}}/observe"), post(observe))
    })
}

async fn first_observation(door: Door) -> Response {
    door.page(paths::today())
        .run(
            |desk, draft| async move { acts::first_observation(&desk, &draft).await },
            |experiment| {
                let says = format!("Observation recorded. It is the first step of {}; complete its plan when you are ready.", experiment.id);
                (paths::experiment(experiment.id), says)
            },
        )
        .await
}

async fn observe(At(id): At<ExperimentId>, door: Door) -> Response {
    // The plan is where observations stand, also once there are runs.
    let page = paths::with_query(&paths::experiment(id), &["view=plan".to_owned()]);
    let shown = page.clone();
    door.page(page)
        .run(
            |desk, draft| async move { observed::observe(&desk, id, &draft).await },
            |seen| (format!("{shown}#o{}", seen.number), "Observation recorded."),
        )
        .await
}
