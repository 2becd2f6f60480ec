//! What every page's frame must know: theme, who is signed in, where we are.
//!
//! The server provides one [`Look`] as context for each request. Without it (the list of
//! routes is made outside a request) the defaults hold: system theme, nobody signed in.

use crate::keys::Singles;
use crate::parts::badge::Family;
use crate::parts::icon::IconName;
use leptos::prelude::use_context;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    pub theme: Theme,
    pub signed_in: Option<SignedIn>,
    /// Path and query of this page, beginning with `/`; the theme form returns to it.
    pub path: String,
    /// Versioned prefix of scripts and styles, without a trailing slash: `/_a/1f2e3d4c5b6a`.
    pub asset_root: String,
    /// Version of the program, for the footer.
    pub version: String,
    /// Sentences that hold for the whole page: freeze, sample data, insecure HTTP.
    pub banners: Vec<Banner>,
    /// What the last act did; shown once.
    pub flash: Option<Note>,
    /// How many entries of the reader's inbox are not done.
    pub inbox: i64,
    /// The address of the form that the last act took; empty if it took none. Its draft is done with.
    pub taken: String,
    /// Pinned views for the navigation: words and addresses.
    pub views: Vec<(String, String)>,
    /// In which zone, and with which keys.
    pub reading: Reading,
}

impl Look {
    /// The look of this request, or the defaults.
    pub fn here() -> Self {
        use_context().unwrap_or_default()
    }
}

/// How this browser reads: kept in its cookies, since it is not the same at every machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The zone in which times of runs are shown; the reader's own without one.
    pub zone: Option<String>,
    /// When single keys act.
    pub keys: Singles,
    /// Rows stand closer together.
    pub compact: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in the form and the cookie.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the word of the form or the cookie; anything else follows the system.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word).unwrap_or_default()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub name: String,
    pub can_administer: bool,
}

/// A sentence under the top bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    pub icon: IconName,
    pub family: Family,
    pub sentence: String,
    /// Where to read or change it: words and addresses.
    pub links: Vec<(String, String)>,
}

/// A short answer to the last act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub kind: NoteKind,
    pub sentence: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// The act is done.
    Done,
    /// The act is done, and there is something to know.
    Aware,
    /// The act was not done.
    Refused,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_reads_what_it_writes() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_word(theme.as_str()), theme);
        }
    }

    #[test]
    fn an_unknown_theme_follows_the_system() {
        assert_eq!(Theme::from_word("\"><script>"), Theme::System);
    }
}
