//! How environments are kept.

use crate::{
    db::{Tx, on},
    fault::{Error, Fault, Result},
    services::{Environment, EnvironmentClass, NewEnvironment},
    text::{Slug, Title},
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct EnvironmentRow {
    slug: String,
    name: String,
    class: String,
    version: i64,
}

impl TryFrom<EnvironmentRow> for Environment {
    type Error = Error;

    fn try_from(row: EnvironmentRow) -> Result<Self> {
        let bad = |what: String| Fault::bad_row("environments", &row.slug, what);
        Ok(Self {
            slug: Slug::new(&row.slug).map_err(|e| bad(e.to_string()))?,
            name: Title::new(&row.name).map_err(|e| bad(e.to_string()))?,
            class: EnvironmentClass::named(&row.class).map_err(bad)?,
            version: row.version,
        })
    }
}

const INSERT_ENVIRONMENT: &str = "
    insert into environments (slug, name, class, created_at, version)
    values ($1, $2, $3, $4, 1)
    on conflict (slug) do nothing";

/// False if the slug was taken.
pub(in crate::services) async fn insert(tx: &mut Tx, new: &NewEnvironment, now: Moment) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(INSERT_ENVIRONMENT)
        .bind(new.slug.as_str())
        .bind(new.name.as_str())
        .bind(new.class.word())
        .bind(now.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const UPDATE_ENVIRONMENT: &str = "
    update environments
    set name = $1, class = $2, version = version + 1
    where slug = $3 and version = $4";

/// False if another version is there now.
pub(in crate::services) async fn update(tx: &mut Tx, new: &NewEnvironment, version: i64) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(UPDATE_ENVIRONMENT)
        .bind(new.name.as_str())
        .bind(new.class.word())
        .bind(new.slug.as_str())
        .bind(version)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const ENVIRONMENTS: &str = "
    select slug, name, class, version
    from environments
    order by case class when 'production' then 0 else 1 end, slug";

/// All environments, production first.
pub(in crate::services) async fn all(tx: &mut Tx) -> Result<Vec<Environment>> {
    let rows: Vec<EnvironmentRow> = on!(tx, c => sqlx::query_as(ENVIRONMENTS).fetch_all(c).await)?;
    rows.into_iter().map(Environment::try_from).collect()
}

const FIND_ENVIRONMENT: &str = "
    select slug, name, class, version
    from environments
    where slug = $1";

pub(in crate::services) async fn find(tx: &mut Tx, slug: &str) -> Result<Option<Environment>> {
    let row: Option<EnvironmentRow> =
        on!(tx, c => sqlx::query_as(FIND_ENVIRONMENT).bind(slug).fetch_optional(c).await)?;
    row.map(Environment::try_from).transpose()
}
