//! The commands that talk to a server. They use the same addresses as everybody else: what can be done
//! in a browser can be done here.

mod act;
mod answer;
pub mod connection;
#[cfg(unix)]
mod exec;
mod fields;
mod finding;
mod fix;
mod gate;
mod list;
mod names;
mod opening;
mod outline;
mod present;
mod run;
mod search;
mod show;
mod trouble;
mod values;

use clap::{Args, Subcommand};

use super::{Stopped, flags::Server};
use connection::Connection;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List runs, findings, what is due, or the rows of any other word
    List(list::List),
    /// Search everything that was ever learnt: search zookeeper alerts is:open
    Search(search::Search),
    /// Show one thing: RUN-317, EXP-42@3, a service's slug, or WORD/NAME
    Show(show::Show),
    /// Make something: service, environment, change, experiment, run, finding, fix, decision …
    Create(act::Create),
    /// Do anything to a thing that can be done to it: act RUN-317 sign verdict=upheld
    Act(act::Do),
    /// Ask whether a run on a service may start now: ends with 0 for go, 3 ask, 4 refuse, 5 freeze
    Gate(gate::Gate),
    /// Start, list, show and bring in runs
    #[command(subcommand)]
    Run(run::Command),
    /// Write down what is seen, in a run or before one
    Observe(values::Observe),
    /// Write down values of a run's checks: metric RUN-317 p99=412ms
    Metric(values::Metric),
    /// Stop a run; everybody who may look may do that
    Abort(run::Abort),
    /// End a run whose after-checks are answered
    Finish(run::Finish),
    /// Write and list findings
    #[command(subcommand)]
    Finding(finding::Command),
    /// Record what happens to fixes
    #[command(subcommand)]
    Fix(fix::Command),
    /// Run another tool's command under a run: gate first, stopped with the run, told to it
    #[cfg(unix)]
    Exec(Box<exec::Exec>),
    /// Stop a command whose `retrial exec` has died; it starts this itself
    #[cfg(unix)]
    #[command(hide = true)]
    ExecGuard(exec::guard::ExecGuard),
    /// Send what `retrial exec` could not tell a notebook that was away
    #[cfg(unix)]
    Spool(exec::left::Left),
}

pub async fn run(command: Command) -> Result<(), Stopped> {
    match command {
        Command::List(list) => list.run().await,
        Command::Search(search) => search.run().await,
        Command::Show(show) => show.run().await,
        Command::Create(create) => create.run().await,
        Command::Act(act) => act.run().await,
        Command::Gate(gate) => gate.run().await,
        Command::Run(command) => run::run(command).await,
        Command::Observe(observe) => observe.run().await,
        Command::Metric(metric) => metric.run().await,
        Command::Abort(abort) => abort.run().await,
        Command::Finish(finish) => finish.run().await,
        Command::Finding(command) => finding::run(command).await,
        Command::Fix(command) => fix::run(command).await,
        #[cfg(unix)]
        Command::Exec(exec) => exec.run().await,
        #[cfg(unix)]
        Command::ExecGuard(guard) => guard.run().await,
        #[cfg(unix)]
        Command::Spool(left) => left.run().await,
    }
}

/// Where to ask, and how to answer.
#[derive(Debug, Args)]
pub struct Ask {
    #[command(flatten)]
    server: Server,
    /// Print the server's answer as JSON
    #[arg(long)]
    json: bool,
    /// Print ids and nothing else
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,
}

impl Ask {
    fn connect(&self) -> Result<Connection, Stopped> {
        Connection::new(&self.server.settings()?, self.json)
    }
}
