//! The trail as it grows, for whoever watches a run instead of asking for it again and again.

use super::{Entry, about, sql};
use crate::{
    actor::Act,
    desk::{Desk, Notebook},
    fault::Result,
    id::RunId,
    limits::WATCH_LINES,
    refusal::Refusal,
};

/// The number of the newest line about anything; 0 before the first.
pub async fn newest(notebook: &Notebook) -> Result<i64> {
    let mut tx = notebook.db.begin_glance().await?;
    sql::newest_seq(&mut tx).await
}

/// Lines about anything after this one, oldest first: at most [`WATCH_LINES`].
pub async fn grown(notebook: &Notebook, after: i64) -> Result<Vec<Entry>> {
    let mut tx = notebook.db.begin_glance().await?;
    sql::after(&mut tx, after, WATCH_LINES).await
}

/// Refuses whoever may not look, and a run that is not there. Else the number of the newest line about
/// anything.
pub async fn open(desk: &Desk, run: RunId) -> Result<i64> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    // A run is its lines: one without any is none.
    if sql::of_object_after(&mut tx, (about::RUN, &run.to_string()), 0, 1).await?.is_empty() {
        return Err(Refusal::missing("run", run).into());
    }
    sql::newest_seq(&mut tx).await
}

/// Lines about one run after this one, oldest first: at most [`WATCH_LINES`].
pub async fn of_run(desk: &Desk, run: RunId, after: i64) -> Result<Vec<Entry>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_glance().await?;
    sql::of_object_after(&mut tx, (about::RUN, &run.to_string()), after, WATCH_LINES).await
}
