//! P8: 2,000 people watch a run on which ten lines a second are written, beside a bare server that
//! passes on what it is told and keeps nothing. The same client for both.

mod client;
mod peer;

use std::{cell::RefCell, path::Path, sync::Arc};

use notebook::{
    actor::Role,
    desk::{Desk, WallClock},
    limits::WATCHERS_OF_A_PERSON_MAX,
    people::{self, TokenDraft},
};
use server::{
    listen,
    observe::{self, LogFormat, LogLevel},
    router::router,
};

pub use client::load;
pub use peer::pass_on;

use crate::{
    Result, Settings, Side, machine,
    process::{self, Running},
    report::{self, Ratio},
    rounds::{self, Measure, Stretch},
    world::{self, World},
};

const WATCHERS: usize = 2_000;
/// One line in a hundred comes at most three times as late.
const GOAL: f64 = 3.0;
/// What a watcher takes while it listens.
const KIB_MAX: f64 = 16.0;
/// Caches, pools and the allocator are filled by the first ones, whose memory is nobody's in particular.
const FIRST: usize = 200;

pub fn measure(settings: &Settings) -> Result<()> {
    let folder = settings.scratch()?;
    let ours = Watched::start(Side::Watchers, &folder.path().join("ours"))?;
    let bare = Watched::start(Side::PassOn, folder.path())?;
    let load = RefCell::new(Running::start_on(process::LOAD_CORE, Side::WatchLoad, folder.path(), None)?);
    let on = |side: &'static str, watched: &Watched| -> Result<Stretch> {
        watched.under(&mut load.borrow_mut(), settings.seconds).map_err(|trouble| format!("{side}: {trouble}").into())
    };
    let sides: Vec<(&'static str, Measure<'_>)> = vec![
        ("lines of the trail", Box::new(|| on("lines of the trail", &ours))),
        ("bare broadcast", Box::new(|| on("bare broadcast", &bare))),
    ];
    let found = rounds::run(settings.rounds, sides)?;
    report::print(
        &format!("P8: {WATCHERS} watchers, {} lines a second; a rate counts deliveries", client::LINES_A_SECOND),
        &found,
        &[Ratio { words: "trail over broadcast", over: 0, under: 1, goal: None }],
    );
    report::slowest("delivery, trail over broadcast", (&found.sides[0], &found.sides[1]), GOAL);
    let kib = ours.kib_each();
    let met = if kib <= KIB_MAX { "met" } else { "MISSED" };
    println!(
        "  memory of one watcher {kib:.1} KiB, of the peer's {:.1} KiB; goal at most {KIB_MAX}: {met}",
        bare.kib_each()
    );
    let (holes, peer) = (ours.holes.borrow(), bare.holes.borrow());
    let met = if *holes == 0 { "met" } else { "MISSED" };
    println!("  lines that did not come, or twice, or out of order: {holes}, the peer's {peer}; goal 0: {met}");
    Ok(())
}

/// A side that can be watched.
struct Watched {
    side: Running,
    /// What the client is told: port, paths and tokens.
    said: String,
    /// Resident memory while the first ones watch and are told.
    first_kib: RefCell<Option<u64>>,
    /// The most there was in a stretch while all watch and are told.
    all_kib: RefCell<u64>,
    holes: RefCell<u64>,
}

impl Watched {
    fn start(side: Side, folder: &Path) -> Result<Self> {
        let side = Running::start(side, folder, None)?;
        let said = side.words.join(" ");
        Ok(Self { said, first_kib: RefCell::default(), all_kib: RefCell::default(), side, holes: RefCell::default() })
    }

    /// What each further watcher takes.
    fn kib_each(&self) -> f64 {
        let grown = self.all_kib.borrow().saturating_sub(self.first_kib.borrow().unwrap_or_default());
        #[expect(clippy::cast_precision_loss, reason = "kibibytes and watchers")]
        let each = grown as f64 / (WATCHERS - FIRST) as f64;
        each
    }

    fn opened(&self, load: &mut Running, count: usize) -> Result<()> {
        let opened = load.ask(&format!("open {count} {}", self.said))?;
        if opened.first().map(String::as_str) != Some("opened") {
            return Err(opened.join(" ").into());
        }
        Ok(())
    }

    /// Resident memory while the first ones watch and are told, found out once.
    fn measure_first(&self, load: &mut Running) -> Result<()> {
        if self.first_kib.borrow().is_none() {
            self.opened(load, FIRST)?;
            // Their streams end with a load.
            let (_, usual_kib) = machine::usual_resident_kib(self.side.pid, || load.ask("load 1"))?;
            *self.first_kib.borrow_mut() = Some(usual_kib);
        }
        Ok(())
    }

    fn under(&self, load: &mut Running, seconds: u64) -> Result<Stretch> {
        self.measure_first(load)?;
        self.opened(load, WATCHERS)?;
        let (busy, own) = (machine::busy_s()?, machine::process_s(self.side.pid)?);
        let loaded = machine::process_s(load.pid)?;
        let (said, usual_kib) = machine::usual_resident_kib(self.side.pid, || load.ask(&format!("load {seconds}")))?;
        self.all_kib.replace_with(|most| usual_kib.max(*most));
        let own = machine::process_s(self.side.pid)? - own;
        let loaded = machine::process_s(load.pid)? - loaded;
        let busy = machine::busy_s()? - busy;
        let number = |place: usize| -> Result<f64> { Ok(said.get(place).ok_or_else(|| said.join(" "))?.parse()?) };
        let (delivered, holes, took_s) = (number(0)?, said.get(1).ok_or("too few words")?.parse::<u64>()?, number(2)?);
        *self.holes.borrow_mut() += holes;
        #[expect(clippy::cast_precision_loss, reason = "a count of cores")]
        let cores = std::thread::available_parallelism()?.get() as f64;
        Ok(Stretch {
            per_s: delivered / took_s,
            cpu_us: own * 1_000_000.0 / delivered,
            p50_ms: number(3)?,
            p99_ms: number(4)?,
            others: (busy - own - loaded).max(0.0) / (took_s * cores),
        })
    }
}

/// The whole site with a run under way. It says where it listens, how a line is written, where lines
/// come, and by which tokens: one person has so many places only.
pub async fn serve(folder: &Path) -> Result<()> {
    observe::start(LogLevel::default(), LogFormat::Text);
    listen::open_many();
    let world = World::fill(folder, Arc::new(WallClock)).await?;
    let run = world.start("zk-1").await?;
    let mut tokens = vec![token(&world.ana, "all").await?];
    for number in 0..WATCHERS.div_ceil(WATCHERS_OF_A_PERSON_MAX) {
        let person = world::person(&world.notebook, &format!("Watcher{number}"), Role::Viewer).await?;
        tokens.push(token(&person, "read").await?);
    }
    let listener = listen::bind("127.0.0.1:0".parse()?)?;
    let port = listener.local_addr()?.port();
    let router = router(world.state(folder, listener.local_addr()?));
    let server = tokio::spawn(listen::serve_until(listener, router, axum_server::Handle::new()));
    let (write, watch) = (format!("/api/v1/runs/{run}/observe"), format!("/api/v1/runs/{run}/events"));
    process::ready(&[&port.to_string(), &write, &watch, &tokens.join(" ")])?;
    process::until_told().await?;
    server.abort();
    world.notebook.db.close().await;
    Ok(())
}

async fn token(desk: &Desk, scope: &str) -> Result<String> {
    let draft = TokenDraft { name: "bench".into(), scope: scope.into(), days: String::new() };
    Ok(people::acts::make_token(desk, &draft).await?.1)
}
