//! Whether those who were let in would be let in again: a stream outlives the question at its door.

use crate::{
    actor::PersonId,
    desk::Notebook,
    fault::Result,
    people::sql::{logins, tokens},
};

/// A login session or a token. Neither cookie nor token is kept, only what the notebook knows of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Login {
    pub person: PersonId,
    pub by: By,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum By {
    Session(String),
    Token(String),
}

/// Those that ended, by one look at the database: there may be thousands, and their streams end within
/// seconds.
pub async fn ended(notebook: &Notebook, all: Vec<Login>) -> Result<Vec<Login>> {
    let now = notebook.now();
    let mut tx = notebook.db.begin_read().await?;
    let mut ended = Vec::new();
    for login in all {
        let is_good = match &login.by {
            By::Session(key) => logins::is_good(&mut tx, key, login.person, now).await?,
            By::Token(key) => tokens::find(&mut tx, key, now).await?.is_some(),
        };
        if !is_good {
            ended.push(login);
        }
    }
    Ok(ended)
}
