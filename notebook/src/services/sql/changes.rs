//! How recorded changes are kept.

use std::collections::{BTreeMap, BTreeSet};

use super::slug_of;
use crate::{
    actor::PersonId,
    db::{Tx, like::as_set, on},
    experiments::plan::ChangeKind,
    fault::{Fault, Result},
    limits::PAGE_ROWS,
    services::{
        Change, NewChange,
        acts::ChangeFilter,
        irrelevant::{Irrelevant, Marked, act},
    },
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
    /// The newest mark: its word, when, who and why.
    mark: Option<String>,
    marked_at: Option<i64>,
    marked_by: Option<i64>,
    marked_why: Option<String>,
}

/// What every change is read with, and where from: the newest line that says whether it means anything goes along.
macro_rules! change_from {
    ($($more:literal),*) => {
        concat!(
            "
    select c.id, c.kind, c.summary, c.reference, c.environment, c.at, c.recorded_at, c.person,
        m.act as mark, m.at as marked_at, m.person as marked_by, m.body as marked_why",
            $(",
        ", $more,)*
            "
    from changes c
        left join events m on m.seq = (
            select max(e.seq)
            from events e
            where e.kind = 'change'
                and e.object = cast(c.id as text)
                and e.act in ('marked_irrelevant', 'marked_relevant'))"
        )
    };
}

impl ChangeRow {
    fn irrelevant(&self) -> Result<Option<Irrelevant>> {
        let marked = self.mark.as_deref() == Some(act::MARKED);
        let Some((at, why)) = self.marked_at.zip(self.marked_why.as_deref()).filter(|_| marked) else {
            return Ok(None);
        };
        let Marked { reason } =
            serde_json::from_str(why).map_err(|e| Fault::bad_row("changes", self.id, e.to_string()))?;
        Ok(Some(Irrelevant { at: Moment::from_micros(at), by: self.marked_by.map(PersonId), reason }))
    }

    fn into_change(self, services: BTreeSet<Slug>) -> Result<Change> {
        let bad = |what: &dyn ToString| Fault::bad_row("changes", self.id, what.to_string());
        let irrelevant = self.irrelevant()?;
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
            irrelevant,
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

const CHANGES_OF: &str = concat!(
    change_from!(),
    "
        join change_services s on s.change = c.id
    where s.service = $1
    order by c.at desc, c.id desc
    limit $2"
);

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

const PAGE: &str = concat!(
    change_from!("(select string_agg(x.service, ',') from change_services x where x.change = c.id) as services"),
    "
    where c.id < $1
        and (cast($2 as text) is null or c.environment = $2)
        and (cast($3 as text) is null
            or exists (select 1 from change_services s where s.change = c.id and s.service = $3))
    order by c.id desc
    limit $4"
);

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

const FIND: &str = concat!(
    change_from!("(select string_agg(x.service, ',') from change_services x where x.change = c.id) as services"),
    "
    where c.id = $1"
);

pub(in crate::services) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Change>> {
    let row: Option<WholeRow> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(WholeRow::into_change).transpose()
}

// By the services that are asked about: most changes of an environment are of others.
const CHANGES_WITHIN: &str = concat!(
    change_from!(),
    "
    where c.environment = $1
        and c.at between $2 and $4
        and c.id in (
            select s.change
            from change_services s
            where s.service in (select slug from services where cast($3 as text) like '%|' || slug || '|%'))
    order by c.at, c.id"
);

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
