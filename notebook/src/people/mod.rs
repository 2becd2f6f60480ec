//! Accounts, how people come to them and into the notebook, and the tokens of their programs.

mod drafts;
pub mod passwords;

#[cfg(feature = "store")]
pub mod acts;
#[cfg(feature = "store")]
pub mod secrets;
#[cfg(feature = "store")]
mod sql;

pub use drafts::{
    AcceptDraft, BEGIN_EMPTY, BEGIN_WITH_SAMPLE, Checked, CheckedRights, CheckedToken, InviteDraft, NewAccount,
    PasswordDraft, ProfileDraft, ResetDraft, RightsDraft, SetupDraft, SoloDraft, TokenDraft,
};

use serde::{Deserialize, Serialize};

use crate::{
    actor::{Person, PersonId, Role},
    limits::EMAIL_CHARS_MAX,
    time::Moment,
};

/// One person's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Account {
    pub id: PersonId,
    /// Trimmed, in small letters; unique.
    pub email: String,
    pub name: String,
    pub role: Role,
    /// Whether this person may be counted on to revert a fault.
    pub can_revert: bool,
    /// IANA name of the zone in which times are shown.
    pub zone: String,
    pub theme: Theme,
    pub has_password: bool,
    pub disabled: bool,
    pub created_at: Moment,
    /// Counts changes; an edit names the one it began from.
    pub version: i64,
}

impl Account {
    pub fn as_person(&self) -> Person {
        Person { id: self.id, name: self.name.clone(), role: self.role, zone: self.zone.clone() }
    }
}

/// The one open account that somebody means by a name or an address. A name that two share means neither.
pub fn meant<'a>(accounts: &'a [Account], name: &str) -> Option<&'a Account> {
    let name = name.trim().to_lowercase();
    let is_called = |account: &&Account| account.email == name || account.name.to_lowercase() == name;
    let mut called = accounts.iter().filter(|account| !account.disabled).filter(is_called);
    called.next().filter(|_| called.next().is_none())
}

/// Light or dark; `System` follows the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.word() == word)
    }
}

/// What a token's program may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Only look.
    Read,
    /// Look, and send results.
    Ingest,
    /// Whatever its person may do.
    All,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::Read, Self::Ingest, Self::All];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Ingest => "ingest",
            Self::All => "all",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }

    /// What a program with this scope may do, in one clause.
    pub const fn explained(self) -> &'static str {
        match self {
            Self::Read => "reads",
            Self::Ingest => "reads, and sends results of runs",
            Self::All => "does whatever you may do",
        }
    }
}

/// A token as its owner sees it later: never the text itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Token {
    pub id: i64,
    pub person: PersonId,
    pub name: String,
    /// The last four characters, to recognise it by.
    pub ending: String,
    pub scope: Scope,
    pub created_at: Moment,
    /// `None`: it does not expire.
    pub expires_at: Option<Moment>,
    /// To the minute.
    pub used_at: Option<Moment>,
}

/// An invitation that can still be taken up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Invitation {
    /// The hash of its token: names the invitation, does not open it.
    pub key: String,
    pub email: String,
    pub role: Role,
    pub made_by: Option<String>,
    pub created_at: Moment,
    pub expires_at: Moment,
}

/// A browser in which somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct LoginSession {
    /// The hash of the cookie: names the login session, does not open it.
    pub key: String,
    /// What the browser calls itself.
    pub agent: String,
    pub created_at: Moment,
    pub seen_at: Moment,
}

/// An address in the one form in which it is kept and compared: trimmed, in small letters.
pub fn email_of(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (name, host) = text.split_once('@')?;
    let plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace() || c.is_control());
    (plain(name) && plain(host) && text.chars().count() <= EMAIL_CHARS_MAX).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_one_form() {
        assert_eq!(email_of(" Ana@Example.ORG "), Some("ana@example.org".into()));
        for bad in ["", "ana", "@example.org", "ana@", "a@b@c", "ana b@example.org", "ana@exa\nmple.org"] {
            assert_eq!(email_of(bad), None, "{bad}");
        }
        assert_eq!(email_of(&format!("{}@example.org", "a".repeat(250))), None);
    }

    #[test]
    fn stored_words_keep_their_spelling() {
        assert_eq!(Theme::ALL.map(Theme::word), ["system", "light", "dark"]);
        assert_eq!(Scope::ALL.map(Scope::word), ["read", "ingest", "all"]);
        for scope in Scope::ALL {
            assert_eq!(Scope::named(scope.word()), Some(scope));
        }
    }
}
