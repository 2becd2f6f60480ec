//! A real `chaos run` of an exported plan, over real sockets, against a process that the plan restarts.
//! `cargo xtask test` installs the tool and names it in `RETRIAL_TEST_CHAOS`.

mod ended;
mod exported;

use std::{
    io::BufRead as _,
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use axum_server::Handle;
use notebook::{
    actor::{Actor, Role, Via},
    desk::Desk,
    experiments::{
        self, Draft,
        draft::{CheckRow, StepRow},
    },
    id::{ExperimentId, RunId},
    people::{TokenDraft, acts},
    runs::{
        self,
        facts::{Execution, Verdict},
        validity::Validity,
    },
    services::{self, EnvironmentDraft, ServiceDraft},
};
use serde_json::{Value, json};
use server::listen::serve_until;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::{Mutex, Notify},
    task::spawn_blocking,
    time::timeout,
};

use crate::{tool::machine_time, world::World};

/// Longer than anything here takes on a slow machine; a test that hangs says so.
const PATIENCE: Duration = Duration::from_mins(2);

// --- the process that is experimented on

const WEB: &str = "
import http.server, sys
class Web(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[2])); self.send_header('Content-Length', '0'); self.end_headers()
    def log_message(self, *args): pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Web)
print('listening', flush=True)
server.serve_forever()
";

/// What a restart leads to.
#[derive(Clone, Copy)]
enum Mood {
    /// The process comes back and answers with this status.
    Comes(u16),
    /// It goes, and nobody ever says that it is back.
    Hangs,
}

/// A web server in a process of its own, and the one who restarts it.
struct Web {
    python: PathBuf,
    port: u16,
    mood: Mutex<Mood>,
    child: Mutex<Option<Process>>,
    asked: Notify,
}

/// A process that does not outlive the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Web {
    async fn start(&self, status: u16) {
        let mut child = self.child.lock().await;
        // Two cannot listen on one port.
        drop(child.take());
        let mut started = Command::new(&self.python)
            .args(["-u", "-c", WEB, &self.port.to_string(), &status.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = std::io::BufReader::new(started.stdout.take().unwrap());
        *child = Some(Process(started));
        let first = spawn_blocking(move || {
            let mut line = String::new();
            said.read_line(&mut line).map(|_| line)
        });
        assert_eq!(timeout(PATIENCE, first).await.unwrap().unwrap().unwrap(), "listening\n");
    }

    async fn restart(&self) {
        let mood = *self.mood.lock().await;
        match mood {
            Mood::Comes(status) => self.start(status).await,
            Mood::Hangs => {
                drop(self.child.lock().await.take());
                self.asked.notify_one();
                std::future::pending::<()>().await;
            }
        }
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The restarter's own address: `/front` always answers, whatever the process does.
async fn keeper(web: Arc<Web>) -> SocketAddr {
    let router = Router::new()
        .route("/front", get(async || "up"))
        .route("/restart", post(async |State(web): State<Arc<Web>>| web.restart().await))
        .route("/start", post(async |State(web): State<Arc<Web>>| web.start(200).await))
        .with_state(web);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

// --- the notebook, and the tool that talks to it

struct Lab {
    world: World,
    ana: Desk,
    origin: String,
    token: String,
    chaos: PathBuf,
    /// Where the tool keeps its settings, its log and its journals.
    folder: tempfile::TempDir,
    web: Arc<Web>,
    keeper: SocketAddr,
}

/// How the tool ended.
struct Ran {
    success: bool,
    journal: Value,
}

impl Lab {
    async fn open(chaos: PathBuf) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let world = World::at(&origin, "127.0.0.1:0", false).await;
        world.clock.set(machine_time());
        tokio::spawn(serve_until(listener, world.router.clone(), Handle::new()));
        let [ana, ben] = [world.person("Ana", Role::Contributor).await, world.person("Ben", Role::Contributor).await]
            .map(|account| world.notebook.desk(Actor::Person(account.as_person()), Via::Form));
        let staging = EnvironmentDraft { name: "staging".into(), class: "other".into(), ..EnvironmentDraft::default() };
        services::acts::add_environment(&world.system(), &staging).await.unwrap();
        services::acts::add(&world.system(), &ServiceDraft { name: "web".into(), ..ServiceDraft::default() })
            .await
            .unwrap();
        let scope = TokenDraft { name: "chaos".into(), scope: "ingest".into(), days: String::new() };
        let token = acts::make_token(&ana, &scope).await.unwrap().1;
        let python = chaos.with_file_name("python");
        let (mood, child) = (Mutex::new(Mood::Comes(200)), Mutex::new(None));
        let web = Arc::new(Web { python, port: free_port(), mood, child, asked: Notify::new() });
        let keeper = keeper(web.clone()).await;
        let lab = Self { world, ana, origin, token, chaos, folder: tempfile::tempdir().unwrap(), web, keeper };
        lab.write_settings();
        lab.approve(&ben, &lab.plan()).await;
        lab
    }

    async fn approve(&self, ben: &Desk, plan: &Draft) -> ExperimentId {
        let id = experiments::acts::create(&self.ana, plan).await.unwrap().id;
        experiments::acts::request_review(&self.ana, id).await.unwrap();
        experiments::acts::approve(ben, id, 1, "").await.unwrap();
        id
    }

    fn write_settings(&self) {
        let (origin, token) = (&self.origin, &self.token);
        let host = origin.trim_start_matches("http://");
        let settings = format!(
            "notifications:\n- type: http\n  url: {origin}/api/v1/ingest/chaostoolkit?targets=web-1\n  \
             headers: {{Authorization: \"Bearer {token}\"}}\n  \
             events: [run-started, run-completed, run-failed, run-deviated]\n\
             auths:\n  \"{host}\": {{type: bearer, value: {token}}}\n"
        );
        std::fs::write(self.path("settings.yaml"), settings).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The process is away while it restarts, which is no harm; the front must answer all along.
    fn plan(&self) -> Draft {
        let probe = |name: &str, url: String| json!({"type": "probe", "name": name, "tolerance": 200, "provider": {"type": "http", "url": url, "timeout": 5}});
        let call = |name: &str, path: &str| json!({"type": "action", "name": name, "provider": {"type": "http", "method": "POST", "url": format!("http://{}/{path}", self.keeper)}});
        let mut restart = call("restart web-1", "restart");
        // Long enough for a look at the hypothesis while it goes on.
        restart["pauses"] = json!({"after": 1.2});
        let automation = json!({
            "steady-state-hypothesis": {"title": "The site answers", "probes": [
                probe("web answers", format!("http://127.0.0.1:{}/", self.web.port)),
                probe("front answers", format!("http://{}/front", self.keeper)),
            ]},
            "method": [restart],
            "rollbacks": [call("start web-1", "start")],
        });
        let check = |measure: &str, phase: &str| CheckRow {
            measure: measure.into(),
            phase: phase.into(),
            aggregate: "every".into(),
            comparator: "holds".into(),
            ..CheckRow::default()
        };
        Draft {
            title: "Restart the web server".into(),
            question: "What happens if the web server restarts?".into(),
            if_fault: "the web server restarts".into(),
            then_behaviour: "the front answers all along".into(),
            because_safeguard: "it does not ask the web server".into(),
            services: vec!["web".into()],
            environment: "staging".into(),
            fault_kind: "process-restart".into(),
            selector: "role=web".into(),
            method: vec![StepRow { op: "restart".into(), args: "server=web-1".into() }],
            checks: vec![
                check("web answers", "before"),
                check("web answers", "after"),
                check("front answers", "during"),
                check("front answers", "after"),
            ],
            revert_procedure: "Start it again".into(),
            revert_owner: "Ana".into(),
            revert_deadline: "5 min".into(),
            automation: serde_json::to_string_pretty(&automation).unwrap(),
            ..Draft::default()
        }
    }

    fn source(&self, id: &str, query: &str) -> String {
        format!("{}/api/v1/experiments/{id}/plan/1/chaostoolkit{query}", self.origin)
    }

    fn tool(&self) -> Command {
        let mut command = Command::new(&self.chaos);
        command
            .args(["--no-version-check", "--no-log-file", "--settings"])
            .arg(self.path("settings.yaml"))
            .current_dir(self.folder.path())
            .env("NO_PROXY", "127.0.0.1")
            .env("no_proxy", "127.0.0.1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Begins to run the plan as the server hands it out, unchanged.
    fn launch(&self, journal: &str, query: &str) -> Child {
        self.tool().args(["run", "--journal-path", journal, &self.source("EXP-1", query)]).spawn().unwrap()
    }

    async fn ended(&self, tool: Child, journal: &str) -> Ran {
        let output = output_of(tool).await;
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let text = std::fs::read_to_string(self.path(journal)).unwrap_or_else(|e| panic!("no journal: {e}\n{said}"));
        Ran { success: output.status.success(), journal: serde_json::from_str(&text).unwrap() }
    }

    async fn run(&self, journal: &str, query: &str) -> Ran {
        self.ended(self.launch(journal, query), journal).await
    }

    /// Uploads the journal as a pipeline does, and gives the run it is.
    async fn upload(&self, ran: &Ran) -> (u16, RunId) {
        let path = "/api/v1/ingest/chaostoolkit/journal?targets=web-1";
        let (status, answer) = post_json(&self.origin, path, &self.token, &ran.journal).await;
        (status, answer["run"].as_str().unwrap_or_else(|| panic!("{answer}")).parse().unwrap())
    }

    /// What the notifications have left: all runs of the experiment, newest first.
    async fn runs(&self) -> Vec<(RunId, Execution)> {
        let (rows, _) = runs::acts::list(&self.ana, &runs::acts::Filter::default()).await.unwrap();
        rows.into_iter().map(|row| (row.run.id, row.run.execution)).collect()
    }

    /// Waits until so many runs have ended.
    async fn until_ended(&self, count: usize) -> Vec<RunId> {
        let all = async {
            loop {
                let ended: Vec<RunId> =
                    self.runs().await.into_iter().filter(|(_, at)| at.has_ended()).map(|(id, _)| id).collect();
                if ended.len() == count {
                    return ended;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, all).await.unwrap_or_else(|_| panic!("not {count} runs"))
    }

    async fn shown(&self, run: RunId) -> runs::acts::Shown {
        runs::acts::show(&self.ana, run).await.unwrap()
    }

    async fn set(&self, mood: Mood) {
        *self.web.mood.lock().await = mood;
    }
}

/// Waits for a process; one that takes too long is ended.
async fn output_of(tool: Child) -> Output {
    let pid = tool.id();
    if let Ok(output) = timeout(PATIENCE, spawn_blocking(move || tool.wait_with_output())).await {
        output.unwrap().unwrap()
    } else {
        signal("-KILL", pid);
        panic!("the tool did not end")
    }
}

fn signal(name: &str, pid: u32) {
    assert!(Command::new("kill").args([name, &pid.to_string()]).status().unwrap().success());
}

pub async fn post_json(origin: &str, path: &str, token: &str, body: &Value) -> (u16, Value) {
    let host = origin.trim_start_matches("http://");
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).await.unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}")))
}

/// What each check says, in the order of the plan: `measure|phase` and `held`, `failed` or `unknown`.
fn checks(shown: &runs::acts::Shown) -> Vec<(String, String)> {
    let key = |check: &experiments::plan::Check| format!("{}|{}", check.key.measure, check.key.phase.word());
    let said = |check: &experiments::plan::Check| format!("{:?}", shown.facts.outcome(&check.key)).to_lowercase();
    shown.plan.identity.checks.iter().map(|check| (key(check), said(check))).collect()
}

fn expect_checks(shown: &runs::acts::Shown, expected: [(&str, &str); 4]) {
    let expected: Vec<(String, String)> = expected.map(|(key, said)| (key.to_owned(), said.to_owned())).into();
    assert_eq!(checks(shown), expected);
}

fn expect_identical(shown: &runs::acts::Shown) {
    assert_eq!(shown.facts.identity.fingerprint(), shown.plan.identity.fingerprint(), "identical to its plan");
    assert!(shown.facts.deviations.is_empty(), "{:?}", shown.facts.deviations);
    assert_eq!(shown.run.revision, 1);
}

fn said(shown: &runs::acts::Shown) -> (Execution, Option<Validity>, Option<Verdict>) {
    let validity = shown.validity.as_ref().map(|answer| answer.is);
    (shown.run.execution, validity, shown.proposed.as_ref().map(|answer| answer.is))
}
