//! Bounded texts: trimmed, non-empty and within their limit by construction.

use std::{borrow::Borrow, fmt};

use serde::{Deserialize, Serialize};

use crate::limits::{LINK_CHARS_MAX, NOTE_CHARS_MAX, PROSE_CHARS_MAX, SLUG_CHARS_MAX, TITLE_CHARS_MAX};

/// Why a text was not taken; a sentence without the field's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextTrouble {
    #[error("is empty; write something")]
    Empty,
    #[error("has {has} characters; at most {max} are kept")]
    TooLong { has: usize, max: usize },
    #[error("holds a control character; remove it")]
    Control,
    #[error("takes small letters, digits and single hyphens, like \"storage-engine\"")]
    NotASlug,
    #[error("takes an address that begins with http://, https:// or mailto:")]
    NotALink,
    #[error("takes an address that begins with https://")]
    NotHttps,
}

fn bounded(text: &str, chars_max: usize, lines: bool) -> Result<String, TextTrouble> {
    let text = text.trim();
    // Browsers send CR LF; a text that goes through a form twice must not change.
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    let has = text.chars().count();
    if has == 0 {
        return Err(TextTrouble::Empty);
    }
    if has > chars_max {
        return Err(TextTrouble::TooLong { has, max: chars_max });
    }
    if text.chars().any(|c| c.is_control() && !(lines && (c == '\n' || c == '\t'))) {
        return Err(TextTrouble::Control);
    }
    Ok(text)
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident = $check:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(inline))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn new(text: &str) -> Result<Self, TextTrouble> {
                let check: fn(&str) -> Result<String, TextTrouble> = $check;
                check(text).map(Self)
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = TextTrouble;
            fn try_from(text: String) -> Result<Self, TextTrouble> {
                Self::new(&text)
            }
        }
        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )*};
}

texts! {
    /// One line.
    Title = |text| bounded(text, TITLE_CHARS_MAX, false);
    /// A short note, several lines allowed.
    Note = |text| bounded(text, NOTE_CHARS_MAX, true);
    /// A long text, several lines allowed.
    Prose = |text| bounded(text, PROSE_CHARS_MAX, true);
    /// A name in a URL: small letters, digits, single hyphens.
    Slug = |text| {
        let text = bounded(text, SLUG_CHARS_MAX, false)?;
        let fits = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits && !text.starts_with('-') && !text.ends_with('-') && !text.contains("--") {
            Ok(text)
        } else {
            Err(TextTrouble::NotASlug)
        }
    };
    /// An address people can follow: http, https or mailto, no spaces.
    Link = |text| {
        let text = bounded(text, LINK_CHARS_MAX, false)?;
        let known = ["http://", "https://", "mailto:"].iter().any(|scheme| {
            text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && text.len() > scheme.len()
        });
        if known && !text.contains(char::is_whitespace) { Ok(text) } else { Err(TextTrouble::NotALink) }
    };
}

/// A slug made out of a free name, for "Storage engine" to become `storage-engine`.
pub fn slug_from(name: &str) -> Option<Slug> {
    let spaced: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join("-");
    let cut: String = joined.chars().take(SLUG_CHARS_MAX).collect();
    Slug::new(cut.trim_end_matches('-')).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_bounded_and_never_empty() {
        assert_eq!(Title::new("  Restart one ZooKeeper ").unwrap().as_str(), "Restart one ZooKeeper");
        assert_eq!(Title::new(" \t "), Err(TextTrouble::Empty));
        assert_eq!(Title::new("two\nlines"), Err(TextTrouble::Control));
        assert_eq!(Title::new(&"x".repeat(161)), Err(TextTrouble::TooLong { has: 161, max: 160 }));
        assert_eq!(Prose::new("a\r\nb\rc").unwrap().as_str(), "a\nb\nc");
    }

    #[test]
    fn slugs_and_links_take_only_their_own_form() {
        assert!(Slug::new("storage-engine").is_ok());
        for bad in ["Storage", "-a", "a-", "a--b", "a b", "ä"] {
            assert_eq!(Slug::new(bad), Err(TextTrouble::NotASlug), "{bad}");
        }
        assert!(Link::new("HTTPS://example.org/a?b#c").is_ok());
        for bad in ["javascript:alert(1)", "example.org", "https://", "http://a b", "data:text/html,x"] {
            assert_eq!(Link::new(bad), Err(TextTrouble::NotALink), "{bad}");
        }
        assert_eq!(slug_from("  Storage Engine (v2)").unwrap().as_str(), "storage-engine-v2");
        assert_eq!(slug_from("…"), None);
    }
}
