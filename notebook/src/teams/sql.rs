//! How teams are kept.

use std::collections::BTreeSet;

use serde::{Serialize, de::DeserializeOwned};

use super::{Team, acts::Filter};
use crate::{
    db::{Tx, like::as_set, on},
    fault::{Error, Fault, Result},
    text::{Slug, Title},
    time::{Moment, Zone},
};

#[derive(sqlx::FromRow)]
struct Row {
    slug: String,
    name: String,
    zone: String,
    week: String,
    holidays: String,
    solo: bool,
    version: i64,
}

impl TryFrom<Row> for Team {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let bad = |what: &dyn ToString| Fault::bad_row("teams", &row.slug, what.to_string());
        Ok(Self {
            slug: Slug::new(&row.slug).map_err(|e| bad(&e))?,
            name: Title::new(&row.name).map_err(|e| bad(&e))?,
            zone: Zone::try_from(row.zone.clone()).map_err(|e| bad(&e))?,
            week: read(&row.week).map_err(|e| bad(&e))?,
            holidays: read(&row.holidays).map_err(|e| bad(&e))?,
            solo: row.solo,
            version: row.version,
        })
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text)
}

fn written(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(value).map_err(|e| Fault::Work(e.to_string()))?)
}

const INSERT: &str = "
    insert into teams (slug, name, zone, week, holidays, solo, created_at, version)
    values ($1, $2, $3, $4, $5, $6, $7, 1)
    on conflict (slug) do nothing";

/// False if the slug was taken.
pub(super) async fn insert(tx: &mut Tx, team: &Team, now: Moment) -> Result<bool> {
    let (week, holidays) = (written(&team.week)?, written(&team.holidays)?);
    let rows = on!(tx, c => sqlx::query(INSERT)
        .bind(team.slug.as_str())
        .bind(team.name.as_str())
        .bind(team.zone.name())
        .bind(week)
        .bind(holidays)
        .bind(team.solo)
        .bind(now.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const UPDATE: &str = "
    update teams
    set name = $1, zone = $2, week = $3, holidays = $4, solo = $5, version = version + 1
    where slug = $6 and version = $7";

/// False if another version is there now.
pub(super) async fn update(tx: &mut Tx, team: &Team, version: i64) -> Result<bool> {
    let (week, holidays) = (written(&team.week)?, written(&team.holidays)?);
    let rows = on!(tx, c => sqlx::query(UPDATE)
        .bind(team.name.as_str())
        .bind(team.zone.name())
        .bind(week)
        .bind(holidays)
        .bind(team.solo)
        .bind(team.slug.as_str())
        .bind(version)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const FIND: &str = "
    select slug, name, zone, week, holidays, solo, version
    from teams
    where slug = $1";

pub(super) async fn find(tx: &mut Tx, slug: &str) -> Result<Option<Team>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(slug).fetch_optional(c).await)?;
    row.map(Team::try_from).transpose()
}

const PAGE: &str = "
    select slug, name, zone, week, holidays, solo, version
    from teams
    where slug > $1
    order by slug
    limit $2";

/// One page by slug and a row more.
pub(super) async fn page(tx: &mut Tx, filter: &Filter) -> Result<Vec<Team>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(filter.after.as_ref().map_or("", Slug::as_str))
        .bind(filter.rows.and_one())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Team::try_from).collect()
}

const CHOICES: &str = "
    select slug, name
    from teams
    order by slug";

/// Slug and name of every team, for choosing one.
pub(super) async fn choices(tx: &mut Tx) -> Result<Vec<(Slug, String)>> {
    let rows: Vec<(String, String)> = on!(tx, c => sqlx::query_as(CHOICES).fetch_all(c).await)?;
    let choice = |(slug, name): (String, String)| match Slug::new(&slug) {
        Ok(slug) => Ok((slug, name)),
        Err(e) => Err(Fault::bad_row("teams", slug, e).into()),
    };
    rows.into_iter().map(choice).collect()
}

const SOME: &str = "
    select slug, name, zone, week, holidays, solo, version
    from teams
    where cast($1 as text) like '%|' || slug || '|%'
    order by slug";

/// The teams with these slugs.
pub(super) async fn some(tx: &mut Tx, slugs: &BTreeSet<Slug>) -> Result<Vec<Team>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(SOME).bind(as_set(slugs)).fetch_all(c).await)?;
    rows.into_iter().map(Team::try_from).collect()
}
