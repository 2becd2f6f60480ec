//! Saying that a change means nothing for what was shown before, and taking that back.

use crate::{
    actor::Act,
    desk::Desk,
    events::{self, Entry, about},
    fault::Result,
    refusal::Refusal,
    services::{
        Change,
        irrelevant::{MarkDraft, act},
        sql::changes,
    },
};

/// From now on this change makes nothing stale.
pub async fn mark_irrelevant(desk: &Desk, id: i64, draft: &MarkDraft) -> Result<()> {
    mark(desk, id, draft, true).await
}

/// It counts again, as if nobody had marked it.
pub async fn mark_relevant(desk: &Desk, id: i64, draft: &MarkDraft) -> Result<()> {
    mark(desk, id, draft, false).await
}

async fn mark(desk: &Desk, id: i64, draft: &MarkDraft, irrelevant: bool) -> Result<()> {
    desk.may(Act::JudgeChange)?;
    let body = draft.check()?;
    let mut tx = desk.begin_write().await?;
    // Two who mark the same change at once write one line after the other; the trail is where they wait.
    tx.lock_events().await?;
    let change = changes::find(&mut tx, id).await?.ok_or_else(|| Refusal::missing("change", id))?;
    if change.irrelevant.is_some() == irrelevant {
        let state = if irrelevant { "is marked irrelevant already" } else { "is not marked irrelevant" };
        return Err(Refusal::not_now(Act::JudgeChange, format!("change {id} {state}")).into());
    }
    let done = if irrelevant { act::MARKED } else { act::TAKEN_BACK };
    events::note(desk, &mut tx, (about::CHANGE, &id.to_string()), done, desk.now(), &body).await?;
    desk.commit(tx, format!("change {id}")).await
}

/// One change with everything that was said of it, oldest first.
pub async fn change_with_history(desk: &Desk, id: i64) -> Result<(Change, Vec<Entry>)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let change = changes::find(&mut tx, id).await?.ok_or_else(|| Refusal::missing("change", id))?;
    let history = events::of_object(&mut tx, about::CHANGE, &id.to_string()).await?;
    Ok((change, history))
}
