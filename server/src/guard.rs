//! Who asks: a login session's cookie, or a bearer token under `/api/`, becomes an actor and a desk.

use std::convert::Infallible;

use app::{look::Theme, paths};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{Extensions, HeaderMap, HeaderName, Method, header, request::Parts},
    middleware::Next,
    response::Response,
};
use notebook::{
    actor::{Actor, PersonId, Role, Via},
    desk::{Desk, Notebook},
    fault::Result,
    limits::LOGIN_SEEN_MINUTES,
    once::Once,
    people::{self, Account, Scope},
    refusal::Refusal,
};
use tower_sessions::Session;

use crate::{
    reply,
    session::{self, known},
    state::AppState,
};

/// Whoever sent this request, as the guard found out.
#[derive(Debug, Clone)]
pub struct Who {
    pub actor: Actor,
    pub via: Via,
    /// The key of the login session; empty without one.
    pub session: String,
    /// What is remembered of the token; empty without one.
    pub token: String,
    /// The theme of the account; without one the cookie decides.
    pub theme: Option<Theme>,
    /// The key a program gave its request, under which it is done once.
    pub once: Option<Once>,
}

impl Who {
    pub fn nobody(via: Via) -> Self {
        Self { actor: Actor::Nobody, via, session: String::new(), token: String::new(), theme: None, once: None }
    }

    pub fn signed_in(account: &Account, session: String) -> Self {
        let theme = Some(Theme::from_word(account.theme.word()));
        Self { actor: Actor::Person(account.as_person()), session, theme, ..Self::nobody(Via::Form) }
    }

    /// The guard's finding; nobody where the guard was not asked.
    pub fn of(parts: &Parts) -> Self {
        Self::in_extensions(&parts.extensions)
    }

    pub fn of_request(request: &Request) -> Self {
        Self::in_extensions(request.extensions())
    }

    fn in_extensions(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_else(|| Self::nobody(Via::Form))
    }

    pub fn is_nobody(&self) -> bool {
        self.actor == Actor::Nobody
    }

    pub fn is_admin(&self) -> bool {
        self.actor.person().is_some_and(|person| person.role == Role::Admin)
    }

    pub fn desk(&self, notebook: &Notebook) -> Desk {
        let mut desk = notebook.desk(self.actor.clone(), self.via);
        desk.once.clone_from(&self.once);
        desk
    }
}

/// Whether this address belongs to programs: JSON only, tokens allowed.
pub fn is_api(path: &str) -> bool {
    // The description for people is pages like any other.
    path.starts_with("/api/") && !paths::is_api_docs(path)
}

/// Finds out who asks, before any door is reached. If that cannot be found out, nobody gets in.
pub async fn guard(State(state): State<AppState>, session: Session, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let token = bearer(request.headers()).or_else(|| in_own_header(request.headers(), path)).filter(|_| is_api(path));
    let found = match token {
        Some(token) => by_token(&state.notebook, token, request.method(), request.uri().path()).await,
        None => by_session(&state.notebook, &session).await,
    };
    match found {
        Ok(who) if is_of_another(request.headers(), &who) => reply::bare(&state, request, Refusal::SignIn.into()).await,
        Ok(who) => {
            request.extensions_mut().insert(who);
            next.run(request).await
        }
        Err(error) => reply::bare(&state, request, error).await,
    }
}

/// The number of the person whose words these are, where a page's script says it.
const PERSON: HeaderName = HeaderName::from_static("retrial-person");

/// Whoever wrote it is not signed in any more: somebody else is, in the same browser.
fn is_of_another(headers: &HeaderMap, who: &Who) -> bool {
    let Some(said) = headers.get(&PERSON) else { return false };
    let person = who.actor.person().map(|person| person.id.0.to_string());
    said.to_str().ok() != person.as_deref()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Tools that can send a token in a header of their own only, each with its door.
const OWN_HEADERS: [(&str, &str); 2] =
    [("/api/v1/ingest/chef", "x-data-collector-token"), ("/api/v1/ingest/honeycomb", "x-honeycomb-webhook-token")];

fn in_own_header<'a>(headers: &'a HeaderMap, path: &str) -> Option<&'a str> {
    let (_, name) = OWN_HEADERS.iter().find(|(door, _)| *door == path)?;
    // What is no text is no token of anybody's, and must not pass for no token.
    Some(headers.get(*name)?.to_str().unwrap_or_default().trim())
}

async fn by_token(notebook: &Notebook, token: &str, method: &Method, path: &str) -> Result<Who> {
    let Some((person, scope)) = people::acts::person_of_token(notebook, token).await? else {
        return Err(Refusal::SignIn.into());
    };
    if !reaches(scope, method, path) {
        let act = format!("do this with a token that only {}", scope.explained().replace("you may", "its person may"));
        return Err(Refusal::NotAllowed { act, right: "a token with another scope".into() }.into());
    }
    let key = people::acts::key_of_token(token).unwrap_or_default();
    Ok(Who { actor: Actor::Person(person), token: key, ..Who::nobody(Via::Api) })
}

/// Where results of runs are sent to.
const INGEST: [&str; 2] = ["/api/v1/import", "/api/v1/ingest"];

/// Where changes are recorded; what is below it judges them.
const CHANGES: &str = "/api/v1/changes";

/// Whether a token's scope reaches this door.
pub fn reaches(scope: Scope, method: &Method, path: &str) -> bool {
    let looks = [Method::GET, Method::HEAD].contains(method);
    let ingests = || {
        INGEST.iter().any(|door| path.strip_prefix(door).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    let measures = || {
        let slo = path.strip_prefix("/api/v1/slos/").and_then(|rest| rest.strip_suffix("/measurements"));
        slo.is_some_and(|id| !id.is_empty() && !id.contains('/'))
    };
    match scope {
        Scope::All => true,
        Scope::Ingest => looks || ingests() || path == CHANGES || measures(),
        Scope::Read => looks,
    }
}

/// A login session is a browser's: what its scripts send was written into a form.
async fn by_session(notebook: &Notebook, session: &Session) -> Result<Who> {
    let nobody = || Who::nobody(Via::Form);
    let person: Option<i64> = session.get(known::PERSON).await.map_err(reply::session_broke)?;
    let (Some(person), Some(id)) = (person, session.id()) else { return Ok(nobody()) };
    let Some(account) = people::acts::find(notebook, PersonId(person)).await? else { return Ok(nobody()) };
    let seen: i64 = session.get(known::SEEN).await.map_err(reply::session_broke)?.unwrap_or_default();
    let now = notebook.now();
    if now.micros().saturating_sub(seen) >= LOGIN_SEEN_MINUTES * 60_000_000 {
        // The change makes tower-sessions save the session and send the cookie again.
        session.insert(known::SEEN, now.micros()).await.map_err(reply::session_broke)?;
    }
    Ok(Who::signed_in(&account, session::key(id)))
}

/// The desk of whoever asks, for reading doors.
pub struct Seat(pub Desk);

impl FromRequestParts<AppState> for Seat {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> std::result::Result<Self, Infallible> {
        Ok(Self(Who::of(parts).desk(&state.notebook)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_reaches_its_own_doors_only() {
        for (scope, method, path, expected) in [
            (Scope::Read, Method::GET, "/api/v1/runs", true),
            (Scope::Read, Method::POST, "/api/v1/import", false),
            (Scope::Ingest, Method::GET, "/api/v1/runs", true),
            (Scope::Ingest, Method::POST, "/api/v1/import", true),
            (Scope::Ingest, Method::POST, "/api/v1/import/3/take", true),
            (Scope::Ingest, Method::POST, "/api/v1/ingest/chaostoolkit/journal", true),
            (Scope::Read, Method::POST, "/api/v1/ingest/chaostoolkit/journal", false),
            (Scope::Ingest, Method::POST, "/api/v1/ingest/honeycomb", true),
            (Scope::Ingest, Method::POST, "/api/v1/ingest/alertmanager", true),
            (Scope::Ingest, Method::POST, "/api/v1/imports", false),
            (Scope::Ingest, Method::POST, "/api/v1/runs", false),
            (Scope::Ingest, Method::POST, "/api/v1/changes", true),
            (Scope::Ingest, Method::POST, "/api/v1/changes/7/mark-irrelevant", false),
            (Scope::Ingest, Method::POST, "/api/v1/slos/SLO-1/measurements", true),
            (Scope::Read, Method::POST, "/api/v1/slos/SLO-1/measurements", false),
            (Scope::Ingest, Method::POST, "/api/v1/slos/SLO-1/sign-gap", false),
            (Scope::Ingest, Method::POST, "/api/v1/slos/SLO-1/edit/measurements", false),
            (Scope::All, Method::POST, "/api/v1/runs", true),
        ] {
            assert_eq!(reaches(scope, &method, path), expected, "{scope:?} {method} {path}");
        }
    }
}
