//! Puts the measurements of whole hours together, so that a page reads one row for many. Nothing is
//! changed by it, so it leaves no line.

use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    fault::Result,
    id::SloId,
    interval::Interval,
    limits::{HOURS_APART_MAX, HOURS_AT_ONCE, HOURS_SETTLE},
    slos::{
        hours::{Hour, hour_from, hour_of},
        measurements::{Measurement, Series},
        sql::{hours as sql, measurements as records, slos},
    },
    time::Moment,
};

/// Up to where hours are put together: the newest ones still change.
fn upto(now: Moment) -> Moment {
    hour_of(now.plus_hours(-HOURS_SETTLE))
}

/// SLOs with hours that nobody looked through. Those after the last one of before come first, so that
/// some that cannot be put together keep nobody waiting.
pub async fn unpacked(desk: &Desk, after: Option<SloId>) -> Result<Vec<SloId>> {
    desk.may(Act::Measure)?;
    let mut tx = desk.begin_glance().await?;
    sql::due(&mut tx, upto(desk.now()), after).await
}

/// Looks through the next hours of an SLO; whether there are more.
pub async fn pack(desk: &Desk, slo: SloId) -> Result<bool> {
    desk.may(Act::Measure)?;
    let upto = upto(desk.now());
    let mut tx = desk.begin_write().await?;
    // Nobody measures meanwhile.
    slos::load_locked(&mut tx, slo).await?;
    let from = sql::next(&mut tx, slo).await?.unwrap_or(upto);
    let to = from.plus_hours(HOURS_AT_ONCE).min(upto);
    if let Some(stretch) = Interval::new(from, to) {
        let sharing = records::within(&mut tx, slo, stretch).await?;
        let mut start = from;
        while start < to {
            let hour = hour_from(start);
            let of_hour = sharing.iter().copied().filter(|record| record.interval.overlaps(hour));
            if let Some(hour) = Hour::of(start, of_hour) {
                sql::put(&mut tx, slo, &hour).await?;
            }
            start = hour.end();
        }
    }
    sql::packed_to(&mut tx, slo, to).await?;
    desk.commit(tx, slo).await?;
    Ok(to < upto)
}

/// What counts of a stretch of time: whole hours where they stand together, and the rows between them.
/// A record never shares time with such an hour and with what lies around it.
pub(super) async fn read(tx: &mut Tx, slo: SloId, stretch: Interval) -> Result<Series> {
    let hours = sql::within(tx, slo, stretch).await?;
    let known: Vec<Interval> = hours.iter().map(Hour::interval).collect();
    let between = stretch.without(&known);
    if between.len() > HOURS_APART_MAX {
        return Ok(Series::of(records::within(tx, slo, stretch).await?));
    }
    let mut all: Vec<Measurement> = hours.into_iter().flat_map(Hour::into_records).collect();
    for part in between {
        all.extend(records::within(tx, slo, part).await?);
    }
    Ok(Series::of(all))
}
