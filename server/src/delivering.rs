//! Tells whoever is to be told: passes on what waits in the outbox, and sends what waits in queues, each target by
//! itself and away from whoever answers pages. One that hangs holds up no other while there is a place left.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use app::paths;
use notebook::{
    actor::{Actor, Via},
    desk::{Desk, Notebook},
    fault::Result,
    notifications::{
        Target,
        acts::{self, Channels, Job, Sending},
        bodies::Mail,
        retry::{Outcome, outcome},
        signing::signatures,
        webhooks::{Form, SecretMade, Webhook},
    },
    slos::honeycomb::polls::retry_at,
    time::MICROS_A_SECOND,
};
use tokio::sync::Semaphore;

use crate::{
    keys::Keys,
    mail::Mailer,
    outgoing::{Outgoing, Trouble},
    turns::{self, Turns},
};

/// Every so many looks, somebody asks whether a week is over.
const DIGESTS_EVERY: u64 = 60;
/// Every so many looks, a server with a mailer says that it is there.
const ANNOUNCES_EVERY: u64 = 60;
/// Every so many looks, what was settled long ago is dropped.
const FORGETS_EVERY: u64 = 3_600;
/// Webhooks that are sent to at the same time.
const WEBHOOKS_AT_ONCE: usize = 8;
/// People whose e-mail is sent at the same time. One mail server is behind all of them, so none takes a webhook's place.
const MAIL_AT_ONCE: usize = 4;
/// How long one target has its place, before others get it: one that answers late has many others wait.
const TURN: Duration = Duration::from_secs(15);

/// What this server sends with.
pub struct Means {
    /// Where people open the notebook.
    pub origin: String,
    pub keys: Arc<Keys>,
    pub mailer: Option<Mailer>,
}

/// Sends whatever is due. Cheap to clone.
#[derive(Clone)]
pub struct Deliverer {
    notebook: Notebook,
    outgoing: Arc<Outgoing>,
    means: Arc<Means>,
    to_webhooks: Arc<Semaphore>,
    by_mail: Arc<Semaphore>,
}

impl Deliverer {
    pub fn new(notebook: Notebook, outgoing: Outgoing, means: Means) -> Self {
        Self {
            notebook,
            outgoing: Arc::new(outgoing),
            means: Arc::new(means),
            to_webhooks: Arc::new(Semaphore::new(WEBHOOKS_AT_ONCE)),
            by_mail: Arc::new(Semaphore::new(MAIL_AT_ONCE)),
        }
    }

    /// Runs until the server stops.
    pub async fn run(self) {
        turns::run(self).await;
    }

    /// Tells servers without a mailer that e-mail goes out from here.
    pub async fn announce(&self) {
        if let Err(error) = acts::announce_mail(&self.desk()).await {
            tracing::warn!(%error, "other servers do not know that e-mail is sent from here");
        }
    }

    /// Passes on and sends all that is due now, and waits for the answers.
    pub async fn round(&self) {
        turns::round(self).await;
    }

    async fn spread(&self) -> Result<()> {
        let channels = self.channels();
        while acts::spread(&self.desk(), &channels).await? > 0 {}
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels { origin: self.means.origin.clone(), mail: self.means.mailer.is_some() }
    }

    fn desk(&self) -> Desk {
        self.notebook.desk(Actor::System, Via::System)
    }

    /// One after the other, as long as they are taken.
    async fn deliver(&self, target: Target) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < TURN {
            let desk = self.desk();
            let Some(job) = acts::claim(&desk, target).await? else { return Ok(()) };
            let outcome = self.send(&desk, &job).await?;
            if outcome != Outcome::Delivered {
                tracing::info!(to = target.word(), id = %job.message, ?outcome, "a message was not taken");
            }
            acts::settle(&desk, &job, &outcome).await?;
            // Slack takes about one message a second.
            let is_slow = matches!(&job.sending, Sending::Webhook { webhook, .. } if webhook.form == Form::Slack);
            if is_slow || outcome != Outcome::Delivered {
                break;
            }
        }
        Ok(())
    }

    async fn send(&self, desk: &Desk, job: &Job) -> Result<Outcome> {
        match &job.sending {
            Sending::Webhook { webhook, secrets } => self.call(desk, job, webhook, secrets).await,
            Sending::Mail { to } => Ok(self.mail(job, to).await),
        }
    }

    async fn call(&self, desk: &Desk, job: &Job, webhook: &Webhook, secrets: &[SecretMade]) -> Result<Outcome> {
        let now = desk.now();
        let headers = match (webhook.form, job.target) {
            (Form::Standard, Target::Webhook(id)) => match self.signed(job, id, secrets, now.micros())? {
                Ok(headers) => headers,
                Err(says) => return Ok(Outcome::Later(says, None)),
            },
            _ => Vec::new(),
        };
        let credential = webhook.credential.as_ref().map(notebook::text::Slug::as_str);
        let answer = self.outgoing.post_json(webhook.address.as_str(), &job.body, &headers, credential).await;
        Ok(match answer {
            Ok(answer) => outcome(answer.status, answer.retry_after.and_then(|header| retry_at(&header, now))),
            Err(Trouble::Says(says)) => Outcome::Later(says, None),
            Err(Trouble::TooLarge) => Outcome::Later("answers with more than 1 MiB".into(), None),
        })
    }

    /// The headers of Standard Webhooks at this moment, or a clause that says why nothing can be signed.
    fn signed(
        &self,
        job: &Job,
        webhook: i64,
        secrets: &[SecretMade],
        now_micros: i64,
    ) -> Result<std::result::Result<Vec<(&'static str, String)>, String>> {
        let key = match self.means.keys.key() {
            Ok(key) => key,
            Err(says) => return Ok(Err(says)),
        };
        if let Some(says) = job.sending.misses(&key.fingerprint()) {
            return Ok(Err(says.to_owned()));
        }
        let secrets = secrets.iter().map(|secret| key.secret(webhook, secret.number)).collect::<Result<Vec<_>>>()?;
        let timestamp_s = now_micros.div_euclid(MICROS_A_SECOND);
        Ok(Ok(vec![
            ("webhook-id", job.message.clone()),
            ("webhook-timestamp", timestamp_s.to_string()),
            ("webhook-signature", signatures(&secrets, &job.message, timestamp_s, &job.body)?),
        ]))
    }

    async fn mail(&self, job: &Job, to: &str) -> Outcome {
        let Some(mailer) = &self.means.mailer else {
            return Outcome::Later("no smtp_url is set".into(), None);
        };
        let Ok(mail) = serde_json::from_str::<Mail>(&job.body) else {
            return Outcome::Gone("does not read any more".into());
        };
        let choices = format!("{}{}", self.means.origin, paths::notifications());
        mailer.send(to, &job.message, &mail, &choices).await
    }
}

impl Turns for Deliverer {
    type Turn = Target;
    const EVERY: Duration = Duration::from_secs(1);

    fn places(&self, target: &Target) -> Vec<Arc<Semaphore>> {
        let places = match target {
            Target::Webhook(_) => &self.to_webhooks,
            Target::Mail(_) => &self.by_mail,
        };
        vec![Arc::clone(places)]
    }

    async fn chores(&self, look: u64) {
        if look.is_multiple_of(ANNOUNCES_EVERY) && self.means.mailer.is_some() {
            self.announce().await;
        }
        if look.is_multiple_of(DIGESTS_EVERY)
            && let Err(error) = acts::tell_digests(&self.desk(), &self.channels()).await
        {
            tracing::warn!(%error, "a weekly digest could not be told");
        }
        // What is no news any more is not sent after a long pause.
        if look.is_multiple_of(FORGETS_EVERY)
            && let Err(error) = acts::forget(&self.desk()).await
        {
            tracing::warn!(%error, "deliveries of long ago could not be dropped");
        }
    }

    /// Passes on what happened first, so that it is sent at once.
    async fn due(&self) -> Vec<Target> {
        if let Err(error) = self.spread().await {
            tracing::warn!(%error, "what happened could not be passed on");
        }
        acts::due(&self.desk(), self.means.mailer.is_some()).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "nobody knows what is to be sent");
            Vec::new()
        })
    }

    async fn take(&self, target: Target) {
        if let Err(error) = self.deliver(target).await {
            tracing::warn!(%error, to = target.word(), "a message could not be sent");
        }
    }
}
