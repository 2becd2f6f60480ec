//! Findings in bulk, and PostgreSQL asked bare, with the statements of `notebook/src/search/sql.rs`.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::{BATCH, FIRST_AT, Numbers, PAGE, RANKED};
use crate::Result;

/// A database of its own, which is dropped in the end.
pub struct Made {
    server: String,
    name: String,
}

impl Made {
    pub async fn at(server: &str) -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("retrial_bench_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let made = Self { server: server.to_owned(), name };
        made.tell(format!("create database {}", made.name)).await?;
        Ok(made)
    }

    pub fn address(&self) -> String {
        let between = if self.server.contains('?') { '&' } else { '?' };
        format!("{}{between}dbname={}", self.server, self.name)
    }

    pub async fn connect(&self) -> Result<PgConnection> {
        Ok(PgConnection::connect(&self.address()).await?)
    }

    pub async fn end(self) -> Result<()> {
        self.tell(format!("drop database {} with (force)", self.name)).await
    }

    async fn tell(&self, statement: String) -> Result<()> {
        let mut connection = PgConnection::connect(&self.server).await?;
        connection.execute(AssertSqlSafe(statement)).await?;
        Ok(connection.close().await?)
    }
}

const FINDINGS: &str = "
    insert into findings
        (id, title, kind, severity, experiment, origin, environment, body, created_at, version)
    select id, 'finding ' || id, 'weakness', 'high', null, null, 'production', body, cast($3 as bigint) + id, 1
    from unnest(cast($1 as bigint[]), cast($2 as text[])) as f (id, body)";

const COUNTER: &str = "
    insert into counters (kind, last) values ('finding', $1) on conflict (kind) do update set last = excluded.last";

/// Findings up to a number, behind those that are there. Ids of people's own findings go on above them.
pub async fn fill(connection: &mut PgConnection, last: i64) -> Result<()> {
    let first: i64 =
        sqlx::query_scalar("select coalesce(max(id), 0) + 1 from findings").fetch_one(&mut *connection).await?;
    let mut numbers = Numbers::of(first)?;
    let mut from = first;
    while from <= last {
        let ids: Vec<i64> = (from..=last.min(from + BATCH - 1)).collect();
        let bodies: Vec<String> = ids.iter().map(|_| numbers.body()).collect();
        sqlx::query(FINDINGS).bind(ids).bind(bodies).bind(FIRST_AT).execute(&mut *connection).await?;
        from += BATCH;
    }
    sqlx::query(COUNTER).bind(last).execute(&mut *connection).await?;
    // What it plans rests on how many there are; a server that runs for days has looked by itself.
    connection.execute("vacuum analyze").await?;
    Ok(())
}

const FLOOR: &str = "
    select coalesce(min(id), 0)
    from (
        select entry as id from search_words where words @@ cast($1 as tsquery) order by entry desc limit $2
    ) as newest";

const BOUNDED: &str = "
    select e.id, e.title, e.body
    from (
        select entry as id, cast(round(1000000 * ts_rank(words, cast($1 as tsquery))) as bigint) as score
        from search_words
        where words @@ cast($1 as tsquery) and entry >= $2
    ) as r
    join search_entries e on e.id = r.id
    order by r.score desc, r.id desc
    limit $3";

/// The best of the newest matches; how many there are on the page.
pub async fn bounded(connection: &mut PgConnection, term: &str) -> Result<usize> {
    let asked = format!("'{term}'");
    let floor = sqlx::query_scalar(FLOOR).persistent(false).bind(asked).bind(RANKED + 1);
    let floor: i64 = floor.fetch_one(&mut *connection).await?;
    read(connection, term, floor).await
}

/// The best of all matches.
pub async fn plain(connection: &mut PgConnection, term: &str) -> Result<usize> {
    read(connection, term, 0).await
}

async fn read(connection: &mut PgConnection, term: &str, floor: i64) -> Result<usize> {
    // Planned for each question, as the notebook asks.
    let query = sqlx::query_as::<_, (i64, String, String)>(BOUNDED).persistent(false);
    Ok(query.bind(format!("'{term}'")).bind(floor).bind(PAGE).fetch_all(connection).await?.len())
}
