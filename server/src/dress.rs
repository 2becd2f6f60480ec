//! Errors that arise outside the doors (405, 408, 413, a cross-origin form, a panic) get a page or a
//! problem like every other no.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};

use crate::{reply, state::AppState};

/// Replaces the body of an error that has no page and no problem yet; its headers stay.
pub async fn dress(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status().as_u16();
    if status < 400 || is_dressed(response.headers()) {
        return response;
    }
    let (bare, _) = response.into_parts();
    let mut dressed = reply::said(&state, &asked, status, code(status), sentence(status).to_owned()).await;
    for (name, value) in &bare.headers {
        let of_the_body = [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING].contains(name);
        if !of_the_body {
            dressed.headers_mut().append(name, value.clone());
        }
    }
    dressed
}

fn is_dressed(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    ["text/html", "application/problem+json", "application/json"].iter().any(|dress| kind.starts_with(dress))
}

const fn code(status: u16) -> &'static str {
    match status {
        403 => "cross_origin",
        404 => "missing",
        405 => "wrong_method",
        408 => "too_slow",
        413 => "too_much",
        415 => "not_read",
        429 => "too_often",
        500..=599 => "broken",
        _ => "refused",
    }
}

const fn sentence(status: u16) -> &'static str {
    match status {
        403 => {
            "This form did not come from a page of this notebook, so nothing was done. Open the page here and send it again."
        }
        404 => "Nothing is at this address.",
        405 => "This address does not take that kind of request. Nothing was done.",
        408 => "This took too long and was stopped. Look whether it was done before you send it again.",
        413 => "What was sent is too large. Nothing was saved; go back, and send less.",
        415 => "This address does not take that kind of content. Nothing was saved.",
        429 => "Too many tries. Wait a little and try again; nothing was done.",
        500..=599 => "The notebook could not do this. If it happens again, give an admin the reference below.",
        _ => "The notebook could not read this request. Nothing was done.",
    }
}
