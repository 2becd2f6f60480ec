//! `cargo xtask bench`: Retrial beside its peers, in release, one table for each goal.

use crate::{command, postgres::Postgres, site, tools};

/// What is measured on both engines.
const ON_BOTH: [&str; 4] = ["P2", "P3", "P4", "reindex"];

/// Builds what is measured and measures it. The words go to the bench as they are.
pub fn bench(arguments: &[String]) -> Result<(), String> {
    tools::wrk()?;
    if arguments.iter().any(|word| word.starts_with("--slow-sync-ms")) {
        tools::strace()?;
    }
    // Pages name their scripts by what is in them, and a release embeds the site.
    site::build()?;
    command::as_step("bench (release)", command::cargo(&["build", "--locked", "--release", "--package=bench"]))?;
    let folder = crate::target("bench").to_string_lossy().into_owned();
    let mut measured = command::program(crate::target("release/bench"), &["run", "--folder", &folder]);
    measured.args(arguments);
    let on_both = arguments.iter().any(|word| ON_BOTH.iter().any(|goal| goal.eq_ignore_ascii_case(word)));
    // It ends with this command.
    let postgres = if on_both { Some(Postgres::start("/tmp")?) } else { None };
    if let Some(postgres) = &postgres {
        measured.env("RETRIAL_TEST_POSTGRES", postgres.url());
    }
    println!("commit {}", command::answer("git", &["rev-parse", "--short", "HEAD"]).unwrap_or_default());
    let ended = measured.status().map_err(|e| format!("the bench cannot be started: {e}"))?;
    if ended.success() { Ok(()) } else { Err("the bench did not come to its end".to_owned()) }
}
