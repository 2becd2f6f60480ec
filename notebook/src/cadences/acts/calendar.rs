//! Everything that is when: runs, slots, the teams' hours, freezes, and what gets in each other's way.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    shelf::Shelf,
    slots::{widened, within},
};
use crate::{
    actor::{Act, PersonId},
    cadences::{
        Cadence, Slot, SlotStanding,
        conflicts::{Conflict, Laid, conflicts},
        sql,
    },
    calendar::{Team, freeze::Freeze},
    db::Tx,
    desk::Desk,
    events::{self, Entry},
    fault::Result,
    freezes,
    gamedays::{self, GameDay},
    gate::reach::lasting,
    id::RunId,
    interval::Interval,
    limits::CALENDAR_RUNS_MAX,
    runs::{self, Run, facts::Execution, trail::RunEvent},
    teams,
    text::Slug,
    time::Moment,
};

/// Whose calendar; every part given must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    pub team: Option<Slug>,
    pub service: Option<Slug>,
    /// Runs this person planned or is on, and slots of cadences they set with the runs planned from these.
    pub person: Option<PersonId>,
}

impl Scope {
    pub(super) fn fits(&self, services: &BTreeSet<Slug>, teams: &BTreeSet<Slug>) -> bool {
        self.team.as_ref().is_none_or(|team| teams.contains(team))
            && self.service.as_ref().is_none_or(|service| services.contains(service))
    }

    /// A service is asked about its runs only.
    fn has(&self, gameday: &GameDay) -> bool {
        self.service.is_none()
            && self.team.as_ref().is_none_or(|team| gameday.text.body.teams.contains(team))
            && self.person.is_none_or(|person| gameday.is_on(person))
    }
}

/// One run with its time as far as anybody knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnCalendar {
    pub run: Run,
    /// What its own plan names.
    pub services: BTreeSet<Slug>,
    /// From its start, or planned start, to its end, or the end of its latest revert.
    pub during: Interval,
}

/// A stretch of time.
pub struct Calendar {
    pub within: Interval,
    /// The earliest first.
    pub runs: Vec<OnCalendar>,
    /// Those that have their run among them, the earliest first.
    pub slots: Vec<Slot>,
    /// Those of the team or the person, and those with one of the runs; the earliest first.
    pub gamedays: Vec<GameDay>,
    /// The team of the scope, the owners of its service, or all.
    pub teams: Vec<Team>,
    pub freezes: Vec<Freeze>,
    pub conflicts: Vec<Conflict>,
    /// There are more runs than a calendar holds; the earliest are left out.
    pub is_cut: bool,
}

pub async fn calendar(desk: &Desk, stretch: Interval, scope: &Scope) -> Result<Calendar> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    gather(&mut tx, stretch, scope, desk.now()).await
}

/// What a game day leaves out: slots within it of the experiments that its agenda names, where nothing is or was run and
/// no run on the game day says so already. The earliest first.
pub async fn left_out(desk: &Desk, gameday: &GameDay) -> Result<Vec<Slot>> {
    desk.may(Act::Look)?;
    let (text, named) = (&gameday.text, gameday.text.experiments());
    let Some(stretch) = Interval::new(text.from, text.until).filter(|_| !named.is_empty()) else {
        return Ok(Vec::new());
    };
    let mut tx = desk.begin_read().await?;
    let mut found = slots(&mut tx, &mut Shelf::default(), stretch, &Scope::default(), desk.now()).await?;
    found.retain(|slot| {
        let is_said = slot.run.is_some_and(|run| text.runs.contains(&run));
        named.contains(&slot.experiment) && slot.standing != SlotStanding::Planned && !is_said
    });
    Ok(found)
}

/// The same within another act.
pub(crate) async fn gather(tx: &mut Tx, stretch: Interval, scope: &Scope, now: Moment) -> Result<Calendar> {
    let mut shelf = Shelf::default();
    let slots = slots(tx, &mut shelf, stretch, scope, now).await?;
    let on = (scope.service.as_ref(), scope.team.as_ref());
    // Whose a run is, only its lines say: others' runs take up no place in a person's calendar.
    let rows = if scope.person.is_some() { i64::MAX } else { CALENDAR_RUNS_MAX + 1 };
    let mut found = runs::acts::within(tx, stretch, on, rows).await?;
    if let Some(person) = scope.person {
        let theirs = runs_of(&events::of_runs_within(tx, stretch).await?, person)?;
        let of_slots: BTreeSet<RunId> = slots.iter().filter_map(|slot| slot.run).collect();
        found.retain(|run| of_slots.contains(&run.id) || theirs.contains(&run.id.to_string()));
    }
    let is_cut = i64::try_from(found.len()).is_ok_and(|count| count > CALENDAR_RUNS_MAX);
    found.truncate(usize::try_from(CALENDAR_RUNS_MAX).unwrap_or(usize::MAX));
    found.reverse();
    let (mut on_calendar, mut laid) = (Vec::new(), Vec::new());
    for run in found {
        let known = shelf.of_run(tx, &run).await?;
        let services = known.services.clone();
        let Some(start) = run.started_at.or(run.planned_at) else { continue };
        if !scope.fits(&services, &known.team_names) {
            continue;
        }
        let planned = known.plan.as_ref().map_or(Interval::lasting(start, 0), |plan| lasting(plan, start));
        let during = run.ended_at.and_then(|end| Interval::new(start, end)).unwrap_or(planned);
        if is_open(run.execution) {
            let needs = known.needs.clone();
            let (environment, services) = (run.environment.clone(), services.clone());
            laid.push(Laid { run: run.id, environment, during, services, needs });
        }
        on_calendar.push(OnCalendar { run, services, during });
    }
    let gamedays = gamedays_of(tx, stretch, scope, &on_calendar).await?;
    Ok(Calendar {
        within: stretch,
        gamedays,
        conflicts: conflicts(&laid),
        runs: on_calendar,
        slots,
        teams: teams_of(tx, scope).await?,
        freezes: freezes::acts::during(tx, stretch).await?,
        is_cut,
    })
}

async fn gamedays_of(tx: &mut Tx, stretch: Interval, scope: &Scope, runs: &[OnCalendar]) -> Result<Vec<GameDay>> {
    let mut found = gamedays::acts::during(tx, stretch).await?;
    found.retain(|gameday| scope.has(gameday) || runs.iter().any(|on| gameday.text.runs.contains(&on.run.id)));
    Ok(found)
}

async fn teams_of(tx: &mut Tx, scope: &Scope) -> Result<Vec<Team>> {
    match (&scope.team, &scope.service) {
        (Some(team), _) => Ok(teams::acts::calendar_of(tx, team).await?.into_iter().collect()),
        (None, Some(service)) => teams::acts::calendars(tx, &BTreeSet::from([service.clone()])).await,
        (None, None) => teams::acts::all_calendars(tx).await,
    }
}

/// Cadences in force at some instant from which a slot can lie in a stretch of time, as far as they are somebody's.
pub(super) async fn of_scope(tx: &mut Tx, stretch: Interval, scope: &Scope) -> Result<Vec<Cadence>> {
    let mut cadences = sql::during(tx, widened(stretch)).await?;
    cadences.retain(|cadence| scope.person.is_none_or(|person| cadence.by == Some(person)));
    Ok(cadences)
}

async fn slots(tx: &mut Tx, shelf: &mut Shelf, stretch: Interval, scope: &Scope, now: Moment) -> Result<Vec<Slot>> {
    let cadences = of_scope(tx, stretch, scope).await?;
    let named = within(tx, shelf, &cadences, stretch, now).await?;
    let mut slots = Vec::new();
    for slot in named.into_iter().map(|named| named.slot) {
        let known = shelf.of(tx, slot.experiment).await?;
        if scope.fits(&known.services, &known.team_names) {
            slots.push(slot);
        }
    }
    slots.sort_by_key(|slot| (slot.at, slot.experiment));
    Ok(slots)
}

const fn is_open(execution: Execution) -> bool {
    match execution {
        Execution::Planned | Execution::Running | Execution::Reverting => true,
        Execution::Finished | Execution::Aborted | Execution::Cancelled | Execution::Missed => false,
    }
}

/// The runs a person planned, or is on with a part; the latest word on who is on counts.
fn runs_of(lines: &[Entry], person: PersonId) -> Result<BTreeSet<String>> {
    let (mut planned, mut on) = (BTreeSet::new(), BTreeMap::new());
    for line in lines {
        if line.act == "planned" && line.person == Some(person) {
            planned.insert(line.object.clone());
        }
        if line.act != "attends" {
            continue;
        }
        if let RunEvent::Attends { attending } = line.read()?
            && attending.person == person
        {
            on.insert(line.object.clone(), attending.present || !attending.parts.is_empty());
        }
    }
    planned.extend(on.into_iter().filter_map(|(run, is_on)| is_on.then_some(run)));
    Ok(planned)
}
