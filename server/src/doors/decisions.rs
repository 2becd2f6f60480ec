//! Recording decisions and ending them. Whether one still stands follows from its claims.

use app::paths;
use axum::{
    Router,
    extract::Query,
    response::Response,
    routing::{get, post},
};
use notebook::{
    answer::Answer,
    decisions::{Decision, DecisionStanding, acts},
    desk::Desk,
    id::{DecisionId, ExperimentId},
    retrials::{self, claims::ClaimStanding},
};
use serde::{Deserialize, Serialize};

use super::asked;
use crate::{
    api::Api,
    reply::{At, Door},
    state::AppState,
};

/// The same doors for forms and for programs, and what programs read.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/decisions", post(decide))
        .route("/decisions/{id}/stop", post(stop))
        .route("/api/v1/decisions", get(list).post(decide))
        .route("/api/v1/decisions/{id}", get(show))
        .route("/api/v1/decisions/{id}/stop", post(stop))
}

async fn decide(door: Door) -> Response {
    let done = |decision: &Decision| (paths::decision(decision.id), format!("{} is recorded.", decision.id));
    door.page(paths::new_decision())
        .make(|desk, draft| async move { retrials::acts::decide(&desk, &draft).await }, done)
        .await
}

async fn stop(At(id): At<DecisionId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::stop(&desk, id, &draft).await };
    door.page(paths::decision(id)).run(act, |()| (paths::decision(id), format!("{id} is ended."))).await
}

// --- for programs

/// `?run=` and `?experiment=` ids, `?before=` the last id of the page before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    run: String,
    experiment: String,
    before: String,
}

#[derive(Serialize)]
struct Line {
    decision: Decision,
    standing: DecisionStanding,
}

#[derive(Serialize)]
struct Listed {
    decisions: Vec<Line>,
    /// Whether there are older ones.
    more: bool,
}

async fn list(Query(query): Query<Asked>, api: Api) -> Response {
    let listed = async {
        let before = asked::id(&query.before, "before", "is no decision's id")?;
        let run = asked::id(&query.run, "run", "is no run's id")?;
        let experiment = asked::id(&query.experiment, "experiment", "is no experiment's id")?;
        let (rows, more) = retrials::acts::decisions(&api.desk, before, run, experiment).await?;
        let lines = rows.into_iter().map(|row| Line { decision: row.decision, standing: row.standing });
        Ok(Listed { decisions: lines.collect(), more })
    };
    let listed = listed.await;
    api.answer(listed)
}

/// One claim as it was when the decision was taken, and as it is.
#[derive(Serialize)]
struct ClaimNow {
    experiment: ExperimentId,
    then: String,
    standing: ClaimStanding,
    now: String,
}

#[derive(Serialize)]
struct Whole {
    decision: Decision,
    standing: Answer<DecisionStanding>,
    claims: Vec<ClaimNow>,
}

async fn show(At(id): At<DecisionId>, api: Api) -> Response {
    let whole = retrials::acts::show_decision(&api.desk, id).await.map(|shown| {
        let claims = shown.claims.into_iter().map(|(claimed, standing, now)| ClaimNow {
            experiment: claimed.experiment,
            then: claimed.snapshot,
            standing,
            now,
        });
        Whole { decision: shown.decision, standing: shown.standing, claims: claims.collect() }
    });
    api.thing(whole, |whole| whole.decision.version)
}
