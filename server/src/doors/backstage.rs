//! Catalogue files of Backstage from a pipeline.

use axum::{
    Json,
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use notebook::{
    actor::Act,
    imports::catalogue::{self, CatalogueTaken},
    limits::IMPORT_BYTES_MAX,
    refusal::Refusal,
};
use schemars::JsonSchema;

use super::chaostoolkit::{before_reading, dry, is_json_or_yaml, stopped};
use crate::{
    document::{self, NotArrived},
    guard::Who,
    operations::{Doors, act},
    state::AppState,
};

pub fn large() -> Doors {
    Doors::of("imports", "")
        .program(
            "/import/backstage",
            take,
            act("take_catalogue", Act::EditServices, "Take a catalogue file of Backstage: its entities become services.")
                .asks::<Asked>()
                .takes_documents(&["application/json", "application/yaml"])
                .answers::<CatalogueTaken>()
                .more("The body is a catalog-info.yaml of one or more documents. The answer says of each entity whether it was created, updated or skipped, and why."),
        )
        .at_most(IMPORT_BYTES_MAX)
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "a shape for the description; the address is read by `dry`")]
struct Asked {
    /// Say what would become of each entity; keep nothing.
    dry_run: Option<bool>,
}

async fn take(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match taken(&state, &parts, Request::from_parts(parts.clone(), body)).await {
        Ok(taken) => (StatusCode::OK, Json(taken)).into_response(),
        Err(no) => stopped(&state, &parts, no).await,
    }
}

async fn taken(state: &AppState, parts: &Parts, request: Request) -> Result<CatalogueTaken, NotArrived> {
    let desk = Who::of(parts).desk(&state.notebook);
    let (rest, is_dry) = match before_reading(&desk, parts, is_json_or_yaml) {
        Ok(pairs) => dry(pairs)?,
        Err(no) => {
            document::forget(request.into_body());
            return Err(no);
        }
    };
    if let Some((name, _)) = rest.first() {
        return Err(Refusal::unfit(name, "is not known here; only dry_run is").into());
    }
    let arrived = document::alone(request).await?;
    Ok(catalogue::take(&desk, &arrived.bytes, is_dry).await?)
}
