//! Loads whether an experiment may go on unattended, and what else its claim is good for.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    claims::ClaimStanding,
    evidence::{Evidence, deployments, judgements},
    graduation::{Graduation, GraduationFacts, graduation},
};
use crate::{
    actor::Act,
    desk::Desk,
    fault::Result,
    findings::{Severity, Status},
    id::{ExperimentId, FindingId},
    services,
};

/// What is offered to decide about an experiment now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Graduated {
    /// Whether to automate it; to keep it manual is an equal answer.
    pub unattended: Graduation,
    /// Whether to widen it: its claim is current. What a wider plan may cost, the gate says of that plan.
    pub widen: bool,
    /// What is watched since it was retired: "preemption events".
    pub passive: Option<String>,
}

pub async fn graduated(desk: &Desk, id: ExperimentId) -> Result<Graduated> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let evidence = Evidence::of(&mut tx, Some(id)).await?;
    let judged = judgements(&mut tx, &evidence, desk.now()).await?;
    let identity = evidence.plan.as_ref().map(|plan| &plan.identity);
    let mut eligible = BTreeSet::new();
    if let Some(identity) = identity {
        let targets = services::acts::targets_of(&mut tx, &identity.services, identity.environment.as_ref()).await?;
        eligible.extend(targets.into_iter().map(|target| target.name.to_string()));
    }
    let claim = evidence.claim(&deployments(&judged), Some(&eligible), desk.now());
    let is_open = |status: Status| {
        !matches!(status, Status::Verified | Status::RiskAccepted | Status::Duplicate | Status::NotAFinding)
    };
    let severe = judged.iter().filter(|judgement| {
        let finding = &judgement.finding;
        matches!(finding.severity, Severity::High | Severity::Critical) && is_open(judgement.status.is)
    });
    let severe: Vec<FindingId> = severe.map(|judgement| judgement.finding.id).collect();
    let facts = GraduationFacts {
        runs: &evidence.runs,
        coverage: claim.as_ref().and_then(|claim| claim.confidence.coverage),
        severe_open: &severe,
    };
    Ok(Graduated {
        unattended: graduation(&facts, desk.now()),
        widen: claim.is_some_and(|claim| claim.answer.is == ClaimStanding::Current),
        passive: evidence.passive.as_ref().map(|passive| passive.kind.to_string()),
    })
}
