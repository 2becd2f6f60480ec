//! The engine for several nodes.

use std::{convert::Infallible, time::Duration};

use sqlx::{
    Connection, PgConnection, PgPool, Postgres, Transaction,
    migrate::Migrate,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::sync::watch;

use super::{
    Db,
    migrations::{self, Migration, State, are_all, fault},
};
use crate::fault::{Fault, Result};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/postgres");

/// What a notebook's connections call themselves, so that one can be told from another program's.
const NAME: &str = "retrial";

/// Ten for those who read and write, and one that listens while somebody watches.
const CONNECTIONS: u32 = 11;

/// Where it is told that lines of the trail were written. Nothing is told but that.
const CHANNEL: &str = "retrial_events";

/// Equal texts told in one transaction are told once, and only if it is committed.
pub(super) const LOCK_EVENTS: &str = "select pg_advisory_xact_lock(7340001), pg_notify('retrial_events', '')";

/// After a connection that listened was lost and could not be had again.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// Says of every notification that there was one, until the pool is closed.
pub(super) async fn listen(pool: PgPool, heard: watch::Sender<u64>) {
    while !pool.is_closed() {
        let Err(error) = hear(&pool, &heard).await;
        tracing::debug!(%error, "listening to the database ended; it is looked at every second meanwhile");
        tokio::time::sleep(LISTEN_AGAIN).await;
    }
}

async fn hear(pool: &PgPool, heard: &watch::Sender<u64>) -> Result<Infallible, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        // What was said before this, or while the connection was lost, nobody heard.
        heard.send_modify(|count| *count += 1);
        listener.try_recv().await?;
    }
}

/// A transaction of the pool, begun to its end even if whoever asked has left meanwhile: sqlx would
/// else hand the connection to the next one with a transaction on it that nobody knows of.
pub(super) async fn begun(pool: &PgPool, statement: &'static str) -> Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(statement).await }).await;
    Ok(begun.map_err(|trouble| Fault::Work(trouble.to_string()))??)
}

/// Nobody holds a database, so whoever serves it is not asked: an empty one is made ready, another
/// schema is left alone.
pub(super) async fn open_beside(url: &str) -> Result<(Db, usize)> {
    let pool = connect(url, CONNECTIONS).await?;
    let steps = migrations(&mut *pool.acquire().await?).await?;
    if are_all(&steps, State::Applied) {
        return Ok((Db::Postgres(pool), 0));
    }
    if are_all(&steps, State::Pending) {
        return open(url).await;
    }
    Err(Fault::OtherSchema("this database".to_owned()).into())
}

async fn connect(url: &str, connections: u32) -> Result<PgPool> {
    let options: PgConnectOptions = url.parse()?;
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.application_name(NAME))
        .await?;
    Ok(pool)
}

pub(super) async fn open(url: &str) -> Result<(Db, usize)> {
    let pool = connect(url, CONNECTIONS).await?;
    let new = migrations::run(&MIGRATIONS, &mut *pool.acquire().await?).await?;
    Ok((Db::Postgres(pool), new))
}

const HAS_MIGRATIONS: &str = "select to_regclass($1) is not null";

pub(super) async fn migrations(connection: &mut PgConnection) -> Result<Vec<Migration>> {
    let table = MIGRATIONS.table_name.as_ref();
    let begun: bool = sqlx::query_scalar(HAS_MIGRATIONS).bind(table).fetch_one(&mut *connection).await?;
    let applied = if begun { connection.list_applied_migrations(table).await.map_err(fault)? } else { Vec::new() };
    Ok(migrations::compare(&MIGRATIONS, &applied))
}

pub(super) async fn rehearse(url: &str) -> Result<usize> {
    let options: PgConnectOptions = url.parse()?;
    let mut connection = PgConnection::connect_with(&options).await?;
    // Each step's own transaction becomes a part of this one, which is never committed.
    let mut tx = connection.begin().await?;
    let new = migrations::run(&MIGRATIONS, &mut *tx).await?;
    tx.rollback().await?;
    connection.close().await?;
    Ok(new)
}

pub(super) async fn look(url: &str) -> Result<Db> {
    Ok(Db::Postgres(connect(url, 2).await?))
}

const OTHERS: &str = "
    select count(*)
    from pg_stat_activity
    where datname = current_database() and application_name = $1 and pid <> pg_backend_pid()";

/// A server cannot be locked out of a database of its own, but it can be seen there.
pub(super) async fn look_alone(url: &str) -> Result<Db> {
    // One connection, so that nobody else there is ourselves.
    let pool = connect(url, 1).await?;
    let others: i64 = sqlx::query_scalar(OTHERS).bind(NAME).fetch_one(&pool).await?;
    if others > 0 { Err(Fault::DatabaseInUse(others).into()) } else { Ok(Db::Postgres(pool)) }
}
