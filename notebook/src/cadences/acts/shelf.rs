//! Experiments with what their runs touch, each looked up once for a whole calendar.

use std::collections::{BTreeSet, HashMap, hash_map::Entry};

use crate::{
    calendar::{Team, freeze::Concerned},
    db::Tx,
    experiments::{self, Experiment, plan::Plan},
    fault::Result,
    id::ExperimentId,
    services, teams,
    text::Slug,
};

pub(super) struct Known {
    pub experiment: Experiment,
    /// Of the approved revision, if there is one.
    pub plan: Option<Plan>,
    /// The teams that own its services.
    pub teams: Vec<Team>,
    pub team_names: BTreeSet<Slug>,
    /// Everything its services depend on.
    pub needs: BTreeSet<Slug>,
}

impl Known {
    async fn load(tx: &mut Tx, id: ExperimentId) -> Result<Self> {
        let experiment = experiments::acts::in_tx(tx, id).await?;
        let plan = match experiment.approved {
            Some(revision) => Some(experiments::acts::plan_of(tx, id, revision).await?),
            None => None,
        };
        let teams = teams::acts::calendars(tx, &experiment.services).await?;
        let needs = services::acts::needs(tx, &experiment.services).await?;
        let team_names = teams.iter().map(|team| team.name.clone()).collect();
        Ok(Self { experiment, plan, teams, team_names, needs })
    }

    pub fn concerned(&self) -> Concerned<'_> {
        let environment = self.plan.as_ref().and_then(|plan| plan.identity.environment.as_ref());
        Concerned { teams: &self.team_names, services: &self.experiment.services, environment }
    }
}

#[derive(Default)]
pub(super) struct Shelf(HashMap<ExperimentId, Known>);

impl Shelf {
    pub async fn of(&mut self, tx: &mut Tx, id: ExperimentId) -> Result<&Known> {
        Ok(match self.0.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(Known::load(tx, id).await?),
        })
    }
}
