//! What an act can end in besides its result: a refusal, or something broken.

use std::path::PathBuf;

use crate::{limits::SEARCH_SECONDS_MAX, refusal::Refusal};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Either a well-understood no, or a fault whose inner text stays in the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Broken(#[from] Fault),
}

/// What should not happen. Shown to people only as a reference into the log.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
    #[error("migration: {0}")]
    Migration(#[source] sqlx::migrate::MigrateError),
    #[error("row {id} of {table} does not read: {what}")]
    BadRow { table: &'static str, id: String, what: String },
    #[error("the folder {} cannot be used: {source}", folder.display())]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error("the folder {} is in use by another retrial", .0.display())]
    FolderInUse(PathBuf),
    #[error("{0} is served by a retrial that knows another schema; use the same version, or stop that one")]
    OtherSchema(String),
    #[error("the database is in use by another retrial ({0} connections)")]
    DatabaseInUse(i64),
    #[error("there is no notebook in {0}")]
    NoNotebook(String),
    #[error(
        "this notebook was written by a newer retrial (its schema has step {number}, unknown here); use that version, or bring a backup back"
    )]
    Newer { number: i64 },
    #[error("{0}")]
    Work(String),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if crate::db::is_busy(&error) {
            Self::Refused(Refusal::Busy { wait_s: 2 })
        } else if crate::db::is_cut_off(&error) {
            Self::Refused(Refusal::TooLong { limit_s: SEARCH_SECONDS_MAX })
        } else {
            Self::Broken(Fault::Database(error))
        }
    }
}

impl Fault {
    pub fn bad_row(table: &'static str, id: impl ToString, what: impl ToString) -> Self {
        Self::BadRow { table, id: id.to_string(), what: what.to_string() }
    }
}
