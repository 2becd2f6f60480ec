//! `retrial exec`: another tool's command under a run. The gate comes first; an abort, a freeze and a signal
//! stop the command; what happens is told to the run, sooner or later, once. The server starts no commands.

mod command;
mod course;
pub mod guard;
mod journal;
pub mod left;
mod report;
mod sending;
mod session;
mod signals;
mod spool;
mod tail;
mod told;
mod voice;
mod watch;

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Args;
use notebook::{people::secrets, time::Moment};
use serde_json::Value;

use self::{
    guard::Guard,
    report::{Report, ResultFile},
    sending::Outbox,
    session::Session,
    signals::Own,
    spool::Spool,
    tail::Secrets,
    told::{Clock, Teller},
    voice::say,
};
use super::{
    connection::Connection,
    gate::expect_open,
    names::Place,
    opening::{Opening, approved},
    present::Here,
};
use crate::{
    cli::{Stopped, exit, flags::Server},
    config::Surroundings,
};

const GRACE_S_MAX: u64 = 3_600;

#[derive(Debug, Args)]
pub struct Exec {
    /// EXP-42
    experiment: String,
    /// The environment it runs in; refused unless the plan says the same
    #[arg(long)]
    env: String,
    /// RUN-317: starts this planned run instead of planning one
    #[arg(long, value_name = "RUN", conflicts_with_all = ["owner", "coordinator", "reporter", "observers", "note"])]
    run: Option<String>,
    /// The Chaos Toolkit journal that the command writes; it is read into the run
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Write how it went into this file, as JSON
    #[arg(long, value_name = "FILE")]
    result: Option<PathBuf>,
    /// How long the command has for stopping before it is asked again, and then ended
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = grace)]
    grace: Duration,
    #[command(flatten)]
    opening: Opening,
    #[command(flatten)]
    server: Server,
    /// The command with its arguments, after --; no shell reads them
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// What there has to be before anything is opened.
struct Ready {
    connection: Arc<Connection>,
    url: String,
    experiment: Place,
    spools: PathBuf,
    secrets: Secrets,
}

impl Exec {
    pub async fn run(self) -> Result<(), Stopped> {
        let no =
            |trouble: io::Error| Stopped::usage(format!("--result names a file that cannot be written: {trouble}"));
        let file = ResultFile::open(self.result.as_deref()).map_err(no)?;
        let mut report = Report { environment: self.env.clone(), ..Report::default() };
        let ended = Box::pin(self.under_a_run(&mut report)).await;
        if let Err(stopped) = &ended {
            report.exit = stopped.number();
            report.says = Some(stopped.to_string()).filter(|says| !says.is_empty());
        }
        if let Err(trouble) = file.write(&report) {
            say(&format!("The result cannot be written: {trouble}"));
        }
        voice::written().await;
        ended
    }

    async fn under_a_run(&self, report: &mut Report) -> Result<(), Stopped> {
        let ready = self.ready()?;
        report.experiment.clone_from(&ready.experiment.name);
        let mut signals = signals::listen().map_err(|trouble| unable("listen to signals", &trouble))?;
        let guard = Guard::post(self.grace).map_err(|trouble| unable("start a second process", &trouble))?;
        let spool = ready.spool().map_err(|trouble| {
            Stopped::new(format!("{} cannot be written: {trouble}; nothing was started", ready.spools.display()))
        })?;
        let planned = tokio::select! {
            biased;
            Some(own) = signals.recv() => Err(told_to_stop(own, "Nothing was started.")),
            planned = self.planned(&ready) => planned,
        };
        let (run, here, codes_mean) = planned.inspect_err(|no| report.closed(no.number()))?;
        report.run = Some(run.clone());
        let page = format!("runs/{run}");
        let url = ready.connection.page(&page);
        report.url = Some(url.clone());
        let started = tokio::select! {
            biased;
            Some(own) = signals.recv() => Err(told_to_stop(own, &unsure(&run, &url))),
            started = self.started(&ready, &run, &here) => started,
        };
        let clock = started.inspect_err(|no| report.closed(no.number()))?;
        report.gate = Some("go");
        say(&format!("{run} started · {url}"));
        let teller = Teller { url: ready.url.clone(), experiment: ready.experiment.name.clone(), run };
        let outbox = Outbox::open(Arc::clone(&ready.connection), spool);
        let session = Session { exec: self, ready: &ready, teller, clock, outbox, page, codes_mean };
        Box::pin(session.run(guard, signals, report)).await
    }

    fn ready(&self) -> Result<Ready, Stopped> {
        let experiment = Place::of("experiment", &self.experiment)?;
        let around = Surroundings::of_client();
        let program = self.command.first().map_or_else(|| Path::new(""), Path::new);
        if !command::is_found(program, &around.programs()) {
            let says = format!("no program \"{}\" is found; nothing was started", program.display());
            return Err(Stopped::usage(says));
        }
        let settings = self.server.settings()?;
        let connection = Arc::new(Connection::new(&settings, false)?);
        let state = around.state_folder().ok_or_else(|| {
            Stopped::usage("neither XDG_STATE_HOME nor HOME is set, so nothing can be kept for a server that is away")
        })?;
        let secrets = Secrets::of(&around.variables, settings.token.as_deref());
        Ok(Ready { connection, url: settings.url, experiment, spools: state.join("spool"), secrets })
    }

    /// A run that can be started, those who are here, and whether its plan says what exit codes mean.
    async fn planned(&self, ready: &Ready) -> Result<(String, Here, bool), Stopped> {
        left::send(&ready.connection, &ready.url, &ready.spools).await;
        let here = self.opening.here(&ready.connection).await?;
        let run = match &self.run {
            Some(run) => self.fitting(ready, run).await?,
            None => self.asked(ready).await?,
        };
        let codes_mean = codes_mean(ready, &run).await?;
        Ok((run, here, codes_mean))
    }

    /// The planned run that was named, if it is one of this experiment in this environment.
    async fn fitting(&self, ready: &Ready, run: &str) -> Result<String, Stopped> {
        let place = Place::of("run", run)?;
        let shown = ready.connection.get(&place.path, &[]).await?.value;
        let text = |name: &str| shown.pointer(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (experiment, environment) = (text("/run/experiment"), text("/run/environment"));
        if experiment == ready.experiment.name && environment == self.env {
            return Ok(place.name);
        }
        Err(Stopped::usage(format!(
            "{} is a run of {experiment} in {environment}, not of {} in {}; nothing was started",
            place.name, ready.experiment.name, self.env
        )))
    }

    /// Plans a run, unless the gate says already that it cannot be.
    async fn asked(&self, ready: &Ready) -> Result<String, Stopped> {
        let identity = approved(&ready.connection, &ready.experiment, &self.env).await?;
        let services = identity.get("services").and_then(Value::as_array).into_iter().flatten();
        for service in services.filter_map(Value::as_str) {
            let asked = expect_open(&ready.connection, (service, &self.env), &ready.experiment.name).await;
            asked.map_err(|no| Stopped::with(no.number(), format!("{no}\nNothing was planned or started.")))?;
        }
        self.opening.planned(&ready.connection, &ready.experiment).await
    }

    async fn started(&self, ready: &Ready, run: &str, here: &Here) -> Result<Clock, Stopped> {
        let (connection, page) = (&ready.connection, format!("runs/{run}"));
        let answer = self.opening.begin_on(connection, &page, here, self.run.is_some()).await;
        let answer = answer.map_err(|no| {
            let so = match no.number() {
                exit::UNREACHABLE => unsure(run, &connection.page(&page)),
                // Ask, refuse and freeze.
                3..=5 => format!(
                    "{run} stays planned, and the command was not started. Once its gate is open: retrial exec {} --env {} \
                     --run {run} --here --present NAME=observer --no-incident -- COMMAND",
                    ready.experiment.name, self.env
                ),
                _ => format!("The command was not started; look at {}", connection.page(&page)),
            };
            Stopped::with(no.number(), format!("{no}\n{so}"))
        })?;
        let started = match started_at(&answer, "/started_at") {
            Some(started) => Some(started),
            // The first answer was lost, and its repeat tells only that it is done.
            None => started_at(&connection.get(&page, &[]).await?.value, "/run/started_at"),
        };
        started.map(Clock::of).ok_or_else(|| Stopped::new(format!("the server does not say when {run} started")))
    }
}

impl Ready {
    fn spool(&self) -> io::Result<Spool> {
        let word = secrets::word::<4>().map_err(|trouble| io::Error::other(trouble.to_string()))?;
        Spool::new(&self.spools, &format!("{}-{word}", self.experiment.name))
    }
}

/// Asked before the start, because the server may be away at the end.
async fn codes_mean(ready: &Ready, run: &str) -> Result<bool, Stopped> {
    let shown = ready.connection.get(&format!("runs/{run}"), &[]).await?.value;
    let number = shown.pointer("/run/revision").and_then(Value::as_i64).unwrap_or_default();
    let plan = ready.connection.get(&format!("{}/plan/{number}", ready.experiment.path), &[]).await?.value;
    let codes = plan.pointer("/plan/context/exit_codes").and_then(Value::as_array);
    Ok(codes.is_some_and(|codes| !codes.is_empty()))
}

fn started_at(answer: &Value, pointer: &str) -> Option<Moment> {
    answer.pointer(pointer).and_then(Value::as_i64).map(Moment::from_micros)
}

fn unable(what: &str, trouble: &io::Error) -> Stopped {
    Stopped::new(format!("this program cannot {what}: {trouble}; nothing was started"))
}

fn unsure(run: &str, url: &str) -> String {
    format!("The command was not started. Whether {run} was is not known; look at {url}")
}

fn told_to_stop(own: Own, so: &str) -> Stopped {
    Stopped::with(told::End::Signal(own.number()).number(), format!("Stopped by {}. {so}", own.name()))
}

/// `30s`, `500ms`, `2min`.
fn grace(text: &str) -> Result<Duration, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let number: Option<u64> = number.parse().ok();
    let time = match (number, unit.trim()) {
        (Some(ms), "ms") => Some(Duration::from_millis(ms)),
        (Some(seconds), "s") => Some(Duration::from_secs(seconds)),
        (Some(minutes), "min") => Some(Duration::from_secs(minutes.saturating_mul(60))),
        _ => None,
    };
    let time = time.filter(|time| *time <= Duration::from_secs(GRACE_S_MAX));
    time.ok_or_else(|| "takes a time like 30s, 500ms or 2min, at most an hour".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_for_stopping_has_its_unit() {
        for (text, ms) in [
            ("30s", Some(30_000)),
            ("500ms", Some(500)),
            ("2min", Some(120_000)),
            ("60min", Some(3_600_000)),
            ("0s", Some(0)),
            ("61min", None),
            ("99999999999999999999s", None),
            ("30", None),
            ("s", None),
            ("-1s", None),
            ("", None),
        ] {
            assert_eq!(grace(text).ok(), ms.map(Duration::from_millis), "{text}");
        }
    }
}
