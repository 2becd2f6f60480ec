//! Everything the page of one run draws with, loaded once.

use std::collections::BTreeSet;

use notebook::actor::{Act, PersonId};
use notebook::alerts::acts::{self as alerts, OfRun};
use notebook::decisions;
use notebook::desk::Desk;
use notebook::experiments::plan::Check;
use notebook::fault::Result;
use notebook::findings::acts::Filter;
use notebook::gamedays::{self, GameDay};
use notebook::id::RunId;
use notebook::ledger::Cost;
use notebook::ledger::acts::of_run;
use notebook::people;
use notebook::refusal::Refusal;
use notebook::retrials::acts::{self as retrials, DecisionRow, FindingRow, OpenFix};
use notebook::retrials::compare::Between;
use notebook::runs::acts::{Observation, Shown, show};
use notebook::runs::facts::{Execution, RunFacts};
use notebook::runs::proposals::Proposal;
use notebook::runs::steps::Step;
use notebook::services::acts::chef;
use notebook::services::chef::Converge;
use notebook::services::{self, ServiceLink};
use notebook::teams::acts::zones_of;
use notebook::text::Slug;
use notebook::time::Zone;

use super::planning::known_targets;
use super::targets::Named;
use super::told::{Told, told};
use super::zones::Zones;
use crate::form::FormState;
use crate::look::Look;
use crate::paths;
use crate::times::Times;

pub struct Loaded {
    pub desk: Desk,
    /// Once it has begun in the zone that was chosen for reading it.
    pub times: Times,
    pub zones: Zones,
    pub shown: Shown,
    /// The trail, oldest first.
    pub trail: Vec<Told>,
    /// The fixes this run has to answer for.
    pub open: Vec<OpenFix>,
    pub findings: Vec<FindingRow>,
    pub decisions: Vec<DecisionRow>,
    /// The game days it belongs to.
    pub gamedays: Vec<GameDay>,
    /// What was recorded between the run that started before this one and this one.
    pub since: Option<Between>,
    /// What it cost each promise it touched, so far.
    pub costs: Vec<Cost>,
    /// What alerts told of its signals, and the others beside it.
    pub alerts: OfRun,
    /// Chef runs on its services that failed while it went on.
    pub chef_failed: Vec<Converge>,
    /// What the services list as targets; only while planned.
    pub known: Vec<Named>,
    /// Dashboards and runbooks of its services; until it has ended.
    pub links: Vec<(Slug, Vec<ServiceLink>)>,
    /// Everybody with an account, by name.
    pub names: Vec<(PersonId, String)>,
    /// Whose account says that they can revert; only while people are marked.
    pub can_revert: BTreeSet<PersonId>,
    /// The notebook is kept by one person alone.
    pub solo: bool,
}

impl Loaded {
    pub async fn of(desk: Desk, id: RunId) -> Result<Self> {
        let shown = show(&desk, id).await?;
        let started = shown.facts.started.is_some();
        let open = if started { retrials::open_fixes(&desk, id).await? } else { Vec::new() };
        let since = if started { retrials::since_before(&desk, &shown.run).await? } else { None };
        let costs = of_run(&desk, &shown.run, &shown.facts).await?;
        let alerts = alerts::beside(&desk, (&shown.run, &shown.facts), &shown.plan).await?;
        let chef_failed = chef_failed(&desk, &shown).await?;
        let (findings, _) = retrials::findings(&desk, &Filter { origin: Some(id), ..Filter::default() }).await?;
        let taken = decisions::acts::Filter { run: Some(id), ..Default::default() };
        let (decisions, _) = retrials::decisions(&desk, &taken).await?;
        let gamedays = gamedays::acts::of_run(&desk, id).await?;
        let solo = people::acts::solo(&desk).await?;
        let trail = told(&shown.history)?;
        let planned = shown.facts.execution == Execution::Planned;
        let known = if planned { known_targets(&desk, &shown.plan).await? } else { Vec::new() };
        let links = match shown.facts.execution {
            Execution::Planned | Execution::Running | Execution::Reverting => {
                services::acts::links_of(&desk, &shown.plan.identity.services).await?
            }
            Execution::Finished | Execution::Aborted | Execution::Cancelled | Execution::Missed => Vec::new(),
        };
        let names = people::acts::names(&desk, id.is_sample()).await?;
        let marks = Step::Attend.allowed(&shown.facts).is_ok();
        let can_revert = if marks { can_revert(&desk).await? } else { BTreeSet::new() };
        let teams = if started { zones_of(&desk, &shown.plan.identity.services).await? } else { Vec::new() };
        let wanted = Look::here().reading.zone.filter(|_| started);
        let zones = Zones::of(desk.zone(), teams, wanted.as_deref());
        Ok(Self {
            times: Times::of(&desk).read_in(zones.read_in()),
            zones,
            desk,
            shown,
            trail,
            open,
            findings,
            decisions,
            gamedays,
            since,
            costs,
            alerts,
            chef_failed,
            known,
            links,
            names,
            can_revert,
            solo,
        })
    }

    pub fn id(&self) -> RunId {
        self.shown.run.id
    }

    pub fn facts(&self) -> &RunFacts {
        &self.shown.facts
    }

    /// In which its times are read, and typed.
    pub fn zone(&self) -> &Zone {
        self.zones.read_in()
    }

    pub fn page(&self) -> String {
        paths::run(self.id())
    }

    /// The number of the trail's newest line.
    pub fn newest(&self) -> i64 {
        self.trail.last().map_or(0, |told| told.entry.seq)
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
        self.shown.is_past
    }

    /// A written value is settled: changing it takes a reason and a second person.
    pub fn is_settled(&self) -> bool {
        self.facts().signed.is_some() || self.facts().closed
    }
}

async fn can_revert(desk: &Desk) -> Result<BTreeSet<PersonId>> {
    let accounts = people::acts::list(desk).await?.into_iter();
    Ok(accounts.filter(|account| account.can_revert).map(|account| account.id).collect())
}

async fn chef_failed(desk: &Desk, shown: &Shown) -> Result<Vec<Converge>> {
    let Some(started) = shown.facts.started else { return Ok(Vec::new()) };
    let until = shown.run.ended_at.unwrap_or_else(|| desk.now());
    chef::failed_meanwhile(desk, &shown.plan.identity.services, &shown.run.environment, started, until).await
}
