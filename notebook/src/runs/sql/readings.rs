//! How the readings of runs are kept, and whose turn it is to ask.

use crate::{
    db::{Tx, on, turns::claim_turn},
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
    use sqlx::{AssertSqlSafe, Connection, Row as _, SqliteConnection};

    use super::*;

    /// Whoever writes waits meanwhile: a turn costs what it reads, however long the run has gone on.
    #[tokio::test]
    async fn readings_stand_in_the_order_in_which_they_are_read() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let runs = "create table runs (id bigint primary key, execution text not null)";
        for statements in [runs, include_str!("../../../../migrations/sqlite/0014_readings.sql")] {
            sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
        }
        for statement in [OF_RUN, PAGE] {
            let explain = AssertSqlSafe(format!("explain query plan {statement}"));
            let steps = sqlx::query(explain).fetch_all(&mut connection).await.unwrap();
            let steps: Vec<String> = steps.iter().map(|step| step.get("detail")).collect();
            assert!(steps.len() == 1 && steps[0].contains("(run=? AND at>?)"), "{steps:?}");
        }
    }
}
