//! Planned runs whose time has passed.

use super::Held;
use crate::{
    db::Tx,
    desk::Desk,
    experiments,
    fault::{Error, Result},
    gate::reach::lasting,
    id::RunId,
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

/// The freezes that kept it from starting all the time it could have started, as a reason: at its time
/// one held, and one still did when it was given up.
async fn frozen(tx: &mut Tx, held: &Held, planned: Moment) -> Result<Option<Note>> {
    let plan = experiments::acts::plan_of(tx, held.run.experiment, held.run.revision).await?;
    let given_up = planned.plus_minutes(MISSED_AFTER_MINUTES);
    let mut freezes = Vec::new();
    for at in [given_up, planned] {
        let run = lasting(&plan, at);
        freezes = teams::acts::around(tx, &plan.identity.services, &held.run.environment, run).await?.freezes;
        if freezes.is_empty() {
            return Ok(None);
        }
    }
    let why: String = format!("freeze: {}", freezes.join("; ")).chars().take(NOTE_CHARS_MAX).collect();
    Ok(Some(note(&why, "text")?))
}
