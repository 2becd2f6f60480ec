//! Tokens: only the hash of one is kept.

use crate::{
    actor::{Person, PersonId, Role},
    db::{Tx, counters, on},
    fault::{Error, Fault, Result},
    people::{Scope, Token},
    time::Moment,
};

pub(in crate::people) async fn next_id(tx: &mut Tx) -> Result<i64> {
    counters::next(tx, "token").await
}

const INSERT: &str = "
    insert into tokens (id, person, name, key, ending, scope, created_at, expires_at, used_at, revoked_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, null, null)";

pub(in crate::people) async fn insert(tx: &mut Tx, token: &Token, key: &str) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(token.id)
        .bind(token.person.0)
        .bind(&token.name)
        .bind(key)
        .bind(&token.ending)
        .bind(token.scope.word())
        .bind(token.created_at.micros())
        .bind(token.expires_at.map(Moment::micros))
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    person: i64,
    name: String,
    ending: String,
    scope: String,
    created_at: i64,
    expires_at: Option<i64>,
    used_at: Option<i64>,
}

impl TryFrom<Row> for Token {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            person: PersonId(row.person),
            scope: Scope::named(&row.scope)
                .ok_or_else(|| Fault::bad_row("tokens", row.id, format!("scope {}", row.scope)))?,
            name: row.name,
            ending: row.ending,
            created_at: Moment::from_micros(row.created_at),
            expires_at: row.expires_at.map(Moment::from_micros),
            used_at: row.used_at.map(Moment::from_micros),
        })
    }
}

const OF: &str = "
    select id, person, name, ending, scope, created_at, expires_at, used_at
    from tokens
    where person = $1 and revoked_at is null
    order by id";

/// Tokens that are not revoked, expired ones among them.
pub(in crate::people) async fn of(tx: &mut Tx, person: PersonId) -> Result<Vec<Token>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF).bind(person.0).fetch_all(c).await)?;
    rows.into_iter().map(Token::try_from).collect()
}

const ALL: &str = "
    select id, person, name, ending, scope, created_at, expires_at, used_at
    from tokens
    where revoked_at is null
    order by id";

/// The same of everybody.
pub(in crate::people) async fn all(tx: &mut Tx) -> Result<Vec<Token>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(ALL).fetch_all(c).await)?;
    rows.into_iter().map(Token::try_from).collect()
}

const EXPIRING: &str = "
    select t.id, t.person, t.name, t.ending, t.scope, t.created_at, t.expires_at, t.used_at
    from tokens t join people p on p.id = t.person
    where t.revoked_at is null and t.expires_at > $1 and t.expires_at <= $2 and p.disabled_at is null
    order by t.id";

/// Tokens of open accounts that expire after a moment and not after another one.
pub(in crate::people) async fn expiring(tx: &mut Tx, after: Moment, until: Moment) -> Result<Vec<Token>> {
    let rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(EXPIRING).bind(after.micros()).bind(until.micros()).fetch_all(c).await)?;
    rows.into_iter().map(Token::try_from).collect()
}

/// A token in use, and whose it is.
pub(in crate::people) struct Used {
    pub token: i64,
    pub scope: Scope,
    pub last: Option<Moment>,
    pub person: Person,
}

#[derive(sqlx::FromRow)]
struct UsedRow {
    id: i64,
    scope: String,
    used_at: Option<i64>,
    person: i64,
    name: String,
    role: String,
    zone: String,
}

impl TryFrom<UsedRow> for Used {
    type Error = Error;

    fn try_from(row: UsedRow) -> Result<Self> {
        let scope =
            Scope::named(&row.scope).ok_or_else(|| Fault::bad_row("tokens", row.id, format!("scope {}", row.scope)))?;
        let role =
            Role::named(&row.role).ok_or_else(|| Fault::bad_row("people", row.person, format!("role {}", row.role)))?;
        let person = Person { id: PersonId(row.person), name: row.name, role, zone: row.zone };
        Ok(Self { token: row.id, scope, last: row.used_at.map(Moment::from_micros), person })
    }
}

const FIND: &str = "
    select t.id, t.scope, t.used_at, t.person, p.name, p.role, p.zone
    from tokens t join people p on p.id = t.person
    where t.key = $1
        and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > $2)
        and p.disabled_at is null";

/// The token, if it is still good, and so is its owner's account.
pub(in crate::people) async fn find(tx: &mut Tx, key: &str, now: Moment) -> Result<Option<Used>> {
    let row: Option<UsedRow> = on!(tx, c => sqlx::query_as(FIND).bind(key).bind(now.micros()).fetch_optional(c).await)?;
    row.map(Used::try_from).transpose()
}

const NOTE_USE: &str = "update tokens set used_at = $2 where id = $1 and revoked_at is null";

pub(in crate::people) async fn note_use(tx: &mut Tx, id: i64, now: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(NOTE_USE).bind(id).bind(now.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const REVOKE: &str = "update tokens set revoked_at = $3 where id = $1 and person = $2 and revoked_at is null";

/// False if this person has no such token.
pub(in crate::people) async fn revoke(tx: &mut Tx, id: i64, person: PersonId, now: Moment) -> Result<bool> {
    let revoked = on!(tx, c => sqlx::query(REVOKE).bind(id).bind(person.0).bind(now.micros()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(revoked == 1)
}
