//! P2, P3 and P4: searching a large notebook beside the engine asked bare in the same process, ranking with and
//! without its bound, and a small notebook beside the same one grown a hundredfold. On SQLite, and on PostgreSQL where
//! a server is offered. And how long others wait while the index is written anew.

mod sql;
mod filled;
pub mod renewal;

use std::time::Instant;

use notebook::{
    desk::Desk,
    findings::{acts, drafts::Draft},
};

use filled::{Bare, Engine, Filled};
use sql::sqlite;

use crate::{Result, Settings};

const SMALL: i64 = 10_000;
/// Of each page in each round: one answer in a hundred is no single one.
const READS: usize = 100;
const WRITES: usize = 500;

/// How long each of many took, in milliseconds, the quickest first.
struct Took(Vec<f64>);

impl Took {
    fn of(mut all: Vec<f64>) -> Self {
        all.sort_by(f64::total_cmp);
        Self(all)
    }

    fn at(&self, of_hundred: usize) -> f64 {
        let place = (self.0.len() * of_hundred / 100).min(self.0.len().saturating_sub(1));
        self.0.get(place).copied().unwrap_or_default()
    }

    fn line(&self, words: &str) {
        println!("  {words:<34}p50 {:>9.3} ms   p99 {:>9.3} ms", self.at(50), self.at(99));
    }
}

fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}

fn said(words: &str, is: f64, goal: f64) {
    let met = if is <= goal { "met" } else { "MISSED" };
    println!("  {words:<34}{is:.2}; goal at most {goal:.2}: {met}");
}

fn terms() -> Vec<String> {
    (0..sql::BANDS.len()).flat_map(|band| (0..sql::TERMS).map(move |number| sql::term(band, number))).collect()
}

/// P2: the API with rights, states, snippets and JSON, beside the statement it rests on.
pub async fn beside_the_engine(settings: &Settings) -> Result<()> {
    for engine in Engine::all() {
        let mut filled = Filled::with(settings, &engine, settings.findings).await?;
        let (mut api, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..=settings.rounds {
            for term in terms() {
                let begun = Instant::now();
                filled.search(&term).await?;
                api.push(ms(begun));
                let begun = Instant::now();
                filled.bare.bounded(&term).await?;
                bare.push(ms(begun));
            }
        }
        // The first round warms both sides.
        let (api, bare) = (Took::of(api.split_off(terms().len())), Took::of(bare.split_off(terms().len())));
        println!("\nP2, {}: search among {} findings, 40 terms in four bands", engine.name(), settings.findings);
        api.line("the API");
        bare.line("the engine, bounded");
        said("p50 of the API over the engine's", api.at(50) / bare.at(50), 2.0);
        said("p99 of the API over the engine's", api.at(99) / bare.at(99), 3.0);
        filled.end().await?;
    }
    Ok(())
}

/// P3: ranking the newest matches beside ranking all, and beginnings with and without their index.
pub async fn bounds(settings: &Settings) -> Result<()> {
    for engine in Engine::all() {
        let mut filled = Filled::with(settings, &engine, settings.findings).await?;
        let (mut bounded, mut plain) = (Vec::new(), Vec::new());
        for _ in 0..settings.rounds {
            // The bands that more than a quarter of all findings hold.
            for term in terms().iter().take(2 * sql::TERMS) {
                let begun = Instant::now();
                filled.bare.bounded(term).await?;
                bounded.push(ms(begun));
                let begun = Instant::now();
                filled.bare.plain(term).await?;
                plain.push(ms(begun));
            }
        }
        let (bounded, plain) = (Took::of(bounded), Took::of(plain));
        println!("\nP3, {}: terms in more than a quarter of {} findings", engine.name(), settings.findings);
        bounded.line("the newest 2,000 ranked");
        plain.line("all ranked");
        said("bounded over plain, p50", bounded.at(50) / plain.at(50), 0.05);
        beginnings(&filled, settings.rounds)?;
        filled.end().await?;
    }
    Ok(())
}

/// PostgreSQL's index finds beginnings as it finds words; there is nothing to leave out.
fn beginnings(filled: &Filled, rounds: usize) -> Result<()> {
    let Bare::Embedded(connection) = &filled.bare else { return Ok(()) };
    sqlite::without_beginnings(&filled.file())?;
    let typed: Vec<String> = ["w1", "w12", "w2", "w30", "qo", "qco"].map(|text| format!("\"{text}\"*")).to_vec();
    let timed = |table: &str| -> Result<Took> {
        let mut took = Vec::new();
        for text in (0..rounds).flat_map(|_| &typed) {
            let begun = Instant::now();
            sqlite::beginning(connection, table, text)?;
            took.push(ms(begun));
        }
        Ok(Took::of(took))
    };
    let (with, without) = (timed("search_words")?, timed("search_plain")?);
    with.line("beginnings, with their index");
    without.line("beginnings, without it");
    said("with over without, p99", with.at(99) / without.at(99), 0.02);
    Ok(())
}

/// What one size costs: searches, the list, a deep page, one finding, writes.
async fn costs(filled: &Filled, rounds: usize, last: i64) -> Result<Vec<(&'static str, f64, Took)>> {
    let deep = format!("/api/v1/findings?before=FND-{}", last / 2);
    let one = format!("/api/v1/findings/FND-{}", last / 3);
    let mut all = Vec::new();
    let mut took = Vec::new();
    for term in (0..=rounds).flat_map(|_| terms()) {
        let begun = Instant::now();
        filled.search(&term).await?;
        took.push(ms(begun));
    }
    // What was not read since it was filled comes from the disk; the first round warms both sizes.
    all.push(("search", 2.5, Took::of(took.split_off(terms().len()))));
    for (words, path) in [("list", "/api/v1/findings"), ("deep page", deep.as_str()), ("one finding", one.as_str())] {
        let mut took = Vec::new();
        filled.get(path).await?;
        for _ in 0..rounds * READS {
            let begun = Instant::now();
            filled.get(path).await?;
            took.push(ms(begun));
        }
        all.push((words, 1.5, Took::of(took)));
    }
    let mut took = Vec::new();
    for number in 0..WRITES {
        let begun = Instant::now();
        write(&filled.world.ana, number).await?;
        took.push(ms(begun));
    }
    all.push(("write", 1.5, Took::of(took)));
    Ok(all)
}

async fn write(desk: &Desk, number: usize) -> Result<()> {
    let draft = Draft {
        title: format!("written {number}"),
        severity: "low".into(),
        environment: "production".into(),
        ..Draft::default()
    };
    acts::write(desk, &draft).await?;
    Ok(())
}

/// P4: the same notebook, small and grown.
pub async fn growth(settings: &Settings) -> Result<()> {
    for engine in Engine::all() {
        let filled = Filled::with(settings, &engine, SMALL).await?;
        let small = costs(&filled, settings.rounds, SMALL).await?;
        filled.end().await?;
        let filled = Filled::with(settings, &engine, settings.findings).await?;
        let large = costs(&filled, settings.rounds, settings.findings).await?;
        filled.end().await?;
        println!("\nP4, {}: {SMALL} findings beside {}", engine.name(), settings.findings);
        for ((words, goal, small), (_, _, large)) in small.iter().zip(&large) {
            small.line(&format!("{words}, small"));
            large.line(&format!("{words}, large"));
            said(&format!("{words}, p99 large over small"), large.at(99) / small.at(99), *goal);
        }
    }
    Ok(())
}

/// On a runtime as `retrial serve` has it.
pub fn measure<'a, Doing>(settings: &'a Settings, goal: impl FnOnce(&'a Settings) -> Doing) -> Result<()>
where
    Doing: Future<Output = Result<()>> + 'a,
{
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(goal(settings))
}
