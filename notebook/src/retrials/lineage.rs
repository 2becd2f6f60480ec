//! One experiment's line of descent: its runs, what they found, what was fixed, what is proven,
//! and how confident that makes the team. Counts and dates; never one score.

use super::{
    chain::{Chain, chain, each_fix},
    claims::Claim,
    evidence::{Evidence, deployments, judgements},
    targets::{TargetHits, hits},
};
use crate::{
    actor::Act,
    desk::Desk,
    experiments::identity::{Relation, relation},
    fault::Result,
    findings::{Finding, Status},
    fixes::{Fix, Standing},
    id::ExperimentId,
    limits::RUNS_SHOWN_MAX,
    runs::{
        Run,
        acts::Row,
        facts::{RunFacts, Verdict},
        telemetry::Telemetry,
        validity::Validity,
    },
    services::Change,
};

/// What the pages of an experiment show beside the plan.
#[derive(Clone)]
pub struct Overview {
    /// The newest of them.
    pub runs: Vec<RunRow>,
    /// How many there are.
    pub runs_all: usize,
    /// What was hit over all runs.
    pub targets: Vec<TargetHits>,
    pub findings: Vec<(Finding, Status)>,
    pub fixes: Vec<(Fix, Standing)>,
    pub claim: Option<Claim>,
    pub chain: Chain,
}

/// One run in the series, newest first.
#[derive(Clone)]
pub struct RunRow {
    pub run: Run,
    pub targets: Vec<String>,
    pub validity: Option<Validity>,
    pub verdict: Option<Verdict>,
    pub telemetry: Telemetry,
    /// To the run that started before it.
    pub relation: Option<Relation>,
    /// Milliseconds from the fault's end or the abort until all after-checks held.
    pub revert_ms: Option<i64>,
    /// Changes recorded between the run before it and this one.
    pub changes: Vec<Change>,
}

pub async fn overview(desk: &Desk, id: ExperimentId) -> Result<Overview> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let evidence = Evidence::of(&mut tx, Some(id)).await?;
    let judged = judgements(&mut tx, &evidence, desk.now()).await?;
    Ok(Overview {
        runs: rows(&evidence),
        runs_all: evidence.rows.len(),
        targets: hits(&evidence.runs, evidence.eligible.as_ref()),
        findings: judged.iter().map(|j| (j.finding.clone(), j.status.is)).collect(),
        fixes: each_fix(&judged),
        claim: evidence.claim(&deployments(&judged), desk.now()),
        chain: chain(&evidence, &judged),
    })
}

/// The newest of those that have not started, then the newest of those that have.
fn rows(evidence: &Evidence) -> Vec<RunRow> {
    let mut all: Vec<(&Run, &RunFacts)> = evidence.rows.iter().zip(&evidence.runs).collect();
    all.sort_by_key(|(run, facts)| (facts.started.is_none(), facts.started, run.id));
    let (started, waiting) = all.split_at(all.partition_point(|(_, facts)| facts.started.is_some()));
    let waiting = waiting.iter().rev().take(RUNS_SHOWN_MAX).map(|(run, facts)| row(evidence, run, facts, None));
    let places = (0..started.len()).rev().take(RUNS_SHOWN_MAX);
    let started = places.map(|place| {
        let (run, facts) = started[place];
        let before = place.checked_sub(1).map(|place| started[place].1);
        row(evidence, run, facts, before)
    });
    waiting.chain(started).collect()
}

fn row(evidence: &Evidence, run: &Run, facts: &RunFacts, before: Option<&RunFacts>) -> RunRow {
    let both = before.and_then(|before| before.started).zip(facts.started);
    let plain = Row::new(run.clone(), facts);
    RunRow {
        relation: facts.started.and(before).map(|before| relation(&facts.identity, &before.identity).relation),
        revert_ms: facts.recovered.zip(facts.fault_ended).map(|(well, ended)| well.ms_since(ended).max(0)),
        changes: both.map(|(from, to)| evidence.changes_between(&run.environment, from, to)).unwrap_or_default(),
        run: plain.run,
        targets: plain.targets,
        validity: plain.validity,
        verdict: plain.verdict,
        telemetry: plain.telemetry,
    }
}
