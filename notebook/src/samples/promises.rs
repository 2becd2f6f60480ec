//! What the company promises its customers, and what it measured of that. Traffic and spend are
//! illustrative.
//!
//! Measurements are few: days of late, longer stretches before, and minutes only around a run, so that
//! what it cost is known. They are written down as the story goes on, since every run asks for them.

use std::collections::BTreeSet;

use super::{
    HOME_PROMISE, INGEST_PROMISE, QUERY_PROMISE,
    cast::Who::{Jonas, Mara, Priya},
    kafka,
    sentences::FAULT_AFTER_S,
    stage::{BEGINNING, HOME, INGEST, PRODUCTION, QUERY},
    teller::Teller,
};
use crate::{
    fault::Result,
    id::SloId,
    interval::Interval,
    slos::{
        self,
        drafts::{ApproveDraft, Draft, OCCURRENCES, ROLLING},
        entries::{MeasurementsDraft, Row},
    },
    time::{MICROS_A_SECOND, Moment},
};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 1_440 * MINUTE_MS;

/// Whoever comes back after a weekend can still start a run.
const PATIENCE: &str = "3 d";

/// One promise, and what an ordinary day of it looks like.
pub(super) struct Promise {
    id: SloId,
    title: &'static str,
    service: &'static str,
    says: &'static str,
    measure: &'static str,
    /// (limit, unit): up to it a value is good, beyond it bad. None where events are good or bad by themselves.
    limit: Option<(&'static str, &'static str)>,
    target: &'static str,
    too_broken: &'static str,
    events_a_day: i64,
    bad_a_day: i64,
}

pub(super) static INGESTED: Promise = Promise {
    id: INGEST_PROMISE,
    title: "What is sent is taken",
    service: INGEST,
    says: "Every event you send is stored. Of ten thousand we may lose one.",
    measure: "events stored",
    limit: None,
    target: "at least 99.99 %",
    too_broken: "99 %",
    events_a_day: 35_714_286,
    bad_a_day: 1_428,
};

static HOME_IS_QUICK: Promise = Promise {
    id: HOME_PROMISE,
    title: "The first page is there in a second",
    service: HOME,
    says: "The first page is there within a second. Fewer than one visit of a thousand waits longer.",
    measure: "time until the first page is there",
    limit: Some(("1", "s")),
    target: "less than 0.1 % bad",
    too_broken: "98 %",
    events_a_day: 35_714,
    bad_a_day: 12,
};

pub(super) static ANSWERED: Promise = Promise {
    id: QUERY_PROMISE,
    title: "Questions are answered",
    service: QUERY,
    says: "Whoever asks gets an answer. Fewer than one question of a hundred fails.",
    measure: "queries answered",
    limit: None,
    target: "less than 1 % bad",
    too_broken: "95 %",
    events_a_day: 35_714,
    bad_a_day: 90,
};

/// A run as the measurements show it.
struct Dip {
    fault: Moment,
    /// The promise it is asked about; None for all.
    of: Option<SloId>,
    /// Queries that fail in each of its first minutes, besides the usual ones.
    worse_a_minute: i64,
}

/// For so long a run makes a difference.
const DIP_MINUTES: i64 = 10;
/// Minutes after the beginning of a fault at which a measurement ends.
const CUTS: [i64; 5] = [0, 5, DIP_MINUTES, 20, 60];

/// Runs of the first two experiments: when they start, and how many queries fail of it.
const STARTS: [(i64, &str, i64); 5] =
    [(98, "10:00", 6), (90, "14:00", 1), (84, "10:00", 0), (76, "10:00", 1), (1, "14:00", 0)];

fn dips(teller: &Teller) -> Vec<Dip> {
    let started = STARTS.into_iter().map(|(days_ago, time, worse_a_minute)| Dip {
        fault: teller.on_workday(days_ago, time).plus_micros(FAULT_AFTER_S * MICROS_A_SECOND),
        of: None,
        worse_a_minute,
    });
    let weekly =
        kafka::faults(teller).into_iter().map(|fault| Dip { fault, of: Some(INGEST_PROMISE), worse_a_minute: 0 });
    started.chain(weekly).collect()
}

/// All three, approved on the first day.
pub(super) async fn made(teller: &Teller) -> Result<()> {
    for promise in [&INGESTED, &HOME_IS_QUICK, &ANSWERED] {
        teller.on(BEGINNING.0, BEGINNING.1);
        let draft = promise.draft(teller.moment());
        let kept = slos::acts::write(&teller.desk(Mara), &draft).await?;
        teller.pass_s(1_800);
        let approved = ApproveDraft { version: kept.version.to_string() };
        slos::acts::approve(&teller.desk(Jonas), kept.id, &approved).await?;
    }
    Ok(())
}

/// The rest, so that a run can be started now.
pub(super) async fn up_to_now(teller: &Teller) -> Result<()> {
    teller.minutes_ago(0);
    for promise in [&INGESTED, &HOME_IS_QUICK, &ANSWERED] {
        measured(teller, promise).await?;
    }
    Ok(())
}

/// Writes down what was measured of a promise since the last time.
pub(super) async fn measured(teller: &Teller, promise: &Promise) -> Result<()> {
    let until = teller.moment();
    let from = teller.measured(promise.id, until).unwrap_or_else(|| teller.on_workday(BEGINNING.0, BEGINNING.1));
    if from >= until {
        return Ok(());
    }
    let dips: Vec<Dip> = dips(teller).into_iter().filter(|dip| dip.of.is_none_or(|of| of == promise.id)).collect();
    let mut ends = ends(teller.now(), &dips);
    ends.retain(|end| from < *end && *end < until);
    ends.insert(until);
    let mut rows = Vec::with_capacity(ends.len());
    let mut begins = from;
    for end in ends {
        rows.push(promise.row(begins, end, &dips));
        begins = end;
    }
    slos::acts::measure(&teller.desk(Priya), promise.id, &MeasurementsDraft { rows, ..MeasurementsDraft::default() })
        .await?;
    Ok(())
}

/// Where measurements end: daily in the window that counts now, every four days before, and close
/// around each run; the day before a run shows what is usual.
fn ends(now: Moment, dips: &[Dip]) -> BTreeSet<Moment> {
    let daily = (0..=32).chain((36..=120).step_by(4)).map(|days| now.plus_days(-days));
    let around = dips.iter().flat_map(|dip| {
        let cuts = CUTS.into_iter().map(move |minutes| dip.fault.plus_minutes(minutes));
        cuts.chain([dip.fault.plus_days(-1)])
    });
    daily.chain(around).collect()
}

impl Promise {
    fn draft(&self, begins: Moment) -> Draft {
        let (limit, unit) = self.limit.unwrap_or_default();
        let direction = if self.limit.is_some() { "larger_is_worse" } else { "" };
        Draft {
            title: self.title.into(),
            service: self.service.into(),
            environment: PRODUCTION.into(),
            promise: format!("{} (Traffic and spend are illustrative.)", self.says),
            measure: self.measure.into(),
            direction: direction.into(),
            limit: limit.into(),
            unit: unit.into(),
            target: self.target.into(),
            window: ROLLING.into(),
            days: "28".into(),
            method: OCCURRENCES.into(),
            too_broken: self.too_broken.into(),
            level_window: PATIENCE.into(),
            age_max: PATIENCE.into(),
            gap_max: PATIENCE.into(),
            begins: begins.rfc3339(),
            ..Draft::default()
        }
    }

    fn row(&self, from: Moment, to: Moment, dips: &[Dip]) -> Row {
        let in_it = |a_day: i64| a_day * to.ms_since(from) / DAY_MS;
        let worse: i64 = dips.iter().map(|dip| self.worse(from, to, dip)).sum();
        let bad = in_it(self.bad_a_day) + worse;
        Row {
            from: from.rfc3339(),
            to: to.rfc3339(),
            good: (in_it(self.events_a_day) - bad).max(0).to_string(),
            bad: bad.to_string(),
            counts: String::new(),
        }
    }

    /// Bad events that a run adds to a stretch of time.
    fn worse(&self, from: Moment, to: Moment, dip: &Dip) -> i64 {
        if self.id != QUERY_PROMISE {
            return 0;
        }
        let during = Interval::lasting(dip.fault, DIP_MINUTES * MINUTE_MS);
        let common = Interval::new(from, to).and_then(|row| row.common(during));
        common.map_or(0, |common| dip.worse_a_minute * common.ms() / MINUTE_MS)
    }
}
