//! Writing the index of a large notebook anew, as a command beside a server does, while people write.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use notebook::{desk::Desk, search::anew::reindex};

use super::{
    Took,
    filled::{Engine, Filled},
    ms, said, write,
};
use crate::{Result, Settings};

/// Between two writes of a busy team.
const PAUSE: Duration = Duration::from_millis(20);
/// Nobody waits longer.
const GOAL_MS: f64 = 1_000.0;

pub async fn measure(settings: &Settings) -> Result<()> {
    for engine in Engine::all() {
        let filled = Filled::with(settings, &engine, settings.findings).await?;
        println!("\nreindex, {}: the index of {} findings is written anew", engine.name(), settings.findings);
        let beside = filled.beside().await?;
        let over = Arc::new(AtomicBool::new(false));
        let writing = tokio::spawn(write_on(filled.world.ana.clone(), over.clone()));
        let (mut turns, mut longest, mut before) = (0_u32, 0.0_f64, Instant::now());
        let begun = Instant::now();
        let count = reindex(&beside, &mut |_, _| {
            turns += 1;
            longest = longest.max(ms(before));
            before = Instant::now();
        })
        .await?;
        let seconds = begun.elapsed().as_secs_f64();
        over.store(true, Ordering::Relaxed);
        let writes = Took::of(writing.await??);
        beside.notebook.db.close().await;
        println!(
            "  {count} things in {seconds:.0} s, told {turns} times, at least every {longest:.0} ms until the last look"
        );
        writes.line("a write meanwhile");
        said("the slowest write, ms", writes.at(100), GOAL_MS);
        filled.end().await?;
    }
    Ok(())
}

async fn write_on(desk: Desk, over: Arc<AtomicBool>) -> Result<Vec<f64>> {
    let mut took = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        write(&desk, took.len()).await?;
        took.push(ms(begun));
        tokio::time::sleep(PAUSE).await;
    }
    Ok(took)
}
