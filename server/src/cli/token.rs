//! `retrial token …`: tokens of people's programs from the machine itself. It works while a server runs.

use std::collections::BTreeMap;

use clap::Subcommand;
use notebook::{
    actor::PersonId,
    people::{Token, TokenDraft, acts},
    time::Moment,
};

use super::{
    Home, Stopped, out,
    user::{desk, find},
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a token for a person's programs; it is printed once
    Create {
        email: String,
        /// What it is for
        #[arg(long)]
        name: String,
        /// read looks, ingest also sends results, all does whatever its person may do
        #[arg(long, value_parser = ["read", "ingest", "all"])]
        scope: String,
        /// Days until it ends; without this it does not end
        #[arg(long)]
        days: Option<String>,
        /// Print the token and nothing else
        #[arg(long, short)]
        quiet: bool,
        #[command(flatten)]
        home: Home,
    },
    /// List tokens, of everybody or of one person
    List {
        email: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        home: Home,
    },
    /// Make a token useless, by its number
    Revoke {
        id: i64,
        #[command(flatten)]
        home: Home,
    },
}

pub async fn run(command: Command) -> Result<(), Stopped> {
    match command {
        Command::Create { email, name, scope, days, quiet, home } => {
            let desk = desk(&home.settings()?).await?;
            let person = find(&desk, &email).await?.id;
            let draft = TokenDraft { name, scope, days: days.unwrap_or_default() };
            let (token, text) = acts::make_token_for(&desk, person, &draft).await?;
            if quiet {
                return out::print(&text);
            }
            let until = token.expires_at.map_or_else(|| "does not end".to_owned(), |at| format!("ends {}", day(at)));
            out::print(&format!(
                "Token {} of {email}, \"{}\": {}; it {until}. Copy it now, it is shown once:\n{text}",
                token.id,
                token.name,
                token.scope.explained().replace("you may", "its person may"),
            ))
        }
        Command::List { email, json, home } => {
            let desk = desk(&home.settings()?).await?;
            let only = match &email {
                Some(email) => Some(find(&desk, email).await?.id),
                None => None,
            };
            let mut tokens = acts::all_tokens(&desk).await?;
            tokens.retain(|token| only.is_none_or(|person| token.person == person));
            if json {
                return out::json(&tokens);
            }
            let people = acts::list(&desk).await?.into_iter().map(|account| (account.id, account.email)).collect();
            out::print(&listed(&tokens, &people))
        }
        Command::Revoke { id, home } => {
            acts::revoke_any_token(&desk(&home.settings()?).await?, id).await?;
            out::print(&format!("Token {id} is revoked."))
        }
    }
}

fn listed(tokens: &[Token], people: &BTreeMap<PersonId, String>) -> String {
    if tokens.is_empty() {
        return "No tokens. Make one: retrial token create EMAIL --name ci --scope ingest".to_owned();
    }
    let row = |token: &Token| {
        vec![
            token.id.to_string(),
            people.get(&token.person).cloned().unwrap_or_default(),
            token.name.clone(),
            token.scope.word().into(),
            format!("…{}", token.ending),
            token.expires_at.map(day).unwrap_or_default(),
            token.used_at.map(day).unwrap_or_default(),
        ]
    };
    let heads = ["ID", "PERSON", "NAME", "SCOPE", "TOKEN", "ENDS", "USED"];
    out::table(&heads, &tokens.iter().map(row).collect::<Vec<_>>())
}

fn day(at: Moment) -> String {
    at.rfc3339().chars().take(10).collect()
}
