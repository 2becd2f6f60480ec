//! Webhooks: added, changed, tried out, and what became of what was sent.

use super::spreading::{message_id, put};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events::{self, Entry, about},
    fault::Result,
    limits::{DELIVERIES_SHOWN_MAX, WEBHOOK_SECRETS_MAX, WEBHOOKS_MAX},
    notifications::{
        Delivery, Target, bodies,
        signing::{Secret, ServerKey},
        sql::{deliveries as queues, webhooks as sql},
        webhooks::{Draft, Form, Kept, Said, SecretMade},
    },
    refusal::Refusal,
    version::began_from,
};

const NOUN: &str = "Webhook";

/// The trail's name of a webhook, which is its address on the site as well.
pub(super) fn object(id: i64) -> String {
    format!("webhooks/{id}")
}

pub(super) async fn note(desk: &Desk, tx: &mut Tx, id: i64, act: &str, said: &Said) -> Result<()> {
    events::note(desk, tx, (about::SETTING, &object(id)), act, desk.now(), said).await.map(|_| ())
}

/// Adds a webhook.
pub async fn add(desk: &Desk, draft: &Draft) -> Result<Kept> {
    desk.may(Act::ManageWebhooks)?;
    let webhook = draft.check()?;
    let mut tx = desk.begin_write().await?;
    if sql::all(&mut tx).await?.len() >= WEBHOOKS_MAX {
        return Err(Refusal::not_now(Act::ManageWebhooks, format!("there are {WEBHOOKS_MAX} webhooks already")).into());
    }
    let id = sql::insert(&mut tx, &webhook, desk.now()).await?;
    note(desk, &mut tx, id, "webhook_added", &Said::of(&webhook)).await?;
    desk.commit(tx, object(id)).await?;
    Ok(Kept { id, webhook, off_because: None, created_at: desk.now(), version: 1 })
}

/// Changes a webhook. One that is turned on begins anew with whatever waits.
pub async fn edit(desk: &Desk, id: i64, draft: &Draft) -> Result<Kept> {
    desk.may(Act::ManageWebhooks)?;
    let webhook = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let before = sql::load(&mut tx, id).await?;
    let version = began_from(&draft.version, before.version, NOUN, id)?;
    let off_because = before.off_because.clone().filter(|_| !webhook.on);
    // The queue before the webhook, in the order in which whoever sends takes them.
    queues::begin_anew(&mut tx, Target::Webhook(id)).await?;
    if !sql::update(&mut tx, id, &webhook, off_because.as_deref(), version).await? {
        let present = sql::load(&mut tx, id).await?;
        return Err(Refusal::stale(NOUN, id, present.version).into());
    }
    note(desk, &mut tx, id, "webhook_edited", &Said::of(&webhook)).await?;
    desk.commit(tx, object(id)).await?;
    Ok(Kept { webhook, off_because, version: version + 1, ..before })
}

/// Deletes a webhook with its secrets. What waits for it is sent no more; what was done to it and what it was sent stays
/// as long as for any other.
pub async fn delete(desk: &Desk, id: i64) -> Result<()> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_write().await?;
    // The queue before the webhook, in the order in which whoever sends takes them.
    queues::begin_anew(&mut tx, Target::Webhook(id)).await?;
    let kept = sql::load(&mut tx, id).await?;
    queues::drop_waiting(&mut tx, Target::Webhook(id), desk.now()).await?;
    sql::delete(&mut tx, id).await?;
    note(desk, &mut tx, id, "webhook_deleted", &Said::of(&kept.webhook)).await?;
    desk.commit(tx, object(id)).await
}

/// What was done to a webhook, also to one that is deleted; oldest first.
pub async fn history(desk: &Desk, id: i64) -> Result<Vec<Entry>> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_read().await?;
    events::of_object(&mut tx, about::SETTING, &object(id)).await
}

/// All webhooks, in the order in which they were added.
pub async fn list(desk: &Desk) -> Result<Vec<Kept>> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_glance().await?;
    sql::all(&mut tx).await
}

/// A webhook with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub kept: Kept,
    /// Those that sign, the newest first.
    pub secrets: Vec<SecretMade>,
    /// The newest first.
    pub deliveries: Vec<Delivery>,
    pub history: Vec<Entry>,
}

/// One webhook.
pub async fn show(desk: &Desk, id: i64) -> Result<Shown> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_read().await?;
    Ok(Shown {
        kept: sql::load(&mut tx, id).await?,
        secrets: sql::secrets(&mut tx, id).await?,
        deliveries: queues::list(&mut tx, Target::Webhook(id), DELIVERIES_SHOWN_MAX).await?,
        history: events::of_object(&mut tx, about::SETTING, &object(id)).await?,
    })
}

/// The newest deliveries of a webhook with every try.
pub async fn deliveries(desk: &Desk, id: i64) -> Result<Vec<Delivery>> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_read().await?;
    sql::load(&mut tx, id).await?;
    queues::list(&mut tx, Target::Webhook(id), DELIVERIES_SHOWN_MAX).await
}

/// Makes a signing secret, which is shown once. Earlier ones sign as well until they are retired, so that a
/// receiver can take up the new one without missing anything.
pub async fn make_secret(desk: &Desk, id: i64, key: &ServerKey) -> Result<(Kept, Secret)> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_write().await?;
    let kept = sql::load(&mut tx, id).await?;
    let sign = sql::secrets(&mut tx, id).await?.len();
    let state = match kept.webhook.form {
        Form::Slack => Some("Slack takes no signature".to_owned()),
        Form::Standard => (sign >= WEBHOOK_SECRETS_MAX)
            .then(|| format!("{WEBHOOK_SECRETS_MAX} secrets sign already; retire the earlier ones first")),
    };
    if let Some(state) = state {
        return Err(Refusal::not_now(Act::ManageWebhooks, state).into());
    }
    let number = sql::make_secret(&mut tx, id, &key.fingerprint(), desk.now()).await?;
    queues::begin_anew(&mut tx, Target::Webhook(id)).await?;
    note(desk, &mut tx, id, "webhook_secret_made", &Said::of(&kept.webhook)).await?;
    desk.commit(tx, object(id)).await?;
    Ok((kept, key.secret(id, number)?))
}

/// Lets all secrets but the newest sign no more; how many these were.
pub async fn retire_secrets(desk: &Desk, id: i64) -> Result<u64> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_write().await?;
    let kept = sql::load(&mut tx, id).await?;
    let newest = sql::secrets(&mut tx, id).await?.first().map_or(0, |secret| secret.number);
    let retired = sql::retire_secrets(&mut tx, id, newest, desk.now()).await?;
    note(desk, &mut tx, id, "webhook_secrets_retired", &Said::of(&kept.webhook)).await?;
    desk.commit(tx, object(id)).await?;
    Ok(retired)
}

/// Sends a test, at the end of the queue like everything else. The queue begins anew: whoever tests does not wait for
/// hours after the last failure.
pub async fn test(desk: &Desk, id: i64, origin: &str) -> Result<()> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_write().await?;
    let kept = sql::load(&mut tx, id).await?;
    must_be_on(&kept)?;
    let body = match kept.webhook.form {
        Form::Standard => bodies::standard_test(desk.now(), origin),
        Form::Slack => bodies::slack_test(),
    };
    let (target, now) = (Target::Webhook(id), desk.now());
    queues::begin_anew(&mut tx, target).await?;
    put(&mut tx, target, (&message_id()?, bodies::TEST), &body, now, now).await?;
    desk.commit(tx, object(id)).await
}

/// Sends a message again, under the name it had: a receiver that took it knows that.
pub async fn resend(desk: &Desk, id: i64, delivery: i64) -> Result<()> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_write().await?;
    let kept = sql::load(&mut tx, id).await?;
    must_be_on(&kept)?;
    let (target, now) = (Target::Webhook(id), desk.now());
    let (message, topic, body) = queues::sent(&mut tx, target, delivery)
        .await?
        .ok_or_else(|| Refusal::missing("delivery of this webhook with the number", delivery))?;
    queues::begin_anew(&mut tx, target).await?;
    put(&mut tx, target, (&message, &topic), &body, now, now).await?;
    desk.commit(tx, object(id)).await
}

fn must_be_on(kept: &Kept) -> Result<(), Refusal> {
    if kept.webhook.on {
        return Ok(());
    }
    Err(Refusal::not_now(Act::ManageWebhooks, format!("\"{}\" is turned off", kept.webhook.name)))
}
