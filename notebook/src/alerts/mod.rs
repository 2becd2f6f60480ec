//! What Alertmanager tells: which alerts fired where, whether it was heard of all the time, and what that
//! says of the signals that a run expects.

#[cfg(feature = "store")]
pub mod acts;
pub mod alertmanager;
pub mod hearing;
#[cfg(feature = "store")]
mod sql;
pub mod telling;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    limits::ALERTS_OVERTAKEN_MINUTES,
    text::{Link, Note, Slug, Title},
    time::Moment,
};

/// One alert that fired once; firing again it is another one. Instants are microseconds since 1970 UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Alert {
    pub number: i64,
    /// None where neither a label nor the webhook's address names an environment of the notebook.
    pub environment: Option<Slug>,
    /// None where no label names a service of the notebook.
    pub service: Option<Slug>,
    /// Tells the alert from all others, by its labels.
    pub fingerprint: Title,
    pub name: Title,
    #[serde(flatten)]
    pub body: Body,
    /// When it began to fire, by the clock of whoever watched.
    pub starts_at: Moment,
    /// None while nobody has said that it is over.
    pub ended_at: Option<Moment>,
    /// When it was heard of first.
    pub received_at: Moment,
}

/// What an alert says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "AlertBody"))]
pub struct Body {
    pub labels: BTreeMap<String, String>,
    pub summary: Option<Note>,
    /// Where whoever watched shows more.
    pub link: Option<Link>,
}

impl Alert {
    /// It cannot have fired later than it was heard of: then that clock is ahead.
    pub fn fired_at(&self) -> Moment {
        self.starts_at.min(self.received_at)
    }

    /// The same alert told once more: the first time it was heard of and the last end count, in whatever order.
    /// One that is told to fire long after its end fires on: Alertmanager had only not heard of it for a while.
    #[must_use]
    pub fn told_again(self, ended_at: Option<Moment>, received_at: Moment) -> Self {
        let is_long_over = |ended| received_at.ms_since(ended) > ALERTS_OVERTAKEN_MINUTES * 60_000;
        let fires_on = ended_at.is_none() && self.ended_at.is_some_and(is_long_over);
        let ended_at = if fires_on { None } else { self.ended_at.max(ended_at) };
        Self { ended_at, received_at: self.received_at.min(received_at), ..self }
    }
}
