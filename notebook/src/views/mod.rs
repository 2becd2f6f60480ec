//! A query under a name, on the search page or as a list shows it: a view of what was learnt that somebody, or a team,
//! comes back to.

#[cfg(feature = "store")]
pub mod acts;
pub mod drafts;
pub mod shown;
#[cfg(feature = "store")]
mod sql;

use serde::{Deserialize, Serialize};

use crate::{
    actor::PersonId,
    search::Found,
    text::{Slug, Title},
    time::Moment,
};
use shown::Group;

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "SavedView"))]
pub struct View {
    pub id: i64,
    pub name: Title,
    /// As it is always written.
    pub query: String,
    /// The list that it opens; without one, the search page.
    pub list: Option<Found>,
    /// The columns of that list besides the first, with commas between; empty for the usual ones, and `id` for none.
    pub columns: String,
    /// What the rows of each page are grouped by.
    pub group: Option<Group>,
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
