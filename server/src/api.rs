//! The JSON face: words as they are, refusals as `application/problem+json`.

use std::convert::Infallible;

use app::trouble::RequestId;
use axum::{
    Json,
    extract::FromRequestParts,
    http::{Extensions, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use notebook::{
    desk::Desk,
    fault::{Error, Result},
    refusal::{FieldTrouble, Refusal},
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

use crate::{guard::Who, state::AppState};

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
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    fields: &'a [FieldTrouble],
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

/// A reading door of the API: the desk, and the face for its answer.
pub struct Api {
    pub desk: Desk,
    request: String,
}

impl FromRequestParts<AppState> for Api {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> std::result::Result<Self, Infallible> {
        Ok(Self { desk: Who::of(parts).desk(&state.notebook), request: request_id(&parts.extensions) })
    }
}

impl Api {
    /// A word, or why not.
    pub fn answer<T: Serialize>(self, result: Result<T>) -> Response {
        match result {
            Ok(word) => Json(word).into_response(),
            Err(error) => problem(&error, &self.request),
        }
    }
}

pub fn request_id(extensions: &Extensions) -> String {
    extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// A refusal or a fault as JSON.
pub fn problem(error: &Error, request: &str) -> Response {
    match error {
        Error::Refused(refusal) => {
            let status = refusal.status();
            let about = refusal.troubles().is_empty().then_some(refusal);
            let problem = Problem {
                r#type: format!("urn:retrial:{}", refusal.code()),
                title: heading(refusal),
                status,
                detail: refusal.to_string(),
                code: refusal.code(),
                fields: refusal.troubles(),
                about,
                request,
            };
            let mut response = json(status, &problem);
            retry_after(&mut response, refusal);
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
        fields: &[],
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
    if let Refusal::TooOften { wait_s } | Refusal::Busy { wait_s } = refusal
        && let Ok(value) = HeaderValue::from_str(&wait_s.to_string())
    {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
}

const fn heading(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::SignIn => "Sign in first",
        Refusal::NotAllowed { .. } => "Not allowed",
        Refusal::Missing { .. } => "Not there",
        Refusal::NotNow { .. } => "Not now",
        Refusal::Stale { .. } => "Changed meanwhile",
        Refusal::Taken { .. } => "Taken",
        Refusal::Gate { .. } => "Gate closed",
        Refusal::Unfit { .. } => "Fields need another look",
        Refusal::Done { .. } => "Done before",
        Refusal::TooMuch { .. } => "Too much",
        Refusal::TooOften { .. } => "Too often",
        Refusal::Busy { .. } => "Busy",
    }
}
