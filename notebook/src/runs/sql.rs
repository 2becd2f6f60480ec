//! How runs are kept: one row each; everything else is in the trail.

pub(super) mod covering;
pub(super) mod listing;
pub(super) mod readings;

use super::{
    Run,
    evidence::ImageKind,
    facts::{Execution, RunFacts},
};
use crate::{
    actor::PersonId,
    db::{Stretch, Tx, on},
    experiments::plan::Identity,
    fault::{Error, Fault, Result},
    id::{ExperimentId, RunId, SAMPLE_FROM},
    interval::Interval,
    paging::Rows,
    refusal::Refusal,
    text::Slug,
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    experiment: i64,
    title: String,
    revision: i64,
    environment: String,
    execution: String,
    planned_at: Option<i64>,
    zone: String,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    closed_at: Option<i64>,
    created_at: i64,
    version: i64,
}

impl TryFrom<Row> for Run {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let bad = |what: String| Fault::bad_row("runs", row.id, what);
        let moment = |at: Option<i64>| at.map(Moment::from_micros);
        Ok(Self {
            id: RunId::of(row.id),
            experiment: ExperimentId::of(row.experiment),
            title: row.title,
            revision: row.revision,
            environment: Slug::new(&row.environment).map_err(|e| bad(e.to_string()))?,
            execution: Execution::named(&row.execution).map_err(bad)?,
            planned_at: moment(row.planned_at),
            zone: row.zone,
            started_at: moment(row.started_at),
            ended_at: moment(row.ended_at),
            closed_at: moment(row.closed_at),
            created_at: Moment::from_micros(row.created_at),
            version: row.version,
        })
    }
}

const INSERT: &str = "
    insert into runs
        (id, experiment, revision, environment, execution, planned_at, zone, created_at, version)
    values ($1, $2, $3, $4, 'planned', $5, $6, $7, 1)";

pub(super) async fn insert(tx: &mut Tx, run: &Run) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(run.id.number())
        .bind(run.experiment.number())
        .bind(run.revision)
        .bind(run.environment.as_str())
        .bind(run.planned_at.map(Moment::micros))
        .bind(&run.zone)
        .bind(run.created_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const SAVE: &str = "
    update runs
    set execution = $3, planned_at = $4, started_at = $5, ended_at = $6, closed_at = $7, version = version + 1
    where id = $1 and version = $2";

pub(super) async fn save(tx: &mut Tx, run: &Run) -> Result<()> {
    let saved = on!(tx, c => sqlx::query(SAVE)
        .bind(run.id.number())
        .bind(run.version)
        .bind(run.execution.word())
        .bind(run.planned_at.map(Moment::micros))
        .bind(run.started_at.map(Moment::micros))
        .bind(run.ended_at.map(Moment::micros))
        .bind(run.closed_at.map(Moment::micros))
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if saved != 1 {
        let present = load(tx, run.id).await?.version;
        return Err(Refusal::stale("run", run.id, present).into());
    }
    Ok(())
}

const LOAD: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where r.id = $1";

pub(super) async fn load(tx: &mut Tx, id: RunId) -> Result<Run> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(LOAD).bind(id.number()).fetch_optional(c).await)?;
    row.ok_or_else(|| Refusal::missing("run", id))?.try_into()
}

const LOCK: &str = "update runs set version = version where id = $1";

/// Holds the run until the end of the transaction: two people who write at once wait for each
/// other instead of one being told that the page is stale.
pub(super) async fn lock(tx: &mut Tx, id: RunId) -> Result<()> {
    on!(tx, c => sqlx::query(LOCK).bind(id.number()).execute(c).await.map(|_| ()))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct StandRow {
    experiment: i64,
    revision: i64,
    execution: String,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    closed_at: Option<i64>,
}

const HOLD: &str = "
    update runs
    set version = version + 1
    where id = $1
    returning experiment, revision, execution, started_at, ended_at, closed_at";

/// Holds the run as `lock` does and counts its version up. Returns the facts as far as the row knows
/// them, whatever the trail holds.
pub(super) async fn hold(tx: &mut Tx, id: RunId) -> Result<RunFacts> {
    let row: Option<StandRow> = on!(tx, c => sqlx::query_as(HOLD).bind(id.number()).fetch_optional(c).await)?;
    let row = row.ok_or_else(|| Refusal::missing("run", id))?;
    let plain = RunFacts::new(id, ExperimentId::of(row.experiment), row.revision, Identity::default());
    Ok(RunFacts {
        execution: Execution::named(&row.execution).map_err(|says| Fault::bad_row("runs", id, says))?,
        started: row.started_at.map(Moment::from_micros),
        ended: row.ended_at.map(Moment::from_micros),
        closed: row.closed_at.is_some(),
        ..plain
    })
}

const OF_EXPERIMENT: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where r.experiment = $1
    order by r.id";

/// All runs of one experiment, oldest first.
pub(super) async fn of_experiment(tx: &mut Tx, experiment: ExperimentId) -> Result<Vec<Run>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OF_EXPERIMENT).bind(experiment.number()).fetch_all(c).await)?;
    rows.into_iter().map(Run::try_from).collect()
}

const STARTED_BEFORE: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where r.experiment = $1
        and (r.started_at < $2 or (r.started_at = $2 and r.id < $3))
    order by r.started_at desc, r.id desc
    limit 1";

/// The run of the same experiment that started last before this one.
pub(super) async fn started_before(tx: &mut Tx, run: &Run) -> Result<Option<Run>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(STARTED_BEFORE)
        .bind(run.experiment.number())
        .bind(run.started_at.map(Moment::micros))
        .bind(run.id.number())
        .fetch_optional(c)
        .await)?;
    row.map(Run::try_from).transpose()
}

const ON_SERVICE: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where r.environment = $2
        and r.started_at >= $3
        and (r.experiment, r.revision) in (
            select x.experiment, x.number from revision_services x where x.service = $1)
    order by r.started_at desc, r.id desc
    limit $4";

/// Runs on a service in an environment that began from a moment on, the newest first: on what its own revision names,
/// whatever later plans name.
pub(super) async fn on_service(
    tx: &mut Tx,
    service: &Slug,
    environment: &Slug,
    from: Moment,
    rows: i64,
) -> Result<Vec<Run>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(ON_SERVICE)
        .bind(service.as_str())
        .bind(environment.as_str())
        .bind(from.micros())
        .bind(rows)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Run::try_from).collect()
}

const NEWEST_STARTED_ON: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where r.id in (
        select max(n.id)
        from runs n
        where n.started_at is not null
            and n.experiment in (select x.experiment from revision_services x where x.service = $1)
        group by n.experiment, n.revision, n.execution)
    order by r.id";

/// Of the runs that ever began of experiments of which any plan names a service, the newest of each revision in each
/// state. Which of them were on it their own plans say; the others say that their experiments were run.
pub(super) async fn newest_started_on(tx: &mut Tx, service: &Slug) -> Result<Vec<Run>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(NEWEST_STARTED_ON).bind(service.as_str()).fetch_all(c).await)?;
    rows.into_iter().map(Run::try_from).collect()
}

const STARTED_WITHIN: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where r.started_at >= $1
        and r.started_at < $2
        and r.id < $3
    order by r.started_at desc, r.id desc
    limit $4";

/// The notebook's own runs that began in a stretch of time, the newest first.
pub(super) async fn started_within(tx: &mut Tx, interval: Interval, rows: i64) -> Result<Vec<Run>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(STARTED_WITHIN)
        .bind(interval.start().micros())
        .bind(interval.end().micros())
        .bind(SAMPLE_FROM)
        .bind(rows)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Run::try_from).collect()
}

const WITHIN: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where ((r.started_at >= $1 and r.started_at < $2)
            or (r.started_at is null and r.planned_at >= $1 and r.planned_at < $2))
        and (cast($3 as text) is null or exists (
            select 1
            from revision_services x
            where x.experiment = r.experiment and x.number = r.revision and x.service = $3))
        and (cast($4 as text) is null or exists (
            select 1
            from revision_services x join services s on s.slug = x.service
            where x.experiment = r.experiment and x.number = r.revision and s.team = $4))
    order by coalesce(r.started_at, r.planned_at) desc, r.id desc
    limit $5";

/// Runs that began, or are planned and did not, in a stretch of time, on a service and on services of a team if
/// these are named, the latest first. A run keeps the revision it was planned with, so that its services are those of
/// this revision also before it begins; whose services they are is asked of the teams there are now.
pub(super) async fn within(
    tx: &mut Tx,
    stretch: Interval,
    (service, team): (Option<&Slug>, Option<&Slug>),
    rows: i64,
) -> Result<Vec<Run>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(WITHIN)
        .bind(stretch.start().micros())
        .bind(stretch.end().micros())
        .bind(service.map(Slug::as_str))
        .bind(team.map(Slug::as_str))
        .bind(rows)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Run::try_from).collect()
}

const OPEN_IN: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where r.environment = $1
        and (r.execution in ('running', 'reverting') or (r.execution = 'planned' and r.planned_at < $2))
    order by r.id";

/// Runs in an environment that go on, or are planned to begin before a moment.
pub(super) async fn open_in(tx: &mut Tx, environment: &Slug, before: Moment) -> Result<Vec<Run>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(OPEN_IN)
        .bind(environment.as_str())
        .bind(before.micros())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Run::try_from).collect()
}

const ANSWERABLE: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where r.environment = $1
        and (r.execution in ('running', 'reverting') or (r.ended_at >= $2 and r.closed_at is null))
    order by r.id";

/// Runs in an environment whose signals still wait to be heard: they go on, or ended at a moment or later and
/// are not closed.
pub(super) async fn answerable(tx: &mut Tx, environment: &Slug, ended_from: Moment) -> Result<Vec<Run>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(ANSWERABLE)
        .bind(environment.as_str())
        .bind(ended_from.micros())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Run::try_from).collect()
}

const PAGE: &str = "
    select
        r.id, r.experiment, e.title, r.revision, r.environment, r.execution, r.planned_at, r.zone,
        r.started_at, r.ended_at, r.closed_at, r.created_at, r.version
    from runs r join experiments e on e.id = r.experiment
    where r.id < $1
        and (cast($2 as text) is null or r.execution = $2)
        and (cast($3 as bigint) is null or r.experiment = $3)
        and r.id >= $5
    order by r.id desc
    limit $4";

/// Which runs to list; every part given must fit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only numbers below this one: the last of the page before.
    pub before: Option<RunId>,
    pub execution: Option<Execution>,
    pub experiment: Option<ExperimentId>,
    pub rows: Rows,
}

/// One page and a row more, newest first, of one stretch of numbers.
pub(super) async fn page(tx: &mut Tx, filter: &Filter, stretch: &Stretch) -> Result<Vec<Run>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(stretch.below)
        .bind(filter.execution.map(Execution::word))
        .bind(filter.experiment.map(ExperimentId::number))
        .bind(filter.rows.and_one())
        .bind(stretch.from)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Run::try_from).collect()
}

const OVERDUE: &str = "select id from runs where execution = 'planned' and planned_at < $1 order by id";

/// Planned runs whose time came before `before`.
pub(super) async fn overdue(tx: &mut Tx, before: Moment) -> Result<Vec<RunId>> {
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(OVERDUE).bind(before.micros()).fetch_all(c).await)?;
    Ok(ids.into_iter().map(RunId::of).collect())
}

const UPCOMING: &str = "
    select id
    from runs
    where execution = 'planned' and planned_at > $1 and planned_at <= $2 and id < $3
    order by planned_at, id";

/// The notebook's own planned runs whose time comes in a stretch of time, the earliest first.
pub(super) async fn upcoming(tx: &mut Tx, now: Moment, until: Moment) -> Result<Vec<RunId>> {
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(UPCOMING)
        .bind(now.micros())
        .bind(until.micros())
        .bind(SAMPLE_FROM)
        .fetch_all(c)
        .await)?;
    Ok(ids.into_iter().map(RunId::of).collect())
}

const UNCLOSED: &str = "
    select r.id
    from runs r
    where r.execution in ('finished', 'aborted')
        and r.closed_at is null
        and r.ended_at > $1
        and r.ended_at <= $2
        and r.id < $3
        and not exists (
            select 1 from events e where e.kind = 'run' and e.object = 'RUN-' || r.id and e.act = 'verdict_due')
    order by r.id";

/// The notebook's own runs that ended in a stretch of time, are not closed, and of which nobody was told so yet.
pub(super) async fn unclosed(tx: &mut Tx, (from, until): (Moment, Moment)) -> Result<Vec<RunId>> {
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(UNCLOSED)
        .bind(from.micros())
        .bind(until.micros())
        .bind(SAMPLE_FROM)
        .fetch_all(c)
        .await)?;
    Ok(ids.into_iter().map(RunId::of).collect())
}

const REVERTING: &str = "
    select r.id
    from runs r
    where r.execution = 'reverting'
        and r.started_at > $1
        and r.id < $2
        and not exists (
            select 1 from events e where e.kind = 'run' and e.object = 'RUN-' || r.id and e.act = 'revert_late')
    order by r.id";

/// The notebook's own runs that started after `since` and are being reverted, and to which nobody was called yet.
pub(super) async fn reverting(tx: &mut Tx, since: Moment) -> Result<Vec<RunId>> {
    let ids: Vec<i64> =
        on!(tx, c => sqlx::query_scalar(REVERTING).bind(since.micros()).bind(SAMPLE_FROM).fetch_all(c).await)?;
    Ok(ids.into_iter().map(RunId::of).collect())
}

const KEEP_IMAGE: &str = "
    insert into evidence (id, run, sha256, kind, bytes, content, person, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (run, sha256) do nothing";

/// An image on its way in, its content in base64.
pub(super) struct NewImage<'a> {
    pub id: i64,
    pub run: RunId,
    pub sha256: &'a str,
    pub kind: ImageKind,
    pub bytes: i64,
    pub content: &'a str,
}

/// Keeps an image, once for each run.
pub(super) async fn keep_image(tx: &mut Tx, new: &NewImage<'_>, person: Option<PersonId>, at: Moment) -> Result<()> {
    on!(tx, c => sqlx::query(KEEP_IMAGE)
        .bind(new.id)
        .bind(new.run.number())
        .bind(new.sha256)
        .bind(new.kind.word())
        .bind(new.bytes)
        .bind(new.content)
        .bind(person.map(|person| person.0))
        .bind(at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const IMAGE_BYTES: &str = "select cast(coalesce(sum(bytes), 0) as bigint) from evidence where run = $1";

/// How many bytes the images of a run have.
pub(super) async fn image_bytes(tx: &mut Tx, run: RunId) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(IMAGE_BYTES).bind(run.number()).fetch_one(c).await)?)
}

const IMAGE: &str = "select kind, content from evidence where run = $1 and sha256 = $2";

/// An image's kind and its content in base64.
pub(super) async fn image(tx: &mut Tx, run: RunId, sha256: &str) -> Result<Option<(String, String)>> {
    Ok(on!(tx, c => sqlx::query_as(IMAGE).bind(run.number()).bind(sha256).fetch_optional(c).await)?)
}
