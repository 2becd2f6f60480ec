//! Idempotency keys: whatever happened to the first answer, the act is done once.

use axum::http::StatusCode;
use notebook::{
    actor::{Actor, Role, Via},
    findings::{self, drafts::Draft},
    once::{Fingerprint, Once},
    people::acts,
};

use crate::program::{Program, finding, problem, with_ingest};
use crate::world::{Answer, World};

const FINDINGS: &str = "/api/v1/findings";

fn key(text: &str) -> [(&str, &str); 1] {
    [("idempotency-key", text)]
}

fn is_replay(answer: &Answer) -> bool {
    answer.header("idempotency-replayed") == "true"
}

/// What a repeat has to be the same in.
fn said(answer: &Answer) -> (StatusCode, String, String, String, String) {
    let header = |name: &str| answer.header(name).to_owned();
    (answer.status, answer.text(), header("location"), header("etag"), header("content-type"))
}

/// How many findings there are: their numbers rise without a gap.
async fn findings(world: &World, program: &Program) -> usize {
    let next = program.post(world, FINDINGS, &[], &finding("one more")).await;
    let id = next.json()["id"].as_str().unwrap().to_owned();
    id.strip_prefix("FND-").unwrap().parse::<usize>().unwrap() - 1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_is_answered_like_the_first() {
    let world = World::new().await;
    with_ingest(&world).await;
    let ana = Program::of(&world, "Ana").await;
    for (path, body, status) in [
        ("/api/v1/services/add", r#"{"name": "Home"}"#, 201),
        ("/api/v1/services/home/edit", r#"{"name": "Home page", "version": 1}"#, 200),
        ("/api/v1/environments/add", r#"{"name": "Staging", "class": "other"}"#, 201),
        (
            "/api/v1/changes",
            r#"{"kind": "deploy", "summary": "v2", "environment": "production", "services": ["ingest"]}"#,
            201,
        ),
        ("/api/v1/experiments/create", r#"{"title": "Restart", "services": ["ingest"]}"#, 201),
        ("/api/v1/experiments/EXP-1/observe", r#"{"text": "p99 is 40 ms"}"#, 201),
        (FINDINGS, &finding("alerts stop"), 201),
        ("/api/v1/findings/FND-1/suspect-cause", r#"{"reason": "no timeout"}"#, 200),
        ("/api/v1/fixes", r#"{"title": "A timeout", "findings": ["FND-1"]}"#, 201),
        ("/api/v1/decisions", r#"{"kind": "accept_the_risk", "claims": ["EXP-1"], "until": "2027-03-31"}"#, 201),
        ("/api/v1/first-observation", r#"{"service": "ingest", "question": "What if?", "text": "quiet"}"#, 201),
        ("/api/v1/people/solo", r#"{"solo": true}"#, 200),
    ] {
        let name = format!("key-{path}");
        let first = ana.post(&world, path, &key(&name), body).await;
        assert_eq!(first.status.as_u16(), status, "{path}: {}", first.text());
        assert!(!is_replay(&first), "{path}");
        for _ in 0..2 {
            let again = ana.post(&world, path, &key(&name), body).await;
            assert!(is_replay(&again), "{path}: {}", again.text());
            assert_eq!(said(&again), said(&first), "{path}");
        }
    }
    assert_eq!(findings(&world, &ana).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_stands_for_one_request_of_one_person() {
    let world = World::new().await;
    with_ingest(&world).await;
    let (ana, ben) = (Program::of(&world, "Ana").await, Program::of(&world, "Ben").await);
    let first = ana.post(&world, FINDINGS, &key("k"), &finding("a")).await;
    assert_eq!(first.status, StatusCode::CREATED);
    for (path, body) in [
        (FINDINGS, finding("b").as_str()),
        (FINDINGS, r#"{"titel": "what is no finding at all"}"#),
        (FINDINGS, ""),
        ("/api/v1/findings?x=1", &finding("a")),
        ("/api/v1/services/add", r#"{"name": "Home"}"#),
    ] {
        let other = ana.post(&world, path, &key("k"), body).await;
        assert_eq!(problem(&other), (StatusCode::UNPROCESSABLE_ENTITY, "key_reused".into()), "{path} {body}");
        assert_eq!(other.json()["fields"][0]["header"], "Idempotency-Key");
        assert!(!is_replay(&other));
    }
    assert!(is_replay(&ana.post(&world, FINDINGS, &key("k"), &finding("a")).await), "the first one stays known");
    let of_ben = ben.post(&world, FINDINGS, &key("k"), &finding("a")).await;
    assert_eq!((of_ben.status, of_ben.json()["id"].as_str()), (StatusCode::CREATED, Some("FND-2")));
    assert_eq!(findings(&world, &ana).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_leaves_its_key_free() {
    let world = World::new().await;
    with_ingest(&world).await;
    let ana = Program::of(&world, "Ana").await;
    for (path, body, status) in [
        (FINDINGS, r#"{"title": ""}"#, 422),
        (FINDINGS, r#"{"title": "a", "environment": "moon"}"#, 422),
        (FINDINGS, "{", 400),
        ("/api/v1/findings/FND-7/edit", r#"{"title": "a", "version": 1}"#, 404),
        ("/api/v1/findings/FND-1/undo", r#"{"of": "dismissed", "reason": "no"}"#, 404),
    ] {
        for _ in 0..2 {
            let refused = ana.post(&world, path, &key("k"), body).await;
            assert_eq!(refused.status.as_u16(), status, "{path} {body}: {}", refused.text());
        }
    }
    let taken = ana.post(&world, FINDINGS, &key("k"), &finding("a")).await;
    assert_eq!((taken.status, is_replay(&taken)), (StatusCode::CREATED, false));
    assert_eq!(findings(&world, &ana).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_one_is_refused_by_its_name() {
    let world = World::new().await;
    with_ingest(&world).await;
    let ana = Program::of(&world, "Ana").await;
    let long = "k".repeat(notebook::limits::ONCE_KEY_CHARS_MAX + 1);
    for bad in ["", "a b", "schlüssel", long.as_str()] {
        let refused = ana.post(&world, FINDINGS, &key(bad), &finding("a")).await;
        assert_eq!(problem(&refused), (StatusCode::UNPROCESSABLE_ENTITY, "unfit".into()), "{bad}");
        assert_eq!(refused.json()["fields"][0]["header"], "Idempotency-Key", "{bad}");
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    assert_eq!(ana.post(&world, FINDINGS, &twice, &finding("a")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(findings(&world, &ana).await, 0);
    // Reading needs none, and who is not signed in is told that first.
    assert_eq!(ana.get(&world, "/api/v1/me", &key("a b")).await.status, StatusCode::OK);
    let nobody = Program { token: "rtl_p_none".into() };
    assert_eq!(nobody.post(&world, FINDINGS, &key("a b"), "{}").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_and_a_large_answer_are_not_kept() {
    let world = World::new().await;
    with_ingest(&world).await;
    let ana = Program::of(&world, "Ana").await;
    let invited = r#"{"email": "ben@example.org", "role": "viewer"}"#;
    let first = ana.post(&world, "/api/v1/people/invite", &key("k"), invited).await;
    assert!(first.json()["text"].as_str().unwrap().contains("/invite?token="));
    let again = ana.post(&world, "/api/v1/people/invite", &key("k"), invited).await;
    assert_eq!((again.status, again.json()["code"].as_str()), (StatusCode::OK, Some("done")), "{}", again.text());
    assert!(is_replay(&again) && !again.text().contains("token="), "{}", again.text());
    assert_eq!(acts::invitations(&world.system()).await.unwrap().len(), 1);

    let rows: Vec<String> =
        (0..300).map(|n| format!(r#"{{"environment": "production", "name": "node-{n}"}}"#)).collect();
    let targets = format!(r#"{{"version": 1, "rows": [{}]}}"#, rows.join(","));
    let path = "/api/v1/services/ingest/set-targets";
    let first = ana.post(&world, path, &key("l"), &targets).await;
    assert_eq!(first.json().as_array().map(Vec::len), Some(300), "{}", first.text());
    let again = ana.post(&world, path, &key("l"), &targets).await;
    assert_eq!((again.status, again.json()["thing"].as_str()), (StatusCode::OK, Some("ingest")), "{}", again.text());
}

/// Writes a finding under a key as a server did that died before it could answer.
async fn died_before_answering(world: &World, name: &str, chosen: &str, title: &str) {
    let account = acts::find_by_email(&world.system(), &format!("{name}@example.org")).await.unwrap();
    let sent = Fingerprint::of("POST", FINDINGS);
    sent.take(finding(title).as_bytes());
    let mut desk = world.notebook.desk(Actor::Person(account.as_person()), Via::Api);
    desk.once = Some(Once::of_program(chosen, sent));
    let draft = Draft {
        title: title.into(),
        environment: "production".into(),
        services: vec!["ingest".into()],
        ..Draft::default()
    };
    findings::acts::write(&desk, &draft).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_made_up_by_what_the_first_made() {
    let world = World::new().await;
    with_ingest(&world).await;
    let ana = Program::of(&world, "Ana").await;
    died_before_answering(&world, "ana", "k", "a").await;
    let world = world.restarted().await;
    for _ in 0..2 {
        let again = ana.post(&world, FINDINGS, &key("k"), &finding("a")).await;
        assert_eq!((again.status, is_replay(&again)), (StatusCode::OK, true), "{}", again.text());
        assert_eq!(again.json()["thing"], "FND-1");
        assert_eq!(again.header("location"), "/api/v1/findings/FND-1");
    }
    let other = ana.post(&world, FINDINGS, &key("k"), &finding("b")).await;
    assert_eq!(problem(&other).1, "key_reused");
    assert_eq!(findings(&world, &ana).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_server_knows_what_was_answered() {
    let world = World::new().await;
    with_ingest(&world).await;
    let ana = Program::of(&world, "Ana").await;
    let first = ana.post(&world, FINDINGS, &key("k"), &finding("a")).await;
    let world = world.restarted().await;
    let again = ana.post(&world, FINDINGS, &key("k"), &finding("a")).await;
    assert!(is_replay(&again));
    assert_eq!(said(&again), said(&first));
    assert_eq!(findings(&world, &ana).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_of_what_is_under_way_waits_its_turn() {
    let world = World::new().await;
    with_ingest(&world).await;
    let ana = Program::of(&world, "Ana").await;
    // The token's first use is written down; after that nobody has to write but the act.
    assert_eq!(ana.get(&world, "/api/v1/me", &[]).await.status, StatusCode::OK);
    // Nobody else can write, so the first request stays under way.
    let writer = world.notebook.db.begin_write().await.unwrap();
    let (router, token) = (world.router.clone(), ana.token.clone());
    let first =
        tokio::spawn(async move { Program { token }.post_to(&router, FINDINGS, &key("k"), &finding("a")).await });
    while world.state.under_way.is_empty() {
        assert!(!first.is_finished(), "it was answered before it began");
        tokio::task::yield_now().await;
    }
    for body in [finding("a"), finding("b")] {
        let early = ana.post(&world, FINDINGS, &key("k"), &body).await;
        assert_eq!(problem(&early), (StatusCode::CONFLICT, "under_way".into()));
        assert_eq!(early.header("retry-after"), "1");
    }
    drop(writer);
    let first = first.await.unwrap();
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let again = ana.post(&world, FINDINGS, &key("k"), &finding("a")).await;
    assert!(is_replay(&again));
    assert_eq!(said(&again), said(&first));
    assert!(world.state.under_way.is_empty());
    assert_eq!(findings(&world, &ana).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_known_for_two_days() {
    const HOUR_MS: i64 = 3_600_000;
    let world = World::new().await;
    with_ingest(&world).await;
    let ana = Program::of(&world, "Ana").await;
    ana.post(&world, FINDINGS, &key("k"), &finding("a")).await;
    world.clock.pass_ms(47 * HOUR_MS);
    world.system().tidy_up().await.unwrap();
    assert!(is_replay(&ana.post(&world, FINDINGS, &key("k"), &finding("a")).await));
    world.clock.pass_ms(2 * HOUR_MS);
    world.system().tidy_up().await.unwrap();
    let anew = ana.post(&world, FINDINGS, &key("k"), &finding("a")).await;
    assert_eq!((anew.status, is_replay(&anew)), (StatusCode::CREATED, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_with_a_key_is_taken_once_and_answered_twice() {
    let world = World::new().await;
    with_ingest(&world).await;
    let ana = Program::of(&world, "Ana").await;
    let path = "/api/v1/ingest/chaostoolkit/journal?experiment=new&services=ingest&environment=production";
    let journal = String::from_utf8(crate::imports::journal("passed")).unwrap();
    let first = ana.post(&world, path, &key("k"), &journal).await;
    assert_eq!((first.status, is_replay(&first)), (StatusCode::CREATED, false), "{}", first.text());
    let again = ana.post(&world, path, &key("k"), &journal).await;
    assert!(is_replay(&again));
    assert_eq!(said(&again), said(&first));
    let elsewhere = path.replace("experiment=new", "experiment=later");
    assert_eq!(problem(&ana.post(&world, &elsewhere, &key("k"), &journal).await).1, "key_reused");
    let huge = format!("{journal}{}", " ".repeat(11 * 1024 * 1024));
    assert_eq!(problem(&ana.post(&world, path, &key("k"), &huge).await).1, "key_reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_keeps_its_own_token_and_heeds_no_key() {
    let world = World::new().await;
    with_ingest(&world).await;
    let mut ana = world.signed_in("Ana", Role::Admin).await;
    for name in ["Home", "Alerting"] {
        let request = axum::http::Request::post("/services/add")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("idempotency-key", "k")
            .body(format!("name={name}").into())
            .unwrap();
        assert_eq!(ana.send(request).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_answers_like_the_first() {
    let Some((one, two)) = World::two().await else { return };
    with_ingest(&one).await;
    let ana = Program::of(&one, "Ana").await;
    let first = ana.post(&one, FINDINGS, &key("k"), &finding("a")).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let again = ana.post(&two, FINDINGS, &key("k"), &finding("a")).await;
    assert!(is_replay(&again), "{}", again.text());
    assert_eq!(said(&again), said(&first));
    let other = ana.post(&two, FINDINGS, &key("k"), &finding("b")).await;
    assert_eq!(problem(&other), (StatusCode::UNPROCESSABLE_ENTITY, "key_reused".into()));
    died_before_answering(&one, "ana", "l", "c").await;
    let lost = ana.post(&two, FINDINGS, &key("l"), &finding("c")).await;
    assert_eq!((lost.status, lost.json()["thing"].as_str()), (StatusCode::OK, Some("FND-2")));
    assert_eq!(findings(&two, &ana).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_at_the_same_moment_do_it_once() {
    const KEYS: usize = 20;
    let Some((one, two)) = World::two().await else { return };
    with_ingest(&one).await;
    let ana = Program::of(&one, "Ana").await;
    for n in 0..KEYS {
        let name = format!("key-{n}");
        let body = finding(&name);
        let chosen = key(&name);
        let (a, b) = tokio::join!(ana.post(&one, FINDINGS, &chosen, &body), ana.post(&two, FINDINGS, &chosen, &body),);
        let made = [&a, &b].into_iter().filter(|answer| answer.status == StatusCode::CREATED && !is_replay(answer));
        assert_eq!(made.count(), 1, "{} {}", a.text(), b.text());
        let id = |answer: &Answer| {
            let json = answer.json();
            json["id"].as_str().or(json["thing"].as_str()).map(str::to_owned)
        };
        assert_eq!(id(&a), id(&b), "{} {}", a.text(), b.text());
    }
    assert_eq!(findings(&one, &ana).await, KEYS);
}
