//! Setting a cadence, saying something of its slots, and looking at what is when.

mod calendar;
mod elsewhere;
mod reminding;
mod shelf;
mod slots;
mod week;

use std::sync::Arc;

use jiff::civil::Date;

pub(crate) use self::{
    calendar::gather,
    elsewhere::{changed_around, gone},
    reminding::awaits,
};
pub use self::{
    calendar::{Calendar, OnCalendar, Scope, calendar, left_out},
    reminding::remind,
    week::{Week, week},
};
use self::{
    shelf::Shelf,
    slots::{Named, widened, within},
};
use super::{
    Cadence, Slot, SlotStanding, SlotTold,
    drafts::{EndDraft, SetDraft, SlotDraft},
    sql,
    trail::CadenceEvent,
};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events::{self, Entry, about},
    experiments::{self, Experiment, Stage},
    fault::Result,
    id::{ExperimentId, RunId},
    interval::Interval,
    limits::{SLOT_MOVES_DAYS_MAX, SLOTS_DAYS_AHEAD},
    refusal::Refusal,
    runs::{self, Run, drafts::PlanDraft, facts::RunFacts, validity::is_valid},
    text::Note,
    time::{Moment, Zone},
    version::began_from,
};

/// The cadence of one experiment as its page shows it.
pub struct Shown {
    pub experiment: Experiment,
    /// The one in force.
    pub cadence: Option<Cadence>,
    /// The number of the newest there was; 0 without any.
    pub version: i64,
    /// By which clock a cadence goes that names none.
    pub zone: Zone,
    /// Those of the last weeks, and those to come, in order.
    pub slots: Vec<Slot>,
    /// The first moment at which a rerun is overdue.
    pub overdue_from: Option<Moment>,
    pub history: Vec<Entry>,
}

pub async fn show(desk: &Desk, id: ExperimentId) -> Result<Shown> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let experiment = experiments::acts::in_tx(&mut tx, id).await?;
    let all = sql::of(&mut tx, id).await?;
    let now = desk.now();
    let stretch = Interval::new(now.plus_days(-SLOT_MOVES_DAYS_MAX), now.plus_days(SLOTS_DAYS_AHEAD));
    let stretch = stretch.unwrap_or(Interval::lasting(now, 0));
    let mut shelf = Shelf::default();
    let slots = within(&mut tx, &mut shelf, &all, stretch, now).await?;
    let zone = zone_of(desk, &mut tx, &mut shelf, id).await?;
    let version = all.last().map_or(0, |cadence| cadence.id);
    let cadence = all.into_iter().rev().find(|cadence| cadence.until.is_none());
    let overdue_from = match &cadence {
        Some(cadence) => {
            let runs = runs::acts::of_experiment(desk, &mut tx, id).await?;
            overdue(&experiment, cadence, runs.iter().map(|(_, facts)| facts.as_ref()))
        }
        None => None,
    };
    let mut slots: Vec<Slot> = slots.into_iter().map(|named| named.slot).collect();
    slots.sort_by_key(|slot| (slot.at, slot.date));
    let history = events::of_object(&mut tx, about::CADENCE, &id.to_string()).await?;
    Ok(Shown { experiment, cadence, version, zone, slots, overdue_from, history })
}

/// That of the first team that owns a service of the plan; without any, that of whoever asks.
async fn zone_of(desk: &Desk, tx: &mut Tx, shelf: &mut Shelf, id: ExperimentId) -> Result<Zone> {
    let team = shelf.of(tx, id).await?.teams.first();
    Ok(team.map_or_else(|| desk.zone(), |team| team.zone.clone()))
}

/// The first moment at which a rerun of an experiment with these runs is overdue; None without a cadence in force.
pub(crate) async fn overdue_from(
    tx: &mut Tx,
    experiment: &Experiment,
    runs: &[Arc<RunFacts>],
) -> Result<Option<Moment>> {
    let all = sql::of(tx, experiment.id).await?;
    let cadence = all.iter().rev().find(|cadence| cadence.until.is_none());
    Ok(cadence.and_then(|cadence| overdue(experiment, cadence, runs.iter().map(Arc::as_ref))))
}

/// Counted from the last valid run; before there is one, from when the cadence was set, or its first date if that
/// is later. What is retired is never overdue.
fn overdue<'a>(experiment: &Experiment, cadence: &Cadence, runs: impl Iterator<Item = &'a RunFacts>) -> Option<Moment> {
    if experiment.stage == Stage::Retired {
        return None;
    }
    let valid = runs.filter(|facts| is_valid(facts));
    let last = valid.filter_map(|facts| facts.ended).max();
    let from = cadence.rule.begins().map_or(cadence.since, |begins| begins.max(cadence.since));
    cadence.rule.overdue_from(last.unwrap_or(from))
}

/// Which slots the runs of a stretch of time were planned from, wherever these lie: the experiment, and the date.
pub(crate) async fn slots_of_runs(tx: &mut Tx, stretch: Interval) -> Result<Vec<(RunId, ExperimentId, String)>> {
    sql::slots_of_runs(tx, stretch).await
}

/// Sets the recurrence of an experiment from now on, in place of the one there is.
pub async fn set(desk: &Desk, id: ExperimentId, draft: &SetDraft) -> Result<Cadence> {
    desk.may(Act::SetCadence)?;
    // What is amiss is said before anybody waits; by which clock it goes, only the plan says.
    draft.check(&desk.zone(), desk.now())?;
    let mut tx = desk.begin_write().await?;
    // Whoever takes a number waits for whoever took one: no two set at once.
    let number = desk.number(&mut tx, about::CADENCE, id.is_sample()).await?;
    let found = experiments::acts::in_tx(&mut tx, id).await?;
    if found.approved.is_none() {
        return Err(Refusal::not_now(Act::SetCadence, format!("{id} has no approved plan revision")).into());
    }
    if found.stage == Stage::Retired {
        return Err(Refusal::not_now(Act::SetCadence, format!("{id} is retired; reopen it first")).into());
    }
    let newest = sql::of(&mut tx, id).await?.last().map_or(0, |cadence| cadence.id);
    began_from(&draft.version, newest, "Cadence of", id)?;
    let zone = zone_of(desk, &mut tx, &mut Shelf::default(), id).await?;
    let rule = draft.check(&zone, desk.now())?;
    sql::end(&mut tx, id, desk.now()).await?;
    sql::insert(&mut tx, (number, id), &rule, desk.now(), desk.person_id()).await?;
    note(desk, &mut tx, id, &CadenceEvent::Set { rule: rule.clone() }).await?;
    desk.commit(tx, id).await?;
    Ok(Cadence { id: number, experiment: id, rule, since: desk.now(), until: None, by: desk.person_id() })
}

/// No further slots: the experiment is run when somebody plans it.
pub async fn end(desk: &Desk, id: ExperimentId, draft: &EndDraft) -> Result<Experiment> {
    desk.may(Act::SetCadence)?;
    let why = Note::new(&draft.text).map_err(|trouble| Refusal::unfit("text", trouble.to_string()))?;
    let mut tx = desk.begin_write().await?;
    let found = experiments::acts::in_tx(&mut tx, id).await?;
    if !sql::end(&mut tx, id, desk.now()).await? {
        return Err(Refusal::not_now(Act::SetCadence, format!("{id} has no cadence")).into());
    }
    note(desk, &mut tx, id, &CadenceEvent::Ended { why }).await?;
    desk.commit(tx, id).await?;
    Ok(found)
}

/// Says that nothing is run in a slot, and why; of one that was missed, too.
pub async fn skip(desk: &Desk, id: ExperimentId, draft: &SlotDraft) -> Result<Slot> {
    desk.may(Act::ChangeSlot)?;
    let (date, why) = draft.why()?;
    let mut tx = desk.begin_write().await?;
    let Named { due, .. } = unplanned(desk, &mut tx, id, date).await?;
    sql::tell(&mut tx, id, (date, due), &SlotTold::Skipped { why: why.clone() }, desk.now()).await?;
    note(desk, &mut tx, id, &CadenceEvent::SlotSkipped { date, why }).await?;
    told(desk, tx, id, date).await
}

/// Gives a slot another time, and says why. Not one at which the gate would let nobody begin.
pub async fn postpone(desk: &Desk, id: ExperimentId, draft: &SlotDraft) -> Result<Slot> {
    desk.may(Act::ChangeSlot)?;
    let (date, to, why) = draft.postponed(&desk.zone(), desk.now())?;
    let mut tx = desk.begin_write().await?;
    let Named { slot, due, .. } = unplanned(desk, &mut tx, id, date).await?;
    if !widened(Interval::lasting(due, 0)).contains(to) {
        let says = format!("lies more than {SLOT_MOVES_DAYS_MAX} days away; set the cadence anew, or plan a run");
        return Err(Refusal::unfit("to", says).into());
    }
    sql::tell(&mut tx, id, (date, due), &SlotTold::Postponed { to, why: why.clone() }, desk.now()).await?;
    let Named { amiss, .. } = load(desk, &mut tx, id, date).await?;
    if !amiss.is_empty() {
        return Err(Refusal::unfit("to", format!("is a time at which nothing may begin: {}", amiss.join("; "))).into());
    }
    note(desk, &mut tx, id, &CadenceEvent::SlotPostponed { date, was: slot.at, to, why }).await?;
    told(desk, tx, id, date).await
}

/// Plans the run of a slot, at the slot's time or, while that is not missed yet, now.
pub async fn plan_slot(desk: &Desk, id: ExperimentId, draft: &SlotDraft) -> Result<Run> {
    desk.may(Act::PlanRun)?;
    let date = draft.date()?;
    let mut tx = desk.begin_write().await?;
    let Named { slot, due, .. } = unplanned(desk, &mut tx, id, date).await?;
    if !slot.standing.is_open() {
        let state = format!("the slot of {date} is {}", slot.standing.label().to_lowercase());
        return Err(Refusal::not_now(Act::PlanRun, state).into());
    }
    // A slot that began a while ago is open until it is missed: its run begins from now on.
    let planned_at = slot.at.max(desk.now()).rfc3339();
    let plan = PlanDraft { experiment: id.to_string(), planned_at, ..PlanDraft::default() };
    let run = Box::pin(runs::acts::plan_in(desk, &mut tx, &plan)).await?;
    sql::tell(&mut tx, id, (date, due), &SlotTold::Planned { run: run.id }, desk.now()).await?;
    note(desk, &mut tx, id, &CadenceEvent::SlotPlanned { date, run: run.id }).await?;
    desk.commit(tx, run.id).await?;
    Ok(run)
}

/// A slot that has no run yet.
async fn unplanned(desk: &Desk, tx: &mut Tx, id: ExperimentId, date: Date) -> Result<Named> {
    // Nobody else says something of the slot meanwhile.
    desk.hold_numbers(tx, about::CADENCE, id.is_sample()).await?;
    let named = load(desk, tx, id, date).await?;
    match (named.slot.standing, named.slot.run) {
        (SlotStanding::Planned, Some(run)) => {
            let state = format!("the slot of {date} is planned as {run}; move or cancel that");
            Err(Refusal::not_now(Act::ChangeSlot, state).into())
        }
        _ => Ok(named),
    }
}

async fn load(desk: &Desk, tx: &mut Tx, id: ExperimentId, date: Date) -> Result<Named> {
    let missing = || Refusal::missing("slot", format!("of {id} on {date}"));
    let all = sql::of(tx, id).await?;
    let zone = all.last().map(|cadence| cadence.rule.zone.clone()).ok_or_else(missing)?;
    let noon = Moment::of_civil(date.at(12, 0, 0, 0), &zone).ok_or_else(missing)?;
    // As far as a slot of that date can have been moved, whatever the time of day.
    let stretch = widened(widened(Interval::lasting(noon, 0)));
    let slots = within(tx, &mut Shelf::default(), &all, stretch, desk.now()).await?;
    Ok(slots.into_iter().rev().find(|named| named.slot.date == date).ok_or_else(missing)?)
}

/// The slot as it stands afterwards, and the end of the act.
async fn told(desk: &Desk, mut tx: Tx, id: ExperimentId, date: Date) -> Result<Slot> {
    let named = load(desk, &mut tx, id, date).await?;
    desk.commit(tx, id).await?;
    Ok(named.slot)
}

async fn note(desk: &Desk, tx: &mut Tx, id: ExperimentId, event: &CadenceEvent) -> Result<()> {
    events::note(desk, tx, (about::CADENCE, &id.to_string()), event.act(), desk.now(), event).await.map(|_| ())
}
