//! `Idempotency-Key`: a program that saw no answer sends the same request again, and it is done once.
//!
//! The act claims the key in its own transaction (`Desk::begin_write`). Around it, here, a repeat is
//! told apart from another request under the same key and answered like the first one: from what
//! was kept, or, where that was lost, too large or secret, with what the first one made.

use std::{
    collections::HashSet,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http_body::{Frame, SizeHint};
use notebook::{
    desk::Desk,
    limits::{IMPORT_BYTES_MAX, ONCE_ANSWER_BYTES_MAX, ONCE_KEY_CHARS_MAX},
    once::{Earlier, Fingerprint, Once},
    refusal::Refusal,
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::{document, doors::ids, guard::Who, reply, state::AppState};

/// How refusals name the header.
pub const KEY: &str = "Idempotency-Key";
const KEY_NAME: HeaderName = HeaderName::from_static("idempotency-key");
/// `true` on an answer that was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The API's own acts; server functions of islands take no key.
const ACTS: &str = "/api/v1/";

/// An answer that is shown once and not kept: it holds a secret.
#[derive(Clone)]
pub struct Secret;

/// An answer of an act that found its key taken by the same request.
#[derive(Clone)]
pub struct DoneBefore;

/// Answers a keyed request once. Inside of the guard: the key is known together with its person.
pub async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let acts = request.method() == Method::POST && request.uri().path().starts_with(ACTS);
    if !acts || Who::of_request(&request).is_nobody() {
        return next.run(request).await;
    }
    match key(request.headers()) {
        Ok(None) => next.run(request).await,
        Ok(Some(key)) => keyed(&state, key, request, next).await,
        Err(refusal) => reply::bare(&state, request, refusal.into()).await,
    }
}

/// The key, if there is one.
fn key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let mut lines = headers.get_all(&KEY_NAME).iter();
    let Some(first) = lines.next() else { return Ok(None) };
    if lines.next().is_some() {
        return Err(Refusal::unfit(KEY, "is sent twice; send one"));
    }
    let bytes = first.as_bytes();
    let fits = (1..=ONCE_KEY_CHARS_MAX).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
    match first.to_str() {
        Ok(key) if fits => Ok(Some(key.to_owned())),
        _ => Err(Refusal::unfit(
            KEY,
            format!("takes 1 to {ONCE_KEY_CHARS_MAX} printable ASCII characters without spaces, such as a UUID"),
        )),
    }
}

async fn keyed(state: &AppState, key: String, mut request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query().map_or("", |address| address.as_str());
    let fingerprint = Fingerprint::of(request.method().as_str(), address);
    let who = Who { once: Some(Once::of_program(&key, fingerprint.clone())), ..Who::of_request(&request) };
    let desk = who.desk(&state.notebook);
    let Some(_turn) = desk.once_row().and_then(|row| state.under_way.enter(row)) else {
        return reply::bare(state, request, Refusal::UnderWay { wait_s: 1 }.into()).await;
    };
    match desk.earlier().await {
        Ok(Some(earlier)) => {
            let (parts, body) = request.into_parts();
            let whole = read(body, &fingerprint).await;
            repeated(state, &parts, earlier, whole.then(|| fingerprint.words())).await
        }
        Ok(None) => {
            request.extensions_mut().insert(who);
            first(state, &desk, fingerprint, request, next).await
        }
        Err(error) => reply::bare(state, request, error).await,
    }
}

/// Lets the act be done, and keeps what it was answered.
async fn first(state: &AppState, desk: &Desk, sent: Fingerprint, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = Body::new(Heard { body, sent: sent.clone() });
    let response = next.run(Request::from_parts(parts.clone(), body)).await;
    if response.extensions().get::<DoneBefore>().is_none() {
        return kept(desk, response).await;
    }
    // Another server had the same request a little earlier.
    match desk.earlier().await {
        Ok(Some(earlier)) => repeated(state, &parts, earlier, Some(sent.words())).await,
        Ok(None) => response,
        Err(error) => reply::stopped(state, &parts, error).await,
    }
}

/// The first one's answer again, unless this is another request. `sent` is None for one that is
/// larger than any that was taken.
async fn repeated(state: &AppState, parts: &Parts, earlier: Earlier, sent: Option<String>) -> Response {
    if sent.is_none() || earlier.is_of_another(sent.as_deref()) {
        return reply::stopped(state, parts, Refusal::KeyReused.into()).await;
    }
    let answer = earlier.answer.as_deref().and_then(|text| serde_json::from_str::<Answer>(text).ok());
    answer.map_or_else(|| done_before(&earlier.thing), Answer::again)
}

/// Reads a repeat's body for its fingerprint and forgets it. False if it is larger than any first.
async fn read(mut body: Body, fingerprint: &Fingerprint) -> bool {
    let mut left = IMPORT_BYTES_MAX;
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Some(bytes) = frame.data_ref() else { continue };
        fingerprint.take(bytes);
        if let Some(rest) = left.checked_sub(bytes.len()) {
            left = rest;
        } else {
            document::forget(body);
            return false;
        }
    }
    true
}

/// A body whose fingerprint is taken while it arrives.
struct Heard {
    body: Body,
    sent: Fingerprint,
}

impl HttpBody for Heard {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(bytes) = frame.data_ref()
        {
            self.sent.take(bytes);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

// --- what was answered

/// An answer as it is kept.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Answer {
    status: u16,
    location: Option<String>,
    etag: Option<String>,
    kind: String,
    body: String,
}

impl Answer {
    fn of(response: &Response, body: &[u8]) -> Option<Self> {
        let said = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Some(Self {
            status: response.status().as_u16(),
            location: said(header::LOCATION),
            etag: said(header::ETAG),
            kind: said(header::CONTENT_TYPE)?,
            body: String::from_utf8(body.to_vec()).ok()?,
        })
    }

    fn again(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = (status, [(REPLAYED, "true".to_owned()), (header::CONTENT_TYPE, self.kind)]).into_response();
        *response.body_mut() = Body::from(self.body);
        for (name, value) in [(header::LOCATION, self.location), (header::ETAG, self.etag)] {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// Keeps a good answer for repeats before it goes out. What cannot be kept is no reason to say
/// that nothing was done.
async fn kept(desk: &Desk, response: Response) -> Response {
    let small = |bytes| usize::try_from(bytes).is_ok_and(|bytes| bytes <= ONCE_ANSWER_BYTES_MAX);
    let to_keep = response.status().is_success()
        && response.extensions().get::<Secret>().is_none()
        && response.body().size_hint().exact().is_some_and(small);
    if !to_keep {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, ONCE_ANSWER_BYTES_MAX).await else {
        tracing::error!("an answer that was to be kept could not be read");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let response = Response::from_parts(parts, Body::from(body.clone()));
    let text = Answer::of(&response, &body).and_then(|answer| serde_json::to_string(&answer).ok());
    if let Some(text) = text
        && let Err(error) = desk.keep_answer(&text).await
    {
        tracing::warn!(%error, "an answer is not kept; a repeat is told what was made");
    }
    response
}

/// What there is to say where the first answer is not known any more.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DoneBefore")]
struct Done<'a> {
    code: &'static str,
    /// What the first one made or changed, e.g. `RUN-317`.
    thing: &'a str,
    detail: String,
}

/// For the description.
pub fn repeated_shape(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<Done<'_>>()
}

pub fn done_before(thing: &str) -> Response {
    let refusal = Refusal::Done { thing: thing.to_owned() };
    let done = Done { code: refusal.code(), thing, detail: refusal.to_string() };
    let mut response = ([(REPLAYED, "true")], axum::Json(done)).into_response();
    // Slugs are small letters: a service called `run-3` is no run.
    let id = Some(thing).filter(|thing| thing.starts_with(|first: char| first.is_ascii_uppercase()));
    let address = id.and_then(ids::page_of).and_then(|page| HeaderValue::from_str(&api_address(&page)).ok());
    if let Some(address) = address {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response.extensions_mut().insert(DoneBefore);
    response
}

/// Where programs find what has this page.
pub fn api_address(page: &str) -> String {
    format!("{}{}", ACTS.trim_end_matches('/'), page)
}

// --- at the same time

/// Keys whose first request is being answered by this process. A help, not the truth: that is the
/// claim in the database, where a second server waits for it.
#[derive(Default)]
pub struct UnderWay(Mutex<HashSet<String>>);

/// A key's turn; it ends with its request, however that ends.
pub struct Turn {
    all: Arc<UnderWay>,
    row: String,
}

impl UnderWay {
    fn enter(self: &Arc<Self>, row: String) -> Option<Turn> {
        self.rows().insert(row.clone()).then(|| Turn { all: self.clone(), row })
    }

    pub fn is_empty(&self) -> bool {
        self.rows().is_empty()
    }

    fn rows(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.all.rows().remove(&self.row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_printable_and_one() {
        let read = |lines: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(&KEY_NAME, HeaderValue::from_bytes(line).unwrap());
            }
            key(&headers).map_err(|refusal| refusal.troubles()[0].field.clone())
        };
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[b"\"8e03978e-40d5\""]), Ok(Some("\"8e03978e-40d5\"".into())));
        assert_eq!(read(&[&[b'k'; ONCE_KEY_CHARS_MAX]]), Ok(Some("k".repeat(ONCE_KEY_CHARS_MAX))));
        for lines in
            [&[&b""[..]][..], &[b"a b"], &["schlüssel".as_bytes()], &[&[b'k'; ONCE_KEY_CHARS_MAX + 1]], &[b"a", b"a"]]
        {
            assert_eq!(read(lines), Err(KEY.to_owned()), "{lines:?}");
        }
    }

    #[test]
    fn a_key_has_one_turn_at_a_time() {
        let all = Arc::new(UnderWay::default());
        let turn = all.enter("k".into()).unwrap();
        assert!(all.enter("k".into()).is_none());
        assert!(all.enter("l".into()).is_some());
        drop(turn);
        assert!(all.is_empty());
    }
}
