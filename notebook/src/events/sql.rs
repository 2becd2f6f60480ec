//! How the trail is kept.

mod noted;
mod since;

pub(crate) use noted::noted_in;
pub(crate) use since::{concerning, decisions_since, runs_since};

use serde::Serialize;

use super::Entry;
use crate::{
    actor::{PersonId, Via},
    db::{Tx, on},
    desk::Desk,
    fault::{Error, Fault, Result},
    id::{ExperimentId, Kind as _, RunId, SAMPLE_FROM, SAMPLE_PREFIX, kind},
    interval::Interval,
    limits::NOTICE_LATE_HOURS,
    notifications::{mentions::may_mention, topics},
    time::Moment,
};

const INSERT: &str = "
    insert into events (at, recorded_at, person, via, kind, object, act, body)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    returning seq";

/// Writes one line, and into the outbox where somebody is told of it, or may be mentioned in it. `at` is when it was
/// so; the desk's now is when it was written down.
pub async fn note(
    desk: &Desk,
    tx: &mut Tx,
    (kind, object): (&str, &str),
    act: &str,
    at: Moment,
    body: &(impl Serialize + Sync),
) -> Result<i64> {
    let body = serde_json::to_string(body).map_err(|e| Fault::Work(format!("event body: {e}")))?;
    let mentions = may_mention(kind, act, &body);
    tx.lock_events().await?;
    let person = desk.person_id().map(|p| p.0);
    let seq: i64 = on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(at.micros())
        .bind(desk.now().micros())
        .bind(person)
        .bind(desk.via.word())
        .bind(kind)
        .bind(object)
        .bind(act)
        .bind(body)
        .fetch_one(c)
        .await)?;
    // Nobody is told of the sample's story, nor of what was so long ago.
    let is_sample = desk.writes_sample() || object.starts_with(SAMPLE_PREFIX);
    let is_news = at.plus_hours(NOTICE_LATE_HOURS) > desk.now();
    let is_told = topics::of_line(kind, act).is_some() || mentions;
    if !is_sample && is_news && is_told {
        on!(tx, c => sqlx::query(PUT_OUT).bind(seq).execute(c).await.map(|_| ()))?;
    }
    Ok(seq)
}

const PUT_OUT: &str = "insert into outbox (seq) values ($1)";

const HAS_OUTBOX: &str = "select count(*) from (select seq from outbox limit 1) waiting";

/// Whether lines wait to be told to somebody.
pub(crate) async fn has_outbox(tx: &mut Tx) -> Result<bool> {
    let waiting: i64 = on!(tx, c => sqlx::query_scalar(HAS_OUTBOX).fetch_one(c).await)?;
    Ok(waiting > 0)
}

const OUTBOX: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from outbox o join events e on e.seq = o.seq left join people p on p.id = e.person
    order by o.seq
    limit $1";

/// At most so many lines that wait to be told to somebody, oldest first.
pub(crate) async fn outbox(tx: &mut Tx, rows: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OUTBOX).bind(rows).fetch_all(c).await)?;
    rows.into_iter().map(Entry::try_from).collect()
}

const IS_IN_OUTBOX: &str = "select count(*) from outbox where seq = $1";

/// Whether a line still waits to be told to somebody.
pub(crate) async fn is_in_outbox(tx: &mut Tx, seq: i64) -> Result<bool> {
    let waiting: i64 = on!(tx, c => sqlx::query_scalar(IS_IN_OUTBOX).bind(seq).fetch_one(c).await)?;
    Ok(waiting > 0)
}

const TAKE_OUT: &str = "delete from outbox where seq <= $1";

/// Those up to this one are told.
pub(crate) async fn take_out(tx: &mut Tx, seq: i64) -> Result<()> {
    on!(tx, c => sqlx::query(TAKE_OUT).bind(seq).execute(c).await.map(|_| ()))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    at: i64,
    recorded_at: i64,
    person: Option<i64>,
    name: Option<String>,
    via: String,
    kind: String,
    object: String,
    act: String,
    body: String,
}

impl TryFrom<Row> for Entry {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let via = Via::named(&row.via).ok_or_else(|| Fault::bad_row("events", row.seq, format!("door {}", row.via)))?;
        Ok(Self {
            seq: row.seq,
            at: Moment::from_micros(row.at),
            recorded_at: Moment::from_micros(row.recorded_at),
            person: row.person.map(PersonId),
            name: row.name.unwrap_or_default(),
            via,
            kind: row.kind,
            object: row.object,
            act: row.act,
            body: row.body,
        })
    }
}

const OF_OBJECT: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.kind = $1 and e.object = $2
    order by e.seq";

/// All lines about one thing, oldest first.
pub async fn of_object(tx: &mut Tx, kind: &str, object: &str) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_OBJECT).bind(kind).bind(object).fetch_all(c).await)?;
    rows.into_iter().map(Entry::try_from).collect()
}

const TIES: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.kind = 'finding'
        and e.act in ('marked_duplicate', 'linked')
        and e.body = $1
    order by e.seq desc
    limit $2";

/// The newest lines of findings that say exactly this of another finding, newest first.
pub(crate) async fn ties(tx: &mut Tx, says: &(impl Serialize + Sync), rows: i64) -> Result<Vec<Entry>> {
    let body = serde_json::to_string(says).map_err(|e| Fault::Work(format!("event body: {e}")))?;
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(TIES).bind(body).bind(rows).fetch_all(c).await)?;
    rows.into_iter().map(Entry::try_from).collect()
}

const AFTER: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.seq > $1
    order by e.seq
    limit $2";

/// At most so many lines after this one, oldest first.
pub(super) async fn after(tx: &mut Tx, seq: i64, rows: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(AFTER).bind(seq).bind(rows).fetch_all(c).await)?;
    rows.into_iter().map(Entry::try_from).collect()
}

const OF_OBJECT_AFTER: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.kind = $1 and e.object = $2 and e.seq > $3
    order by e.seq
    limit $4";

/// The same about one thing.
pub(super) async fn of_object_after(
    tx: &mut Tx,
    (kind, object): (&str, &str),
    seq: i64,
    rows: i64,
) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_OBJECT_AFTER)
        .bind(kind)
        .bind(object)
        .bind(seq)
        .bind(rows)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Entry::try_from).collect()
}

const NEWEST_OF_OBJECT: &str = "select max(seq) from events where kind = $1 and object = $2";

/// The number of the newest line about one thing; None without any.
pub(super) async fn newest_of_object(tx: &mut Tx, (kind, object): (&str, &str)) -> Result<Option<i64>> {
    Ok(on!(tx, c => sqlx::query_scalar(NEWEST_OF_OBJECT).bind(kind).bind(object).fetch_one(c).await)?)
}

const NEWEST: &str = "select max(recorded_at) from events";

/// When the newest line was written down.
pub(super) async fn newest(tx: &mut Tx) -> Result<Option<Moment>> {
    let newest: Option<i64> = on!(tx, c => sqlx::query_scalar(NEWEST).fetch_one(c).await)?;
    Ok(newest.map(Moment::from_micros))
}

const NEWEST_SEQ: &str = "select max(seq) from events";

/// The number of the newest line; 0 before the first.
pub(crate) async fn newest_seq(tx: &mut Tx) -> Result<i64> {
    let newest: Option<i64> = on!(tx, c => sqlx::query_scalar(NEWEST_SEQ).fetch_one(c).await)?;
    Ok(newest.unwrap_or_default())
}

/// Sample rows are written in one piece and have numbers from here on.
const OWN_NUMBERS_END: i64 = 900_000_000;

const WITHOUT_LINES: &str = "
    select 'team:' || x.slug from teams x
        where not exists (select 1 from events e where e.kind = 'team' and e.object = x.slug)
    union all
    select 'freeze:' || x.id from freezes x where x.id < $1
        and not exists (select 1 from events e where e.kind = 'freeze' and e.object = cast(x.id as text))
    union all
    select 'SLO-' || x.id from slos x where x.id < $1
        and not exists (select 1 from events e where e.kind = 'slo' and e.object = 'SLO-' || x.id)
    union all
    select 'EXP-' || x.id from experiments x where x.id < $1
        and not exists (select 1 from events e where e.kind = 'experiment' and e.object = 'EXP-' || x.id)
    union all
    select 'RUN-' || x.id from runs x where x.id < $1
        and not exists (select 1 from events e where e.kind = 'run' and e.object = 'RUN-' || x.id)
    union all
    select 'FND-' || x.id from findings x where x.id < $1
        and not exists (select 1 from events e where e.kind = 'finding' and e.object = 'FND-' || x.id)
    union all
    select 'FIX-' || x.id from fixes x where x.id < $1
        and not exists (select 1 from events e where e.kind = 'fix' and e.object = 'FIX-' || x.id)
    union all
    select 'DEC-' || x.id from decisions x where x.id < $1
        and not exists (select 1 from events e where e.kind = 'decision' and e.object = 'DEC-' || x.id)
    union all
    select 'GD-' || x.id from gamedays x where x.id < $1
        and not exists (select 1 from events e where e.kind = 'gameday' and e.object = 'GD-' || x.id)
    limit $2";

/// Things whose making stands nowhere, at most so many.
pub(super) async fn without_lines(tx: &mut Tx, rows: i64) -> Result<Vec<String>> {
    let ids = on!(tx, c => sqlx::query_scalar(WITHOUT_LINES).bind(OWN_NUMBERS_END).bind(rows).fetch_all(c).await)?;
    Ok(ids)
}

// Spelled out, so that both engines see that the index events_slo fits.
const OF_SLO_BUT_NUMBERS: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.kind = 'slo' and e.act <> 'measured' and e.act <> 'honeycomb_budget' and e.object = $1
    order by e.seq";

/// Lines about one SLO, oldest first, without those of numbers that programs bring all day.
pub(crate) async fn of_slo_but_numbers(tx: &mut Tx, object: &str) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_SLO_BUT_NUMBERS).bind(object).fetch_all(c).await)?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// Runs whose lines one statement reads.
pub(crate) const RUNS_READ_TOGETHER: usize = 20;

const OF_RUNS: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.kind = 'run' and e.act <> 'observed' and e.object in
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
    order by e.seq";

/// Lines about the first [`RUNS_READ_TOGETHER`] of these runs, oldest first, without the many that say nothing of what
/// a run amounts to.
pub(crate) async fn of_runs(tx: &mut Tx, objects: &[String]) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = sqlx::query_as(OF_RUNS);
        for place in 0..RUNS_READ_TOGETHER {
            query = query.bind(objects.get(place).map_or("", String::as_str));
        }
        query.fetch_all(c).await
    })?;
    rows.into_iter().map(Entry::try_from).collect()
}

const COUNT: &str = "select count(*) from events where kind = $1 and object = $2";

/// How many lines there are about one thing.
pub(crate) async fn count(tx: &mut Tx, (kind, object): (&str, &str)) -> Result<usize> {
    let lines: i64 = on!(tx, c => sqlx::query_scalar(COUNT).bind(kind).bind(object).fetch_one(c).await)?;
    Ok(usize::try_from(lines).unwrap_or_default())
}

const NEWEST_OF: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.kind = $1 and e.object = $2 and e.act = $3
    order by e.seq desc
    limit 1";

/// The newest line about one thing that says this act.
pub(crate) async fn newest_of(tx: &mut Tx, (kind, object): (&str, &str), act: &str) -> Result<Option<Entry>> {
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(NEWEST_OF).bind(kind).bind(object).bind(act).fetch_optional(c).await)?;
    row.map(Entry::try_from).transpose()
}

const SOME_OF: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.kind = $1 and e.object = $2 and e.act = $3
    order by e.seq
    limit $4 offset $5";

/// Lines about one thing that say this act, oldest first: so many after the first `skip`.
pub(crate) async fn some_of(
    tx: &mut Tx,
    (kind, object): (&str, &str),
    act: &str,
    skip: i64,
    rows: i64,
) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(SOME_OF)
        .bind(kind)
        .bind(object)
        .bind(act)
        .bind(rows)
        .bind(skip)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Entry::try_from).collect()
}

const OF_KIND: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.kind = $1
    order by e.seq";

/// All lines about one kind of thing, oldest first.
pub(crate) async fn of_kind(tx: &mut Tx, kind: &str) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_KIND).bind(kind).fetch_all(c).await)?;
    rows.into_iter().map(Entry::try_from).collect()
}

// Spelled out, so that both engines see that the index events_of_week fits.
const OF_WEEK: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.act in ('signed', 'closed', 'written', 'turned')
        and e.recorded_at >= $1
        and e.recorded_at < $2
        and e.object not like 'DEMO-%'
    order by e.seq desc
    limit $3";

/// Lines that say what the notebook's own things came to in a stretch of time, the newest first, at most so many.
pub(crate) async fn of_week(tx: &mut Tx, (from, until): (Moment, Moment), rows: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_WEEK)
        .bind(from.micros())
        .bind(until.micros())
        .bind(rows)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// What stands before a run's number in its id, and from which number on these count.
fn run_prefix(is_sample: bool) -> (String, i64) {
    let (prefix, from) = if is_sample { (SAMPLE_PREFIX, SAMPLE_FROM) } else { ("", 0) };
    (format!("{prefix}{}-", kind::Run::PREFIX), from)
}

const OF_RUNS_OF: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.kind = 'run'
        and e.act <> 'observed'
        and e.object in (select cast($2 as text) || (r.id - $3) from runs r where r.experiment = $1)
    order by e.seq";

/// Lines about all runs of one experiment, oldest first, without observations.
pub(crate) async fn of_runs_of(tx: &mut Tx, experiment: ExperimentId) -> Result<Vec<Entry>> {
    // A sample experiment has the sample's runs, another one has people's own.
    let (prefix, from) = run_prefix(experiment.is_sample());
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_RUNS_OF)
        .bind(experiment.number())
        .bind(prefix)
        .bind(from)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Entry::try_from).collect()
}

const OF_RUNS_WITHIN: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.kind = 'run'
        and e.act in ('planned', 'moved_to', 'attends', 'started', 'ended', 'cancelled', 'missed')
        and e.object in (
            select cast($1 as text) || (r.id - $2)
            from runs r
            where r.id >= $2
                and r.id < $3
                and ((r.planned_at >= $4 and r.planned_at < $5) or (r.started_at >= $4 and r.started_at < $5)))
    order by e.seq";

/// The lines that say when the notebook's own runs of a stretch of time are, and who is on them; oldest first.
pub(crate) async fn of_runs_within(tx: &mut Tx, stretch: Interval) -> Result<Vec<Entry>> {
    let (prefix, from) = run_prefix(false);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_RUNS_WITHIN)
        .bind(prefix)
        .bind(from)
        .bind(SAMPLE_FROM)
        .bind(stretch.start().micros())
        .bind(stretch.end().micros())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Entry::try_from).collect()
}

const OF_RUNS_BETWEEN: &str = "
    select e.seq, e.at, e.recorded_at, e.person, p.name, e.via, e.kind, e.object, e.act, e.body
    from events e left join people p on p.id = e.person
    where e.kind = 'run'
        and e.act <> 'observed'
        and e.object in (
            select cast($1 as text) || (r.id - $2)
            from runs r
            where r.id >= $3
                and r.id <= $4
                and (cast($5 as text) is null or r.execution = $5)
                and (cast($6 as bigint) is null or r.experiment = $6))
    order by e.seq";

/// Lines about the runs of a page of their list, from one number to another, oldest first, without
/// observations. Both are of the sample, or neither is.
pub(crate) async fn of_runs_between(
    tx: &mut Tx,
    (first, last): (RunId, RunId),
    execution: Option<&str>,
    experiment: Option<ExperimentId>,
) -> Result<Vec<Entry>> {
    let (prefix, from) = run_prefix(first.is_sample());
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_RUNS_BETWEEN)
        .bind(prefix)
        .bind(from)
        .bind(first.number())
        .bind(last.number())
        .bind(execution)
        .bind(experiment.map(ExperimentId::number))
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Entry::try_from).collect()
}
