//! Loads the coverage map.

use std::collections::BTreeMap;

use super::coverage::{Line, Map, Tried, map};
use crate::{
    actor::Act,
    desk::Desk,
    experiments,
    fault::Result,
    runs::{self, Run, facts::RunFacts},
    services, templates,
    text::Slug,
};

/// Every service with what was tried on it, the blind spots first.
pub async fn coverage(desk: &Desk) -> Result<Map> {
    desk.may(Act::Look)?;
    let mut lines = every_service(desk).await?;
    let mut filter = experiments::acts::Filter::default();
    loop {
        let (rows, more) = experiments::acts::list(desk, &filter).await?;
        filter.before = rows.last().map(|row| row.experiment.id);
        let mut tx = desk.begin_read().await?;
        for row in &rows {
            for (run, facts) in runs::acts::of_experiment(&mut tx, row.experiment.id).await? {
                let Some(tried) = tried(&run, &facts) else { continue };
                for service in &facts.identity.services {
                    if let Some(line) = lines.get_mut(service) {
                        line.add(tried.clone());
                    }
                }
            }
        }
        drop(tx);
        if !more {
            let templates = templates::acts::list(desk, &templates::acts::Filter::default()).await?;
            return Ok(map(lines.into_values().collect(), templates::fitting::faults(&templates)));
        }
    }
}

/// A run that ended, as the map shows it.
fn tried(run: &Run, facts: &RunFacts) -> Option<Tried> {
    let ended_at = run.ended_at.filter(|_| run.execution.has_ended())?;
    let judged = runs::acts::Row::new(run.clone(), facts);
    Some(Tried {
        fault: facts.identity.fault.as_ref().map(|fault| fault.kind.clone()),
        environment: run.environment.clone(),
        run: run.id,
        execution: run.execution,
        validity: judged.validity,
        verdict: judged.verdict,
        ended_at,
    })
}

async fn every_service(desk: &Desk) -> Result<BTreeMap<Slug, Line>> {
    let mut lines = BTreeMap::new();
    let mut filter = services::acts::Filter::default();
    loop {
        let (rows, more) = services::acts::list(desk, &filter).await?;
        filter.after = rows.last().map(|row| row.service.slug.clone());
        for row in rows {
            let line = Line {
                service: row.service.slug.clone(),
                name: row.service.name,
                stateful: row.service.stateful,
                single_point: row.service.single_point,
                frequency: row.frequency,
                changed_at: row.changed_at,
                tried: Vec::new(),
            };
            lines.insert(row.service.slug, line);
        }
        if !more {
            return Ok(lines);
        }
    }
}
