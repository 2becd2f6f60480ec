//! P7: observations that are acknowledged once they are on disk, beside a loop that commits each row.

mod sql;

use std::{
    io::BufRead as _,
    path::Path,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use notebook::{
    desk::WallClock,
    people::{self, TokenDraft},
};
use server::{
    observe::{self, LogFormat, LogLevel},
    router::router,
};

use crate::{
    Result, Settings, Side, disk,
    process::{self, Running},
    report::{self, Ratio},
    rounds::{self, Measure, Spread, Stretch, percentile},
    world::World,
    wrk::Load,
};

const CLIENTS: usize = 32;
const RUNS: usize = 32;
/// As long as what the clients send.
const TEXT: &str = "Test alert 123456 from the synthetic sender arrived after 4 s.";

pub fn measure(settings: &Settings) -> Result<()> {
    let folder = settings.scratch()?;
    let script = folder.path().join("load.lua");
    std::fs::write(&script, include_str!("load.lua"))?;
    let syncs = disk::heard(&Running::start(Side::Syncs, folder.path(), settings.slow_sync_ms)?.words)?;
    let server = Running::start(Side::Observations, &folder.path().join("server"), settings.slow_sync_ms)?;
    let raw =
        std::cell::RefCell::new(Running::start(Side::Commits, &folder.path().join("raw"), settings.slow_sync_ms)?);
    let [port, token, runs @ ..] = &server.words[..] else {
        return Err("the server of observations said something else".into());
    };
    let clients = |connections: usize| -> Measure<'_> {
        let (server, script, mut stretch) = (&server, &script, 0);
        Box::new(move || {
            stretch += 1;
            let mut words = vec![format!("{}-{connections}-{stretch}", std::process::id())];
            words.extend(runs.iter().cloned());
            let load = Load {
                url: format!("http://127.0.0.1:{port}"),
                connections,
                seconds: settings.seconds,
                headers: vec![format!("Authorization: Bearer {token}")],
                script: Some((script, words)),
            };
            load.on(server)
        })
    };
    let commits: Measure<'_> = Box::new(|| commits(&mut raw.borrow_mut(), settings.seconds));
    let sides = vec![("one commit a row", commits), ("32 clients", clients(CLIENTS)), ("1 client", clients(1))];
    let found = rounds::run(settings.rounds, sides)?;
    let slowed = settings.slow_sync_ms.map(|ms| format!(", each sync held up by {ms} ms")).unwrap_or_default();
    report::print(
        &format!("P7: observations acknowledged after their sync, 32 runs{slowed}; fdatasync {syncs}"),
        &found,
        &[
            Ratio { words: "32 clients over one commit a row", over: 1, under: 0, goal: Some(5.0) },
            Ratio { words: "1 client over one commit a row", over: 2, under: 0, goal: Some(0.6) },
        ],
    );
    let p99 = Spread::of(found.sides[1].stretches.iter().map(|stretch| stretch.p99_ms)).median;
    let most = 3.0 * syncs.p99_ms + 5.0;
    let verdict = if p99 <= most { "met" } else { "MISSED" };
    println!("  32 clients, p99 {p99:.1} ms; goal three times that of a sync and 5 ms, {most:.1} ms: {verdict}");
    Ok(())
}

/// One stretch of the raw side, which counts for itself.
fn commits(raw: &mut Running, seconds: u64) -> Result<Stretch> {
    let busy = crate::machine::busy_s()?;
    let own = crate::machine::process_s(raw.pid)?;
    let said = raw.ask(&seconds.to_string())?;
    let own = crate::machine::process_s(raw.pid)? - own;
    let busy = crate::machine::busy_s()? - busy;
    let number = |place: usize| -> Result<f64> { Ok(said.get(place).ok_or("too few words")?.parse()?) };
    let (rows, took_s) = (number(0)?, number(1)?);
    #[expect(clippy::cast_precision_loss, reason = "a count of cores")]
    let cores = std::thread::available_parallelism()?.get() as f64;
    Ok(Stretch {
        per_s: rows / took_s,
        cpu_us: own * 1_000_000.0 / rows,
        p50_ms: number(2)?,
        p99_ms: number(3)?,
        others: (busy - own).max(0.0) / (took_s * cores),
    })
}

/// The whole site, with runs under way and a token that may observe them.
pub async fn serve(folder: &Path) -> Result<()> {
    observe::start(LogLevel::default(), LogFormat::Text);
    let world = World::fill(folder, Arc::new(WallClock)).await?;
    let mut words = Vec::new();
    for number in 0..RUNS {
        words.push(world.start_apart(number).await?.to_string());
    }
    let draft = TokenDraft { name: "bench".into(), scope: "all".into(), days: String::new() };
    let (_, token) = people::acts::make_token(&world.ana, &draft).await?;
    let listener = server::listen::bind("127.0.0.1:0".parse()?)?;
    let port = listener.local_addr()?.port().to_string();
    let router = router(world.state(folder, listener.local_addr()?));
    let server = tokio::spawn(server::listen::serve_until(listener, router, axum_server::Handle::new()));
    let mut said = vec![port.as_str(), token.as_str()];
    said.extend(words.iter().map(String::as_str));
    process::ready(&said)?;
    process::until_told().await?;
    server.abort();
    world.notebook.db.close().await;
    Ok(())
}

/// For each line of its input, which names seconds: rows, seconds, and how long one took (p50, p99; ms).
pub async fn commit(folder: &Path) -> Result<()> {
    // The same tables, indexes and people as the other side's.
    let world = World::fill(folder, Arc::new(WallClock)).await?;
    let run = world.start("zk-1").await?.to_string();
    world.notebook.db.close().await;
    let mut raw = sql::Raw::open(&folder.join("retrial.db"))?;
    process::ready(&[])?;
    for line in std::io::stdin().lock().lines() {
        let lasts = Duration::from_secs(line?.trim().parse()?);
        let (begun, mut took_ms) = (Instant::now(), Vec::new());
        while begun.elapsed() < lasts {
            let one = Instant::now();
            raw.add(now_us()?, &run, TEXT)?;
            took_ms.push(one.elapsed().as_secs_f64() * 1_000.0);
        }
        let took_s = begun.elapsed().as_secs_f64();
        let (p50, p99) = (percentile(&mut took_ms, 50), percentile(&mut took_ms, 99));
        process::say(&format!("{} {took_s} {p50} {p99}", took_ms.len()))?;
    }
    Ok(())
}

fn now_us() -> Result<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_micros())?)
}
