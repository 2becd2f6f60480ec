//! Who has a run's page open right now. A hint that ends by itself: presence that counts for the gate
//! is what people mark on the run.

pub mod acts;
mod sql;

use crate::{actor::PersonId, id::RunId};

/// Somebody with a run's page open, at whichever server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watching {
    pub run: RunId,
    pub person: PersonId,
    /// As it is now.
    pub name: String,
}
