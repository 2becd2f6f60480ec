//! What happens to a template, and what an experiment keeps of the one it began from, as lines of the trail.

use serde::{Deserialize, Serialize};

use super::{TemplateName, Text};
use crate::text::Note;

/// One line of a template's trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum TemplateEvent {
    Promoted { version: i64, text: Box<Text> },
    Renewed { version: i64, text: Box<Text> },
    Retired { reason: Note },
    Reopened { reason: Option<Note> },
}

impl TemplateEvent {
    pub const fn act(&self) -> &'static str {
        match self {
            Self::Promoted { .. } => "promoted",
            Self::Renewed { .. } => "renewed",
            Self::Retired { .. } => "retired",
            Self::Reopened { .. } => "reopened",
        }
    }
}

/// Body of an experiment's line: the template it began from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeganFrom {
    pub template: TemplateName,
}
