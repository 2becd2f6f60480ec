//! The page of an experiment with 2,000 runs in a notebook of 50,000, what is due there and its calendar, beside
//! one with 20 in a notebook of 500: repeating experiments for years does not make looking at them slow.

mod sql;

use std::{path::Path, time::Duration};

use app::paths;
use notebook::{
    actor::{Actor, Via},
    desk::Desk,
    id::{ExperimentId, RunId},
    retrials::{
        acts::{due, overview, tell},
        claims::ClaimStanding,
        due::DueReason,
    },
    runs::{self, drafts::WordsDraft},
};

use crate::{
    Result, Settings, Side,
    filled::{self, Filled},
    pages::story,
    process,
    report::{self, Ratio},
    rounds,
    world::World,
};

/// As many at once as look at it in a meeting.
const CONNECTIONS: usize = 4;
/// The slowest of a hundred answers takes at most so many times as long.
const GOAL: f64 = 1.5;

/// The sides by pairs: few first, then many.
const COMPARED: [&str; 5] = [
    "experiment page, many over few",
    "experiment page while written to",
    "two runs compared, many over few",
    "what is due, many over few",
    "a month, many over few",
];
/// Before the story of the notebook, and full of runs on either side.
const MONTH: &str = "2026-10-01";

const FEW: Filling = Filling { own: 20, all: 500, is_written_to: false };
const MANY: Filling = Filling { own: 2_000, all: 50_000, is_written_to: false };
/// Often enough that one answer in a hundred is the first after a line.
const BETWEEN_LINES: Duration = Duration::from_millis(100);

/// Runs of the experiment, and of the whole notebook.
#[derive(Debug, Clone, Copy)]
struct Filling {
    own: u32,
    all: u32,
    /// Whether lines about the experiment's runs are added all the time.
    is_written_to: bool,
}

impl Filling {
    const fn written_to(self) -> Self {
        Self { is_written_to: true, ..self }
    }

    fn words(self) -> String {
        format!("{} {} {}", self.own, self.all, u32::from(self.is_written_to))
    }

    fn read(line: &str) -> Result<Self> {
        let numbers = line.split_whitespace().map(str::parse).collect::<std::result::Result<Vec<u32>, _>>()?;
        let [own, all, written] = numbers[..] else { return Err("three numbers say what to fill".into()) };
        Ok(Self { own, all, is_written_to: written == 1 })
    }
}

pub fn measure(settings: &Settings) -> Result<()> {
    let folder = settings.scratch()?;
    let few = Filled::start(Side::Lineage, &folder.path().join("few"), &FEW.words())?;
    let many = Filled::start(Side::Lineage, &folder.path().join("many"), &MANY.words())?;
    let [few_written, many_written] = [FEW.written_to(), MANY.written_to()];
    let few_written = Filled::start(Side::Lineage, &folder.path().join("few-written"), &few_written.words())?;
    let many_written = Filled::start(Side::Lineage, &folder.path().join("many-written"), &many_written.words())?;
    let page = paths::experiment(ExperimentId::of(1));
    let compared = paths::compared_runs(&[RunId::of(1), RunId::of(2)], false);
    let month = paths::calendar_view("month", MONTH, "");
    let sides = vec![
        ("experiment page, 20 of 500 runs", few.under(settings, CONNECTIONS, &page)),
        ("experiment page, 2,000 of 50,000", many.under(settings, CONNECTIONS, &page)),
        ("the same, written to, 20 of 500", few_written.under(settings, CONNECTIONS, &page)),
        ("the same, written to, 2,000", many_written.under(settings, CONNECTIONS, &page)),
        ("two runs compared, of 500", few.under(settings, CONNECTIONS, &compared)),
        ("two runs compared, of 50,000", many.under(settings, CONNECTIONS, &compared)),
        ("what is due, of 500 runs", few.under(settings, CONNECTIONS, &paths::due())),
        ("what is due, of 50,000", many.under(settings, CONNECTIONS, &paths::due())),
        ("a month of 500 runs", few.under(settings, CONNECTIONS, &month)),
        ("a month of 50,000", many.under(settings, CONNECTIONS, &month)),
    ];
    let found = rounds::run(settings.rounds, sides)?;
    let ratios: Vec<Ratio> = COMPARED
        .into_iter()
        .enumerate()
        .map(|(pair, words)| Ratio { words, over: 2 * pair + 1, under: 2 * pair, goal: None })
        .collect();
    report::print("lineage: experiments that were run for years", &found, &ratios);
    for ratio in &ratios {
        report::slowest(ratio.words, (&found.sides[ratio.over], &found.sides[ratio.under]), GOAL);
    }
    Ok(())
}

/// The whole site over a notebook that its input says how to fill.
pub async fn serve(folder: &Path) -> Result<()> {
    let filling = Filling::read(&filled::told()?)?;
    let world = fill(folder, filling).await?;
    let serving = filled::serve(&world, folder).await?;
    let writing = filling.is_written_to.then(|| tokio::spawn(write_on(world.ben.clone())));
    process::until_told().await?;
    if let Some(writing) = writing.filter(tokio::task::JoinHandle::is_finished) {
        writing.await??;
    }
    serving.abort();
    Ok(())
}

/// A line about one of twenty runs of the experiment, then about the next one, until the process ends.
async fn write_on(desk: Desk) -> Result<()> {
    for run in (1..=i64::from(FEW.own)).cycle() {
        let words = WordsDraft { text: "What a log of that day says, too.".into(), at: String::new() };
        runs::acts::amend(&desk, RunId::of(run), &words).await?;
        tokio::time::sleep(BETWEEN_LINES).await;
    }
    Ok(())
}

/// A claim that is not current would be another page, so it ends the bench.
async fn fill(folder: &Path, filling: Filling) -> Result<World> {
    let clock = story::clock();
    let world = World::fill(folder, clock.clone()).await?;
    story::tell(&world, &clock).await?;
    sql::grow(&folder.join("retrial.db"), filling)?;
    let claim = overview(&world.ana, ExperimentId::of(1)).await?.claim.ok_or("nothing is claimed")?;
    if claim.answer.is != ClaimStanding::Current {
        return Err(format!("the claim should be current: {:?}", claim.answer).into());
    }
    // As the clock of a server does every minute: it keeps who owes something.
    let told = tell(&world.notebook.desk(Actor::System, Via::System)).await?;
    if let Some((experiment, error)) = told.troubles.into_iter().next() {
        return Err(format!("{experiment}: {error}").into());
    }
    let stale = due(&world.ana, Some(DueReason::Stale)).await?.due.len();
    if u32::try_from(stale).ok() != Some(sql::OTHERS) {
        return Err(format!("{stale} experiments are stale instead of {}", sql::OTHERS).into());
    }
    Ok(world)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_goes_to_the_side_as_a_line() {
        let read = Filling::read(&MANY.words()).unwrap();
        assert_eq!((read.own, read.all, read.is_written_to), (2_000, 50_000, false));
        assert!(Filling::read(&MANY.written_to().words()).unwrap().is_written_to);
        assert!(Filling::read("20").is_err());
    }

    #[tokio::test]
    async fn every_copied_run_counts() {
        let folder = tempfile::tempdir().unwrap();
        let world = fill(folder.path(), Filling { own: 12, all: 40, is_written_to: false }).await.unwrap();
        let shown = overview(&world.ana, ExperimentId::of(1)).await.unwrap();
        let confidence = shown.claim.unwrap().confidence;
        // The first run refuted, before the fix.
        assert_eq!((shown.runs_all, confidence.runs(), confidence.before), (12, 11, 1));
        world.notebook.db.close().await;
    }
}
