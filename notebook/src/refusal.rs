//! Every way to say no: code, status, exit code, sentence. No door invents another.

use serde::{Deserialize, Serialize};

use crate::{actor::Act, text::TextTrouble};

/// One field that was not taken. `field` is the form field's name or the JSON path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct FieldTrouble {
    pub field: String,
    /// A clause that follows the field's label: "is empty; write something".
    pub says: String,
    /// In a query: the character it is about, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
}

impl FieldTrouble {
    pub fn new(field: impl Into<String>, says: impl Into<String>) -> Self {
        Self { field: field.into(), says: says.into(), at: None }
    }
}

/// A well-understood no. Texts are for people; `code` is for programs and never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    #[error("Sign in first.")]
    SignIn,
    #[error("You may not {act}: that takes the right \"{right}\", which an admin can give you.")]
    NotAllowed { act: String, right: String },
    #[error("There is no {noun} {id}.")]
    Missing { noun: String, id: String },
    #[error("You cannot {act} now: {state}.")]
    NotNow { act: String, state: String },
    #[error(
        "{noun} {id} has changed since you opened it. Nothing was overwritten; your text is kept beside the present one."
    )]
    Stale {
        noun: String,
        id: String,
        /// The present one.
        version: i64,
    },
    #[error(
        "{noun} {id} is changed from a known version only. Nothing was saved; open the page again, or send If-Match with the ETag of a GET, or the field \"version\"."
    )]
    NoVersion { noun: String, id: String },
    #[error("{says}")]
    Taken { field: String, says: String },
    #[error("The gate is closed: {}", reasons.join("; "))]
    Gate { reasons: Vec<String> },
    #[error("The gate waits for answers: {}", reasons.join("; "))]
    Ask { reasons: Vec<String> },
    #[error("A freeze is on: {}", reasons.join("; "))]
    Freeze { reasons: Vec<String> },
    #[error("Some fields need another look. Nothing was saved; your text is still here.")]
    Unfit { troubles: Vec<FieldTrouble> },
    #[error("This was sent before and is done; {thing} is the result.")]
    Done { thing: String },
    #[error(
        "This Idempotency-Key came with another request before. Nothing was done; send this one under a key of its own."
    )]
    KeyReused,
    #[error("A request with this Idempotency-Key is under way. Nothing was done twice; try again in {wait_s} seconds.")]
    UnderWay { wait_s: i64 },
    #[error("{what} is larger than {limit} allows.")]
    TooMuch { what: String, limit: String },
    #[error(
        "This query took longer than {limit_s} seconds and was cut off. Nothing was changed, and its text is kept; narrow it by `type:`, `service:` or `created:<30d`, or ask for fewer and longer beginnings of words."
    )]
    TooLong { limit_s: u64 },
    #[error("Too many tries. Wait {wait_s} seconds and try again.")]
    TooOften { wait_s: i64 },
    #[error("The notebook is busy. Nothing was saved; try again in {wait_s} seconds.")]
    Busy { wait_s: i64 },
}

impl Refusal {
    pub fn not_allowed(act: Act) -> Self {
        Self::NotAllowed { act: act.word().into(), right: act.right().word().into() }
    }

    pub fn missing(noun: &str, id: impl ToString) -> Self {
        Self::Missing { noun: noun.into(), id: id.to_string() }
    }

    pub fn not_now(act: Act, state: impl Into<String>) -> Self {
        Self::NotNow { act: act.word().into(), state: state.into() }
    }

    /// `version` is the present one.
    pub fn stale(noun: &str, id: impl ToString, version: i64) -> Self {
        Self::Stale { noun: noun.into(), id: id.to_string(), version }
    }

    pub fn unfit(field: &str, says: impl Into<String>) -> Self {
        Self::Unfit { troubles: vec![FieldTrouble::new(field, says)] }
    }

    /// The same at a character of a field.
    pub fn unfit_at(field: &str, at: usize, says: impl Into<String>) -> Self {
        Self::Unfit { troubles: vec![FieldTrouble { at: Some(at), ..FieldTrouble::new(field, says) }] }
    }

    /// The word programs compare.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::NotAllowed { .. } => "not_allowed",
            Self::Missing { .. } => "missing",
            Self::NotNow { .. } => "not_now",
            Self::Stale { .. } => "stale",
            Self::NoVersion { .. } => "no_version",
            Self::Taken { .. } => "taken",
            Self::Gate { .. } => "gate",
            Self::Ask { .. } => "ask",
            Self::Freeze { .. } => "freeze",
            Self::Unfit { .. } => "unfit",
            Self::Done { .. } => "done",
            Self::KeyReused => "key_reused",
            Self::UnderWay { .. } => "under_way",
            Self::TooMuch { .. } => "too_much",
            Self::TooLong { .. } => "too_long",
            Self::TooOften { .. } => "too_often",
            Self::Busy { .. } => "busy",
        }
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Done { .. } => 200,
            Self::SignIn => 401,
            Self::NotAllowed { .. } => 403,
            Self::Missing { .. } => 404,
            Self::NotNow { .. }
            | Self::Taken { .. }
            | Self::Gate { .. }
            | Self::Ask { .. }
            | Self::Freeze { .. }
            | Self::UnderWay { .. } => 409,
            Self::Stale { .. } => 412,
            Self::TooMuch { .. } => 413,
            Self::Unfit { .. } | Self::KeyReused | Self::TooLong { .. } => 422,
            Self::NoVersion { .. } => 428,
            Self::TooOften { .. } => 429,
            Self::Busy { .. } => 503,
        }
    }

    /// What the command line ends with.
    pub fn exit_code(&self) -> u8 {
        exit_code(self.code())
    }

    /// The troubles that belong beside fields.
    pub fn troubles(&self) -> &[FieldTrouble] {
        match self {
            Self::Unfit { troubles } => troubles,
            _ => &[],
        }
    }
}

/// What the command line ends with for each refusal's word. Pipelines branch on these numbers, so they stay.
pub fn exit_code(code: &str) -> u8 {
    match code {
        "ask" => 3,
        "gate" => 4,
        "freeze" => 5,
        "sign_in" | "not_allowed" => 11,
        _ => 1,
    }
}

/// Collects troubles field by field, so that a form shows all of them at once.
#[derive(Debug, Default)]
pub struct Checking {
    troubles: Vec<FieldTrouble>,
}

impl Checking {
    pub fn say(&mut self, field: impl Into<String>, says: impl Into<String>) {
        self.troubles.push(FieldTrouble::new(field, says));
    }

    /// The same at a character of the field.
    pub fn say_at(&mut self, field: impl Into<String>, at: usize, says: impl Into<String>) {
        self.troubles.push(FieldTrouble { at: Some(at), ..FieldTrouble::new(field, says) });
    }

    /// Whether something was said about this field already.
    pub fn has(&self, field: &str) -> bool {
        self.troubles.iter().any(|trouble| trouble.field == field)
    }

    /// A field that must hold something.
    pub fn need<T>(&mut self, field: &str, checked: Result<T, TextTrouble>) -> Option<T> {
        checked.map_err(|trouble| self.say(field, trouble.to_string())).ok()
    }

    /// A field that may be left empty.
    pub fn maybe<T>(&mut self, field: &str, text: &str, check: impl Fn(&str) -> Result<T, TextTrouble>) -> Option<T> {
        if text.trim().is_empty() { None } else { self.need(field, check(text)) }
    }

    /// What a tick box sends, and what a program may send instead.
    pub fn tick(&mut self, field: impl Into<String>, text: &str) -> bool {
        match text.trim() {
            "on" | "true" => true,
            "" | "off" | "false" => false,
            _ => {
                self.say(field, "is not one of on, off");
                false
            }
        }
    }

    /// The value, if nothing was wrong anywhere.
    pub fn end<T>(self, value: Option<T>) -> Result<T, Refusal> {
        match value {
            Some(value) if self.troubles.is_empty() => Ok(value),
            _ => Err(Refusal::Unfit { troubles: self.troubles }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Title;

    #[test]
    fn all_troubles_are_said_at_once() {
        let mut checking = Checking::default();
        let title = checking.need("title", Title::new(""));
        let link = checking.maybe("ticket", "javascript:x", crate::text::Link::new);
        let refusal = checking.end(title.zip(link)).unwrap_err();
        let fields: Vec<_> = refusal.troubles().iter().map(|t| t.field.as_str()).collect();
        assert_eq!(fields, ["title", "ticket"]);
        assert_eq!(refusal.status(), 422);
    }

    #[test]
    fn a_refusal_is_one_sentence_for_people_and_one_code_for_programs() {
        let no = Refusal::not_now(Act::StartRun, "RUN-3 is finished");
        assert_eq!(no.to_string(), "You cannot start a run now: RUN-3 is finished.");
        assert_eq!(serde_json::to_value(&no).unwrap()["code"], no.code());
    }

    #[test]
    fn the_command_line_tells_a_closed_gate_from_a_missing_right() {
        let ends = [
            (Refusal::Ask { reasons: Vec::new() }, 3),
            (Refusal::Gate { reasons: Vec::new() }, 4),
            (Refusal::Freeze { reasons: Vec::new() }, 5),
            (Refusal::SignIn, 11),
            (Refusal::not_allowed(Act::StartRun), 11),
            (Refusal::not_now(Act::StartRun, "x"), 1),
            (Refusal::unfit("title", "is empty"), 1),
            (Refusal::missing("run", "RUN-3"), 1),
        ];
        for (refusal, number) in ends {
            assert_eq!(refusal.exit_code(), number, "{}", refusal.code());
        }
    }
}
