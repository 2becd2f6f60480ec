//! That an experiment is run again and again: a recurrence, and what people said of its slots. A slot is
//! computed until somebody says something of it: that it is skipped, is postponed, or has its run.

#[cfg(feature = "store")]
pub mod acts;
pub mod conflicts;
pub mod drafts;
pub mod retired;
#[cfg(feature = "store")]
mod sql;
pub mod standing;
pub mod trail;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    actor::PersonId,
    calendar::recurrence::Recurrence,
    experiments::plan::vocabulary,
    id::{ExperimentId, RunId},
    text::Note,
    time::Moment,
};

/// One recurrence of an experiment, in force from when it was set until another was, or it was ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cadence {
    pub id: i64,
    pub experiment: ExperimentId,
    pub rule: Recurrence,
    pub since: Moment,
    pub until: Option<Moment>,
    /// Who set it.
    pub by: Option<PersonId>,
}

/// What people said of one slot; the latest word counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "told", rename_all = "snake_case")]
pub enum SlotTold {
    Skipped { why: Note },
    Postponed { to: Moment, why: Note },
    Planned { run: RunId },
}

vocabulary! {
    /// Where one slot of a cadence stands.
    SlotStanding {
        Coming = "coming", "Coming";
        Moved = "moved", "Moved into working time";
        Postponed = "postponed", "Postponed";
        Planned = "planned", "Planned";
        Skipped = "skipped", "Skipped";
        Cancelled = "cancelled", "Cancelled";
        Missed = "missed", "Missed";
    }
}

impl SlotStanding {
    /// Whether a run can be planned from it.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Coming | Self::Moved | Self::Postponed => true,
            Self::Planned | Self::Skipped | Self::Cancelled | Self::Missed => false,
        }
    }
}

/// One time at which the cadence of an experiment asks for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    pub experiment: ExperimentId,
    /// The experiment's title.
    pub title: String,
    /// The date the cadence names, in its zone: what the slot is called.
    pub date: Date,
    /// When it is, or would have been.
    pub at: Moment,
    /// How long a run takes, revert included.
    pub ms: i64,
    pub standing: SlotStanding,
    /// A clause for each reason why it is not where the cadence names it.
    pub why: Vec<String>,
    /// The run that was planned from it, or began within an hour of it.
    pub run: Option<RunId>,
    /// How often something was said of it.
    pub version: i64,
    /// When that was last, or when the cadence was set.
    pub changed_at: Moment,
    /// Who set the cadence.
    pub by: Option<PersonId>,
}
