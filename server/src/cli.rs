//! The command line. Flags win over the environment, that over the defaults.

mod demo;
mod serve;
mod user;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, parser::ValueSource};
use notebook::db::Place;

use crate::{observe::LogFormat, state::VERSION};

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
    /// Look after people from this machine, while no server runs
    User {
        #[command(subcommand)]
        command: user::Command,
    },
    /// Print the version
    Version,
}

/// where the notebook is kept.
#[derive(Debug, Clone, Args)]
pub struct Home {
    /// The folder of the notebook; made if it is missing
    #[arg(long, env = "RETRIAL_DATA_DIR", default_value = "./retrial-data", value_name = "FOLDER")]
    pub data_dir: PathBuf,
    /// A postgres:// address; without it the notebook is a file in the data folder
    #[arg(long, env = "RETRIAL_DATABASE_URL", hide_env_values = true, value_name = "ADDRESS")]
    pub database_url: Option<String>,
    /// Scheme and host under which people open the notebook; needed beyond this machine
    #[arg(long, env = "RETRIAL_BASE_URL", value_name = "ADDRESS")]
    pub base_url: Option<String>,
}

impl Home {
    pub fn place(&self) -> Place {
        self.database_url.clone().map_or_else(|| Place::Folder(self.data_dir.clone()), Place::Server)
    }
}

#[derive(Debug, Clone, Args)]
pub struct Serve {
    #[command(flatten)]
    pub home: Home,
    /// Address and port to listen on
    #[arg(long, env = "RETRIAL_LISTEN", default_value = "127.0.0.1:7340", value_name = "ADDRESS")]
    pub listen: std::net::SocketAddr,
    /// Let people sign in over plain http beyond this machine; others on the network can read it
    #[arg(long, env = "RETRIAL_ALLOW_INSECURE_HTTP", num_args = 0..=1, default_missing_value = "true", default_value = "false", require_equals = true, value_parser = clap::builder::BoolishValueParser::new(), action = clap::ArgAction::Set)]
    pub allow_insecure_http: bool,
    /// How log lines look
    #[arg(long, env = "RETRIAL_LOG", value_enum, default_value = "text")]
    pub log: LogFormat,
}

/// Runs the program. 0 is done, 1 an error, 2 a misspelt command line.
pub fn main() -> ExitCode {
    let matches = Cli::command().get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(trouble) => trouble.exit(),
    };
    let done = match cli.command {
        Command::Serve(serve) => {
            let given = matches.subcommand_matches("serve").map(settings_given).unwrap_or_default();
            with_runtime(serve::serve(serve, given))
        }
        Command::Demo(demo) => with_runtime(demo::run(demo)),
        Command::User { command } => with_runtime(user::run(command)),
        Command::Version => {
            println!("retrial {VERSION}");
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line tells people when it cannot go on: one sentence with the way out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Stopped(String);

impl Stopped {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl From<notebook::fault::Error> for Stopped {
    fn from(error: notebook::fault::Error) -> Self {
        use notebook::fault::{Error, Fault};
        Self(match &error {
            Error::Broken(Fault::FolderInUse(_)) => format!("{error}; stop that one first"),
            Error::Refused(refusal) if !refusal.troubles().is_empty() => {
                let troubles: Vec<String> =
                    refusal.troubles().iter().map(|t| format!("{} {}", t.field, t.says)).collect();
                troubles.join("; ")
            }
            _ => error.to_string(),
        })
    }
}

fn with_runtime(work: impl Future<Output = Result<(), Stopped>>) -> Result<(), Stopped> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|trouble| Stopped::new(format!("no worker threads can be started: {trouble}")))?;
    runtime.block_on(work)
}

/// The settings that are not at their default, by the name under which they were given.
fn settings_given(matches: &clap::ArgMatches) -> Vec<String> {
    let named = |id: &str| match matches.value_source(id)? {
        ValueSource::CommandLine => Some(format!("--{}", id.replace('_', "-"))),
        ValueSource::EnvVariable => Some(match id {
            "log" => "RETRIAL_LOG".to_owned(),
            _ => format!("RETRIAL_{}", id.to_uppercase()),
        }),
        _ => None,
    };
    ["listen", "data_dir", "database_url", "base_url", "allow_insecure_http", "log"]
        .into_iter()
        .filter_map(named)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_fits_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_flag_is_named_as_it_was_given() {
        let matches =
            Cli::command().get_matches_from(["retrial", "serve", "--listen", "127.0.0.1:1", "--allow-insecure-http"]);
        let given = settings_given(matches.subcommand_matches("serve").unwrap());
        assert!(
            given.contains(&"--listen".to_owned()) && given.contains(&"--allow-insecure-http".to_owned()),
            "{given:?}"
        );
        let Command::Serve(serve) = Cli::from_arg_matches(&matches).unwrap().command else { panic!("not serve") };
        assert!(serve.allow_insecure_http);
        assert_eq!(serve.listen.port(), 1);
    }
}
