//! What good enough means, as a promise to customers: an objective over a window, the budget of
//! bad events it leaves, and what was measured of it.

pub mod ratio;
pub mod share;
pub mod words;

pub mod target;
pub mod window;
pub mod method;
pub mod indicator;
pub mod levels;

pub mod measurements;
pub mod source;
pub mod prometheus;
pub mod pulls;
pub mod honeycomb;
pub mod counting;
pub mod probable;
pub mod budget;
pub mod burn;
pub mod health;
pub mod standing;

pub mod worst_case;
pub mod fits;
pub mod burndown;
pub mod spend;
pub mod compliance;
pub mod reasons;

#[cfg(feature = "store")]
pub mod acts;
pub mod drafts;
pub mod entries;
pub mod hours;
pub mod kept;
#[cfg(feature = "store")]
mod sql;
pub mod trail;

use serde::{Deserialize, Serialize};

use self::{
    health::Patience, indicator::Indicator, levels::Levels, measurements::Source, method::Method, target::Target,
    window::Window,
};
use crate::{
    interval::Interval,
    text::{Prose, Slug, Title},
    time::Moment,
};

/// What an SLO says. Numbers are exact; its standing is computed from measurements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slo {
    pub name: Title,
    pub service: Slug,
    pub environment: Slug,
    /// What customers can rely on, in words they would use. Needed before it can be approved.
    pub promise: Option<Prose>,
    pub indicator: Indicator,
    pub target: Target,
    pub window: Window,
    pub method: Method,
    pub levels: Levels,
    pub patience: Patience,
    pub source: Source,
    /// The first moment it speaks about; before, nothing was promised, so nothing is missing.
    pub begins: Option<Moment>,
}

impl Slo {
    /// Why it cannot be approved yet, as clauses; empty if it can.
    pub fn missing_for_approval(&self) -> Vec<String> {
        let no_promise = "no customer promise is written; say what customers can rely on, in their words";
        if self.promise.is_none() { vec![no_promise.into()] } else { Vec::new() }
    }

    /// The part of a window that does not lie before its beginning.
    pub(crate) fn measured_window(&self, window: Interval) -> Interval {
        let start = self.begins.map_or(window.start(), |begins| window.start().max(begins));
        Interval::new(start, window.end()).unwrap_or(Interval::lasting(window.end(), 0))
    }

    /// "At least 99.99 % good over 28 days, counted in events".
    pub fn words(&self) -> String {
        let (target, window) = (self.target.words(), self.window.words());
        format!("{}{} over {window}, counted in {}", target[..1].to_uppercase(), &target[1..], self.method.words())
    }
}

#[cfg(test)]
pub mod sample;

#[cfg(test)]
mod tests {
    use super::{sample::ingest, *};

    #[test]
    fn without_a_customer_promise_an_slo_is_not_approved() {
        assert_eq!(ingest().missing_for_approval(), [""; 0]);
        let lacking = Slo { promise: None, ..ingest() };
        assert!(lacking.missing_for_approval()[0].contains("customer promise"));
    }

    #[test]
    fn an_slo_says_what_it_promises_in_one_line() {
        assert_eq!(ingest().words(), "At least 99.99 % good over 28 days, counted in events");
    }

    #[test]
    fn an_slo_is_sent_and_comes_back_the_same() {
        let sent = serde_json::to_string(&ingest()).unwrap();
        assert_eq!(serde_json::from_str::<Slo>(&sent).unwrap(), ingest());
    }
}
