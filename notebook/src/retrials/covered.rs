//! Loads the coverage map.

use std::collections::{BTreeMap, BTreeSet};

use super::coverage::{Line, Map, Tried, map, page};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    fault::Result,
    limits::COVERAGE_RUNS_MAX,
    paging::Rows,
    runs::{self, Run, facts::RunFacts},
    services, templates,
    text::Slug,
};

/// The most urgent services with what was tried on them, the blind spots first.
pub async fn coverage(desk: &Desk) -> Result<Map> {
    coverage_after(desk, None).await
}

/// The same of those that come after this one.
pub async fn coverage_after(desk: &Desk, after: Option<&Slug>) -> Result<Map> {
    desk.may(Act::Look)?;
    let all = every_service(desk).await?;
    let mut tx = desk.begin_read().await?;
    let (lines, next) = page(all, &runs::acts::tried(&mut tx).await?, after);
    let mut lines: BTreeMap<Slug, Line> = lines.into_iter().map(|line| (line.service.clone(), line)).collect();
    let services: BTreeSet<Slug> = lines.keys().cloned().collect();
    let (newest, older_left_out) = newest_ended_on(&mut tx, &services).await?;
    for (run, facts) in runs::acts::facts_of(&mut tx, &newest).await? {
        let Some(tried) = tried(run, &facts) else { continue };
        for service in &facts.identity.services {
            if let Some(line) = lines.get_mut(service) {
                line.add(tried.clone());
            }
        }
    }
    drop(tx);
    let templates = templates::acts::list(desk, &templates::acts::Filter::default()).await?;
    let map = map(lines.into_values().collect(), templates::fitting::faults(&templates));
    Ok(Map { next, older_left_out, ..map })
}

/// The row too many says that older runs are left out.
async fn newest_ended_on(tx: &mut Tx, services: &BTreeSet<Slug>) -> Result<(Vec<Run>, bool)> {
    let mut newest = runs::acts::newest_ended_on(tx, services, COVERAGE_RUNS_MAX + 1).await?;
    let left_out = i64::try_from(newest.len()).is_ok_and(|rows| rows > COVERAGE_RUNS_MAX);
    if left_out {
        newest.pop();
    }
    Ok((newest, left_out))
}

/// A run that ended, as the map shows it.
fn tried(run: Run, facts: &RunFacts) -> Option<Tried> {
    let ended_at = run.ended_at.filter(|_| run.execution.has_ended())?;
    let judged = runs::acts::Row::new(run, facts);
    Some(Tried {
        fault: facts.identity.fault.as_ref().map(|fault| fault.kind.clone()),
        environment: judged.run.environment,
        run: judged.run.id,
        execution: judged.run.execution,
        validity: judged.validity,
        verdict: judged.verdict,
        ended_at,
    })
}

/// Each is one row of a list; what was tried is asked of one page only.
async fn every_service(desk: &Desk) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    let mut filter = services::acts::Filter { rows: Rows::most(), ..services::acts::Filter::default() };
    loop {
        let (rows, more) = services::acts::list(desk, &filter).await?;
        filter.after = rows.last().map(|row| row.service.slug.clone());
        for row in rows {
            lines.push(Line {
                service: row.service.slug,
                name: row.service.name,
                stateful: row.service.stateful,
                single_point: row.service.single_point,
                frequency: row.frequency,
                changed_at: row.changed_at,
                tried: Vec::new(),
            });
        }
        if !more {
            return Ok(lines);
        }
    }
}
