//! What an experiment's lines in the trail hold, and what follows from them.

use serde::{Deserialize, Serialize};

use super::Review;
use crate::{
    actor::PersonId,
    events::Entry,
    fault::Result,
    id::DecisionId,
    text::{Note, Title},
};

/// The acts' words, as stored.
pub mod act {
    pub const CREATED: &str = "created";
    pub const REVISED: &str = "revised";
    pub const REVIEW_REQUESTED: &str = "review_requested";
    pub const APPROVED: &str = "approved";
    pub const CHANGES_ASKED: &str = "changes_asked";
    pub const RETIRED: &str = "retired";
    pub const REOPENED: &str = "reopened";
    /// Its body belongs to [`crate::templates::trail`].
    pub const BEGAN_FROM: &str = "began_from";
    /// Its body belongs to [`super::super::observed`].
    pub const OBSERVED: &str = "observed";
    /// Its body belongs to [`super::super::passive`].
    pub const PASSIVE_SEEN: &str = "passive_seen";
    pub const PASSIVE_RULED_OUT: &str = "passive_ruled_out";
    /// Written by the clock when what the claim amounts to needs somebody.
    pub const TURNED: &str = "turned";
    /// Written by the clock when a cadence promised a run that did not come.
    pub const OVERDUE: &str = "overdue";
}

/// Body of *created* and *revised*: somebody wrote this revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub revision: i64,
    pub fingerprint: String,
    pub reason: Option<Note>,
}

/// Body of *review requested*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub revision: i64,
}

/// Body of *approved* and *changes asked*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    pub revision: i64,
    pub text: Option<Note>,
    pub no_second_person: bool,
}

/// Body of *retired* and *reopened*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub reason: Option<Note>,
    /// The decision that retired it; None for an abandoned draft.
    pub decision: Option<DecisionId>,
    /// What production exercises anyway, and is watched instead: "preemption events".
    #[serde(default)]
    pub passive: Option<Title>,
}

/// Body of *turned* and *overdue*: what the claim amounts to since then. Only `retrials` knows the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turned {
    pub is: String,
    pub says: String,
}

/// Whether a person wrote any part of this revision. The operator is one of them, too.
pub(super) fn wrote(history: &[Entry], revision: i64, person: Option<PersonId>) -> Result<bool> {
    let by_person =
        |entry: &&Entry| entry.person == person && matches!(entry.act.as_str(), act::CREATED | act::REVISED);
    for entry in history.iter().filter(by_person) {
        if entry.read::<Written>()?.revision == revision {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The answers to requests for review of one revision, oldest first.
pub(super) fn reviews(history: &[Entry], revision: i64) -> Result<Vec<Review>> {
    let mut reviews = Vec::new();
    for entry in history.iter().filter(|entry| matches!(entry.act.as_str(), act::APPROVED | act::CHANGES_ASKED)) {
        let body: Reviewed = entry.read()?;
        if body.revision == revision {
            reviews.push(Review {
                reviewer: entry.person,
                name: entry.name.clone(),
                approved: entry.act == act::APPROVED,
                text: body.text,
                at: entry.at,
                no_second_person: body.no_second_person,
            });
        }
    }
    Ok(reviews)
}
