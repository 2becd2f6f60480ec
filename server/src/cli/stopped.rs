//! Why a command could not go on: one sentence with the way out, and the number it ends with.

use std::process::ExitCode;

use notebook::fault::{Error, Fault};

use crate::config::Troubles;

/// What the program ends with besides 0. Those of refusals stand in `notebook::refusal::exit_code`.
pub mod exit {
    pub const ERROR: u8 = 1;
    /// The command line or a setting does not read.
    pub const USAGE: u8 = 2;
    /// No server answers.
    pub const UNREACHABLE: u8 = 10;
    pub const NOT_ALLOWED: u8 = 11;
}

/// What people are told when a command cannot go on.
#[derive(Debug, thiserror::Error)]
#[error("{says}")]
pub struct Stopped {
    says: String,
    number: u8,
}

impl Stopped {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self::with(exit::ERROR, sentence)
    }

    /// A misspelt command.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self::with(exit::USAGE, sentence)
    }

    pub fn with(number: u8, sentence: impl Into<String>) -> Self {
        Self { says: sentence.into(), number }
    }

    /// Nobody reads any further; that is no trouble of anybody.
    pub const fn unread() -> Self {
        Self { says: String::new(), number: 0 }
    }

    pub const fn number(&self) -> u8 {
        self.number
    }

    pub fn tell(&self) -> ExitCode {
        if !self.says.is_empty() {
            eprintln!("{self}");
        }
        ExitCode::from(self.number)
    }
}

impl From<Troubles> for Stopped {
    fn from(troubles: Troubles) -> Self {
        Self::usage(troubles.to_string())
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        match &error {
            Error::Broken(Fault::FolderInUse(_)) => Self::new(format!("{error}; stop that one first")),
            Error::Broken(Fault::NoNotebook(_)) => {
                Self::new(format!("{error}; name its folder with --data-dir, or make one with retrial serve"))
            }
            Error::Broken(_) => Self::new(error.to_string()),
            Error::Refused(refusal) => {
                let troubles: Vec<String> =
                    refusal.troubles().iter().map(|trouble| format!("{} {}", trouble.field, trouble.says)).collect();
                let says = if troubles.is_empty() { refusal.to_string() } else { troubles.join("\n") };
                Self::with(refusal.exit_code(), says)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use notebook::refusal::exit_code;

    use super::*;

    /// What the numbers mean, as the documentation has them.
    const NUMBERS: [(u8, &str); 8] = [
        (0, "done"),
        (exit::ERROR, "an error"),
        (exit::USAGE, "does not read"),
        (3, "asks"),
        (4, "refuses"),
        (5, "freeze"),
        (exit::UNREACHABLE, "no server answers"),
        (exit::NOT_ALLOWED, "not allowed"),
    ];

    #[test]
    fn the_documentation_names_every_number() {
        let page = include_str!("../../../docs/command-line.md");
        for (number, means) in NUMBERS {
            let line = page.lines().find(|line| line.starts_with(&format!("| {number} |")));
            assert!(line.is_some_and(|line| line.contains(means)), "docs/command-line.md lacks {number}");
        }
        for code in ["ask", "gate", "freeze", "sign_in", "not_allowed", "unfit"] {
            assert!(NUMBERS.iter().any(|(number, _)| *number == exit_code(code)), "{code}");
        }
    }
}
