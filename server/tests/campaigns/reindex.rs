//! The search index is written anew beside a server under its writers, and killed at random moments: no write is refused
//! or waits for the whole of it, and after each kill index and rows are equal.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use notebook::findings::{acts, drafts::Draft};
use tokio::task::JoinSet;

use crate::{
    book::Book,
    client::Program,
    counted::{tell, tries},
    running::{Running, reindex, verify},
};

const WRITERS: usize = 4;
/// The moment of a kill, in milliseconds after the command began.
const KILL_AFTER_MS: std::ops::Range<u64> = 30..1_500;

/// What writers share.
#[derive(Default)]
struct Writing {
    over: AtomicBool,
    written: AtomicUsize,
}

/// Writes observations on and on until it is over. Gives how long the slowest took.
async fn write(program: Program, url: String, writing: Arc<Writing>) -> Duration {
    let mut slowest = Duration::ZERO;
    while !writing.over.load(Ordering::Relaxed) {
        let (number, begun) = (writing.written.fetch_add(1, Ordering::Relaxed), Instant::now());
        let answer = program.post(&url, &[], format!(r#"{{"text": "seen {number}"}}"#)).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        slowest = slowest.max(begun.elapsed());
    }
    slowest
}

/// Findings that are there before; no server may run yet.
async fn fill(book: &Book, number: usize) {
    let ana = book.ana().await;
    for number in 0..number {
        let draft = Draft {
            title: format!("alerts stop, time {number}"),
            severity: "low".into(),
            environment: "production".into(),
            services: vec!["ingest".into()],
            ..Draft::default()
        };
        acts::write(&ana, &draft).await.unwrap();
    }
    ana.notebook.db.close().await;
}

/// Kills the command at a random moment. Whether it was still at work.
async fn kill(book: &Book) -> bool {
    let mut child = reindex(book);
    let spread = RandomState::new().hash_one(()) % (KILL_AFTER_MS.end - KILL_AFTER_MS.start);
    tokio::time::sleep(Duration::from_millis(KILL_AFTER_MS.start + spread)).await;
    let was_at_work = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    was_at_work
}

async fn killed_under_writers(book: Book) {
    let (rounds, begun) = (tries(3, 50), Instant::now());
    let url = format!("runs/{}/observe", book.live_run().await);
    fill(&book, tries(300, 5_000)).await;
    let server = Running::start(&book);
    let (writing, mut writers) = (Arc::new(Writing::default()), JoinSet::new());
    for _ in 0..WRITERS {
        let url = format!("{}/api/v1/{url}", server.address);
        writers.spawn(write(Program::new(&book.token), url, writing.clone()));
    }
    let mut killed = 0;
    for _ in 0..rounds {
        killed += usize::from(kill(&book).await);
        // Beside the server and its writers, too.
        verify(&book);
    }
    let ended = reindex(&book).wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    writing.over.store(true, Ordering::Relaxed);
    let mut slowest = Duration::ZERO;
    while let Some(ended) = writers.join_next().await {
        slowest = slowest.max(ended.unwrap());
    }
    drop(server);
    verify(&book);
    let result = format!(
        "reindex {}: {rounds} times begun under {WRITERS} writers, {killed} times killed at work: index and rows equal, \
         {} observations written meanwhile, none refused, the slowest in {:.0} ms, {:.1} s",
        book.engine(),
        writing.written.load(Ordering::Relaxed),
        slowest.as_secs_f64() * 1_000.0,
        begun.elapsed().as_secs_f64(),
    );
    tell(&result, rounds);
}

on_both!(killed_under_writers: the_index_stays_whole_on_sqlite, the_index_stays_whole_on_postgres);
