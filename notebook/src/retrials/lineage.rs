//! One experiment's line of descent: its runs, what they found, what was fixed, what is proven,
//! and how confident that makes the team. Counts and dates; never one score.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;

use super::{
    automation::{Failure, failures},
    chain::{Chain, chain, each_fix},
    claims::Claim,
    compared::newest,
    evidence::{Evidence, Judgement, deployments, judgements},
    graduated::{Graduated, offered},
    targets::{TargetHits, hits},
};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events,
    experiments::identity::{Relation, relation},
    fault::Result,
    findings::{Finding, Status},
    fixes::{Fix, Standing},
    gate::past::{Past, past},
    id::{ExperimentId, FindingId, FixId},
    limits::{REHEARSAL_DAYS, REMEMBERED_LINES, REMEMBERED_MINUTES, RUNS_SHOWN_MAX},
    runs::{
        self, Run,
        acts::Row,
        facts::{RunFacts, Verdict},
        telemetry::Telemetry,
        validity::Validity,
    },
    services::Change,
    time::Moment,
};

/// What the pages of an experiment show beside the plan.
#[derive(Clone)]
pub struct Overview {
    /// The newest of them, newest first.
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

/// One run in the series.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "OverviewRun"))]
pub struct RunRow {
    pub run: Run,
    /// Names of the targets it was to hit.
    pub targets: Vec<String>,
    pub validity: Option<Validity>,
    pub verdict: Option<Verdict>,
    pub telemetry: Telemetry,
    /// What its plan is to that of the run that started before it.
    pub relation: Option<Relation>,
    /// Milliseconds from the fault's end or the abort until all after-checks held, at most.
    pub revert_ms: Option<i64>,
    /// Recorded between the run before it and this one, the newest of them.
    pub changes: Vec<Change>,
    /// How many there are.
    pub changes_all: usize,
}

/// What was worked out of an experiment's trail.
pub(super) struct Known {
    pub overview: Overview,
    past: Past,
    /// What each of its findings amounts to, with its fixes.
    pub found: BTreeMap<FindingId, Found>,
    /// When the last of its runs ended.
    ended: Option<Moment>,
    pub graduated: Graduated,
    /// Valid runs that failed.
    pub failures: Vec<Failure>,
}

/// A finding's status, and the standing of each of its fixes for it.
pub(super) type Found = (Status, Vec<(FixId, Standing)>);

pub async fn overview(desk: &Desk, id: ExperimentId) -> Result<Overview> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    Ok(known(desk, &mut tx, id).await?.overview.clone())
}

/// What is remembered, or worked out anew, and then remembered if this transaction only reads: a writer may roll back,
/// and its numbers come again (decision 32).
pub(super) async fn known(desk: &Desk, tx: &mut Tx, id: ExperimentId) -> Result<Arc<Known>> {
    let seq = events::newest_seq(tx).await?;
    let only_reads = tx.only_reads();
    if let Some(known) = recall(desk, tx, id).await? {
        if only_reads {
            desk.notebook.remembered.still_holds(&id.to_string(), seq);
        }
        return Ok(known);
    }
    let now = desk.now();
    let evidence = Evidence::of(desk, tx, Some(id)).await?;
    let judged = judgements(tx, &evidence, now).await?;
    let overview = worked_out(&evidence, &judged, now);
    let ended = evidence.runs.iter().filter_map(|run| run.ended).max();
    let past = past(evidence.facts(), ended.map_or(now, |ended| ended.max(now)));
    let during = (now, holds_until(&evidence, &overview, &judged, &past, now));
    let graduated = offered(&evidence, &judged, overview.claim.as_ref(), now);
    let found = judged.iter().map(|j| (j.finding.id, found(j))).collect();
    let failures = failures(evidence.facts());
    let known = Arc::new(Known { overview, past, found, ended, graduated, failures });
    if only_reads && !id.is_sample() {
        desk.notebook.remembered.keep(id.to_string(), seq, during, Arc::clone(&known));
    }
    Ok(known)
}

pub(super) fn found(judged: &Judgement) -> Found {
    (judged.status.is, judged.fixes.iter().map(|worth| (worth.fix.id, worth.judged.answer.is)).collect())
}

fn worked_out(evidence: &Evidence, judged: &[Judgement], now: Moment) -> Overview {
    Overview {
        runs: rows(evidence),
        runs_all: evidence.rows.len(),
        targets: hits(evidence.facts(), evidence.eligible.as_ref()),
        findings: judged.iter().map(|j| (j.finding.clone(), j.status.is)).collect(),
        fixes: each_fix(judged),
        claim: evidence.claim(&deployments(judged), now),
        chain: chain(evidence, judged),
    }
}

/// The last moment at which all of it is so, if nothing happens.
fn holds_until(evidence: &Evidence, overview: &Overview, judged: &[Judgement], past: &Past, now: Moment) -> Moment {
    let claim = overview.claim.as_ref().and_then(|claim| claim.fresh_until);
    let fixes = judged.iter().flat_map(|j| &j.fixes).filter_map(|worth| worth.judged.fresh_until);
    let dates = judged.iter().filter_map(|j| j.risk_until).chain(evidence.overdue_from);
    let dates = dates.map(|until| until.plus_micros(-1));
    let rehearsed = past.rehearsed.map(|at| at.plus_days(REHEARSAL_DAYS));
    let ends = claim.into_iter().chain(fixes).chain(dates).chain(rehearsed);
    let first = ends.filter(|moment| *moment >= now).min();
    let longest = now.plus_minutes(REMEMBERED_MINUTES);
    first.map_or(longest, |first| first.min(longest))
}

/// What is known of an experiment, if this transaction sees nothing that it does not know. The sample is
/// told anew: it can be taken out and written again.
pub(super) async fn recall(desk: &Desk, tx: &mut Tx, id: ExperimentId) -> Result<Option<Arc<Known>>> {
    let recalled = desk.notebook.remembered.recall::<Known>(&id.to_string(), desk.now());
    let Some((seq, known)) = recalled.filter(|_| !id.is_sample()) else { return Ok(None) };
    Ok(is_unconcerned(tx, id, seq).await?.then_some(known))
}

/// No line that this transaction sees after this one means anything for an experiment.
pub(super) async fn is_unconcerned(tx: &mut Tx, id: ExperimentId, seq: i64) -> Result<bool> {
    Ok(match events::newest_seq(tx).await? - seq {
        0 => true,
        added @ 1..=REMEMBERED_LINES => events::concerning(tx, id, seq, added).await? == 0,
        _ => false,
    })
}

/// What earlier runs of an experiment showed until a moment.
pub(crate) async fn past_of(desk: &Desk, tx: &mut Tx, id: ExperimentId, at: Moment) -> Result<Past> {
    if let Some(known) = recall(desk, tx, id).await?
        && known.ended.is_none_or(|ended| ended <= at)
    {
        return Ok(known.past);
    }
    let runs = runs::acts::of_experiment(desk, tx, id).await?;
    Ok(past(runs.iter().map(|(_, facts)| facts.as_ref()), at))
}

/// The newest of those that have not started, then the newest of those that have.
fn rows(evidence: &Evidence) -> Vec<RunRow> {
    let mut all: Vec<(&Run, &RunFacts)> = evidence.rows.iter().zip(evidence.facts()).collect();
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
    let between = before.map(|before| evidence.changes_between(&run.environment, before, facts));
    let (changes, changes_all) = newest(between.into_iter().flatten().collect());
    let plain = Row::new(run.clone(), facts);
    RunRow {
        relation: facts.started.and(before).map(|before| relation(&facts.identity, &before.identity).relation),
        revert_ms: facts.revert_ms().map(|(_, most)| most),
        changes: changes.into_iter().cloned().collect(),
        changes_all,
        run: plain.run,
        targets: plain.targets,
        validity: plain.validity,
        verdict: plain.verdict,
        telemetry: plain.telemetry,
    }
}
