//! Short addresses: `/RUN-317` leads to the run's own page, and so does `/runs/RUN-317/live`, as that page is the
//! live one while the run goes on.

use app::paths;
use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use notebook::id::{DecisionId, ExperimentId, FindingId, FixId, GameDayId, RunId, SloId, number_of};

use crate::{operations::Doors, pages, state::AppState};

pub fn doors() -> Doors {
    Doors::default().file("/{id}", lead_on).file("/runs/{id}/live", live)
}

async fn lead_on(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    lead_to(page_of(&id), state, request).await
}

async fn live(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    lead_to(id.parse::<RunId>().map(paths::run).ok(), state, request).await
}

async fn lead_to(page: Option<String>, state: AppState, request: Request) -> Response {
    match page {
        Some(page) => {
            let mut response = Redirect::permanent(&page).into_response();
            *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
            response
        }
        None => pages::missing(State(state), request).await,
    }
}

/// The page of an id; case does not matter. `EXP-42@3` is the third revision's.
pub fn page_of(id: &str) -> Option<String> {
    if let Some((experiment, revision)) = id.split_once('@') {
        let experiment: ExperimentId = experiment.parse().ok()?;
        return Some(paths::plan(experiment, number_of(revision)?));
    }
    let experiment = id.parse::<ExperimentId>().map(paths::experiment);
    experiment
        .or_else(|_| id.parse::<SloId>().map(paths::slo))
        .or_else(|_| id.parse::<RunId>().map(paths::run))
        .or_else(|_| id.parse::<FindingId>().map(paths::finding))
        .or_else(|_| id.parse::<FixId>().map(paths::fix))
        .or_else(|_| id.parse::<DecisionId>().map(paths::decision))
        .or_else(|_| id.parse::<GameDayId>().map(paths::gameday))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_id_has_its_page() {
        for (id, page) in [
            ("exp-42", Some("/experiments/EXP-42")),
            ("EXP-42@3", Some("/experiments/EXP-42/plan/3")),
            ("Run-317", Some("/runs/RUN-317")),
            ("FND-88", Some("/findings/FND-88")),
            ("FIX-12", Some("/fixes/FIX-12")),
            ("slo-7", Some("/slos/SLO-7")),
            ("DEC-9", Some("/decisions/DEC-9")),
            ("gd-4", Some("/gamedays/GD-4")),
            ("RUN-317@1", None),
            ("RUN-0", None),
            ("XYZ-1", None),
            ("Cargo.toml", None),
        ] {
            assert_eq!(page_of(id).as_deref(), page, "{id}");
        }
    }

    #[test]
    fn no_kind_of_id_is_forgotten() {
        for (prefix, noun) in notebook::id::KINDS {
            assert!(page_of(&format!("{prefix}-1")).is_some(), "{noun}");
        }
    }
}
