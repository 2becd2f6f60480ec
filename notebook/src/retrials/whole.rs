//! One experiment with all that follows from its runs: fixes, findings, claim, and the decisions that
//! rest on it. What is due and what is told both come out of this, so they cannot differ.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    automation::{Automation, Said, automation, failures, left_to_people},
    claims::{Claim, ClaimStanding, Level},
    close::is_live,
    decided::{Claims, in_words, judge},
    due::{Due, DueReason, Weight},
    evidence::{Evidence, Judgement, Worth, deployments, judgements},
    sql::{self, Told},
};
use crate::{
    answer::Answer,
    db::Tx,
    decisions::{self, Decision, DecisionStanding},
    desk::Desk,
    experiments::{Experiment, Stage},
    fault::Result,
    findings::Status,
    fixes::Standing,
    id::ExperimentId,
    limits::EXPIRES_SOON_DAYS,
    runs::{
        facts::RunFacts,
        validity::{Validity, validity},
    },
    services,
    time::Moment,
};

pub(super) struct Whole {
    pub id: ExperimentId,
    title: String,
    pub stage: Stage,
    pub evidence: Evidence,
    pub judged: Vec<Judgement>,
    pub claim: Option<Claim>,
    pub decisions: Vec<(Decision, Answer<DecisionStanding>)>,
    automation: Option<Automation>,
    /// Other experiments whose claims these decisions rest on.
    pub others: BTreeSet<ExperimentId>,
    /// The last moment at which all of those that are current still are.
    others_until: Option<Moment>,
    weight: Weight,
    now: Moment,
}

impl Whole {
    pub async fn of(desk: &Desk, tx: &mut Tx, id: ExperimentId) -> Result<Option<Self>> {
        let now = desk.now();
        let evidence = Evidence::of(desk, tx, Some(id)).await?;
        let Some(experiment) = evidence.experiment.clone() else { return Ok(None) };
        let judged = judgements(tx, &evidence, now).await?;
        let claim = evidence.claim(&deployments(&judged), now);
        let weight = weight(tx, &experiment, claim.as_ref(), now).await?;
        let mut known = Claims::from([(id, in_words(claim.as_ref()))]);
        let mut decisions = Vec::new();
        for decision in sql::resting_on(tx, id).await? {
            let decision = decisions::acts::in_tx(tx, decision).await?;
            let (standing, ..) = Box::pin(judge(desk, tx, &decision, &mut known)).await?;
            decisions.push((decision, standing));
        }
        known.remove(&id);
        let others_until = known.values().filter_map(|claim| claim.fresh_until).min();
        let others = known.into_keys().collect();
        let (title, stage) = (experiment.title.to_string(), experiment.stage);
        let said: Vec<Said> = decisions.iter().map(|(decision, standing)| Said::of(decision, standing.is)).collect();
        let automation = automation(id, stage, &said, &failures(evidence.facts()));
        Ok(Some(Self {
            id,
            title,
            stage,
            evidence,
            judged,
            claim,
            decisions,
            automation,
            others,
            others_until,
            weight,
            now,
        }))
    }

    /// Each standing that can be told of, by what it is of.
    pub fn standings(&self) -> Told {
        let mut told = BTreeMap::new();
        for (judgement, worth) in self.worths() {
            told.insert(pair(judgement, worth), worth.judged.answer.is.word().to_owned());
        }
        if let Some(claim) = &self.claim {
            told.insert(self.id.to_string(), claim.answer.is.word().to_owned());
        }
        for (judgement, until) in self.expiring() {
            told.insert(risk(judgement), until.rfc3339());
        }
        if let Some(from) = self.overdue() {
            told.insert(rerun(self.id), from.rfc3339());
        }
        for (decision, standing) in &self.decisions {
            told.insert(decision.id.to_string(), standing.is.word().to_owned());
        }
        told
    }

    pub fn worths(&self) -> impl Iterator<Item = (&Judgement, &Worth)> {
        self.judged.iter().flat_map(|judgement| judgement.fixes.iter().map(move |worth| (judgement, worth)))
    }

    /// Findings whose accepted risk ends soon, and when.
    pub fn expiring(&self) -> impl Iterator<Item = (&Judgement, Moment)> {
        let soon = self.now.plus_days(EXPIRES_SOON_DAYS);
        let accepted = self.judged.iter().filter(|judgement| judgement.status.is == Status::RiskAccepted);
        accepted.filter_map(move |judgement| Some((judgement, judgement.risk_until.filter(|until| *until <= soon)?)))
    }

    /// When time alone changes something next: just after evidence stops being fresh, or at a date.
    pub fn changes_at(&self) -> Option<Moment> {
        let fresh = self.worths().filter_map(|(_, worth)| worth.judged.fresh_until);
        let claim = self.claim.iter().filter_map(|claim| claim.fresh_until).chain(self.others_until);
        let dates = self.decisions.iter().flat_map(|(decision, _)| [decision.review_at, decision.until]).flatten();
        let risks = self.judged.iter().filter_map(|judgement| judgement.risk_until);
        let risks = risks.flat_map(|until| [until.plus_days(-EXPIRES_SOON_DAYS), until]);
        let after = fresh.chain(claim).chain(self.evidence.next_seen_by()).map(|until| until.plus_micros(1));
        after.chain(dates).chain(risks).chain(self.evidence.overdue_from).filter(|at| *at > self.now).min()
    }

    /// What was retired because production exercises it comes back when production no longer does; and why.
    pub fn comes_back(&self) -> Option<String> {
        let (passive, claim) = (self.evidence.passive.as_ref()?, self.claim.as_ref()?);
        let next_seen_by = self.evidence.next_seen_by().filter(|_| self.stage == Stage::Retired)?;
        let lost = match claim.answer.is {
            ClaimStanding::Regressed | ClaimStanding::Refuted => true,
            // A change alone asks for no rerun of what production exercises: its next event speaks for the claim.
            ClaimStanding::Stale => self.now > next_seen_by,
            ClaimStanding::Untested | ClaimStanding::Current => false,
        };
        let word = claim.answer.is.label().to_lowercase();
        lost.then(|| format!("The claim is {word}: {} no longer speak for it.", passive.kind))
    }

    /// Everything of it that somebody should look at, in no order.
    pub fn due(&self) -> Vec<Due> {
        let mut due = self.verdicts();
        due.extend(self.worths().filter_map(|(judgement, worth)| self.fix(judgement, worth)));
        let of_claim = self.of_claim(&due);
        due.extend(of_claim);
        due.extend(self.overdue().map(|from| self.rerun(from)));
        due.extend(self.expiring().map(|(judgement, until)| self.risk(judgement, until)));
        due.extend(self.decisions.iter().filter_map(|(decision, standing)| self.decision(decision, standing)));
        due
    }

    fn one(&self, reason: DueReason, of: impl ToString, title: impl ToString, at: Option<Moment>, says: String) -> Due {
        Due {
            reason,
            of: of.to_string(),
            title: title.to_string(),
            experiment: Some(self.id),
            at,
            ends: None,
            says,
            weight: self.weight,
        }
    }

    /// Why a run that is over is for people, as a sentence; None where the decision to automate signs and closes it.
    fn left_to_people(&self, run: &RunFacts) -> Option<String> {
        let Some(automation) = &self.automation else { return Some(String::new()) };
        let claimed = self.evidence.approved.as_ref().map(|plan| &plan.identity);
        let asks = self.worths().any(|(judgement, worth)| {
            let finding = &judgement.finding;
            is_live(&worth.facts, finding, run) && finding.body.condition.can_exercise(run)
        });
        left_to_people(automation, run, claimed, asks)
    }

    /// Runs that are over and not closed, and that people have to close.
    fn verdicts(&self) -> Vec<Due> {
        let runs = self.evidence.rows.iter().zip(self.evidence.facts());
        let open = runs.filter(|(run, facts)| run.execution.has_ended() && !facts.closed);
        let open = open.filter_map(|(run, facts)| Some((run, facts, self.left_to_people(facts)?)));
        open.map(|(run, facts, why)| {
            let asks = match validity(facts).map(|answer| answer.is) {
                Some(Validity::Open) => "its validity is open",
                Some(Validity::Valid) if facts.signed.is_none() => "its verdict is not signed",
                Some(Validity::Valid | Validity::Invalid(_)) | None => "it is not closed",
            };
            self.one(
                DueReason::VerdictDue,
                run.id,
                &run.title,
                run.ended_at,
                format!("{} is over, and {asks}. {why}", run.id).trim_end().to_owned(),
            )
        })
        .collect()
    }

    fn fix(&self, judgement: &Judgement, worth: &Worth) -> Option<Due> {
        // What people ruled about the finding settles its fixes, too.
        if matches!(judgement.status.is, Status::Duplicate | Status::NotAFinding | Status::RiskAccepted) {
            return None;
        }
        let is = worth.judged.answer.is;
        // A later fix did what this one did not.
        if is == Standing::FailedVerification && judgement.status.is == Status::Verified {
            return None;
        }
        let reason = DueReason::of_fix(is, self.stage == Stage::Retired)?;
        let deployed = worth.facts.newest_deployment(&judgement.finding.environment).map(|deployment| deployment.at);
        let why = worth.judged.answer.because.first().map(|because| because.says.clone()).unwrap_or_default();
        let says = [Some(why), worth.judged.waits.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        Some(self.one(reason, worth.fix.id, &worth.fix.title, deployed, says))
    }

    /// What a fix says for the same reason is not said once more.
    fn of_claim(&self, said: &[Due]) -> Option<Due> {
        let claim = self.claim.as_ref().filter(|_| self.stage == Stage::Ready)?;
        let reason = match claim.answer.is {
            ClaimStanding::Regressed => DueReason::Regressed,
            ClaimStanding::Stale => DueReason::Stale,
            ClaimStanding::Untested | ClaimStanding::Current | ClaimStanding::Refuted => return None,
        };
        if said.iter().any(|due| due.reason == reason) {
            return None;
        }
        let at = claim.confidence.last_pass.map(|pass| pass.ended).or(claim.confidence.since);
        Some(self.one(reason, self.id, &self.title, at, first(&claim.answer)))
    }

    /// Since when a rerun is overdue, if it is.
    pub fn overdue(&self) -> Option<Moment> {
        self.evidence.overdue_from.filter(|from| *from <= self.now)
    }

    fn rerun(&self, from: Moment) -> Due {
        self.one(DueReason::Overdue, self.id, &self.title, Some(from), overdue_words(self.id, from))
    }

    fn risk(&self, judgement: &Judgement, until: Moment) -> Due {
        let finding = &judgement.finding;
        let due = self.one(DueReason::RiskExpiring, finding.id, &finding.title, Some(until), String::new());
        due.ending(until, judgement.risk_zone.as_ref())
    }

    fn decision(&self, decision: &Decision, standing: &Answer<DecisionStanding>) -> Option<Due> {
        let reason = match standing.is {
            DecisionStanding::EvidenceLost => DueReason::EvidenceLost,
            DecisionStanding::EvidenceStale => DueReason::EvidenceStale,
            DecisionStanding::ReviewDue => DueReason::ReviewDue,
            DecisionStanding::InForce | DecisionStanding::Superseded | DecisionStanding::Ended => return None,
        };
        Some(self.one(reason, decision.id, &decision.title, decision.review_at, first(standing)))
    }
}

/// What its services say about its place in the queue, and whether it was ever tried.
pub(super) async fn weight(tx: &mut Tx, experiment: &Experiment, claim: Option<&Claim>, now: Moment) -> Result<Weight> {
    let mut weight = Weight::default();
    for service in &experiment.services {
        let (stateful, frequency) = services::acts::weighed(tx, service, now).await?;
        weight = weight.or(Weight { stateful, rarely_changed: frequency.is_rare(), never_tried: false });
    }
    let never_tried = claim.is_none_or(|claim| claim.confidence.level == Level::NeverTried);
    Ok(Weight { never_tried, ..weight })
}

/// What a fix's worth for one finding is called where standings are kept.
pub(super) fn pair(judgement: &Judgement, worth: &Worth) -> String {
    format!("{} {}", worth.fix.id, judgement.finding.id)
}

/// What an accepted risk is called there.
pub(super) fn risk(judgement: &Judgement) -> String {
    format!("{} risk", judgement.finding.id)
}

/// What an overdue rerun is called there.
pub(super) fn rerun(id: ExperimentId) -> String {
    format!("{id} rerun")
}

pub(super) fn overdue_words(id: ExperimentId, from: Moment) -> String {
    format!("The cadence of {id} promised a valid run before {}.", from.rfc3339())
}

/// The sentence that decided.
pub(super) fn first<T>(answer: &Answer<T>) -> String {
    answer.because.first().map(|because| because.says.clone()).unwrap_or_default()
}
