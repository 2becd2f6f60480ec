//! The engine for several nodes.

use std::time::Duration;

use sqlx::{
    Connection, PgConnection, PgPool,
    migrate::Migrate,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    Db,
    migrations::{self, Migration, State, are_all, fault},
};
use crate::fault::{Fault, Result};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/postgres");

pub(super) async fn open(url: &str) -> Result<(Db, usize)> {
    let pool = connect(url).await?;
    let new = migrations::run(&MIGRATIONS, &mut *pool.acquire().await?).await?;
    Ok((Db::Postgres(pool), new))
}

/// Nobody holds a database, so whoever serves it is not asked: an empty one is made ready, another
/// schema is left alone.
pub(super) async fn open_beside(url: &str) -> Result<(Db, usize)> {
    let pool = connect(url).await?;
    let steps = migrations(&mut *pool.acquire().await?).await?;
    if are_all(&steps, State::Applied) {
        return Ok((Db::Postgres(pool), 0));
    }
    if are_all(&steps, State::Pending) {
        return open(url).await;
    }
    Err(Fault::OtherSchema("this database".to_owned()).into())
}

pub(super) async fn connect(url: &str) -> Result<PgPool> {
    let options: PgConnectOptions = url.parse()?;
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.application_name("retrial"))
        .await?;
    Ok(pool)
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
