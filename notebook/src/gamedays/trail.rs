//! What happens to a game day, as lines of the trail.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::text::{Note, Prose};

/// One line of a game day's trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum GameDayEvent {
    Written { text: Text },
    Edited { text: Text },
    Cancelled { why: Note },
    Noted { text: Prose },
}

impl GameDayEvent {
    /// The act's word in history.
    pub const fn act(&self) -> &'static str {
        match self {
            Self::Written { .. } => "written",
            Self::Edited { .. } => "edited",
            Self::Cancelled { .. } => "cancelled",
            Self::Noted { .. } => "noted",
        }
    }
}
