//! Where measurements of an SLO are pulled from: said, changed and taken away.

use super::{note, refuse_retired};
use crate::{
    actor::Act,
    desk::Desk,
    fault::Result,
    id::SloId,
    refusal::Refusal,
    slos::{
        source::{Connected, Pulls, RemoveSourceDraft, SourceDraft},
        sql::{slos, sources as sql},
        trail::SloEvent,
    },
    text::Note,
    version::began_from,
};

const NOUN: &str = "source of measurements";

/// Says where an SLO is measured, or changes that. Asking begins anew, from where it began first; what
/// was measured already stays.
pub async fn write_source(desk: &Desk, id: SloId, draft: &SourceDraft) -> Result<Connected> {
    desk.may(Act::ConnectSource)?;
    let source = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let kept = slos::load_locked(&mut tx, id).await?;
    refuse_retired(&kept, Act::ConnectSource)?;
    if let Some(says) = source.misfit(kept.in_force()).filter(|_| source.on) {
        return Err(Refusal::unfit("step", says).into());
    }
    let (since, version) = match sql::find(&mut tx, id).await? {
        Some(present) => (present.since, began_from(&draft.version, present.version, NOUN, id)? + 1),
        None => (desk.now(), 1),
    };
    let connected = Connected { source, since, version, pulls: Pulls::default() };
    sql::put(&mut tx, id, &connected).await?;
    note(desk, &mut tx, id, &SloEvent::SourceWritten { source: Box::new(connected.source.clone()) }).await?;
    desk.commit(tx, id).await?;
    Ok(connected)
}

/// Nothing is pulled any more. What was measured stays.
pub async fn remove_source(desk: &Desk, id: SloId, draft: &RemoveSourceDraft) -> Result<()> {
    desk.may(Act::ConnectSource)?;
    let reason = Note::new(&draft.reason).map_err(|trouble| Refusal::unfit("reason", trouble.to_string()))?;
    let mut tx = desk.begin_write().await?;
    let kept = slos::load_locked(&mut tx, id).await?;
    if sql::find(&mut tx, id).await?.is_none() {
        return Err(Refusal::not_now(Act::ConnectSource, format!("{} has no source", kept.id)).into());
    }
    sql::remove(&mut tx, id).await?;
    note(desk, &mut tx, id, &SloEvent::SourceRemoved { reason }).await?;
    desk.commit(tx, id).await
}

/// The source, and how asking it goes.
pub async fn show_source(desk: &Desk, id: SloId) -> Result<Connected> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    slos::load(&mut tx, id).await?;
    Ok(sql::find(&mut tx, id).await?.ok_or_else(|| Refusal::missing(NOUN, id))?)
}
