//! One note on its way to the notebook, and what came back.

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Array, JSON, Object, Promise, Reflect};
use web_sys::{AbortSignal, Headers, RequestInit, Response};

use super::kept::{Fate, Note, State, fate};

/// Where programs send what forms send.
const FACE: &str = "/api/v1";
/// Says who wrote it: whoever is signed in by now may be somebody else, and is refused.
const PERSON: &str = "retrial-person";
/// A connection that is cut may never say so.
const ANSWER_MS_MAX: u32 = 15_000;

/// What became of a note.
pub enum Outcome {
    /// It is written; somewhere else a form may be open now.
    Taken { number: Option<i64>, said: String, opens: Option<String> },
    /// It will not be taken as it is, and why.
    Refused(String),
    /// Another time.
    Later(State),
}

pub async fn send(who: i64, note: &Note) -> Outcome {
    let Some(response) = answer(who, note).await else { return Outcome::Later(State::Away) };
    let status = response.status();
    let body = said(&response).await;
    let code = text(&body, "code").unwrap_or_default();
    // A repeat whose first answer is not known any more is told that it is done.
    let is_noted = part(&body, "said").is_some() || code == "done";
    match fate(status, is_noted, &code) {
        Fate::Taken => Outcome::Taken { number: number(&body), said: sentences(&body), opens: text(&body, "opens") },
        Fate::Refused => Outcome::Refused(why(&body)),
        Fate::Later(state) => Outcome::Later(state),
    }
}

async fn answer(who: i64, note: &Note) -> Option<Response> {
    let body = Object::new();
    for (name, value) in &note.fields {
        Reflect::set(&body, &name.as_str().into(), &value.as_str().into()).ok()?;
    }
    let headers = Headers::new().ok()?;
    headers.set("content-type", "application/json").ok()?;
    headers.set("idempotency-key", &note.key).ok()?;
    headers.set(PERSON, &who.to_string()).ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    let text = JSON::stringify(&body).ok()?;
    init.set_body(&text);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(ANSWER_MS_MAX)));
    wait(window().fetch_with_str_and_init(&format!("{FACE}{}", note.action), &init)).await?.dyn_into().ok()
}

async fn said(response: &Response) -> JsValue {
    let Ok(promise) = response.text() else { return JsValue::UNDEFINED };
    let text = wait(promise).await.and_then(|text| text.as_string());
    text.and_then(|text| JSON::parse(&text).ok()).unwrap_or(JsValue::UNDEFINED)
}

async fn wait(promise: Promise) -> Option<JsValue> {
    JsFuture::from(promise).await.ok()
}

pub fn part(body: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(body, &name.into()).ok().filter(|value| !value.is_null() && !value.is_undefined())
}

pub fn text(body: &JsValue, name: &str) -> Option<String> {
    part(body, name)?.as_string()
}

fn number(body: &JsValue) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "observations are counted one by one")]
    let number = part(body, "number")?.as_f64()? as i64;
    Some(number)
}

/// What was understood.
fn sentences(body: &JsValue) -> String {
    let said = part(body, "said").and_then(|said| said.dyn_into::<Array>().ok());
    let said = said.iter().flat_map(Array::iter).filter_map(|sentence| sentence.as_string());
    said.collect::<Vec<_>>().join(" ")
}

/// What is wrong with each field, else the whole sentence.
fn why(body: &JsValue) -> String {
    let fields = part(body, "fields").and_then(|fields| fields.dyn_into::<Array>().ok());
    let clauses = fields.iter().flat_map(Array::iter).filter_map(|field| {
        let (name, says) = (text(&field, "field")?, text(&field, "says")?);
        Some(if name == "text" { format!("It {says}.") } else { format!("{name} {says}.") })
    });
    let clauses = clauses.collect::<Vec<_>>().join(" ");
    if clauses.is_empty() { text(body, "detail").unwrap_or_else(|| "It was not taken.".to_owned()) } else { clauses }
}
