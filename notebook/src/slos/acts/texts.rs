//! Writing, changing, approving and retiring what an SLO says.

use std::collections::BTreeSet;

use super::{note, refuse_retired};
use crate::{
    actor::Act,
    belongs::Belongs,
    db::Tx,
    desk::Desk,
    events::about,
    fault::Result,
    id::SloId,
    refusal::{Checking, Refusal},
    services,
    slos::{
        Slo,
        drafts::{ApproveDraft, Draft, RetireDraft},
        kept::{Approved, Kept},
        method::Method,
        sql::{slices, slos as sql, sources},
        trail::SloEvent,
    },
    text::Note,
    version::began_from,
};

/// Writes a new SLO. It is a draft until somebody approves it.
pub async fn write(desk: &Desk, draft: &Draft) -> Result<Kept> {
    desk.may(Act::WriteSlo)?;
    let text = draft.check(&desk.zone())?;
    let mut tx = desk.begin_write().await?;
    let kept = write_in(desk, &mut tx, text).await?;
    desk.commit(tx, kept.id).await?;
    Ok(kept)
}

/// The same as a part of something larger.
pub(crate) async fn write_in(desk: &Desk, tx: &mut Tx, text: Slo) -> Result<Kept> {
    let belongs = Belongs::default().slug(&text.service).slug(&text.environment).to_sample("environment")?;
    // Before a new environment has its line: others hold the number, and wait for the trail.
    let id = SloId::of(desk.number(tx, about::SLO, belongs).await?);
    known_places(desk, tx, &text).await?;
    let kept = Kept { id, text, revision: 1, approved: None, retired_at: None, created_at: desk.now(), version: 1 };
    sql::insert(desk, tx, &kept).await?;
    note(desk, tx, id, &SloEvent::Written { revision: 1, text: Box::new(kept.text.clone()) }).await?;
    Ok(kept)
}

/// Changes what an SLO says. The approved text stays in force until the new one is approved, too.
pub async fn edit(desk: &Desk, id: SloId, draft: &Draft) -> Result<Kept> {
    desk.may(Act::WriteSlo)?;
    let text = draft.check(&desk.zone())?;
    stays(id, &text)?;
    let mut tx = desk.begin_write().await?;
    let kept = sql::load_locked(&mut tx, id).await?;
    refuse_retired(&kept, Act::WriteSlo)?;
    began_from(&draft.version, kept.version, sql::NOUN, id)?;
    let kept = revise(desk, &mut tx, kept, text).await?;
    desk.commit(tx, id).await?;
    Ok(kept)
}

/// The same as a part of something larger, from whatever version there is.
pub(crate) async fn edit_in(desk: &Desk, tx: &mut Tx, id: SloId, text: Slo) -> Result<Kept> {
    stays(id, &text)?;
    let kept = sql::load_locked(tx, id).await?;
    refuse_retired(&kept, Act::WriteSlo)?;
    revise(desk, tx, kept, text).await
}

fn stays(id: SloId, text: &Slo) -> Result<()> {
    Ok(Belongs::default().id(id).slug(&text.service).slug(&text.environment).stays("environment")?)
}

async fn revise(desk: &Desk, tx: &mut Tx, mut kept: Kept, text: Slo) -> Result<Kept> {
    known_places(desk, tx, &text).await?;
    let before = kept.in_force().method;
    kept.text = text;
    kept.revision += 1;
    sql::revise(desk, tx, &kept).await?;
    let withdrawn = recount(desk, tx, &kept, before).await?;
    let event = SloEvent::Edited { revision: kept.revision, text: Box::new(kept.text.clone()), withdrawn };
    note(desk, tx, kept.id, &event).await?;
    kept.version += 1;
    Ok(kept)
}

/// Slices that somebody counted say nothing of slices of another length or with another share: what was
/// sent of them is withdrawn, and may be sent again. How many measurements that are.
async fn recount(desk: &Desk, tx: &mut Tx, kept: &Kept, before: Method) -> Result<u64> {
    let now = kept.in_force().method;
    if now == before || before == Method::Occurrences {
        return Ok(0);
    }
    let reason = format!("It counted {}; revision {} counts {}.", before.words(), kept.revision, now.words());
    slices::withdraw(tx, kept.id, desk.person_id(), &reason, desk.now()).await
}

async fn known_places(desk: &Desk, tx: &mut Tx, text: &Slo) -> Result<()> {
    let mut checking = Checking::default();
    let services = BTreeSet::from([text.service.clone()]);
    services::acts::known_services(tx, &mut checking, "service", &services).await?;
    let environment = text.environment.as_str();
    services::acts::ensure_environment(desk, tx, &mut checking, "environment", environment).await?;
    Ok(checking.end(Some(()))?)
}

/// Approves the newest text: from now on measurements are held against it.
pub async fn approve(desk: &Desk, id: SloId, draft: &ApproveDraft) -> Result<Kept> {
    desk.may(Act::ApproveSlo)?;
    let mut tx = desk.begin_write().await?;
    let mut kept = sql::load_locked(&mut tx, id).await?;
    refuse_retired(&kept, Act::ApproveSlo)?;
    began_from(&draft.version, kept.version, sql::NOUN, id)?;
    let missing = kept.text.missing_for_approval();
    if !missing.is_empty() {
        return Err(Refusal::not_now(Act::ApproveSlo, missing.join("; ")).into());
    }
    if kept.approved.as_ref().is_some_and(|approved| approved.revision == kept.revision) {
        return Err(Refusal::not_now(Act::ApproveSlo, format!("revision {} is approved already", kept.revision)).into());
    }
    let source = sources::find(&mut tx, id).await?.map(|connected| connected.source);
    if let Some(says) = source.filter(|source| source.on).and_then(|source| source.misfit(&kept.text)) {
        let says = format!("the step of its source {says}; change the source or switch it off first");
        return Err(Refusal::not_now(Act::ApproveSlo, says).into());
    }
    let before = kept.in_force().method;
    kept.approved = Some(Approved { revision: kept.revision, text: kept.text.clone() });
    sql::settle(&mut tx, &kept).await?;
    let withdrawn = recount(desk, &mut tx, &kept, before).await?;
    note(desk, &mut tx, id, &SloEvent::Approved { revision: kept.revision, withdrawn }).await?;
    desk.commit(tx, id).await?;
    kept.version += 1;
    Ok(kept)
}

/// Nothing is promised any more. Final; what was measured stays.
pub async fn retire(desk: &Desk, id: SloId, draft: &RetireDraft) -> Result<Kept> {
    desk.may(Act::RetireSlo)?;
    let reason = Note::new(&draft.reason).map_err(|trouble| Refusal::unfit("reason", trouble.to_string()))?;
    let mut tx = desk.begin_write().await?;
    let mut kept = sql::load_locked(&mut tx, id).await?;
    refuse_retired(&kept, Act::RetireSlo)?;
    kept.retired_at = Some(desk.now());
    sql::settle(&mut tx, &kept).await?;
    note(desk, &mut tx, id, &SloEvent::Retired { reason }).await?;
    desk.commit(tx, id).await?;
    kept.version += 1;
    Ok(kept)
}
