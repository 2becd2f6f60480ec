//! Runs measured while they go on: by servers that hang, flood and lie, which are unknown and never good;
//! and by a real Prometheus, where the run aborts by itself, recovers, and both times are the true ones.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};
use notebook::{
    actor::{Actor, Role, Via},
    desk::Desk,
    experiments::{
        self, Draft,
        draft::{ConditionRow, ProbeRow},
        plan::{Outcome, Phase},
    },
    id::RunId,
    runs::{
        acts::{self, Shown},
        drafts::{AtDraft, CheckDraft, PlanDraft, StartDraft, TargetDraft},
        facts::{AbortReason, Execution},
        proposals::Proposal,
        telemetry::detection_delay_ms,
    },
    services::{self, EnvironmentDraft, ServiceDraft},
    time::Moment,
};
use serde_json::{Value, json};
use server::{
    outgoing::{Outgoing, Rules},
    sampling::Sampler,
};
use tokio::{
    net::TcpListener,
    time::{interval, timeout},
};

use crate::{
    plan::{check, restart_one_zookeeper},
    prometheus::Prometheus,
    pull::{Hostile, Manner},
    ready::make_ready,
    tool::{machine_time, offered},
    world::{Browser, World},
};

/// Longer than anything here takes on a slow machine; a test that hangs says so.
const PATIENCE: Duration = Duration::from_mins(3);
/// What lies between a change of the shop and a sample of it: a scrape, and a slow machine.
const SCRAPE_MS: i64 = 1_000;
const SLACK_MS: i64 = 1_000;

/// At most 2 errors are normal, and more than 5 abort the run.
fn watched(address: &str, every: &str) -> Draft {
    let query = "shop_errors{job=\"shop\"}";
    Draft {
        checks: vec![
            check("errors", "before", "last", "<=", "2", ""),
            check("errors", "during", "max", "<=", "5", ""),
            check("errors", "after", "last", "<=", "2", ""),
        ],
        prometheus: address.into(),
        probe_every: every.into(),
        probes: vec![ProbeRow { measure: "errors".into(), query: query.into(), unit: String::new() }],
        abort_probes: vec![ConditionRow {
            condition: "orders fail".into(),
            query: query.into(),
            comparator: ">".into(),
            threshold: "5".into(),
            aborts: "on".into(),
            ..ConditionRow::default()
        }],
        ..restart_one_zookeeper()
    }
}

/// Two people, and services in a place that is no more careful than elsewhere.
pub struct Lab {
    pub world: World,
    /// Plans and runs.
    pub ana: Desk,
    /// Reviews, and answers the gate.
    pub ben: Desk,
}

impl Lab {
    pub async fn open(world: World) -> Self {
        let system = world.system();
        let place =
            EnvironmentDraft { name: "production".into(), class: "other".into(), ..EnvironmentDraft::default() };
        services::acts::add_environment(&system, &place).await.unwrap();
        for name in ["zookeeper", "alerting"] {
            services::acts::add(&system, &ServiceDraft { name: name.into(), ..ServiceDraft::default() }).await.unwrap();
        }
        let (ana, ben) = (desk(&world, "Ana").await, desk(&world, "Ben").await);
        Self { world, ana, ben }
    }

    pub async fn planned(&self, draft: &Draft) -> RunId {
        let experiment = experiments::acts::create(&self.ana, draft).await.unwrap().id;
        experiments::acts::request_review(&self.ana, experiment).await.unwrap();
        experiments::acts::approve(&self.ben, experiment, 1, "").await.unwrap();
        let plan = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
        acts::plan(&self.ana, &plan).await.unwrap().id
    }

    /// Starts it, and its fault.
    async fn start(&self, run: RunId) {
        make_ready(&self.ana, &self.ben, run).await.unwrap();
        let hit = TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() };
        acts::start(&self.ana, run, &StartDraft { targets: vec![hit], ..StartDraft::default() }).await.unwrap();
        acts::begin_fault(&self.ana, run, &AtDraft::default()).await.unwrap();
    }

    pub async fn browser(&self, name: &str) -> Browser {
        let mut browser = self.world.browser();
        browser.sign_in(name).await;
        browser
    }

    pub async fn shown(&self, run: RunId) -> Shown {
        acts::show(&self.ana, run).await.unwrap()
    }

    /// Lets time pass, and measures whatever is due, until this is so.
    async fn until(&self, sampler: &Sampler, run: RunId, what: &str, is_so: impl Fn(&Shown) -> bool) -> Shown {
        let mut ticks = interval(Duration::from_millis(100));
        let waiting = async {
            loop {
                ticks.tick().await;
                self.world.clock.set(machine_time());
                sampler.round().await;
                let shown = self.shown(run).await;
                if is_so(&shown) {
                    return shown;
                }
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("it is not so in time: {what}"))
    }

    /// Ana writes what the readings propose.
    pub async fn take(&self, run: RunId, phase: Phase) {
        let shown = self.shown(run).await;
        let check = shown.facts.identity.checks.iter().find(|check| check.key.phase == phase).unwrap();
        let proposed = proposal(&shown, phase).unwrap();
        assert_eq!(proposed.outcome, Outcome::Held, "{proposed:?}");
        let answer = CheckDraft {
            check: check.key.slot(),
            seen: proposed.typed(check),
            source: "Prometheus".into(),
            ..CheckDraft::default()
        };
        acts::answer_check(&self.ana, run, &answer).await.unwrap();
    }
}

async fn desk(world: &World, name: &str) -> Desk {
    let account = world.person(name, Role::Contributor).await;
    world.notebook.desk(Actor::Person(account.as_person()), Via::Form)
}

pub fn sampler(world: &World, port: u16) -> Sampler {
    let local = vec![IpAddr::from(Ipv4Addr::LOCALHOST).into(), IpAddr::from(Ipv6Addr::LOCALHOST).into()];
    Sampler::new(world.notebook.clone(), Outgoing::new(Rules { networks: local, ports: vec![port] }, None))
}

fn vector(values: &[&str]) -> Value {
    let series = values.iter().map(|value| json!({"metric": {}, "value": [1_793_613_600, value]}));
    json!({"status": "success", "data": {"resultType": "vector", "result": series.collect::<Vec<_>>()}})
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_number_is_unknown_on_the_page_and_neither_holds_nor_stops_anything() {
    let (lab, hostile) = (Lab::open(World::new().await).await, Hostile::start(Manner::Closes).await);
    let run = lab.planned(&watched(&hostile.url(), "15 s")).await;
    lab.start(run).await;
    let mut ben = lab.browser("Ben").await;
    let sampler = sampler(&lab.world, hostile.address.port());
    let says = |status: &str, body: &str| Manner::Says(format!("HTTP/1.1 {status}\r\nConnection: close\r\n\r\n{body}"));
    let warned = json!({"status": "success", "warnings": ["a store is away"], "data": vector(&["0"])["data"]});
    let elsewhere = "HTTP/1.1 302 Found\r\nLocation: http://example.org/\r\nConnection: close\r\n\r\n";
    for (manner, reason) in [
        (Manner::Closes, "cannot be reached"),
        (Manner::Floods, "answers with more than 1 MiB"),
        (says("503 Busy", "<h1>Busy</h1>"), "answers with 503"),
        (says("200 OK", "<html>Sign in</html>"), "does not answer as a Prometheus does"),
        (says("200 OK", &warned.to_string()), "has only part of an answer: a store is away"),
        (says("200 OK", &vector(&[]).to_string()), "answers with no series"),
        (says("200 OK", &vector(&["0", "0"]).to_string()), "answers with 2 series instead of one"),
        (says("200 OK", &vector(&["NaN"]).to_string()), "answers with NaN"),
        (says("200 OK", &vector(&["+Inf"]).to_string()), "answers with +Inf"),
        (Manner::Says(elsewhere.into()), "answers with 302: it sends elsewhere, and nobody follows"),
    ] {
        hostile.becomes(manner);
        timeout(PATIENCE, sampler.round()).await.unwrap();
        let page = ben.get(&format!("/runs/{run}")).await;
        let (measured, prompts) = (page.says("#measured"), page.says("#prompts"));
        assert!(measured.contains(&format!("unknown: Prometheus {reason}")), "{reason}: {measured}");
        assert!(prompts.contains("Whether the abort condition \"orders fail\" is reached is unknown"), "{prompts}");
        let shown = lab.shown(run).await;
        assert_eq!(shown.facts.execution, Execution::Running, "{reason}");
        assert_ne!(proposal(&shown, Phase::During).map(|proposed| proposed.outcome), Some(Outcome::Held), "{reason}");
        lab.world.clock.pass_ms(15_000);
    }
    hostile.becomes(says("200 OK", &vector(&["6"]).to_string()));
    sampler.round().await;
    let page = ben.get(&format!("/runs/{run}")).await;
    assert!(
        page.has("#measured .sparkline svg") && page.says("#measured-2").contains("Reached"),
        "{}",
        page.says("#measured")
    );
    let row = page.says("#watched [data-measured='2']");
    assert!(row.contains("orders fail not > 5; aborts by itself 6 Reached"), "{row}");
    let bar = page.says("[aria-label='Now']");
    assert!(bar.contains("orders fail: 6, limit > 5."), "{bar}");
    assert!(
        page.says("#log").contains("Aborted: own effect") && page.says("#log").contains("Retrial"),
        "{}",
        page.says("#log")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_hangs_holds_up_no_page_and_is_unknown() {
    let (lab, hostile) = (Lab::open(World::new().await).await, Hostile::start(Manner::Hangs).await);
    let run = lab.planned(&watched(&hostile.url(), "15 s")).await;
    lab.start(run).await;
    let mut ana = lab.browser("Ana").await;
    let sampler = sampler(&lab.world, hostile.address.port());
    let round = tokio::spawn(async move { sampler.round().await });
    timeout(PATIENCE, hostile.asked.notified()).await.unwrap();
    assert_eq!(ana.get(&format!("/runs/{run}")).await.status, StatusCode::OK);
    acts::end_fault(&lab.ana, run, &AtDraft::default()).await.unwrap();
    assert!(!round.is_finished(), "it hung all along");
    timeout(PATIENCE, round).await.unwrap().unwrap();
    let measured = ana.get(&format!("/runs/{run}")).await.says("#measured");
    assert!(measured.contains("unknown: Prometheus does not answer in time"), "{measured}");
    assert_eq!(lab.shown(run).await.facts.recovered, None);
}

/// Answers 6 to every question but slow ones, which it takes and never answers; returns its port, and how many
/// it has answered.
async fn half_hung() -> (u16, Arc<AtomicU64>) {
    let answered = Arc::new(AtomicU64::new(0));
    let counted = answered.clone();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = move |question: String| {
        let counted = counted.clone();
        async move {
            if question.contains("slow") {
                std::future::pending::<()>().await;
            }
            counted.fetch_add(1, Ordering::SeqCst);
            vector(&["6"]).to_string()
        }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/api/v1/query", post(answer))).await });
    (port, answered)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_hangs_holds_up_no_abort_of_its_run() {
    let lab = Lab::open(World::new().await).await;
    let (port, answered) = half_hung().await;
    let mut plan = watched(&format!("http://127.0.0.1:{port}"), "1 s");
    // The first one that is asked.
    plan.probes[0].query = "slow_errors".into();
    let run = lab.planned(&plan).await;
    lab.start(run).await;
    let sampler = sampler(&lab.world, port);
    let round = tokio::spawn(async move { sampler.round().await });
    let mut ticks = interval(Duration::from_millis(20));
    let aborting = async {
        loop {
            ticks.tick().await;
            let shown = lab.shown(run).await;
            if shown.facts.execution == Execution::Reverting {
                return shown;
            }
        }
    };
    let aborted = timeout(PATIENCE, aborting).await.unwrap();
    assert_eq!(aborted.facts.abort, Some(AbortReason::OwnEffect));
    let readings = |shown: &Shown| shown.watched.as_ref().map(|watched| watched.readings.of(1).len());
    assert_eq!(readings(&aborted), Some(0), "the other one hangs all along");
    timeout(PATIENCE, round).await.unwrap().unwrap();
    assert_eq!(readings(&lab.shown(run).await), Some(1), "and is unknown in the end");
    assert!(answered.load(Ordering::SeqCst) > 1, "the others are asked at their pace meanwhile");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_nodes_one_measures() {
    let Some((one, other)) = World::two().await else { return };
    let says = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", vector(&["1"]));
    let hostile = Hostile::start(Manner::Says(says)).await;
    let lab = Lab::open(one).await;
    let run = lab.planned(&watched(&hostile.url(), "15 s")).await;
    lab.start(run).await;
    let samplers = [sampler(&lab.world, hostile.address.port()), sampler(&other, hostile.address.port())];
    tokio::join!(samplers[0].round(), samplers[1].round());
    assert_eq!(hostile.seen(), 2, "one question for each query");
    assert_eq!(lab.shown(run).await.watched.unwrap().readings.0.len(), 2);
}

/// A shop that says how many of its orders fail.
#[derive(Default)]
struct Shop(AtomicU64);

impl Shop {
    /// Opens, and says where.
    async fn open(self: Arc<Self>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let metrics = move || {
            let text = format!("# TYPE shop_errors gauge\nshop_errors {}\n", self.0.load(Ordering::SeqCst));
            std::future::ready(text)
        };
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/metrics", get(metrics))).await });
        address
    }

    /// From now on so many fail; returns since when.
    fn fails(&self, errors: u64) -> Moment {
        self.0.store(errors, Ordering::SeqCst);
        machine_time()
    }
}

/// What is proposed as of the newest reading.
pub fn proposal(shown: &Shown, phase: Phase) -> Option<Proposal> {
    let check = shown.facts.identity.checks.iter().find(|check| check.key.phase == phase)?;
    let watched = shown.watched.as_ref()?;
    let newest = watched.readings.0.iter().map(|(_, reading)| reading.at).max()?;
    watched.proposal(&shown.facts, check, newest)
}

/// Whether the truth lies where the notebook says it does, but for a scrape.
fn assert_true((least, most): (i64, i64), truth: i64, what: &str) {
    let says = format!("{what}: {truth} ms, told as {least} to {most} ms");
    assert!(least - SCRAPE_MS - SLACK_MS <= truth && truth <= most + SLACK_MS, "{says}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_measured_by_a_real_prometheus_aborts_by_itself_and_its_times_are_the_true_ones() {
    let Some(program) = offered("PROMETHEUS") else { return };
    let (world, shop) = (World::new().await, Arc::new(Shop::default()));
    world.clock.set(machine_time());
    let lab = Lab::open(world).await;
    let mut prometheus = Prometheus::of(program, &shop.clone().open().await);
    let sampler = sampler(&lab.world, prometheus.port);
    let run = lab.planned(&watched(&format!("http://localhost:{}", prometheus.port), "1 s")).await;
    let held =
        |phase| move |shown: &Shown| proposal(shown, phase).is_some_and(|proposed| proposed.outcome == Outcome::Held);
    lab.until(&sampler, run, "a steady state before the start", held(Phase::Before)).await;
    lab.take(run, Phase::Before).await;

    lab.world.clock.set(machine_time());
    lab.start(run).await;
    let calm = lab.until(&sampler, run, "a calm fault", held(Phase::During)).await;
    let began = calm.facts.fault_started.unwrap();
    let broke = shop.fails(9);
    let aborted = lab.until(&sampler, run, "an abort", |shown| shown.facts.execution == Execution::Reverting).await;
    assert_eq!(aborted.facts.abort, Some(AbortReason::OwnEffect));
    assert_true(detection_delay_ms(&aborted.facts).unwrap(), broke.ms_since(began), "detected");

    let ended = aborted.facts.fault_ended.unwrap();
    let broken = |shown: &Shown| proposal(shown, Phase::After).is_some_and(|after| after.outcome == Outcome::Failed);
    lab.until(&sampler, run, "a reading after the abort", broken).await;
    let mended = shop.fails(0);
    let well = lab.until(&sampler, run, "the steady state", |shown| shown.facts.recovered.is_some()).await;
    assert_true(well.facts.revert_ms().unwrap(), mended.ms_since(ended), "reverted");
    lab.take(run, Phase::After).await;

    prometheus.kill();
    let gone = |shown: &Shown| proposal(shown, Phase::After).is_some_and(|after| after.outcome == Outcome::Unknown);
    lab.until(&sampler, run, "nobody knows", gone).await;
    acts::finish(&lab.ana, run, &AtDraft::default()).await.unwrap();
    let page = lab.browser("Ana").await.get(&format!("/runs/{run}")).await;
    let main = page.says("main");
    assert!(main.contains("Detected after") && main.contains("Reverted within"), "{main}");
    assert!(
        page.has("#measured .sparkline svg") && main.contains("Abort condition reached: orders fail. Read: 9."),
        "{main}"
    );
}
