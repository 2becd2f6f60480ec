//! Experiments with what their runs touch, each looked up once for a whole calendar: what is still to be planned by the
//! plan of now, and a run by the revision that it was planned with, which it keeps.

use std::collections::{BTreeSet, HashMap, hash_map::Entry};

use crate::{
    cadences::{Cadence, retired::stretches, sql},
    calendar::{Team, freeze::Concerned},
    db::Tx,
    experiments::{self, Experiment, plan::Plan},
    fault::Result,
    id::ExperimentId,
    interval::Interval,
    runs::Run,
    services, teams,
    text::Slug,
    time::Moment,
};

pub(super) struct Known {
    pub experiment: Experiment,
    /// Of the run's revision; without a run of the approved one, if there is one.
    pub plan: Option<Plan>,
    /// Those of the plan; of the newest one before any is approved.
    pub services: BTreeSet<Slug>,
    /// The teams that own its services.
    pub teams: Vec<Team>,
    pub team_names: BTreeSet<Slug>,
    /// Everything its services depend on.
    pub needs: BTreeSet<Slug>,
    /// When it was retired, in order; nobody asks that of a run.
    pub retired: Vec<Interval>,
}

impl Known {
    async fn load(tx: &mut Tx, (id, revision): Key) -> Result<Self> {
        let experiment = experiments::acts::in_tx(tx, id).await?;
        let plan = match revision.or(experiment.approved) {
            Some(revision) => Some(experiments::acts::plan_of(tx, id, revision).await?),
            None => None,
        };
        let services = plan.as_ref().map_or(&experiment.services, |plan| &plan.identity.services).clone();
        let teams = teams::acts::calendars(tx, &services).await?;
        let needs = services::acts::needs(tx, &services).await?;
        let team_names = teams.iter().map(|team| team.name.clone()).collect();
        let retired = match revision {
            Some(_) => Vec::new(),
            None => stretches(&sql::retired_and_reopened(tx, id).await?),
        };
        Ok(Self { experiment, plan, services, teams, team_names, needs, retired })
    }

    /// The stretch of time in which it was retired at this moment, if it was.
    pub fn retired_at(&self, moment: Moment) -> Option<Interval> {
        self.retired.iter().copied().find(|retired| retired.contains(moment))
    }

    pub fn concerned(&self) -> Concerned<'_> {
        let environment = self.plan.as_ref().and_then(|plan| plan.identity.environment.as_ref());
        Concerned { teams: &self.team_names, services: &self.services, environment }
    }
}

/// An experiment, and the revision of a run if it is about one.
type Key = (ExperimentId, Option<i64>);

#[derive(Default)]
pub(super) struct Shelf(HashMap<Key, Known>);

impl Shelf {
    /// With every experiment that has a cadence in force in a stretch of time, by a few statements however many these
    /// are. What their services depend on is left out: no slot asks for it.
    pub async fn of_slots(tx: &mut Tx, cadences: &[Cadence], stretch: Interval) -> Result<Self> {
        let ids: BTreeSet<ExperimentId> = cadences.iter().map(|cadence| cadence.experiment).collect();
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let found = experiments::acts::with_plans(tx, &ids).await?;
        let services: BTreeSet<Slug> =
            found.iter().flat_map(|(_, plan)| plan.identity.services.iter().cloned()).collect();
        let owners = services::acts::owners_of(tx, &services).await?;
        let teams = teams::acts::calendars(tx, &services).await?;
        let mut moves = sql::moves_during(tx, stretch).await?;
        let known = found.into_iter().map(|(experiment, plan)| {
            let services = plan.identity.services.clone();
            let team_names: BTreeSet<Slug> =
                services.iter().filter_map(|service| owners.get(service)).cloned().collect();
            let known = Known {
                teams: teams.iter().filter(|team| team_names.contains(&team.name)).cloned().collect(),
                team_names,
                services,
                needs: BTreeSet::new(),
                retired: stretches(&moves.remove(&experiment.id.to_string()).unwrap_or_default()),
                plan: experiment.approved.map(|_| plan),
                experiment,
            };
            ((known.experiment.id, None), known)
        });
        Ok(Self(known.collect()))
    }

    /// By the plan of now.
    pub async fn of(&mut self, tx: &mut Tx, id: ExperimentId) -> Result<&Known> {
        self.get(tx, (id, None)).await
    }

    /// By the plan of a run.
    pub async fn of_run(&mut self, tx: &mut Tx, run: &Run) -> Result<&Known> {
        let present = self.0.get(&(run.experiment, None));
        let is_present = present.is_some_and(|known| known.experiment.approved == Some(run.revision));
        self.get(tx, (run.experiment, (!is_present).then_some(run.revision))).await
    }

    async fn get(&mut self, tx: &mut Tx, key: Key) -> Result<&Known> {
        Ok(match self.0.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(Known::load(tx, key).await?),
        })
    }
}
