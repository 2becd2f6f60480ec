//! How services and what they need are kept.

use std::collections::{BTreeMap, BTreeSet};

use super::slug_of;
use crate::{
    actor::PersonId,
    db::{Tx, like::as_set, on},
    fault::{Fault, Result},
    limits::OWNERSHIP_DAYS,
    services::{
        Checked, NewService, Service, Tier,
        acts::{Dependencies, Filter, Row},
        frequency::{COUNTED_DAYS, ChangeTimes, frequency},
        ownership::ownership,
    },
    text::{Prose, Slug, Title},
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct ServiceRow {
    slug: String,
    name: String,
    owner: Option<String>,
    team: Option<String>,
    description: Option<String>,
    stateful: bool,
    single_point: bool,
    tier: Option<String>,
    links: String,
    checked_at: Option<i64>,
    checked_by: Option<i64>,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct TimesRow {
    service: String,
    first_at: i64,
    last_at: i64,
    recent: i64,
}

impl ServiceRow {
    fn into_service(self, needs: Vec<Slug>) -> Result<Service> {
        let bad = |what: &dyn ToString| Fault::bad_row("services", &self.slug, what.to_string());
        Ok(Service {
            slug: Slug::new(&self.slug).map_err(|e| bad(&e))?,
            name: Title::new(&self.name).map_err(|e| bad(&e))?,
            owner: self.owner.as_deref().map(Title::new).transpose().map_err(|e| bad(&e))?,
            team: self.team.as_deref().map(Slug::new).transpose().map_err(|e| bad(&e))?,
            description: self.description.as_deref().map(Prose::new).transpose().map_err(|e| bad(&e))?,
            stateful: self.stateful,
            single_point: self.single_point,
            tier: self.tier.as_deref().map(Tier::named).transpose().map_err(|e| bad(&e))?,
            links: serde_json::from_str(&self.links).map_err(|e| bad(&e))?,
            needs,
            checked: self
                .checked_at
                .map(|at| Checked { at: Moment::from_micros(at), by: self.checked_by.map(PersonId) }),
            version: self.version,
        })
    }
}

fn links(new: &NewService) -> Result<String> {
    Ok(serde_json::to_string(&new.links).map_err(|e| Fault::Work(format!("writing links: {e}")))?)
}

const INSERT_SERVICE: &str = "
    insert into services
        (slug, name, owner, team, description, stateful, single_point, tier, links, created_at, version)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
    on conflict (slug) do nothing";

/// False if the slug was taken.
pub(in crate::services) async fn insert(tx: &mut Tx, new: &NewService, now: Moment) -> Result<bool> {
    let links = links(new)?;
    let rows = on!(tx, c => sqlx::query(INSERT_SERVICE)
        .bind(new.slug.as_str())
        .bind(new.name.as_str())
        .bind(new.owner.as_ref().map(Title::as_str))
        .bind(new.team.as_ref().map(Slug::as_str))
        .bind(new.description.as_ref().map(Prose::as_str))
        .bind(new.stateful)
        .bind(new.single_point)
        .bind(new.tier.map(Tier::word))
        .bind(&links)
        .bind(now.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const UPDATE_SERVICE: &str = "
    update services
    set name = $1, owner = $2, team = $3, description = $4, stateful = $5, single_point = $6, tier = $7, links = $8,
        version = version + 1
    where slug = $9 and version = $10";

/// False if another version is there now.
pub(in crate::services) async fn update(tx: &mut Tx, new: &NewService, version: i64) -> Result<bool> {
    let links = links(new)?;
    let rows = on!(tx, c => sqlx::query(UPDATE_SERVICE)
        .bind(new.name.as_str())
        .bind(new.owner.as_ref().map(Title::as_str))
        .bind(new.team.as_ref().map(Slug::as_str))
        .bind(new.description.as_ref().map(Prose::as_str))
        .bind(new.stateful)
        .bind(new.single_point)
        .bind(new.tier.map(Tier::word))
        .bind(&links)
        .bind(new.slug.as_str())
        .bind(version)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const CHECK_OWNER: &str = "
    update services
    set checked_at = $1, checked_by = $2
    where slug = $3";

/// Notes that the owner is right, or that nobody has said so; its version stays.
pub(in crate::services) async fn check_owner(tx: &mut Tx, slug: &Slug, checked: Option<Checked>) -> Result<()> {
    on!(tx, c => sqlx::query(CHECK_OWNER)
        .bind(checked.map(|checked| checked.at.micros()))
        .bind(checked.and_then(|checked| checked.by).map(|person| person.0))
        .bind(slug.as_str())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const CONFIRM_OWNER: &str = "
    update services
    set checked_at = $1, checked_by = $2
    where slug = $3 and owner = $4 and version = $5";

/// The same for the owner that was read. False if another one is there now.
pub(in crate::services) async fn confirm_owner(
    tx: &mut Tx,
    service: &Service,
    owner: &Title,
    checked: Checked,
) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(CONFIRM_OWNER)
        .bind(checked.at.micros())
        .bind(checked.by.map(|person| person.0))
        .bind(service.slug.as_str())
        .bind(owner.as_str())
        .bind(service.version)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const TOUCH_SERVICE: &str = "
    update services
    set version = version + 1
    where slug = $1 and version = $2";

/// Claims the next version of a service whose targets change. False if another version is there now.
pub(in crate::services) async fn touch(tx: &mut Tx, slug: &Slug, version: i64) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(TOUCH_SERVICE)
        .bind(slug.as_str())
        .bind(version)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const FORGET_NEEDS: &str = "delete from service_dependencies where service = $1";
const INSERT_NEED: &str = "insert into service_dependencies (service, needs) values ($1, $2)";

pub(in crate::services) async fn replace_needs(tx: &mut Tx, slug: &Slug, needs: &BTreeSet<Slug>) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET_NEEDS).bind(slug.as_str()).execute(c).await.map(|_| ()))?;
    for need in needs {
        on!(tx, c => sqlx::query(INSERT_NEED).bind(slug.as_str()).bind(need.as_str()).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

const FIND_SERVICE: &str = "
    select slug, name, owner, team, description, stateful, single_point, tier, links, checked_at, checked_by, version
    from services
    where slug = $1";

const NEEDS_OF: &str = "
    select needs
    from service_dependencies
    where service = $1
    order by needs";

pub(in crate::services) async fn find(tx: &mut Tx, slug: &str) -> Result<Option<Service>> {
    let row: Option<ServiceRow> = on!(tx, c => sqlx::query_as(FIND_SERVICE).bind(slug).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let needs: Vec<String> = on!(tx, c => sqlx::query_scalar(NEEDS_OF).bind(slug).fetch_all(c).await)?;
    let needs = needs.iter().map(|text| slug_of("service_dependencies", text)).collect::<Result<_>>()?;
    row.into_service(needs).map(Some)
}

const NEEDED_BY: &str = "
    select service
    from service_dependencies
    where needs = $1
    order by service";

pub(in crate::services) async fn needed_by(tx: &mut Tx, slug: &Slug) -> Result<Vec<Slug>> {
    let rows: Vec<String> = on!(tx, c => sqlx::query_scalar(NEEDED_BY).bind(slug.as_str()).fetch_all(c).await)?;
    rows.iter().map(|text| slug_of("service_dependencies", text)).collect()
}

const TIMES: &str = "
    select cs.service, min(c.at) as first_at, max(c.at) as last_at,
        count(distinct case
            when c.at < $3 then null
            when c.kind = 'configuration_push' then 'day ' || cast(c.at / 86400000000 as text)
            else 'change ' || cast(c.id as text)
        end) as recent
    from change_services cs join changes c on c.id = cs.change
    where cs.service >= $1 and cs.service <= $2
    group by cs.service";

/// When changes of the services from one to another in the alphabet took effect. A push reaches the
/// nodes of a service one after another, and each tells of it: pushes of one day are one.
async fn times_between(tx: &mut Tx, first: &str, last: &str, now: Moment) -> Result<BTreeMap<String, ChangeTimes>> {
    let rows: Vec<TimesRow> = on!(tx, c => sqlx::query_as(TIMES)
        .bind(first)
        .bind(last)
        .bind(now.plus_days(-COUNTED_DAYS).micros())
        .fetch_all(c)
        .await)?;
    let times = |row: TimesRow| {
        let (first, last) = (Moment::from_micros(row.first_at), Moment::from_micros(row.last_at));
        (row.service, ChangeTimes { first: Some(first), last: Some(last), recent: row.recent })
    };
    Ok(rows.into_iter().map(times).collect())
}

/// The same of one service.
pub(in crate::services) async fn change_times(tx: &mut Tx, slug: &Slug, now: Moment) -> Result<ChangeTimes> {
    let mut times = times_between(tx, slug.as_str(), slug.as_str(), now).await?;
    Ok(times.remove(slug.as_str()).unwrap_or_default())
}

const LIST: &str = "
    select s.slug, s.name, s.owner, s.team, s.description, s.stateful, s.single_point, s.tier, s.links, s.checked_at,
        s.checked_by, s.version
    from services s
    where s.slug > $1
        and (cast($3 as bigint) is null or s.owner is null or s.checked_at is null or s.checked_at <= cast($3 as bigint))
    order by s.slug
    limit $2";

const NEEDS_OF_MANY: &str = "
    select service, needs
    from service_dependencies
    where cast($1 as text) like '%|' || service || '|%'
    order by service, needs";

/// One page by slug, and whether there are more.
pub(in crate::services) async fn list(tx: &mut Tx, filter: &Filter, now: Moment) -> Result<(Vec<Row>, bool)> {
    let unchecked_before = filter.to_confirm.then(|| now.plus_days(-OWNERSHIP_DAYS).micros());
    let rows: Vec<ServiceRow> = on!(tx, c => sqlx::query_as(LIST)
        .bind(filter.after.as_ref().map_or("", Slug::as_str))
        .bind(filter.rows.and_one())
        .bind(unchecked_before)
        .fetch_all(c)
        .await)?;
    let (rows, more) = filter.rows.page(rows);
    let slugs = rows.iter().map(|row| slug_of("services", &row.slug)).collect::<Result<Vec<_>>>()?;
    let mut times = match (slugs.first(), slugs.last()) {
        (Some(first), Some(last)) => times_between(tx, first.as_str(), last.as_str(), now).await?,
        _ => BTreeMap::new(),
    };
    let pairs: Vec<(String, String)> =
        on!(tx, c => sqlx::query_as(NEEDS_OF_MANY).bind(as_set(&slugs)).fetch_all(c).await)?;
    let mut needs: BTreeMap<String, Vec<Slug>> = BTreeMap::new();
    for (service, need) in &pairs {
        needs.entry(service.clone()).or_default().push(slug_of("service_dependencies", need)?);
    }
    let with_needs = |row: ServiceRow| {
        let times = times.remove(&row.slug).unwrap_or_default();
        let needs = needs.remove(&row.slug).unwrap_or_default();
        let service = row.into_service(needs)?;
        let ownership = ownership(&service, now).is;
        Ok(Row { service, changed_at: times.last, frequency: frequency(&times, now), ownership })
    };
    Ok((rows.into_iter().map(with_needs).collect::<Result<_>>()?, more))
}

/// What these services depend on directly.
pub(in crate::services) async fn needs_of_many(tx: &mut Tx, slugs: &BTreeSet<Slug>) -> Result<BTreeSet<Slug>> {
    let pairs: Vec<(String, String)> =
        on!(tx, c => sqlx::query_as(NEEDS_OF_MANY).bind(as_set(slugs)).fetch_all(c).await)?;
    pairs.iter().map(|(_, need)| slug_of("service_dependencies", need)).collect()
}

const CHOICES: &str = "
    select slug, name
    from services
    order by slug";

/// Slug and name of every service, for choosing one.
pub(in crate::services) async fn choices(tx: &mut Tx) -> Result<Vec<(Slug, String)>> {
    let rows: Vec<(String, String)> = on!(tx, c => sqlx::query_as(CHOICES).fetch_all(c).await)?;
    rows.into_iter().map(|(slug, name)| Ok((slug_of("services", &slug)?, name))).collect()
}

const ALL_NEEDS: &str = "
    select service, needs
    from service_dependencies
    order by service, needs";

/// Every service by slug, and what each needs.
pub(in crate::services) async fn dependencies(tx: &mut Tx) -> Result<Dependencies> {
    let names = choices(tx).await?;
    let pairs: Vec<(String, String)> = on!(tx, c => sqlx::query_as(ALL_NEEDS).fetch_all(c).await)?;
    let slug = |text: &String| slug_of("service_dependencies", text);
    let needs = pairs.iter().map(|(service, needs)| Ok((slug(service)?, slug(needs)?))).collect::<Result<_>>()?;
    Ok(Dependencies { names, needs })
}

const KNOWN: &str = "
    select slug
    from services
    where cast($1 as text) like '%|' || slug || '|%'";

/// Those of the slugs that name a service.
pub(in crate::services) async fn known(tx: &mut Tx, slugs: &BTreeSet<Slug>) -> Result<BTreeSet<Slug>> {
    let rows: Vec<String> = on!(tx, c => sqlx::query_scalar(KNOWN).bind(as_set(slugs)).fetch_all(c).await)?;
    rows.iter().map(|text| slug_of("services", text)).collect()
}

const OF_TEAM: &str = "
    select slug, name
    from services
    where team = $1
    order by slug";

/// Slug and name of the services a team owns.
pub(in crate::services) async fn of_team(tx: &mut Tx, team: &Slug) -> Result<Vec<(Slug, String)>> {
    let rows: Vec<(String, String)> = on!(tx, c => sqlx::query_as(OF_TEAM).bind(team.as_str()).fetch_all(c).await)?;
    rows.into_iter().map(|(slug, name)| Ok((slug_of("services", &slug)?, name))).collect()
}

const OWNERS_OF: &str = "
    select slug, team
    from services
    where team is not null
        and cast($1 as text) like '%|' || slug || '|%'";

/// Each of these services that a team owns, with that team.
pub(in crate::services) async fn owners_of(tx: &mut Tx, slugs: &BTreeSet<Slug>) -> Result<BTreeMap<Slug, Slug>> {
    let rows: Vec<(String, String)> = on!(tx, c => sqlx::query_as(OWNERS_OF).bind(as_set(slugs)).fetch_all(c).await)?;
    rows.iter().map(|(slug, team)| Ok((slug_of("services", slug)?, slug_of("services", team)?))).collect()
}
