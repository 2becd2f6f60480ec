//! Chef as a source of changes: what its data collector sends, and what its nodes, policies and
//! cookbooks are mapped to.

use app::paths;
use axum::{
    Json,
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use notebook::{
    actor::Act,
    desk::Desk,
    limits::IMPORT_BYTES_MAX,
    services::{
        acts::chef::{self as acts, UnmappedNode},
        chef::{Mapping, MappingDraft, UnmapDraft},
    },
};
use schemars::JsonSchema;
use serde::Serialize;

use super::chaostoolkit::stopped;
use crate::{
    api::Api,
    document::{self, NotArrived},
    guard::Who,
    operations::{Doors, act, look},
    reply::Door,
    sent::NotRead,
    state::AppState,
};

pub fn doors() -> Doors {
    Doors::of("chef", "What Chef's data collector tells, and which services that is about.")
        .read("/chef", show, look("show", "Show what is mapped, and the nodes that wait for it.").answers::<Whole>())
        .act(
            "/chef/map",
            map,
            act("map", Act::EditServices, "Say which service a node, policy or cookbook is about.")
                .takes::<MappingDraft>()
                .answers::<Mapping>()
                .more(
                    "Runs that waited for it become changes. The environment of a mapping that is there is replaced.",
                ),
        )
        .act(
            "/chef/unmap",
            unmap,
            act("unmap", Act::EditServices, "Take a mapping away; changes that were recorded by it stay.")
                .takes::<UnmapDraft>(),
        )
}

/// The door whose bodies may be large.
pub fn large() -> Doors {
    let take = act("take", Act::RecordChange, "Take a message of Chef's data collector.")
        .takes_document()
        .answers::<Nothing>()
        .more("The body is the tool's own message; the token may stand in the header x-data-collector-token.");
    Doors::of("chef", "").program("/ingest/chef", collect, take).at_most(IMPORT_BYTES_MAX)
}

/// Chef expects an object and reads nothing of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ChefTaken")]
struct Nothing {}

async fn collect(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match take(&state, &parts, Request::from_parts(parts.clone(), body)).await {
        Ok(()) => (StatusCode::OK, Json(Nothing {})).into_response(),
        Err(no) => stopped(&state, &parts, no).await,
    }
}

async fn take(state: &AppState, parts: &Parts, request: Request) -> Result<(), NotArrived> {
    let desk = Who::of(parts).desk(&state.notebook);
    if let Err(no) = before_reading(&desk, parts) {
        document::forget(request.into_body());
        return Err(no);
    }
    let arrived = document::alone(request).await?;
    acts::take(&desk, &arrived.bytes).await?;
    Ok(())
}

fn before_reading(desk: &Desk, parts: &Parts) -> Result<(), NotArrived> {
    desk.may(Act::RecordChange)?;
    if document::is_json(&parts.headers) { Ok(()) } else { Err(NotArrived::NotRead(NotRead::WrongType)) }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Chef")]
struct Whole {
    mappings: Vec<Mapping>,
    /// Those with the newest run first.
    unmapped: Vec<UnmappedNode>,
}

async fn show(api: Api) -> Response {
    let whole = acts::shown(&api.desk).await.map(|(mappings, unmapped)| Whole { mappings, unmapped });
    api.answer(whole)
}

async fn map(door: Door) -> Response {
    let done = |mapping: &Mapping| {
        (paths::chef(), format!("{} {} is mapped to {}.", mapping.kind.label(), mapping.name, mapping.service))
    };
    door.page(paths::chef()).run(|desk, draft: MappingDraft| async move { acts::map(&desk, &draft).await }, done).await
}

async fn unmap(door: Door) -> Response {
    let done = |(): &()| (paths::chef(), "The mapping is taken away.");
    door.page(paths::chef()).run(|desk, draft: UnmapDraft| async move { acts::unmap(&desk, &draft).await }, done).await
}
