//! A change that a reviewer looked at and found to mean nothing for what was shown before: it stays written down,
//! and makes nothing stale.

use serde::{Deserialize, Serialize};

use crate::{
    actor::PersonId,
    refusal::{Checking, Refusal},
    text::Note,
    time::Moment,
};

/// The words of the trail; stored, so the spelling stays.
pub mod act {
    pub const MARKED: &str = "marked_irrelevant";
    pub const TAKEN_BACK: &str = "marked_relevant";
}

/// Who found that a change means nothing, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "IrrelevantChange"))]
pub struct Irrelevant {
    pub at: Moment,
    /// None for the system.
    pub by: Option<PersonId>,
    pub reason: Note,
}

/// Marks a change, or takes the mark back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ChangeMarkDraft", extend("required" = ["reason"])))]
#[serde(default, deny_unknown_fields)]
pub struct MarkDraft {
    pub reason: String,
}

/// What either line in the trail holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    pub reason: Note,
}

impl MarkDraft {
    pub fn check(&self) -> Result<Marked, Refusal> {
        let mut checking = Checking::default();
        let reason = checking.need("reason", Note::new(&self.reason));
        checking.end(reason.map(|reason| Marked { reason }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_needs_its_reason() {
        let draft = |reason: &str| MarkDraft { reason: reason.into() };
        assert_eq!(draft(" ").check().unwrap_err().troubles()[0].field, "reason");
        assert_eq!(draft("comments only").check().unwrap().reason.as_str(), "comments only");
    }
}
