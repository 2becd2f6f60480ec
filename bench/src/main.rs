//! How fast Retrial is beside a peer that does the same work, both sides measured in one run.
//!
//! `bench run` starts each side as a process of its own, pinned to one core, and loads it from another.

#![forbid(unsafe_code)]

mod machine;
mod disk;
mod process;
mod wrk;
mod rounds;
mod report;

#[path = "../../notebook/tests/shared/plan.rs"]
mod plan;
#[path = "../../notebook/tests/shared/gate.rs"]
mod ready;
mod world;
mod pages;
mod reads;
mod search;
mod observations;
mod import;
mod filled;
mod budget;
mod lineage;
mod sources;
mod watchers;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand, ValueEnum};

/// What can go wrong ends the run, so it is only ever said.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[derive(Parser)]
#[command(about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    call: Call,
}

#[derive(Subcommand)]
enum Call {
    /// Measures the named goals, or all that fill no disk, and prints a table for each.
    Run(Settings),
    /// One side of a bench. It says when it is ready, and ends with its standard input.
    Side { side: Side, folder: PathBuf },
}

#[derive(clap::Args)]
pub struct Settings {
    #[arg(value_enum, ignore_case = true)]
    goals: Vec<Goal>,
    /// How often each side is measured.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each side is loaded in each round.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Where databases are made; they go again. The disk under it is measured with it.
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
    /// Adds this to each sync of the disk, on both sides, by strace.
    #[arg(long)]
    slow_sync_ms: Option<u32>,
    /// `budget`: so many days are measured by the minute. A year of 200 SLOs takes 11 GiB.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=366))]
    days: u32,
    /// `budget`: the length of the windows. A year reads half a million rows for each answer.
    #[arg(long, default_value_t = 28, value_parser = clap::value_parser!(u32).range(1..=366))]
    window_days: u32,
    /// `P2`, `P3`, `P4`, `reindex`: so many findings are searched. A million take about 4 GiB.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(i64).range(1_000..=10_000_000))]
    findings: i64,
}

impl Settings {
    /// A folder that goes again when this is dropped.
    fn scratch(&self) -> Result<tempfile::TempDir> {
        // Absolute: sides are started from elsewhere, too.
        Ok(tempfile::tempdir_in(self.folder.canonicalize()?)?)
    }
}

/// A goal by its number in the performance goals, or by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Goal {
    /// A page beside a hand-written one.
    P1,
    /// Searching beside the engine asked bare. Only by its name: it fills the disk first.
    P2,
    /// Ranking with and without its bound. Only by its name.
    P3,
    /// A small notebook beside one a hundred times as large. Only by its name.
    P4,
    /// A point read beside another driver.
    P6,
    /// Durable observations beside one commit a row.
    P7,
    /// Watchers of a run beside a bare broadcast.
    P8,
    /// An import beside bare inserts.
    P11,
    /// 200 measured SLOs beside two. Only by its name: it fills the disk first.
    Budget,
    /// An experiment with 2,000 runs among 50,000 beside one with 20 among 500.
    Lineage,
    /// Writes while the index of a large notebook is written anew. Only by its name: it fills the disk first.
    Reindex,
    /// Pages while sources of measurements hang, beside pages while nobody asks any.
    Sources,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Side {
    Pages,
    Reads,
    Observations,
    /// One insert and one commit a row, as fast as it goes.
    Commits,
    /// Nothing but a small write and a sync.
    Syncs,
    /// Makes a large notebook and its archive, and ends.
    Archive,
    /// Carries that archive in, again and again.
    Carry,
    /// Inserts the same rows, again and again.
    Inserts,
    /// A notebook with as many measured SLOs as it is told.
    Budget,
    /// A notebook with as many runs as it is told, so many of them of one experiment.
    Lineage,
    /// A notebook with sources of measurements that hang, if it is told to ask them.
    Sources,
    /// A notebook with a run that many watch.
    Watchers,
    /// Passes on what it is told, and keeps nothing.
    PassOn,
    /// Watches either of both, and writes what it waits for.
    WatchLoad,
}

fn main() -> ExitCode {
    let done = match Cli::parse().call {
        Call::Run(settings) => run(&settings),
        Call::Side { side, folder } => be(side, &folder),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            // A side's errors are read from its output by whoever started it.
            println!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

fn run(settings: &Settings) -> Result<()> {
    let all = [Goal::P1, Goal::P6, Goal::P7, Goal::P8, Goal::P11, Goal::Lineage, Goal::Sources];
    let goals = if settings.goals.is_empty() { &all[..] } else { &settings.goals };
    std::fs::create_dir_all(&settings.folder)?;
    println!("{}", machine::words(&settings.folder)?);
    for goal in goals {
        match goal {
            Goal::P1 => pages::measure(settings)?,
            Goal::P2 => search::measure(settings, search::beside_the_engine)?,
            Goal::P3 => search::measure(settings, search::bounds)?,
            Goal::P4 => search::measure(settings, search::growth)?,
            Goal::Reindex => search::measure(settings, search::renewal::measure)?,
            Goal::P6 => reads::measure(settings)?,
            Goal::P7 => observations::measure(settings)?,
            Goal::P8 => watchers::measure(settings)?,
            Goal::P11 => import::measure(settings)?,
            Goal::Budget => budget::measure(settings)?,
            Goal::Lineage => lineage::measure(settings)?,
            Goal::Sources => sources::measure(settings)?,
        }
    }
    Ok(())
}

fn be(side: Side, folder: &std::path::Path) -> Result<()> {
    // As `retrial serve` has it.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match side {
            Side::Pages => pages::serve(folder).await,
            Side::Reads => reads::serve(folder).await,
            Side::Observations => observations::serve(folder).await,
            Side::Commits => observations::commit(folder).await,
            Side::Syncs => disk::measure_aside(folder),
            Side::Archive => import::make(folder).await,
            Side::Carry => import::carry_in(folder).await,
            Side::Inserts => import::insert(folder).await,
            Side::Budget => budget::serve(folder).await,
            Side::Lineage => lineage::serve(folder).await,
            Side::Sources => sources::serve(folder).await,
            Side::Watchers => watchers::serve(folder).await,
            Side::PassOn => watchers::pass_on(folder).await,
            Side::WatchLoad => watchers::load(folder).await,
        }
    })
}
