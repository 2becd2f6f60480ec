//! Queues of messages, one for each target, and how sending them goes.

use std::collections::BTreeMap;

use crate::{
    db::{Tx, on},
    fault::{Fault, Result},
    limits::DELIVERIES_DUE_MAX,
    notifications::{Delivery, Target, Try},
    time::Moment,
};

/// A message on its way into a queue.
pub(in crate::notifications) struct New<'a> {
    pub target: Target,
    pub message: &'a str,
    pub topic: &'a str,
    pub body: &'a str,
    pub at: Moment,
    /// Not before then.
    pub due_at: Moment,
}

const INSERT: &str = "
    insert into deliveries (target, message, topic, body, at, due_at, delivered_at, dropped_at)
    values ($1, $2, $3, $4, $5, $6, null, null)
    returning id";

pub(in crate::notifications) async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(new.target.word())
        .bind(new.message)
        .bind(new.topic)
        .bind(new.body)
        .bind(new.at.micros())
        .bind(new.due_at.micros())
        .fetch_one(c)
        .await)?)
}

// Only the first of each queue is looked at: a later one never overtakes it.
const DUE: &str = "
    select d.target
    from (
        select min(id) as id from deliveries
        where delivered_at is null and dropped_at is null
        group by target
    ) waiting
        join deliveries d on d.id = waiting.id
        left join delivery_turns t on t.target = d.target
    where d.due_at <= $1
        and (t.next_at is null or t.next_at <= $1)
        and (t.claimed_until is null or t.claimed_until <= $1)
        and ($2 = 1 or substr(d.target, 1, 5) <> 'mail:')
    order by case when substr(d.target, 1, 5) = 'mail:' then 1 else 0 end, d.id
    limit $3";

/// Targets whose first message is due, the longest waiting first; people's e-mail only where it can be sent, and behind
/// all webhooks: there are many people, and one mail server that hangs.
pub(in crate::notifications) async fn due(tx: &mut Tx, with_mail: bool, now: Moment) -> Result<Vec<Target>> {
    let rows: Vec<String> = on!(tx, c => sqlx::query_scalar(DUE)
        .bind(now.micros())
        .bind(i64::from(with_mail))
        .bind(DELIVERIES_DUE_MAX)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(|word| target(&word)).collect()
}

pub(super) fn target(word: &str) -> Result<Target> {
    Ok(Target::named(word).ok_or_else(|| Fault::bad_row("deliveries", word, "target"))?)
}

const CLAIM: &str = "
    insert into delivery_turns (target, claimed_until, failures, next_at)
    values ($1, $2, 0, null)
    on conflict (target) do update set claimed_until = excluded.claimed_until
    where (delivery_turns.claimed_until is null or delivery_turns.claimed_until <= $3)
        and (delivery_turns.next_at is null or delivery_turns.next_at <= $3)";

/// Whether it is now ours to send to this target, among all nodes.
pub(in crate::notifications) async fn claim(tx: &mut Tx, target: Target, until: Moment, now: Moment) -> Result<bool> {
    let claimed = on!(tx, c => sqlx::query(CLAIM)
        .bind(target.word())
        .bind(until.micros())
        .bind(now.micros())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(claimed == 1)
}

/// The first message of a queue.
#[derive(sqlx::FromRow)]
pub(in crate::notifications) struct First {
    pub id: i64,
    pub message: String,
    pub body: String,
    pub due_at: i64,
}

const FIRST: &str = "
    select id, message, body, due_at
    from deliveries
    where target = $1 and delivered_at is null and dropped_at is null
    order by id
    limit 1";

pub(in crate::notifications) async fn first(tx: &mut Tx, target: Target) -> Result<Option<First>> {
    Ok(on!(tx, c => sqlx::query_as(FIRST).bind(target.word()).fetch_optional(c).await)?)
}

const FAILURES: &str = "select failures from delivery_turns where target = $1";

/// How often in a row it failed.
pub(in crate::notifications) async fn failures(tx: &mut Tx, target: Target) -> Result<i64> {
    let failures: Option<i64> = on!(tx, c => sqlx::query_scalar(FAILURES).bind(target.word()).fetch_optional(c).await)?;
    Ok(failures.unwrap_or_default())
}

const SETTLE: &str = "
    update delivery_turns set claimed_until = null, failures = $3, next_at = $4
    where target = $1 and claimed_until = $2";

/// Writes down how it went, and gives the claim back. False if another one holds it by now.
pub(in crate::notifications) async fn settle(
    tx: &mut Tx,
    target: Target,
    claimed_until: Moment,
    failures: i64,
    next_at: Option<Moment>,
) -> Result<bool> {
    let settled = on!(tx, c => sqlx::query(SETTLE)
        .bind(target.word())
        .bind(claimed_until.micros())
        .bind(failures)
        .bind(next_at.map(Moment::micros))
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(settled == 1)
}

const REST: &str = "update delivery_turns set failures = 0, next_at = null where target = $1";

/// A person says that it is tried anew.
pub(in crate::notifications) async fn begin_anew(tx: &mut Tx, target: Target) -> Result<()> {
    on!(tx, c => sqlx::query(REST).bind(target.word()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const WAIT_UNTIL: &str = "
    update deliveries set due_at = $2 where target = $1 and delivered_at is null and dropped_at is null";

/// Lets all that waits for a target wait until then.
pub(in crate::notifications) async fn wait_until(tx: &mut Tx, target: Target, due_at: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(WAIT_UNTIL).bind(target.word()).bind(due_at.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const NEXT_TRY: &str = "select coalesce(max(number), 0) + 1 from delivery_tries where delivery = $1";
const TRIED: &str = "insert into delivery_tries (delivery, number, at, says) values ($1, $2, $3, $4)";

pub(in crate::notifications) async fn tried(tx: &mut Tx, delivery: i64, at: Moment, says: &str) -> Result<()> {
    let number: i64 = on!(tx, c => sqlx::query_scalar(NEXT_TRY).bind(delivery).fetch_one(c).await)?;
    on!(tx, c => sqlx::query(TRIED)
        .bind(delivery)
        .bind(number)
        .bind(at.micros())
        .bind(says)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const DELIVERED: &str = "update deliveries set delivered_at = $2 where id = $1";

pub(in crate::notifications) async fn delivered(tx: &mut Tx, delivery: i64, at: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(DELIVERED).bind(delivery).bind(at.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const DROPPED: &str = "update deliveries set dropped_at = $2 where id = $1";

pub(in crate::notifications) async fn dropped(tx: &mut Tx, delivery: i64, at: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(DROPPED).bind(delivery).bind(at.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const DROP_WAITING: &str = "
    update deliveries set dropped_at = $2
    where target = $1 and delivered_at is null and dropped_at is null";

/// Sends no more of what waits for a target.
pub(in crate::notifications) async fn drop_waiting(tx: &mut Tx, target: Target, now: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(DROP_WAITING).bind(target.word()).bind(now.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const OLD_MAIL_SAYS: &str = "
    insert into delivery_tries (delivery, number, at, says)
    select d.id, (select coalesce(max(t.number), 0) + 1 from delivery_tries t where t.delivery = d.id), $2, $3
    from deliveries d
    where d.delivered_at is null and d.dropped_at is null and d.at <= $1 and substr(d.target, 1, 5) = 'mail:'";
const DROP_OLD_MAIL: &str = "
    update deliveries set dropped_at = $2
    where delivered_at is null and dropped_at is null and at <= $1 and substr(target, 1, 5) = 'mail:'";

/// Sends no more e-mail that waits for longer than that, and says so in its log.
pub(in crate::notifications) async fn drop_old_mail(
    tx: &mut Tx,
    before: Moment,
    says: &str,
    now: Moment,
) -> Result<()> {
    let (before, now) = (before.micros(), now.micros());
    on!(tx, c => sqlx::query(OLD_MAIL_SAYS).bind(before).bind(now).bind(says).execute(c).await.map(|_| ()))?;
    on!(tx, c => sqlx::query(DROP_OLD_MAIL).bind(before).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

const FORGET_TRIES: &str = "
    delete from delivery_tries
    where delivery in (select id from deliveries where delivered_at <= $1 or dropped_at <= $1)";
const FORGET: &str = "delete from deliveries where delivered_at <= $1 or dropped_at <= $1";

/// Drops what was settled long ago.
pub(in crate::notifications) async fn forget(tx: &mut Tx, before: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET_TRIES).bind(before.micros()).execute(c).await.map(|_| ()))?;
    on!(tx, c => sqlx::query(FORGET).bind(before.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    target: String,
    message: String,
    topic: String,
    at: i64,
    delivered_at: Option<i64>,
    dropped_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct TryRow {
    delivery: i64,
    at: i64,
    says: String,
}

const LIST: &str = "
    select id, target, message, topic, at, delivered_at, dropped_at
    from deliveries
    where target = $1
    order by id desc
    limit $2";

const TRIES: &str = "
    select t.delivery, t.at, t.says
    from delivery_tries t join deliveries d on d.id = t.delivery
    where d.target = $1 and d.id >= $2
    order by t.delivery, t.number";

/// The newest messages of a target with their tries.
pub(in crate::notifications) async fn list(tx: &mut Tx, target: Target, rows: i64) -> Result<Vec<Delivery>> {
    let word = target.word();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).bind(&word).bind(rows).fetch_all(c).await)?;
    let first = first_of(&rows);
    let tries: Vec<TryRow> = on!(tx, c => sqlx::query_as(TRIES).bind(&word).bind(first).fetch_all(c).await)?;
    Ok(with_tries(rows, tries).into_iter().map(|(_, delivery)| delivery).collect())
}

const LIST_MAIL: &str = "
    select id, target, message, topic, at, delivered_at, dropped_at
    from deliveries
    where substr(target, 1, 5) = 'mail:'
    order by id desc
    limit $1";

const TRIES_OF_MAIL: &str = "
    select t.delivery, t.at, t.says
    from delivery_tries t join deliveries d on d.id = t.delivery
    where substr(d.target, 1, 5) = 'mail:' and d.id >= $1
    order by t.delivery, t.number";

/// The newest e-mails to anybody with their tries.
pub(in crate::notifications) async fn list_mail(tx: &mut Tx, rows: i64) -> Result<Vec<(Target, Delivery)>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_MAIL).bind(rows).fetch_all(c).await)?;
    let first = first_of(&rows);
    let tries: Vec<TryRow> = on!(tx, c => sqlx::query_as(TRIES_OF_MAIL).bind(first).fetch_all(c).await)?;
    with_tries(rows, tries).into_iter().map(|(word, delivery)| Ok((target(&word)?, delivery))).collect()
}

/// The earliest of rows that stand newest first.
fn first_of(rows: &[Row]) -> i64 {
    rows.last().map_or(i64::MAX, |row| row.id)
}

/// Each with the word of its target.
fn with_tries(rows: Vec<Row>, tries: Vec<TryRow>) -> Vec<(String, Delivery)> {
    let mut by_delivery: BTreeMap<i64, Vec<Try>> = BTreeMap::new();
    for row in tries {
        let tried = Try { at: Moment::from_micros(row.at), says: row.says };
        by_delivery.entry(row.delivery).or_default().push(tried);
    }
    let shown = rows.into_iter().map(|row| {
        let delivery = Delivery {
            tries: by_delivery.remove(&row.id).unwrap_or_default(),
            id: row.id,
            message: row.message,
            topic: row.topic,
            at: Moment::from_micros(row.at),
            delivered_at: row.delivered_at.map(Moment::from_micros),
            dropped_at: row.dropped_at.map(Moment::from_micros),
        };
        (row.target, delivery)
    });
    shown.collect()
}

const SENT: &str = "select message, topic, body from deliveries where id = $1 and target = $2";

/// What was sent once: its name, what it tells of, and its body.
pub(in crate::notifications) async fn sent(
    tx: &mut Tx,
    target: Target,
    delivery: i64,
) -> Result<Option<(String, String, String)>> {
    Ok(on!(tx, c => sqlx::query_as(SENT).bind(delivery).bind(target.word()).fetch_optional(c).await)?)
}
