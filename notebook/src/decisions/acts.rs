//! Recording and ending decisions. Whether one still stands is asked in `retrials`.

pub use super::sql::Filter;
use super::{
    Claimed, Decision, DecisionEvent, DecisionKind, DecisionStanding,
    drafts::{Checked, Draft, SavingDraft, StopDraft},
    sql,
};
use crate::{
    actor::Act,
    belongs::Belongs,
    db::{self, Tx},
    desk::Desk,
    events::{self, Entry, about},
    experiments,
    fault::Result,
    id::{DecisionId, ExperimentId},
    refusal::Refusal,
    teams,
    text::Note,
    time::{Moment, Zone},
};

/// The experiments a draft rests on, before their standing is known.
pub(crate) fn claims_of(desk: &Desk, draft: &Draft) -> Result<Vec<ExperimentId>, Refusal> {
    Ok(draft.check(&desk.zone())?.claims.into_iter().collect())
}

/// Writes a decision inside an act's transaction, with its claims as they stand.
pub(crate) async fn add(desk: &Desk, tx: &mut Tx, draft: &Draft, claims: Vec<Claimed>) -> Result<Decision> {
    desk.may(Act::Decide)?;
    let Checked { kind, title, body, run, supersedes, mut until, review_at, .. } = draft.check(&desk.zone())?;
    if kind == DecisionKind::AcceptTheRisk
        && let Some(zone) = zone_of(tx, &claims).await?
    {
        until = draft.check(&zone)?.until;
    }
    if let Some(earlier) = supersedes {
        sql::load(tx, earlier).await?;
    }
    let rests_on = Belongs::default().ids(run).ids(supersedes).ids(claims.iter().map(|claim| claim.experiment));
    let belongs = rests_on.to_sample("claims")?;
    let decision = Decision {
        id: DecisionId::of(desk.number(tx, about::DECISION, belongs).await?),
        kind,
        title,
        body,
        run,
        supersedes,
        superseded_by: None,
        until,
        review_at,
        claims,
        created_at: desk.now(),
        version: 1,
    };
    sql::insert(tx, &decision).await?;
    let event = DecisionEvent::Decided { kind, title: decision.title.clone(), body: decision.body.clone() };
    note(desk, tx, decision.id, &event).await?;
    Ok(decision)
}

/// The zone of the team that owns a service of these claims: there an accepted risk ends at the beginning of its day.
pub(crate) async fn zone_of(tx: &mut Tx, claims: &[Claimed]) -> Result<Option<Zone>> {
    for claim in claims {
        let services = experiments::acts::in_tx(tx, claim.experiment).await?.services;
        if let Some(zone) = teams::acts::zone_of_owner(tx, &services).await? {
            return Ok(Some(zone));
        }
    }
    Ok(None)
}

/// Ends a decision before its time.
pub async fn stop(desk: &Desk, id: DecisionId, draft: &StopDraft) -> Result<()> {
    desk.may(Act::Decide)?;
    let reason = Note::new(&draft.reason).map_err(|trouble| Refusal::unfit("reason", trouble.to_string()))?;
    let mut tx = desk.begin_write().await?;
    sql::load(&mut tx, id).await?;
    if trail(&mut tx, id).await?.1.is_some() {
        return Err(Refusal::not_now(Act::Decide, format!("{id} is ended already")).into());
    }
    note(desk, &mut tx, id, &DecisionEvent::Stopped { reason }).await?;
    desk.commit(tx, id).await
}

/// Writes down what a decision saved in the end. A later word replaces an earlier one.
pub async fn realise_saving(desk: &Desk, id: DecisionId, draft: &SavingDraft) -> Result<()> {
    desk.may(Act::Decide)?;
    let saving = Note::new(&draft.saving).map_err(|trouble| Refusal::unfit("saving", trouble.to_string()))?;
    let mut tx = desk.begin_write().await?;
    let decision = sql::load(&mut tx, id).await?;
    if decision.kind != DecisionKind::AdoptAChange {
        return Err(Refusal::not_now(Act::Decide, format!("{id} adopts no change, so it saves nothing")).into());
    }
    note(desk, &mut tx, id, &DecisionEvent::SavingRealised { saving }).await?;
    desk.commit(tx, id).await
}

/// Tells once, inside another act's transaction, that a decision needs somebody.
pub(crate) async fn turn(desk: &Desk, tx: &mut Tx, id: DecisionId, is: DecisionStanding, says: String) -> Result<()> {
    note(desk, tx, id, &DecisionEvent::Turned { is, says }).await
}

/// Tells once, inside another act's transaction, that the risk it accepts is accepted for a few days only.
pub(crate) async fn tell_expiry(desk: &Desk, tx: &mut Tx, id: DecisionId, until: Moment) -> Result<()> {
    note(desk, tx, id, &DecisionEvent::RiskExpires { until }).await
}

/// What was saved in the end, as its trail has it.
pub fn saved(history: &[Entry]) -> Result<Option<Note>> {
    let mut saved = None;
    for entry in history.iter().filter(|entry| entry.act == "saving_realised") {
        if let DecisionEvent::SavingRealised { saving } = entry.read()? {
            saved = Some(saving);
        }
    }
    Ok(saved)
}

async fn note(desk: &Desk, tx: &mut Tx, id: DecisionId, event: &DecisionEvent) -> Result<()> {
    events::note(desk, tx, (about::DECISION, &id.to_string()), event.act(), desk.now(), event).await.map(|_| ())
}

pub(crate) async fn in_tx(tx: &mut Tx, id: DecisionId) -> Result<Decision> {
    sql::load(tx, id).await
}

/// The trail, and when the decision was ended by a person.
pub(crate) async fn trail(tx: &mut Tx, id: DecisionId) -> Result<(Vec<Entry>, Option<Moment>)> {
    let entries = events::of_object(tx, about::DECISION, &id.to_string()).await?;
    let stopped = entries.iter().find(|entry| entry.act == "stopped").map(|entry| entry.at);
    Ok((entries, stopped))
}

/// One page and a row more or a few, own ones first, newest first.
pub(crate) async fn page(tx: &mut Tx, filter: &Filter) -> Result<Vec<Decision>> {
    let mut found = Vec::new();
    for stretch in db::stretches(filter.before.map(DecisionId::number)) {
        if !filter.rows.is_full(&found) {
            found.extend(sql::page(tx, filter, &stretch).await?);
        }
    }
    Ok(found)
}
