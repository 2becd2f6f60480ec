//! What carrying asks of a whole notebook, and what it sets right in one.

use std::{collections::BTreeSet, sync::Arc};

use super::{super::tables::TABLES, statements::safe};
use crate::{
    db::{Tx, like::sample_slugs, on},
    fault::Result,
    id::SAMPLE_FROM,
};

#[derive(sqlx::FromRow)]
pub struct Holdings {
    pub people: i64,
    pub services: i64,
    pub experiments: i64,
    pub others: i64,
    pub sample: i64,
}

const HOLDINGS: &str = "
    select
        (select count(*) from people where id < $1) as people,
        (select count(*) from services where cast($2 as text) not like '%|' || slug || '|%') as services,
        (select count(*) from experiments where id < $1) as experiments,
        (select count(*) from changes where id < $1) + (select count(*) from freezes where id < $1)
            + (select count(*) from teams where cast($2 as text) not like '%|' || slug || '|%')
            + (select count(*) from chef_converges)
            + (select count(*) from imports where coalesce(run, 0) < $1 and coalesce(experiment, 0) < $1)
            + (select count(*) from findings where id < $1) + (select count(*) from decisions where id < $1)
            + (select count(*) from gamedays where id < $1) as others,
        (select count(*) from people where id >= $1) + (select count(*) from experiments where id >= $1)
            + (select count(*) from services where cast($2 as text) like '%|' || slug || '|%') as sample";

/// Whether anybody has written anything here.
pub async fn holdings(tx: &mut Tx) -> Result<Holdings> {
    Ok(on!(tx, c => sqlx::query_as(HOLDINGS).bind(SAMPLE_FROM).bind(sample_slugs()).fetch_one(c).await)?)
}

/// In an order in which nothing is left referring to what is gone.
const FIRST_THINGS: &[&str] = &[
    "delete from links",
    "delete from login_sessions",
    "delete from login_failures",
    "delete from once_keys",
    "delete from events",
    "delete from environments",
    "delete from settings",
    "delete from counters",
];

/// Takes out what opening a new notebook wrote: first environments, its name, the setup link.
pub async fn take_out_first_things(tx: &mut Tx) -> Result<()> {
    for statement in FIRST_THINGS {
        on!(tx, c => sqlx::query(*statement).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Lifts the counters above every number that is in use.
pub async fn lift_counters(tx: &mut Tx) -> Result<()> {
    for table in TABLES {
        let Some(kind) = table.counter else { continue };
        let text = format!(
            "insert into counters (kind, last)
            select $1, max(id) from {} where id < {SAMPLE_FROM} having max(id) is not null
            on conflict (kind) do update
                set last = case when excluded.last > counters.last then excluded.last else counters.last end",
            table.name
        );
        let text: Arc<str> = text.into();
        on!(tx, c => sqlx::query(safe(&text)).bind(kind).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Kinds whose counter stands below a number in use, with both.
pub async fn low_counters(tx: &mut Tx) -> Result<Vec<(String, i64, i64)>> {
    let mut low = Vec::new();
    for table in TABLES {
        let Some(kind) = table.counter else { continue };
        let text = format!(
            "select
                coalesce((select max(id) from {} where id < {SAMPLE_FROM}), 0),
                coalesce((select last from counters where kind = $1), 0)",
            table.name
        );
        let text: Arc<str> = text.into();
        let (used, last): (i64, i64) = on!(tx, c => sqlx::query_as(safe(&text)).bind(kind).fetch_one(c).await)?;
        if last < used {
            low.push((kind.to_owned(), last, used));
        }
    }
    Ok(low)
}

/// Numbers that should name a row and do not, where the schema itself does not see to it.
const LOOSE: &[(&str, &str)] = &[
    (
        "an experiment's newest revision",
        "select e.id from experiments e
        where not exists (select 1 from revisions r where r.experiment = e.id and r.number = e.revision)
        order by e.id limit 100",
    ),
    (
        "an experiment's approved revision",
        "select e.id from experiments e
        where e.approved is not null
            and not exists (select 1 from revisions r where r.experiment = e.id and r.number = e.approved)
        order by e.id limit 100",
    ),
    (
        "an SLO's revision",
        "select s.id from slos s
        where not exists (select 1 from slo_revisions r where r.slo = s.id and r.number = s.revision)
        order by s.id limit 100",
    ),
    (
        "an SLO's approved revision",
        "select s.id from slos s
        where s.approved is not null
            and not exists (select 1 from slo_revisions r where r.slo = s.id and r.number = s.approved)
        order by s.id limit 100",
    ),
    (
        "a run's revision",
        "select x.id from runs x
        where not exists (select 1 from revisions r where r.experiment = x.experiment and r.number = x.revision)
        order by x.id limit 100",
    ),
    (
        "a revision whose services are kept",
        "select distinct x.experiment from revision_services x
        where not exists (select 1 from revisions r where r.experiment = x.experiment and r.number = x.number)
        order by x.experiment limit 100",
    ),
];

pub async fn loose(tx: &mut Tx) -> Result<Vec<(&'static str, i64)>> {
    let mut found = Vec::new();
    for (what, statement) in LOOSE {
        let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(*statement).fetch_all(c).await)?;
        found.extend(ids.into_iter().map(|id| (*what, id)));
    }
    Ok(found)
}

const SERVICES_KEPT: &str = "select service from revision_services where experiment = $1 and number = $2";

/// The services that are kept with a revision of a plan.
pub async fn services_kept(tx: &mut Tx, (experiment, number): (i64, i64)) -> Result<BTreeSet<String>> {
    let services: Vec<String> =
        on!(tx, c => sqlx::query_scalar(SERVICES_KEPT).bind(experiment).bind(number).fetch_all(c).await)?;
    Ok(services.into_iter().collect())
}

const LINES_OF_KIND: &str = "select count(*) from events where kind = $1";

pub async fn lines_of_kind(tx: &mut Tx, kind: &str) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(LINES_OF_KIND).bind(kind).fetch_one(c).await)?)
}
