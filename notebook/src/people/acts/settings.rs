//! The notebook's own settings: its id, and whether one person works alone.

use serde::Serialize;

use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events::{self, about},
    fault::Result,
    people::{SoloDraft, secrets, sql},
};

const SOLO: &str = "solo";
const ID: &str = "notebook";

/// What tells this notebook from all others, wherever it is carried. None before it was first opened.
pub(crate) async fn notebook_id(tx: &mut Tx) -> Result<Option<String>> {
    sql::settings::read(tx, ID).await
}

#[derive(Serialize)]
struct Identified<'a> {
    id: &'a str,
}

/// Gives a new notebook its id; one that has an id keeps it.
pub async fn identify_notebook(desk: &Desk) -> Result<()> {
    desk.may(Act::ManageSettings)?;
    if notebook_id(&mut desk.begin_read().await?).await?.is_some() {
        return Ok(());
    }
    let id = secrets::word::<16>()?;
    let mut tx = desk.begin_write().await?;
    if sql::settings::write_first(&mut tx, ID, &id).await? {
        events::note(desk, &mut tx, (about::SETTING, ID), "identified", desk.now(), &Identified { id: &id }).await?;
    }
    desk.commit(tx, "people").await
}

/// Whether one person may review their own plans, because there is nobody else.
pub async fn solo(desk: &Desk) -> Result<bool> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_glance().await?;
    is_solo(&mut tx).await
}

/// The same inside another act's transaction.
pub(crate) async fn is_solo(tx: &mut Tx) -> Result<bool> {
    Ok(sql::settings::read(tx, SOLO).await?.as_deref() == Some("on"))
}

/// Switches working alone on or off.
pub async fn set_solo(desk: &Desk, draft: &SoloDraft) -> Result<bool> {
    desk.may(Act::ManageSettings)?;
    let on = draft.check()?;
    let mut tx = desk.begin_write().await?;
    if is_solo(&mut tx).await? != on {
        write_solo(desk, &mut tx, on).await?;
    }
    desk.commit(tx, "people").await?;
    Ok(on)
}

#[derive(Serialize)]
struct Switched<'a> {
    to: &'a str,
}

pub(super) async fn write_solo(desk: &Desk, tx: &mut Tx, on: bool) -> Result<()> {
    let to = if on { "on" } else { "off" };
    sql::settings::write(tx, SOLO, to).await?;
    events::note(desk, tx, (about::SETTING, SOLO), "changed", desk.now(), &Switched { to }).await?;
    Ok(())
}
