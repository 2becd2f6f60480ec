//! Whether a promise was kept in the windows that are over: met, missed, or unknown where too much was
//! not measured. Held against the text in force now.

use serde::{Deserialize, Serialize};

use super::{
    Slo,
    budget::{Budget, Counts},
    counting::Tally,
    measurements::Series,
    ratio::Ratio,
    window::{Period, Window},
};
use crate::{
    experiments::plan::vocabulary,
    interval::Interval,
    limits::COMPLIANCE_WINDOWS_MAX,
    time::{Moment, Zone},
};

vocabulary! {
    /// What became of a promise over a window that is over.
    Compliance {
        Met = "met", "Met";
        Missed = "missed", "Missed";
        Unknown = "unknown", "Unknown";
    }
}

/// One window that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Without what lies before the SLO began.
    pub window: Interval,
    pub is: Compliance,
    pub counts: Counts,
    pub unmeasured_ms: i64,
    /// What was left of the budget at its end; None without events.
    pub remaining: Option<Ratio>,
}

/// The windows that are over, the newest first: the periods of a calendar, and for a rolling window
/// the one that ended with each month, in UTC.
pub fn earlier(window: &Window, now: Moment) -> Vec<Interval> {
    match window {
        Window::Calendar { .. } => periods(window, now),
        Window::Rolling { days } => {
            let ended = periods(&Window::Calendar { period: Period::Month, zone: Zone::utc() }, now).into_iter();
            let of = |end: Moment| Interval::new(end.plus_days(-i64::from(*days)), end);
            ended.filter_map(|month| of(month.end())).collect()
        }
    }
}

fn periods(window: &Window, now: Moment) -> Vec<Interval> {
    let mut found = Vec::new();
    let mut next = window.around(now);
    while found.len() < COMPLIANCE_WINDOWS_MAX {
        next = window.around(next.start().plus_micros(-1));
        if next.is_empty() {
            break;
        }
        found.push(next);
    }
    found
}

/// What became of the promise in each window that is over, the newest first, back to the oldest in
/// which anything was measured. `known_from` is where the series begins.
pub fn history(slo: &Slo, series: &Series, known_from: Moment, now: Moment) -> Vec<Past> {
    let is_known = |window: &Interval| known_from <= window.start();
    let has_begun = |window: &Interval| slo.begins.is_none_or(|begins| begins < window.end());
    let windows = earlier(&slo.window, now).into_iter().filter(|window| is_known(window) && has_begun(window));
    let tally = Tally::of(series, slo.method);
    let mut history: Vec<Past> = windows.map(|window| past(slo, &tally, slo.measured_window(window))).collect();
    let measured = history.iter().rposition(|past| past.unmeasured_ms < past.window.ms());
    history.truncate(measured.map_or(0, |last| last + 1));
    history
}

fn past(slo: &Slo, tally: &Tally, window: Interval) -> Past {
    let all = tally.over(window);
    let budget = Budget::of(slo.target, all.counts);
    let too_long = all.longest_gap().is_some_and(|gap| gap.ms() >= slo.patience.gap_ms_max);
    let is = match &budget {
        Some(budget) if !too_long => {
            if budget.is_met() {
                Compliance::Met
            } else {
                Compliance::Missed
            }
        }
        Some(_) | None => Compliance::Unknown,
    };
    Past {
        window,
        is,
        counts: all.counts,
        unmeasured_ms: all.unmeasured_ms(),
        remaining: budget.map(|budget| budget.remaining()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slos::{
        measurements::sample::{events, hour},
        sample::ingest,
        target::Target,
    };

    fn day(text: &str) -> Moment {
        Moment::parse(&format!("{text}T00:00:00Z")).unwrap()
    }

    fn monthly() -> Slo {
        let window = Window::Calendar { period: Period::Month, zone: Zone::utc() };
        Slo { window, target: Target::read("99 %").unwrap(), ..ingest() }
    }

    /// Each day from the first of November on, with so many bad of a hundred.
    fn days(bad: &[Option<u64>]) -> Series {
        let from = |at: usize| i64::try_from(at).unwrap() * 24;
        let one = |(at, bad): (usize, &Option<u64>)| Some(events(from(at), from(at) + 24, 100 - (*bad)?, (*bad)?));
        Series::of(bad.iter().enumerate().filter_map(one))
    }

    fn words(slo: &Slo, series: &Series, now: &str) -> Vec<Compliance> {
        history(slo, series, Moment::from_micros(0), day(now)).into_iter().map(|past| past.is).collect()
    }

    #[test]
    fn periods_that_are_over_end_where_the_next_one_begins() {
        let windows = earlier(&monthly().window, day("2026-11-27"));
        assert_eq!(windows.len(), COMPLIANCE_WINDOWS_MAX);
        assert_eq!((windows[0].start(), windows[0].end()), (day("2026-10-01"), day("2026-11-01")));
        assert!(windows.windows(2).all(|two| two[1].end() == two[0].start()));
        let rolling = earlier(&Window::rolling(7).unwrap(), day("2026-11-27"));
        assert_eq!((rolling[0].start(), rolling[0].end()), (day("2026-10-25"), day("2026-11-01")));
        assert_eq!(rolling[1].end(), day("2026-10-01"));
    }

    #[test]
    fn a_window_is_met_missed_or_unknown() {
        let slo = monthly();
        let of = |bad: Option<u64>, count: usize| vec![bad; count];
        for (november, december, expected) in [
            (of(Some(1), 30), of(Some(2), 31), [Compliance::Missed, Compliance::Met]),
            (of(Some(0), 30), of(Some(1), 31), [Compliance::Met, Compliance::Met]),
            (
                [of(Some(0), 20), of(None, 1), of(Some(0), 9)].concat(),
                of(Some(0), 31),
                [Compliance::Met, Compliance::Unknown],
            ),
            (of(Some(9), 30), [of(Some(9), 30), of(None, 1)].concat(), [Compliance::Unknown, Compliance::Missed]),
        ] {
            let series = days(&[november, december].concat());
            assert_eq!(words(&slo, &series, "2027-01-10"), expected);
        }
        assert_eq!(words(&slo, &days(&[Some(0); 40]), "2026-12-05"), [Compliance::Met], "December is not over");
    }

    #[test]
    fn what_lies_before_the_first_measurement_or_the_beginning_is_left_out() {
        let slo = monthly();
        assert_eq!(words(&slo, &Series::default(), "2027-01-10"), []);
        let began = Slo { begins: Some(hour(24 * 20)), ..slo.clone() };
        let late = [vec![None; 20], vec![Some(0); 10]].concat();
        assert_eq!(words(&slo, &days(&late), "2026-12-05"), [Compliance::Unknown]);
        assert_eq!(words(&began, &days(&late), "2026-12-05"), [Compliance::Met], "nothing was promised before");
        let past = history(&slo, &days(&[Some(1); 30]), hour(1), day("2026-12-05"));
        assert_eq!(past, [], "nobody read that far back");
    }
}
