//! The measurements of a whole hour in one row: the same records, only fewer rows to read. They stand
//! beside the rows they were made of, and go as soon as a further row speaks of their hour.

use super::measurements::{Measurement, Said, Series, Source};
use crate::{actor::PersonId, interval::Interval, limits::HOUR_RECORDS_MIN, time::Moment};

const HOUR_MS: i64 = 3_600_000;

/// All that counts of one hour, which no record reaches into from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hour {
    start: Moment,
    records: Vec<Measurement>,
}

/// The beginning of the hour, by UTC, that a moment lies in.
pub fn hour_of(moment: Moment) -> Moment {
    const MICROS: i64 = HOUR_MS * 1_000;
    Moment::from_micros(moment.micros().div_euclid(MICROS).saturating_mul(MICROS))
}

/// The whole hour that begins there.
pub fn hour_from(start: Moment) -> Interval {
    Interval::lasting(start, HOUR_MS)
}

impl Hour {
    /// The hour that begins there, out of the newest records of all intervals that share time with it.
    /// None where one reaches out of it, and where they are too few to be worth it.
    pub fn of(start: Moment, sharing: impl IntoIterator<Item = Measurement>) -> Option<Self> {
        let hour = Self { start, records: Series::of(sharing).records().copied().collect() };
        let inside = hour.records.iter().all(|record| hour.interval().covers(record.interval));
        (inside && hour.records.len() >= HOUR_RECORDS_MIN).then_some(hour)
    }

    pub fn start(&self) -> Moment {
        self.start
    }

    pub fn interval(&self) -> Interval {
        hour_from(self.start)
    }

    pub fn into_records(self) -> Vec<Measurement> {
        self.records
    }

    /// A line for each record.
    pub fn written(&self) -> String {
        let lines: Vec<String> = self.records.iter().map(|record| line(self.start, record)).collect();
        lines.join("\n")
    }

    /// The same hour out of its lines, or a clause about the first one that does not read.
    pub fn read(start: Moment, text: &str) -> Result<Self, String> {
        let records: Option<Vec<Measurement>> = text.lines().map(|line| record(start, line)).collect();
        Ok(Self { start, records: records.ok_or("an hour of measurements does not read")? })
    }
}

/// Moments are micros after the beginning of the hour; most of them are short numbers.
fn line(start: Moment, record: &Measurement) -> String {
    let (what, good, bad) = match record.said {
        Said::Events { good, bad } => ("e", good, bad),
        Said::Slices { good, bad } => ("s", good, bad),
        Said::FullyBad { events } => ("b", 0, events),
        Said::Withdrawn => ("w", 0, 0),
    };
    let after = |moment: Moment| moment.micros() - start.micros();
    let by = record.by.map_or_else(|| "-".to_owned(), |person| person.0.to_string());
    let (from, to) = (after(record.interval.start()), after(record.interval.end()));
    let (source, recorded, sequence) = (record.source.word(), after(record.recorded_at), record.sequence);
    format!("{from} {to} {what} {good} {bad} {source} {by} {recorded} {sequence}")
}

fn record(start: Moment, line: &str) -> Option<Measurement> {
    let fields: Vec<&str> = line.split(' ').collect();
    let [from, to, what, good, bad, source, by, recorded, sequence] = fields[..] else { return None };
    let moment = |after: &str| Some(start.plus_micros(after.parse().ok()?));
    let (good, bad) = (good.parse().ok()?, bad.parse().ok()?);
    let said = match what {
        "e" => Said::Events { good, bad },
        "s" => Said::Slices { good, bad },
        "b" => Said::FullyBad { events: bad },
        "w" => Said::Withdrawn,
        _ => return None,
    };
    Some(Measurement {
        interval: Interval::new(moment(from)?, moment(to)?)?,
        said,
        source: Source::named(source).ok()?,
        by: if by == "-" { None } else { Some(PersonId(by.parse().ok()?)) },
        recorded_at: moment(recorded)?,
        sequence: sequence.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::slos::measurements::sample::{hour, hours};

    prop_compose! {
        /// Records as they come one after the other: new ones, corrections, withdrawals and signed gaps, by
        /// the ten minutes of some hours. What overlaps is refused, as it is when it comes.
        fn a_log()(
            tries in prop::collection::vec((0i64..36, prop::sample::select(vec![1i64, 1, 1, 1, 2, 9]), 0u8..8), 0..150),
        ) -> Vec<Measurement> {
            let (mut series, mut log) = (Series::default(), Vec::new());
            for (sequence, (place, length, kind)) in (1_i64..).zip(tries) {
                let start = hour(0).plus_minutes(place * 10);
                let interval = Interval::lasting(start, length * 600_000);
                let said = match kind {
                    0 | 1 => Said::Withdrawn,
                    2 => Said::FullyBad { events: sequence.unsigned_abs() },
                    3 => Said::Slices { good: 1, bad: 0 },
                    _ => Said::Events { good: sequence.unsigned_abs(), bad: 1 },
                };
                let by = (kind % 2 == 0).then_some(PersonId(7));
                let recorded_at = hour(40).plus_micros(sequence / 3);
                let record = Measurement { interval, said, source: Source::Prometheus, by, recorded_at, sequence };
                let there: Vec<Measurement> = series.records().copied().collect();
                series.take(record);
                if !series.records().copied().eq(there) {
                    log.push(record);
                }
            }
            log
        }
    }

    /// As the rows are read: the newest record of each interval that shares time with a stretch.
    fn sharing(log: &[Measurement], stretch: Interval) -> Vec<Measurement> {
        let mut newest: BTreeMap<Interval, Measurement> = BTreeMap::new();
        for record in log.iter().filter(|record| record.interval.overlaps(stretch)) {
            newest.insert(record.interval, *record);
        }
        newest.into_values().collect()
    }

    proptest! {
        #[test]
        fn hours_and_the_rows_between_them_are_all_rows(
            log in a_log(), tried in prop::collection::vec(any::<bool>(), 8), from in 0i64..36, length in 1i64..40,
        ) {
            let window = Interval::lasting(hour(0).plus_minutes(from * 10), length * 600_000);
            let of = |number: i64| {
                let stretch = hours(number, number + 1);
                Hour::of(stretch.start(), sharing(&log, stretch)).filter(|hour| window.covers(hour.interval()))
            };
            let kept: Vec<Hour> = (0..).zip(&tried).filter_map(|(number, is_tried)| of(number).filter(|_| *is_tried)).collect();
            let mut read = Vec::new();
            for hour in &kept {
                prop_assert_eq!(Hour::read(hour.start(), &hour.written()), Ok(hour.clone()));
                read.extend(hour.clone().into_records());
            }
            let known: Vec<Interval> = kept.iter().map(Hour::interval).collect();
            for part in window.without(&known) {
                read.extend(sharing(&log, part));
            }
            prop_assert_eq!(Series::of(read), Series::of(sharing(&log, window)));
        }
    }

    #[test]
    fn an_hour_that_a_record_reaches_into_stays_rows() {
        let tens = |from: i64, to: i64| -> Vec<Measurement> {
            let one = |place: i64| Measurement {
                interval: Interval::lasting(hour(0).plus_minutes(place * 10), 600_000),
                ..crate::slos::measurements::sample::events(0, 1, 9, 1)
            };
            (from..to).map(one).collect()
        };
        assert_eq!(Hour::of(hour(0), tens(0, 6)).unwrap().into_records(), tens(0, 6));
        assert_eq!(Hour::of(hour(0), tens(0, 2)), None, "too few");
        let mut reaching = tens(0, 5);
        reaching.push(Measurement { interval: Interval::lasting(hour(0).plus_minutes(50), 1_200_000), ..reaching[0] });
        assert_eq!(Hour::of(hour(0), reaching), None);
        assert!(Hour::read(hour(0), "1 2 e 3").is_err() && Hour::read(hour(0), "0 1 x 0 0 push - 0 0").is_err());
    }
}
