//! The numbered procedure of the product reference, section 3.6, a second time: read off the page
//! word by word, over the plain description of a history, sharing nothing with the rule. Slow,
//! literal, and only there to disagree.

use super::{
    Standing,
    histories::{A_DAY, Heard, History, Plan, Reveals, Trial, Trouble, Where},
};
use crate::runs::facts::Exercised;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lies {
    Identical,
    Stricter,
    Looser,
    Different,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Held,
    Failed,
    Unknown,
}

/// The standing, with the number of the verifying run.
pub fn judge(history: &History) -> (Standing, Option<i64>) {
    // 1
    if history.withdrawn {
        return (Standing::Withdrawn, None);
    }
    // 2
    let mut newest = None;
    for rollout in history.rollouts.iter().filter(|rollout| rollout.in_production == history.in_production) {
        let later = |than: &super::histories::Rollout| {
            rollout.at > than.at || (rollout.at == than.at && rollout.sequence > than.sequence)
        };
        if newest.as_ref().is_none_or(later) {
            newest = Some(*rollout);
        }
    }
    let Some(newest) = newest else {
        return (Standing::Proposed, None);
    };
    // 3
    if newest.back.is_some() {
        return (Standing::Reverted, None);
    }
    // 4
    let deployed = newest.at;
    let spans = spans(deployed, &history.changes);
    let started = |trial: &&Trial| trial.start.is_some_and(|start| start >= deployed);
    let passing: Vec<&Trial> = history.trials.iter().filter(started).filter(|trial| passes(history, trial)).collect();
    // 5
    let mut first: Option<&Trial> = None;
    for trial in history.trials.iter().filter(started).filter(|trial| contradicts(history, trial)) {
        if first.is_none_or(|first| before(trial, first)) {
            first = Some(trial);
        }
    }
    if let Some(b) = first {
        let was = spans.iter().any(|span| {
            satisfied(
                history,
                &passing.iter().copied().filter(|p| before(p, b) && inside(p, *span)).collect::<Vec<_>>(),
            )
        });
        return (if was { Standing::Regressed } else { Standing::FailedVerification }, None);
    }
    // 6 and 7
    let of = |span: (i64, i64)| passing.iter().copied().filter(|p| inside(p, span)).collect::<Vec<_>>();
    let last = of(spans[spans.len() - 1]);
    if satisfied(history, &last) {
        let Some(v) = newest_of_today(history, &last) else {
            return (Standing::Stale, None);
        };
        let end = v.start.unwrap() + v.length;
        let stale = history.now > end + history.fresh_days * A_DAY;
        return (if stale { Standing::Stale } else { Standing::Verified }, Some(v.id));
    }
    if spans[..spans.len() - 1].iter().any(|span| satisfied(history, &of(*span))) {
        return (Standing::Stale, None);
    }
    // 8
    (Standing::Deployed, None)
}

/// Half-open, from the deployment on, cut at each change after it.
fn spans(deployed: i64, changes: &[i64]) -> Vec<(i64, i64)> {
    let mut cuts = vec![deployed];
    for at in deployed + 1..=deployed + 1_000 {
        if changes.contains(&at) {
            cuts.push(at);
        }
    }
    cuts.push(i64::MAX);
    cuts.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

fn inside(trial: &Trial, (from, to): (i64, i64)) -> bool {
    trial.start.is_some_and(|start| from <= start && start < to)
}

fn before(a: &Trial, b: &Trial) -> bool {
    a.start < b.start || (a.start == b.start && a.id < b.id)
}

fn newest_of_today<'a>(history: &History, passing: &[&'a Trial]) -> Option<&'a Trial> {
    let mut newest: Option<&Trial> = None;
    for p in passing {
        let today =
            history.current.is_some_and(|current| matches!(lies(p.plan, current), Lies::Identical | Lies::Stricter));
        let later = |than: &Trial| {
            let (end, other) = (p.start.unwrap() + p.length, than.start.unwrap() + than.length);
            end > other || (end == other && before(than, p))
        };
        if today && newest.is_none_or(later) {
            newest = Some(p);
        }
    }
    newest
}

fn satisfied(history: &History, passing: &[&Trial]) -> bool {
    let covers = match &history.condition {
        Where::Any | Where::Leader => true,
        Where::Names(names) => names.iter().all(|name| passing.iter().any(|p| p.hit.contains(name))),
    };
    !passing.is_empty() && passing.len() as u64 >= u64::from(history.required) && covers
}

/// Each number at least as hard as it was, and one harder: stricter. And so on.
pub fn lies(later: Plan, earlier: Plan) -> Lies {
    if later.method != earlier.method || later.in_production != earlier.in_production {
        return Lies::Different;
    }
    // Larger is harder; what is not looked at is easiest.
    let hardness = |plan: Plan| {
        [
            i64::from(plan.targets),
            -plan.recovery_s,
            plan.bound.map_or(i64::MIN, |s| -s),
            plan.within.map_or(i64::MIN, |s| -s),
        ]
    };
    let (later, earlier) = (hardness(later), hardness(earlier));
    let harder = (0..4).any(|at| later[at] > earlier[at]);
    let easier = (0..4).any(|at| later[at] < earlier[at]);
    match (harder, easier) {
        (false, false) => Lies::Identical,
        (true, false) => Lies::Stricter,
        (false, true) => Lies::Looser,
        (true, true) => Lies::Different,
    }
}

fn lies_to_origin(history: &History, trial: &Trial) -> Lies {
    match history.origin_plan {
        Some(origin) if trial.deviation != Some(false) => lies(trial.plan, origin),
        _ => Lies::Different,
    }
}

pub fn valid(trial: &Trial) -> bool {
    let shown = !trial.hit.is_empty() || trial.trouble == Trouble::ToolBrokeButRuledValid;
    shown && matches!(trial.trouble, Trouble::None | Trouble::ToolBrokeButRuledValid)
}

pub fn can_exercise(history: &History, trial: &Trial) -> bool {
    trial.trouble != Trouble::NoEffect
        && match &history.condition {
            Where::Any => !trial.hit.is_empty(),
            Where::Names(names) => names.iter().any(|name| trial.hit.contains(name)),
            Where::Leader => trial.hit.contains(&trial.leader),
        }
}

fn in_place(history: &History, trial: &Trial) -> bool {
    trial.plan.in_production == history.in_production && !trial.lacks
}

fn fate(trial: &Trial, bound: Option<i64>) -> Fate {
    match (trial.gap, bound) {
        (Some((_, hi)), Some(bound)) if hi <= bound => Fate::Held,
        (Some((lo, _)), Some(bound)) if lo > bound => Fate::Failed,
        _ => Fate::Unknown,
    }
}

fn pair_agrees(trial: &Trial, bound: Option<i64>) -> bool {
    let known = fate(trial, bound);
    !trial.same_source
        && ((known == Fate::Held && trial.claim == Some(true)) || (known == Fate::Failed && trial.claim == Some(false)))
}

fn signal_agrees(trial: &Trial, within: Option<i64>) -> bool {
    matches!((trial.signal, within), (Some(Heard::After(seconds)), Some(within)) if seconds <= within)
}

fn signal_disagrees(trial: &Trial, within: Option<i64>) -> bool {
    match (trial.signal, within) {
        (Some(Heard::After(seconds)), Some(within)) => seconds > within,
        (Some(Heard::Never), Some(_)) => true,
        _ => false,
    }
}

/// For a telemetry gap with a check: the same happened, by the origin's bound.
fn as_in_origin(history: &History, trial: &Trial) -> bool {
    let bound = history.origin_plan.and_then(|plan| plan.bound);
    let origin =
        history.trials.iter().find(|trial| trial.id == history.origin_id).map(|origin| fate(origin, origin.plan.bound));
    origin.is_some_and(|then| then != Fate::Unknown && then == fate(trial, bound))
}

fn passes(history: &History, trial: &Trial) -> bool {
    let cured = match (history.reveals, history.gap) {
        (Reveals::Nothing, _) => false,
        (Reveals::Check, false) => fate(trial, trial.plan.bound) == Fate::Held && pair_agrees(trial, trial.plan.bound),
        (Reveals::Check, true) => as_in_origin(history, trial) && pair_agrees(trial, trial.plan.bound),
        (Reveals::Signal, _) => signal_agrees(trial, trial.plan.within),
    };
    valid(trial)
        && matches!(lies_to_origin(history, trial), Lies::Identical | Lies::Stricter)
        && in_place(history, trial)
        && can_exercise(history, trial)
        && trial.answer == Some(Exercised::Held)
        && cured
        && trial.closed
}

fn contradicts(history: &History, trial: &Trial) -> bool {
    let exercised = can_exercise(history, trial) && trial.answer != Some(Exercised::Not);
    let origin = history.origin_plan;
    let bears = match lies_to_origin(history, trial) {
        Lies::Identical | Lies::Looser => true,
        Lies::Stricter => {
            // Where the origin looked at nothing, there is only the run's own bound.
            let bound = origin.and_then(|plan| plan.bound).or(trial.plan.bound);
            let within = origin.and_then(|plan| plan.within).or(trial.plan.within);
            origin.is_some_and(|plan| plan.targets == trial.plan.targets) && shows(history, trial, bound, within)
        }
        Lies::Different => false,
    };
    valid(trial)
        && in_place(history, trial)
        && exercised
        && shows(history, trial, trial.plan.bound, trial.plan.within)
        && bears
}

/// Whether the finding shows in the run, held against these bounds.
fn shows(history: &History, trial: &Trial, bound: Option<i64>, within: Option<i64>) -> bool {
    match (history.reveals, history.gap) {
        (Reveals::Nothing, _) => false,
        (Reveals::Check, false) => fate(trial, bound) == Fate::Failed,
        (Reveals::Check, true) => as_in_origin(history, trial) && !pair_agrees(trial, bound),
        (Reveals::Signal, false) => signal_disagrees(trial, within),
        (Reveals::Signal, true) => trial.signal.is_some() && within.is_some() && !signal_agrees(trial, within),
    }
}
