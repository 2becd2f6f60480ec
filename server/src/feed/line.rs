//! One line of the trail as programs read it, in lists and in streams.

use notebook::{
    actor::Via,
    events::Entry,
    fault::{Fault, Result},
    time::Moment,
};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Event")]
pub struct Line {
    /// Rising without regard to clocks.
    pub seq: i64,
    /// When it was so.
    at: Moment,
    /// When it was written down.
    recorded_at: Moment,
    /// The person's name; empty for the notebook itself and its operator.
    by: String,
    via: Via,
    kind: String,
    object: String,
    act: String,
    /// Its form belongs to the act.
    body: serde_json::Value,
}

impl Line {
    pub fn of(entry: Entry) -> Result<Self> {
        let body = serde_json::from_str(&entry.body).map_err(|e| Fault::bad_row("events", entry.seq, e))?;
        let Entry { seq, at, recorded_at, name, via, kind, object, act, .. } = entry;
        Ok(Self { seq, at, recorded_at, by: name, via, kind, object, act, body })
    }
}
