//! By what somebody watches, so that a stream ends with it.

use notebook::{
    actor::PersonId,
    desk::Notebook,
    fault::Result,
    people::acts::{find, is_token_good, load_session},
};

use crate::guard::Who;

/// A login session or a token. Neither cookie nor token is kept, only what the notebook knows of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Login {
    pub person: PersonId,
    by: By,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum By {
    Session(String),
    Token(String),
}

impl Login {
    /// None for nobody.
    pub fn of(who: &Who) -> Option<Self> {
        let person = who.actor.person()?.id;
        let by = if who.token.is_empty() { By::Session(who.session.clone()) } else { By::Token(who.token.clone()) };
        Some(Self { person, by })
    }

    /// A program with a token has no page open.
    pub const fn is_page(&self) -> bool {
        matches!(self.by, By::Session(_))
    }

    /// Whether whoever asked by it might ask again.
    pub async fn is_good(&self, notebook: &Notebook) -> Result<bool> {
        match &self.by {
            By::Token(key) => is_token_good(notebook, key).await,
            By::Session(key) => {
                Ok(load_session(notebook, key).await?.is_some() && find(notebook, self.person).await?.is_some())
            }
        }
    }
}
