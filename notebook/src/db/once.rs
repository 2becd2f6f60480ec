//! Form tokens and idempotency keys: the same one twice writes once.

use super::{Tx, on};
use crate::{fault::Result, limits::ONCE_HOURS, once::Earlier, refusal::Refusal, time::Moment};

const CLAIM: &str = "
    insert into once_keys (key, thing, at, fingerprint)
    values ($1, '', $2, $3)
    on conflict (key) do nothing";

/// Takes the key, or refuses with what the first use of it made. On either engine the second of
/// two at the same time waits here for the first to commit.
pub(crate) async fn claim(tx: &mut Tx, key: &str, fingerprint: Option<&str>, now: Moment) -> Result<()> {
    let claimed = on!(tx, c => sqlx::query(CLAIM)
        .bind(key)
        .bind(now.micros())
        .bind(fingerprint)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if claimed == 1 {
        return Ok(());
    }
    // On PostgreSQL the first use may have been cleared away between the two statements.
    let earlier = find(tx, key).await?.ok_or(Refusal::Busy { wait_s: 1 })?;
    if earlier.is_of_another(fingerprint) {
        return Err(Refusal::KeyReused.into());
    }
    Err(Refusal::Done { thing: earlier.thing }.into())
}

const FIND: &str = "select thing, fingerprint, answer from once_keys where key = $1";

/// The first use of a key.
pub(crate) async fn find(tx: &mut Tx, key: &str) -> Result<Option<Earlier>> {
    let row: Option<(String, Option<String>, Option<String>)> =
        on!(tx, c => sqlx::query_as(FIND).bind(key).fetch_optional(c).await)?;
    Ok(row.map(|(thing, fingerprint, answer)| Earlier { thing, fingerprint, answer }))
}

const SETTLE: &str = "update once_keys set thing = $2 where key = $1";

/// Writes down what the first use made.
pub(crate) async fn settle(tx: &mut Tx, key: &str, thing: &str) -> Result<()> {
    on!(tx, c => sqlx::query(SETTLE).bind(key).bind(thing).execute(c).await.map(|_| ()))?;
    Ok(())
}

const KEEP: &str = "update once_keys set answer = $2 where key = $1";

/// Keeps what the first use was answered.
pub(crate) async fn keep(tx: &mut Tx, key: &str, answer: &str) -> Result<()> {
    on!(tx, c => sqlx::query(KEEP).bind(key).bind(answer).execute(c).await.map(|_| ()))?;
    Ok(())
}

const FORGET: &str = "delete from once_keys where at < $1";

/// Drops keys that no honest retry still carries.
pub(crate) async fn forget(tx: &mut Tx, now: Moment) -> Result<()> {
    let before = now.plus_hours(-ONCE_HOURS);
    on!(tx, c => sqlx::query(FORGET).bind(before.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}
