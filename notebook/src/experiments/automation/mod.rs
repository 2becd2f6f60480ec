//! How Chaos Toolkit does what a plan says: a document in that tool's own vocabulary, kept as typed.
//!
//! It is context and never identity: what is done and what is measured, the plan says itself. Two rules
//! tie the document to it ([`fits`]): the actions of `method` are the plan's steps in their order, and
//! the probes of `steady-state-hypothesis` are the plan's measures by their names.

mod export;
mod fits;
mod form;
mod parts;
mod said;
mod strategy;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use export::{EXTENSION, Ticket, export};
pub use fits::{Reach, activities, reach, spoken};
pub use parts::Parts;
pub use said::{does, with};
pub use strategy::phases;

use super::plan::Identity;
use crate::{
    foreign::{ReadTrouble, lenient_json, redact, tree::Tree, yaml},
    limits::AUTOMATION_CHARS_MAX,
    refusal::FieldTrouble,
};

/// A document of Chaos Toolkit, JSON or YAML, whole or the parts that the plan does not give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Automation(String);

impl Automation {
    /// The text if it has the tool's form; otherwise everything that is wrong, each with its JSON
    /// pointer, or without one if the text does not even read.
    pub fn new(text: &str) -> Result<Self, Vec<FieldTrouble>> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n").trim_end().to_owned();
        let has = text.chars().count();
        if has > AUTOMATION_CHARS_MAX {
            let says = format!("has {has} characters; at most {AUTOMATION_CHARS_MAX} are kept");
            return Err(vec![FieldTrouble::new("", says)]);
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(vec![FieldTrouble::new("", "holds a control character; remove it")]);
        }
        let document = read(&text)
            .map_err(|trouble| vec![FieldTrouble::new(trouble.field().unwrap_or_default(), clause(&trouble))])?;
        let mut troubles = form::troubles(&document, false);
        troubles.extend(secrets(&document));
        if troubles.is_empty() { Ok(Self(text)) } else { Err(troubles) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn document(&self) -> Result<Tree, ReadTrouble> {
        read(&self.0)
    }

    /// Where the document says something else than the plan it stands in.
    pub fn misfits(&self, identity: &Identity) -> Vec<FieldTrouble> {
        self.document().map(|document| fits::misfits(identity, &document)).unwrap_or_default()
    }
}

impl fmt::Display for Automation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// JSON if it begins like it, else YAML.
pub fn read(text: &str) -> Result<Tree, ReadTrouble> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.chars().count() > AUTOMATION_CHARS_MAX {
        return Err(ReadTrouble::TooLarge { limit_bytes: AUTOMATION_CHARS_MAX });
    }
    if text.trim_start().starts_with(['{', '[']) {
        lenient_json::read(text.as_bytes(), usize::MAX)
    } else {
        yaml::parse(text)
    }
}

/// Why a text does not read, beside the field it was typed into.
fn clause(trouble: &ReadTrouble) -> String {
    match trouble {
        ReadTrouble::Malformed { line, column, what, .. } => {
            format!("is not JSON: line {line}, column {column}: {what}")
        }
        ReadTrouble::NotYaml { line, column, what } => format!("is not YAML: line {line}, column {column}: {what}"),
        ReadTrouble::Ambiguous { text, .. } => {
            format!("is {text} without quotes, which some tools read as another value; put quotes around it")
        }
        other => other.to_string().trim_end_matches('.').to_owned(),
    }
}

/// What a whole experiment lacks to be one, each with its JSON pointer.
pub fn troubles_of_whole(document: &Tree) -> Vec<FieldTrouble> {
    form::troubles(document, true)
}

/// Inline secrets: everybody who sees the plan would see them. A name such as `keyspace` is likely an
/// ordinary word, and somebody is there to know better.
fn secrets(document: &Tree) -> Vec<FieldTrouble> {
    let mut copy = document.to_value();
    let found = redact::redact(&mut copy);
    let ordinary = |pointer: &String| {
        let name = pointer.strip_prefix("/configuration/").map(str::to_ascii_lowercase);
        name.is_some_and(|name| !["token", "secret", "password"].iter().any(|word| name.contains(word)))
    };
    let held = found.into_iter().filter(|pointer| !ordinary(pointer));
    held.map(|pointer| {
        let says = "holds a secret, which everybody would read; name its place instead, like {\"type\": \"env\", \"key\": \"API_TOKEN\"} under secrets and ${api_token} here";
        FieldTrouble::new(pointer, says)
    })
    .collect()
}
