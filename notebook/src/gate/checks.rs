//! The rows of the gate's table, one function each: what is known becomes an answer and a clause.

use super::{Around, Gate, Input, PlanState, Policy, Quorum, Rehearsed, SloState, SteadyState};
use crate::{
    services::EnvironmentClass,
    slos::{fits::Fit, levels::Level},
    time::ago_words,
};

pub(super) type Answered = (Gate, String);

const MS_A_MINUTE: i64 = 60_000;
const MS_A_DAY: i64 = 86_400_000;

/// The row's answer to what is known; in production nobody goes on without knowing.
pub(super) fn of<T>(input: &Input<T>, class: EnvironmentClass, row: impl FnOnce(&T) -> Answered) -> Answered {
    match input {
        Input::Known(known) => row(known),
        Input::Unknown(why) => unknown(class, why),
    }
}

fn unknown(class: EnvironmentClass, why: &str) -> Answered {
    match class {
        EnvironmentClass::Production => (Gate::Refuse, format!("unknown, and in production that is a no: {why}")),
        EnvironmentClass::Other => (Gate::Ask, format!("unknown: {why}")),
    }
}

fn go(says: impl Into<String>) -> Answered {
    (Gate::Go, says.into())
}

fn ask(says: impl Into<String>) -> Answered {
    (Gate::Ask, says.into())
}

fn refuse(says: impl Into<String>) -> Answered {
    (Gate::Refuse, says.into())
}

pub(super) fn plan(plan: &PlanState) -> Answered {
    let unapproved = (!plan.approved).then(|| "the plan revision is not approved".to_owned());
    let lacks: Vec<String> = unapproved.into_iter().chain(plan.missing.iter().cloned()).collect();
    if lacks.is_empty() {
        go("the plan revision is approved and complete, with its revert")
    } else {
        refuse(lacks.join("; "))
    }
}

pub(super) fn freeze(freezes: &[String]) -> Answered {
    if freezes.is_empty() { go("no freeze is on") } else { refuse(freezes.join("; ")) }
}

pub(super) fn quorum(quorum: &Quorum) -> Answered {
    match quorum {
        Quorum::Met(says) => go(says),
        Quorum::NotMet(lacking) => refuse(lacking.join("; ")),
    }
}

pub(super) fn go_no_go(against: &[String]) -> Answered {
    if against.is_empty() { go("nobody says no-go") } else { ask(against.join("; ")) }
}

pub(super) fn hours(why_outside: &[String]) -> Answered {
    if why_outside.is_empty() {
        go("all of it, revert included, lies in the hours of every team that owns one of these services")
    } else {
        refuse(why_outside.join("; "))
    }
}

/// And the SLOs that give the answer, by name.
pub(super) fn budget(slos: &[SloState], class: EnvironmentClass) -> (Answered, Vec<String>) {
    let of_slo = |slo: &SloState| {
        of(&slo.budget, class, |fitting| {
            let answer = match fitting.fit {
                Fit::Fits => Gate::Go,
                Fit::UsesReserve => Gate::Ask,
                Fit::Exceeds | Fit::NothingLeft => Gate::Refuse,
            };
            (answer, fitting.words())
        })
    };
    worst_slo(slos, class, of_slo)
}

/// And the SLOs that give the answer, by name.
pub(super) fn level(slos: &[SloState], class: EnvironmentClass) -> (Answered, Vec<String>) {
    let of_slo = |slo: &SloState| match slo.level {
        Level::GoodEnough => go("good enough"),
        Level::AtRisk => ask("at risk: below its objective"),
        Level::TooBroken => refuse("too broken: wait until it has recovered"),
        Level::Unknown => unknown(class, "nothing was counted just now"),
    };
    worst_slo(slos, class, of_slo)
}

/// The worst answer over all SLOs, with the reason and the name of each that gives it.
fn worst_slo(
    slos: &[SloState],
    class: EnvironmentClass,
    of_slo: impl Fn(&SloState) -> Answered,
) -> (Answered, Vec<String>) {
    let answers: Vec<(&str, Answered)> = slos.iter().map(|slo| (slo.name.as_str(), of_slo(slo))).collect();
    let Some(worst) = answers.iter().map(|(_, (answer, _))| *answer).max() else {
        return (without_slo(class), Vec::new());
    };
    let giving: Vec<_> = answers.iter().filter(|(_, (answer, _))| *answer == worst).collect();
    let reasons: Vec<String> = giving.iter().map(|(name, (_, says))| format!("{name}: {says}")).collect();
    let names =
        if worst == Gate::Go { Vec::new() } else { giving.iter().map(|(name, _)| (*name).to_owned()).collect() };
    ((worst, reasons.join("; ")), names)
}

fn without_slo(class: EnvironmentClass) -> Answered {
    let says = "these services have no SLO in this environment";
    match class {
        EnvironmentClass::Production => unknown(class, says),
        EnvironmentClass::Other => go(format!("{says}, and outside production they need none")),
    }
}

pub(super) fn incident(open: &Around) -> Answered {
    around(open, "whoever looked both ways saw no open incident", "an incident is open")
}

/// An answer is for what is open on dependencies, or for what somebody saw that is not clear.
pub(super) fn about_incidents(open: &Input<Around>, not_clear: &[String]) -> Vec<String> {
    match open {
        Input::Known(open) => open.on_dependencies.clone(),
        Input::Unknown(_) => not_clear.to_vec(),
    }
}

pub(super) fn conflict(runs: &Around) -> Answered {
    around(runs, "no other run overlaps", "another run overlaps")
}

fn around(found: &Around, none: &str, one: &str) -> Answered {
    if !found.on_services.is_empty() {
        refuse(format!("{one} on the services themselves: {}", found.on_services.join(", ")))
    } else if !found.on_dependencies.is_empty() {
        ask(format!("{one} on a dependency: {}", found.on_dependencies.join(", ")))
    } else {
        go(none)
    }
}

pub(super) fn steady_state(seen: &SteadyState, class: EnvironmentClass, policy: &Policy) -> Answered {
    let age_ms = match seen {
        SteadyState::Holding { age_ms } => *age_ms,
        SteadyState::NoneAsked => return go("the plan asks for no check before the fault"),
        SteadyState::NotHolding(checks) => return refuse(format!("it does not hold: {}", checks.join("; "))),
    };
    let says = format!("every before-check held {}", ago_words(age_ms));
    match class {
        _ if age_ms <= policy.steady_state_minutes.saturating_mul(MS_A_MINUTE) => go(says),
        EnvironmentClass::Production => refuse(format!("{says}, too long for production; look again")),
        EnvironmentClass::Other => ask(format!("{says}; at most {} min are expected", policy.steady_state_minutes)),
    }
}

pub(super) fn revert(done: Rehearsed, class: EnvironmentClass, policy: &Policy) -> Answered {
    match (done, class) {
        (Rehearsed::Ago { ms }, _) if ms <= policy.rehearsal_days.saturating_mul(MS_A_DAY) => {
            go(format!("the revert was last done {}", ago_words(ms)))
        }
        (Rehearsed::Ago { ms }, _) => ask(format!(
            "the revert was last done {}; at most {} days are expected",
            ago_words(ms),
            policy.rehearsal_days
        )),
        (Rehearsed::Never, EnvironmentClass::Production) => {
            refuse("the revert was never done; rehearse it outside production first")
        }
        (Rehearsed::Never, EnvironmentClass::Other) => ask("the revert was never done"),
    }
}

pub(super) fn blast_radius(at_once: u32, policy: &Policy) -> Answered {
    match policy.at_once_max {
        Some(most) if at_once > most => {
            refuse(format!("{at_once} targets at once; the policy allows {most}, so make it smaller"))
        }
        Some(_) | None if at_once <= 1 => go("one at a time"),
        Some(_) | None => ask(format!("wider than one at a time: {at_once} targets at once")),
    }
}

/// How wide: an answer is for so many at once.
pub(super) fn wider(at_once: &Input<u32>) -> Vec<String> {
    match at_once {
        Input::Known(targets) if *targets > 1 => vec![format!("{targets} at once")],
        Input::Known(_) | Input::Unknown(_) => Vec::new(),
    }
}

pub(super) fn regressions(open: &[String]) -> Answered {
    if open.is_empty() {
        go("no regression is open on these services")
    } else {
        ask(format!("open regressions: {}", open.join(", ")))
    }
}
