//! The index beside what it is made of: whether both say the same, and how it is written anew.

use std::time::{Duration, Instant};

use super::{
    engine::Tree,
    marks::everything,
    sql::{self, held},
};
use crate::{
    actor::Act,
    db::{Db, Tx},
    desk::Desk,
    fault::Result,
    limits::{SEARCH_BATCH, SEARCH_TURN_MS},
};

/// What is wrong with the index, in it and beside what it is made of: sentences, and how many things are in it.
pub(crate) async fn check(db: &Db, tx: &mut Tx) -> Result<(i64, Vec<String>)> {
    let count = sql::count(tx).await?;
    let indexed = sql::indexed(tx, &Tree::Mark(everything())).await?;
    let mut says = Vec::new();
    if count != indexed {
        says.push(format!("{count} things should be found, and the index gives {indexed}"));
    }
    let missing = sql::missing(tx, SEARCH_BATCH).await?;
    says.extend(missing.into_iter().map(|(_, _, object)| format!("{object} is not found by its present words")));
    let left = sql::left(tx, SEARCH_BATCH).await?;
    says.extend(left.into_iter().map(|(_, _, object)| format!("{object} would be found, and is gone")));
    let misdated = sql::misdated(tx, SEARCH_BATCH).await?;
    says.extend(misdated.into_iter().map(|object| format!("{object} is ordered by another change than its last")));
    says.extend(held::troubles(db, tx).await?);
    Ok((count, says))
}

/// Whether an entry that is written anew stays where it is. What was entered last is taken for the newest.
#[derive(Clone, Copy)]
enum Place {
    Same,
    Last,
}

/// Writes the whole index anew, a turn at a time: it can be asked and written all the while, and stopped at any
/// moment. Each entry keeps its place, so what is the newest stays the newest, whatever is written meanwhile. Tells
/// how many are done of how many. Returns how many things are in it.
pub async fn reindex(desk: &Desk, tell: &mut (dyn FnMut(u64, u64) + Send)) -> Result<i64> {
    desk.may(Act::CarryIn)?;
    held::mend(&desk.notebook.db).await?;
    let (newest, total) = there(desk).await?;
    let (mut behind, mut done) = (i64::MIN, 0);
    loop {
        let mut tx = desk.begin_read().await?;
        let batch = sql::entries(&mut tx, behind, newest, SEARCH_BATCH).await?;
        tx.commit().await?;
        let Some((last, _, _, _)) = batch.last() else { break };
        behind = *last;
        let things: Vec<sql::Place> =
            batch.into_iter().map(|(_, kind, number, object)| (kind, number, object)).collect();
        let before = done;
        renew(desk, &things, Place::Same, &mut |renewed| {
            done = before + u64::try_from(renewed).unwrap_or_default();
            tell(done, total);
        })
        .await?;
    }
    put_right(desk).await
}

/// The same, and each thing gets a new place: in the order in which they were made, the newest last. For what was
/// carried in a word after the other, before anybody writes: what is written meanwhile does not wait for its turn.
pub async fn reorder(desk: &Desk, tell: &mut (dyn FnMut(u64, u64) + Send)) -> Result<i64> {
    desk.may(Act::CarryIn)?;
    held::mend(&desk.notebook.db).await?;
    let (newest, total) = there(desk).await?;
    let (mut from, mut done) = (i64::MIN, 0);
    // Counted: SQLite gives the number of its last entry again to what is entered after it is gone.
    while done < total {
        let mut tx = desk.begin_read().await?;
        let batch = sql::oldest(&mut tx, newest, from, SEARCH_BATCH).await?;
        tx.commit().await?;
        let Some((_, _, _, last)) = batch.last() else { break };
        from = *last;
        let things: Vec<sql::Place> =
            batch.into_iter().map(|(kind, number, object, _)| (kind, number, object)).collect();
        let before = done;
        renew(desk, &things, Place::Last, &mut |renewed| {
            done = before + u64::try_from(renewed).unwrap_or_default();
            tell(done, total);
        })
        .await?;
    }
    put_right(desk).await
}

/// The newest entry, and how many there are.
async fn there(desk: &Desk) -> Result<(i64, u64)> {
    let mut tx = desk.begin_read().await?;
    let (newest, count) = (sql::newest_entry(&mut tx).await?, sql::count(&mut tx).await?);
    tx.commit().await?;
    Ok((newest, u64::try_from(count).unwrap_or_default()))
}

/// Enters what is missing, and takes out what is gone. Returns how many things are in the index then.
async fn put_right(desk: &Desk) -> Result<i64> {
    loop {
        let mut tx = desk.begin_read().await?;
        let missing = sql::missing(&mut tx, SEARCH_BATCH).await?;
        let left = sql::left(&mut tx, SEARCH_BATCH).await?;
        if missing.is_empty() && left.is_empty() {
            return sql::count(&mut tx).await;
        }
        tx.commit().await?;
        renew(desk, &missing, Place::Same, &mut |_| {}).await?;
        renew(desk, &left, Place::Last, &mut |_| {}).await?;
    }
}

/// Writes the entries of these things anew, as far as they are still there. After each turn others may write; tells
/// how many are done by then.
async fn renew(desk: &Desk, things: &[sql::Place], place: Place, tell: &mut (dyn FnMut(usize) + Send)) -> Result<()> {
    let turn = Duration::from_millis(SEARCH_TURN_MS);
    let mut done = 0;
    while done < things.len() {
        let mut tx = desk.notebook.db.begin_write().await?;
        let begun = Instant::now();
        for thing in &things[done..] {
            match place {
                Place::Same => sql::keep(&mut tx, thing).await?,
                Place::Last => {
                    sql::forget(&mut tx, &thing.0, &thing.2).await?;
                    sql::enter(&mut tx, thing).await?;
                }
            }
            done += 1;
            if begun.elapsed() >= turn {
                break;
            }
        }
        let rest = sql::rest(&tx);
        tx.commit().await?;
        tell(done);
        tokio::time::sleep(rest).await;
    }
    Ok(())
}
