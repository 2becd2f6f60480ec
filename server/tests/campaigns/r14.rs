//! R14, rolling restarts under watchers: programs write and others watch, the server is stopped by
//! SIGTERM or killed, and the next one begins. A stop ends every stream within a second and the
//! process within ten; whoever comes back by `Last-Event-ID` has every line of the trail, once, in order,
//! and the fault began when it did.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use notebook::desk::{Clock as _, WallClock};
use tokio::task::JoinSet;

use crate::{
    book::Book,
    client::{Program, Watched},
    counted::{tell, tries},
    running::{Running, verify},
};

/// All are Ana's, and one person has so many places.
const WATCHERS: usize = 40;
const WRITERS: usize = 16;
/// How long each server runs under them.
const ROUND: Duration = Duration::from_millis(800);
const STREAM_ENDS: Duration = Duration::from_secs(1);
const PROCESS_ENDS: Duration = Duration::from_secs(10);

struct Tried {
    program: Program,
    run: String,
    /// Texts given out.
    next: AtomicUsize,
    acknowledged: AtomicUsize,
}

impl Tried {
    /// Writes on and on until the server is gone. A text that was not acknowledged is sent again to the
    /// next one, under its key.
    async fn write(&self, address: &str, mut again: Option<usize>) -> Option<usize> {
        loop {
            let number = again.take().unwrap_or_else(|| self.next.fetch_add(1, Ordering::Relaxed));
            let (url, key) = (format!("{address}/api/v1/runs/{}/observe", self.run), format!("key-{number}"));
            let body = format!(r#"{{"text": "text-{number}"}}"#);
            let Some(answer) = self.program.try_post(&url, &[("idempotency-key", &key)], body).await else {
                return Some(number);
            };
            if answer.status == 503 {
                return Some(number);
            }
            assert!([200, 201].contains(&answer.status), "{} {}", answer.status, answer.body);
            self.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Numbers and texts of the run's lines, as the trail has them.
async fn trail(tried: &Tried, address: &str) -> Vec<(i64, String)> {
    let (mut lines, mut after, mut more) = (Vec::new(), 0, true);
    while more {
        let path = format!("/api/v1/events?about={}&limit=200&after={after}", tried.run);
        let page = tried.program.get(address, &path).await.json();
        for line in page["events"].as_array().unwrap() {
            after = line["seq"].as_i64().unwrap();
            lines.push((after, line["body"]["text"].as_str().unwrap_or_default().to_owned()));
        }
        more = page["more"] == true;
    }
    lines
}

/// When the fault began, by what the notebook says.
async fn began(tried: &Tried, address: &str) -> i64 {
    let run = tried.program.get(address, &format!("/api/v1/runs/{}", tried.run)).await.json();
    run["facts"]["fault_started"].as_i64().unwrap()
}

/// One server under watchers and writers, ended by `end`. Gives what its watchers heard and what its
/// writers were not told.
async fn round(
    book: &Book,
    tried: &Arc<Tried>,
    watched: Vec<Watched>,
    again: Vec<Option<usize>>,
    end: impl FnOnce(&mut Running),
) -> (Vec<Watched>, Vec<Option<usize>>) {
    let mut server = Running::start(book);
    let (mut watchers, mut writers) = (JoinSet::new(), JoinSet::new());
    for mut one in watched {
        let (tried, address) = (tried.clone(), server.address.clone());
        watchers.spawn(async move {
            one.listen(&tried.program, &address, &tried.run, None).await;
            (one, Instant::now())
        });
    }
    for unanswered in again {
        let (tried, address) = (tried.clone(), server.address.clone());
        writers.spawn(async move { tried.write(&address, unanswered).await });
    }
    tokio::time::sleep(ROUND).await;
    let ended = Instant::now();
    end(&mut server);
    let mut back = Vec::new();
    for (one, at) in watchers.join_all().await {
        assert!(at.saturating_duration_since(ended) <= STREAM_ENDS, "a stream outlived its server");
        back.push(one);
    }
    server.gone();
    assert!(ended.elapsed() <= PROCESS_ENDS, "the process took {:?} to end", ended.elapsed());
    (back, writers.join_all().await)
}

async fn restart_under_watchers(book: Book) {
    let rounds = tries(3, 100);
    let earliest = WallClock.now().micros();
    let run = book.live_run().await.to_string();
    let latest = WallClock.now().micros();
    let tried = Arc::new(Tried {
        program: Program::new(&book.token),
        run,
        next: AtomicUsize::new(0),
        acknowledged: AtomicUsize::new(0),
    });
    let mut watched: Vec<Watched> = (0..WATCHERS).map(|_| Watched::default()).collect();
    let mut again = vec![None; WRITERS];
    for number in 0..rounds {
        // Every third one has no time to say goodbye.
        let end = if number % 3 == 2 { Running::kill } else { Running::terminate };
        (watched, again) = round(&book, &tried, watched, again, end).await;
    }
    let server = Running::start(&book);
    let mut last = JoinSet::new();
    let lines = trail(&tried, &server.address).await;
    let begun = began(&tried, &server.address).await;
    assert!((earliest..=latest).contains(&begun), "the run's clock moved: {begun} is not in {earliest} to {latest}");
    for mut one in watched {
        let (tried, address, until) = (tried.clone(), server.address.clone(), lines.last().map(|(seq, _)| *seq));
        last.spawn(async move {
            one.listen(&tried.program, &address, &tried.run, until).await;
            one
        });
    }
    let written: Vec<i64> = lines.iter().map(|(seq, _)| *seq).collect();
    for one in last.join_all().await {
        assert_eq!(one.heard, written, "a watcher missed a line, or heard one twice");
    }
    let texts: Vec<&str> =
        lines.iter().map(|(_, text)| text.as_str()).filter(|text| text.starts_with("text-")).collect();
    assert!(texts.len() >= tried.acknowledged.load(Ordering::Relaxed), "an acknowledged line is lost");
    assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), texts.len(), "a line was written twice");
    drop(server);
    verify(&book);
    let result = format!(
        "R14 {}: {rounds} restarts under {WATCHERS} watchers and {WRITERS} writers, {} lines: 0 missed, 0 twice, every stream \
         ended within {STREAM_ENDS:?}",
        book.engine(),
        lines.len(),
    );
    tell(&result, rounds);
}

on_both!(
    restart_under_watchers: watchers_miss_nothing_over_restarts_on_sqlite,
    watchers_miss_nothing_over_restarts_on_postgres
);
