//! Chaos Toolkit both ways, through doors, pages and forms.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use notebook::{
    actor::Role,
    experiments, imports,
    limits::IMPORT_BYTES_MAX,
    runs::{self, drafts::PlanDraft},
};
use serde_json::{Value, json};

use crate::{
    imports::{FOLDER, journal, send},
    ingest::{problem, token},
    programs::call,
    story::Story,
    world::{Answer, World, answer},
};

const TELL: &str = "/api/v1/ingest/chaostoolkit";
const TAKE: &str = "/api/v1/import/chaostoolkit/experiment";

const YAML: &str = "\
# the smallest one
title: Stop one
description: What happens if one stops?
secrets: {kafka: {password: s3cr3t-inline}}
steady-state-hypothesis:
  title: Alerts come
  probes:
  - {type: probe, name: alerts, tolerance: 200, provider: {type: http, url: \"http://h/\"}}
method:
- {type: action, name: stop, provider: {type: process, path: systemctl, arguments: stop zk}}
rollbacks:
- {type: action, name: start, provider: {type: process, path: systemctl, arguments: start zk}}
";

async fn post(world: &World, token: &str, kind: &str, path: &str, body: impl Into<Body>) -> Answer {
    let mut request = Request::post(path);
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if !kind.is_empty() {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    answer(&world.router, request.body(body.into()).unwrap()).await
}

async fn tell(world: &World, token: &str, query: &str, body: &Value) -> Answer {
    post(world, token, "application/json", &format!("{TELL}{query}"), body.to_string()).await
}

fn told(name: &str) -> Value {
    let recorded = std::fs::read(format!("{FOLDER}-notifications/{name}_notify.json")).unwrap();
    serde_json::from_slice::<Value>(&recorded).unwrap()["body"].clone()
}

async fn experiments_of(world: &World) -> usize {
    experiments::acts::list(&world.system(), &experiments::acts::Filter::default()).await.unwrap().0.len()
}

// --- out

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_goes_out_to_programs_and_as_a_file() {
    let story = Story::new().await;
    let world = &story.world;
    let token = token(world, "Ci", Role::Viewer, "read").await;
    let path = "/api/v1/experiments/EXP-1/plan/1/chaostoolkit";
    let out = call(world, "GET", path, &token, "").await;
    assert_eq!((out.status, out.header("content-type")), (StatusCode::OK, "application/json"), "{}", out.text());
    let document = out.json();
    let extension = &document["extensions"][0];
    assert_eq!(extension["url"], "http://127.0.0.1:7340/experiments/EXP-1/plan/1");
    let revision = experiments::acts::show_revision(&story.ana, story.experiment, 1).await.unwrap();
    assert_eq!(extension["fingerprint"], revision.fingerprint);
    assert_eq!(document["title"], "Restart one ZooKeeper");
    assert_eq!(document["method"][0]["name"], "By hand: restart (then press Enter)");

    let plan = PlanDraft { experiment: "EXP-1".into(), ..PlanDraft::default() };
    let run = runs::acts::plan(&story.ana, &plan).await.unwrap().id;
    let named = call(world, "GET", &format!("{path}?run={run}"), &token, "").await.json();
    assert_eq!(named["extensions"][0]["run"], run.to_string());
    assert_eq!(named["extensions"][0]["url"], format!("http://127.0.0.1:7340/runs/{run}"));
    for (query, status) in [("?run=RUN-1", 422), ("?run=EXP-1", 422), ("?run=RUN-99", 404), ("?runs=RUN-2", 422)] {
        let refused = call(world, "GET", &format!("{path}{query}"), &token, "").await;
        assert_eq!(problem(&refused).0, status, "{query}: {}", refused.text());
    }
    assert_eq!(problem(&call(world, "GET", path, "", "").await).0, 401);
    for missing in ["/api/v1/experiments/EXP-1/plan/9/chaostoolkit", "/api/v1/experiments/EXP-9/plan/1/chaostoolkit"] {
        assert_eq!(problem(&call(world, "GET", missing, &token, "").await).0, 404, "{missing}");
    }

    let mut ana = story.browser().await;
    let page = ana.get("/experiments/EXP-1/plan/1").await;
    let link = "/experiments/EXP-1/plan/1/chaostoolkit.json";
    assert!(page.all("#chaostoolkit a.button", "href").contains(&link.to_owned()), "{}", page.says("#chaostoolkit"));
    let says = page.says("#chaostoolkit");
    assert!(says.contains("does not ask for alert-gap, instance-back") && says.contains("by hand"), "{says}");
    let file = ana.get(link).await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"EXP-1-1.chaostoolkit.json\"");
    assert_eq!(file.json(), document);
    assert_eq!(world.browser().get(link).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn how_the_tool_does_it_is_written_in_the_plans_form() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let action = "/experiments/EXP-1/revise";
    let page = ana.get("/experiments/EXP-1/edit").await;
    let wrong = "{\n  \"method\": [{\"type\": \"action\", \"name\": \"</textarea><b>\"}, {\"type\": \"action\"}]\n}";
    let refused = ana.fill(&page, action, &[("automation", wrong)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = refused.says(".errors");
    assert!(errors.contains("At /method/1/name: is missing"), "{errors}");
    assert!(refused.form(action).contains(&("automation".to_owned(), wrong.to_owned())), "the text is kept");
    assert_eq!(refused.all("[name=automation]", "aria-invalid"), ["true"]);
    assert!(!refused.text().contains("<b>"), "it stays text");

    let right = "method:\n- type: action\n  name: restart zk-1\n  provider: {type: process, path: systemctl}\nrollbacks: []\nx-own: 7\n";
    let saved = ana.fill(&refused, action, &[("automation", right)]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.says(".errors"));
    let page = ana.get("/experiments/EXP-1/plan/2").await;
    assert!(page.says("#chaostoolkit pre").contains("name: restart zk-1"), "{}", page.says("#chaostoolkit"));
    assert!(page.says("#reach").contains("process systemctl"), "{}", page.says("#reach"));
    let form = ana.get("/experiments/EXP-1/edit").await;
    assert!(form.form(action).contains(&("automation".to_owned(), right.trim_end().to_owned())));
    assert!(form.has("details[open] [name=automation]"), "what is there is not folded away");
    let compared = ana.get("/experiments/EXP-1/plan/1..2").await;
    assert!(compared.text().contains("How Chaos Toolkit does it"), "the comparison says what changed");
    assert!(compared.text().contains("Identical"), "{}", compared.says("main"));
    let out = ana.get("/experiments/EXP-1/plan/2/chaostoolkit.json").await.json();
    assert_eq!((&out["x-own"], &out["rollbacks"]), (&json!(7), &json!([])));
}

// --- in

#[tokio::test(flavor = "multi_thread")]
async fn an_experiment_becomes_a_draft_for_programs() {
    let story = Story::new().await;
    let world = &story.world;
    let token = token(world, "Ci", Role::Contributor, "ingest").await;
    let path = format!("{TAKE}?services=zookeeper&environment=staging");
    let dry = post(world, &token, "application/yaml", &format!("{path}&dry_run=true"), YAML).await;
    assert_eq!(dry.status, StatusCode::OK, "{}", dry.text());
    let told = dry.json();
    assert_eq!((&told["dry_run"], &told["experiment"], &told["url"]), (&json!(true), &Value::Null, &Value::Null));
    assert_eq!(told["steps"], json!(["stop"]));
    assert_eq!(told["checks"], json!(["alerts: before, after"]));
    assert_eq!(told["taken_out"], json!(["/secrets/kafka/password"]));
    assert_eq!(experiments_of(world).await, 1, "nothing is kept");

    let made = post(world, &token, "text/yaml; charset=utf-8", &path, YAML).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!((&made.json()["experiment"], &made.json()["again"]), (&json!("EXP-2"), &json!(false)));
    assert_eq!(made.header("location"), "http://127.0.0.1:7340/experiments/EXP-2");
    let again = post(world, &token, "application/x-yaml", &path, YAML).await;
    assert_eq!(
        (again.status, &again.json()["experiment"], &again.json()["again"]),
        (StatusCode::OK, &json!("EXP-2"), &json!(true))
    );
    assert_eq!(experiments_of(world).await, 2);

    let list = call(world, "GET", "/api/v1/import/experiments", &token, "").await.json();
    assert_eq!(
        (list["experiments"].as_array().unwrap().len(), &list["experiments"][0]["experiment"]),
        (1, &json!("EXP-2"))
    );
    assert_eq!(call(world, "GET", "/api/v1/import/experiments/1", &token, "").await.json(), list["experiments"][0]);
    let kept = call(world, "GET", "/api/v1/import/experiments/1/document", &token, "").await;
    assert_eq!(kept.header("content-disposition"), "attachment; filename=\"experiment-1.json\"");
    assert!(kept.text().contains("[redacted]") && !kept.text().contains("s3cr3t"), "{}", kept.text());
    assert_eq!(call(world, "GET", "/api/v1/import/experiments/2", &token, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        call(world, "GET", "/api/v1/import/experiments/2/document", &token, "").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_or_does_not_read_leaves_no_experiment() {
    let story = Story::new().await;
    let world = &story.world;
    let ci = token(world, "Ci", Role::Contributor, "ingest").await;
    let reads = token(world, "Reader", Role::Contributor, "read").await;
    let viewer = token(world, "Vera", Role::Viewer, "all").await;
    let path = format!("{TAKE}?services=zookeeper");
    assert_eq!(problem(&post(world, "", "application/yaml", &path, YAML).await).0, 401);
    for no in [&reads, &viewer] {
        assert_eq!(problem(&post(world, no, "application/yaml", &path, YAML).await), (403, "not_allowed".into()));
    }
    for kind in ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        assert_eq!(problem(&post(world, &ci, kind, &path, YAML).await), (415, "not_read".into()), "{kind}");
    }
    let large = "x".repeat(IMPORT_BYTES_MAX + 1);
    assert_eq!(problem(&post(world, &ci, "application/yaml", &path, large).await), (413, "too_much".into()));
    let long = format!("{YAML}x: {}", "x".repeat(100_000));
    assert_eq!(problem(&post(world, &ci, "application/yaml", &path, long).await), (413, "too_much".into()));
    for (query, body, field) in [
        ("?services=zookeeper", YAML.replace("title: Stop one\n", ""), "/title"),
        (
            "?services=zookeeper",
            YAML.replace("type: process, path: systemctl, arguments: stop", "type: process, arguments: stop"),
            "/method/0/provider/path",
        ),
        (
            "?services=zookeeper",
            YAML.replace("tolerance: 200", "tolerance: off"),
            "/steady-state-hypothesis/probes/0/tolerance",
        ),
        ("?services=zookeeper", format!("{YAML}method: []\n"), "document"),
        ("?services=zookeeper", String::from_utf8(journal("passed")).unwrap(), "document"),
        ("", YAML.to_owned(), "services"),
        ("?services=unheard-of", YAML.to_owned(), "services"),
        ("?services=zookeeper&environment=moon", YAML.to_owned(), "environment"),
        ("?services=zookeeper&dry_run=perhaps", YAML.to_owned(), "dry_run"),
        ("?services=zookeeper&experiment=EXP-1", YAML.to_owned(), "experiment"),
        ("?service=zookeeper", YAML.to_owned(), "service"),
    ] {
        let refused = post(world, &ci, "application/yaml", &format!("{TAKE}{query}"), body).await;
        assert_eq!(problem(&refused).0, 422, "{query}: {}", refused.text());
        assert_eq!(refused.json()["fields"][0]["field"], field, "{query}: {}", refused.text());
    }
    assert_eq!(experiments_of(world).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_looks_first_and_then_imports_an_experiment() {
    let story = Story::new().await;
    let mut ana = story.browser().await;
    let fields = [("services.0", "zookeeper"), ("environment", "staging"), ("text", YAML)];
    let dry = [&fields[..], &[("_dry", "on")]].concat();
    let looked = send(&mut ana, &dry, None).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.text());
    let says = looked.says("#foreseen");
    for words in [
        "Nothing is kept yet",
        "the draft of a new experiment",
        "Stop one",
        "alerts: before, after",
        "/secrets/kafka/password",
    ] {
        assert!(says.contains(words), "{words}: {says}");
    }
    let form = looked.form("/import");
    assert!(
        form.contains(&("text".into(), YAML.into()))
            && form.iter().any(|(name, value)| name.starts_with("services.") && value == "zookeeper"),
        "{form:?}"
    );
    assert_eq!(experiments_of(&story.world).await, 1);
    let of_file =
        send(&mut ana, &[("_dry", "on"), ("services.0", "zookeeper"), ("text", "")], Some(YAML.as_bytes())).await;
    assert!(of_file.form("/import").contains(&("text".into(), YAML.into())), "a file comes back as text");

    let taken = send(&mut ana, &fields, None).await;
    assert_eq!(
        (taken.status, taken.header("location")),
        (StatusCode::SEE_OTHER, "/experiments/EXP-2"),
        "{}",
        taken.says(".errors")
    );
    assert!(ana.get("/experiments/EXP-2").await.says(".flash").contains("EXP-2 is saved as a draft"));
    let again = send(&mut ana, &fields, None).await;
    assert_eq!(again.header("location"), "/experiments/EXP-2");
    assert!(ana.get("/experiments/EXP-2").await.says(".flash").contains("was here already: it is EXP-2"));
    let page = ana.get("/import").await;
    assert!(page.says("#plan-imports").contains("EXP-2 Stop one"), "{}", page.says("#plan-imports"));
    let plan = ana.get("/experiments/EXP-2/plan/1").await;
    assert!(plan.says("#chaostoolkit").contains("Secrets were taken out"), "{}", plan.says("#chaostoolkit"));

    let wrong = YAML.replace("type: probe, name: alerts", "type: sensor, name: alerts");
    let refused = send(&mut ana, &[("services.0", "zookeeper"), ("text", &wrong)], None).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says(".field .error").contains("robe or action"), "{}", refused.says(".field .error"));
    assert!(refused.form("/import").contains(&("text".into(), wrong.clone())));
    let run =
        send(&mut ana, &[("_dry", "on"), ("experiment", "EXP-1"), ("text", "")], Some(&journal("deviated"))).await;
    assert!(
        run.says("#foreseen").contains("a run of EXP-1") && run.says("#foreseen").contains("Proposed: refuted"),
        "{}",
        run.says("#foreseen")
    );
    assert!(
        imports::acts::list(&story.world.system(), &imports::acts::Filter::default()).await.unwrap().0.is_empty(),
        "looking keeps nothing"
    );
}

// --- what the tool tells

#[tokio::test(flavor = "multi_thread")]
async fn notifications_are_answered_202_and_become_one_run() {
    let story = Story::new().await;
    let world = &story.world;
    let token = token(world, "Ci", Role::Contributor, "ingest").await;
    let first = tell(world, &token, "?experiment=EXP-1&targets=zk-1", &told("040")).await;
    assert_eq!(first.status, StatusCode::ACCEPTED, "{}", first.text());
    assert_eq!((&first.json()["state"], &first.json()["run"]), (&json!("taken"), &json!("RUN-2")));
    assert_eq!(first.json()["url"], "http://127.0.0.1:7340/runs/RUN-2");
    for _ in 0..2 {
        let again = tell(world, &token, "?experiment=EXP-1", &told("041")).await;
        assert_eq!(
            (again.status, &again.json()["run"], &again.json()["again"]),
            (StatusCode::ACCEPTED, &json!("RUN-2"), &json!(true))
        );
    }
    let uploaded = post(
        world,
        &token,
        "application/json",
        "/api/v1/ingest/chaostoolkit/journal?experiment=EXP-1",
        journal("deviated"),
    )
    .await;
    assert_eq!((uploaded.status, &uploaded.json()["run"]), (StatusCode::OK, &json!("RUN-2")));
    let mut ana = story.browser().await;
    assert!(ana.get("/runs/RUN-2").await.text().contains("Verdict due"), "nothing is signed");
    for (name, state) in [("validate-completed", "passed"), ("run-unheard-of", "passed")] {
        let other = tell(world, &token, "", &json!({"name": name, "payload": {}, "phase": "x", "ts": 1.5})).await;
        assert_eq!((other.status, &other.json()["state"]), (StatusCode::ACCEPTED, &json!(state)), "{name}");
    }
    let waiting = tell(world, &token, "", &told("047")).await;
    assert_eq!((waiting.status, &waiting.json()["run"]), (StatusCode::ACCEPTED, &Value::Null));
    assert_eq!(waiting.json()["url"], "http://127.0.0.1:7340/import/2");
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_of_nobody_and_of_nothing_are_refused() {
    let story = Story::new().await;
    let world = &story.world;
    let ci = token(world, "Ci", Role::Contributor, "ingest").await;
    let reads = token(world, "Reader", Role::Contributor, "read").await;
    let body = told("040");
    assert_eq!(problem(&tell(world, "", "", &body).await), (401, "sign_in".into()));
    assert_eq!(problem(&tell(world, &reads, "", &body).await), (403, "not_allowed".into()));
    assert_eq!(problem(&post(world, &ci, "text/plain", TELL, body.to_string()).await), (415, "not_read".into()));
    let large = vec![b' '; IMPORT_BYTES_MAX + 1];
    assert_eq!(problem(&post(world, &ci, "application/json", TELL, large).await), (413, "too_much".into()));
    for (name, text) in [
        ("torn", body.to_string()[..300].to_owned()),
        ("a bare journal", body["payload"].to_string()),
        ("empty", String::new()),
    ] {
        let refused = post(world, &ci, "application/json", TELL, text).await;
        assert_eq!(problem(&refused), (422, "unfit".into()), "{name}: {}", refused.text());
    }
    assert_eq!(problem(&tell(world, &ci, "?experiments=EXP-1", &body).await), (422, "unfit".into()));
    assert!(imports::acts::list(&world.system(), &imports::acts::Filter::default()).await.unwrap().0.is_empty());
}
