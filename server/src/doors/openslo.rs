//! SLOs both ways: ours as documents of OpenSLO, and texts of OpenSLO and Sloth as drafts here.

use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use notebook::{
    actor::Act,
    fault::Result,
    id::SloId,
    imports::{
        acts::TakeDraft,
        export,
        slos::{self, SlosTaken},
    },
    limits::IMPORT_BYTES_MAX,
};
use schemars::JsonSchema;

use super::chaostoolkit::{before_reading, dry, is_json_or_yaml, stopped};
use crate::{
    document::{self, NotArrived},
    doors::ingest,
    guard::{Seat, Who},
    operations::{Doors, act, look},
    reply::{self, At},
    state::AppState,
};

const YAML: &str = "application/yaml";

pub fn doors() -> Doors {
    Doors::of("slos", "")
        .names::<SloId>("id", "The SLO's id.")
        .read(
            "/slos/{id}/openslo",
            one,
            look("export", "Get an SLO and its service as OpenSLO v1: the text in force.").answers_text(YAML),
        )
        .file("/slos/{id}/openslo.yaml", one_file)
        .and(all_doors())
}

fn all_doors() -> Doors {
    Doors::of("slos", "")
        .read(
            "/slos/openslo",
            all,
            look("export_all", "Get all SLOs that are not retired, and their services, as OpenSLO v1.")
                .answers_text(YAML),
        )
        .file("/slos/openslo.yaml", all_file)
}

/// The door that takes whole texts.
pub fn large() -> Doors {
    Doors::of("imports", "")
        .program(
            "/import/slos",
            take,
            act("take_slos", Act::Import, "Take SLOs of OpenSLO or Sloth as drafts.")
                .asks::<Asked>()
                .takes_documents(&["application/yaml", "application/json"])
                .answers::<SlosTaken>()
                .more("The body is the text, with as many documents as there are. The same text sent again changes nothing. Each line of the answer says what became of one object, and why."),
        )
        .at_most(IMPORT_BYTES_MAX)
}

/// What stands in the address.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "a shape for the description; the address is read by `dry` and `draft_of`")]
struct Asked {
    /// Where these SLOs hold, for documents that do not say.
    environment: Option<String>,
    /// Say what would be done; keep nothing.
    dry_run: Option<bool>,
}

async fn one(At(id): At<SloId>, State(state): State<AppState>, Seat(desk): Seat, parts: Parts) -> Response {
    let text = export::openslo(&desk, id).await;
    answered(&state, &parts, text, None).await
}

async fn one_file(At(id): At<SloId>, State(state): State<AppState>, Seat(desk): Seat, parts: Parts) -> Response {
    let text = export::openslo(&desk, id).await;
    answered(&state, &parts, text, Some(&format!("{id}.openslo.yaml"))).await
}

async fn all(State(state): State<AppState>, Seat(desk): Seat, parts: Parts) -> Response {
    let text = export::openslo_all(&desk).await;
    answered(&state, &parts, text, None).await
}

async fn all_file(State(state): State<AppState>, Seat(desk): Seat, parts: Parts) -> Response {
    let text = export::openslo_all(&desk).await;
    answered(&state, &parts, text, Some("slos.openslo.yaml")).await
}

/// A name makes it a file: a browser must not take it for a page.
async fn answered(state: &AppState, parts: &Parts, text: Result<String>, name: Option<&str>) -> Response {
    let text = match text {
        Ok(text) => text,
        Err(error) => return reply::stopped(state, parts, error).await,
    };
    let mut response = ([(header::CONTENT_TYPE, YAML)], text).into_response();
    let named = name.map(|name| HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")));
    if let Some(Ok(value)) = named {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

async fn take(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match taken(&state, &parts, body).await {
        Ok(taken) => (StatusCode::OK, Json(taken)).into_response(),
        Err(no) => stopped(&state, &parts, no).await,
    }
}

/// In the order in which it is cheapest to say no.
async fn taken(state: &AppState, parts: &Parts, body: Body) -> Result<SlosTaken, NotArrived> {
    let desk = Who::of(parts).desk(&state.notebook);
    let read = before_reading(&desk, parts, is_json_or_yaml);
    let asked = read.and_then(|pairs| {
        let (pairs, is_dry) = dry(pairs)?;
        Ok((ingest::draft_of(pairs)?, is_dry))
    });
    let (draft, is_dry): (TakeDraft, bool) = match asked {
        Ok(asked) => asked,
        Err(no) => {
            document::forget(body);
            return Err(no);
        }
    };
    let arrived = document::alone(Request::from_parts(parts.clone(), body)).await?;
    Ok(slos::take(&desk, &arrived.bytes, &draft, is_dry).await?)
}
