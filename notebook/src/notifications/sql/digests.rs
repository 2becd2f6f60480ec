//! Which weekly digest somebody was told last.

use std::collections::BTreeMap;

use crate::{
    actor::PersonId,
    db::{Tx, on},
    fault::Result,
};

const ALL: &str = "select person, week from digests";

/// The Monday of the digest that each person was told last, or from which on they are told.
pub(in crate::notifications) async fn all(tx: &mut Tx) -> Result<BTreeMap<PersonId, String>> {
    let rows: Vec<(i64, String)> = on!(tx, c => sqlx::query_as(ALL).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(person, week)| (PersonId(person), week)).collect())
}

const CLAIM: &str = "
    insert into digests (person, week) values ($1, $2)
    on conflict (person) do update set week = excluded.week
    where digests.week < excluded.week";

/// Whether it is now ours to tell somebody this week, among all servers.
pub(in crate::notifications) async fn claim(tx: &mut Tx, person: PersonId, week: &str) -> Result<bool> {
    let rows =
        on!(tx, c => sqlx::query(CLAIM).bind(person.0).bind(week).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}
