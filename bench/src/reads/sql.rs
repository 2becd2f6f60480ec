//! One row of a run by its number: the statement of both sides.

use notebook::db::Tx;
use serde::Serialize;

use crate::Result;

/// As `runs/sql.rs` loads a run.
const FIND: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where r.id = $1";

#[derive(Serialize, sqlx::FromRow)]
pub struct Row {
    id: i64,
    experiment: i64,
    title: String,
    revision: i64,
    environment: String,
    execution: String,
    planned_at: Option<i64>,
    zone: String,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    closed_at: Option<i64>,
    created_at: i64,
    version: i64,
}

/// Through the notebook's own view for reading.
pub async fn by_sqlx(tx: &mut Tx, id: i64) -> Result<Option<Row>> {
    match tx {
        Tx::Sqlite(connection) => Ok(sqlx::query_as(FIND).bind(id).fetch_optional(&mut **connection).await?),
        Tx::Postgres(_) => Err("this bench is about SQLite".into()),
    }
}

/// Through a connection of the peer.
pub fn by_rusqlite(connection: &rusqlite::Connection, id: i64) -> Result<Option<Row>> {
    use rusqlite::OptionalExtension as _;
    let mut statement = connection.prepare_cached(FIND)?;
    let found = statement.query_row([id], |row| {
        Ok(Row {
            id: row.get(0)?,
            experiment: row.get(1)?,
            title: row.get(2)?,
            revision: row.get(3)?,
            environment: row.get(4)?,
            execution: row.get(5)?,
            planned_at: row.get(6)?,
            zone: row.get(7)?,
            started_at: row.get(8)?,
            ended_at: row.get(9)?,
            closed_at: row.get(10)?,
            created_at: row.get(11)?,
            version: row.get(12)?,
        })
    });
    Ok(found.optional()?)
}

/// The peer's reading connection, with the settings of the notebook's own.
pub fn open(file: &std::path::Path) -> Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(file)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    for (name, value) in [("synchronous", "full"), ("foreign_keys", "on"), ("query_only", "on")] {
        connection.pragma_update(None, name, value)?;
    }
    Ok(connection)
}

const MORE: &str = "
    with recursive more (id) as (select 2 union all select id + 1 from more where id < ?1)
    insert into runs
        (id, experiment, revision, environment, execution, planned_at, zone, started_at, ended_at, closed_at, created_at, version)
    select
        more.id, experiment, revision, environment, 'finished', planned_at, zone, started_at, started_at + 600000000, null,
        created_at, version
    from more, runs
    where runs.id = 1";

/// Copies of the first run, up to a number.
pub fn fill(file: &std::path::Path, last: i64) -> Result<()> {
    rusqlite::Connection::open(file)?.execute(MORE, [last])?;
    Ok(())
}
