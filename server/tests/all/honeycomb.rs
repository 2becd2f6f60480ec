//! Honeycomb beside an SLO: asked through the rules for other servers, told on the page with its age, and
//! its burn alerts at their door.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use notebook::{
    actor::Role,
    id::SloId,
    paging::Rows,
    slos::acts::{self, honeycomb as beside},
};
use serde_json::{Value, json};
use server::{
    outgoing::{Outgoing, Rules},
    pulling::Puller,
};
use tokio::net::TcpListener;

use crate::{
    ingest::{problem, token},
    story::Story,
    world::{Answer, Browser, World, answer},
};

const MINUTE_MS: i64 = 60_000;
const DOOR: &str = "/api/v1/ingest/honeycomb";
const KEY: &str = "hcaik_s3cret";

/// What the server says next: status, a header `Retry-After`, and a body.
#[derive(Clone)]
struct Says(u16, Option<&'static str>, String);

#[derive(Default)]
struct Seen {
    /// Address and key of each question.
    asked: Vec<(String, String)>,
}

/// A server on this machine that answers as it is told and writes down what it was asked.
struct Fake {
    address: SocketAddr,
    says: Arc<Mutex<Says>>,
    seen: Arc<Mutex<Seen>>,
    credentials: tempfile::TempDir,
}

type Shared = (Arc<Mutex<Says>>, Arc<Mutex<Seen>>);

async fn respond(State((says, seen)): State<Shared>, request: Request<Body>) -> Response {
    let key = request.headers().get("x-honeycomb-team").and_then(|key| key.to_str().ok()).unwrap_or_default();
    seen.lock().unwrap().asked.push((request.uri().to_string(), key.to_owned()));
    let Says(status, retry_after, body) = says.lock().unwrap().clone();
    let status = StatusCode::from_u16(status).unwrap();
    match retry_after {
        Some(when) => (status, [(header::RETRY_AFTER, when)], body).into_response(),
        None => (status, body).into_response(),
    }
}

impl Fake {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let says = Arc::new(Mutex::new(Says(200, None, budget(97.98, 88.13))));
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let router = Router::new().fallback(respond).with_state((says.clone(), seen.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let credentials = tempfile::tempdir().unwrap();
        let kept = format!("origin = \"http://{address}\"\nheader = \"X-Honeycomb-Team\"\nvalue = \"{KEY}\"\n");
        std::fs::write(credentials.path().join("honeycomb.toml"), kept).unwrap();
        Self { address, says, seen, credentials }
    }

    fn becomes(&self, status: u16, retry_after: Option<&'static str>, body: impl Into<String>) {
        *self.says.lock().unwrap() = Says(status, retry_after, body.into());
    }

    fn asked(&self) -> Vec<(String, String)> {
        self.seen.lock().unwrap().asked.clone()
    }

    fn puller(&self, world: &World) -> Puller {
        let rules = Rules { networks: vec![IpAddr::V4(Ipv4Addr::LOCALHOST).into()], ports: vec![self.address.port()] };
        Puller::new(world.notebook.clone(), Outgoing::new(rules, Some(self.credentials.path().to_owned())))
    }
}

fn budget(compliance: f64, remaining: f64) -> String {
    json!({
        "id": "2LBq9LckbcA", "name": "Shop answers", "target_per_million": 950_000, "time_period_days": 30,
        "compliance": compliance, "budget_remaining": remaining, "tags": [],
    })
    .to_string()
}

const PROMISED: [(&str, &str); 6] = [
    ("title", "Sessions answer"),
    ("service", "zookeeper"),
    ("environment", "production"),
    ("measure", "answered pings"),
    ("target", "50 %"),
    ("too_broken", "10 %"),
];

/// SLO-1, entered through the form.
async fn promised(browser: &mut Browser) -> Answer {
    let page = browser.get("/slos/new?service=zookeeper").await;
    browser.fill(&page, "/slos", &PROMISED).await;
    browser.get("/slos/SLO-1").await
}

/// SLO-1 with an SLO of Honeycomb beside it, entered through the forms.
async fn connected(browser: &mut Browser, address: &str) -> Answer {
    let page = promised(browser).await;
    let typed = [("address", address), ("dataset", "shop"), ("slo", "2LBq9LckbcA"), ("credential", "honeycomb")];
    let sent = browser.fill(&page, "/slos/SLO-1/honeycomb", &typed).await;
    assert_eq!(
        (sent.status, sent.header("location")),
        (StatusCode::SEE_OTHER, "/slos/SLO-1#honeycomb"),
        "{}",
        sent.says("main")
    );
    browser.get("/slos/SLO-1").await
}

/// What the page says beside the SLO.
async fn beside_of(browser: &mut Browser) -> String {
    browser.get("/slos/SLO-1").await.says("#honeycomb")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_stands_beside_the_slo_with_its_source_and_age() {
    let (story, fake) = (Story::new().await, Fake::start().await);
    let mut ana = story.browser().await;
    let page = connected(&mut ana, &format!("http://{}", fake.address)).await;
    assert!(page.says("#honeycomb").contains("Honeycomb was not asked yet."), "{}", page.says("#honeycomb"));
    let before = acts::show(&story.ana, SloId::of(1)).await.unwrap().standing;
    let puller = fake.puller(&story.world);
    puller.round().await;
    let question = "/1/slos/shop/2LBq9LckbcA?detailed=true".to_owned();
    assert_eq!(fake.asked(), [(question, KEY.to_owned())]);
    let page = ana.get("/slos/SLO-1").await;
    let told = page.says("#honeycomb");
    for says in ["88.13 %", "97.98 %", "95 % over 30 days", "Shop answers", "They are not counted here", "Last answer"]
    {
        assert!(told.contains(says), "{says}: {told}");
    }
    assert!(page.says("main").contains("Budget unknown") && !told.contains("Old:"), "{told}");
    assert_eq!(acts::show(&story.ana, SloId::of(1)).await.unwrap().standing, before);

    story.world.clock.pass_ms(5 * MINUTE_MS - 1);
    puller.round().await;
    assert_eq!(fake.asked().len(), 1, "not more often than every five minutes");
    story.world.clock.pass_ms(1);
    puller.round().await;
    assert_eq!(fake.asked().len(), 2);
    let (heard, _) = beside::observations(&story.ana, SloId::of(1), None, Rows::default()).await.unwrap();
    assert_eq!(heard.len(), 1, "the same answer is one observation");

    fake.becomes(503, None, "<h1>Oops</h1>");
    story.world.clock.pass_ms(5 * MINUTE_MS);
    puller.round().await;
    story.world.clock.pass_ms(11 * MINUTE_MS);
    let told = beside_of(&mut ana).await;
    assert!(told.contains("Asking fails: Honeycomb answers with 503."), "{told}");
    assert!(told.contains("Old: Honeycomb said this 16 min ago, and what is left now is not known."), "{told}");
    assert!(told.contains("88.13 %"), "what it said last is told as old: {told}");
    assert!(!ana.get("/slos/SLO-1").await.text().contains(KEY));
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_are_shown_in_per_cent_and_said_to_be_shares() {
    let (story, fake) = (Story::new().await, Fake::start().await);
    let mut ana = story.browser().await;
    connected(&mut ana, &format!("http://{}", fake.address)).await;
    fake.becomes(200, None, budget(0.998, -0.85));
    fake.puller(&story.world).round().await;
    let told = beside_of(&mut ana).await;
    assert!(told.contains("99.8 %") && told.contains("−85 %") && told.contains("shares of one"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_no_budget_is_a_reason_on_the_page() {
    let (story, fake) = (Story::new().await, Fake::start().await);
    let mut ana = story.browser().await;
    connected(&mut ana, &format!("http://{}", fake.address)).await;
    let puller = fake.puller(&story.world);
    let denied = json!({ "status": 401, "title": "Unauthorized", "error": "unknown API key" }).to_string();
    for (status, body, says) in [
        (401, denied, "answers with 401: unknown API key"),
        (404, "{}".to_owned(), "answers with 404."),
        (302, String::new(), "it sends elsewhere, and nobody follows"),
        (200, "<html>Sign in</html>".to_owned(), "does not answer as Honeycomb does"),
        (200, "{\"id\": \"2LBq9LckbcA\"}".to_owned(), "without compliance and budget_remaining"),
        (200, "{\"compliance\": NaN, \"budget_remaining\": 3}".to_owned(), "without compliance and budget_remaining"),
        (200, " ".repeat(2 * 1024 * 1024), "answers with more than 1 MiB"),
    ] {
        fake.becomes(status, None, body);
        puller.round().await;
        let told = beside_of(&mut ana).await;
        assert!(told.contains("Asking fails") && told.contains(says), "{says}: {told}");
        assert!(!told.contains("Budget left"), "{told}");
        story.world.clock.pass_ms(20 * MINUTE_MS);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_to_be_left_alone_is() {
    let (story, fake) = (Story::new().await, Fake::start().await);
    let mut ana = story.browser().await;
    connected(&mut ana, &format!("http://{}", fake.address)).await;
    let puller = fake.puller(&story.world);
    let limited =
        json!({ "status": 429, "type": "https://api.honeycomb.io/problems/rate-limited", "error": "rate limited" });
    // The story's clock stands a while after ten.
    fake.becomes(429, Some("Mon, 02 Nov 2026 20:00:00 GMT"), limited.to_string());
    puller.round().await;
    let next_at = beside::show(&story.ana, SloId::of(1)).await.unwrap().polls.next_at.unwrap();
    assert_eq!(next_at.rfc3339(), "2026-11-02T20:00:00Z");
    fake.becomes(200, None, budget(99.0, 50.0));
    story.world.clock.pass_ms(60 * MINUTE_MS);
    puller.round().await;
    assert_eq!(fake.asked().len(), 1);
    story.world.clock.pass_ms(10 * 60 * MINUTE_MS);
    puller.round().await;
    assert_eq!(fake.asked().len(), 2);
    assert!(beside_of(&mut ana).await.contains("50 %"));
}

#[tokio::test(flavor = "multi_thread")]
async fn honeycomb_is_asked_for_one_slo_at_a_time_so_that_others_have_places() {
    let (story, fake) = (Story::new().await, Fake::start().await);
    let mut ana = story.browser().await;
    let address = format!("http://{}", fake.address);
    connected(&mut ana, &address).await;
    let page = ana.get("/slos/new?service=zookeeper").await;
    let mut other = PROMISED;
    other[0].1 = "Sessions begin";
    ana.fill(&page, "/slos", &other).await;
    let page = ana.get("/slos/SLO-2").await;
    let typed =
        [("address", address.as_str()), ("dataset", "shop"), ("slo", "2LBq9LckbcA"), ("credential", "honeycomb")];
    ana.fill(&page, "/slos/SLO-2/honeycomb", &typed).await;
    let puller = fake.puller(&story.world);
    puller.round().await;
    assert_eq!(fake.asked().len(), 1, "the other places are for other sources");
    puller.round().await;
    assert_eq!(fake.asked().len(), 2, "its turn comes next");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_and_credentials_are_judged_as_for_every_other_server() {
    let (story, fake) = (Story::new().await, Fake::start().await);
    let mut ana = story.browser().await;
    connected(&mut ana, &format!("http://localhost:{}", fake.address.port())).await;
    let rules = Rules { networks: Vec::new(), ports: vec![fake.address.port()] };
    let folder = Some(fake.credentials.path().to_owned());
    Puller::new(story.world.notebook.clone(), Outgoing::new(rules, folder)).round().await;
    let told = beside_of(&mut ana).await;
    assert!(told.contains("which is for another address"), "its file names 127.0.0.1: {told}");

    story.world.clock.pass_ms(20 * MINUTE_MS);
    let page = ana.get("/slos/SLO-1").await;
    let address = format!("http://{}", fake.address);
    ana.fill(&page, "/slos/SLO-1/honeycomb", &[("address", address.as_str())]).await;
    let rules = Rules { networks: Vec::new(), ports: vec![fake.address.port()] };
    let folder = Some(fake.credentials.path().to_owned());
    Puller::new(story.world.notebook.clone(), Outgoing::new(rules, folder)).round().await;
    let told = beside_of(&mut ana).await;
    assert!(told.contains("is this machine, and outgoing_networks does not name it"), "{told}");
    assert!(fake.asked().is_empty(), "nobody came");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_comes_back_with_its_troubles_and_goes_away_with_a_reason() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = connected(&mut ana, "").await;
    assert!(page.says("#honeycomb").contains("2LBq9LckbcA of shop at https://api.honeycomb.io"), "the usual address");
    let typed = [("address", "https://ana:s3cret@example.org"), ("dataset", "a/../b"), ("credential", "../x")];
    let refused = ana.fill(&page, "/slos/SLO-1/honeycomb", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (field, says) in [
        ("address", "name a credential instead"),
        ("dataset", "in Honeycomb's own addresses"),
        ("credential", "small letters"),
    ] {
        let id = format!("#slos-slo-1-honeycomb-{field}-error");
        assert!(refused.says(&id).contains(says), "{field}: {}", refused.says(&id));
    }
    assert!(refused.has("#honeycomb details[open]"), "what came back is seen");
    let gone = ana.fill(&page, "/slos/SLO-1/remove-honeycomb", &[("reason", "Another vendor")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.says("main"));
    let page = ana.get("/slos/SLO-1").await;
    assert!(page.says("#honeycomb").contains("It would not be counted."), "{}", page.says("#honeycomb"));
    assert!(page.says("main").contains("removed the SLO of Honeycomb beside it"));
}

/// As Honeycomb's webhook sends it.
async fn deliver(world: &World, secret: &str, query: &str, delivery: &str, body: impl Into<Body>) -> Answer {
    let mut request = Request::post(format!("{DOOR}{query}")).header(header::CONTENT_TYPE, "application/json");
    if !secret.is_empty() {
        request = request.header("x-honeycomb-webhook-token", secret);
    }
    if !delivery.is_empty() {
        request = request.header("x-honeycomb-webhook-delivery-id", delivery);
    }
    answer(&world.router, request.body(body.into()).unwrap()).await
}

fn alert(status: &str) -> String {
    json!({
        "id": "bA1", "name": "Shop answers", "status": status, "instance": "i-1",
        "summary": "Its budget is gone in 4 hours", "url": "https://ui.honeycomb.io/shop/slo/1",
        "headers": { "Authorization": "Bearer hunter2hunter2" },
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burn_alert_is_taken_once_with_the_right_secret_only() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    promised(&mut ana).await;
    let world = &story.world;
    let secret = token(world, "Ci", Role::Contributor, "ingest").await;
    let reader = token(world, "Rita", Role::Contributor, "read").await;
    let viewer = token(world, "Vera", Role::Viewer, "ingest").await;
    for wrong in ["", "rtl_p_wrong", "not a token"] {
        let sent = deliver(world, wrong, "?slo=SLO-1", "d-1", alert("triggered")).await;
        assert_eq!(problem(&sent), (401, "sign_in".into()), "{wrong}");
    }
    for (other, who) in [(&reader, "a token that only reads"), (&viewer, "a viewer's")] {
        let sent = deliver(world, other, "?slo=SLO-1", "d-1", alert("triggered")).await;
        assert_eq!(problem(&sent).0, 403, "{who}");
    }
    // The header opens this door and no other.
    let elsewhere = Request::get("/api/v1/slos").header("x-honeycomb-webhook-token", &secret);
    assert_eq!(answer(&world.router, elsewhere.body(Body::empty()).unwrap()).await.status, StatusCode::UNAUTHORIZED);

    let first = deliver(world, &secret, "?slo=SLO-1", "d-1", alert("triggered")).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let told = first.json();
    assert_eq!((&told["slo"], &told["observation"], &told["again"]), (&json!("SLO-1"), &json!(1), &json!(false)));
    let again = deliver(world, &secret, "?slo=slo-1", "d-1", alert("triggered")).await;
    assert_eq!((again.status, &again.json()["again"]), (StatusCode::OK, &json!(true)));
    let (heard, _) = beside::observations(&story.ana, SloId::of(1), None, Rows::default()).await.unwrap();
    assert_eq!(heard.len(), 1, "twice is one row");

    let page = ana.get("/slos/SLO-1").await;
    let beside = page.says("#honeycomb");
    assert!(beside.contains("Shop answers: burning") && beside.contains("Its budget is gone in 4 hours"), "{beside}");
    assert!(page.says("main").contains("took a burn alert of Honeycomb") && !page.text().contains("hunter2"));
    story.world.clock.pass_ms(25 * 60 * MINUTE_MS);
    let mut ana = story.browser().await;
    assert!(beside_of(&mut ana).await.contains("whether it still burns is not known"));
    deliver(world, &secret, "?slo=SLO-1", "d-2", alert("resolved")).await;
    let beside = beside_of(&mut ana).await;
    assert!(beside.contains("Shop answers: over") && !beside.contains("Old:"), "{beside}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_alert_about_an_slo_is_refused_and_says_why() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    promised(&mut ana).await;
    let world = &story.world;
    let secret = token(world, "Ci", Role::Contributor, "ingest").await;
    let field = |answer: &Answer| -> Value { answer.json()["fields"][0]["field"].clone() };
    let unknown = deliver(world, &secret, "?slo=SLO-9", "d-1", alert("triggered")).await;
    assert_eq!(problem(&unknown), (404, "missing".into()));
    assert!(unknown.json()["detail"].as_str().unwrap().contains("SLO-9"), "{}", unknown.text());
    for (query, body, named) in [
        ("", alert("triggered"), "slo"),
        ("?slo=RUN-1", alert("triggered"), "slo"),
        ("?slo=SLO-1&sloo=SLO-1", alert("triggered"), "sloo"),
        ("?slo=SLO-1", "[]".to_owned(), "document"),
        ("?slo=SLO-1", "<html>".to_owned(), "document"),
    ] {
        let sent = deliver(world, &secret, query, "d-1", body).await;
        assert_eq!((problem(&sent).0, field(&sent)), (422, json!(named)), "{query}");
    }
    let large = json!({ "status": "triggered", "name": "x".repeat(100_000) }).to_string();
    assert_eq!(problem(&deliver(world, &secret, "?slo=SLO-1", "d-1", large).await), (413, "too_much".into()));
    let plain = Request::post(format!("{DOOR}?slo=SLO-1")).header("x-honeycomb-webhook-token", &secret);
    let sent = answer(&world.router, plain.body(Body::from(alert("triggered"))).unwrap()).await;
    assert_eq!(sent.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let (heard, _) = beside::observations(&story.ana, SloId::of(1), None, Rows::default()).await.unwrap();
    assert!(heard.is_empty(), "none of these was kept");
}
