//! What Chaos Toolkit sends while it works: `{"name": "run-completed", "payload": …, "ts": …}`.
//!
//! The payload of a started run is its experiment, that of an ended one its journal. A run that deviated
//! is told twice, with equal payloads, and either telling may be missing.

use serde_json::{Map, Value};

use super::{read_value, retrial_ids};
use crate::{
    foreign::{lenient_json, shorten},
    imports::{Read, ReadTrouble, RetrialIds},
    limits::{IMPORT_BYTES_MAX, TITLE_CHARS_MAX},
};

#[derive(Debug, Clone, PartialEq)]
pub enum Notification {
    Started(Started),
    /// Completed, failed or deviated: the journal tells which.
    Ended(Box<Read>),
    /// Something else, which is not kept.
    Other,
}

/// A run that has begun; it has no id yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    pub title: String,
    pub retrial: Option<RetrialIds>,
    /// Microseconds since 1970 UTC, by the clock of the tool; None if it does not say.
    pub at_us: Option<i64>,
}

pub fn read(bytes: &[u8]) -> Result<Notification, ReadTrouble> {
    let Value::Object(mut root) = lenient_json::parse(bytes, IMPORT_BYTES_MAX)? else {
        return Err(lacking(&Map::new()));
    };
    let name = root.get("name").and_then(Value::as_str).map(str::to_owned).ok_or_else(|| lacking(&root))?;
    let at_us = root.get("ts").and_then(Value::as_f64).and_then(micros);
    match name.as_str() {
        "run-started" => {
            let payload = payload(&mut root)?;
            let extensions = payload.get("extensions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            Ok(Notification::Started(Started {
                title: shorten::line(payload.get("title").and_then(Value::as_str).unwrap_or_default(), TITLE_CHARS_MAX),
                retrial: retrial_ids(extensions.iter().filter_map(Value::as_object)),
                at_us,
            }))
        }
        "run-completed" | "run-failed" | "run-deviated" => {
            let read = read_value(payload(&mut root)?).map_err(|trouble| trouble.below("/payload"))?;
            Ok(Notification::Ended(Box::new(read)))
        }
        _ => Ok(Notification::Other),
    }
}

fn payload(root: &mut Map<String, Value>) -> Result<Value, ReadTrouble> {
    let payload = root.remove("payload").filter(|payload| !payload.is_null());
    payload.ok_or_else(|| ReadTrouble::NotANotification {
        missing: vec!["payload"],
        hint: "Leave forward_event_payload out of the settings, or set it to true.",
    })
}

fn lacking(root: &Map<String, Value>) -> ReadTrouble {
    let hint = if root.contains_key("steady_states") {
        "It looks like a journal; send it to the address of journals."
    } else {
        "Send what the tool's own notifications hold."
    };
    ReadTrouble::NotANotification { missing: vec!["name"], hint }
}

/// Seconds with a fraction, as the tool writes them.
fn micros(seconds: f64) -> Option<i64> {
    // Through text: no lossy cast. The year 2255 still fits a double to the microsecond.
    let in_range = (0.0..9_000_000_000.0).contains(&seconds);
    in_range.then(|| format!("{:.0}", seconds * 1_000_000.0).parse().ok()).flatten()
}
