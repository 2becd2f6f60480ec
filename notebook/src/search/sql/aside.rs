//! How it is kept what somebody put aside.

use crate::{
    actor::PersonId,
    db::{Tx, on},
    fault::Result,
};

const OF: &str = "select object from seen_aside where person = $1 order by object limit $2";

pub(in crate::search) async fn of(tx: &mut Tx, person: PersonId, rows: i64) -> Result<Vec<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(OF).bind(person.0).bind(rows).fetch_all(c).await)?)
}

const PUT: &str = "insert into seen_aside (person, object) values ($1, $2) on conflict (person, object) do nothing";

/// False if it was put aside before.
pub(in crate::search) async fn put(tx: &mut Tx, person: PersonId, object: &str) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(PUT).bind(person.0).bind(object).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const TAKE_BACK: &str = "delete from seen_aside where person = $1";

/// False if nothing was put aside.
pub(in crate::search) async fn take_back(tx: &mut Tx, person: PersonId) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(TAKE_BACK).bind(person.0).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(rows > 0)
}
