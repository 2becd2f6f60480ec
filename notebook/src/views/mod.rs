//! A query under a name: a view of what was learnt that somebody, or a team, comes back to.

#[cfg(feature = "store")]
pub mod acts;
pub mod drafts;
#[cfg(feature = "store")]
mod sql;

use serde::{Deserialize, Serialize};

use crate::{
    actor::PersonId,
    text::{Slug, Title},
    time::Moment,
};

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "SavedView"))]
pub struct View {
    pub id: i64,
    pub name: Title,
    /// As it is always written.
    pub query: String,
    /// Who saved it.
    pub owner: PersonId,
    /// Who is shown it besides; nobody where it is private.
    pub team: Option<Slug>,
    /// Whether it stands before the others.
    pub pinned: bool,
    /// Whether its owner's search page opens with it.
    pub home: bool,
    pub created_at: Moment,
    pub version: i64,
}

/// One line of a view's trail. The trail is everybody's, and a view may be private: what it asks is not said here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum ViewEvent {
    Saved,
    Changed,
    Dropped,
}

impl ViewEvent {
    pub const fn act(&self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Changed => "changed",
            Self::Dropped => "dropped",
        }
    }
}
