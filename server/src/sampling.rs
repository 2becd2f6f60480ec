//! Asks the queries of runs that go on, away from whoever answers pages. All queries of a run are asked at
//! the same time, each answer is judged as it comes, and while one hangs the others are asked again at their
//! pace. So it holds up no other, and no other run while there is a place left.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use notebook::{
    actor::{Actor, Via},
    desk::{Desk, Notebook},
    fault::Result,
    id::RunId,
    limits::PROBE_LOOKBACK_S,
    runs::{
        acts::{self, Job, Number},
        readings::Reading,
    },
    slos::prometheus::instant,
    text::{Note, Slug},
    time::Moment,
};
use tokio::{
    sync::Semaphore,
    task::{JoinError, JoinSet},
    time::{Instant, error::Elapsed, timeout, timeout_at},
};

use crate::{
    outgoing::{Outgoing, Trouble},
    pulling::{aside, asked},
    turns::{self, Turns},
};

/// Runs measured at the same time.
const AT_ONCE: usize = 8;
/// For each query of a run, from the first step to the last one. A turn takes twice as long at most, which is
/// less than it is claimed for.
const ANSWER_MAX: Duration = Duration::from_secs(5);
/// Answers that come right behind one another are kept together.
const GATHER: Duration = Duration::from_millis(50);

/// What a query was answered, under its number.
type Answer = (i64, Reading);

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
        let every = Duration::from_millis(job.probes.every_ms.unsigned_abs());
        let (mut asking, mut open) = (JoinSet::new(), BTreeSet::new());
        let end = Instant::now() + ANSWER_MAX;
        loop {
            let asked = desk.now();
            self.ask(&job, asked, &mut asking, &mut open);
            let now = Instant::now();
            let until = now + if now + every < end { every } else { 2 * ANSWER_MAX };
            while let Ok(come) = come_together(&mut asking, until).await {
                let Some(answers) = come else { return acts::settle(&desk, &job, asked).await };
                for (number, _) in &answers {
                    open.remove(number);
                }
                acts::keep_answers(&desk, &job, answers).await?;
            }
        }
    }

    /// Every query of the plan that is not under way, as of one moment. There are `PROBES_MAX` of them at most.
    fn ask(&self, job: &Job, at: Moment, asking: &mut JoinSet<Answer>, open: &mut BTreeSet<i64>) {
        for (number, query) in job.probes.queries() {
            if open.insert(number) {
                let (sampler, job, query) = (self.clone(), job.clone(), query.clone());
                asking.spawn(async move {
                    let value = sampler.number(&job, &query, at).await;
                    (number, Reading { at, value })
                });
            }
        }
    }

    async fn number(&self, job: &Job, query: &Note, at: Moment) -> Number {
        let (address, credential) = (job.probes.address.as_str(), job.probes.credential.as_ref().map(Slug::as_str));
        let asked = asked(&self.outgoing, address, credential, query.as_str(), at, Some(PROBE_LOOKBACK_S));
        let number = match timeout(ANSWER_MAX, asked).await.unwrap_or_else(|_late| Err(Trouble::late())) {
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

    fn places(&self, _run: &RunId) -> Vec<Arc<Semaphore>> {
        vec![Arc::clone(&self.places)]
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

/// The next answers; None once all are there, and an error if none has come until then.
async fn come_together(asking: &mut JoinSet<Answer>, until: Instant) -> Result<Option<Vec<Answer>>, Elapsed> {
    let Some(first) = timeout_at(until, asking.join_next()).await? else { return Ok(None) };
    let mut joined = vec![first];
    let gathered = Instant::now() + GATHER;
    while let Ok(Some(next)) = timeout_at(gathered, asking.join_next()).await {
        joined.push(next);
    }
    let come = |answer: Result<Answer, JoinError>| {
        answer.inspect_err(|error| tracing::warn!(%error, "a query of a run came to nothing")).ok()
    };
    Ok(Some(joined.into_iter().filter_map(come).collect()))
}
