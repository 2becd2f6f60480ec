//! Looks for what was seen before, while a plan or a finding is being written: bounded, and by what can be
//! found without reading every plan that ever was.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    look::status_now,
    seen::{Likeness, Past, Writing, alike},
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
    id::{ExperimentId, FindingId},
    limits::{SEEN_EXPERIMENTS_PAGES, SEEN_FAULTS_MAX, SEEN_SHOWN_MAX},
    paging::Rows,
    text::{Slug, Title},
};

/// What was seen before that is like what is being written, the most alike first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct SeenBefore {
    pub findings: Vec<SeenFinding>,
    pub experiments: Vec<SeenExperiment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct SeenFinding {
    pub id: FindingId,
    pub title: Title,
    pub status: Status,
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
        self.findings.is_empty() && self.experiments.is_empty()
    }
}

/// `own` is the experiment that is being written, where it is kept already. What belongs to the sample is
/// seen only by what is about the sample.
pub async fn seen_before(desk: &Desk, writing: &Writing, own: Option<ExperimentId>) -> Result<SeenBefore> {
    desk.may(Act::Look)?;
    if writing.is_blank() {
        return Ok(SeenBefore::default());
    }
    let is_sample = writing.services.iter().any(is_sample_slug);
    let rows = tried(desk, writing, is_sample).await?;
    let mut tx = desk.begin_read().await?;
    let findings = found(&mut tx, writing, &rows, is_sample).await?;
    let mut known = BTreeMap::new();
    let mut seen = SeenBefore { experiments: experiments_like(writing, rows, own), ..SeenBefore::default() };
    for (finding, alike) in findings {
        if seen.findings.len() == SEEN_SHOWN_MAX {
            break;
        }
        let (id, title) = (finding.id, finding.title.clone());
        let status = Box::pin(status_now(desk, &mut tx, &mut known, finding)).await?;
        // Of what is the same only the first is of use.
        if !matches!(status, Status::Duplicate | Status::NotAFinding) {
            seen.findings.push(SeenFinding { id, title, status, alike });
        }
    }
    Ok(seen)
}

/// Experiments on these services, and the newest of all others.
async fn tried(desk: &Desk, writing: &Writing, is_sample: bool) -> Result<BTreeMap<ExperimentId, Row>> {
    let mut rows = BTreeMap::new();
    for service in &writing.services {
        let filter = Filter { service: Some(service.clone()), rows: Rows::most(), ..Filter::default() };
        rows.extend(experiments::acts::list(desk, &filter).await?.0.into_iter().map(by_id));
    }
    let mut filter = Filter { rows: Rows::most(), ..Filter::default() };
    for _ in 0..SEEN_EXPERIMENTS_PAGES {
        let (page, more) = experiments::acts::list(desk, &filter).await?;
        filter.before = page.last().map(|row| row.experiment.id);
        rows.extend(page.into_iter().map(by_id));
        if !more {
            break;
        }
    }
    rows.retain(|id, _| id.is_sample() == is_sample);
    Ok(rows)
}

fn by_id(row: Row) -> (ExperimentId, Row) {
    (row.experiment.id, row)
}

/// Findings on these services, and those of experiments with this fault.
async fn found(
    tx: &mut Tx,
    writing: &Writing,
    rows: &BTreeMap<ExperimentId, Row>,
    is_sample: bool,
) -> Result<Vec<(Finding, Likeness)>> {
    let fault_of = |id: ExperimentId| rows.get(&id).and_then(|row| row.fault.clone());
    let with_fault = rows.keys().rev().copied().filter(|id| writing.fault.is_some() && fault_of(*id) == writing.fault);
    let of_services = writing.services.iter().map(on_service);
    let filters: Vec<_> = of_services.chain(with_fault.take(SEEN_FAULTS_MAX).map(of_experiment)).collect();
    let mut findings = BTreeMap::new();
    for filter in filters {
        let page = findings::acts::page(tx, &filter).await?;
        findings.extend(page.into_iter().map(|finding| (finding.id, finding)));
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
    let found = alike(writing, pasts.collect()).into_iter().take(SEEN_SHOWN_MAX);
    let seen = |(experiment, alike): (experiments::Experiment, Likeness)| SeenExperiment {
        id: experiment.id,
        title: experiment.title,
        stage: experiment.stage,
        alike,
    };
    found.map(seen).collect()
}

/// Slugs out of a form or an address; what is none is passed over while somebody types.
pub fn slugs<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<Slug> {
    texts.into_iter().filter_map(|text| Slug::new(text.trim()).ok()).collect()
}
