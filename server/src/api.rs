//! The JSON face: words as they are, refusals as `application/problem+json`.

use std::{borrow::Cow, convert::Infallible};

use app::{ask::ShownOnce, trouble::RequestId};
use axum::{
    Json,
    extract::FromRequestParts,
    http::{Extensions, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use notebook::{
    desk::Desk,
    fault::{Error, Fault, Result},
    refusal::{FieldTrouble, Refusal},
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

use crate::{
    conditions::{self, IF_MATCH, Known},
    document,
    guard::Who,
    once::{self, Secret},
    state::AppState,
};

/// What went wrong, for programs (RFC 9457). Additive changes only.
#[derive(Serialize, JsonSchema)]
struct Problem<'a> {
    /// `urn:retrial:` and the code.
    r#type: String,
    title: &'a str,
    status: u16,
    detail: String,
    /// The refusal's word; programs compare it.
    code: &'a str,
    /// Which fields to mend.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<Field<'a>>,
    /// The refusal's own facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<&'a Refusal>,
    /// The id under which the log holds this request.
    request: &'a str,
}

/// For the description.
pub fn problem_shape(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<Problem<'_>>()
}

/// One thing that was not taken, and where it stands in the request.
#[derive(Serialize, JsonSchema)]
#[expect(clippy::struct_field_names, reason = "the API calls it so")]
struct Field<'a> {
    /// `checks.0.threshold`, or the name of a header or of a parameter in the address.
    field: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    /// A clause that follows the field's name.
    says: Cow<'a, str>,
    /// In a query: the character it is about, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Place<'a> {
    /// RFC 6901, into the JSON that was sent: `/checks/0/threshold`.
    Pointer(String),
    /// In the address, after the question mark.
    Parameter(&'a str),
    Header(&'a str),
}

/// What a request's fields are read from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FieldsOf {
    Body,
    Address,
}

impl<'a> Field<'a> {
    fn of(trouble: &'a FieldTrouble, from: FieldsOf) -> Self {
        let field = trouble.field.as_str();
        let place = if [once::KEY, IF_MATCH].contains(&field) {
            Place::Header(field)
        } else if from == FieldsOf::Body || field.starts_with('/') {
            Place::Pointer(pointer(field))
        } else if [document::FILE, document::IMAGE].contains(&field) {
            // The body itself.
            Place::Pointer(String::new())
        } else {
            Place::Parameter(field)
        };
        Self { field, place, says: trouble.says.as_str().into(), offset: trouble.at }
    }

    fn all(refusal: &'a Refusal, from: FieldsOf) -> Vec<Self> {
        if *refusal == Refusal::KeyReused {
            let says = "came with another request before; choose another one".into();
            return vec![Self { field: once::KEY, place: Place::Header(once::KEY), says, offset: None }];
        }
        refusal.troubles().iter().map(|trouble| Self::of(trouble, from)).collect()
    }
}

/// What is wrong inside an imported document is a pointer already.
fn pointer(field: &str) -> String {
    if field.is_empty() || field.starts_with('/') {
        return field.to_owned();
    }
    field
        .split('.')
        .fold(String::new(), |pointer, step| format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1")))
}

/// A reading door of the API: the desk, and the face for its answer.
pub struct Api {
    pub desk: Desk,
    request: String,
    known: Known,
}

impl FromRequestParts<AppState> for Api {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> std::result::Result<Self, Infallible> {
        Ok(Self {
            desk: Who::of(parts).desk(&state.notebook),
            request: request_id(&parts.extensions),
            known: Known::of(&parts.headers),
        })
    }
}

impl Api {
    /// A word, or why not.
    pub fn answer<T: Serialize>(self, result: Result<T>) -> Response {
        match result {
            Ok(word) => Json(word).into_response(),
            Err(error) => problem_of_address(&error, &self.request),
        }
    }

    /// One thing that has a version, with its `ETag`; nothing but that where the reader has it.
    pub fn thing<T: Serialize>(self, result: Result<T>, version: impl FnOnce(&T) -> i64) -> Response {
        let word = match result {
            Ok(word) => word,
            Err(error) => return self.answer::<T>(Err(error)),
        };
        match serde_json::to_vec(&word) {
            Ok(body) => conditions::tagged(&self.known, version(&word), body),
            Err(trouble) => {
                let broken = Fault::Work(format!("an answer is no JSON: {trouble}"));
                self.answer::<T>(Err(broken.into()))
            }
        }
    }
}

/// What an act made or changed: tagged with its version where it has one, and with its address if
/// it was made now. `page` is where people find it.
pub fn done<T: Serialize>(thing: &T, page: Option<&str>) -> Response {
    let status = if page.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = (status, Json(thing)).into_response();
    let version = serde_json::to_value(thing).ok().and_then(|thing| thing.get("version")?.as_i64());
    let address = page.and_then(|page| HeaderValue::from_str(&once::api_address(page)).ok());
    for (name, value) in [(header::ETAG, version.and_then(conditions::of_version)), (header::LOCATION, address)] {
        if let Some(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A secret that was made now. It is not kept for repeats.
pub fn shown(shown: &ShownOnce) -> Response {
    let body = serde_json::json!({ "label": shown.label, "text": shown.text });
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    response.extensions_mut().insert(Secret);
    response
}

pub fn request_id(extensions: &Extensions) -> String {
    extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// A refusal or a fault as JSON, about the fields of a body.
pub fn problem(error: &Error, request: &str) -> Response {
    problem_in(error, FieldsOf::Body, request)
}

/// The same where the fields are parameters of the address; the body is a document.
pub fn problem_of_address(error: &Error, request: &str) -> Response {
    problem_in(error, FieldsOf::Address, request)
}

fn problem_in(error: &Error, from: FieldsOf, request: &str) -> Response {
    match error {
        Error::Refused(Refusal::Done { thing }) => once::done_before(thing),
        Error::Refused(refusal) => {
            let status = refusal.status();
            let fields = Field::all(refusal, from);
            let about = fields.is_empty().then_some(refusal);
            let problem = Problem {
                r#type: format!("urn:retrial:{}", refusal.code()),
                title: heading(refusal),
                status,
                detail: refusal.to_string(),
                code: refusal.code(),
                fields,
                about,
                request,
            };
            let mut response = json(status, &problem);
            retry_after(&mut response, refusal);
            present_version(&mut response, refusal);
            response
        }
        Error::Broken(fault) => {
            tracing::error!(%request, error = fault as &dyn std::error::Error, "a program's request broke");
            plain(
                500,
                "broken",
                "The notebook could not do this. The log has the cause under the request's id.",
                request,
            )
        }
    }
}

/// A no of the doors themselves, such as 405 or 415.
pub fn plain(status: u16, code: &str, detail: &str, request: &str) -> Response {
    let title = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Refused");
    let problem = Problem {
        r#type: format!("urn:retrial:{code}"),
        title,
        status,
        detail: detail.to_owned(),
        code,
        fields: Vec::new(),
        about: None,
        request,
    };
    json(status, &problem)
}

fn json(status: u16, problem: &Problem<'_>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(problem)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Says when another try makes sense, where the refusal knows.
pub fn retry_after(response: &mut Response, refusal: &Refusal) {
    if let Refusal::TooOften { wait_s } | Refusal::Busy { wait_s } | Refusal::UnderWay { wait_s } = refusal
        && let Ok(value) = HeaderValue::from_str(&wait_s.to_string())
    {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
}

/// What a stale edit would have had to begin from.
fn present_version(response: &mut Response, refusal: &Refusal) {
    if let Refusal::Stale { version, .. } = refusal
        && let Some(tag) = conditions::of_version(*version)
    {
        response.headers_mut().insert(header::ETAG, tag);
    }
}

const fn heading(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::SignIn => "Sign in first",
        Refusal::NotAllowed { .. } => "Not allowed",
        Refusal::Missing { .. } => "Not there",
        Refusal::NotNow { .. } => "Not now",
        Refusal::Stale { .. } => "Changed meanwhile",
        Refusal::NoVersion { .. } => "Version needed",
        Refusal::Taken { .. } => "Taken",
        Refusal::Gate { .. } => "Gate closed",
        Refusal::Ask { .. } => "Gate waits for answers",
        Refusal::Freeze { .. } => "Freeze",
        Refusal::Unfit { .. } => "Fields need another look",
        Refusal::Done { .. } => "Done before",
        Refusal::KeyReused => "Key used before",
        Refusal::UnderWay { .. } => "Under way",
        Refusal::TooMuch { .. } => "Too much",
        Refusal::TooLong { .. } => "Took too long",
        Refusal::TooOften { .. } => "Too often",
        Refusal::Busy { .. } => "Busy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_into_what_was_sent() {
        for (field, expected) in [
            ("", ""),
            ("title", "/title"),
            ("checks.0.threshold", "/checks/0/threshold"),
            ("a/b.c~d", "/a~1b/c~0d"),
            ("/run/3/tolerance", "/run/3/tolerance"),
        ] {
            assert_eq!(pointer(field), expected, "{field}");
        }
    }
}
