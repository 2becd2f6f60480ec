//! Tells a run in the background, in the order in which things happened. Each message is on disk before it is
//! sent, and goes from there once a notebook has taken it or said no.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{
    spool::{Message, Spool},
    voice::say,
};
use crate::cli::{
    Stopped,
    client::connection::{Connection, Tried},
    exit,
};

const PAUSE_MS_MIN: u64 = 250;
const PAUSE_MS_MAX: u64 = 1_000;

/// How it went.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub done: usize,
    /// What a notebook said no to, and why.
    pub refused: Vec<String>,
    pub waiting: usize,
    pub why: Option<Held>,
}

/// Why something waits, and what a command ends with because of that.
#[derive(Debug, PartialEq, Eq)]
pub struct Held {
    pub says: String,
    pub number: u8,
}

impl Held {
    fn by(no: &Stopped) -> Self {
        Self { says: no.to_string(), number: no.number() }
    }
}

pub struct Outbox {
    shared: Arc<Shared>,
    deliverer: JoinHandle<()>,
}

struct Shared {
    connection: Arc<Connection>,
    kept: Mutex<Kept>,
    put: Notify,
    gone: Notify,
}

struct Kept {
    spool: Spool,
    /// With its file, if it could be written.
    queue: VecDeque<(Option<PathBuf>, Message)>,
    sent: Sent,
}

impl Outbox {
    pub fn open(connection: Arc<Connection>, spool: Spool) -> Self {
        let kept = Mutex::new(Kept { spool, queue: VecDeque::new(), sent: Sent::default() });
        let shared = Arc::new(Shared { connection, kept, put: Notify::new(), gone: Notify::new() });
        let deliverer = tokio::spawn(deliver(Arc::clone(&shared)));
        Self { shared, deliverer }
    }

    /// What cannot be written to the disk is still sent.
    pub fn put(&self, message: Message) {
        let mut kept = self.shared.kept();
        let path = kept.spool.put(&message);
        if let Err(trouble) = &path {
            let folder = kept.spool.folder().display();
            say(&format!("{folder} cannot be written: {trouble}; what is not sent by the end is lost"));
        }
        kept.queue.push_back((path.ok(), message));
        drop(kept);
        self.shared.put.notify_one();
    }

    pub fn folder(&self) -> PathBuf {
        self.shared.kept().spool.folder().to_owned()
    }

    /// Waits until everything is sent, but not for ever.
    pub async fn settle(self, patience: Duration) -> Sent {
        let empty = async {
            while !self.shared.kept().queue.is_empty() {
                self.shared.gone.notified().await;
            }
        };
        let _ = timeout(patience, empty).await;
        self.deliverer.abort();
        // It holds the spool.
        let _ = self.deliverer.await;
        let mut kept = self.shared.kept();
        kept.sent.waiting = kept.queue.len();
        std::mem::take(&mut kept.sent)
    }
}

impl Shared {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn first(&self) -> Option<Message> {
        self.kept().queue.front().map(|(_, message)| message.clone())
    }

    fn took(&self, refused: Option<String>) {
        let mut kept = self.kept();
        if let Some((Some(path), _)) = kept.queue.pop_front() {
            let _ = std::fs::remove_file(path);
        }
        match refused {
            Some(no) => kept.sent.refused.push(no),
            None => kept.sent.done += 1,
        }
        kept.sent.why = None;
        drop(kept);
        self.gone.notify_one();
    }
}

async fn deliver(shared: Arc<Shared>) {
    let mut pause_ms = PAUSE_MS_MIN;
    loop {
        let Some(message) = shared.first() else {
            shared.put.notified().await;
            continue;
        };
        match send(&shared.connection, &message).await {
            Ok(()) => shared.took(None),
            Err(Tried::Refused(no)) => shared.took(Some(said_no(&message, &no))),
            Err(Tried::Away(no)) => {
                shared.kept().sent.why = Some(Held::by(&no));
                sleep(Duration::from_millis(pause_ms)).await;
                pause_ms = (pause_ms * 2).min(PAUSE_MS_MAX);
                continue;
            }
        }
        pause_ms = PAUSE_MS_MIN;
    }
}

async fn send(connection: &Connection, message: &Message) -> Result<(), Tried> {
    let Message { path, query, key, body, .. } = message;
    connection.deliver(path, query, (key.as_str(), body.as_str())).await.map(drop)
}

fn said_no(message: &Message, no: &Stopped) -> String {
    format!("{} was refused: {no}", message.path)
}

/// Sends what earlier commands left for a notebook, until it is away again. What one of them may not say any
/// more holds up what comes after it, and no other command's.
pub async fn send_left(connection: &Connection, url: &str, spools: &Path) -> std::io::Result<Sent> {
    let mut sent = Sent::default();
    let mut is_away = false;
    for folder in Spool::left(spools)? {
        // Held, or gone meanwhile.
        let Ok(Some(spool)) = Spool::take_over(folder) else { continue };
        let waiting = spool.waiting().unwrap_or_default();
        let mut is_held_up = is_away;
        for (path, message) in waiting.into_iter().filter(|(_, message)| message.url == url) {
            if is_held_up {
                sent.waiting += 1;
                continue;
            }
            match send(connection, &message).await {
                Ok(()) => sent.done += 1,
                Err(Tried::Refused(no)) => sent.refused.push(said_no(&message, &no)),
                Err(Tried::Away(no)) => {
                    (is_held_up, is_away) = (true, no.number() == exit::UNREACHABLE);
                    (sent.why, sent.waiting) = (Some(Held::by(&no)), sent.waiting + 1);
                    continue;
                }
            }
            std::fs::remove_file(path)?;
        }
    }
    Ok(sent)
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        http::{StatusCode, Uri},
    };

    use super::*;

    /// A notebook that allows nothing about RUN-1 any more.
    async fn strict() -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(|uri: Uri| async move {
            let is_allowed = !uri.path().contains("/RUN-1/");
            let no = (StatusCode::FORBIDDEN, r#"{"code": "not_allowed", "detail": "You may not."}"#);
            if is_allowed { (StatusCode::OK, "{}") } else { no }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    #[tokio::test]
    async fn what_one_command_may_not_say_holds_up_no_other() {
        let (home, url) = (tempfile::tempdir().unwrap(), strict().await);
        for (name, run) in [("EXP-1-a", "RUN-1"), ("EXP-1-b", "RUN-2")] {
            let mut spool = Spool::new(home.path(), name).unwrap();
            for key in ["first", "second"] {
                let message = Message {
                    url: url.clone(),
                    path: format!("runs/{run}/observe"),
                    query: Vec::new(),
                    key: format!("{run}-{key}"),
                    body: "{}".into(),
                };
                spool.put(&message).unwrap();
            }
        }
        let connection = Connection::anonymous(&url).unwrap();
        let sent = send_left(&connection, &url, home.path()).await.unwrap();
        assert_eq!((sent.done, sent.waiting, sent.refused.len()), (2, 2, 0));
        let held = Held { says: "You may not.".into(), number: exit::NOT_ALLOWED };
        assert_eq!(sent.why, Some(held));
        assert_eq!(Spool::left(home.path()).unwrap(), [home.path().join("EXP-1-a")]);
    }
}
