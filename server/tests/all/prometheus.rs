//! A real Prometheus that scrapes a small shop: its counters are counted exactly, a broken shop spends
//! the budget and closes the gate, and while Prometheus is away nobody knows, so production refuses. `cargo xtask test` installs the tool and names
//! it in `RETRIAL_TEST_PROMETHEUS`.

use std::{
    net::IpAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Router, http::StatusCode, routing::get};
use notebook::{
    actor::Role,
    desk::Desk,
    id::SloId,
    paging::Rows,
    services::{self, EnvironmentDraft, ServiceDraft},
    slos::{
        acts::{self, Shown},
        drafts::{ApproveDraft, Draft},
        health::Health,
        levels::Level,
        measurements::Said,
        source::SourceDraft,
    },
};
use serde_json::Value;
use server::{
    outgoing::{Outgoing, Rules},
    pulling::Puller,
};
use tokio::{
    net::TcpListener,
    time::{interval, timeout},
};

use crate::{
    tool::{machine_time, offered},
    world::{Browser, World},
};

/// Longer than anything here takes on a slow machine; a test that hangs says so.
const PATIENCE: Duration = Duration::from_mins(3);
const ORDERS_A_SCRAPE: u64 = 10;
const FAILED_A_SCRAPE: u64 = 5;

/// A shop that takes ten orders between two scrapes, and loses half of them while it is broken.
#[derive(Default)]
struct Shop {
    taken: AtomicU64,
    failed: AtomicU64,
    broken: AtomicBool,
}

impl Shop {
    fn metrics(&self) -> String {
        let failed = if self.broken.load(Ordering::SeqCst) { FAILED_A_SCRAPE } else { 0 };
        let failed = self.failed.fetch_add(failed, Ordering::SeqCst) + failed;
        let taken = self.taken.fetch_add(ORDERS_A_SCRAPE, Ordering::SeqCst) + ORDERS_A_SCRAPE;
        format!(
            "# TYPE orders_total counter\norders_total {taken}\n# TYPE failed_orders_total counter\nfailed_orders_total {failed}\n"
        )
    }

    /// Opens, and says where.
    async fn open(self: Arc<Self>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let router = Router::new().route("/metrics", get(move || std::future::ready(self.metrics())));
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }
}

/// A Prometheus that does not outlive the test.
pub struct Prometheus {
    program: PathBuf,
    pub port: u16,
    folder: tempfile::TempDir,
    child: Option<Child>,
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Prometheus {
    /// It scrapes the shop every second.
    pub fn of(program: PathBuf, shop: &str) -> Self {
        Self::scraping(program, shop, "1s")
    }

    pub fn scraping(program: PathBuf, shop: &str, every: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = format!(
            "global: {{scrape_interval: {every}, scrape_timeout: {every}}}\nscrape_configs:\n- {{job_name: shop, static_configs: [{{targets: [\"{shop}\"]}}]}}\n"
        );
        std::fs::write(folder.path().join("prometheus.yml"), config).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut prometheus = Self { program, port, folder, child: None };
        prometheus.start();
        prometheus
    }

    pub fn start(&mut self) {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let child = Command::new(&self.program)
            .arg(format!("--config.file={}", path("prometheus.yml")))
            .arg(format!("--storage.tsdb.path={}", path("data")))
            .arg(format!("--web.listen-address=127.0.0.1:{}", self.port))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.child = Some(child.unwrap());
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// A notebook that pulls from it.
struct Lab {
    world: World,
    puller: Puller,
    slo: SloId,
    reader: Browser,
}

impl Lab {
    async fn open(prometheus: &Prometheus) -> Self {
        let world = World::new().await;
        world.clock.set(machine_time());
        let system = world.system();
        let place =
            EnvironmentDraft { name: "production".into(), class: "production".into(), ..EnvironmentDraft::default() };
        services::acts::add_environment(&system, &place).await.unwrap();
        services::acts::add(&system, &ServiceDraft { name: "shop".into(), ..ServiceDraft::default() }).await.unwrap();
        let slo = promised(&system).await;
        let source = SourceDraft {
            address: format!("http://localhost:{}", prometheus.port),
            counts: "bad".into(),
            part: "failed_orders_total{job=\"shop\"}".into(),
            total: "orders_total{job=\"shop\"}".into(),
            step: "5 s".into(),
            on: "on".into(),
            ..SourceDraft::default()
        };
        acts::write_source(&system, slo, &source).await.unwrap();
        let local = ["127.0.0.1", "::1"].map(|address| address.parse::<IpAddr>().unwrap().into());
        let rules = Rules { networks: local.into(), ports: vec![prometheus.port] };
        let puller = Puller::new(world.notebook.clone(), Outgoing::new(rules, None));
        let reader = world.signed_in("Vera", Role::Viewer).await;
        Self { world, puller, slo, reader }
    }

    /// What the gate says to a program that asks about the shop in production.
    async fn gate(&self) -> Gate {
        let answer = self.reader.clone().get("/api/v1/gate?service=shop&environment=production").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        Gate(answer.json())
    }

    /// Lets time pass, and asks whatever is due, until this is so.
    async fn until(&self, what: &str, is_so: impl Fn(&Shown) -> bool) -> Shown {
        let mut ticks = interval(Duration::from_millis(200));
        let waiting = async {
            loop {
                ticks.tick().await;
                self.world.clock.set(machine_time());
                self.puller.round().await;
                let shown = acts::show(&self.world.system(), self.slo).await.unwrap();
                if is_so(&shown) {
                    return shown;
                }
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("it is not so in time: {what}"))
    }
}

/// The gate's answer as JSON.
struct Gate(Value);

impl Gate {
    fn answer(&self) -> &str {
        self.0["answer"].as_str().unwrap()
    }

    /// What one check answers, and why.
    fn check(&self, name: &str) -> (&str, &str) {
        let line = self.0["checks"].as_array().unwrap().iter().find(|line| line["check"] == name).unwrap();
        (line["answer"].as_str().unwrap(), line["says"].as_str().unwrap())
    }
}

/// The gate goes on knowing for as long as the SLO says, and not a millisecond longer.
async fn known_for_20_s(lab: &Lab) {
    let (rows, _) = acts::measurements(&lab.world.system(), lab.slo, None, Rows::default()).await.unwrap();
    let newest = rows.iter().map(|row| row.record.interval.end()).max().unwrap();
    lab.world.clock.set(newest.plus_micros(20_000_000));
    let gate = lab.gate().await;
    assert!(!gate.check("budget").1.contains("unknown"), "{:?}", gate.check("budget"));
    lab.world.clock.pass_ms(1);
    let gate = lab.gate().await;
    let (answer, says) = gate.check("budget");
    assert_eq!((gate.answer(), answer), ("refuse", "refuse"), "{says}");
    assert!(says.contains("unknown, and in production that is a no") && says.contains("at most 20 s"), "{says}");
    assert!(gate.0["budgets"][0]["fits"]["unknown"].is_string(), "{}", gate.0);
}

/// 99 % of all orders since just now, over days with steps of five seconds; what is older than 20 s says nothing about now.
async fn promised(system: &Desk) -> SloId {
    let promised = Draft {
        title: "Orders are taken".into(),
        service: "shop".into(),
        environment: "production".into(),
        promise: "Your order is taken.".into(),
        measure: "orders".into(),
        target: "99 %".into(),
        window: "rolling".into(),
        days: "2".into(),
        method: "occurrences".into(),
        too_broken: "90 %".into(),
        level_window: "30 s".into(),
        age_max: "20 s".into(),
        source: "prometheus".into(),
        begins: machine_time().rfc3339(),
        ..Draft::default()
    };
    let slo = acts::write(system, &promised).await.unwrap();
    acts::approve(system, slo.id, &ApproveDraft { version: slo.version.to_string() }).await.unwrap();
    slo.id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_prometheus_is_counted_exactly_missed_when_it_is_gone_and_caught_up_when_it_is_back() {
    let Some(program) = offered("PROMETHEUS") else { return };
    let shop = Arc::new(Shop::default());
    let mut prometheus = Prometheus::of(program, &shop.clone().open().await);
    let lab = Lab::open(&prometheus).await;

    let healthy = lab.until("a healthy budget", |shown| shown.standing.health.is == Health::Healthy).await;
    assert_eq!(healthy.standing.level.is, Level::GoodEnough, "{:?}", healthy.standing.level);
    let gate = lab.gate().await;
    assert_eq!((gate.check("budget").0, gate.check("level").0), ("go", "go"), "{}", gate.0);

    shop.broken.store(true, Ordering::SeqCst);
    let broken =
        |shown: &Shown| shown.standing.health.is == Health::Exhausted && shown.standing.level.is == Level::TooBroken;
    let exhausted = lab.until("a spent budget", broken).await;
    assert!(exhausted.burndown.last().is_some_and(|part| part.remaining < notebook::slos::ratio::Ratio::ZERO));
    let gate = lab.gate().await;
    assert_eq!((gate.answer(), gate.check("budget").0, gate.check("level").0), ("refuse", "refuse", "refuse"));
    assert!(gate.check("level").1.contains("too broken"), "{:?}", gate.check("level"));
    let still_allowed = gate.0["budgets"][0]["fits"]["known"]["still_allowed"].as_i64().unwrap();
    assert!(still_allowed < 0, "{}", gate.0);

    // Each scrape saw ten orders more, and five failures or none: nothing in between, nothing estimated.
    let (rows, _) = acts::measurements(&lab.world.system(), lab.slo, None, Rows::default()).await.unwrap();
    for row in &rows {
        let Said::Events { good, bad } = row.record.said else { panic!("{row:?}") };
        assert!((good + bad) % ORDERS_A_SCRAPE == 0 && bad % FAILED_A_SCRAPE == 0, "{good} good, {bad} bad");
    }
    let counts = exhausted.standing.counted.counts;
    assert!(
        counts.good + counts.bad <= shop.taken.load(Ordering::SeqCst)
            && counts.bad <= shop.failed.load(Ordering::SeqCst)
    );

    prometheus.kill();
    known_for_20_s(&lab).await;
    let lost = lab.until("an unknown budget", |shown| shown.standing.health.is == Health::Unknown).await;
    let why = &lost.standing.health.because[0].says;
    assert!(why.starts_with("The newest measurement ends at ") && why.contains("at most 20 s"), "{why}");
    let says = lost.source.unwrap().pulls.failure.unwrap();
    assert!(says.starts_with("cannot be reached"), "{says}");

    prometheus.start();
    let back = lab.until("a known budget", |shown| shown.standing.health.is == Health::Exhausted).await;
    let pulls = back.source.unwrap().pulls;
    assert_eq!((pulls.failure, pulls.failures), (None, 0));
    // Nobody helped, and what the gate refuses for now is what it knows.
    let gate = lab.gate().await;
    let (answer, says) = gate.check("budget");
    assert!(answer == "refuse" && !says.contains("unknown"), "{says}");
    let gap = back.standing.counted.longest_gap().unwrap();
    assert!(gap.ms() >= 10_000, "what nobody scraped stays unknown: {gap:?}");
}
