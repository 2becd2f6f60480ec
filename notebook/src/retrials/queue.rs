//! Loads what is due. Only experiments that owe something, or may, are judged: the clock keeps which
//! they are, and what happened since it looked is judged anew. What one of many runs owes is remembered.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fmt::Display,
    sync::Arc,
};

use serde::Serialize;

use super::{
    decided::{Claims, judge},
    due::{Due, DueReason, Weight, queue},
    lineage::{is_unconcerned, known},
    sql,
    whole::{Whole, first, weight},
};
use crate::{
    actor::Act,
    answer::Answer,
    db::Tx,
    decisions::{self, Decision, DecisionKind, DecisionStanding},
    desk::Desk,
    events, experiments,
    fault::{Error, Fault, Result},
    id::{DecisionId, ExperimentId},
    limits::{DUE_ROWS_MAX, EXPIRES_SOON_DAYS, REMEMBERED_LINES, REMEMBERED_MINUTES},
    time::{Moment, Zone},
};

/// What is due, the most pressing first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct DueQueue {
    pub due: Vec<Due>,
    /// There is more than one queue holds; the least pressing is left out.
    pub cut: bool,
    /// Experiments and decisions of which something cannot be read: what they owe is not in here.
    pub unread: Vec<String>,
}

/// What an experiment owes, and whose claims that rests on besides its own.
#[derive(Debug, Default)]
struct Owed {
    due: Vec<Due>,
    others: BTreeSet<ExperimentId>,
}

/// Everything that is due now, or what is due for one reason.
pub async fn due(desk: &Desk, reason: Option<DueReason>) -> Result<DueQueue> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let newest = events::newest_seq(&mut tx).await?;
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for experiment in sql::may_owe(&mut tx, desk.now()).await? {
        let owed = owed(desk, &mut tx, experiment, newest).await;
        found.extend(readable(experiment, owed, &mut unread)?.iter().flat_map(|owed| owed.due.iter().cloned()));
    }
    found.extend(dated(desk, &mut tx, &mut unread).await?);
    let mut due = queue(found);
    due.retain(|one| reason.is_none_or(|reason| one.reason == reason));
    let cut = due.len() > DUE_ROWS_MAX;
    due.truncate(DUE_ROWS_MAX);
    Ok(DueQueue { due, cut, unread })
}

/// One thing that nobody can read any more must not hide what all others owe.
fn readable<T>(of: impl Display, read: Result<T>, unread: &mut Vec<String>) -> Result<Option<T>> {
    match read {
        Err(Error::Broken(fault @ Fault::BadRow { .. })) => {
            tracing::warn!(%of, error = %fault, "nobody can say what it owes");
            unread.push(of.to_string());
            Ok(None)
        }
        read => read.map(Some),
    }
}

/// What an experiment owes: remembered, or judged anew and remembered, in a transaction that only reads and
/// whose newest line is this one.
async fn owed(desk: &Desk, tx: &mut Tx, id: ExperimentId, newest: i64) -> Result<Arc<Owed>> {
    let of = format!("due {id}");
    if let Some(owed) = recall(desk, tx, &of, id, newest).await? {
        desk.notebook.remembered.still_holds(&of, newest);
        return Ok(owed);
    }
    let now = desk.now();
    let Some(whole) = Box::pin(Whole::of(desk, tx, id)).await? else { return Ok(Arc::default()) };
    let longest = now.plus_minutes(REMEMBERED_MINUTES);
    let until = whole.changes_at().map_or(longest, |at| at.plus_micros(-1).min(longest));
    let owed = Arc::new(Owed { due: whole.due(), others: whole.others });
    desk.notebook.remembered.keep(of, newest, (now, until), Arc::clone(&owed));
    Ok(owed)
}

/// What was remembered of it, if nothing that this transaction sees bears on it. The sample is told anew.
async fn recall(desk: &Desk, tx: &mut Tx, of: &str, id: ExperimentId, newest: i64) -> Result<Option<Arc<Owed>>> {
    let recalled = desk.notebook.remembered.recall::<Owed>(of, desk.now());
    let Some((seq, owed)) = recalled.filter(|_| !id.is_sample()) else { return Ok(None) };
    if seq == newest {
        return Ok(Some(owed));
    }
    if events::decisions_since(tx, seq, REMEMBERED_LINES).await? > 0 {
        return Ok(None);
    }
    for concerned in owed.others.iter().chain([&id]) {
        if !is_unconcerned(tx, *concerned, seq).await? {
            return Ok(None);
        }
    }
    Ok(Some(owed))
}

/// Decisions with a date that has come or comes soon, whatever they rest on.
async fn dated(desk: &Desk, tx: &mut Tx, unread: &mut Vec<String>) -> Result<Vec<Due>> {
    let now = desk.now();
    let rows = i64::try_from(DUE_ROWS_MAX).unwrap_or(i64::MAX);
    let soon = now.plus_days(EXPIRES_SOON_DAYS);
    let (mut known, mut weights, mut due) = (Claims::new(), Weights::new(), Vec::new());
    for id in sql::dated(tx, now, soon, rows).await? {
        let judged = Box::pin(one_dated(desk, tx, id, &mut known, &mut weights)).await;
        let Some((decision, standing, weight, zone)) = readable(id, judged, unread)? else { continue };
        match (standing.is, decision.kind, decision.until.filter(|until| *until <= soon)) {
            (DecisionStanding::ReviewDue, ..) => {
                due.push(one(&decision, DueReason::ReviewDue, decision.review_at, first(&standing), weight));
            }
            (
                DecisionStanding::InForce | DecisionStanding::EvidenceStale | DecisionStanding::EvidenceLost,
                DecisionKind::AcceptTheRisk,
                Some(until),
            ) => {
                let risk = one(&decision, DueReason::RiskExpiring, Some(until), String::new(), weight);
                due.push(risk.ending(until, zone.as_ref()));
            }
            _ => {}
        }
    }
    Ok(due)
}

async fn one_dated(
    desk: &Desk,
    tx: &mut Tx,
    id: DecisionId,
    known: &mut Claims,
    weights: &mut Weights,
) -> Result<(Decision, Answer<DecisionStanding>, Weight, Option<Zone>)> {
    let decision = decisions::acts::in_tx(tx, id).await?;
    let (standing, ..) = judge(desk, tx, &decision, known).await?;
    let weight = weighed(desk, tx, &decision, weights).await?;
    let zone = match decision.kind {
        DecisionKind::AcceptTheRisk => decisions::acts::zone_of(tx, &decision.claims).await?,
        _ => None,
    };
    Ok((decision, standing, weight, zone))
}

/// Each experiment is weighed once, however many decisions rest on its claim.
type Weights = BTreeMap<ExperimentId, Weight>;

/// What the experiment that weighs most of those whose claims it rests on says about its place.
async fn weighed(desk: &Desk, tx: &mut Tx, decision: &Decision, weights: &mut Weights) -> Result<Weight> {
    let mut heaviest: Option<Weight> = None;
    for claimed in &decision.claims {
        let weight = match weights.entry(claimed.experiment) {
            Entry::Occupied(place) => *place.get(),
            Entry::Vacant(place) => {
                let experiment = experiments::acts::in_tx(tx, claimed.experiment).await?;
                let known = known(desk, tx, claimed.experiment).await?;
                *place.insert(weight(tx, &experiment, known.overview.claim.as_ref(), desk.now()).await?)
            }
        };
        heaviest = Some(heaviest.map_or(weight, |other| other.or(weight)));
    }
    Ok(heaviest.unwrap_or_default())
}

fn one(decision: &Decision, reason: DueReason, at: Option<Moment>, says: String, weight: Weight) -> Due {
    Due {
        reason,
        of: decision.id.to_string(),
        title: decision.title.to_string(),
        experiment: decision.claims.first().map(|claim| claim.experiment),
        at,
        ends: None,
        says,
        weight,
    }
}
