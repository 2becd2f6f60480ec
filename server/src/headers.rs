//! Headers every answer carries, errors included.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use leptos::nonce::Nonce;

use crate::state::AppState;

const FIXED: [(HeaderName, HeaderValue); 5] = [
    // Not no-referrer: browsers would send "Origin: null" with our own forms.
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"),
    ),
];

/// Makes the nonce that scripts of this one answer carry, and sets the headers on the way out.
pub async fn headers(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // What somebody sent, given back as a file, has a stricter one of its own.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY)
        && let Ok(policy) = HeaderValue::from_str(&content_policy(&nonce))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in FIXED {
        headers.insert(name, value);
    }
    if state.site.base.is_https() {
        secure_cookies(headers);
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    // What is not made to be kept is not kept: pages and JSON show what only their reader may see.
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    vary_by_cookie(headers);
    response
}

/// tower-sessions removes a cookie without saying `Secure`, and browsers ignore that for `__Host-`.
fn secure_cookies(headers: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    if cookies.iter().all(is_secure) {
        return;
    }
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        let secured = if is_secure(&cookie) {
            None
        } else {
            HeaderValue::from_bytes(&[cookie.as_bytes(), b"; Secure"].concat()).ok()
        };
        headers.append(header::SET_COOKIE, secured.unwrap_or(cookie));
    }
}

fn is_secure(cookie: &HeaderValue) -> bool {
    cookie.to_str().is_ok_and(|text| text.split(';').any(|part| part.trim().eq_ignore_ascii_case("secure")))
}

fn content_policy(nonce: &Nonce) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
}

/// A cache between us and the reader must not show one person's page to another.
fn vary_by_cookie(headers: &mut HeaderMap) {
    let kept = headers
        .get(header::CACHE_CONTROL)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("public"));
    if !kept {
        headers.append(header::VARY, HeaderValue::from_static("cookie"));
    }
}
