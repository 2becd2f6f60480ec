//! How views are kept.

use super::{View, shown::Group};
use crate::{
    actor::PersonId,
    db::{Tx, on},
    fault::{Error, Fault, Result},
    search::Found,
    text::{Slug, Title},
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    query: String,
    owner: i64,
    team: Option<String>,
    pinned: bool,
    home: bool,
    created_at: i64,
    version: i64,
    list: Option<String>,
    shows: Option<String>,
    grouped: Option<String>,
}

impl TryFrom<Row> for View {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let bad = |what: String| Fault::bad_row("saved_views", row.id, what);
        let list = row.list.as_deref().map(Found::named).transpose().map_err(bad)?;
        let group = row.grouped.as_deref().map(Group::named).transpose().map_err(bad)?;
        let team = row.team.as_deref().map(Slug::new).transpose();
        Ok(Self {
            id: row.id,
            name: Title::new(&row.name).map_err(|e| bad(e.to_string()))?,
            query: row.query,
            list,
            columns: row.shows.unwrap_or_default(),
            group,
            owner: PersonId(row.owner),
            team: team.map_err(|e| bad(e.to_string()))?,
            pinned: row.pinned,
            home: row.home,
            created_at: Moment::from_micros(row.created_at),
            version: row.version,
        })
    }
}

const INSERT: &str = "
    insert into saved_views (id, name, query, owner, team, pinned, home, created_at, version, list, shows, grouped)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

pub(super) async fn insert(tx: &mut Tx, view: &View) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(view.id)
        .bind(view.name.as_str())
        .bind(&view.query)
        .bind(view.owner.0)
        .bind(view.team.as_ref().map(Slug::as_str))
        .bind(view.pinned)
        .bind(view.home)
        .bind(view.created_at.micros())
        .bind(view.version)
        .bind(view.list.map(Found::word))
        .bind(&view.columns)
        .bind(view.group.map(Group::word))
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const SAVE: &str = "
    update saved_views
    set name = $2, query = $3, team = $4, pinned = $5, home = $6, version = $7, list = $8, shows = $9, grouped = $10
    where id = $1 and version + 1 = $7 and dropped_at is null";

/// False if somebody wrote or dropped it since it was read.
pub(super) async fn save(tx: &mut Tx, view: &View) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(SAVE)
        .bind(view.id)
        .bind(view.name.as_str())
        .bind(&view.query)
        .bind(view.team.as_ref().map(Slug::as_str))
        .bind(view.pinned)
        .bind(view.home)
        .bind(view.version)
        .bind(view.list.map(Found::word))
        .bind(&view.columns)
        .bind(view.group.map(Group::word))
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const LEAVE_HOME: &str = "update saved_views set home = false where owner = $1 and home";

/// Only one view opens a person's search page.
pub(super) async fn leave_home(tx: &mut Tx, owner: PersonId) -> Result<()> {
    on!(tx, c => sqlx::query(LEAVE_HOME).bind(owner.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

const CHANGEABLE: &str = "
    select id, name, query, owner, team, pinned, home, created_at, version, list, shows, grouped
    from saved_views
    where id = $1 and dropped_at is null and (owner = $2 or (team is not null and $3))";

/// The view, if this person may change it: their own, or, if they manage teams, one of a team.
pub(super) async fn changeable(tx: &mut Tx, id: i64, person: PersonId, manages: bool) -> Result<Option<View>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(CHANGEABLE)
        .bind(id)
        .bind(person.0)
        .bind(manages)
        .fetch_optional(c)
        .await)?;
    row.map(View::try_from).transpose()
}

const DROP: &str = "
    update saved_views
    set dropped_at = $4, home = false
    where id = $1 and dropped_at is null and (owner = $2 or (team is not null and $3))";

/// False if there is no such view that this person may change.
pub(super) async fn drop_view(tx: &mut Tx, id: i64, person: PersonId, manages: bool, now: Moment) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(DROP)
        .bind(id)
        .bind(person.0)
        .bind(manages)
        .bind(now.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const OF_NAME: &str = "
    select id, name, query, owner, team, pinned, home, created_at, version, list, shows, grouped
    from saved_views
    where owner = $1 and name = $2 and dropped_at is null";

pub(super) async fn of_name(tx: &mut Tx, owner: PersonId, name: &str) -> Result<Option<View>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(OF_NAME).bind(owner.0).bind(name).fetch_optional(c).await)?;
    row.map(View::try_from).transpose()
}

const COUNT: &str = "select count(*) from saved_views where owner = $1 and dropped_at is null";

pub(super) async fn count(tx: &mut Tx, owner: PersonId) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT).bind(owner.0).fetch_one(c).await)?)
}

const SHOWN: &str = "
    select id, name, query, owner, team, pinned, home, created_at, version, list, shows, grouped
    from saved_views
    where dropped_at is null and (owner = $1 or team is not null)
    order by pinned desc, name, id";

pub(super) async fn shown_to(tx: &mut Tx, person: Option<PersonId>) -> Result<Vec<View>> {
    // The operator at the machine owns none.
    let person = person.map_or(0, |person| person.0);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(SHOWN).bind(person).fetch_all(c).await)?;
    rows.into_iter().map(View::try_from).collect()
}

const PINNED: &str = "
    select id, name, query, owner, team, pinned, home, created_at, version, list, shows, grouped
    from saved_views
    where dropped_at is null and pinned and (owner = $1 or team is not null)
    order by case when owner = $1 then 0 else 1 end, name, id
    limit $2";

/// This person's own first, then those of teams.
pub(super) async fn pinned_for(tx: &mut Tx, person: PersonId, rows: i64) -> Result<Vec<View>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PINNED).bind(person.0).bind(rows).fetch_all(c).await)?;
    rows.into_iter().map(View::try_from).collect()
}
