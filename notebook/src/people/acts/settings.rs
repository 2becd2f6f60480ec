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

/// The switch for working alone, beside how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Solo {
    pub is_on: bool,
    /// Open accounts that can do more than look.
    pub people: i64,
}

impl Solo {
    /// Whoever is not alone has a second person to ask, whatever the switch says.
    pub const fn holds(self) -> bool {
        self.is_on && self.people <= 1
    }
}

/// Whether one person may review their own plans, because there is nobody else.
pub async fn solo(desk: &Desk) -> Result<bool> {
    Ok(solo_now(desk).await?.holds())
}

/// The same with the reason.
pub async fn solo_now(desk: &Desk) -> Result<Solo> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_glance().await?;
    standing(&mut tx).await
}

/// Whether it holds, inside another act's transaction.
pub(crate) async fn is_solo(tx: &mut Tx) -> Result<bool> {
    Ok(standing(tx).await?.holds())
}

async fn standing(tx: &mut Tx) -> Result<Solo> {
    let is_on = sql::settings::read(tx, SOLO).await?.as_deref() == Some("on");
    Ok(Solo { is_on, people: sql::accounts::count_active(tx).await? })
}

/// Switches working alone on or off; the answer is whether it holds.
pub async fn set_solo(desk: &Desk, draft: &SoloDraft) -> Result<bool> {
    desk.may(Act::ManageSettings)?;
    let on = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let solo = standing(&mut tx).await?;
    if solo.is_on != on {
        write_solo(desk, &mut tx, on).await?;
    }
    desk.commit(tx, "people").await?;
    Ok(Solo { is_on: on, ..solo }.holds())
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
