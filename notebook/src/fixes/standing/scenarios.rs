//! The acceptance scenarios of the product reference, section 4, as far as they ask for a
//! standing.

use super::{
    tests::{FIX_2, FND_2, change, failing, rerun, verified},
    *,
};
use crate::{
    experiments::{
        identity::{Relation, relation},
        plan::{Aggregate, Allowed, CheckKey, Count, Phase},
    },
    fixes::Revealing,
    id::{FindingId, FixId},
    runs::{
        facts::{Claimed, Exercised, Verdict},
        sample::{self, day, gap, identity_with_gap_at_most},
        verdict::proposed_verdict,
    },
};

#[test]
fn s_r5_a_rerun_on_the_third_instance_leaves_the_fix_deployed() {
    let case = verified().rerun_by(vec![rerun(2, 12).hitting(&["zk-3"])]);
    assert_eq!(case.is(), Standing::Deployed);
    assert!(case.says("RUN-2").contains("did not exercise FND-2"));
}

#[test]
fn s_r7_held_with_agreement_verifies_although_the_run_is_refuted_and_no_other_answer_does() {
    let refuted = |answer: Option<Exercised>| {
        let run = sample::run(3).on_day(12).never_recovered().revert_failing();
        let run = run.with_check(sample::check("clients", Phase::After, Aggregate::Last, Allowed::Holds));
        assert_eq!(proposed_verdict(&run).unwrap().is, Verdict::Refuted);
        match answer {
            Some(exercised) => run.answered(FIX_2, FND_2, exercised),
            None => run,
        }
    };
    assert_eq!(verified().rerun_by(vec![refuted(Some(Exercised::Held))]).is(), Standing::Verified);
    for answer in [None, Some(Exercised::Failed), Some(Exercised::Not)] {
        assert_eq!(verified().rerun_by(vec![refuted(answer)]).is(), Standing::Deployed, "{answer:?}");
    }
}

#[test]
fn s_r8_a_fix_that_did_not_help_failed_verification() {
    assert_eq!(verified().rerun_by(vec![failing(3, 12)]).is(), Standing::FailedVerification);
}

#[test]
fn s_r9_one_run_verifies_each_finding_whose_fix_is_deployed_and_whose_check_held() {
    let answers = |run: RunFacts| {
        [(1, 1), (3, 3)]
            .into_iter()
            .fold(run, |run, (fix, finding)| run.answered(FixId::of(fix), FindingId::of(finding), Exercised::Held))
    };
    let pair = |number: i64, deployed: bool| {
        let case = verified().rerun_by(vec![answers(rerun(4, 12))]);
        case.with(|case| {
            case.fix.id = FixId::of(number);
            case.finding.id = FindingId::of(number);
            if !deployed {
                case.fix.deployments.clear();
            }
        })
    };
    for number in [2, 3] {
        assert_eq!(pair(number, true).judged().verified_by, Some(RunId::of(4)), "FND-{number}");
    }
    assert_eq!(pair(1, false).is(), Standing::Proposed);
    let own_check: CheckKey = sample::key("elections", Phase::During, Aggregate::Count);
    let not_looked_at = pair(1, true).with(|case| case.finding.revealing = Some(Revealing::Check(own_check)));
    assert_eq!(not_looked_at.is(), Standing::Deployed);
}

#[test]
fn s_r10_a_looser_bound_verifies_nothing_and_a_tighter_one_does() {
    let bound_in = |id: i64, seconds: &str, value: &str| {
        rerun(id, 12).planned_as(identity_with_gap_at_most(seconds)).measured(&gap(), value)
    };
    let bound = |seconds: &str, value: &str| bound_in(4, seconds, value);
    let looser = verified().rerun_by(vec![bound("600", "300")]);
    assert_eq!(looser.is(), Standing::Deployed);
    assert!(looser.says("RUN-4").contains("looser plan"));
    assert!(looser.says("RUN-4").contains("from ≤ 60 s to ≤ 600 s"));
    assert_eq!(verified().rerun_by(vec![bound("30", "20")]).is(), Standing::Verified);
    let narrow_miss = bound("30", "45").claiming(&gap(), Claimed::Failing);
    assert_eq!(verified().rerun_by(vec![narrow_miss]).is(), Standing::Deployed);
    let proven_before =
        verified().with(|case| case.runs.push(bound_in(5, "30", "45").claiming(&gap(), Claimed::Failing)));
    assert_eq!(proven_before.is(), Standing::Verified);
}

#[test]
fn s_r11_without_a_rerun_a_fix_is_deployed_at_most() {
    let case = verified().rerun_by(Vec::new());
    assert_eq!(case.is(), Standing::Deployed);
    assert_eq!(case.says("FIX-2"), "FIX-2 is deployed in production and waits for a rerun.");
}

#[test]
fn s_r12_staleness_comes_by_change_or_age_and_only_production_regresses() {
    let fresh = verified().with(|case| case.now = day(22));
    assert_eq!(fresh.is(), Standing::Verified);
    let pushed = fresh.clone().with(|case| case.changes = vec![change(22)]);
    assert_eq!(pushed.judged().stale_reason, Some(StaleReason::Change));
    assert!(pushed.says("FIX-2").contains("configuration push base role"));
    let old = fresh.clone().with(|case| case.now = day(43));
    assert_eq!(old.judged().stale_reason, Some(StaleReason::Age));
    let staging = fresh.clone().with(|case| case.runs.push(failing(5, 21).in_another_environment()));
    assert_eq!(staging.is(), Standing::Verified);
    assert!(staging.says("RUN-5").contains("so it changes nothing"));
    let production = fresh.with(|case| case.runs.push(failing(5, 21)));
    assert_eq!(production.is(), Standing::Regressed);
    assert_eq!(
        production.says("RUN-5").split(". ").next(),
        Some("RUN-5 contradicts FIX-2, which earlier runs had verified")
    );
}

#[test]
fn s_r13_ruling_the_verifying_run_invalid_takes_back_what_it_proved() {
    let ruled = verified().rerun_by(vec![rerun(4, 12).ruled(false)]);
    assert_eq!(ruled.is(), Standing::Deployed);
    assert!(ruled.says("RUN-4").contains("the restart command had silently failed"));
}

#[test]
fn s_d6_two_at_once_is_stricter_elsewhere_is_different_and_neither_failure_regresses_the_narrower_fix() {
    let narrow = sample::identity();
    let mut wider = narrow.clone();
    if let Some(target) = &mut wider.target {
        target.count = Count::Number(2);
    }
    let mut elsewhere = narrow.clone();
    elsewhere.environment = Some(sample::slug("staging"));
    for (plan, expected) in [(wider, Relation::Stricter), (elsewhere, Relation::Different)] {
        assert_eq!(relation(&plan, &narrow).relation, expected);
        let failed = failing(5, 21).planned_as(plan);
        let case = verified().with(|case| case.now = day(22)).with(|case| case.runs.push(failed));
        assert_eq!(case.is(), Standing::Verified, "{expected:?}: {}", case.says("RUN-5"));
    }
}
