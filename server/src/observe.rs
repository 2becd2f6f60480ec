//! One log line a request, under an id that the answer and every error carry too.

use std::{net::SocketAddr, time::Instant};

use app::trouble::RequestId;
use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderName, HeaderValue, Uri},
    middleware::Next,
    response::Response,
};
use notebook::people::secrets;
use tracing_subscriber::EnvFilter;

use crate::config::wants_no_colour;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

impl LogFormat {
    /// The format with this name; otherwise a clause naming both.
    pub fn named(word: &str) -> Result<Self, String> {
        match word {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("takes text or json".into()),
        }
    }
}

/// The least a log line must weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

impl LogLevel {
    /// The level with this name; otherwise a clause naming all.
    pub fn named(word: &str) -> Result<Self, String> {
        match word {
            "error" => Ok(Self::Error),
            "warn" => Ok(Self::Warn),
            "info" => Ok(Self::Info),
            "debug" => Ok(Self::Debug),
            "trace" => Ok(Self::Trace),
            _ => Err("takes error, warn, info, debug or trace".into()),
        }
    }

    /// hyper and sqlx speak of every connection and statement below "warn".
    const fn filter(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn,tower_sessions_core=error,tower_sessions=error",
            Self::Info => "info,sqlx=warn,hyper=warn,tower_sessions_core=error,tower_sessions=error",
            Self::Debug => "debug,sqlx=warn,hyper=warn,hyper_util=warn,tower_sessions_core=error,tower_sessions=error",
            Self::Trace => "trace,sqlx=warn,hyper=warn,hyper_util=warn,tower_sessions_core=error,tower_sessions=error",
        }
    }
}

/// Starts logging to standard error; standard output is for what people asked for.
pub fn start(level: LogLevel, format: LogFormat) {
    let filter = EnvFilter::new(level.filter());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // A second start (tests share a process) keeps the first.
    let _ = match format {
        LogFormat::Text => {
            let coloured = std::io::IsTerminal::is_terminal(&std::io::stderr()) && !wants_no_colour();
            builder.with_ansi(coloured).try_init()
        }
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(false).try_init(),
    };
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REQUEST_ID_CHARS_MAX: usize = 64;

/// Gives the request its id, and logs its end. Bodies, cookies and secrets in addresses are not logged.
pub async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let address = shown(request.uri());
    let client =
        request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string()).unwrap_or_default();

    let mut response = next.run(request).await;

    let status = response.status().as_u16();
    let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, %address, status, took_ms, %client, request = %id, "request");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The caller's own id if it is a plain word, else a new one.
fn request_id(request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let plain = |text: &&str| {
        !text.is_empty()
            && text.len() <= REQUEST_ID_CHARS_MAX
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    match given.filter(plain) {
        Some(id) => id.to_owned(),
        // Without chance all requests share one id; that is no reason to refuse them.
        None => secrets::word::<8>().unwrap_or_else(|_| "0".repeat(16)),
    }
}

/// Addresses whose query holds what only its reader may know.
const SECRET_QUERIES: [&str; 4] = ["/setup", "/login", "/invite", "/reset"];

/// Whether a path carries the secret of a calendar, or what somebody made of one: cut short, with a slash too many.
fn is_of_calendar(path: &str) -> bool {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let is_under = parts.next().is_some_and(|part| part.eq_ignore_ascii_case("calendar"))
        && parts.next().is_some_and(|part| part != "subscriptions");
    is_under || path.to_ascii_lowercase().contains(".ics")
}

fn shown(uri: &Uri) -> String {
    if is_of_calendar(uri.path()) {
        return app::paths::ics("…");
    }
    match uri.query() {
        None => uri.path().to_owned(),
        Some(_) if SECRET_QUERIES.contains(&uri.path()) => format!("{}?…", uri.path()),
        Some(query) => format!("{}?{query}", uri.path()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_in_addresses_are_not_shown() {
        for path in SECRET_QUERIES {
            let uri: Uri = format!("{path}?token=7K4Q").parse().unwrap();
            assert_eq!(shown(&uri), format!("{path}?…"));
        }
        for path in [
            "/calendar/7k4q.ics",
            "/calendar/7k4q",
            "//Calendar/7k4q.ICS/",
            "/calendar/7k4q%2Eics",
            "/sub/calendar/7k4q.ics",
        ] {
            assert_eq!(shown(&path.parse().unwrap()), "/calendar/….ics", "{path}");
        }
        for path in [
            "/calendar",
            "/calendar/subscriptions/3/renew",
            "/api/v1/calendar/subscriptions",
            "/services/calendar/edit",
        ] {
            assert_eq!(shown(&path.parse().unwrap()), path);
        }
        assert_eq!(shown(&"/runs?q=is:open".parse().unwrap()), "/runs?q=is:open");
    }

    #[test]
    fn a_strange_request_id_is_replaced() {
        let id = |given: &str| {
            request_id(&Request::builder().header("x-request-id", given).body(axum::body::Body::empty()).unwrap())
        };
        assert_eq!(id("trace-1.2_x"), "trace-1.2_x");
        for strange in ["", "a b", "a\"b", &"x".repeat(65)] {
            assert_eq!(id(strange).len(), 16, "{strange}");
        }
    }
}
