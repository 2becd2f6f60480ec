//! Sending: whose queue is due, whose turn it is among all nodes, and what an answer leaves.

use super::{
    mailing::{held_until, outside_quiet_hours},
    webhooks::note,
};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    fault::Result,
    foreign::shorten,
    limits::{DELIVERIES_KEPT_DAYS, DELIVERY_CLAIM_S, DELIVERY_SAYS_CHARS_MAX, MAIL_WAITS_DAYS_MAX, NOTICES_KEPT_DAYS},
    notifications::{
        Target,
        retry::{Outcome, after_failure},
        sql::{deliveries as sql, notices, webhooks},
        webhooks::{Form, Kept, Said, SecretMade, Webhook},
    },
    people::{self, secrets},
    time::{MICROS_A_SECOND, Moment},
};

/// The first message of a queue that is ours to send.
#[derive(Debug, Clone)]
pub struct Job {
    pub target: Target,
    delivery: i64,
    pub message: String,
    pub body: String,
    pub sending: Sending,
    claimed_until: Moment,
}

/// How it is sent.
#[derive(Debug, Clone)]
pub enum Sending {
    Webhook { webhook: Webhook, secrets: Vec<SecretMade> },
    Mail { to: String },
}

/// Targets whose first message waits to be sent; people's e-mail only where it can be sent.
pub async fn due(desk: &Desk, with_mail: bool) -> Result<Vec<Target>> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_glance().await?;
    sql::due(&mut tx, with_mail, desk.now()).await
}

/// Takes a queue's turn; None if another node has it, or if there is nothing to send.
pub async fn claim(desk: &Desk, target: Target) -> Result<Option<Job>> {
    desk.may(Act::ManageWebhooks)?;
    let now = desk.now();
    let claimed_until = now.plus_micros(DELIVERY_CLAIM_S * MICROS_A_SECOND);
    let mut tx = desk.begin_write().await?;
    if !sql::claim(&mut tx, target, claimed_until, now).await? {
        return Ok(None);
    }
    let Some(first) = sql::first(&mut tx, target).await? else { return Ok(None) };
    let due_at = Moment::from_micros(first.due_at);
    if due_at > now {
        return Ok(None);
    }
    let found = match held_until(&mut tx, target, due_at, now).await? {
        Some(until) => Found::Waits(until),
        None => sending(&mut tx, target, now).await?,
    };
    let next_at = match found {
        Found::Sends(sending) => {
            desk.commit(tx, "").await?;
            let (delivery, message, body) = (first.id, first.message, first.body);
            return Ok(Some(Job { target, delivery, message, body, sending, claimed_until }));
        }
        Found::Waits(until) => Some(until),
        Found::Nobody => {
            sql::dropped(&mut tx, first.id, now).await?;
            None
        }
    };
    let failures = sql::failures(&mut tx, target).await?;
    sql::settle(&mut tx, target, claimed_until, failures, next_at).await?;
    desk.commit(tx, "").await?;
    Ok(None)
}

/// What stands behind a target now.
enum Found {
    Sends(Sending),
    /// Not before then.
    Waits(Moment),
    /// There is nobody any more.
    Nobody,
}

async fn sending(tx: &mut Tx, target: Target, now: Moment) -> Result<Found> {
    Ok(match target {
        Target::Webhook(id) => match webhooks::find(tx, id).await? {
            None => Found::Nobody,
            // A queue that is turned off waits until somebody looks: it is asked for again in a while.
            Some(kept) if !kept.webhook.on => Found::Waits(now.plus_minutes(1)),
            Some(kept) => {
                let secrets = webhooks::secrets(tx, id).await?;
                Found::Sends(Sending::Webhook { webhook: kept.webhook, secrets })
            }
        },
        Target::Mail(person) => match people::acts::open_account(tx, person).await? {
            None => Found::Nobody,
            Some(account) => Found::Sends(Sending::Mail { to: account.email }),
        },
    })
}

/// Keeps what came of sending. A message that was taken leaves the queue; one that was not stays the first of it, and
/// is tried again later. When nothing is left to wait for, the webhook is turned off, its queue stays, and admins are
/// told; a mail is given up.
pub async fn settle(desk: &Desk, job: &Job, outcome: &Outcome) -> Result<()> {
    desk.may(Act::ManageWebhooks)?;
    let now = desk.now();
    let mut tx = desk.begin_write().await?;
    let says = match outcome {
        Outcome::Delivered => "taken".to_owned(),
        Outcome::Later(says, _) | Outcome::Gone(says) => shorten::line(says, DELIVERY_SAYS_CHARS_MAX),
    };
    let failures = sql::failures(&mut tx, job.target).await? + 1;
    let next_at = match outcome {
        Outcome::Delivered | Outcome::Gone(_) => None,
        Outcome::Later(_, asked) => after_failure(failures, secrets::bytes::<1>()?[0], *asked, now),
    };
    let next_at = match next_at {
        Some(at) => Some(outside_quiet_hours(&mut tx, job.target, at).await?),
        None => None,
    };
    let is_taken = *outcome == Outcome::Delivered;
    let counted = if is_taken || next_at.is_none() { 0 } else { failures };
    // Somebody else sends it by now, or a person said that it begins anew: what was answered is so all the same.
    sql::settle(&mut tx, job.target, job.claimed_until, counted, next_at).await?;
    sql::tried(&mut tx, job.delivery, now, &says).await?;
    if is_taken {
        sql::delivered(&mut tx, job.delivery, now).await?;
    } else if next_at.is_none() {
        give_up(desk, &mut tx, job, &says).await?;
    }
    desk.commit(tx, "").await
}

async fn give_up(desk: &Desk, tx: &mut Tx, job: &Job, says: &str) -> Result<()> {
    let Target::Webhook(id) = job.target else {
        return sql::dropped(tx, job.delivery, desk.now()).await;
    };
    // What an address said that nobody sends to any more does not turn off the one that took its place.
    let is_as_sent = |kept: &Kept| matches!(&job.sending, Sending::Webhook { webhook, .. } if *webhook == kept.webhook);
    let Some(Kept { webhook, version, .. }) = webhooks::find(tx, id).await?.filter(is_as_sent) else {
        return Ok(());
    };
    let off = Webhook { on: false, ..webhook };
    if webhooks::update(tx, id, &off, Some(says), version).await? {
        let said = Said { because: Some(says.to_owned()), ..Said::of(&off) };
        note(desk, tx, id, "webhook_off", &said).await?;
    }
    Ok(())
}

/// Drops what was settled long ago, and what nobody took or looked at for so long that it is no news. A timed act.
pub async fn forget(desk: &Desk) -> Result<()> {
    desk.may(Act::ManageWebhooks)?;
    let now = desk.now();
    let before = now.plus_days(-DELIVERIES_KEPT_DAYS);
    let mut tx = desk.begin_write().await?;
    let says = format!("waited for {MAIL_WAITS_DAYS_MAX} days, and was not sent");
    sql::drop_old_mail(&mut tx, now.plus_days(-MAIL_WAITS_DAYS_MAX), &says, now).await?;
    sql::forget(&mut tx, before).await?;
    notices::forget(&mut tx, before, now.plus_days(-NOTICES_KEPT_DAYS)).await?;
    desk.commit(tx, "").await
}

impl Sending {
    /// Whether this server can sign it as its secrets were made, or a clause that says why not.
    pub fn misses(&self, fingerprint: &str) -> Option<&'static str> {
        let Self::Webhook { webhook, secrets } = self else { return None };
        if webhook.form == Form::Slack {
            return None;
        }
        if secrets.is_empty() {
            return Some("has no signing secret yet; make one");
        }
        let is_other = secrets.iter().any(|secret| secret.made_with != fingerprint);
        is_other.then_some("was made with another secret_key than this server's; set the same one, or make a new secret and retire the earlier ones")
    }
}
