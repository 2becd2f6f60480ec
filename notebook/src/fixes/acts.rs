//! What can be done with a fix. None of it verifies: that is asked in `retrials`.

use std::collections::BTreeSet;

pub use super::sql::Filter;
use super::{
    Fix, FixEvent, FixFacts,
    drafts::{DeployDraft, Draft, WordsDraft},
    facts, sql,
};
use crate::{
    actor::Act,
    belongs::Belongs,
    db::{self, Tx},
    desk::Desk,
    events::{self, Entry, about},
    fault::Result,
    findings,
    id::{FindingId, FixId, number_of},
    refusal::Refusal,
    services,
    text::{Note, Slug},
    time::Moment,
    version::began_from,
};

pub async fn propose(desk: &Desk, draft: &Draft) -> Result<Fix> {
    desk.may(Act::WriteFix)?;
    let checked = draft.check()?;
    let belongs = Belongs::default().ids(checked.findings.iter().copied()).to_sample("findings")?;
    let mut tx = desk.begin_write().await?;
    let id = FixId::of(desk.number(&mut tx, about::FIX, belongs).await?);
    let fix = Fix {
        id,
        title: checked.title,
        body: checked.body,
        findings: checked.findings,
        created_at: desk.now(),
        version: 1,
    };
    known_findings(&mut tx, &fix).await?;
    sql::insert(&mut tx, &fix).await?;
    let event = FixEvent::Proposed { title: fix.title.clone(), body: fix.body.clone(), findings: fix.findings.clone() };
    note(desk, &mut tx, id, desk.now(), &event).await?;
    desk.commit(tx, id).await?;
    Ok(fix)
}

/// Changes what is said of a fix and which findings it claims to remove.
pub async fn edit(desk: &Desk, id: FixId, draft: &Draft) -> Result<Fix> {
    desk.may(Act::WriteFix)?;
    let checked = draft.check()?;
    Belongs::default().id(id).ids(checked.findings.iter().copied()).stays("findings")?;
    let mut tx = desk.begin_write().await?;
    let mut fix = sql::load_locked(&mut tx, id).await?;
    began_from(&draft.version, fix.version, sql::NOUN, id)?;
    fix.title = checked.title;
    fix.body = checked.body;
    fix.findings = checked.findings;
    known_findings(&mut tx, &fix).await?;
    sql::save(&mut tx, &fix).await?;
    let event = FixEvent::Edited { title: fix.title.clone(), body: fix.body.clone(), findings: fix.findings.clone() };
    note(desk, &mut tx, id, desk.now(), &event).await?;
    desk.commit(tx, id).await?;
    fix.version += 1;
    Ok(fix)
}

async fn known_findings(tx: &mut Tx, fix: &Fix) -> Result<()> {
    for finding in &fix.findings {
        if let Err(crate::fault::Error::Refused(Refusal::Missing { .. })) = findings::acts::in_tx(tx, *finding).await {
            return Err(Refusal::unfit("findings", format!("names {finding}, which does not exist")).into());
        }
    }
    Ok(())
}

/// The fix is live in an environment, under a version or reference, since a moment.
pub async fn deploy(desk: &Desk, id: FixId, draft: &DeployDraft) -> Result<()> {
    let (environment, reference, at) = draft.check(&desk.zone(), desk.now())?;
    Belongs::default().id(id).slug(&environment).stays("environment")?;
    let mut tx = begin(desk, id).await?;
    if services::acts::find_environment(&mut tx, &environment).await?.is_none() {
        return Err(Refusal::unfit("environment", "is no environment of this notebook").into());
    }
    let now = facts_of(&mut tx, id).await?;
    refuse_withdrawn(id, &now)?;
    let number = i64::try_from(now.deployments.len()).unwrap_or_default() + 1;
    note(desk, &mut tx, id, at, &FixEvent::Deployed { number, environment, reference }).await?;
    desk.commit(tx, id).await
}

pub async fn roll_back(desk: &Desk, id: FixId, draft: &WordsDraft) -> Result<()> {
    let reason = words(&draft.text)?;
    let at = Moment::typed_past(&draft.at, &desk.zone(), desk.now()).map_err(|says| Refusal::unfit("at", says))?;
    let number = number_of(draft.number.trim()).ok_or_else(|| Refusal::unfit("number", "is no deployment's number"))?;
    let mut tx = begin(desk, id).await?;
    let now = facts_of(&mut tx, id).await?;
    let place = usize::try_from(number - 1).unwrap_or(usize::MAX);
    match now.deployments.get(place) {
        None => return Err(Refusal::unfit("number", format!("is no deployment of {id}")).into()),
        Some(deployment) if deployment.rolled_back.is_some() => {
            return Err(Refusal::not_now(
                Act::RecordDeployment,
                format!("deployment {number} of {id} is rolled back already"),
            )
            .into());
        }
        Some(deployment) if at < deployment.at => {
            return Err(Refusal::unfit("at", "lies before the deployment").into());
        }
        Some(_) => {}
    }
    note(desk, &mut tx, id, at, &FixEvent::RolledBack { number, reason }).await?;
    desk.commit(tx, id).await
}

/// Given up, with a reason. Final.
pub async fn withdraw(desk: &Desk, id: FixId, draft: &WordsDraft) -> Result<()> {
    desk.may(Act::WriteFix)?;
    let reason = words(&draft.text)?;
    let mut tx = begin(desk, id).await?;
    refuse_withdrawn(id, &facts_of(&mut tx, id).await?)?;
    note(desk, &mut tx, id, desk.now(), &FixEvent::Withdrawn { reason }).await?;
    desk.commit(tx, id).await
}

/// A ticket elsewhere was closed. It is kept, and the fix waits for its rerun as before.
pub async fn note_closed_ticket(desk: &Desk, id: FixId, draft: &WordsDraft) -> Result<()> {
    let text = words(&draft.text)?;
    let mut tx = begin(desk, id).await?;
    note(desk, &mut tx, id, desk.now(), &FixEvent::TicketClosed { text }).await?;
    desk.commit(tx, id).await
}

/// Tells once, inside another act's transaction, that a fix needs somebody.
pub(crate) async fn turn(desk: &Desk, tx: &mut Tx, id: FixId, event: &FixEvent) -> Result<()> {
    note(desk, tx, id, desk.now(), event).await
}

async fn begin(desk: &Desk, id: FixId) -> Result<Tx> {
    desk.may(Act::RecordDeployment)?;
    let mut tx = desk.begin_write().await?;
    sql::load_locked(&mut tx, id).await?;
    Ok(tx)
}

fn refuse_withdrawn(id: FixId, facts: &FixFacts) -> Result<(), Refusal> {
    if facts.withdrawn.is_some() {
        Err(Refusal::not_now(Act::RecordDeployment, format!("{id} is withdrawn")))
    } else {
        Ok(())
    }
}

fn words(text: &str) -> Result<Note, Refusal> {
    Note::new(text).map_err(|trouble| Refusal::unfit("text", trouble.to_string()))
}

async fn note(desk: &Desk, tx: &mut Tx, id: FixId, at: Moment, event: &FixEvent) -> Result<()> {
    events::note(desk, tx, (about::FIX, &id.to_string()), event.act(), at, event).await.map(|_| ())
}

pub(crate) async fn in_tx(tx: &mut Tx, id: FixId) -> Result<Fix> {
    sql::load(tx, id).await
}

pub(crate) async fn of_finding(tx: &mut Tx, finding: FindingId) -> Result<Vec<Fix>> {
    sql::of_finding(tx, finding).await
}

/// The findings on these services in an environment that have a fix, oldest first.
pub(crate) async fn findings_on(tx: &mut Tx, services: &BTreeSet<Slug>, environment: &Slug) -> Result<Vec<FindingId>> {
    sql::findings_on(tx, services, environment).await
}

/// One page and a row more or a few, own ones first, newest first.
pub(crate) async fn page(tx: &mut Tx, filter: &Filter) -> Result<Vec<Fix>> {
    let mut found = Vec::new();
    for stretch in db::stretches(filter.before.map(FixId::number)) {
        if !filter.rows.is_full(&found) {
            found.extend(sql::page(tx, filter, &stretch).await?);
        }
    }
    Ok(found)
}

pub(crate) async fn trail(tx: &mut Tx, id: FixId) -> Result<(Vec<Entry>, FixFacts)> {
    let entries = events::of_object(tx, about::FIX, &id.to_string()).await?;
    let events: Vec<FixEvent> = entries.iter().map(Entry::read).collect::<Result<_>>()?;
    let lines = entries.iter().zip(&events).map(|(entry, event)| (entry.seq, entry.at, event));
    let facts = facts(id, lines);
    Ok((entries, facts))
}

pub(crate) async fn facts_of(tx: &mut Tx, id: FixId) -> Result<FixFacts> {
    Ok(trail(tx, id).await?.1)
}
