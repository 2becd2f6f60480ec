//! What happens to a cadence and its slots, as lines of the trail about its experiment.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{recurrence::Recurrence, reminder::Lead},
    id::RunId,
    text::Note,
    time::Moment,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum CadenceEvent {
    Set {
        rule: Recurrence,
    },
    Ended {
        why: Note,
    },
    SlotSkipped {
        date: Date,
        why: Note,
    },
    SlotPostponed {
        date: Date,
        was: Moment,
        to: Moment,
        why: Note,
    },
    SlotPlanned {
        date: Date,
        run: RunId,
    },
    /// Written by the clock when a slot comes that has no run yet.
    SlotReminded {
        date: Date,
        lead: Lead,
        at: Moment,
    },
    /// Written by the clock when a slot passed without a run.
    SlotMissed {
        date: Date,
        at: Moment,
    },
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
            Self::SlotReminded { .. } => "slot_reminded",
            Self::SlotMissed { .. } => "slot_missed",
        }
    }
}
