//! The schema on both engines: applied, filled with rows, and of the same shape.

use std::collections::BTreeSet;

use notebook::db::Db;
use sqlx::AssertSqlSafe;

use crate::each_db::Book;

const FILLED: &[&str] = &[
    include_str!("../../../migrations/filled/0001_notebook.sql"),
    include_str!("../../../migrations/filled/0002_answers.sql"),
    include_str!("../../../migrations/filled/0003_plan_imports.sql"),
    include_str!("../../../migrations/filled/0004_slos.sql"),
    include_str!("../../../migrations/filled/0005_teams.sql"),
    include_str!("../../../migrations/filled/0006_gate.sql"),
    include_str!("../../../migrations/filled/0007_slo_sources.sql"),
    include_str!("../../../migrations/filled/0008_catalogue.sql"),
    include_str!("../../../migrations/filled/0009_pulls.sql"),
    include_str!("../../../migrations/filled/0010_chef_waiting.sql"),
    include_str!("../../../migrations/filled/0011_honeycomb.sql"),
    include_str!("../../../migrations/filled/0012_watchers.sql"),
    include_str!("../../../migrations/filled/0013_evidence.sql"),
    include_str!("../../../migrations/filled/0014_readings.sql"),
    include_str!("../../../migrations/filled/0015_alerts.sql"),
    include_str!("../../../migrations/filled/0016_runs_started.sql"),
    include_str!("../../../migrations/filled/0020_notifications.sql"),
    include_str!("../../../migrations/filled/0021_cadences.sql"),
    include_str!("../../../migrations/filled/0023_tellings.sql"),
    include_str!("../../../migrations/filled/0025_templates.sql"),
    include_str!("../../../migrations/filled/0026_gamedays.sql"),
    include_str!("../../../migrations/filled/0027_digests.sql"),
    include_str!("../../../migrations/filled/0030_search.sql"),
    include_str!("../../../migrations/filled/0032_mail.sql"),
    include_str!("../../../migrations/filled/0033_words.sql"),
    include_str!("../../../migrations/filled/0034_ties.sql"),
    include_str!("../../../migrations/filled/0035_tried.sql"),
    include_str!("../../../migrations/filled/0036_searched.sql"),
    include_str!("../../../migrations/filled/0037_changed.sql"),
    include_str!("../../../migrations/filled/0038_views.sql"),
];

each_db!(every_table_takes_the_rows_of_its_schema, book => {
    for rows in FILLED {
        book.execute(rows).await;
    }
    for (table, _) in columns(book).await {
        let count = format!("select count(*) from {table}");
        let rows: i64 = match &book.notebook.db {
            Db::Sqlite { read, .. } => sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(read).await.unwrap(),
            Db::Postgres(pool) => sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(pool).await.unwrap(),
        };
        assert!(rows > 0, "migrations/filled has no row for {table}");
    }
});

/// (table, column) pairs, without sqlx's own table.
pub async fn columns(book: &Book) -> BTreeSet<(String, String)> {
    let sqlite = "select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c
        where m.type = 'table' and m.name not like 'sqlite%' and m.name not like '_sqlx%'
        and m.name not like 'search\\_words%' escape '\\'";
    let postgres = "select cast(table_name as text), cast(column_name as text) from information_schema.columns
        where table_schema = 'public' and table_name not like '\\_sqlx%'
        and table_name not in ('search_words', 'search_texts', 'search_parts', 'search_said', 'search_plans',
            'search_day_plans', 'search_claimed_plans')";
    let pairs: Vec<(String, String)> = match &book.notebook.db {
        Db::Sqlite { read, .. } => sqlx::query_as(sqlite).fetch_all(read).await.unwrap(),
        Db::Postgres(pool) => sqlx::query_as(postgres).fetch_all(pool).await.unwrap(),
    };
    pairs.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_tables_and_columns() {
    let Some(postgres) = Book::postgres().await else { return };
    let sqlite = Book::sqlite().await;
    assert_eq!(columns(&sqlite).await, columns(&postgres).await);
}

/// The indexes that migrations name, without those that come with a key.
async fn indexes(book: &Book) -> BTreeSet<String> {
    let sqlite = "select name from sqlite_master where type = 'index' and sql is not null";
    let postgres = "select cast(indexname as text) from pg_indexes
        where schemaname = 'public' and tablename not like '\\_sqlx%' and tablename <> 'search_words' and indexname not like '%\\_pkey'
            and indexname not like '%\\_key'";
    let names: Vec<String> = match &book.notebook.db {
        Db::Sqlite { read, .. } => sqlx::query_scalar(sqlite).fetch_all(read).await.unwrap(),
        Db::Postgres(pool) => sqlx::query_scalar(postgres).fetch_all(pool).await.unwrap(),
    };
    names.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_find_things_by_the_same_indexes() {
    let sqlite = indexes(&Book::sqlite().await).await;
    assert!(sqlite.contains("runs_started"), "{sqlite:?}");
    let Some(postgres) = Book::postgres().await else { return };
    assert_eq!(sqlite, indexes(&postgres).await);
}

#[tokio::test]
async fn a_folder_is_held_by_one_notebook_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let place = notebook::db::Place::Folder(folder.path().to_owned());
    let (first, new) = Db::open(&place).await.unwrap();
    assert_eq!(new, FILLED.len());
    let second = Db::open(&place).await.err().unwrap();
    assert!(second.to_string().contains("in use"), "{second}");
    first.close().await;
    drop(first);
    let (_, new) = Db::open(&place).await.unwrap();
    assert_eq!(new, 0);
}
