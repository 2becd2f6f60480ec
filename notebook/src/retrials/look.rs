//! Findings and fixes with what they amount to, for pages, JSON and lists.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map},
    sync::Arc,
};

use super::{
    claims::ClaimStanding,
    due::DueReason,
    evidence::{Evidence, Worth, judgement},
    lineage::{self, Found, found, recall},
};
use crate::{
    actor::Act,
    answer::Answer,
    db::Tx,
    desk::Desk,
    events::Entry,
    experiments::Stage,
    fault::Result,
    findings::{self, Cause, Finding, FindingEvent, LinkKind, Status, acts::Filter, causes, rulings, status::Rulings},
    fixes::{
        self, Fix, FixFacts, Standing,
        standing::{Judged, headline},
    },
    id::{ExperimentId, FindingId, FixId, RunId},
    runs::{self, Run},
    text::Slug,
    time::Moment,
};

/// A finding as its page shows it.
pub struct FindingShown {
    pub finding: Finding,
    pub status: Answer<Status>,
    pub rulings: Rulings,
    pub causes: Vec<Cause>,
    pub links: Vec<(LinkKind, FindingId)>,
    /// Findings that say they are the same as this one.
    pub same: Vec<FindingId>,
    /// Findings that say how they hang together with this one.
    pub linked_from: Vec<(LinkKind, FindingId)>,
    /// Runs it was seen in again.
    pub seen_again: Vec<RunId>,
    pub fixes: Vec<FixWorthShown>,
    pub history: Vec<Entry>,
    /// Recorded changes between the origin run and the newest run before it, where there is one.
    pub runs: Vec<Run>,
}

/// A fix of one finding and what it is worth for it.
pub struct FixWorthShown {
    pub fix: Fix,
    pub facts: FixFacts,
    pub judged: Judged,
}

impl From<Worth> for FixWorthShown {
    fn from(worth: Worth) -> Self {
        Self { fix: worth.fix, facts: worth.facts, judged: worth.judged }
    }
}

/// A fix as its page shows it.
pub struct FixShown {
    pub fix: Fix,
    pub facts: FixFacts,
    /// The worst of its pairs.
    pub headline: Standing,
    pub pairs: Vec<PairShown>,
    pub history: Vec<Entry>,
}

/// One finding that a fix claims to remove.
pub struct PairShown {
    pub finding: Finding,
    pub judged: Judged,
    /// The finding's experiment is.
    pub is_retired: bool,
}

/// One line of the list of findings.
pub struct FindingRow {
    pub finding: Finding,
    pub status: Status,
    pub fixes: Vec<(FixId, Standing)>,
    /// The run that showed it last; none where no run did.
    pub last_seen: Option<RunId>,
    /// The next run of its experiment that is planned in its environment, and for when.
    pub next: Option<(RunId, Option<Moment>)>,
}

/// One line of the list of fixes.
pub struct FixRow {
    pub fix: Fix,
    pub headline: Standing,
    pub waits: Option<String>,
    /// Somebody should run something again because of it.
    pub owes_rerun: bool,
}

pub async fn show_finding(desk: &Desk, id: FindingId) -> Result<FindingShown> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let finding = findings::acts::in_tx(&mut tx, id).await?;
    let evidence = Evidence::of(desk, &mut tx, finding.experiment).await?;
    let (history, events) = findings::acts::trail(&mut tx, id).await?;
    let judged = judgement(&mut tx, &evidence, finding, desk.now()).await?;
    let (same, linked_from) = findings::acts::ties(&mut tx, id).await?;
    let links = events.iter().filter_map(|event| match event {
        FindingEvent::Linked { kind, to } => Some((*kind, *to)),
        _ => None,
    });
    let seen_again = events.iter().filter_map(|event| match event {
        FindingEvent::SeenAgain { run, .. } => Some(*run),
        _ => None,
    });
    Ok(FindingShown {
        rulings: rulings(&events),
        causes: causes(&events),
        links: links.collect(),
        same,
        linked_from,
        seen_again: seen_again.collect(),
        fixes: judged.fixes.into_iter().map(FixWorthShown::from).collect(),
        status: judged.status,
        finding: judged.finding,
        history,
        runs: evidence.rows,
    })
}

pub async fn show_fix(desk: &Desk, id: FixId) -> Result<FixShown> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let fix = fixes::acts::in_tx(&mut tx, id).await?;
    let (history, facts) = fixes::acts::trail(&mut tx, id).await?;
    let pairs = pairs(desk, &mut tx, &fix, &facts, &mut Known::new()).await?;
    let headline = headline(&standings(&pairs));
    Ok(FixShown { fix, facts, headline, pairs, history })
}

/// What a fix amounts to now, inside a transaction.
pub(crate) async fn standing_of(desk: &Desk, tx: &mut Tx, id: FixId) -> Result<Standing> {
    let fix = fixes::acts::in_tx(tx, id).await?;
    let (_, facts) = fixes::acts::trail(tx, id).await?;
    let pairs = pairs(desk, tx, &fix, &facts, &mut Known::new()).await?;
    Ok(headline(&standings(&pairs)))
}

/// The findings for which a fix regressed, each with the run that shows it first, inside a transaction.
pub(crate) async fn regressed_by(desk: &Desk, tx: &mut Tx, id: FixId) -> Result<BTreeMap<FindingId, RunId>> {
    let fix = fixes::acts::in_tx(tx, id).await?;
    let (_, facts) = fixes::acts::trail(tx, id).await?;
    let pairs = pairs(desk, tx, &fix, &facts, &mut Known::new()).await?;
    let regressed = pairs.iter().filter(|pair| pair.judged.answer.is == Standing::Regressed);
    Ok(regressed.filter_map(|pair| Some((pair.finding.id, pair.judged.contradicted_by?))).collect())
}

/// Evidence already loaded, by experiment.
type Known = BTreeMap<Option<ExperimentId>, Evidence>;

async fn evidence<'a>(
    desk: &Desk,
    tx: &mut Tx,
    known: &'a mut Known,
    experiment: Option<ExperimentId>,
) -> Result<&'a Evidence> {
    match known.entry(experiment) {
        btree_map::Entry::Occupied(place) => Ok(place.into_mut()),
        btree_map::Entry::Vacant(place) => Ok(place.insert(Evidence::of(desk, tx, experiment).await?)),
    }
}

async fn pairs(desk: &Desk, tx: &mut Tx, fix: &Fix, facts: &FixFacts, known: &mut Known) -> Result<Vec<PairShown>> {
    let mut pairs = Vec::new();
    for id in &fix.findings {
        let finding = findings::acts::in_tx(tx, *id).await?;
        let evidence = evidence(desk, tx, known, finding.experiment).await?;
        let judged = evidence.judge(facts, &finding, desk.now());
        let is_retired = evidence.experiment.as_ref().is_some_and(|experiment| experiment.stage == Stage::Retired);
        pairs.push(PairShown { finding, judged, is_retired });
    }
    Ok(pairs)
}

fn standings(pairs: &[PairShown]) -> Vec<Standing> {
    pairs.iter().map(|pair| pair.judged.answer.is).collect()
}

/// One page, newest first, and whether there are older ones.
pub async fn findings(desk: &Desk, filter: &Filter) -> Result<(Vec<FindingRow>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let (page, more) = filter.rows.page(findings::acts::page(&mut tx, filter).await?);
    Ok((finding_rows(desk, &mut tx, page).await?, more))
}

/// The findings with these ids, in this order, as the list shows them.
pub async fn findings_of(desk: &Desk, ids: &[FindingId]) -> Result<Vec<FindingRow>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.push(findings::acts::in_tx(&mut tx, *id).await?);
    }
    finding_rows(desk, &mut tx, found).await
}

async fn finding_rows(desk: &Desk, tx: &mut Tx, found: Vec<Finding>) -> Result<Vec<FindingRow>> {
    let mut known = Experiments::new();
    let mut rows = Vec::with_capacity(found.len());
    let seen = findings::acts::seen_again(tx, &found).await?;
    let experiments = found.iter().filter_map(|finding| finding.experiment).collect();
    let planned = runs::acts::planned_of(tx, &experiments).await?;
    for finding in found {
        let (status, fixes) = found_now(desk, tx, &mut known, &finding).await?;
        let last_seen = seen.get(&finding.id).copied().or(finding.origin);
        let tries = |run: &&Run| Some(run.experiment) == finding.experiment && run.environment == finding.environment;
        let next = planned.iter().find(tries).map(|run| (run.id, run.planned_at));
        rows.push(FindingRow { finding, status, fixes, last_seen, next });
    }
    Ok(rows)
}

/// What findings and fixes amount to, one after the other; each experiment is worked out once.
#[derive(Default)]
pub(crate) struct Judging {
    experiments: Experiments,
    evidence: Known,
}

impl Judging {
    pub(crate) async fn finding(&mut self, desk: &Desk, tx: &mut Tx, id: FindingId) -> Result<(Finding, Status)> {
        let finding = findings::acts::in_tx(tx, id).await?;
        let (status, _) = found_now(desk, tx, &mut self.experiments, &finding).await?;
        Ok((finding, status))
    }

    /// The same as it was worked out for the finding's experiment, if that still holds; nothing else is worked out.
    pub(crate) async fn status(&mut self, desk: &Desk, tx: &mut Tx, finding: Finding) -> Result<Status> {
        status_now(desk, tx, &mut self.evidence, finding).await
    }

    /// What the claim of an experiment amounts to.
    pub(crate) async fn claim(&mut self, desk: &Desk, tx: &mut Tx, id: ExperimentId) -> Result<ClaimStanding> {
        let known = known_of(desk, tx, &mut self.experiments, id).await?;
        Ok(known.overview.claim.as_ref().map_or(ClaimStanding::Untested, |claim| claim.answer.is))
    }

    pub(crate) async fn fix(&mut self, desk: &Desk, tx: &mut Tx, id: FixId) -> Result<Standing> {
        let fix = fixes::acts::in_tx(tx, id).await?;
        let facts = fixes::acts::facts_of(tx, id).await?;
        let pairs = pairs(desk, tx, &fix, &facts, &mut self.evidence).await?;
        Ok(headline(&standings(&pairs)))
    }
}

/// What is known of experiments already.
type Experiments = BTreeMap<ExperimentId, Arc<lineage::Known>>;

async fn known_of<'a>(
    desk: &Desk,
    tx: &mut Tx,
    known: &'a mut Experiments,
    id: ExperimentId,
) -> Result<&'a Arc<lineage::Known>> {
    match known.entry(id) {
        btree_map::Entry::Occupied(place) => Ok(place.into_mut()),
        btree_map::Entry::Vacant(place) => Ok(place.insert(lineage::known(desk, tx, id).await?)),
    }
}

/// As it is worked out for its experiment, once; a finding without one has no runs to look through.
async fn found_now(desk: &Desk, tx: &mut Tx, known: &mut Experiments, finding: &Finding) -> Result<Found> {
    if let Some(id) = finding.experiment
        && let Some(found) = known_of(desk, tx, known, id).await?.found.get(&finding.id)
    {
        return Ok(found.clone());
    }
    let evidence = Evidence::of(desk, tx, finding.experiment).await?;
    Ok(found(&judgement(tx, &evidence, finding.clone(), desk.now()).await?))
}

/// The findings on these services in an environment whose fix no longer holds, oldest first.
pub(crate) async fn regressed_on(
    desk: &Desk,
    tx: &mut Tx,
    services: &BTreeSet<Slug>,
    environment: &Slug,
) -> Result<BTreeSet<FindingId>> {
    let (mut known, mut regressed) = (Known::new(), BTreeSet::new());
    // Only what was fixed once can regress.
    for id in fixes::acts::findings_on(tx, services, environment).await? {
        let finding = findings::acts::in_tx(tx, id).await?;
        if status_now(desk, tx, &mut known, finding).await? == Status::Regressed {
            regressed.insert(id);
        }
    }
    Ok(regressed)
}

/// As it was worked out for its experiment, if that still holds.
async fn status_now(desk: &Desk, tx: &mut Tx, known: &mut Known, finding: Finding) -> Result<Status> {
    if let Some(experiment) = finding.experiment
        && let Some(answer) = recall(desk, tx, experiment).await?
        && let Some((_, status)) = answer.overview.findings.iter().find(|(one, _)| one.id == finding.id)
    {
        return Ok(*status);
    }
    let evidence = evidence(desk, tx, known, finding.experiment).await?;
    Ok(judgement(tx, evidence, finding, desk.now()).await?.status.is)
}

/// One page, newest first, and whether there are older ones.
pub async fn fixes(desk: &Desk, filter: &fixes::acts::Filter) -> Result<(Vec<FixRow>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let (page, more) = filter.rows.page(fixes::acts::page(&mut tx, filter).await?);
    Ok((fix_rows(desk, &mut tx, page).await?, more))
}

/// The fixes with these ids, in this order, as the list shows them.
pub async fn fixes_of(desk: &Desk, ids: &[FixId]) -> Result<Vec<FixRow>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.push(fixes::acts::in_tx(&mut tx, *id).await?);
    }
    fix_rows(desk, &mut tx, found).await
}

async fn fix_rows(desk: &Desk, tx: &mut Tx, found: Vec<Fix>) -> Result<Vec<FixRow>> {
    let mut known = Known::new();
    let mut rows = Vec::with_capacity(found.len());
    for fix in found {
        let facts = fixes::acts::facts_of(tx, fix.id).await?;
        let pairs = pairs(desk, tx, &fix, &facts, &mut known).await?;
        let waits = pairs.iter().find_map(|pair| pair.judged.waits.clone());
        let owes_rerun = pairs.iter().any(|pair| DueReason::of_fix(pair.judged.answer.is, pair.is_retired).is_some());
        rows.push(FixRow { headline: headline(&standings(&pairs)), waits, owes_rerun, fix });
    }
    Ok(rows)
}
