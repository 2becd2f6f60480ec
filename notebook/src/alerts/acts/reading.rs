//! Looking at alerts: all of them, and those beside one run.

use std::ops::RangeInclusive;

use serde::Serialize;

use super::{Around, last_expected};
use crate::{
    actor::Act,
    alerts::{
        Alert, sql,
        telling::{Looks, Telling},
    },
    db::Tx,
    desk::Desk,
    experiments::{
        self,
        plan::{Plan, SignalAlert},
    },
    fault::Result,
    id::RunId,
    limits::PAGE_ROWS_MAX,
    paging::Rows,
    runs::{self, Run, facts::RunFacts},
    text::{Slug, Title},
    time::Moment,
};

/// An environment of which Alertmanager told something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "AlertSource"))]
pub struct Source {
    pub environment: Slug,
    /// Since when it was heard of without a break.
    pub since: Moment,
    /// When it was heard of last.
    pub until: Moment,
}

/// A page of alerts, the last heard of first, and where they come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "Alerts"))]
pub struct Listed {
    pub sources: Vec<Source>,
    pub alerts: Vec<Alert>,
    /// Whether there are older ones.
    pub more: bool,
}

pub async fn list(desk: &Desk, environment: Option<&Slug>, before: Option<i64>, rows: Rows) -> Result<Listed> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let sources = sql::newest(&mut tx).await?.into_iter();
    let sources = sources.map(|(environment, heard)| Source { environment, since: heard.since, until: heard.until });
    let (alerts, more) = rows.page(sql::page(&mut tx, environment, before, rows).await?);
    Ok(Listed { sources: sources.collect(), alerts, more })
}

/// What alerts say of one signal of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "SignalTold"))]
pub struct OfSignal {
    pub signal: Title,
    /// Which alerts tell of it, by their labels.
    pub matchers: String,
    /// What they say now; the run's own answer may be a person's.
    pub telling: Telling,
    /// Those that fired while the run went on, the newest first.
    pub alerts: Vec<Alert>,
    /// There are further ones, which are left out.
    pub more: bool,
}

/// The alerts beside one run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "RunAlerts"))]
pub struct OfRun {
    pub signals: Vec<OfSignal>,
    /// Those that no signal expects and that began while the run went on, on its services or on none that is
    /// known: the newest first.
    pub others: Vec<Alert>,
    /// There are further ones, which are left out.
    pub more: bool,
}

/// What was told while a run went on; nothing before it starts.
pub async fn of_run(desk: &Desk, id: RunId) -> Result<OfRun> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let held = Box::pin(runs::acts::Held::load(&mut tx, id)).await?;
    let plan = experiments::acts::plan_of(&mut tx, held.run.experiment, held.run.revision).await?;
    read(desk, &mut tx, (&held.run, &held.facts), &plan).await
}

/// The same of a run whose page has it already.
pub async fn beside(desk: &Desk, run: (&Run, &RunFacts), plan: &Plan) -> Result<OfRun> {
    desk.may(Act::Look)?;
    read(desk, &mut desk.begin_read().await?, run, plan).await
}

async fn read(desk: &Desk, tx: &mut Tx, (run, facts): (&Run, &RunFacts), plan: &Plan) -> Result<OfRun> {
    let Some(started) = facts.started else { return Ok(OfRun::default()) };
    let looks = Looks::of(facts, desk.now());
    let from = looks.map_or(started, |looks| started.min(looks.fault));
    let until = facts.ended.unwrap_or_else(|| desk.now());
    let to = looks.map_or(until, |looks| until.max(last_expected(&facts.identity, looks.fault)));
    let around = Around::load(tx, &run.environment, from, to).await?;
    let signals = match looks {
        Some(looks) => told(tx, (facts, plan), looks, &around).await?,
        None => Vec::new(),
    };
    let (others, more) = others(tx, (facts, plan), started..=until, &around).await?;
    Ok(OfRun { signals, others, more })
}

async fn told(tx: &mut Tx, (run, plan): (&RunFacts, &Plan), looks: Looks, around: &Around) -> Result<Vec<OfSignal>> {
    let mut told = Vec::new();
    for SignalAlert { signal, alert } in &plan.context.alerts {
        let Some(known) = run.identity.signals.iter().find(|known| known.signal == *signal) else { continue };
        let fitting = around.fitting(tx, alert).await?;
        let telling = fitting.telling(known.expect, looks, &around.heard);
        let (alerts, more) = shown(fitting.alerts);
        told.push(OfSignal { signal: signal.clone(), matchers: alert.to_string(), telling, alerts, more });
    }
    Ok(told)
}

async fn others(
    tx: &mut Tx,
    (run, plan): (&RunFacts, &Plan),
    meanwhile: RangeInclusive<Moment>,
    around: &Around,
) -> Result<(Vec<Alert>, bool)> {
    let (mut alerts, is_whole) = around.alerts(tx, None).await?;
    alerts.retain(|alert| {
        let is_near = alert.service.as_ref().is_none_or(|service| run.identity.services.contains(service));
        let is_expected = plan.context.alerts.iter().any(|told| told.alert.fit(&alert.body.labels));
        is_near && !is_expected && meanwhile.contains(&alert.fired_at())
    });
    let (others, more) = shown(alerts);
    Ok((others, more || !is_whole))
}

/// As many as somebody looks at, and whether there are more.
fn shown(mut alerts: Vec<Alert>) -> (Vec<Alert>, bool) {
    let max = usize::try_from(PAGE_ROWS_MAX).unwrap_or(usize::MAX);
    let more = alerts.len() > max;
    alerts.truncate(max);
    (alerts, more)
}
