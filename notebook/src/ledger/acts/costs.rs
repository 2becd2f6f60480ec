//! What runs cost, out of the measurements around them.

use std::collections::BTreeMap;

use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    fault::{Fault, Result},
    id::RunId,
    interval::Interval,
    ledger::{Booked, Cost, booked, was_in_force},
    runs::{self, Run, facts::RunFacts},
    slos::{
        self,
        acts::Shown,
        kept::Kept,
        measurements::Series,
        spend::{Spend, looked_at, spend},
    },
    time::Moment,
};

/// What a run cost each SLO of its services in its environment. Reads a day of measurements of each.
pub async fn of_run(desk: &Desk, run: &Run, facts: &RunFacts) -> Result<Vec<Cost>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    costs_of(&mut tx, run, facts, desk.now()).await
}

/// The same inside a transaction, as of a moment.
pub(crate) async fn costs_of(tx: &mut Tx, run: &Run, facts: &RunFacts, now: Moment) -> Result<Vec<Cost>> {
    let Some(booked) = booked(facts, run.created_at, now) else { return Ok(Vec::new()) };
    let promised = slos::acts::ever_promised(tx, &facts.identity.services, &run.environment).await?;
    let mut costs = Vec::new();
    for kept in promised.iter().filter(|kept| was_in_force(kept, booked.during)) {
        let series = slos::acts::recorded(tx, kept.id, looked_at(booked.during)).await?;
        costs.push(cost(kept, &series, booked));
    }
    Ok(costs)
}

pub(super) fn cost(kept: &Kept, series: &Series, booked: Booked) -> Cost {
    let slo = kept.in_force();
    Cost {
        slo: kept.id,
        title: slo.name.to_string(),
        until: booked.until,
        spend: spend(series, slo.method, booked.during),
    }
}

/// What each of these runs cost one SLO; a run without a fault is not in here.
pub async fn on_slo(desk: &Desk, shown: &Shown, runs: &[Run]) -> Result<BTreeMap<RunId, Spend>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut times = Vec::new();
    for (run, facts) in runs::acts::facts_of(&mut tx, runs).await? {
        let time = booked(&facts, run.created_at, desk.now()).filter(|booked| was_in_force(&shown.kept, booked.during));
        times.extend(time.map(|booked| (run.id, booked)));
    }
    let Some(around) = hull(times.iter().map(|(_, booked)| looked_at(booked.during))) else {
        return Ok(BTreeMap::new());
    };
    let series = slos::acts::recorded(&mut tx, shown.kept.id, around).await?;
    let kept = shown.kept.clone();
    aside(move || times.into_iter().map(|(id, booked)| (id, cost(&kept, &series, booked).spend)).collect()).await
}

/// Away from the threads that answer pages: many runs over many measurements take their time.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|e| Fault::Work(format!("adding up what runs cost: {e}")))?)
}

/// The shortest stretch that holds them all.
pub(super) fn hull(parts: impl Iterator<Item = Interval>) -> Option<Interval> {
    parts.reduce(|all, part| {
        let (start, end) = (all.start().min(part.start()), all.end().max(part.end()));
        Interval::new(start, end).unwrap_or(all)
    })
}
