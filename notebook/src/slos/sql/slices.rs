//! How measurements that counted slices of another kind stop counting: each by a row, like any other
//! that is withdrawn.

use super::measurements::newest;
use crate::{
    actor::PersonId,
    db::{Tx, on},
    fault::Result,
    id::SloId,
    time::Moment,
};

const WITHDRAW: &str = "
    insert into slo_measurements
        (slo, number, start_at, end_at, said, good, bad, source, person, reason, recorded_at)
    select m.slo, $2 + row_number() over (order by m.number), m.start_at, m.end_at, 'withdrawn', 0, 0, m.source,
        cast($3 as bigint), cast($4 as text), cast($5 as bigint)
    from slo_measurements m
    where m.slo = $1
        and m.said = 'slices'
        and not exists (
            select 1 from slo_measurements x
            where x.slo = m.slo and x.end_at = m.end_at and x.start_at = m.start_at and x.number > m.number)";

/// Withdraws all of an SLO that count slices, in one statement, and says how many.
pub(in crate::slos) async fn withdraw(
    tx: &mut Tx,
    slo: SloId,
    by: Option<PersonId>,
    reason: &str,
    now: Moment,
) -> Result<u64> {
    let Some((last, at)) = newest(tx, slo).await? else { return Ok(0) };
    let withdrawn = on!(tx, c => sqlx::query(WITHDRAW)
        .bind(slo.number())
        .bind(last)
        .bind(by.map(|person| person.0))
        .bind(reason)
        .bind(now.max(at).micros())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(withdrawn)
}
