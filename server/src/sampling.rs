//! Asks the queries of runs that go on, away from whoever answers pages. All queries of a run are asked at
//! the same time, so one that hangs holds up no other, and no other run while there is a place left.

use std::{sync::Arc, time::Duration};

use notebook::{
    actor::{Actor, Via},
    desk::{Desk, Notebook},
    fault::Result,
    id::RunId,
    limits::PROBE_LOOKBACK_S,
    runs::acts::{self, Job, Number},
    slos::prometheus::instant,
    text::{Note, Slug},
    time::Moment,
};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    outgoing::{Outgoing, Trouble},
    pulling::{aside, asked},
};

/// How often somebody looks whether a run is due: half of the shortest time between two turns.
const EVERY: Duration = Duration::from_millis(500);
/// Runs measured at the same time.
const AT_ONCE: usize = 8;

/// Measures whatever is due. Cheap to clone.
#[derive(Clone)]
pub struct Sampler {
    notebook: Notebook,
    outgoing: Arc<Outgoing>,
    places: Arc<Semaphore>,
}

impl Sampler {
    pub fn new(notebook: Notebook, outgoing: Outgoing) -> Self {
        Self { notebook, outgoing: Arc::new(outgoing), places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Runs until the server stops.
    pub async fn run(self) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut asking = JoinSet::new();
        loop {
            ticks.tick().await;
            while asking.try_join_next().is_some() {}
            self.ask_due(&mut asking).await;
        }
    }

    /// Measures all that is due now, and waits for the answers.
    pub async fn round(&self) {
        let mut asking = JoinSet::new();
        self.ask_due(&mut asking).await;
        asking.join_all().await;
    }

    /// Begins as many as there are places for; the others stay due.
    async fn ask_due(&self, asking: &mut JoinSet<()>) {
        let due = match acts::due(&self.desk()).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(%error, "nobody knows which runs are to be measured");
                return;
            }
        };
        for run in due {
            let Ok(place) = self.places.clone().try_acquire_owned() else { return };
            let sampler = self.clone();
            asking.spawn(async move {
                if let Err(error) = sampler.measure(run).await {
                    tracing::warn!(%error, %run, "a run could not be measured");
                }
                drop(place);
            });
        }
    }

    fn desk(&self) -> Desk {
        self.notebook.desk(Actor::System, Via::System)
    }

    async fn measure(&self, run: RunId) -> Result<()> {
        let desk = self.desk();
        let Some(job) = acts::claim(&desk, run).await? else { return Ok(()) };
        let at = desk.now();
        let answers = self.ask(&job, at).await;
        acts::settle(&desk, &job, at, answers).await
    }

    /// Every query of the plan, as of one moment.
    async fn ask(&self, job: &Job, at: Moment) -> Vec<(i64, Number)> {
        let mut asking = JoinSet::new();
        for (number, query) in job.probes.queries() {
            let (sampler, job, query) = (self.clone(), job.clone(), query.clone());
            asking.spawn(async move { (number, sampler.number(&job, &query, at).await) });
        }
        asking.join_all().await
    }

    async fn number(&self, job: &Job, query: &Note, at: Moment) -> Number {
        let (address, credential) = (job.probes.address.as_str(), job.probes.credential.as_ref().map(Slug::as_str));
        let answer = asked(&self.outgoing, address, credential, query.as_str(), at, Some(PROBE_LOOKBACK_S)).await;
        let number = match answer {
            Ok(body) => aside(move || instant::value(&body)).await,
            Err(trouble) => Err(trouble),
        };
        number.map_err(|trouble| match trouble {
            Trouble::TooLarge => "answers with more than 1 MiB".to_owned(),
            Trouble::Says(says) => says,
        })
    }
}
