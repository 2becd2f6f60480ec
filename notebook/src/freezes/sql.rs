//! How freezes are kept.

use super::{Ended, FreezeState, Kept, acts::Filter};
use crate::{
    actor::PersonId,
    calendar::freeze::{Freeze, Scope},
    db::{Stretch, Tx, on},
    fault::{Error, Fault, Result},
    interval::Interval,
    text::{Note, Slug},
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    team: Option<String>,
    service: Option<String>,
    environment: Option<String>,
    from_at: i64,
    until_at: Option<i64>,
    why: String,
    person: i64,
    name: String,
    ended_at: Option<i64>,
    ended_by: Option<i64>,
    ended_why: Option<String>,
    created_at: i64,
}

impl TryFrom<Row> for Kept {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let bad = |what: &dyn ToString| Fault::bad_row("freezes", row.id, what.to_string());
        let scope = match (&row.team, &row.service, &row.environment) {
            (None, None, None) => Ok(Scope::Everything),
            (Some(team), None, None) => Slug::new(team).map(Scope::Team),
            (None, Some(service), None) => Slug::new(service).map(Scope::Service),
            (None, None, Some(environment)) => Slug::new(environment).map(Scope::Environment),
            _ => return Err(bad(&"it has more than one scope").into()),
        };
        let ended_why = row.ended_why.as_deref().map(Note::new).transpose().map_err(|e| bad(&e))?;
        let ended = |at| Ended { at: Moment::from_micros(at), by: row.ended_by.map(PersonId), why: ended_why };
        Ok(Self {
            id: row.id,
            freeze: Freeze {
                scope: scope.map_err(|e| bad(&e))?,
                from: Moment::from_micros(row.from_at),
                until: row.until_at.map(Moment::from_micros),
                why: Note::new(&row.why).map_err(|e| bad(&e))?,
                by: PersonId(row.person),
            },
            ended: row.ended_at.map(ended),
            created_at: Moment::from_micros(row.created_at),
            name: row.name,
        })
    }
}

const INSERT: &str = "
    insert into freezes (id, team, service, environment, from_at, until_at, why, person, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

pub(super) async fn insert(tx: &mut Tx, id: i64, freeze: &Freeze, now: Moment) -> Result<()> {
    let (team, service, environment) = match &freeze.scope {
        Scope::Everything => (None, None, None),
        Scope::Team(team) => (Some(team.as_str()), None, None),
        Scope::Service(service) => (None, Some(service.as_str()), None),
        Scope::Environment(environment) => (None, None, Some(environment.as_str())),
    };
    on!(tx, c => sqlx::query(INSERT)
        .bind(id)
        .bind(team)
        .bind(service)
        .bind(environment)
        .bind(freeze.from.micros())
        .bind(freeze.until.map(Moment::micros))
        .bind(freeze.why.as_str())
        .bind(freeze.by.0)
        .bind(now.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const END: &str = "
    update freezes
    set ended_at = $2, ended_by = $3, ended_why = $4
    where id = $1 and ended_at is null";

/// False if somebody ended it already.
pub(super) async fn end(tx: &mut Tx, id: i64, ended: &Ended) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(END)
        .bind(id)
        .bind(ended.at.micros())
        .bind(ended.by.map(|person| person.0))
        .bind(ended.why.as_ref().map(Note::as_str))
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const FIND: &str = "
    select
        f.id, f.team, f.service, f.environment, f.from_at, f.until_at, f.why, f.person, p.name,
        f.ended_at, f.ended_by, f.ended_why, f.created_at
    from freezes f join people p on p.id = f.person
    where f.id = $1";

pub(super) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Kept>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(Kept::try_from).transpose()
}

const DURING: &str = "
    select
        f.id, f.team, f.service, f.environment, f.from_at, f.until_at, f.why, f.person, p.name,
        f.ended_at, f.ended_by, f.ended_why, f.created_at
    from freezes f join people p on p.id = f.person
    where f.from_at < $2
        and (f.until_at is null or f.until_at > $1)
        and (f.ended_at is null or f.ended_at > $1)
    order by f.from_at, f.id";

/// Those that hold at some instant of a stretch of time, the earliest first.
pub(super) async fn during(tx: &mut Tx, stretch: Interval) -> Result<Vec<Kept>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(DURING)
        .bind(stretch.start().micros())
        .bind(stretch.end().micros())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Kept::try_from).collect()
}

const PAGE: &str = "
    select
        f.id, f.team, f.service, f.environment, f.from_at, f.until_at, f.why, f.person, p.name,
        f.ended_at, f.ended_by, f.ended_why, f.created_at
    from freezes f join people p on p.id = f.person
    where f.id < $1
        and f.id >= $2
        and (cast($3 as text) is null or $3 = case
            when f.ended_at is not null or f.until_at <= $4 then 'past'
            when f.from_at > $4 then 'coming'
            else 'active'
        end)
    order by f.id desc
    limit $5";

/// One page and a row more, the last set first, of one stretch of numbers.
pub(super) async fn page(tx: &mut Tx, filter: &Filter, now: Moment, stretch: &Stretch) -> Result<Vec<Kept>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(stretch.below)
        .bind(stretch.from)
        .bind(filter.state.map(FreezeState::word))
        .bind(now.micros())
        .bind(filter.rows.and_one())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Kept::try_from).collect()
}
