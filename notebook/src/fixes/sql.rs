//! How fixes are kept.

use std::collections::BTreeSet;

use super::Fix;
use crate::{
    db::{Stretch, Tx, like::as_set, on},
    fault::{Error, Fault, Result},
    id::{FindingId, FixId},
    paging::Rows,
    refusal::Refusal,
    text::{Slug, Title},
    time::Moment,
};

pub(super) const NOUN: &str = "fix";

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    title: String,
    body: String,
    created_at: i64,
    version: i64,
    findings: Option<String>,
}

impl TryFrom<Row> for Fix {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let bad = |what: String| Fault::bad_row("fixes", row.id, what);
        let numbers = row.findings.as_deref().unwrap_or_default().split(',').filter(|number| !number.is_empty());
        let findings: Result<BTreeSet<FindingId>, _> =
            numbers.map(|number| number.parse().map(FindingId::of)).collect();
        Ok(Self {
            id: FixId::of(row.id),
            title: Title::new(&row.title).map_err(|e| bad(e.to_string()))?,
            body: serde_json::from_str(&row.body).map_err(|e| bad(e.to_string()))?,
            findings: findings.map_err(|e| bad(e.to_string()))?,
            created_at: Moment::from_micros(row.created_at),
            version: row.version,
        })
    }
}

const INSERT: &str = "insert into fixes (id, title, body, created_at, version) values ($1, $2, $3, $4, 1)";

pub(super) async fn insert(tx: &mut Tx, fix: &Fix) -> Result<()> {
    let body = serde_json::to_string(&fix.body).map_err(|e| Fault::Work(e.to_string()))?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(fix.id.number())
        .bind(fix.title.as_str())
        .bind(body)
        .bind(fix.created_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    set_findings(tx, fix).await
}

const SAVE: &str = "update fixes set title = $3, body = $4, version = version + 1 where id = $1 and version = $2";

pub(super) async fn save(tx: &mut Tx, fix: &Fix) -> Result<()> {
    let body = serde_json::to_string(&fix.body).map_err(|e| Fault::Work(e.to_string()))?;
    let saved = on!(tx, c => sqlx::query(SAVE)
        .bind(fix.id.number())
        .bind(fix.version)
        .bind(fix.title.as_str())
        .bind(body)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if saved != 1 {
        let present = load(tx, fix.id).await?.version;
        return Err(Refusal::stale(NOUN, fix.id, present).into());
    }
    set_findings(tx, fix).await
}

const CLEAR_FINDINGS: &str = "delete from fix_findings where fix = $1";
const ADD_FINDING: &str = "insert into fix_findings (fix, finding) values ($1, $2)";

async fn set_findings(tx: &mut Tx, fix: &Fix) -> Result<()> {
    on!(tx, c => sqlx::query(CLEAR_FINDINGS).bind(fix.id.number()).execute(c).await.map(|_| ()))?;
    for finding in &fix.findings {
        on!(tx, c => sqlx::query(ADD_FINDING).bind(fix.id.number()).bind(finding.number()).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

const LOAD: &str = "
    select
        f.id, f.title, f.body, f.created_at, f.version,
        (select string_agg(cast(x.finding as text), ',') from fix_findings x where x.fix = f.id) as findings
    from fixes f
    where f.id = $1";

pub(super) async fn load(tx: &mut Tx, id: FixId) -> Result<Fix> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(LOAD).bind(id.number()).fetch_optional(c).await)?;
    row.ok_or_else(|| Refusal::missing("fix", id))?.try_into()
}

const LOCK: &str = "update fixes set version = version where id = $1";

/// Loads, and holds the fix until the end of the transaction, so that numbers within its trail are given once.
pub(super) async fn load_locked(tx: &mut Tx, id: FixId) -> Result<Fix> {
    on!(tx, c => sqlx::query(LOCK).bind(id.number()).execute(c).await.map(|_| ()))?;
    load(tx, id).await
}

const OF_FINDING: &str = "
    select
        f.id, f.title, f.body, f.created_at, f.version,
        (select string_agg(cast(x.finding as text), ',') from fix_findings x where x.fix = f.id) as findings
    from fixes f
    where f.id in (select y.fix from fix_findings y where y.finding = $1)
    order by f.id";

pub(super) async fn of_finding(tx: &mut Tx, finding: FindingId) -> Result<Vec<Fix>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_FINDING).bind(finding.number()).fetch_all(c).await)?;
    rows.into_iter().map(Fix::try_from).collect()
}

const FINDINGS_ON: &str = "
    select distinct x.finding
    from fix_findings x join findings f on f.id = x.finding
    where f.environment = $2
        and exists (
            select 1 from finding_services s
            where s.finding = f.id and cast($1 as text) like '%|' || s.service || '|%')
    order by x.finding";

/// The findings on these services in an environment that have a fix, oldest first.
pub(super) async fn findings_on(tx: &mut Tx, services: &BTreeSet<Slug>, environment: &Slug) -> Result<Vec<FindingId>> {
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(FINDINGS_ON)
        .bind(as_set(services))
        .bind(environment.as_str())
        .fetch_all(c)
        .await)?;
    Ok(ids.into_iter().map(FindingId::of).collect())
}

const PAGE: &str = "
    select
        f.id, f.title, f.body, f.created_at, f.version,
        (select string_agg(cast(x.finding as text), ',') from fix_findings x where x.fix = f.id) as findings
    from fixes f
    where f.id < $1
        and f.id >= $3
    order by f.id desc
    limit $2";

/// Which fixes to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only numbers below this one: the last of the page before.
    pub before: Option<FixId>,
    pub rows: Rows,
}

/// One page and a row more, newest first, of one stretch of numbers.
pub(super) async fn page(tx: &mut Tx, filter: &Filter, stretch: &Stretch) -> Result<Vec<Fix>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(stretch.below)
        .bind(filter.rows.and_one())
        .bind(stretch.from)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Fix::try_from).collect()
}
