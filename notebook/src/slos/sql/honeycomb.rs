//! How an SLO at Honeycomb is kept, what Honeycomb said of it, and how asking goes.

use crate::{
    db::{Tx, on},
    desk::Desk,
    fault::{Error, Fault, Result},
    id::SloId,
    limits::PULLS_DUE_MAX,
    paging::Rows,
    slos::honeycomb::{
        Connected, Kind, Observation, Said,
        polls::{Polls, asked_before},
    },
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    slo: i64,
    text: String,
    since: i64,
    version: i64,
    succeeded_at: Option<i64>,
    failed_at: Option<i64>,
    failure: Option<String>,
    failures: Option<i64>,
    next_at: Option<i64>,
}

impl TryFrom<Row> for Connected {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let source = serde_json::from_str(&row.text).map_err(|e| Fault::bad_row("honeycomb_sources", row.slo, e))?;
        let moment = |micros: Option<i64>| micros.map(Moment::from_micros);
        Ok(Self {
            source,
            since: Moment::from_micros(row.since),
            version: row.version,
            polls: Polls {
                succeeded_at: moment(row.succeeded_at),
                failed_at: moment(row.failed_at),
                failure: row.failure,
                failures: row.failures.unwrap_or_default(),
                next_at: moment(row.next_at),
            },
        })
    }
}

const FIND: &str = "
    select
        s.slo, s.text, s.since, s.version,
        p.succeeded_at, p.failed_at, p.failure, p.failures, p.next_at
    from honeycomb_sources s left join honeycomb_polls p on p.slo = s.slo
    where s.slo = $1";

pub(in crate::slos) async fn find(tx: &mut Tx, slo: SloId) -> Result<Option<Connected>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(slo.number()).fetch_optional(c).await)?;
    row.map(Connected::try_from).transpose()
}

const PUT: &str = "
    insert into honeycomb_sources (slo, text, is_on, since, version)
    values ($1, $2, $3, $4, $5)
    on conflict (slo) do update set text = excluded.text, is_on = excluded.is_on, version = excluded.version";

/// Keeps where an SLO is at Honeycomb, or a change of that.
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
    begin_anew(tx, slo).await
}

// When it was asked stays: saving it again and again must not ask it again and again.
const BEGIN_ANEW: &str = "
    update honeycomb_polls
    set claimed_until = null, succeeded_at = null, failed_at = null, failure = null, failures = 0, next_at = null
    where slo = $1";

async fn begin_anew(tx: &mut Tx, slo: SloId) -> Result<()> {
    on!(tx, c => sqlx::query(BEGIN_ANEW).bind(slo.number()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const REMOVE: &str = "delete from honeycomb_sources where slo = $1";

pub(in crate::slos) async fn remove(tx: &mut Tx, slo: SloId) -> Result<()> {
    begin_anew(tx, slo).await?;
    on!(tx, c => sqlx::query(REMOVE).bind(slo.number()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const DUE: &str = "
    select s.slo
    from honeycomb_sources s
        join slos x on x.id = s.slo
        left join honeycomb_polls p on p.slo = s.slo
    where s.is_on
        and x.retired_at is null
        and (p.next_at is null or p.next_at <= $1)
        and (p.claimed_until is null or p.claimed_until <= $1)
        and (p.asked_at is null or p.asked_at <= $2)
    order by coalesce(p.next_at, 0), s.slo
    limit $3";

/// SLOs whose budget at Honeycomb waits to be asked for, the longest waiting first.
pub(in crate::slos) async fn due(tx: &mut Tx, now: Moment) -> Result<Vec<SloId>> {
    let rows: Vec<i64> = on!(tx, c => sqlx::query_scalar(DUE)
        .bind(now.micros())
        .bind(asked_before(now).micros())
        .bind(PULLS_DUE_MAX)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(SloId::of).collect())
}

const CLAIM: &str = "
    insert into honeycomb_polls (slo, claimed_until, asked_at, failures)
    values ($1, $2, $3, 0)
    on conflict (slo) do update set claimed_until = excluded.claimed_until, asked_at = excluded.asked_at
    where (honeycomb_polls.claimed_until is null or honeycomb_polls.claimed_until <= $3)
        and (honeycomb_polls.next_at is null or honeycomb_polls.next_at <= $3)
        and (honeycomb_polls.asked_at is null or honeycomb_polls.asked_at <= $4)";

/// Whether it is now ours to ask, among all nodes.
pub(in crate::slos) async fn claim(tx: &mut Tx, slo: SloId, until: Moment, now: Moment) -> Result<bool> {
    let claimed = on!(tx, c => sqlx::query(CLAIM)
        .bind(slo.number())
        .bind(until.micros())
        .bind(now.micros())
        .bind(asked_before(now).micros())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(claimed == 1)
}

const SETTLE: &str = "
    update honeycomb_polls
    set succeeded_at = $3, failed_at = $4, failure = $5, failures = $6, next_at = $7, claimed_until = null
    where slo = $1 and claimed_until = $2";

/// Writes down how it went, and gives the claim back. False if another one holds it by now.
pub(in crate::slos) async fn settle(tx: &mut Tx, slo: SloId, claimed_until: Moment, polls: &Polls) -> Result<bool> {
    let settled = on!(tx, c => sqlx::query(SETTLE)
        .bind(slo.number())
        .bind(claimed_until.micros())
        .bind(polls.succeeded_at.map(Moment::micros))
        .bind(polls.failed_at.map(Moment::micros))
        .bind(polls.failure.as_deref())
        .bind(polls.failures)
        .bind(polls.next_at.map(Moment::micros))
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(settled == 1)
}

#[derive(sqlx::FromRow)]
struct Told {
    slo: i64,
    number: i64,
    text: String,
    observed_at: i64,
    seen_at: i64,
}

impl TryFrom<Told> for Observation {
    type Error = Error;

    fn try_from(row: Told) -> Result<Self> {
        let said = serde_json::from_str(&row.text).map_err(|e| Fault::bad_row("honeycomb_observations", row.slo, e))?;
        Ok(Self {
            number: row.number,
            said,
            observed_at: Moment::from_micros(row.observed_at),
            seen_at: Moment::from_micros(row.seen_at),
        })
    }
}

const INSERT: &str = "
    insert into honeycomb_observations (slo, number, kind, text, delivery, person, observed_at, seen_at)
    values ($1, (select coalesce(max(number), 0) + 1 from honeycomb_observations where slo = $1), $2, $3, $4, $5, $6, $6)
    returning number";

/// Keeps what was said, and under what the same delivery is told again, and gives its number. The SLO is
/// held.
pub(in crate::slos) async fn insert(
    desk: &Desk,
    tx: &mut Tx,
    slo: SloId,
    said: &Said,
    delivery: Option<&str>,
) -> Result<i64> {
    let text = serde_json::to_string(said).map_err(|e| Fault::Work(e.to_string()))?;
    Ok(on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(slo.number())
        .bind(said.kind().word())
        .bind(text)
        .bind(delivery)
        .bind(desk.person_id().map(|person| person.0))
        .bind(desk.now().micros())
        .fetch_one(c)
        .await)?)
}

const SEEN: &str = "update honeycomb_observations set seen_at = $3 where slo = $1 and number = $2";

/// It was said again.
pub(in crate::slos) async fn seen(tx: &mut Tx, slo: SloId, number: i64, at: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(SEEN)
        .bind(slo.number())
        .bind(number)
        .bind(at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const NEWEST: &str = "
    select slo, number, text, observed_at, seen_at
    from honeycomb_observations
    where slo = $1 and kind = $2
    order by number desc
    limit 1";

pub(in crate::slos) async fn newest(tx: &mut Tx, slo: SloId, kind: Kind) -> Result<Option<Observation>> {
    let row: Option<Told> =
        on!(tx, c => sqlx::query_as(NEWEST).bind(slo.number()).bind(kind.word()).fetch_optional(c).await)?;
    row.map(Observation::try_from).transpose()
}

const DELIVERED: &str = "select max(number) from honeycomb_observations where slo = $1 and delivery = $2";

/// The newest observation that a delivery became.
pub(in crate::slos) async fn delivered(tx: &mut Tx, slo: SloId, delivery: &str) -> Result<Option<i64>> {
    Ok(on!(tx, c => sqlx::query_scalar(DELIVERED).bind(slo.number()).bind(delivery).fetch_one(c).await)?)
}

const NEWEST_DELIVERED: &str = "
    select max(a.number)
    from honeycomb_observations a
    where a.slo = $1
        and a.delivery = $2
        and a.number = (
            select max(b.number) from honeycomb_observations b where b.slo = $1 and b.kind = 'burn_alert')";

/// The newest burn alert, if it came under this delivery.
pub(in crate::slos) async fn newest_delivered(tx: &mut Tx, slo: SloId, delivery: &str) -> Result<Option<i64>> {
    let newest: Option<i64> = on!(tx, c => sqlx::query_scalar(NEWEST_DELIVERED)
        .bind(slo.number())
        .bind(delivery)
        .fetch_one(c)
        .await)?;
    Ok(newest)
}

const PAGE: &str = "
    select slo, number, text, observed_at, seen_at
    from honeycomb_observations
    where slo = $1 and number < $2
    order by number desc
    limit $3";

/// One page and a row more, the last one first.
pub(in crate::slos) async fn page(
    tx: &mut Tx,
    slo: SloId,
    before: Option<i64>,
    rows: Rows,
) -> Result<Vec<Observation>> {
    let found: Vec<Told> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(slo.number())
        .bind(before.unwrap_or(i64::MAX))
        .bind(rows.and_one())
        .fetch_all(c)
        .await)?;
    found.into_iter().map(Observation::try_from).collect()
}
