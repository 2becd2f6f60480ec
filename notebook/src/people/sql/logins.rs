//! Login sessions by the hash of their cookie, and wrong passwords by the hash of their account.

use crate::{
    actor::PersonId,
    db::{Tx, on},
    fault::Result,
    people::LoginSession,
    time::Moment,
};

/// One login session as it is kept. `data` belongs to the door.
pub(in crate::people) struct Kept<'a> {
    pub key: &'a str,
    pub person: Option<PersonId>,
    pub data: &'a str,
    pub agent: &'a str,
    pub now: Moment,
    pub expires_at: Moment,
}

const INSERT: &str = "
    insert into login_sessions (key, person, data, agent, created_at, seen_at, expires_at)
    values ($1, $2, $3, $4, $5, $5, $6)
    on conflict (key) do nothing";

/// False if the key is taken.
pub(in crate::people) async fn insert(tx: &mut Tx, kept: &Kept<'_>) -> Result<bool> {
    let inserted = on!(tx, c => sqlx::query(INSERT)
        .bind(kept.key)
        .bind(kept.person.map(|person| person.0))
        .bind(kept.data)
        .bind(kept.agent)
        .bind(kept.now.micros())
        .bind(kept.expires_at.micros())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(inserted == 1)
}

const SAVE: &str = "
    update login_sessions
    set person = $2, data = $3, seen_at = $4, expires_at = case when created_at + $6 < $5 then created_at + $6 else $5 end
    where key = $1 and expires_at > $4";

/// Changes an existing login session, never makes one: a revoked one must not come back from a
/// request that was under way. `lasts_micros` bounds its whole life.
pub(in crate::people) async fn save(tx: &mut Tx, kept: &Kept<'_>, lasts_micros: i64) -> Result<()> {
    on!(tx, c => sqlx::query(SAVE)
        .bind(kept.key)
        .bind(kept.person.map(|person| person.0))
        .bind(kept.data)
        .bind(kept.now.micros())
        .bind(kept.expires_at.micros())
        .bind(lasts_micros)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const LOAD: &str = "select data from login_sessions where key = $1 and expires_at > $2";

pub(in crate::people) async fn load(tx: &mut Tx, key: &str, now: Moment) -> Result<Option<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(LOAD).bind(key).bind(now.micros()).fetch_optional(c).await)?)
}

const IS_GOOD: &str = "
    select count(*)
    from login_sessions s join people p on p.id = s.person
    where s.key = $1 and s.person = $2 and s.expires_at > $3 and p.disabled_at is null";

/// Whether a login session is still this person's, and the account open.
pub(in crate::people) async fn is_good(tx: &mut Tx, key: &str, person: PersonId, now: Moment) -> Result<bool> {
    let found: i64 = on!(tx, c => sqlx::query_scalar(IS_GOOD)
        .bind(key)
        .bind(person.0)
        .bind(now.micros())
        .fetch_one(c)
        .await)?;
    Ok(found > 0)
}

const DELETE: &str = "delete from login_sessions where key = $1";

pub(in crate::people) async fn delete(tx: &mut Tx, key: &str) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE).bind(key).execute(c).await.map(|_| ()))?;
    Ok(())
}

const DELETE_OWN: &str = "delete from login_sessions where key = $1 and person = $2";

/// False if this person has no such login session.
pub(in crate::people) async fn delete_own(tx: &mut Tx, key: &str, person: PersonId) -> Result<bool> {
    let deleted = on!(tx, c => sqlx::query(DELETE_OWN).bind(key).bind(person.0).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(deleted == 1)
}

const DELETE_OF: &str = "delete from login_sessions where person = $1 and key <> $2";

/// Ends all login sessions of a person but one; an empty `keep` ends all. Returns how many ended.
pub(in crate::people) async fn delete_of(tx: &mut Tx, person: PersonId, keep: &str) -> Result<u64> {
    Ok(
        on!(tx, c => sqlx::query(DELETE_OF).bind(person.0).bind(keep).execute(c).await.map(|done| done.rows_affected()))?,
    )
}

const DELETE_ALL: &str = "delete from login_sessions";

pub(in crate::people) async fn delete_all(tx: &mut Tx) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(DELETE_ALL).execute(c).await.map(|done| done.rows_affected()))?)
}

const DELETE_EXPIRED: &str = "delete from login_sessions where expires_at <= $1";

pub(in crate::people) async fn delete_expired(tx: &mut Tx, now: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE_EXPIRED).bind(now.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    key: String,
    agent: String,
    created_at: i64,
    seen_at: i64,
}

const OF: &str = "
    select key, agent, created_at, seen_at
    from login_sessions
    where person = $1 and expires_at > $2
    order by seen_at desc, key";

pub(in crate::people) async fn of(tx: &mut Tx, person: PersonId, now: Moment) -> Result<Vec<LoginSession>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF).bind(person.0).bind(now.micros()).fetch_all(c).await)?;
    let session = |row: Row| LoginSession {
        key: row.key,
        agent: row.agent,
        created_at: Moment::from_micros(row.created_at),
        seen_at: Moment::from_micros(row.seen_at),
    };
    Ok(rows.into_iter().map(session).collect())
}

/// Wrong passwords within the window.
#[derive(sqlx::FromRow)]
pub(in crate::people) struct Failures {
    pub count: i64,
    /// When the last one was; microseconds, 0 without any.
    pub last_at: i64,
}

const FAILURES: &str = "
    select count(*) as count, coalesce(max(at), 0) as last_at
    from login_failures
    where account = $1 and at > $2";

pub(in crate::people) async fn failures(tx: &mut Tx, account: &str, since: Moment) -> Result<Failures> {
    Ok(on!(tx, c => sqlx::query_as(FAILURES).bind(account).bind(since.micros()).fetch_one(c).await)?)
}

const NOTE_FAILURE: &str = "insert into login_failures (account, at) values ($1, $2)";

pub(in crate::people) async fn note_failure(tx: &mut Tx, account: &str, now: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(NOTE_FAILURE).bind(account).bind(now.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const FORGET_FAILURES: &str = "delete from login_failures where account = $1";

pub(in crate::people) async fn forget_failures(tx: &mut Tx, account: &str) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET_FAILURES).bind(account).execute(c).await.map(|_| ()))?;
    Ok(())
}

const FORGET_OLD_FAILURES: &str = "delete from login_failures where at <= $1";

pub(in crate::people) async fn forget_old_failures(tx: &mut Tx, before: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET_OLD_FAILURES).bind(before.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}
