//! EXP-42: a hypothesis and a plan with many runs.

pub mod plan;
pub mod relation;
pub mod identity;
pub mod fingerprint;
pub mod allowed;
pub mod units;
pub mod spans;
pub mod draft;
pub mod automation;
pub mod exit_codes;
pub mod probes;
pub mod matchers;
pub mod questions;
pub mod words;
mod missing;
pub mod review;

#[cfg(feature = "store")]
pub mod acts;
#[cfg(feature = "store")]
pub mod observed;
#[cfg(feature = "store")]
pub mod passive;
#[cfg(feature = "store")]
mod sql;
#[cfg(feature = "store")]
pub mod trail;

pub use draft::Draft;
pub use missing::{Missing, missing_for_run};
pub use review::{RevisionState, Stage};

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    actor::PersonId,
    id::ExperimentId,
    text::{Note, Slug, Title},
    time::Moment,
};
use plan::Plan;

/// An experiment as its row leaves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Experiment {
    pub id: ExperimentId,
    /// Title and services of the approved revision, and of the newest one before any is approved.
    pub title: Title,
    pub services: BTreeSet<Slug>,
    pub stage: Stage,
    pub owner: Option<PersonId>,
    /// The owner's name as it is now; empty for the system.
    pub owner_name: String,
    /// The newest revision's number.
    pub revision: i64,
    /// The revision that runs.
    pub approved: Option<i64>,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub version: i64,
}

impl Experiment {
    /// `EXP-42@3`.
    pub fn revision_name(&self, number: i64) -> String {
        format!("{}@{number}", self.id)
    }
}

/// One revision of the plan. Once its review was requested it never changes again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Revision {
    pub experiment: ExperimentId,
    pub number: i64,
    pub state: RevisionState,
    pub author: Option<PersonId>,
    /// The author's name as it is now; empty for the system.
    pub author_name: String,
    /// Why it was made.
    pub reason: Option<Note>,
    pub plan: Plan,
    /// SHA-256 of the plan's identity, hexadecimal.
    pub fingerprint: String,
    pub created_at: Moment,
    /// Oldest first.
    pub reviews: Vec<Review>,
}

/// What somebody answered to a request for review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Review {
    pub reviewer: Option<PersonId>,
    /// The reviewer's name as it is now; empty for the system.
    pub name: String,
    /// Whether the plan was approved; otherwise changes were asked for.
    pub approved: bool,
    pub text: Option<Note>,
    pub at: Moment,
    /// The reviewer wrote the plan too, because the notebook belongs to one person.
    pub no_second_person: bool,
}
