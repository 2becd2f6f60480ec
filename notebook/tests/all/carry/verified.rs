//! A whole notebook is clean; whatever does not fit is named.

use notebook::carry::{self, Check};
use sqlx::Connection as _;

use super::{into, live, out_with, quiet, sql};
use crate::each_db::Book;

async fn checks(book: &Book) -> Vec<Check> {
    carry::verify(&book.system(), &mut quiet()).await.unwrap()
}

async fn troubles(book: &Book) -> Vec<(&'static str, String)> {
    let checks = checks(book).await;
    checks.into_iter().flat_map(|check| check.told.into_iter().map(move |says| (check.name, says))).collect()
}

each_db!(a_notebook_that_lived_is_clean, book => {
    live(book).await;
    let checks = checks(book).await;
    assert!(checks.iter().all(Check::is_clean), "{checks:?}");
    let said = |name: &str| checks.iter().find(|check| check.name == name).unwrap().says.clone();
    assert!(said("rows").ends_with("rows of 49 tables"), "{}", said("rows"));
    assert_eq!((said("documents"), said("fingerprints")), ("4 documents and images".into(), "4 revisions".into()));
    assert!(said("plan services").ends_with(" services of 4 revisions"), "{}", said("plan services"));
    assert!(said("runs").starts_with("3 with "), "{}", said("runs"));
});

each_db!(an_empty_notebook_is_clean, book => {
    assert_eq!(troubles(book).await, []);
});

/// What is broken, and the check and the words that must name it.
const BROKEN: &[(&str, &str, &str)] = &[
    ("update runs set execution = 'missed' where id = 1", "runs", "RUN-1 says another execution than its trail"),
    ("update runs set closed_at = null where id = 1", "runs", "RUN-1 says another closing than its trail"),
    ("update runs set version = 999 where id = 2", "runs", "RUN-2 says another version than its trail"),
    ("update runs set revision = 7 where id = 2", "references", "a run's revision does not exist (number 2)"),
    ("delete from events where object = 'FND-1'", "findings", "FND-1 has no line in the trail"),
    ("update events set object = 'RUN-77' where object = 'RUN-3'", "runs", "RUN-3 has no line in the trail"),
    (
        "delete from finding_services; delete from fix_findings; delete from findings",
        "findings",
        "lines about findings",
    ),
    ("update findings set title = 'another'", "findings", "FND-1 says another text than its trail"),
    ("update fixes set title = 'another'", "fixes", "FIX-1 says another text than its trail"),
    ("update teams set solo = false", "teams", "team:data-platform says another text than its trail"),
    ("update teams set week = '[]'", "rows", "teams (data-platform) holds a value in \"week\" that"),
    ("update templates set retired_at = 7", "templates", "template:restart-one says another text than its trail"),
    ("update template_versions set text = '{}'", "rows", "holds a value in \"text\" that"),
    ("delete from events where kind = 'template'", "templates", "template:restart-one has no line in the trail"),
    ("update freezes set why = 'another' where id = 2", "freezes", "freeze:2 says another text than its trail"),
    ("update freezes set ended_at = null where id = 1", "freezes", "freeze:1 says another end than its trail"),
    ("delete from events where kind = 'freeze' and object = '2'", "freezes", "freeze:2 has no line in the trail"),
    ("update slos set approved = null", "slos", "SLO-1 says another approved revision than its trail"),
    ("update slos set approved = 7", "references", "an SLO's approved revision does not exist (number 1)"),
    ("update slo_sources set text = '{}'", "rows", "holds a value in \"text\" that"),
    ("update honeycomb_sources set text = '{}'", "rows", "holds a value in \"text\" that"),
    ("update honeycomb_observations set text = '{}'", "rows", "holds a value in \"text\" that"),
    ("update alerts set body = '[]'", "rows", "holds a value in \"body\" that"),
    ("update probe_readings set value = 'much'", "rows", "holds a value in \"value\" that"),
    ("update slo_measurements set said = 'guessed'", "rows", "holds a value in \"said\" that"),
    ("update decisions set title = 'another' where id = 1", "decisions", "DEC-1 says another text than its trail"),
    ("update gamedays set title = 'another'", "gamedays", "GD-1 says another text than its trail"),
    ("delete from gameday_runs", "gamedays", "GD-1 says another text than its trail"),
    ("update gamedays set cancelled_at = 1", "gamedays", "GD-1 says another cancelling than its trail"),
    ("update gamedays set body = '{}'", "rows", "gamedays (1) holds a value in \"body\" that"),
    ("update experiments set approved = null, stage = 'draft'", "experiments", "EXP-1 says another approved revision"),
    (
        "update revisions set fingerprint = 'f1' where number = 1",
        "fingerprints",
        "revisions (1 1) keeps the fingerprint f1",
    ),
    (
        "delete from revision_services where experiment = 1 and number = 1 and service = 'zookeeper'",
        "plan services",
        "revisions (1 1) names zookeeper, which is not kept with it",
    ),
    (
        "insert into revision_services (experiment, number, service) values (1, 1, 'kafka')",
        "plan services",
        "revisions (1 1) does not name kafka, which is kept with it",
    ),
    (
        "insert into revision_services (experiment, number, service) values (1, 99, 'zookeeper')",
        "references",
        "a revision whose services are kept does not exist (number 1)",
    ),
    ("update revisions set plan = '{}' where number = 1", "rows", "revisions (1 1) holds a value in \"plan\" that"),
    ("update events set via = 'telepathy' where seq = 3", "rows", "events (3) holds a value in \"via\" that"),
    ("update events set body = '{}' where act = 'signed'", "rows", "that this version does not read"),
    ("update counters set last = 1 where kind = 'run'", "counters", "the counter of run stands at 1, and 3 is in use"),
    ("update imports set document = '' where id = 2", "documents", "imports (2) has lost its document"),
    ("update evidence set content = ''", "documents", "evidence (1) has lost its document"),
];

each_db!(whatever_does_not_fit_is_named, book => {
    live(book).await;
    let whole = out_with(book, true).await;
    let engine = book.notebook.db.engine();
    for (statement, check, says) in BROKEN {
        let broken = if engine == "sqlite" { Book::sqlite().await } else { Book::postgres().await.unwrap() };
        into(&broken, &whole).await;
        sql(&broken, statement).await;
        let told = troubles(&broken).await;
        let named = told.iter().any(|(name, text)| name == check && text.contains(says));
        assert!(named, "{statement}: {told:?}");
    }
});

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_to_nothing_is_found_by_the_storage() {
    let book = Book::sqlite().await;
    live(&book).await;
    // Beside the notebook: it would refuse this itself.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(book.file()).foreign_keys(false);
    let mut other = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("delete from environments where slug = 'production'").execute(&mut other).await.unwrap();
    let told = troubles(&book).await;
    assert!(
        told.iter().any(|(name, says)| *name == "storage" && says.contains("refers to nothing in environments")),
        "{told:?}"
    );
}
