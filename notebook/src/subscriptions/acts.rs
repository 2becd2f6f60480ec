//! Making, renewing and revoking secret addresses of calendars, and reading what stands behind one.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::{
    About, Draft, Subscription, Whose,
    ics::{Event, Status},
    sql,
};
use crate::{
    actor::{Act, PersonId},
    cadences::{
        self, Slot, SlotStanding,
        acts::{OnCalendar, Scope},
    },
    db::{Tx, counters},
    desk::{Desk, Notebook, sha256_hex},
    events::{self, Entry, about},
    fault::Result,
    gamedays::GameDay,
    id::RunId,
    interval::Interval,
    limits::{EVENT_MINUTES_MIN, MISSED_AFTER_MINUTES, SLOTS_DAYS_AHEAD, SUBSCRIPTION_DAYS_BACK, SUBSCRIPTIONS_MAX},
    people::secrets,
    refusal::{Checking, Refusal},
    runs::facts::Execution,
    services, teams,
    text::Slug,
    time::{MICROS_A_DAY, Moment},
};

/// What counts its numbers.
const COUNTER: &str = "subscription";

#[derive(Serialize)]
struct Said<'a> {
    subscription: i64,
    kind: Whose,
    slug: Option<&'a Slug>,
}

fn key_of(plain: &str) -> String {
    sha256_hex(format!("calendar|{plain}").as_bytes())
}

/// Makes an address. It is returned once and cannot be read again.
pub async fn subscribe(desk: &Desk, draft: &Draft) -> Result<(Subscription, String)> {
    desk.may(Act::Subscribe)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let (kind, slug) = draft.check()?;
    let plain = secrets::word::<32>()?;
    let mut tx = desk.begin_write().await?;
    is_there(&mut tx, kind, slug.as_ref()).await?;
    if sql::of(&mut tx, person).await?.len() >= SUBSCRIPTIONS_MAX {
        let state = format!("there are {SUBSCRIPTIONS_MAX} already; revoke one first");
        return Err(Refusal::not_now(Act::Subscribe, state).into());
    }
    let id = counters::next(&mut tx, COUNTER).await?;
    let made = Subscription { id, kind, slug, created_at: desk.now() };
    sql::insert(&mut tx, person, &made, &key_of(&plain)).await?;
    note(desk, &mut tx, person, "subscription made", &made).await?;
    desk.commit(tx, "calendar").await?;
    Ok((made, plain))
}

async fn is_there(tx: &mut Tx, kind: Whose, slug: Option<&Slug>) -> Result<()> {
    let mut checking = Checking::default();
    match (kind, slug) {
        (Whose::Team, Some(team)) => teams::acts::known(tx, &mut checking, "of", team).await?,
        (Whose::Service, Some(service)) => {
            let one = std::collections::BTreeSet::from([service.clone()]);
            services::acts::known_services(tx, &mut checking, "of", &one).await?;
        }
        (Whose::Person, _) | (_, None) => {}
    }
    Ok(checking.end(Some(()))?)
}

/// A new address in place of an old one, which is useless from now on.
pub async fn renew(desk: &Desk, id: i64) -> Result<(Subscription, String)> {
    desk.may(Act::Subscribe)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let plain = secrets::word::<32>()?;
    let mut tx = desk.begin_write().await?;
    let renewed = sql::renew(&mut tx, id, person, &key_of(&plain), desk.now()).await?;
    let own = sql::of(&mut tx, person).await?.into_iter().find(|own| own.id == id);
    let own = own.filter(|_| renewed).ok_or_else(|| not_yours(id))?;
    note(desk, &mut tx, person, "subscription renewed", &own).await?;
    desk.commit(tx, "calendar").await?;
    Ok((own, plain))
}

/// Makes one of one's own addresses useless.
pub async fn revoke(desk: &Desk, id: i64) -> Result<()> {
    desk.may(Act::Subscribe)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let mut tx = desk.begin_write().await?;
    let own = sql::of(&mut tx, person).await?.into_iter().find(|own| own.id == id);
    let own = own.ok_or_else(|| not_yours(id))?;
    sql::revoke(&mut tx, id, person, desk.now()).await?;
    note(desk, &mut tx, person, "subscription revoked", &own).await?;
    desk.commit(tx, "calendar").await
}

fn not_yours(id: i64) -> Refusal {
    Refusal::missing("subscription of yours with the number", id)
}

async fn note(desk: &Desk, tx: &mut Tx, person: PersonId, act: &str, of: &Subscription) -> Result<()> {
    let said = Said { subscription: of.id, kind: of.kind, slug: of.slug.as_ref() };
    events::note(desk, tx, (about::PERSON, &person.0.to_string()), act, desk.now(), &said).await.map(|_| ())
}

/// One's own addresses that are good, oldest first.
pub async fn list(desk: &Desk) -> Result<Vec<Subscription>> {
    desk.may(Act::Subscribe)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let mut tx = desk.begin_read().await?;
    sql::of(&mut tx, person).await
}

/// What stands behind an address.
pub struct Read {
    pub subscription: Subscription,
    pub events: Vec<Event>,
}

/// The calendar behind an address; none if it is no good one.
pub async fn read(notebook: &Notebook, plain: &str) -> Result<Option<Read>> {
    let mut tx = notebook.db.begin_read().await?;
    let Some((person, subscription)) = sql::find(&mut tx, &key_of(plain)).await? else { return Ok(None) };
    let scope = match (subscription.kind, subscription.slug.clone()) {
        (Whose::Team, team) => Scope { team, ..Scope::default() },
        (Whose::Service, service) => Scope { service, ..Scope::default() },
        (Whose::Person, _) => Scope { person: Some(person), ..Scope::default() },
    };
    let stretch = around(notebook.now());
    let mut found = Box::pin(cadences::acts::gather(&mut tx, stretch, &scope, notebook.now())).await?;
    Box::pin(cadences::acts::changed_around(&mut tx, &mut found.slots, stretch)).await?;
    let gone = Box::pin(cadences::acts::gone(&mut tx, stretch, &scope, notebook.now())).await?;
    let changed = changes(&events::of_runs_within(&mut tx, stretch).await?);
    // Wherever the slot lies, and whether its cadence is still in force: a run keeps its slot's name.
    let slots = cadences::acts::slots_of_runs(&mut tx, stretch).await?.into_iter();
    let mut names: HashMap<RunId, String> =
        slots.map(|(run, experiment, date)| (run, format!("{experiment}-{date}"))).collect();
    names.extend(found.slots.iter().filter_map(|slot| Some((slot.run?, name_of(slot)))));
    let runs = found.runs.iter().filter(|on| !on.run.id.is_sample());
    let slots = found.slots.iter().filter(|slot| slot.run.is_none() && !slot.experiment.is_sample());
    let gamedays = found.gamedays.iter().filter(|gameday| !gameday.id.is_sample());
    let runs = runs.map(|on| of_run(on, &names, &changed));
    let mut events: Vec<Event> = runs.chain(slots.map(of_slot)).chain(gamedays.map(of_gameday)).collect();
    // What took the place of a cadence, and a run that was planned from one, keep the names.
    let taken: HashSet<String> = events.iter().map(|event| event.name.clone()).collect();
    let gone = gone.iter().filter(|slot| !slot.experiment.is_sample() && !taken.contains(&name_of(slot)));
    events.extend(gone.map(of_slot));
    events.sort_by(|one, other| (one.start, &one.name).cmp(&(other.start, &other.name)));
    Ok(Some(Read { subscription, events }))
}

/// From the beginning of a day, so that the same is read again until something changes.
fn around(now: Moment) -> Interval {
    let today = Moment::from_micros(now.micros().div_euclid(MICROS_A_DAY) * MICROS_A_DAY);
    let (from, to) = (today.plus_days(-SUBSCRIPTION_DAYS_BACK), today.plus_days(SLOTS_DAYS_AHEAD));
    Interval::new(from, to).unwrap_or(Interval::lasting(today, 0))
}

/// When each run was last planned, moved, begun, ended or called off.
fn changes(lines: &[Entry]) -> HashMap<String, Moment> {
    let mut changed = HashMap::new();
    for line in lines.iter().filter(|line| line.act != "attends") {
        changed.insert(line.object.clone(), line.recorded_at);
    }
    changed
}

fn name_of(slot: &Slot) -> String {
    format!("{}-{}", slot.experiment, slot.date)
}

fn end_of(during: Interval) -> Moment {
    during.end().max(during.start().plus_minutes(EVENT_MINUTES_MIN))
}

fn of_run(on: &OnCalendar, names: &HashMap<RunId, String>, changed: &HashMap<String, Moment>) -> Event {
    let run = &on.run;
    let id = run.id.to_string();
    let status = match run.execution {
        Execution::Cancelled | Execution::Missed => Status::Cancelled,
        Execution::Planned | Execution::Running | Execution::Reverting | Execution::Finished | Execution::Aborted => {
            Status::Confirmed
        }
    };
    let services: Vec<&str> = on.services.iter().map(Slug::as_str).collect();
    Event {
        name: names.get(&run.id).cloned().unwrap_or_else(|| id.clone()),
        about: About::Run(run.id),
        changed_at: changed.get(&id).copied().unwrap_or(run.created_at),
        start: on.during.start(),
        end: end_of(on.during),
        status,
        summary: format!("{id} {}", run.title),
        description: format!("{} on {} in {}.", run.execution.label(), services.join(", "), run.environment),
        category: run.environment.to_string(),
    }
}

/// Nobody says of a slot that it is missed: the clock does.
fn changed_at(slot: &Slot) -> Moment {
    match slot.standing {
        SlotStanding::Missed => slot.changed_at.max(slot.at.plus_minutes(MISSED_AFTER_MINUTES)),
        SlotStanding::Coming
        | SlotStanding::Moved
        | SlotStanding::Postponed
        | SlotStanding::Planned
        | SlotStanding::Skipped
        | SlotStanding::Cancelled => slot.changed_at,
    }
}

fn of_slot(slot: &Slot) -> Event {
    let status = match slot.standing {
        SlotStanding::Coming | SlotStanding::Moved | SlotStanding::Postponed | SlotStanding::Planned => {
            Status::Tentative
        }
        SlotStanding::Skipped | SlotStanding::Cancelled | SlotStanding::Missed => Status::Cancelled,
    };
    let why = if slot.why.is_empty() { String::new() } else { format!(": {}", slot.why.join("; ")) };
    Event {
        name: name_of(slot),
        about: About::Slot(slot.experiment),
        changed_at: changed_at(slot),
        start: slot.at,
        end: end_of(Interval::lasting(slot.at, slot.ms)),
        status,
        summary: format!("{} {}", slot.experiment, slot.title),
        description: format!("Rerun, {}{why}.", slot.standing.label().to_lowercase()),
        category: "rerun".into(),
    }
}

fn of_gameday(gameday: &GameDay) -> Event {
    let text = &gameday.text;
    let status = if gameday.cancelled_at.is_some() { Status::Cancelled } else { Status::Confirmed };
    let runs: Vec<String> = text.runs.iter().map(ToString::to_string).collect();
    let with = if runs.is_empty() { String::new() } else { format!(" with {}", runs.join(", ")) };
    Event {
        name: gameday.id.to_string(),
        about: About::GameDay(gameday.id),
        changed_at: gameday.changed_at,
        start: text.from,
        end: text.until,
        status,
        summary: format!("{} {}", gameday.id, text.title),
        description: format!("Game day{with}."),
        category: "game day".into(),
    }
}
