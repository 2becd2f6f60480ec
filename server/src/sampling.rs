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
    turns::{self, Turns},
};

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
        turns::run(self).await;
    }

    /// Measures all that is due now, and waits for the answers.
    pub async fn round(&self) {
        turns::round(self).await;
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

impl Turns for Sampler {
    type Turn = RunId;
    /// Half of the shortest time between two turns.
    const EVERY: Duration = Duration::from_millis(500);

    fn places(&self) -> &Arc<Semaphore> {
        &self.places
    }

    async fn due(&self) -> Vec<RunId> {
        acts::due(&self.desk()).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "nobody knows which runs are to be measured");
            Vec::new()
        })
    }

    async fn take(&self, run: RunId) {
        if let Err(error) = self.measure(run).await {
            tracing::warn!(%error, %run, "a run could not be measured");
        }
    }
}
