//! The bare side of an import: every row of every table, prepared once, in one transaction.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params_from_iter, types::Value};

use crate::Result;

/// Tables that an archive leaves out: they belong to one server, not to the notebook.
const LEFT: [&str; 4] = ["login_sessions", "login_failures", "once_keys", "_sqlx_migrations"];

pub struct Table {
    name: String,
    pub rows: Vec<Vec<Value>>,
}

const NAMES: &str = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by rowid";

/// All rows, read beforehand: only writing them is measured.
pub fn all(file: &Path) -> Result<Vec<Table>> {
    let connection = Connection::open(file)?;
    let mut statement = connection.prepare(NAMES)?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    names.into_iter().filter(|name| !LEFT.contains(&name.as_str())).map(|name| rows(&connection, name)).collect()
}

fn rows(connection: &Connection, name: String) -> Result<Table> {
    let mut statement = connection.prepare(&format!("select * from {name}"))?;
    let columns = statement.column_count();
    let found = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect())?;
    let rows = found.collect::<rusqlite::Result<Vec<Vec<Value>>>>()?;
    Ok(Table { name, rows })
}

/// With the notebook's own settings, into its own tables.
pub fn insert(file: &Path, tables: &[Table]) -> Result<Duration> {
    let mut connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    // The order of the tables is no order of dependence; the archive's side asks after each row.
    connection.pragma_update(None, "foreign_keys", "off")?;
    let begun = Instant::now();
    let transaction = connection.transaction()?;
    for table in tables.iter().filter(|table| !table.rows.is_empty()) {
        let marks = vec!["?"; table.rows[0].len()].join(", ");
        let mut statement = transaction.prepare(&format!("insert or replace into {} values ({marks})", table.name))?;
        for row in &table.rows {
            statement.execute(params_from_iter(row))?;
        }
    }
    transaction.commit()?;
    Ok(begun.elapsed())
}

const GROW_RUNS: &str = "
    insert into runs (id, experiment, revision, environment, execution, planned_at, zone, created_at, version)
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ?1 / 1000)
    select 100 + i, 1, 1, 'production', 'planned', null, 'UTC', 1793613600000000 + i, 1 from n";

const GROW_EVENTS: &str = "
    insert into events (at, recorded_at, person, via, kind, object, act, body)
    with recursive n (i) as (select 0 union all select i + 1 from n where i < ?1 - 1)
    select
        1793613600000000 + i, 1793613600000001 + i, 1, 'form', 'run', 'RUN-' || (101 + i / 1000), 'observed',
        json_object(
            'what', 'observed', 'number', 1 + i % 1000, 'kind', 'expected',
            'text', 'Test alert ' || i || ' from the synthetic sender arrived after 4 s; the queue is as long as before.',
            'pinned', json('false'))
    from n";

const LIFT: &str = "update counters set last = 100000 where kind = 'run'";

/// So many observations, a thousand for each of as many runs as that takes.
pub fn grow(file: &Path, observations: i64) -> Result<()> {
    let connection = Connection::open(file)?;
    connection.execute(GROW_RUNS, [observations])?;
    connection.execute(GROW_EVENTS, [observations])?;
    connection.execute(LIFT, [])?;
    Ok(())
}
