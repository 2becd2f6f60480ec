//! Public numbers: rising, never reused, given out inside the act's own transaction.

use super::{Tx, on};
use crate::{fault::Result, id::SAMPLE_FROM};

const NEXT: &str = "
    insert into counters (kind, last)
    values ($1, 1)
    on conflict (kind) do update set last = counters.last + 1
    returning last";

/// The next number of this kind. A transaction that rolls back gives its number back.
pub(crate) async fn next(tx: &mut Tx, kind: &str) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(NEXT).bind(kind).fetch_one(c).await)?)
}

/// What a counter of the sample is called; removing the sample drops the counters with it.
pub(crate) const SAMPLE_COUNTER: &str = "demo ";

/// The same in the sample's own count, so that people's own numbers never move because of it.
pub(crate) async fn next_of_sample(tx: &mut Tx, kind: &str) -> Result<i64> {
    Ok(SAMPLE_FROM + next(tx, &format!("{SAMPLE_COUNTER}{kind}")).await?)
}
