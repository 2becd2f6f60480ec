//! The places a setting can come from, in the order in which they win.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use notebook::nearest::did_you_mean;
use serde::{Serialize, Serializer};

use super::{CLIENT_KEYS, CONFIG, KEYS, Key, PREFIX, file};

/// What a command under a run finds in its environment, besides the address of the notebook.
pub const EXPERIMENT_VARIABLE: &str = "RETRIAL_EXPERIMENT";
pub const RUN_VARIABLE: &str = "RETRIAL_RUN";

/// A secret is a line; a file that is larger is another file.
const SECRET_FILE_BYTES_MAX: u64 = 64 * 1024;

/// What was typed behind the command.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--config`
    pub config: Option<PathBuf>,
    pub values: BTreeMap<&'static str, String>,
}

/// What the program finds around it.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Environment variables; names or values that are no text are left out.
    pub variables: Vec<(String, String)>,
    /// Configuration files to look for, in this order.
    pub places: Vec<PathBuf>,
}

impl Surroundings {
    /// Of a server and the commands at its machine.
    pub fn of_server() -> Self {
        Self { variables: variables(), places: vec!["./retrial.toml".into(), "/etc/retrial/retrial.toml".into()] }
    }

    /// Of a command that talks to a server.
    pub fn of_client() -> Self {
        let variables = variables();
        let named = |name: &str| variables.iter().find(|(known, value)| known == name && !value.is_empty());
        let home = named("XDG_CONFIG_HOME")
            .map(|(_, folder)| PathBuf::from(folder))
            .or_else(|| named("HOME").map(|(_, folder)| Path::new(folder).join(".config")));
        let places = home.map(|folder| folder.join("retrial/config.toml")).into_iter().collect();
        Self { variables, places }
    }

    /// Where a command keeps what must outlive it.
    pub fn state_folder(&self) -> Option<PathBuf> {
        let own = self.variable("XDG_STATE_HOME").map(PathBuf::from);
        let usual = || self.variable("HOME").map(|home| Path::new(home).join(".local/state"));
        own.or_else(usual).map(|folder| folder.join("retrial"))
    }

    /// The folders in which programs are looked for.
    pub fn programs(&self) -> Vec<PathBuf> {
        std::env::split_paths(self.variable("PATH").unwrap_or("/bin:/usr/bin")).collect()
    }

    fn variable(&self, name: &str) -> Option<&str> {
        // Empty is what a composed environment hands over where nothing was meant; flags and files are
        // read in the same way.
        let found = self.variables.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// The one place where the environment is read.
fn variables() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Whether colours are unwelcome (no-color.org).
pub fn wants_no_colour() -> bool {
    variables().iter().any(|(name, value)| name == "NO_COLOR" && !value.is_empty())
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Flag(String),
    Variable(String),
    /// The file that the variable names.
    NamedFile {
        variable: String,
        path: PathBuf,
    },
    File(PathBuf),
    Default,
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::NamedFile { variable, path } => write!(f, "{variable} ({})", path.display()),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// One setting as it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub key: &'static str,
    pub text: Option<String>,
    pub origin: Origin,
}

/// Every setting as it holds, in the order of the table.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    pub values: Vec<Given>,
    /// The configuration file that was read.
    pub file: Option<PathBuf>,
}

impl Resolved {
    pub fn text(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|given| given.key == key).and_then(|given| given.text.as_deref())
    }

    /// A setting that always has a value. What does not read is said, with its origin.
    pub(super) fn parse<T>(
        &self,
        key: &str,
        troubles: &mut Troubles,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, Troubles> {
        read(self.text(key).unwrap_or_default()).map_err(|says| {
            troubles.say(self, key, says);
            std::mem::take(troubles)
        })
    }

    /// A setting that may be missing.
    pub(super) fn maybe<T>(
        &self,
        key: &str,
        troubles: &mut Troubles,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        read(self.text(key)?).map_err(|says| troubles.say(self, key, says)).ok()
    }

    /// The names under which settings were given, files and defaults aside.
    pub fn named(&self) -> Vec<String> {
        let given = self.values.iter().filter_map(|given| match &given.origin {
            Origin::Flag(name) | Origin::Variable(name) | Origin::NamedFile { variable: name, .. } => {
                Some(name.clone())
            }
            Origin::File(_) | Origin::Default => None,
        });
        given.collect()
    }
}

/// Everything that is wrong with the settings, one sentence each.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Troubles(pub Vec<String>);

impl Troubles {
    pub(super) fn push(&mut self, sentence: impl Into<String>) {
        self.0.push(sentence.into());
    }

    /// What is wrong with one setting, under the name by which it was given.
    pub(super) fn say(&mut self, given: &Resolved, key: &str, says: impl fmt::Display) {
        let Some(found) = given.values.iter().find(|given| given.key == key) else { return };
        let place = match &found.origin {
            Origin::File(path) => format!("{key} in {}", path.display()),
            Origin::Default => key.to_owned(),
            other => other.to_string(),
        };
        self.push(format!("{place} {says}"));
    }

    pub(super) fn end<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for Troubles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

/// Finds each key's value and where it came from. Names that nobody knows are refused: a setting that
/// is misspelt would otherwise be taken for set.
pub fn resolve(keys: &'static [Key], flags: &Flags, around: &Surroundings) -> Result<Resolved, Troubles> {
    let mut troubles = Troubles::default();
    unknown_variables(around, &mut troubles);
    let path = chosen_file(keys, flags, around);
    let in_file = match &path {
        Some(path) => file::read(path, keys, &mut troubles),
        None => BTreeMap::new(),
    };
    let mut values = Vec::new();
    for key in keys {
        let (text, origin) = one(key, flags, around, &in_file, path.as_deref(), &mut troubles);
        values.push(Given { key: key.name, text, origin });
    }
    troubles.end(Resolved { values, file: path })
}

fn one(
    key: &Key,
    flags: &Flags,
    around: &Surroundings,
    in_file: &BTreeMap<String, String>,
    path: Option<&Path>,
    troubles: &mut Troubles,
) -> (Option<String>, Origin) {
    let variable = key.variable();
    let by_file = format!("{variable}_FILE");
    if let Some(text) = flags.values.get(key.name).filter(|text| !text.is_empty()) {
        return (Some(text.clone()), Origin::Flag(key.flag()));
    }
    if let Some(text) = around.variable(&variable) {
        return (Some(text.to_owned()), Origin::Variable(variable));
    }
    if let Some(named) = around.variable(&by_file).map(PathBuf::from) {
        let text = match contents(&named) {
            Ok(text) => Some(text),
            Err(says) => {
                troubles.push(format!("{by_file} names {}, which {says}", named.display()));
                key.default.map(str::to_owned)
            }
        };
        return (text, Origin::NamedFile { variable: by_file, path: named });
    }
    match (in_file.get(key.name).filter(|text| !text.is_empty()), path) {
        (Some(text), Some(path)) => (Some(text.clone()), Origin::File(path.to_owned())),
        _ => (key.default.map(str::to_owned), Origin::Default),
    }
}

/// What a file holds, without the newline that editors put at its end.
fn contents(path: &Path) -> Result<String, String> {
    let says = |trouble: std::io::Error| format!("cannot be read: {trouble}");
    if std::fs::metadata(path).map_err(says)?.len() > SECRET_FILE_BYTES_MAX {
        return Err("is larger than a setting can be".into());
    }
    let text = std::fs::read_to_string(path).map_err(says)?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() { Err("is empty".into()) } else { Ok(text.to_owned()) }
}

/// `--config`, `$RETRIAL_CONFIG`, or the first of the usual places where one stands. A file that was
/// named must be there. The variable names the server's file, not the client's.
fn chosen_file(keys: &[Key], flags: &Flags, around: &Surroundings) -> Option<PathBuf> {
    let of_server = std::ptr::eq(keys, KEYS);
    let named = || around.variable(CONFIG).filter(|_| of_server).map(PathBuf::from);
    flags.config.clone().or_else(named).or_else(|| around.places.iter().find(|path| path.exists()).cloned())
}

fn unknown_variables(around: &Surroundings, troubles: &mut Troubles) {
    let known: Vec<String> = KEYS.iter().chain(CLIENT_KEYS).map(Key::variable).chain([CONFIG.to_owned()]).collect();
    let is_known = |name: &str| {
        let of_file = name.strip_suffix("_FILE").filter(|name| *name != CONFIG);
        known.iter().any(|known| known == name || Some(known.as_str()) == of_file)
    };
    for (name, value) in around.variables.iter().filter(|(name, _)| name.starts_with(PREFIX)) {
        if !is_known(name) && !is_of_others(name, value) {
            let near = did_you_mean(name, known.iter().map(String::as_str));
            troubles.push(format!("{name} is no setting{near}"));
        }
    }
}

/// Variables with our prefix that are not meant for the program: what a cluster sets for a service
/// that is called "retrial", what `retrial exec` tells the command it runs, and what this project's own
/// tests are told.
fn is_of_others(name: &str, value: &str) -> bool {
    const CLUSTER: [&str; 2] = ["RETRIAL_SERVICE_", "RETRIAL_PORT_"];
    const COMMAND: [&str; 2] = [EXPERIMENT_VARIABLE, RUN_VARIABLE];
    const TESTS: [&str; 9] = [
        "RETRIAL_TEST_",
        "RETRIAL_REQUIRE_",
        "RETRIAL_BIN",
        "RETRIAL_CAMPAIGN",
        "RETRIAL_CARRY_",
        "RETRIAL_CHROMIUM",
        "RETRIAL_RELEASE",
        "RETRIAL_SHOTS",
        "RETRIAL_POSTGRES_PROGRAMS",
    ];
    // A person who writes this one means a number.
    let port_of_cluster = name == "RETRIAL_PORT" && value.contains("://");
    port_of_cluster || COMMAND.contains(&name) || CLUSTER.iter().chain(&TESTS).any(|own| name.starts_with(own))
}
