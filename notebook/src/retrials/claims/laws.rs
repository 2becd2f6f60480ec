//! A claim is what its history says, and nothing else: not the order in which that was told, not what was
//! said first and corrected afterwards, not what was asked before.

use proptest::prelude::*;

use super::{
    tests::{Case, change, failure, pass, roll_out, two_at_once},
    *,
};
use crate::{
    experiments::plan::Measured,
    runs::{
        facts::CheckAnswer,
        sample::{day, gap, identity_with_gap_at_most, number},
        trail::{Line, RunEvent},
    },
};

fn any_run() -> impl Strategy<Value = RunFacts> {
    (1i64..40, 0i64..30, 0u8..9).prop_map(|(id, on, kind)| match kind {
        0..=2 => pass(id, on),
        3 => failure(id, on),
        4 => pass(id, on).ruled(false),
        5 => pass(id, on).not_closed(),
        6 => pass(id, on).planned_as(two_at_once()),
        7 => failure(id, on).planned_as(identity_with_gap_at_most("30")),
        _ => pass(id, on).measured_within(&gap(), "38", "90"),
    })
}

/// Each run once, however often its number was drawn.
fn any_runs() -> impl Strategy<Value = Vec<RunFacts>> {
    prop::collection::vec(any_run(), 0..12).prop_map(|mut runs| {
        runs.sort_by_key(|run| run.id);
        runs.dedup_by_key(|run| run.id);
        runs
    })
}

fn any_case() -> impl Strategy<Value = Case> {
    let days = || prop::collection::vec(0i64..30, 0..3);
    (any_runs(), days(), days(), any::<bool>(), 0i64..80).prop_map(|(runs, deployed, changed, cadence_kept, now)| {
        Case::of(runs).with(|case| {
            case.deployments = deployed.into_iter().map(|on| roll_out("production", on)).collect();
            case.changes = changed.into_iter().map(change).collect();
            case.cadence_kept = cadence_kept;
            case.now = day(now);
        })
    })
}

fn told_again(case: &Case) -> impl Strategy<Value = Case> + use<> {
    let (case, twice) = (case.clone(), [case.runs.clone(), case.runs.clone()].concat());
    let (deployments, changes) = (case.deployments.clone(), case.changes.clone());
    (Just(twice).prop_shuffle(), Just(deployments).prop_shuffle(), Just(changes).prop_shuffle()).prop_map(
        move |(runs, deployments, changes)| {
            case.clone().with(|case| (case.runs, case.deployments, case.changes) = (runs, deployments, changes))
        },
    )
}

fn answered(run: &RunFacts, seconds: &str) -> Line {
    let known = run.answer(&gap()).unwrap().clone();
    let seen = Measured::Within { lo: Some(number(seconds)), hi: Some(number(seconds)) };
    let answer = CheckAnswer { happened: seen, ..known };
    Line { seq: 1, at: day(0), by: None, event: RunEvent::CheckAnswered { answer, amends: None } }
}

proptest! {
    #[test]
    fn the_order_of_telling_and_telling_twice_change_nothing(
        (case, again) in any_case().prop_flat_map(|case| (Just(case.clone()), told_again(&case))),
    ) {
        prop_assert_eq!(case.claim(), again.claim());
    }

    #[test]
    fn a_corrected_answer_is_worth_what_the_right_one_first_would_have_been(
        case in any_case(), place in any::<prop::sample::Index>(), wrong in 1u32..900, right in 1u32..900,
    ) {
        prop_assume!(!case.runs.is_empty());
        let at = place.index(case.runs.len());
        let taking = |seconds: &[u32]| case.clone().with(|case| {
            for seconds in seconds {
                let line = answered(&case.runs[at], &seconds.to_string());
                case.runs[at].take(&line);
            }
        });
        prop_assert_eq!(taking(&[wrong, right]).claim(), taking(&[right]).claim());
    }

    #[test]
    fn every_run_is_in_exactly_one_of_the_numbers(case in any_case()) {
        let confidence = case.claim().confidence;
        prop_assert_eq!(confidence.passed.len(), usize::try_from(confidence.passes).unwrap());
        prop_assert_eq!(confidence.failed.len(), usize::try_from(confidence.failures).unwrap());
        let since = confidence.passed.len() + confidence.failed.len() + confidence.uncounted.len();
        prop_assert_eq!(since + usize::try_from(confidence.before).unwrap(), case.runs.len());
    }

    #[test]
    fn time_alone_only_makes_a_current_claim_stale(case in any_case(), days in 0i64..200) {
        let (now, later) = (case.claim(), case.clone().with(|case| case.now = case.now.plus_days(days)).claim());
        if now.answer.is == later.answer.is {
            prop_assert_eq!(now, later);
        } else {
            prop_assert_eq!((now.answer.is, later.answer.is), (ClaimStanding::Current, ClaimStanding::Stale));
            prop_assert_eq!(now.confidence.passed, later.confidence.passed);
        }
    }
}
