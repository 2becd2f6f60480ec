//! What the teams around a run say: their freezes, their working hours, and whether one of them is
//! a team of one.

use std::collections::BTreeSet;

use crate::{db::Tx, fault::Result, interval::Interval, text::Slug};

/// What speaks against the run, as clauses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Calendars {
    pub freezes: Vec<String>,
    pub outside: Vec<String>,
    pub solo: bool,
}

/// The calendars of every team whose service is hit. No team keeps one yet, so nothing speaks
/// against any time.
#[expect(clippy::unused_async, reason = "calendars are read from the notebook")]
pub(super) async fn around(
    _tx: &mut Tx,
    _services: &BTreeSet<Slug>,
    _environment: &Slug,
    _run: Interval,
) -> Result<Calendars> {
    Ok(Calendars::default())
}
