//! `retrial run …`, `abort` and `finish`: a run from its start to its end.

use clap::{Args, Subcommand};
use notebook::limits::IMPORT_BYTES_MAX;
use serde_json::{Map, Value, json};

use super::{
    Ask,
    answer::id_of,
    connection::Connection,
    fields,
    list::Wanted,
    names::{Place, Word},
    present::Here,
    show::show,
};
use crate::cli::{Stopped, exit};

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
    /// You are here: present as the Owner, and able to revert if your account has that mark
    #[arg(long)]
    here: bool,
    /// Who else is here, with their part: Ben or Ben=observer; can be repeated
    #[arg(long = "present", value_name = "NAME[=PART]")]
    present: Vec<String>,
    /// What is hit, with its role where that matters: zk-1 or zk-1=leader; can be repeated
    #[arg(long = "target", value_name = "NAME[=ROLE]")]
    targets: Vec<String>,
    /// What could have been hit too; can be repeated
    #[arg(long = "eligible", value_name = "NAME[=ROLE]")]
    eligible: Vec<String>,
    /// Who decides
    #[arg(long)]
    owner: Option<String>,
    /// Who executes
    #[arg(long)]
    coordinator: Option<String>,
    /// Who writes
    #[arg(long)]
    reporter: Option<String>,
    /// Who watches; can be repeated
    #[arg(long = "observer", value_name = "NAME")]
    observers: Vec<String>,
    /// What the others should know
    #[arg(long)]
    note: Option<String>,
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
        let here = Here::of(&connection, self.here, &self.present).await?;
        let (id, page) = if self.run.is_some() {
            (place.name, place.path)
        } else {
            let id = self.planned(&connection, &place).await?;
            let page = format!("runs/{id}");
            (id, page)
        };
        match self.begin_on(&connection, &page, &here).await {
            Ok(answer) => self.ask.done(&connection, &answer, (&id, &page), "started"),
            Err(no) if self.ask.json => Err(no),
            Err(no) => Err(Stopped::with(no.number(), format!("{no}\n{}", later(&id)))),
        }
    }

    /// Marks who is here, and starts. Targets of a run that was just planned stand in its plan.
    async fn begin_on(&self, connection: &Connection, page: &str, here: &Here) -> Result<Value, Stopped> {
        here.mark(connection, page).await?;
        let rows = if self.run.is_some() { self.targets() } else { Vec::new() };
        connection.post(&format!("{page}/start"), &json!({ "targets": rows })).await
    }

    async fn planned(&self, connection: &Connection, experiment: &Place) -> Result<String, Stopped> {
        self.fits(connection, experiment).await?;
        let planned = connection.post("runs/plan", &self.plan(&experiment.name)).await?;
        id_of(&planned).ok_or_else(|| Stopped::new("the server planned a run and did not say which"))
    }

    /// A plan is for one environment. Whoever means another one must not find out afterwards.
    async fn fits(&self, connection: &Connection, experiment: &Place) -> Result<(), Stopped> {
        let wanted = self.env.as_deref().unwrap_or_default();
        let shown = connection.get(&experiment.path, &[]).await?.value;
        let planned = shown.pointer("/approved/plan/identity/environment").and_then(Value::as_str);
        match planned {
            Some(planned) if planned != wanted => Err(Stopped::with(
                exit::USAGE,
                format!(
                    "{} is planned for {planned}, not for {}; nothing was started. Another environment takes a revision of the plan",
                    experiment.name, wanted
                ),
            )),
            // Without an approved plan the server says what is missing.
            _ => Ok(()),
        }
    }

    fn targets(&self) -> Vec<Value> {
        let rows = self.targets.iter().map(|text| target(text, "on"));
        rows.chain(self.eligible.iter().map(|text| target(text, ""))).collect()
    }

    fn plan(&self, experiment: &str) -> Value {
        let mut plan = Map::new();
        plan.insert("experiment".to_owned(), json!(experiment));
        plan.insert("targets".to_owned(), json!(self.targets()));
        plan.insert("observers".to_owned(), json!(self.observers.join("\n")));
        let texts = [
            ("owner", &self.owner),
            ("coordinator", &self.coordinator),
            ("reporter", &self.reporter),
            ("note", &self.note),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                plan.insert(name.to_owned(), json!(text));
            }
        }
        Value::Object(plan)
    }
}

/// What can be done about a run whose gate is closed.
fn later(id: &str) -> String {
    format!(
        "{id} stays planned. Start it once its gate is open with retrial run start --run {id} --here --present NAME=observer, \
         which marks who is here as retrial act {id} attend does, or call it off with retrial act {id} cancel text=WHY"
    )
}

/// `zk-1`, or `zk-1=leader`.
fn target(text: &str, hit: &str) -> Value {
    let (name, role) = text.split_once('=').unwrap_or((text, ""));
    json!({ "name": name, "role": role, "hit": hit })
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
