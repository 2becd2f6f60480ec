//! The engine for several nodes.

use std::time::Duration;

use sqlx::{
    PgPool,
    migrate::Migrate,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{Db, Schema};
use crate::fault::{Fault, Result};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/postgres");

/// What a notebook's connections call themselves, so that one can be told from another program's.
const NAME: &str = "retrial";

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
    let pool = connect(url, 10).await?;
    let mut connection = pool.acquire().await?;
    connection.ensure_migrations_table(&MIGRATIONS.table_name).await.map_err(Fault::Migration)?;
    let before = connection.list_applied_migrations(&MIGRATIONS.table_name).await.map_err(Fault::Migration)?.len();
    MIGRATIONS.run(&mut *connection).await.map_err(Fault::Migration)?;
    drop(connection);
    Ok((Db::Postgres(pool), MIGRATIONS.iter().count().saturating_sub(before)))
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

pub(super) async fn schema(pool: &PgPool) -> Result<Schema> {
    let mut connection = pool.acquire().await?;
    let applied = connection.list_applied_migrations(&MIGRATIONS.table_name).await;
    Schema::of(applied, &MIGRATIONS)
}
