//! Looking at runs: one with everything its page shows, or a page of the list.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    Held,
    during::OBSERVED,
    lines,
    pin::PINNED,
    sampling::{Watched, watched},
};
use crate::{
    actor::Act,
    answer::Answer,
    db::{self, Tx},
    desk::Desk,
    events::{self, Entry, about},
    experiments::{
        self,
        identity::{Compared, Relation},
        plan::{Identity, Plan},
    },
    fault::Result,
    gate::{
        self,
        asked::Asked,
        passed::Passed,
        preflight::{self, Looked, Polled},
        prompts::{self, Prompt},
        told::{Marked, attending, passed, present},
    },
    id::{ExperimentId, RunId},
    interval::Interval,
    limits::PAGE_ROWS,
    paging::Rows,
    runs::{
        Run,
        facts::{Execution, RunFacts, Verdict},
        sql::{self, Filter},
        telemetry::{Telemetry, telemetry},
        trail::{Crew, ObservationKind, RunEvent},
        validity::{Validity, bare_validity, is_valid, validity},
        verdict::{proposed_verdict, verdict},
    },
    text::Slug,
    time::Moment,
};

/// A run as its page shows it.
pub struct Shown {
    pub run: Run,
    pub facts: RunFacts,
    /// It was over when it was written down.
    pub is_past: bool,
    pub plan: Plan,
    pub crew: Crew,
    pub note: Option<String>,
    pub replaces: Option<String>,
    pub observations: Vec<Observation>,
    pub history: Vec<Entry>,
    pub validity: Option<Answer<Validity>>,
    pub proposed: Option<Answer<Verdict>>,
    pub verdict: Option<Verdict>,
    pub telemetry: Answer<Telemetry>,
    /// What the gate says of a start at the planned time; only while planned.
    pub gate: Option<Asked>,
    /// Where that lies ahead: the checks that say something else of a start now.
    pub gate_now: Option<Asked>,
    /// What the gate said when it started.
    pub passed: Option<Passed>,
    /// Who is on it, present or expected.
    pub attending: Vec<Marked>,
    /// Go or no-go of each part, and what looking both ways showed.
    pub polled: Vec<Polled>,
    pub looked: Vec<Looked>,
    /// What speaks for aborting it now, while it goes on, and a revert that takes too long.
    pub prompts: Vec<Prompt>,
    /// What its plan asks a Prometheus, and what that was answered.
    pub watched: Option<Watched>,
    /// The valid run before it, and how this run's plan relates to that one's.
    pub before: Option<(Run, Compared)>,
}

/// One entry of the timeline that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    pub number: i64,
    pub at: Moment,
    pub recorded_at: Moment,
    pub name: String,
    pub kind: ObservationKind,
    pub text: String,
    pub pinned: bool,
}

/// One line of a list.
pub struct Row {
    pub run: Run,
    pub targets: Vec<String>,
    pub validity: Option<Validity>,
    pub verdict: Option<Verdict>,
    pub telemetry: Telemetry,
}

pub async fn show(desk: &Desk, id: RunId) -> Result<Shown> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let held = Held::load(&mut tx, id).await?;
    let plan = experiments::acts::plan_of(&mut tx, held.run.experiment, held.run.revision).await?;
    let gate = match held.facts.execution {
        Execution::Planned => Some(gate::acts::of_run(desk, &mut tx, &held, held.planned_start(desk)).await?),
        Execution::Running
        | Execution::Reverting
        | Execution::Finished
        | Execution::Aborted
        | Execution::Cancelled
        | Execution::Missed => None,
    };
    let gate_now = match &gate {
        Some(then) if held.planned_start(desk) > desk.now() => Box::pin(gate_now(desk, &mut tx, &held, then)).await?,
        Some(_) | None => None,
    };
    let told = lines(&held.entries)?;
    let (passed, attending) = (passed(&told), attending(&told));
    let watched = watched(&mut tx, &held.run, &plan).await?;
    let late = held.late_revert(plan.context.revert.deadline_ms, passed.as_ref(), desk.now());
    let mut prompts: Vec<Prompt> = late.map(prompts::late).into_iter().collect();
    if held.can_be_aborted(passed.as_ref()) {
        let here = present(&attending);
        let more = gate::acts::prompts(desk, &mut tx, &held, passed.as_ref(), &here, watched.as_ref());
        prompts.extend(Box::pin(more).await?);
    }
    let before = before(&mut tx, &held).await?;
    let (crew, note, replaces) = planning(&held.entries)?;
    Ok(Shown {
        is_past: held.is_past(),
        plan,
        crew,
        note,
        replaces,
        observations: observations(&held.entries)?,
        validity: validity(&held.facts),
        proposed: proposed_verdict(&held.facts),
        verdict: verdict(&held.facts),
        telemetry: telemetry(&held.facts),
        gate,
        gate_now,
        passed,
        attending,
        polled: preflight::polled(&told),
        looked: preflight::looked(&told),
        prompts,
        watched,
        before,
        run: held.run,
        facts: held.facts,
        history: held.entries,
    })
}

/// The gate of a start before the planned time, as far as it says something else.
async fn gate_now(desk: &Desk, tx: &mut Tx, held: &Held, then: &Asked) -> Result<Option<Asked>> {
    let mut now = gate::acts::of_run(desk, tx, held, desk.now()).await?;
    now.lines.retain(|line| !then.lines.iter().any(|other| line.says_no_more_than(other)));
    Ok((!now.lines.is_empty()).then_some(now))
}

/// The newest earlier run of the same experiment that was valid.
async fn before(tx: &mut Tx, held: &Held) -> Result<Option<(Run, Compared)>> {
    let Some(started) = held.facts.started else {
        return Ok(None);
    };
    let mut later = held.run.clone();
    while let Some(earlier) = sql::started_before(tx, &later).await? {
        let Held { run, facts, .. } = Held::load(tx, earlier.id).await?;
        if is_valid(&facts) && facts.started.is_some_and(|at| at < started) {
            let compared = experiments::identity::relation(&held.facts.identity, &facts.identity);
            return Ok(Some((run, compared)));
        }
        later = run;
    }
    Ok(None)
}

/// What a run's plan is to that of the valid run before it; None before it started, and for the first one.
pub(crate) async fn relation_before(tx: &mut Tx, held: &Held) -> Result<Option<Relation>> {
    Ok(before(tx, held).await?.map(|(_, compared)| compared.relation))
}

/// A run with its facts and who was to be on it.
pub(crate) async fn with_crew(tx: &mut Tx, id: RunId) -> Result<(Run, RunFacts, Crew)> {
    let held = Held::load(tx, id).await?;
    let (crew, _, _) = planning(&held.entries)?;
    Ok((held.run, held.facts, crew))
}

fn planning(entries: &[Entry]) -> Result<(Crew, Option<String>, Option<String>)> {
    let mut found = (Crew::default(), None, None);
    for line in lines(entries)? {
        if let RunEvent::Planned { crew, note, replaces, .. } = line.event {
            found = (crew, note.map(String::from), replaces);
        }
    }
    Ok(found)
}

fn observations<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Result<Vec<Observation>> {
    let mut list: Vec<Observation> = Vec::new();
    for entry in entries {
        match entry.read()? {
            RunEvent::Observed { number, kind, text, pinned } => {
                let (at, recorded_at, name) = (entry.at, entry.recorded_at, entry.name.clone());
                list.push(Observation { number, at, recorded_at, name, kind, text: text.into(), pinned });
            }
            RunEvent::Pinned { observation, pinned } => {
                list.iter_mut().filter(|seen| seen.number == observation).for_each(|seen| seen.pinned = pinned);
            }
            _ => {}
        }
    }
    Ok(list)
}

/// What tells several runs in short: their pinned observations, and so many of the newest of them all; in the order
/// of time, each with its run. One statement reads them.
pub(crate) async fn told_in(tx: &mut Tx, runs: &BTreeSet<RunId>, newest: usize) -> Result<Vec<(RunId, Observation)>> {
    let objects: Vec<String> = runs.iter().map(ToString::to_string).collect();
    let entries = events::noted_in(tx, &objects, i64::try_from(newest).unwrap_or(i64::MAX)).await?;
    let mut seqs: Vec<i64> = entries.iter().filter(|entry| entry.act == OBSERVED).map(|entry| entry.seq).collect();
    let older = seqs.len().saturating_sub(newest);
    let newest: BTreeSet<i64> = seqs.drain(older..).collect();
    let mut told = Vec::new();
    for (run, object) in runs.iter().zip(&objects) {
        let own: Vec<&Entry> = entries.iter().filter(|entry| entry.object == *object).collect();
        let seqs = own.iter().filter(|entry| entry.act == OBSERVED).map(|entry| entry.seq);
        let seen = observations(own.iter().copied())?;
        let shown = seqs.zip(seen).filter(|(seq, seen)| seen.pinned || newest.contains(seq));
        told.extend(shown.map(|(_, seen)| (*run, seen)));
    }
    told.sort_by_key(|(_, seen)| seen.at);
    Ok(told)
}

/// Each run with its facts, read from their trails, in this order: a statement for many of them.
pub(crate) async fn facts_of(tx: &mut Tx, runs: &[Run]) -> Result<Vec<(Run, RunFacts)>> {
    facts_sharing(tx, runs, &mut Plans::default()).await
}

/// The same; what is known of plans already is shared, too.
pub(super) async fn facts_sharing(tx: &mut Tx, runs: &[Run], plans: &mut Plans) -> Result<Vec<(Run, RunFacts)>> {
    let mut told = Vec::with_capacity(runs.len());
    for some in runs.chunks(events::RUNS_READ_TOGETHER) {
        let objects: Vec<String> = some.iter().map(|run| run.id.to_string()).collect();
        let entries = events::of_runs(tx, &objects).await?;
        told.extend(all_folded(some.to_vec(), entries, plans)?);
    }
    Ok(told)
}

/// The plan that runs of a revision froze. An import may freeze another one, so only what is equal is shared.
#[derive(Default)]
pub(super) struct Plans(BTreeMap<(ExperimentId, i64), Arc<Identity>>);

impl Plans {
    pub fn of<'a>(all: impl Iterator<Item = &'a RunFacts>) -> Self {
        let mut plans = Self::default();
        for facts in all.filter(|facts| facts.started.is_some()) {
            plans.of_revision(facts);
        }
        plans
    }

    /// The plan of the first that comes is that of its revision.
    fn of_revision(&mut self, facts: &RunFacts) -> &Arc<Identity> {
        let own = || Arc::clone(&facts.identity);
        self.0.entry((facts.experiment, facts.revision)).or_insert_with(own)
    }

    /// Before a run starts its own trail says nothing of its plan.
    fn share(&mut self, facts: &mut RunFacts) {
        if facts.started.is_none() {
            return;
        }
        let known = Arc::clone(self.of_revision(facts));
        if known == facts.identity {
            facts.identity = known;
        }
    }
}

fn folded(run: &Run, entries: &[Entry]) -> Result<RunFacts> {
    let mut facts = RunFacts::new(run.id, run.experiment, run.revision, Identity::default());
    lines(entries)?.iter().for_each(|line| facts.take(line));
    Ok(facts)
}

/// Each run with what follows from its own lines. Looks at each line once, however many runs.
pub(super) fn with_facts(runs: Vec<Run>, entries: Vec<Entry>) -> Result<Vec<(Run, RunFacts)>> {
    all_folded(runs, entries, &mut Plans::default())
}

fn all_folded(runs: Vec<Run>, entries: Vec<Entry>, plans: &mut Plans) -> Result<Vec<(Run, RunFacts)>> {
    let mut trails: HashMap<String, Vec<Entry>> = HashMap::new();
    for entry in entries {
        trails.entry(entry.object.clone()).or_default().push(entry);
    }
    let facts = |run: Run| -> Result<(Run, RunFacts)> {
        let trail = trails.get(&run.id.to_string()).map_or(&[] as &[Entry], Vec::as_slice);
        let mut facts = folded(&run, trail)?;
        plans.share(&mut facts);
        Ok((run, facts))
    };
    runs.into_iter().map(facts).collect()
}

/// The lines of all runs on a page of the list: a statement for the notebook's own ones, one for the
/// sample's.
async fn trails(tx: &mut Tx, filter: &Filter, runs: &[Run]) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for is_sample in [false, true] {
        let ids = || runs.iter().map(|run| run.id).filter(move |id| id.is_sample() == is_sample);
        if let Some(ends) = ids().min().zip(ids().max()) {
            let execution = filter.execution.map(Execution::word);
            entries.extend(events::of_runs_between(tx, ends, execution, filter.experiment).await?);
        }
    }
    Ok(entries)
}

impl Row {
    pub(crate) fn new(run: Run, facts: &RunFacts) -> Self {
        Self {
            targets: facts
                .targets
                .iter()
                .filter(|target| target.hit)
                .map(|target| target.name.as_str().to_owned())
                .collect(),
            validity: bare_validity(facts),
            verdict: verdict(facts),
            telemetry: telemetry(facts).is,
            run,
        }
    }
}

/// The runs with these ids, in this order, as the list shows them.
pub async fn rows_of(desk: &Desk, ids: &[RunId]) -> Result<Vec<Row>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let held = Held::load(&mut tx, *id).await?;
        rows.push(Row::new(held.run, &held.facts));
    }
    Ok(rows)
}

/// What was written down during a run after the observation with this number: a page of it, and
/// whether there is more.
pub async fn list_observations(desk: &Desk, id: RunId, after: i64, rows: Rows) -> Result<(Vec<Observation>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let run = sql::load(&mut tx, id).await?.id.to_string();
    // They count from 1 in the order written, so a number says how many stand before the next one.
    let skip = after.max(0);
    let entries = events::some_of(&mut tx, (about::RUN, &run), OBSERVED, skip, rows.and_one()).await?;
    let (mut entries, more) = rows.page(entries);
    entries.extend(events::some_of(&mut tx, (about::RUN, &run), PINNED, 0, i64::MAX).await?);
    Ok((observations(&entries)?, more))
}

/// Runs whose own plan names a service, in an environment, that began from a moment on: the newest page, newest first.
pub async fn on_service(desk: &Desk, service: &Slug, environment: &Slug, from: Moment) -> Result<Vec<Run>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    sql::on_service(&mut tx, service, environment, from, PAGE_ROWS).await
}

/// The run of the same experiment that started last before this one.
pub(crate) async fn started_before(tx: &mut Tx, run: &Run) -> Result<Option<Run>> {
    sql::started_before(tx, run).await
}

/// Of the runs that ever began of experiments of which any plan names a service, the newest of each revision in each
/// state. Reads no trail.
pub(crate) async fn newest_started_on(tx: &mut Tx, service: &Slug) -> Result<Vec<Run>> {
    sql::newest_started_on(tx, service).await
}

/// Every service that the plan of any run named which ended, whatever later plans name.
pub(crate) async fn tried(tx: &mut Tx) -> Result<BTreeSet<Slug>> {
    sql::covering::tried(tx).await
}

/// Of the runs that ended and whose own revision names these services, the newest of each revision in each
/// environment, the newest first, at most so many. Reads no trail.
pub(crate) async fn newest_ended_on(tx: &mut Tx, services: &BTreeSet<Slug>, rows: i64) -> Result<Vec<Run>> {
    sql::covering::newest_ended_on(tx, services, rows).await
}

/// The planned runs of these experiments, the soonest first, all in one statement.
pub(crate) async fn planned_of(tx: &mut Tx, experiments: &BTreeSet<ExperimentId>) -> Result<Vec<Run>> {
    sql::listing::planned_of(tx, experiments).await
}

/// The notebook's own runs that began in a stretch of time, the newest first, at most so many.
pub(crate) async fn started_within(tx: &mut Tx, interval: Interval, rows: i64) -> Result<Vec<Run>> {
    sql::started_within(tx, interval, rows).await
}

/// Runs that began, or are planned and did not, in a stretch of time, by their own plans on a service and on services
/// of a team if these are named, the latest first, at most so many.
pub(crate) async fn within(
    tx: &mut Tx,
    stretch: Interval,
    on: (Option<&Slug>, Option<&Slug>),
    rows: i64,
) -> Result<Vec<Run>> {
    sql::within(tx, stretch, on, rows).await
}

/// Runs in an environment that go on now or are planned to begin before a moment.
pub(crate) async fn open_in(tx: &mut Tx, environment: &Slug, before: Moment) -> Result<Vec<Run>> {
    sql::open_in(tx, environment, before).await
}

/// Runs in an environment whose signals still wait to be heard.
pub(crate) async fn answerable(tx: &mut Tx, environment: &Slug, ended_from: Moment) -> Result<Vec<Run>> {
    sql::answerable(tx, environment, ended_from).await
}

/// One page of runs, own ones first, newest first, and whether there are older ones.
pub async fn list(desk: &Desk, filter: &Filter) -> Result<(Vec<Row>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut found = Vec::new();
    for stretch in db::stretches(filter.before.map(RunId::number)) {
        if !filter.rows.is_full(&found) {
            found.extend(sql::page(&mut tx, filter, &stretch).await?);
        }
    }
    let (runs, more) = filter.rows.page(found);
    let entries = trails(&mut tx, filter, &runs).await?;
    let rows = with_facts(runs, entries)?.into_iter().map(|(run, facts)| Row::new(run, &facts));
    Ok((rows.collect(), more))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::sample::{identity_with_gap_at_most, run};

    #[test]
    fn runs_that_froze_the_same_plan_of_a_revision_share_it() {
        let known = run(1);
        let mut plans = Plans::of(std::iter::once(&known));
        let shares = |mut facts: RunFacts| {
            let plan = Identity::clone(&facts.identity);
            plans.share(&mut facts);
            assert_eq!(*facts.identity, plan, "{}", facts.id);
            Arc::ptr_eq(&facts.identity, &known.identity)
        };
        let other = run(3).planned_as(identity_with_gap_at_most("30"));
        let elsewhere = RunFacts { revision: 2, ..run(4) };
        let planned = RunFacts { started: None, ..run(5) };
        assert_eq!([run(2), other, elsewhere, planned].map(shares), [true, false, false, false]);
    }
}
