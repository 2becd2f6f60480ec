//! What lists say beside their rows: which runs are planned, and how many began in each week.

use std::collections::BTreeSet;

use super::{Filter, Row};
use crate::{
    db::{Tx, on},
    fault::Result,
    id::ExperimentId,
    interval::Interval,
    runs::{Run, facts::Execution},
    time::MICROS_A_DAY,
};

const PLANNED_OF: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where r.execution = 'planned' and cast($1 as text) like '%|' || r.experiment || '|%'
    order by r.planned_at is null, r.planned_at, r.id";

/// The planned runs of these experiments, the soonest first; those without a time last.
pub(in crate::runs) async fn planned_of(tx: &mut Tx, experiments: &BTreeSet<ExperimentId>) -> Result<Vec<Run>> {
    let set = experiments.iter().fold("|".to_owned(), |set, id| set + &id.number().to_string() + "|");
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PLANNED_OF).bind(&set).fetch_all(c).await)?;
    rows.into_iter().map(Run::try_from).collect()
}

const BY_WEEK: &str = "
    select (r.started_at - $1) / $5 as week, count(*)
    from runs r
    where r.started_at >= $1 and r.started_at < $2
        and (cast($3 as text) is null or r.execution = $3)
        and (cast($4 as bigint) is null or r.experiment = $4)
    group by 1
    order by 1";

/// How many of the runs that a list shows began in each week of a stretch of time, by the weeks' places from 0 on.
pub(in crate::runs) async fn by_week(tx: &mut Tx, filter: &Filter, weeks: Interval) -> Result<Vec<(i64, i64)>> {
    Ok(on!(tx, c => sqlx::query_as(BY_WEEK)
        .bind(weeks.start().micros())
        .bind(weeks.end().micros())
        .bind(filter.execution.map(Execution::word))
        .bind(filter.experiment.map(ExperimentId::number))
        .bind(7 * MICROS_A_DAY)
        .fetch_all(c)
        .await)?)
}
