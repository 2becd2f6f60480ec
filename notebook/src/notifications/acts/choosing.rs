//! What one wants to be told.

use crate::{
    actor::Act,
    desk::Desk,
    fault::Result,
    notifications::{
        Target,
        choices::{Chosen, Draft},
        sql::{deliveries, notices},
    },
    refusal::Refusal,
    time::Zone,
    version::began_from,
};

const NOUN: &str = "The choice of notifications of";

/// One's own choices.
pub async fn chosen(desk: &Desk) -> Result<Chosen> {
    desk.may(Act::ChangeOwnProfile)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let mut tx = desk.begin_glance().await?;
    notices::chosen(&mut tx, person).await
}

/// Changes what one is told, and how. E-mail that waits already waits by the new quiet hours, also where it was tried
/// before.
pub async fn choose(desk: &Desk, draft: &Draft) -> Result<Chosen> {
    desk.may(Act::ChangeOwnProfile)?;
    let person = desk.person().ok_or(Refusal::SignIn)?.clone();
    let choices = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let present = notices::chosen(&mut tx, person.id).await?;
    let version = began_from(&draft.version, present.version, NOUN, &person.name)?;
    if !notices::choose(&mut tx, person.id, &choices, version).await? {
        let present = notices::chosen(&mut tx, person.id).await?;
        return Err(Refusal::stale(NOUN, &person.name, present.version).into());
    }
    let (zone, now) = (Zone::named(&person.zone).unwrap_or_else(Zone::utc), desk.now());
    let due_at = choices.quiet.and_then(|quiet| quiet.until(now, &zone)).unwrap_or(now);
    deliveries::begin_anew(&mut tx, Target::Mail(person.id)).await?;
    deliveries::wait_until(&mut tx, Target::Mail(person.id), due_at).await?;
    desk.commit(tx, "profile/notifications").await?;
    Ok(Chosen { choices, version: version + 1 })
}
