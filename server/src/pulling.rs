//! Asks sources of measurements, each by itself: one that hangs holds up no other and no page.

mod honeycomb;

use std::{sync::Arc, time::Duration};

use notebook::{
    actor::{Actor, Via},
    desk::{Desk, Notebook},
    fault::Result,
    id::SloId,
    interval::Interval,
    limits::PULL_STEPS_BACK,
    slos::{
        acts::{self, Job},
        prometheus::{self, Answered, Counter, Pulled},
        pulls::halved,
    },
};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::outgoing::{Outgoing, Trouble};

/// How often somebody looks whether a source is due.
const EVERY: Duration = Duration::from_secs(1);
/// Sources asked at the same time.
const AT_ONCE: usize = 4;

/// What is asked of an SLO.
#[derive(Clone, Copy)]
enum Kind {
    Prometheus,
    Honeycomb,
}

/// Asks whatever is due. Cheap to clone.
#[derive(Clone)]
pub struct Puller {
    notebook: Notebook,
    outgoing: Arc<Outgoing>,
    places: Arc<Semaphore>,
}

impl Puller {
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

    /// Asks all that is due now, and waits for the answers.
    pub async fn round(&self) {
        let mut asking = JoinSet::new();
        self.ask_due(&mut asking).await;
        asking.join_all().await;
    }

    /// Begins as many as there are places for; the others stay due.
    async fn ask_due(&self, asking: &mut JoinSet<()>) {
        let due = match self.due().await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(%error, "nobody knows which sources are due");
                return;
            }
        };
        for (slo, kind) in due {
            let Ok(place) = self.places.clone().try_acquire_owned() else { return };
            let puller = self.clone();
            asking.spawn(async move {
                let asked = match kind {
                    Kind::Prometheus => puller.pull(slo).await,
                    Kind::Honeycomb => puller.ask_honeycomb(slo).await,
                };
                if let Err(error) = asked {
                    tracing::warn!(%error, %slo, "a source could not be asked");
                }
                drop(place);
            });
        }
    }

    /// Honeycomb comes first: it waits minutes in between, so it holds up nobody for long.
    async fn due(&self) -> Result<Vec<(SloId, Kind)>> {
        let desk = self.desk();
        let beside = acts::honeycomb::due(&desk).await?.into_iter().map(|slo| (slo, Kind::Honeycomb));
        let measured = acts::due(&desk).await?.into_iter().map(|slo| (slo, Kind::Prometheus));
        Ok(beside.chain(measured).collect())
    }

    fn desk(&self) -> Desk {
        self.notebook.desk(Actor::System, Via::System)
    }

    async fn pull(&self, slo: SloId) -> Result<()> {
        let desk = self.desk();
        let Some(job) = acts::claim(&desk, slo).await? else { return Ok(()) };
        let (asked, answer) = self.ask(&job).await;
        if let Err(reason) = &answer {
            tracing::info!(%slo, reason, "a source of measurements failed");
        }
        acts::settle(&desk, &job, asked, answer).await
    }

    /// Asks for the piece, or for as much of it as fits into an answer.
    async fn ask(&self, job: &Job) -> (Interval, Result<Pulled, String>) {
        let step_ms = job.connected.source.step_ms;
        let mut piece = job.piece;
        loop {
            match self.counters(job, piece).await {
                Ok(answered) => {
                    let counts = job.connected.source.counts;
                    let steps = answered.steps(counts, piece, step_ms);
                    return (piece, Ok(Pulled { steps, remark: answered.remark(counts) }));
                }
                Err(Trouble::Says(says)) => return (piece, Err(says)),
                Err(Trouble::TooLarge) => match halved(piece, step_ms) {
                    Some(half) => piece = half,
                    None => return (
                        piece,
                        Err("answers with more than 1 MiB even for one step; choose fewer counters or a shorter step"
                            .into()),
                    ),
                },
            }
        }
    }

    async fn counters(&self, job: &Job, piece: Interval) -> Result<Answered, Trouble> {
        let source = &job.connected.source;
        let part = self.samples(job, source.part.as_str(), piece).await?;
        Ok(Answered { part, total: self.samples(job, source.total.as_str(), piece).await? })
    }

    /// All samples of a selector in a piece and a little before it, as they were scraped.
    async fn samples(&self, job: &Job, selector: &str, piece: Interval) -> Result<Vec<Counter>, Trouble> {
        let source = &job.connected.source;
        let back_ms = piece.ms() + PULL_STEPS_BACK * source.step_ms;
        let query = format!("{selector}[{}s]", back_ms / 1_000);
        let time = (piece.end().micros() / 1_000_000).to_string();
        let form = [("query", query.as_str()), ("time", time.as_str()), ("timeout", "9s")];
        let url = format!("{}/api/v1/query", source.address);
        let credential = source.credential.as_ref().map(notebook::text::Slug::as_str);
        let answer = self.outgoing.post(&url, &form, credential).await?;
        if (200..300).contains(&answer.status) {
            return prometheus::read(&answer.body).map_err(Trouble::Says);
        }
        let says = prometheus::trouble(&answer.body).map(|says| format!(": {says}")).unwrap_or_default();
        Err(Trouble::Says(format!("answers with {}{says}", answer.status)))
    }
}
