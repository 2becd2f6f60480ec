//! Takes a message of Alertmanager: its alerts once each, that it was heard of, and the answers that follow
//! for runs whose signals wait for them.

use std::collections::BTreeSet;

use super::answering::{answer_runs, waiting};
use crate::{
    actor::Act,
    alerts::{
        Alert,
        alertmanager::{self, Delivery, Told},
        hearing::Hearing,
        sql,
    },
    belongs::is_sample_slug,
    db::Tx,
    desk::Desk,
    events::{self, about},
    fault::{Fault, Result},
    id::RunId,
    refusal::Refusal,
    services,
    text::Slug,
    time::Moment,
};

/// Messages are taken one after the other: each reads what the one before it wrote.
const TURN: &str = "alerts";
const COUNTER: &str = "alert";

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// How many of its alerts were understood.
    pub alerts: usize,
    /// How many of these say something that was not known.
    pub news: usize,
    /// Nothing was left out of it.
    pub complete: bool,
    /// Runs with a signal whose answer is another one now.
    pub answered: Vec<RunId>,
}

/// Takes one message. `environment` is where its alerts fired as far as their labels do not say.
pub async fn take(desk: &Desk, environment: Option<&Slug>, bytes: &[u8]) -> Result<Taken> {
    desk.may(Act::RecordRun)?;
    let (bytes, now) = (bytes.to_vec(), desk.now());
    // A storm of alerts makes it megabytes: not on the threads that answer requests.
    let read = tokio::task::spawn_blocking(move || alertmanager::read(&bytes, now)).await;
    let delivery = read.map_err(|e| Fault::Work(format!("reading alerts: {e}")))??;
    let mut tx = desk.begin_write().await?;
    tx.take_turn(TURN).await?;
    if let Some(environment) = environment {
        refuse_unknown(&mut tx, environment).await?;
    }
    let taken = Box::pin(keep(desk, &mut tx, environment, delivery)).await?;
    desk.commit(tx, "alerts").await?;
    Ok(taken)
}

async fn refuse_unknown(tx: &mut Tx, environment: &Slug) -> Result<()> {
    let says = if is_sample_slug(environment) {
        "belongs to the sample, of which nobody is told anything; choose your own"
    } else if services::acts::find_environment(tx, environment).await?.is_none() {
        "names no known environment; choose one of the page Environments"
    } else {
        return Ok(());
    };
    Err(Refusal::unfit("environment", says).into())
}

async fn keep(desk: &Desk, tx: &mut Tx, environment: Option<&Slug>, delivery: Delivery) -> Result<Taken> {
    let (alerts, complete) = (delivery.alerts.len(), delivery.complete);
    let mut heard: BTreeSet<Slug> = environment.cloned().into_iter().collect();
    let services = known_services(tx, &delivery.alerts).await?;
    let mut placed = Vec::new();
    for told in delivery.alerts {
        let place = known_environment(tx, told.environment.as_ref()).await?.or_else(|| environment.cloned());
        let service = told.service.clone().filter(|service| services.contains(service));
        heard.extend(place.clone());
        placed.push((told, place, service));
    }
    // Runs are held before the first line is written, as every act on a run does it.
    let waiting = waiting(desk, tx, &heard).await?;
    let mut news = 0;
    for (told, place, service) in placed {
        news += usize::from(keep_one(desk, tx, told, place, service).await?);
    }
    hear(desk, tx, &heard, complete).await?;
    let answered = answer_runs(desk, tx, waiting).await?;
    Ok(Taken { alerts, news, complete, answered })
}

/// The services that the alerts name and the notebook knows as people's own.
async fn known_services(tx: &mut Tx, told: &[Told]) -> Result<BTreeSet<Slug>> {
    let named = told.iter().filter_map(|told| told.service.clone()).filter(|service| !is_sample_slug(service));
    services::acts::known(tx, &named.collect()).await
}

/// Many a label holds another name than ours; then the webhook's address decides.
async fn known_environment(tx: &mut Tx, named: Option<&Slug>) -> Result<Option<Slug>> {
    match named.filter(|environment| !is_sample_slug(environment)) {
        Some(named) => Ok(services::acts::find_environment(tx, named).await?.map(|known| known.slug)),
        None => Ok(None),
    }
}

/// Keeps an alert or what a repeat of it adds; false if it says nothing new.
async fn keep_one(
    desk: &Desk,
    tx: &mut Tx,
    told: Told,
    environment: Option<Slug>,
    service: Option<Slug>,
) -> Result<bool> {
    let now = desk.now();
    if let Some(present) = sql::find(tx, environment.as_ref(), &told.fingerprint, told.starts_at).await? {
        let alert = present.clone().told_again(told.ended_at, now);
        if alert == present {
            return Ok(false);
        }
        sql::save(tx, &alert).await?;
        let (act, at) = alert.ended_at.map_or(("fired", now), |ended| ("ended", ended));
        note(desk, tx, act, at, &alert).await?;
        return Ok(true);
    }
    let number = desk.number(tx, COUNTER, false).await?;
    let Told { fingerprint, name, body, starts_at, ended_at, .. } = told;
    let alert = Alert { number, environment, service, fingerprint, name, body, starts_at, ended_at, received_at: now };
    sql::insert(tx, &alert).await?;
    note(desk, tx, "fired", alert.fired_at(), &alert).await?;
    Ok(true)
}

async fn note(desk: &Desk, tx: &mut Tx, act: &str, at: Moment, alert: &Alert) -> Result<()> {
    events::note(desk, tx, (about::ALERT, &alert.number.to_string()), act, at, alert).await?;
    Ok(())
}

async fn hear(desk: &Desk, tx: &mut Tx, environments: &BTreeSet<Slug>, complete: bool) -> Result<()> {
    for environment in environments {
        let known = sql::newest_of(tx, environment).await?;
        sql::hear(tx, environment, Hearing::after(known, complete, desk.now())).await?;
    }
    Ok(())
}
