//! Loads the runs of a comparison and what was changed between them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::compare::{
    Between, Said,
    charts::{Chart, charts},
    side_by_side,
};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    experiments::identity::{Compared, relation},
    fault::Result,
    id::RunId,
    limits::{CHANGES_BETWEEN_MAX, COMPARED_RUNS_MAX},
    refusal::Refusal,
    runs::{self, Run, facts::RunFacts, trail::Crew},
    services::{self, Change},
    text::Slug,
};

/// Runs side by side, in the order in which they started.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct RunsCompared {
    pub runs: Vec<Column>,
    /// Only what differs, unless all was asked for.
    pub lines: Vec<Said>,
    /// Checks of which two runs or more have a number; only those that differ, unless all was asked for.
    pub charts: Vec<Chart>,
    /// What was recorded on their services from each start to the next.
    pub between: Vec<Between>,
}

/// One of the runs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ComparedRun"))]
pub struct Column {
    pub run: Run,
    /// What its plan is to that of the first run; null for the first itself.
    pub to_first: Option<Compared>,
}

struct Loaded {
    run: Run,
    facts: RunFacts,
    crew: Crew,
}

/// Two to six runs beside each other: what differs, or with `all` whatever is said of them.
pub async fn compare_runs(desk: &Desk, ids: &BTreeSet<RunId>, all: bool) -> Result<RunsCompared> {
    desk.may(Act::Look)?;
    if !(2..=COMPARED_RUNS_MAX).contains(&ids.len()) {
        return Err(Refusal::unfit("ids", format!("names 2 to {COMPARED_RUNS_MAX} different runs")).into());
    }
    let mut tx = desk.begin_read().await?;
    let mut loaded = Vec::with_capacity(ids.len());
    for id in ids {
        let (run, facts, crew) = runs::acts::with_crew(&mut tx, *id).await?;
        loaded.push(Loaded { run, facts, crew });
    }
    loaded.sort_by_key(|one| (one.facts.started.is_none(), one.facts.started, one.run.id));
    let between = between(&mut tx, &loaded).await?;
    let said: Vec<(&RunFacts, &Crew)> = loaded.iter().map(|one| (&one.facts, &one.crew)).collect();
    let facts: Vec<&RunFacts> = loaded.iter().map(|one| &one.facts).collect();
    let (mut lines, mut charts) = (side_by_side(&said), charts(&facts));
    if !all {
        lines.retain(Said::differs);
        charts.retain(Chart::differs);
    }
    Ok(RunsCompared { lines, charts, between, runs: columns(loaded) })
}

/// What was recorded from the start of the run before this one to its own; None for the first.
pub async fn since_before(desk: &Desk, run: &Run) -> Result<Option<Between>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let Some(earlier) = runs::acts::started_before(&mut tx, run).await? else { return Ok(None) };
    let mut both = Vec::with_capacity(2);
    for id in [earlier.id, run.id] {
        let (run, facts, crew) = runs::acts::with_crew(&mut tx, id).await?;
        both.push(Loaded { run, facts, crew });
    }
    Ok(between(&mut tx, &both).await?.pop())
}

fn columns(loaded: Vec<Loaded>) -> Vec<Column> {
    let first = loaded.first().map(|one| (one.run.id, one.facts.identity.clone()));
    let column = |one: Loaded| {
        let to_first = first.as_ref().filter(|(id, _)| *id != one.run.id);
        let to_first = to_first.map(|(_, identity)| relation(&one.facts.identity, identity));
        Column { run: one.run, to_first }
    };
    loaded.into_iter().map(column).collect()
}

/// Changes on what both runs are about, in the environment of either, from one start to the next.
async fn between(tx: &mut Tx, loaded: &[Loaded]) -> Result<Vec<Between>> {
    let mut list = Vec::new();
    for (earlier, later) in loaded.iter().zip(loaded.iter().skip(1)) {
        let Some((from, to)) = earlier.facts.started.zip(later.facts.started) else { continue };
        let services: BTreeSet<Slug> = services_of(earlier).chain(services_of(later)).collect();
        let environments = BTreeSet::from([&earlier.run.environment, &later.run.environment]);
        let mut changes: Vec<Change> = Vec::new();
        for environment in environments {
            changes.extend(services::acts::changes_within(tx, &services, environment, (from, to)).await?);
        }
        changes.retain(|change| from < change.at);
        changes.sort_by_key(|change| (change.at, change.id));
        let (changes, changes_all) = newest(changes);
        list.push(Between { from: earlier.run.id, to: later.run.id, changes, changes_all });
    }
    Ok(list)
}

/// The last of a list that stands in the order of time, and how many there are.
pub(super) fn newest<T>(mut changes: Vec<T>) -> (Vec<T>, usize) {
    let all = changes.len();
    changes.drain(..all.saturating_sub(CHANGES_BETWEEN_MAX));
    (changes, all)
}

fn services_of(one: &Loaded) -> impl Iterator<Item = Slug> {
    one.facts.identity.services.iter().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_changes_the_newest_stand_and_all_are_counted() {
        let all: Vec<usize> = (0..CHANGES_BETWEEN_MAX + 3).collect();
        assert_eq!(newest(all.clone()), (all[3..].to_vec(), CHANGES_BETWEEN_MAX + 3));
        assert_eq!(newest(vec![7, 8]), (vec![7, 8], 2));
    }
}
