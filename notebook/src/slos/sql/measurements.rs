//! How measurements are kept: rows that are only ever added.

use crate::{
    actor::PersonId,
    db::{Tx, on},
    fault::{Error, Fault, Result},
    id::SloId,
    interval::Interval,
    paging::Rows,
    slos::{
        acts::Recorded,
        measurements::{Measurement, Said, Source},
    },
    text::Note,
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    start_at: i64,
    end_at: i64,
    said: String,
    good: i64,
    bad: i64,
    source: String,
    person: Option<i64>,
    recorded_at: i64,
}

/// How what a record says is spelled.
const EVENTS: &str = "events";
const SLICES: &str = "slices";
const FULLY_BAD: &str = "fully_bad";
const WITHDRAWN: &str = "withdrawn";
/// All spellings, for whoever asks whether a row is understood.
pub(in crate::slos) const WORDS: [&str; 4] = [EVENTS, SLICES, FULLY_BAD, WITHDRAWN];

const fn spelled(said: Said) -> (&'static str, u64, u64) {
    match said {
        Said::Events { good, bad } => (EVENTS, good, bad),
        Said::Slices { good, bad } => (SLICES, good, bad),
        Said::FullyBad { events } => (FULLY_BAD, 0, events),
        Said::Withdrawn => (WITHDRAWN, 0, 0),
    }
}

impl TryFrom<Row> for Measurement {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let bad_row = |what: String| Fault::bad_row("slo_measurements", row.number, what);
        let count = |number: i64| u64::try_from(number).map_err(|e| bad_row(e.to_string()));
        let (good, bad) = (count(row.good)?, count(row.bad)?);
        let said = match row.said.as_str() {
            EVENTS => Said::Events { good, bad },
            SLICES => Said::Slices { good, bad },
            FULLY_BAD => Said::FullyBad { events: bad },
            WITHDRAWN => Said::Withdrawn,
            other => return Err(bad_row(format!("a word nobody knows: {other}")).into()),
        };
        let interval = Interval::new(Moment::from_micros(row.start_at), Moment::from_micros(row.end_at))
            .ok_or_else(|| bad_row("ends before it begins".into()))?;
        Ok(Self {
            interval,
            said,
            source: Source::named(&row.source).map_err(bad_row)?,
            by: row.person.map(PersonId),
            recorded_at: Moment::from_micros(row.recorded_at),
            sequence: row.number,
        })
    }
}

const INSERT: &str = "
    insert into slo_measurements
        (slo, number, start_at, end_at, said, good, bad, source, person, reason, recorded_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

pub(in crate::slos) async fn insert(
    tx: &mut Tx,
    slo: SloId,
    record: &Measurement,
    reason: Option<&Note>,
) -> Result<()> {
    let (said, good, bad) = spelled(record.said);
    let whole = |number: u64| i64::try_from(number).map_err(|e| Fault::Work(e.to_string()));
    on!(tx, c => sqlx::query(INSERT)
        .bind(slo.number())
        .bind(record.sequence)
        .bind(record.interval.start().micros())
        .bind(record.interval.end().micros())
        .bind(said)
        .bind(whole(good)?)
        .bind(whole(bad)?)
        .bind(record.source.word())
        .bind(record.by.map(|person| person.0))
        .bind(reason.map(Note::as_str))
        .bind(record.recorded_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const NEWEST: &str = "
    select number, recorded_at
    from slo_measurements
    where slo = $1
    order by number desc
    limit 1";

/// Number and moment of the record that was written last.
pub(in crate::slos) async fn newest(tx: &mut Tx, slo: SloId) -> Result<Option<(i64, Moment)>> {
    let row: Option<(i64, i64)> = on!(tx, c => sqlx::query_as(NEWEST).bind(slo.number()).fetch_optional(c).await)?;
    Ok(row.map(|(number, at)| (number, Moment::from_micros(at))))
}

// The bound stands inside, too: PostgreSQL would otherwise read what all SLOs ever measured.
const WITHIN: &str = "
    select m.number, m.start_at, m.end_at, m.said, m.good, m.bad, m.source, m.person, m.recorded_at
    from slo_measurements m
    where m.slo = $1
        and m.end_at > $2
        and m.start_at < $3
        and not exists (
            select 1 from slo_measurements x
            where x.slo = m.slo and x.end_at = m.end_at and x.start_at = m.start_at and x.number > m.number
                and x.end_at > $2)
    order by m.number";

/// The newest records of all intervals that share time with this one. Those of the same interval
/// have the same ends, so what is left out takes no part in what is asked.
pub(in crate::slos) async fn within(tx: &mut Tx, slo: SloId, interval: Interval) -> Result<Vec<Measurement>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(WITHIN)
        .bind(slo.number())
        .bind(interval.start().micros())
        .bind(interval.end().micros())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Measurement::try_from).collect()
}

const FIRST_END: &str = "select min(end_at) from slo_measurements where slo = $1";

/// Where the earliest interval ends that anybody ever spoke of.
pub(in crate::slos) async fn first_end(tx: &mut Tx, slo: SloId) -> Result<Option<Moment>> {
    let end: Option<i64> = on!(tx, c => sqlx::query_scalar(FIRST_END).bind(slo.number()).fetch_one(c).await)?;
    Ok(end.map(Moment::from_micros))
}

const LAST_END: &str = "
    select m.end_at
    from slo_measurements m
    where m.slo = $1
        and m.said in ('events', 'slices')
        and not exists (
            select 1 from slo_measurements x
            where x.slo = m.slo and x.end_at = m.end_at and x.start_at = m.start_at and x.number > m.number)
    order by m.end_at desc
    limit 1";

/// Where the newest measurement in force ends; a signed gap is none.
pub(in crate::slos) async fn last_end(tx: &mut Tx, slo: SloId) -> Result<Option<Moment>> {
    let end: Option<i64> = on!(tx, c => sqlx::query_scalar(LAST_END).bind(slo.number()).fetch_optional(c).await)?;
    Ok(end.map(Moment::from_micros))
}

const MEASURED_BEFORE: &str = "
    select m.end_at
    from slo_measurements m
    where m.slo = $1
        and m.said = 'events'
        and m.end_at <= $2
        and not exists (
            select 1 from slo_measurements x
            where x.slo = m.slo and x.end_at = m.end_at and x.start_at = m.start_at and x.number > m.number)
    order by m.end_at desc
    limit 1";

/// Where the last measured events end that lie before a moment.
pub(in crate::slos) async fn measured_before(tx: &mut Tx, slo: SloId, moment: Moment) -> Result<Option<Moment>> {
    let end: Option<i64> = on!(tx, c => sqlx::query_scalar(MEASURED_BEFORE)
        .bind(slo.number())
        .bind(moment.micros())
        .fetch_optional(c)
        .await)?;
    Ok(end.map(Moment::from_micros))
}

// Records that count do not overlap, so the first to end is the first to begin.
const MEASURED_AFTER: &str = "
    select m.start_at
    from slo_measurements m
    where m.slo = $1
        and m.said = 'events'
        and m.end_at > $2
        and m.start_at >= $2
        and not exists (
            select 1 from slo_measurements x
            where x.slo = m.slo and x.end_at = m.end_at and x.start_at = m.start_at and x.number > m.number)
    order by m.end_at
    limit 1";

/// Where the first measured events begin that lie after a moment.
pub(in crate::slos) async fn measured_after(tx: &mut Tx, slo: SloId, moment: Moment) -> Result<Option<Moment>> {
    let start: Option<i64> = on!(tx, c => sqlx::query_scalar(MEASURED_AFTER)
        .bind(slo.number())
        .bind(moment.micros())
        .fetch_optional(c)
        .await)?;
    Ok(start.map(Moment::from_micros))
}

const NEWEST_END_WITHOUT: &str = "
    select end_at
    from slo_measurements
    where slo = $1
    order by end_at desc
    limit 1
    offset $2";

/// Where the newest row ends after which there are so many; None if there are no more.
pub(in crate::slos) async fn newest_end_without(tx: &mut Tx, slo: SloId, rows: i64) -> Result<Option<Moment>> {
    let end: Option<i64> = on!(tx, c => sqlx::query_scalar(NEWEST_END_WITHOUT)
        .bind(slo.number())
        .bind(rows)
        .fetch_optional(c)
        .await)?;
    Ok(end.map(Moment::from_micros))
}

const FIND: &str = "
    select m.number, m.start_at, m.end_at, m.said, m.good, m.bad, m.source, m.person, m.recorded_at
    from slo_measurements m
    where m.slo = $1 and m.number = $2";

pub(in crate::slos) async fn find(tx: &mut Tx, slo: SloId, number: i64) -> Result<Option<Measurement>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(slo.number()).bind(number).fetch_optional(c).await)?;
    row.map(Measurement::try_from).transpose()
}

#[derive(sqlx::FromRow)]
struct Listed {
    #[sqlx(flatten)]
    row: Row,
    reason: Option<String>,
    name: Option<String>,
    replaced_by: Option<i64>,
}

const PAGE: &str = "
    select
        m.number, m.start_at, m.end_at, m.said, m.good, m.bad, m.source, m.person, m.recorded_at, m.reason, p.name,
        (select max(x.number) from slo_measurements x
            where x.slo = m.slo and x.end_at = m.end_at and x.start_at = m.start_at and x.number > m.number
        ) as replaced_by
    from slo_measurements m left join people p on p.id = m.person
    where m.slo = $1 and m.number < $2
    order by m.number desc
    limit $3";

/// One page and a row more, the last written first.
pub(in crate::slos) async fn page(tx: &mut Tx, slo: SloId, before: Option<i64>, rows: Rows) -> Result<Vec<Recorded>> {
    let found: Vec<Listed> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(slo.number())
        .bind(before.unwrap_or(i64::MAX))
        .bind(rows.and_one())
        .fetch_all(c)
        .await)?;
    let recorded = |listed: Listed| {
        Ok(Recorded {
            reason: listed.reason,
            name: listed.name.unwrap_or_default(),
            replaced_by: listed.replaced_by,
            record: listed.row.try_into()?,
        })
    };
    found.into_iter().map(recorded).collect()
}
