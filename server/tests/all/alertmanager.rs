//! A real Alertmanager that tells a listening server of alerts: refused at first, repeated, and over. `cargo
//! xtask test` installs it and names it in `RETRIAL_TEST_ALERTMANAGER`.

use std::{
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use notebook::{
    actor::{Actor, Role, Via},
    alerts::acts::{self, Listed},
    desk::Desk,
    id::RunId,
    paging::Rows,
    people::{self, TokenDraft},
    runs::{self, drafts::AtDraft, facts::SignalSeen},
    services::{self, EnvironmentDraft, ServiceDraft},
    time::Moment,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{interval, timeout},
};
use tower::ServiceExt as _;

use crate::{
    alerts::started,
    tool::{machine_time, offered},
    world::World,
};

/// Longer than anything here takes on a slow machine; a test that hangs says so.
const PATIENCE: Duration = Duration::from_mins(3);
/// The server is away for so many messages.
const REFUSED: usize = 2;

/// The server's front: it answers 500 until it has done so often enough.
#[derive(Clone)]
struct Front {
    router: Router,
    came: Arc<AtomicUsize>,
}

async fn pass(State(front): State<Front>, request: Request) -> Response {
    if front.came.fetch_add(1, Ordering::SeqCst) < REFUSED {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    front.router.oneshot(request).await.unwrap_or_else(|never| match never {})
}

/// An Alertmanager that does not outlive the test.
struct Alertmanager {
    port: u16,
    child: Child,
    _folder: tempfile::TempDir,
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Alertmanager {
    fn start(program: PathBuf, front: SocketAddr, token: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let config = format!(
            "route: {{receiver: retrial, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1s}}\n\
             receivers:\n- name: retrial\n  webhook_configs:\n  \
             - url: http://{front}/api/v1/ingest/alertmanager?environment=production\n    send_resolved: true\n    \
             http_config: {{authorization: {{credentials: \"{token}\"}}}}\n"
        );
        std::fs::write(path("alertmanager.yml"), config).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(program)
            .arg(format!("--config.file={}", path("alertmanager.yml")))
            .arg(format!("--storage.path={}", path("data")))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--cluster.listen-address=")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { port, child, _folder: folder }
    }

    /// Posts alerts as Prometheus does; whether they were taken.
    async fn post(&self, alerts: &Value) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)).await else { return false };
        let body = alerts.to_string();
        let request = format!(
            "POST /api/v2/alerts HTTP/1.1\r\nHost: alertmanager\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(request.as_bytes()).await.is_err() {
            return false;
        }
        let mut said = String::new();
        stream.read_to_string(&mut said).await.is_ok() && said.starts_with("HTTP/1.1 200")
    }
}

struct Lab {
    world: World,
    ana: Desk,
    run: RunId,
    came: Arc<AtomicUsize>,
    alertmanager: Alertmanager,
}

impl Lab {
    async fn open(program: PathBuf) -> Self {
        let world = World::new().await;
        world.clock.set(machine_time());
        let [ana, ben] = [world.person("Ana", Role::Contributor).await, world.person("Ben", Role::Contributor).await]
            .map(|account| world.notebook.desk(Actor::Person(account.as_person()), Via::Form));
        let place =
            EnvironmentDraft { name: "production".into(), class: "other".into(), ..EnvironmentDraft::default() };
        services::acts::add_environment(&world.system(), &place).await.unwrap();
        for name in ["zookeeper", "alerting"] {
            let service = ServiceDraft { name: name.into(), ..ServiceDraft::default() };
            services::acts::add(&world.system(), &service).await.unwrap();
        }
        let run = started(&ana, &ben).await;
        let scope = TokenDraft { name: "alertmanager".into(), scope: "ingest".into(), days: String::new() };
        let token = people::acts::make_token(&ana, &scope).await.unwrap().1;
        let came = Arc::new(AtomicUsize::new(0));
        let router =
            Router::new().fallback(pass).with_state(Front { router: world.router.clone(), came: came.clone() });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let front = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let alertmanager = Alertmanager::start(program, front, &token);
        Self { world, ana, run, came, alertmanager }
    }

    /// Lets time pass until this is so.
    async fn until(&self, what: &str, is_so: impl Fn(&Listed) -> bool) -> Listed {
        let mut ticks = interval(Duration::from_millis(200));
        let waiting = async {
            loop {
                ticks.tick().await;
                self.world.clock.set(machine_time());
                let listed = acts::list(&self.ana, None, None, Rows::default()).await.unwrap();
                if is_so(&listed) {
                    return listed;
                }
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("it is not so in time: {what}"))
    }

    /// As soon as it listens.
    async fn post(&self, alerts: Value) {
        let mut ticks = interval(Duration::from_millis(200));
        let waiting = async {
            loop {
                ticks.tick().await;
                if self.alertmanager.post(&alerts).await {
                    return;
                }
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("Alertmanager takes no alerts"));
    }

    async fn answer(&self) -> Option<SignalSeen> {
        let shown = runs::acts::show(&self.ana, self.run).await.unwrap();
        shown.facts.signals.get("zookeeper-down").map(|answer| answer.seen)
    }
}

fn down(starts: Moment, ends: Moment) -> Value {
    json!([{
        "labels": { "alertname": "ZooKeeperDown", "service": "zookeeper" },
        "annotations": { "summary": "zk-1 does not answer" },
        "startsAt": starts.rfc3339(), "endsAt": ends.rfc3339(), "generatorURL": "http://prometheus.example.org/graph",
    }])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_alertmanager_is_heard_after_a_failure_kept_once_and_answers_the_signal() {
    let Some(program) = offered("ALERTMANAGER") else { return };
    let lab = Lab::open(program).await;
    let hours = |moment: Moment, hours| moment.plus_hours(hours).rfc3339();
    let now = machine_time();
    let labels = json!({ "alertname": "Watchdog", "severity": "none" });
    lab.post(json!([{ "labels": labels, "startsAt": hours(now, -1), "endsAt": hours(now, 1) }])).await;
    lab.until("it was heard of", |listed| listed.alerts.len() == 1 && !listed.sources.is_empty()).await;
    assert!(lab.came.load(Ordering::SeqCst) > REFUSED, "it tells again what was answered with 500");

    lab.world.clock.set(machine_time());
    let fault = lab.world.notebook.now();
    runs::acts::begin_fault(&lab.ana, lab.run, &AtDraft::default()).await.unwrap();
    let starts = machine_time();
    lab.world.clock.set(starts);
    lab.post(down(starts, starts.plus_hours(1))).await;
    lab.until("its alert was told", |listed| listed.alerts.iter().any(|alert| alert.name.as_str() == "ZooKeeperDown"))
        .await;
    let after_ms = starts.ms_since(fault);
    let Some(SignalSeen::Fired { lo_ms, hi_ms }) = lab.answer().await else { panic!("{:?}", lab.answer().await) };
    assert_eq!(lo_ms, hi_ms);
    // Alertmanager writes whole milliseconds.
    assert!((lo_ms - after_ms).abs() <= 1, "{lo_ms} is not {after_ms}");

    let came = lab.came.load(Ordering::SeqCst);
    lab.until("it told it again", |_| lab.came.load(Ordering::SeqCst) > came + 2).await;
    lab.post(down(starts, machine_time())).await;
    let over = lab.until("it is over", |listed| listed.alerts.iter().any(|alert| alert.ended_at.is_some())).await;
    assert_eq!(over.alerts.len(), 2, "repeats are no further alerts");
    assert_eq!(over.sources.len(), 1);
    let told = acts::of_run(&lab.ana, lab.run).await.unwrap();
    assert_eq!((told.signals[0].alerts.len(), told.others.len()), (1, 0));
}
