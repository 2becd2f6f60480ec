//! Journals from a pipeline: every document real tools wrote, and everything that is none.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use notebook::{
    actor::{Actor, Role, Via},
    imports,
    limits::IMPORT_BYTES_MAX,
    people::{TokenDraft, acts},
};

use crate::{
    imports::{FOLDER, journal},
    story::Story,
    world::{Answer, World, answer},
};

const DOOR: &str = "/api/v1/ingest/chaostoolkit/journal";

pub async fn token(world: &World, name: &str, role: Role, scope: &str) -> String {
    let person = Actor::Person(world.person(name, role).await.as_person());
    let draft = TokenDraft { name: "ci".into(), scope: scope.into(), days: String::new() };
    acts::make_token(&world.notebook.desk(person, Via::Form), &draft).await.unwrap().1
}

async fn send_as(world: &World, token: &str, kind: &str, query: &str, body: impl Into<Body>) -> Answer {
    let mut request = Request::post(format!("{DOOR}{query}"));
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if !kind.is_empty() {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    answer(&world.router, request.body(body.into()).unwrap()).await
}

async fn send(world: &World, token: &str, query: &str, body: impl Into<Body>) -> Answer {
    send_as(world, token, "application/json", query, body).await
}

async fn kept(world: &World) -> usize {
    imports::acts::list(&world.system(), &imports::acts::Filter::default()).await.unwrap().0.len()
}

pub fn problem(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text());
    let json = answer.json();
    assert_eq!(json["status"], answer.status.as_u16());
    (answer.status.as_u16(), json["code"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_real_journal_becomes_a_run_with_its_proposal() {
    let story = Story::new().await;
    let token = token(&story.world, "Ci", Role::Contributor, "ingest").await;
    let mut names: Vec<String> = std::fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 14);
    for (number, name) in (2..).zip(&names) {
        let taken = send(&story.world, &token, "?experiment=EXP-1&targets=zk-1", journal(name)).await;
        assert_eq!(taken.status, StatusCode::CREATED, "{name}: {}", taken.text());
        let json = taken.json();
        assert_eq!(json["run"], format!("RUN-{number}"), "{name}");
        assert_eq!((&json["experiment"], &json["again"]), (&"EXP-1".into(), &false.into()), "{name}");
        let url = format!("http://127.0.0.1:7340/runs/RUN-{number}");
        assert_eq!((json["url"].as_str(), taken.header("location")), (Some(url.as_str()), url.as_str()), "{name}");
        let proposal = &json["proposal"];
        assert!(!proposal["why"].as_array().unwrap().is_empty() && proposal["flags"].is_array(), "{name}");
        let expected = match name.as_str() {
            "passed" | "rollback_failed" => ("finished", "valid", "upheld"),
            "deviated" | "continuous_deviation" | "continuous_fail_fast" => ("finished", "valid", "refuted"),
            "after_probe_failed" => ("finished", "open", "refuted"),
            "activity_failed_but_completed" => ("finished", "open", "upheld"),
            "no_hypothesis" | "nan_output" => ("finished", "open", "inconclusive"),
            "dry_activities" => ("finished", "invalid", ""),
            "gate_not_met" | "aborted" => ("aborted", "invalid", ""),
            "interrupted_control" | "interrupted_sigterm_external" => ("aborted", "open", ""),
            other => panic!("{other} is new here: say what it proposes"),
        };
        let validity = proposal["validity"]
            .as_str()
            .map_or_else(|| proposal["validity"].as_object().unwrap().keys().next().unwrap().clone(), str::to_owned);
        let verdict = proposal["verdict"].as_str().unwrap_or_default();
        assert_eq!((proposal["execution"].as_str().unwrap(), validity.as_str(), verdict), expected, "{name}");
    }
    assert_eq!(kept(&story.world).await, 14);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_journal_again_is_the_same_run() {
    let story = Story::new().await;
    let token = token(&story.world, "Ci", Role::Contributor, "all").await;
    let first = send(&story.world, &token, "?experiment=EXP-1", journal("passed")).await.json();
    let again = send(&story.world, &token, "?experiment=EXP-1", journal("passed")).await;
    assert_eq!((again.status, again.header("location")), (StatusCode::OK, ""));
    assert_eq!((&again.json()["again"], &again.json()["run"]), (&true.into(), &first["run"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_without_an_experiment_waits_and_says_where() {
    let story = Story::new().await;
    let token = token(&story.world, "Ci", Role::Contributor, "ingest").await;
    for again in [false, true] {
        let waits = send(&story.world, &token, "", journal("passed")).await;
        assert_eq!((waits.status, &waits.json()["again"]), (StatusCode::ACCEPTED, &again.into()), "{}", waits.text());
        assert_eq!(waits.json()["run"], serde_json::Value::Null);
        assert_eq!(waits.json()["url"], "http://127.0.0.1:7340/import/1");
    }
    let named = send(&story.world, &token, "?experiment=EXP-1", journal("passed")).await;
    assert_eq!((named.status, &named.json()["again"]), (StatusCode::CREATED, &true.into()), "its run is made now");
    let new =
        send(&story.world, &token, "?experiment=new&services=zookeeper&environment=production", journal("deviated"))
            .await;
    assert_eq!((new.status, &new.json()["experiment"]), (StatusCode::CREATED, &"EXP-2".into()), "{}", new.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_and_the_wrong_token_get_no_further_than_the_door() {
    let story = Story::new().await;
    let world = &story.world;
    let reads = token(world, "Reader", Role::Contributor, "read").await;
    let viewer = token(world, "Vera", Role::Viewer, "all").await;
    let large = vec![b'x'; IMPORT_BYTES_MAX + 1];
    assert_eq!(
        problem(&send(world, "", "", large.clone()).await),
        (401, "sign_in".into()),
        "before its length is looked at"
    );
    assert_eq!(problem(&send(world, "rtl_p_nonsense", "", large.clone()).await), (401, "sign_in".into()));
    assert_eq!(problem(&send(world, &reads, "", journal("passed")).await), (403, "not_allowed".into()));
    assert_eq!(problem(&send(world, &viewer, "", large).await), (403, "not_allowed".into()));
    assert_eq!(kept(world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_json_is_taken() {
    let story = Story::new().await;
    let token = token(&story.world, "Ci", Role::Contributor, "ingest").await;
    for kind in
        ["", "text/plain", "application/jsonp", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
    {
        let refused = send_as(&story.world, &token, kind, "", journal("passed")).await;
        assert_eq!(problem(&refused), (415, "not_read".into()), "{kind}");
    }
    let spelled = send_as(&story.world, &token, "Application/JSON; charset=utf-8", "", journal("passed")).await;
    assert_eq!(spelled.status, StatusCode::ACCEPTED);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_read_is_refused_with_its_place_and_leaves_nothing() {
    let story = Story::new().await;
    let token = token(&story.world, "Ci", Role::Contributor, "ingest").await;
    let whole = journal("passed");
    let mut wrong_type: serde_json::Value = serde_json::from_slice(&whole).unwrap();
    wrong_type["steady_states"]["before"]["probes"] = 7.into();
    let mut wrong_time: serde_json::Value = serde_json::from_slice(&whole).unwrap();
    wrong_time["start"] = "now".into();
    let deep = [b"[".repeat(5_000), b"]".repeat(5_000)].concat();
    let many = format!("{{\"a\":[{}0]}}", "0,".repeat(700_000));
    for (name, body, field, says) in [
        ("torn", whole[..whole.len() / 2].to_vec(), "document", "line "),
        ("empty", Vec::new(), "document", ""),
        ("no object", b"[]".to_vec(), "document", ""),
        ("another document", b"{}".to_vec(), "document", "not a journal"),
        ("no text", b"\xff\xfe{}".to_vec(), "document", "column 1"),
        ("a comma too many", b"{\n \"a\": 1,\n}".to_vec(), "document", "line 3, column 1"),
        ("a probe list that is a number", wrong_type.to_string().into_bytes(), "/steady_states/before/probes", "where"),
        ("no time", wrong_time.to_string().into_bytes(), "/start", "\"now\""),
        ("too deep", deep, "document", "nests deeper"),
        ("too many values", many.into_bytes(), "document", "holds more than"),
    ] {
        let refused = send(&story.world, &token, "?experiment=EXP-1", body).await;
        assert_eq!(problem(&refused), (422, "unfit".into()), "{name}: {}", refused.text());
        let trouble = &refused.json()["fields"][0];
        assert_eq!(trouble["field"], field, "{name}");
        assert!(trouble["says"].as_str().unwrap().contains(says), "{name}: {trouble}");
    }
    assert_eq!(kept(&story.world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_says_nothing_sensible_leaves_nothing() {
    let story = Story::new().await;
    let token = token(&story.world, "Ci", Role::Contributor, "ingest").await;
    for (query, status, field) in [
        ("?experiment=RUN-1", 422, "experiment"),
        ("?experiment=EXP-99", 404, ""),
        ("?experiments=EXP-1", 422, "experiments"),
        ("?experiment=EXP-1&experiment=EXP-2", 422, "experiment"),
        ("?experiment=new", 422, "services"),
        ("?experiment=new&services=zookeeper&environment=moon", 422, "environment"),
        ("?experiment=new&services=unheard-of&environment=production", 422, "services"),
    ] {
        let refused = send(&story.world, &token, query, journal("passed")).await;
        assert_eq!(problem(&refused).0, status, "{query}: {}", refused.text());
        if status == 422 {
            assert_eq!(refused.json()["fields"][0]["field"], field, "{query}: {}", refused.text());
        }
    }
    assert_eq!(kept(&story.world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_exactly_the_limit_is_read_and_one_byte_more_is_not() {
    let story = Story::new().await;
    let token = token(&story.world, "Ci", Role::Contributor, "ingest").await;
    let mut padded = journal("passed");
    padded.resize(IMPORT_BYTES_MAX, b' ');
    assert_eq!(send(&story.world, &token, "", padded.clone()).await.status, StatusCode::ACCEPTED);
    padded.push(b' ');
    let refused = send(&story.world, &token, "", padded).await;
    assert_eq!(problem(&refused), (413, "too_much".into()));
    assert!(refused.json()["detail"].as_str().unwrap().contains("10 MiB"), "{}", refused.text());
    assert_eq!(kept(&story.world).await, 1);
}

/// A server on a port of its own, for what only a connection can show.
async fn listening(world: &World) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = world.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn head(token: &str, length: &str) -> String {
    format!(
        "POST {DOOR} HTTP/1.1\r\nHost: retrial\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n{length}\r\n\r\n"
    )
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    // A server that waits for more than it should would otherwise hang the test.
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

fn status_line(stream: &mut TcpStream) -> String {
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_megabytes_are_refused_before_they_are_sent() {
    let story = Story::new().await;
    let token = token(&story.world, "Ci", Role::Contributor, "ingest").await;
    let address = listening(&story.world).await;
    let status = tokio::task::spawn_blocking(move || {
        let mut stream = connect(address);
        stream.write_all(head(&token, "Content-Length: 100000000").as_bytes()).unwrap();
        status_line(&mut stream)
    });
    assert_eq!(status.await.unwrap(), "HTTP/1.1 413", "not one byte of the body was sent");
    assert_eq!(kept(&story.world).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_megabytes_of_unsaid_length_are_cut_off_on_the_way() {
    let story = Story::new().await;
    let token = token(&story.world, "Ci", Role::Contributor, "ingest").await;
    let address = listening(&story.world).await;
    let sent = tokio::task::spawn_blocking(move || {
        let mut stream = connect(address);
        stream.write_all(head(&token, "Transfer-Encoding: chunked").as_bytes()).unwrap();
        let chunk = [b"100000\r\n".to_vec(), vec![b' '; 1 << 20], b"\r\n".to_vec()].concat();
        let mut writing = stream.try_clone().unwrap();
        let writer = std::thread::spawn(move || (0..100).take_while(|_| writing.write_all(&chunk).is_ok()).count());
        let status = status_line(&mut stream);
        drop(stream.shutdown(std::net::Shutdown::Both));
        (status, writer.join().unwrap())
    });
    let (status, sent_mib) = sent.await.unwrap();
    assert_eq!(status, "HTTP/1.1 413");
    // The limit, and what the system's buffers took in meanwhile.
    assert!(sent_mib < 40, "{sent_mib} MiB were taken in");
    assert_eq!(kept(&story.world).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_sends_everything_before_listening_still_hears_why() {
    let story = Story::new().await;
    let token = token(&story.world, "Ci", Role::Contributor, "ingest").await;
    let address = listening(&story.world).await;
    let answers = tokio::task::spawn_blocking(move || {
        [("nonsense", IMPORT_BYTES_MAX), (token.as_str(), IMPORT_BYTES_MAX + (5 << 20))].map(|(token, bytes)| {
            let mut stream = connect(address);
            stream.write_all(head(token, &format!("Content-Length: {bytes}")).as_bytes()).unwrap();
            stream.write_all(&vec![b' '; bytes]).unwrap();
            status_line(&mut stream)
        })
    });
    assert_eq!(answers.await.unwrap(), ["HTTP/1.1 401", "HTTP/1.1 413"]);
}
