//! How much of the budget is left, in a word; unknown as soon as too much was not measured
//! (product reference, sections 2.2 and 3.9).

use serde::{Deserialize, Serialize};

use super::{
    budget::Budget,
    counting::Counted,
    ratio::Ratio,
    words::{bad_events, percent_down},
};
use crate::{
    answer::Answer,
    experiments::plan::vocabulary,
    limits::{MEASUREMENT_AGE_HOURS, MEASUREMENT_GAP_HOURS},
    time::{Moment, span_words},
};

vocabulary! {
    /// The health of a budget, from best to worst, and unknown.
    #[cfg_attr(feature = "store", schemars(rename = "BudgetHealth"))]
    Health {
        Healthy = "healthy", "Healthy";
        Watch = "watch", "Watch";
        Exhausted = "exhausted", "Exhausted";
        Unknown = "unknown", "Unknown";
    }
}

/// How long measurements may be missing before nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patience {
    /// The newest measurement may be as old as this.
    pub age_ms_max: i64,
    /// A gap as long as this is too long.
    pub gap_ms_max: i64,
}

impl Default for Patience {
    fn default() -> Self {
        const HOUR_MS: i64 = 3_600_000;
        Self { age_ms_max: MEASUREMENT_AGE_HOURS * HOUR_MS, gap_ms_max: MEASUREMENT_GAP_HOURS * HOUR_MS }
    }
}

/// The health at `now`. `counted` is the window so far, up to now, so the time since the newest
/// measurement is a gap of it, too; `measured_until` is where that measurement ends.
pub fn health(
    budget: Option<&Budget>,
    counted: &Counted,
    measured_until: Option<Moment>,
    patience: Patience,
    now: Moment,
) -> Answer<Health> {
    let mut unknown = Answer { is: Health::Unknown, because: Vec::new() };
    match measured_until {
        None => unknown = unknown.and("", "Nothing was measured yet."),
        Some(until) if now.ms_since(until) > patience.age_ms_max => {
            let says = format!(
                "The newest measurement ends at {}, {} ago; at most {} say something about now.",
                until.rfc3339(),
                span_words(now.ms_since(until)),
                span_words(patience.age_ms_max)
            );
            unknown = unknown.and("", says);
        }
        Some(_) => {}
    }
    if let Some(gap) = counted.longest_gap().filter(|gap| gap.ms() >= patience.gap_ms_max) {
        let says = format!(
            "Nothing was measured from {} to {}: {}. Measurements sent later close the gap, or a signed entry that counts all of it as bad.",
            gap.start().rfc3339(),
            gap.end().rfc3339(),
            span_words(gap.ms())
        );
        unknown = unknown.and("", says);
    }
    match budget {
        None => unknown.and("", "No event was counted, so nothing can be said about a share of them."),
        Some(_) if !unknown.because.is_empty() => unknown,
        Some(budget) => known(budget),
    }
}

fn known(budget: &Budget) -> Answer<Health> {
    let remaining = budget.remaining();
    let health = if Ratio::of(1, 2) <= remaining {
        Health::Healthy
    } else if remaining.is_above_zero() {
        Health::Watch
    } else {
        Health::Exhausted
    };
    let further = budget.still_allowed();
    let says = if further >= 0 {
        format!("{} of the budget left: {} can still happen.", percent_down(remaining), bad_events(further))
    } else {
        format!("{} of the budget left: {} too many for the target.", percent_down(remaining), bad_events(-further))
    };
    Answer::new(health, "", says)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        interval::Interval,
        slos::{
            budget::Counts,
            counting::Tally,
            measurements::{
                Measurement, Said, Series,
                sample::{events, hour, hours, late, record},
            },
            method::Method,
            target::Target,
        },
        time::MICROS_A_SECOND,
    };

    /// The health over a window, at its end, of a promise of 99 %.
    fn at_end(records: &[Measurement], window: Interval) -> Answer<Health> {
        let series = Series::of(records.iter().copied());
        let tally = Tally::of(&series, Method::Occurrences);
        let counted = tally.over(window);
        let budget = Budget::of(Target::read("99 %").unwrap(), counted.counts);
        health(budget.as_ref(), &counted, tally.measured_until(window.end()), Patience::default(), window.end())
    }

    fn is(records: &[Measurement], window: Interval) -> Health {
        at_end(records, window).is
    }

    #[test]
    fn health_changes_at_half_and_at_nothing() {
        let counted = Counted { counts: Counts::NONE, unmeasured: Vec::new() };
        for (bad, expected) in [
            (0, Health::Healthy),
            (500, Health::Healthy),
            (501, Health::Watch),
            (999, Health::Watch),
            (1_000, Health::Exhausted),
            (1_001, Health::Exhausted),
        ] {
            let counts = Counts { good: 100_000 - bad, bad };
            let budget = Budget::of(Target::read("99 %").unwrap(), counts).unwrap();
            let answer = health(Some(&budget), &counted, Some(hour(1)), Patience::default(), hour(1));
            assert_eq!(answer.is, expected, "{bad}: {answer:?}");
        }
    }

    #[test]
    fn a_day_without_measurements_leaves_the_budget_unknown() {
        // S-Q7: a measurement every hour, the last one ends after two days.
        let measured: Vec<Measurement> = (0..48).map(|from| events(from, from + 1, 100, 0)).collect();
        assert_eq!(is(&measured, hours(0, 48)), Health::Healthy);
        assert_eq!(
            is(&measured, Interval::new(hour(0), hour(72).plus_micros(-MICROS_A_SECOND)).unwrap()),
            Health::Healthy
        );
        let answer = at_end(&measured, hours(0, 72));
        assert_eq!(answer.is, Health::Unknown);
        assert!(
            answer.because[0].says.contains("from 2026-11-03T00:00:00Z to 2026-11-04T00:00:00Z: 1 d"),
            "{answer:?}"
        );
        let later = at_end(&measured, hours(0, 73));
        assert!(later.because[0].says.starts_with("The newest measurement ends at 2026-11-03T00:00:00Z"), "{later:?}");
    }

    #[test]
    fn a_gap_in_the_window_is_closed_by_late_measurements_or_by_the_worst_signed_for() {
        let around = [events(0, 24, 2_400, 0), events(48, 72, 2_400, 0)];
        assert_eq!(is(&around, hours(0, 72)), Health::Unknown);
        let [before, after] = around;
        let short = [before, events(24, 25, 0, 0), after];
        assert_eq!(is(&short, hours(0, 72)), Health::Healthy, "23 hours are bearable");
        let closed = [before, late(events(24, 48, 2_400, 0), 40), after];
        assert_eq!(is(&closed, hours(0, 72)), Health::Healthy);
        let signed = [before, late(record(24, 48, Said::FullyBad { events: 2_400 }), 40), after];
        assert_eq!(is(&signed, hours(0, 72)), Health::Exhausted, "never good");
        assert_eq!(is(&around, hours(40, 72)), Health::Healthy, "all but eight hours of it rolled out of the window");
    }

    #[test]
    fn nothing_counted_is_unknown_and_says_so() {
        assert_eq!(is(&[], hours(0, 1)), Health::Unknown);
        let quiet = at_end(&[events(0, 1, 0, 0)], hours(0, 1));
        assert_eq!((quiet.is, quiet.because.len()), (Health::Unknown, 1));
        assert_eq!(is(&[], hours(5, 5)), Health::Unknown, "the first instant of a calendar period");
    }
}
