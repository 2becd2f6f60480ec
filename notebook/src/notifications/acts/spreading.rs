//! From the outbox to inboxes and queues. What acts wrote there in their own transactions is passed on in the order
//! in which it was written, and leaves the outbox in the transaction that passes it on.

use super::around::{Told, told};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events::{self, Entry},
    fault::{Error, Fault, Result},
    foreign::shorten,
    limits::{NOTICE_CHARS_MAX, OUTBOX_AT_ONCE},
    notifications::{
        Target,
        bodies::{self, Message},
        heard::heard,
        sql::{
            deliveries::{self, New},
            notices, webhooks,
        },
        topics::{self, Topic},
        webhooks::{Form, Kept},
    },
    people::{self, Account, secrets},
    time::{Moment, Zone},
};

/// What this server can send with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channels {
    /// Where people open the notebook: `https://retrial.example.org`.
    pub origin: String,
    pub mail: bool,
}

/// What is to be told, and everybody who can be told.
struct News<'a> {
    lines: Vec<(Topic, &'a Entry, Vec<Told>)>,
    accounts: Vec<Account>,
    webhooks: Vec<Kept>,
}

/// Passes on what waits in the outbox, a bounded part of it; how many lines that were. Whom they concern is found out
/// before it is anybody's turn to write, so no act waits for that.
pub async fn spread(desk: &Desk, channels: &Channels) -> Result<usize> {
    desk.may(Act::ManageWebhooks)?;
    let mut tx = desk.begin_glance().await?;
    if !events::has_outbox(&mut tx).await? {
        return Ok(0);
    }
    drop(tx);
    let mut tx = desk.begin_read().await?;
    let lines = events::outbox(&mut tx, OUTBOX_AT_ONCE).await?;
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(0) };
    let news = news(desk, &mut tx, &lines).await?;
    drop(tx);
    let mut tx = desk.begin_write().await?;
    tx.take_turn("outbox").await?;
    // Lines leave in their order, so where the first one is still there nobody else has passed on any of them.
    if !events::is_in_outbox(&mut tx, first.seq).await? {
        return Ok(0);
    }
    for (topic, line, told) in &news.lines {
        readable(line, tell(desk, &mut tx, channels, (*topic, line, told), &news).await)?;
    }
    events::take_out(&mut tx, last.seq).await?;
    desk.commit(tx, "").await?;
    Ok(lines.len())
}

async fn news<'a>(desk: &Desk, tx: &mut Tx, lines: &'a [Entry]) -> Result<News<'a>> {
    let mut read = Vec::new();
    for line in lines {
        let Some(topic) = topics::of_line(&line.kind, &line.act) else { continue };
        if let Some(told) = readable(line, told(desk, tx, topic, line).await)? {
            read.push((topic, line, told));
        }
    }
    Ok(News { lines: read, accounts: people::acts::everybody(tx).await?, webhooks: webhooks::all(tx).await? })
}

/// One line that nobody can read any more must not hold up all that follow.
fn readable<T>(line: &Entry, read: Result<T>) -> Result<Option<T>> {
    match read {
        Err(Error::Broken(fault @ Fault::BadRow { .. })) => {
            tracing::warn!(seq = line.seq, error = %fault, "nobody is told of a line");
            Ok(None)
        }
        Err(Error::Refused(refusal)) if refusal.code() == "missing" => {
            tracing::warn!(seq = line.seq, %refusal, "nobody is told of a line");
            Ok(None)
        }
        read => read.map(Some),
    }
}

async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    channels: &Channels,
    (topic, line, all): (Topic, &Entry, &[Told]),
    news: &News<'_>,
) -> Result<()> {
    for told in all {
        tell_of(desk, tx, channels, (topic, line), told, news).await?;
    }
    Ok(())
}

async fn tell_of(
    desk: &Desk,
    tx: &mut Tx,
    channels: &Channels,
    (topic, line): (Topic, &Entry),
    Told { kind, object, title, is, around }: &Told,
    news: &News<'_>,
) -> Result<()> {
    let says = shorten::line(&topic.sentence(object, title, is), NOTICE_CHARS_MAX);
    let muted = notices::muted(tx, object).await?;
    let message = Message { topic, at: line.at, object: object.clone(), says, by: line.name.clone() };
    for (person, because) in heard(topic, around, &news.accounts) {
        let account = news.accounts.iter().find(|account| account.id == person);
        if let Some(account) = account.filter(|_| !muted.contains(&person)) {
            readable(line, tell_person(desk, tx, channels, (kind, &message), account, &because).await)?;
        }
    }
    let id = message_id()?;
    for kept in news.webhooks.iter().filter(|kept| kept.webhook.wants(topic)) {
        let body = match kept.webhook.form {
            Form::Standard => bodies::standard(&message, &channels.origin),
            Form::Slack => bodies::slack(&message, &channels.origin),
        };
        put(tx, Target::Webhook(kept.id), (&id, topic.word()), &body, desk.now(), desk.now()).await?;
    }
    Ok(())
}

async fn tell_person(
    desk: &Desk,
    tx: &mut Tx,
    channels: &Channels,
    (kind, message): (&str, &Message),
    account: &Account,
    because: &str,
) -> Result<()> {
    let choices = notices::chosen(tx, account.id).await?.choices;
    let (now, topic) = (desk.now(), message.topic);
    if choices.inbox.contains(&topic) {
        let about = (kind, message.object.as_str());
        let new = notices::New { person: account.id, topic, about, says: &message.says, because, at: now };
        notices::insert(tx, &new).await?;
    }
    if channels.mail && choices.mail.contains(&topic) {
        let zone = Zone::named(&account.zone).unwrap_or_else(Zone::utc);
        let due_at = choices.quiet.and_then(|quiet| quiet.until(now, &zone)).unwrap_or(now);
        let mail = bodies::mail(message, because, &channels.origin);
        let body = serde_json::to_string(&mail).map_err(|e| Fault::Work(e.to_string()))?;
        put(tx, Target::Mail(account.id), (&message_id()?, topic.word()), &body, now, due_at).await?;
    }
    Ok(())
}

/// The name of a new message: the same to all webhooks that get it, and over all tries.
pub(super) fn message_id() -> Result<String> {
    Ok(format!("msg_{}", secrets::word::<16>()?))
}

/// Puts a message at the end of a target's queue.
pub(super) async fn put(
    tx: &mut Tx,
    target: Target,
    (message, topic): (&str, &str),
    body: &str,
    at: Moment,
    due_at: Moment,
) -> Result<i64> {
    deliveries::insert(tx, &New { target, message, topic, body, at, due_at }).await
}
