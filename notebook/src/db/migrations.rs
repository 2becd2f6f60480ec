//! Which steps of the schema a database has taken, and which it still has to take.

use std::collections::BTreeMap;

use sqlx::migrate::{AppliedMigration, Migrate, MigrateError, Migrator};

use crate::fault::{Fault, Result};

/// One step of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    pub number: i64,
    /// Empty where only a newer program knows it.
    pub name: String,
    pub state: State,
}

/// What has become of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Applied,
    Pending,
    /// The database has taken it and this program does not know it: a newer one wrote here.
    Newer,
    /// Taken from a file that reads otherwise now.
    Changed,
}

impl State {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::Newer => "of a newer retrial",
            Self::Changed => "changed since it was applied",
        }
    }
}

/// Every step by its number, those of a newer program last.
pub(super) fn compare(known: &Migrator, applied: &[AppliedMigration]) -> Vec<Migration> {
    let mut taken: BTreeMap<i64, &AppliedMigration> = applied.iter().map(|step| (step.version, step)).collect();
    let mut all: Vec<Migration> = known
        .iter()
        .map(|step| Migration {
            number: step.version,
            name: step.description.to_string(),
            state: match taken.remove(&step.version) {
                None => State::Pending,
                Some(applied) if applied.checksum == step.checksum => State::Applied,
                Some(_) => State::Changed,
            },
        })
        .collect();
    all.extend(taken.into_keys().map(|number| Migration { number, name: String::new(), state: State::Newer }));
    all
}

/// Takes the pending steps. Returns how many there were.
pub(super) async fn run<C: Migrate + Send>(known: &Migrator, connection: &mut C) -> Result<usize> {
    connection.ensure_migrations_table(&known.table_name).await.map_err(fault)?;
    let before = connection.list_applied_migrations(&known.table_name).await.map_err(fault)?.len();
    known.run_direct(None, connection, false).await.map_err(fault)?;
    Ok(known.iter().count().saturating_sub(before))
}

/// A database of a newer program is no riddle: it is said in words.
pub(super) fn fault(trouble: MigrateError) -> Fault {
    match trouble {
        MigrateError::VersionMissing(number) => Fault::Newer { number },
        other => Fault::Migration(other),
    }
}
