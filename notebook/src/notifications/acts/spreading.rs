//! From the outbox to inboxes and queues. What acts wrote there in their own transactions is passed on in the order
//! in which it was written, and leaves the outbox in the transaction that passes it on.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    around::{Told, told},
    mailing::of_any_server,
};
use crate::{
    actor::{Act, PersonId},
    db::Tx,
    desk::Desk,
    events::{self, Entry},
    fault::{Error, Fault, Result},
    foreign::shorten,
    limits::{NOTICE_CHARS_MAX, OUTBOX_AT_ONCE},
    notifications::{
        Target,
        bodies::{self, Mail, Message},
        heard::heard,
        mentions::{may_mention, mentioned, says_again, texts},
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

/// What this server can send with. What another one sends, this one need not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channels {
    /// Where people open the notebook: `https://retrial.example.org`.
    pub origin: String,
    pub mail: bool,
}

/// What is to be told, and everybody who can be told.
struct News<'a> {
    lines: Vec<Line<'a>>,
    accounts: Vec<Account>,
    webhooks: Vec<Kept>,
}

/// What a line tells whom.
struct Line<'a> {
    entry: &'a Entry,
    /// The people it mentions, each with the text that does.
    mentioned: BTreeMap<PersonId, String>,
    told: Vec<Told>,
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
    let channels = of_any_server(desk, &mut tx, channels).await?;
    drop(tx);
    let mut tx = desk.begin_write().await?;
    tx.take_turn("outbox").await?;
    // Lines leave in their order, so where the first one is still there nobody else has passed on any of them.
    if !events::is_in_outbox(&mut tx, first.seq).await? {
        return Ok(0);
    }
    for line in &news.lines {
        readable(line.entry, tell(desk, &mut tx, &channels, line, &news).await)?;
    }
    events::take_out(&mut tx, last.seq).await?;
    desk.commit(tx, "").await?;
    Ok(lines.len())
}

async fn news<'a>(desk: &Desk, tx: &mut Tx, lines: &'a [Entry]) -> Result<News<'a>> {
    let accounts = people::acts::everybody(tx).await?;
    let mut read = Vec::new();
    for line in lines {
        let mentioned = whom_newly(tx, line, &accounts).await?;
        let told = match topics::of_line(&line.kind, &line.act) {
            Some(topic) => readable(line, told(desk, tx, topic, line).await)?.unwrap_or_default(),
            None => Vec::new(),
        };
        read.push(Line { entry: line, mentioned, told });
    }
    Ok(News { lines: read, accounts, webhooks: webhooks::all(tx).await? })
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

async fn tell(desk: &Desk, tx: &mut Tx, channels: &Channels, line: &Line<'_>, news: &News<'_>) -> Result<()> {
    let mentioned = tell_mentioned(desk, tx, channels, line, news).await?;
    for told in &line.told {
        tell_of(desk, tx, channels, line.entry, told, news, &mentioned).await?;
    }
    Ok(())
}

/// Tells whom a line mentions, each once and of nothing else it says; who these were.
async fn tell_mentioned(
    desk: &Desk,
    tx: &mut Tx,
    channels: &Channels,
    Line { entry: line, mentioned, .. }: &Line<'_>,
    news: &News<'_>,
) -> Result<BTreeSet<PersonId>> {
    let mut told = BTreeSet::new();
    if mentioned.is_empty() {
        return Ok(told);
    }
    let muted = notices::muted(tx, &line.object).await?;
    for (person, text) in mentioned {
        let account = news.accounts.iter().find(|account| account.id == *person);
        let Some(account) = account.filter(|_| line.person != Some(*person) && !muted.contains(person)) else {
            continue;
        };
        let topic = Topic::Mentioned;
        let says = shorten::line(&topic.sentence(&line.object, text, ""), NOTICE_CHARS_MAX);
        let message = Message { topic, at: line.at, object: line.object.clone(), says, by: line.name.clone() };
        let heard = tell_person(desk, tx, channels, (&line.kind, &message, None), account, "you are mentioned").await;
        if readable(line, heard)? == Some(true) {
            told.insert(*person);
        }
    }
    Ok(told)
}

/// Whom a line mentions that what it edits did not.
async fn whom_newly(tx: &mut Tx, line: &Entry, accounts: &[Account]) -> Result<BTreeMap<PersonId, String>> {
    if !may_mention(&line.kind, &line.act, &line.body) {
        return Ok(BTreeMap::new());
    }
    let mut found = whom(line, accounts);
    if !found.is_empty() && says_again(&line.act) {
        let trail = events::of_object(tx, &line.kind, &line.object).await?;
        for earlier in trail.iter().filter(|earlier| earlier.seq < line.seq && says_again(&earlier.act)) {
            let before = whom(earlier, accounts);
            found.retain(|person, _| !before.contains_key(person));
        }
    }
    Ok(found)
}

/// The people whom a line mentions, each with the first text that does.
fn whom(line: &Entry, accounts: &[Account]) -> BTreeMap<PersonId, String> {
    let mut found = BTreeMap::new();
    for text in texts(&line.body) {
        for person in mentioned(&text, accounts) {
            found.entry(person).or_insert_with(|| text.clone());
        }
    }
    found
}

async fn tell_of(
    desk: &Desk,
    tx: &mut Tx,
    channels: &Channels,
    line: &Entry,
    Told { topic, kind, object, title, is, when, around }: &Told,
    news: &News<'_>,
    mentioned: &BTreeSet<PersonId>,
) -> Result<()> {
    let topic = *topic;
    let says = topic.sentence(object, title, is);
    let muted = notices::muted(tx, object).await?;
    let until = when.filter(|when| *when > desk.now());
    let message_in = |zone: &Zone| {
        let when = when.map(|when| format!(" ({})", when.words(zone))).unwrap_or_default();
        // A long title gives way to the time behind it.
        let room = NOTICE_CHARS_MAX.saturating_sub(when.chars().count());
        let says = format!("{}{when}", shorten::line(&says, room));
        Message { topic, at: line.at, object: object.clone(), says, by: line.name.clone() }
    };
    for (person, because) in heard(topic, around, &news.accounts) {
        let account = news.accounts.iter().find(|account| account.id == person);
        if let Some(account) = account.filter(|_| !muted.contains(&person) && !mentioned.contains(&person)) {
            let message = message_in(&zone_of(account));
            readable(line, tell_person(desk, tx, channels, (kind, &message, until), account, &because).await)?;
        }
    }
    let (id, message) = (message_id()?, message_in(&Zone::utc()));
    for kept in news.webhooks.iter().filter(|kept| kept.webhook.wants(topic)) {
        let body = match kept.webhook.form {
            Form::Standard => bodies::standard(&message, &channels.origin),
            Form::Slack => bodies::slack(&message, &channels.origin),
        };
        put(tx, Target::Webhook(kept.id), (&id, topic.word()), &body, desk.now(), desk.now()).await?;
    }
    Ok(())
}

/// Whether they wanted to be told.
async fn tell_person(
    desk: &Desk,
    tx: &mut Tx,
    channels: &Channels,
    (kind, message, until): (&str, &Message, Option<Moment>),
    account: &Account,
    because: &str,
) -> Result<bool> {
    let mail = bodies::mail(message, because, &channels.origin);
    let (topic, object, says) = (message.topic, message.object.as_str(), message.says.as_str());
    let entry = Entered { kind, topic, object, says, because, until };
    enter(desk, tx, channels, &entry, account, &mail).await
}

/// An entry on its way into somebody's inbox.
pub(super) struct Entered<'a> {
    pub kind: &'a str,
    pub topic: Topic,
    pub object: &'a str,
    pub says: &'a str,
    pub because: &'a str,
    /// From when on an e-mail would tell of what has begun already.
    pub until: Option<Moment>,
}

/// Puts an entry into an inbox, and its e-mail into a queue, as that person chose; whether they chose either.
pub(super) async fn enter(
    desk: &Desk,
    tx: &mut Tx,
    channels: &Channels,
    entry: &Entered<'_>,
    account: &Account,
    mail: &Mail,
) -> Result<bool> {
    let choices = notices::chosen(tx, account.id).await?.choices;
    let Entered { kind, topic, object, says, because, until } = *entry;
    let now = desk.now();
    let in_inbox = choices.inbox.contains(&topic);
    if in_inbox {
        let new = notices::New { person: account.id, topic, about: (kind, object), says, because, at: now };
        notices::insert(tx, &new).await?;
    }
    let due_at = choices.quiet.and_then(|quiet| quiet.until(now, &zone_of(account))).unwrap_or(now);
    let in_time = until.is_none_or(|until| due_at < until);
    let by_mail = channels.mail && in_time && choices.mail.contains(&topic);
    if by_mail {
        let body = serde_json::to_string(mail).map_err(|e| Fault::Work(e.to_string()))?;
        put(tx, Target::Mail(account.id), (&message_id()?, topic.word()), &body, now, due_at).await?;
    }
    Ok(in_inbox || by_mail)
}

/// The zone somebody reads times in.
pub(super) fn zone_of(account: &Account) -> Zone {
    Zone::named(&account.zone).unwrap_or_else(Zone::utc)
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
