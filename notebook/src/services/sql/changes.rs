//! How recorded changes are kept.

use std::collections::{BTreeMap, BTreeSet};

use super::slug_of;
use crate::{
    actor::PersonId,
    db::{Tx, like::as_set, on},
    experiments::plan::ChangeKind,
    fault::{Fault, Result},
    limits::PAGE_ROWS,
    services::{Change, NewChange, acts::ChangeFilter},
    text::{Note, Slug, Title},
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct ChangeRow {
    id: i64,
    kind: String,
    summary: String,
    reference: Option<String>,
    environment: String,
    at: i64,
    recorded_at: i64,
    person: Option<i64>,
}

impl ChangeRow {
    fn into_change(self, services: BTreeSet<Slug>) -> Result<Change> {
        let bad = |what: &dyn ToString| Fault::bad_row("changes", self.id, what.to_string());
        Ok(Change {
            id: self.id,
            kind: ChangeKind::named(&self.kind).map_err(|e| bad(&e))?,
            summary: Title::new(&self.summary).map_err(|e| bad(&e))?,
            reference: self.reference.as_deref().map(Note::new).transpose().map_err(|e| bad(&e))?,
            environment: slug_of("changes", &self.environment)?,
            services,
            at: Moment::from_micros(self.at),
            recorded_at: Moment::from_micros(self.recorded_at),
            recorded_by: self.person.map(PersonId),
        })
    }
}

fn with_services(rows: Vec<ChangeRow>, pairs: Vec<(i64, String)>) -> Result<Vec<Change>> {
    let mut services: BTreeMap<i64, BTreeSet<Slug>> = BTreeMap::new();
    for (change, service) in pairs {
        services.entry(change).or_default().insert(slug_of("change_services", &service)?);
    }
    rows.into_iter()
        .map(|row| {
            let services = services.remove(&row.id).unwrap_or_default();
            row.into_change(services)
        })
        .collect()
}

const INSERT_CHANGE: &str = "
    insert into changes (id, kind, summary, reference, environment, at, recorded_at, person)
    values ($1, $2, $3, $4, $5, $6, $7, $8)";
const INSERT_CHANGE_SERVICE: &str = "insert into change_services (change, service) values ($1, $2)";

pub(in crate::services) async fn insert(
    tx: &mut Tx,
    id: i64,
    new: &NewChange,
    now: Moment,
    by: Option<PersonId>,
) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_CHANGE)
        .bind(id)
        .bind(new.kind.word())
        .bind(new.summary.as_str())
        .bind(new.reference.as_ref().map(Note::as_str))
        .bind(new.environment.as_str())
        .bind(new.at.micros())
        .bind(now.micros())
        .bind(by.map(|person| person.0))
        .execute(c)
        .await
        .map(|_| ()))?;
    for service in &new.services {
        on!(tx, c => sqlx::query(INSERT_CHANGE_SERVICE).bind(id).bind(service.as_str()).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

const CHANGES_OF: &str = "
    select c.id, c.kind, c.summary, c.reference, c.environment, c.at, c.recorded_at, c.person
    from changes c join change_services s on s.change = c.id
    where s.service = $1
    order by c.at desc, c.id desc
    limit $2";

const SERVICES_OF_CHANGES_OF: &str = "
    select cs.change, cs.service
    from change_services cs
    where cs.change in (
        select c.id
        from changes c join change_services s on s.change = c.id
        where s.service = $1
        order by c.at desc, c.id desc
        limit $2)";

/// The newest changes of one service, newest first.
pub(in crate::services) async fn of(tx: &mut Tx, service: &Slug) -> Result<Vec<Change>> {
    let rows: Vec<ChangeRow> =
        on!(tx, c => sqlx::query_as(CHANGES_OF).bind(service.as_str()).bind(PAGE_ROWS).fetch_all(c).await)?;
    let pairs: Vec<(i64, String)> =
        on!(tx, c => sqlx::query_as(SERVICES_OF_CHANGES_OF).bind(service.as_str()).bind(PAGE_ROWS).fetch_all(c).await)?;
    with_services(rows, pairs)
}

#[derive(sqlx::FromRow)]
struct WholeRow {
    #[sqlx(flatten)]
    change: ChangeRow,
    services: Option<String>,
}

impl WholeRow {
    fn into_change(self) -> Result<Change> {
        let services = self.services.unwrap_or_default();
        let slugs = services.split(',').filter(|slug| !slug.is_empty());
        let slugs = slugs.map(|slug| slug_of("change_services", slug)).collect::<Result<_>>()?;
        self.change.into_change(slugs)
    }
}

const PAGE: &str = "
    select c.id, c.kind, c.summary, c.reference, c.environment, c.at, c.recorded_at, c.person,
        (select string_agg(x.service, ',') from change_services x where x.change = c.id) as services
    from changes c
    where c.id < $1
        and (cast($2 as text) is null or c.environment = $2)
        and (cast($3 as text) is null
            or exists (select 1 from change_services s where s.change = c.id and s.service = $3))
    order by c.id desc
    limit $4";

/// One page and a row more, newest first.
pub(in crate::services) async fn page(tx: &mut Tx, filter: &ChangeFilter) -> Result<Vec<Change>> {
    let rows: Vec<WholeRow> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(filter.before.unwrap_or(i64::MAX))
        .bind(filter.environment.as_ref().map(Slug::as_str))
        .bind(filter.service.as_ref().map(Slug::as_str))
        .bind(filter.rows.and_one())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(WholeRow::into_change).collect()
}

const FIND: &str = "
    select c.id, c.kind, c.summary, c.reference, c.environment, c.at, c.recorded_at, c.person,
        (select string_agg(x.service, ',') from change_services x where x.change = c.id) as services
    from changes c
    where c.id = $1";

pub(in crate::services) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Change>> {
    let row: Option<WholeRow> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(WholeRow::into_change).transpose()
}

// By the services that are asked about: most changes of an environment are of others.
const CHANGES_WITHIN: &str = "
    select c.id, c.kind, c.summary, c.reference, c.environment, c.at, c.recorded_at, c.person
    from changes c
    where c.environment = $1
        and c.at between $2 and $4
        and c.id in (
            select s.change
            from change_services s
            where s.service in (select slug from services where cast($3 as text) like '%|' || slug || '|%'))
    order by c.at, c.id";

const SERVICES_OF_CHANGES_WITHIN: &str = "
    select cs.change, cs.service
    from change_services cs join changes c on c.id = cs.change
    where c.environment = $1
        and c.at between $2 and $4
        and cs.change in (
            select s.change
            from change_services s
            where s.service in (select slug from services where cast($3 as text) like '%|' || slug || '|%'))";

/// The changes of some services in an environment from one moment to another, both included, oldest first.
pub(in crate::services) async fn within(
    tx: &mut Tx,
    services: &BTreeSet<Slug>,
    environment: &Slug,
    (from, to): (Moment, Moment),
) -> Result<Vec<Change>> {
    let rows: Vec<ChangeRow> = on!(tx, c => sqlx::query_as(CHANGES_WITHIN)
        .bind(environment.as_str())
        .bind(from.micros())
        .bind(as_set(services))
        .bind(to.micros())
        .fetch_all(c)
        .await)?;
    let pairs: Vec<(i64, String)> = on!(tx, c => sqlx::query_as(SERVICES_OF_CHANGES_WITHIN)
        .bind(environment.as_str())
        .bind(from.micros())
        .bind(as_set(services))
        .bind(to.micros())
        .fetch_all(c)
        .await)?;
    with_services(rows, pairs)
}
