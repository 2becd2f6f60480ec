//! What happens to a freeze, as lines of the trail.

use serde::{Deserialize, Serialize};

use super::Ended;
use crate::calendar::freeze::Freeze;

/// One line of a freeze's trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum FreezeEvent {
    Set { freeze: Freeze },
    Ended { end: Ended },
}

impl FreezeEvent {
    pub const fn act(&self) -> &'static str {
        match self {
            Self::Set { .. } => "set",
            Self::Ended { .. } => "ended",
        }
    }
}
