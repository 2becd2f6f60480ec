//! How Chef's mappings are kept, and those of its runs that changed something or failed.

use std::collections::BTreeSet;

use super::slug_of;
use crate::{
    actor::PersonId,
    db::{
        Tx,
        like::{as_set, as_written},
        on,
    },
    fault::{Error, Fault, Result},
    limits::{CHEF_CATCH_UP_PAGE, CHEF_NODES_MAX},
    services::chef::{Converge, MappedBy, Mapping, Status},
    text::{Slug, Title},
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct MappingRow {
    kind: String,
    name: String,
    service: String,
    environment: String,
}

impl TryFrom<MappingRow> for Mapping {
    type Error = Error;

    fn try_from(row: MappingRow) -> Result<Self> {
        let bad = |what: &dyn ToString| Fault::bad_row("chef_mappings", &row.name, what.to_string());
        Ok(Self {
            kind: MappedBy::named(&row.kind).map_err(|e| bad(&e))?,
            name: Title::new(&row.name).map_err(|e| bad(&e))?,
            service: slug_of("chef_mappings", &row.service)?,
            environment: slug_of("chef_mappings", &row.environment)?,
        })
    }
}

const MAPPINGS: &str = "select kind, name, service, environment from chef_mappings";

/// All of them: nodes first, then policies, then cookbooks.
pub(in crate::services) async fn mappings(tx: &mut Tx) -> Result<Vec<Mapping>> {
    let rows: Vec<MappingRow> = on!(tx, c => sqlx::query_as(MAPPINGS).fetch_all(c).await)?;
    let mut mappings = rows.into_iter().map(Mapping::try_from).collect::<Result<Vec<_>>>()?;
    mappings.sort();
    Ok(mappings)
}

const MAP: &str = "
    insert into chef_mappings (kind, name, service, environment, person, created_at)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (kind, name, service) do update
    set environment = excluded.environment, person = excluded.person, created_at = excluded.created_at";

pub(in crate::services) async fn map(tx: &mut Tx, mapping: &Mapping, by: Option<PersonId>, now: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(MAP)
        .bind(mapping.kind.word())
        .bind(mapping.name.as_str())
        .bind(mapping.service.as_str())
        .bind(mapping.environment.as_str())
        .bind(by.map(|person| person.0))
        .bind(now.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const UNMAP: &str = "
    delete from chef_mappings
    where kind = $1 and name = $2 and service = $3";

/// False if there is no such mapping.
pub(in crate::services) async fn unmap(tx: &mut Tx, kind: MappedBy, name: &str, service: &str) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(UNMAP)
        .bind(kind.word())
        .bind(name)
        .bind(service)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows > 0)
}

#[derive(sqlx::FromRow)]
struct ConvergeRow {
    run: String,
    node: String,
    status: String,
    started_at: i64,
    ended_at: i64,
    body: String,
}

impl TryFrom<ConvergeRow> for Converge {
    type Error = Error;

    fn try_from(row: ConvergeRow) -> Result<Self> {
        let bad = |what: &dyn ToString| Fault::bad_row("chef_converges", &row.run, what.to_string());
        Ok(Self {
            run: Title::new(&row.run).map_err(|e| bad(&e))?,
            node: Title::new(&row.node).map_err(|e| bad(&e))?,
            status: Status::named(&row.status).map_err(|e| bad(&e))?,
            started_at: Moment::from_micros(row.started_at),
            ended_at: Moment::from_micros(row.ended_at),
            body: serde_json::from_str(&row.body).map_err(|e| bad(&e))?,
        })
    }
}

const INSERT: &str = "
    insert into chef_converges (run, node, status, started_at, ended_at, body, mapped, person, received_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (run) do nothing";

/// False if this run is kept already: a collector may send again what was not answered in time.
pub(in crate::services) async fn insert(
    tx: &mut Tx,
    converge: &Converge,
    mapped: bool,
    by: Option<PersonId>,
    now: Moment,
) -> Result<bool> {
    let body = serde_json::to_string(&converge.body).map_err(|e| Fault::Work(format!("writing a Chef run: {e}")))?;
    let rows = on!(tx, c => sqlx::query(INSERT)
        .bind(converge.run.as_str())
        .bind(converge.node.as_str())
        .bind(converge.status.word())
        .bind(converge.started_at.micros())
        .bind(converge.ended_at.micros())
        .bind(&body)
        .bind(mapped)
        .bind(by.map(|person| person.0))
        .bind(now.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const MARK_MAPPED: &str = "update chef_converges set mapped = true where run = $1";

pub(in crate::services) async fn mark_mapped(tx: &mut Tx, run: &Title) -> Result<()> {
    on!(tx, c => sqlx::query(MARK_MAPPED).bind(run.as_str()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const BECAME: &str = "insert into chef_changes (run, change) values ($1, $2)";

pub(in crate::services) async fn became(tx: &mut Tx, run: &Title, change: i64) -> Result<()> {
    on!(tx, c => sqlx::query(BECAME).bind(run.as_str()).bind(change).execute(c).await.map(|_| ()))?;
    Ok(())
}

const WAITING: &str = "
    select c.run, c.node, c.status, c.started_at, c.ended_at, c.body, w.runs, w.failures
    from chef_converges c join (
        select node, max(ended_at) as last_at, count(*) as runs,
            sum(case when status = 'failure' then 1 else 0 end) as failures
        from chef_converges
        where mapped = false
        group by node
        order by max(ended_at) desc, node
        limit $1) w on w.node = c.node and w.last_at = c.ended_at
    where c.mapped = false
    order by c.ended_at desc, c.node, c.run";

#[derive(sqlx::FromRow)]
struct WaitingRow {
    #[sqlx(flatten)]
    converge: ConvergeRow,
    runs: i64,
    failures: i64,
}

/// The newest run of each node that nobody has mapped, with how many wait and how many of them failed;
/// newest first. A node comes twice where two of its runs ended at the same moment.
pub(in crate::services) async fn waiting(tx: &mut Tx) -> Result<Vec<(Converge, i64, i64)>> {
    let rows: Vec<WaitingRow> = on!(tx, c => sqlx::query_as(WAITING).bind(CHEF_NODES_MAX).fetch_all(c).await)?;
    rows.into_iter().map(|row| Ok((Converge::try_from(row.converge)?, row.runs, row.failures))).collect()
}

const UNMAPPED_OF_NODE: &str = "
    select run, node, status, started_at, ended_at, body
    from chef_converges
    where mapped = false
        and node = $1
        and (ended_at < $2 or (ended_at = $2 and run > $3))
    order by ended_at desc, run
    limit $4";

const UNMAPPED_OF_POLICY: &str = "
    select run, node, status, started_at, ended_at, body
    from chef_converges
    where mapped = false
        and body like '%\"policy\":' || cast($1 as text) || '%' escape '\\'
        and (ended_at < $2 or (ended_at = $2 and run > $3))
    order by ended_at desc, run
    limit $4";

// A run that touched nothing may be about each of its cookbooks.
const UNMAPPED_OF_COOKBOOK: &str = "
    select run, node, status, started_at, ended_at, body
    from chef_converges
    where mapped = false
        and (body like '%\"touched\":[%' || cast($1 as text) || '%' escape '\\'
            or (body like '%\"touched\":[]%'
                and body like '%\"cookbooks\":{%' || cast($1 as text) || ':%' escape '\\'))
        and (ended_at < $2 or (ended_at = $2 and run > $3))
    order by ended_at desc, run
    limit $4";

/// Runs that waited and may be about what a mapping names, newest first; so many after one of them.
pub(in crate::services) async fn unmapped(
    tx: &mut Tx,
    mapping: &Mapping,
    after: Option<&Converge>,
) -> Result<Vec<Converge>> {
    // Policies and cookbooks stand in the body as JSON writes them.
    let written = || serde_json::to_string(mapping.name.as_str()).map(|name| as_written(&name));
    let (statement, named) = match mapping.kind {
        MappedBy::Node => (UNMAPPED_OF_NODE, Ok(mapping.name.to_string())),
        MappedBy::Policy => (UNMAPPED_OF_POLICY, written()),
        MappedBy::Cookbook => (UNMAPPED_OF_COOKBOOK, written()),
    };
    let named = named.map_err(|e| Fault::Work(e.to_string()))?;
    let rows: Vec<ConvergeRow> = on!(tx, c => sqlx::query_as(statement)
        .bind(&named)
        .bind(after.map_or(i64::MAX, |run| run.ended_at.micros()))
        .bind(after.map_or("", |run| run.run.as_str()))
        .bind(CHEF_CATCH_UP_PAGE)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Converge::try_from).collect()
}

const FAILED: &str = "
    select f.run, f.node, f.status, f.started_at, f.ended_at, f.body
    from chef_converges f
    where f.status = 'failure'
        and f.started_at <= $1
        and f.ended_at >= $2
        and exists (
            select 1
            from chef_changes b join changes c on c.id = b.change join change_services s on s.change = c.id
            where b.run = f.run and c.environment = $3 and cast($4 as text) like '%|' || s.service || '|%')
    order by f.started_at, f.run";

/// Failed runs on these services in an environment that share time with this stretch, oldest first.
pub(in crate::services) async fn failed(
    tx: &mut Tx,
    services: &BTreeSet<Slug>,
    environment: &Slug,
    (from, to): (Moment, Moment),
) -> Result<Vec<Converge>> {
    let rows: Vec<ConvergeRow> = on!(tx, c => sqlx::query_as(FAILED)
        .bind(to.micros())
        .bind(from.micros())
        .bind(environment.as_str())
        .bind(as_set(services))
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Converge::try_from).collect()
}
