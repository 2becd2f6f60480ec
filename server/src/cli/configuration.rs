//! `retrial config …`: what holds and why, whether it reads, and a file to begin with.

use std::{fs::OpenOptions, io::Write as _, path::PathBuf};

use clap::Subcommand;
use serde::Serialize;

use super::{Serve, Stopped, out, serve::base_url};
use crate::config::{KEYS, Origin, Settings, commented, masked};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print every setting as it holds, secrets masked
    Show {
        /// Say where each value comes from
        #[arg(long)]
        origin: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Serve,
    },
    /// Say whether a server could start with these settings
    Check {
        #[command(flatten)]
        flags: Serve,
    },
    /// Print a commented configuration file, or write it; an existing file is left alone
    Init {
        /// Where to write it
        file: Option<PathBuf>,
    },
}

pub fn run(command: Command) -> Result<(), Stopped> {
    match command {
        Command::Show { origin, json, flags } => {
            let settings = flags.settings()?;
            let lines = lines(&settings);
            if json { out::json(&Shown::of(&settings, &lines)) } else { out::print(&text(&settings, &lines, origin)) }
        }
        Command::Check { flags } => {
            let settings = flags.settings()?;
            base_url(settings.base_url.as_ref(), settings.listen)?;
            let file = settings.given.file.as_ref();
            let file = file.map_or_else(|| "no file".to_owned(), |file| file.display().to_string());
            out::print(&format!("The settings fit together ({file})."))
        }
        Command::Init { file: None } => out::print(&commented()),
        Command::Init { file: Some(file) } => write(&file),
    }
}

/// One setting as it may be shown.
#[derive(Serialize)]
struct Line<'a> {
    key: &'static str,
    value: Option<String>,
    origin: &'a Origin,
}

fn lines(settings: &Settings) -> Vec<Line<'_>> {
    let given = settings.given.values.iter().zip(KEYS);
    let line = given.map(|(given, key)| Line {
        key: given.key,
        value: given.text.as_deref().map(|text| masked(key, text)),
        origin: &given.origin,
    });
    line.collect()
}

#[derive(Serialize)]
struct Shown<'a> {
    /// The configuration file that was read.
    file: Option<String>,
    settings: &'a [Line<'a>],
}

impl<'a> Shown<'a> {
    fn of(settings: &Settings, lines: &'a [Line<'a>]) -> Self {
        Self { file: settings.given.file.as_ref().map(|file| file.display().to_string()), settings: lines }
    }
}

fn text(settings: &Settings, lines: &[Line<'_>], origin: bool) -> String {
    let value = |line: &Line<'_>| line.value.clone().unwrap_or_else(|| "–".to_owned());
    if origin {
        let row = |line: &Line<'_>| vec![line.key.to_owned(), value(line), line.origin.to_string()];
        return out::table(&["SETTING", "VALUE", "FROM"], &lines.iter().map(row).collect::<Vec<_>>());
    }
    let row = |line: &Line<'_>| vec![line.key.to_owned(), value(line)];
    let table = out::table(&["SETTING", "VALUE"], &lines.iter().map(row).collect::<Vec<_>>());
    let file = settings.given.file.as_ref().map_or_else(|| "none".to_owned(), |file| file.display().to_string());
    format!("{table}Configuration file: {file}. Where each comes from: retrial config show --origin\n")
}

fn write(file: &std::path::Path) -> Result<(), Stopped> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // It may come to hold a database's password.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut opened| opened.write_all(commented().as_bytes()));
    written.map_err(|trouble| match trouble.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Stopped::new(format!("{} is there already and is left alone; name another file", file.display()))
        }
        _ => Stopped::new(format!("{} cannot be written: {trouble}", file.display())),
    })?;
    out::print(&format!("{} is written; every line in it is a comment still.", file.display()))
}
