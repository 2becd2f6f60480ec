//! The embedded engine: one file in the data folder, one writer, many readers.

use std::{fs::File, path::Path, sync::Arc, time::Duration};

use sqlx::{
    Connection, SqliteConnection, SqlitePool,
    migrate::Migrate,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Db, Schema, writer::Writer};
use crate::fault::{Fault, Result};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/sqlite");

fn options(folder: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(folder.join("retrial.db"))
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // PostgreSQL's name for the order of bytes, so that one text asks both engines for it.
        .collation("C", |one: &str, other: &str| one.cmp(other))
}

pub(super) async fn open(folder: &Path) -> Result<(Db, usize)> {
    let lock = lock(folder)?;
    let options = options(folder)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A simulated power cut lost acknowledged writes with NORMAL and none with FULL.
        .synchronous(SqliteSynchronous::Full);

    let mut connection = SqliteConnection::connect_with(&options).await?;
    connection.ensure_migrations_table(&MIGRATIONS.table_name).await.map_err(Fault::Migration)?;
    let before = connection.list_applied_migrations(&MIGRATIONS.table_name).await.map_err(Fault::Migration)?.len();
    MIGRATIONS.run(&mut connection).await.map_err(Fault::Migration)?;
    connection.close().await?;
    let new = MIGRATIONS.iter().count().saturating_sub(before);

    let write = Writer::new(SqliteConnection::connect_with(&options).await?);
    let read = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    Ok((Db::Sqlite { read, write, lock: Some(Arc::new(lock)) }, new))
}

/// Read-only beside whoever writes; `alone` holds the folder against a server.
pub(super) async fn look(folder: &Path, alone: bool) -> Result<Db> {
    if !folder.join("retrial.db").is_file() {
        return Err(Fault::NoNotebook(folder.display().to_string()).into());
    }
    let lock = if alone { Some(Arc::new(lock(folder)?)) } else { None };
    let options = options(folder).read_only(true).pragma("query_only", "on");
    // Nobody gets a turn on it: SQLite refuses to begin.
    let write = Writer::new(SqliteConnection::connect_with(&options).await?);
    let read = SqlitePoolOptions::new()
        .max_connections(2)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await?;
    Ok(Db::Sqlite { read, write, lock })
}

pub(super) async fn schema(pool: &SqlitePool) -> Result<Schema> {
    let mut connection = pool.acquire().await?;
    let applied = connection.list_applied_migrations(&MIGRATIONS.table_name).await;
    Schema::of(applied, &MIGRATIONS)
}

/// sqlx takes no migration lock on SQLite, and two servers on one file would each believe to be
/// the only writer: the folder is held by one process.
fn lock(folder: &Path) -> Result<File> {
    let file = File::create(folder.join("retrial.lock"))
        .map_err(|source| Fault::Folder { folder: folder.to_owned(), source })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Fault::FolderInUse(folder.to_owned()).into()),
        Err(std::fs::TryLockError::Error(source)) => Err(Fault::Folder { folder: folder.to_owned(), source }.into()),
    }
}
