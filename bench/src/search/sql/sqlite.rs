//! Findings in bulk, and SQLite asked bare, with the statements of `notebook/src/search/sql.rs`.

use rusqlite::{Connection, params};

use super::{BATCH, FIRST_AT, Numbers, PAGE, RANKED};
use crate::Result;

const FINDING: &str = "
    insert into findings
        (id, title, kind, severity, experiment, origin, environment, body, created_at, version)
    values (?1, ?2, 'weakness', 'high', null, null, 'production', ?3, ?4, 1)";

/// Findings up to a number, behind those that are there. Ids of people's own findings go on above them.
pub fn fill(file: &std::path::Path, last: i64) -> Result<()> {
    let mut connection = open(file, false)?;
    let first: i64 = connection.query_row("select coalesce(max(id), 0) + 1 from findings", [], |row| row.get(0))?;
    let mut numbers = Numbers::of(first)?;
    let mut id = first;
    while id <= last {
        let batch = connection.transaction()?;
        {
            let mut insert = batch.prepare_cached(FINDING)?;
            for id in id..=last.min(id + BATCH - 1) {
                insert.execute(params![id, format!("finding {id}"), numbers.body(), FIRST_AT + id])?;
            }
        }
        batch.commit()?;
        id += BATCH;
    }
    let counter = "insert into counters (kind, last) values ('finding', ?1)
        on conflict (kind) do update set last = excluded.last";
    connection.execute(counter, [last])?;
    connection.execute_batch("pragma wal_checkpoint(truncate)")?;
    Ok(())
}

/// With the settings of the notebook's own connections.
pub fn open(file: &std::path::Path, reads: bool) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "query_only", if reads { "on" } else { "off" })?;
    Ok(connection)
}

const FLOOR: &str = "
    select coalesce(min(id), 0)
    from (select rowid as id from search_words where search_words match ?1 order by rowid desc limit ?2)";

const BOUNDED: &str = "
    select e.id, e.title, e.body, r.score
    from (
        select rowid as id, cast(round(-1000000 * bm25(search_words, 4.0, 1.0, 0.0)) as integer) as score
        from search_words
        where search_words match ?1 and rowid >= ?2
    ) as r
    join search_entries e on e.id = r.id
    order by r.score desc, r.id desc
    limit ?3";

/// The best of the newest matches; how many there are on the page.
pub fn bounded(connection: &Connection, asked: &str) -> Result<usize> {
    let floor: i64 = connection.prepare_cached(FLOOR)?.query_row(params![asked, RANKED + 1], |row| row.get(0))?;
    read(connection, BOUNDED, asked, floor)
}

/// The best of all matches.
pub fn plain(connection: &Connection, asked: &str) -> Result<usize> {
    read(connection, BOUNDED, asked, 0)
}

fn read(connection: &Connection, text: &str, asked: &str, floor: i64) -> Result<usize> {
    let mut statement = connection.prepare_cached(text)?;
    let rows = statement.query_map(params![asked, floor, PAGE], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?.len())
}

/// The same entries in an index without beginnings.
pub fn without_beginnings(file: &std::path::Path) -> Result<()> {
    open(file, false)?.execute_batch(
        "create virtual table search_plain using fts5 (
            title, body, marks,
            content='search_entries', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
        );
        insert into search_plain (search_plain) values ('rebuild');",
    )?;
    Ok(())
}

/// The newest that hold a beginning.
pub fn beginning(connection: &Connection, table: &str, asked: &str) -> Result<usize> {
    let text = format!("select rowid from {table} where {table} match ?1 order by rowid desc limit ?2");
    let mut statement = connection.prepare_cached(&text)?;
    let rows = statement.query_map(params![asked, PAGE], |row| row.get::<_, i64>(0))?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?.len())
}
