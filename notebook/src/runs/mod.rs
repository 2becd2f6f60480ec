//! RUN-317: one execution of one revision, and the separate answers it gives.

#[cfg(feature = "store")]
pub mod acts;
pub mod drafts;
pub mod evidence;
pub mod facts;
pub mod method;
pub mod phase;
pub mod proposals;
pub mod readings;
pub mod recovery;
pub mod series;
pub mod slash;
#[cfg(feature = "store")]
mod sql;
pub mod steps;
pub mod telemetry;
pub mod trail;
pub mod validity;
pub mod verdict;

#[cfg(test)]
pub mod sample;

use serde::Serialize;

use crate::{
    id::{ExperimentId, RunId},
    text::Slug,
    time::Moment,
};
use facts::Execution;

/// A run's own row; everything else about it is in its trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Run {
    pub id: RunId,
    pub experiment: ExperimentId,
    /// The experiment's title, for lists.
    pub title: String,
    pub revision: i64,
    pub environment: Slug,
    pub execution: Execution,
    pub planned_at: Option<Moment>,
    /// IANA zone in which the run was planned.
    pub zone: String,
    pub started_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub created_at: Moment,
    pub version: i64,
}
