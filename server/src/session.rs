//! Login sessions: tower-sessions' cookie over the notebook's own table.
//!
//! The table holds the hash of the cookie, never the cookie. A save never makes a row, so that an
//! ended login session cannot come back from a request that was under way.

use std::{collections::HashMap, fmt};

use async_trait::async_trait;
use notebook::{
    actor::PersonId,
    desk::Notebook,
    limits::LOGIN_IDLE_HOURS,
    people::{acts, secrets},
};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::state::{AppState, Site};

/// What a login session knows.
pub mod known {
    /// The person's number.
    pub const PERSON: &str = "person";
    /// What the browser calls itself.
    pub const AGENT: &str = "agent";
    /// When it was seen last, microseconds; written every few minutes.
    pub const SEEN: &str = "seen";
}

/// A browser keeps `__Host-` cookies only over https.
pub fn cookie_name(site: &Site) -> &'static str {
    if site.base.is_https() { "__Host-retrial" } else { "retrial" }
}

pub fn layer(state: &AppState) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions(state.notebook.clone()))
        .with_name(cookie_name(&state.site))
        // Strict would drop the cookie on links from mail and chat.
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_secure(state.site.base.is_https())
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::hours(LOGIN_IDLE_HOURS)))
}

/// The key under which the notebook knows a cookie.
pub fn key(id: Id) -> String {
    secrets::session_key(&id.to_string())
}

#[derive(Clone)]
pub struct Sessions(Notebook);

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

/// Tries at a free id; two equal ones among 2^128 mean a broken random source.
const CREATE_TRIES: usize = 5;

fn broken(error: impl fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

fn text<'a>(data: &'a HashMap<String, Value>, name: &str) -> &'a str {
    data.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn person(data: &HashMap<String, Value>) -> Option<PersonId> {
    data.get(known::PERSON).and_then(Value::as_i64).map(PersonId)
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let data = serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?;
        for _ in 0..CREATE_TRIES {
            let key = key(record.id);
            let kept = acts::Kept {
                key: &key,
                person: person(&record.data),
                data: &data,
                agent: text(&record.data, known::AGENT),
            };
            if acts::create_session(&self.0, &kept).await.map_err(broken)? {
                return Ok(());
            }
            record.id = Id::default();
        }
        Err(broken("every session id is taken"))
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let data = serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?;
        let key = key(record.id);
        let kept = acts::Kept {
            key: &key,
            person: person(&record.data),
            data: &data,
            agent: text(&record.data, known::AGENT),
        };
        acts::save_session(&self.0, &kept).await.map_err(broken)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(data) = acts::load_session(&self.0, &key(*id)).await.map_err(broken)? else { return Ok(None) };
        let data = serde_json::from_str(&data).map_err(|e| Error::Decode(e.to_string()))?;
        // The notebook decides when a session ends; tower-sessions only wants a date.
        let seconds = self.0.now().plus_hours(LOGIN_IDLE_HOURS).micros() / 1_000_000;
        let expiry_date = OffsetDateTime::from_unix_timestamp(seconds).map_err(|e| Error::Decode(e.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        acts::delete_session(&self.0, &key(*id)).await.map_err(broken)
    }
}
