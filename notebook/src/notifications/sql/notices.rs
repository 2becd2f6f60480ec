//! Inboxes, and what people chose to be told.

use std::collections::BTreeSet;

use crate::{
    actor::PersonId,
    db::{Tx, on},
    fault::{Error, Fault, Result},
    notifications::{
        Notice,
        choices::{Choices, Chosen},
        topics::Topic,
    },
    paging::Rows,
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    topic: String,
    object: String,
    says: String,
    because: String,
    at: i64,
    done_at: Option<i64>,
}

impl TryFrom<Row> for Notice {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            topic: Topic::named(&row.topic).map_err(|says| Fault::bad_row("notices", row.id, says))?,
            object: row.object,
            says: row.says,
            because: row.because,
            at: Moment::from_micros(row.at),
            done_at: row.done_at.map(Moment::from_micros),
        })
    }
}

/// A notice on its way in.
pub(in crate::notifications) struct New<'a> {
    pub person: PersonId,
    pub topic: Topic,
    /// The kind and id of what it is about.
    pub about: (&'a str, &'a str),
    pub says: &'a str,
    pub because: &'a str,
    pub at: Moment,
}

const INSERT: &str = "
    insert into notices (person, topic, kind, object, says, because, at, done_at)
    values ($1, $2, $3, $4, $5, $6, $7, null)";

pub(in crate::notifications) async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<()> {
    let (kind, object) = new.about;
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.person.0)
        .bind(new.topic.word())
        .bind(kind)
        .bind(object)
        .bind(new.says)
        .bind(new.because)
        .bind(new.at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const PAGE: &str = "
    select id, topic, object, says, because, at, done_at
    from notices
    where person = $1 and id < $2 and (done_at is null or $3 = 1)
    order by id desc
    limit $4";

/// One page of somebody's inbox, newest first, and a row more.
pub(in crate::notifications) async fn page(
    tx: &mut Tx,
    person: PersonId,
    before: Option<i64>,
    with_done: bool,
    rows: Rows,
) -> Result<Vec<Notice>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(person.0)
        .bind(before.unwrap_or(i64::MAX))
        .bind(i64::from(with_done))
        .bind(rows.and_one())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Notice::try_from).collect()
}

const OPEN: &str = "select count(*) from notices where person = $1 and done_at is null";

/// How many are not done.
pub(in crate::notifications) async fn open(tx: &mut Tx, person: PersonId) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(OPEN).bind(person.0).fetch_one(c).await)?)
}

const DONE: &str = "update notices set done_at = $3 where person = $1 and id = $2 and done_at is null";

/// False if there is no such entry that is not done.
pub(in crate::notifications) async fn done(tx: &mut Tx, person: PersonId, id: i64, now: Moment) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(DONE)
        .bind(person.0)
        .bind(id)
        .bind(now.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const ALL_DONE: &str = "update notices set done_at = $2 where person = $1 and done_at is null";

/// How many were not done before.
pub(in crate::notifications) async fn all_done(tx: &mut Tx, person: PersonId, now: Moment) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(ALL_DONE)
        .bind(person.0)
        .bind(now.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?)
}

const FORGET: &str = "delete from notices where done_at <= $1 or at <= $2";

/// Drops what was done long ago, and whatever is older still.
pub(in crate::notifications) async fn forget(tx: &mut Tx, done_before: Moment, before: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET).bind(done_before.micros()).bind(before.micros()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const CHOSEN: &str = "select text, version, known from notice_choices where person = $1";

/// What somebody chose; what everybody begins with if nothing.
pub(in crate::notifications) async fn chosen(tx: &mut Tx, person: PersonId) -> Result<Chosen> {
    let row: Option<(String, i64, String)> =
        on!(tx, c => sqlx::query_as(CHOSEN).bind(person.0).fetch_optional(c).await)?;
    let Some((text, version, known)) = row else { return Ok(Chosen::default()) };
    let choices: Choices = serde_json::from_str(&text).map_err(|e| Fault::bad_row("notice_choices", person.0, e))?;
    let known: BTreeSet<Topic> = known.split(' ').filter_map(|word| Topic::named(word).ok()).collect();
    Ok(Chosen { choices: choices.with_later(&known), version })
}

const CHOOSE: &str = "
    insert into notice_choices (person, text, version, known)
    values ($1, $2, $3 + 1, $4)
    on conflict (person) do update set text = excluded.text, version = excluded.version, known = excluded.known
    where notice_choices.version = $3";

/// False if another version is there now.
pub(in crate::notifications) async fn choose(
    tx: &mut Tx,
    person: PersonId,
    choices: &Choices,
    version: i64,
) -> Result<bool> {
    let text = serde_json::to_string(choices).map_err(|e| Fault::Work(e.to_string()))?;
    let known: Vec<&str> = Topic::ALL.iter().map(|topic| topic.word()).collect();
    let rows = on!(tx, c => sqlx::query(CHOOSE)
        .bind(person.0)
        .bind(text)
        .bind(version)
        .bind(known.join(" "))
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const MUTED: &str = "select person from notice_mutes where object = $1";

/// Who wants to hear no more of a thing.
pub(in crate::notifications) async fn muted(tx: &mut Tx, object: &str) -> Result<Vec<PersonId>> {
    let rows: Vec<i64> = on!(tx, c => sqlx::query_scalar(MUTED).bind(object).fetch_all(c).await)?;
    Ok(rows.into_iter().map(PersonId).collect())
}

const MUTES: &str = "select object from notice_mutes where person = $1 order by object";

/// What somebody wants to hear no more of.
pub(in crate::notifications) async fn mutes(tx: &mut Tx, person: PersonId) -> Result<Vec<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(MUTES).bind(person.0).fetch_all(c).await)?)
}

const MUTE: &str = "insert into notice_mutes (person, object) values ($1, $2) on conflict (person, object) do nothing";

pub(in crate::notifications) async fn mute(tx: &mut Tx, person: PersonId, object: &str) -> Result<()> {
    on!(tx, c => sqlx::query(MUTE).bind(person.0).bind(object).execute(c).await.map(|_| ()))?;
    Ok(())
}

const UNMUTE: &str = "delete from notice_mutes where person = $1 and object = $2";

/// False if it was not muted.
pub(in crate::notifications) async fn unmute(tx: &mut Tx, person: PersonId, object: &str) -> Result<bool> {
    let rows =
        on!(tx, c => sqlx::query(UNMUTE).bind(person.0).bind(object).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}
