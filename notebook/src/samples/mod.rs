//! The sample notebook: the life of three experiments at an invented telemetry company, for people
//! who open a new notebook and want to see what one looks like when it is lived in.
//!
//! The story goes through the ordinary acts, so every word on its pages is computed as anybody's
//! would be. Its rows are marked by their numbers (`id::SAMPLE_FROM`) and by a closed list of slugs
//! (`belongs`), and all of them go in one act. What people write on the sample belongs to it too.
//!
//! A decision cannot be merely proposed, so DEC-2 says in its own words that it is a proposal, names no
//! claim, and therefore retires nothing. The last of the four questions is a draft, DEMO-EXP-4. There is
//! no policy: it would be the whole notebook's, and the usual limits hold without one. Figures that the
//! story's origin does not give are said to be illustrative where they stand.

pub mod acts;
mod cast;
mod decided;
mod kafka;
mod promises;
mod sentences;
mod sql;
mod stage;
mod teller;
mod telemetry;
mod zookeeper;

use serde::Serialize;

use crate::{
    id::{DecisionId, ExperimentId, FindingId, FixId, RunId, SloId},
    time::Moment,
};

/// Things of the sample that pages and tours lead to.
pub const FIRST_RUN: RunId = RunId::of_sample(1);
pub const RERUN: RunId = RunId::of_sample(3);
pub const RUNNING: RunId = RunId::of_sample(15);
pub const DUE: RunId = RunId::of_sample(16);
pub const FINDING: FindingId = FindingId::of_sample(2);
pub const FIX: FixId = FixId::of_sample(2);
pub const DECISION: DecisionId = DecisionId::of_sample(1);

const RESTART_ZOOKEEPER: ExperimentId = ExperimentId::of_sample(1);
const TELEMETRY_TELLS: ExperimentId = ExperimentId::of_sample(2);
const RESTART_KAFKA: ExperimentId = ExperimentId::of_sample(3);

const INGEST_PROMISE: SloId = SloId::of_sample(1);
const HOME_PROMISE: SloId = SloId::of_sample(2);
const QUERY_PROMISE: SloId = SloId::of_sample(3);

/// How much of the sample there is, what people wrote on it among it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "SampleCounts")]
pub struct Counts {
    pub experiments: i64,
    pub runs: i64,
    pub findings: i64,
    pub fixes: i64,
    pub decisions: i64,
    /// Entries that people of this notebook made on the sample.
    pub yours: i64,
}

/// What there is to say of the sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Sample")]
pub struct Shown {
    pub is_here: bool,
    pub counts: Counts,
    /// When it was written, if it is here.
    pub written_at: Option<Moment>,
}
