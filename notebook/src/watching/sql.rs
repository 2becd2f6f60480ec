//! How it is kept who watches.

use super::Watching;
use crate::{
    actor::PersonId,
    db::{Tx, on},
    fault::{Error, Fault, Result},
    id::RunId,
    time::Moment,
};

const FORGET: &str = "delete from watchers where node = $1 or until <= $2";

/// What a server said, and what nobody said again.
pub(super) async fn forget(tx: &mut Tx, node: &str, now: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET).bind(node).bind(now.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const INSERT: &str = "insert into watchers (node, run, person, until) values ($1, $2, $3, $4)";

pub(super) async fn insert(tx: &mut Tx, node: &str, (run, person): (RunId, PersonId), until: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(node)
        .bind(run.to_string())
        .bind(person.0)
        .bind(until.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    run: String,
    person: i64,
    name: String,
}

impl TryFrom<Row> for Watching {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let run = row.run.parse::<RunId>().map_err(|trouble| Fault::bad_row("watchers", row.person, trouble))?;
        Ok(Self { run, person: PersonId(row.person), name: row.name })
    }
}

const ALL: &str = "
    select distinct w.run, w.person, p.name
    from watchers w join people p on p.id = w.person
    where w.until > $1
    order by w.run, p.name, w.person";

pub(super) async fn all(tx: &mut Tx, now: Moment) -> Result<Vec<Watching>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(ALL).bind(now.micros()).fetch_all(c).await)?;
    rows.into_iter().map(Watching::try_from).collect()
}
