//! R10, retries: every key does its work once, whatever happened to the first answer. Findings are
//! numbered inside the act's own transaction and without a gap, so the number of the last one says
//! whether anything was done twice.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::{
    book::Book,
    client::{Answer, Program, by_many},
    counted::{tell, tries},
    running::Running,
};

/// Requests under way at the same time.
const WORKERS: usize = 16;
/// Keys between two kills.
const BATCH: usize = 50;

/// What all tries of one notebook share.
struct Tried {
    program: Program,
    /// Which finding each key made.
    made: Mutex<BTreeMap<String, String>>,
    requests: AtomicUsize,
    waited: AtomicUsize,
    /// Answered with what was made, because the first answer was lost.
    made_up: AtomicUsize,
}

impl Tried {
    fn new(book: &Book) -> Arc<Self> {
        Arc::new(Self {
            program: Program::new(&book.token),
            made: Mutex::default(),
            requests: AtomicUsize::new(0),
            waited: AtomicUsize::new(0),
            made_up: AtomicUsize::new(0),
        })
    }

    /// None where the server went away before it answered.
    async fn try_send(&self, address: &str, key: &str, title: &str) -> Option<Answer> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let body = format!(r#"{{"title": "{title}", "environment": "production", "services": ["ingest"]}}"#);
        self.program.try_post(&format!("{address}/api/v1/findings"), &[("idempotency-key", key)], body).await
    }

    async fn send(&self, address: &str, key: &str, title: &str) -> Answer {
        self.try_send(address, key, title).await.unwrap_or_else(|| panic!("{address} went away"))
    }

    /// One key makes one thing, whoever answers and however often.
    fn record(&self, key: &str, answer: &Answer) {
        let json = answer.json();
        let thing = json["id"].as_str().or(json["thing"].as_str()).unwrap().to_owned();
        if answer.status == 200 {
            assert!(answer.is_replay() && json["code"] == "done", "{}", answer.body);
            assert_eq!(answer.header("location"), format!("/api/v1/findings/{thing}"));
            self.made_up.fetch_add(1, Ordering::Relaxed);
        } else {
            assert_eq!(answer.status, 201, "{}", answer.body);
        }
        let before = self.made.lock().unwrap().insert(key.to_owned(), thing.clone());
        assert!(before.is_none_or(|before| before == thing), "{key} made {thing} and another: done twice");
    }

    /// The first answer, and then the same one again.
    async fn once(&self, addresses: [&str; 2], key: &str) {
        let first = self.send(addresses[0], key, key).await;
        assert_eq!((first.status, first.is_replay()), (201, false), "{}", first.body);
        self.record(key, &first);
        let again = self.send(addresses[1], key, key).await;
        assert!(again.is_replay(), "{key}: {} {}", again.status, again.body);
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        assert_eq!(again.header("location"), first.header("location"));
        self.record(key, &again);
    }

    /// Another body under the same key is refused, and the first one stays what it was.
    async fn other_body(&self, address: &str, key: &str) {
        self.once([address, address], key).await;
        let other = self.send(address, key, "something else").await;
        assert_eq!((other.status, other.json()["code"].as_str()), (422, Some("key_reused")), "{}", other.body);
        self.record(key, &self.send(address, key, key).await);
    }

    /// A refused request leaves its key free.
    async fn refused_first(&self, address: &str, key: &str) {
        let refused = self.send(address, key, "").await;
        assert_eq!((refused.status, refused.json()["code"].as_str()), (422, Some("unfit")), "{}", refused.body);
        self.once([address, address], key).await;
    }

    /// Four times at the same moment, and once more afterwards.
    async fn together(&self, addresses: [&str; 2], key: &str) {
        let send = |server: usize| self.send(addresses[server], key, key);
        let (a, b, c, d) = tokio::join!(send(0), send(1), send(0), send(1));
        let mut made = 0;
        for answer in [a, b, c, d] {
            if answer.status == 409 {
                assert_eq!(answer.json()["code"], "under_way", "{}", answer.body);
                assert!(!answer.header("retry-after").is_empty());
                self.waited.fetch_add(1, Ordering::Relaxed);
            } else {
                made += usize::from(!answer.is_replay());
                self.record(key, &answer);
            }
        }
        assert_eq!(made, 1, "{key} was done {made} times");
        let again = self.send(addresses[1], key, key).await;
        assert!(again.is_replay(), "{key}: {} {}", again.status, again.body);
        self.record(key, &again);
    }

    /// How many findings there are beside those of keys: none.
    async fn doubled(&self, address: &str) -> usize {
        let made = self.made.lock().unwrap().clone();
        let things: BTreeSet<&String> = made.values().collect();
        assert_eq!(things.len(), made.len(), "two keys share a finding");
        let body = r#"{"title": "the last one", "environment": "production", "services": ["ingest"]}"#;
        let last = self.program.post(&format!("{address}/api/v1/findings"), &[], body.to_owned()).await;
        let id = last.json()["id"].as_str().unwrap().to_owned();
        id.strip_prefix("FND-").unwrap().parse::<usize>().unwrap() - 1 - made.len()
    }

    async fn told(&self, book: &Book, servers: usize, kills: usize, address: &str, begun: Instant) {
        let doubled = self.doubled(address).await;
        assert_eq!(doubled, 0, "findings beyond one a key");
        let keys = self.made.lock().unwrap().len();
        let result = format!(
            "R10 {}, {servers} server(s): {keys} keys in {} requests, {kills} kills: {doubled} doubled, 0 lost, {} told to wait (409), \
             {} answered by what was made, {:.1} s",
            book.engine(),
            self.requests.load(Ordering::Relaxed),
            self.waited.load(Ordering::Relaxed),
            self.made_up.load(Ordering::Relaxed),
            begun.elapsed().as_secs_f64(),
        );
        tell(&result, keys);
    }
}

/// Sends a batch of keys, each once, and tells of each answer.
async fn batch(tried: &Arc<Tried>, address: String, name: usize, answered: UnboundedSender<(String, Answer)>) {
    let tried = tried.clone();
    by_many(WORKERS, 0..BATCH, move |number| {
        let (tried, address, answered) = (tried.clone(), address.clone(), answered.clone());
        async move {
            let key = format!("kill-{name}-{number}");
            if let Some(answer) = tried.try_send(&address, &key, &key).await {
                // Nobody listens any more once the server is killed; the answer counts all the same.
                let _ = answered.send((key, answer));
            }
        }
    })
    .await;
}

/// Kills the server in the middle of a batch, and asks whoever comes after it for every key again.
async fn killed(tried: &Arc<Tried>, server: &mut Running, name: usize, after: impl FnOnce() -> String) {
    let (answered, mut answers) = unbounded_channel();
    let sending = tokio::spawn({
        let (tried, address) = (tried.clone(), server.address.clone());
        async move { batch(&tried, address, name, answered).await }
    });
    // Each kill comes at another point of its batch.
    let kill_after = 1 + name * 7 % (BATCH - WORKERS);
    let mut acknowledged = BTreeMap::new();
    while let Some((key, answer)) = answers.recv().await {
        assert_eq!(answer.status, 201, "{}", answer.body);
        tried.record(&key, &answer);
        acknowledged.insert(key, answer.body);
        if acknowledged.len() == kill_after {
            server.kill();
        }
    }
    sending.await.unwrap();
    let next = after();
    let acknowledged = Arc::new(acknowledged);
    let tried = tried.clone();
    by_many(WORKERS, 0..BATCH, move |number| {
        let (tried, next, acknowledged) = (tried.clone(), next.clone(), acknowledged.clone());
        async move {
            let key = format!("kill-{name}-{number}");
            let answer = tried.send(&next, &key, &key).await;
            if let Some(body) = acknowledged.get(&key) {
                assert!(answer.is_replay() && answer.body == *body, "{key} was acknowledged: {}", answer.body);
            }
            tried.record(&key, &answer);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_key_is_done_once_by_one_server() {
    let keys = tries(1_200, 14_000);
    let begun = Instant::now();
    let book = Book::in_a_folder().await;
    let mut server = Running::start(&book);
    let tried = Tried::new(&book);
    let kills = keys / 5 / BATCH;
    let address = server.address.clone();
    by_many(WORKERS, 0..keys - kills * BATCH, {
        let tried = tried.clone();
        move |number| {
            let (tried, address) = (tried.clone(), address.clone());
            async move {
                let key = format!("key-{number}");
                match number % 8 {
                    0..=2 => tried.once([&address, &address], &key).await,
                    3 | 4 => tried.other_body(&address, &key).await,
                    5 => tried.refused_first(&address, &key).await,
                    _ => tried.together([&address, &address], &key).await,
                }
            }
        }
    })
    .await;
    for kill in 0..kills {
        let book = &book;
        let mut next = None;
        killed(&tried, &mut server, kill, || next.insert(Running::start(book)).address.clone()).await;
        server = next.unwrap();
    }
    tried.told(&book, 1, kills, &server.address, begun).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_key_is_done_once_by_two_servers() {
    let keys = tries(800, 6_000);
    let begun = Instant::now();
    let Some(book) = Book::on_postgres().await else { return };
    let (mut one, two) = (Running::start(&book), Running::start(&book));
    let tried = Tried::new(&book);
    let kills = keys / 5 / BATCH;
    let addresses = [one.address.clone(), two.address.clone()];
    by_many(WORKERS, 0..keys - kills * BATCH, {
        let tried = tried.clone();
        move |number| {
            let (tried, [one, two]) = (tried.clone(), addresses.clone());
            async move {
                let key = format!("key-{number}");
                match number % 4 {
                    0 => tried.once([&one, &two], &key).await,
                    1 => tried.other_body(&two, &key).await,
                    _ => tried.together([&one, &two], &key).await,
                }
            }
        }
    })
    .await;
    for kill in 0..kills {
        let second = two.address.clone();
        killed(&tried, &mut one, kill, || second).await;
        one = Running::start(&book);
    }
    tried.told(&book, 2, kills, &two.address, begun).await;
}
