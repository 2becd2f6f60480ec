//! What a fix is worth for one finding: the numbered procedure of the product reference,
//! section 3.6. Nobody sets it; it follows from deployments, changes and runs alone, whatever
//! the order in which they arrived.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    answer::{Answer, Because},
    experiments::identity::Relations,
    findings::condition::Condition,
    id::RunId,
    runs::facts::RunFacts,
    text::Slug,
    time::Moment,
};

use super::{
    Deployment, FindingFacts, FixFacts, RelevantChange, Standing, Yardstick,
    evidence::{Case, Weighed, Weight},
    waits::{Missing, waits},
};

/// A standing with what people ask next about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub answer: Answer<Standing>,
    /// The run that verifies the fix, or did until its age made it stale.
    pub verified_by: Option<RunId>,
    /// The run that contradicts the fix first, if one does.
    pub contradicted_by: Option<RunId>,
    pub stale_reason: Option<StaleReason>,
    /// While verified: the last instant at which the evidence is still fresh.
    pub fresh_until: Option<Moment>,
    /// What a rerun must do, as a sentence; None where no rerun is owed.
    pub waits: Option<String>,
}

/// Why what was verified no longer is, although nothing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaleReason {
    /// No passing run of the current approved revision.
    Plan,
    /// The newest such run is older than the freshness allows.
    Age,
    /// Something relevant changed after the runs that passed.
    Change,
}

impl StaleReason {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Age => "age",
            Self::Change => "change",
        }
    }
}

/// What the fix is worth for the finding at `now`. `runs` should hold every run of the finding's
/// experiment, its origin among them; `changes` the relevant ones only.
pub fn standing<'a>(
    fix: &FixFacts,
    finding: &FindingFacts,
    runs: impl IntoIterator<Item = &'a RunFacts>,
    changes: &[RelevantChange],
    yardstick: &Yardstick,
    now: Moment,
) -> Judged {
    let (id, environment) = (fix.id, &finding.environment);
    if let Some(at) = fix.withdrawn {
        return plainly(Standing::Withdrawn, id, format!("{id} was withdrawn on {}.", at.rfc3339()));
    }
    let Some(deployment) = fix.newest_deployment(environment) else {
        let judged = plainly(Standing::Proposed, id, format!("{id} was never deployed in {environment}."));
        return judged.waiting(waits(finding, Missing::Deployment));
    };
    if let Some(at) = deployment.rolled_back {
        let says = format!("The newest deployment of {id} in {environment} was rolled back on {}.", at.rfc3339());
        return plainly(Standing::Reverted, id, says).waiting(waits(finding, Missing::Deployment));
    }
    let runs: Vec<&RunFacts> = runs.into_iter().collect();
    let origin = finding.origin.and_then(|origin| runs.iter().copied().find(|run| run.id == origin));
    let case = Case { fix, finding, origin, deployment };
    let evidence = Evidence::gather(&case, &runs, changes, yardstick);
    let mut judged = evidence.judge(now);
    judged.answer.because.extend(evidence.sentences());
    judged
}

/// What a fix of several findings is worth: what it is worth for the worst of them. A fix of
/// none claims nothing yet, so it is no more than proposed.
pub fn headline(pairs: &[Standing]) -> Standing {
    pairs.iter().copied().min_by_key(|standing| rank(*standing)).unwrap_or(Standing::Proposed)
}

/// Smaller is worse.
const fn rank(standing: Standing) -> u8 {
    match standing {
        Standing::Withdrawn => 0,
        Standing::Regressed => 1,
        Standing::FailedVerification => 2,
        Standing::Reverted => 3,
        Standing::Stale => 4,
        Standing::Proposed => 5,
        Standing::Deployed => 6,
        Standing::Verified => 7,
    }
}

impl FixFacts {
    /// The latest deployment in an environment, rolled back or not.
    pub fn newest_deployment(&self, environment: &Slug) -> Option<&Deployment> {
        let there = self.deployments.iter().filter(|deployment| deployment.environment == *environment);
        // The roll-back takes part so that the order of delivery never decides.
        there.max_by_key(|deployment| (deployment.at, deployment.sequence, deployment.rolled_back))
    }
}

fn plainly(is: Standing, of: impl ToString, says: String) -> Judged {
    Judged {
        answer: Answer::new(is, of, says),
        verified_by: None,
        contradicted_by: None,
        stale_reason: None,
        fresh_until: None,
        waits: None,
    }
}

impl Judged {
    fn waiting(mut self, waits: String) -> Self {
        self.waits = Some(waits);
        self
    }

    fn stale(mut self, reason: StaleReason) -> Self {
        self.stale_reason = Some(reason);
        self
    }
}

/// Everything since the newest deployment, in order of effective time.
struct Evidence<'a> {
    case: &'a Case<'a>,
    yardstick: &'a Yardstick,
    runs: Vec<Judgement<'a>>,
    /// The relevant changes after the deployment; each begins a new span.
    changes: Vec<&'a RelevantChange>,
}

struct Judgement<'a> {
    run: &'a RunFacts,
    started: Moment,
    weighed: Weighed,
}

impl<'a> Evidence<'a> {
    fn gather(
        case: &'a Case<'a>,
        runs: &[&'a RunFacts],
        changes: &'a [RelevantChange],
        yardstick: &'a Yardstick,
    ) -> Self {
        let deployed = case.deployment.at;
        // By id: a run delivered twice is one run.
        let once: BTreeMap<RunId, &'a RunFacts> = runs.iter().map(|run| (run.id, *run)).collect();
        let since =
            once.into_values().filter_map(|run| run.started.filter(|at| *at >= deployed).map(|started| (started, run)));
        let known = Relations::default();
        let weighed = |run| case.weigh_among(run, &known);
        let mut runs: Vec<Judgement> =
            since.map(|(started, run)| Judgement { run, started, weighed: weighed(run) }).collect();
        runs.sort_by_key(|judgement| (judgement.started, judgement.run.id));
        let mut changes: Vec<&RelevantChange> = changes.iter().filter(|change| change.at > deployed).collect();
        changes.sort_by(|a, b| (a.at, a.sequence, &a.words).cmp(&(b.at, b.sequence, &b.words)));
        changes.dedup();
        Self { case, yardstick, runs, changes }
    }

    fn judge(&self, now: Moment) -> Judged {
        let passes: Vec<&Judgement> =
            self.runs.iter().filter(|judgement| judgement.weighed.is == Weight::Passes).collect();
        if let Some(at) = self.runs.iter().position(|judgement| judgement.weighed.is == Weight::Contradicts) {
            return self.contradicted(at, &passes);
        }
        let mut spans = self.spans(&passes);
        let last = spans.remove(&self.changes.len()).unwrap_or_default();
        if self.satisfied(&last) {
            return self.proven(&last, now);
        }
        match spans.iter().rev().find(|(_, span)| self.satisfied(span)) {
            Some((index, span)) => self.overtaken(span, self.changes[*index]),
            None => self.unproven(&last),
        }
    }

    /// The passes of each span that has any, by how many changes came before it. A run belongs
    /// to the span it started in; one that starts with a change begins after it.
    fn spans<'b>(&self, passes: &[&'b Judgement<'a>]) -> BTreeMap<usize, Vec<&'b Judgement<'a>>> {
        let mut spans: BTreeMap<usize, Vec<&Judgement>> = BTreeMap::new();
        for judgement in passes {
            let index = self.changes.partition_point(|change| change.at <= judgement.started);
            spans.entry(index).or_default().push(judgement);
        }
        spans
    }

    /// Enough passes, and between them all targets the condition names.
    fn satisfied(&self, passes: &[&Judgement]) -> bool {
        passes.len() >= self.required() && self.uncovered(passes).is_empty()
    }

    /// Nothing is proven by no run, whatever the policy says.
    fn required(&self) -> usize {
        usize::try_from(self.yardstick.required_passes).unwrap_or(usize::MAX).max(1)
    }

    /// Targets the condition names that none of these passes hit.
    fn uncovered(&self, passes: &[&Judgement]) -> BTreeSet<&str> {
        match &self.case.finding.condition {
            Condition::Any | Condition::Role(_) => BTreeSet::new(),
            Condition::Names(names) => {
                let hit: BTreeSet<&str> =
                    passes.iter().flat_map(|pass| pass.run.hit()).map(|target| target.name.as_str()).collect();
                names.iter().map(String::as_str).filter(|name| !hit.contains(name)).collect()
            }
        }
    }

    /// Step 5. A later pass erases no contradiction, so only what passed before it matters.
    fn contradicted(&self, at: usize, passes: &[&Judgement]) -> Judged {
        let (run, fix) = (self.runs[at].run.id, self.case.fix.id);
        let before: Vec<&Judgement> = passes.iter().copied().filter(|pass| self.is_before(pass, at)).collect();
        let (is, says) = if self.spans(&before).values().any(|span| self.satisfied(span)) {
            (Standing::Regressed, format!("{run} contradicts {fix}, which earlier runs had verified."))
        } else {
            (Standing::FailedVerification, format!("{run} contradicts {fix} before anything verified it."))
        };
        let mut judged = plainly(is, run, says).waiting(waits(self.case.finding, Missing::DeploymentAfter(run)));
        judged.contradicted_by = Some(run);
        judged
    }

    fn is_before(&self, pass: &Judgement, at: usize) -> bool {
        (pass.started, pass.run.id) < (self.runs[at].started, self.runs[at].run.id)
    }

    /// Step 6: the last span satisfies; does it do so for the plan of today, and freshly?
    fn proven(&self, last: &[&Judgement<'a>], now: Moment) -> Judged {
        let (fix, known) = (self.case.fix.id, Relations::default());
        // The newest is the one whose evidence lasts longest. Taking the last to start instead
        // would let a ruling against it leave a longer run behind that is fresh again.
        let newest = last
            .iter()
            .filter(|pass| self.covers_the_current_plan(pass, &known))
            .max_by_key(|pass| (ended(pass), pass.started, pass.run.id));
        let Some(newest) = newest else {
            let says = match last.last() {
                Some(pass) => format!(
                    "{fix} was verified by {} under an older revision; the approved one has no passing run.",
                    pass.run.id
                ),
                None => format!("{fix} has no passing run of the approved revision."),
            };
            return plainly(Standing::Stale, fix, says)
                .stale(StaleReason::Plan)
                .waiting(waits(self.case.finding, Missing::CurrentPlan));
        };
        let (run, days) = (newest.run.id, self.yardstick.freshness_days);
        let fresh_until = ended(newest).plus_days(i64::from(days));
        let mut judged = if now > fresh_until {
            let says = format!("{run} verified {fix}, but ended more than {days} days ago.");
            plainly(Standing::Stale, run, says)
                .stale(StaleReason::Age)
                .waiting(waits(self.case.finding, Missing::FreshRun))
        } else {
            let mut judged = plainly(Standing::Verified, run, format!("{run} verifies {fix}."));
            judged.fresh_until = Some(fresh_until);
            judged
        };
        judged.verified_by = Some(run);
        judged
    }

    fn covers_the_current_plan(&self, pass: &Judgement<'a>, known: &Relations<'a>) -> bool {
        let current = self.yardstick.current.as_ref();
        current.is_some_and(|current| known.relation(&pass.run.identity, current).is_same())
    }

    /// Step 7: `change` ended the span.
    fn overtaken(&self, span: &[&Judgement], change: &RelevantChange) -> Judged {
        let runs: Vec<String> = span.iter().map(|pass| pass.run.id.to_string()).collect();
        let (fix, runs, words, at) = (self.case.fix.id, runs.join(", "), &change.words, change.at.rfc3339());
        let says = format!("{runs} verified {fix}, but then came a change, on {at}: {words}.");
        plainly(Standing::Stale, fix, says)
            .stale(StaleReason::Change)
            .waiting(waits(self.case.finding, Missing::FreshRun))
    }

    /// Step 8.
    fn unproven(&self, last: &[&Judgement]) -> Judged {
        let (fix, deployment) = (self.case.fix.id, self.case.deployment);
        let owed = self.required().saturating_sub(last.len());
        let says = format!("{fix} is deployed in {} and waits for a rerun.", deployment.environment);
        let missing = if last.is_empty() && owed == 1 {
            Missing::FreshRun
        } else {
            Missing::More { passes: owed, targets: self.uncovered(last).into_iter().map(str::to_owned).collect() }
        };
        plainly(Standing::Deployed, fix, says).waiting(waits(self.case.finding, missing))
    }

    /// One sentence on each run since the deployment, in order.
    fn sentences(&self) -> impl Iterator<Item = Because> {
        self.runs
            .iter()
            .map(|judgement| Because { of: judgement.run.id.to_string(), says: judgement.weighed.says.clone() })
    }
}

/// A valid run has ended; should a record lack the moment, its start is the cautious one.
fn ended(judgement: &Judgement) -> Moment {
    judgement.run.ended.unwrap_or(judgement.started)
}

#[cfg(test)]
mod generated;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod tests;
