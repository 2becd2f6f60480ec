//! A throw-away PostgreSQL for one test run.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use crate::command;
use crate::progress::Step;
use crate::tools;

/// A running server. It stops and its folder goes when this is dropped, or when xtask dies.
pub struct Postgres {
    child: Child,
    /// Where its unix socket is.
    pub folder: PathBuf,
    /// Where `psql`, `createdb` and the server's own programs are.
    pub programs: PathBuf,
}

impl Postgres {
    /// With its folder in another one.
    pub fn start(within: &str) -> Result<Self, String> {
        let programs = tools::postgres()?;
        let step = Step::begin("PostgreSQL");
        let started = Self::start_from(programs, within);
        match &started {
            Ok(running) => step.done(&running.programs.to_string_lossy()),
            Err(_) => step.failed(),
        }
        started
    }

    fn start_from(programs: PathBuf, within: &str) -> Result<Self, String> {
        let path = programs.to_string_lossy().into_owned();
        let script = ["sh", "-c", include_str!("postgres.sh"), "postgres.sh", &path, within];
        // initdb refuses to run as root; Debian's package brings the user.
        let as_user: &[&str] = if tools::is_root() { &["runuser", "-u", "postgres", "--"] } else { &[] };
        let words = [as_user, &script].concat();
        let mut child = command::program(words[0], &words[1..])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("`{}` cannot be started: {e}", words[0]))?;
        let mut output = BufReader::new(child.stdout.take().ok_or("PostgreSQL has no output")?);
        let mut line = String::new();
        output.read_line(&mut line).map_err(|e| format!("PostgreSQL: {e}"))?;
        if let Some(folder) = line.trim().strip_prefix("ready ") {
            return Ok(Self { child, folder: PathBuf::from(folder), programs });
        }
        // What it says after a failure is its log; an unreadable rest hides nothing more.
        let _rest = output.read_to_string(&mut line);
        let _ended = child.wait();
        Err(format!("PostgreSQL did not start.\n{line}"))
    }

    /// The address of its first database, for programs that make their own.
    pub fn url(&self) -> String {
        format!("postgres:///postgres?host={}&user=postgres", self.folder.display())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if let Err(reason) = self.child.wait() {
            eprintln!("PostgreSQL in {}: {reason}", self.folder.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Postgres;
    use crate::tools;

    #[test]
    fn a_dropped_server_leaves_nothing_behind() {
        // `cargo xtask test` installs PostgreSQL first and forbids this way out.
        if tools::find_postgres().is_none() {
            assert!(std::env::var_os("RETRIAL_REQUIRE_POSTGRES").is_none(), "PostgreSQL is missing");
            println!("skipped: no PostgreSQL on this machine");
            return;
        }
        let running = Postgres::start("/tmp").unwrap();
        let folder = running.folder.clone();
        assert!(folder.join(".s.PGSQL.5432").exists());
        assert!(running.url().contains(&*folder.to_string_lossy()));
        drop(running);
        assert!(!folder.exists());
    }
}
