//! All runs of an experiment with what follows from each. Of one that was run often, this is remembered: after a line
//! about one of its runs that one is read anew, and no other (decision 32).

use std::{collections::HashMap, sync::Arc};

use super::read::{Plans, facts_sharing, with_facts};
use crate::{
    db::Tx,
    desk::Desk,
    events,
    fault::Result,
    id::{ExperimentId, RunId},
    limits::{REMEMBERED_LINES, REMEMBERED_RUNS_FROM},
    runs::{Run, facts::RunFacts, sql},
    time::Moment,
};

/// What each run amounts to. Its trail says all of it: neither the clock nor any other line changes it.
type Folded = HashMap<RunId, Arc<RunFacts>>;

/// All runs of an experiment with their facts, oldest first. Two statements, however many runs; where they are
/// remembered, one for the runs and one for every twenty of those that have a new line.
pub(crate) async fn of_experiment(desk: &Desk, tx: &mut Tx, id: ExperimentId) -> Result<Vec<(Run, Arc<RunFacts>)>> {
    let seq = events::newest_seq(tx).await?;
    let runs = sql::of_experiment(tx, id).await?;
    // The sample can be taken out and written again.
    if id.is_sample() || runs.len() < REMEMBERED_RUNS_FROM {
        let entries = events::of_runs_of(tx, id).await?;
        return Ok(with_facts(runs, entries)?.into_iter().map(|(run, facts)| (run, Arc::new(facts))).collect());
    }
    let folded = if let Some(folded) = recall(desk, tx, id, (seq, &runs)).await? {
        folded
    } else {
        let entries = events::of_runs_of(tx, id).await?;
        let all = with_facts(runs.clone(), entries)?;
        Arc::new(all.into_iter().map(|(run, facts)| (run.id, Arc::new(facts))).collect())
    };
    if tx.only_reads() {
        let always = (Moment::from_micros(i64::MIN), Moment::from_micros(i64::MAX));
        desk.notebook.series.keep(id.to_string(), seq, always, Arc::clone(&folded));
    }
    let known = |run: Run| {
        let facts = Arc::clone(folded.get(&run.id)?);
        Some((run, facts))
    };
    Ok(runs.into_iter().filter_map(known).collect())
}

/// What is remembered, with those runs read anew that have lines since.
async fn recall(
    desk: &Desk,
    tx: &mut Tx,
    id: ExperimentId,
    (newest, runs): (i64, &[Run]),
) -> Result<Option<Arc<Folded>>> {
    let Some((seq, folded)) = desk.notebook.series.recall::<Folded>(&id.to_string(), desk.now()) else {
        return Ok(None);
    };
    // What knows more than this transaction sees is of no use to it.
    let since = newest - seq;
    if !(0..=REMEMBERED_LINES).contains(&since) {
        return Ok(None);
    }
    let changed = if since == 0 { Vec::new() } else { events::runs_since(tx, id, seq, since).await? };
    let is_new = |run: &&Run| changed.contains(&run.id) || !folded.contains_key(&run.id);
    let anew: Vec<Run> = runs.iter().filter(is_new).cloned().collect();
    if anew.is_empty() {
        return Ok(Some(folded));
    }
    let mut plans = Plans::of(folded.values().map(Arc::as_ref));
    let mut folded = Folded::clone(&folded);
    for (run, facts) in facts_sharing(tx, &anew, &mut plans).await? {
        folded.insert(run.id, Arc::new(facts));
    }
    Ok(Some(Arc::new(folded)))
}
