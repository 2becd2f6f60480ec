//! The embedded engine: one file in the data folder, one writer, many readers.

use std::{fs::File, path::Path, sync::Arc, time::Duration};

use sqlx::{
    Connection, SqliteConnection,
    migrate::Migrate,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Db, writer::Writer};
use crate::fault::{Fault, Result};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/sqlite");

pub(super) async fn open(folder: &Path) -> Result<(Db, usize)> {
    let lock = lock(folder)?;
    let options = SqliteConnectOptions::new()
        .filename(folder.join("retrial.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A simulated power cut lost acknowledged writes with NORMAL and none with FULL.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5));

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
    Ok((Db::Sqlite { read, write, lock: Arc::new(lock) }, new))
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
