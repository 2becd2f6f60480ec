//! R9, lost updates: one thing edited by many. Each edit that is taken is one version; each other
//! one is told the present version, and nothing of it is saved.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use notebook::{events::Entry, retrials, services};
use tokio::task::JoinSet;

use crate::{
    book::Book,
    client::{Answer, Browser, Program},
    counted::{tell, tries},
    running::Running,
};

/// One of every so many edits of a program comes without its version.
const WITHOUT_VERSION_EVERY: usize = 50;
/// One of every so many editors is a person with the form.
const A_PERSON_EVERY: usize = 16;

#[derive(Clone, Copy)]
enum Thing {
    Service,
    Fix,
    Finding,
}

impl Thing {
    const fn page(self) -> &'static str {
        match self {
            Self::Service => "/services/ingest",
            Self::Fix => "/fixes/FIX-1",
            Self::Finding => "/findings/FND-1",
        }
    }

    /// What an edit sends, and where the answer to reading it holds the same text.
    fn edit(self, text: &str) -> (String, &'static str) {
        match self {
            Self::Service => (format!(r#"{{"name": "{text}"}}"#), "/service/name"),
            Self::Fix => (format!(r#"{{"title": "{text}", "findings": ["FND-1"]}}"#), "/fix/title"),
            Self::Finding => (format!(r#"{{"title": "{text}"}}"#), "/finding/title"),
        }
    }

    /// How many edits its trail holds.
    async fn edits(self, book: &Book) -> usize {
        let desk = book.desk().await;
        let history: Vec<Entry> = match self {
            Self::Service => services::acts::show(&desk, "ingest").await.unwrap().history,
            Self::Fix => retrials::acts::show_fix(&desk, "FIX-1".parse().unwrap()).await.unwrap().history,
            Self::Finding => retrials::acts::show_finding(&desk, "FND-1".parse().unwrap()).await.unwrap().history,
        };
        desk.notebook.db.close().await;
        history.iter().filter(|line| line.act == "edited").count()
    }
}

/// What came of all edits of one thing.
#[derive(Default)]
struct Came {
    next: AtomicUsize,
    /// The text of each version that was taken.
    taken: Mutex<BTreeMap<i64, String>>,
    stale: AtomicUsize,
    without: AtomicUsize,
    given_back: AtomicUsize,
}

impl Came {
    /// The number of the next edit, while there are some left.
    fn ticket(&self, edits: usize) -> Option<usize> {
        Some(self.next.fetch_add(1, Ordering::Relaxed)).filter(|ticket| *ticket < edits)
    }

    fn take(&self, version: i64, text: String) {
        let before = self.taken.lock().unwrap().insert(version, text);
        assert_eq!(before, None, "version {version} was taken twice: an update is lost");
    }
}

fn version(tag: &str) -> i64 {
    let inside = tag.trim_matches('"');
    inside.split('-').next().unwrap().parse().unwrap_or_else(|_| panic!("{tag} is no version's tag"))
}

async fn by_program(program: Program, address: String, thing: Thing, edits: usize, came: Arc<Came>) {
    let url = format!("{address}/api/v1{}/edit", thing.page());
    let mut tag = program.get(&address, &format!("/api/v1{}", thing.page())).await.header("etag").to_owned();
    while let Some(ticket) = came.ticket(edits) {
        let text = format!("edit {ticket}");
        let (body, _) = thing.edit(&text);
        if ticket % WITHOUT_VERSION_EVERY == 0 {
            let refused = program.post(&url, &[], body.clone()).await;
            assert_eq!(refused.status, 428, "{}", refused.body);
            came.without.fetch_add(1, Ordering::Relaxed);
        }
        let answer = program.post(&url, &[("if-match", &tag)], body).await;
        match answer.status {
            200 => {
                let now = version(answer.header("etag"));
                assert_eq!(now, version(&tag) + 1, "an edit of {tag} was taken over a later one");
                came.take(now, text);
            }
            412 => {
                assert_eq!(answer.json()["about"]["version"], version(answer.header("etag")));
                came.stale.fetch_add(1, Ordering::Relaxed);
            }
            other => panic!("{other}: {}", answer.body),
        }
        answer.header("etag").clone_into(&mut tag);
    }
}

async fn by_person(address: String, thing: Thing, edits: usize, came: Arc<Came>) {
    let browser = Browser::signed_in(&address).await;
    let form = format!("{}/edit", thing.page());
    let mut page: Answer = browser.get(&form).await;
    while let Some(ticket) = came.ticket(edits) {
        let text = format!("edit {ticket}");
        let began = page.hidden("version");
        let answer = browser.post(&form, &[("title", &text), ("version", &began), ("_page", &form)]).await;
        match answer.status {
            303 => {
                came.take(began.parse::<i64>().unwrap() + 1, text);
                page = browser.get(&form).await;
            }
            412 => {
                assert!(answer.body.contains(&text), "what was typed is gone: {}", answer.body);
                came.given_back.fetch_add(1, Ordering::Relaxed);
                came.stale.fetch_add(1, Ordering::Relaxed);
                page = answer;
            }
            other => panic!("{other}: {}", answer.body),
        }
    }
}

/// Lets `writers` edit one thing until `edits` were tried, spread over the servers.
async fn edited(book: &Book, servers: &[&Running], thing: Thing, writers: usize, edits: usize) {
    let begun = Instant::now();
    let program = Program::new(&book.token);
    let came = Arc::new(Came::default());
    let mut all = JoinSet::new();
    for writer in 0..writers {
        let address = servers[writer % servers.len()].address.clone();
        // The service's form has other fields than this person knows.
        if writer % A_PERSON_EVERY == A_PERSON_EVERY - 1 {
            all.spawn(by_person(address, thing, edits, came.clone()));
        } else {
            all.spawn(by_program(program.clone(), address, thing, edits, came.clone()));
        }
    }
    while let Some(done) = all.join_next().await {
        done.unwrap();
    }
    let taken = came.taken.lock().unwrap().clone();
    let stale = came.stale.load(Ordering::Relaxed);
    assert_eq!(taken.len() + stale, edits, "each edit is taken or refused");
    let versions: Vec<i64> = taken.keys().copied().collect();
    let last = 1 + i64::try_from(taken.len()).unwrap();
    assert_eq!(versions, (2..=last).collect::<Vec<_>>(), "taken edits are versions without a gap");
    let now = program.get(&servers[0].address, &format!("/api/v1{}", thing.page())).await;
    assert_eq!(version(now.header("etag")), last);
    let (_, at) = thing.edit("");
    assert_eq!(now.json().pointer(at).unwrap(), &taken[&last], "the last version's text stands");
    let result = format!(
        "R9 {}, {} server(s), {}: {writers} writers, {edits} edits: {} taken = version {last} - 1, {stale} stale (412), \
         {} without a version (428), {} of the form's texts given back, {:.1} s",
        book.engine(),
        servers.len(),
        thing.page(),
        taken.len(),
        came.without.load(Ordering::Relaxed),
        came.given_back.load(Ordering::Relaxed),
        begun.elapsed().as_secs_f64(),
    );
    tell(&result, edits);
}

/// FND-1 and FIX-1.
async fn begun(book: &Book, server: &Running) {
    let program = Program::new(&book.token);
    for (path, body) in [
        ("findings", r#"{"title": "a", "environment": "production", "services": ["ingest"]}"#),
        ("fixes", r#"{"title": "a", "findings": ["FND-1"]}"#),
    ] {
        let made = program.post(&format!("{}/api/v1/{path}", server.address), &[], body.to_owned()).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
}

/// The trail holds one line for each version, once nobody serves the notebook any more.
async fn told_in_full(book: &Book, edits: &[(Thing, usize)]) {
    for (thing, taken) in edits {
        assert_eq!(thing.edits(book).await, *taken, "{}", thing.page());
    }
}

async fn versions(book: &Book, server: &Running, things: &[Thing]) -> Vec<(Thing, usize)> {
    let program = Program::new(&book.token);
    let mut list = Vec::new();
    for thing in things {
        let now = program.get(&server.address, &format!("/api/v1{}", thing.page())).await;
        list.push((*thing, usize::try_from(version(now.header("etag")) - 1).unwrap()));
    }
    list
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_thing_is_edited_by_2_8_and_64_writers() {
    let edits = tries(1_000, 10_000);
    let book = Book::in_a_folder().await;
    let server = Running::start(&book);
    begun(&book, &server).await;
    edited(&book, &[&server], Thing::Service, 2, edits / 10).await;
    edited(&book, &[&server], Thing::Fix, 8, edits / 10).await;
    edited(&book, &[&server], Thing::Finding, 64, edits).await;
    let taken = versions(&book, &server, &[Thing::Service, Thing::Fix, Thing::Finding]).await;
    drop(server);
    told_in_full(&book, &taken).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_thing_is_edited_by_64_writers_over_two_servers() {
    let edits = tries(500, 10_000);
    let Some(book) = Book::on_postgres().await else { return };
    let (one, two) = (Running::start(&book), Running::start(&book));
    begun(&book, &one).await;
    edited(&book, &[&one, &two], Thing::Finding, 64, edits).await;
    let taken = versions(&book, &one, &[Thing::Finding]).await;
    drop((one, two));
    told_in_full(&book, &taken).await;
}
