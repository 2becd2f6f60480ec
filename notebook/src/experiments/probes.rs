//! What a plan asks a Prometheus while a run goes on: the measures of its checks, and abort conditions
//! that are watched.
//!
//! All of it is context, never identity. A check is what it is called and what it allows; the query says
//! how one installation measures it, as a witness would be named. A run runs one revision, and a revision
//! never changes, so a run's queries are as fixed as its checks.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    plan::{Aggregate, Allowed},
    spans,
    units::{self, with_unit},
};
use crate::text::{Link, Note, Slug, Title};

/// A Prometheus and what it is asked. The credential is only named, as for sources of measurements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Probes {
    pub address: Link,
    pub credential: Option<Slug>,
    /// How often it is asked.
    pub every_ms: i64,
    pub measures: Vec<MeasureProbe>,
    pub conditions: Vec<ConditionProbe>,
}

/// How the measure of one or more checks is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct MeasureProbe {
    pub measure: Title,
    /// Answers with one number.
    pub query: Note,
    /// The unit that number is in; None where the checks have none.
    pub unit: Option<String>,
}

/// An abort condition that is watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct ConditionProbe {
    pub condition: Title,
    /// Answers with one number.
    pub query: Note,
    /// The numbers at which it is reached.
    pub reached: Allowed,
    /// For how long it has to be so; 0 for at once.
    pub for_ms: i64,
    /// Whether the run is aborted by itself; otherwise everybody is asked to think of it.
    pub aborts: bool,
}

impl Probes {
    /// Every query under the number that its readings are kept by: measures first, from 1.
    pub fn queries(&self) -> Vec<(i64, &Note)> {
        let measures = self.measures.iter().map(|probe| &probe.query);
        (1..).zip(measures.chain(self.conditions.iter().map(|probe| &probe.query))).collect()
    }

    /// The probe of a measure, with its number.
    pub fn of_measure(&self, measure: &Title) -> Option<(i64, &MeasureProbe)> {
        (1..).zip(&self.measures).find(|(_, probe)| probe.measure == *measure)
    }

    /// The measure or the condition that a number stands for.
    pub fn name(&self, number: i64) -> Option<String> {
        let measures = self.measures.iter().map(|probe| probe.measure.to_string());
        let names = measures.chain(self.conditions.iter().map(|probe| probe.condition.to_string()));
        (1..).zip(names).find(|(own, _)| *own == number).map(|(_, name)| name)
    }

    /// The watched conditions, with their numbers.
    pub fn watched(&self) -> Vec<(i64, &ConditionProbe)> {
        let first = i64::try_from(self.measures.len()).unwrap_or(i64::MAX - 1) + 1;
        (first..).zip(&self.conditions).collect()
    }
}

impl MeasureProbe {
    /// A value in the unit of a check; none where it does not convert.
    pub fn in_unit(&self, value: Decimal, unit: Option<&str>) -> Option<Decimal> {
        match (self.unit.as_deref(), unit) {
            (None, _) => Some(value),
            (Some(_), None) => None,
            (Some(own), Some(unit)) => units::convert(value, own, unit),
        }
    }

    /// "up{job=\"shop\"}, in ms".
    pub fn words(&self) -> String {
        match &self.unit {
            Some(unit) => format!("{}, in {unit}", self.query),
            None => self.query.to_string(),
        }
    }
}

impl ConditionProbe {
    /// "> 0.05 for 30 s".
    pub fn limit(&self) -> String {
        let limit = self.reached.words(None);
        if self.for_ms == 0 { limit } else { format!("{limit} for {}", spans::written(self.for_ms)) }
    }

    /// The limit, the query, and what happens then.
    pub fn words(&self) -> String {
        let then = if self.aborts { "aborts the run by itself" } else { "asks everybody" };
        format!("{}; {then}\n{}", self.limit(), self.query)
    }
}

/// Whether a check that becomes one value in this way can be read. How many readings there are, and so
/// their sum, says how often somebody asked and nothing of the system.
pub const fn can_be_read(aggregate: Aggregate) -> bool {
    !matches!(aggregate, Aggregate::Sum | Aggregate::Count)
}

/// A number with the unit it was read in.
pub fn value_words(value: Decimal, unit: Option<&str>) -> String {
    with_unit(&units::plain(value), unit)
}
