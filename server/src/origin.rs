//! Whether a request that changes something comes from our own pages.
//!
//! `CsrfLayer` is the base. It lets a request with neither header pass and compares hosts without
//! their scheme, so this adds: with a login cookie, neither header means no; and an `Origin`
//! without `Sec-Fetch-Site` must be the base URL, scheme included.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower_http::csrf::CsrfLayer;

use crate::{cookies, session, state::AppState};

/// What tower-http checks, with the base URL as a trusted origin: a proxy may rewrite `Host`.
pub fn base_layer(state: &AppState) -> CsrfLayer {
    let layer = CsrfLayer::new();
    match layer.clone().add_trusted_origin(state.site.base.origin()) {
        Ok(trusting) => trusting,
        Err(trouble) => {
            tracing::warn!(%trouble, "the base URL is not trusted as an origin of its own forms");
            layer
        }
    }
}

/// Refuses with 403 what `comes_from_us` refuses.
pub async fn own_origin_only(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let has_login = cookies::value(request.headers(), session::cookie_name(&state.site)).is_some();
    if comes_from_us(request.method(), request.headers(), state.site.base.origin(), has_login) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

fn comes_from_us(method: &Method, headers: &HeaderMap, origin: &str, has_login: bool) -> bool {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        return true;
    }
    match (headers.get("sec-fetch-site"), headers.get(header::ORIGIN)) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(from)) => from.as_bytes() == origin.as_bytes(),
        (None, None) => !has_login,
    }
}
