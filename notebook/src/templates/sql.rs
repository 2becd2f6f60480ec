//! How templates of this notebook are kept, with every version, and which experiments began from one.

use super::{Template, TemplateName, Text};
use crate::{
    db::{Tx, on},
    desk::Desk,
    fault::{Error, Fault, Result},
    id::ExperimentId,
    text::Slug,
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    slug: String,
    newest: i64,
    version: i64,
    retired_at: Option<i64>,
    text: String,
}

impl TryFrom<Row> for Template {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let bad = |what: String| Fault::bad_row("template_versions", format!("{}@{}", row.slug, row.version), what);
        let slug = Slug::new(&row.slug).map_err(|e| bad(e.to_string()))?;
        let text: Text = serde_json::from_str(&row.text).map_err(|e| bad(e.to_string()))?;
        let name = TemplateName { slug, version: row.version };
        Ok(Self::promoted(name, text, row.newest, row.retired_at.map(Moment::from_micros)))
    }
}

fn written(text: &Text) -> Result<String> {
    Ok(serde_json::to_string(text).map_err(|e| Fault::Work(e.to_string()))?)
}

const INSERT: &str = "
    insert into templates (slug, version, retired_at, created_at)
    values ($1, 1, null, $2)
    on conflict (slug) do nothing";

/// False if the slug was taken.
pub(super) async fn insert(desk: &Desk, tx: &mut Tx, slug: &Slug, text: &Text) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(INSERT)
        .bind(slug.as_str())
        .bind(desk.now().micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if rows == 1 {
        insert_version(desk, tx, slug, 1, text).await?;
    }
    Ok(rows == 1)
}

const INSERT_VERSION: &str = "
    insert into template_versions (template, version, text, person, created_at)
    values ($1, $2, $3, $4, $5)";

async fn insert_version(desk: &Desk, tx: &mut Tx, slug: &Slug, version: i64, text: &Text) -> Result<()> {
    let text = written(text)?;
    on!(tx, c => sqlx::query(INSERT_VERSION)
        .bind(slug.as_str())
        .bind(version)
        .bind(text)
        .bind(desk.person_id().map(|person| person.0))
        .bind(desk.now().micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const RENEW: &str = "
    update templates
    set version = version + 1
    where slug = $1 and version = $2 and retired_at is null";

/// Adds a version after this one. False if another is the newest now, or nobody uses it any more.
pub(super) async fn renew(desk: &Desk, tx: &mut Tx, slug: &Slug, version: i64, text: &Text) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(RENEW)
        .bind(slug.as_str())
        .bind(version)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if rows == 1 {
        insert_version(desk, tx, slug, version + 1, text).await?;
    }
    Ok(rows == 1)
}

const RETIRE: &str = "
    update templates
    set retired_at = $1
    where slug = $2 and retired_at is null";

/// False if it is out of use already.
pub(super) async fn retire(tx: &mut Tx, slug: &Slug, at: Moment) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(RETIRE)
        .bind(at.micros())
        .bind(slug.as_str())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const REOPEN: &str = "
    update templates
    set retired_at = null
    where slug = $1 and retired_at is not null";

/// False if it is in use.
pub(super) async fn reopen(tx: &mut Tx, slug: &Slug) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(REOPEN).bind(slug.as_str()).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const FIND: &str = "
    select t.slug, t.version as newest, v.version, t.retired_at, v.text
    from templates t join template_versions v on v.template = t.slug
    where t.slug = $1 and v.version = coalesce(cast($2 as bigint), t.version)";

/// One version; without a number the newest.
pub(super) async fn find(tx: &mut Tx, slug: &str, version: Option<i64>) -> Result<Option<Template>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(slug).bind(version).fetch_optional(c).await)?;
    row.map(Template::try_from).transpose()
}

const ALL: &str = "
    select t.slug, t.version as newest, v.version, t.retired_at, v.text
    from templates t join template_versions v on v.template = t.slug and v.version = t.version
    order by t.slug";

/// The newest version of each.
pub(super) async fn all(tx: &mut Tx) -> Result<Vec<Template>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(ALL).fetch_all(c).await)?;
    rows.into_iter().map(Template::try_from).collect()
}

const COUNT: &str = "select count(*) from templates";

pub(super) async fn count(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT).fetch_one(c).await)?)
}

const USE: &str = "insert into template_uses (experiment, template, version) values ($1, $2, $3)";

pub(super) async fn add_use(tx: &mut Tx, experiment: ExperimentId, template: &TemplateName) -> Result<()> {
    on!(tx, c => sqlx::query(USE)
        .bind(experiment.number())
        .bind(template.slug.as_str())
        .bind(template.version)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const USES: &str = "
    select u.experiment, e.title, u.version
    from template_uses u join experiments e on e.id = u.experiment
    where u.template = $1
    order by u.experiment desc
    limit $2";

/// Experiments that began from a template, the newest first: id, title and which version.
pub(super) async fn uses(tx: &mut Tx, slug: &str, most: i64) -> Result<Vec<(i64, String, i64)>> {
    Ok(on!(tx, c => sqlx::query_as(USES).bind(slug).bind(most).fetch_all(c).await)?)
}
