//! Measuring runs: which one is due, whose turn it is among all nodes, and what the answers leave. Every
//! reading is a row; a line is written only of what they come to.

use rust_decimal::Decimal;

use super::Held;
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    experiments::{
        self,
        plan::{Check, Plan},
        probes::{ConditionProbe, Probes, value_words},
    },
    fault::Result,
    foreign::shorten::line,
    id::RunId,
    limits::{MISSED_AFTER_MINUTES, PROBE_AHEAD_MINUTES, PROBE_CLAIM_S, PULL_FAILURE_CHARS_MAX},
    paging::Rows,
    runs::{
        Run,
        facts::{AbortReason, Execution, RunFacts},
        proposals::{self, Proposal},
        readings::{Crossing, Reading, Readings, Standing, crossing, is_measured, met_again, standing},
        sql::{self, readings as kept},
        steps::Step,
        trail::RunEvent,
    },
    text::Note,
    time::{MICROS_A_SECOND, Moment},
};

/// What a query was answered, or why that is no number, as a clause.
pub type Number = Result<Decimal, String>;

/// A run's turn that is ours, and what to ask.
#[derive(Debug, Clone)]
pub struct Job {
    pub run: RunId,
    pub probes: Probes,
    claimed_until: Moment,
}

/// The queries of a run's plan with everything they were answered.
#[derive(Debug, Clone)]
pub struct Watched {
    pub probes: Probes,
    pub readings: Readings,
}

/// Runs that wait to be measured.
pub async fn due(desk: &Desk) -> Result<Vec<RunId>> {
    desk.may(Act::RecordRun)?;
    let mut tx = desk.begin_glance().await?;
    let now = desk.now();
    let about_to_start = (now.plus_minutes(-MISSED_AFTER_MINUTES), now.plus_minutes(PROBE_AHEAD_MINUTES));
    kept::due(&mut tx, now, about_to_start).await
}

/// Takes a run's turn; None if another node has it, or if its plan asks nothing.
pub async fn claim(desk: &Desk, run: RunId) -> Result<Option<Job>> {
    desk.may(Act::RecordRun)?;
    let now = desk.now();
    let claimed_until = now.plus_micros(PROBE_CLAIM_S * MICROS_A_SECOND);
    let mut tx = desk.begin_write().await?;
    if !kept::claim(&mut tx, run, claimed_until, now).await? {
        return Ok(None);
    }
    // Before the run is read: one that cannot be is not tried again at once.
    desk.commit(tx, run).await?;
    let mut tx = desk.begin_read().await?;
    let held = Held::load(&mut tx, run).await?;
    let plan = experiments::acts::plan_of(&mut tx, held.run.experiment, held.run.revision).await?;
    drop(tx);
    let probes = plan.context.probes.filter(|_| is_measured(&held.facts, now));
    if probes.is_none() {
        let mut tx = desk.begin_write().await?;
        kept::settle(&mut tx, run, claimed_until, NEVER).await?;
        desk.commit(tx, run).await?;
    }
    Ok(probes.map(|probes| Job { run, probes, claimed_until }))
}

/// A revision that asks nothing never will.
const NEVER: Moment = Moment::from_micros(i64::MAX);

/// Keeps answers of a turn as they come, and writes down which conditions they show to be reached, with an
/// abort where the plan says so: neither waits for a query that hangs.
pub async fn keep_answers(desk: &Desk, job: &Job, answers: Vec<(i64, Reading)>) -> Result<()> {
    desk.may(Act::RecordRun)?;
    let mut tx = desk.begin_write().await?;
    if !kept::is_claimed(&mut tx, job.run, job.claimed_until).await? {
        // It took so long that somebody else asks by now.
        return Ok(());
    }
    sql::lock(&mut tx, job.run).await?;
    let mut held = Held::load(&mut tx, job.run).await?;
    if !is_measured(&held.facts, desk.now()) {
        return Ok(());
    }
    for (number, Reading { at, value }) in answers {
        let value = value.map_err(|says| line(&says, PULL_FAILURE_CHARS_MAX));
        kept::add(&mut tx, job.run, number, &Reading { at, value }).await?;
    }
    Box::pin(judge_conditions(desk, &mut tx, &mut held, &job.probes)).await?;
    desk.commit(tx, job.run).await
}

/// Gives a turn back that asked last at that moment, and writes down if the steady state is met again: that
/// takes the answers to all queries.
pub async fn settle(desk: &Desk, job: &Job, asked: Moment) -> Result<()> {
    desk.may(Act::RecordRun)?;
    let mut tx = desk.begin_write().await?;
    let next = asked.plus_micros(job.probes.every_ms * 1_000);
    if !kept::settle(&mut tx, job.run, job.claimed_until, next).await? {
        return Ok(());
    }
    sql::lock(&mut tx, job.run).await?;
    let mut held = Held::load(&mut tx, job.run).await?;
    if is_measured(&held.facts, desk.now()) {
        Box::pin(judge_steady_state(desk, &mut tx, &mut held, &job.probes)).await?;
    }
    desk.commit(tx, job.run).await
}

/// The readings since the start are read only where a condition is open: all who write wait meanwhile.
async fn judge_conditions(desk: &Desk, tx: &mut Tx, held: &mut Held, probes: &Probes) -> Result<()> {
    let Some(started) = held.facts.started else { return Ok(()) };
    let mut open = probes.watched();
    open.retain(|(_, probe)| !held.facts.reached.iter().any(|reached| reached.condition == probe.condition));
    if open.is_empty() {
        return Ok(());
    }
    let readings = kept::of_run(tx, held.run.id, started).await?;
    let mut says_more = false;
    for (number, probe) in open {
        if let Some(crossing) = crossing(probe, &readings.of(number), started) {
            reach(desk, tx, held, probe, &crossing).await?;
            says_more = true;
        }
    }
    if says_more { held.keep(desk, tx).await } else { Ok(()) }
}

async fn judge_steady_state(desk: &Desk, tx: &mut Tx, held: &mut Held, probes: &Probes) -> Result<()> {
    let Some(started) = held.facts.started.filter(|_| waits_for_steady_state(&held.facts)) else { return Ok(()) };
    let readings = kept::of_run(tx, held.run.id, started).await?;
    let Some(met) = met_again(&held.facts, probes, &readings) else { return Ok(()) };
    held.note(desk, tx, met.at, RunEvent::SteadyAgain { after: met.after }).await?;
    held.keep(desk, tx).await
}

const fn waits_for_steady_state(run: &RunFacts) -> bool {
    matches!(run.execution, Execution::Reverting) && run.recovered.is_none() && !run.revert_failed
}

async fn reach(desk: &Desk, tx: &mut Tx, held: &mut Held, probe: &ConditionProbe, crossing: &Crossing) -> Result<()> {
    let value = value_words(crossing.value, None);
    let condition = probe.condition.clone();
    let text = format!("{condition}: {value}, and {} reaches it.", probe.limit());
    let event = RunEvent::ConditionReached { condition, value, after: crossing.after };
    held.note(desk, tx, crossing.at, event).await?;
    // Once the fault is over there is nothing to stop, and the way back is measured.
    let goes_on = held.facts.execution == Execution::Running && Step::Abort.allowed(&held.facts).is_ok();
    if probe.aborts && goes_on {
        desk.may(Step::Abort.act())?;
        let event = RunEvent::AbortPressed { reason: Some(AbortReason::OwnEffect), text: Note::new(&text).ok() };
        held.note(desk, tx, desk.now(), event).await?;
    }
    Ok(())
}

/// What a run's plan asks, with all readings there are.
pub(crate) async fn watched(tx: &mut Tx, run: &Run, plan: &Plan) -> Result<Option<Watched>> {
    let Some(probes) = plan.context.probes.clone() else { return Ok(None) };
    let readings = kept::of_run(tx, run.id, Moment::from_micros(0)).await?;
    Ok(Some(Watched { probes, readings }))
}

/// One reading with the measure or the abort condition that it was read for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub number: i64,
    pub name: String,
    pub reading: Reading,
}

/// The readings of a run behind one of them (its moment and the number of its query): a page of them, the
/// oldest first, and whether there are more.
pub async fn list_readings(
    desk: &Desk,
    id: RunId,
    after: Option<(Moment, i64)>,
    rows: Rows,
) -> Result<(Vec<Read>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let run = sql::load(&mut tx, id).await?;
    let plan = experiments::acts::plan_of(&mut tx, run.experiment, run.revision).await?;
    let after = after.unwrap_or((Moment::from_micros(0), 0));
    let (found, more) = rows.page(kept::page(&mut tx, id, after, rows.and_one()).await?);
    let name = |number: i64| plan.context.probes.as_ref().and_then(|probes| probes.name(number)).unwrap_or_default();
    let read = found.into_iter().map(|(number, reading)| Read { number, name: name(number), reading });
    Ok((read.collect(), more))
}

impl Watched {
    /// What the readings propose for a check.
    pub fn proposal(&self, facts: &RunFacts, check: &Check, now: Moment) -> Option<Proposal> {
        proposals::proposal(facts, &self.probes, &self.readings, check, now)
    }

    /// Each watched condition and how it stands, by what was read since the run started.
    pub fn standings(&self, facts: &RunFacts, now: Moment) -> Vec<(i64, &ConditionProbe, Standing)> {
        let now = facts.ended.map_or(now, |ended| ended.min(now));
        let from = facts.started.unwrap_or(Moment::from_micros(0));
        let of = |number: i64| {
            let mut readings = self.readings.of(number);
            readings.retain(|reading| from <= reading.at && reading.at <= now);
            readings
        };
        let standing = |number: i64, probe| standing(probe, &of(number), self.probes.every_ms, now);
        self.probes.watched().into_iter().map(|(number, probe)| (number, probe, standing(number, probe))).collect()
    }
}
