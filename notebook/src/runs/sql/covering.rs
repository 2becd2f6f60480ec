//! Which services runs ended on, and the newest of these runs: for maps, which cannot look at every run.

use std::collections::BTreeSet;

use super::Row;
use crate::{
    db::{Tx, like::as_set, on},
    fault::{Error, Fault, Result},
    runs::Run,
    text::Slug,
};

const TRIED: &str = "
    select distinct x.service
    from experiment_services x
    where exists (
        select 1 from runs r where r.experiment = x.experiment and r.execution in ('finished', 'aborted'))";

/// Every service on which any run ended.
pub(in crate::runs) async fn tried(tx: &mut Tx) -> Result<BTreeSet<Slug>> {
    let slugs: Vec<String> = on!(tx, c => sqlx::query_scalar(TRIED).fetch_all(c).await)?;
    let slug = |text: &String| Slug::new(text).map_err(|e| Error::from(Fault::bad_row("experiment_services", text, e)));
    slugs.iter().map(slug).collect()
}

const NEWEST_ENDED_ON: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where r.id in (
        select n.id
        from (
            select h.id, row_number() over (
                partition by h.experiment, h.revision, h.environment order by h.ended_at desc, h.id desc) as place
            from runs h
            where h.execution in ('finished', 'aborted')
                and h.experiment in (
                    select x.experiment
                    from experiment_services x
                    where cast($1 as text) like '%|' || x.service || '|%')) n
        where n.place = 1)
    order by r.ended_at desc, r.id desc
    limit $2";

/// Of the runs that ended on these services, the newest of each revision in each environment, the newest first.
pub(in crate::runs) async fn newest_ended_on(tx: &mut Tx, services: &BTreeSet<Slug>, rows: i64) -> Result<Vec<Run>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(NEWEST_ENDED_ON)
        .bind(as_set(services))
        .bind(rows)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Run::try_from).collect()
}
