//! What carrying whole notebooks takes from an engine and acts never do: numbers that keep their
//! place, and a look at the storage itself.

use super::Tx;
use crate::fault::Result;

/// Complaints of the storage that are handed on; one is reason enough to look closer.
const COMPLAINTS_MAX: usize = 100;

impl Tx {
    /// What an insert says to give `events` their own numbers. `PostgreSQL` hands them out itself
    /// and wants to be overruled by name.
    pub(crate) const fn own_numbers(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "",
            Self::Postgres(_) => " overriding system value",
        }
    }

    /// Lets the trail's numbers go on above the largest one that is there. `SQLite` sees to it itself.
    pub(crate) async fn events_go_on(&mut self) -> Result<()> {
        if let Self::Postgres(inner) = self {
            let text = "
                select setval(pg_get_serial_sequence('events', 'seq'), max(seq))
                from events
                having max(seq) is not null";
            sqlx::query(text).execute(&mut **inner).await?;
        }
        Ok(())
    }

    /// What the storage complains of: damaged pages and indexes, references to nothing. A server of
    /// its own looks after both, so that answering at all is the whole test there.
    pub(crate) async fn complaints(&mut self) -> Result<Vec<String>> {
        match self {
            Self::Sqlite(inner) => {
                let pages: Vec<String> =
                    sqlx::query_scalar("pragma integrity_check(100)").fetch_all(&mut **inner).await?;
                let references: Vec<(String, Option<i64>, String)> =
                    sqlx::query_as("select \"table\", rowid, parent from pragma_foreign_key_check")
                        .fetch_all(&mut **inner)
                        .await?;
                let references = references.into_iter().map(|(table, row, parent)| {
                    format!("row {} of {table} refers to nothing in {parent}", row.unwrap_or_default())
                });
                let damaged = pages.into_iter().filter(|line| line != "ok");
                Ok(damaged.chain(references).take(COMPLAINTS_MAX).collect())
            }
            Self::Postgres(inner) => {
                sqlx::query("select 1").execute(&mut **inner).await?;
                Ok(Vec::new())
            }
        }
    }
}
