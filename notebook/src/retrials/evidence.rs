//! Everything the rules need of one experiment, loaded once and judged from memory.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    claims::{Claim, ClaimFacts, claim},
    passive::{Passive, PassiveFacts, Seen, with_passive},
    targets::eligible,
};
use crate::{
    answer::Answer,
    cadences,
    db::Tx,
    desk::Desk,
    events::{self, about},
    experiments::{
        self, Experiment,
        passive::{SeenThere, Watched},
        plan::{Identity, Plan},
    },
    fault::Result,
    findings::{
        self, Finding,
        acts::Filter,
        status::{FixWorth, status},
    },
    fixes::{
        self, Deployment, FindingFacts, Fix, FixFacts, RelevantChange, Yardstick,
        standing::{Judged, standing},
    },
    id::{ExperimentId, FindingId},
    runs::{self, Run, facts::RunFacts},
    services, teams,
    text::Slug,
    time::{Moment, Zone},
};

/// One experiment's runs, changes and yardstick.
pub(super) struct Evidence {
    pub experiment: Option<Experiment>,
    /// The approved revision's plan, else the newest one's.
    pub plan: Option<Plan>,
    pub approved: Option<Plan>,
    pub rows: Vec<Run>,
    /// The facts of each.
    pub runs: Vec<Arc<RunFacts>>,
    /// Names of the targets a run may hit now, where somebody listed them.
    pub eligible: Option<BTreeSet<String>>,
    /// On any service that a run was about, in the order in which they took effect.
    changes: Vec<services::Change>,
    /// What production exercises instead, once it was retired for that.
    pub passive: Option<Passive>,
    /// All that was written down of it, with what was ruled out.
    pub shown_there: Vec<SeenThere>,
    /// When it was retired for that, unless somebody stopped or retired it otherwise since.
    pub watched_since: Option<Moment>,
    /// The first moment at which a rerun is overdue, where a cadence promises one.
    pub overdue_from: Option<Moment>,
}

/// A fix with its facts and what it is worth for one finding.
pub(super) struct Worth {
    pub fix: Fix,
    pub facts: FixFacts,
    pub judged: Judged,
}

/// A finding with everything that follows about it.
pub(super) struct Judgement {
    pub finding: Finding,
    pub status: Answer<findings::Status>,
    pub fixes: Vec<Worth>,
    /// The end of an accepted risk, while it lies ahead.
    pub risk_until: Option<Moment>,
    /// Where a day begins with that end, if a team owns a service of the finding.
    pub risk_zone: Option<Zone>,
}

impl Evidence {
    /// Without an experiment there are no runs, and nothing can be verified.
    pub async fn of(desk: &Desk, tx: &mut Tx, experiment: Option<ExperimentId>) -> Result<Self> {
        let Some(id) = experiment else {
            return Ok(Self {
                experiment: None,
                plan: None,
                approved: None,
                rows: Vec::new(),
                runs: Vec::new(),
                eligible: None,
                changes: Vec::new(),
                passive: None,
                shown_there: Vec::new(),
                watched_since: None,
                overdue_from: None,
            });
        };
        let found = experiments::acts::in_tx(tx, id).await?;
        let newest = experiments::acts::plan_of(tx, id, found.revision).await?;
        let approved = match found.approved {
            Some(number) => Some(experiments::acts::plan_of(tx, id, number).await?),
            None => None,
        };
        let (rows, runs): (Vec<Run>, Vec<Arc<RunFacts>>) =
            runs::acts::of_experiment(desk, tx, id).await?.into_iter().unzip();
        let since = runs.iter().filter_map(|run| run.started).min();
        let services: BTreeSet<&Slug> = runs.iter().flat_map(|run| &run.identity.services).collect();
        let services: BTreeSet<Slug> = services.into_iter().cloned().collect();
        let environments: BTreeSet<&Slug> = rows.iter().map(|run| &run.environment).collect();
        let environments: BTreeSet<Slug> = environments.into_iter().cloned().collect();
        let mut changes = Vec::new();
        if let Some(since) = since {
            for environment in &environments {
                changes.extend(services::acts::changes_since(tx, &services, environment, since).await?);
            }
        }
        changes.sort_by_key(|change| (change.at, change.id));
        let plan = approved.clone().unwrap_or(newest);
        let eligible = eligible_now(tx, &plan, &runs).await?;
        let watched = watched(tx, id).await?;
        let watched_since = watched.as_ref().and_then(|watched| watched.since);
        let (passive, shown_there) = watched.map(|watched| (passive(&watched), watched.seen)).unzip();
        let overdue_from = cadences::acts::overdue_from(tx, &found, &runs).await?;
        Ok(Self {
            experiment: Some(found),
            plan: Some(plan),
            approved,
            rows,
            runs,
            eligible,
            changes,
            passive,
            shown_there: shown_there.unwrap_or_default(),
            watched_since,
            overdue_from,
        })
    }

    pub fn facts(&self) -> impl Iterator<Item = &RunFacts> {
        self.runs.iter().map(Arc::as_ref)
    }

    fn yardstick(&self) -> Yardstick {
        let context = self.plan.as_ref().map(|plan| &plan.context);
        Yardstick {
            required_passes: context.map_or(1, |context| context.required_passes),
            freshness_days: context
                .map_or(u32::try_from(crate::limits::FRESHNESS_DAYS).unwrap_or(30), |context| context.freshness_days),
            current: self.approved.as_ref().map(|plan| plan.identity.clone()),
        }
    }

    /// Until when production has to show again that the claim holds, while the experiment is retired for that.
    pub fn next_seen_by(&self) -> Option<Moment> {
        let seen = self.passive.iter().flat_map(|passive| &passive.seen);
        let good = seen.filter(|seen| seen.good).map(|seen| seen.at);
        let last = good.chain([self.watched_since?]).max()?;
        Some(last.plus_days(i64::from(self.yardstick().freshness_days)))
    }

    /// Changes on these services in an environment, of a kind that the experiment lists, unless a reviewer found that
    /// they mean nothing.
    fn relevant(&self, services: &BTreeSet<Slug>, environment: &Slug) -> Vec<RelevantChange> {
        let Some(plan) = &self.plan else {
            return Vec::new();
        };
        let listed = self.changes.iter().filter(|change| {
            change.environment == *environment
                && change.irrelevant.is_none()
                && plan.context.relevant_changes.contains(&change.kind)
                && !change.services.is_disjoint(services)
        });
        listed
            .map(|change| RelevantChange {
                words: format!("{} \"{}\"", change.kind.label().to_lowercase(), change.summary),
                at: change.at,
                sequence: change.id,
            })
            .collect()
    }

    /// Recorded changes on what two runs are about, from the start of one to that of the other.
    pub fn changes_between(
        &self,
        environment: &Slug,
        earlier: &RunFacts,
        later: &RunFacts,
    ) -> impl Iterator<Item = &services::Change> {
        let until = |at: Moment| self.changes.partition_point(|change| change.at <= at);
        let stretch = earlier.started.zip(later.started).map_or(0..0, |(from, to)| until(from)..until(to));
        let (one, other) = (&earlier.identity.services, &later.identity.services);
        self.changes.get(stretch).unwrap_or_default().iter().filter(move |change| {
            change.environment == *environment
                && !(change.services.is_disjoint(one) && change.services.is_disjoint(other))
        })
    }

    pub fn judge(&self, fix: &FixFacts, finding: &Finding, now: Moment) -> Judged {
        let facts = self.finding_facts(finding);
        let origin = facts.origin_identity.as_ref().or_else(|| self.plan.as_ref().map(|plan| &plan.identity));
        let changes = origin.map(|identity| self.relevant(&identity.services, &finding.environment));
        standing(fix, &facts, self.facts(), &changes.unwrap_or_default(), &self.yardstick(), now)
    }

    pub fn finding_facts(&self, finding: &Finding) -> FindingFacts {
        let origin = finding.origin.and_then(|id| self.facts().find(|run| run.id == id));
        FindingFacts {
            id: finding.id,
            kind: finding.kind,
            origin: finding.origin,
            origin_identity: origin.map(|run| Identity::clone(&run.identity)),
            revealing: finding.body.revealing.clone(),
            condition: finding.body.condition.clone(),
            environment: finding.environment.clone(),
        }
    }

    /// What the experiment's claim is worth, given the deployments of fixes for its findings.
    pub fn claim(&self, deployments: &[Deployment], now: Moment) -> Option<Claim> {
        let experiment = self.experiment.as_ref()?.id;
        let plan = &self.plan.as_ref()?.identity;
        let environment = plan.environment.clone()?;
        let changes = self.relevant(&plan.services, &environment);
        let facts = ClaimFacts {
            experiment,
            runs: &self.runs,
            current: self.approved.as_ref().map(|plan| &plan.identity),
            deployments,
            changes: &changes,
            eligible: self.eligible.as_ref(),
            cadence_kept: self.overdue_from.is_some_and(|from| now < from),
            freshness_days: self.yardstick().freshness_days,
        };
        let of_runs = claim(&facts, now);
        let Some(passive) = &self.passive else { return Some(of_runs) };
        let there = deployments.iter().filter(|deployment| deployment.environment == environment);
        let deployed = there.map(|deployment| deployment.at).max();
        let since = of_runs.confidence.since;
        let freshness_days = facts.freshness_days;
        let facts = PassiveFacts { experiment, passive, freshness_days, since, deployed };
        let (answer, fresh_until) = with_passive(&facts, (of_runs.answer, of_runs.fresh_until), now);
        Some(Claim { answer, confidence: of_runs.confidence, fresh_until })
    }
}

async fn eligible_now(tx: &mut Tx, plan: &Plan, runs: &[Arc<RunFacts>]) -> Result<Option<BTreeSet<String>>> {
    let Some(environment) = &plan.identity.environment else { return Ok(None) };
    let listed = services::acts::targets_of(tx, &plan.identity.services, Some(environment)).await?;
    Ok(eligible(&listed, plan.identity.target.as_ref(), runs.iter().map(Arc::as_ref)))
}

async fn watched(tx: &mut Tx, id: ExperimentId) -> Result<Option<Watched>> {
    let history = events::of_object(tx, about::EXPERIMENT, &id.to_string()).await?;
    experiments::passive::passive(&history)
}

/// What production shows that nobody ruled out.
fn passive(watched: &Watched) -> Passive {
    let counts = watched.seen.iter().filter(|seen| seen.ruled_out.is_none());
    let seen = counts.map(|seen| Seen { at: seen.at, good: seen.good });
    Passive { kind: watched.kind.clone(), seen: seen.collect() }
}

/// A finding's fixes, standings and status.
pub(super) async fn judgement(tx: &mut Tx, evidence: &Evidence, finding: Finding, now: Moment) -> Result<Judgement> {
    let (_, events) = findings::acts::trail(tx, finding.id).await?;
    let mut worths = Vec::new();
    for fix in fixes::acts::of_finding(tx, finding.id).await? {
        let facts = fixes::acts::facts_of(tx, fix.id).await?;
        let judged = evidence.judge(&facts, &finding, now);
        worths.push(Worth { fix, facts, judged });
    }
    let rulings = findings::rulings(&events);
    let risk_zone = match rulings.risk {
        Some(_) => Box::pin(teams::acts::zone_of_owner(tx, &finding.services)).await?,
        None => None,
    };
    let list: Vec<FixWorth<'_>> =
        worths.iter().map(|worth| FixWorth { fix: &worth.facts, standing: worth.judged.answer.is }).collect();
    let risk_until = rulings.risk.as_ref().map(|risk| risk.until).filter(|until| now < *until);
    let status = status(finding.id, &rulings, &finding.environment, &list, now, risk_zone.as_ref());
    Ok(Judgement { finding, status, fixes: worths, risk_until, risk_zone })
}

/// All findings of an experiment, oldest first.
pub(super) async fn findings_of(tx: &mut Tx, experiment: ExperimentId) -> Result<Vec<Finding>> {
    let mut list = Vec::new();
    let mut before: Option<FindingId> = None;
    loop {
        let page =
            findings::acts::page(tx, &Filter { before, experiment: Some(experiment), ..Filter::default() }).await?;
        if page.is_empty() {
            break;
        }
        before = page.last().map(|finding| finding.id);
        list.extend(page);
    }
    list.reverse();
    Ok(list)
}

/// The same, judged.
pub(super) async fn judgements(tx: &mut Tx, evidence: &Evidence, now: Moment) -> Result<Vec<Judgement>> {
    let Some(experiment) = evidence.experiment.as_ref().map(|experiment| experiment.id) else {
        return Ok(Vec::new());
    };
    let mut list = Vec::new();
    for finding in findings_of(tx, experiment).await? {
        list.push(judgement(tx, evidence, finding, now).await?);
    }
    Ok(list)
}

/// Every deployment of a fix for one of these findings.
pub(super) fn deployments(judgements: &[Judgement]) -> Vec<Deployment> {
    let mut seen = BTreeSet::new();
    let worths = judgements.iter().flat_map(|judgement| &judgement.fixes);
    worths.filter(|worth| seen.insert(worth.fix.id)).flat_map(|worth| worth.facts.deployments.clone()).collect()
}
