//! Looking at SLOs: what they say, where they stand, and what was measured.

use std::collections::BTreeSet;

use super::{history, packing};
use crate::{
    actor::Act,
    db::{self, Tx},
    desk::Desk,
    events::Entry,
    fault::Result,
    id::SloId,
    interval::Interval,
    limits::{COMPLIANCE_RECORDS_MAX, SLICE_MINUTES_MAX, TODAY_BUDGETS_MAX},
    paging::Rows,
    slos::{
        burndown::Part,
        compliance::{Past, earlier, history as history_of},
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
    text::Slug,
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
    let standing = stands(&mut tx, &kept, desk.now()).await?;
    Ok(Shown {
        burndown: standing.burndown(),
        standing,
        history: history(&mut tx, id).await?,
        source: sources::find(&mut tx, id).await?,
        kept,
    })
}

/// An SLO as it is kept.
pub(crate) async fn in_tx(tx: &mut Tx, id: SloId) -> Result<Kept> {
    slos::load(tx, id).await
}

/// Where an SLO stands.
pub(crate) async fn stands(tx: &mut Tx, kept: &Kept, now: Moment) -> Result<Standing> {
    let series = series(tx, kept, now).await?;
    Ok(standing(kept.in_force(), &series, now))
}

/// The records that say where the SLO stands.
async fn series(tx: &mut Tx, kept: &Kept, now: Moment) -> Result<Series> {
    let slo = kept.in_force();
    let until = records::last_end(tx, kept.id).await?;
    let from = looked_at_from(slo.window.so_far(now), slo.levels.window_ms, until, now);
    packing::read(tx, kept.id, Interval::lasting(from, i64::MAX / 1_000)).await
}

/// What became of the promise in windows that are over, the newest first. Reads as many measurements as
/// can be added up; what is older is left out.
pub async fn compliance(desk: &Desk, id: SloId) -> Result<Vec<Past>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let kept = slos::load(&mut tx, id).await?;
    let slo = kept.in_force();
    let Some(oldest) = earlier(&slo.window, desk.now()).pop() else { return Ok(Vec::new()) };
    // Slices that end in a window may begin before it.
    let first = oldest.start().plus_minutes(-SLICE_MINUTES_MAX);
    let Some(begun) = records::first_end(&mut tx, id).await? else { return Ok(Vec::new()) };
    let least = first.max(begun.plus_micros(-1));
    let cut = records::newest_end_without(&mut tx, id, COMPLIANCE_RECORDS_MAX).await?.filter(|cut| least < *cut);
    let Some(stretch) = Interval::new(cut.unwrap_or(least), desk.now()) else { return Ok(Vec::new()) };
    let series = packing::read(&mut tx, id, stretch).await?;
    let known_from = cut.unwrap_or(first);
    Ok(history_of(slo, &series, known_from.plus_minutes(SLICE_MINUTES_MAX), desk.now()))
}

/// The SLOs that ever promised something of these services in an environment, oldest first.
pub(crate) async fn ever_promised(tx: &mut Tx, services: &BTreeSet<Slug>, environment: &Slug) -> Result<Vec<Kept>> {
    in_force(tx, services, environment, true).await
}

async fn in_force(tx: &mut Tx, services: &BTreeSet<Slug>, environment: &Slug, retired_too: bool) -> Result<Vec<Kept>> {
    let mut found = Vec::new();
    for service in services {
        found.extend(slos::in_force(tx, service, environment, retired_too).await?);
    }
    found.sort_by_key(|kept| kept.id.number());
    Ok(found)
}

/// What was measured of an SLO in a stretch of time.
pub(crate) async fn recorded(tx: &mut Tx, id: SloId, interval: Interval) -> Result<Series> {
    packing::read(tx, id, interval).await
}

/// The SLOs that promise something of these services in an environment, with where they stand. A
/// draft promises nothing yet, a retired one nothing any more.
pub(crate) async fn promised(
    tx: &mut Tx,
    services: &BTreeSet<Slug>,
    environment: &Slug,
    now: Moment,
) -> Result<Vec<(Kept, Standing)>> {
    let mut found = Vec::new();
    for kept in in_force(tx, services, environment, false).await? {
        let standing = stands(tx, &kept, now).await?;
        found.push((kept, standing));
    }
    Ok(found)
}

/// From where on records are needed: the window, the short window, and the newest measurement if it
/// is older than both, so that its age is known; and the longest slice before that, since a slice
/// that ends in a window may begin before it.
fn looked_at_from(window: Interval, short_ms: i64, until: Option<Moment>, now: Moment) -> Moment {
    let short = now.plus_micros(short_ms.saturating_mul(-1_000));
    let newest = until.map_or(now, |until| until.plus_micros(-1));
    window.start().min(short).min(newest).plus_minutes(-SLICE_MINUTES_MAX)
}

/// Where budgets stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budgets {
    /// They are of services that whoever looks owns; who owns none with an SLO sees those of all.
    pub are_own: bool,
    pub rows: Vec<(Kept, Standing)>,
    /// There are further ones.
    pub more: bool,
}

/// The budgets of one's services, as many as Today shows.
pub async fn budgets(desk: &Desk) -> Result<Budgets> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let rows = i64::try_from(TODAY_BUDGETS_MAX + 1).unwrap_or(i64::MAX);
    let mut found = match desk.person_id() {
        Some(person) => slos::promising(&mut tx, Some(person), rows).await?,
        None => Vec::new(),
    };
    let are_own = !found.is_empty();
    if !are_own {
        found = slos::promising(&mut tx, None, rows).await?;
    }
    let more = found.len() > TODAY_BUDGETS_MAX;
    found.truncate(TODAY_BUDGETS_MAX);
    let mut rows = Vec::with_capacity(found.len());
    for kept in found {
        let standing = stands(&mut tx, &kept, desk.now()).await?;
        rows.push((kept, standing));
    }
    Ok(Budgets { are_own, rows, more })
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

/// These SLOs, in this order.
pub async fn rows_of(desk: &Desk, ids: &[SloId]) -> Result<Vec<Kept>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.push(slos::load(&mut tx, *id).await?);
    }
    Ok(rows)
}

/// One page of measurements, the last written first, and whether there are older ones.
pub async fn measurements(desk: &Desk, id: SloId, before: Option<i64>, rows: Rows) -> Result<(Vec<Recorded>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    slos::load(&mut tx, id).await?;
    Ok(rows.page(records::page(&mut tx, id, before, rows).await?))
}
