//! Entries that come from another catalogue: what imports ask and do about services, inside a
//! transaction of theirs.

use super::{Owner, add_as, edit_as};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events::{self, about},
    fault::Result,
    services::{
        Service, ServiceDraft, Source,
        sql::{services, sources},
    },
    text::Slug,
};

/// Where a service's entry was imported from.
pub(crate) async fn of(tx: &mut Tx, service: &Slug) -> Result<Option<Source>> {
    sources::of(tx, service).await
}

/// Every service, and the entity it came from, in one statement.
pub(crate) async fn known(tx: &mut Tx) -> Result<Vec<(Slug, Option<String>)>> {
    sources::known(tx).await
}

pub(crate) async fn find(tx: &mut Tx, slug: &Slug) -> Result<Option<Service>> {
    services::find(tx, slug.as_str()).await
}

/// Adds a service out of another catalogue; its owner is copied, and nobody has confirmed it here.
pub(crate) async fn add(desk: &Desk, tx: &mut Tx, draft: &ServiceDraft) -> Result<Service> {
    desk.may(Act::EditServices)?;
    add_as(desk, tx, draft, Owner::IsCopied).await
}

/// The same for one that is here.
pub(crate) async fn edit(desk: &Desk, tx: &mut Tx, draft: &ServiceDraft) -> Result<Service> {
    desk.may(Act::EditServices)?;
    edit_as(desk, tx, &draft.slug, draft, Owner::IsCopied).await
}

/// Notes that a service's entry was read from its source now.
pub(crate) async fn sync(desk: &Desk, tx: &mut Tx, service: &Slug, source: &Source) -> Result<()> {
    desk.may(Act::EditServices)?;
    sources::sync(tx, service, source, desk.person_id()).await?;
    events::note(desk, tx, (about::SERVICE, service.as_str()), "synced", desk.now(), source).await?;
    Ok(())
}
