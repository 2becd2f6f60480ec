//! What an experiment's runs prove about its hypothesis: a standing, and the counts behind it,
//! never a score (product reference, section 3.8).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    answer::Answer,
    experiments::{
        identity::{Relation, Relations, relation},
        plan::{Identity, vocabulary},
    },
    fixes::{Deployment, RelevantChange, evidence::judged_by},
    id::{ExperimentId, RunId},
    runs::{
        facts::{RunFacts, Verdict},
        validity::{Validity, bare_validity, is_valid},
        verdict::bare_proposal,
    },
    time::Moment,
};

use super::bound::{percent_words, upper_bound};

vocabulary! {
    /// What a claim amounts to.
    ClaimStanding {
        Untested = "untested", "Untested";
        Current = "current", "Current";
        Stale = "stale", "Stale";
        Refuted = "refuted", "Refuted";
        Regressed = "regressed", "Regressed";
    }
}

vocabulary! {
    /// How much was tried at all.
    Level {
        NeverTried = "never_tried", "Never tried";
        Tried = "tried", "Tried";
        Repeated = "repeated", "Repeated";
        Continuous = "continuous", "Continuous";
    }
}

/// Passes since the cutoff from which a claim counts as repeated.
const REPEATED_PASSES: u32 = 3;

/// What the rule knows of a claim.
#[derive(Debug, Clone, Copy)]
pub struct ClaimFacts<'a, R = RunFacts> {
    pub experiment: ExperimentId,
    /// Every run of the experiment, whatever its revision.
    pub runs: &'a [R],
    /// Identity of the current approved revision; without one nothing is claimed now.
    pub current: Option<&'a Identity>,
    /// Deployments of fixes for findings of this experiment. Those outside the claim's
    /// environment are passed over: the system under trial is not changed by them.
    pub deployments: &'a [Deployment],
    /// Relevant changes only.
    pub changes: &'a [RelevantChange],
    pub freshness_days: u32,
    /// Names of the targets eligible now, where known.
    pub eligible: Option<&'a BTreeSet<String>>,
    /// Whether a valid run every so often is promised, and the promise is kept now.
    pub cadence_kept: bool,
}

/// A claim's standing and the evidence behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Claim {
    pub answer: Answer<ClaimStanding>,
    pub confidence: Confidence,
    /// While current: the last instant at which the evidence is still fresh.
    pub fresh_until: Option<Moment>,
}

/// Counts, dates and coverage since the cutoff, measured against the approved revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Confidence {
    pub passes: u32,
    pub failures: u32,
    /// The runs behind both numbers, in the order in which they started.
    pub passed: Vec<RunId>,
    pub failed: Vec<RunId>,
    /// Runs since then that speak neither for nor against the claim.
    pub uncounted: Vec<Uncounted>,
    /// How many began before it.
    pub before: u32,
    /// What older runs no longer speak for: the newest deployment, roll-back or relevant change.
    pub since: Option<Moment>,
    /// The pass that ended last.
    pub last_pass: Option<LastPass>,
    pub level: Level,
    pub coverage: Option<Coverage>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct LastPass {
    pub ended: Moment,
    pub run: RunId,
}

/// A run that is not counted, and why, as a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "UncountedRun"))]
pub struct Uncounted {
    pub run: RunId,
    pub why: String,
}

/// Targets hit by a pass, of those eligible now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Coverage {
    pub hit: usize,
    pub eligible: usize,
}

impl Confidence {
    /// Runs that count.
    pub const fn runs(&self) -> u32 {
        self.passes + self.failures
    }

    /// One-sided 95 % upper bound for the probability that a run fails; None without runs.
    pub fn upper_bound(&self) -> Option<f64> {
        upper_bound(self.failures, self.runs())
    }

    /// "10 of 10 passed; if runs are independent and alike, at most 26 % fail", or "no evidence".
    pub fn words(&self) -> String {
        match self.upper_bound() {
            None => "no evidence".to_owned(),
            Some(bound) => format!(
                "{} of {} passed; if runs are independent and alike, at most {} fail",
                self.passes,
                self.runs(),
                percent_words(bound)
            ),
        }
    }
}

/// What the claim amounts to at `now`.
pub fn claim<R: AsRef<RunFacts>>(facts: &ClaimFacts<'_, R>, now: Moment) -> Claim {
    let runs = in_order(facts.runs);
    let deployments = deployments_there(facts);
    let since = cutoff(&deployments, facts.changes);
    let counts = |run: &&Started<'_>| since.is_none_or(|since| run.at >= since);
    let known = Relations::default();
    let passes: Vec<&Started> =
        runs.iter().filter(|run| facts.current.is_some_and(|plan| passes(run.facts, plan, &known))).collect();
    let failures: Vec<&Started> =
        runs.iter().filter(|run| facts.current.is_some_and(|plan| contradicts(run.facts, plan))).collect();
    let since_passes: Vec<&Started> = passes.iter().copied().filter(counts).collect();
    let since_failures: Vec<&Started> = failures.iter().copied().filter(counts).collect();
    let (passed, failed) = (ids(&since_passes), ids(&since_failures));
    let counted: BTreeSet<RunId> = passed.iter().chain(&failed).copied().collect();
    let left = runs.iter().filter(counts).filter(|run| !counted.contains(&run.facts.id));
    let last_pass =
        since_passes.iter().map(|run| LastPass { ended: run.facts.ended.unwrap_or(run.at), run: run.facts.id }).max();
    let mut confidence = Confidence {
        passes: count(since_passes.len()),
        failures: count(since_failures.len()),
        uncounted: left.map(|run| uncounted(run.facts, facts.current, &known)).collect(),
        before: count(runs.iter().filter(|run| !counts(run)).count()),
        passed,
        failed,
        since,
        last_pass,
        level: level(&runs, since_passes.len()),
        coverage: facts.eligible.and_then(|eligible| coverage(&since_passes, eligible)),
    };
    let fresh_until = last_pass.map(|pass| pass.ended.plus_days(i64::from(facts.freshness_days)));
    let deployed = deployments.iter().map(|deployment| deployment.at).max();
    let answer = contradicted(facts.experiment, &passes, &failures, deployed)
        .or_else(|| current(facts, last_pass, fresh_until, now))
        .unwrap_or_else(|| once_or_never(facts, &runs, last_pass));
    let is_current = answer.is == ClaimStanding::Current;
    if is_current && facts.cadence_kept {
        confidence.level = Level::Continuous;
    }
    Claim { answer, confidence, fresh_until: fresh_until.filter(|_| is_current) }
}

struct Started<'a> {
    at: Moment,
    facts: &'a RunFacts,
}

impl Started<'_> {
    const fn place(&self) -> (Moment, RunId) {
        (self.at, self.facts.id)
    }
}

/// Runs that have started, each once, in order of effective time.
fn in_order<R: AsRef<RunFacts>>(runs: &[R]) -> Vec<Started<'_>> {
    let runs: Vec<&RunFacts> = runs.iter().map(AsRef::as_ref).collect();
    let once: BTreeMap<RunId, &RunFacts> = runs.into_iter().map(|run| (run.id, run)).collect();
    let mut started: Vec<Started> =
        once.into_values().filter_map(|facts| facts.started.map(|at| Started { at, facts })).collect();
    started.sort_by_key(Started::place);
    started
}

fn deployments_there<'a, R>(facts: &ClaimFacts<'a, R>) -> Vec<&'a Deployment> {
    let environment = facts.current.and_then(|plan| plan.environment.as_ref());
    facts
        .deployments
        .iter()
        .filter(|deployment| environment.is_none_or(|environment| deployment.environment == *environment))
        .collect()
}

fn cutoff(deployments: &[&Deployment], changes: &[RelevantChange]) -> Option<Moment> {
    let deployed = deployments.iter().map(|deployment| deployment.at);
    let rolled_back = deployments.iter().filter_map(|deployment| deployment.rolled_back);
    deployed.chain(rolled_back).chain(changes.iter().map(|change| change.at)).max()
}

/// Computed, not signed: overruling moves no confidence. Only a valid run comes out at all.
fn came_out(run: &RunFacts, verdict: Verdict) -> bool {
    bare_proposal(run) == Some(verdict)
}

/// Passed under its own plan, whatever is claimed now.
fn passes_its_own_plan(run: &RunFacts) -> bool {
    run.closed && run.follows_its_plan() && came_out(run, Verdict::Upheld)
}

/// Whether it counts as a pass of what this plan claims.
pub(super) fn passes<'a>(run: &'a RunFacts, plan: &'a Identity, known: &Relations<'a>) -> bool {
    passes_its_own_plan(run) && known.relation(&run.identity, plan).is_same()
}

/// Refuted, and by more than a plan harder than the claim.
fn contradicts(run: &RunFacts, plan: &Identity) -> bool {
    if !run.follows_its_plan() || !came_out(run, Verdict::Refuted) {
        return false;
    }
    let compared = relation(&run.identity, plan);
    match compared.relation {
        Relation::Identical | Relation::Looser => true,
        Relation::Stricter => compared.only_checks() && came_out(&judged_by(run, plan), Verdict::Refuted),
        Relation::Different => false,
    }
}

fn ids(runs: &[&Started<'_>]) -> Vec<RunId> {
    runs.iter().map(|run| run.facts.id).collect()
}

fn uncounted<'a>(run: &'a RunFacts, plan: Option<&'a Identity>, known: &Relations<'a>) -> Uncounted {
    Uncounted { run: run.id, why: why_uncounted(run, plan, known).to_owned() }
}

/// The first reason that holds.
fn why_uncounted<'a>(run: &'a RunFacts, plan: Option<&'a Identity>, known: &Relations<'a>) -> &'static str {
    match bare_validity(run) {
        None => return "is not over",
        Some(Validity::Invalid(_)) => return "is invalid",
        Some(Validity::Open) => return "waits for the reason of its abort",
        Some(Validity::Valid) => {}
    }
    let Some(plan) = plan else { return "ran while no plan is approved" };
    if !run.follows_its_plan() {
        return "did something else than its plan";
    }
    let is_same = known.relation(&run.identity, plan).is_same();
    match bare_proposal(run) {
        Some(Verdict::Upheld) if is_same => "is not closed yet",
        Some(Verdict::Upheld) => "was upheld under a plan that is easier than the claim, or another one",
        Some(Verdict::Refuted) => "was refuted under a plan that is harder than the claim, or another one",
        Some(Verdict::Inconclusive) | None => "is inconclusive",
    }
}

fn level(runs: &[Started<'_>], passes: usize) -> Level {
    if count(passes) >= REPEATED_PASSES {
        Level::Repeated
    } else if runs.iter().any(|run| is_valid(run.facts)) {
        Level::Tried
    } else {
        Level::NeverTried
    }
}

/// Targets that have vanished since are in neither number; new ones are in the second.
fn coverage(passes: &[&Started<'_>], eligible: &BTreeSet<String>) -> Option<Coverage> {
    let hit: BTreeSet<&str> =
        passes.iter().flat_map(|run| run.facts.hit()).map(|target| target.name.as_str()).collect();
    let hit = hit.into_iter().filter(|name| eligible.contains(*name)).count();
    (!eligible.is_empty()).then_some(Coverage { hit, eligible: eligible.len() })
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}

/// A change or a later pass clears no contradiction; a new deployment does.
fn contradicted(
    experiment: ExperimentId,
    passes: &[&Started<'_>],
    failures: &[&Started<'_>],
    deployed: Option<Moment>,
) -> Option<Answer<ClaimStanding>> {
    // The newest has the most before it, so it decides whether any pass preceded one.
    let newest = failures.iter().rfind(|run| deployed.is_none_or(|deployed| run.at >= deployed))?;
    let run = newest.facts.id;
    let answer = match passes.iter().rfind(|pass| pass.place() < newest.place()) {
        Some(pass) => Answer::new(
            ClaimStanding::Regressed,
            run,
            format!("{run} contradicts what {experiment} claims, after {} had passed.", pass.facts.id),
        ),
        None => Answer::new(
            ClaimStanding::Refuted,
            run,
            format!("{run} contradicts what {experiment} claims; nothing passed before."),
        ),
    };
    Some(answer)
}

fn current<R>(
    facts: &ClaimFacts<'_, R>,
    last: Option<LastPass>,
    fresh_until: Option<Moment>,
    now: Moment,
) -> Option<Answer<ClaimStanding>> {
    let run = last?.run;
    let until = fresh_until.filter(|until| now <= *until)?;
    let says = format!("{run} passed and speaks for {} until {}.", facts.experiment, until.rfc3339());
    Some(Answer::new(ClaimStanding::Current, run, says))
}

fn once_or_never<R>(facts: &ClaimFacts<'_, R>, runs: &[Started<'_>], last: Option<LastPass>) -> Answer<ClaimStanding> {
    let experiment = facts.experiment;
    if let Some(LastPass { run, .. }) = last {
        let says = format!("{run} passed last, but ended more than {} days ago.", facts.freshness_days);
        return Answer::new(ClaimStanding::Stale, run, says);
    }
    match runs.iter().rfind(|run| passes_its_own_plan(run.facts)) {
        Some(pass) => {
            let run = pass.facts.id;
            let says = format!("{run} passed once; since then the system or the plan of {experiment} has changed.");
            Answer::new(ClaimStanding::Stale, run, says)
        }
        None => Answer::new(ClaimStanding::Untested, experiment, format!("No run of {experiment} has passed yet.")),
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
