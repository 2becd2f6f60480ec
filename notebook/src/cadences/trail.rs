//! What happens to a cadence and its slots, as lines of the trail about its experiment.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{calendar::recurrence::Recurrence, id::RunId, text::Note, time::Moment};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum CadenceEvent {
    Set { rule: Recurrence },
    Ended { why: Note },
    SlotSkipped { date: Date, why: Note },
    SlotPostponed { date: Date, was: Moment, to: Moment, why: Note },
    SlotPlanned { date: Date, run: RunId },
}

impl CadenceEvent {
    /// The act's word in history.
    pub const fn act(&self) -> &'static str {
        match self {
            Self::Set { .. } => "set",
            Self::Ended { .. } => "ended",
            Self::SlotSkipped { .. } => "slot_skipped",
            Self::SlotPostponed { .. } => "slot_postponed",
            Self::SlotPlanned { .. } => "slot_planned",
        }
    }
}
