//! How a database's schema stands to the one this program knows. A program that only looks must
//! not bring it up to date, so it asks first.

use super::migrations::{Migration, State};

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
    pub(super) fn of(steps: &[Migration]) -> Self {
        let strange = steps.iter().find(|step| matches!(step.state, State::Newer | State::Changed));
        if let Some(step) = strange {
            let version = step.number;
            return if step.state == State::Newer { Self::Newer { version } } else { Self::Changed { version } };
        }
        match (steps.iter().filter(|step| step.state == State::Applied).count(), steps.len()) {
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
