//! What the lines after a known one are about, for what was worked out up to there.

use crate::{
    db::{Tx, on},
    fault::Result,
    id::{ExperimentId, RunId},
};

// The stretch first: by its kind, either engine would read every line about runs that there is.
const CONCERNS: &str = "
    select count(*)
    from (select x.kind, x.object, x.act from events x where x.seq > $1 order by x.seq limit $2) as e
    where e.kind in ('environment', 'service', 'change', 'experiment', 'cadence', 'run', 'finding', 'fix')
        and (e.kind <> 'run'
            or e.act <> 'observed' and exists (
                select 1 from runs r
                where r.experiment = $3
                    and r.id = case when e.object like 'RUN-%' then cast(substr(e.object, 5) as bigint) end))";

/// How many of at most so many lines after this one may change what follows for an experiment of the notebook's
/// own: those about its runs, and about anything else but runs that such an answer rests on. Observations are not
/// read for it.
pub(crate) async fn concerning(tx: &mut Tx, experiment: ExperimentId, after: i64, rows: i64) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(CONCERNS)
        .bind(after)
        .bind(rows)
        .bind(experiment.number())
        .fetch_one(c)
        .await)?)
}

// Here too (`cross join`): by itself SQLite begins with all runs of the experiment.
const RUNS_SINCE: &str = "
    select distinct r.id
    from (select x.kind, x.object, x.act from events x where x.seq > $1 order by x.seq limit $2) as e
        cross join runs r
    where e.kind = 'run' and e.act <> 'observed' and r.experiment = $3
        and r.id = case when e.object like 'RUN-%' then cast(substr(e.object, 5) as bigint) end";

/// Which runs of an experiment of the notebook's own at most so many lines after this one are about; observations
/// are not counted.
pub(crate) async fn runs_since(tx: &mut Tx, experiment: ExperimentId, after: i64, rows: i64) -> Result<Vec<RunId>> {
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(RUNS_SINCE)
        .bind(after)
        .bind(rows)
        .bind(experiment.number())
        .fetch_all(c)
        .await)?;
    Ok(ids.into_iter().map(RunId::of).collect())
}

const DECISIONS_SINCE: &str = "
    select count(*)
    from (select x.kind from events x where x.seq > $1 order by x.seq limit $2) as e
    where e.kind = 'decision'";

/// How many of at most so many lines after this one are about decisions.
pub(crate) async fn decisions_since(tx: &mut Tx, after: i64, rows: i64) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(DECISIONS_SINCE).bind(after).bind(rows).fetch_one(c).await)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::steps::steps;

    /// However many lines and runs a notebook has, only those lines are read.
    #[tokio::test]
    async fn new_lines_are_found_by_their_numbers() {
        for statement in [CONCERNS, RUNS_SINCE, DECISIONS_SINCE] {
            let steps = steps(statement).await;
            let reads = |step: &&String| step.starts_with("SEARCH x") || step.starts_with("SEARCH r");
            let read: Vec<&String> = steps.iter().filter(reads).collect();
            assert!(read.iter().all(|step| step.contains("INTEGER PRIMARY KEY")) && !read.is_empty(), "{steps:?}");
            let is_whole = |step: &String| step.contains("AUTOMATIC") || step.starts_with("SCAN") && step != "SCAN e";
            assert!(!steps.iter().any(is_whole), "{steps:?}");
        }
    }
}
