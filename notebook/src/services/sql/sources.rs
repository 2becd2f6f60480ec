//! How it is kept where a service's entry came from.

use super::slug_of;
use crate::{
    actor::PersonId,
    db::{Tx, on},
    fault::{Fault, Result},
    services::Source,
    text::{Link, Slug, Title},
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct SourceRow {
    tool: String,
    entity: String,
    link: Option<String>,
    lifecycle: Option<String>,
    synced_at: i64,
}

const OF: &str = "
    select tool, entity, link, lifecycle, synced_at
    from service_sources
    where service = $1";

pub(in crate::services) async fn of(tx: &mut Tx, service: &Slug) -> Result<Option<Source>> {
    let row: Option<SourceRow> = on!(tx, c => sqlx::query_as(OF).bind(service.as_str()).fetch_optional(c).await)?;
    let bad = |what: &dyn ToString| Fault::bad_row("service_sources", service, what.to_string());
    row.map(|row| {
        Ok(Source {
            link: row.link.as_deref().map(Link::new).transpose().map_err(|e| bad(&e))?,
            lifecycle: row.lifecycle.as_deref().map(Title::new).transpose().map_err(|e| bad(&e))?,
            tool: row.tool,
            entity: row.entity,
            synced_at: Moment::from_micros(row.synced_at),
        })
    })
    .transpose()
}

const KNOWN: &str = "
    select s.slug, x.entity
    from services s left join service_sources x on x.service = s.slug";

/// Every service, and the entity it came from.
pub(in crate::services) async fn known(tx: &mut Tx) -> Result<Vec<(Slug, Option<String>)>> {
    let rows: Vec<(String, Option<String>)> = on!(tx, c => sqlx::query_as(KNOWN).fetch_all(c).await)?;
    rows.into_iter().map(|(slug, entity)| Ok((slug_of("services", &slug)?, entity))).collect()
}

const SYNC: &str = "
    insert into service_sources (service, tool, entity, link, lifecycle, person, synced_at)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (service) do update
    set tool = excluded.tool, entity = excluded.entity, link = excluded.link, lifecycle = excluded.lifecycle,
        person = excluded.person, synced_at = excluded.synced_at";

pub(in crate::services) async fn sync(
    tx: &mut Tx,
    service: &Slug,
    source: &Source,
    person: Option<PersonId>,
) -> Result<()> {
    on!(tx, c => sqlx::query(SYNC)
        .bind(service.as_str())
        .bind(&source.tool)
        .bind(&source.entity)
        .bind(source.link.as_ref().map(Link::as_str))
        .bind(source.lifecycle.as_ref().map(Title::as_str))
        .bind(person.map(|person| person.0))
        .bind(source.synced_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}
