//! A large notebook: memory that does not grow with it, and carrying in against bare inserts.
//!
//! With `RETRIAL_CARRY_ROWS=100000` this is the measurement that is published; without it the same
//! things happen to a few thousand rows, so that they happen at all.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use notebook::{
    carry,
    db::{Db, Place, Tx},
};
use sqlx::Row as _;

use super::{checked, into, live, out, quiet};
use crate::{
    each_db::Book,
    growth::{self, Measuring, asked},
};

const ROWS_USUALLY: i64 = 5_000;
const LINES_OF_A_RUN: i64 = 1_000;
const DOCUMENT_BYTES: usize = 100 * 1024;
/// What the process may grow by while it carries, whatever the notebook's size.
const GROWTH_KIB_MAX: u64 = 64 * 1024;
const RATIO_MIN: f64 = 0.3;

fn rows_asked() -> Option<i64> {
    asked("RETRIAL_CARRY_ROWS").map(|text| text.parse().unwrap())
}

/// So many observations in finished runs, and a document for each hundred of them and a full-sized one.
async fn grow(book: &Book, rows: i64, documents: bool) {
    live(book).await;
    let runs = (rows / LINES_OF_A_RUN).max(1);
    let each = rows / runs;
    let text =
        "zk-3 took over after 41 s; \u{e4}lteste Verbindung weg, alerts kept arriving in the second window. ".repeat(2);
    let statements = [
        format!("
            insert into runs (id, experiment, revision, environment, execution, planned_at, zone, created_at, version)
            with recursive n (i) as (select 1 union all select i + 1 from n where i < {runs})
            select 100 + i, 1, 1, 'production', 'planned', null, 'UTC', 1793613600000000 + i, 1 from n"),
        format!("
            insert into events (at, recorded_at, person, via, kind, object, act, body)
            with recursive n (i) as (select 0 union all select i + 1 from n where i < {rows} - 1)
            select 1793613600000000 + i, 1793613600000001 + i, 1, 'form', 'run', 'RUN-' || (101 + i / {each}), 'observed',
                '{{\"what\":\"observed\",\"number\":' || (1 + i % {each}) || ',\"kind\":\"expected\",\"text\":\"{text}' || i || '\",\"pinned\":false}}'
            from n"),
        "update counters set last = 100000 where kind in ('run', 'import')".to_owned(),
    ];
    for statement in statements {
        super::sql(book, &statement).await;
    }
    if documents {
        for n in 0..=rows / 500 {
            let bytes = if n == 0 { 10 * 1024 * 1024 } else { DOCUMENT_BYTES };
            add_document(book, n, &format!("{{\"n\":{n},\"text\":\"{}\"}}", "x".repeat(bytes))).await;
        }
    }
}

async fn add_document(book: &Book, n: i64, document: &str) {
    let text = "
        insert into imports (id, tool, key, run, experiment, proposal, document, person, received_at)
        select $1, tool, $2, null, null, proposal, $3, person, received_at from imports where id = 2";
    let key = format!("key {n}");
    let mut tx = book.notebook.db.begin_write().await.unwrap();
    match &mut tx {
        Tx::Sqlite(inner) => {
            sqlx::query(text).bind(1_000 + n).bind(key).bind(document).execute(&mut **inner).await.map(drop).unwrap();
        }
        Tx::Postgres(inner) => {
            sqlx::query(text).bind(1_000 + n).bind(key).bind(document).execute(&mut **inner).await.map(drop).unwrap();
        }
    }
    tx.commit().await.unwrap();
}

/// Does one thing alone in this process, and says by how many KiB its memory grew at most.
async fn do_alone(task: &str) {
    let (what, path) = task.split_once(' ').unwrap();
    let path = Path::new(path);
    let file = path.join("notebook.tar");
    // Statements, pools and the allocator are warm before anything is measured.
    let small = Book::sqlite().await;
    live(&small).await;
    into(&Book::sqlite().await, &out(&small).await).await;
    let measuring = Measuring::begin();
    match what {
        "out" => {
            let book = Book::looking_at(&Place::Folder(path.to_owned())).await;
            let mut out = std::fs::File::create(&file).unwrap();
            carry::export(&book.system(), true, &mut out, &mut quiet()).await.unwrap();
        }
        "out-of-postgres" => {
            let book = Book::looking_at(&Place::Server(server(path))).await;
            carry::export(&book.system(), true, &mut std::io::sink(), &mut quiet()).await.unwrap();
        }
        into => {
            let book =
                if into == "sqlite" { Book::sqlite().await } else { Book::at(&Place::Server(server(path))).await };
            let archive = carry::check(std::fs::File::open(&file).unwrap(), &mut quiet()).unwrap();
            carry::import(&book.system(), &archive, false, &mut quiet()).await.unwrap();
        }
    }
    measuring.end();
}

/// Where the address of the empty database on PostgreSQL stands.
const SERVER: &str = "server";

#[cfg(target_os = "linux")]
fn server(folder: &Path) -> String {
    std::fs::read_to_string(folder.join(SERVER)).unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn memory_does_not_grow_with_the_notebook() {
    if let Some(task) = growth::task() {
        return do_alone(&task).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let book = Book::at(&Place::Folder(folder.path().to_owned())).await;
    grow(&book, rows_asked().unwrap_or(ROWS_USUALLY), true).await;
    let mut tasks = vec!["out", "sqlite"];
    if let Some(Place::Server(address)) = Book::empty_postgres("large").await {
        std::fs::write(folder.path().join(SERVER), address).unwrap();
        tasks.extend(["postgres", "out-of-postgres"]);
    }
    for task in tasks {
        let name = "carry::large::memory_does_not_grow_with_the_notebook";
        let grown = growth::in_a_process_of_its_own(name, &format!("{task} {}", folder.path().display()));
        assert!(grown.kib <= GROWTH_KIB_MAX, "{task}: {grown:?}");
    }
    let file: PathBuf = folder.path().join("notebook.tar");
    println!("file: {} bytes", std::fs::metadata(&file).unwrap().len());
    let archive = carry::check(std::fs::File::open(&file).unwrap(), &mut quiet()).unwrap();
    let other = Book::sqlite().await;
    carry::import(&other.system(), &archive, false, &mut quiet()).await.unwrap();
    let mut again = Vec::new();
    carry::export(&other.system(), true, &mut again, &mut quiet()).await.unwrap();
    super::same(&again, &std::fs::read(&file).unwrap());
}

/// The rows of the trail as another program would hold them.
type Line = (i64, i64, i64, Option<i64>, String, String, String, String, String);

async fn lines(book: &Book) -> Vec<Line> {
    let text = "select seq, at, recorded_at, person, via, kind, object, act, body from events order by seq";
    let Db::Sqlite { read, .. } = &book.notebook.db else { panic!("lines are made on SQLite") };
    let rows = sqlx::query(text).fetch_all(read).await.unwrap();
    let line = |row: &sqlx::sqlite::SqliteRow| {
        (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4), row.get(5), row.get(6), row.get(7), row.get(8))
    };
    rows.iter().map(line).collect()
}

/// What somebody writes who only wants the rows in: one prepared statement, one transaction.
async fn bare(book: &Book, lines: &[Line]) -> Duration {
    // Whom the lines name.
    super::sql(book, "insert into people (id, email, name, role, can_revert, zone, theme, created_at, version)
        select 1, 'a', 'a', 'admin', true, 'UTC', 'system', 1, 1 union all select 2, 'b', 'b', 'admin', true, 'UTC', 'system', 1, 1
        union all select 3, 'c', 'c', 'admin', true, 'UTC', 'system', 1, 1").await;
    let begun = Instant::now();
    macro_rules! insert {
        ($inner:expr, $own:literal) => {{
            for (seq, at, recorded_at, person, via, kind, object, act, body) in lines {
                let text = concat!(
                    "insert into events (seq, at, recorded_at, person, via, kind, object, act, body)",
                    $own,
                    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                );
                let query = sqlx::query(text).bind(seq).bind(at).bind(recorded_at).bind(person).bind(via);
                query.bind(kind).bind(object).bind(act).bind(body).execute(&mut **$inner).await.unwrap();
            }
        }};
    }
    let mut tx = book.notebook.db.begin_write().await.unwrap();
    match &mut tx {
        Tx::Sqlite(inner) => insert!(inner, ""),
        Tx::Postgres(inner) => insert!(inner, " overriding system value"),
    }
    tx.commit().await.unwrap();
    begun.elapsed()
}

/// Checking the file and carrying it in, all of it.
async fn carried(book: &Book, file: &[u8]) -> Duration {
    let begun = Instant::now();
    let archive = checked(file).unwrap();
    carry::import(&book.system(), &archive, false, &mut quiet()).await.unwrap();
    begun.elapsed()
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() / 2]
}

async fn fresh(engine: &str) -> Book {
    if engine == "sqlite" { Book::sqlite().await } else { Book::postgres().await.unwrap() }
}

#[tokio::test(flavor = "multi_thread")]
async fn carrying_in_keeps_pace_with_bare_inserts_of_the_same_rows() {
    let book = Book::sqlite().await;
    grow(&book, rows_asked().unwrap_or(ROWS_USUALLY), false).await;
    let (file, lines) = (out(&book).await, lines(&book).await);
    let engines = if Book::postgres().await.is_some() { vec!["sqlite", "postgres"] } else { vec!["sqlite"] };
    for engine in engines {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..if rows_asked().is_some() { 5 } else { 1 } {
            theirs.push(bare(&fresh(engine).await, &lines).await);
            ours.push(carried(&fresh(engine).await, &file).await);
        }
        let (ours, theirs) = (median(ours), median(theirs));
        let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
        println!("{engine}: {} lines, bare {theirs:?}, carried in {ours:?}, ratio {ratio:.2}", lines.len());
        // A few thousand rows beside other tests say nothing of speed.
        assert!(rows_asked().is_none() || ratio >= RATIO_MIN, "{engine}: {ratio:.2}");
    }
}
