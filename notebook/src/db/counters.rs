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

const HOLD: &str = "
    insert into counters (kind, last)
    values ($1, 0)
    on conflict (kind) do update set last = counters.last";

/// Holds the numbers of this kind until the end of the transaction, as taking one does.
pub(crate) async fn hold(tx: &mut Tx, kind: &str) -> Result<()> {
    on!(tx, c => sqlx::query(HOLD).bind(kind).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// What a counter of the sample is called; removing the sample drops the counters with it.
pub(crate) const SAMPLE_COUNTER: &str = "demo ";

/// The same in the sample's own count, so that people's own numbers never move because of it.
pub(crate) async fn next_of_sample(tx: &mut Tx, kind: &str) -> Result<i64> {
    Ok(SAMPLE_FROM + next(tx, &format!("{SAMPLE_COUNTER}{kind}")).await?)
}

/// The same of the sample's own count.
pub(crate) async fn hold_of_sample(tx: &mut Tx, kind: &str) -> Result<()> {
    hold(tx, &format!("{SAMPLE_COUNTER}{kind}")).await
}
