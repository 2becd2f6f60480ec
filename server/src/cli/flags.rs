//! The flags of the settings, made from the table of settings: a key cannot lack its flag, and help says
//! what the documentation says.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueHint, error::Error};

use super::Stopped;
use crate::config::{CLIENT_KEYS, CONFIG, ClientSettings, Flags, KEYS, Key, Settings, Surroundings};

/// Where the notebook is kept and reached: for every command at its machine.
#[derive(Debug, Clone, Default)]
pub struct Home(Flags);

/// All settings of a server.
#[derive(Debug, Clone, Default)]
pub struct Serve(Flags);

/// Where a server is, for the commands that talk to one. A token is no flag: every process of the
/// machine could read it.
#[derive(Debug, Clone, Default)]
pub struct Server(Flags);

impl Home {
    pub fn settings(&self) -> Result<Settings, Stopped> {
        settings(&self.0)
    }
}

impl Serve {
    pub fn settings(&self) -> Result<Settings, Stopped> {
        settings(&self.0)
    }
}

impl Server {
    pub fn settings(&self) -> Result<ClientSettings, Stopped> {
        Ok(ClientSettings::read(&self.0, &Surroundings::of_client())?)
    }
}

fn settings(flags: &Flags) -> Result<Settings, Stopped> {
    Ok(Settings::read(flags, &Surroundings::of_server())?)
}

fn named(keys: &'static [Key], names: &[&str]) -> impl Iterator<Item = &'static Key> {
    keys.iter().filter(move |key| names.contains(&key.name))
}

fn home_keys() -> impl Iterator<Item = &'static Key> {
    named(KEYS, &["data_dir", "database_url", "base_url"])
}

fn server_keys() -> impl Iterator<Item = &'static Key> {
    named(CLIENT_KEYS, &["url"])
}

const CONFIG_FLAG: &str = "config";

fn with_config(command: Command) -> Command {
    let help = format!("Read the settings from this file [env: {CONFIG}]");
    let flag = Arg::new(CONFIG_FLAG).long(CONFIG_FLAG).value_name("FILE").value_hint(ValueHint::FilePath).help(help);
    command.arg(flag)
}

fn with_flags(command: Command, keys: impl Iterator<Item = &'static Key>) -> Command {
    keys.fold(command, |command, key| command.arg(flag(key)))
}

fn flag(key: &'static Key) -> Arg {
    let default = key.default.map(|default| format!("default: {default}, ")).unwrap_or_default();
    let help = format!("{} [{default}env: {}]", key.says, key.variable());
    let flag = Arg::new(key.name).long(key.long).value_name(key.takes).help(help);
    let flag = flag.action(ArgAction::Set);
    // A switch: the flag alone means yes.
    if key.takes == "true|false" {
        flag.num_args(0..=1).require_equals(true).default_missing_value("true")
    } else {
        flag
    }
}

fn read(matches: &ArgMatches, keys: impl Iterator<Item = &'static Key>) -> Flags {
    let config = matches.try_get_one::<String>(CONFIG_FLAG).ok().flatten().map(PathBuf::from);
    let values = keys.filter_map(|key| Some((key.name, matches.get_one::<String>(key.name)?.clone()))).collect();
    Flags { config, values }
}

/// clap's two traits for a set of flags; the derive takes fields, and these come from a table.
macro_rules! flags_of {
    ($name:ident, $prepare:expr, $keys:expr) => {
        impl Args for $name {
            fn augment_args(command: Command) -> Command {
                with_flags($prepare(command), $keys)
            }

            fn augment_args_for_update(command: Command) -> Command {
                Self::augment_args(command)
            }
        }

        impl FromArgMatches for $name {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
                Ok(Self(read(matches, $keys)))
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }
    };
}

flags_of!(Home, with_config, home_keys());
flags_of!(Serve, with_config, KEYS.iter());
flags_of!(Server, std::convert::identity, server_keys());

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(words: &[&str]) -> Flags {
        let command = Serve::augment_args(Command::new("serve"));
        let matches = command.try_get_matches_from(["serve"].iter().chain(words)).unwrap();
        Serve::from_arg_matches(&matches).unwrap().0
    }

    #[test]
    fn flags_are_read_by_their_keys() {
        let flags = flags(&["--listen", "127.0.0.1:1", "--allow-insecure-http", "--config", "r.toml"]);
        assert_eq!(flags.config, Some("r.toml".into()));
        assert_eq!(flags.values["listen"], "127.0.0.1:1");
        assert_eq!(flags.values["allow_insecure_http"], "true");
        assert_eq!(flags.values.len(), 2, "what was not typed is not given");
    }

    #[test]
    fn a_flag_is_its_key_with_hyphens() {
        for key in KEYS.iter().chain(CLIENT_KEYS) {
            assert_eq!(key.long, key.name.replace('_', "-"));
        }
    }

    #[test]
    fn a_switch_can_be_switched_off() {
        assert_eq!(flags(&["--allow-insecure-http=false"]).values["allow_insecure_http"], "false");
    }
}
