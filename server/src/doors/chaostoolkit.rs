//! Chaos Toolkit both ways: plans as experiments it runs, experiments as plans, and what it tells of its
//! runs. Journals have a door of their own.

use std::time::Duration;

use app::paths;
use axum::{
    Json,
    body::Body,
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use notebook::{
    actor::Act,
    desk::Desk,
    fault::{Error, Fault, Result},
    id::{ExperimentId, RunId},
    imports::{
        acts::TakeDraft,
        export,
        notified::{self, Noted},
        plans::{self, PlanImport, PlanTaken},
    },
    limits::IMPORT_BYTES_MAX,
    refusal::Refusal,
    shapes::Param,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    api::{self, Api},
    document::{self, Alone, NotArrived},
    doors::ingest,
    guard::{Seat, Who},
    operations::{Doors, act, look},
    reply::{self, At},
    sent::NotRead,
    state::AppState,
};

/// The tool waits for this answer before it goes on, and takes none for an error after five seconds.
const ANSWER_MS_MAX: u64 = 2_000;
/// A busy notebook is asked again so often: the tool does not.
const TRIES: u32 = 5;
/// YAML has had no registered name for long.
const YAML: [&str; 4] = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"];

pub fn doors() -> Doors {
    Doors::of("imports", "")
        .names::<ExperimentId>("id", "The experiment's id.")
        .names::<i64>("number", "The revision's number.")
        .read(
            "/experiments/{id}/plan/{number}/chaostoolkit",
            exported,
            look("export_plan", "Get a plan as an experiment that Chaos Toolkit runs unchanged.")
                .asks::<Asked>()
                .answers_document(),
        )
        .file("/experiments/{id}/plan/{number}/chaostoolkit.json", download)
        .and(plan_doors())
}

fn plan_doors() -> Doors {
    Doors::of("imports", "")
        .names::<i64>("id", "The document's number.")
        .read(
            "/import/experiments",
            list,
            look("list_plans", "List experiments' documents, newest first.").answers::<PlanImports>(),
        )
        .read(
            "/import/experiments/{id}",
            show,
            look("show_plan", "Show what an experiment's document became.").answers::<PlanImport>(),
        )
        .read(
            "/import/experiments/{id}/document",
            kept,
            look("show_plan_document", "Get the experiment's document as it is kept, without its secrets.")
                .answers_document(),
        )
        .file("/import/experiments/{id}/document", kept)
}

/// Doors that take whole documents.
pub fn large() -> Doors {
    Doors::of("imports", "")
        .program(
            "/ingest/chaostoolkit",
            notification,
            act("take_notification", Act::Import, "Take what Chaos Toolkit tells of a run while it goes on.")
                .asks::<TakeDraft>()
                .takes_document()
                .answers::<Told>()
                .also(&[(202, "Understood; what became of it stands in the answer.")])
                .more("The body is the tool's own notification. All that is told of one run, and its journal, become one run."),
        )
        .program(
            "/import/chaostoolkit/experiment",
            experiment,
            act("take_plan", Act::Import, "Take an experiment of Chaos Toolkit as the draft of a plan.")
                .asks::<PlanAsked>()
                .takes_documents(&["application/json", "application/yaml"])
                .creates::<PlanAnswer<'static>>()
                .also(&[(200, "It was here before, or this was a dry run.")])
                .more("The body is the experiment, as JSON or as YAML (application/yaml)."),
        )
        .at_most(IMPORT_BYTES_MAX)
}

/// What a form would send beside the document, and whether to keep anything.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "a shape for the description; the address is read by `dry` and `draft_of`")]
struct PlanAsked {
    #[serde(flatten)]
    draft: TakeDraft,
    /// Say what it would become; keep nothing.
    dry_run: Option<bool>,
}

// --- plans on their way out

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// The run that is to take the result.
    #[schemars(with = "Param<RunId>")]
    run: String,
}

/// For `chaos run https://…`.
async fn exported(
    At((id, number)): At<(ExperimentId, i64)>,
    State(state): State<AppState>,
    Seat(desk): Seat,
    parts: Parts,
) -> Response {
    match export(&state, &desk, id, number, &parts).await {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(error) => reply::stopped(&state, &parts, error).await,
    }
}

/// The same as a file.
async fn download(
    At((id, number)): At<(ExperimentId, i64)>,
    State(state): State<AppState>,
    Seat(desk): Seat,
    parts: Parts,
) -> Response {
    match export(&state, &desk, id, number, &parts).await {
        Ok(text) => file(text, &format!("{id}-{number}.chaostoolkit.json")),
        Err(error) => reply::stopped(&state, &parts, error).await,
    }
}

async fn export(state: &AppState, desk: &Desk, id: ExperimentId, number: i64, parts: &Parts) -> Result<String> {
    let asked: Query<Asked> =
        Query::try_from_uri(&parts.uri).map_err(|trouble| Refusal::unfit("run", trouble.body_text()))?;
    let page = |run: Option<RunId>| state.site.base.with(&run.map_or_else(|| paths::plan(id, number), paths::run));
    Ok(export::chaostoolkit(desk, id, number, &asked.run, page).await?.pretty())
}

fn file(text: String, name: &str) -> Response {
    let mut response = ([(header::CONTENT_TYPE, "application/json")], text).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

// --- experiments on their way in

/// What an experiment's document became, or would become. Additive changes only.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PlanTakenAt")]
struct PlanAnswer<'a> {
    #[serde(flatten)]
    taken: &'a PlanTaken,
    /// The page of the experiment.
    url: Option<String>,
}

/// Name and value, as often as they stand in the address.
pub(super) type Pairs = Vec<(String, String)>;

async fn experiment(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match take(&state, &parts, body).await {
        Ok(taken) => plan_answer(&state, &taken),
        Err(no) => stopped(&state, &parts, no).await,
    }
}

/// In the order in which it is cheapest to say no.
async fn take(state: &AppState, parts: &Parts, body: Body) -> Result<PlanTaken, NotArrived> {
    let desk = Who::of(parts).desk(&state.notebook);
    let (draft, is_dry) = match before_reading(&desk, parts, is_json_or_yaml) {
        Ok(pairs) => dry(pairs).and_then(|(pairs, is_dry)| Ok((ingest::draft_of(pairs)?, is_dry)))?,
        Err(no) => {
            document::forget(body);
            return Err(no);
        }
    };
    let arrived = document::alone(Request::from_parts(parts.clone(), body)).await?;
    Ok(plans::take(&desk, &arrived.bytes, &draft, is_dry).await?)
}

pub(super) fn before_reading(desk: &Desk, parts: &Parts, fits: fn(&HeaderMap) -> bool) -> Result<Pairs, NotArrived> {
    desk.may(Act::Import)?;
    if !fits(&parts.headers) {
        return Err(NotArrived::NotRead(NotRead::WrongType));
    }
    Ok(ingest::asked(parts)?)
}

pub(super) fn is_json_or_yaml(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    document::is_json(headers) || YAML.contains(&kind.as_str())
}

/// Takes `dry_run` out of the address; the rest is the draft's.
pub(super) fn dry(pairs: Pairs) -> Result<(Pairs, bool), Refusal> {
    let (asked, rest): (Pairs, Pairs) = pairs.into_iter().partition(|(name, _)| name == "dry_run");
    match asked.last().map(|(_, value)| value.as_str()) {
        None | Some("false") => Ok((rest, false)),
        Some("true") => Ok((rest, true)),
        Some(_) => Err(Refusal::unfit("dry_run", "takes true or false")),
    }
}

fn plan_answer(state: &AppState, taken: &PlanTaken) -> Response {
    let url = taken.experiment.map(|id| state.site.base.with(&paths::experiment(id)));
    let is_new = !taken.again && !taken.dry_run;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let location = url.as_deref().filter(|_| is_new).and_then(|url| HeaderValue::from_str(url).ok());
    let mut response = (status, Json(PlanAnswer { taken, url })).into_response();
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

#[derive(Serialize, JsonSchema)]
struct PlanImports {
    /// Newest first.
    experiments: Vec<PlanImport>,
}

async fn list(api: Api) -> Response {
    let list = plans::list(&api.desk).await.map(|experiments| PlanImports { experiments });
    api.answer(list)
}

async fn show(At(id): At<i64>, api: Api) -> Response {
    let import = plans::show(&api.desk, id).await;
    api.answer(import)
}

/// The document without its secrets, as a file: a browser must not take it for a page.
async fn kept(State(state): State<AppState>, At(id): At<i64>, Seat(desk): Seat, parts: Parts) -> Response {
    match plans::document(&desk, id).await {
        Ok(text) => file(text, &format!("experiment-{id}.json")),
        Err(error) => reply::stopped(&state, &parts, error).await,
    }
}

// --- what the tool tells of its runs

/// What became of a notification. Additive changes only.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "Told")]
struct Told {
    /// `taken`, `begun`, `passed` (nothing is kept of it) or `under_way` (the answer came first).
    state: &'static str,
    import: Option<i64>,
    run: Option<RunId>,
    experiment: Option<ExperimentId>,
    /// The run was here before.
    again: bool,
    /// A planned run was opened.
    opened: bool,
    says: String,
    url: Option<String>,
}

/// Always 202 for what is understood: the tool asks nothing and hears nothing.
async fn notification(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let desk = Who::of(&parts).desk(&state.notebook);
    let draft = match before_reading(&desk, &parts, document::is_json) {
        Ok(pairs) => ingest::draft_of(pairs).map_err(NotArrived::from),
        Err(no) => {
            document::forget(body);
            return stopped(&state, &parts, no).await;
        }
    };
    let arrived = match draft {
        Ok(draft) => document::alone(Request::from_parts(parts.clone(), body)).await.map(|arrived| (arrived, draft)),
        Err(no) => Err(no),
    };
    match arrived {
        Ok((arrived, draft)) => match told(desk, arrived, draft).await {
            Ok(noted) => (StatusCode::ACCEPTED, Json(words(&state, noted))).into_response(),
            Err(error) => api::problem_of_address(&error, &api::request_id(&parts.extensions)),
        },
        Err(no) => stopped(&state, &parts, no).await,
    }
}

pub(super) async fn stopped(state: &AppState, parts: &Parts, no: NotArrived) -> Response {
    match no {
        NotArrived::NotRead(trouble) => reply::not_read(state, parts, trouble).await,
        NotArrived::Stopped(error) => api::problem_of_address(&error, &api::request_id(&parts.extensions)),
    }
}

/// Works on its own: a tool that hangs up meanwhile takes nothing away. None if that goes on longer than
/// the tool should wait.
async fn told(desk: Desk, arrived: Alone, draft: TakeDraft) -> Result<Option<Noted>> {
    let work = tokio::spawn(async move {
        let result = patiently(&desk, &arrived, &draft).await;
        if let Err(error) = &result {
            // Whoever asked may be gone.
            tracing::warn!(%error, "a notification was not taken");
        }
        result
    });
    match tokio::time::timeout(Duration::from_millis(ANSWER_MS_MAX), work).await {
        Ok(Ok(result)) => result.map(Some),
        Ok(Err(trouble)) => Err(Fault::Work(format!("a notification: {trouble}")).into()),
        Err(_) => Ok(None),
    }
}

async fn patiently(desk: &Desk, arrived: &Alone, draft: &TakeDraft) -> Result<Noted> {
    for _ in 1..TRIES {
        match notified::take(desk, &arrived.bytes, draft).await {
            Err(Error::Refused(Refusal::Busy { wait_s })) => {
                tokio::time::sleep(Duration::from_secs(u64::try_from(wait_s).unwrap_or(1))).await;
            }
            other => return other,
        }
    }
    notified::take(desk, &arrived.bytes, draft).await
}

fn words(state: &AppState, noted: Option<Noted>) -> Told {
    let page = |run: Option<RunId>, otherwise: String| state.site.base.with(&run.map_or(otherwise, paths::run));
    match noted {
        None => Told { state: "under_way", ..Told::default() },
        Some(Noted::Passed) => Told { state: "passed", ..Told::default() },
        Some(Noted::Begun(begun)) => Told {
            state: "begun",
            run: begun.run,
            experiment: Some(begun.experiment),
            opened: begun.opened,
            url: Some(page(begun.run, paths::experiment(begun.experiment))),
            says: begun.says,
            ..Told::default()
        },
        Some(Noted::Taken(taken)) => Told {
            state: "taken",
            import: Some(taken.import.id),
            run: taken.import.run,
            experiment: taken.import.experiment,
            again: taken.again,
            url: Some(page(taken.import.run, paths::import(taken.import.id))),
            ..Told::default()
        },
    }
}
