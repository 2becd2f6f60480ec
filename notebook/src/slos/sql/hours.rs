//! How the measurements of whole hours are kept beside the rows they were made of. A trigger drops an
//! hour with every row that speaks of it, whoever writes the row.

use crate::{
    db::{Tx, on},
    fault::{Fault, Result},
    id::SloId,
    interval::Interval,
    limits::HOURS_DUE_MAX,
    slos::hours::{Hour, hour_of},
    time::Moment,
};

const WITHIN: &str = "
    select start_at, body
    from slo_hours
    where slo = $1
        and start_at >= $2
        and start_at <= $3
    order by start_at";

/// The hours that lie in an interval as a whole.
pub(in crate::slos) async fn within(tx: &mut Tx, slo: SloId, interval: Interval) -> Result<Vec<Hour>> {
    let rows: Vec<(i64, String)> = on!(tx, c => sqlx::query_as(WITHIN)
        .bind(slo.number())
        .bind(interval.start().micros())
        .bind(interval.end().plus_hours(-1).micros())
        .fetch_all(c)
        .await)?;
    let read = |(start, body): (i64, String)| {
        Ok(Hour::read(Moment::from_micros(start), &body).map_err(|says| Fault::bad_row("slo_hours", start, says))?)
    };
    rows.into_iter().map(read).collect()
}

const PUT: &str = "
    insert into slo_hours (slo, start_at, body)
    values ($1, $2, $3)
    on conflict (slo, start_at) do update set body = excluded.body";

pub(in crate::slos) async fn put(tx: &mut Tx, slo: SloId, hour: &Hour) -> Result<()> {
    on!(tx, c => sqlx::query(PUT)
        .bind(slo.number())
        .bind(hour.start().micros())
        .bind(hour.written())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const DUE: &str = "
    select s.id
    from slos s left join slo_packings p on p.slo = s.id
    where coalesce(p.packed_to, 0) < $1
    order by case when s.id > $2 then 0 else 1 end, s.id
    limit $3";

/// SLOs with hours before this moment that nobody looked through, in turn: those after this one first.
pub(in crate::slos) async fn due(tx: &mut Tx, upto: Moment, after: Option<SloId>) -> Result<Vec<SloId>> {
    let rows: Vec<i64> = on!(tx, c => sqlx::query_scalar(DUE)
        .bind(upto.micros())
        .bind(after.map_or(i64::MIN, SloId::number))
        .bind(HOURS_DUE_MAX)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(SloId::of).collect())
}

const NEXT: &str = "
    select m.end_at
    from slo_measurements m
    where m.slo = $1 and m.end_at > coalesce((select p.packed_to from slo_packings p where p.slo = $1), 0)
    order by m.end_at
    limit 1";

/// The first hour with a row that nobody looked through; none without any.
pub(in crate::slos) async fn next(tx: &mut Tx, slo: SloId) -> Result<Option<Moment>> {
    let end: Option<i64> = on!(tx, c => sqlx::query_scalar(NEXT).bind(slo.number()).fetch_optional(c).await)?;
    Ok(end.map(|end| hour_of(Moment::from_micros(end - 1))))
}

const PACKED_TO: &str = "
    insert into slo_packings (slo, packed_to)
    values ($1, $2)
    on conflict (slo) do update set packed_to = excluded.packed_to";

pub(in crate::slos) async fn packed_to(tx: &mut Tx, slo: SloId, to: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(PACKED_TO).bind(slo.number()).bind(to.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}
