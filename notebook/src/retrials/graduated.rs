//! Whether an experiment may go on unattended, and what else its claim is good for.

use serde::Serialize;

use super::{
    automated::automation_of,
    automation::Automation,
    claims::{Claim, ClaimStanding},
    evidence::{Evidence, Judgement},
    graduation::{Graduation, GraduationFacts, graduation},
    lineage::known,
};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    experiments::{self, passive::SeenThere},
    fault::Result,
    findings::{Severity, Status},
    gate,
    id::{ExperimentId, FindingId},
    time::Moment,
};

/// What is offered to decide about an experiment now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Graduated {
    /// Whether to automate it; to keep it manual is an equal answer.
    pub unattended: Graduation,
    /// What was decided of that, and whether it signs runs now.
    pub automation: Option<Automation>,
    /// Whether to widen it: its claim is current, and the budgets hold what it may cost now. What a wider plan may
    /// cost, the gate says of that plan.
    pub widen: bool,
    /// What the budgets say against that while the claim is current, as a sentence.
    pub not_widened: Option<String>,
    /// What is watched since it was retired: "preemption events".
    pub passive: Option<String>,
    /// All that was written down of it, oldest first, with what was ruled out.
    pub shown: Vec<SeenThere>,
}

pub async fn graduated(desk: &Desk, id: ExperimentId) -> Result<Graduated> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut offered = known(desk, &mut tx, id).await?.graduated.clone();
    offered.automation = automation_of(desk, &mut tx, id).await?;
    if offered.widen {
        offered.not_widened = against_widening(desk, &mut tx, id).await?;
        offered.widen = offered.not_widened.is_none();
    }
    Ok(offered)
}

/// More would cost more: what the plan that runs cannot afford, no wider one can.
async fn against_widening(desk: &Desk, tx: &mut Tx, id: ExperimentId) -> Result<Option<String>> {
    let Some(number) = experiments::acts::in_tx(tx, id).await?.approved else { return Ok(None) };
    let plan = experiments::acts::plan_of(tx, id, number).await?;
    let says = gate::acts::against_budget(desk, tx, id, &plan).await?;
    Ok(says.map(|says| format!("It is not offered to be widened: {says}.")))
}

pub(super) fn offered(evidence: &Evidence, judged: &[Judgement], claim: Option<&Claim>, now: Moment) -> Graduated {
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
        claimed: evidence.approved.as_ref().map(|plan| &plan.identity),
        coverage: claim.and_then(|claim| claim.confidence.coverage),
        severe_open: &severe,
    };
    Graduated {
        unattended: graduation(&facts, now),
        // Decisions and budgets are not among what is remembered of an experiment.
        automation: None,
        not_widened: None,
        widen: claim.is_some_and(|claim| claim.answer.is == ClaimStanding::Current),
        passive: evidence.watched_since.and(evidence.passive.as_ref()).map(|passive| passive.kind.to_string()),
        shown: evidence.shown_there.clone(),
    }
}
