//! Everything the page of one run draws with, loaded once.

use notebook::actor::{Act, PersonId};
use notebook::alerts::acts::{self as alerts, OfRun};
use notebook::decisions;
use notebook::desk::Desk;
use notebook::experiments::plan::Check;
use notebook::fault::Result;
use notebook::findings::acts::Filter;
use notebook::id::RunId;
use notebook::ledger::Cost;
use notebook::ledger::acts::of_run;
use notebook::people;
use notebook::refusal::Refusal;
use notebook::retrials::acts::{self as retrials, DecisionRow, FindingRow, OpenFix, RunRow};
use notebook::runs::acts::{Observation, Shown, show};
use notebook::runs::facts::{Execution, RunFacts};
use notebook::runs::proposals::Proposal;
use notebook::runs::steps::Step;
use notebook::runs::trail::RunEvent;
use notebook::services::Change;
use notebook::services::acts::chef;
use notebook::services::chef::Converge;

use super::planning::known_targets;
use super::targets::Named;
use super::told::{Told, told};
use crate::form::FormState;
use crate::paths;
use crate::times::Times;

pub struct Loaded {
    pub desk: Desk,
    pub times: Times,
    pub shown: Shown,
    /// The trail, oldest first.
    pub trail: Vec<Told>,
    /// The fixes this run has to answer for.
    pub open: Vec<OpenFix>,
    pub findings: Vec<FindingRow>,
    pub decisions: Vec<DecisionRow>,
    pub since: Option<Since>,
    /// What it cost each promise it touched, so far.
    pub costs: Vec<Cost>,
    /// What alerts told of its signals, and the others beside it.
    pub alerts: OfRun,
    /// Chef runs on its services that failed while it went on.
    pub chef_failed: Vec<Converge>,
    /// What the services list as targets; only while planned.
    pub known: Vec<Named>,
    /// Everybody with an account, by name.
    pub names: Vec<(PersonId, String)>,
    /// The notebook is kept by one person alone.
    pub solo: bool,
}

/// What was recorded between the run that started before this one and this one.
pub struct Since {
    pub before: RunId,
    pub changes: Vec<Change>,
}

impl Loaded {
    pub async fn of(desk: Desk, id: RunId) -> Result<Self> {
        let shown = show(&desk, id).await?;
        let started = shown.facts.started.is_some();
        let open = if started { retrials::open_fixes(&desk, id).await? } else { Vec::new() };
        let since = if started { since(retrials::overview(&desk, shown.run.experiment).await?.runs, id) } else { None };
        let costs = of_run(&desk, &shown.run, &shown.facts).await?;
        let alerts = alerts::beside(&desk, (&shown.run, &shown.facts), &shown.plan).await?;
        let chef_failed = chef_failed(&desk, &shown).await?;
        let (findings, _) = retrials::findings(&desk, &Filter { origin: Some(id), ..Filter::default() }).await?;
        let taken = decisions::acts::Filter { run: Some(id), ..Default::default() };
        let (decisions, _) = retrials::decisions(&desk, &taken).await?;
        let solo = people::acts::solo(&desk).await?;
        let trail = told(&shown.history)?;
        let planned = shown.facts.execution == Execution::Planned;
        let known = if planned { known_targets(&desk, &shown.plan).await? } else { Vec::new() };
        let names = people::acts::names(&desk, id.is_sample()).await?;
        Ok(Self {
            times: Times::of(&desk),
            desk,
            shown,
            trail,
            open,
            findings,
            decisions,
            since,
            costs,
            alerts,
            chef_failed,
            known,
            names,
            solo,
        })
    }

    pub fn id(&self) -> RunId {
        self.shown.run.id
    }

    pub fn facts(&self) -> &RunFacts {
        &self.shown.facts
    }

    pub fn page(&self) -> String {
        paths::run(self.id())
    }

    /// Where a form of this page is sent.
    pub fn action(&self, act: &str) -> String {
        paths::act(&self.page(), act)
    }

    pub fn form(&self, act: &str) -> FormState {
        FormState::of(self.action(act))
    }

    /// Whether this person may take the step and the run's state allows it.
    pub fn can(&self, step: Step) -> bool {
        self.desk.shows(step.act()) && step.allowed(self.facts()).is_ok()
    }

    pub fn shows(&self, act: Act) -> bool {
        self.desk.shows(act)
    }

    /// The observation with this fragment, like `o12`. They count from 1 in the order written.
    pub fn observation(&self, anchor: Option<&str>) -> Option<&Observation> {
        let number: usize = anchor?.strip_prefix('o')?.parse().ok()?;
        self.shown.observations.get(number.checked_sub(1)?)
    }

    /// What readings say of a check as of now, where a query measures it.
    pub fn proposal(&self, check: &Check) -> Option<Proposal> {
        self.shown.watched.as_ref()?.proposal(self.facts(), check, self.times.moment())
    }

    /// Why the step has to wait, as a clause; None if it can be taken.
    pub fn waits(&self, step: Step) -> Option<String> {
        match step.allowed(self.facts()) {
            Err(Refusal::NotNow { state, .. }) => Some(state),
            Err(refusal) => Some(refusal.to_string()),
            Ok(()) => None,
        }
    }

    /// Whether this person counts as somebody else than the runner.
    pub fn is_second_person(&self) -> bool {
        let runner = self.facts().runner;
        self.solo || runner.is_none() || runner != self.desk.person_id()
    }

    /// The run was over when it was written down.
    pub fn is_past(&self) -> bool {
        self.trail.iter().any(|told| told.is_late() && matches!(told.event, RunEvent::Started { .. }))
    }

    /// A written value is settled: changing it takes a reason and a second person.
    pub fn is_settled(&self) -> bool {
        self.facts().signed.is_some() || self.facts().closed
    }
}

async fn chef_failed(desk: &Desk, shown: &Shown) -> Result<Vec<Converge>> {
    let Some(started) = shown.facts.started else { return Ok(Vec::new()) };
    let until = shown.run.ended_at.unwrap_or_else(|| desk.now());
    chef::failed_meanwhile(desk, &shown.plan.identity.services, &shown.run.environment, started, until).await
}

/// Rows come newest first; the one after this run is the one that started before it.
fn since(rows: Vec<RunRow>, id: RunId) -> Option<Since> {
    let mut rows = rows.into_iter().skip_while(|row| row.run.id != id);
    let own = rows.next()?;
    let before = rows.next().filter(|row| row.run.started_at.is_some())?;
    Some(Since { before: before.run.id, changes: own.changes })
}
