//! Versions at the doors for programs: tags on what is read, conditions on what is changed, and
//! where to find what was made.

use axum::http::StatusCode;

use crate::program::{Program, finding, problem, with_ingest};
use crate::world::{Answer, World};

/// One of each word: a service, an environment, EXP-1, FND-1, FIX-1, DEC-1 and its person.
async fn world() -> (World, Program) {
    let world = World::new().await;
    with_ingest(&world).await;
    let ana = Program::of(&world, "Ana").await;
    for (path, body) in [
        ("/api/v1/experiments/create", r#"{"title": "Restart", "services": ["ingest"]}"#),
        ("/api/v1/findings", finding("alerts stop").as_str()),
        ("/api/v1/fixes", r#"{"title": "A timeout", "findings": ["FND-1"]}"#),
        ("/api/v1/decisions", r#"{"kind": "accept_the_risk", "claims": ["EXP-1"], "until": "2027-03-31"}"#),
    ] {
        let made = ana.post(&world, path, &[], body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{path}: {}", made.text());
    }
    (world, ana)
}

/// The version in a tag, `"7-1f2e3d4c5b6a7988"` or `"7"`.
fn version(answer: &Answer) -> i64 {
    let tag = answer.header("etag").trim_matches('"');
    tag.split('-').next().unwrap().parse().unwrap_or_else(|_| panic!("{tag:?} of {}", answer.text()))
}

/// What is read, where it is edited, and an edit of it without its version.
const EDITS: [(&str, &str, &str); 8] = [
    ("/api/v1/services/ingest", "/api/v1/services/ingest/edit", r#""name": "Ingest""#),
    (
        "/api/v1/services/ingest",
        "/api/v1/services/ingest/set-targets",
        r#""rows": [{"environment": "production", "name": "node-1"}]"#,
    ),
    (
        "/api/v1/environments/production",
        "/api/v1/environments/production/edit",
        r#""name": "Production", "class": "production""#,
    ),
    (
        "/api/v1/experiments/EXP-1",
        "/api/v1/experiments/EXP-1/revise",
        r#""title": "Restart one", "services": ["ingest"]"#,
    ),
    ("/api/v1/findings/FND-1", "/api/v1/findings/FND-1/edit", r#""title": "alerts stop at noon""#),
    ("/api/v1/fixes/FIX-1", "/api/v1/fixes/FIX-1/edit", r#""title": "A longer timeout", "findings": ["FND-1"]"#),
    ("/api/v1/people/1", "/api/v1/people/1/rights", r#""role": "admin""#),
    ("/api/v1/me", "/api/v1/people/1/rights", r#""role": "admin", "can_revert": true"#),
];

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_says_which_version_it_replaces() {
    let (world, ana) = world().await;
    for (read, edit, fields) in EDITS {
        let body = format!("{{{fields}}}");
        let seen = ana.get(&world, read, &[]).await;
        let now = version(&seen);
        let neither = ana.post(&world, edit, &[], &body).await;
        assert_eq!(problem(&neither), (StatusCode::PRECONDITION_REQUIRED, "no_version".into()), "{edit}");
        let detail = neither.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("If-Match") && detail.contains("version"), "{detail}");

        for stale in ["\"99\"", "\"99-0123456789abcdef\"", "W/\"1\"", "\"abc\"", "\"98\", \"99\""] {
            let refused = ana.post(&world, edit, &[("if-match", stale)], &body).await;
            assert_eq!(problem(&refused), (StatusCode::PRECONDITION_FAILED, "stale".into()), "{edit} {stale}");
            assert_eq!(refused.json()["about"]["version"], now, "{edit}");
            assert_eq!(refused.header("etag"), format!("\"{now}\""), "{edit}");
        }
        for malformed in ["1", "\"1", "", "*, \"1\""] {
            let refused = ana.post(&world, edit, &[("if-match", malformed)], &body).await;
            assert_eq!(refused.json()["fields"][0]["header"], "If-Match", "{edit} {malformed:?}");
        }
        let contradicting = format!("{{{fields}, \"version\": {}}}", now + 1);
        let refused = ana.post(&world, edit, &[("if-match", seen.header("etag"))], &contradicting).await;
        assert_eq!(refused.json()["fields"][0]["pointer"], "/version", "{edit}");
        assert_eq!(version(&ana.get(&world, read, &[]).await), now, "{edit}: nothing was saved so far");

        let by_tag = ana.post(&world, edit, &[("if-match", seen.header("etag"))], &body).await;
        assert_eq!(by_tag.status, StatusCode::OK, "{edit}: {}", by_tag.text());
        let by_field = format!("{{{fields}, \"version\": {}}}", now + 1);
        assert_eq!(ana.post(&world, edit, &[], &by_field).await.status, StatusCode::OK, "{edit}");
        assert_eq!(ana.post(&world, edit, &[], &by_field).await.status, StatusCode::PRECONDITION_FAILED, "{edit}");
        assert_eq!(ana.post(&world, edit, &[("if-match", "*")], &body).await.status, StatusCode::OK, "{edit}");
        assert_eq!(version(&ana.get(&world, read, &[]).await), now + 3, "{edit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_of_an_edit_leads_to_the_next_one() {
    let (world, ana) = world().await;
    let mut tag = ana.get(&world, "/api/v1/fixes/FIX-1", &[]).await.header("etag").to_owned();
    for title in ["a", "b", "c"] {
        let body = format!(r#"{{"title": "{title}", "findings": ["FND-1"]}}"#);
        let edited = ana.post(&world, "/api/v1/fixes/FIX-1/edit", &[("if-match", &tag)], &body).await;
        assert_eq!(edited.status, StatusCode::OK, "{}", edited.text());
        assert_eq!(edited.header("etag"), format!("\"{}\"", edited.json()["version"]));
        edited.header("etag").clone_into(&mut tag);
    }
    assert_eq!(tag, "\"4\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_that_replaces_no_version_takes_no_condition() {
    let (world, ana) = world().await;
    for (path, body) in [
        ("/api/v1/findings/FND-1/suspect-cause", r#"{"reason": "no timeout"}"#),
        ("/api/v1/experiments/EXP-1/request-review", ""),
        ("/api/v1/people/solo", r#"{"solo": true}"#),
    ] {
        let refused = ana.post(&world, path, &[("if-match", "\"1\"")], body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", refused.text());
        assert_eq!(refused.json()["fields"][0]["header"], "If-Match", "{path}");
        assert_eq!(ana.post(&world, path, &[], body).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reader_has_is_not_sent_again() {
    let (world, ana) = world().await;
    for path in [
        "/api/v1/services/ingest",
        "/api/v1/environments/production",
        "/api/v1/experiments/EXP-1",
        "/api/v1/experiments/EXP-1/plan/1",
        "/api/v1/findings/FND-1",
        "/api/v1/fixes/FIX-1",
        "/api/v1/decisions/DEC-1",
        "/api/v1/people/1",
        "/api/v1/me",
    ] {
        let whole = ana.get(&world, path, &[]).await;
        assert_eq!((whole.status, version(&whole)), (StatusCode::OK, 1), "{path}: {}", whole.text());
        let tag = whole.header("etag").to_owned();
        for known in [tag.as_str(), &format!("\"x\", W/{tag}"), "*"] {
            let nothing = ana.get(&world, path, &[("if-none-match", known)]).await;
            assert_eq!((nothing.status, nothing.text()), (StatusCode::NOT_MODIFIED, String::new()), "{path} {known}");
            assert_eq!(nothing.header("etag"), tag, "{path}");
        }
        for other in ["\"1\"", "\"2-0123456789abcdef\""] {
            assert_eq!(ana.get(&world, path, &[("if-none-match", other)]).await.status, StatusCode::OK, "{path}");
        }
    }
    let missing = ana.get(&world, "/api/v1/findings/FND-7", &[("if-none-match", "*")]).await;
    assert_eq!(problem(&missing), (StatusCode::NOT_FOUND, "missing".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_around_a_thing_changes_its_tag_but_not_its_version() {
    let (world, ana) = world().await;
    let path = "/api/v1/findings/FND-1";
    let before = ana.get(&world, path, &[]).await.header("etag").to_owned();
    let said = ana.post(&world, &format!("{path}/suspect-cause"), &[], r#"{"reason": "no timeout"}"#).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text());
    let after = ana.get(&world, path, &[("if-none-match", &before)]).await;
    assert_eq!((after.status, version(&after)), (StatusCode::OK, 1), "its causes are news");
    let edit = ana.post(&world, &format!("{path}/edit"), &[("if-match", &before)], r#"{"title": "still"}"#).await;
    assert_eq!(edit.status, StatusCode::OK, "nobody edited it meanwhile: {}", edit.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_is_found_at_its_address() {
    let world = World::new().await;
    with_ingest(&world).await;
    let ana = Program::of(&world, "Ana").await;
    let plan = r#"{"title": "Restart one", "services": ["ingest"], "environment": "production",
        "question": "What if?", "if_fault": "one node restarts", "then_behaviour": "nothing is lost",
        "because_safeguard": "replicas", "fault_kind": "process-restart", "fault_duration": "1 min",
        "selector": "node-1", "selector_kind": "names", "pick": "named",
        "method": [{"op": "restart"}],
        "checks": [{"measure": "lost", "phase": "during", "aggregate": "max", "comparator": "<=", "threshold": "0"}],
        "abort_conditions": "anything is lost", "revert_procedure": "start it", "revert_owner": "Ana", "revert_deadline": "5 min"}"#;
    let at = |path: &str| format!("/api/v1{path}");
    ana.post(&world, &at("/people/solo"), &[], r#"{"solo": true}"#).await;
    for (path, body, address) in [
        ("/services/add", r#"{"name": "Home"}"#, "/services/home"),
        ("/environments/add", r#"{"name": "Staging", "class": "other"}"#, "/environments/staging"),
        ("/experiments/create", plan, "/experiments/EXP-1"),
        ("/experiments/EXP-1/observe", r#"{"text": "quiet"}"#, "/experiments/EXP-1#o1"),
        ("/findings", finding("a").as_str(), "/findings/FND-1"),
        ("/fixes", r#"{"title": "b", "findings": ["FND-1"]}"#, "/fixes/FIX-1"),
        (
            "/decisions",
            r#"{"kind": "accept_the_risk", "claims": ["EXP-1"], "until": "2027-03-31"}"#,
            "/decisions/DEC-1",
        ),
        ("/first-observation", r#"{"service": "ingest", "question": "What if?", "text": "x"}"#, "/experiments/EXP-2"),
    ] {
        let made = ana.post(&world, &at(path), &[], body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{path}: {}", made.text());
        assert_eq!(made.header("location"), at(address), "{path}");
        let found = ana.get(&world, made.header("location").split('#').next().unwrap(), &[]).await;
        assert_eq!(found.status, StatusCode::OK, "{path}");
    }
    for (path, body) in [("request-review", ""), ("plan/1/approve", "{}")] {
        let done = ana.post(&world, &at(&format!("/experiments/EXP-1/{path}")), &[], body).await;
        assert_eq!((done.status, done.header("location")), (StatusCode::OK, ""), "{path}: {}", done.text());
    }
    let planned = ana
        .post(
            &world,
            &at("/runs/plan"),
            &[],
            r#"{"experiment": "EXP-1", "targets": [{"name": "node-1", "hit": "on"}]}"#,
        )
        .await;
    assert_eq!(planned.header("location"), at("/runs/RUN-1"), "{}", planned.text());
    for (act, body) in [
        ("attend", r#"{"person": 1, "parts": ["owner"], "can_revert": true, "present": true}"#),
        ("look-both-ways", r#"{"looks": [{"look": "incidents", "sight": "clear"}]}"#),
        ("answer-gate", r#"{"check": "revert", "text": "Nobody else is there to ask."}"#),
        ("answer-gate", r#"{"check": "hours", "text": "Nobody else works here."}"#),
    ] {
        let done = ana.post(&world, &at(&format!("/runs/RUN-1/{act}")), &[], body).await;
        assert_eq!(done.status, StatusCode::OK, "{act}: {}", done.text());
    }
    let started = ana.post(&world, &at("/runs/RUN-1/start"), &[], "").await;
    assert_eq!((started.status, started.header("etag")), (StatusCode::OK, "\"6\""), "{}", started.text());
    let observed = ana.post(&world, &at("/runs/RUN-1/observe"), &[], r#"{"text": "x"}"#).await;
    assert_eq!((observed.status, observed.header("location")), (StatusCode::CREATED, "/api/v1/runs/RUN-1#o1"));
    assert_eq!(version(&ana.get(&world, &at("/runs/RUN-1"), &[]).await), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trouble_says_where_it_stands_in_what_was_sent() {
    let (world, ana) = world().await;
    for (path, body, field, pointer) in [
        ("/api/v1/findings", r#"{"title": ""}"#, "title", "/title"),
        ("/api/v1/findings", r#"{"title": {"a": 1}}"#, "title", "/title"),
        ("/api/v1/findings", r#"{"titel": "a"}"#, "titel", "/titel"),
        (
            "/api/v1/experiments/create",
            r#"{"title": "a", "services": ["ingest"], "checks": [{"measure": "a", "phase": "during", "aggregate": "max", "comparator": "<=", "threshold": "0"}, {"measure": "b", "phase": "during", "aggregate": "max", "comparator": "<=", "threshold": "many"}]}"#,
            "checks.1.threshold",
            "/checks/1/threshold",
        ),
        (
            "/api/v1/experiments/create",
            r#"{"title": "a", "services": ["ingest"], "signals": [{"signal": "s", "expect": "maybe", "time": "1 s"}]}"#,
            "signals.0.expect",
            "/signals/0/expect",
        ),
        (
            "/api/v1/experiments/create",
            r#"{"title": "a", "services": ["ingest"], "method": [{"op": "a"}, {"op": "b", "args": "x"}]}"#,
            "method.1.args",
            "/method/1/args",
        ),
        (
            "/api/v1/experiments/create",
            r#"{"title": "a", "services": ["ingest"], "fault_kind": "x", "fault_params": [{"name": "a", "value": "1", "harsher": "sideways"}]}"#,
            "fault_params.0.harsher",
            "/fault_params/0/harsher",
        ),
        (
            "/api/v1/services/ingest/set-targets",
            r#"{"version": 1, "rows": [{"environment": "production", "name": "a"}, {"environment": "production", "role": "leader"}]}"#,
            "rows.1.name",
            "/rows/1/name",
        ),
        (
            "/api/v1/runs/plan",
            r#"{"targets": [{"name": "a"}, {"name": "a", "role": 1, "effect": "odd"}]}"#,
            "targets.1.effect",
            "/targets/1/effect",
        ),
        ("/api/v1/runs/plan", r#"{"targets": [{"name": "a"}, {"nom": "a"}]}"#, "targets.1.nom", "/targets/1/nom"),
    ] {
        let refused = ana.post(&world, path, &[], body).await;
        assert_eq!(problem(&refused), (StatusCode::UNPROCESSABLE_ENTITY, "unfit".into()), "{path} {body}");
        let json = refused.json();
        let found = json["fields"].as_array().unwrap().iter().find(|trouble| trouble["field"] == field);
        assert_eq!(found.map(|trouble| &trouble["pointer"]), Some(&pointer.into()), "{path}: {json}");
    }
    let asked = ana.get(&world, "/api/v1/runs?execution=flying", &[]).await;
    assert_eq!(asked.json()["fields"][0]["parameter"], "execution", "{}", asked.text());
}
