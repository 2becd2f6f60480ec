//! What was measured, as a list of records that only grows. A later record for the same interval
//! corrects the earlier one, in whatever order they arrive; time nobody measured stays unknown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    budget::Counts,
    method::{Method, Slices},
};
use crate::{
    actor::PersonId,
    experiments::plan::vocabulary,
    interval::Interval,
    limits::{CLOCK_AHEAD_MINUTES_MAX, MEASURED_DAYS_MAX, MEASURED_EVENTS_MAX},
    time::{Moment, span_words},
};

vocabulary! {
    /// Where a measurement comes from.
    Source {
        Manual = "manual", "Entered by hand";
        Push = "push", "Sent by a program";
        Prometheus = "prometheus", "Prometheus";
    }
}

/// What a record says of its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// So many valid events were good and bad; none at all is a measurement, too.
    Events { good: u64, bad: u64 },
    /// So many slices of time were good and bad, where the source cuts the slices itself; a slice
    /// without events is neither.
    Slices { good: u64, bad: u64 },
    /// Nobody measured, and somebody signs for the worst: all that happened was bad. `events` says
    /// how many that were; slices are counted by the clock. There is no entry that signs for good.
    FullyBad { events: u64 },
    /// The earlier record was wrong about its interval; the time is unmeasured again.
    Withdrawn,
}

/// One record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Measurement {
    pub interval: Interval,
    pub said: Said,
    pub source: Source,
    /// Who signed it; programs need not.
    pub by: Option<PersonId>,
    pub recorded_at: Moment,
    /// Orders records of the same instant, like the sequence of their events.
    pub sequence: i64,
}

/// What a further record does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    New,
    /// Another record of the same interval stops counting.
    Corrects,
    /// It says what the series says already, so nothing needs to be written.
    Repeats,
}

/// The records that count: the newest of each interval, no two of which overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Series {
    /// By the start of their intervals.
    records: BTreeMap<Moment, Measurement>,
}

impl Series {
    /// The series that these records make, in whatever order and however often they are given.
    pub fn of(records: impl IntoIterator<Item = Measurement>) -> Self {
        let mut records: Vec<Measurement> = records.into_iter().collect();
        records.sort_by_key(|record| (record.recorded_at, record.sequence, record.interval, record.said));
        let mut series = Self::default();
        for record in records {
            series.take(record);
        }
        series
    }

    /// The next record. One that overlaps another interval was refused when it came, so it changes
    /// nothing.
    pub fn take(&mut self, record: Measurement) {
        if record.interval.is_empty() || self.overlapped(record.interval).is_some() {
            return;
        }
        if record.said == Said::Withdrawn {
            self.records.remove(&record.interval.start());
        } else {
            self.records.insert(record.interval.start(), record);
        }
    }

    /// The record of another interval that shares time with this one.
    fn overlapped(&self, interval: Interval) -> Option<&Measurement> {
        // They do not overlap each other, so only the last one to begin before the end can reach in.
        let (_, last) = self.records.range(..interval.end()).next_back()?;
        let same = |record: &Measurement| record.interval == interval;
        (last.interval.overlaps(interval) && !same(last)).then_some(last)
    }

    fn at(&self, interval: Interval) -> Option<&Measurement> {
        self.records.get(&interval.start()).filter(|record| record.interval == interval)
    }

    /// Those that share time with a stretch.
    #[must_use]
    pub fn around(&self, stretch: Interval) -> Self {
        let before = self.records.range(..stretch.start()).next_back();
        let reaches_in = before.filter(|(_, record)| record.interval.overlaps(stretch));
        let from = reaches_in.map_or(stretch.start(), |(start, _)| *start);
        Self { records: self.records.range(from..stretch.end()).map(|(start, record)| (*start, *record)).collect() }
    }

    /// In the order of their intervals.
    pub fn records(&self) -> impl Iterator<Item = &Measurement> {
        self.records.values()
    }

    /// What a record does that comes now, or a clause that says why it is not taken.
    pub fn check(&self, record: &Measurement, method: Method, now: Moment) -> Result<Takes, String> {
        let interval = record.interval;
        if interval.is_empty() {
            return Err("has an interval without any time in it".into());
        }
        if interval.ms() > MEASURED_DAYS_MAX * 86_400_000 {
            return Err(format!("speaks of more than {MEASURED_DAYS_MAX} days; send shorter intervals"));
        }
        if interval.end() > now.plus_minutes(CLOCK_AHEAD_MINUTES_MAX) {
            return Err(format!("ends in the future, at {}", interval.end().rfc3339()));
        }
        if let Some(other) = self.overlapped(interval) {
            return Err(format!(
                "overlaps the measurement from {} to {}; correct or withdraw that one",
                other.interval.start().rfc3339(),
                other.interval.end().rfc3339()
            ));
        }
        record.fits(method)?;
        match (self.at(interval), record.said) {
            (None, Said::Withdrawn) => Err("withdraws a measurement that is not there".into()),
            (None, _) => Ok(Takes::New),
            (Some(there), said) if there.said == said => Ok(Takes::Repeats),
            (Some(_), _) => Ok(Takes::Corrects),
        }
    }
}

impl Measurement {
    /// Whether what it counts is what the SLO counts.
    fn fits(&self, method: Method) -> Result<(), String> {
        if let Said::Events { good, bad } | Said::Slices { good, bad } = self.said
            && good.max(bad) > MEASURED_EVENTS_MAX
        {
            return Err(format!("counts more than {MEASURED_EVENTS_MAX} events; send shorter intervals"));
        }
        match (self.said, method) {
            (Said::Events { .. }, Method::Occurrences) => Ok(()),
            (Said::Events { .. }, Method::TimeSlices(slices)) => self.in_one_slice(slices),
            (Said::Slices { .. }, Method::Occurrences) => Err("counts slices of time; this SLO counts events".into()),
            (Said::Slices { good, bad }, Method::TimeSlices(slices)) => self.whole_slices(slices, good, bad),
            (Said::FullyBad { events }, method) => self.signed_gap(events, method),
            (Said::Withdrawn, _) => Ok(()),
        }
    }

    fn in_one_slice(&self, slices: Slices) -> Result<(), String> {
        if slices.holds(self.interval) {
            return Ok(());
        }
        Err(format!(
            "reaches over several slices of {}, and nothing says which of them were bad; send each slice, or count slices",
            span_words(slices.ms())
        ))
    }

    fn whole_slices(&self, slices: Slices, good: u64, bad: u64) -> Result<(), String> {
        if !slices.divides(self.interval) {
            return Err(format!("begins or ends inside a slice of {}", span_words(slices.ms())));
        }
        let there = i128::from(self.interval.ms() / slices.ms());
        if (Counts { good, bad }).total() > there {
            return Err(format!("counts more than the {there} slices its interval has"));
        }
        Ok(())
    }

    fn signed_gap(&self, events: u64, method: Method) -> Result<(), String> {
        if self.by.is_none() || self.source != Source::Manual {
            return Err("counts time as fully bad without a person who signs for it".into());
        }
        if method == Method::Occurrences && events == 0 {
            return Err("counts time as fully bad, but no event in it; say how many there were".into());
        }
        if events > MEASURED_EVENTS_MAX {
            return Err(format!("counts more than {MEASURED_EVENTS_MAX} events; sign shorter intervals"));
        }
        Ok(())
    }
}

#[cfg(test)]
pub mod sample;
#[cfg(test)]
mod tests;
