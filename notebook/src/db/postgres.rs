//! The engine for several nodes.

use std::time::Duration;

use sqlx::{
    migrate::Migrate,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::Db;
use crate::fault::{Fault, Result};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/postgres");

pub(super) async fn open(url: &str) -> Result<(Db, usize)> {
    let options: PgConnectOptions = url.parse()?;
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.application_name("retrial"))
        .await?;
    let mut connection = pool.acquire().await?;
    connection.ensure_migrations_table(&MIGRATIONS.table_name).await.map_err(Fault::Migration)?;
    let before = connection.list_applied_migrations(&MIGRATIONS.table_name).await.map_err(Fault::Migration)?.len();
    MIGRATIONS.run(&mut *connection).await.map_err(Fault::Migration)?;
    drop(connection);
    Ok((Db::Postgres(pool), MIGRATIONS.iter().count().saturating_sub(before)))
}
