//! The slots of a stretch of time, as cadences, working time, freezes, people and the clock leave them.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::shelf::{Known, Shelf};
use crate::{
    cadences::{
        Cadence, Slot, SlotStanding, SlotTold,
        sql::{self, Begun, ToldRow},
        standing::{Stands, stands},
    },
    calendar::{
        freeze::Freeze,
        recurrence::Due,
        slot::{land, land_there},
    },
    db::Tx,
    fault::Result,
    freezes,
    gate::reach::lasting,
    id::ExperimentId,
    interval::Interval,
    limits::{MISSED_AFTER_MINUTES, SLOT_MOVES_DAYS_MAX},
    time::Moment,
};

/// One slot with the time its cadence names.
pub(super) struct Named {
    pub slot: Slot,
    pub due: Moment,
    /// What working time and freezes say against its time.
    pub amiss: Vec<String>,
}

pub(super) type Told = HashMap<(ExperimentId, Date), ToldRow>;

/// What people said of the slots of a stretch of time.
pub(super) async fn said(tx: &mut Tx, stretch: Interval) -> Result<Told> {
    Ok(sql::told(tx, stretch).await?.into_iter().map(|row| ((row.experiment, row.date), row)).collect())
}

/// The slots of these cadences that lie in a stretch of time, each cadence's in order.
pub(super) async fn within(
    tx: &mut Tx,
    shelf: &mut Shelf,
    cadences: &[Cadence],
    stretch: Interval,
    now: Moment,
) -> Result<Vec<Named>> {
    let wide = widened(stretch);
    let freezes = freezes::acts::during(tx, wide).await?;
    let told = said(tx, wide).await?;
    let mut found = Vec::new();
    for cadence in cadences {
        let known = shelf.of(tx, cadence.experiment).await?;
        found.extend(of_cadence(cadence, known, wide, &freezes, &told, now));
    }
    // A date names one slot: that of the newest cadence, where the hour was changed on the day.
    let mut names = HashSet::new();
    found.reverse();
    found.retain(|named| names.insert((named.slot.experiment, named.slot.date)));
    found.reverse();
    found.retain(|named| stretch.contains(named.slot.at));
    keep(tx, &mut found, now).await?;
    Ok(found)
}

/// A run that began within an hour of a slot keeps it, whoever or whatever began it: a tool plans nothing here.
async fn keep(tx: &mut Tx, found: &mut [Named], now: Moment) -> Result<()> {
    let waits = |slot: &Slot| slot.run.is_none() && (slot.standing.is_open() || slot.standing == SlotStanding::Missed);
    let around = |at: Moment| (at.plus_minutes(-MISSED_AFTER_MINUTES), at.plus_minutes(MISSED_AFTER_MINUTES));
    let due = |slot: &Slot| waits(slot) && around(slot.at).0 <= now;
    let times: Vec<Moment> =
        found.iter().map(|named| &named.slot).filter(|slot| due(slot)).map(|slot| slot.at).collect();
    let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else { return Ok(()) };
    let begun = sql::begun(tx, around(*first).0, around(*last).1).await?;
    for slot in found.iter_mut().map(|named| &mut named.slot).filter(|slot| due(slot)) {
        let (from, to) = around(slot.at);
        let its = |one: &&Begun| one.experiment == slot.experiment && from <= one.at && one.at <= to;
        if let Some(one) = begun.iter().find(its) {
            (slot.standing, slot.run, slot.changed_at) = (SlotStanding::Planned, Some(one.run), one.at);
        }
    }
    Ok(())
}

/// Slots that are named outside of a stretch of time can be moved into it.
pub(super) fn widened(stretch: Interval) -> Interval {
    let (start, end) = (stretch.start().plus_days(-SLOT_MOVES_DAYS_MAX), stretch.end().plus_days(SLOT_MOVES_DAYS_MAX));
    Interval::new(start, end).unwrap_or(stretch)
}

/// The slots of a cadence while it was in force, without those that lie where its experiment was retired.
fn of_cadence(
    cadence: &Cadence,
    known: &Known,
    wide: Interval,
    freezes: &[Freeze],
    told: &Told,
    now: Moment,
) -> Vec<Named> {
    let end = cadence.until.map_or(wide.end(), |end| end.min(wide.end()));
    let alive = Interval::new(cadence.since, end).and_then(|alive| alive.common(wide));
    let mut slots = alive.map(|alive| named(cadence, known, alive, freezes, told, now)).unwrap_or_default();
    slots.retain(|named| known.retired_at(named.slot.at).is_none());
    slots
}

/// What its rule names in a stretch of time, whether it is in force there or not.
pub(super) fn named(
    cadence: &Cadence,
    known: &Known,
    stretch: Interval,
    freezes: &[Freeze],
    told: &Told,
    now: Moment,
) -> Vec<Named> {
    let Some(plan) = &known.plan else { return Vec::new() };
    let one = |due: Due| {
        let ms = lasting(plan, due.at).ms();
        let said = told.get(&(cadence.experiment, due.date));
        let landing = match said.map(|row| &row.told) {
            Some(SlotTold::Postponed { to, .. }) => land_there(*to, ms, &known.teams, freezes, &known.concerned()),
            Some(SlotTold::Skipped { .. } | SlotTold::Planned { .. }) | None => {
                land(&due, ms, &known.teams, freezes, &known.concerned())
            }
        };
        let execution = said.and_then(|row| row.execution);
        let Stands { standing, at, why, run } = stands(&due, &landing, said.map(|row| &row.told), execution, now);
        let slot = Slot {
            experiment: cadence.experiment,
            title: known.experiment.title.to_string(),
            date: due.date,
            at,
            ms,
            standing,
            why,
            run,
            version: said.map_or(0, |row| row.version),
            changed_at: said.map_or(cadence.since, |row| row.changed_at),
            by: cadence.by,
        };
        Named { slot, due: due.at, amiss: landing.why().to_vec() }
    };
    cadence.rule.due(stretch).into_iter().map(one).collect()
}
