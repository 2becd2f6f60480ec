//! Webhooks, and which secrets sign what they send.

use crate::{
    db::{Tx, on},
    fault::{Error, Fault, Result},
    notifications::webhooks::{Kept, SecretMade, Webhook},
    refusal::Refusal,
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    text: String,
    off_because: Option<String>,
    created_at: i64,
    version: i64,
}

impl TryFrom<Row> for Kept {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            webhook: serde_json::from_str(&row.text).map_err(|e| Fault::bad_row("webhooks", row.id, e))?,
            off_because: row.off_because,
            created_at: Moment::from_micros(row.created_at),
            version: row.version,
        })
    }
}

fn written(webhook: &Webhook) -> Result<String> {
    Ok(serde_json::to_string(webhook).map_err(|e| Fault::Work(e.to_string()))?)
}

const INSERT: &str = "
    insert into webhooks (text, off_because, created_at, version)
    values ($1, null, $2, 1)
    returning id";

pub(in crate::notifications) async fn insert(tx: &mut Tx, webhook: &Webhook, now: Moment) -> Result<i64> {
    let text = written(webhook)?;
    Ok(on!(tx, c => sqlx::query_scalar(INSERT).bind(text).bind(now.micros()).fetch_one(c).await)?)
}

const UPDATE: &str = "
    update webhooks set text = $1, off_because = $2, version = version + 1
    where id = $3 and version = $4";

/// False if another version is there now.
pub(in crate::notifications) async fn update(
    tx: &mut Tx,
    id: i64,
    webhook: &Webhook,
    off_because: Option<&str>,
    version: i64,
) -> Result<bool> {
    let text = written(webhook)?;
    let rows = on!(tx, c => sqlx::query(UPDATE)
        .bind(text)
        .bind(off_because)
        .bind(id)
        .bind(version)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const DELETE_SECRETS: &str = "delete from webhook_secrets where webhook = $1";
const DELETE: &str = "delete from webhooks where id = $1";

/// With its secrets. Its number comes never again, so no secret of it signs for another one.
pub(in crate::notifications) async fn delete(tx: &mut Tx, id: i64) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE_SECRETS).bind(id).execute(c).await.map(|_| ()))?;
    on!(tx, c => sqlx::query(DELETE).bind(id).execute(c).await.map(|_| ()))?;
    Ok(())
}

const FIND: &str = "select id, text, off_because, created_at, version from webhooks where id = $1";

pub(in crate::notifications) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Kept>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(Kept::try_from).transpose()
}

pub(in crate::notifications) async fn load(tx: &mut Tx, id: i64) -> Result<Kept> {
    Ok(find(tx, id).await?.ok_or_else(|| Refusal::missing("webhook", id))?)
}

const ALL: &str = "select id, text, off_because, created_at, version from webhooks order by id";

pub(in crate::notifications) async fn all(tx: &mut Tx) -> Result<Vec<Kept>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(ALL).fetch_all(c).await)?;
    rows.into_iter().map(Kept::try_from).collect()
}

const SECRETS: &str = "
    select number, made_with, made_at
    from webhook_secrets
    where webhook = $1 and retired_at is null
    order by number desc";

/// Those that sign, the newest first.
pub(in crate::notifications) async fn secrets(tx: &mut Tx, webhook: i64) -> Result<Vec<SecretMade>> {
    let rows: Vec<(i64, String, i64)> = on!(tx, c => sqlx::query_as(SECRETS).bind(webhook).fetch_all(c).await)?;
    let made = |(number, made_with, at)| SecretMade { number, made_with, made_at: Moment::from_micros(at) };
    Ok(rows.into_iter().map(made).collect())
}

const NEXT_SECRET: &str = "select coalesce(max(number), 0) + 1 from webhook_secrets where webhook = $1";
const MAKE_SECRET: &str = "
    insert into webhook_secrets (webhook, number, made_with, made_at, retired_at)
    values ($1, $2, $3, $4, null)";

/// The number of a new secret: none comes twice, so no retired one signs again.
pub(in crate::notifications) async fn make_secret(
    tx: &mut Tx,
    webhook: i64,
    made_with: &str,
    now: Moment,
) -> Result<i64> {
    let number: i64 = on!(tx, c => sqlx::query_scalar(NEXT_SECRET).bind(webhook).fetch_one(c).await)?;
    on!(tx, c => sqlx::query(MAKE_SECRET)
        .bind(webhook)
        .bind(number)
        .bind(made_with)
        .bind(now.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(number)
}

const RETIRE_SECRETS: &str = "
    update webhook_secrets set retired_at = $3
    where webhook = $1 and number < $2 and retired_at is null";

/// Lets all before this one sign no more; how many these were.
pub(in crate::notifications) async fn retire_secrets(
    tx: &mut Tx,
    webhook: i64,
    before: i64,
    now: Moment,
) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(RETIRE_SECRETS)
        .bind(webhook)
        .bind(before)
        .bind(now.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?)
}
