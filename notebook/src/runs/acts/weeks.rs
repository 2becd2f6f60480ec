//! How many runs began in each week, for the strip beside the list.

use std::collections::BTreeMap;

use jiff::{
    Span,
    civil::{Date, Time},
};

use crate::{
    actor::Act,
    desk::Desk,
    fault::Result,
    interval::Interval,
    runs::sql::{Filter, listing},
    time::{Moment, Zone},
};

const DAYS: i64 = 7;

/// One week, by the days of UTC, as queries have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    pub monday: Date,
    /// How many began in it.
    pub runs: usize,
}

/// So many weeks, the present one last. Of what the list is narrowed to, execution and experiment count.
pub async fn by_week(desk: &Desk, filter: &Filter, weeks: i64) -> Result<Vec<Week>> {
    desk.may(Act::Look)?;
    let today = desk.now().civil(&Zone::utc()).date();
    let back = i64::from(today.weekday().to_monday_zero_offset()) + DAYS * (weeks - 1);
    let first = today.saturating_sub(Span::new().days(back));
    let start = Moment::of_civil(first.to_datetime(Time::midnight()), &Zone::utc());
    let Some(stretch) = start.and_then(|start| Interval::new(start, start.plus_days(DAYS * weeks))) else {
        return Ok(Vec::new());
    };
    let mut tx = desk.begin_glance().await?;
    let counted: BTreeMap<i64, i64> = listing::by_week(&mut tx, filter, stretch).await?.into_iter().collect();
    let week = |place: i64| Week {
        monday: first.saturating_add(Span::new().days(DAYS * place)),
        runs: counted.get(&place).and_then(|runs| usize::try_from(*runs).ok()).unwrap_or_default(),
    };
    Ok((0..weeks).map(week).collect())
}
