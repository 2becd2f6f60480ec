use super::*;
use crate::{
    experiments::plan::{Check, Count},
    runs::{
        facts::AbortReason,
        sample::{self, check, day, gap, identity, identity_with_gap_at_most, number, slug},
    },
};

/// What one claim is asked about; each test changes one thing in it.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub runs: Vec<RunFacts>,
    pub current: Option<Identity>,
    pub deployments: Vec<Deployment>,
    pub changes: Vec<RelevantChange>,
    pub eligible: Option<BTreeSet<String>>,
    pub cadence_kept: bool,
    pub now: Moment,
}

impl Case {
    pub fn of(runs: Vec<RunFacts>) -> Self {
        Self {
            runs,
            current: Some(identity()),
            deployments: Vec::new(),
            changes: Vec::new(),
            eligible: None,
            cadence_kept: false,
            now: day(20),
        }
    }

    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub fn claim(&self) -> Claim {
        let facts = ClaimFacts {
            experiment: ExperimentId::of(3),
            runs: &self.runs,
            current: self.current.as_ref(),
            deployments: &self.deployments,
            changes: &self.changes,
            freshness_days: 30,
            eligible: self.eligible.as_ref(),
            cadence_kept: self.cadence_kept,
        };
        claim(&facts, self.now)
    }

    fn is(&self) -> ClaimStanding {
        self.claim().answer.is
    }

    fn counts(&self) -> (u32, u32) {
        let confidence = self.claim().confidence;
        (confidence.passes, confidence.failures)
    }
}

pub(super) fn pass(id: i64, on: i64) -> RunFacts {
    sample::run(id).on_day(on)
}

pub(super) fn failure(id: i64, on: i64) -> RunFacts {
    sample::run(id).on_day(on).measured(&gap(), "300")
}

pub(super) fn roll_out(environment: &str, on: i64) -> Deployment {
    Deployment { environment: slug(environment), at: day(on), reference: "1.2".into(), rolled_back: None, sequence: on }
}

pub(super) fn change(on: i64) -> RelevantChange {
    RelevantChange { words: "configuration push base role".into(), at: day(on), sequence: on }
}

pub(super) fn two_at_once() -> Identity {
    let mut identity = identity();
    if let Some(target) = &mut identity.target {
        target.count = Count::Number(2);
    }
    identity
}

#[test]
fn each_standing_is_reached_in_its_order() {
    let untested = Case::of(Vec::new());
    assert_eq!(untested.is(), ClaimStanding::Untested);
    let current = Case::of(vec![pass(1, 3)]);
    assert_eq!(current.is(), ClaimStanding::Current);
    assert_eq!(Case::of(vec![failure(1, 3)]).is(), ClaimStanding::Refuted);
    assert_eq!(Case::of(vec![pass(1, 3), failure(2, 4)]).is(), ClaimStanding::Regressed);
    assert_eq!(
        Case::of(vec![failure(1, 3), pass(2, 4)]).is(),
        ClaimStanding::Refuted,
        "a later pass clears no contradiction"
    );
    assert_eq!(current.with(|case| case.changes = vec![change(5)]).is(), ClaimStanding::Stale);
}

#[test]
fn a_claim_is_fresh_for_exactly_its_freshness() {
    let last = pass(1, 3).ended.unwrap().plus_days(30);
    let case = Case::of(vec![pass(1, 3)]);
    let fresh = case.clone().with(|case| case.now = last).claim();
    assert_eq!((fresh.answer.is, fresh.fresh_until), (ClaimStanding::Current, Some(last)));
    let aged = case.with(|case| case.now = last.plus_micros(1)).claim();
    assert_eq!((aged.answer.is, aged.fresh_until), (ClaimStanding::Stale, None));
}

#[test]
fn each_clause_of_a_pass_alone_keeps_it_from_counting() {
    let table: [fn(RunFacts) -> RunFacts; 6] = [
        |run| run.ruled(false),
        |run| run.not_closed(),
        |run| run.deviating(),
        |run| run.measured_within(&gap(), "38", "90"),
        |run| run.planned_as(identity_with_gap_at_most("600")),
        |run| run.planned_as(Identity { environment: Some(slug("staging")), ..identity() }),
    ];
    for spoil in table {
        assert_eq!(Case::of(vec![spoil(pass(1, 3))]).counts(), (0, 0));
    }
    assert_eq!(Case::of(vec![pass(1, 3).planned_as(identity_with_gap_at_most("50"))]).counts(), (1, 0));
    assert_eq!(Case::of(vec![pass(1, 3).planned_as(two_at_once())]).counts(), (1, 0));
    assert_eq!(Case::of(vec![pass(1, 3), pass(1, 3)]).counts(), (1, 0), "a run delivered twice is one run");
}

#[test]
fn each_clause_of_a_failure_alone_keeps_it_from_counting() {
    let table: [fn(RunFacts) -> RunFacts; 5] = [
        |run| run.ruled(false),
        |run| run.deviating(),
        |run| run.planned_as(two_at_once()),
        |run| run.planned_as(identity_with_gap_at_most("30")).measured(&gap(), "45"),
        |run| run.planned_as(Identity { environment: Some(slug("staging")), ..identity() }),
    ];
    for spoil in table {
        assert_eq!(Case::of(vec![spoil(failure(1, 3))]).counts(), (0, 0));
    }
    let still: [fn(RunFacts) -> RunFacts; 5] = [
        |run| run.not_closed(),
        |run| run.unsigned(),
        |run| run.planned_as(identity_with_gap_at_most("200")),
        |run| run.planned_as(identity_with_gap_at_most("30")),
        |run| run.measured(&gap(), "38").aborted(AbortReason::OwnEffect),
    ];
    for change in still {
        assert_eq!(Case::of(vec![change(failure(1, 3))]).counts(), (0, 1));
    }
}

#[test]
fn a_failure_of_an_added_check_alone_does_not_contradict_the_claim() {
    let clients: Check = check(
        "clients",
        crate::experiments::plan::Phase::After,
        crate::experiments::plan::Aggregate::Last,
        crate::experiments::plan::Allowed::AtLeast(number("20")),
    );
    let run = pass(1, 3).with_check(clients.clone()).measured(&clients.key, "3");
    assert_eq!(Case::of(vec![run.clone()]).counts(), (0, 0));
    let mut claimed = identity();
    claimed.checks.push(clients);
    assert_eq!(Case::of(vec![run]).with(|case| case.current = Some(claimed)).counts(), (0, 1));
}

#[test]
fn overruling_moves_no_confidence() {
    let overruled = Case::of(vec![failure(1, 3).overruled_as(Verdict::Upheld)]);
    assert_eq!((overruled.counts(), overruled.is()), ((0, 1), ClaimStanding::Refuted));
}

#[test]
fn a_new_deployment_clears_a_contradiction_and_a_change_does_not() {
    let regressed = Case::of(vec![pass(1, 1), failure(2, 3)]);
    let changed = regressed.clone().with(|case| case.changes = vec![change(5)]);
    assert_eq!((changed.is(), changed.counts()), (ClaimStanding::Regressed, (0, 0)));
    let deployed = regressed.with(|case| case.deployments = vec![roll_out("production", 5)]);
    assert_eq!((deployed.is(), deployed.counts()), (ClaimStanding::Stale, (0, 0)));
    let rerun = deployed.clone().with(|case| case.runs.push(pass(3, 6)));
    assert_eq!((rerun.is(), rerun.counts()), (ClaimStanding::Current, (1, 0)));
    let elsewhere = deployed.with(|case| case.deployments = vec![roll_out("staging", 5)]);
    assert_eq!(elsewhere.is(), ClaimStanding::Regressed);
}

#[test]
fn evidence_counts_from_the_newest_deployment_roll_back_or_change() {
    let case = Case::of(vec![pass(1, 1), pass(2, 4), pass(3, 7), pass(4, 10)]);
    assert_eq!((case.counts(), case.claim().confidence.since), ((4, 0), None));
    let cut = |change: fn(&mut Case)| {
        let case = case.clone().with(change);
        (case.counts().0, case.claim().confidence.since)
    };
    assert_eq!(cut(|case| case.deployments = vec![roll_out("production", 4)]), (3, Some(day(4))));
    assert_eq!(cut(|case| case.changes = vec![change(2), change(7)]), (2, Some(day(7))));
    let rolled_back = |case: &mut Case| {
        case.deployments = vec![Deployment { rolled_back: Some(day(9)), ..roll_out("production", 4) }];
    };
    assert_eq!(cut(rolled_back), (1, Some(day(9))));
}

#[test]
fn a_pass_under_an_older_revision_leaves_the_claim_stale_and_a_wider_failure_refutes_it() {
    let narrow = Case::of(vec![pass(1, 3)]).with(|case| case.current = Some(two_at_once()));
    assert_eq!((narrow.is(), narrow.counts()), (ClaimStanding::Stale, (0, 0)));
    let wider = narrow.clone().with(|case| case.runs.push(failure(2, 5).planned_as(two_at_once())));
    assert_eq!(wider.is(), ClaimStanding::Refuted, "the wider claim never passed");
    let unapproved = narrow.with(|case| case.current = None);
    assert_eq!(unapproved.is(), ClaimStanding::Stale);
}

#[test]
fn levels_say_how_much_was_tried() {
    let level = |runs| Case::of(runs).claim().confidence.level;
    assert_eq!(level(Vec::new()), Level::NeverTried);
    assert_eq!(level(vec![pass(1, 3).ruled(false)]), Level::NeverTried);
    assert_eq!(level(vec![failure(1, 3)]), Level::Tried);
    assert_eq!(level(vec![pass(1, 3), pass(2, 4)]), Level::Tried);
    assert_eq!(level(vec![pass(1, 3), pass(2, 4), pass(3, 5)]), Level::Repeated);
}

#[test]
fn only_a_current_claim_whose_cadence_is_kept_is_continuous() {
    let kept = |runs| Case::of(runs).with(|case| case.cadence_kept = true);
    assert_eq!(kept(vec![pass(1, 3)]).claim().confidence.level, Level::Continuous);
    assert_eq!(kept(vec![failure(1, 3)]).claim().confidence.level, Level::Tried);
    let stale = kept(vec![pass(1, 3)]).with(|case| case.now = day(60));
    assert_eq!(stale.claim().confidence.level, Level::Tried);
}

#[test]
fn every_number_opens_into_its_runs() {
    let runs = vec![
        pass(1, 1),
        pass(2, 5),
        failure(3, 6),
        pass(4, 7).ruled(false),
        pass(5, 8).not_closed(),
        pass(6, 9).deviating(),
        pass(7, 10).planned_as(identity_with_gap_at_most("600")),
        pass(8, 11).measured_within(&gap(), "38", "90"),
    ];
    let case = Case::of(runs).with(|case| case.changes = vec![change(4)]);
    let confidence = case.claim().confidence;
    assert_eq!((confidence.passed, confidence.failed), (vec![RunId::of(2)], vec![RunId::of(3)]));
    assert_eq!(confidence.before, 1);
    let why: Vec<(RunId, &str)> = confidence.uncounted.iter().map(|one| (one.run, one.why.as_str())).collect();
    assert_eq!(
        why,
        [
            (RunId::of(4), "is invalid"),
            (RunId::of(5), "is not closed yet"),
            (RunId::of(6), "did something else than its plan"),
            (RunId::of(7), "was upheld under a plan that is easier than the claim, or another one"),
            (RunId::of(8), "is inconclusive"),
        ]
    );
}

#[test]
fn coverage_is_of_the_targets_eligible_now() {
    let runs = vec![pass(1, 3), pass(2, 4).hitting(&["zk-2"]), failure(3, 5).hitting(&["zk-3"])];
    let coverage = |names: &[&str]| {
        let eligible = names.iter().map(|name| (*name).to_owned()).collect();
        Case::of(runs.clone()).with(|case| case.eligible = Some(eligible)).claim().confidence.coverage
    };
    assert_eq!(coverage(&["zk-1", "zk-2", "zk-3", "zk-4", "zk-5"]), Some(Coverage { hit: 2, eligible: 5 }));
    assert_eq!(coverage(&["zk-2", "zk-6"]), Some(Coverage { hit: 1, eligible: 2 }), "zk-1 has vanished, zk-6 is new");
    assert_eq!(coverage(&[]), None);
    assert_eq!(Case::of(runs).claim().confidence.coverage, None);
}

#[test]
fn s_d3_ten_passes_then_fifty_two_then_a_failure() {
    let passes = |count: i64| (1..=count).map(|id| pass(id, id)).collect::<Vec<_>>();
    let words = |case: &Case| case.claim().confidence.words();
    assert_eq!(words(&Case::of(passes(10))), "10 of 10 passed; if runs are independent and alike, at most 26 % fail");
    let many = Case::of(passes(52)).with(|case| case.now = day(60));
    assert_eq!(words(&many), "52 of 52 passed; if runs are independent and alike, at most 5.6 % fail");
    let failed = many.with(|case| case.runs.push(failure(53, 53)));
    assert_eq!(words(&failed), "52 of 53 passed; if runs are independent and alike, at most 8.6 % fail");
    assert_eq!(failed.is(), ClaimStanding::Regressed);
    assert_eq!(words(&Case::of(Vec::new())), "no evidence");
}

#[test]
fn the_order_of_delivery_is_irrelevant() {
    let case = Case::of(vec![pass(1, 1), failure(2, 3), pass(3, 4)]).with(|case| {
        case.deployments = vec![roll_out("production", 2), roll_out("production", 0)];
        case.changes = vec![change(1), change(0)];
    });
    let turned = case.clone().with(|case| {
        case.runs.reverse();
        case.deployments.reverse();
        case.changes.reverse();
    });
    assert_eq!(case.claim(), turned.claim());
}
