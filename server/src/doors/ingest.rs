//! Results of other tools from a pipeline: the document is the body, everything else is in the address.

use app::paths;
use axum::{
    Json,
    extract::{Query, Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use notebook::{
    actor::Act,
    desk::Desk,
    fault::Result,
    id::{ExperimentId, RunId},
    imports::{
        Ended, Flag, Import, Validity,
        acts::{self, TakeDraft, Taken},
    },
    limits::IMPORT_BYTES_MAX,
    refusal::Refusal,
    runs::facts::Verdict,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    api,
    document::{self, NotArrived},
    guard::Who,
    operations::{Doors, act},
    reply,
    sent::{NotRead, Sent},
    state::AppState,
};

pub fn large() -> Doors {
    let take = act("take_journal", Act::Import, "Take a journal of Chaos Toolkit as a run.")
        .asks::<TakeDraft>()
        .takes_document()
        .answers::<Answer<'static>>()
        .also(&[(201, "The run was made."), (202, "The document waits for its experiment.")])
        .more("The journal is the body. The same journal sent again answers with the run it became.");
    Doors::of("imports", "").program("/ingest/chaostoolkit/journal", journal, take).at_most(IMPORT_BYTES_MAX)
}

/// What became of a journal. Additive changes only.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Ingested")]
struct Answer<'a> {
    /// The number under which the document is kept.
    import: i64,
    /// None while the document waits for its experiment.
    run: Option<RunId>,
    experiment: Option<ExperimentId>,
    proposal: Proposed<'a>,
    /// The same journal was here before.
    again: bool,
    /// The page of the run, or of the waiting document.
    url: String,
}

/// Nothing of this is signed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IngestProposal")]
struct Proposed<'a> {
    execution: Ended,
    validity: &'a Validity,
    verdict: Option<Verdict>,
    why: &'a [String],
    flags: &'a [Flag],
}

async fn journal(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match take(&state, &parts, Request::from_parts(parts.clone(), body)).await {
        Ok(taken) => answer(&state, &taken),
        Err(NotArrived::NotRead(trouble)) => reply::not_read(&state, &parts, trouble).await,
        Err(NotArrived::Stopped(error)) => api::problem(&error, &api::request_id(&parts.extensions)),
    }
}

/// In the order in which it is cheapest to say no.
async fn take(state: &AppState, parts: &Parts, request: Request) -> Result<Taken, NotArrived> {
    let desk = Who::of(parts).desk(&state.notebook);
    let draft = match before_reading(&desk, parts) {
        Ok(draft) => draft,
        Err(no) => {
            document::forget(request.into_body());
            return Err(no);
        }
    };
    let arrived = document::alone(request).await?;
    Ok(acts::take_journal(&desk, &arrived.bytes, &draft).await?)
}

fn before_reading(desk: &Desk, parts: &Parts) -> Result<TakeDraft, NotArrived> {
    desk.may(Act::Import)?;
    if !document::is_json(&parts.headers) {
        return Err(NotArrived::NotRead(NotRead::WrongType));
    }
    Ok(draft_of(asked(parts)?)?)
}

/// What stands in the address.
pub(super) fn asked(parts: &Parts) -> Result<Vec<(String, String)>, Refusal> {
    let Query(pairs) =
        Query::try_from_uri(&parts.uri).map_err(|trouble| Refusal::unfit("query", trouble.body_text()))?;
    Ok(pairs)
}

/// `?experiment=EXP-1&targets=zk-1`; for a new experiment also `services` (repeated) and `environment`.
pub(super) fn draft_of(pairs: Vec<(String, String)>) -> Result<TakeDraft, Refusal> {
    // One service is a list, too.
    let listed = pairs
        .into_iter()
        .map(|(name, value)| if name == "services" { ("services[]".to_owned(), value) } else { (name, value) });
    Sent::of(listed.collect()).draft()
}

fn answer(state: &AppState, taken: &Taken) -> Response {
    let Import { id, run, experiment, proposal, .. } = &taken.import;
    let url = state.site.base.with(&run.map_or_else(|| paths::import(*id), paths::run));
    let status = match run {
        None => StatusCode::ACCEPTED,
        Some(_) if taken.entered => StatusCode::CREATED,
        Some(_) => StatusCode::OK,
    };
    let location = HeaderValue::from_str(&url).ok().filter(|_| taken.entered);
    let proposal = Proposed {
        execution: proposal.execution,
        validity: &proposal.validity,
        verdict: proposal.verdict,
        why: &proposal.why,
        flags: &proposal.flags,
    };
    let told = Answer { import: *id, run: *run, experiment: *experiment, proposal, again: taken.again, url };
    let mut response = (status, Json(told)).into_response();
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
