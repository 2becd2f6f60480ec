//! Finds the untested questions of an SLO's service and holds them against its budget.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    experiments::{self, Stage, acts::Row},
    fault::Result,
    gate,
    id::ExperimentId,
    ledger::untested::{Free, Suggestion, Untested, order, suggest},
    limits::SUGGESTED_PLANS_MAX,
    retrials::coverage::{Line, Tried, map},
    runs::{self, Run},
    services,
    slos::{Slo, acts::Shown, fits::Fit, kept::SloState, words::percent_down},
    text::Slug,
};

/// What to spend the budget on that is left. Reads the experiments of the SLO's service, the plans of
/// those that were run and of a few that were not, and no run's trail.
pub async fn suggestion(desk: &Desk, shown: &Shown) -> Result<Suggestion> {
    desk.may(Act::Look)?;
    let free = free(desk, shown).await?;
    if matches!(free, Free::Not { .. }) {
        return Ok(suggest(&free, Vec::new(), 0, &[]));
    }
    let slo = shown.kept.in_force();
    let rows = on_service(desk, &slo.service).await?;
    let mut lines = lines(desk, &rows, slo).await?;
    let mut tx = desk.begin_read().await?;
    let never_run = never_run(&mut tx, &rows, slo, &mut lines).await?;
    let known: Vec<Slug> = rows.iter().filter_map(|row| row.fault.clone()).collect();
    let ranked = map(lines.into_values().collect(), BTreeSet::new()).lines;
    let mut untested: Vec<Untested> = never_run.into_iter().filter_map(|row| candidate(row, &ranked)).collect();
    untested.sort_by(order);
    let further = untested.len().saturating_sub(SUGGESTED_PLANS_MAX);
    untested.truncate(SUGGESTED_PLANS_MAX);
    for one in &mut untested {
        hold(desk, &mut tx, shown, one).await?;
        if one.fits() {
            break;
        }
    }
    Ok(suggest(&free, untested, further, &known))
}

async fn free(desk: &Desk, shown: &Shown) -> Result<Free> {
    match shown.kept.state() {
        SloState::Approved | SloState::Changed => {}
        SloState::Draft => return Ok(Free::Not { says: "A draft promises nothing, so it leaves no budget.".into() }),
        SloState::Retired => return Ok(Free::Not { says: "Nothing is promised any more.".into() }),
    }
    let mut tx = desk.begin_read().await?;
    let fitting = gate::acts::fitting(desk, &mut tx, None, (&shown.kept, &shown.standing)).await?;
    Ok(match fitting {
        Err(says) => Free::Not { says: format!("What is left is unknown: {says}.") },
        Ok(fitting) if fitting.fit == Fit::Fits => Free::Above { remaining: fitting.remaining },
        Ok(fitting) => Free::Not {
            says: format!("{} of the budget left: no more than the reserve.", percent_down(fitting.remaining)),
        },
    })
}

async fn on_service(desk: &Desk, service: &Slug) -> Result<Vec<Row>> {
    let mut filter = experiments::acts::Filter { service: Some(service.clone()), ..Default::default() };
    let mut all = Vec::new();
    loop {
        let (rows, more) = experiments::acts::list(desk, &filter).await?;
        filter.before = rows.last().map(|row| row.experiment.id);
        all.extend(rows);
        if !more {
            return Ok(all);
        }
    }
}

/// Whether a run of it would spend this budget.
fn is_here(row: &Row, slo: &Slo) -> bool {
    row.experiment.stage != Stage::Retired && row.environment.as_ref() == Some(&slo.environment)
}

/// The services that these plans name, as lines of a coverage map.
async fn lines(desk: &Desk, rows: &[Row], slo: &Slo) -> Result<BTreeMap<Slug, Line>> {
    let mut lines = BTreeMap::new();
    let named = rows.iter().filter(|row| is_here(row, slo)).flat_map(|row| &row.experiment.services);
    for slug in named {
        if lines.contains_key(slug) {
            continue;
        }
        let shown = services::acts::show(desk, slug.as_str()).await?;
        let line = Line {
            service: slug.clone(),
            name: shown.service.name,
            stateful: shown.service.stateful,
            single_point: shown.service.single_point,
            frequency: shown.frequency,
            changed_at: shown.changes.first().map(|change| change.at),
            tried: Vec::new(),
        };
        lines.insert(slug.clone(), line);
    }
    Ok(lines)
}

/// Those that nobody ever started, with whichever plan; what was tried is written into the lines of the services that
/// the plan of then names, also by experiments whose plan of now names others.
async fn never_run<'a>(
    tx: &mut Tx,
    rows: &'a [Row],
    slo: &Slo,
    lines: &mut BTreeMap<Slug, Line>,
) -> Result<Vec<&'a Row>> {
    let started = runs::acts::newest_started_on(tx, &slo.service).await?;
    for run in started.iter().filter(|run| run.execution.has_ended()) {
        let identity = experiments::acts::plan_of(tx, run.experiment, run.revision).await?.identity;
        let Some(tried) = tried(run, identity.fault.map(|fault| fault.kind)) else { continue };
        for service in &identity.services {
            if let Some(line) = lines.get_mut(service) {
                line.add(tried.clone());
            }
        }
    }
    let begun: BTreeSet<ExperimentId> = started.iter().map(|run| run.experiment).collect();
    Ok(rows.iter().filter(|row| is_here(row, slo) && !begun.contains(&row.experiment.id)).collect())
}

/// The order of the map asks what was tried, and not how it went.
fn tried(run: &Run, fault: Option<Slug>) -> Option<Tried> {
    Some(Tried {
        fault,
        environment: run.environment.clone(),
        run: run.id,
        execution: run.execution,
        validity: None,
        verdict: None,
        ended_at: run.ended_at?,
    })
}

/// Its place in the order of the map, without its cost.
fn candidate(row: &Row, ranked: &[Line]) -> Option<Untested> {
    let experiment = &row.experiment;
    let place = ranked.iter().position(|line| experiment.services.contains(&line.service))?;
    let line = &ranked[place];
    let marks = [(line.stateful, "stateful"), (line.single_point, "a single point of failure")];
    let marks = marks.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned());
    Some(Untested {
        experiment: experiment.id,
        title: experiment.title.clone(),
        question: experiment.title.to_string(),
        stage: experiment.stage,
        place,
        service: line.service.clone(),
        urgent_because: marks.chain([line.frequency.words()]).collect::<Vec<_>>().join(", "),
        fault_tried: line.tried.iter().any(|tried| tried.fault == row.fault),
        cost: Err("nobody looked".into()),
    })
}

/// Its question, and its worst case beside the budget.
async fn hold(desk: &Desk, tx: &mut Tx, shown: &Shown, untested: &mut Untested) -> Result<()> {
    let id = untested.experiment;
    let experiment = experiments::acts::in_tx(tx, id).await?;
    let revision = experiment.approved.unwrap_or(experiment.revision);
    let plan = experiments::acts::plan_of(tx, id, revision).await?;
    let fitting = gate::acts::fitting(desk, tx, Some((id, &plan)), (&shown.kept, &shown.standing)).await?;
    untested.cost = fitting.map(|fitting| (fitting.worst, fitting.fit));
    if let Some(question) = &plan.context.question {
        untested.question = question.to_string();
    }
    Ok(())
}
