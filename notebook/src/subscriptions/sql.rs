//! Addresses of calendars: only the hash of one is kept.

use super::{Subscription, Whose};
use crate::{
    actor::PersonId,
    db::{Tx, on},
    fault::{Fault, Result},
    text::Slug,
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    person: i64,
    kind: String,
    slug: Option<String>,
    created_at: i64,
}

/// Whose it is, and what it is of.
fn read(row: Row) -> Result<(PersonId, Subscription)> {
    let bad = |what: String| Fault::bad_row("subscriptions", row.id, what);
    let slug = row.slug.as_deref().map(Slug::new).transpose().map_err(|e| bad(e.to_string()))?;
    let kind = Whose::named(&row.kind).map_err(bad)?;
    let created_at = Moment::from_micros(row.created_at);
    Ok((PersonId(row.person), Subscription { id: row.id, kind, slug, created_at }))
}

const INSERT: &str = "
    insert into subscriptions (id, person, kind, slug, key, created_at, revoked_at)
    values ($1, $2, $3, $4, $5, $6, null)";

pub(super) async fn insert(tx: &mut Tx, person: PersonId, new: &Subscription, key: &str) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id)
        .bind(person.0)
        .bind(new.kind.word())
        .bind(new.slug.as_ref().map(Slug::as_str))
        .bind(key)
        .bind(new.created_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const OF: &str = "
    select id, person, kind, slug, created_at
    from subscriptions
    where person = $1 and revoked_at is null
    order by id";

/// A person's addresses that are good.
pub(super) async fn of(tx: &mut Tx, person: PersonId) -> Result<Vec<Subscription>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF).bind(person.0).fetch_all(c).await)?;
    rows.into_iter().map(|row| read(row).map(|(_, subscription)| subscription)).collect()
}

const FIND: &str = "
    select s.id, s.person, s.kind, s.slug, s.created_at
    from subscriptions s join people p on p.id = s.person
    where s.key = $1 and s.revoked_at is null and p.disabled_at is null";

/// The calendar behind a key, if its address is good and so is its owner's account.
pub(super) async fn find(tx: &mut Tx, key: &str) -> Result<Option<(PersonId, Subscription)>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(key).fetch_optional(c).await)?;
    row.map(read).transpose()
}

const RENEW: &str = "
    update subscriptions
    set key = $3, created_at = $4
    where id = $1 and person = $2 and revoked_at is null";

/// False if this person has no such address.
pub(super) async fn renew(tx: &mut Tx, id: i64, person: PersonId, key: &str, now: Moment) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(RENEW)
        .bind(id)
        .bind(person.0)
        .bind(key)
        .bind(now.micros())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

const REVOKE: &str = "update subscriptions set revoked_at = $3 where id = $1 and person = $2 and revoked_at is null";

/// False if this person has no such address.
pub(super) async fn revoke(tx: &mut Tx, id: i64, person: PersonId, now: Moment) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(REVOKE)
        .bind(id)
        .bind(person.0)
        .bind(now.micros())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}
