//! How sources of measurements are kept, and how asking them goes.

use crate::{
    db::{Tx, on, turns::claim_turn},
    fault::{Error, Fault, Result},
    id::SloId,
    limits::PULLS_DUE_MAX,
    slos::source::{Connected, Pulls},
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    slo: i64,
    text: String,
    since: i64,
    version: i64,
    asked_to: Option<i64>,
    succeeded_at: Option<i64>,
    failed_at: Option<i64>,
    failure: Option<String>,
    failures: Option<i64>,
    remark: Option<String>,
    next_at: Option<i64>,
    steps: Option<i64>,
}

impl TryFrom<Row> for Connected {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let source = serde_json::from_str(&row.text).map_err(|e| Fault::bad_row("slo_sources", row.slo, e))?;
        let moment = |micros: Option<i64>| micros.map(Moment::from_micros);
        Ok(Self {
            source,
            since: Moment::from_micros(row.since),
            version: row.version,
            pulls: Pulls {
                asked_to: moment(row.asked_to),
                succeeded_at: moment(row.succeeded_at),
                failed_at: moment(row.failed_at),
                failure: row.failure,
                failures: row.failures.unwrap_or_default(),
                remark: row.remark,
                next_at: moment(row.next_at),
                steps_max: row.steps,
            },
        })
    }
}

const FIND: &str = "
    select
        s.slo, s.text, s.since, s.version,
        p.asked_to, p.succeeded_at, p.failed_at, p.failure, p.failures, p.remark, p.next_at, p.steps
    from slo_sources s left join slo_pulls p on p.slo = s.slo
    where s.slo = $1";

pub(in crate::slos) async fn find(tx: &mut Tx, slo: SloId) -> Result<Option<Connected>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(slo.number()).fetch_optional(c).await)?;
    row.map(Connected::try_from).transpose()
}

const PUT: &str = "
    insert into slo_sources (slo, text, is_on, since, version)
    values ($1, $2, $3, $4, $5)
    on conflict (slo) do update set text = excluded.text, is_on = excluded.is_on, version = excluded.version";

/// Keeps a source, or a change of it. What was known of asking it belonged to the one before.
pub(in crate::slos) async fn put(tx: &mut Tx, slo: SloId, connected: &Connected) -> Result<()> {
    let text = serde_json::to_string(&connected.source).map_err(|e| Fault::Work(e.to_string()))?;
    on!(tx, c => sqlx::query(PUT)
        .bind(slo.number())
        .bind(text)
        .bind(connected.source.on)
        .bind(connected.since.micros())
        .bind(connected.version)
        .execute(c)
        .await
        .map(|_| ()))?;
    forget_pulls(tx, slo).await
}

const FORGET_PULLS: &str = "delete from slo_pulls where slo = $1";

async fn forget_pulls(tx: &mut Tx, slo: SloId) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET_PULLS).bind(slo.number()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const REMOVE: &str = "delete from slo_sources where slo = $1";

pub(in crate::slos) async fn remove(tx: &mut Tx, slo: SloId) -> Result<()> {
    forget_pulls(tx, slo).await?;
    on!(tx, c => sqlx::query(REMOVE).bind(slo.number()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const DUE: &str = "
    select s.slo
    from slo_sources s
        join slos x on x.id = s.slo
        left join slo_pulls p on p.slo = s.slo
    where s.is_on
        and x.retired_at is null
        and (p.next_at is null or p.next_at <= $1)
        and (p.claimed_until is null or p.claimed_until <= $1)
    order by coalesce(p.next_at, 0), s.slo
    limit $2";

/// SLOs whose sources wait to be asked, the longest waiting first.
pub(in crate::slos) async fn due(tx: &mut Tx, now: Moment) -> Result<Vec<SloId>> {
    let rows: Vec<i64> =
        on!(tx, c => sqlx::query_scalar(DUE).bind(now.micros()).bind(PULLS_DUE_MAX).fetch_all(c).await)?;
    Ok(rows.into_iter().map(SloId::of).collect())
}

/// Whether it is now ours to ask, among all nodes.
pub(in crate::slos) async fn claim(tx: &mut Tx, slo: SloId, until: Moment, now: Moment) -> Result<bool> {
    claim_turn!(tx, "slo_pulls", "slo" = slo.number(), until, now, "failures" = "0")
}

const SETTLE: &str = "
    update slo_pulls
    set asked_to = $3, succeeded_at = $4, failed_at = $5, failure = $6, failures = $7, remark = $8, next_at = $9,
        steps = $10, claimed_until = null
    where slo = $1 and claimed_until = $2";

/// Writes down how it went, and gives the claim back. False if another one holds it by now.
pub(in crate::slos) async fn settle(tx: &mut Tx, slo: SloId, claimed_until: Moment, pulls: &Pulls) -> Result<bool> {
    let settled = on!(tx, c => sqlx::query(SETTLE)
        .bind(slo.number())
        .bind(claimed_until.micros())
        .bind(pulls.asked_to.map(Moment::micros))
        .bind(pulls.succeeded_at.map(Moment::micros))
        .bind(pulls.failed_at.map(Moment::micros))
        .bind(pulls.failure.as_deref())
        .bind(pulls.failures)
        .bind(pulls.remark.as_deref())
        .bind(pulls.next_at.map(Moment::micros))
        .bind(pulls.steps_max)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(settled == 1)
}

const RELEASE: &str = "update slo_pulls set claimed_until = null where slo = $1 and claimed_until = $2";

/// Gives a claim back that came to nothing.
pub(in crate::slos) async fn release(tx: &mut Tx, slo: SloId, claimed_until: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(RELEASE)
        .bind(slo.number())
        .bind(claimed_until.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}
