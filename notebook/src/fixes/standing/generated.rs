//! The rule against an independent model and against its own properties, over thousands of
//! made-up histories.

use std::collections::BTreeMap;

use super::{Judged, StaleReason, standing};
use crate::{
    actor::PersonId,
    fixes::{
        Standing,
        evidence::{Case, Weight},
        histories::{A_DAY, Asked, Dice, FINDING, FIX, History, Reveals, Where, moment},
        naive,
    },
    id::RunId,
    runs::{
        facts::{Exercised, RunFacts},
        trail::{Line, RunEvent},
    },
    text::Note,
};

/// For the comparison with the model.
const HISTORIES: u64 = 20_000;
/// For each property: enough that each holds over every standing, few enough to wait for.
const FEWER_HISTORIES: u64 = 3_000;

fn each_history(histories: u64, mut test: impl FnMut(&History, &mut Dice)) {
    for seed in 0..histories {
        let mut dice = Dice::seeded(seed);
        let history = dice.history();
        test(&history, &mut dice);
    }
}

fn judged(asked: &Asked) -> Judged {
    standing(&asked.fix, &asked.finding, &asked.runs, &asked.changes, &asked.yardstick, asked.now)
}

fn agrees(history: &History) -> bool {
    let rule = judged(&history.asked());
    let (is, by) = naive::judge(history);
    rule.answer.is == is && rule.verified_by == by.map(RunId::of)
}

/// The same disagreement with as little history as it takes.
fn shrunk(mut history: History) -> History {
    loop {
        let mut smaller: Vec<History> = Vec::new();
        for at in 0..history.trials.len() {
            let mut without = history.clone();
            without.trials.remove(at);
            smaller.push(without);
        }
        for at in 0..history.changes.len() {
            let mut without = history.clone();
            without.changes.remove(at);
            smaller.push(without);
        }
        for at in 0..history.rollouts.len() {
            let mut without = history.clone();
            without.rollouts.remove(at);
            smaller.push(without);
        }
        match smaller.into_iter().find(|history| !agrees(history)) {
            Some(next) => history = next,
            None => return history,
        }
    }
}

#[test]
fn the_rule_and_the_literal_model_agree_on_every_history() {
    let mut reached: BTreeMap<(Standing, Option<&str>), u32> = BTreeMap::new();
    each_history(HISTORIES, |history, _| {
        let rule = judged(&history.asked());
        let (is, by) = naive::judge(history);
        if rule.answer.is != is || rule.verified_by != by.map(RunId::of) {
            let small = shrunk(history.clone());
            let rule = judged(&small.asked());
            panic!("the rule says {rule:#?}, the model says {:?}, about {small:#?}", naive::judge(&small));
        }
        *reached.entry((is, rule.stale_reason.map(StaleReason::word))).or_default() += 1;
    });
    for standing in Standing::ALL {
        let reasons: &[Option<&str>] =
            if *standing == Standing::Stale { &[Some("age"), Some("change"), Some("plan")] } else { &[None] };
        for reason in reasons {
            let count = reached.get(&(*standing, *reason)).copied().unwrap_or(0);
            assert!(count >= 50, "only {count} histories reach {standing:?} {reason:?}: {reached:?}");
        }
    }
}

#[test]
fn nothing_is_verified_without_a_run_that_meets_every_clause() {
    let mut verified = 0;
    each_history(HISTORIES, |history, _| {
        let rule = judged(&history.asked());
        if rule.answer.is != Standing::Verified {
            return;
        }
        verified += 1;
        let by = rule.verified_by.expect("a verified fix names its run");
        let run = history.trials.iter().find(|trial| RunId::of(trial.id) == by).expect("the run is in the history");
        assert!(naive::valid(run), "{by} is not valid");
        let origin = history.origin_plan.expect("an origin to compare with");
        let same = |earlier| matches!(naive::lies(run.plan, earlier), naive::Lies::Identical | naive::Lies::Stricter);
        assert!(
            same(origin) && same(history.current.unwrap()) && run.deviation != Some(false),
            "{by} is another experiment"
        );
        assert!(
            naive::can_exercise(history, run) && run.answer == Some(Exercised::Held),
            "{by} did not exercise the finding"
        );
        match history.reveals {
            Reveals::Nothing => panic!("nothing reveals the finding"),
            Reveals::Check if !history.gap => {
                assert!(run.gap.unwrap().1 <= run.plan.bound.unwrap() && run.claim == Some(true));
            }
            Reveals::Check => assert!(run.claim.is_some() && !run.same_source),
            Reveals::Signal => assert!(run.signal.is_some()),
        }
        assert!(run.closed && !run.lacks, "{by} is not closed or lacks the fix");
        let start = run.start.unwrap();
        let has_it = history.rollouts.iter().any(|rollout| {
            rollout.in_production == run.plan.in_production
                && rollout.at <= start
                && rollout.back.is_none_or(|back| back > start)
        });
        assert!(has_it && run.plan.in_production == history.in_production, "{by} ran where the fix is not");
        assert!(history.now <= start + run.length + history.fresh_days * A_DAY, "{by} is too old");
        if let Where::Names(names) = &history.condition {
            assert!(names.iter().any(|name| run.hit.contains(name)), "{by} hit none of the named targets");
        }
    });
    assert!(verified > 500, "only {verified} histories are verified");
}

#[test]
fn order_and_repetition_of_delivery_are_irrelevant() {
    each_history(FEWER_HISTORIES, |history, dice| {
        let mut asked = history.asked();
        let before = judged(&asked);
        let twice = |dice: &mut Dice, asked: &mut Asked| {
            asked.runs.extend(asked.runs.clone());
            asked.changes.extend(asked.changes.clone());
            asked.fix.deployments.extend(asked.fix.deployments.clone());
            dice.shuffle(&mut asked.runs);
            dice.shuffle(&mut asked.changes);
            dice.shuffle(&mut asked.fix.deployments);
        };
        twice(dice, &mut asked);
        assert_eq!(judged(&asked), before);
    });
}

/// What the rule makes of each run since the deployment.
fn weights(asked: &Asked) -> Vec<(usize, Weight)> {
    let Some(deployment) = asked.fix.newest_deployment(&asked.finding.environment) else {
        return Vec::new();
    };
    let origin = asked.runs.iter().find(|run| Some(run.id) == asked.finding.origin);
    let case = Case { fix: &asked.fix, finding: &asked.finding, origin, deployment };
    asked.runs.iter().enumerate().map(|(at, run)| (at, case.weigh(run).is)).collect()
}

#[test]
fn a_run_that_is_invalid_different_or_did_not_exercise_changes_nothing() {
    let mut left_out = 0;
    each_history(FEWER_HISTORIES, |history, _| {
        let before = naive_free(&judged(&history.asked()));
        let origin = history.origin_plan;
        let mut without = history.clone();
        without.trials.retain(|trial| {
            let different = trial.deviation == Some(false)
                || origin.is_none_or(|origin| naive::lies(trial.plan, origin) == naive::Lies::Different);
            let counts_nowhere = !naive::valid(trial)
                || different
                || !naive::can_exercise(history, trial)
                || trial.answer == Some(Exercised::Not);
            trial.id == history.origin_id || !counts_nowhere
        });
        left_out += history.trials.len() - without.trials.len();
        assert_eq!(naive_free(&judged(&without.asked())), before, "{history:#?}");
    });
    assert!(left_out > 500);
}

fn naive_free(judged: &Judged) -> (Standing, Option<RunId>, Option<StaleReason>) {
    (judged.answer.is, judged.verified_by, judged.stale_reason)
}

fn ruled_invalid(asked: &Asked, at: usize) -> Judged {
    let mut runs: Vec<RunFacts> = asked.runs.clone();
    runs[at] = runs[at].clone().ruled(false);
    standing(&asked.fix, &asked.finding, &runs, &asked.changes, &asked.yardstick, asked.now)
}

#[test]
fn ruling_a_pass_invalid_creates_no_verification_and_ruling_a_contradiction_invalid_destroys_none() {
    let (mut passes, mut contradictions) = (0, 0);
    each_history(FEWER_HISTORIES, |history, _| {
        let asked = history.asked();
        let before = judged(&asked).answer.is;
        for (at, weight) in weights(&asked) {
            match weight {
                Weight::Passes => {
                    passes += 1;
                    let after = ruled_invalid(&asked, at).answer.is;
                    assert!(after != Standing::Verified || before == Standing::Verified, "{history:#?}");
                }
                Weight::Contradicts => {
                    contradictions += 1;
                    let after = ruled_invalid(&asked, at).answer.is;
                    assert!(before != Standing::Verified || after == Standing::Verified, "{history:#?}");
                }
                Weight::Nothing => {}
            }
        }
    });
    assert!(passes > 150 && contradictions > 150, "{passes} passes, {contradictions} contradictions");
}

#[test]
fn time_alone_only_turns_verified_into_stale() {
    let mut turned = 0;
    each_history(FEWER_HISTORIES, |history, dice| {
        let mut asked = history.asked();
        let now = judged(&asked).answer.is;
        asked.now = moment(history.now + 1 + dice.time(100));
        let later = judged(&asked).answer.is;
        if later != now {
            turned += 1;
            assert_eq!((now, later), (Standing::Verified, Standing::Stale), "{history:#?}");
        }
    });
    assert!(turned > 30, "only {turned} histories change with time");
}

#[test]
fn without_runs_a_fix_is_proposed_deployed_reverted_or_withdrawn() {
    each_history(FEWER_HISTORIES, |history, _| {
        let mut asked = history.asked();
        asked.runs.clear();
        let is = judged(&asked).answer.is;
        assert!(
            matches!(is, Standing::Proposed | Standing::Deployed | Standing::Reverted | Standing::Withdrawn),
            "{is:?}"
        );
    });
}

/// What somebody says of a run after it, as a line of its trail.
fn say(run: &mut RunFacts, event: RunEvent) {
    run.take(&Line { seq: 0, at: moment(0), by: Some(PersonId(2)), event });
}

#[test]
fn correcting_one_event_comes_to_what_the_right_event_had_come_to_at_first() {
    let mut moved = 0;
    each_history(FEWER_HISTORIES, |history, dice| {
        let (mut at_first, mut corrected) = (history.asked(), history.asked());
        let runs = u64::try_from(at_first.runs.len()).unwrap();
        if runs == 0 {
            return;
        }
        let place = usize::try_from(dice.below(runs)).unwrap();
        let rules = dice.chance(50);
        let event = |right: bool| {
            if rules {
                RunEvent::ValidityRuled { valid: right, reason: Note::new("the log says so").unwrap(), alone: false }
            } else {
                let exercised = if right { Exercised::Held } else { Exercised::Not };
                RunEvent::FixAnswered { fix: FIX, finding: FINDING, exercised, reason: None }
            }
        };
        say(&mut at_first.runs[place], event(true));
        say(&mut corrected.runs[place], event(false));
        let wrong = judged(&corrected);
        say(&mut corrected.runs[place], event(true));
        assert_eq!(judged(&corrected), judged(&at_first), "{history:?}");
        moved += usize::from(wrong.answer.is != judged(&corrected).answer.is);
    });
    assert!(moved > 10, "only {moved} corrections move a standing");
}
