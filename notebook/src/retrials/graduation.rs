//! Whether an experiment may go on unattended: criteria that are stated, each with what it found.
//! Keeping it manual is an equal answer; nothing graduates by itself.

use serde::Serialize;

use super::claims::{Coverage, passes};
use crate::{
    experiments::{identity::Relations, plan::Identity},
    gate::{Rehearsed, past::past},
    id::{ExperimentId, FindingId, RunId},
    limits::REHEARSAL_DAYS,
    runs::{facts::RunFacts, validity::is_valid},
    time::Moment,
};

/// So many valid runs, the last ones, have to have passed.
const RUNS: usize = 3;
const DAY_MS: i64 = 86_400_000;

/// What the rule knows of an experiment.
#[derive(Debug, Clone, Copy)]
pub struct GraduationFacts<'a, R = RunFacts> {
    pub runs: &'a [R],
    /// Identity of the approved revision: what would go on unattended.
    pub claimed: Option<&'a Identity>,
    /// None where nobody wrote the targets down.
    pub coverage: Option<Coverage>,
    /// Findings of high or critical severity that nothing holds down.
    pub severe_open: &'a [FindingId],
}

/// One criterion and whether it is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GraduationCriterion"))]
pub struct Criterion {
    pub met: bool,
    /// A whole sentence.
    pub says: String,
}

/// Whether running it unattended is offered, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Graduation {
    pub offered: bool,
    pub criteria: Vec<Criterion>,
}

impl Graduation {
    /// Why it is not offered, in whole sentences: the criteria that are not met.
    pub fn against(&self, experiment: ExperimentId) -> Option<String> {
        let unmet = self.criteria.iter().filter(|criterion| !criterion.met);
        let unmet: Vec<&str> = unmet.map(|criterion| criterion.says.as_str()).collect();
        (!self.offered).then(|| format!("{experiment} is not offered to run unattended: {}", unmet.join(" ")))
    }
}

/// All four criteria at `now`.
pub fn graduation<R: AsRef<RunFacts>>(facts: &GraduationFacts<'_, R>, now: Moment) -> Graduation {
    let runs: Vec<&RunFacts> = facts.runs.iter().map(AsRef::as_ref).collect();
    let criteria = vec![
        passed(runs.clone(), facts.claimed),
        covered(facts.coverage),
        rehearsed(runs, now),
        harmless(facts.severe_open),
    ];
    Graduation { offered: criteria.iter().all(|criterion| criterion.met), criteria }
}

/// As passes of the claim are counted: what was easier, something else, or done otherwise proves nothing of it.
fn passed(mut runs: Vec<&RunFacts>, claimed: Option<&Identity>) -> Criterion {
    runs.sort_by_key(|run| (run.started, run.id));
    let last: Vec<&RunFacts> = runs.into_iter().rev().filter(|run| is_valid(run)).take(RUNS).collect();
    let has_passed = |run: &RunFacts| claimed.is_some_and(|plan| passes(run, plan, &Relations::default()));
    let not: Vec<RunId> = last.iter().filter(|run| !has_passed(run)).map(|run| run.id).collect();
    match (last.len(), not.last()) {
        (RUNS, None) => Criterion { met: true, says: format!("The last {RUNS} valid runs passed.") },
        (_, Some(run)) => Criterion {
            met: false,
            says: format!(
                "{run} is one of the last {RUNS} valid runs and did not pass under the approved plan, or is not closed."
            ),
        },
        (runs, None) => Criterion { met: false, says: format!("{runs} of {RUNS} valid runs have passed so far.") },
    }
}

fn covered(coverage: Option<Coverage>) -> Criterion {
    match coverage {
        None => Criterion { met: false, says: "Nobody wrote down which targets there are.".into() },
        Some(Coverage { hit, eligible }) => {
            Criterion { met: hit >= eligible, says: format!("{hit} of {eligible} targets were hit by a pass.") }
        }
    }
}

fn rehearsed(runs: Vec<&RunFacts>, now: Moment) -> Criterion {
    match past(runs, now).rehearsal(now) {
        Rehearsed::Never => Criterion { met: false, says: "The revert was never done.".into() },
        Rehearsed::Ago { ms } => Criterion {
            met: ms <= REHEARSAL_DAYS.saturating_mul(DAY_MS),
            says: format!("The revert was done {} days ago; {REHEARSAL_DAYS} are allowed.", ms / DAY_MS),
        },
    }
}

fn harmless(severe: &[FindingId]) -> Criterion {
    match severe {
        [] => Criterion { met: true, says: "No severe finding is open.".into() },
        open => {
            let ids: Vec<String> = open.iter().map(ToString::to_string).collect();
            Criterion { met: false, says: format!("Severe and open: {}.", ids.join(", ")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::sample::{day, gap, identity, identity_with_gap_at_most, run};

    const WHOLE: Option<Coverage> = Some(Coverage { hit: 3, eligible: 3 });

    fn pass(id: i64) -> RunFacts {
        run(id).on_day(id)
    }

    fn judged(runs: &[RunFacts], coverage: Option<Coverage>, severe: &[FindingId], now: i64) -> Graduation {
        graduation(&GraduationFacts { runs, claimed: Some(&identity()), coverage, severe_open: severe }, day(now))
    }

    #[test]
    fn s_d1_unattended_is_offered_when_all_four_criteria_are_met() {
        let runs = [pass(1), pass(2), pass(3)];
        assert!(judged(&runs, WHOLE, &[], 4).offered, "{:?}", judged(&runs, WHOLE, &[], 4));
        let refused = [
            judged(&runs[..2], WHOLE, &[], 4),
            judged(&runs, Some(Coverage { hit: 2, eligible: 3 }), &[], 4),
            judged(&runs, None, &[], 4),
            judged(&runs, WHOLE, &[FindingId::of(1)], 4),
            judged(&runs, WHOLE, &[], 95),
        ];
        for graduation in refused {
            assert!(!graduation.offered, "{graduation:?}");
            assert_eq!(graduation.criteria.iter().filter(|criterion| !criterion.met).count(), 1, "{graduation:?}");
        }
    }

    #[test]
    fn what_speaks_against_it_is_said_of_the_experiment_and_nothing_that_is_met() {
        let runs = [pass(1), pass(2), pass(3)];
        let experiment = ExperimentId::of(3);
        assert_eq!(judged(&runs, WHOLE, &[], 4).against(experiment), None);
        let says = judged(&runs[..1], None, &[], 2).against(experiment).unwrap();
        let expected = "EXP-3 is not offered to run unattended: 1 of 3 valid runs have passed so far. \
                        Nobody wrote down which targets there are.";
        assert_eq!(says, expected);
    }

    #[test]
    fn only_passes_of_the_approved_plan_count() {
        type Otherwise = fn(RunFacts) -> RunFacts;
        let table: [(Otherwise, bool); 5] = [
            (|run| run.planned_as(identity_with_gap_at_most("50")), true),
            (|run| run.planned_as(identity_with_gap_at_most("600")), false),
            (RunFacts::deviating, false),
            (RunFacts::not_closed, false),
            (|run| run.measured_within(&gap(), "38", "90"), false),
        ];
        for (number, (turn, expected)) in table.into_iter().enumerate() {
            let runs = [pass(1), pass(2), turn(pass(3))];
            assert_eq!(judged(&runs, WHOLE, &[], 4).offered, expected, "run {number} of the table");
        }
        let runs = [pass(1), pass(2), pass(3)];
        let facts = GraduationFacts { runs: &runs, claimed: None, coverage: WHOLE, severe_open: &[] };
        assert!(!graduation(&facts, day(4)).offered, "nothing is approved");
    }

    #[test]
    fn one_valid_failure_demotes_and_an_invalid_one_does_not() {
        let failed = run(4).on_day(4).measured(&gap(), "300");
        let runs = [pass(1), pass(2), pass(3), failed];
        assert!(!judged(&runs, WHOLE, &[], 5).offered);
        let annulled = [pass(1), pass(2), pass(3), runs[3].clone().ruled(false)];
        assert!(judged(&annulled, WHOLE, &[], 5).offered);
    }
}
