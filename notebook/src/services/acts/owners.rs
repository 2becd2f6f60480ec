//! Saying that an owner is right, with one press.

use super::load;
use crate::{
    actor::Act,
    desk::Desk,
    events::{self, about},
    fault::Result,
    refusal::Refusal,
    services::{Checked, Service, ownership::OwnershipDraft, sql::services},
};

/// The owner is right: checked now, by whoever says so. Another one than they saw is not confirmed.
pub async fn confirm_ownership(desk: &Desk, slug: &str, draft: &OwnershipDraft) -> Result<Service> {
    desk.may(Act::ConfirmOwnership)?;
    let mut tx = desk.begin_write().await?;
    let service = load(&mut tx, slug).await?;
    let Some(owner) = &service.owner else {
        return Err(
            Refusal::not_now(Act::ConfirmOwnership, "nobody is named as its owner; edit the service first").into()
        );
    };
    let checked = Checked { at: desk.now(), by: desk.person_id() };
    if !draft.saw(owner) || !services::confirm_owner(&mut tx, &service, owner, checked).await? {
        let now = load(&mut tx, slug).await?.owner.map_or_else(|| "nobody".to_owned(), |owner| owner.to_string());
        return Err(Refusal::unfit("owner", format!("is {now} now, whom you did not see; look again")).into());
    }
    let subject = (about::SERVICE, service.slug.as_str());
    events::note(desk, &mut tx, subject, "ownership_confirmed", desk.now(), owner).await?;
    let service = load(&mut tx, slug).await?;
    desk.commit(tx, &service.slug).await?;
    Ok(service)
}
