//! The notebook's own switches. So far there is one: whether one person works alone.

use serde::Serialize;

use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events::{self, about},
    fault::Result,
    people::{SoloDraft, sql},
};

const SOLO: &str = "solo";

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
    let on = draft.solo == "on";
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
