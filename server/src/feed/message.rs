//! What is told: lines of the trail with their numbers, and a few words without one. Each is made into the bytes of a
//! server-sent event once, however many hear it; axum's own event is made anew for each.

use axum::body::Bytes;
use notebook::{
    actor::PersonId,
    events::Entry,
    fault::{Fault, Result},
};
use serde::Serialize;

use super::Line;

/// How soon a browser comes back to a stream that ended.
const COME_BACK_MS: u32 = 1_000;

#[derive(Debug, Clone)]
pub struct Message {
    /// The line's number; None for what is no line.
    pub seq: Option<i64>,
    /// Shared by all who hear it.
    pub bytes: Bytes,
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
        let bytes = format!("id: {}\ndata: {}\n\n", line.seq, json(&line)?).into();
        Ok(Self { seq: Some(line.seq), bytes })
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
        Self { seq: None, bytes: format!("event: {name}\ndata: {data}\n\n").into() }
    }
}

/// What a stream begins with, so that its reader sees it open.
pub fn begins() -> Bytes {
    format!("retry: {COME_BACK_MS}\nevent: beat\ndata: {{}}\n\n").into()
}

/// The reader knows a line that the trail does not have: read the whole again. From this number on
/// nothing is missing.
pub fn gap(newest: i64) -> Bytes {
    format!("id: {newest}\nevent: gap\ndata: {{}}\n\n").into()
}

/// The last word to somebody who is not signed in any more.
pub fn signed_out() -> Bytes {
    Bytes::from_static(b"event: end\ndata: {\"because\":\"signed_out\"}\n\n")
}

/// On one line, as the data of an event has to be: JSON breaks no line within a text.
fn json(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(value).map_err(|e| Fault::Work(format!("a line as JSON: {e}")))?)
}

#[cfg(test)]
mod tests {
    use notebook::{actor::Via, time::Moment};

    use super::*;

    #[test]
    fn each_message_is_one_event_whatever_breaks_its_texts() {
        const BREAKS: &str = "Ana\r\n\nevent: end\ndata: {}\n\n\u{2028}\r";
        let at = Moment::from_micros(0);
        let line = Entry {
            seq: 3,
            at,
            recorded_at: at,
            person: Some(PersonId(7)),
            name: BREAKS.into(),
            via: Via::Form,
            kind: "run".into(),
            object: "RUN-1".into(),
            act: "observed".into(),
            body: "{\n  \"text\": \"one\\r\\n\\ntwo\"\r\n}".into(),
        };
        for (bytes, begins_with) in [
            (begins(), "retry: 1000\nevent: beat\ndata: {}"),
            (gap(12), "id: 12\nevent: gap\ndata: {}"),
            (signed_out(), "event: end\ndata: {\"because\":\"signed_out\"}"),
            (Message::look().bytes, "event: look\ndata: {}"),
            (Message::beat().bytes, "event: beat\ndata: {}"),
            (Message::people(&[(PersonId(7), BREAKS.into())]).unwrap().bytes, "event: people\ndata: [{"),
            (Message::line(line).unwrap().bytes, "id: 3\ndata: {"),
        ] {
            let text = std::str::from_utf8(&bytes).unwrap();
            let event = text.strip_suffix("\n\n").unwrap();
            assert!(event.starts_with(begins_with) && !event.contains('\r'), "{text:?}");
            assert_eq!(event.lines().count(), begins_with.lines().count(), "{text:?}");
        }
    }
}
