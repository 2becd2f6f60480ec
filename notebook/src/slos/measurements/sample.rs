//! Measurements for tests: hours of one November, counted from its first midnight UTC.

use super::{Measurement, Said, Source};
use crate::{actor::PersonId, interval::Interval, time::Moment};

/// So many hours after the beginning.
pub fn hour(hours: i64) -> Moment {
    Moment::parse("2026-11-01T00:00:00Z").unwrap().plus_hours(hours)
}

pub fn hours(from: i64, to: i64) -> Interval {
    Interval::new(hour(from), hour(to)).unwrap()
}

/// Recorded when its interval ended.
pub fn record(from: i64, to: i64, said: Said) -> Measurement {
    Measurement {
        interval: hours(from, to),
        said,
        source: Source::Manual,
        by: Some(PersonId(1)),
        recorded_at: hour(to),
        sequence: 0,
    }
}

pub fn events(from: i64, to: i64, good: u64, bad: u64) -> Measurement {
    record(from, to, Said::Events { good, bad })
}

/// The same record, written down later.
pub fn late(record: Measurement, hours: i64) -> Measurement {
    Measurement { recorded_at: record.recorded_at.plus_hours(hours), ..record }
}
