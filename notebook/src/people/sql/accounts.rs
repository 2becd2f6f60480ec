//! Accounts in and out.

use crate::{
    actor::{PersonId, Role},
    db::{Tx, counters, on},
    fault::{Error, Fault, Result},
    id::SAMPLE_FROM,
    paging::Rows,
    people::{Account, Theme},
    refusal::Refusal,
    time::Moment,
};

/// What refusals call an account, before its name.
pub(in crate::people) const NOUN: &str = "The account of";

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    email: String,
    name: String,
    role: String,
    can_revert: bool,
    zone: String,
    theme: String,
    has_password: bool,
    disabled_at: Option<i64>,
    created_at: i64,
    version: i64,
}

impl TryFrom<Row> for Account {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: PersonId(row.id),
            role: Role::named(&row.role)
                .ok_or_else(|| Fault::bad_row("people", row.id, format!("role {}", row.role)))?,
            theme: Theme::named(&row.theme)
                .ok_or_else(|| Fault::bad_row("people", row.id, format!("theme {}", row.theme)))?,
            email: row.email,
            name: row.name,
            can_revert: row.can_revert,
            zone: row.zone,
            has_password: row.has_password,
            disabled: row.disabled_at.is_some(),
            created_at: Moment::from_micros(row.created_at),
            version: row.version,
        })
    }
}

/// The number of a new person. Whoever holds it is alone among the people until the transaction
/// ends, so that what it finds about them stays true.
pub(in crate::people) async fn next_id(tx: &mut Tx) -> Result<PersonId> {
    Ok(PersonId(counters::next(tx, "person").await?))
}

const LOCK: &str = "update counters set last = last where kind = 'person'";

/// Makes changes to people take turns: two admins could otherwise take the last right from each other.
pub(in crate::people) async fn lock(tx: &mut Tx) -> Result<()> {
    on!(tx, c => sqlx::query(LOCK).execute(c).await.map(|_| ()))?;
    Ok(())
}

const INSERT: &str = "
    insert into people (id, email, name, role, can_revert, zone, theme, password_hash, disabled_at, created_at, version)
    values ($1, $2, $3, $4, $5, $6, $7, $8, null, $9, $10)";

/// Writes a new account. Its address is checked before; a race for it ends here.
pub(in crate::people) async fn insert(tx: &mut Tx, account: &Account, password_hash: Option<&str>) -> Result<()> {
    let inserted = on!(tx, c => sqlx::query(INSERT)
        .bind(account.id.0)
        .bind(&account.email)
        .bind(&account.name)
        .bind(account.role.word())
        .bind(account.can_revert)
        .bind(&account.zone)
        .bind(account.theme.word())
        .bind(password_hash)
        .bind(account.created_at.micros())
        .bind(account.version)
        .execute(c)
        .await
        .map(|_| ()));
    match inserted {
        Err(sqlx::Error::Database(trouble)) if trouble.is_unique_violation() => {
            Err(Refusal::Taken { field: "email".into(), says: format!("{} has an account already.", account.email) }
                .into())
        }
        other => Ok(other?),
    }
}

// The people of the sample are names on its lines and no accounts: every statement below passes
// them over, so that nobody signs in as one of them, gives them rights or counts them.

const ALL: &str = "
    select id, email, name, role, can_revert, zone, theme, password_hash is not null as has_password, disabled_at, created_at, version
    from people
    where id < $1
    order by name, id";

pub(in crate::people) async fn all(tx: &mut Tx) -> Result<Vec<Account>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(ALL).bind(SAMPLE_FROM).fetch_all(c).await)?;
    rows.into_iter().map(Account::try_from).collect()
}

const NAMES: &str = "select id, name from people where id < $1 or $2 order by name, id";

/// What everybody is called, those of the sample too if asked.
pub(in crate::people) async fn names(tx: &mut Tx, with_sample: bool) -> Result<Vec<(PersonId, String)>> {
    let rows: Vec<(i64, String)> =
        on!(tx, c => sqlx::query_as(NAMES).bind(SAMPLE_FROM).bind(with_sample).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, name)| (PersonId(id), name)).collect())
}

const PAGE: &str = "
    select id, email, name, role, can_revert, zone, theme, password_hash is not null as has_password, disabled_at, created_at, version
    from people
    where id < $3
        and (cast($1 as bigint) is null
            or (name, id) > (select x.name, x.id from people x where x.id = $1))
    order by name, id
    limit $2";

/// One page and a row more, by name; `after` is the last of the page before.
pub(in crate::people) async fn page(tx: &mut Tx, after: Option<PersonId>, rows: Rows) -> Result<Vec<Account>> {
    let after = after.map(|person| person.0);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(after)
        .bind(rows.and_one())
        .bind(SAMPLE_FROM)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Account::try_from).collect()
}

const FIND: &str = "
    select id, email, name, role, can_revert, zone, theme, password_hash is not null as has_password, disabled_at, created_at, version
    from people
    where id = $1 and id < $2";

pub(in crate::people) async fn find(tx: &mut Tx, id: PersonId) -> Result<Option<Account>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id.0).bind(SAMPLE_FROM).fetch_optional(c).await)?;
    row.map(Account::try_from).transpose()
}

pub(in crate::people) async fn load(tx: &mut Tx, id: PersonId) -> Result<Account> {
    find(tx, id).await?.ok_or_else(|| Refusal::missing("person", id.0).into())
}

const FIND_BY_EMAIL: &str = "
    select id, email, name, role, can_revert, zone, theme, password_hash is not null as has_password, disabled_at, created_at, version
    from people
    where email = $1 and id < $2";

pub(in crate::people) async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<Account>> {
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(FIND_BY_EMAIL).bind(email).bind(SAMPLE_FROM).fetch_optional(c).await)?;
    row.map(Account::try_from).transpose()
}

const PASSWORD_HASH: &str = "select password_hash from people where id = $1";

pub(in crate::people) async fn password_hash(tx: &mut Tx, id: PersonId) -> Result<Option<String>> {
    let found: Option<Option<String>> =
        on!(tx, c => sqlx::query_scalar(PASSWORD_HASH).bind(id.0).fetch_optional(c).await)?;
    Ok(found.flatten())
}

const SET_PASSWORD_HASH: &str = "update people set password_hash = $2, version = version + 1 where id = $1";

pub(in crate::people) async fn set_password_hash(tx: &mut Tx, id: PersonId, hash: &str) -> Result<()> {
    on!(tx, c => sqlx::query(SET_PASSWORD_HASH).bind(id.0).bind(hash).execute(c).await.map(|_| ()))?;
    Ok(())
}

const SAVE: &str = "
    update people
    set name = $3, role = $4, can_revert = $5, zone = $6, theme = $7, version = version + 1
    where id = $1 and version = $2";

/// Saves over the version the account was loaded with, and counts it up.
pub(in crate::people) async fn save(tx: &mut Tx, account: &mut Account) -> Result<()> {
    let saved = on!(tx, c => sqlx::query(SAVE)
        .bind(account.id.0)
        .bind(account.version)
        .bind(&account.name)
        .bind(account.role.word())
        .bind(account.can_revert)
        .bind(&account.zone)
        .bind(account.theme.word())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if saved == 0 {
        let present = load(tx, account.id).await?.version;
        return Err(Refusal::stale(NOUN, &account.name, present).into());
    }
    account.version += 1;
    Ok(())
}

const SET_DISABLED: &str = "update people set disabled_at = $2, version = version + 1 where id = $1";

pub(in crate::people) async fn set_disabled(tx: &mut Tx, account: &mut Account, since: Option<Moment>) -> Result<()> {
    on!(tx, c => sqlx::query(SET_DISABLED).bind(account.id.0).bind(since.map(Moment::micros)).execute(c).await.map(|_| ()))?;
    account.disabled = since.is_some();
    account.version += 1;
    Ok(())
}

const COUNT: &str = "select count(*) from people where id < $1";

pub(in crate::people) async fn count(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT).bind(SAMPLE_FROM).fetch_one(c).await)?)
}

const COUNT_ACTIVE: &str = "select count(*) from people where role <> 'viewer' and disabled_at is null and id < $1";

/// How many can do more than look.
pub(in crate::people) async fn count_active(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_ACTIVE).bind(SAMPLE_FROM).fetch_one(c).await)?)
}

const COUNT_ADMINS: &str = "select count(*) from people where role = 'admin' and disabled_at is null and id < $1";

pub(in crate::people) async fn count_admins(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_ADMINS).bind(SAMPLE_FROM).fetch_one(c).await)?)
}
