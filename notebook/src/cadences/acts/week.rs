//! What comes within the next days, for whoever begins theirs: planned runs, slots that have no run, and game days. A
//! few statements read it, however many they are.

use super::{
    calendar::{Scope, of_scope},
    shelf::Shelf,
    slots::{widened, within},
};
use crate::{
    actor::Act,
    cadences::{Slot, SlotStanding},
    desk::Desk,
    fault::Result,
    gamedays::{self, GameDay},
    interval::Interval,
    limits::{AGENDA_DAYS, CALENDAR_RUNS_MAX, MISSED_AFTER_MINUTES},
    runs::{self, Run, facts::Execution},
};

/// The next days, from what is late and not missed yet.
pub struct Week {
    /// Planned for a time in them, the earliest first.
    pub runs: Vec<Run>,
    /// The earliest first; those that are skipped, cancelled or missed among them.
    pub slots: Vec<Slot>,
    /// Those that begin in them and were not called off, the earliest first.
    pub gamedays: Vec<GameDay>,
}

pub async fn week(desk: &Desk) -> Result<Week> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let now = desk.now();
    let stretch = Interval::new(now.plus_minutes(-MISSED_AFTER_MINUTES), now.plus_days(AGENDA_DAYS));
    let stretch = stretch.unwrap_or(Interval::lasting(now, 0));
    let cadences = of_scope(&mut tx, stretch, &Scope::default()).await?;
    let mut shelf = Shelf::of_slots(&mut tx, &cadences, widened(stretch)).await?;
    let named = within(&mut tx, &mut shelf, &cadences, stretch, now).await?;
    let mut slots: Vec<Slot> = named.into_iter().map(|named| named.slot).collect();
    // A slot with its run is that run.
    slots.retain(|slot| slot.standing != SlotStanding::Planned);
    slots.sort_by_key(|slot| (slot.at, slot.experiment));
    let mut runs = runs::acts::within(&mut tx, stretch, (None, None), CALENDAR_RUNS_MAX).await?;
    runs.retain(|run| run.execution == Execution::Planned);
    runs.reverse();
    let mut gamedays = gamedays::acts::during(&mut tx, stretch).await?;
    gamedays.retain(|gameday| gameday.cancelled_at.is_none());
    Ok(Week { runs, slots, gamedays })
}
