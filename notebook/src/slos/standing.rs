//! Where an SLO stands at a moment: everything its page and the gate need, from its measurements.

use super::{
    Slo,
    budget::{Budget, Counts},
    burn::{Exhaustion, exhaustion},
    burndown::{Part, burndown},
    counting::{Counted, Tally},
    fits::{Asked, Fitting},
    health::{Health, health},
    levels::Level,
    measurements::Series,
    ratio::Ratio,
    share::Share,
};
use crate::{answer::Answer, interval::Interval, time::Moment};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The part of the window that lies behind, and not before the SLO began.
    pub window: Interval,
    pub counted: Counted,
    /// None without events.
    pub budget: Option<Budget>,
    pub health: Answer<Health>,
    pub level: Answer<Level>,
    /// What ended in the short window.
    pub just_now: Counts,
    /// How fast the budget is spent just now, over the short window; None without events in it.
    pub burn_now: Option<Ratio>,
    /// None while the budget or the pace is unknown.
    pub exhaustion: Option<Exhaustion>,
    tally: Tally,
}

/// The standing at `now`.
pub fn standing(slo: &Slo, series: &Series, now: Moment) -> Standing {
    let window = slo.measured_window(slo.window.so_far(now));
    let tally = Tally::of(series, slo.method);
    let all = tally.over(window);
    let budget = Budget::of(slo.target, all.counts);
    let health = health(budget.as_ref(), &all, tally.measured_until(now), slo.patience, now);
    let short = Interval::lasting(now.plus_micros(slo.levels.window_ms.saturating_mul(-1_000)), slo.levels.window_ms);
    let just_now = tally.over(slo.measured_window(short)).counts;
    let burn_now = Budget::of(slo.target, just_now).map(|budget| budget.burn_rate());
    let lasting = budget.zip(burn_now).filter(|_| health.is != Health::Unknown);
    Standing {
        exhaustion: lasting.and_then(|(budget, burn)| exhaustion(budget.remaining(), burn, window.ms())),
        level: slo.levels.now(just_now),
        tally,
        just_now,
        window,
        counted: all,
        budget,
        health,
        burn_now,
    }
}

impl Standing {
    /// How the budget came to be what it is; empty where none is known.
    pub fn burndown(&self) -> Vec<Part> {
        self.budget.map(|budget| burndown(&budget, &self.tally, self.window)).unwrap_or_default()
    }

    /// How a plan costing `worst` lies to the budget, or why nobody knows.
    pub fn fitting(&self, slo: &Slo, reserve: Share, worst: u64, now: Moment) -> Result<Fitting, String> {
        match (&self.budget, self.health.is) {
            (Some(budget), Health::Healthy | Health::Watch | Health::Exhausted) => {
                let asked = Asked { window: &slo.window, counted: self.window, budget };
                Ok(Fitting::of(&asked, self.tally.units(), reserve, worst, now))
            }
            (None, _) | (_, Health::Unknown) => {
                let says = self.health.because.iter().map(|because| because.says.trim_end_matches('.'));
                Err(says.collect::<Vec<_>>().join("; "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slos::{
        fits::{Fit, RESERVE},
        health::Patience,
        measurements::{
            Measurement, Said,
            sample::{events, hour, record},
        },
        method::{Method, Slices},
        sample::ingest,
        window::{Period, Window},
    };
    use crate::time::Zone;

    /// Measured by the hour for so many days, a million events a day.
    fn days(days: i64) -> Vec<Measurement> {
        (0..days).map(|day| events(day * 24, (day + 1) * 24, 1_000_000, 0)).collect()
    }

    #[test]
    fn a_measured_slo_has_a_budget_a_pace_and_a_level() {
        let mut records = days(28);
        records[27] = events(27 * 24, 28 * 24, 999_000, 1_000);
        let stands = standing(&ingest(), &Series::of(records), hour(28 * 24));
        // 99.99 % of 28 million events allow 2,800 bad ones.
        let budget = stands.budget.unwrap();
        assert_eq!((budget.counts().total(), budget.still_allowed()), (28_000_000, 1_800));
        assert_eq!(stands.health.is, Health::Healthy);
        assert_eq!(stands.level.is, Level::AtRisk, "the last day lost a thousandth");
        assert_eq!(stands.burn_now, Some(Ratio::whole(10)));
        assert_eq!(stands.exhaustion, Some(Exhaustion::In { ms: 28 * 86_400_000 * 18 / 280 }));
    }

    #[test]
    fn a_new_slo_without_a_beginning_has_not_measured_most_of_its_window() {
        let new = standing(&ingest(), &Series::of(days(3)), hour(72));
        assert_eq!(new.health.is, Health::Unknown);
        let began = Slo { begins: Some(hour(0)), ..ingest() };
        let stands = standing(&began, &Series::of(days(3)), hour(72));
        assert_eq!(stands.health.is, Health::Healthy, "nothing was promised before it began");
        assert_eq!(stands.window.start(), hour(0));
    }

    #[test]
    fn what_counts_nothing_is_not_fresh() {
        let slices = Slices::new(7_200_000, Share::percent(90)).unwrap();
        let slo = Slo {
            begins: Some(hour(0)),
            method: Method::TimeSlices(slices),
            patience: Patience { age_ms_max: 3_600_000, ..Patience::default() },
            ..ingest()
        };
        // After a day, every second hour is missing, so no slice of two hours counts any more.
        let whole = (0..24).map(|number| events(number, number + 1, 100, 0));
        let halves = [24, 26, 28].map(|number| events(number, number + 1, 100, 0));
        let series = Series::of(whole.chain(halves));
        let health = |hours| standing(&slo, &series, hour(hours)).health.is;
        assert_eq!([health(24), health(25), health(29)], [Health::Healthy, Health::Healthy, Health::Unknown]);
    }

    #[test]
    fn unknown_health_answers_no_question_about_a_plan() {
        let slo = ingest();
        let stands = standing(&slo, &Series::of(days(28)), hour(29 * 24));
        assert_eq!((stands.health.is, stands.exhaustion), (Health::Unknown, None));
        let why = stands.fitting(&slo, RESERVE, 1, hour(29 * 24)).unwrap_err();
        assert!(why.starts_with("Nothing was measured from 2026-11-29T00:00:00Z"), "{why}");
        let fresh = standing(&slo, &Series::of(days(28)), hour(28 * 24));
        assert_eq!(fresh.fitting(&slo, RESERVE, 2_520, hour(28 * 24)).unwrap().fit, Fit::Fits);
        assert_eq!(fresh.fitting(&slo, RESERVE, 2_521, hour(28 * 24)).unwrap().fit, Fit::UsesReserve);
    }

    #[test]
    fn a_spent_budget_comes_back_when_its_bad_day_has_left_the_window() {
        let slo = ingest();
        let mut records = days(28);
        records[4] = events(4 * 24, 5 * 24, 997_200, 2_800);
        let now = hour(28 * 24);
        let fitting = standing(&slo, &Series::of(records), now).fitting(&slo, RESERVE, 100, now).unwrap();
        assert_eq!(fitting.fit, Fit::NothingLeft);
        assert_eq!(fitting.possible_from, Some(hour((28 + 5) * 24)));
    }

    #[test]
    fn a_calendar_window_forgets_at_its_turn() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let slo = Slo { window: Window::Calendar { period: Period::Day, zone }, ..ingest() };
        let series = Series::of([events(0, 22, 1, 999), events(22, 23, 0, 10), events(23, 24, 1_000, 0)]);
        let health = |hours| standing(&slo, &series, hour(hours)).health.is;
        // Berlin's day begins at 23:00 UTC.
        assert_eq!([health(22), health(23), health(24)], [Health::Exhausted, Health::Unknown, Health::Healthy]);
    }

    #[test]
    fn a_signed_gap_counts_as_bad_but_not_as_a_look_at_the_present() {
        let slo = Slo {
            begins: Some(hour(0)),
            patience: Patience { age_ms_max: 3_600_000, ..Patience::default() },
            ..ingest()
        };
        let series = Series::of([events(0, 4, 1_000_000, 0), record(4, 8, Said::FullyBad { events: 50 })]);
        let stands = standing(&slo, &series, hour(8));
        assert_eq!(stands.counted.unmeasured, []);
        assert_eq!(stands.health.is, Health::Unknown, "four hours old, one is allowed");
    }
}
