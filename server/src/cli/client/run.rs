//! `retrial run …`, `abort` and `finish`: a run from its start to its end.

use clap::{Args, Subcommand};
use notebook::limits::IMPORT_BYTES_MAX;
use serde_json::{Value, json};

use super::{
    Ask, fields,
    list::Wanted,
    names::{Place, Word},
    opening::{Opening, approved, later},
    show::show,
};
use crate::cli::Stopped;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Plan a run of an approved experiment and start it, or start one that is planned
    Start(Start),
    /// List runs, newest first
    List(Wanted),
    /// Show one run
    Show {
        /// RUN-317
        run: String,
        #[command(flatten)]
        ask: Ask,
    },
    /// Bring in a Chaos Toolkit journal as a run; a person signs what it proposes
    Import(Import),
}

pub async fn run(command: Command) -> Result<(), Stopped> {
    match command {
        Command::Start(start) => start.run().await,
        Command::List(wanted) => wanted.of(Word::listed("runs")?).await,
        Command::Show { run, ask } => show(&Place::of("run", &run)?, &ask).await,
        Command::Import(import) => import.run().await,
    }
}

#[derive(Debug, Args)]
pub struct Start {
    /// EXP-42
    #[arg(required_unless_present = "run")]
    experiment: Option<String>,
    /// The environment it runs in; refused unless the plan says the same
    #[arg(long, required_unless_present = "run")]
    env: Option<String>,
    /// RUN-317: starts this planned run instead of planning one
    #[arg(long, value_name = "RUN", conflicts_with_all = ["experiment", "env", "owner", "coordinator", "reporter", "observers", "note"])]
    run: Option<String>,
    #[command(flatten)]
    opening: Opening,
    #[command(flatten)]
    ask: Ask,
}

impl Start {
    async fn run(self) -> Result<(), Stopped> {
        let place = match (&self.run, &self.experiment) {
            (Some(run), _) => Place::of("run", run)?,
            (None, experiment) => Place::of("experiment", experiment.as_deref().unwrap_or_default())?,
        };
        let connection = self.ask.connect()?;
        let here = self.opening.here(&connection).await?;
        let is_planned = self.run.is_some();
        let (id, page) = if is_planned {
            (place.name, place.path)
        } else {
            let env = self.env.as_deref().unwrap_or_default();
            approved(&connection, &place, env).await?;
            let id = self.opening.planned(&connection, &place).await?;
            let page = format!("runs/{id}");
            (id, page)
        };
        match self.opening.begin_on(&connection, &page, &here, is_planned).await {
            Ok(answer) => self.ask.done(&connection, &answer, (&id, &page), "started"),
            Err(no) if self.ask.json => Err(no),
            Err(no) => Err(Stopped::with(no.number(), format!("{no}\n{}", later(&id)))),
        }
    }
}

#[derive(Debug, Args)]
pub struct Import {
    /// The journal's file, or - for standard input
    file: String,
    /// The experiment it belongs to, `new` for one made from it, `later` to decide later; else what the journal says
    #[arg(long)]
    experiment: Option<String>,
    /// What was hit; can be repeated
    #[arg(long = "target", value_name = "NAME")]
    targets: Vec<String>,
    /// A service of the new experiment; can be repeated
    #[arg(long = "service", value_name = "SLUG")]
    services: Vec<String>,
    /// The new experiment's environment
    #[arg(long)]
    env: Option<String>,
    #[command(flatten)]
    ask: Ask,
}

impl Import {
    async fn run(self) -> Result<(), Stopped> {
        let document = fields::bytes(&self.file, IMPORT_BYTES_MAX)?;
        let text = |name: &str, value: String| (name.to_owned(), value);
        let mut query: Vec<(String, String)> = Vec::new();
        query.extend(self.experiment.clone().map(|experiment| text("experiment", experiment)));
        query.extend(self.env.clone().map(|env| text("environment", env)));
        query.extend(self.services.iter().map(|service| text("services", service.clone())));
        if !self.targets.is_empty() {
            query.push(text("targets", self.targets.join(",")));
        }
        let connection = self.ask.connect()?;
        let answer = connection.post_document("ingest/chaostoolkit/journal", &query, document).await?;
        if let Some(run) = answer.get("run").and_then(Value::as_str) {
            let page = format!("runs/{run}");
            return self.ask.done(&connection, &answer, (run, &page), "proposed; a person signs it");
        }
        let import = answer.get("import").and_then(Value::as_i64).unwrap_or_default().to_string();
        self.ask.done(&connection, &answer, (&import, &format!("import/{import}")), "waits for its experiment")
    }
}

#[derive(Debug, Args)]
pub struct Abort {
    /// RUN-317
    run: String,
    /// own-effect: an abort condition was reached; unrelated trouble; people; tool
    #[arg(long, value_parser = ["own-effect", "unrelated", "people", "tool"])]
    reason: String,
    /// In words
    text: Option<String>,
    /// When it was pressed: 14:03, -3m, a date and time; else now
    #[arg(long, allow_hyphen_values = true)]
    at: Option<String>,
    #[command(flatten)]
    ask: Ask,
}

impl Abort {
    pub async fn run(self) -> Result<(), Stopped> {
        let place = Place::of("run", &self.run)?;
        let body = json!({
            "reason": self.reason.replace('-', "_"),
            "text": self.text.unwrap_or_default(),
            "at": self.at.unwrap_or_default(),
        });
        let connection = self.ask.connect()?;
        let answer = connection.post(&format!("{}/abort", place.path), &body).await?;
        let said = "aborted; the revert is timed until all after-checks hold";
        self.ask.done(&connection, &answer, (&place.name, &place.path), said)
    }
}

#[derive(Debug, Args)]
pub struct Finish {
    /// RUN-317
    run: String,
    /// When it ended: 14:03, -3m, a date and time; else now
    #[arg(long, allow_hyphen_values = true)]
    at: Option<String>,
    #[command(flatten)]
    ask: Ask,
}

impl Finish {
    pub async fn run(self) -> Result<(), Stopped> {
        let place = Place::of("run", &self.run)?;
        let connection = self.ask.connect()?;
        let body = json!({ "at": self.at.unwrap_or_default() });
        let answer = connection.post(&format!("{}/finish", place.path), &body).await?;
        self.ask.done(&connection, &answer, (&place.name, &place.path), "ended; the verdict is due")
    }
}
