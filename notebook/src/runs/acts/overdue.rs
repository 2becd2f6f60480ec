//! Planned runs whose time has passed.

use super::Held;
use crate::{
    db::Tx,
    desk::Desk,
    experiments,
    fault::{Error, Result},
    gate::reach::lasting,
    id::RunId,
    interval::Interval,
    limits::{MISSED_AFTER_MINUTES, NOTE_CHARS_MAX},
    refusal::Refusal,
    runs::{drafts::note, facts::Execution, sql, steps::Step, trail::RunEvent},
    teams,
    text::Note,
    time::Moment,
};

/// What one round came to.
#[derive(Debug, Default)]
pub struct Overdue {
    pub missed: usize,
    /// Called off, because their time passed in a freeze.
    pub frozen: usize,
    /// What could not be looked at; the others were.
    pub troubles: Vec<(RunId, Error)>,
}

/// Marks planned runs as missed whose time passed an hour ago, and calls off those that a freeze kept
/// from starting.
pub async fn mark_missed(desk: &Desk) -> Result<Overdue> {
    desk.may(Step::Miss.act())?;
    let limit = desk.now().plus_minutes(-MISSED_AFTER_MINUTES);
    let mut tx = desk.begin_read().await?;
    let ids = sql::overdue(&mut tx, limit).await?;
    drop(tx);
    let mut overdue = Overdue::default();
    for id in ids {
        match let_pass(desk, id, limit).await {
            Ok(Some(Execution::Cancelled)) => overdue.frozen += 1,
            Ok(Some(_)) => overdue.missed += 1,
            // Somebody started it, or called it off, since it was found.
            Ok(None) | Err(Error::Refused(Refusal::NotNow { .. })) => {}
            Err(error) => overdue.troubles.push((id, error)),
        }
    }
    Ok(overdue)
}

async fn let_pass(desk: &Desk, id: RunId, limit: Moment) -> Result<Option<Execution>> {
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Miss).await?;
    let Some(planned) = held.run.planned_at.filter(|planned| *planned < limit) else { return Ok(None) };
    let event = match frozen(&mut tx, &held, planned).await? {
        Some(why) => RunEvent::Cancelled { why },
        None => RunEvent::Missed,
    };
    held.note(desk, &mut tx, desk.now(), event).await?;
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await?;
    Ok(Some(held.facts.execution))
}

/// The freezes that held while it could have started, or would have stopped it, as a reason.
async fn frozen(tx: &mut Tx, held: &Held, planned: Moment) -> Result<Option<Note>> {
    let plan = experiments::acts::plan_of(tx, held.run.experiment, held.run.revision).await?;
    let ms = lasting(&plan, planned).ms().max(MISSED_AFTER_MINUTES * 60_000);
    let slot = Interval::lasting(planned, ms);
    let freezes = teams::acts::around(tx, &plan.identity.services, &held.run.environment, slot).await?.freezes;
    if freezes.is_empty() {
        return Ok(None);
    }
    let why: String = format!("freeze: {}", freezes.join("; ")).chars().take(NOTE_CHARS_MAX).collect();
    Ok(Some(note(&why, "text")?))
}
