//! Planning, starting and calling off a run, and writing down one that is over.

use std::collections::{BTreeMap, BTreeSet};

use super::{Held, one};
use crate::{
    actor::{Act, PersonId},
    belongs::Belongs,
    db::Tx,
    desk::Desk,
    events::about,
    experiments::{
        self, Stage,
        plan::{Identity, Plan},
    },
    fault::Result,
    gate::{self, asked::OPERATOR, reach::lasting, told::Attending},
    id::{ExperimentId, RunId},
    limits::PLANNED_LATE_MINUTES,
    people,
    refusal::{Checking, Refusal},
    runs::{
        Run,
        drafts::{MoveDraft, PlanDraft, StartDraft, WordsDraft, note, targets},
        facts::{Execution, RunTarget},
        sql,
        steps::Step,
        trail::{Crew, RunEvent},
    },
    teams,
    text::Note,
    time::{Moment, Zone},
};

/// A checked planning form.
struct Planned {
    time: Option<Moment>,
    crew: Crew,
    note: Option<Note>,
    replaces: Option<String>,
    targets: Vec<RunTarget>,
}

fn checked(desk: &Desk, draft: &PlanDraft, time: &str) -> Result<Planned, Refusal> {
    let mut checking = Checking::default();
    let zone = desk.zone();
    let planned_at = if time.trim().is_empty() {
        None
    } else {
        Moment::typed(time, &zone, desk.now()).map_err(|says| checking.say("planned_at", says)).ok()
    };
    if planned_at.is_some_and(|at| is_too_late(desk, at)) {
        checking.say("planned_at", "lies in the past; record a run that is over as a past run");
    }
    let crew = draft.crew(&mut checking);
    let note = checking.maybe("note", &draft.note, Note::new);
    let targets = targets(&mut checking, &draft.targets);
    let replaces = Some(draft.replaces.trim()).filter(|text| !text.is_empty());
    let replaces = match replaces.map(str::parse::<RunId>) {
        Some(Err(no)) => {
            checking.say("replaces", no.to_string());
            None
        }
        Some(Ok(id)) => Some(id.to_string()),
        None => None,
    };
    checking.end(Some(Planned { time: planned_at, crew, note, replaces, targets }))
}

/// A run at such a time would be missed at once, and for good.
fn is_too_late(desk: &Desk, at: Moment) -> bool {
    at < desk.now().plus_minutes(-PLANNED_LATE_MINUTES)
}

/// Plans a run of the experiment's approved revision.
pub async fn plan(desk: &Desk, draft: &PlanDraft) -> Result<Run> {
    desk.may(Act::PlanRun)?;
    let planned = checked(desk, draft, &draft.planned_at)?;
    let mut tx = desk.begin_write().await?;
    let run = enter_planned(desk, &mut tx, draft, planned).await?;
    desk.commit(tx, run.id).await?;
    Ok(run)
}

/// The same within another act.
pub(crate) async fn plan_in(desk: &Desk, tx: &mut Tx, draft: &PlanDraft) -> Result<Run> {
    desk.may(Act::PlanRun)?;
    let planned = checked(desk, draft, &draft.planned_at)?;
    enter_planned(desk, tx, draft, planned).await
}

async fn enter_planned(desk: &Desk, tx: &mut Tx, draft: &PlanDraft, planned: Planned) -> Result<Run> {
    let crew = planned.crew.clone();
    let mut held = open(desk, tx, draft, planned).await?;
    expect_crew(desk, tx, &mut held, &crew).await?;
    Ok(held.run)
}

/// Names of the crew that are accounts are expected on the run, so that nobody is asked for their parts
/// again once they are here.
async fn expect_crew(desk: &Desk, tx: &mut Tx, held: &mut Held, crew: &Crew) -> Result<()> {
    // The people of the sample are names on its lines and no accounts.
    if desk.writes_sample() || crew.parts().next().is_none() {
        return Ok(());
    }
    let accounts = people::acts::everybody(tx).await?;
    let mut expected: BTreeMap<PersonId, Attending> = BTreeMap::new();
    for (part, name) in crew.parts() {
        let Some(account) = people::meant(&accounts, name.as_str()) else { continue };
        let (person, can_revert) = (account.id, account.can_revert);
        let one = Attending { person, parts: BTreeSet::new(), can_revert, present: false };
        expected.entry(person).or_insert(one).parts.insert(part);
    }
    for attending in expected.into_values() {
        held.note(desk, tx, desk.now(), RunEvent::Attends { attending }).await?;
    }
    Ok(())
}

/// Writes the planned run of a form.
async fn open(desk: &Desk, tx: &mut Tx, draft: &PlanDraft, planned: Planned) -> Result<Held> {
    let experiment: ExperimentId =
        draft.experiment.parse().map_err(|no: crate::id::NoId| Refusal::unfit("experiment", no.to_string()))?;
    if let Some(replaced) = planned.replaces.as_deref().and_then(|id| id.parse::<RunId>().ok()) {
        Belongs::default().id(experiment).id(replaced).stays("replaces")?;
    }
    let found = experiments::acts::in_tx(tx, experiment).await?;
    let Some(revision) = found.approved else {
        return Err(Refusal::not_now(Act::PlanRun, format!("{experiment} has no approved plan revision")).into());
    };
    if found.stage == Stage::Retired {
        return Err(Refusal::not_now(Act::PlanRun, format!("{experiment} is retired; reopen it first")).into());
    }
    let plan = experiments::acts::plan_of(tx, experiment, revision).await?;
    let event = RunEvent::Planned {
        planned_at: planned.time,
        crew: planned.crew,
        note: planned.note,
        replaces: planned.replaces,
    };
    let mut held = enter(desk, tx, experiment, revision, &plan, planned.time, event).await?;
    if !planned.targets.is_empty() {
        held.note(desk, tx, desk.now(), RunEvent::Targets { targets: planned.targets }).await?;
    }
    Ok(held)
}

/// A new run's row and first line.
pub(crate) async fn enter(
    desk: &Desk,
    tx: &mut Tx,
    experiment: ExperimentId,
    revision: i64,
    plan: &Plan,
    planned_at: Option<Moment>,
    event: RunEvent,
) -> Result<Held> {
    let id = RunId::of(desk.number(tx, about::RUN, experiment.is_sample()).await?);
    let environment = plan
        .identity
        .environment
        .clone()
        .ok_or_else(|| Refusal::not_now(Act::PlanRun, "the plan names no environment"))?;
    let run = Run {
        id,
        experiment,
        title: plan.context.title.as_str().to_owned(),
        revision,
        environment,
        execution: Execution::Planned,
        planned_at,
        zone: desk.zone().name().to_owned(),
        started_at: None,
        ended_at: None,
        closed_at: None,
        created_at: desk.now(),
        version: 1,
    };
    sql::insert(tx, &run).await?;
    let facts = crate::runs::facts::RunFacts::new(id, experiment, revision, plan.identity.clone());
    let mut held = Held { run, facts, entries: Vec::new() };
    held.note(desk, tx, desk.now(), event).await?;
    Ok(held)
}

/// How much the gate has to say about a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    /// The run starts only through an open gate.
    Binds,
    /// The run had begun when it was told: what the gate says is kept, and keeps nothing from
    /// having happened.
    Advises,
}

/// Starts a planned run. From now on whoever can see it may abort it.
pub async fn start(desk: &Desk, id: RunId, draft: &StartDraft) -> Result<Run> {
    desk.may(Act::StartRun)?;
    let mut checking = Checking::default();
    let at = crate::runs::drafts::at(&mut checking, "at", &draft.at, &desk.zone(), desk.now());
    let targets = targets(&mut checking, &draft.targets);
    let at = checking.end(at)?;
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Start).await?;
    // The sample is a story that is over, told by its own clock.
    let binding = if desk.writes_sample() { Binding::Advises } else { Binding::Binds };
    begin(desk, &mut tx, &mut held, at, targets, binding).await?;
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await?;
    Ok(held.run)
}

/// Asks the gate, then freezes revision, identity and fingerprint.
pub(super) async fn begin(
    desk: &Desk,
    tx: &mut Tx,
    held: &mut Held,
    at: Moment,
    targets: Vec<RunTarget>,
    binding: Binding,
) -> Result<()> {
    if at > desk.now() {
        return Err(Refusal::unfit("at", "lies in the future; a run starts now or has started").into());
    }
    // The form sends the list along; one that says the same again is no news.
    if !targets.is_empty() && targets != held.facts.targets {
        held.note(desk, tx, at, RunEvent::Targets { targets }).await?;
    }
    let asked = match binding {
        // What was open an hour ago does not open it now. Whoever starts next to this one, or freezes
        // something meanwhile, waits until this start is told.
        Binding::Binds => {
            tx.lock_events().await?;
            gate::acts::of_run(desk, tx, held, desk.now()).await?
        }
        Binding::Advises => gate::acts::of_run(desk, tx, held, at).await?,
    };
    let starter = desk.person_id().unwrap_or(OPERATOR);
    let passed = match binding {
        Binding::Binds => asked.open(starter)?,
        Binding::Advises => asked.of_the_past(starter)?,
    };
    let identity = held.facts.identity.clone();
    let event = RunEvent::Started {
        fingerprint: identity.fingerprint(),
        identity: Box::new(Identity::clone(&identity)),
        runner: desk.person_id(),
        gate: Some(Box::new(passed)),
    };
    held.note(desk, tx, at, event).await
}

/// Writes down a run that is over: planned, started, fault, ended, all with their own times.
pub async fn record_past(desk: &Desk, draft: &PlanDraft) -> Result<Run> {
    desk.may(Act::RecordRun)?;
    let zone = desk.zone();
    let mut planned = checked(desk, draft, "")?;
    let (started, ended) = past_times(draft, &zone, desk.now())?;
    planned.time = Some(started);
    let targets = std::mem::take(&mut planned.targets);
    let mut tx = desk.begin_write().await?;
    let mut held = open(desk, &mut tx, draft, planned).await?;
    begin(desk, &mut tx, &mut held, started, targets, Binding::Advises).await?;
    held.note(desk, &mut tx, started, RunEvent::FaultStarted).await?;
    held.note(desk, &mut tx, ended, RunEvent::FaultEnded).await?;
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, held.run.id).await?;
    Ok(held.run)
}

fn past_times(draft: &PlanDraft, zone: &Zone, now: Moment) -> Result<(Moment, Moment), Refusal> {
    let mut checking = Checking::default();
    if draft.started_at.trim().is_empty() {
        checking.say("started_at", "is empty; say when the run started");
    }
    if draft.ended_at.trim().is_empty() {
        checking.say("ended_at", "is empty; say when the fault ended");
    }
    let started = crate::runs::drafts::at(&mut checking, "started_at", &draft.started_at, zone, now);
    let ended = crate::runs::drafts::at(&mut checking, "ended_at", &draft.ended_at, zone, now);
    if let Some((started, ended)) = started.zip(ended) {
        if ended < started {
            checking.say("ended_at", "lies before the start");
        }
        if ended > now {
            checking.say("ended_at", "lies in the future; plan the run instead");
        }
    }
    checking.end(started.zip(ended))
}

/// Calls off a planned run.
pub async fn cancel(desk: &Desk, id: RunId, draft: &WordsDraft) -> Result<Run> {
    let why = note(&draft.text, "text")?;
    let now = desk.now();
    one(desk, id, Step::Cancel, move |_| Ok((now, RunEvent::Cancelled { why }))).await
}

/// Gives a planned run another time. What people answered to the gate stays with it, as far as it holds there.
/// Where a freeze or the teams' hours speak against that time it takes another word: only the gate refuses, at the
/// start.
pub async fn move_to(desk: &Desk, id: RunId, draft: &MoveDraft) -> Result<Run> {
    desk.may(Act::PlanRun)?;
    let Moved { planned_at, why, anyway } = moved(desk, draft)?;
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::MoveTo).await?;
    let was = held.run.planned_at;
    if was == Some(planned_at) {
        return Err(Refusal::unfit("planned_at", format!("is the time at which {id} is planned already")).into());
    }
    let against = against(&mut tx, &held, planned_at).await?;
    if !against.is_empty() && !anyway {
        let mut checking = Checking::default();
        checking.say("planned_at", format!("is a time at which nothing may begin: {}", against.join("; ")));
        checking.say("anyway", "moves it there all the same; the gate asks again when it starts");
        return Ok(checking.end(None)?);
    }
    held.note(desk, &mut tx, desk.now(), RunEvent::MovedTo { planned_at, was, why, against }).await?;
    held.run.planned_at = Some(planned_at);
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await?;
    Ok(held.run)
}

/// What freezes and the teams' hours say against a run at a time, a clause each.
async fn against(tx: &mut Tx, held: &Held, at: Moment) -> Result<Vec<String>> {
    let plan = experiments::acts::plan_of(tx, held.run.experiment, held.run.revision).await?;
    let around = teams::acts::around(tx, &plan.identity.services, &held.run.environment, lasting(&plan, at)).await?;
    let freezes = around.freezes.into_iter().map(|words| format!("freeze: {words}"));
    Ok(freezes.chain(around.outside).collect())
}

/// A checked form to move a run.
struct Moved {
    planned_at: Moment,
    why: Note,
    anyway: bool,
}

fn moved(desk: &Desk, draft: &MoveDraft) -> Result<Moved, Refusal> {
    let mut checking = Checking::default();
    if draft.planned_at.trim().is_empty() {
        checking.say("planned_at", "is empty; say when the run is to start");
    }
    let at = Moment::typed(&draft.planned_at, &desk.zone(), desk.now());
    let at = at.map_err(|says| checking.say("planned_at", says)).ok();
    if at.is_some_and(|at| is_too_late(desk, at)) {
        checking.say("planned_at", "lies in the past; cancel the run instead");
    }
    let why = checking.need("text", Note::new(&draft.text));
    let anyway = checking.tick("anyway", &draft.anyway);
    checking.end(at.zip(why).map(|(planned_at, why)| Moved { planned_at, why, anyway }))
}
