//! Reminders of planned runs, of reverts that take too long, and of runs that wait for their verdict. Which were given
//! stands in the run's trail, so each is given once, whichever server looks and however often it was started.

use super::{Held, lines};
use crate::{
    calendar::reminder::{FIRST_MINUTES, Lead, reminder},
    db::Tx,
    desk::Desk,
    experiments,
    fault::{Error, Result},
    gate::told::passed,
    id::RunId,
    limits::{REVERT_NEWS_DAYS, VERDICT_DUE_HOURS, VERDICT_NEWS_DAYS},
    refusal::Refusal,
    runs::{
        facts::Execution,
        sql,
        steps::Step,
        trail::{Line, RunEvent},
    },
    time::Moment,
};

/// What one round came to.
#[derive(Debug, Default)]
pub struct Reminding {
    /// Lines that were written.
    pub reminded: usize,
    /// What could not be looked at; the others were.
    pub troubles: Vec<(RunId, Error)>,
}

impl Reminding {
    fn take(&mut self, id: RunId, looked: Result<bool>) {
        match looked {
            Ok(reminded) => self.reminded += usize::from(reminded),
            // Somebody started it, called it off or closed it since it was found.
            Err(Error::Refused(Refusal::NotNow { .. })) => {}
            Err(error) => self.troubles.push((id, error)),
        }
    }
}

/// Reminds of planned runs whose time comes within a day, and of those that ended a day ago and are not closed; calls
/// everybody where a revert is past its deadline. A timed act.
pub async fn remind(desk: &Desk) -> Result<Reminding> {
    desk.may(Step::Remind.act())?;
    let now = desk.now();
    let mut tx = desk.begin_read().await?;
    let coming = sql::upcoming(&mut tx, now, now.plus_minutes(FIRST_MINUTES)).await?;
    let ended = (now.plus_days(-VERDICT_NEWS_DAYS), now.plus_hours(-VERDICT_DUE_HOURS));
    let unclosed = sql::unclosed(&mut tx, ended).await?;
    let reverting = sql::reverting(&mut tx, now.plus_days(-REVERT_NEWS_DAYS)).await?;
    drop(tx);
    let mut reminding = Reminding::default();
    for id in coming {
        reminding.take(id, of_run(desk, id).await);
    }
    for id in reverting {
        reminding.take(id, of_revert(desk, id).await);
    }
    for id in unclosed {
        reminding.take(id, of_verdict(desk, id).await);
    }
    Ok(reminding)
}

/// As long as it can be closed, and once.
async fn of_verdict(desk: &Desk, id: RunId) -> Result<bool> {
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Close).await?;
    let told = lines(&held.entries)?.iter().any(|line| matches!(line.event, RunEvent::VerdictDue { .. }));
    let Some(ended_at) = held.run.ended_at.filter(|_| !told) else { return Ok(false) };
    held.note(desk, &mut tx, desk.now(), RunEvent::VerdictDue { ended_at }).await?;
    desk.commit(tx, id).await?;
    Ok(true)
}

/// As long as it goes on, and once.
async fn of_revert(desk: &Desk, id: RunId) -> Result<bool> {
    let mut tx = desk.begin_read().await?;
    let held = Held::load(&mut tx, id).await?;
    if late(&mut tx, &held, desk.now()).await?.is_none() {
        return Ok(false);
    }
    drop(tx);
    let mut tx = desk.begin_write().await?;
    // Whoever can still write that it failed can still be helped.
    let mut held = Held::load_for(desk, &mut tx, id, Step::FailRevert).await?;
    let Some(deadline_ms) = late(&mut tx, &held, desk.now()).await? else { return Ok(false) };
    held.note(desk, &mut tx, desk.now(), RunEvent::RevertLate { deadline_ms }).await?;
    desk.commit(tx, id).await?;
    Ok(true)
}

/// The deadline that a revert is past, unless that was told.
async fn late(tx: &mut Tx, held: &Held, now: Moment) -> Result<Option<i64>> {
    let lines = lines(&held.entries)?;
    if lines.iter().any(|line| matches!(line.event, RunEvent::RevertLate { .. })) {
        return Ok(None);
    }
    let plan = experiments::acts::plan_of(tx, held.run.experiment, held.run.revision).await?;
    Ok(held.late_revert(plan.context.revert.deadline_ms, passed(&lines).as_ref(), now))
}

/// Only where there is something to say does anybody else have to wait for it.
async fn of_run(desk: &Desk, id: RunId) -> Result<bool> {
    let mut tx = desk.begin_read().await?;
    let held = Held::load(&mut tx, id).await?;
    if owed(&held, desk.now())?.is_none() {
        return Ok(false);
    }
    drop(tx);
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Remind).await?;
    let Some((lead, planned_at)) = owed(&held, desk.now())? else { return Ok(false) };
    held.note(desk, &mut tx, desk.now(), RunEvent::Reminded { lead, planned_at }).await?;
    desk.commit(tx, id).await?;
    Ok(true)
}

fn owed(held: &Held, now: Moment) -> Result<Option<(Lead, Moment)>> {
    let Some(at) = held.run.planned_at else { return Ok(None) };
    let lines = lines(&held.entries)?;
    let told: Vec<(Lead, Moment)> = lines.iter().filter_map(reminded).collect();
    // That it is planned was told with its first time; that it has another one was not.
    let moved = lines.iter().any(|line| matches!(line.event, RunEvent::MovedTo { .. }));
    let heard_at = (!moved).then_some(held.run.created_at);
    Ok(reminder(at, heard_at, &told, now).map(|lead| (lead, at)))
}

fn reminded(line: &Line) -> Option<(Lead, Moment)> {
    if let RunEvent::Reminded { lead, planned_at } = line.event { Some((lead, planned_at)) } else { None }
}

/// Whether a run still waits for this time to come.
pub(crate) async fn awaits(tx: &mut Tx, id: RunId, planned_at: Moment, now: Moment) -> Result<bool> {
    let run = sql::load(tx, id).await?;
    Ok(run.execution == Execution::Planned && run.planned_at == Some(planned_at) && now < planned_at)
}

/// Whether a run is over and still waits for being closed.
pub(crate) async fn awaits_closing(tx: &mut Tx, id: RunId) -> Result<bool> {
    let run = sql::load(tx, id).await?;
    Ok(run.execution.has_ended() && run.closed_at.is_none())
}
