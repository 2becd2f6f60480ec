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

/// How far the trail goes at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// The number of the newest line about anything.
    pub newest: i64,
    /// That of the newest line about the run.
    pub of_run: i64,
}

impl Ends {
    /// Up to where nothing about the run is missing for whoever knows the lines up to this one; None is whoever
    /// watches from now on.
    pub const fn known(self, after: Option<i64>) -> i64 {
        match after {
            Some(after) if after < self.of_run => after,
            _ => self.newest,
        }
    }
}

/// Refuses whoever may not look, and a run that is not there. Else how far the trail goes.
pub async fn open(desk: &Desk, run: RunId) -> Result<Ends> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    // A run is its lines: one without any is none.
    let of_run = sql::newest_of_object(&mut tx, (about::RUN, &run.to_string())).await?;
    let of_run = of_run.ok_or_else(|| Refusal::missing("run", run))?;
    Ok(Ends { newest: sql::newest_seq(&mut tx).await?, of_run })
}

/// Lines about one run after this one, oldest first: at most [`WATCH_LINES`].
pub async fn of_run(desk: &Desk, run: RunId, after: i64) -> Result<Vec<Entry>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_glance().await?;
    sql::of_object_after(&mut tx, (about::RUN, &run.to_string()), after, WATCH_LINES).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_knows_the_last_line_of_a_run_knows_all_up_to_the_newest_of_anything() {
        let ends = Ends { newest: 9, of_run: 5 };
        for (after, known) in [(None, 9), (Some(0), 0), (Some(4), 4), (Some(5), 9), (Some(7), 9), (Some(12), 9)] {
            assert_eq!(ends.known(after), known, "{after:?}");
        }
    }
}
