//! R20, kill -9 between an act and its messages: programs write findings, the server is killed, and in the end another
//! tool has got every one of them, signed, in the order in which they were written, as often as it likes under one name.

use std::{
    collections::BTreeSet,
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use notebook::notifications::{acts, webhooks::Draft};
use server::keys::Keys;
use tokio::task::JoinSet;

use crate::{
    book::Book,
    client::Program,
    counted::{tell, tries},
    receiver::{Receiver, Request},
    running::{Running, verify},
};

const WRITERS: usize = 4;
/// The moment of a kill, in milliseconds after the writers began.
const KILL_AFTER_MS: std::ops::Range<u64> = 50..1_500;

/// A webhook of the receiver's, and its secret. The server finds the same key in its folder.
async fn connect(book: &Book, receiver: &Receiver) -> String {
    let desk = book.desk().await;
    let draft = Draft {
        name: "Campaign".into(),
        form: "standard".into(),
        address: receiver.url(),
        topics: vec!["finding.written".into()],
        on: "on".into(),
        ..Draft::default()
    };
    let id = acts::add(&desk, &draft).await.unwrap().id;
    let key = Keys::new(None, book.folder()).key().unwrap();
    let secret = acts::make_secret(&desk, id, &key).await.unwrap().1.shown();
    desk.notebook.db.close().await;
    secret
}

/// Writes findings until the server is gone.
async fn write(program: Program, address: String, acknowledged: Arc<Mutex<BTreeSet<String>>>) {
    loop {
        let body = r#"{"title": "Alerts are late", "environment": "production", "services": ["ingest"]}"#.to_owned();
        let Some(answer) = program.try_post(&format!("{address}/api/v1/findings"), &[], body).await else { return };
        assert_eq!(answer.status, 201, "{}", answer.body);
        acknowledged.lock().unwrap().insert(answer.json()["id"].as_str().unwrap().to_owned());
    }
}

/// Nobody can foretell it, and it needs no crate: a fresh hasher is keyed at random.
fn random_moment() -> Duration {
    let spread = RandomState::new().hash_one(()) % (KILL_AFTER_MS.end - KILL_AFTER_MS.start);
    Duration::from_millis(KILL_AFTER_MS.start + spread)
}

fn finding(request: &Request) -> String {
    request.json()["data"]["id"].as_str().unwrap().to_owned()
}

/// What a reader does that honours names: each once.
fn read(requests: &[Request]) -> Vec<String> {
    let mut names = BTreeSet::new();
    requests.iter().filter(|request| names.insert(request.id().to_owned())).map(finding).collect()
}

async fn kill_between(book: Book) {
    let (rounds, begun) = (tries(3, 50), Instant::now());
    let receiver = Receiver::start().await;
    let secret = connect(&book, &receiver).await;
    let port = receiver.address.port().to_string();
    let flags = ["--outgoing-networks", "127.0.0.1", "--outgoing-ports", &port];
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    for _ in 0..rounds {
        let mut server = Running::start_with(&book, &flags);
        let mut writers = JoinSet::new();
        for _ in 0..WRITERS {
            writers.spawn(write(Program::new(&book.token), server.address.clone(), acknowledged.clone()));
        }
        tokio::time::sleep(random_moment()).await;
        server.kill();
        while let Some(ended) = writers.join_next().await {
            ended.unwrap();
        }
    }
    let server = Running::start_with(&book, &flags);
    let wanted = acknowledged.lock().unwrap().clone();
    receiver.until(|requests| wanted.is_subset(&requests.iter().map(finding).collect())).await;
    drop(server);

    let requests = receiver.requests();
    let unsigned = requests.iter().filter(|request| !request.is_signed_with(&secret)).count();
    assert_eq!(unsigned, 0, "signed with another secret");
    let read = read(&requests);
    let numbers: Vec<u64> = read.iter().map(|id| id.trim_start_matches("FND-").parse().unwrap()).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next), "each once and in order: {read:?}");
    verify(&book);
    let result = format!(
        "R20 {}: {rounds} kills under {WRITERS} writers, {} findings acknowledged, {} read in {} requests: 0 lost, \
         0 out of order, all signed, {:.1} s",
        book.engine(),
        wanted.len(),
        read.len(),
        requests.len(),
        begun.elapsed().as_secs_f64(),
    );
    tell(&result, rounds);
}

on_both!(kill_between: no_message_is_lost_on_sqlite, no_message_is_lost_on_postgres);
