//! Form tokens and idempotency keys: the same one twice writes once.

use super::{Tx, on};
use crate::{fault::Result, limits::ONCE_HOURS, refusal::Refusal, time::Moment};

const CLAIM: &str = "insert into once_keys (key, thing, at) values ($1, '', $2) on conflict (key) do nothing";
const READ: &str = "select thing from once_keys where key = $1";

/// Takes the key, or refuses with what the first use of it made. On either engine the second of
/// two at the same time waits here for the first to commit.
pub(crate) async fn claim(tx: &mut Tx, key: &str, now: Moment) -> Result<()> {
    let claimed = on!(tx, c => sqlx::query(CLAIM)
        .bind(key)
        .bind(now.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if claimed == 1 {
        return Ok(());
    }
    let thing: Option<String> = on!(tx, c => sqlx::query_scalar(READ).bind(key).fetch_optional(c).await)?;
    Err(Refusal::Done { thing: thing.unwrap_or_default() }.into())
}

const SETTLE: &str = "update once_keys set thing = $2 where key = $1";

/// Writes down what the first use made.
pub(crate) async fn settle(tx: &mut Tx, key: &str, thing: &str) -> Result<()> {
    on!(tx, c => sqlx::query(SETTLE).bind(key).bind(thing).execute(c).await.map(|_| ()))?;
    Ok(())
}

const FORGET: &str = "delete from once_keys where at < $1";

/// Drops keys that no honest retry still carries.
pub(crate) async fn forget(tx: &mut Tx, now: Moment) -> Result<()> {
    let before = now.plus_hours(-ONCE_HOURS);
    on!(tx, c => sqlx::query(FORGET).bind(before.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}
