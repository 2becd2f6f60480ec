//! Slots that come without a run, and slots that were missed. What was told stands in the cadence's trail, so each
//! time of a slot is told once, whichever server looks.

use jiff::civil::Date;

use super::{
    load, note,
    shelf::Shelf,
    slots::{widened, within},
};
use crate::{
    actor::Act,
    cadences::{Slot, SlotStanding, sql, trail::CadenceEvent},
    calendar::reminder::{FIRST_MINUTES, Lead, reminder},
    db::Tx,
    desk::Desk,
    events::{self, Entry, about},
    fault::{Error, Result},
    id::ExperimentId,
    interval::Interval,
    limits::SLOT_MISSED_NEWS_DAYS,
    refusal::Refusal,
    time::Moment,
};

/// Tells of slots whose time comes or passed without a run; how many lines that wrote. A timed act.
pub async fn remind(desk: &Desk) -> Result<usize> {
    desk.may(Act::ChangeSlot)?;
    let mut tx = desk.begin_read().await?;
    let nothing = owed(&mut tx, desk.now()).await?.is_empty();
    drop(tx);
    if nothing {
        return Ok(0);
    }
    let mut tx = desk.begin_write().await?;
    // Nobody says something of a slot meanwhile, and no other clock tells of one.
    desk.hold_numbers(&mut tx, about::CADENCE, false).await?;
    let owed = owed(&mut tx, desk.now()).await?;
    for (experiment, event) in &owed {
        note(desk, &mut tx, *experiment, event).await?;
    }
    desk.commit(tx, about::CADENCE).await?;
    Ok(owed.len())
}

/// What is to be told now and was not.
async fn owed(tx: &mut Tx, now: Moment) -> Result<Vec<(ExperimentId, CadenceEvent)>> {
    let until = now.plus_minutes(FIRST_MINUTES).plus_micros(1);
    let Some(stretch) = Interval::new(now.plus_days(-SLOT_MISSED_NEWS_DAYS), until) else { return Ok(Vec::new()) };
    let mut cadences = sql::during(tx, widened(stretch)).await?;
    cadences.retain(|cadence| !cadence.experiment.is_sample());
    let slots = within(tx, &mut Shelf::default(), &cadences, stretch, now).await?;
    let mut owed = Vec::new();
    for slot in slots.into_iter().map(|named| named.slot).filter(asks) {
        let trail = events::of_object(tx, about::CADENCE, &slot.experiment.to_string()).await?;
        let told = trail.iter().map(Entry::read).collect::<Result<Vec<CadenceEvent>>>()?;
        owed.extend(of_slot(&slot, &told, now).map(|event| (slot.experiment, event)));
    }
    Ok(owed)
}

/// Whether anything can be told of it at all.
fn asks(slot: &Slot) -> bool {
    slot.standing.is_open() || slot.standing == SlotStanding::Missed
}

fn of_slot(slot: &Slot, told: &[CadenceEvent], now: Moment) -> Option<CadenceEvent> {
    let (date, at) = (slot.date, slot.at);
    if slot.standing == SlotStanding::Missed {
        let missed = CadenceEvent::SlotMissed { date, at };
        return (!told.contains(&missed)).then_some(missed);
    }
    let reminded: Vec<(Lead, Moment)> = told.iter().filter_map(|event| reminded(event, date)).collect();
    // Who sets a cadence sees its first slot; that one was postponed nobody is told.
    let heard_at = (slot.version == 0).then_some(slot.changed_at);
    let lead = reminder(at, heard_at, &reminded, now)?;
    Some(CadenceEvent::SlotReminded { date, lead, at })
}

fn reminded(event: &CadenceEvent, of: Date) -> Option<(Lead, Moment)> {
    match event {
        CadenceEvent::SlotReminded { date, lead, at } if *date == of => Some((*lead, *at)),
        _ => None,
    }
}

/// Whether a slot still waits for this time to come, without a run.
pub(crate) async fn awaits(desk: &Desk, tx: &mut Tx, id: ExperimentId, date: Date, at: Moment) -> Result<bool> {
    match load(desk, tx, id, date).await {
        Ok(named) => Ok(named.slot.standing.is_open() && named.slot.at == at && desk.now() < at),
        Err(Error::Refused(Refusal::Missing { .. })) => Ok(false),
        Err(error) => Err(error),
    }
}
