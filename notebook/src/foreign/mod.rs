//! Documents of other tools, before any of our words: read within limits, kept in their order, and
//! cleared of secrets. Nothing here knows what a document means.

pub mod lenient_json;
pub mod redact;
pub mod shorten;
pub mod tree;
pub mod yaml;

/// Levels of lists and objects in a document. The JSON reader below refuses 128 on its own.
pub const JSON_DEPTH_MAX: usize = 127;
/// Values in a document: five million zeros in a list would need thirty times their size in memory.
pub const JSON_VALUES_MAX: usize = 600_000;
/// Objects among them: even a small one takes more than 600 bytes.
pub const JSON_OBJECTS_MAX: usize = 120_000;

/// Why a document was not understood. Each sentence says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadTrouble {
    #[error(
        "The document is larger than {limit_bytes} bytes, so nothing was kept. Shorten long outputs and import it again."
    )]
    TooLarge { limit_bytes: usize },
    #[error(
        "The document is not JSON: line {line}, column {column} (byte {byte}): {what}. Nothing was kept. Export it again and import that."
    )]
    Malformed { line: usize, column: usize, byte: usize, what: String },
    #[error(
        "The document nests deeper than {limit} levels at line {line}, column {column}, so nothing was kept. Shorten that output and import it again."
    )]
    TooDeep { limit: usize, line: usize, column: usize },
    #[error(
        "The document holds more than {limit} {what}, so nothing was kept. Shorten long outputs and import it again."
    )]
    TooManyValues { limit: usize, what: &'static str },
    #[error("The document is not YAML: {}{what}. Nothing was kept. Put it right and send it again.", at(*line, *column))]
    NotYaml { line: usize, column: usize, what: String },
    #[error(
        "{} is {text} without quotes, which some tools read as another value, so nothing was kept. Put quotes around it, or write true, false or a plain number.",
        place(pointer)
    )]
    Ambiguous { pointer: String, text: String },
    #[error("The document is not a notification: it lacks {}. Nothing was kept. {hint}", missing.join(", "))]
    NotANotification { missing: Vec<&'static str>, hint: &'static str },
    #[error("The document is not a journal: it lacks {}. Nothing was kept. {hint}", missing.join(", "))]
    NotAJournal { missing: Vec<&'static str>, hint: &'static str },
    #[error(
        "{} holds {found} where {expected} is expected, so nothing was kept. Export the document again and import that.",
        place(pointer)
    )]
    WrongType { pointer: String, expected: &'static str, found: &'static str },
    #[error(
        "{pointer} is \"{text}\", which {what}, so nothing was kept. Write a time such as 2026-11-22T19:35:39+00:00 and import it again."
    )]
    BadTime { pointer: String, text: String, what: &'static str },
}

impl ReadTrouble {
    /// The same about a part of a larger document.
    #[must_use]
    pub fn below(mut self, part: &str) -> Self {
        if let Self::WrongType { pointer, .. } | Self::BadTime { pointer, .. } | Self::Ambiguous { pointer, .. } =
            &mut self
        {
            pointer.insert_str(0, part);
        }
        self
    }

    /// JSON pointer of the field that was not taken; None if the whole document was not.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::WrongType { pointer, .. } | Self::BadTime { pointer, .. } | Self::Ambiguous { pointer, .. } => {
                Some(pointer.as_str()).filter(|pointer| !pointer.is_empty())
            }
            Self::TooLarge { .. }
            | Self::Malformed { .. }
            | Self::TooDeep { .. }
            | Self::TooManyValues { .. }
            | Self::NotYaml { .. }
            | Self::NotANotification { .. }
            | Self::NotAJournal { .. } => None,
        }
    }
}

/// "line 3, column 5: ", as far as the place is known.
fn at(line: usize, column: usize) -> String {
    if line == 0 { String::new() } else { format!("line {line}, column {column}: ") }
}

fn place(pointer: &str) -> &str {
    if pointer.is_empty() { "The document" } else { pointer }
}
