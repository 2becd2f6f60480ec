//! Alertmanager's webhook at its door, and what a run's page makes of it. Bodies are typed from what
//! Alertmanager 0.25 was seen to send.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use notebook::{
    actor::Role,
    alerts::acts,
    desk::Desk,
    experiments::{self, Draft, draft::SignalRow},
    id::RunId,
    paging::Rows,
    runs::{
        self,
        drafts::{AtDraft, PlanDraft, StartDraft, TargetDraft},
        telemetry::Telemetry,
    },
    time::Moment,
};
use serde_json::{Value, json};

use crate::{
    ingest::{problem, token},
    plan::restart_one_zookeeper,
    ready::make_ready,
    story::Story,
    world::{Answer, World, answer},
};

const DOOR: &str = "/api/v1/ingest/alertmanager";
pub const HERE: &str = "?environment=production";

/// A started run of an experiment that expects `ZooKeeperDown` within two minutes.
pub async fn started(starter: &Desk, second: &Desk) -> RunId {
    expecting(starter, second, "fire").await
}

/// The same with another word for what is expected: `fire` or `silent`.
async fn expecting(starter: &Desk, second: &Desk, expect: &str) -> RunId {
    let signal = SignalRow {
        signal: "zookeeper-down".into(),
        expect: expect.into(),
        time: "2 min".into(),
        alert: "ZooKeeperDown, service=zookeeper".into(),
    };
    let draft = Draft { signals: vec![signal], ..restart_one_zookeeper() };
    let experiment = experiments::acts::create(starter, &draft).await.unwrap().id;
    experiments::acts::request_review(starter, experiment).await.unwrap();
    experiments::acts::approve(second, experiment, 1, "").await.unwrap();
    let plan = PlanDraft { experiment: experiment.to_string(), ..PlanDraft::default() };
    let run = runs::acts::plan(starter, &plan).await.unwrap().id;
    make_ready(starter, second, run).await.unwrap();
    let hit = TargetDraft { name: "zk-1".into(), hit: "on".into(), ..TargetDraft::default() };
    runs::acts::start(starter, run, &StartDraft { targets: vec![hit], ..StartDraft::default() }).await.unwrap();
    run
}

pub fn alert(name: &str, starts: Moment, ended: Option<Moment>) -> Value {
    json!({
        "status": if ended.is_some() { "resolved" } else { "firing" },
        "labels": { "alertname": name, "service": "zookeeper", "severity": "page" },
        "annotations": { "summary": "zk-1 <b>does not answer</b>" },
        "startsAt": starts.rfc3339(),
        "endsAt": ended.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), Moment::rfc3339),
        "generatorURL": "http://ana:hunter2@prometheus.example.org/graph",
        "fingerprint": format!("{name}-0ad7b8b0c6a5f3de"),
    })
}

pub fn message(alerts: &[Value]) -> String {
    json!({
        "receiver": "retrial", "status": "firing", "alerts": alerts, "groupLabels": { "alertname": "ZooKeeperDown" },
        "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://alertmanager.example.org", "version": "4",
        "groupKey": "{}:{alertname=\"ZooKeeperDown\"}", "truncatedAlerts": 0,
    })
    .to_string()
}

pub async fn deliver(world: &World, token: &str, query: &str, body: impl Into<Body>) -> Answer {
    let mut request = Request::post(format!("{DOOR}{query}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, "Alertmanager/0.25.0");
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    answer(&world.router, request.body(body.into()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_token_that_ingests_opens_the_door() {
    let story = Story::new().await;
    let world = &story.world;
    let (told, now) = (|at| message(&[alert("ZooKeeperDown", at, None)]), world.notebook.now());
    for wrong in ["", "rtl_p_wrong", "not a token"] {
        assert_eq!(problem(&deliver(world, wrong, HERE, told(now)).await), (401, "sign_in".into()), "{wrong}");
    }
    let reader = token(world, "Rita", Role::Contributor, "read").await;
    let viewer = token(world, "Vera", Role::Viewer, "ingest").await;
    for other in [&reader, &viewer] {
        assert_eq!(problem(&deliver(world, other, HERE, told(now)).await).0, 403);
    }
    let secret = token(world, "Ci", Role::Contributor, "ingest").await;
    let plain = Request::post(DOOR).header(header::AUTHORIZATION, format!("Bearer {secret}"));
    let sent = answer(&world.router, plain.body(Body::from(told(now))).unwrap()).await;
    assert_eq!(sent.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for (query, body, field) in [
        ("?environment=moon", told(now), "environment"),
        ("?environment=Not%20a%20slug", told(now), "environment"),
        ("?environmet=production", told(now), "environmet"),
        (HERE, "[]".to_owned(), "document"),
        (HERE, "{\"text\": \"a payload of somebody's own\"}".to_owned(), "document"),
        (HERE, "<html>".to_owned(), "document"),
    ] {
        let refused = deliver(world, &secret, query, body).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["fields"][0]["field"]), (422, &json!(field)), "{query}");
    }
    let kept = acts::list(&story.ana, None, None, Rows::default()).await.unwrap();
    assert!(kept.alerts.is_empty() && kept.sources.is_empty(), "none of these was kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn twice_is_one_and_an_end_that_comes_first_is_an_end() {
    let story = Story::new().await;
    let world = &story.world;
    let secret = token(world, "Ci", Role::Contributor, "ingest").await;
    let starts = world.notebook.now().plus_minutes(-5);
    let over = message(&[alert("ZooKeeperDown", starts, Some(starts.plus_minutes(2)))]);
    let firing = message(&[alert("ZooKeeperDown", starts, None)]);
    for (body, news) in [(&over, 1), (&firing, 0), (&over, 0)] {
        let told = deliver(world, &secret, HERE, body.clone()).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.text());
        let told = told.json();
        assert_eq!((&told["alerts"], &told["news"], &told["complete"]), (&json!(1), &json!(news), &json!(true)));
        assert_eq!(told["url"], "http://127.0.0.1:7340/alerts");
    }
    let kept = acts::list(&story.ana, None, None, Rows::default()).await.unwrap();
    assert_eq!((kept.alerts.len(), kept.alerts[0].ended_at), (1, Some(starts.plus_minutes(2))));
    let mut ana = story.browser().await;
    let page = ana.get("/alerts").await;
    let text = page.says("main");
    assert!(text.contains("ZooKeeperDown") && text.contains("zookeeper, production"), "{text}");
    assert!(text.contains("zk-1 <b>does not answer</b>") && !page.text().contains("hunter2"), "{text}");
    let sources = page.says("#sources");
    assert!(sources.contains("production"), "{sources}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_shows_what_was_told_and_begins_a_finding_from_a_blind_spot() {
    let story = Story::new().await;
    let (world, mut ana) = (&story.world, story.browser().await);
    let secret = token(world, "Ci", Role::Contributor, "ingest").await;
    let run = started(&story.ana, &story.ben).await;
    let alive = || message(&[alert("Watchdog", world.notebook.now().plus_minutes(-600), None)]);
    deliver(world, &secret, HERE, alive()).await;
    runs::acts::begin_fault(&story.ana, run, &AtDraft::default()).await.unwrap();
    let address = format!("/runs/{run}");
    let waits = ana.get(&address).await.says("#signals");
    assert!(waits.contains("no alert that fits has fired so far, and 2 min are not over"), "{waits}");
    assert!(waits.contains("alertname=\"ZooKeeperDown\", service=\"zookeeper\""), "{waits}");

    world.clock.pass_ms(200_000);
    let other = message(&[alert("DiskFull", world.notebook.now(), None)]);
    let told = deliver(world, &secret, HERE, other).await;
    assert_eq!(told.json()["answered"], json!([run.to_string()]), "its time is over, and nothing that fits fired");
    let page = ana.get(&address).await;
    let signals = page.says("#signals");
    assert!(signals.contains("stayed silent") && signals.contains("Blind spot"), "{signals}");
    let heard = page.says("#heard");
    assert!(heard.contains("Blind spot The signal zookeeper-down stayed silent"), "{heard}");
    assert!(heard.contains("DiskFull"), "what nobody expected stands beside it: {heard}");
    let [begins]: [String; 1] = page.all("#heard li a", "href").try_into().unwrap();
    assert_eq!(begins, format!("/findings/new?run={run}&kind=telemetry_gap&revealing=signal%3Azookeeper-down"));

    let form = ana.get(&begins).await;
    let fields = form.form("/findings");
    for (name, value) in [
        ("title", "Blind spot: zookeeper-down"),
        ("kind", "telemetry_gap"),
        ("revealing", "signal:zookeeper-down"),
        ("origin", &run.to_string()),
    ] {
        assert!(fields.contains(&(name.to_owned(), value.to_owned())), "{name} in {fields:?}");
    }
    assert!(ana.get("/findings").await.has(".empty"), "nothing is written by itself");
    let sent = ana.fill(&form, "/findings", &[]).await;
    assert_eq!(sent.header("location"), "/findings/FND-1", "{}", sent.says(".errors"));
    let page = ana.get(&address).await;
    assert_eq!(page.all("#heard li a", "href"), ["/findings/FND-1"], "it is proposed no more");

    // It fired in time after all; the message came late.
    let late = alert("ZooKeeperDown", world.notebook.now().plus_micros(-130_000_000), Some(world.notebook.now()));
    deliver(world, &secret, HERE, message(&[late])).await;
    let signals = ana.get(&address).await.says("#signals");
    assert!(signals.contains("fired after 1 min 10 s") && signals.contains("Agreed"), "{signals}");
}

#[tokio::test(flavor = "multi_thread")]
async fn s_r4_each_answer_comes_by_the_webhook_and_all_but_agreed_begin_a_finding() {
    for (expect, fires_after_s, is_heard, is) in [
        ("fire", Some(70), true, Telemetry::Agreed),
        ("fire", Some(200), true, Telemetry::BlindSpot),
        ("fire", None, true, Telemetry::BlindSpot),
        ("fire", None, false, Telemetry::NoData),
        ("silent", None, true, Telemetry::Agreed),
        ("silent", Some(70), true, Telemetry::FalseAlarm),
        ("silent", None, false, Telemetry::NoData),
    ] {
        let story = Story::new().await;
        let (world, mut ana) = (&story.world, story.browser().await);
        let secret = token(world, "Ci", Role::Contributor, "ingest").await;
        let run = expecting(&story.ana, &story.ben, expect).await;
        let alive = message(&[alert("Watchdog", world.notebook.now().plus_minutes(-600), None)]);
        deliver(world, &secret, HERE, alive.clone()).await;
        runs::acts::begin_fault(&story.ana, run, &AtDraft::default()).await.unwrap();
        let fault = world.notebook.now();
        if let Some(after_s) = fires_after_s {
            world.clock.pass_ms(after_s * 1_000);
            let fires = alert("ZooKeeperDown", fault.plus_micros(after_s * 1_000_000), None);
            deliver(world, &secret, HERE, message(&[fires])).await;
        } else {
            // Alertmanager may be silent for so long, and for no longer.
            let minutes = if is_heard { 5 } else { 30 };
            world.clock.pass_ms(minutes * 60_000);
            deliver(world, &secret, HERE, alive).await;
        }
        let shown = runs::acts::show(&story.ana, run).await.unwrap();
        assert_eq!(shown.telemetry.is, is, "{expect} {fires_after_s:?} {is_heard}");
        let page = ana.get(&format!("/runs/{run}")).await;
        let begins = format!("/findings/new?run={run}&kind=telemetry_gap&revealing=signal%3Azookeeper-down");
        let proposed = if is == Telemetry::Agreed { vec![] } else { vec![begins] };
        assert_eq!(page.all("#heard li a", "href"), proposed, "{expect} {fires_after_s:?} {is_heard}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_of_a_plan_takes_an_alert_and_says_what_is_none() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let page = ana.get("/experiments/EXP-1/edit").await;
    let typed = |alert: &'static str| {
        [
            ("signals.0.signal", "zookeeper-down"),
            ("signals.0.expect", "fire"),
            ("signals.0.time", "2 min"),
            ("signals.0.alert", alert),
        ]
    };
    let refused = ana.fill(&page, "/experiments/EXP-1/revise", &typed("alertname=~\"Zoo.*\"")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says(".errors").contains("Takes = and != only"), "{}", refused.says(".errors"));
    let fields = refused.form("/experiments/EXP-1/revise");
    assert!(fields.contains(&("signals.0.alert".into(), "alertname=~\"Zoo.*\"".into())), "what was typed stays");
    let sent = ana.fill(&refused, "/experiments/EXP-1/revise", &typed("ZooKeeperDown")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.says(".errors"));
    let plan = ana.get("/experiments/EXP-1/plan/2").await.says("main");
    assert!(
        plan.contains("Signal zookeeper-down is told by") && plan.contains("alertname=\"ZooKeeperDown\""),
        "{plan}"
    );
}
