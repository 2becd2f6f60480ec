//! The notebook's own switches, by name.

use crate::{
    db::{Tx, on},
    fault::Result,
};

const READ: &str = "select value from settings where name = $1";

pub(in crate::people) async fn read(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(READ).bind(name).fetch_optional(c).await)?)
}

const WRITE: &str = "
    insert into settings (name, value)
    values ($1, $2)
    on conflict (name) do update set value = excluded.value";

pub(in crate::people) async fn write(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    on!(tx, c => sqlx::query(WRITE).bind(name).bind(value).execute(c).await.map(|_| ()))?;
    Ok(())
}

const WRITE_FIRST: &str = "
    insert into settings (name, value)
    values ($1, $2)
    on conflict (name) do nothing";

/// False if there is a value already.
pub(in crate::people) async fn write_first(tx: &mut Tx, name: &str, value: &str) -> Result<bool> {
    let written =
        on!(tx, c => sqlx::query(WRITE_FIRST).bind(name).bind(value).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(written == 1)
}
