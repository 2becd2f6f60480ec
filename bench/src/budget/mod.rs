//! The page of one SLO, the gate and the list in a notebook with 200 measured SLOs beside one with two:
//! what others measure is paid by nobody who does not ask about it.

mod sql;

use std::{path::Path, sync::Arc};

use crate::{
    Result, Settings, Side,
    filled::{self, Filled},
    process,
    report::{self, Ratio},
    rounds,
    world::World,
};
use app::paths;
use notebook::{
    actor::{Actor, Via},
    desk::SetClock,
    id::SloId,
    services::{self, ServiceDraft},
    slos::{
        acts,
        drafts::{ApproveDraft, Draft},
        health::Health,
    },
    time::Moment,
};

/// Few at once: an answer reads tens of thousands of rows.
const CONNECTIONS: usize = 4;
const FEW: u32 = 2;
const MANY: u32 = 200;
/// The answers of many SLOs take at most 1.5 times as long.
const GOAL: f64 = 0.67;

/// Monday, 2 November 2026, 10:00 UTC. The clock stands still, so that no measurement grows old.
const NOW: i64 = 1_793_613_600_000_000;
const DAY_MINUTES: u32 = 1_440;
const MINUTE_US: i64 = 60_000_000;
/// A measurement with its two indexes takes 105 bytes on SQLite.
const MEASUREMENT_BYTES: u64 = 110;
/// A line of the history with its index.
const LINE_BYTES: u64 = 250;

/// What a side is filled with.
#[derive(Debug, Clone, Copy)]
struct Filling {
    slos: u32,
    days: u32,
    window_days: u32,
}

impl Filling {
    fn words(self) -> String {
        format!("{} {} {}", self.slos, self.days, self.window_days)
    }

    fn read(line: &str) -> Result<Self> {
        let numbers = line.split_whitespace().map(str::parse).collect::<std::result::Result<Vec<u32>, _>>()?;
        let [slos, days, window_days] = numbers[..] else { return Err("three numbers say what to fill".into()) };
        Ok(Self { slos, days, window_days })
    }

    const fn minutes(self) -> u32 {
        self.days * DAY_MINUTES
    }

    fn begins_us(self) -> i64 {
        NOW - i64::from(self.minutes()) * MINUTE_US
    }

    /// One SLO has its history, too.
    fn bytes(self) -> u64 {
        u64::from(self.minutes()) * (u64::from(self.slos) * MEASUREMENT_BYTES + LINE_BYTES)
    }
}

pub fn measure(settings: &Settings) -> Result<()> {
    let folder = settings.scratch()?;
    let filling = |slos| Filling { slos, days: settings.days, window_days: settings.window_days };
    look_for_room(folder.path(), filling(FEW).bytes() + filling(MANY).bytes())?;
    let few = Filled::start(Side::Budget, &folder.path().join("few"), &filling(FEW).words())?;
    let many = Filled::start(Side::Budget, &folder.path().join("many"), &filling(MANY).words())?;
    let (page, list) = (paths::slo(SloId::of(1)), paths::slos());
    let gate = "/api/v1/gate?service=service-1&environment=production";
    let sides = vec![
        ("SLO page, 2 SLOs", few.under(settings, CONNECTIONS, &page)),
        ("SLO page, 200 SLOs", many.under(settings, CONNECTIONS, &page)),
        ("gate, 2 SLOs", few.under(settings, CONNECTIONS, gate)),
        ("gate, 200 SLOs", many.under(settings, CONNECTIONS, gate)),
        ("SLO list, 2 SLOs", few.under(settings, CONNECTIONS, &list)),
        ("SLO list, 200 SLOs", many.under(settings, CONNECTIONS, &list)),
    ];
    let found = rounds::run(settings.rounds, sides)?;
    let Settings { days, window_days, .. } = settings;
    report::print(
        &format!("budget: SLOs measured by the minute for {days} days, windows of {window_days} days"),
        &found,
        &[
            Ratio { words: "SLO page, 200 over 2", over: 1, under: 0, goal: Some(GOAL) },
            Ratio { words: "gate, 200 over 2", over: 3, under: 2, goal: Some(GOAL) },
            // A page of the list holds more of 200 than of two.
            Ratio { words: "SLO list, 200 over 2", over: 5, under: 4, goal: None },
        ],
    );
    Ok(())
}

/// Refuses before anything is written.
fn look_for_room(folder: &Path, needed: u64) -> Result<()> {
    let about = rustix::fs::statvfs(folder)?;
    let free = about.f_bavail.saturating_mul(about.f_frsize);
    let says = format!("the notebooks take about {} MiB, and {} MiB are free", needed >> 20, free >> 20);
    if free < needed {
        return Err(format!("{says} in {}; give fewer --days, or another --folder", folder.display()).into());
    }
    println!("{says}");
    Ok(())
}

/// The whole site over a notebook that its input says how to fill.
pub async fn serve(folder: &Path) -> Result<()> {
    let world = fill(folder, Filling::read(&filled::told()?)?).await?;
    let serving = filled::serve(&world, folder).await?;
    process::until_told().await?;
    serving.abort();
    Ok(())
}

/// Each SLO is of a service of its own. Unknown health would be another page, so it ends the bench.
async fn fill(folder: &Path, filling: Filling) -> Result<World> {
    let world = World::fill(folder, Arc::new(SetClock::at(Moment::from_micros(NOW)))).await?;
    let bulk = sql::Bulk::open(&folder.join("retrial.db"), i64::from(filling.minutes()), filling.begins_us())?;
    for number in 1..=filling.slos {
        let slo = promise(&world, filling, number).await?;
        bulk.measure(slo.number())?;
    }
    bulk.tell(1)?;
    bulk.settle()?;
    // As a server has left it that ran all the while.
    let system = world.notebook.desk(Actor::System, Via::CommandLine);
    while acts::pack(&system, SloId::of(1)).await? {}
    let health = acts::show(&world.ana, SloId::of(1)).await?.standing.health;
    if health.is != Health::Healthy {
        return Err(format!("the first SLO should be healthy: {health:?}").into());
    }
    Ok(world)
}

async fn promise(world: &World, filling: Filling, number: u32) -> Result<SloId> {
    let system = world.notebook.desk(Actor::System, Via::CommandLine);
    let service = format!("service-{number}");
    services::acts::add(&system, &ServiceDraft { name: service.clone(), ..ServiceDraft::default() }).await?;
    let draft = Draft {
        title: format!("Requests to {service} are answered"),
        service,
        environment: "production".into(),
        promise: "Your request is answered.".into(),
        measure: "requests".into(),
        target: "99 %".into(),
        window: "rolling".into(),
        days: filling.window_days.to_string(),
        method: "occurrences".into(),
        too_broken: "90 %".into(),
        source: "push".into(),
        begins: Moment::from_micros(filling.begins_us()).rfc3339(),
        ..Draft::default()
    };
    let slo = acts::write(&system, &draft).await?;
    acts::approve(&system, slo.id, &ApproveDraft { version: slo.version.to_string() }).await?;
    Ok(slo.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_goes_to_the_side_as_a_line() {
        let filling = Filling { slos: 200, days: 365, window_days: 28 };
        let read = Filling::read(&filling.words()).unwrap();
        assert_eq!((read.slos, read.days, read.window_days), (200, 365, 28));
        assert!(Filling::read("200 365").is_err());
        assert_eq!(filling.bytes() >> 30, 10, "a year of 200 SLOs needs room");
    }

    #[test]
    fn a_disk_without_room_is_refused_before_anything_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let says = look_for_room(folder.path(), u64::MAX).unwrap_err().to_string();
        assert!(says.contains("fewer --days"), "{says}");
    }

    #[tokio::test]
    async fn a_filled_notebook_knows_every_minute_of_its_window() {
        let folder = tempfile::tempdir().unwrap();
        let world = fill(folder.path(), Filling { slos: 2, days: 1, window_days: 1 }).await.unwrap();
        let shown = acts::show(&world.ana, SloId::of(2)).await.unwrap();
        let counts = shown.standing.counted.counts;
        assert_eq!((counts.good + counts.bad, counts.bad), (1_440_000, 144));
        world.notebook.db.close().await;
    }
}
