//! Public numbers: rising, never reused, given out inside the act's own transaction.

use super::{Tx, on};
use crate::fault::Result;

const NEXT: &str = "
    insert into counters (kind, last)
    values ($1, 1)
    on conflict (kind) do update set last = counters.last + 1
    returning last";

/// The next number of this kind. A transaction that rolls back gives its number back.
pub(crate) async fn next(tx: &mut Tx, kind: &str) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(NEXT).bind(kind).fetch_one(c).await)?)
}
