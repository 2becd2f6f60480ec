//! May this run start, given everything around it? A table of checks, each of which answers go,
//! ask or refuse with its reason; the worst one counts (product reference, section 3.11).
//!
//! It is evaluated while planning, as advice, and at the start, where it binds: a start needs what
//! only an open gate gives, and keeps it with the run (`passed.rs`).

#[cfg(feature = "store")]
pub mod acts;
pub mod answers;
pub mod asked;
mod checks;
pub mod drafts;
pub mod past;
pub mod passed;
pub mod policy;
pub mod preflight;
pub mod prompts;
pub mod quorum;
pub mod reach;
#[cfg(feature = "store")]
mod sql;
pub mod steady;
pub mod told;

use serde::{Deserialize, Serialize};

use self::{policy::Policy, quorum::Quorum};
use crate::{
    experiments::plan::vocabulary,
    services::EnvironmentClass,
    slos::{fits::Fitting, levels::Level},
};

vocabulary! {
    /// The gate's answers, from best to worst.
    Gate {
        Go = "go", "Go";
        Ask = "ask", "Ask";
        Refuse = "refuse", "Refuse";
    }
}

vocabulary! {
    /// The checks, in the order in which they are shown.
    #[cfg_attr(feature = "store", schemars(rename = "GateCheck"))]
    Check {
        Plan = "plan", "Plan";
        Freeze = "freeze", "Freeze";
        Quorum = "quorum", "Quorum";
        GoNoGo = "go_no_go", "Go or no-go";
        Hours = "hours", "Working hours";
        Budget = "budget", "Error budget";
        Level = "level", "Level now";
        Incident = "incident", "Incidents";
        Conflict = "conflict", "Other runs";
        SteadyState = "steady_state", "Steady state";
        Revert = "revert", "Rehearsed revert";
        BlastRadius = "blast_radius", "Blast radius";
        Regressions = "regressions", "Regressions";
    }
}

/// What a check looks at, or a clause that says why nobody knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<T> {
    Known(T),
    Unknown(String),
}

impl<T> From<Result<T, String>> for Input<T> {
    fn from(known: Result<T, String>) -> Self {
        known.map_or_else(Self::Unknown, Self::Known)
    }
}

/// Everything the gate looks at. Lists of clauses are empty if there is nothing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs {
    pub class: EnvironmentClass,
    pub plan: Input<PlanState>,
    /// The freezes that touch the run, as clauses.
    pub freezes: Vec<String>,
    pub quorum: Input<Quorum>,
    /// What people here say against the start.
    pub no_go: Vec<String>,
    /// Why the run lies outside of working time, as clauses.
    pub outside_hours: Input<Vec<String>>,
    /// What whoever overrides the hours has before them: the day, and the services nobody's hours are
    /// known of.
    pub hours_about: Vec<String>,
    /// The SLOs of the services in the identity, for this environment.
    pub slos: Vec<SloState>,
    /// Open incidents, as far as somebody looked.
    pub incidents: Input<Around>,
    /// What was not clear on looking for them.
    pub incidents_about: Vec<String>,
    /// Runs that overlap in time, in the same environment.
    pub conflicts: Around,
    pub steady_state: Input<SteadyState>,
    pub revert: Input<Rehearsed>,
    /// Targets hit at the same time; *all* is how many there are.
    pub at_once: Input<u32>,
    /// Open regressions on the services of the identity, by name.
    pub regressions: Vec<String>,
}

/// What the review of the plan came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanState {
    pub approved: bool,
    /// What it lacks, as clauses: hypothesis, a during- or after-check, revert procedure, owner,
    /// deadline.
    pub missing: Vec<String>,
}

/// How one SLO stands to the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SloState {
    /// What people call it.
    pub name: String,
    pub budget: Input<Fitting>,
    /// `Level::Unknown` is the same as an unknown input.
    pub level: Level,
}

/// Names of things on the services of the identity, and on what these depend on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Around {
    pub on_services: Vec<String>,
    pub on_dependencies: Vec<String>,
}

/// What the before-checks last showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SteadyState {
    /// All of them held, so many milliseconds ago.
    Holding { age_ms: i64 },
    /// Some did not, as clauses.
    NotHolding(Vec<String>),
    /// The plan looks at nothing before the fault.
    NoneAsked,
}

/// When this plan's revert was last done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rehearsed {
    /// So many milliseconds ago.
    Ago {
        ms: i64,
    },
    Never,
}

/// One check and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "GateLine"))]
pub struct Line {
    pub check: Check,
    pub answer: Gate,
    /// A clause.
    pub says: String,
    /// A refusal that a second person may override, with a reason: outside of working hours, or hours
    /// that nobody knows, and no other.
    pub can_be_overridden: bool,
    /// The things by name that an answer is about. It holds for these and no further ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
}

impl Line {
    /// Nothing else than the other one, asked of another time; how long ago the revert was done is another
    /// number each day.
    pub fn says_no_more_than(&self, other: &Self) -> bool {
        let is_same = (self.check, self.answer) == (other.check, other.answer);
        self == other || is_same && self.check == Check::Revert
    }

    /// The same check asked of another time, too: about all that either is about.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        if self.says != other.says {
            self.says = format!("{}; {}", self.says, other.says);
        }
        let further: Vec<String> = other.about.into_iter().filter(|thing| !self.about.contains(thing)).collect();
        self.about.extend(further);
        self
    }
}

/// Every check with its answer and reason, in order.
pub fn lines(inputs: &Inputs, policy: &Policy) -> Vec<Line> {
    let Inputs {
        class,
        plan,
        freezes,
        quorum,
        no_go,
        outside_hours,
        hours_about,
        slos,
        incidents,
        incidents_about,
        conflicts,
        steady_state,
        revert,
        at_once,
        regressions,
    } = inputs;
    let class = *class;
    let line = |check, (answer, says)| Line { check, answer, says, can_be_overridden: false, about: Vec::new() };
    let about_slos = |check, (answer, about): (_, Vec<String>)| Line { about, ..line(check, answer) };
    let hours = line(Check::Hours, checks::of(outside_hours, class, |why| checks::hours(why)));
    vec![
        line(Check::Plan, checks::of(plan, class, checks::plan)),
        line(Check::Freeze, checks::freeze(freezes)),
        line(Check::Quorum, checks::of(quorum, class, checks::quorum)),
        Line { about: no_go.clone(), ..line(Check::GoNoGo, checks::go_no_go(no_go)) },
        Line { can_be_overridden: hours.answer == Gate::Refuse, about: hours_about.clone(), ..hours },
        about_slos(Check::Budget, checks::budget(slos, class)),
        about_slos(Check::Level, checks::level(slos, class)),
        Line {
            about: checks::about_incidents(incidents, incidents_about),
            ..line(Check::Incident, checks::of(incidents, class, checks::incident))
        },
        Line { about: conflicts.on_dependencies.clone(), ..line(Check::Conflict, checks::conflict(conflicts)) },
        line(Check::SteadyState, checks::of(steady_state, class, |seen| checks::steady_state(seen, class, policy))),
        line(Check::Revert, checks::of(revert, class, |done| checks::revert(*done, class, policy))),
        Line {
            about: checks::wider(at_once),
            ..line(Check::BlastRadius, checks::of(at_once, class, |targets| checks::blast_radius(*targets, policy)))
        },
        Line { about: regressions.clone(), ..line(Check::Regressions, checks::regressions(regressions)) },
    ]
}

/// The worst answer; without any check nothing is known, and that is no go.
pub fn worst(lines: &[Line]) -> Gate {
    lines.iter().map(|line| line.answer).max().unwrap_or(Gate::Refuse)
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
