//! What is told: lines of the trail with their numbers, and a few words without one.

use std::time::Duration;

use axum::response::sse::Event;
use notebook::{
    actor::PersonId,
    events::Entry,
    fault::{Fault, Result},
};
use serde::Serialize;

use super::Line;

/// How soon a browser comes back to a stream that ended.
const COME_BACK: Duration = Duration::from_secs(1);

#[derive(Debug, Clone)]
pub struct Message {
    /// The line's number; None for what is no line.
    pub seq: Option<i64>,
    pub event: Event,
}

#[derive(Serialize)]
struct Person<'a> {
    person: PersonId,
    name: &'a str,
}

impl Message {
    /// Without a name: to a browser a line is a message like any other.
    pub fn line(entry: Entry) -> Result<Self> {
        let line = Line::of(entry)?;
        Ok(Self { seq: Some(line.seq), event: Event::default().id(line.seq.to_string()).data(json(&line)?) })
    }

    /// Something else changed that the run's page shows, like a freeze.
    pub fn look() -> Self {
        Self::named("look", "{}")
    }

    /// The stream goes on though nothing happens. No comment: a page has to see it.
    pub fn beat() -> Self {
        Self::named("beat", "{}")
    }

    /// Everybody who has the run's page open.
    pub fn people(people: &[(PersonId, String)]) -> Result<Self> {
        let people: Vec<Person<'_>> = people.iter().map(|(person, name)| Person { person: *person, name }).collect();
        Ok(Self::named("people", &json(&people)?))
    }

    fn named(name: &str, data: &str) -> Self {
        Self { seq: None, event: Event::default().event(name).data(data) }
    }
}

/// What a stream begins with, so that its reader sees it open.
pub fn begins() -> Event {
    Event::default().retry(COME_BACK).event("beat").data("{}")
}

/// The reader knows a line that the trail does not have: read the whole again. From this number on
/// nothing is missing.
pub fn gap(newest: i64) -> Event {
    Event::default().id(newest.to_string()).event("gap").data("{}")
}

/// The last word to somebody who is not signed in any more.
pub fn signed_out() -> Event {
    Event::default().event("end").data("{\"because\":\"signed_out\"}")
}

fn json(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(value).map_err(|e| Fault::Work(format!("a line as JSON: {e}")))?)
}
