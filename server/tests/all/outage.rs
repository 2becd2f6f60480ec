//! A service that is really killed: `retrial exec` does it, a real Prometheus sees it, the run aborts by itself,
//! somebody starts the service again, and both times on the page are the true ones. On every engine there is.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, ExitStatus, Stdio},
    time::Duration,
};

use axum::http::StatusCode;
use notebook::{
    experiments::{
        Draft,
        draft::{ConditionRow, ProbeRow, SignalRow},
        plan::{Outcome, Phase},
    },
    id::RunId,
    people::{self, TokenDraft},
    runs::{
        acts::{self, Shown},
        drafts::AtDraft,
        facts::{AbortReason, Execution, SignalSeen},
        telemetry::detection_delay_ms,
    },
    time::{Moment, extent_words},
};
use tokio::{
    net::TcpListener,
    task::JoinSet,
    time::{interval, timeout},
};

use crate::{
    alerts::{HERE, alert, deliver, message},
    plan::{check, restart_one_zookeeper},
    process::Program,
    prometheus::Prometheus,
    ready::make_ready,
    sampling::{Lab, proposal, sampler},
    tool::{machine_time, offered},
    world::World,
};

/// Longer than anything here takes on a slow machine; a test that hangs says so.
const PATIENCE: Duration = Duration::from_mins(3);
/// How far from the truth the page may be.
const OFF_MS_MAX: i64 = 1_000;
/// A query is due a second after it was asked, which is looked for twice a second: readings lie a second and a half
/// apart. A slow machine may add two of these looks.
const UNSURE_MS_MAX: i64 = 2_500;
/// How soon an abort must have ended a command.
const STOPPED_MS_MAX: i64 = 2_000;

/// All instances are up; the run aborts when one is not.
fn plan(prometheus: &Prometheus) -> Draft {
    let query = "1 - up{job=\"shop\"}";
    Draft {
        checks: vec![
            check("instances-down", "before", "last", "<=", "0", ""),
            check("instances-down", "during", "max", "<=", "0", ""),
            check("instances-down", "after", "last", "<=", "0", ""),
        ],
        prometheus: format!("http://localhost:{}", prometheus.port),
        probe_every: "1 s".into(),
        probes: vec![ProbeRow { measure: "instances-down".into(), query: query.into(), unit: String::new() }],
        abort_probes: vec![ConditionRow {
            condition: "an instance is down".into(),
            query: query.into(),
            comparator: ">".into(),
            threshold: "0".into(),
            aborts: "on".into(),
            ..ConditionRow::default()
        }],
        signals: vec![SignalRow {
            signal: "zookeeper-down".into(),
            expect: "fire".into(),
            time: "2 min".into(),
            alert: "ZooKeeperDown, service=zookeeper".into(),
        }],
        ..restart_one_zookeeper()
    }
}

/// A notebook that listens, whose clock goes as the machine's does, and which measures by itself.
struct Listening {
    lab: Lab,
    url: String,
    /// They end with it.
    _tasks: JoinSet<()>,
}

impl Listening {
    async fn start(world: World, prometheus: &Prometheus) -> Self {
        let mut tasks: JoinSet<()> = JoinSet::new();
        let clock = world.clock.clone();
        clock.set(machine_time());
        tasks.spawn(async move {
            let mut ticks = interval(Duration::from_millis(5));
            loop {
                ticks.tick().await;
                clock.set(machine_time());
            }
        });
        let lab = Lab::open(world).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = lab.world.router.clone();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        tasks.spawn(sampler(&lab.world, prometheus.port).run());
        Self { lab, url, _tasks: tasks }
    }

    async fn token(&self, scope: &str) -> String {
        let draft = TokenDraft { name: scope.into(), scope: scope.into(), days: String::new() };
        people::acts::make_token(&self.lab.ana, &draft).await.unwrap().1
    }

    async fn until(&self, run: RunId, what: &str, is_so: impl Fn(&Shown) -> bool) -> Shown {
        until(what, async || Some(self.lab.shown(run).await).filter(&is_so)).await
    }

    async fn until_proposed(&self, run: RunId, phase: Phase, outcome: Outcome) {
        let what = format!("{phase:?}: {outcome:?}");
        let is_so = |shown: &Shown| proposal(shown, phase).is_some_and(|proposed| proposed.outcome == outcome);
        self.until(run, &what, is_so).await;
    }
}

/// Looks again and again until there is something to see.
async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let mut ticks = interval(Duration::from_millis(50));
    let waiting = async {
        loop {
            ticks.tick().await;
            if let Some(seen) = look().await {
                return seen;
            }
        }
    };
    timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("it is not so in time: {what}"))
}

/// `retrial exec` around a script that kills a process and goes on until somebody stops it.
struct Fault {
    home: tempfile::TempDir,
    exec: Child,
}

impl Fault {
    fn start(listening: &Listening, token: String, run: RunId, victim: u32) -> Self {
        let home = tempfile::tempdir().unwrap();
        let script = format!("kill -9 {victim} && date +%s%N >killed && exec sleep 600");
        let told = File::create(home.path().join("told")).unwrap();
        let program = Program { url: listening.url.clone(), token, home: home.path().to_owned() };
        let mut command = program.command();
        command.args(["exec", "EXP-1", "--env", "production", "--run", &run.to_string(), "--target", "zk-1"]);
        command.args(["--grace", "300ms", "--", "/bin/sh", "-c", &script]);
        let exec = command.stdout(Stdio::null()).stderr(told).spawn().unwrap();
        Self { home, exec }
    }

    /// When the process was killed, by the script's own word.
    fn killed(&mut self) -> Option<Moment> {
        if let Some(ended) = self.ended() {
            panic!("{ended}: {}", std::fs::read_to_string(self.home.path().join("told")).unwrap());
        }
        let word = std::fs::read_to_string(self.home.path().join("killed")).ok()?;
        let nanos: i64 = word.strip_suffix('\n')?.parse().ok()?;
        Some(Moment::from_micros(nanos / 1_000))
    }

    fn ended(&mut self) -> Option<ExitStatus> {
        self.exec.try_wait().unwrap()
    }
}

impl Drop for Fault {
    fn drop(&mut self) {
        drop(self.exec.kill());
        drop(self.exec.wait());
    }
}

/// Whether a service answers.
fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let asked = write!(stream, "GET /metrics HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");
    let mut said = String::new();
    asked.is_ok() && stream.read_to_string(&mut said).is_ok() && said.starts_with("HTTP/1.1 200")
}

#[track_caller]
fn expect_true(told: (i64, i64), truth: i64, what: &str) {
    expect_between(told, (truth, truth), what);
}

/// The same of a truth that lies between two that are known.
#[track_caller]
fn expect_between((least, most): (i64, i64), (earliest, latest): (i64, i64), what: &str) {
    let says = format!("{what}: {earliest} to {latest} ms, told as {least} to {most} ms");
    assert!(least - OFF_MS_MAX <= latest && earliest <= most + OFF_MS_MAX, "{says}");
    assert!(most - least <= UNSURE_MS_MAX, "{says}");
}

/// The service is a Prometheus of its own; another one watches it.
async fn outage(world: World, program: &Path) {
    let mut shop = Prometheus::of(program.to_owned(), "127.0.0.1:9");
    let prometheus = Prometheus::scraping(program.to_owned(), &format!("127.0.0.1:{}", shop.port), "500ms");
    let listening = Listening::start(world, &prometheus).await;
    let lab = &listening.lab;
    let run = lab.planned(&plan(&prometheus)).await;
    listening.until_proposed(run, Phase::Before, Outcome::Held).await;
    lab.take(run, Phase::Before).await;
    make_ready(&lab.ana, &lab.ben, run).await.unwrap();

    let mut fault = Fault::start(&listening, listening.token("all").await, run, shop.id());
    // Neither of these knows the notebook, nor the Prometheus that it asks.
    let (killed, gone) = tokio::join!(
        until("the service is killed", async || fault.killed()),
        until("the service is gone", async || (!answers(shop.port)).then(machine_time)),
    );
    let is_reverting = |shown: &Shown| shown.facts.execution == Execution::Reverting;
    let aborted = listening.until(run, "an abort", is_reverting).await;
    let seen = machine_time();
    assert_eq!(aborted.facts.abort, Some(AbortReason::OwnEffect));
    let detected = detection_delay_ms(&aborted.facts).unwrap();
    expect_true(detected, gone.ms_since(killed), "detected");
    expect_true(detected, seen.ms_since(killed), "detected, and aborted");
    let ended = until("the command is stopped", async || fault.ended()).await;
    let stopped = machine_time();
    assert!(stopped.ms_since(seen) <= STOPPED_MS_MAX, "{} ms", stopped.ms_since(seen));
    let reverting = aborted.facts.fault_ended.unwrap();
    let says = format!("{gone:?}, {reverting:?}, {stopped:?}");
    assert!(gone.ms_since(reverting) <= OFF_MS_MAX && reverting <= stopped, "nobody reverts what is not there: {says}");
    assert_eq!(ended.code(), Some(143), "the command goes on until it is told to stop");

    let told = message(&[alert("ZooKeeperDown", seen, None)]);
    let told = deliver(&lab.world, &listening.token("ingest").await, HERE, told).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text());
    listening.until_proposed(run, Phase::After, Outcome::Failed).await;
    shop.kill();
    shop.start();
    let well = until("the service answers", async || answers(shop.port).then(machine_time)).await;
    let back = listening.until(run, "the steady state", |shown| shown.facts.recovered.is_some()).await;
    // The revert began once the service was gone, and before the command had heard of it.
    let truth = (well.ms_since(stopped), well.ms_since(gone));
    expect_between(back.facts.revert_ms().unwrap(), truth, "reverted");
    expect_true(back.facts.revert_ms().unwrap(), well.ms_since(seen), "reverted, as it was seen");

    // What the page says in the end.
    lab.take(run, Phase::After).await;
    acts::finish(&lab.ana, run, &AtDraft::default()).await.unwrap();
    let facts = lab.shown(run).await.facts;
    assert_eq!((facts.execution, facts.signed.is_none()), (Execution::Aborted, true), "nothing is signed");
    let signal = facts.signals.get("zookeeper-down").map(|answer| answer.seen);
    assert!(matches!(signal, Some(SignalSeen::Fired { .. })), "{signal:?}");
    let main = lab.browser("Ana").await.get(&format!("/runs/{run}")).await.says("main");
    let (detected, reverted) = (detection_delay_ms(&facts).unwrap(), facts.revert_ms().unwrap());
    expect_true(detected, gone.ms_since(killed), "detected");
    expect_between(reverted, truth, "reverted");
    for (term, told) in [("Detected after", detected), ("Reverted within", reverted)] {
        let says = format!("{term} {}", extent_words(told));
        assert!(main.contains(&says), "{says}: {main}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_exec_killed_is_missed_and_well_again_when_it_really_was() {
    let Some(program) = offered("PROMETHEUS") else { return };
    for world in World::each().await {
        Box::pin(outage(world, &program)).await;
    }
}
