//! The trail: what was done, by whom, through which door, in order. Every act writes its line
//! here in its own transaction, and what a run, fix or finding amounts to is read from here.

pub mod acts;
pub mod feed;
mod sql;

pub(crate) use sql::{
    RUNS_READ_TOGETHER, concerning, count, decisions_since, has_outbox, is_in_outbox, newest_of, newest_seq, noted_in,
    of_kind, of_runs, of_runs_between, of_runs_of, of_runs_within, of_slo_but_numbers, of_week, outbox, runs_since,
    some_of, take_out, ties,
};
pub use sql::{note, of_object};

use serde::de::DeserializeOwned;

use crate::{
    actor::{PersonId, Via},
    fault::{Fault, Result},
    time::{MICROS_A_SECOND, Moment},
};

/// Kinds of objects a line can be about; stored, so the spelling stays.
pub mod about {
    pub const PERSON: &str = "person";
    pub const SETTING: &str = "setting";
    pub const ENVIRONMENT: &str = "environment";
    pub const TEAM: &str = "team";
    pub const SERVICE: &str = "service";
    pub const CHANGE: &str = "change";
    pub const CHEF: &str = "chef";
    pub const FREEZE: &str = "freeze";
    pub const SLO: &str = "slo";
    pub const EXPERIMENT: &str = "experiment";
    pub const TEMPLATE: &str = "template";
    pub const RUN: &str = "run";
    pub const FINDING: &str = "finding";
    pub const FIX: &str = "fix";
    pub const DECISION: &str = "decision";
    pub const IMPORT: &str = "import";
    pub const PLAN_IMPORT: &str = "plan_import";
    pub const POLICY: &str = "policy";
    pub const ALERT: &str = "alert";
    pub const CADENCE: &str = "cadence";
    pub const GAMEDAY: &str = "gameday";
    pub const VIEW: &str = "view";

    pub const ALL: [&str; 22] = [
        PERSON,
        SETTING,
        ENVIRONMENT,
        TEAM,
        SERVICE,
        CHANGE,
        CHEF,
        FREEZE,
        SLO,
        EXPERIMENT,
        TEMPLATE,
        RUN,
        FINDING,
        FIX,
        DECISION,
        IMPORT,
        PLAN_IMPORT,
        POLICY,
        ALERT,
        CADENCE,
        GAMEDAY,
        VIEW,
    ];
}

/// One line of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Rising without regard to clocks.
    pub seq: i64,
    /// When it was so.
    pub at: Moment,
    /// When it was written down.
    pub recorded_at: Moment,
    pub person: Option<PersonId>,
    /// The person's name as it is now; empty for the system.
    pub name: String,
    pub via: Via,
    pub kind: String,
    /// Public id or slug.
    pub object: String,
    /// The act's word, e.g. `started`.
    pub act: String,
    /// JSON; its form belongs to the word that wrote it.
    pub body: String,
}

/// Written down later than this, a line tells of the past.
const LATE_MICROS: i64 = 60 * MICROS_A_SECOND;

impl Entry {
    /// Whether it was written down well after it was so.
    pub fn is_late(&self) -> bool {
        self.recorded_at.micros().saturating_sub(self.at.micros()) >= LATE_MICROS
    }

    /// The body as the word that wrote it knows it.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.body).map_err(|e| Fault::bad_row("events", self.seq, e))?)
    }
}
