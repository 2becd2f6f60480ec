//! The embedded engine: one file in the data folder, one writer, many readers.

use std::{
    fs::File,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{
    Connection, SqliteConnection,
    migrate::Migrate,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    Db,
    migrations::{self, Migration, State, are_all, fault},
    writer::Writer,
};
use crate::fault::{Error, Fault, Result};

pub(super) static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/sqlite");

const FILE: &str = "retrial.db";

pub(super) async fn open(folder: &Path) -> Result<(Db, usize)> {
    let lock = lock(folder)?;
    let options = options(folder).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let new = migrations::run(&MIGRATIONS, &mut connection).await?;
    connection.close().await?;
    Ok((pools(options, Some(lock)).await?, new))
}

/// Migrates only with the lock in hand: beside somebody else the schema must be the known one already.
pub(super) async fn open_beside(folder: &Path) -> Result<(Db, usize)> {
    match open(folder).await {
        Err(Error::Broken(Fault::FolderInUse(_))) => {}
        alone => return alone,
    }
    let db = pools(options(folder), None).await?;
    if are_all(&db.migrations().await?, State::Applied) {
        return Ok((db, 0));
    }
    Err(Fault::OtherSchema(folder.display().to_string()).into())
}

/// Read-only beside whoever writes; `alone` holds the folder against a server.
pub(super) async fn look(folder: &Path, alone: bool) -> Result<Db> {
    if !folder.join(FILE).is_file() {
        return Err(Fault::NoNotebook(folder.display().to_string()).into());
    }
    let lock = if alone { Some(lock(folder)?) } else { None };
    // Nobody gets a turn to write: SQLite refuses to begin.
    pools(base(folder).read_only(true).pragma("query_only", "on"), lock).await
}

fn options(folder: &Path) -> SqliteConnectOptions {
    base(folder)
        .journal_mode(SqliteJournalMode::Wal)
        // A simulated power cut lost acknowledged writes with NORMAL and none with FULL.
        .synchronous(SqliteSynchronous::Full)
}

fn base(folder: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(folder.join(FILE))
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // PostgreSQL's name for the order of bytes, so that one text asks both engines for it.
        .collation("C", |one: &str, other: &str| one.cmp(other))
}

async fn pools(options: SqliteConnectOptions, lock: Option<File>) -> Result<Db> {
    let write = Writer::new(SqliteConnection::connect_with(&options).await?);
    let read = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(10))
        // A connection to a file does not go stale while it waits, and asking it costs as much as a query.
        .test_before_acquire(false)
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    Ok(Db::Sqlite { read, write, lock: lock.map(Arc::new) })
}

/// Steps of the engine between two looks at the clock; reading one entry takes about ten.
const STEPS: i32 = 1_000;

/// How long the statements of one transaction may take. What is asked of the connection stays on it until somebody
/// asks anew, so it forgets its end together with this.
pub struct Bound(Arc<AtomicBool>);

impl Bound {
    pub(super) async fn set(connection: &mut SqliteConnection, limit: Duration) -> Result<Self> {
        let lifted = Arc::new(AtomicBool::new(false));
        let (is_lifted, until) = (lifted.clone(), Instant::now() + limit);
        let goes_on = move || is_lifted.load(Ordering::Relaxed) || Instant::now() < until;
        connection.lock_handle().await?.set_progress_handler(STEPS, goes_on);
        Ok(Self(lifted))
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
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

const HAS_MIGRATIONS: &str = "select count(*) > 0 from sqlite_master where type = 'table' and name = $1";

pub(super) async fn migrations(connection: &mut SqliteConnection) -> Result<Vec<Migration>> {
    let table = MIGRATIONS.table_name.as_ref();
    let begun: bool = sqlx::query_scalar(HAS_MIGRATIONS).bind(table).fetch_one(&mut *connection).await?;
    let applied = if begun { connection.list_applied_migrations(table).await.map_err(fault)? } else { Vec::new() };
    Ok(migrations::compare(&MIGRATIONS, &applied))
}

pub(super) async fn rehearse(folder: &Path) -> Result<usize> {
    if !folder.join(FILE).is_file() {
        // Nothing is there that a step could stumble over.
        return Ok(MIGRATIONS.iter().count());
    }
    let _lock = lock(folder)?;
    let mut connection = SqliteConnection::connect_with(&options(folder)).await?;
    // Each step's own transaction becomes a part of this one, which is never committed.
    let mut tx = connection.begin_with("begin immediate").await?;
    let new = migrations::run(&MIGRATIONS, &mut *tx).await?;
    tx.rollback().await?;
    connection.close().await?;
    Ok(new)
}
