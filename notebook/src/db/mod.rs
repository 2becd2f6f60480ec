//! Two engines behind one text: pools, transactions and the macro that runs a statement on either.
//!
//! What differs between the engines, the whole list: opening and pragmas (`sqlite.rs`,
//! `postgres.rs`), how a read transaction begins, how writers take turns (`writer.rs`), event order
//! and turns under concurrent writers (`Tx::lock_events`, `Tx::take_turn`), how readers hear that
//! something was written (`wakes.rs`), which errors mean "busy", and what carrying whole notebooks
//! takes (`whole.rs`). A further fork needs a decision record.

pub(crate) mod counters;
pub(crate) mod like;
pub mod migrations;
pub(crate) mod once;
mod postgres;
mod schema;
mod sqlite;
#[cfg(test)]
pub(crate) mod steps;
pub(crate) mod turns;
mod wakes;
mod whole;
mod writer;

pub use schema::Schema;
pub use wakes::Wakes;

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction, pool::PoolConnection};

use crate::{
    fault::{Error, Result},
    id::{SAMPLE_FROM, is_sample},
};
use migrations::Migration;

/// An open notebook database.
#[derive(Clone)]
pub enum Db {
    /// One writer, whose acts share commits; readers are `query_only`.
    Sqlite {
        read: SqlitePool,
        write: writer::Writer,
        /// The folder held for this process; None beside a server, and for somebody who only looks.
        lock: Option<std::sync::Arc<std::fs::File>>,
    },
    Postgres(PgPool),
}

/// One transaction on either engine; dropped without `commit`, it rolls back.
pub enum Tx {
    Sqlite(OnSqlite),
    Postgres(OnPostgres),
}

/// A reader's own transaction or single statement, or a writer's turn.
pub enum OnSqlite {
    Read(Transaction<'static, Sqlite>),
    Glance(PoolConnection<Sqlite>),
    /// A reader's transaction that is cut off after a time.
    Bounded(Transaction<'static, Sqlite>, sqlite::Bound),
    Write(writer::Turn),
}

impl Deref for OnSqlite {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        match self {
            Self::Read(inner) | Self::Bounded(inner, _) => inner,
            Self::Glance(connection) => connection,
            Self::Write(turn) => turn,
        }
    }
}

impl DerefMut for OnSqlite {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Read(inner) | Self::Bounded(inner, _) => inner,
            Self::Glance(connection) => connection,
            Self::Write(turn) => turn,
        }
    }
}

/// A reader's transaction, or a writer's.
pub enum OnPostgres {
    Read(Transaction<'static, Postgres>),
    Write(Transaction<'static, Postgres>),
}

impl Deref for OnPostgres {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        let (Self::Read(inner) | Self::Write(inner)) = self;
        inner
    }
}

impl DerefMut for OnPostgres {
    fn deref_mut(&mut self) -> &mut PgConnection {
        let (Self::Read(inner) | Self::Write(inner)) = self;
        inner
    }
}

/// Runs one expression on whichever engine the transaction belongs to. `$conn` is the connection.
macro_rules! on {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(inner) => {
                let $conn = &mut **inner;
                $body
            }
            $crate::db::Tx::Postgres(inner) => {
                let $conn = &mut **inner;
                $body
            }
        }
    };
}
pub(crate) use on;

/// Where the notebook is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder; the database is `retrial.db` in it.
    Folder(std::path::PathBuf),
    /// A `postgres://` address.
    Server(String),
}

impl Db {
    /// Opens and migrates. Returns how many migrations were new.
    pub async fn open(place: &Place) -> Result<(Self, usize)> {
        match place {
            Place::Folder(folder) => sqlite::open(folder).await,
            Place::Server(url) => postgres::open(url).await,
        }
    }

    /// The same for a short command at the machine. Where a server holds the folder it works beside it,
    /// if both know the same schema: writers take turns at the file itself, and no truth is in memory.
    pub async fn open_beside(place: &Place) -> Result<(Self, usize)> {
        match place {
            Place::Folder(folder) => sqlite::open_beside(folder).await,
            Place::Server(url) => postgres::open_beside(url).await,
        }
    }

    /// Opens an existing notebook for reading, beside a running server or without one. Nothing is
    /// made, migrated or changed; whether the schema fits is told by [`Db::schema`].
    pub async fn look(place: &Place) -> Result<Self> {
        match place {
            Place::Folder(folder) => sqlite::look(folder, false).await,
            Place::Server(url) => postgres::look(url).await,
        }
    }

    /// The same, and refused while somebody else has the notebook open: for taking it elsewhere.
    pub async fn look_alone(place: &Place) -> Result<Self> {
        match place {
            Place::Folder(folder) => sqlite::look(folder, true).await,
            Place::Server(url) => postgres::look_alone(url).await,
        }
    }

    /// Every step of the schema with what has become of it.
    pub async fn migrations(&self) -> Result<Vec<Migration>> {
        match self {
            Self::Sqlite { read, .. } => sqlite::migrations(&mut *read.acquire().await?).await,
            Self::Postgres(pool) => postgres::migrations(&mut *pool.acquire().await?).await,
        }
    }

    /// How the database's schema stands to the one this program knows.
    pub async fn schema(&self) -> Result<Schema> {
        Ok(Schema::of(&self.migrations().await?))
    }

    /// Takes the pending steps and takes them back. Returns how many there are.
    pub async fn rehearse(place: &Place) -> Result<usize> {
        match place {
            Place::Folder(folder) => sqlite::rehearse(folder).await,
            Place::Server(url) => postgres::rehearse(url).await,
        }
    }

    /// A consistent view for reading.
    pub async fn begin_read(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(OnSqlite::Read(read.begin().await?)),
            Self::Postgres(pool) => {
                let begin = "begin isolation level repeatable read, read only";
                Tx::Postgres(OnPostgres::Read(postgres::begun(pool, begin).await?))
            }
        })
    }

    /// The same for what people ask in their own words: what takes longer than `limit` is cut off and refused as
    /// [`Refusal::TooLong`]. The embedded engine counts from here on, the other one each statement by itself.
    ///
    /// [`Refusal::TooLong`]: crate::refusal::Refusal::TooLong
    pub async fn begin_bounded(&self, limit: Duration) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { read, .. } => {
                let mut inner = read.begin().await?;
                let bound = sqlite::Bound::set(&mut inner, limit).await?;
                Tx::Sqlite(OnSqlite::Bounded(inner, bound))
            }
            Self::Postgres(_) => {
                let mut tx = self.begin_read().await?;
                let text = "select set_config('statement_timeout', $1, true)";
                on!(&mut tx, c => sqlx::query(text).bind(limit.as_millis().to_string()).execute(c).await.map(|_| ()))?;
                tx
            }
        })
    }

    /// For one statement, which is consistent by itself: on SQLite there is no transaction around it,
    /// which would cost three times the statement.
    pub async fn begin_glance(&self) -> Result<Tx> {
        match self {
            Self::Sqlite { read, .. } => Ok(Tx::Sqlite(OnSqlite::Glance(read.acquire().await?))),
            Self::Postgres(_) => self.begin_read().await,
        }
    }

    /// The right to write. On SQLite there is one writer, and acts wait their turn here.
    pub async fn begin_write(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(OnSqlite::Write(write.begin().await?)),
            Self::Postgres(pool) => Tx::Postgres(OnPostgres::Write(postgres::begun(pool, "begin").await?)),
        })
    }

    /// The same for what no promise rests on: everybody sees it, and it outlives this program, but its
    /// commit does not wait for the disk.
    pub async fn begin_unsynced(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(OnSqlite::Write(write.begin_unsynced().await?)),
            Self::Postgres(pool) => {
                let mut inner = postgres::begun(pool, "begin").await?;
                sqlx::query("set local synchronous_commit to off").execute(&mut *inner).await?;
                Tx::Postgres(OnPostgres::Write(inner))
            }
        })
    }

    /// Hints that something was written, here or by another server.
    pub fn wakes(&self) -> Wakes {
        match self {
            Self::Sqlite { write, .. } => Wakes::of_writer(write.written()),
            Self::Postgres(pool) => Wakes::of_channel(pool.clone()),
        }
    }

    /// Whether a statement comes back at all.
    pub async fn answers(&self) -> Result<()> {
        let mut tx = self.begin_read().await?;
        on!(&mut tx, c => sqlx::query("select 1").execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// Waits for running statements, then closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    pub const fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

impl Tx {
    /// Nothing that is seen here can be taken back, so what follows from it may be remembered.
    #[must_use]
    pub const fn only_reads(&self) -> bool {
        match self {
            Self::Sqlite(OnSqlite::Write(_)) | Self::Postgres(OnPostgres::Write(_)) => false,
            Self::Sqlite(OnSqlite::Read(_) | OnSqlite::Glance(_) | OnSqlite::Bounded(..))
            | Self::Postgres(OnPostgres::Read(_)) => true,
        }
    }

    /// Comes back when everything written is on disk.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(OnSqlite::Read(inner) | OnSqlite::Bounded(inner, _)) => {
                inner.commit().await.map_err(Error::from)
            }
            Self::Sqlite(OnSqlite::Glance(_)) => Ok(()),
            Self::Sqlite(OnSqlite::Write(turn)) => turn.commit().await,
            Self::Postgres(OnPostgres::Read(inner) | OnPostgres::Write(inner)) => {
                inner.commit().await.map_err(Error::from)
            }
        }
    }

    /// Undoes everything, and comes back when all that was read is on disk: an answer may rest on it.
    pub(crate) async fn give_up(self) -> Result<()> {
        match self {
            Self::Sqlite(OnSqlite::Read(inner) | OnSqlite::Bounded(inner, _)) => {
                inner.rollback().await.map_err(Error::from)
            }
            Self::Sqlite(OnSqlite::Glance(_)) => Ok(()),
            Self::Sqlite(OnSqlite::Write(turn)) => turn.give_up().await,
            // Other transactions' rows are visible only after their commit.
            Self::Postgres(OnPostgres::Read(inner) | OnPostgres::Write(inner)) => {
                inner.rollback().await.map_err(Error::from)
            }
        }
    }

    /// Makes commit order equal number order for events: `PostgreSQL` hands out numbers before
    /// commit, so a reader's cursor could skip a slower writer's event. Whoever reads on is told at
    /// the commit, once for each transaction however many lines it writes.
    pub(crate) async fn lock_events(&mut self) -> Result<()> {
        if let Self::Postgres(inner) = self {
            sqlx::query(postgres::LOCK_EVENTS).execute(&mut **inner).await?;
        }
        Ok(())
    }

    /// Waits until no other transaction has this turn, and keeps it until the end of this one: for acts
    /// that write by what they read, whatever others are just writing. The embedded database has one writer anyway.
    pub(crate) async fn take_turn(&mut self, of: &str) -> Result<()> {
        if let Self::Postgres(inner) = self {
            let lock = "select pg_advisory_xact_lock(hashtextextended($1, 0))";
            sqlx::query(lock).bind(of).execute(&mut **inner).await?;
        }
        Ok(())
    }
}

/// A stretch of numbers that a list reads: `from <= id < below`.
pub(crate) struct Stretch {
    pub from: i64,
    pub below: i64,
}

/// Where a list goes on after the number `before`: own things, newest first, and the sample's behind
/// them, so that nobody's own work is found below the story of somebody else's.
pub(crate) fn stretches(before: Option<i64>) -> Vec<Stretch> {
    let own = |below| Stretch { from: 0, below };
    let sample = |below| Stretch { from: SAMPLE_FROM, below };
    match before {
        Some(before) if is_sample(before) => vec![sample(before)],
        before => vec![own(before.unwrap_or(SAMPLE_FROM)), sample(i64::MAX)],
    }
}

/// Whether an error means "somebody else is writing, or the disk is full": try again later.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            // SQLITE_BUSY and SQLITE_FULL; serialization failure, deadlock and full disk on PostgreSQL.
            matches!(code.as_ref(), "5" | "13" | "261" | "517" | "40001" | "40P01" | "53100" | "55P03")
        }
        _ => false,
    }
}

/// Whether an error means "this took longer than it may": nothing else interrupts a statement.
pub(crate) fn is_cut_off(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(database) = error else { return false };
    let code = database.code().unwrap_or_default();
    // SQLITE_INTERRUPT; a cancelled query on PostgreSQL.
    matches!(code.as_ref(), "9" | "57014")
}
