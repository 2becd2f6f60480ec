//! Looks for what was seen before, while a plan or a finding is being written: by services in their lists, by
//! fault and words in the index, notes by all of these in the index, and a bounded number of each.

use std::collections::{BTreeMap, BTreeSet, btree_map};

use serde::Serialize;

use super::{
    Found,
    aside::Aside,
    engine::{Tree, row},
    keys::Key,
    marks::mark,
    snippet::snippet,
    sql,
    told::{name, parts},
};
use crate::{
    actor::Act,
    belongs::is_sample_slug,
    db::Tx,
    desk::Desk,
    experiments::{
        self, Stage,
        acts::{Filter, Row},
    },
    fault::Result,
    findings::{self, Finding, Status},
    id::{ExperimentId, FindingId, RunId, SAMPLE_PREFIX},
    limits::{
        SEARCH_RANKED_MAX, SEARCH_TERMS_MAX, SEEN_FAULTS_MAX, SEEN_INDEXED_MAX, SEEN_SERVICES_MAX, SEEN_SHOWN_MAX,
    },
    retrials::{
        acts::Judging,
        seen::{Likeness, Past, Writing, alike, words},
    },
    text::{Slug, Title},
    time::Moment,
};

/// What was seen before that is like what is being written, the most alike first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct SeenBefore {
    pub findings: Vec<SeenFinding>,
    pub observations: Vec<SeenObservation>,
    pub experiments: Vec<SeenExperiment>,
    /// How many more there are that the reader put aside.
    pub aside: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct SeenFinding {
    pub id: FindingId,
    pub title: Title,
    pub status: Status,
    pub alike: Likeness,
}

/// What somebody wrote down during a run, before any, or on a game day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct SeenObservation {
    /// As people call it: `RUN-317#o4`, `EXP-42#o1`, or `GD-4#77` of a game day.
    pub id: String,
    /// The part of it that is alike.
    pub text: String,
    pub alike: Likeness,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct SeenExperiment {
    pub id: ExperimentId,
    pub title: Title,
    pub stage: Stage,
    pub alike: Likeness,
}

impl SeenBefore {
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.observations.is_empty() && self.experiments.is_empty()
    }
}

/// What is being written, as far as the notebook knows it: it is not like itself, and its own notes are no news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Own {
    /// The experiment that is being written, where it is kept already.
    pub experiment: Option<ExperimentId>,
    /// The run that a finding begins from.
    pub run: Option<RunId>,
}

impl Own {
    /// Whether this was noted on it.
    fn has(self, noted: &sql::Row) -> bool {
        let of = noted.object.split_once('#').map_or("", |(of, _)| of);
        self.experiment.is_some_and(|id| id.to_string() == of) || self.run.is_some_and(|id| id.to_string() == of)
    }
}

/// What belongs to the sample is seen only by what is about the sample.
pub async fn seen_before(desk: &Desk, writing: &Writing, own: Own) -> Result<SeenBefore> {
    desk.may(Act::Look)?;
    if writing.is_blank() {
        return Ok(SeenBefore::default());
    }
    let is_sample = writing.services.iter().any(is_sample_slug);
    let rows = tried(desk, writing, is_sample).await?;
    let mut tx = desk.begin_search().await?;
    let mut aside = Aside::of(desk, &mut tx).await?;
    let findings = found(&mut tx, writing, &rows, is_sample).await?;
    let observations = observed(&mut tx, writing, own, is_sample).await?;
    let observations = observations.into_iter().filter(|one| aside.keeps(&one.id));
    let observations = observations.take(SEEN_SHOWN_MAX).collect();
    let experiments = experiments_like(writing, rows, own.experiment).into_iter();
    let experiments = experiments.filter(|one| aside.keeps(&one.id.to_string()));
    let experiments = experiments.take(SEEN_SHOWN_MAX).collect();
    let mut judging = Judging::default();
    let mut seen = SeenBefore { findings: Vec::new(), observations, experiments, aside: 0 };
    for (finding, alike) in findings {
        if seen.findings.len() == SEEN_SHOWN_MAX {
            break;
        }
        let (id, title) = (finding.id, finding.title.clone());
        if !aside.keeps(&id.to_string()) {
            continue;
        }
        let status = Box::pin(judging.status(desk, &mut tx, finding)).await?;
        // Of what is the same only the first is of use.
        if !matches!(status, Status::Duplicate | Status::NotAFinding) {
            seen.findings.push(SeenFinding { id, title, status, alike });
        }
    }
    seen.aside = aside.met();
    Ok(seen)
}

/// Experiments on these services, the newest with this fault, and those that hold these words best.
async fn tried(desk: &Desk, writing: &Writing, is_sample: bool) -> Result<BTreeMap<ExperimentId, Row>> {
    let mut rows = BTreeMap::new();
    for service in writing.services.iter().take(SEEN_SERVICES_MAX) {
        let filter = Filter { service: Some(service.clone()), ..Filter::default() };
        rows.extend(experiments::acts::list(desk, &filter).await?.0.into_iter().map(by_id));
    }
    let mut tx = desk.begin_search().await?;
    let mut others = with_fault(&mut tx, writing).await?;
    others.extend(worded(&mut tx, Found::Experiment, writing).await?.into_iter().map(|row| row.number));
    drop(tx);
    let others: BTreeSet<ExperimentId> = others.into_iter().map(ExperimentId::of).collect();
    let others: Vec<ExperimentId> = others.into_iter().filter(|id| !rows.contains_key(id)).collect();
    rows.extend(experiments::acts::rows_of(desk, &others).await?.into_iter().map(by_id));
    rows.retain(|id, _| id.is_sample() == is_sample);
    Ok(rows)
}

fn by_id(row: Row) -> (ExperimentId, Row) {
    (row.experiment.id, row)
}

fn of_kind(kind: Found, any: Vec<Tree>) -> Tree {
    Tree::All(vec![Tree::Any(any), Tree::Mark(mark(Key::Type.word(), kind.word()))])
}

/// Numbers of the newest experiments with this fault.
async fn with_fault(tx: &mut Tx, writing: &Writing) -> Result<Vec<i64>> {
    let Some(fault) = &writing.fault else { return Ok(Vec::new()) };
    let asked = of_kind(Found::Experiment, vec![Tree::Mark(mark(Key::Fault.word(), fault.as_str()))]);
    let rows = sql::down(tx, &asked, i64::MAX, SEEN_INDEXED_MAX).await?;
    Ok(rows.into_iter().map(|row| row.number).collect())
}

/// The things of one kind that hold any of these words, the best match first.
async fn worded(tx: &mut Tx, kind: Found, writing: &Writing) -> Result<Vec<sql::Row>> {
    let all = words(&writing.words).into_iter().take(SEARCH_TERMS_MAX);
    let any: Vec<Tree> = all.map(|word| row(&word, false)).collect();
    if any.is_empty() {
        return Ok(Vec::new());
    }
    let asked = of_kind(kind, any);
    let (_, floor) = sql::newest(tx, &asked, SEARCH_RANKED_MAX).await?;
    let Some(floor) = floor else { return Ok(Vec::new()) };
    sql::best(tx, &asked, floor, (i64::MAX, 0), SEEN_INDEXED_MAX).await
}

/// Findings on these services, those of experiments with this fault, and those that hold these words best.
async fn found(
    tx: &mut Tx,
    writing: &Writing,
    rows: &BTreeMap<ExperimentId, Row>,
    is_sample: bool,
) -> Result<Vec<(Finding, Likeness)>> {
    let fault_of = |id: ExperimentId| rows.get(&id).and_then(|row| row.fault.clone());
    let with_fault = rows.keys().rev().copied().filter(|id| writing.fault.is_some() && fault_of(*id) == writing.fault);
    let of_services = writing.services.iter().take(SEEN_SERVICES_MAX).map(on_service);
    let filters: Vec<_> = of_services.chain(with_fault.take(SEEN_FAULTS_MAX).map(of_experiment)).collect();
    let mut findings = BTreeMap::new();
    for filter in filters {
        let page = findings::acts::page(tx, &filter).await?;
        findings.extend(page.into_iter().map(|finding| (finding.id, finding)));
    }
    for id in worded(tx, Found::Finding, writing).await?.into_iter().map(|row| FindingId::of(row.number)) {
        if let btree_map::Entry::Vacant(place) = findings.entry(id) {
            place.insert(findings::acts::in_tx(tx, id).await?);
        }
    }
    let pasts = findings.into_values().filter(|finding| finding.id.is_sample() == is_sample).map(|finding| Past {
        services: finding.services.clone(),
        fault: finding.experiment.and_then(fault_of),
        words: said(&finding),
        at: finding.created_at,
        thing: finding,
    });
    Ok(alike(writing, pasts.collect()))
}

/// What was written down on these services, with this fault or in these words: during runs, before them and on game
/// days. A note is about what was tried, whatever is planned by now.
async fn observed(tx: &mut Tx, writing: &Writing, own: Own, is_sample: bool) -> Result<Vec<SeenObservation>> {
    let looked_for: Vec<(String, bool)> = words(&writing.words).into_iter().map(|word| (word, false)).collect();
    let mut noted: BTreeMap<i64, sql::Row> = BTreeMap::new();
    for about in abouts(writing) {
        let asked = Tree::All(vec![about, Tree::Mark(mark(Key::Type.word(), Found::Observation.word()))]);
        let rows = sql::down(tx, &asked, i64::MAX, SEEN_INDEXED_MAX).await?;
        noted.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    let rows = worded(tx, Found::Observation, writing).await?;
    noted.extend(rows.into_iter().map(|row| (row.id, row)));
    let others = noted.into_values().filter(|row| row.object.starts_with(SAMPLE_PREFIX) == is_sample && !own.has(row));
    let pasts = others.map(|row| {
        let marks: BTreeSet<&str> = row.marks.split(' ').collect();
        let is_about = |key: Key, slug: &Slug| marks.contains(mark(key.word(), slug.as_str()).as_str());
        // The index finds a note by its id and by what it is about, too: that is no part of what was written.
        let (written, _) = parts(&row.body, &row.object, &row.marks);
        let text: String = snippet(written, &looked_for).into_iter().map(|piece| piece.text).collect();
        Past {
            services: writing.services.iter().filter(|slug| is_about(Key::Service, slug)).cloned().collect(),
            fault: writing.fault.clone().filter(|slug| is_about(Key::Fault, slug)),
            words: written.to_owned(),
            at: Moment::from_micros(row.created_at),
            thing: (name(&row.object), text),
        }
    });
    let found = alike(writing, pasts.collect()).into_iter();
    Ok(found.map(|((id, text), alike)| SeenObservation { id, text, alike }).collect())
}

/// What a note can be about that is like what is being written: each is asked for by itself, so that many on one
/// service hide none with the same fault, nor any that has both.
fn abouts(writing: &Writing) -> Vec<Tree> {
    let services = writing.services.iter().take(SEEN_SERVICES_MAX);
    let services: Vec<Tree> = services.map(|slug| Tree::Mark(mark(Key::Service.word(), slug.as_str()))).collect();
    let fault = writing.fault.as_ref().map(|slug| Tree::Mark(mark(Key::Fault.word(), slug.as_str())));
    let services = (!services.is_empty()).then_some(Tree::Any(services));
    let both = services.clone().zip(fault.clone()).map(|(services, fault)| Tree::All(vec![services, fault]));
    [services, fault, both].into_iter().flatten().collect()
}

fn on_service(service: &Slug) -> findings::acts::Filter {
    findings::acts::Filter { service: Some(service.clone()), ..findings::acts::Filter::default() }
}

fn of_experiment(id: ExperimentId) -> findings::acts::Filter {
    findings::acts::Filter { experiment: Some(id), ..findings::acts::Filter::default() }
}

fn said(finding: &Finding) -> String {
    let summary = finding.body.summary.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{} {summary}", finding.title)
}

fn experiments_like(
    writing: &Writing,
    rows: BTreeMap<ExperimentId, Row>,
    own: Option<ExperimentId>,
) -> Vec<SeenExperiment> {
    let others = rows.into_values().filter(|row| Some(row.experiment.id) != own);
    let pasts = others.map(|Row { experiment, fault, .. }| Past {
        services: experiment.services.clone(),
        fault,
        words: experiment.title.to_string(),
        at: experiment.created_at,
        thing: experiment,
    });
    let found = alike(writing, pasts.collect()).into_iter();
    let seen = |(experiment, alike): (experiments::Experiment, Likeness)| SeenExperiment {
        id: experiment.id,
        title: experiment.title,
        stage: experiment.stage,
        alike,
    };
    found.map(seen).collect()
}

/// Slugs out of a form or an address; what is none is passed over while somebody types. Each is looked up, so there
/// are as many as a query has terms.
pub fn slugs<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<Slug> {
    texts.into_iter().take(SEARCH_TERMS_MAX).filter_map(|text| Slug::new(text.trim()).ok()).collect()
}
