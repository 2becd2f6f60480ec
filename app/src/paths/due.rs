//! Addresses of what is due, and of what is offered to decide about it.

use notebook::id::{DecisionId, ExperimentId};
use notebook::retrials::due::DueReason;

/// Everything that is due.
pub fn due() -> String {
    "/due".into()
}

/// What is due for one reason.
pub fn due_for(reason: DueReason) -> String {
    format!("/due?reason={}", reason.word())
}

/// The form for a decision of one kind that rests on an experiment.
pub fn decide_about(id: ExperimentId, kind: &str) -> String {
    format!("/decisions/new?experiment={id}&kind={kind}")
}

/// The form for the revision with which a decision to widen is carried out.
pub fn widen_plan(id: ExperimentId, decision: DecisionId) -> String {
    format!("/experiments/{id}/edit?widens={decision}")
}
