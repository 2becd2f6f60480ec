//! What an engine holds of the entries, beside what it would make of them: its own check, word for word. Nobody who
//! writes waits for that.

use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use crate::{
    db::{Db, Tx, on},
    fault::Result,
    limits::SEARCH_BATCH,
};

/// Things that are told of; one is reason enough to write all words anew.
const TOLD_MAX: usize = 1_000;

/// What an engine holds otherwise than it was entered, as sentences.
pub(in crate::search) async fn troubles(db: &Db, tx: &mut Tx) -> Result<Vec<String>> {
    let Db::Sqlite { read, .. } = db else { return differing(tx).await };
    if is_sound(read).await? {
        return Ok(Vec::new());
    }
    let says = "the engine's own check finds other words than were entered; `retrial db reindex` puts that right";
    Ok(vec![says.to_owned()])
}

// FTS5 takes its check for a write, and would keep everybody else from writing until it ends. So its pages are copied
// into the connection's own room, beside the same entries, and the check is asked of the copy.
const COPY: [&str; 9] = [
    "create temp view held_entries as select id, title, body, marks from main.search_entries",
    "create virtual table temp.held_words using fts5 (
        title, body, marks,
        content='held_entries', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
    )",
    "begin",
    "delete from temp.held_words_data",
    "insert into temp.held_words_data select * from main.search_words_data",
    "insert into temp.held_words_idx select * from main.search_words_idx",
    "insert into temp.held_words_docsize select * from main.search_words_docsize",
    "delete from temp.held_words_config",
    "insert into temp.held_words_config select * from main.search_words_config",
];

const CHECK: &str = "insert into temp.held_words (held_words, rank) values ('integrity-check', 1)";

/// Whether the words of the embedded engine are those of the entries. The connection is a new one, which cannot write
/// into the notebook and takes the copy with it.
async fn is_sound(read: &SqlitePool) -> Result<bool> {
    let options = (*read.connect_options()).clone().read_only(true).pragma("query_only", "off");
    let mut own = SqliteConnection::connect_with(&options).await?;
    let asked = ask(&mut own).await;
    own.close().await?;
    match asked {
        Ok(()) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.code().is_some_and(|code| is_damage(&code)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn ask(own: &mut SqliteConnection) -> sqlx::Result<()> {
    for statement in COPY {
        sqlx::query(statement).execute(&mut *own).await?;
    }
    sqlx::query(CHECK).execute(own).await?;
    Ok(())
}

/// `SQLITE_CORRUPT`, and the same of what FTS5 keeps.
fn is_damage(code: &str) -> bool {
    matches!(code, "11" | "267")
}

const DIFFER: &str = "
    select e.id, e.object, coalesce(w.words <> search_tokens(e.title, 'A') || search_tokens(e.body, '')
        || array_to_tsvector(string_to_array(e.marks, ' ')), true)
    from search_entries e
    left join search_words w on w.entry = e.id
    where e.id > $1
    order by e.id
    limit $2";

const STRANGERS: &str = "
    select entry
    from search_words
    where not exists (select 1 from search_entries where id = entry)
    order by entry
    limit $1";

/// The same of the engine that keeps words in a table, with the function by which they were made.
async fn differing(tx: &mut Tx) -> Result<Vec<String>> {
    let (mut says, mut behind) = (Vec::new(), i64::MIN);
    while says.len() < TOLD_MAX {
        let batch: Vec<(i64, String, bool)> =
            on!(tx, c => sqlx::query_as(DIFFER).bind(behind).bind(SEARCH_BATCH).fetch_all(c).await)?;
        let Some((last, _, _)) = batch.last() else { break };
        behind = *last;
        let differing = batch.into_iter().filter(|(_, _, differs)| *differs);
        says.extend(differing.map(|(_, object, _)| format!("{object} is held with other words than were entered")));
    }
    let strangers: Vec<i64> = on!(tx, c => sqlx::query_scalar(STRANGERS).bind(SEARCH_BATCH).fetch_all(c).await)?;
    says.extend(strangers.into_iter().map(|entry| format!("words are held of entry {entry}, which is gone")));
    Ok(says)
}

const REBUILD: &str = "insert into search_words (search_words) values ('rebuild')";

const FORGET_STRANGERS: &str = "
    delete from search_words
    where not exists (select 1 from search_entries where id = entry)";

/// What writing each entry anew does not put right. Words that FTS5 does not know of are not taken out with an entry's
/// own, so where its check fails it makes all of them anew: in one piece, for which whoever writes waits.
pub(in crate::search) async fn mend(db: &Db) -> Result<()> {
    let statement = match db {
        Db::Sqlite { read, .. } => {
            if is_sound(read).await? {
                return Ok(());
            }
            REBUILD
        }
        Db::Postgres(_) => FORGET_STRANGERS,
    };
    let mut tx = db.begin_write().await?;
    on!(&mut tx, c => sqlx::query(statement).execute(c).await.map(|_| ()))?;
    tx.commit().await
}
