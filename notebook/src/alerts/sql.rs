//! How alerts are kept, and in which stretches Alertmanager was heard of.

use super::{Alert, hearing::Hearing};
use crate::{
    db::{Tx, on},
    fault::{Error, Fault, Result},
    limits::ALERTS_OF_RUN_MAX,
    paging::Rows,
    text::{Slug, Title},
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    environment: String,
    service: Option<String>,
    fingerprint: String,
    name: String,
    body: String,
    starts_at: i64,
    ended_at: Option<i64>,
    received_at: i64,
}

impl TryFrom<Row> for Alert {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let bad = |what: &dyn ToString| Fault::bad_row("alerts", row.id, what.to_string());
        let slug = |text: &str| Slug::new(text).map_err(|e| bad(&e));
        Ok(Self {
            number: row.id,
            environment: Some(&row.environment).filter(|text| !text.is_empty()).map(|text| slug(text)).transpose()?,
            service: row.service.as_deref().map(slug).transpose()?,
            fingerprint: Title::new(&row.fingerprint).map_err(|e| bad(&e))?,
            name: Title::new(&row.name).map_err(|e| bad(&e))?,
            body: serde_json::from_str(&row.body).map_err(|e| bad(&e))?,
            starts_at: Moment::from_micros(row.starts_at),
            ended_at: row.ended_at.map(Moment::from_micros),
            received_at: Moment::from_micros(row.received_at),
        })
    }
}

/// How an environment is kept, and that an alert has none.
fn kept(environment: Option<&Slug>) -> &str {
    environment.map_or("", Slug::as_str)
}

const FIND: &str = "
    select id, environment, service, fingerprint, name, body, starts_at, ended_at, received_at
    from alerts
    where environment = $1 and fingerprint = $2 and starts_at = $3";

pub(super) async fn find(
    tx: &mut Tx,
    environment: Option<&Slug>,
    fingerprint: &Title,
    starts_at: Moment,
) -> Result<Option<Alert>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND)
        .bind(kept(environment))
        .bind(fingerprint.as_str())
        .bind(starts_at.micros())
        .fetch_optional(c)
        .await)?;
    row.map(Alert::try_from).transpose()
}

const INSERT: &str = "
    insert into alerts (id, environment, service, fingerprint, name, body, starts_at, ended_at, received_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

pub(super) async fn insert(tx: &mut Tx, alert: &Alert) -> Result<()> {
    let body = serde_json::to_string(&alert.body).map_err(|e| Fault::Work(format!("writing an alert: {e}")))?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(alert.number)
        .bind(kept(alert.environment.as_ref()))
        .bind(alert.service.as_ref().map(Slug::as_str))
        .bind(alert.fingerprint.as_str())
        .bind(alert.name.as_str())
        .bind(&body)
        .bind(alert.starts_at.micros())
        .bind(alert.ended_at.map(Moment::micros))
        .bind(alert.received_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const SAVE: &str = "update alerts set ended_at = $2, received_at = $3 where id = $1";

/// Keeps what a repeat changed.
pub(super) async fn save(tx: &mut Tx, alert: &Alert) -> Result<()> {
    on!(tx, c => sqlx::query(SAVE)
        .bind(alert.number)
        .bind(alert.ended_at.map(Moment::micros))
        .bind(alert.received_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

// An alert that began anew before that time had ended, though nobody told.
const BETWEEN: &str = "
    select id, environment, service, fingerprint, name, body, starts_at, ended_at, received_at
    from alerts a
    where environment = $1
        and (cast($5 as text) is null or name = $5)
        and (starts_at <= $3 or received_at <= $3)
        and coalesce(ended_at, 9223372036854775807) >= $2
        and not exists (
            select 1
            from alerts b
            where b.environment = a.environment
                and b.fingerprint = a.fingerprint
                and b.starts_at > a.starts_at
                and b.starts_at <= $2)
    order by starts_at desc, id desc
    limit $4";

/// Alerts that fired in an environment at some time between two moments, as far as is known, all or those of
/// one name: the newest first, and one more than are looked at.
pub(super) async fn between(
    tx: &mut Tx,
    environment: &Slug,
    (from, to): (Moment, Moment),
    name: Option<&str>,
) -> Result<Vec<Alert>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(BETWEEN)
        .bind(environment.as_str())
        .bind(from.micros())
        .bind(to.micros())
        .bind(ALERTS_OF_RUN_MAX + 1)
        .bind(name)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Alert::try_from).collect()
}

const PAGE: &str = "
    select id, environment, service, fingerprint, name, body, starts_at, ended_at, received_at
    from alerts
    where id < $1
        and (cast($2 as text) is null or environment = $2)
    order by id desc
    limit $3";

/// One page and a row more, the last heard of first.
pub(super) async fn page(
    tx: &mut Tx,
    environment: Option<&Slug>,
    before: Option<i64>,
    rows: Rows,
) -> Result<Vec<Alert>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(before.unwrap_or(i64::MAX))
        .bind(environment.map(Slug::as_str))
        .bind(rows.and_one())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Alert::try_from).collect()
}

#[derive(sqlx::FromRow)]
struct HearingRow {
    environment: String,
    since_at: i64,
    until_at: i64,
}

impl HearingRow {
    fn hearing(&self) -> Hearing {
        Hearing { since: Moment::from_micros(self.since_at), until: Moment::from_micros(self.until_at) }
    }
}

// Not one look at every stretch there ever was: the order of a cross join is that of its tables.
const NEWEST: &str = "
    select h.environment, h.since_at, h.until_at
    from environments e cross join alert_hearings h
    where h.environment = e.slug
        and h.since_at = (select max(x.since_at) from alert_hearings x where x.environment = e.slug)
    order by h.environment";

/// The newest stretch of each environment of which something was heard.
pub(super) async fn newest(tx: &mut Tx) -> Result<Vec<(Slug, Hearing)>> {
    let rows: Vec<HearingRow> = on!(tx, c => sqlx::query_as(NEWEST).fetch_all(c).await)?;
    let read = |row: HearingRow| match Slug::new(&row.environment) {
        Ok(environment) => Ok((environment, row.hearing())),
        Err(trouble) => Err(Fault::bad_row("alert_hearings", &row.environment, trouble).into()),
    };
    rows.into_iter().map(read).collect()
}

const NEWEST_OF: &str = "
    select environment, since_at, until_at
    from alert_hearings
    where environment = $1
    order by since_at desc
    limit 1";

/// The newest stretch of an environment.
pub(super) async fn newest_of(tx: &mut Tx, environment: &Slug) -> Result<Option<Hearing>> {
    let row: Option<HearingRow> =
        on!(tx, c => sqlx::query_as(NEWEST_OF).bind(environment.as_str()).fetch_optional(c).await)?;
    Ok(row.map(|row| row.hearing()))
}

const HEARD: &str = "
    select environment, since_at, until_at
    from alert_hearings
    where environment = $1 and until_at >= $2
    order by since_at";

/// The stretches in which an environment's Alertmanager was heard of from a moment on.
pub(super) async fn heard(tx: &mut Tx, environment: &Slug, from: Moment) -> Result<Vec<Hearing>> {
    let rows: Vec<HearingRow> = on!(tx, c => sqlx::query_as(HEARD)
        .bind(environment.as_str())
        .bind(from.micros())
        .fetch_all(c)
        .await)?;
    Ok(rows.iter().map(HearingRow::hearing).collect())
}

const HEAR: &str = "
    insert into alert_hearings (environment, since_at, until_at)
    values ($1, $2, $3)
    on conflict (environment, since_at) do update set until_at = excluded.until_at";

/// Keeps a stretch: a new one, or one that goes on.
pub(super) async fn hear(tx: &mut Tx, environment: &Slug, hearing: Hearing) -> Result<()> {
    on!(tx, c => sqlx::query(HEAR)
        .bind(environment.as_str())
        .bind(hearing.since.micros())
        .bind(hearing.until.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}
