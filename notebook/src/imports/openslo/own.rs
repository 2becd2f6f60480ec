//! What OpenSLO has no place for travels in annotations under our own prefix, so that a document that
//! went out comes back as the same SLO.

use std::collections::BTreeMap;

use super::part::{Part, Told};

pub const PREFIX: &str = "retrial/";

/// Annotations that are read again. All but the first and the fourth are fields of a draft.
pub const NAMES: [&str; 16] = [
    "id",
    "environment",
    "promise",
    "strictness",
    "definition",
    "direction",
    "limit",
    "unit",
    "limit_is",
    "good_enough",
    "too_broken",
    "level_window",
    "age_max",
    "gap_max",
    "source",
    "begins",
];

/// Our annotations of one document; none where it is another's.
#[derive(Debug, Default)]
pub struct Own<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Own<'a> {
    /// Takes ours, and says that the others are not kept.
    pub fn read(mut annotations: Part<'a>, told: &mut Told) -> Self {
        let mut own = Self::default();
        let path = annotations.path().to_owned();
        for (name, value) in annotations.all() {
            let known = name.strip_prefix(PREFIX).filter(|name| NAMES.contains(name));
            match (known, value.as_text()) {
                (Some(name), Some(text)) => {
                    own.0.insert(name, text);
                }
                (Some(_), None) => {
                    told.trouble(format!("{path}.{name}"), format!("takes text and holds {}", value.kind()));
                }
                (None, _) => {
                    let name = crate::foreign::shorten::line(name, 80);
                    told.note(format!("{path}.{name} is not kept: it is not known here"));
                }
            }
        }
        own
    }

    /// Whether the document went out from here, so that what it leaves out is meant to be empty.
    /// Somebody else may write single annotations, which say no more than they say.
    pub fn is_ours(&self) -> bool {
        self.0.contains_key("id")
    }

    /// The names of those that say something.
    pub fn said(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(|(_, text)| !text.is_empty()).map(|(name, _)| *name)
    }

    /// The text of an annotation; empty if it is not there.
    pub fn text(&self, name: &str) -> &'a str {
        self.0.get(name).copied().unwrap_or_default()
    }
}
