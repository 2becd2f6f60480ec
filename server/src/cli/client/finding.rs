//! `retrial finding …`: what a run showed.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{
    Ask, fields,
    list::Wanted,
    names::{Place, Word},
    values::Checks,
};
use crate::cli::Stopped;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a finding
    Create(Create),
    /// List findings, newest first
    List(Wanted),
}

pub async fn run(command: Command) -> Result<(), Stopped> {
    match command {
        Command::Create(create) => create.run().await,
        Command::List(wanted) => wanted.of(Word::listed("findings")?).await,
    }
}

#[derive(Debug, Args)]
pub struct Create {
    /// The weakness in one line
    title: String,
    /// The run that showed it
    #[arg(long)]
    run: Option<String>,
    /// The measure or signal that reveals it; a rerun is asked for the same
    #[arg(long, requires = "run", value_name = "MEASURE")]
    revealed_by: Option<String>,
    /// A target on which it shows; can be repeated. Without this it can show anywhere
    #[arg(long = "on", value_name = "NAME", conflicts_with = "role")]
    targets: Vec<String>,
    /// The role of targets on which it shows
    #[arg(long)]
    role: Option<String>,
    /// low, medium, high or critical
    #[arg(long)]
    severity: Option<String>,
    /// weakness, `telemetry_gap`, `slow_detection`, procedure or documentation
    #[arg(long)]
    kind: Option<String>,
    /// Further fields as name=value
    #[arg(value_name = "NAME=VALUE")]
    fields: Vec<String>,
    /// A JSON file with fields, or - for standard input; those on the command line win
    #[arg(long, value_name = "FILE")]
    from: Option<String>,
    #[command(flatten)]
    ask: Ask,
}

impl Create {
    async fn run(self) -> Result<(), Stopped> {
        let mut body = fields::body(self.from.as_deref(), &self.fields)?;
        let connection = self.ask.connect()?;
        body["title"] = json!(self.title);
        if let Some(run) = &self.run {
            let run = Place::of("run", run)?;
            body["origin"] = json!(run.name);
            if let Some(measure) = &self.revealed_by {
                body["revealing"] = json!(Checks::of_run(&connection, &run).await?.revealing(measure)?);
            }
        }
        if !self.targets.is_empty() {
            body["condition"] = json!("names");
            body["condition_on"] = json!(self.targets.join("\n"));
        }
        for (name, text) in [("severity", &self.severity), ("kind", &self.kind)] {
            if let Some(text) = text {
                body[name] = json!(text.replace('-', "_"));
            }
        }
        if let Some(role) = &self.role {
            body["condition"] = json!("role");
            body["condition_on"] = json!(role);
        }
        let answer = connection.post("findings", &body).await?;
        self.ask.made(&connection, &answer, "finding", "findings")
    }
}
