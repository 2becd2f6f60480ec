//! R1, kill -9 at a random moment: 32 programs write, the server is killed, and the next one has
//! everything that was acknowledged and nothing twice. What a key wrote carries the key, so the
//! whole trail is read at the end and compared with what was sent.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher as _, RandomState},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{
    book::Book,
    client::{Answer, Program, by_many},
    counted::{tell, tries},
    running::{Running, verify},
};

const WRITERS: usize = 32;
/// The moment of a kill, in milliseconds after the writers began.
const KILL_AFTER_MS: std::ops::Range<u64> = 50..3_000;
/// Every so many rounds the whole notebook is verified before its next server starts, and at the end.
const VERIFIED_EVERY: usize = 20;
/// The first answers after a start, whose slowest hundredth is told.
const FIRST_ANSWERS: usize = 200;

struct Tried {
    program: Program,
    run: String,
    /// Keys given out.
    next: AtomicUsize,
    /// What was answered for each key that was acknowledged before a kill.
    acknowledged: Mutex<BTreeMap<usize, String>>,
    first_answers: Mutex<Vec<Duration>>,
}

impl Tried {
    /// Half of all keys write an observation, half a finding.
    async fn send(&self, address: &str, key: usize) -> Option<Answer> {
        let (path, body) = if key.is_multiple_of(2) {
            (format!("runs/{}/observe", self.run), format!(r#"{{"text": "key-{key}"}}"#))
        } else {
            let body = format!(r#"{{"title": "key-{key}", "environment": "production", "services": ["ingest"]}}"#);
            ("findings".to_owned(), body)
        };
        let headers = [("idempotency-key", format!("key-{key}"))];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.program.try_post(&format!("{address}/api/v1/{path}"), &headers, body).await
    }

    /// Writes on and on until the server is gone.
    async fn write(&self, address: &str) {
        loop {
            let key = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(answer) = self.send(address, key).await else { return };
            assert_eq!((answer.status, answer.is_replay()), (201, false), "{}", answer.body);
            self.acknowledged.lock().unwrap().insert(key, answer.body);
        }
    }

    /// Sends a key of the round before again, as a program does that was not answered.
    async fn send_again(&self, address: &str, key: usize) {
        let begun = Instant::now();
        let answer = self.send(address, key).await.unwrap_or_else(|| panic!("{address} went away"));
        let mut first_answers = self.first_answers.lock().unwrap();
        first_answers.push(begun.elapsed());
        drop(first_answers);
        match self.acknowledged.lock().unwrap().get(&key) {
            Some(body) => assert!(
                answer.is_replay() && answer.body == *body,
                "key-{key} was acknowledged with {body} and is lost: {} {}",
                answer.status,
                answer.body
            ),
            None => assert!(
                answer.status == 201 || answer.status == 200 && answer.is_replay(),
                "{} {}",
                answer.status,
                answer.body
            ),
        }
    }
}

/// Kills a server under its writers, and asks the next one for every key again. Gives that server,
/// and how long the first answers took that it gave.
async fn round(book: &Book, tried: &Arc<Tried>, mut server: Running, is_verified: bool) -> (Running, Vec<Duration>) {
    let begun_at = tried.next.load(Ordering::Relaxed);
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let (tried, address) = (tried.clone(), server.address.clone());
        writers.spawn(async move { tried.write(&address).await });
    }
    tokio::time::sleep(random_moment()).await;
    server.kill();
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    if is_verified {
        verify(book);
    }
    let next = Running::start(book);
    by_many(WRITERS, begun_at..tried.next.load(Ordering::Relaxed), {
        let (tried, address) = (tried.clone(), next.address.clone());
        move |key| {
            let (tried, address) = (tried.clone(), address.clone());
            async move { tried.send_again(&address, key).await }
        }
    })
    .await;
    let mut answers = std::mem::take(&mut *tried.first_answers.lock().unwrap());
    answers.truncate(FIRST_ANSWERS);
    (next, answers)
}

/// Nobody can foretell it, and it needs no crate: a fresh hasher is keyed at random.
fn random_moment() -> Duration {
    let spread = RandomState::new().hash_one(()) % (KILL_AFTER_MS.end - KILL_AFTER_MS.start);
    Duration::from_millis(KILL_AFTER_MS.start + spread)
}

/// How often each key stands in the trail, which holds a line for whatever was written.
async fn written(program: &Program, address: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let (mut after, mut more) = (0, true);
    while more {
        let page = program.get(address, &format!("/api/v1/events?limit=200&after={after}")).await.json();
        for line in page["events"].as_array().unwrap() {
            after = line["seq"].as_i64().unwrap();
            let text = ["/body/text", "/body/title"].iter().find_map(|place| line.pointer(place)?.as_str());
            if let Some(key) = text.filter(|text| text.starts_with("key-")) {
                *counts.entry(key.to_owned()).or_default() += 1;
            }
        }
        more = page["more"] == true;
    }
    counts
}

async fn kill_at_random(book: Book) {
    let rounds = tries(3, 100);
    let begun = Instant::now();
    let run = book.live_run().await.to_string();
    let tried = Arc::new(Tried {
        program: Program::new(&book.token),
        run,
        next: AtomicUsize::new(0),
        acknowledged: Mutex::default(),
        first_answers: Mutex::default(),
    });
    let mut server = Running::start(&book);
    let mut slowest = Vec::new();
    for number in 1..=rounds {
        let (next, mut answers) = round(&book, &tried, server, number % VERIFIED_EVERY == 0 || number == 1).await;
        server = next;
        answers.sort_unstable();
        slowest.extend(answers.get(answers.len() * 99 / 100).copied());
    }
    let found = written(&tried.program, &server.address).await;
    let sent = tried.next.load(Ordering::Relaxed);
    let missing: Vec<usize> = (0..sent).filter(|key| !found.contains_key(&format!("key-{key}"))).collect();
    assert_eq!(missing, [0_usize; 0], "lost");
    let twice: Vec<&String> = found.iter().filter(|(_, count)| **count > 1).map(|(text, _)| text).collect();
    assert!(twice.is_empty(), "doubled: {twice:?}");
    assert_eq!(found.len(), sent, "something was written that nobody sent");
    drop(server);
    verify(&book);
    let result = format!(
        "R1 {}: {rounds} kills under {WRITERS} writers, {} of {sent} keys acknowledged before a kill: 0 lost, 0 doubled, \
         retrial verify clean; slowest hundredth of the first {FIRST_ANSWERS} answers after a start at most {:.0} ms, {:.1} s",
        book.engine(),
        tried.acknowledged.lock().unwrap().len(),
        slowest.iter().max().unwrap().as_secs_f64() * 1_000.0,
        begun.elapsed().as_secs_f64(),
    );
    tell(&result, rounds);
}

on_both!(kill_at_random: what_was_acknowledged_stays_on_sqlite, what_was_acknowledged_stays_on_postgres);
