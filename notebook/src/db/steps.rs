//! How SQLite goes about a statement over the tables as they are, for tests of what must not read a whole table.

use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

/// One line a step, as `explain query plan` puts it.
pub async fn steps(statement: &str) -> Vec<String> {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    super::sqlite::MIGRATIONS.run(&mut connection).await.unwrap();
    let explain = AssertSqlSafe(format!("explain query plan {statement}"));
    let steps = sqlx::query(explain).fetch_all(&mut connection).await.unwrap();
    steps.iter().map(|step| step.get("detail")).collect()
}
