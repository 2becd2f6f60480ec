//! How cadences are kept, and what was said of their slots.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{Cadence, SlotTold, retired::Move};
use crate::{
    actor::PersonId,
    calendar::recurrence::Recurrence,
    db::{Tx, on},
    experiments::trail::act,
    fault::{Error, Fault, Result},
    id::{ExperimentId, RunId, SAMPLE_FROM, SAMPLE_PREFIX},
    interval::Interval,
    runs::facts::Execution,
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    experiment: i64,
    rule: String,
    since_at: i64,
    until_at: Option<i64>,
    person: Option<i64>,
}

impl TryFrom<Row> for Cadence {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let rule = serde_json::from_str(&row.rule).map_err(|e| Fault::bad_row("cadences", row.id, e))?;
        Ok(Self {
            id: row.id,
            experiment: ExperimentId::of(row.experiment),
            rule,
            since: Moment::from_micros(row.since_at),
            until: row.until_at.map(Moment::from_micros),
            by: row.person.map(PersonId),
        })
    }
}

fn written(value: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_string(value).map_err(|e| Fault::Work(format!("writing a cadence: {e}")))?)
}

const INSERT: &str = "
    insert into cadences (id, experiment, rule, since_at, until_at, person)
    values ($1, $2, $3, $4, null, $5)";

pub(super) async fn insert(
    tx: &mut Tx,
    (id, experiment): (i64, ExperimentId),
    rule: &Recurrence,
    since: Moment,
    by: Option<PersonId>,
) -> Result<()> {
    let rule = written(rule)?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(id)
        .bind(experiment.number())
        .bind(&rule)
        .bind(since.micros())
        .bind(by.map(|person| person.0))
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const END: &str = "update cadences set until_at = $2 where experiment = $1 and until_at is null";

/// False if none was in force.
pub(super) async fn end(tx: &mut Tx, experiment: ExperimentId, at: Moment) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(END)
        .bind(experiment.number())
        .bind(at.micros())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

const OF: &str = "
    select id, experiment, rule, since_at, until_at, person
    from cadences
    where experiment = $1
    order by id";

/// All cadences an experiment has had, the newest last.
pub(super) async fn of(tx: &mut Tx, experiment: ExperimentId) -> Result<Vec<Cadence>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF).bind(experiment.number()).fetch_all(c).await)?;
    rows.into_iter().map(Cadence::try_from).collect()
}

const DURING: &str = "
    select id, experiment, rule, since_at, until_at, person
    from cadences
    where since_at < $2 and (until_at is null or until_at > $1)
    order by experiment, id";

/// Those in force at some instant of a stretch of time.
pub(super) async fn during(tx: &mut Tx, stretch: Interval) -> Result<Vec<Cadence>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(DURING)
        .bind(stretch.start().micros())
        .bind(stretch.end().micros())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Cadence::try_from).collect()
}

/// What was said last of one slot.
pub(super) struct ToldRow {
    pub experiment: ExperimentId,
    pub date: Date,
    pub told: SlotTold,
    /// Of its run, if it has one.
    pub execution: Option<Execution>,
    pub version: i64,
    pub changed_at: Moment,
}

#[derive(sqlx::FromRow)]
struct SlotRow {
    experiment: i64,
    date: String,
    body: String,
    version: i64,
    changed_at: i64,
    execution: Option<String>,
}

impl TryFrom<SlotRow> for ToldRow {
    type Error = Error;

    fn try_from(row: SlotRow) -> Result<Self> {
        let bad = |what: String| Fault::bad_row("cadence_slots", &row.date, what);
        Ok(Self {
            experiment: ExperimentId::of(row.experiment),
            date: row.date.parse().map_err(|_| bad("its date is none".into()))?,
            told: serde_json::from_str(&row.body).map_err(|e| bad(e.to_string()))?,
            execution: row.execution.as_deref().map(Execution::named).transpose().map_err(&bad)?,
            version: row.version,
            changed_at: Moment::from_micros(row.changed_at),
        })
    }
}

const TELL: &str = "
    insert into cadence_slots (experiment, date, due_at, at, body, run, version, changed_at)
    values ($1, $2, $3, $4, $5, $6, 1, $7)
    on conflict (experiment, date) do update
    set at = excluded.at, body = excluded.body, run = excluded.run, version = cadence_slots.version + 1,
        changed_at = excluded.changed_at";

/// Keeps what is said of a slot, in place of what was said before.
pub(super) async fn tell(
    tx: &mut Tx,
    experiment: ExperimentId,
    (date, due): (Date, Moment),
    told: &SlotTold,
    now: Moment,
) -> Result<()> {
    let (at, run) = match told {
        SlotTold::Skipped { .. } => (due, None),
        SlotTold::Postponed { to, .. } => (*to, None),
        SlotTold::Planned { run } => (due, Some(run.number())),
    };
    let body = written(told)?;
    on!(tx, c => sqlx::query(TELL)
        .bind(experiment.number())
        .bind(date.to_string())
        .bind(due.micros())
        .bind(at.micros())
        .bind(&body)
        .bind(run)
        .bind(now.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const NAMED: &str = "
    select s.run, s.experiment, s.date
    from cadence_slots s join runs r on r.id = s.run
    where (r.started_at >= $1 and r.started_at < $2)
        or (r.started_at is null and r.planned_at >= $1 and r.planned_at < $2)
    order by s.run";

/// Which slots the runs of a stretch of time were planned from, wherever these lie.
pub(super) async fn slots_of_runs(tx: &mut Tx, stretch: Interval) -> Result<Vec<(RunId, ExperimentId, String)>> {
    let rows: Vec<(i64, i64, String)> = on!(tx, c => sqlx::query_as(NAMED)
        .bind(stretch.start().micros())
        .bind(stretch.end().micros())
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(run, experiment, date)| (RunId::of(run), ExperimentId::of(experiment), date)).collect())
}

const BEGUN: &str = "
    select r.id, r.experiment, r.started_at
    from runs r
    where r.started_at >= $1
        and r.started_at <= $2
        and r.experiment in (select c.experiment from cadences c)
        and not exists (select 1 from cadence_slots s where s.run = r.id)
    order by r.started_at, r.id";

/// A run that was planned from no slot, and when it began.
pub(super) struct Begun {
    pub run: RunId,
    pub experiment: ExperimentId,
    pub at: Moment,
}

/// Runs of experiments with a cadence that began from one moment to another and were planned from no slot, the
/// earliest first.
pub(super) async fn begun(tx: &mut Tx, from: Moment, to: Moment) -> Result<Vec<Begun>> {
    let rows: Vec<(i64, i64, i64)> =
        on!(tx, c => sqlx::query_as(BEGUN).bind(from.micros()).bind(to.micros()).fetch_all(c).await)?;
    let begun = |(run, experiment, at)| Begun {
        run: RunId::of(run),
        experiment: ExperimentId::of(experiment),
        at: Moment::from_micros(at),
    };
    Ok(rows.into_iter().map(begun).collect())
}

const TOLD: &str = "
    select s.experiment, s.date, s.body, s.version, s.changed_at, r.execution
    from cadence_slots s left join runs r on r.id = s.run
    where (s.due_at >= $1 and s.due_at < $2) or (s.at >= $1 and s.at < $2)
    order by s.experiment, s.date";

/// What was said of slots that are named, or were postponed, into a stretch of time.
pub(super) async fn told(tx: &mut Tx, stretch: Interval) -> Result<Vec<ToldRow>> {
    let rows: Vec<SlotRow> = on!(tx, c => sqlx::query_as(TOLD)
        .bind(stretch.start().micros())
        .bind(stretch.end().micros())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(ToldRow::try_from).collect()
}

const RETIRED_AND_REOPENED: &str = "
    select e.act, e.at
    from events e
    where e.kind = 'experiment' and e.object = $1 and e.act in ('retired', 'reopened')
    order by e.seq";

/// When an experiment was retired, and when it was reopened, in order.
pub(super) async fn retired_and_reopened(tx: &mut Tx, experiment: ExperimentId) -> Result<Vec<Move>> {
    let rows: Vec<(String, i64)> =
        on!(tx, c => sqlx::query_as(RETIRED_AND_REOPENED).bind(experiment.to_string()).fetch_all(c).await)?;
    Ok(rows.iter().map(|(word, at)| moved(word, *at)).collect())
}

fn moved(word: &str, at: i64) -> Move {
    let at = Moment::from_micros(at);
    if word == act::RETIRED { Move::Retired(at) } else { Move::Reopened(at) }
}

// Each by its name, as the index has them; a sample experiment is called by its own numbers.
const MOVES_DURING: &str = "
    select e.object, e.act, e.at
    from events e
    where e.kind = 'experiment'
        and e.act in ('retired', 'reopened')
        and e.object in (
            select case
                when c.experiment < $3 then 'EXP-' || c.experiment
                else cast($4 as text) || 'EXP-' || (c.experiment - $3) end
            from cadences c
            where c.since_at < $2 and (c.until_at is null or c.until_at > $1))
    order by e.seq";

/// The same of all experiments with a cadence in force at some instant of a stretch of time, by their names.
pub(super) async fn moves_during(tx: &mut Tx, stretch: Interval) -> Result<HashMap<String, Vec<Move>>> {
    let rows: Vec<(String, String, i64)> = on!(tx, c => sqlx::query_as(MOVES_DURING)
        .bind(stretch.start().micros())
        .bind(stretch.end().micros())
        .bind(SAMPLE_FROM)
        .bind(SAMPLE_PREFIX)
        .fetch_all(c)
        .await)?;
    let mut moves: HashMap<String, Vec<Move>> = HashMap::new();
    for (object, word, at) in rows {
        moves.entry(object).or_default().push(moved(&word, at));
    }
    Ok(moves)
}
