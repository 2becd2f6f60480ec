//! The command line: what is done at the notebook's own machine, and what is asked of a server.

mod client;
mod completions;
mod configuration;
mod db;
mod demo;
mod doctor;
mod export;
mod flags;
mod healthcheck;
mod import;
mod migrate;
mod openapi;
mod out;
mod progress;
mod serve;
mod stopped;
mod token;
mod user;
mod verify;
mod version;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

pub use flags::{Home, Serve};
pub use stopped::{Stopped, exit};

/// A lab notebook for chaos experiments: every fix is verified by rerunning the same experiment.
#[derive(Debug, Parser)]
#[command(name = "retrial", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the notebook
    Serve(Serve),
    /// Play with the sample in a notebook that is thrown away afterwards
    Demo(demo::Demo),
    /// Bring the database to this version's schema; serving does the same
    Migrate(migrate::Migrate),
    /// Look after people from this machine
    #[command(subcommand)]
    User(user::Command),
    /// Look after the tokens of programs from this machine
    #[command(subcommand)]
    Token(token::Command),
    /// Show, check and begin the settings
    #[command(subcommand)]
    Config(configuration::Command),
    /// Look whether everything is as it should be, and what to do where it is not
    Doctor(doctor::Doctor),
    /// Ask a server on this machine whether it can take work
    Healthcheck(healthcheck::Healthcheck),
    /// Print completions for a shell
    Completions(completions::Completions),
    /// Print the description of the API as OpenAPI 3.1
    Openapi,
    /// Write the whole notebook into one file, beside a running server too
    Export(export::Export),
    /// Carry a file in, into an empty notebook or an earlier state of the same one
    Import(import::Import),
    /// Look after the database from this machine, while no server runs
    #[command(subcommand)]
    Db(db::Command),
    /// Look whether everything in the notebook, or in an exported file, fits together
    Verify(verify::Verify),
    /// Print the version
    Version(version::Version),
    #[command(flatten)]
    Client(client::Command),
}

/// Runs the program. What it ends with stands in docs/command-line.md.
pub fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stopped) => stopped.tell(),
    }
}

fn run(command: Command) -> Result<(), Stopped> {
    match command {
        Command::Serve(flags) => with_runtime(serve::serve(flags.settings()?)),
        Command::Demo(demo) => with_runtime(demo::run(demo)),
        Command::Migrate(migrate) => with_runtime(migrate.run()),
        Command::User(command) => with_runtime(user::run(command)),
        Command::Token(command) => with_runtime(token::run(command)),
        Command::Config(command) => configuration::run(command),
        Command::Doctor(doctor) => with_runtime(doctor.run()),
        Command::Healthcheck(check) => with_runtime(check.run()),
        Command::Completions(completions) => completions.run(Cli::command()),
        Command::Openapi => openapi::run(),
        Command::Export(export) => with_runtime(export::run(export)),
        Command::Import(import) => with_runtime(import::run(import)),
        Command::Db(command) => with_runtime(db::run(command)),
        Command::Verify(verify) => with_runtime(verify::run(verify)),
        Command::Version(version) => version.run(),
        Command::Client(command) => with_runtime(client::run(command)),
    }
}

fn with_runtime(work: impl Future<Output = Result<(), Stopped>>) -> Result<(), Stopped> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|trouble| Stopped::new(format!("no worker threads can be started: {trouble}")))?;
    runtime.block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_fits_together() {
        Cli::command().debug_assert();
    }

    /// Every command that does something, as it is typed.
    fn typed(command: &clap::Command, before: &str) -> Vec<String> {
        let own = format!("{before}{}", command.get_name());
        let below: Vec<String> = command
            .get_subcommands()
            .filter(|sub| sub.get_name() != "help")
            .flat_map(|sub| typed(sub, &format!("{own} ")))
            .collect();
        if below.is_empty() { vec![own] } else { below }
    }

    #[test]
    fn the_documentation_names_every_command() {
        let page = include_str!("../../docs/command-line.md");
        let missing: Vec<String> = typed(&Cli::command(), "")
            .into_iter()
            .filter(|command| !["`", " "].iter().any(|end| page.contains(&format!("`{command}{end}"))))
            .collect();
        assert!(missing.is_empty(), "docs/command-line.md lacks {missing:?}");
    }
}
