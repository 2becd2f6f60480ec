//! Asks sources of measurements, each by itself, and away from whoever answers pages. One that hangs
//! holds up no page, and no other source while there is a place left.

mod honeycomb;

use std::{sync::Arc, time::Duration};

use notebook::{
    actor::{Actor, Via},
    desk::{Desk, Notebook},
    fault::Result,
    id::SloId,
    interval::Interval,
    limits::PULL_EARLIER_HOURS,
    slos::{
        acts::{self, Job},
        prometheus::{self, Answered, Pulled},
        pulls::{asked_for, halved},
    },
    text::Slug,
    time::Moment,
};
use tokio::sync::Semaphore;

use crate::{
    outgoing::{Outgoing, Trouble},
    turns::{self, Turns},
};

/// Sources asked at the same time.
pub const AT_ONCE: usize = 4;
/// Those of them that may be Honeycomb's: all SLOs of an account hang at once.
const HONEYCOMB_AT_ONCE: usize = 1;

/// What is asked of an SLO.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Prometheus,
    Honeycomb,
}

/// Asks whatever is due. Cheap to clone.
#[derive(Clone)]
pub struct Puller {
    notebook: Notebook,
    outgoing: Arc<Outgoing>,
    places: Arc<Semaphore>,
    honeycomb: Arc<Semaphore>,
}

impl Puller {
    pub fn new(notebook: Notebook, outgoing: Outgoing) -> Self {
        let places = |number| Arc::new(Semaphore::new(number));
        Self { notebook, outgoing: Arc::new(outgoing), places: places(AT_ONCE), honeycomb: places(HONEYCOMB_AT_ONCE) }
    }

    /// Runs until the server stops.
    pub async fn run(self) {
        turns::run(self).await;
    }

    /// Asks all that is due now, and waits for the answers.
    pub async fn round(&self) {
        turns::round(self).await;
    }

    /// Honeycomb comes first: it has one place, and waits minutes in between.
    async fn sources(&self) -> Result<Vec<(SloId, Kind)>> {
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
            match self.pulled(job, piece).await {
                Ok(pulled) => return (piece, Ok(pulled)),
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

    /// Asks for the samples around a piece, and for what lies further back only where a counter has
    /// none of before.
    async fn pulled(&self, job: &Job, piece: Interval) -> Result<Pulled, Trouble> {
        let source = &job.connected.source;
        let (selected, step_ms, counts) =
            ([source.part.as_str(), source.total.as_str()], source.step_ms, source.counts);
        let around = asked_for(piece, step_ms);
        let [part, total] =
            self.both(job, selected.map(|selector| format!("{selector}[{}ms]", around.ms())), around.end()).await?;
        let mut answered = aside(move || Answered::read(&part, &total)).await?;
        if answered.has_newcomers(piece) {
            let earlier = |selector: &str| format!("last_over_time({selector}[{PULL_EARLIER_HOURS}h])");
            // How large this answer is does not depend on the piece, so a shorter one would not help.
            answered = match self.both(job, selected.map(earlier), around.start()).await {
                Ok([part, total]) => aside(move || answered.after(around.start(), &part, &total)).await?,
                Err(Trouble::TooLarge) => answered.without_earlier(),
                Err(says) => return Err(says),
            };
        }
        aside(move || Ok(answered.pulled(counts, piece, step_ms))).await
    }

    /// The answers to a query about the part and to one about all events.
    async fn both(&self, job: &Job, [part, total]: [String; 2], at: Moment) -> Result<[Vec<u8>; 2], Trouble> {
        Ok([self.answer(job, &part, at).await?, self.answer(job, &total, at).await?])
    }

    async fn answer(&self, job: &Job, query: &str, at: Moment) -> Result<Vec<u8>, Trouble> {
        let source = &job.connected.source;
        let credential = source.credential.as_ref().map(Slug::as_str);
        asked(&self.outgoing, source.address.as_str(), credential, query, at, None).await
    }
}

impl Turns for Puller {
    type Turn = (SloId, Kind);
    const EVERY: Duration = Duration::from_secs(1);

    fn places(&self, (_, kind): &(SloId, Kind)) -> Vec<Arc<Semaphore>> {
        let all = Arc::clone(&self.places);
        match kind {
            Kind::Prometheus => vec![all],
            Kind::Honeycomb => vec![all, Arc::clone(&self.honeycomb)],
        }
    }

    async fn due(&self) -> Vec<(SloId, Kind)> {
        self.sources().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "nobody knows which sources are due");
            Vec::new()
        })
    }

    async fn take(&self, (slo, kind): (SloId, Kind)) {
        let asked = match kind {
            Kind::Prometheus => self.pull(slo).await,
            Kind::Honeycomb => self.ask_honeycomb(slo).await,
        };
        if let Err(error) = asked {
            tracing::warn!(%error, %slo, "a source could not be asked");
        }
    }
}

/// What a Prometheus says of a query at a moment, where it takes that from samples up to so old.
pub(crate) async fn asked(
    outgoing: &Outgoing,
    address: &str,
    credential: Option<&str>,
    query: &str,
    at: Moment,
    lookback_s: Option<i64>,
) -> Result<Vec<u8>, Trouble> {
    let ms = at.micros() / 1_000;
    let time = format!("{}.{:03}", ms.div_euclid(1_000), ms.rem_euclid(1_000));
    let lookback = lookback_s.map(|seconds| format!("{seconds}s"));
    let mut form = vec![("query", query), ("time", time.as_str()), ("timeout", "9s")];
    form.extend(lookback.as_deref().map(|lookback| ("lookback_delta", lookback)));
    let answer = outgoing.post(&format!("{address}/api/v1/query"), &form, credential).await?;
    if (200..300).contains(&answer.status) {
        return Ok(answer.body);
    }
    let (status, body) = (answer.status, answer.body);
    let says = aside(move || Ok(prometheus::trouble(&body))).await?;
    Err(Trouble::Says(format!("answers with {status}{}", says.map(|says| format!(": {says}")).unwrap_or_default())))
}

/// Away from the threads that answer pages: a large answer takes its time.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, Trouble> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|e| Err(format!("answers with what cannot be counted: {e}"))).map_err(Trouble::Says)
}
