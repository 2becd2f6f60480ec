//! Documents of other tools from a browser: taking one, giving one its experiment, and the document itself.

use app::{ask::Returned, look::NoteKind, paths};
use axum::{
    body::{Body, HttpBody as _},
    extract::{Request, State},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use notebook::{
    actor::Act,
    fault::{Error, Result},
    imports::{
        Import,
        acts::{self, Foreseen, TakeDraft, Taken, TakenAny},
        plans::PlanTaken,
    },
    limits::IMPORT_FORM_BYTES_MAX,
    refusal::{FieldTrouble, Refusal},
    shapes::{Limit, Param},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::asked::{self, Asking};
use crate::{
    api::Api,
    document::{self, Arrived, FILE, NotArrived, TEXT},
    guard::Seat,
    operations::{Doors, Twin, act, look},
    pages::With,
    paging::List,
    reply::{self, At, Door},
    sent::Sent,
    state::AppState,
};

/// A refused file's text comes back in the field for pasting, up to this size.
const FILE_BYTES_BACK_MAX: usize = 256 * 1024;
/// The button that asks what a document would become.
const DRY: &str = "_dry";
/// The sign-in form is sent like any other; escaping can triple a text.
const SIGN_IN_BYTES_MAX: u64 = 512 * 1024;

pub fn doors() -> Doors {
    Doors::of("imports", "Documents of other tools, and the runs they became.")
        .names::<i64>("id", "The document's number.")
        .read("/import", list, look("list", "List documents, newest first.").pages::<Asked>().answers::<Listed>())
        .read(
            "/import/{id}",
            show,
            look("show", "Show what a document proposes and the run it became.").answers::<Import>(),
        )
        .read(
            "/import/{id}/document",
            kept,
            look("show_document", "Get the document as it is kept, without its secrets.").answers_document(),
        )
        .act(
            "/import/{id}/attach",
            attach,
            act("attach", Act::Import, "Give a waiting document its experiment.")
                .takes::<TakeDraft>()
                .needs(&["experiment"])
                .answers::<Import>(),
        )
        .file("/import/{id}/document", kept)
}

/// The door whose bodies may be large.
pub fn large() -> Doors {
    Doors::of("imports", "")
        .form("/import", take, Twin::Operation("imports_take_journal"))
        .at_most(IMPORT_FORM_BYTES_MAX)
}

async fn take(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let door = |sent: Sent| Door::over(&state, parts.clone(), sent).page(paths::imports());
    // Who may not import is not made to send a document first.
    match door(Sent::default()).desk.may(Act::Import) {
        Err(Refusal::SignIn) if fits_into_sign_in(&body) => {}
        Err(refusal) => {
            document::forget(body);
            return reply::stopped(&state, &parts, refusal.into()).await;
        }
        Ok(()) => {}
    }
    match document::form(Request::from_parts(parts.clone(), body), FILE).await {
        Ok(arrived) => Box::pin(taken(door(Sent::of(arrived.values.clone())), arrived)).await,
        Err(NotArrived::Stopped(Error::Refused(Refusal::TooMuch { limit, .. }))) => {
            unread(&door(Sent::default()), &limit).await
        }
        Err(NotArrived::Stopped(error)) => door(Sent::default()).refuse(error).await,
        Err(NotArrived::NotRead(trouble)) => reply::not_read(&state, &parts, trouble).await,
    }
}

/// The form again, empty: what was sent is not read any further once it is too much.
async fn unread(door: &Door, limit: &str) -> Response {
    let note = format!(
        "The document is larger than {limit}, so nothing of the form was read. Shorten long outputs and import it again."
    );
    let returned = Returned { action: paths::imports(), note: Some(note), ..Returned::default() };
    door.again(413, With { returned: Some(returned), ..With::default() }).await
}

/// What somebody typed while their login session ended is kept on the sign-in page, if that can hold it.
pub(super) fn fits_into_sign_in(body: &Body) -> bool {
    body.size_hint().exact().is_some_and(|bytes| bytes <= SIGN_IN_BYTES_MAX)
}

async fn taken(mut door: Door, arrived: Arrived) -> Response {
    let is_dry = door.sent.hidden(DRY).is_some();
    let error = match of_form(&arrived) {
        Err(error) => error,
        Ok((bytes, draft)) if is_dry => match acts::foresee(&door.desk, bytes, &draft).await {
            Ok(foreseen) => {
                keep_text(&mut door, &arrived);
                return shown(&door, foreseen).await;
            }
            Err(error) => error,
        },
        Ok((bytes, draft)) => match acts::take_any(&door.desk, bytes, &draft).await {
            Ok(TakenAny::Run(taken)) => {
                return door.taken(&paths::import(taken.import.id), NoteKind::Done, said(&taken));
            }
            Ok(TakenAny::Experiment(plan)) => {
                let page = plan.experiment.map_or_else(paths::imports, paths::experiment);
                return door.taken(&page, NoteKind::Done, said_of_plan(&plan));
            }
            Ok(TakenAny::Catalogue(taken)) => {
                return door.taken(&paths::services(), NoteKind::Done, format!("Services: {}.", taken.words()));
            }
            Ok(TakenAny::Slos(slos)) => {
                return door.taken(
                    &paths::slos(),
                    NoteKind::Done,
                    format!("{}: {}.", slos.format.label(), slos.words()),
                );
            }
            Err(error) => error,
        },
    };
    let field = keep_text(&mut door, &arrived);
    door.refuse(beside(error, field)).await
}

/// The form again with everything typed, and what the document would become.
async fn shown(door: &Door, foreseen: Foreseen) -> Response {
    let returned = Returned { action: paths::imports(), values: door.sent.values.clone(), ..Returned::default() };
    door.again(200, With { returned: Some(returned), foreseen: Some(foreseen), ..With::default() }).await
}

fn of_form(arrived: &Arrived) -> Result<(&[u8], TakeDraft)> {
    let others = arrived.values.iter().filter(|(name, _)| name != TEXT).cloned();
    let draft: TakeDraft = Sent::of(others.collect()).draft()?;
    let pasted = arrived.values.iter().find(|(name, _)| name == TEXT).map_or("", |(_, text)| text.as_str());
    let pasted: &[u8] = pasted.as_bytes();
    let bytes = arrived.file.as_deref().unwrap_or(pasted);
    if bytes.trim_ascii().is_empty() {
        return Err(Refusal::unfit(FILE, "is missing; choose a file, or paste its text").into());
    }
    Ok((bytes, draft))
}

fn said_of_plan(plan: &PlanTaken) -> String {
    match plan.experiment {
        Some(id) if plan.again => format!("This experiment was here already: it is {id}. Nothing was added."),
        Some(id) => format!("{id} is saved as a draft. Say what it lacks before somebody reviews it."),
        None => "Nothing was kept.".to_owned(),
    }
}

fn said(taken: &Taken) -> String {
    match (taken.import.run, taken.again, taken.entered) {
        (Some(run), _, true) => format!("{run} created. Nothing is signed: look at what is proposed."),
        (Some(run), _, false) => format!("This document was here already: it is {run}. Nothing was added."),
        (None, true, _) => "This document was here already and still waits for its experiment.".to_owned(),
        (None, false, _) => "Document kept. It waits for its experiment.".to_owned(),
    }
}

/// A browser cannot give a file back, so its text comes back instead. Returns where the document stands now.
fn keep_text(door: &mut Door, arrived: &Arrived) -> &'static str {
    let Some(file) = &arrived.file else { return TEXT };
    let text = std::str::from_utf8(file).ok().filter(|_| file.len() <= FILE_BYTES_BACK_MAX);
    let Some(text) = text else { return FILE };
    door.sent.values.retain(|(name, _)| name != TEXT);
    door.sent.values.push((TEXT.to_owned(), text.to_owned()));
    TEXT
}

/// What is wrong inside the document is said beside the field that holds it.
fn beside(error: Error, field: &str) -> Error {
    let Error::Refused(Refusal::Unfit { troubles }) = error else { return error };
    let placed = troubles.into_iter().map(|trouble| {
        let of_the_document = trouble.field.starts_with('/') || trouble.field == FILE;
        if of_the_document { FieldTrouble::new(field, trouble.says) } else { trouble }
    });
    Refusal::Unfit { troubles: placed.collect() }.into()
}

async fn attach(At(id): At<i64>, door: Door) -> Response {
    door.page(paths::import(id))
        .run(
            |desk, draft| async move { acts::attach(&desk, id, &draft).await },
            |import| {
                let run = import.run.map_or_else(String::new, |run| run.to_string());
                (paths::import(import.id), format!("{run} created. Nothing is signed: look at what is proposed."))
            },
        )
        .await
}

/// The document without its secrets, as a file: a browser must not take it for a page.
async fn kept(State(state): State<AppState>, At(id): At<i64>, Seat(desk): Seat, parts: Parts) -> Response {
    match acts::document(&desk, id).await {
        Ok(text) => {
            let mut response = ([(header::CONTENT_TYPE, "application/json")], text).into_response();
            let name = format!("attachment; filename=\"import-{id}.json\"");
            if let Ok(value) = HeaderValue::from_str(&name) {
                response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
            }
            response
        }
        Err(error) => reply::stopped(&state, &parts, error).await,
    }
}

// --- for programs

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// The number of the last document on the page before.
    #[schemars(with = "Param<i64>")]
    before: String,
    /// Documents on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Imports")]
struct Listed {
    imports: Vec<Import>,
    /// Whether there are older ones.
    more: bool,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let before = asked::id(&asked.before, "before", "is no document's number")?;
        let (imports, more) =
            acts::list(list.desk(), &acts::Filter { before, rows: asked::rows(&asked.limit)? }).await?;
        let last = imports.last().filter(|_| more).map(|import| import.id.to_string());
        Ok((Listed { imports, more }, last))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

async fn show(At(id): At<i64>, api: Api) -> Response {
    let import = acts::show(&api.desk, id).await;
    api.answer(import)
}
