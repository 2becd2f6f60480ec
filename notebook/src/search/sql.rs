//! How the index is asked and put right. The one place besides `db/` that knows which engine it is: what both
//! are asked is made in `engine.rs` and bound as one value.

pub(super) mod aside;
pub(super) mod held;

use std::time::Duration;

use sqlx::AssertSqlSafe;

use super::{
    engine::{Tree, fts5, ranking, tsquery},
    keys::Key,
};
use crate::{
    db::{Tx, on},
    fault::Result,
    id::SAMPLE_FROM,
};

/// One statement in the words of either engine.
struct Both {
    embedded: &'static str,
    server: &'static str,
}

impl Both {
    /// The statement, what it is asked, and whether what an engine made of it is kept for the next one. PostgreSQL
    /// plans a statement that it has kept for whatever may be asked, after a few times, and then looks at every entry
    /// for a word that hardly any holds.
    fn asking(&self, tx: &Tx, tree: &Tree) -> (&'static str, String, bool) {
        match tx {
            Tx::Sqlite(_) => (self.embedded, fts5(tree), true),
            Tx::Postgres(_) => (self.server, tsquery(tree), false),
        }
    }
}

/// How long whoever wrote many entries leaves the notebook to others. Another process looks every 100 ms at most
/// whether SQLite's one writer is done, and would never find it so; PostgreSQL makes nobody wait for the whole.
pub(super) const fn rest(tx: &Tx) -> Duration {
    match tx {
        Tx::Sqlite(_) => Duration::from_millis(110),
        Tx::Postgres(_) => Duration::ZERO,
    }
}

/// One thing of the index.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub id: i64,
    pub kind: String,
    pub number: i64,
    pub object: String,
    pub title: String,
    pub body: String,
    /// What it is and belongs to.
    pub marks: String,
    pub created_at: i64,
    pub score: i64,
}

const NEWEST: Both = Both {
    embedded: "
    select count(*), min(id)
    from (
        select rowid as id
        from search_words
        where search_words match $1
        order by rowid desc
        limit $2
    ) as newest",
    server: "
    select count(*), min(id)
    from (
        select entry as id
        from search_words
        where words @@ cast($1 as tsquery)
        order by entry desc
        limit $2
    ) as newest",
};

/// How many match, up to a limit, and the oldest of these.
pub(super) async fn newest(tx: &mut Tx, tree: &Tree, at_most: i64) -> Result<(i64, Option<i64>)> {
    let (text, asked, kept) = NEWEST.asking(tx, tree);
    Ok(on!(tx, c => sqlx::query_as(text).persistent(kept).bind(asked).bind(at_most).fetch_one(c).await)?)
}

const BEST: Both = Both {
    embedded: "
    select e.id, e.kind, e.number, e.object, e.title, e.body, e.marks, e.created_at, r.score
    from (
        select rowid as id, cast(round(-1000000 * bm25(search_words, 4.0, 1.0, 0.0)) as integer) as score
        from search_words
        where search_words match $1 and rowid >= $2
    ) as r
    join search_entries e on e.id = r.id
    where r.score < $3 or (r.score = $3 and r.id < $4)
    order by r.score desc, r.id desc
    limit $5",
    server: "
    select e.id, e.kind, e.number, e.object, e.title, e.body, e.marks, e.created_at, r.score
    from (
        select entry as id, cast(round(1000000 * ts_rank(words, cast($6 as tsquery))) as bigint) as score
        from search_words
        where words @@ cast($1 as tsquery) and entry >= $2
    ) as r
    join search_entries e on e.id = r.id
    where r.score < $3 or (r.score = $3 and r.id < $4)
    order by r.score desc, r.id desc
    limit $5",
};

/// The best from `floor` on behind a place, best first.
pub(super) async fn best(tx: &mut Tx, tree: &Tree, floor: i64, after: (i64, i64), rows: i64) -> Result<Vec<Row>> {
    let (text, asked, kept) = BEST.asking(tx, tree);
    // The embedded engine has no use for it: there the column of marks weighs nothing.
    let ranked = ranking(tree).map(|words| tsquery(&words)).unwrap_or_default();
    Ok(on!(tx, c => sqlx::query_as(text)
        .persistent(kept)
        .bind(asked)
        .bind(floor)
        .bind(after.0)
        .bind(after.1)
        .bind(rows)
        .bind(ranked)
        .fetch_all(c)
        .await)?)
}

// The sign before a column keeps SQLite from looking up all matches to sort them: it reads along the index of changes
// and passes over what is no match.
const CHANGED: Both = Both {
    embedded: "
    select e.id, e.kind, e.number, e.object, e.title, e.body, e.marks, e.created_at, c.at as score
    from search_changed c
    join search_entries e on e.id = c.entry
    where (c.at, c.entry) < ($2, $3)
        and +c.entry in (select rowid from search_words where search_words match $1)
    order by c.at desc, c.entry desc
    limit $4",
    server: "
    select e.id, e.kind, e.number, e.object, e.title, e.body, e.marks, e.created_at, c.at as score
    from search_changed c
    join search_words w on w.entry = c.entry
    join search_entries e on e.id = c.entry
    where w.words @@ cast($1 as tsquery) and (c.at, c.entry) < ($2, $3)
    order by c.at desc, c.entry desc
    limit $4",
};

/// Before a place, what changed last first.
pub(super) async fn changed(tx: &mut Tx, tree: &Tree, before: (i64, i64), rows: i64) -> Result<Vec<Row>> {
    let (text, asked, kept) = CHANGED.asking(tx, tree);
    Ok(on!(tx, c => sqlx::query_as(text)
        .persistent(kept)
        .bind(asked)
        .bind(before.0)
        .bind(before.1)
        .bind(rows)
        .fetch_all(c)
        .await)?)
}

const UNCHANGED: Both = Both {
    embedded: "
    select e.id, e.kind, e.number, e.object, e.title, e.body, e.marks, e.created_at, c.at as score
    from search_changed c
    join search_entries e on e.id = c.entry
    where (c.at, c.entry) > ($2, $3)
        and +c.entry in (select rowid from search_words where search_words match $1)
    order by c.at, c.entry
    limit $4",
    server: "
    select e.id, e.kind, e.number, e.object, e.title, e.body, e.marks, e.created_at, c.at as score
    from search_changed c
    join search_words w on w.entry = c.entry
    join search_entries e on e.id = c.entry
    where w.words @@ cast($1 as tsquery) and (c.at, c.entry) > ($2, $3)
    order by c.at, c.entry
    limit $4",
};

/// Behind a place, what did not change for the longest time first.
pub(super) async fn unchanged(tx: &mut Tx, tree: &Tree, after: (i64, i64), rows: i64) -> Result<Vec<Row>> {
    let (text, asked, kept) = UNCHANGED.asking(tx, tree);
    Ok(on!(tx, c => sqlx::query_as(text)
        .persistent(kept)
        .bind(asked)
        .bind(after.0)
        .bind(after.1)
        .bind(rows)
        .fetch_all(c)
        .await)?)
}

const CHANGED_AT: &str = "select at from search_changed where entry = $1";

/// When the history of a thing got its last line; what has no history of its own never changes.
pub(super) async fn changed_at(tx: &mut Tx, row: &Row) -> Result<i64> {
    let at: Option<i64> = on!(tx, c => sqlx::query_scalar(CHANGED_AT).bind(row.id).fetch_optional(c).await)?;
    Ok(at.unwrap_or(row.created_at))
}

const DOWN: Both = Both {
    embedded: "
    select e.id, e.kind, e.number, e.object, e.title, e.body, e.marks, e.created_at, 0 as score
    from search_words
    join search_entries e on e.id = search_words.rowid
    where search_words match $1 and search_words.rowid < $2
    order by search_words.rowid desc
    limit $3",
    server: "
    select e.id, e.kind, e.number, e.object, e.title, e.body, e.marks, e.created_at, cast(0 as bigint) as score
    from search_words w
    join search_entries e on e.id = w.entry
    where w.words @@ cast($1 as tsquery) and w.entry < $2
    order by w.entry desc
    limit $3",
};

/// Before a place, the newest first.
pub(super) async fn down(tx: &mut Tx, tree: &Tree, before: i64, rows: i64) -> Result<Vec<Row>> {
    let (text, asked, kept) = DOWN.asking(tx, tree);
    Ok(on!(tx, c => sqlx::query_as(text).persistent(kept).bind(asked).bind(before).bind(rows).fetch_all(c).await)?)
}

const UP: Both = Both {
    embedded: "
    select e.id, e.kind, e.number, e.object, e.title, e.body, e.marks, e.created_at, 0 as score
    from search_words
    join search_entries e on e.id = search_words.rowid
    where search_words match $1 and search_words.rowid > $2
    order by search_words.rowid
    limit $3",
    server: "
    select e.id, e.kind, e.number, e.object, e.title, e.body, e.marks, e.created_at, cast(0 as bigint) as score
    from search_words w
    join search_entries e on e.id = w.entry
    where w.words @@ cast($1 as tsquery) and w.entry > $2
    order by w.entry
    limit $3",
};

/// Behind a place, the oldest first.
pub(super) async fn up(tx: &mut Tx, tree: &Tree, after: i64, rows: i64) -> Result<Vec<Row>> {
    let (text, asked, kept) = UP.asking(tx, tree);
    Ok(on!(tx, c => sqlx::query_as(text).persistent(kept).bind(asked).bind(after).bind(rows).fetch_all(c).await)?)
}

const MARKS: Both = Both {
    embedded: "
    select e.marks
    from search_words
    join search_entries e on e.id = search_words.rowid
    where search_words match $1 and search_words.rowid >= $2",
    server: "
    select e.marks
    from search_words w
    join search_entries e on e.id = w.entry
    where w.words @@ cast($1 as tsquery) and w.entry >= $2",
};

/// What the matches from `floor` on are and belong to.
pub(super) async fn marks(tx: &mut Tx, tree: &Tree, floor: i64) -> Result<Vec<String>> {
    let (text, asked, kept) = MARKS.asking(tx, tree);
    Ok(on!(tx, c => sqlx::query_scalar(text).persistent(kept).bind(asked).bind(floor).fetch_all(c).await)?)
}

const AMONG: Both = Both {
    embedded: "
    select e.id
    from search_words
    join search_entries e on e.id = search_words.rowid
    where search_words match $1 and search_words.rowid >= $2 and search_words.rowid <= $3",
    server: "
    select w.entry
    from search_words w
    where w.words @@ cast($1 as tsquery) and w.entry >= $2 and w.entry <= $3",
};

/// Which entries match, from one to another.
pub(super) async fn among(tx: &mut Tx, tree: &Tree, (first, last): (i64, i64)) -> Result<Vec<i64>> {
    let (text, asked, kept) = AMONG.asking(tx, tree);
    Ok(on!(tx, c => sqlx::query_scalar(text).persistent(kept).bind(asked).bind(first).bind(last).fetch_all(c).await)?)
}

const OWNERS: &str = "select slug, owner from services where owner is not null";

/// Services that name an owner, each with that name.
pub(super) async fn owners(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    Ok(on!(tx, c => sqlx::query_as(OWNERS).fetch_all(c).await)?)
}

const NAMED: &str = "
    select id, kind, number, object, title, body, marks, created_at, cast(0 as bigint) as score
    from search_entries
    where kind = $1 and object = $2";

/// The thing with this name.
pub(super) async fn named(tx: &mut Tx, kind: &str, object: &str) -> Result<Option<Row>> {
    Ok(on!(tx, c => sqlx::query_as(NAMED).bind(kind).bind(object).fetch_optional(c).await)?)
}

const OBJECT: &str = "select object from search_entries where id = $1";

/// What an entry is about.
pub(super) async fn object(tx: &mut Tx, entry: i64) -> Result<Option<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(OBJECT).bind(entry).fetch_optional(c).await)?)
}

/// Which of these services, environments, teams or, for all other keys, people there are. Nobody is asked for by the
/// people of the sample's story: they have no accounts.
pub(super) async fn known(tx: &mut Tx, key: Key, words: &[&str]) -> Result<Vec<String>> {
    let places: Vec<String> = (1..=words.len()).map(|place| format!("${place}")).collect();
    let among = places.join(", ");
    // Nothing but places is put into it.
    let text = AssertSqlSafe(match key {
        Key::Service => format!("select slug from services where slug in ({among})"),
        Key::Environment => format!("select slug from environments where slug in ({among})"),
        Key::Team => format!("select slug from teams where slug in ({among})"),
        _ => format!("select email from people where id < {SAMPLE_FROM} and email in ({among})"),
    });
    // One name is what most queries have; what an engine made of other numbers of them is not kept.
    let kept = words.len() == 1;
    Ok(on!(tx, c => {
        let mut asked = sqlx::query_scalar(text).persistent(kept);
        for word in words {
            asked = asked.bind(*word);
        }
        asked.fetch_all(c).await
    })?)
}

// --- the index beside what it is made of

/// What tells a thing apart for the index.
pub(super) type Place = (String, i64, String);

const COUNT: &str = "select count(*) from search_entries";

pub(super) async fn count(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT).fetch_one(c).await)?)
}

const INDEXED: Both = Both {
    embedded: "select count(*) from search_words where search_words match $1",
    server: "select count(*) from search_words where words @@ cast($1 as tsquery)",
};

/// How many things the index itself gives for a query.
pub(super) async fn indexed(tx: &mut Tx, tree: &Tree) -> Result<i64> {
    let (text, asked, kept) = INDEXED.asking(tx, tree);
    Ok(on!(tx, c => sqlx::query_scalar(text).persistent(kept).bind(asked).fetch_one(c).await)?)
}

const MISSING: &str = "
    select t.kind, t.number, t.object
    from search_texts t
    left join search_entries e on e.kind = t.kind and e.object = t.object
    where e.id is null or e.number <> t.number or e.title <> t.title or e.body <> t.body or e.marks <> t.marks
    limit $1";

/// Things that the index does not know, or knows otherwise.
pub(super) async fn missing(tx: &mut Tx, rows: i64) -> Result<Vec<Place>> {
    Ok(on!(tx, c => sqlx::query_as(MISSING).bind(rows).fetch_all(c).await)?)
}

const LEFT: &str = "
    select e.kind, e.number, e.object
    from search_entries e
    left join search_texts t on t.kind = e.kind and t.object = e.object
    where t.kind is null
    limit $1";

/// Things that only the index knows.
pub(super) async fn left(tx: &mut Tx, rows: i64) -> Result<Vec<Place>> {
    Ok(on!(tx, c => sqlx::query_as(LEFT).bind(rows).fetch_all(c).await)?)
}

const MISDATED: &str = "
    select e.object
    from search_entries e
    left join search_changed c on c.entry = e.id
    where c.at is null or c.at <> coalesce(
        (select recorded_at from events where kind = e.kind and object = e.object order by seq desc limit 1),
        e.created_at)
    limit $1";

/// Things that stand among the others as if they had changed at another time.
pub(super) async fn misdated(tx: &mut Tx, rows: i64) -> Result<Vec<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(MISDATED).bind(rows).fetch_all(c).await)?)
}

const NEWEST_ENTRY: &str = "select coalesce(max(id), 0) from search_entries";

pub(super) async fn newest_entry(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(NEWEST_ENTRY).fetch_one(c).await)?)
}

const ENTRIES: &str = "
    select id, kind, number, object
    from search_entries
    where id > $1 and id <= $2
    order by id
    limit $3";

/// The next behind one, of those that were there when a renewal began.
pub(super) async fn entries(
    tx: &mut Tx,
    behind: i64,
    newest: i64,
    rows: i64,
) -> Result<Vec<(i64, String, i64, String)>> {
    Ok(on!(tx, c => sqlx::query_as(ENTRIES).bind(behind).bind(newest).bind(rows).fetch_all(c).await)?)
}

const OLDEST: &str = "
    select kind, number, object, created_at
    from search_entries
    where id <= $1 and created_at >= $2
    order by created_at, id
    limit $3";

/// The first made of those that were there when a renewal began.
pub(super) async fn oldest(tx: &mut Tx, newest: i64, from: i64, rows: i64) -> Result<Vec<(String, i64, String, i64)>> {
    Ok(on!(tx, c => sqlx::query_as(OLDEST).bind(newest).bind(from).bind(rows).fetch_all(c).await)?)
}

const FORGET: &str = "delete from search_entries where kind = $1 and object = $2";

pub(super) async fn forget(tx: &mut Tx, kind: &str, object: &str) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET).bind(kind).bind(object).execute(c).await.map(|_| ()))?;
    Ok(())
}

const ENTER: &str = "
    insert into search_entries (kind, number, object, title, body, marks, created_at)
    select kind, number, object, title, body, marks, created_at
    from search_texts
    where kind = $1 and number = $2 and object = $3";

pub(super) async fn enter(tx: &mut Tx, (kind, number, object): &Place) -> Result<()> {
    on!(tx, c => sqlx::query(ENTER).bind(kind).bind(number).bind(object).execute(c).await.map(|_| ()))?;
    Ok(())
}

// An entry that is there keeps its number. Its words are taken out and put in again in the same statement, by the
// triggers of either engine, also where they say what they said before.
const KEEP: &str = "
    insert into search_entries (kind, number, object, title, body, marks, created_at)
    select kind, number, object, title, body, marks, created_at
    from search_texts
    where kind = $1 and number = $2 and object = $3
    on conflict (kind, object) do update set
        number = excluded.number, title = excluded.title, body = excluded.body, marks = excluded.marks,
        created_at = excluded.created_at";

pub(super) async fn keep(tx: &mut Tx, (kind, number, object): &Place) -> Result<()> {
    on!(tx, c => sqlx::query(KEEP).bind(kind).bind(number).bind(object).execute(c).await.map(|_| ()))?;
    Ok(())
}
