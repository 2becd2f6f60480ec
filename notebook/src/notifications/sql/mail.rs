//! E-mail of people: which servers send it, what it says, and how often somebody asked for it.

use std::collections::BTreeMap;

use super::deliveries::target;
use crate::{
    db::{Tx, on},
    fault::Result,
    notifications::{Target, bodies},
    time::Moment,
};

const ANNOUNCE: &str = "
    insert into mail_announced (id, at) values (1, $1)
    on conflict (id) do update set at = excluded.at";

pub(in crate::notifications) async fn announce(tx: &mut Tx, now: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(ANNOUNCE).bind(now.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const ANNOUNCED: &str = "select at from mail_announced where id = 1";

/// When a server said last that it can send e-mail.
pub(in crate::notifications) async fn announced(tx: &mut Tx) -> Result<Option<Moment>> {
    let at: Option<i64> = on!(tx, c => sqlx::query_scalar(ANNOUNCED).fetch_optional(c).await)?;
    Ok(at.map(Moment::from_micros))
}

const BODIES: &str = "select id, body from deliveries where target = $1 order by id desc limit $2";

/// What the newest messages of a target say, by their numbers.
pub(in crate::notifications) async fn bodies(tx: &mut Tx, target: Target, rows: i64) -> Result<BTreeMap<i64, String>> {
    let rows: Vec<(i64, String)> =
        on!(tx, c => sqlx::query_as(BODIES).bind(target.word()).bind(rows).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// An e-mail as it was sent, or waits to be.
pub(in crate::notifications) struct Sent {
    pub target: Target,
    pub message: String,
    pub topic: String,
    pub body: String,
    pub waits: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    target: String,
    message: String,
    topic: String,
    body: String,
    delivered_at: Option<i64>,
    dropped_at: Option<i64>,
}

const SENT: &str = "
    select target, message, topic, body, delivered_at, dropped_at
    from deliveries
    where id = $1 and substr(target, 1, 5) = 'mail:'";

pub(in crate::notifications) async fn sent(tx: &mut Tx, delivery: i64) -> Result<Option<Sent>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(SENT).bind(delivery).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let waits = row.delivered_at.is_none() && row.dropped_at.is_none();
    let target = target(&row.target)?;
    Ok(Some(Sent { target, message: row.message, topic: row.topic, body: row.body, waits }))
}

// A message that has the name of an earlier one was sent again.
const ASKED_FOR: &str = "
    select d.at
    from deliveries d
    where d.target = $1 and d.at > $2
        and (d.topic = $3 or exists (
            select 1 from deliveries e where e.target = d.target and e.message = d.message and e.id < d.id
        ))
    order by d.at";

/// When since then somebody asked by hand for what went to a target, the earliest first.
pub(in crate::notifications) async fn asked_for(tx: &mut Tx, target: Target, since: Moment) -> Result<Vec<Moment>> {
    let rows: Vec<i64> = on!(tx, c => sqlx::query_scalar(ASKED_FOR)
        .bind(target.word())
        .bind(since.micros())
        .bind(bodies::TEST)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(Moment::from_micros).collect())
}
