//! How findings are kept.

use std::collections::BTreeSet;

use super::{Finding, FindingKind, Severity};
use crate::{
    db::{Stretch, Tx, on},
    fault::{Error, Fault, Result},
    id::{ExperimentId, FindingId, RunId},
    interval::Interval,
    paging::Rows,
    refusal::Refusal,
    text::{Slug, Title},
    time::Moment,
};

pub(super) const NOUN: &str = "finding";

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    title: String,
    kind: String,
    severity: String,
    experiment: Option<i64>,
    origin: Option<i64>,
    environment: String,
    body: String,
    created_at: i64,
    version: i64,
    services: Option<String>,
}

impl TryFrom<Row> for Finding {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let bad = |what: String| Fault::bad_row("findings", row.id, what);
        let slugs = row.services.as_deref().unwrap_or_default().split(',').filter(|slug| !slug.is_empty());
        let services: Result<BTreeSet<Slug>, _> = slugs.map(Slug::new).collect();
        Ok(Self {
            id: FindingId::of(row.id),
            title: Title::new(&row.title).map_err(|e| bad(e.to_string()))?,
            kind: FindingKind::named(&row.kind).map_err(bad)?,
            severity: Severity::named(&row.severity).map_err(bad)?,
            experiment: row.experiment.map(ExperimentId::of),
            origin: row.origin.map(RunId::of),
            environment: Slug::new(&row.environment).map_err(|e| bad(e.to_string()))?,
            services: services.map_err(|e| bad(e.to_string()))?,
            body: serde_json::from_str(&row.body).map_err(|e| bad(e.to_string()))?,
            created_at: Moment::from_micros(row.created_at),
            version: row.version,
        })
    }
}

const INSERT: &str = "
    insert into findings
        (id, title, kind, severity, experiment, origin, environment, body, created_at, version)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)";

pub(super) async fn insert(tx: &mut Tx, finding: &Finding) -> Result<()> {
    let body = body(finding)?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(finding.id.number())
        .bind(finding.title.as_str())
        .bind(finding.kind.word())
        .bind(finding.severity.word())
        .bind(finding.experiment.map(ExperimentId::number))
        .bind(finding.origin.map(RunId::number))
        .bind(finding.environment.as_str())
        .bind(body)
        .bind(finding.created_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    set_services(tx, finding).await
}

const SAVE: &str = "
    update findings
    set title = $3, kind = $4, severity = $5, body = $6, version = version + 1
    where id = $1 and version = $2";

pub(super) async fn save(tx: &mut Tx, finding: &Finding) -> Result<()> {
    let body = body(finding)?;
    let saved = on!(tx, c => sqlx::query(SAVE)
        .bind(finding.id.number())
        .bind(finding.version)
        .bind(finding.title.as_str())
        .bind(finding.kind.word())
        .bind(finding.severity.word())
        .bind(body)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if saved != 1 {
        let present = load(tx, finding.id).await?.version;
        return Err(Refusal::stale(NOUN, finding.id, present).into());
    }
    set_services(tx, finding).await
}

fn body(finding: &Finding) -> Result<String> {
    Ok(serde_json::to_string(&finding.body).map_err(|e| Fault::Work(e.to_string()))?)
}

const CLEAR_SERVICES: &str = "delete from finding_services where finding = $1";
const ADD_SERVICE: &str = "insert into finding_services (finding, service) values ($1, $2)";

async fn set_services(tx: &mut Tx, finding: &Finding) -> Result<()> {
    on!(tx, c => sqlx::query(CLEAR_SERVICES).bind(finding.id.number()).execute(c).await.map(|_| ()))?;
    for service in &finding.services {
        on!(tx, c => sqlx::query(ADD_SERVICE).bind(finding.id.number()).bind(service.as_str()).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

const LOAD: &str = "
    select
        f.id, f.title, f.kind, f.severity, f.experiment, f.origin, f.environment, f.body, f.created_at, f.version,
        (select string_agg(s.service, ',') from finding_services s where s.finding = f.id) as services
    from findings f
    where f.id = $1";

pub(super) async fn load(tx: &mut Tx, id: FindingId) -> Result<Finding> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(LOAD).bind(id.number()).fetch_optional(c).await)?;
    row.ok_or_else(|| Refusal::missing("finding", id))?.try_into()
}

const LOCK: &str = "update findings set version = version where id = $1";

/// Loads, and holds the finding until the end of the transaction, so that numbers within its trail are given once.
pub(super) async fn load_locked(tx: &mut Tx, id: FindingId) -> Result<Finding> {
    on!(tx, c => sqlx::query(LOCK).bind(id.number()).execute(c).await.map(|_| ()))?;
    load(tx, id).await
}

const OF_RUNS: &str = "
    select
        f.id, f.title, f.kind, f.severity, f.experiment, f.origin, f.environment, f.body, f.created_at, f.version,
        (select string_agg(s.service, ',') from finding_services s where s.finding = f.id) as services
    from findings f
    where f.origin in (select r.id from runs r where r.started_at >= $1 and r.started_at < $2)
    order by f.id";

/// What runs that began in a stretch of time have shown, oldest first.
pub(super) async fn of_runs(tx: &mut Tx, interval: Interval) -> Result<Vec<Finding>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_RUNS)
        .bind(interval.start().micros())
        .bind(interval.end().micros())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Finding::try_from).collect()
}

const PAGE: &str = "
    select
        f.id, f.title, f.kind, f.severity, f.experiment, f.origin, f.environment, f.body, f.created_at, f.version,
        (select string_agg(s.service, ',') from finding_services s where s.finding = f.id) as services
    from findings f
    where f.id < $1
        and (cast($2 as bigint) is null or f.experiment = $2)
        and (cast($3 as bigint) is null or f.origin = $3)
        and (cast($4 as text) is null
            or f.id in (select x.finding from finding_services x where x.service = $4))
        and f.id >= $6
    order by f.id desc
    limit $5";

/// Which findings to list; every part given must fit.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only numbers below this one.
    pub before: Option<FindingId>,
    pub experiment: Option<ExperimentId>,
    pub origin: Option<RunId>,
    pub service: Option<Slug>,
    pub rows: Rows,
}

/// One page and a row more, newest first, of one stretch of numbers.
pub(super) async fn page(tx: &mut Tx, filter: &Filter, stretch: &Stretch) -> Result<Vec<Finding>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(stretch.below)
        .bind(filter.experiment.map(ExperimentId::number))
        .bind(filter.origin.map(RunId::number))
        .bind(filter.service.as_ref().map(Slug::as_str))
        .bind(filter.rows.and_one())
        .bind(stretch.from)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Finding::try_from).collect()
}

/// Both ends keep the embedded database from reading all findings for one page of them.
const SEEN_AGAIN: &str = "
    with wanted as (
        select f.id, case
            when f.id >= 900000000 then 'DEMO-FND-' || (f.id - 900000000)
            else 'FND-' || f.id
        end as object
        from findings f
        where f.id >= $2 and f.id <= $3 and cast($1 as text) like '%|' || f.id || '|%')
    select w.id, e.body
    from wanted w join events e on e.kind = 'finding' and e.object = w.object
    where e.act = 'seen_again'
    order by e.seq";

/// The lines that say that a run showed one of these findings again, in the order written.
pub(super) async fn seen_again(tx: &mut Tx, found: &[Finding]) -> Result<Vec<(i64, String)>> {
    let numbers: BTreeSet<i64> = found.iter().map(|finding| finding.id.number()).collect();
    let (Some(least), Some(most)) = (numbers.first(), numbers.last()) else { return Ok(Vec::new()) };
    let set = numbers.iter().fold("|".to_owned(), |set, number| set + &number.to_string() + "|");
    Ok(on!(tx, c => sqlx::query_as(SEEN_AGAIN).bind(&set).bind(*least).bind(*most).fetch_all(c).await)?)
}
