//! How game days are kept.

use std::collections::BTreeSet;

use super::{GameDay, Text};
use crate::{
    db::{Stretch, Tx, on},
    fault::{Error, Fault, Result},
    id::{GameDayId, RunId},
    interval::Interval,
    paging::Rows,
    refusal::Refusal,
    text::Title,
    time::{Moment, Zone},
};

pub(super) const NOUN: &str = "game day";

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    title: String,
    zone: String,
    from_at: i64,
    until_at: i64,
    body: String,
    cancelled_at: Option<i64>,
    changed_at: i64,
    created_at: i64,
    version: i64,
    runs: Option<String>,
}

impl TryFrom<Row> for GameDay {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let bad = |what: String| Fault::bad_row("gamedays", row.id, what);
        let numbers = row.runs.as_deref().unwrap_or_default().split(',').filter(|number| !number.is_empty());
        let runs: Result<BTreeSet<RunId>, _> = numbers.map(|number| number.parse().map(RunId::of)).collect();
        let text = Text {
            title: Title::new(&row.title).map_err(|e| bad(e.to_string()))?,
            zone: Zone::try_from(row.zone.clone()).map_err(bad)?,
            from: Moment::from_micros(row.from_at),
            until: Moment::from_micros(row.until_at),
            body: serde_json::from_str(&row.body).map_err(|e| bad(e.to_string()))?,
            runs: runs.map_err(|e| bad(e.to_string()))?,
        };
        Ok(Self {
            id: GameDayId::of(row.id),
            text,
            cancelled_at: row.cancelled_at.map(Moment::from_micros),
            changed_at: Moment::from_micros(row.changed_at),
            created_at: Moment::from_micros(row.created_at),
            version: row.version,
        })
    }
}

const INSERT: &str = "
    insert into gamedays
        (id, title, zone, from_at, until_at, body, cancelled_at, changed_at, created_at, version)
    values ($1, $2, $3, $4, $5, $6, null, $7, $7, 1)";

pub(super) async fn insert(tx: &mut Tx, gameday: &GameDay) -> Result<()> {
    let (text, body) = (&gameday.text, written(&gameday.text)?);
    on!(tx, c => sqlx::query(INSERT)
        .bind(gameday.id.number())
        .bind(text.title.as_str())
        .bind(text.zone.name())
        .bind(text.from.micros())
        .bind(text.until.micros())
        .bind(&body)
        .bind(gameday.created_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    set_runs(tx, gameday).await
}

fn written(text: &Text) -> Result<String> {
    Ok(serde_json::to_string(&text.body).map_err(|e| Fault::Work(e.to_string()))?)
}

const SAVE: &str = "
    update gamedays
    set title = $3, zone = $4, from_at = $5, until_at = $6, body = $7, changed_at = $8, version = version + 1
    where id = $1 and version = $2 and cancelled_at is null";

/// Refused if another version is there by now.
pub(super) async fn save(tx: &mut Tx, gameday: &GameDay) -> Result<()> {
    let (text, body) = (&gameday.text, written(&gameday.text)?);
    let saved = on!(tx, c => sqlx::query(SAVE)
        .bind(gameday.id.number())
        .bind(gameday.version)
        .bind(text.title.as_str())
        .bind(text.zone.name())
        .bind(text.from.micros())
        .bind(text.until.micros())
        .bind(&body)
        .bind(gameday.changed_at.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if saved != 1 {
        let present = load(tx, gameday.id).await?.version;
        return Err(Refusal::stale(NOUN, gameday.id, present).into());
    }
    set_runs(tx, gameday).await
}

// A run that stays is left alone: with it everything that was noted on the day would be entered into the index anew.
const DROP_RUNS: &str = "
    delete from gameday_runs
    where gameday = $1 and cast($2 as text) not like '%|' || run || '|%'";

const ADD_RUN: &str = "
    insert into gameday_runs (gameday, run)
    values ($1, $2)
    on conflict (gameday, run) do nothing";

async fn set_runs(tx: &mut Tx, gameday: &GameDay) -> Result<()> {
    let id = gameday.id.number();
    let set = gameday.text.runs.iter().fold("|".to_owned(), |set, run| set + &run.number().to_string() + "|");
    on!(tx, c => sqlx::query(DROP_RUNS).bind(id).bind(&set).execute(c).await.map(|_| ()))?;
    for run in &gameday.text.runs {
        on!(tx, c => sqlx::query(ADD_RUN).bind(id).bind(run.number()).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

const CANCEL: &str = "
    update gamedays
    set cancelled_at = $2, changed_at = $2, version = version + 1
    where id = $1 and cancelled_at is null";

/// False if it is cancelled already.
pub(super) async fn cancel(tx: &mut Tx, id: GameDayId, at: Moment) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(CANCEL)
        .bind(id.number())
        .bind(at.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const LOAD: &str = "
    select
        g.id, g.title, g.zone, g.from_at, g.until_at, g.body, g.cancelled_at, g.changed_at, g.created_at, g.version,
        (select string_agg(cast(x.run as text), ',') from gameday_runs x where x.gameday = g.id) as runs
    from gamedays g
    where g.id = $1";

pub(super) async fn load(tx: &mut Tx, id: GameDayId) -> Result<GameDay> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(LOAD).bind(id.number()).fetch_optional(c).await)?;
    row.ok_or_else(|| Refusal::missing(NOUN, id))?.try_into()
}

const OF_RUN: &str = "
    select
        g.id, g.title, g.zone, g.from_at, g.until_at, g.body, g.cancelled_at, g.changed_at, g.created_at, g.version,
        (select string_agg(cast(x.run as text), ',') from gameday_runs x where x.gameday = g.id) as runs
    from gamedays g
    where g.id in (select y.gameday from gameday_runs y where y.run = $1)
    order by g.id";

/// Those that a run belongs to, oldest first.
pub(super) async fn of_run(tx: &mut Tx, run: RunId) -> Result<Vec<GameDay>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_RUN).bind(run.number()).fetch_all(c).await)?;
    rows.into_iter().map(GameDay::try_from).collect()
}

const DURING: &str = "
    select
        g.id, g.title, g.zone, g.from_at, g.until_at, g.body, g.cancelled_at, g.changed_at, g.created_at, g.version,
        (select string_agg(cast(x.run as text), ',') from gameday_runs x where x.gameday = g.id) as runs
    from gamedays g
    where g.from_at >= $1 and g.from_at < $2
    order by g.from_at, g.id";

/// Those that begin in a stretch of time, the earliest first.
pub(super) async fn during(tx: &mut Tx, stretch: Interval) -> Result<Vec<GameDay>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(DURING)
        .bind(stretch.start().micros())
        .bind(stretch.end().micros())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(GameDay::try_from).collect()
}

const PAGE: &str = "
    select
        g.id, g.title, g.zone, g.from_at, g.until_at, g.body, g.cancelled_at, g.changed_at, g.created_at, g.version,
        (select string_agg(cast(x.run as text), ',') from gameday_runs x where x.gameday = g.id) as runs
    from gamedays g
    where g.id < $1
        and g.id >= $2
    order by g.id desc
    limit $3";

/// Which game days to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only numbers below this one: the last of the page before.
    pub before: Option<GameDayId>,
    pub rows: Rows,
}

/// One page and a row more, newest first, of one stretch of numbers.
pub(super) async fn page(tx: &mut Tx, filter: &Filter, stretch: &Stretch) -> Result<Vec<GameDay>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(stretch.below)
        .bind(stretch.from)
        .bind(filter.rows.and_one())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(GameDay::try_from).collect()
}
