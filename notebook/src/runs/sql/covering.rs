//! Which services runs ended on, by the revision of the plan that each used, and the newest of these runs: for maps,
//! which cannot look at every run.

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
    from revision_services x
    where exists (
        select 1
        from runs r
        where r.experiment = x.experiment and r.revision = x.number and r.execution in ('finished', 'aborted'))";

/// Every service that the plan of any run named which ended, whatever later plans name.
pub(in crate::runs) async fn tried(tx: &mut Tx) -> Result<BTreeSet<Slug>> {
    let slugs: Vec<String> = on!(tx, c => sqlx::query_scalar(TRIED).fetch_all(c).await)?;
    let slug = |text: &String| Slug::new(text).map_err(|e| Error::from(Fault::bad_row("revision_services", text, e)));
    slugs.iter().map(slug).collect()
}

/// Each `cross join` keeps its order on the embedded database: a page's services lead to their plans, and these to
/// their runs.
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
            from (
                select distinct x.experiment, x.number
                from services s cross join revision_services x
                where x.service = s.slug and cast($1 as text) like '%|' || s.slug || '|%') p
                cross join runs h
            where h.experiment = p.experiment and h.revision = p.number
                and h.execution in ('finished', 'aborted')) n
        where n.place = 1)
    order by r.ended_at desc, r.id desc
    limit $2";

/// Of the runs that ended and whose own revision names these services, the newest of each revision in each
/// environment, the newest first, at most so many.
pub(in crate::runs) async fn newest_ended_on(tx: &mut Tx, services: &BTreeSet<Slug>, rows: i64) -> Result<Vec<Run>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(NEWEST_ENDED_ON)
        .bind(as_set(services))
        .bind(rows)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Run::try_from).collect()
}
