//! P11: a notebook with 100,000 observations carried in, beside bare inserts of the same rows.

mod sql;

use std::{
    fs::File,
    io::BufRead as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use notebook::{
    actor::{Actor, Via},
    carry,
    db::{Db, Place},
    desk::{Desk, Notebook, WallClock},
};

use crate::{
    Result, Settings, Side, machine,
    process::{self, Running},
    report::{self, Ratio},
    rounds::{self, Measure, Stretch},
    world::World,
};

/// Observations of finished runs, a thousand each.
const OBSERVATIONS: i64 = 100_000;
/// What carrying in may add to the process's memory, whatever the notebook's size.
const GROWTH_KIB_MAX: u64 = 64 * 1024;

pub fn measure(settings: &Settings) -> Result<()> {
    let folder = settings.scratch()?;
    let lines = Running::start(Side::Archive, folder.path(), None)?.words.first().ok_or("no archive")?.clone();
    let [bare, carried] = [Side::Inserts, Side::Carry].map(|side| Running::start(side, folder.path(), None));
    let (mut bare, mut carried) = (bare?, carried?);
    let mut grown_kib = 0;
    let sides: Vec<(&'static str, Measure<'_>)> = vec![
        ("carried in", Box::new(|| once(&mut carried, &mut grown_kib))),
        ("bare inserts, one transaction", Box::new(|| once(&mut bare, &mut 0))),
    ];
    let found = rounds::run(settings.rounds, sides)?;
    report::print(
        &format!("P11: {lines} lines carried into an empty notebook; lines a second"),
        &found,
        &[Ratio { words: "carrying in over bare inserts", over: 0, under: 1, goal: Some(0.3) }],
    );
    let verdict = if grown_kib <= GROWTH_KIB_MAX { "met" } else { "MISSED" };
    println!("  memory of the carrying side grew by {} MiB at most; goal 64: {verdict}", grown_kib / 1024);
    Ok(())
}

/// One whole turn of a side: lines, seconds, and the memory it took.
fn once(side: &mut Running, grown_kib: &mut u64) -> Result<Stretch> {
    let (busy, own) = (machine::busy_s()?, machine::process_s(side.pid)?);
    let said = side.ask("once")?;
    let (busy, own) = (machine::busy_s()? - busy, machine::process_s(side.pid)? - own);
    let number = |place: usize| -> Result<f64> { Ok(said.get(place).ok_or("too few words")?.parse()?) };
    let (lines, took_s) = (number(0)?, number(1)?);
    *grown_kib = (*grown_kib).max(said.get(2).ok_or("too few words")?.parse()?);
    #[expect(clippy::cast_precision_loss, reason = "a count of cores")]
    let cores = std::thread::available_parallelism()?.get() as f64;
    Ok(Stretch {
        per_s: lines / took_s,
        cpu_us: own * 1_000_000.0 / lines,
        p50_ms: took_s * 1_000.0,
        p99_ms: took_s * 1_000.0,
        others: (busy - own).max(0.0) / (took_s * cores),
    })
}

fn archive(folder: &Path) -> PathBuf {
    folder.join("notebook.tar")
}

fn system(notebook: &Notebook) -> Desk {
    notebook.desk(Actor::System, Via::CommandLine)
}

/// Makes the notebook that is carried, and its file.
pub async fn make(folder: &Path) -> Result<()> {
    let data = folder.join("full");
    let world = World::fill(&data, Arc::new(WallClock)).await?;
    world.start("zk-1").await?;
    sql::grow(&data.join("retrial.db"), OBSERVATIONS)?;
    let mut file = File::create(archive(folder))?;
    carry::export(&system(&world.notebook), true, &mut file, &mut |_| {}).await?;
    let lines = sql::all(&data.join("retrial.db"))?.iter().map(|table| table.rows.len()).sum::<usize>();
    process::ready(&[&lines.to_string()])
}

/// For each line of its input: carries the file into a new folder.
pub async fn carry_in(folder: &Path) -> Result<()> {
    process::ready(&[])?;
    for line in std::io::stdin().lock().lines() {
        line?;
        let place = tempfile::tempdir_in(folder)?;
        let (db, _) = Db::open(&Place::Folder(place.path().to_owned())).await?;
        let notebook = Notebook::new(db, Arc::new(WallClock));
        let (before, begun) = (machine::resident_kib(std::process::id())?.0, Instant::now());
        let archive = carry::check(File::open(archive(folder))?, &mut |_| {})?;
        let carried = carry::import(&system(&notebook), &archive, false, &mut |_| {}).await?;
        let took = begun.elapsed();
        let grown = machine::resident_kib(std::process::id())?.1.saturating_sub(before);
        notebook.db.close().await;
        say(carried.words.iter().map(|word| word.create).sum(), took, grown)?;
    }
    Ok(())
}

/// For each line of its input: writes the same rows into a new folder, as bare as can be.
pub async fn insert(folder: &Path) -> Result<()> {
    let tables = sql::all(&folder.join("full/retrial.db"))?;
    process::ready(&[])?;
    for line in std::io::stdin().lock().lines() {
        line?;
        let place = tempfile::tempdir_in(folder)?;
        let (db, _) = Db::open(&Place::Folder(place.path().to_owned())).await?;
        db.close().await;
        let took = sql::insert(&place.path().join("retrial.db"), &tables)?;
        say(tables.iter().map(|table| u64::try_from(table.rows.len()).unwrap_or_default()).sum(), took, 0)?;
    }
    Ok(())
}

fn say(lines: u64, took: Duration, grown_kib: u64) -> Result<()> {
    process::say(&format!("{lines} {} {grown_kib}", took.as_secs_f64()))
}
