//! Every setting of a deployment, and which of the places that can give it wins.
//!
//! A flag wins over the environment, that over a file named by the environment, that over the
//! configuration file, that over the default. What stands here stands nowhere in the database.

mod file;
mod shown;
mod sources;

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use ipnet::IpNet;
use notebook::db::Place;

pub use file::commented;
pub use shown::{masked, without_password};
pub use sources::{
    EXPERIMENT_VARIABLE, Flags, Given, Origin, RUN_VARIABLE, Resolved, Surroundings, Troubles, resolve, wants_no_colour,
};

use crate::{
    mail::Mailer,
    observe::{LogFormat, LogLevel},
    outgoing::Rules,
    state::BaseUrl,
};

/// One setting. In the file it has this name, in the environment the same in capitals after `RETRIAL_`.
#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    /// The name with hyphens.
    pub long: &'static str,
    /// None: nothing is given unless somebody gives it.
    pub default: Option<&'static str>,
    /// What stands for the value in help.
    pub takes: &'static str,
    /// One clause.
    pub says: &'static str,
    /// Shown only masked.
    pub secret: bool,
}

impl Key {
    pub fn flag(&self) -> String {
        format!("--{}", self.long)
    }

    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.to_uppercase())
    }
}

pub const PREFIX: &str = "RETRIAL_";
/// Shorter ones can be guessed.
const SECRET_KEY_CHARS_MIN: usize = 32;
/// The variable that names the configuration file.
pub const CONFIG: &str = "RETRIAL_CONFIG";

type Text = &'static str;

const fn key((name, long): (Text, Text), default: Option<Text>, takes: Text, says: Text) -> Key {
    Key { name, long, default, takes, says, secret: false }
}

const fn secret((name, long): (Text, Text), takes: Text, says: Text) -> Key {
    Key { name, long, default: None, takes, says, secret: true }
}

/// What the server and the commands at its machine read.
pub static KEYS: &[Key] = &[
    key(("listen", "listen"), Some("127.0.0.1:7340"), "ADDRESS", "Address and port to listen on"),
    key(
        ("data_dir", "data-dir"),
        Some("./retrial-data"),
        "FOLDER",
        "The folder of the notebook; made if it is missing",
    ),
    secret(
        ("database_url", "database-url"),
        "ADDRESS",
        "A postgres:// address; without it the notebook is an SQLite file in the data folder",
    ),
    key(
        ("base_url", "base-url"),
        None,
        "ADDRESS",
        "Scheme and host under which people open the notebook; needed beyond this machine",
    ),
    key(
        ("allow_insecure_http", "allow-insecure-http"),
        Some("false"),
        "true|false",
        "Let people sign in over plain http beyond this machine; others on the network can read it",
    ),
    key(
        ("outgoing_networks", "outgoing-networks"),
        None,
        "NETWORKS",
        "Networks that are not public and that the server may call all the same, such as 10.1.0.0/16, 127.0.0.1",
    ),
    key(
        ("outgoing_ports", "outgoing-ports"),
        Some("80, 443, 9090"),
        "PORTS",
        "Ports at which the server may call other servers",
    ),
    key(
        ("credentials_dir", "credentials-dir"),
        None,
        "FOLDER",
        "The folder with the credentials for other servers, a file NAME.toml each",
    ),
    secret(
        ("secret_key", "secret-key"),
        "TEXT",
        "What signatures of webhooks are made from; without it a file in the data folder, so several nodes need it",
    ),
    secret(
        ("smtp_url", "smtp-url"),
        "ADDRESS",
        "Where e-mail goes out, such as smtps://user:password@mail.example.org; without it none is sent",
    ),
    key(("smtp_from", "smtp-from"), None, "ADDRESS", "Whom e-mail comes from, such as Retrial <retrial@example.org>"),
    key(
        ("smtp_ca_file", "smtp-ca-file"),
        None,
        "FILE",
        "Certificates (PEM) of the authority behind the mail server, where it is none of the public ones",
    ),
    key(("log", "log"), Some("info"), "LEVEL", "The least a log line must weigh: error, warn, info, debug or trace"),
    key(("log_format", "log-format"), Some("text"), "text|json", "How log lines look"),
];

/// What the commands that talk to a server read.
pub static CLIENT_KEYS: &[Key] = &[
    key(("url", "url"), Some("http://127.0.0.1:7340"), "ADDRESS", "Where the notebook is served"),
    secret(("token", "token"), "TOKEN", "A personal token, from your profile page or from `retrial token create`"),
];

/// All settings, read and checked.
#[derive(Clone)]
pub struct Settings {
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    pub database_url: Option<String>,
    pub base_url: Option<BaseUrl>,
    pub allow_insecure_http: bool,
    /// Which other servers may be called.
    pub outgoing: Rules,
    pub credentials_dir: Option<PathBuf>,
    pub secret_key: Option<String>,
    pub smtp_url: Option<String>,
    pub smtp_from: Option<String>,
    pub smtp_ca_file: Option<PathBuf>,
    pub log: LogLevel,
    pub log_format: LogFormat,
    /// The same as texts, each with where it came from.
    pub given: Resolved,
}

impl Settings {
    pub fn read(flags: &Flags, around: &Surroundings) -> Result<Self, Troubles> {
        Self::of(resolve(KEYS, flags, around)?)
    }

    /// Those of a notebook in a folder, and nothing else: whatever this machine is set to does not count.
    pub fn of_folder(folder: &Path) -> Result<Self, Troubles> {
        let values = [("data_dir", folder.display().to_string())].into();
        Self::read(&Flags { config: None, values }, &Surroundings::default())
    }

    fn of(given: Resolved) -> Result<Self, Troubles> {
        let mut troubles = Troubles::default();
        let settings = Self {
            listen: given.parse("listen", &mut troubles, |text| {
                text.parse().map_err(|_| "takes an address and a port like 127.0.0.1:7340".into())
            })?,
            data_dir: given.text("data_dir").unwrap_or_default().into(),
            database_url: given.text("database_url").map(str::to_owned),
            base_url: given.maybe("base_url", &mut troubles, |text| {
                BaseUrl::parse(text)
                    .map_err(|_| "is no address like https://retrial.example.org, without a path".into())
            }),
            allow_insecure_http: given.parse("allow_insecure_http", &mut troubles, truth)?,
            outgoing: Rules {
                networks: given.maybe("outgoing_networks", &mut troubles, networks).unwrap_or_default(),
                ports: given.parse("outgoing_ports", &mut troubles, ports)?,
            },
            credentials_dir: given.text("credentials_dir").map(Into::into),
            secret_key: given.text("secret_key").map(str::to_owned),
            smtp_url: given.text("smtp_url").map(str::to_owned),
            smtp_from: given.text("smtp_from").map(str::to_owned),
            smtp_ca_file: given.text("smtp_ca_file").map(Into::into),
            log: given.parse("log", &mut troubles, LogLevel::named)?,
            log_format: given.parse("log_format", &mut troubles, LogFormat::named)?,
            given,
        };
        settings.fits(&mut troubles);
        troubles.end(settings)
    }

    /// What each setting alone cannot tell.
    fn fits(&self, troubles: &mut Troubles) {
        let scheme = self.database_url.as_deref().and_then(|url| url.split_once("://")).map(|(scheme, _)| scheme);
        if self.database_url.is_some() && !matches!(scheme, Some("postgres" | "postgresql")) {
            troubles.say(
                &self.given,
                "database_url",
                "takes an address like postgres://retrial@db.example.org/retrial",
            );
        }
        if self.secret_key.as_deref().is_some_and(|key| key.trim().chars().count() < SECRET_KEY_CHARS_MIN) {
            troubles.say(
                &self.given,
                "secret_key",
                format!("is too short: it takes {SECRET_KEY_CHARS_MIN} random letters or more"),
            );
        }
        if let Err((key, says)) = Mailer::of(self) {
            troubles.say(&self.given, key, says);
        }
    }

    /// Where the notebook is kept.
    pub fn place(&self) -> Place {
        self.database_url.clone().map_or_else(|| Place::Folder(self.data_dir.clone()), Place::Server)
    }
}

fn truth(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err("takes true or false".into()),
    }
}

/// Whole networks, or single addresses, with commas between them.
fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    let read = |network: &str| network.parse::<IpNet>().or_else(|_| network.parse::<IpAddr>().map(IpNet::from));
    listed(text, |network| read(network).ok()).ok_or_else(|| "takes networks like 10.1.0.0/16, 127.0.0.1".into())
}

fn ports(text: &str) -> Result<Vec<u16>, String> {
    listed(text, |port| port.parse().ok()).ok_or_else(|| "takes ports like 443, 9090".into())
}

fn listed<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    text.split(',').map(|part| read(part.trim())).collect()
}

/// Where a server is, and who asks it.
#[derive(Clone)]
pub struct ClientSettings {
    /// Scheme, host and port, without a slash at the end.
    pub url: String,
    pub token: Option<String>,
    pub given: Resolved,
}

impl ClientSettings {
    pub fn read(flags: &Flags, around: &Surroundings) -> Result<Self, Troubles> {
        let given = resolve(CLIENT_KEYS, flags, around)?;
        let mut troubles = Troubles::default();
        let url = given.text("url").unwrap_or_default().trim_end_matches('/').to_owned();
        if !(url.starts_with("http://") || url.starts_with("https://")) {
            troubles.say(&given, "url", "takes an address like https://retrial.example.org");
        }
        let token = given.text("token").map(|token| token.trim().to_owned());
        if token.as_deref().is_some_and(|token| token.chars().any(|c| c.is_whitespace() || !c.is_ascii_graphic())) {
            troubles.say(&given, "token", "is no token: it holds spaces or strange letters");
        }
        troubles.end(Self { url, token, given })
    }
}

#[cfg(test)]
mod tests;
