//! One small chart for each check with numbers: where each run's value lies, and what its plan allowed.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::Serialize;

use super::answer_words;
use crate::{
    experiments::{
        plan::{Allowed, Check, Measured, Outcome},
        words::{check_label, check_words},
    },
    runs::facts::RunFacts,
};

/// One check of several runs. All of its numbers are in one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ComparedCheck"))]
pub struct Chart {
    /// As in the lines: `alert-gap|during|max`.
    pub key: String,
    pub label: String,
    /// One for each run, in their order; null where its plan has no such check, or nobody answered it.
    pub points: Vec<Option<Point>>,
}

/// What one run says of the check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ComparedPoint"))]
pub struct Point {
    pub happened: Measured,
    pub allowed: Allowed,
    pub outcome: Outcome,
    /// "38 s, held".
    pub says: String,
    /// "≤ 60 s".
    pub allows: String,
}

/// Where something begins and ends along a chart, in thousandths of its width.
pub type Stretch = (u16, u16);

/// One row of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// None where the run says no number.
    pub happened: Option<Stretch>,
    pub allowed: Option<Stretch>,
}

/// A chart for each check of which two runs or more have a number, in the order of their plans.
pub fn charts(runs: &[&RunFacts]) -> Vec<Chart> {
    let mut keys = Vec::new();
    for check in runs.iter().flat_map(|facts| &facts.identity.checks) {
        if !keys.contains(&&check.key) {
            keys.push(&check.key);
        }
    }
    let charts = keys.into_iter().filter_map(|key| {
        let checks: Vec<Option<&Check>> = runs.iter().map(|facts| facts.identity.check(key)).collect();
        let first = checks.iter().flatten().next()?;
        // Numbers of two units lie on no scale.
        if checks.iter().flatten().any(|check| check.unit != first.unit) {
            return None;
        }
        let points = runs.iter().zip(&checks).map(|(facts, check)| point(facts, (*check)?)).collect();
        Some(Chart { key: key.slot(), label: check_label(first), points })
    });
    charts
        .filter(|chart| chart.points.iter().flatten().filter(|point| range(&point.happened).is_some()).count() > 1)
        .collect()
}

fn point(facts: &RunFacts, check: &Check) -> Option<Point> {
    let happened = facts.answer(&check.key)?.happened;
    let (says, allows) = (answer_words(facts, check), check_words(check));
    Some(Point { happened, allowed: check.allowed, outcome: facts.outcome(&check.key), says, allows })
}

/// A range of numbers; a missing end is open.
type Range = (Option<Decimal>, Option<Decimal>);

fn range(happened: &Measured) -> Option<Range> {
    match *happened {
        Measured::Within { lo: None, hi: None } | Measured::Said { .. } | Measured::NoData => None,
        Measured::Within { lo, hi } => Some((lo, hi)),
        Measured::Over(at) => Some((Some(at), None)),
        Measured::Under(at) => Some((None, Some(at))),
    }
}

const fn allowed_range(allowed: Allowed) -> Option<Range> {
    match allowed {
        Allowed::Below(at) | Allowed::AtMost(at) => Some((None, Some(at))),
        Allowed::Above(at) | Allowed::AtLeast(at) => Some((Some(at), None)),
        Allowed::Equal(at) => Some((Some(at), Some(at))),
        Allowed::Between(a, b) => Some((Some(a), Some(b))),
        Allowed::Holds => None,
    }
}

impl Chart {
    /// Whether its runs say different things.
    pub fn differs(&self) -> bool {
        self.points.iter().any(|point| Some(point) != self.points.first())
    }

    /// Its rows on one scale, which begins at zero unless something is below it.
    pub fn rows(&self) -> Vec<Row> {
        let ranges: Vec<(Option<Range>, Option<Range>)> = self
            .points
            .iter()
            .map(|point| {
                let ranges = point.as_ref().map(|point| (range(&point.happened), allowed_range(point.allowed)));
                ranges.unwrap_or_default()
            })
            .collect();
        let ranges_of_all = ranges.iter().flat_map(|(happened, allowed)| [happened, allowed]).flatten();
        let ends: Vec<Decimal> = ranges_of_all.flat_map(|(lo, hi)| [*lo, *hi]).flatten().collect();
        let least = ends.iter().min().copied().unwrap_or_default().min(Decimal::ZERO);
        let most = ends.iter().max().copied().unwrap_or_default().max(Decimal::ZERO);
        let stretch = |range: Option<Range>| {
            let (lo, hi) = range?;
            let end = |at: Option<Decimal>, open| at.map_or(open, |at| place(at, least, most));
            let (from, to) = (end(lo, 0), end(hi, 1_000));
            Some((from.min(to), from.max(to)))
        };
        ranges
            .into_iter()
            .map(|(happened, allowed)| Row { happened: stretch(happened), allowed: stretch(allowed) })
            .collect()
    }

    /// The same in words, for whoever cannot see it; a run for each point.
    pub fn words(&self, runs: &[String]) -> String {
        let said = runs.iter().zip(&self.points).map(|(run, point)| match point {
            Some(point) => format!("{run}: {}, allowed {}", point.says, point.allows),
            None => format!("{run}: says nothing"),
        });
        said.collect::<Vec<_>>().join("; ")
    }
}

/// What is left free behind the largest number, in thousandths.
const FREE: u16 = 100;

fn place(at: Decimal, least: Decimal, most: Decimal) -> u16 {
    let width = most.checked_sub(least).filter(|width| !width.is_zero());
    let share = width.and_then(|width| at.checked_sub(least)?.checked_div(width));
    let room = Decimal::from(1_000 - FREE);
    share.and_then(|share| share.checked_mul(room)?.round().to_u16()).unwrap_or_default().min(1_000 - FREE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::sample::{gap, identity_with_gap_at_most, run};

    fn gaps(runs: &[RunFacts]) -> Option<Chart> {
        let runs: Vec<&RunFacts> = runs.iter().collect();
        charts(&runs).into_iter().find(|chart| chart.key == gap().slot())
    }

    #[test]
    fn values_of_one_check_lie_on_one_scale_with_what_each_plan_allowed() {
        let stricter = run(2).planned_as(identity_with_gap_at_most("30")).measured(&gap(), "120");
        let chart = gaps(&[run(1), stricter, run(3).unanswered(&gap())]).unwrap();
        let rows = chart.rows();
        // 38 s, 60 s, 120 s and 30 s of 120 s, which stands at nine tenths.
        assert_eq!(rows[0], Row { happened: Some((285, 285)), allowed: Some((0, 450)) });
        assert_eq!(rows[1], Row { happened: Some((900, 900)), allowed: Some((0, 225)) });
        assert_eq!(rows[2], Row { happened: None, allowed: None });
        assert_eq!(chart.points[1].as_ref().unwrap().outcome, Outcome::Failed);
        let runs = ["RUN-1", "RUN-2", "RUN-3"].map(str::to_owned);
        let words = "RUN-1: 38 s, held, allowed ≤ 60 s over 15 min; RUN-2: 120 s, failed, allowed ≤ 30 s over 15 min; RUN-3: says nothing";
        assert_eq!(chart.words(&runs), words);
        assert!(chart.differs() && !gaps(&[run(1), run(1)]).unwrap().differs());
    }

    #[test]
    fn one_number_alone_is_no_chart() {
        assert_eq!(gaps(&[run(1), run(2).unanswered(&gap())]), None);
        assert_eq!(gaps(&[run(1), run(2).happened(&gap(), Measured::NoData)]), None);
    }

    #[test]
    fn every_value_has_a_place_however_large_or_small() {
        let numbers = [Decimal::MIN, Decimal::ZERO, Decimal::ONE, Decimal::MAX];
        for at in numbers {
            assert!(place(at, Decimal::MIN, Decimal::MAX) <= 1_000);
            assert!(place(at, Decimal::ZERO, Decimal::ZERO) <= 1_000);
        }
        let open = range(&Measured::Over(Decimal::ONE));
        assert_eq!(open, Some((Some(Decimal::ONE), None)));
    }
}
