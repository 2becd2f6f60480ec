//! Looking at SLOs: what they say, where they stand, and what was measured.

use super::history;
use crate::{
    actor::Act,
    db,
    desk::Desk,
    events::Entry,
    fault::Result,
    id::SloId,
    interval::Interval,
    limits::SLICE_MINUTES_MAX,
    paging::Rows,
    slos::{
        burndown::{Part, burndown},
        kept::Kept,
        measurements::{Measurement, Series},
        source::Connected,
        sql::{
            measurements as records,
            slos::{self, Filter},
            sources,
        },
        standing::{Standing, standing},
    },
    time::Moment,
};

/// One SLO with what it amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub kept: Kept,
    pub standing: Standing,
    /// How the budget came to be what it is; empty where none is known.
    pub burndown: Vec<Part>,
    /// What was done to it, oldest first, without the measurements that came.
    pub history: Vec<Entry>,
    /// Where its measurements are pulled from.
    pub source: Option<Connected>,
}

/// One measurement as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub record: Measurement,
    /// Why it was withdrawn or signed.
    pub reason: Option<String>,
    /// Who sent it; empty for the operator.
    pub name: String,
    /// The number of the record that took its place.
    pub replaced_by: Option<i64>,
}

pub async fn show(desk: &Desk, id: SloId) -> Result<Shown> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let kept = slos::load(&mut tx, id).await?;
    let slo = kept.in_force();
    let window = slo.window.so_far(desk.now());
    let until = records::last_end(&mut tx, id).await?;
    let from = looked_at_from(window, slo.levels.window_ms, until, desk.now());
    let series = Series::of(records::within(&mut tx, id, Interval::lasting(from, i64::MAX / 1_000)).await?);
    let standing = standing(slo, &series, desk.now());
    let parts = standing.budget.map(|budget| burndown(&budget, &series, slo.method, standing.window));
    Ok(Shown {
        standing,
        burndown: parts.unwrap_or_default(),
        history: history(&mut tx, id).await?,
        source: sources::find(&mut tx, id).await?,
        kept,
    })
}

/// From where on records are needed: the window, the short window, and the newest measurement if it
/// is older than both, so that its age is known; and the longest slice before that, since a slice
/// that ends in a window may begin before it.
fn looked_at_from(window: Interval, short_ms: i64, until: Option<Moment>, now: Moment) -> Moment {
    let short = now.plus_micros(short_ms.saturating_mul(-1_000));
    let newest = until.map_or(now, |until| until.plus_micros(-1));
    window.start().min(short).min(newest).plus_minutes(-SLICE_MINUTES_MAX)
}

/// One page, own ones first, newest first, and whether there are older ones.
pub async fn list(desk: &Desk, filter: &Filter) -> Result<(Vec<Kept>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut found = Vec::new();
    for stretch in db::stretches(filter.before.map(SloId::number)) {
        if !filter.rows.is_full(&found) {
            found.extend(slos::page(&mut tx, filter, &stretch).await?);
        }
    }
    Ok(filter.rows.page(found))
}

/// One page of measurements, the last written first, and whether there are older ones.
pub async fn measurements(desk: &Desk, id: SloId, before: Option<i64>, rows: Rows) -> Result<(Vec<Recorded>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    slos::load(&mut tx, id).await?;
    Ok(rows.page(records::page(&mut tx, id, before, rows).await?))
}
