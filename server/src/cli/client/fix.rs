//! `retrial fix …`: what happens to a fix. Nothing here verifies one: that follows from runs.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Ask, names::Place};
use crate::cli::Stopped;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Record that a fix is deployed
    Deployed(Deployed),
}

pub async fn run(command: Command) -> Result<(), Stopped> {
    match command {
        Command::Deployed(deployed) => deployed.run().await,
    }
}

#[derive(Debug, Args)]
pub struct Deployed {
    fix: String,
    /// Where
    #[arg(long)]
    env: String,
    /// A version, commit or ticket
    #[arg(long = "ref", value_name = "REFERENCE")]
    reference: String,
    /// Since when: 14:03, -3m, a date and time; else now
    #[arg(long, allow_hyphen_values = true)]
    at: Option<String>,
    #[command(flatten)]
    ask: Ask,
}

impl Deployed {
    async fn run(self) -> Result<(), Stopped> {
        let place = Place::of("fix", &self.fix)?;
        let body = json!({
            "environment": self.env,
            "reference": self.reference,
            "at": self.at.unwrap_or_default(),
        });
        let connection = self.ask.connect()?;
        let answer = connection.post(&format!("{}/deploy", place.path), &body).await?;
        self.ask.done(&connection, &answer, (&place.name, &place.path), "deployed; only a rerun can verify it")
    }
}
