//! How a database's schema stands to the one this program knows. A program that only looks must
//! not bring it up to date, so it asks first.

use sqlx::migrate::{AppliedMigration, MigrateError, Migrator};

use crate::fault::{Fault, Result};

/// What the list of applied migrations says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// Exactly the migrations of this program.
    Current { steps: usize },
    /// Some are still to come.
    Older { applied: usize, known: usize },
    /// A later program was here.
    Newer { version: i64 },
    /// This step ran with another text.
    Changed { version: i64 },
    /// No notebook was ever opened there.
    Nothing,
}

impl Schema {
    pub(super) fn of(applied: Result<Vec<AppliedMigration>, MigrateError>, known: &Migrator) -> Result<Self> {
        match applied {
            Ok(applied) => Ok(Self::compare(&applied, known)),
            Err(MigrateError::Execute(sqlx::Error::Database(_))) => Ok(Self::Nothing),
            Err(other) => Err(Fault::Migration(other).into()),
        }
    }

    fn compare(applied: &[AppliedMigration], known: &Migrator) -> Self {
        let text_of = |version: i64| known.iter().find(|step| step.version == version).map(|step| &step.checksum);
        for step in applied {
            match text_of(step.version) {
                None => return Self::Newer { version: step.version },
                Some(checksum) if *checksum != step.checksum => return Self::Changed { version: step.version },
                Some(_) => {}
            }
        }
        match (applied.len(), known.iter().count()) {
            (0, _) => Self::Nothing,
            (applied, known) if applied < known => Self::Older { applied, known },
            (steps, _) => Self::Current { steps },
        }
    }

    pub const fn is_current(self) -> bool {
        matches!(self, Self::Current { .. })
    }

    /// What a person is told.
    pub fn says(self) -> String {
        match self {
            Self::Current { steps } => format!("{steps} steps, all as this program knows them"),
            Self::Older { applied, known } => format!(
                "the schema is older than this program ({applied} of {known} steps); start the server once, which \
                 brings it up to date"
            ),
            Self::Newer { version } => {
                format!("a later Retrial was here (step {version}); use that one or a newer one")
            }
            Self::Changed { version } => {
                format!("step {version} ran with another text than this program's; use the program that ran it")
            }
            Self::Nothing => "there is no notebook in this database".into(),
        }
    }
}
