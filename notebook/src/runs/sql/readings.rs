//! How the readings of runs are kept, and whose turn it is to ask.

use std::collections::BTreeMap;

use crate::{
    db::{Tx, on, turns::claim_turn},
    experiments::plan::Plan,
    fault::{Fault, Result},
    id::{RunId, SAMPLE_FROM},
    limits::{PROBE_READINGS_MAX, PROBES_DUE_MAX},
    runs::readings::{Reading, Readings},
    time::Moment,
};

const DUE: &str = "
    select r.id
    from runs r left join probe_turns t on t.run = r.id
    where (r.execution in ('running', 'reverting')
            or (r.execution = 'planned' and coalesce(r.planned_at, r.created_at) between $2 and $3))
        and r.id < $4
        and (t.next_at is null or t.next_at <= $1)
        and (t.claimed_until is null or t.claimed_until <= $1)
    order by coalesce(t.next_at, 0), r.id
    limit $5";

/// Runs that go on, or are planned between two moments, and wait to be looked at; the longest waiting first.
pub(in crate::runs) async fn due(tx: &mut Tx, now: Moment, (from, to): (Moment, Moment)) -> Result<Vec<RunId>> {
    let rows: Vec<i64> = on!(tx, c => sqlx::query_scalar(DUE)
        .bind(now.micros())
        .bind(from.micros())
        .bind(to.micros())
        .bind(SAMPLE_FROM)
        .bind(PROBES_DUE_MAX)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(RunId::of).collect())
}

/// Whether this turn is ours, among all nodes.
pub(in crate::runs) async fn claim(tx: &mut Tx, run: RunId, until: Moment, now: Moment) -> Result<bool> {
    claim_turn!(tx, "probe_turns", "run" = run.number(), until, now)
}

const IS_CLAIMED: &str = "select count(*) from probe_turns where run = $1 and claimed_until = $2";

/// Whether a turn is still ours.
pub(in crate::runs) async fn is_claimed(tx: &mut Tx, run: RunId, claimed_until: Moment) -> Result<bool> {
    let claims: i64 = on!(tx, c => sqlx::query_scalar(IS_CLAIMED)
        .bind(run.number())
        .bind(claimed_until.micros())
        .fetch_one(c)
        .await)?;
    Ok(claims == 1)
}

const SETTLE: &str = "update probe_turns set next_at = $3, claimed_until = null where run = $1 and claimed_until = $2";

/// Says when to ask next, and gives the turn back. False if another one holds it by now.
pub(in crate::runs) async fn settle(tx: &mut Tx, run: RunId, claimed_until: Moment, next: Moment) -> Result<bool> {
    let settled = on!(tx, c => sqlx::query(SETTLE)
        .bind(run.number())
        .bind(claimed_until.micros())
        .bind(next.micros())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(settled == 1)
}

const ADD: &str = "
    insert into probe_readings (run, probe, at, value, why)
    values ($1, $2, $3, $4, $5)
    on conflict (run, at, probe) do nothing";

pub(in crate::runs) async fn add(tx: &mut Tx, run: RunId, probe: i64, reading: &Reading) -> Result<()> {
    let (value, why) = match &reading.value {
        Ok(value) => (Some(value.to_string()), None),
        Err(why) => (None, Some(why.as_str())),
    };
    on!(tx, c => sqlx::query(ADD)
        .bind(run.number())
        .bind(probe)
        .bind(reading.at.micros())
        .bind(value)
        .bind(why)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    probe: i64,
    at: i64,
    value: Option<String>,
    why: Option<String>,
}

const OF_RUN: &str = "
    select probe, at, value, why
    from probe_readings
    where run = $1 and at >= $2
    order by at desc, probe desc
    limit $3";

/// The readings of a run from a moment on, the oldest first; of very many the newest.
pub(in crate::runs) async fn of_run(tx: &mut Tx, run: RunId, from: Moment) -> Result<Readings> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_RUN)
        .bind(run.number())
        .bind(from.micros())
        .bind(PROBE_READINGS_MAX)
        .fetch_all(c)
        .await)?;
    let readings = rows.into_iter().rev().map(|row| row.read(run));
    Ok(Readings(readings.collect::<Result<_>>()?))
}

// What a plan asks stands in its text, so that comes along: once for each run, not beside each reading.
const OF_GOING: &str = "
    select
        r.id as run, v.plan, cast(null as bigint) as probe, cast(null as bigint) as at,
        cast(null as text) as value, cast(null as text) as why
    from runs r join revisions v on v.experiment = r.experiment and v.number = r.revision
    where r.execution in ('running', 'reverting')
    union all
    select p.run, cast(null as text), p.probe, p.at, p.value, p.why
    from runs r join probe_readings p on p.run = r.id and p.at >= $1
    where r.execution in ('running', 'reverting') and p.at >= coalesce(r.started_at, 0)
        and not exists (
            select 1 from probe_readings n where n.run = p.run and n.probe = p.probe and n.at > p.at
        )";

#[derive(sqlx::FromRow)]
struct GoingRow {
    run: i64,
    plan: Option<String>,
    probe: Option<i64>,
    at: Option<i64>,
    value: Option<String>,
    why: Option<String>,
}

/// The runs that go on with their plans, and the newest reading of each of their queries that was read since the run
/// started and since a moment.
pub(in crate::runs) async fn of_going(tx: &mut Tx, since: Moment) -> Result<BTreeMap<RunId, (Plan, Readings)>> {
    let rows: Vec<GoingRow> = on!(tx, c => sqlx::query_as(OF_GOING).bind(since.micros()).fetch_all(c).await)?;
    let mut going = BTreeMap::new();
    let mut readings = Vec::new();
    for GoingRow { run, plan, probe, at, value, why } in rows {
        let run = RunId::of(run);
        if let Some(text) = plan {
            let plan: Plan = serde_json::from_str(&text).map_err(|e| Fault::bad_row("revisions", run, e))?;
            going.insert(run, (plan, Readings::default()));
        } else if let Some((probe, at)) = probe.zip(at) {
            readings.push((run, Row { probe, at, value, why }.read(run)?));
        }
    }
    for (run, reading) in readings {
        if let Some((_, own)) = going.get_mut(&run) {
            own.0.push(reading);
        }
    }
    Ok(going)
}

const PAGE: &str = "
    select probe, at, value, why
    from probe_readings
    where run = $1 and at >= $2 and (at > $2 or probe > $3)
    order by at, probe
    limit $4";

/// A page of readings behind one of them, and a row more.
pub(in crate::runs) async fn page(
    tx: &mut Tx,
    run: RunId,
    (at, probe): (Moment, i64),
    rows: i64,
) -> Result<Vec<(i64, Reading)>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(run.number())
        .bind(at.micros())
        .bind(probe)
        .bind(rows)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(|row| row.read(run)).collect()
}

impl Row {
    fn read(self, run: RunId) -> Result<(i64, Reading)> {
        let value = match (self.value, self.why) {
            (Some(text), _) => {
                Ok(text.parse().map_err(|e: rust_decimal::Error| Fault::bad_row("probe_readings", run, e))?)
            }
            (None, why) => Err(why.unwrap_or_default()),
        };
        Ok((self.probe, Reading { at: Moment::from_micros(self.at), value }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::steps::steps;

    /// Whoever writes waits meanwhile: a turn costs what it reads, however long the run has gone on.
    #[tokio::test]
    async fn readings_stand_in_the_order_in_which_they_are_read() {
        for statement in [OF_RUN, PAGE] {
            let steps = steps(statement).await;
            assert!(steps.len() == 1 && steps[0].contains("(run=? AND at>?)"), "{steps:?}");
        }
    }
}
