//! E-mail of people: whether any can be sent, what became of it, and sending one again.

use serde::Serialize;

use super::spreading::{Channels, message_id, put, zone_of};
use crate::{
    actor::{Act, PersonId},
    db::Tx,
    desk::Desk,
    fault::{Error, Fault, Result},
    limits::{DELIVERIES_SHOWN_MAX, MAIL_ANNOUNCED_HOURS, MAIL_ASKED_FOR_MAX},
    notifications::{
        Delivery, Target,
        bodies::{self, Mail},
        quiet::Quiet,
        sql::{deliveries, mail as sql, notices},
    },
    people::{self, Account},
    refusal::Refusal,
    time::Moment,
};

/// An e-mail of one's own, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct OwnMail {
    pub subject: String,
    pub delivery: Delivery,
}

/// What became of somebody's e-mail, without what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct MailTo {
    pub person: PersonId,
    pub name: String,
    pub delivery: Delivery,
}

/// Says that this server can send e-mail, so that another one over the same notebook that cannot leaves e-mail to it. A
/// timed act.
pub async fn announce_mail(desk: &Desk) -> Result<()> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_write().await?;
    sql::announce(&mut tx, desk.now()).await?;
    desk.commit(tx, "").await
}

/// The channels that there are, whichever server they belong to.
pub(super) async fn of_any_server(desk: &Desk, tx: &mut Tx, channels: &Channels) -> Result<Channels> {
    let since = desk.now().plus_hours(-MAIL_ANNOUNCED_HOURS);
    let mail = channels.mail || sql::announced(tx).await?.is_some_and(|at| at > since);
    Ok(Channels { mail, ..channels.clone() })
}

/// One's newest e-mails, the newest first.
pub async fn own_mail(desk: &Desk) -> Result<Vec<OwnMail>> {
    desk.may(Act::ChangeOwnProfile)?;
    let target = Target::Mail(desk.person_id().ok_or(Refusal::SignIn)?);
    let mut tx = desk.begin_read().await?;
    let mut bodies = sql::bodies(&mut tx, target, DELIVERIES_SHOWN_MAX).await?;
    let listed = deliveries::list(&mut tx, target, DELIVERIES_SHOWN_MAX).await?;
    let own = listed.into_iter().map(|delivery| {
        let body = bodies.remove(&delivery.id).unwrap_or_default();
        let subject = serde_json::from_str::<Mail>(&body).map(|mail| mail.subject).unwrap_or_default();
        OwnMail { subject, delivery }
    });
    Ok(own.collect())
}

/// What became of the newest e-mails to anybody, the newest first.
pub async fn all_mail(desk: &Desk) -> Result<Vec<MailTo>> {
    desk.may(Act::ManagePeople)?;
    let mut tx = desk.begin_read().await?;
    let accounts = people::acts::everybody(&mut tx).await?;
    let name =
        |person: PersonId| accounts.iter().find(|account| account.id == person).map(|account| account.name.clone());
    let listed = deliveries::list_mail(&mut tx, DELIVERIES_SHOWN_MAX).await?;
    let all = listed.into_iter().filter_map(|(target, delivery)| match target {
        Target::Mail(person) => Some(MailTo { person, name: name(person).unwrap_or_default(), delivery }),
        Target::Webhook(_) => None,
    });
    Ok(all.collect())
}

/// Sends a test to one's own address, whatever the hour; what waits already goes before it.
pub async fn test_mail(desk: &Desk, channels: &Channels) -> Result<()> {
    desk.may(Act::ChangeOwnProfile)?;
    let target = Target::Mail(desk.person_id().ok_or(Refusal::SignIn)?);
    let body = serde_json::to_string(&bodies::mail_test(&channels.origin)).map_err(|e| Fault::Work(e.to_string()))?;
    let mut tx = desk.begin_write().await?;
    must_go(desk, &mut tx, channels, Act::ChangeOwnProfile).await?;
    not_too_often(&mut tx, target, desk.now()).await?;
    at_once(desk, &mut tx, target, (&message_id()?, bodies::TEST), &body).await?;
    desk.commit(tx, "profile/notifications").await
}

/// Sends an e-mail of one's own again under the name it had, whatever the hour.
pub async fn resend_own_mail(desk: &Desk, channels: &Channels, delivery: i64) -> Result<()> {
    desk.may(Act::ChangeOwnProfile)?;
    let target = Target::Mail(desk.person_id().ok_or(Refusal::SignIn)?);
    let mut tx = desk.begin_write().await?;
    let sent = sent(&mut tx, delivery, Act::ChangeOwnProfile, Some(target)).await?;
    must_go(desk, &mut tx, channels, Act::ChangeOwnProfile).await?;
    not_too_often(&mut tx, target, desk.now()).await?;
    at_once(desk, &mut tx, target, (&sent.message, &sent.topic), &sent.body).await?;
    desk.commit(tx, "profile/mail").await
}

/// Sends somebody's e-mail again under the name it had, outside of their quiet hours.
pub async fn resend_mail(desk: &Desk, channels: &Channels, delivery: i64) -> Result<()> {
    desk.may(Act::ManagePeople)?;
    let mut tx = desk.begin_write().await?;
    let sent = sent(&mut tx, delivery, Act::ManagePeople, None).await?;
    must_go(desk, &mut tx, channels, Act::ManagePeople).await?;
    let (target, now) = (sent.target, desk.now());
    not_too_often(&mut tx, target, now).await?;
    let due_at = outside_quiet_hours(&mut tx, target, now).await?;
    deliveries::begin_anew(&mut tx, target).await?;
    put(&mut tx, target, (&sent.message, &sent.topic), &sent.body, now, due_at).await?;
    desk.commit(tx, "mail").await
}

/// An e-mail that can be sent again: one that waits is sent anyway.
async fn sent(tx: &mut Tx, delivery: i64, act: Act, of: Option<Target>) -> Result<sql::Sent> {
    let found = sql::sent(tx, delivery).await?.filter(|sent| of.is_none_or(|target| target == sent.target));
    let found = found.ok_or_else(|| Refusal::missing("e-mail with the number", delivery))?;
    if found.waits {
        return Err(Refusal::not_now(act, "it still waits to be sent").into());
    }
    Ok(found)
}

async fn must_go(desk: &Desk, tx: &mut Tx, channels: &Channels, act: Act) -> Result<()> {
    if of_any_server(desk, tx, channels).await?.mail {
        return Ok(());
    }
    Err(Refusal::not_now(act, "no e-mail can be sent from here").into())
}

/// Nobody's mailbox is filled by a button.
async fn not_too_often(tx: &mut Tx, target: Target, now: Moment) -> Result<()> {
    let asked = sql::asked_for(tx, target, now.plus_hours(-1)).await?;
    match asked.first() {
        Some(first) if asked.len() >= MAIL_ASKED_FOR_MAX => {
            let wait_ms = first.plus_hours(1).ms_since(now).max(0);
            Err(Refusal::TooOften { wait_s: wait_ms / 1_000 + 1 }.into())
        }
        _ => Ok(()),
    }
}

/// Behind what waits already, whatever the hour.
async fn at_once(desk: &Desk, tx: &mut Tx, target: Target, named: (&str, &str), body: &str) -> Result<()> {
    let now = desk.now();
    deliveries::begin_anew(tx, target).await?;
    deliveries::wait_until(tx, target, now).await?;
    put(tx, target, named, body, now, now).await.map(|_| ())
}

/// This moment, or when the quiet hours end that it falls into.
pub(super) async fn outside_quiet_hours(tx: &mut Tx, target: Target, at: Moment) -> Result<Moment> {
    let Target::Mail(person) = target else { return Ok(at) };
    let Some(account) = people::acts::open_account(tx, person).await? else { return Ok(at) };
    let quiet = quiet_hours(tx, &account).await?;
    Ok(quiet.and_then(|quiet| quiet.until(at, &zone_of(&account))).unwrap_or(at))
}

/// Until when quiet hours hold what was due before they began: nobody could send it in time. What somebody asked for
/// meanwhile is due within them, and is not held.
pub(super) async fn held_until(tx: &mut Tx, target: Target, due_at: Moment, now: Moment) -> Result<Option<Moment>> {
    let until = outside_quiet_hours(tx, target, now).await?;
    let is_held = until > now && outside_quiet_hours(tx, target, due_at).await? == due_at;
    Ok(is_held.then_some(until))
}

/// None as well where nobody can read them: then nothing waits for them.
async fn quiet_hours(tx: &mut Tx, account: &Account) -> Result<Option<Quiet>> {
    match notices::chosen(tx, account.id).await {
        Ok(chosen) => Ok(chosen.choices.quiet),
        Err(Error::Broken(Fault::BadRow { .. })) => Ok(None),
        Err(trouble) => Err(trouble),
    }
}
