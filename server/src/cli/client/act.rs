//! `retrial create` and `retrial act`: everything that can be done, in its own name.

use clap::Args;

use super::{
    Ask, fields,
    names::{Place, Word},
};
use crate::cli::Stopped;

#[derive(Debug, Args)]
pub struct Create {
    /// service, environment, change, experiment, run, past-run, finding, fix, decision, gameday, invitation
    word: String,
    /// Fields as name=value, e.g. title="Restart one node" services[]=kafka checks.0.measure=lag
    #[arg(value_name = "NAME=VALUE")]
    fields: Vec<String>,
    /// A JSON file with fields, or - for standard input; those on the command line win
    #[arg(long, value_name = "FILE")]
    from: Option<String>,
    #[command(flatten)]
    ask: Ask,
}

impl Create {
    pub async fn run(self) -> Result<(), Stopped> {
        let (word, address) = Word::made(&self.word)?;
        let body = fields::body(self.from.as_deref(), &self.fields)?;
        let connection = self.ask.connect()?;
        let answer = connection.post(address, &body).await?;
        let folder = address.split('/').next().unwrap_or(word.path);
        self.ask.made(&connection, &answer, word.one, folder)
    }
}

#[derive(Debug, Args)]
pub struct Do {
    /// What it is done to: RUN-317, EXP-42@3, a service's slug, WORD/NAME
    #[arg(value_name = "ID")]
    thing: String,
    /// The act as its address has it: start, answer-check, sign, deploy, accept-risk …
    act: String,
    /// Fields as name=value
    #[arg(value_name = "NAME=VALUE")]
    fields: Vec<String>,
    /// A JSON file with fields, or - for standard input; those on the command line win
    #[arg(long, value_name = "FILE")]
    from: Option<String>,
    #[command(flatten)]
    ask: Ask,
}

impl Do {
    pub async fn run(self) -> Result<(), Stopped> {
        let place = Place::named(&self.thing)?;
        let act = self.act.replace('_', "-");
        let body = fields::body(self.from.as_deref(), &self.fields)?;
        let connection = self.ask.connect()?;
        let answer = connection.post(&format!("{}/{act}", place.path), &body).await?;
        self.ask.done(&connection, &answer, (&place.name, &place.path), &format!("{act} done"))
    }
}
