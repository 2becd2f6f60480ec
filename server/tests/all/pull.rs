//! Measurements pulled from servers that hang, drip, flood and lie: the reason is on the SLO's page, and
//! no page waits for them.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::http::StatusCode;
use notebook::{
    desk::Desk,
    id::SloId,
    paging::Rows,
    services::{self, EnvironmentDraft, ServiceDraft},
    slos::{
        acts,
        drafts::Draft,
        measurements::{Said, Source},
        source::SourceDraft,
    },
    time::Moment,
};
use serde_json::json;
use server::{
    outgoing::{Outgoing, Rules},
    pulling::Puller,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::{interval, timeout},
};

use crate::{
    story::Story,
    world::{Answer, Browser, World},
};

/// Longer than anything here takes on a slow machine; a test that hangs says so.
const PATIENCE: Duration = Duration::from_mins(1);

/// How the other server behaves.
#[derive(Clone)]
pub enum Manner {
    /// Takes the question and never answers.
    Hangs,
    /// Answers a byte at a time, for ever.
    Drips,
    /// Answers without end.
    Floods,
    /// Hangs up.
    Closes,
    /// Says this and hangs up.
    Says(String),
    /// Answers what counters of pings hold that grow all along; this is the last bad one's value.
    Counts(&'static str),
    /// The same, among so many instances that were scraped once and are gone, and after so many others.
    Many(usize, usize),
}

pub struct Hostile {
    pub address: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    connections: Arc<AtomicUsize>,
    pub asked: Arc<Notify>,
}

impl Hostile {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hostile = Self {
            address: listener.local_addr().unwrap(),
            manner: Arc::new(Mutex::new(manner)),
            connections: Arc::default(),
            asked: Arc::default(),
        };
        let (manner, connections, asked) = (hostile.manner.clone(), hostile.connections.clone(), hostile.asked.clone());
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                connections.fetch_add(1, Ordering::SeqCst);
                let manner = manner.lock().unwrap().clone();
                tokio::spawn(answer(stream, manner, asked.clone()));
            }
        });
        hostile
    }

    pub fn becomes(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    pub fn seen(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A puller that may call this server.
    fn puller(&self, world: &World) -> Puller {
        let rules = Rules { networks: vec![IpAddr::V4(Ipv4Addr::LOCALHOST).into()], ports: vec![self.address.port()] };
        Puller::new(world.notebook.clone(), Outgoing::new(rules, None))
    }
}

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";

/// Whoever asked may hang up at any time, which is no trouble of the test.
async fn answer(mut stream: TcpStream, manner: Manner, asked: Arc<Notify>) {
    let question = question(&mut stream).await;
    asked.notify_one();
    let open = format!("{HEAD}\r\n");
    match manner {
        Manner::Hangs => std::future::pending::<()>().await,
        Manner::Closes => {}
        Manner::Says(text) => drop(stream.write_all(text.as_bytes()).await),
        Manner::Counts(odd) => {
            let text = format!("{open}{}", counters(&question, odd, 0, 0));
            drop(stream.write_all(text.as_bytes()).await);
        }
        Manner::Many(others, before) => {
            let text = format!("{open}{}", counters(&question, "", others, before));
            drop(stream.write_all(text.as_bytes()).await);
        }
        Manner::Drips => {
            let mut ticks = interval(Duration::from_millis(50));
            let mut bytes = open.into_bytes();
            bytes.resize(100_000, b' ');
            for byte in bytes {
                ticks.tick().await;
                if stream.write_all(&[byte]).await.is_err() {
                    return;
                }
            }
        }
        Manner::Floods => {
            let written = stream.write_all(open.as_bytes()).await;
            let mut going_on = written.is_ok();
            let piece = vec![b' '; 64 * 1024];
            while going_on {
                going_on = stream.write_all(&piece).await.is_ok();
            }
        }
    }
}

async fn question(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let got = stream.read(&mut piece).await.unwrap_or(0);
        read.extend_from_slice(&piece[..got]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let length = text
            .to_lowercase()
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.split('\r').next()?.parse::<usize>().ok());
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
        if got == 0 || body.zip(length).is_some_and(|(body, length)| body >= length) {
            return text;
        }
    }
}

/// Every 15 s, one bad ping of ten. The clock of the story begins at a whole minute.
fn counters(question: &str, odd: &str, others: usize, before: usize) -> String {
    const START: i64 = 1_793_613_600;
    if question.contains("last_over_time") {
        let held = |number| json!({"metric": {"job": "pods", "instance": number}, "value": [START - 60, "9"]});
        let result: Vec<_> = (0..before).map(|number| held(format!("old-{number}"))).collect();
        return json!({"status": "success", "data": {"resultType": "vector", "result": result}}).to_string();
    }
    let bad = question.contains("answered");
    let mut values: Vec<_> = (0_i64..600)
        .map(|scrape| (START - 1_200 + scrape * 15, if bad { scrape } else { scrape * 10 }))
        .map(|(at, value)| json!([at, value.to_string()]))
        .collect();
    if bad && !odd.is_empty() {
        for sample in &mut values {
            sample[1] = json!(odd);
        }
    }
    let metric = json!({"__name__": "pings_total", "job": "zookeeper", "instance": "zk-1"});
    let once = |number| json!({"metric": {"job": "pods", "instance": number}, "values": [[START + 4_590, "1"]]});
    let mut result = vec![json!({"metric": metric, "values": values})];
    result.extend((0..others).map(|number| once(number.to_string())));
    json!({"status": "success", "data": {"resultType": "matrix", "result": result}}).to_string()
}

const PROMISED: [(&str, &str); 7] = [
    ("title", "Sessions answer"),
    ("service", "zookeeper"),
    ("environment", "production"),
    ("measure", "answered pings"),
    ("target", "50 %"),
    ("too_broken", "10 %"),
    ("source", "prometheus"),
];

/// An SLO with this source, entered through the forms.
async fn connected(browser: &mut Browser, address: &str) -> Answer {
    let page = browser.get("/slos/new?service=zookeeper").await;
    browser.fill(&page, "/slos", &PROMISED).await;
    let page = browser.get("/slos/SLO-1").await;
    let typed = [("address", address), ("part", "pings_total{answered=\"no\"}"), ("total", "pings_total")];
    let sent = browser.fill(&page, "/slos/SLO-1/source", &typed).await;
    assert_eq!(
        (sent.status, sent.header("location")),
        (StatusCode::SEE_OTHER, "/slos/SLO-1#source"),
        "{}",
        sent.says("main")
    );
    browser.get("/slos/SLO-1").await
}

/// What the page says of the source after it was asked once.
async fn after_one_try(manner: Manner) -> String {
    let (story, hostile) = (Story::new().await, Hostile::start(manner).await);
    let mut ana = story.browser().await;
    let page = connected(&mut ana, &hostile.url()).await;
    assert!(page.says("#source").contains("It was not asked yet."), "{}", page.says("#source"));
    story.world.clock.pass_ms(240_000);
    timeout(PATIENCE, hostile.puller(&story.world).round()).await.unwrap();
    let page = ana.get("/slos/SLO-1").await;
    assert!(
        page.says("#measurements").contains("No measurements yet"),
        "nothing is known: {}",
        page.says("#measurements")
    );
    assert!(page.says("h1").contains("Sessions answer") && page.says("main").contains("Budget unknown"));
    page.says("#source")
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_no_answer_is_a_reason_on_the_page_and_never_good() {
    let status = |line: &str, body: &str| Manner::Says(format!("HTTP/1.1 {line}\r\nConnection: close\r\n\r\n{body}"));
    let error = json!({"status": "error", "errorType": "timeout", "error": "the query took too long"}).to_string();
    let part =
        json!({"status": "success", "warnings": ["a store is away"], "data": {"resultType": "matrix", "result": []}})
            .to_string();
    let nothing = json!({"status": "success", "data": {"resultType": "matrix", "result": []}}).to_string();
    let deep = format!("{HEAD}\r\n{}", "[".repeat(200_000));
    let zipped = format!("{HEAD}Content-Encoding: gzip\r\n\r\n\u{1f}nothing");
    for (manner, says) in [
        (Manner::Closes, "cannot be reached"),
        (Manner::Floods, "more than 1 MiB"),
        (status("500 Oops", "<h1>Oops</h1>"), "answers with 500"),
        (status("503 Busy", &error), "answers with 503: the query took too long"),
        (status("200 OK", "<html>Sign in</html>"), "does not answer as a Prometheus does"),
        (status("200 OK", &part), "only part of an answer: a store is away"),
        (status("200 OK", &nothing), "answers, but no counter of all events has a sample"),
        (Manner::Says(deep), "does not answer as a Prometheus does"),
        (Manner::Says(zipped), "does not answer as a Prometheus does"),
        (Manner::Says("SSH-2.0-OpenSSH_9\r\n".into()), "cannot be reached"),
        (Manner::Many(5_000, 0), "more than 5000 counters for one selector"),
        (Manner::Counts("NaN"), "a counter says NaN"),
        (Manner::Counts("+Inf"), "a counter says inf"),
        (Manner::Counts("-3"), "a counter says -3"),
        (Manner::Counts("0.5"), "a counter says 0.5"),
    ] {
        let source = after_one_try(manner).await;
        assert!(source.contains("Asking fails: Prometheus ") && source.contains(says), "{says}: {source}");
        assert!(
            source.contains("What was not measured is unknown, not good.") && source.contains("Next try"),
            "{source}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_hangs_is_not_waited_for() {
    let source = after_one_try(Manner::Hangs).await;
    assert!(source.contains("does not answer in time"), "{source}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_drips_is_not_waited_for() {
    let source = after_one_try(Manner::Drips).await;
    assert!(source.contains("does not answer in time"), "{source}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed() {
    let canary = Hostile::start(Manner::Closes).await;
    let elsewhere = format!("HTTP/1.1 302 Found\r\nLocation: {}/\r\nConnection: close\r\n\r\n", canary.url());
    let source = after_one_try(Manner::Says(elsewhere)).await;
    assert!(source.contains("answers with 302: it sends elsewhere, and nobody follows"), "{source}");
    assert_eq!(canary.seen(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_inside_is_not_called_unless_the_operator_named_it() {
    let (story, canary) = (Story::new().await, Hostile::start(Manner::Closes).await);
    let mut ana = story.browser().await;
    connected(&mut ana, &format!("http://localhost:{}", canary.address.port())).await;
    story.world.clock.pass_ms(240_000);
    let rules = Rules { networks: Vec::new(), ports: vec![canary.address.port()] };
    Puller::new(story.world.notebook.clone(), Outgoing::new(rules, None)).round().await;
    let source = ana.get("/slos/SLO-1").await.says("#source");
    assert!(source.contains("is this machine, and outgoing_networks does not name it"), "{source}");
    assert_eq!(canary.seen(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_answer_while_a_source_hangs() {
    let (story, hostile) = (Story::new().await, Hostile::start(Manner::Hangs).await);
    let mut ana = story.browser().await;
    connected(&mut ana, &hostile.url()).await;
    story.world.clock.pass_ms(240_000);
    let puller = hostile.puller(&story.world);
    let round = tokio::spawn(async move { puller.round().await });
    timeout(PATIENCE, hostile.asked.notified()).await.unwrap();
    for path in ["/slos/SLO-1", "/", "/slos"] {
        assert_eq!(ana.get(path).await.status, StatusCode::OK, "{path}");
    }
    let numbers = [
        ("rows.0.from", "2026-11-02T09:00"),
        ("rows.0.to", "2026-11-02T10:00"),
        ("rows.0.good", "9"),
        ("rows.0.bad", "1"),
    ];
    let page = ana.get("/slos/SLO-1").await;
    let sent = ana.fill(&page, "/slos/SLO-1/measurements", &numbers).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "nothing is locked meanwhile: {}", sent.says("main"));
    assert!(!round.is_finished(), "it hung all along");
    round.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_counters_hold_up_nobody() {
    let (story, hostile) = (Story::new().await, Hostile::start(Manner::Many(4_000, 0)).await);
    let mut ana = story.browser().await;
    connected(&mut ana, &hostile.url()).await;
    story.world.clock.pass_ms(3_600_000);
    let puller = hostile.puller(&story.world);
    let round = tokio::spawn(async move { puller.round().await });
    timeout(PATIENCE, hostile.asked.notified()).await.unwrap();
    let page = timeout(PATIENCE, ana.get("/")).await.unwrap();
    assert_eq!(page.status, StatusCode::OK);
    timeout(PATIENCE, round).await.unwrap().unwrap();
    let seen = pulled(&story.ana, SloId::of(1)).await;
    assert!(!seen.is_empty() && seen.iter().all(|(_, good, bad)| (*good, *bad) == (36, 4)), "{seen:?}");
}

/// Start, good and bad of what was pulled, the oldest first.
async fn pulled(desk: &Desk, id: SloId) -> Vec<(Moment, u64, u64)> {
    let (rows, _) = acts::measurements(desk, id, None, Rows::default()).await.unwrap();
    let mut seen: Vec<_> = rows
        .into_iter()
        .filter(|row| row.record.source == Source::Prometheus)
        .map(|row| match row.record.said {
            Said::Events { good, bad } => (row.record.interval.start(), good, bad),
            other => panic!("{other:?}"),
        })
        .collect();
    seen.sort();
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn more_counters_of_before_than_are_taken_leave_one_step_unknown() {
    // The first number is too many counters, the second more than 1 MiB as well.
    for before in [5_001, 20_000] {
        let (story, hostile) = (Story::new().await, Hostile::start(Manner::Many(3, before)).await);
        let mut ana = story.browser().await;
        connected(&mut ana, &hostile.url()).await;
        story.world.clock.pass_ms(240_000);
        timeout(PATIENCE, hostile.puller(&story.world).round()).await.unwrap();
        let seen = pulled(&story.ana, SloId::of(1)).await;
        let known: Vec<_> =
            seen.iter().map(|(at, good, bad)| (at.micros() / 1_000_000 - 1_793_613_600, *good, *bad)).collect();
        assert_eq!(known, [(4_620, 36, 4), (4_680, 36, 4)], "{before}");
        let source = ana.get("/slos/SLO-1").await.says("#source");
        assert!(
            source.contains("1 of 3 steps stay unknown")
                && source.contains("nobody can say what 3 of the counters held before"),
            "{before}: {source}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_fails_is_left_alone_for_a_while_and_then_catches_up_exactly() {
    let (story, hostile) = (Story::new().await, Hostile::start(Manner::Closes).await);
    let mut ana = story.browser().await;
    connected(&mut ana, &hostile.url()).await;
    let puller = hostile.puller(&story.world);
    story.world.clock.pass_ms(120_000);
    puller.round().await;
    let tries = hostile.seen();
    puller.round().await;
    assert_eq!(hostile.seen(), tries, "it is not asked again at once");
    hostile.becomes(Manner::Counts(""));
    story.world.clock.pass_ms(180_000);
    puller.round().await;
    let id = SloId::of(1);
    let seen = pulled(&story.ana, id).await;
    assert!(seen.len() >= 4 && seen.iter().all(|(_, good, bad)| (*good, *bad) == (36, 4)), "{seen:?}");
    assert!(seen.windows(2).all(|two| two[1].0.ms_since(two[0].0) == 60_000), "no minute is missing: {seen:?}");
    let page = ana.get("/slos/SLO-1").await;
    let source = page.says("#source");
    assert!(
        source.contains("Last answer") && source.contains("Last failure") && !source.contains("Asking fails"),
        "{source}"
    );
    assert!(page.says("#measurements-table").contains("Prometheus"), "{}", page.says("#measurements-table"));

    // The same once more, from the beginning: what is known stays as it is.
    let sent = ana.fill(&page, "/slos/SLO-1/source", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says("main"));
    puller.round().await;
    assert_eq!(pulled(&story.ana, id).await, seen);
    let stale = ana.fill(&page, "/slos/SLO-1/source", &[("step", "5 min")]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let page = ana.get("/slos/SLO-1").await;
    let off: Vec<(String, String)> =
        page.form("/slos/SLO-1/source").into_iter().filter(|(name, _)| name != "on").collect();
    let off: Vec<(&str, &str)> = off.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    ana.post("/slos/SLO-1/source", &off).await;
    story.world.clock.pass_ms(600_000);
    let tries = hostile.seen();
    puller.round().await;
    assert_eq!(hostile.seen(), tries, "what is off is not asked");
    let page = ana.get("/slos/SLO-1").await;
    assert!(page.says("#source").contains("It is off"), "{}", page.says("#source"));
    let gone = ana.fill(&page, "/slos/SLO-1/remove-source", &[("reason", "Pings are pushed")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.says("main"));
    let page = ana.get("/slos/SLO-1").await;
    assert!(page.says("#source").contains("Nobody asks anywhere") && page.says("main").contains("removed its source"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_form_of_a_source_lacks_stands_beside_its_fields() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    connected(&mut ana, "https://prometheus.example.org").await;
    let page = ana.get("/slos/SLO-1").await;
    let typed = [
        ("address", "https://ana:s3cret@prometheus.example.org"),
        ("part", "rate(pings_total[5m])"),
        ("step", "7 min"),
    ];
    let answer = ana.fill(&page, "/slos/SLO-1/source", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (field, says) in
        [("address", "name a credential instead"), ("part", "without functions"), ("step", "a part of an hour")]
    {
        let id = format!("#slos-slo-1-source-{field}-error");
        assert!(answer.says(&id).contains(says), "{field}: {}", answer.says(&id));
    }
    assert!(answer.has("#source details[open]"), "what came back is seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_nodes_one_asks() {
    let Some((one, other)) = World::two().await else { return };
    let hostile = Hostile::start(Manner::Counts("")).await;
    let system = one.system();
    let place =
        EnvironmentDraft { name: "production".into(), class: "production".into(), ..EnvironmentDraft::default() };
    services::acts::add_environment(&system, &place).await.unwrap();
    services::acts::add(&system, &ServiceDraft { name: "zookeeper".into(), ..ServiceDraft::default() }).await.unwrap();
    let promised = Draft {
        title: "Sessions answer".into(),
        service: "zookeeper".into(),
        environment: "production".into(),
        measure: "answered pings".into(),
        target: "50 %".into(),
        window: "rolling".into(),
        days: "28".into(),
        method: "occurrences".into(),
        too_broken: "10 %".into(),
        ..Draft::default()
    };
    let id = acts::write(&system, &promised).await.unwrap().id;
    let source = SourceDraft {
        address: hostile.url(),
        counts: "bad".into(),
        part: "pings_total{answered=\"no\"}".into(),
        total: "pings_total".into(),
        on: "on".into(),
        ..SourceDraft::default()
    };
    acts::write_source(&system, id, &source).await.unwrap();
    for world in [&one, &other] {
        world.clock.pass_ms(240_000);
    }
    let pullers = [hostile.puller(&one), hostile.puller(&other)];
    tokio::join!(pullers[0].round(), pullers[1].round());
    assert_eq!(hostile.seen(), 2, "one question for each selector");
    assert_eq!(pulled(&system, id).await.len(), 3);
}
