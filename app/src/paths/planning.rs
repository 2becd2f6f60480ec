//! Where runs are planned, and where one that is over is written down.

use notebook::id::{ExperimentId, RunId};

use super::encoded;

/// Where an experiment is chosen for a run.
pub fn choose_run() -> String {
    "/runs/new".into()
}

/// The planning form, for one experiment.
pub fn new_run(id: ExperimentId) -> String {
    format!("/runs/new?experiment={id}")
}

/// The planning form with a time filled in, as its field takes it.
pub fn new_run_at(id: ExperimentId, local: &str) -> String {
    format!("/runs/new?experiment={id}&planned_at={}", encoded(local))
}

/// The planning form for a run that repeats or replaces another.
pub fn rerun(id: ExperimentId, run: RunId) -> String {
    format!("/runs/new?experiment={id}&replaces={run}")
}

/// Where an experiment is chosen for a run that is over.
pub fn choose_past_run() -> String {
    "/runs/past".into()
}

/// The form for a run that is over.
pub fn past_run(id: ExperimentId) -> String {
    format!("/runs/past?experiment={id}")
}
