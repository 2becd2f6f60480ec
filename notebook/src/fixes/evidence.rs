//! What one run says about one fix of one finding: it passes, it contradicts, or it counts for
//! nothing, and the sentence that says why (product reference, section 3.6).
//!
//! Each condition of the reference is one small function here, so that each can be read, tested
//! and quoted alone.

use std::{rc::Rc, sync::Arc};

use crate::{
    experiments::{
        identity::{Compared, Relation, Relations},
        plan::{CheckKey, Identity, Outcome, Signal},
    },
    findings::FindingKind,
    runs::{
        facts::{Exercised, RunFacts},
        telemetry::{Telemetry, telemetry_pair, telemetry_signal},
        validity::{Validity, bare_validity, validity},
    },
    text::Title,
};

use super::{Deployment, FindingFacts, FixFacts, Revealing};

/// One fix of one finding, and the deployment a run is held against.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    pub fix: &'a FixFacts,
    pub finding: &'a FindingFacts,
    /// The run that showed the finding, if it is known.
    pub origin: Option<&'a RunFacts>,
    pub deployment: &'a Deployment,
}

/// What one run is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Passes,
    Contradicts,
    Nothing,
}

/// A run's worth and a whole sentence about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    pub is: Weight,
    pub says: String,
}

/// A condition: met, or not, with a whole sentence that says so.
type Clause<T = ()> = Result<T, String>;

/// What the revealing check or signal showed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Cured,
    Again,
}

impl<'a> Case<'a> {
    pub fn weigh(&self, run: &RunFacts) -> Weighed {
        self.weigh_among(run, &Relations::default())
    }

    /// One of many runs, of which most share their plan.
    pub fn weigh_among(&self, run: &'a RunFacts, known: &Relations<'a>) -> Weighed {
        match self.worth(run, known) {
            Ok((is, says)) => Weighed { is, says },
            Err(says) => Weighed { is: Weight::Nothing, says },
        }
    }

    fn worth(&self, run: &'a RunFacts, known: &Relations<'a>) -> Clause<(Weight, String)> {
        self.has_the_fix(run)?;
        is_valid(run)?;
        let revealing = self.reveals()?;
        let (run_id, fix, finding) = (run.id, self.fix.id, self.finding.id);
        // Relation and targets come before the outcome: they are the plainer reasons.
        let compared = self.is_comparable(run, known)?;
        self.can_exercise(run)?;
        match self.shown(revealing, run)? {
            Shown::Again => {
                self.was_exercised(run)?;
                self.bears_on_the_origin(revealing, run, &compared)?;
                Ok((
                    Weight::Contradicts,
                    format!("{run_id} exercised {finding} with {fix} deployed, and it showed again."),
                ))
            }
            Shown::Cured => {
                is_the_same_experiment(run, &compared)?;
                self.is_answered_held(run)?;
                is_closed(run)?;
                Ok((Weight::Passes, format!("{run_id} exercised {finding} with {fix} deployed, and it held.")))
            }
        }
    }

    fn has_the_fix(&self, run: &RunFacts) -> Clause {
        self.is_in_the_environment(run)?;
        self.started_after_the_deployment(run)?;
        self.is_on_a_version_with_the_fix(run)
    }

    fn is_in_the_environment(&self, run: &RunFacts) -> Clause {
        let (asked, fix) = (&self.finding.environment, self.fix.id);
        match &run.identity.environment {
            Some(environment) if environment == asked => Ok(()),
            Some(other) => {
                Err(format!("{} ran in {other}, and {fix} is judged in {asked} only, so it changes nothing.", run.id))
            }
            None => Err(format!("{} names no environment, and {fix} is judged in {asked} only.", run.id)),
        }
    }

    fn started_after_the_deployment(&self, run: &RunFacts) -> Clause {
        let (id, fix, Deployment { environment, at, rolled_back, .. }) = (run.id, self.fix.id, self.deployment);
        match run.started {
            None => Err(format!("{id} has not started yet.")),
            Some(started) if started < *at => Err(format!("{id} started before {fix} was deployed in {environment}.")),
            Some(started) if rolled_back.is_some_and(|back| back <= started) => {
                Err(format!("{id} started after {fix} was rolled back in {environment}."))
            }
            Some(_) => Ok(()),
        }
    }

    fn is_on_a_version_with_the_fix(&self, run: &RunFacts) -> Clause {
        if run.lacks.contains(&self.fix.id) {
            return Err(format!("{} ran on a version recorded as lacking {}.", run.id, self.fix.id));
        }
        Ok(())
    }

    fn reveals(&self) -> Clause<&Revealing> {
        let missing =
            || format!("{} names no revealing check, so no run can tell whether it is gone.", self.finding.id);
        self.finding.revealing.as_ref().ok_or_else(missing)
    }

    fn origin_plan(&self) -> Clause<&'a Identity> {
        let missing = || format!("{} has no origin run whose plan others can be compared with.", self.finding.id);
        self.finding.origin_identity.as_ref().ok_or_else(missing)
    }

    /// How the run's plan lies to the one under which the finding was seen.
    fn is_comparable(&self, run: &'a RunFacts, known: &Relations<'a>) -> Clause<Rc<Compared>> {
        let origin = self.origin_plan()?;
        follows_its_plan(run)?;
        let compared = known.relation(&run.identity, origin);
        match compared.relation {
            Relation::Identical | Relation::Stricter | Relation::Looser => Ok(compared),
            Relation::Different => Err(format!("{} used a different plan: {}.", run.id, compared.words())),
        }
    }

    fn can_exercise(&self, run: &RunFacts) -> Clause {
        if self.finding.condition.can_exercise(run) {
            return Ok(());
        }
        let hit: Vec<&str> = run.hit().map(|target| target.name.as_str()).collect();
        let (id, finding) = (run.id, self.finding.id);
        if hit.is_empty() {
            return Err(format!("{id} shows no effect on any target, so it did not exercise {finding}."));
        }
        Err(format!(
            "{id} hit {} only, so it did not exercise {finding}, which needs {}.",
            hit.join(", "),
            self.finding.condition.words()
        ))
    }

    /// What people answered, if they have.
    fn answer(&self, run: &RunFacts) -> Option<Exercised> {
        // The latest word is the last.
        let ours =
            run.answers.iter().rev().find(|answer| answer.fix == self.fix.id && answer.finding == self.finding.id);
        ours.map(|answer| answer.exercised)
    }

    /// Asked only where the finding showed again: until somebody answers, that is presumed to
    /// be the finding, so silence never keeps a fix verified.
    fn was_exercised(&self, run: &RunFacts) -> Clause {
        match self.answer(run) {
            None | Some(Exercised::Held | Exercised::Failed) => Ok(()),
            Some(Exercised::Not) => Err(format!("{} was answered not to have exercised {}.", run.id, self.finding.id)),
        }
    }

    fn is_answered_held(&self, run: &RunFacts) -> Clause {
        let (id, fix, finding) = (run.id, self.fix.id, self.finding.id);
        match self.answer(run) {
            Some(Exercised::Held) => Ok(()),
            Some(Exercised::Failed) => {
                Err(format!("{id} was answered exercised and failed for {finding}, although its check held."))
            }
            Some(Exercised::Not) => Err(format!("{id} was answered not to have exercised {finding}.")),
            None => Err(format!("{id} is not answered for {fix} and {finding} yet.")),
        }
    }

    /// What the run showed, judged by its own plan; a sentence where that is not clear.
    fn shown(&self, revealing: &Revealing, run: &RunFacts) -> Clause<Shown> {
        match (revealing, self.finding.kind) {
            (Revealing::Check(key), FindingKind::TelemetryGap) => self.gap_shown_by_pair(key, run),
            (Revealing::Signal(name), FindingKind::TelemetryGap) => gap_shown_by_signal(name, run),
            (Revealing::Check(key), _) => shown_by_check(key, run),
            (Revealing::Signal(name), _) => shown_by_signal(name, run),
        }
    }

    /// Telemetry that agrees in good times cures no blind spot: it must agree about the same.
    fn gap_shown_by_pair(&self, key: &CheckKey, run: &RunFacts) -> Clause<Shown> {
        self.happened_as_in_the_origin(key, run)?;
        Ok(if telemetry_pair(run, key) == Telemetry::Agreed { Shown::Cured } else { Shown::Again })
    }

    /// Both values are held against the origin's bound: a tighter bound makes nothing happen.
    fn happened_as_in_the_origin(&self, key: &CheckKey, run: &RunFacts) -> Clause {
        let (id, finding) = (run.id, self.finding.id);
        let origin = self
            .origin
            .ok_or_else(|| format!("The run that showed {finding} is not known, so {id} cannot be compared."))?;
        let (then, now) = (origin.outcome(key), run.outcome_under(self.origin_plan()?, key));
        match (then, now) {
            (Outcome::Held, Outcome::Held) | (Outcome::Failed, Outcome::Failed) => Ok(()),
            (Outcome::Unknown, _) => {
                Err(format!("{} does not say what really happened to {}.", origin.id, key.measure))
            }
            (Outcome::Held | Outcome::Failed, Outcome::Unknown) => {
                Err(format!("{id} does not say whether {} held or failed as in {}.", key.measure, origin.id))
            }
            (Outcome::Held, Outcome::Failed) | (Outcome::Failed, Outcome::Held) => Err(format!(
                "What happened to {} in {id} was not as in {}, so its telemetry says nothing about {finding}.",
                key.measure, origin.id
            )),
        }
    }

    /// Whether the failure of a run that is not identical says something about the plan under
    /// which the finding was seen.
    fn bears_on_the_origin(&self, revealing: &Revealing, run: &RunFacts, compared: &Compared) -> Clause {
        let (id, finding) = (run.id, self.finding.id);
        match compared.relation {
            Relation::Identical | Relation::Looser => Ok(()),
            Relation::Different => Err(format!("{id} used a different plan: {}.", compared.words())),
            Relation::Stricter if !compared.only_checks() => {
                let harder = compared.words();
                Err(format!(
                    "{id} failed under a harder plan, which says nothing about {finding} and may be a new finding: {harder}."
                ))
            }
            Relation::Stricter => self.fails_the_origin_too(revealing, run),
        }
    }

    fn fails_the_origin_too(&self, revealing: &Revealing, run: &RunFacts) -> Clause {
        let origin = self.origin_plan()?;
        if !looks_at(origin, revealing) {
            // The check was added later: its own bound is the only one there is.
            return Ok(());
        }
        match self.shown(revealing, &judged_by(run, origin)) {
            Ok(Shown::Again) => Ok(()),
            Ok(Shown::Cured) | Err(_) => Err(format!(
                "{} failed its own tighter bound, but not the bound under which {} was seen.",
                run.id, self.finding.id
            )),
        }
    }
}

fn is_the_same_experiment(run: &RunFacts, compared: &Compared) -> Clause {
    match compared.relation {
        Relation::Identical | Relation::Stricter => Ok(()),
        Relation::Looser => {
            Err(format!("{} used a looser plan, so it verifies nothing: {}.", run.id, compared.words()))
        }
        Relation::Different => Err(format!("{} used a different plan: {}.", run.id, compared.words())),
    }
}

/// A run whose recorded deviation nobody called context ran something else than its plan.
fn follows_its_plan(run: &RunFacts) -> Clause {
    match run.deviations.iter().find(|deviation| !deviation.is_context) {
        None => Ok(()),
        Some(deviation) => Err(format!(
            "{} deviated from its plan (\"{}\"), so it counts as a different experiment until a reviewer calls that context.",
            run.id, deviation.text
        )),
    }
}

fn is_valid(run: &RunFacts) -> Clause {
    let id = run.id;
    if bare_validity(run).is_some_and(Validity::is_valid) {
        return Ok(());
    }
    let Some(answer) = validity(run) else {
        return Err(format!("{id} has not ended yet."));
    };
    let first = answer.because.first().map_or("", |because| because.says.as_str());
    match answer.is {
        Validity::Valid => Ok(()),
        Validity::Invalid(_) => Err(format!("{id} is invalid. {first}")),
        Validity::Open => Err(format!("It is not settled whether {id} is valid. {first}")),
    }
}

fn is_closed(run: &RunFacts) -> Clause {
    if run.closed { Ok(()) } else { Err(format!("{} is not closed yet.", run.id)) }
}

fn shown_by_check(key: &CheckKey, run: &RunFacts) -> Clause<Shown> {
    match run.outcome(key) {
        Outcome::Failed => Ok(Shown::Again),
        Outcome::Unknown => Err(format!("{} does not say whether {} held.", run.id, key.measure)),
        Outcome::Held => telemetry_agrees(key, run).map(|()| Shown::Cured),
    }
}

fn telemetry_agrees(key: &CheckKey, run: &RunFacts) -> Clause {
    match telemetry_pair(run, key) {
        Telemetry::Agreed => Ok(()),
        other @ (Telemetry::BlindSpot | Telemetry::FalseAlarm | Telemetry::NoData) => Err(format!(
            "In {} {} held, but telemetry did not agree: {}.",
            run.id,
            key.measure,
            other.label().to_lowercase()
        )),
    }
}

fn shown_by_signal(name: &Title, run: &RunFacts) -> Clause<Shown> {
    match telemetry_signal(run, planned_signal(name, run)?) {
        Telemetry::Agreed => Ok(Shown::Cured),
        Telemetry::BlindSpot | Telemetry::FalseAlarm => Ok(Shown::Again),
        Telemetry::NoData => Err(format!("{} has no data about the signal {name}.", run.id)),
    }
}

/// A signal answers to the fault itself, so in any run that exercised the finding what happened
/// is as in the origin.
fn gap_shown_by_signal(name: &Title, run: &RunFacts) -> Clause<Shown> {
    let signal = planned_signal(name, run)?;
    if !run.signals.contains_key(name.as_str()) {
        return Err(format!("{} is not answered for the signal {name} yet.", run.id));
    }
    Ok(if telemetry_signal(run, signal) == Telemetry::Agreed { Shown::Cured } else { Shown::Again })
}

fn planned_signal<'a>(name: &Title, run: &'a RunFacts) -> Clause<&'a Signal> {
    let missing = || format!("The plan of {} does not look at the signal {name}.", run.id);
    run.identity.signals.iter().find(|signal| signal.signal == *name).ok_or_else(missing)
}

fn looks_at(plan: &Identity, revealing: &Revealing) -> bool {
    match revealing {
        Revealing::Check(key) => plan.check(key).is_some(),
        Revealing::Signal(name) => plan.signals.iter().any(|signal| signal.signal == *name),
    }
}

/// The same run, its values held against another plan's bounds.
pub fn judged_by(run: &RunFacts, plan: &Identity) -> RunFacts {
    RunFacts { identity: Arc::new(plan.clone()), ..run.clone() }
}
