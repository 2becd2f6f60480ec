//! `cargo xtask test`: every suite in its order, all failures seen, one closing line a suite.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::thread::JoinHandle;
use std::time::Instant;

use crate::campaign;
use crate::command;
use crate::postgres::Postgres;
use crate::progress::Step;
use crate::room::{self, Room};
use crate::suites;
use crate::tally::Tally;

/// What suites share while they run.
#[derive(Default)]
pub struct Bench {
    postgres: Option<Postgres>,
    room: Option<Room>,
}

impl Bench {
    /// The run's PostgreSQL, started by the first suite that asks.
    pub fn postgres(&mut self) -> Result<&Postgres, String> {
        let running = match self.postgres.take() {
            Some(running) => running,
            None => Postgres::start(room::for_databases())?,
        };
        Ok(self.postgres.insert(running))
    }

    /// The run's folder in memory, where there is room.
    pub fn folder(&mut self) -> Option<&Path> {
        self.room.get_or_insert_with(Room::open).folder()
    }

    /// Lets a command write its temporary files there.
    pub fn in_memory(&mut self, command: &mut Command) {
        if let Some(folder) = self.folder() {
            command.env("TMPDIR", folder);
        }
    }
}

/// How a suite ended. A failed one still says what it counted.
pub struct Outcome {
    pub tally: Tally,
    pub failure: Option<String>,
}

impl Outcome {
    pub fn of(result: Result<(), String>) -> Self {
        Self { tally: Tally::default(), failure: result.err() }
    }
}

pub struct Suite {
    pub name: &'static str,
    pub about: &'static str,
    /// The suite without which this one cannot say anything.
    pub needs: Option<&'static str>,
    pub run: fn(&mut Bench) -> Outcome,
}

pub struct Ended {
    name: &'static str,
    words: String,
    tally: Tally,
    failed: bool,
}

pub fn test(names: &[String]) -> ExitCode {
    if let Some(("--campaign", campaigns)) = names.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return campaign::run(campaigns);
    }
    if let Some(unknown) = names.iter().find(|name| !suites::ALL.iter().any(|suite| suite.name == **name)) {
        let known: Vec<&str> = suites::ALL.iter().map(|suite| suite.name).collect();
        eprintln!("there is no suite `{unknown}`; the suites are: {}", known.join(", "));
        return ExitCode::FAILURE;
    }
    let is_chosen = |suite: &&Suite| names.is_empty() || names.iter().any(|name| name == suite.name);
    let chosen: Vec<&Suite> = suites::ALL.iter().filter(is_chosen).collect();
    let mut early = Early::begin(&chosen);
    let mut bench = Bench::default();
    let mut ended: Vec<Ended> = Vec::new();
    for suite in chosen {
        let missing = suite.needs.filter(|needed| ended.iter().any(|other| other.name == *needed && other.failed));
        let result = match (missing, early.take_if(|early| early.name == suite.name)) {
            (Some(needed), _) => not_run(suite, needed),
            (None, Some(early)) => early.end(suite),
            (None, None) => run(suite, &mut bench),
        };
        ended.push(result);
    }
    drop(bench);
    close(&ended)
}

/// A suite that runs in a process of its own before its turn; what it says is kept until then.
struct Early {
    name: &'static str,
    running: JoinHandle<Result<command::Ended, String>>,
}

impl Early {
    /// Where both suites are chosen. A process that cannot be begun is no loss: the suite runs in its turn.
    fn begin(chosen: &[&Suite]) -> Option<Self> {
        let (name, beside) = suites::EARLY;
        let is_chosen = |name: &str| chosen.iter().any(|suite| suite.name == name);
        if !is_chosen(name) || !is_chosen(beside) {
            return None;
        }
        let mut itself = command::program(std::env::current_exe().ok()?, &["test", name]);
        let running = std::thread::spawn(move || command::follow(&mut itself, name, None, |_| false));
        Some(Self { name, running })
    }

    /// Waits for it, says what it said, and how it ended.
    fn end(self, suite: &Suite) -> Ended {
        let step = Step::begin(self.name);
        let (lines, success) = match self.running.join() {
            Ok(Ok(ended)) => (ended.lines, ended.success),
            Ok(Err(reason)) => (vec![reason], false),
            Err(_) => (vec!["What followed it is gone.".to_owned()], false),
        };
        let closing = closing_of(suite);
        lines.iter().take_while(|line| !line.starts_with(&closing)).for_each(|line| step.say(line));
        ended_before(suite, &lines, success)
    }
}

/// What its closing line begins with.
fn closing_of(suite: &Suite) -> String {
    format!("suite {}: ", suite.name)
}

fn ended_before(suite: &Suite, lines: &[String], success: bool) -> Ended {
    let closing = closing_of(suite);
    let words = lines.iter().find_map(|line| line.strip_prefix(closing.as_str()));
    let failed = !success || words.is_none();
    let words = words.unwrap_or("FAILED before its end").to_owned();
    Ended { name: suite.name, words, tally: Tally { passed: 0, failed: usize::from(failed) }, failed }
}

fn not_run(suite: &Suite, needed: &str) -> Ended {
    println!("\n== {}: not run, {needed} failed", suite.name);
    Ended { name: suite.name, words: format!("not run, {needed} failed"), tally: Tally::default(), failed: true }
}

pub fn run(suite: &Suite, bench: &mut Bench) -> Ended {
    println!("\n== {}: {}", suite.name, suite.about);
    let started = Instant::now();
    let Outcome { mut tally, failure } = (suite.run)(bench);
    let seconds = started.elapsed().as_secs();
    let failed = failure.is_some();
    if let Some(reason) = failure {
        println!("{reason}");
        // Whatever broke before it could be counted is at least one failure.
        tally.failed = tally.failed.max(1);
    }
    let words = format!("{} in {seconds} s{}", if failed { "FAILED" } else { "ok" }, counted(tally));
    println!("== {}: {words}", suite.name);
    Ended { name: suite.name, words, tally, failed }
}

fn counted(tally: Tally) -> String {
    match tally {
        Tally { passed: 0, failed: 0 } => String::new(),
        Tally { passed, failed: 0 } => format!(" ({passed} tests)"),
        Tally { passed, failed } => format!(" ({failed} of {} failed)", passed + failed),
    }
}

pub fn close(ended: &[Ended]) -> ExitCode {
    let mut sum = Tally::default();
    println!();
    for suite in ended {
        println!("suite {}: {}", suite.name, suite.words);
        sum += suite.tally;
    }
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    if ended.iter().any(|suite| suite.failed) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

#[cfg(test)]
mod tests {
    use super::{Bench, Outcome, Suite, Tally, ended_before, not_run, run};

    fn suite(run: fn(&mut Bench) -> Outcome) -> Suite {
        Suite { name: "rust", about: "rules and stories", needs: None, run }
    }

    #[test]
    fn a_suite_that_broke_before_its_first_test_counts_one_failure() {
        let broken = suite(|_| Outcome { tally: Tally::default(), failure: Some("does not compile".into()) });
        let ended = run(&broken, &mut Bench::default());
        assert!(ended.failed);
        assert_eq!(ended.tally, Tally { passed: 0, failed: 1 });
    }

    #[test]
    fn a_suite_that_passes_says_how_many_tests_it_ran() {
        let passing = suite(|_| Outcome { tally: Tally { passed: 12, failed: 0 }, failure: None });
        let ended = run(&passing, &mut Bench::default());
        assert!(!ended.failed);
        assert!(ended.words.starts_with("ok in ") && ended.words.ends_with("(12 tests)"), "{}", ended.words);
    }

    #[test]
    fn a_suite_in_a_process_of_its_own_ends_as_its_closing_line_says() {
        let suite = suite(|_| Outcome::of(Ok(())));
        let lines = |closing: &str| vec!["== rust: ok in 2 s".to_owned(), closing.to_owned()];
        let passed = ended_before(&suite, &lines("suite rust: ok in 2 s"), true);
        assert!(!passed.failed);
        assert_eq!((passed.words.as_str(), passed.tally), ("ok in 2 s", Tally::default()));
        let failed = ended_before(&suite, &lines("suite rust: FAILED in 2 s (1 of 1 failed)"), false);
        assert!(failed.failed);
        assert_eq!(failed.tally, Tally { passed: 0, failed: 1 });
        let lost = ended_before(&suite, &lines("Killed"), true);
        assert!(lost.failed, "one that says nothing at its end did not end well");
    }

    #[test]
    fn a_suite_left_out_for_another_is_not_a_pass() {
        let left_out = not_run(&suite(|_| Outcome::of(Ok(()))), "site");
        assert!(left_out.failed);
        assert_eq!(left_out.words, "not run, site failed");
    }
}
