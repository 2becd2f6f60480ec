//! Pages while as many sources of measurements hang as are asked at once, beside the same pages while
//! nobody asks: whoever hangs is waited for by nobody who reads.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
};

use app::paths;
use notebook::{
    actor::{Actor, Via},
    desk::SetClock,
    id::SloId,
    limits::PULL_WAIT_MINUTES_MAX,
    services::{self, ServiceDraft},
    slos::{acts, drafts::Draft, source::SourceDraft},
    time::Moment,
};
use server::{
    outgoing::{Outgoing, Rules},
    pulling::{AT_ONCE, Puller},
};
use tokio::net::TcpListener;

use crate::{
    Result, Settings, Side,
    filled::{self, Filled},
    process,
    report::{self, Ratio},
    rounds,
    world::World,
};

/// As many at once as a busy team has.
const CONNECTIONS: usize = 32;
/// The slowest of a hundred answers takes at most 1.2 times as long.
const GOAL: f64 = 1.2;
/// Monday, 2 November 2026, 10:00 UTC.
const NOW: i64 = 1_793_613_600_000_000;
/// What the side is told where sources are asked.
const ASK: &str = "ask";

pub fn measure(settings: &Settings) -> Result<()> {
    let folder = settings.scratch()?;
    let quiet = Filled::start(Side::Sources, &folder.path().join("quiet"), "rest")?;
    let hanging = Filled::start(Side::Sources, &folder.path().join("hanging"), ASK)?;
    let (slo, front) = (paths::slo(SloId::of(1)), "/");
    let sides = vec![
        ("SLO page, nobody asked", quiet.under(settings, CONNECTIONS, &slo)),
        ("SLO page, sources hang", hanging.under(settings, CONNECTIONS, &slo)),
        ("front page, nobody asked", quiet.under(settings, CONNECTIONS, front)),
        ("front page, sources hang", hanging.under(settings, CONNECTIONS, front)),
    ];
    let found = rounds::run(settings.rounds, sides)?;
    report::print(
        &format!("sources: pages while {AT_ONCE} sources hang"),
        &found,
        &[
            Ratio { words: "SLO page, hanging over quiet", over: 1, under: 0, goal: None },
            Ratio { words: "front page, hanging over quiet", over: 3, under: 2, goal: None },
        ],
    );
    report::slowest("SLO page, hanging over quiet", (&found.sides[1], &found.sides[0]), GOAL);
    report::slowest("front page, hanging over quiet", (&found.sides[3], &found.sides[2]), GOAL);
    Ok(())
}

/// The whole site over a notebook with sources that its input says whether to ask.
pub async fn serve(folder: &Path) -> Result<()> {
    let told = filled::told()?;
    let clock = Arc::new(SetClock::at(Moment::from_micros(NOW)));
    let hangs = hang().await?;
    let world = fill(folder, clock.clone(), hangs).await?;
    let asking = (told == ASK).then(|| tokio::spawn(ask(puller(&world, hangs), clock)));
    let serving = filled::serve(&world, folder).await?;
    process::until_told().await?;
    if let Some(asking) = asking {
        asking.abort();
    }
    serving.abort();
    Ok(())
}

/// Takes connections and never says anything.
async fn hang() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    Ok(address)
}

fn puller(world: &World, hangs: SocketAddr) -> Puller {
    let rules = Rules { networks: vec![IpAddr::V4(Ipv4Addr::LOCALHOST).into()], ports: vec![hangs.port()] };
    Puller::new(world.notebook.clone(), Outgoing::new(rules, None))
}

/// Asks all of them again as soon as they were given up. The clock passes over the waits in between.
async fn ask(puller: Puller, clock: Arc<SetClock>) {
    loop {
        clock.pass_ms((PULL_WAIT_MINUTES_MAX + PULL_WAIT_MINUTES_MAX / 2) * 60_000);
        puller.round().await;
    }
}

async fn fill(folder: &Path, clock: Arc<SetClock>, hangs: SocketAddr) -> Result<World> {
    let world = World::fill(folder, clock.clone()).await?;
    for number in 1..=AT_ONCE {
        connect(&world, &format!("service-{number}"), hangs).await?;
    }
    clock.pass_ms(600_000);
    Ok(world)
}

async fn connect(world: &World, service: &str, hangs: SocketAddr) -> Result<()> {
    let system = world.notebook.desk(Actor::System, Via::CommandLine);
    services::acts::add(&system, &ServiceDraft { name: service.into(), ..ServiceDraft::default() }).await?;
    let draft = Draft {
        title: format!("Requests to {service} are answered"),
        service: service.into(),
        environment: "production".into(),
        promise: "Your request is answered.".into(),
        measure: "requests".into(),
        target: "99 %".into(),
        window: "rolling".into(),
        days: "28".into(),
        method: "occurrences".into(),
        too_broken: "90 %".into(),
        source: "prometheus".into(),
        ..Draft::default()
    };
    let slo = acts::write(&system, &draft).await?;
    let source = SourceDraft {
        address: format!("http://{hangs}"),
        counts: "bad".into(),
        part: "http_requests_total{code=~\"5..\"}".into(),
        total: "http_requests_total".into(),
        on: "on".into(),
        ..SourceDraft::default()
    };
    acts::write_source(&system, slo.id, &source).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_of_them_are_asked_and_hang() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SetClock::at(Moment::from_micros(NOW)));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let hangs = listener.local_addr().unwrap();
        let world = fill(folder.path(), clock, hangs).await.unwrap();
        let puller = puller(&world, hangs);
        let asking = tokio::spawn(async move { puller.round().await });
        for _ in 0..AT_ONCE {
            listener.accept().await.unwrap();
        }
        asking.abort();
        world.notebook.db.close().await;
    }
}
