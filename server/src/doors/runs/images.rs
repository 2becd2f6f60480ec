//! Images that show how a run was: sent by a form with a file or as a body alone, and given back so that no
//! browser takes one for a page.

use app::{look::NoteKind, paths};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use notebook::{
    actor::Act,
    desk::{Desk, sha256_hex},
    fault::Result,
    id::RunId,
    limits::IMPORT_FORM_BYTES_MAX,
    refusal::Refusal,
    runs::{
        acts::{self, Attached, Image},
        drafts::ImageDraft,
    },
};

use super::of_runs;
use crate::{
    api,
    document::{self, Arrived, IMAGE, NotArrived},
    doors::{imports::fits_into_sign_in, ingest},
    guard::{Seat, Who, is_api},
    operations::{Doors, act, look},
    reply::{self, At, Door},
    sent::{NotRead, Sent},
    state::AppState,
};

const KINDS: &[&str] = &["image/png", "image/jpeg", "image/gif", "image/webp"];
/// An image never runs, whatever a browser makes of it.
const INERT: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

pub(super) fn doors() -> Doors {
    of_runs()
        .names::<String>("sha256", "The SHA-256 of the image's content.")
        .read(
            "/runs/{id}/evidence/{sha256}",
            image,
            look("show_image", "Get an image of a run, as it was sent.").answers_files(KINDS),
        )
        .file("/runs/{id}/evidence/{sha256}", image)
}

/// The door whose bodies may be large.
pub fn large() -> Doors {
    of_runs()
        .act(
            "/runs/{id}/attach-image",
            attach,
            act("attach_image", Act::Observe, "Attach an image that shows how the run was.")
                .asks::<ImageDraft>()
                .takes_documents(KINDS)
                .creates::<Attached>()
                .more("The image is the body: PNG, JPEG, GIF or WebP by its content, whatever its type says, up to 5 MiB. It is kept as it is, with what a camera wrote into it."),
        )
        .at_most(IMPORT_FORM_BYTES_MAX)
}

async fn attach(At(id): At<RunId>, State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if is_api(parts.uri.path()) {
        by_program(&state, id, parts, body).await
    } else {
        by_form(&state, id, parts, body).await
    }
}

// --- a form with a file

async fn by_form(state: &AppState, id: RunId, parts: Parts, body: Body) -> Response {
    let door = |sent: Sent| Door::over(state, parts.clone(), sent).page(paths::run(id));
    // Who may not is not made to send an image first.
    match door(Sent::default()).desk.may(Act::Observe) {
        Err(Refusal::SignIn) if fits_into_sign_in(&body) => {}
        Err(refusal) => {
            document::forget(body);
            return reply::stopped(state, &parts, refusal.into()).await;
        }
        Ok(()) => {}
    }
    match document::form(Request::from_parts(parts.clone(), body), IMAGE).await {
        Ok(arrived) => taken(door(Sent::of(arrived.values.clone())), id, &arrived).await,
        Err(NotArrived::Stopped(error)) => door(Sent::default()).refuse(error).await,
        Err(NotArrived::NotRead(trouble)) => reply::not_read(state, &parts, trouble).await,
    }
}

async fn taken(mut door: Door, id: RunId, arrived: &Arrived) -> Response {
    match of_form(&mut door, id, arrived).await {
        Ok(attached) => door.taken(&paths::evidence(id, attached.number), NoteKind::Done, "Image attached.".to_owned()),
        Err(error) => door.refuse(error).await,
    }
}

async fn of_form(door: &mut Door, id: RunId, arrived: &Arrived) -> Result<Attached> {
    let draft: ImageDraft = door.sent.draft()?;
    let Some(content) = &arrived.file else {
        return Err(Refusal::unfit(IMAGE, "is missing; choose a file, or paste an image into the note").into());
    };
    // A page has one token for all its forms, and two images may be said to show the same.
    if let Some(once) = &door.sent.once {
        let (path, values) = (door.parts.uri.path(), &door.sent.values);
        door.desk.once = Some(format!("{once} {path} {values:?} {}", sha256_hex(content)).into());
    }
    acts::attach_image(&door.desk, id, content, &draft).await
}

// --- a body alone

async fn by_program(state: &AppState, id: RunId, parts: Parts, body: Body) -> Response {
    match sent(state, id, &parts, body).await {
        Ok(attached) => api::done(&attached, Some(&paths::evidence(id, attached.number))),
        Err(NotArrived::NotRead(trouble)) => reply::not_read(state, &parts, trouble).await,
        Err(NotArrived::Stopped(error)) => api::problem_of_address(&error, &api::request_id(&parts.extensions)),
    }
}

/// In the order in which it is cheapest to say no.
async fn sent(state: &AppState, id: RunId, parts: &Parts, body: Body) -> Result<Attached, NotArrived> {
    let desk = Who::of(parts).desk(&state.notebook);
    let draft = match before_reading(&desk, parts) {
        Ok(draft) => draft,
        Err(no) => {
            document::forget(body);
            return Err(no);
        }
    };
    let arrived = document::alone(Request::from_parts(parts.clone(), body)).await?;
    Ok(acts::attach_image(&desk, id, &arrived.bytes, &draft).await?)
}

fn before_reading(desk: &Desk, parts: &Parts) -> Result<ImageDraft, NotArrived> {
    desk.may(Act::Observe)?;
    if !says_image(&parts.headers) {
        return Err(NotArrived::NotRead(NotRead::WrongType));
    }
    Ok(Sent::of(ingest::asked(parts)?).draft()?)
}

/// A type that no form of another site can send. What the image is, its content says.
fn says_image(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.trim().to_ascii_lowercase().starts_with("image/")
}

// --- given back

async fn image(
    At((id, sha256)): At<(RunId, String)>,
    State(state): State<AppState>,
    Seat(desk): Seat,
    parts: Parts,
) -> Response {
    match acts::image(&desk, id, &sha256).await {
        Ok(image) => given(id, image, &sha256, &parts.headers),
        Err(error) => reply::stopped(&state, &parts, error).await,
    }
}

/// Asked for anew each time, because who may see it may change; sent once.
fn given(id: RunId, image: Image, sha256: &str, asked: &HeaderMap) -> Response {
    let tag = format!("\"{sha256}\"");
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_known = known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag);
    let name = format!("{id}-{}.{}", sha256.get(..8).unwrap_or(sha256), image.kind.word());
    let headers = [
        (header::CONTENT_TYPE, image.kind.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CONTENT_SECURITY_POLICY, INERT.to_owned()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::ETAG, tag),
    ];
    if is_known {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, image.content).into_response()
    }
}
