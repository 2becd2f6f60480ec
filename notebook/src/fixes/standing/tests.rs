//! Each clause of the standing rule alone, and each way into and out of a standing.

use super::*;
use crate::{
    experiments::plan::{Allowed, Check, Count, Expect, Identity, Phase},
    findings::FindingKind,
    fixes::Revealing,
    id::{FindingId, FixId},
    runs::{
        facts::{Claimed, Effect, Exercised, RunTarget, SignalSeen},
        sample::{self, day, gap, identity, identity_with_gap_at_most, slug, title},
    },
};

pub(super) const FIX_2: FixId = FixId::of(2);
pub(super) const FND_2: FindingId = FindingId::of(2);

/// Everything one question needs; each test changes one thing in it.
#[derive(Clone)]
pub(super) struct Case {
    pub fix: FixFacts,
    pub finding: FindingFacts,
    pub runs: Vec<RunFacts>,
    pub changes: Vec<RelevantChange>,
    pub yardstick: Yardstick,
    pub now: Moment,
}

pub(super) fn roll_out(environment: &str, on: i64) -> Deployment {
    Deployment { environment: slug(environment), at: day(on), reference: "1.2".into(), rolled_back: None, sequence: on }
}

pub(super) fn change(on: i64) -> RelevantChange {
    RelevantChange { words: "configuration push base role".into(), at: day(on), sequence: on }
}

/// RUN-1 found on day 0 that the gap lasts 300 to 600 s, although telemetry called it fine.
pub(super) fn origin() -> RunFacts {
    sample::run(1).measured_within(&gap(), "300", "600").claiming(&gap(), Claimed::Ok)
}

/// Hits the first instance, holds, agrees, and is answered so.
pub(super) fn rerun(id: i64, on: i64) -> RunFacts {
    sample::run(id).on_day(on).answered(FIX_2, FND_2, Exercised::Held)
}

pub(super) fn failing(id: i64, on: i64) -> RunFacts {
    sample::run(id).on_day(on).measured(&gap(), "300").claiming(&gap(), Claimed::Failing).answered(
        FIX_2,
        FND_2,
        Exercised::Failed,
    )
}

/// FIX-2 is deployed in production on day 10, and RUN-4 verifies it on day 12.
pub(super) fn verified() -> Case {
    Case {
        fix: FixFacts { id: FIX_2, withdrawn: None, deployments: vec![roll_out("production", 10)] },
        finding: FindingFacts {
            id: FND_2,
            kind: FindingKind::Weakness,
            origin: Some(RunId::of(1)),
            origin_identity: Some(identity()),
            revealing: Some(Revealing::Check(gap())),
            condition: Condition::Names(BTreeSet::from(["zk-1".to_owned()])),
            environment: slug("production"),
        },
        runs: vec![origin(), rerun(4, 12)],
        changes: Vec::new(),
        yardstick: Yardstick { required_passes: 1, freshness_days: 30, current: Some(identity()) },
        now: day(20),
    }
}

impl Case {
    pub fn judged(&self) -> Judged {
        standing(&self.fix, &self.finding, &self.runs, &self.changes, &self.yardstick, self.now)
    }

    pub fn is(&self) -> Standing {
        self.judged().answer.is
    }

    /// What is said about one run, or about the fix as a whole.
    pub fn says(&self, of: &str) -> String {
        let because = self.judged().answer.because;
        because
            .iter()
            .filter(|because| because.of == of)
            .map(|because| because.says.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The same with only these reruns after the origin.
    pub fn rerun_by(mut self, runs: Vec<RunFacts>) -> Self {
        self.runs = std::iter::once(origin()).chain(runs).collect();
        self
    }
}

fn two_at_once() -> Identity {
    let mut identity = identity();
    if let Some(target) = &mut identity.target {
        target.count = Count::Number(2);
    }
    identity
}

fn other_method() -> Identity {
    let mut identity = identity();
    identity.method[0].op = "stop".into();
    identity
}

#[test]
fn a_run_that_meets_every_clause_verifies_and_is_named() {
    let judged = verified().judged();
    assert_eq!(judged.answer.is, Standing::Verified);
    assert_eq!(judged.verified_by, Some(RunId::of(4)));
    assert_eq!(judged.fresh_until, rerun(4, 12).ended.map(|ended| ended.plus_days(30)));
    assert_eq!((judged.stale_reason, judged.waits, judged.contradicted_by), (None, None, None));
    assert_eq!(judged.answer.because[0].says, "RUN-4 verifies FIX-2.");
}

/// One change to the verifying run, and a part of the sentence that must explain it.
type Spoiled = (fn(RunFacts) -> RunFacts, &'static str);

#[test]
fn each_clause_of_passing_alone_takes_the_verification_away() {
    let table: [Spoiled; 19] = [
        (
            |run| run.ruled(false),
            "RUN-4 is invalid. A reviewer ruled the run invalid: the restart command had silently failed.",
        ),
        (|run| run.aborted_for_reasons_unknown(), "It is not settled whether RUN-4 is valid."),
        (|run| RunFacts { execution: crate::runs::facts::Execution::Running, ..run }, "RUN-4 has not ended yet."),
        (
            |run| run.planned_as(identity_with_gap_at_most("600")),
            "RUN-4 used a looser plan, so it verifies nothing: Check alert-gap",
        ),
        (|run| run.planned_as(other_method()), "RUN-4 used a different plan: Method went from restart to stop"),
        (|run| run.deviating(), "RUN-4 deviated from its plan (\"restarted by hand\")"),
        (|run| run.lacking(FIX_2), "RUN-4 ran on a version recorded as lacking FIX-2."),
        (|run| run.hitting(&["zk-3"]), "RUN-4 hit zk-3 only, so it did not exercise FND-2, which needs target zk-1."),
        (|run| run.hitting(&["zk-1", "zk-3"]).with_effect("zk-1", Effect::NotShown), "RUN-4 hit zk-3 only"),
        (|run| RunFacts { answers: Vec::new(), ..run }, "RUN-4 is not answered for FIX-2 and FND-2 yet."),
        (
            |run| run.answered(FIX_2, FND_2, Exercised::Failed),
            "RUN-4 was answered exercised and failed for FND-2, although its check held.",
        ),
        (|run| run.answered(FIX_2, FND_2, Exercised::Not), "RUN-4 was answered not to have exercised FND-2."),
        (|run| run.measured_within(&gap(), "38", "90"), "RUN-4 does not say whether alert-gap held."),
        (|run| run.unanswered(&gap()), "RUN-4 does not say whether alert-gap held."),
        (|run| run.claiming(&gap(), Claimed::Failing), "telemetry did not agree: false alarm."),
        (|run| run.claiming_nothing(&gap()), "telemetry did not agree: no data."),
        (|run| run.claiming_from(&gap(), Claimed::Ok, "synthetic check"), "telemetry did not agree: no data."),
        (|run| run.not_closed(), "RUN-4 is not closed yet."),
        (
            |run| run.in_another_environment(),
            "RUN-4 ran in staging, and FIX-2 is judged in production only, so it changes nothing.",
        ),
    ];
    for (spoil, sentence) in table {
        let case = verified().rerun_by(vec![spoil(rerun(4, 12))]);
        let says = case.says("RUN-4");
        assert_eq!(case.is(), Standing::Deployed, "{says}");
        assert!(says.contains(sentence), "\"{says}\" lacks \"{sentence}\"");
        assert!(case.judged().waits.is_some());
    }
}

impl RunFacts {
    #[must_use]
    pub fn in_another_environment(mut self) -> Self {
        self.plan_mut().environment = Some(slug("staging"));
        self
    }
}

#[test]
fn a_fix_is_not_verified_by_an_earlier_run() {
    let case = verified().rerun_by(vec![rerun(4, 9)]);
    assert_eq!(case.is(), Standing::Deployed);
    let at_once = verified().rerun_by(vec![rerun(4, 10)]);
    assert_eq!(at_once.is(), Standing::Verified, "a run that starts with the deployment has it");
    let just_before = verified().rerun_by(vec![rerun(4, 10).at(day(10).plus_micros(-1))]);
    assert_eq!(just_before.is(), Standing::Deployed);
}

#[test]
fn a_deployment_elsewhere_is_none_here() {
    let elsewhere = verified().with(|case| case.fix.deployments = vec![roll_out("staging", 10)]);
    assert_eq!(elsewhere.is(), Standing::Proposed);
    assert!(
        elsewhere
            .judged()
            .waits
            .unwrap()
            .starts_with("Waits for a deployment in production, then for a valid, closed run")
    );
}

#[test]
fn a_finding_without_revealing_check_or_origin_is_never_verified() {
    let nothing_reveals = verified().with(|case| case.finding.revealing = None);
    assert_eq!(nothing_reveals.is(), Standing::Deployed);
    assert!(nothing_reveals.judged().waits.unwrap().contains("add one to the plan"));
    let no_origin = verified().with(|case| case.finding.origin_identity = None);
    assert_eq!(no_origin.is(), Standing::Deployed);
    assert!(no_origin.says("RUN-4").contains("has no origin run"));
}

#[test]
fn a_check_added_to_the_plan_later_can_verify_and_contradict() {
    let key = sample::key("clients", Phase::After, crate::experiments::plan::Aggregate::Last);
    let added =
        Check { key: key.clone(), allowed: Allowed::AtLeast(sample::number("20")), unit: None, window_ms: None };
    let rerun_with = |value: &str, claimed: Claimed, exercised: Exercised| {
        sample::run(4)
            .on_day(12)
            .with_check(added.clone())
            .measured(&key, value)
            .claiming(&key, claimed)
            .answered(FIX_2, FND_2, exercised)
    };
    let case = |run: RunFacts| {
        verified().with(|case| case.finding.revealing = Some(Revealing::Check(key.clone()))).rerun_by(vec![run])
    };
    assert_eq!(case(rerun_with("20", Claimed::Ok, Exercised::Held)).is(), Standing::Verified);
    assert_eq!(case(rerun_with("3", Claimed::Failing, Exercised::Failed)).is(), Standing::FailedVerification);
}

#[test]
fn each_clause_of_contradicting_alone_takes_the_contradiction_away() {
    let base = || verified().rerun_by(vec![failing(5, 12)]);
    assert_eq!(base().is(), Standing::FailedVerification);
    assert_eq!(base().judged().contradicted_by, Some(RunId::of(5)));
    let table: [Spoiled; 11] = [
        (|run| run.ruled(false), "RUN-5 is invalid."),
        (|run| run.planned_as(other_method()), "different plan"),
        (
            |run| run.planned_as(two_at_once()),
            "RUN-5 failed under a harder plan, which says nothing about FND-2 and may be a new finding:",
        ),
        (|run| run.deviating(), "deviated"),
        (|run| run.lacking(FIX_2), "lacking FIX-2"),
        (|run| run.hitting(&["zk-3"]), "hit zk-3 only"),
        (|run| run.answered(FIX_2, FND_2, Exercised::Not), "RUN-5 was answered not to have exercised FND-2."),
        (|run| run.measured_within(&gap(), "38", "300"), "does not say whether alert-gap held"),
        (|run| run.in_another_environment(), "ran in staging"),
        (
            |run| run.planned_as(identity_with_gap_at_most("30")).measured(&gap(), "45"),
            "RUN-5 failed its own tighter bound, but not the bound",
        ),
        (|run| run.measured(&gap(), "38"), "telemetry did not agree"),
    ];
    for (spoil, sentence) in table {
        let case = verified().rerun_by(vec![spoil(failing(5, 12))]);
        let says = case.says("RUN-5");
        assert_eq!(case.is(), Standing::Deployed, "{says}");
        assert!(says.contains(sentence), "\"{says}\" lacks \"{sentence}\"");
    }
    let before = verified().rerun_by(vec![failing(5, 9)]);
    assert_eq!(before.is(), Standing::Deployed);
}

#[test]
fn a_contradiction_needs_no_signature_no_closing_and_no_answer() {
    let table: [fn(RunFacts) -> RunFacts; 6] = [
        |run| run.unsigned(),
        |run| run.not_closed(),
        |run| RunFacts { answers: Vec::new(), ..run },
        |run| run.answered(FIX_2, FND_2, Exercised::Held),
        |run| run.planned_as(identity_with_gap_at_most("200")),
        |run| run.planned_as(identity_with_gap_at_most("30")),
    ];
    for change in table {
        assert_eq!(verified().rerun_by(vec![change(failing(5, 12))]).is(), Standing::FailedVerification);
    }
}

#[test]
fn a_run_that_could_not_exercise_is_not_exercised_whatever_was_answered() {
    let failed = verified().rerun_by(vec![failing(5, 12).hitting(&["zk-2"])]);
    assert_eq!(failed.is(), Standing::Deployed);
    let unanswered = verified().rerun_by(vec![RunFacts { answers: Vec::new(), ..failing(5, 12).hitting(&["zk-2"]) }]);
    assert_eq!(unanswered.is(), Standing::Deployed);
}

#[test]
fn a_role_is_the_role_the_target_had_then() {
    let leader = verified().with(|case| case.finding.condition = Condition::Role("leader".into()));
    assert_eq!(leader.is(), Standing::Verified);
    let follower = verified().rerun_by(vec![rerun(4, 12).in_role("zk-1", "follower")]);
    let follower = follower.with(|case| case.finding.condition = Condition::Role("leader".into()));
    assert_eq!(follower.is(), Standing::Deployed);
}

#[test]
fn enough_passes_must_cover_all_named_targets_within_one_span() {
    let both = |case: Case| {
        case.with(|case| case.finding.condition = Condition::Names(BTreeSet::from(["zk-1".into(), "zk-2".into()])))
    };
    let half = both(verified());
    assert_eq!(half.is(), Standing::Deployed);
    assert!(half.judged().waits.unwrap().ends_with("still to be hit: zk-2."));
    let reruns = vec![rerun(4, 12), rerun(5, 14).hitting(&["zk-2"])];
    assert_eq!(both(verified().rerun_by(reruns.clone())).is(), Standing::Verified);
    let parted = both(verified().rerun_by(reruns)).with(|case| case.changes = vec![change(13)]);
    assert_eq!(parted.is(), Standing::Deployed);
    let twice = verified().with(|case| case.yardstick.required_passes = 2);
    assert_eq!(twice.is(), Standing::Deployed);
    let repeated = twice.clone().with(|case| case.runs.push(rerun(4, 12)));
    assert_eq!(repeated.is(), Standing::Deployed, "a run delivered twice is one run");
    assert_eq!(twice.rerun_by(vec![rerun(4, 12), rerun(5, 13)]).is(), Standing::Verified);
}

#[test]
fn no_run_proves_nothing_whatever_the_policy_says() {
    let case = verified().rerun_by(Vec::new()).with(|case| {
        case.finding.condition = Condition::Any;
        case.yardstick.required_passes = 0;
    });
    assert_eq!(case.is(), Standing::Deployed);
}

#[test]
fn the_five_ways_to_lose_verified() {
    let regressed = verified().with(|case| case.runs.push(failing(6, 15)));
    assert_eq!(regressed.is(), Standing::Regressed);
    let last_fresh = rerun(4, 12).ended.unwrap().plus_days(30);
    let aged = verified().with(|case| case.now = last_fresh.plus_micros(1));
    assert_eq!((aged.is(), aged.judged().stale_reason), (Standing::Stale, Some(StaleReason::Age)));
    assert_eq!(verified().with(|case| case.now = last_fresh).is(), Standing::Verified);
    let changed = verified().with(|case| case.changes = vec![change(13)]);
    assert_eq!((changed.is(), changed.judged().stale_reason), (Standing::Stale, Some(StaleReason::Change)));
    let annulments: [fn(RunFacts) -> RunFacts; 3] =
        [|run| run.ruled(false), |run| run.answered(FIX_2, FND_2, Exercised::Not), |run| run.deviating()];
    for annul in annulments {
        assert_eq!(verified().rerun_by(vec![annul(rerun(4, 12))]).is(), Standing::Deployed);
    }
    let reverted = verified().with(|case| case.fix.deployments[0].rolled_back = Some(day(15)));
    assert_eq!(reverted.is(), Standing::Reverted);
    let drifted = verified().with(|case| case.yardstick.current = Some(identity_with_gap_at_most("30")));
    assert_eq!((drifted.is(), drifted.judged().stale_reason), (Standing::Stale, Some(StaleReason::Plan)));
    assert!(drifted.judged().waits.unwrap().ends_with("with the approved revision."));
    let withdrawn = verified().with(|case| case.fix.withdrawn = Some(day(15)));
    assert_eq!(withdrawn.is(), Standing::Withdrawn);
}

#[test]
fn a_looser_approved_revision_is_covered_by_a_stricter_pass() {
    let looser = verified().with(|case| case.yardstick.current = Some(identity_with_gap_at_most("600")));
    assert_eq!(looser.is(), Standing::Verified);
    let none = verified().with(|case| case.yardstick.current = None);
    assert_eq!(none.is(), Standing::Stale);
}

#[test]
fn what_changes_the_newest_deployment_starts_afresh() {
    let contradicted = verified().rerun_by(vec![failing(5, 12), rerun(6, 13)]);
    assert_eq!(contradicted.is(), Standing::FailedVerification, "a later pass erases no contradiction");
    let again = contradicted.clone().with(|case| case.runs.push(failing(8, 14)));
    assert_eq!(again.is(), Standing::FailedVerification, "the first contradiction decides");
    let again = contradicted.clone().with(|case| case.fix.deployments.push(roll_out("production", 14)));
    assert_eq!(again.is(), Standing::Deployed);
    let proven = again.with(|case| case.runs.push(rerun(7, 15)));
    assert_eq!(proven.is(), Standing::Verified);
    let excused = contradicted.rerun_by(vec![failing(5, 12).ruled(false), rerun(6, 13)]);
    assert_eq!(excused.is(), Standing::Verified);
    let redeployed = verified().with(|case| {
        case.fix.deployments[0].rolled_back = Some(day(15));
        case.fix.deployments.push(roll_out("production", 16));
    });
    assert_eq!(redeployed.is(), Standing::Deployed);
}

#[test]
fn a_change_belongs_before_the_run_that_starts_with_it() {
    let at_start = verified().with(|case| case.changes = vec![change(12)]);
    assert_eq!(at_start.is(), Standing::Verified);
    let during =
        verified().with(|case| case.changes = vec![RelevantChange { at: day(12).plus_minutes(1), ..change(12) }]);
    assert_eq!(during.is(), Standing::Stale);
    let before_deployment = verified().with(|case| case.changes = vec![change(10), change(3)]);
    assert_eq!(before_deployment.is(), Standing::Verified);
    let failed_later = during.with(|case| case.runs.push(failing(6, 14)));
    assert_eq!(failed_later.is(), Standing::Regressed, "what passed in an earlier span had verified it");
}

fn telemetry_gap(reruns: Vec<RunFacts>) -> Case {
    verified().with(|case| case.finding.kind = FindingKind::TelemetryGap).rerun_by(reruns)
}

#[test]
fn a_telemetry_gap_is_cured_by_agreement_about_the_same_and_not_in_good_times() {
    let same = |claimed| failing(4, 12).claiming(&gap(), claimed).answered(FIX_2, FND_2, Exercised::Held);
    assert_eq!(telemetry_gap(vec![same(Claimed::Failing)]).is(), Standing::Verified);
    assert_eq!(telemetry_gap(vec![same(Claimed::Ok)]).is(), Standing::FailedVerification);
    assert_eq!(telemetry_gap(vec![same(Claimed::Ok).claiming_nothing(&gap())]).is(), Standing::FailedVerification);
    let good_times = telemetry_gap(vec![rerun(4, 12)]);
    assert_eq!(good_times.is(), Standing::Deployed);
    assert!(good_times.says("RUN-4").contains("was not as in RUN-1"));
    let without_origin = telemetry_gap(vec![same(Claimed::Failing)]).with(|case| drop(case.runs.remove(0)));
    assert_eq!(without_origin.is(), Standing::Deployed);
}

#[test]
fn a_tighter_bound_makes_nothing_happen_as_in_the_origin() {
    let tight = failing(4, 12).planned_as(identity_with_gap_at_most("30")).measured(&gap(), "45").answered(
        FIX_2,
        FND_2,
        Exercised::Held,
    );
    assert_eq!(telemetry_gap(vec![tight.clone()]).is(), Standing::Deployed);
    assert_eq!(telemetry_gap(vec![tight.claiming(&gap(), Claimed::Ok)]).is(), Standing::Deployed);
}

#[test]
fn a_signal_verifies_when_it_does_what_the_plan_expects() {
    let signal = title("zookeeper-down");
    let case = |run: RunFacts| {
        verified().with(|case| case.finding.revealing = Some(Revealing::Signal(signal.clone()))).rerun_by(vec![run])
    };
    let fired = |ms| SignalSeen::Fired { lo_ms: ms, hi_ms: ms };
    let heard = |seen| rerun(4, 12).signalled("zookeeper-down", seen);
    assert_eq!(case(heard(fired(120_000))).is(), Standing::Verified);
    assert_eq!(case(heard(fired(120_001))).is(), Standing::FailedVerification);
    assert_eq!(case(heard(SignalSeen::Silent)).is(), Standing::FailedVerification);
    assert_eq!(case(heard(SignalSeen::NoData)).is(), Standing::Deployed);
    let mut tighter = heard(fired(90_000));
    tighter.plan_mut().signals[0].expect = Expect::Fire { within_ms: 60_000 };
    assert_eq!(case(tighter).is(), Standing::Deployed);
    let gap = |run| case(run).with(|case| case.finding.kind = FindingKind::TelemetryGap).is();
    assert_eq!(gap(heard(fired(70_000))), Standing::Verified);
    assert_eq!(gap(heard(SignalSeen::NoData)), Standing::FailedVerification, "no data is never good news");
    assert_eq!(gap(RunFacts { signals: std::collections::BTreeMap::new(), ..rerun(4, 12) }), Standing::Deployed);
}

#[test]
fn a_headline_is_the_worst_of_all_pairs() {
    use Standing::{Deployed, FailedVerification, Proposed, Regressed, Reverted, Stale, Verified, Withdrawn};
    let from_worst = [Withdrawn, Regressed, FailedVerification, Reverted, Stale, Proposed, Deployed, Verified];
    assert_eq!(from_worst.len(), Standing::ALL.len());
    for (at, standing) in from_worst.iter().enumerate() {
        let mut pairs = from_worst[at..].to_vec();
        assert_eq!(headline(&pairs), *standing);
        pairs.reverse();
        assert_eq!(headline(&pairs), *standing);
    }
    assert_eq!(headline(&[]), Proposed);
}

#[test]
fn targets_that_were_only_eligible_prove_nothing() {
    let mut run = rerun(4, 12).ruled(true);
    run.targets =
        run.targets.into_iter().map(|target| RunTarget { hit: false, effect: Effect::Shown, ..target }).collect();
    assert_eq!(verified().rerun_by(vec![run]).is(), Standing::Deployed);
}
