//! How experiments and their revisions are kept.

use std::collections::BTreeSet;

use super::{Experiment, Revision, RevisionState, Stage, acts::Filter, plan::Plan};
use crate::{
    actor::PersonId,
    db::{self, Stretch, Tx, on},
    fault::{Error, Fault, Result},
    id::ExperimentId,
    text::{Note, Slug, Title},
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct ExperimentRow {
    id: i64,
    title: String,
    stage: String,
    owner: Option<i64>,
    owner_name: Option<String>,
    revision: i64,
    approved: Option<i64>,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

impl ExperimentRow {
    fn into_experiment(self, services: BTreeSet<Slug>) -> Result<Experiment> {
        let bad = |what: String| Fault::bad_row("experiments", self.id, what);
        let stage = Stage::named(&self.stage).map_err(bad)?;
        if stage == Stage::Ready && self.approved.is_none() {
            return Err(bad("ready without an approved revision".into()).into());
        }
        Ok(Experiment {
            id: ExperimentId::of(self.id),
            title: Title::new(&self.title).map_err(|e| bad(e.to_string()))?,
            services,
            stage,
            owner: self.owner.map(PersonId),
            owner_name: self.owner_name.unwrap_or_default(),
            revision: self.revision,
            approved: self.approved,
            created_at: Moment::from_micros(self.created_at),
            updated_at: Moment::from_micros(self.updated_at),
            version: self.version,
        })
    }
}

const FIND: &str = "
    select e.id, e.title, e.stage, e.owner, p.name as owner_name, e.revision, e.approved, e.created_at, e.updated_at, e.version
    from experiments e left join people p on p.id = e.owner
    where e.id = $1";

const SERVICES: &str = "
    select service
    from experiment_services
    where experiment = $1";

pub(super) async fn find(tx: &mut Tx, id: ExperimentId) -> Result<Option<Experiment>> {
    let row: Option<ExperimentRow> = on!(tx, c => sqlx::query_as(FIND).bind(id.number()).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let services: Vec<String> = on!(tx, c => sqlx::query_scalar(SERVICES).bind(id.number()).fetch_all(c).await)?;
    let services =
        services.iter().map(|text| Slug::new(text).map_err(|e| Fault::bad_row("experiment_services", id, e)));
    let services = services.collect::<Result<BTreeSet<_>, _>>()?;
    row.into_experiment(services).map(Some)
}

const INSERT: &str = "
    insert into experiments (id, title, stage, owner, revision, approved, created_at, updated_at, version)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

pub(super) async fn insert(tx: &mut Tx, new: &Experiment) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id.number())
        .bind(new.title.as_str())
        .bind(new.stage.word())
        .bind(new.owner.map(|person| person.0))
        .bind(new.revision)
        .bind(new.approved)
        .bind(new.created_at.micros())
        .bind(new.updated_at.micros())
        .bind(new.version)
        .execute(c)
        .await
        .map(|_| ()))?;
    replace_services(tx, new).await
}

const LOCK: &str = "update experiments set version = version where id = $1";

/// Holds the experiment until the end of the transaction.
pub(super) async fn lock(tx: &mut Tx, id: ExperimentId) -> Result<()> {
    on!(tx, c => sqlx::query(LOCK).bind(id.number()).execute(c).await.map(|_| ()))?;
    Ok(())
}

const SAVE: &str = "
    update experiments
    set title = $1, stage = $2, revision = $3, approved = $4, updated_at = $5, version = version + 1
    where id = $6 and version = $7";

/// Saves over the version it was read with. False if another version is there now.
pub(super) async fn save(tx: &mut Tx, changed: &Experiment) -> Result<bool> {
    let rows = on!(tx, c => sqlx::query(SAVE)
        .bind(changed.title.as_str())
        .bind(changed.stage.word())
        .bind(changed.revision)
        .bind(changed.approved)
        .bind(changed.updated_at.micros())
        .bind(changed.id.number())
        .bind(changed.version)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if rows == 0 {
        return Ok(false);
    }
    replace_services(tx, changed).await?;
    Ok(true)
}

const FORGET_SERVICES: &str = "delete from experiment_services where experiment = $1";
const INSERT_SERVICE: &str = "insert into experiment_services (experiment, service) values ($1, $2)";

async fn replace_services(tx: &mut Tx, of: &Experiment) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET_SERVICES).bind(of.id.number()).execute(c).await.map(|_| ()))?;
    for service in &of.services {
        on!(tx, c => sqlx::query(INSERT_SERVICE).bind(of.id.number()).bind(service.as_str()).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// One line of the list as it is stored.
pub(super) struct Listed {
    pub experiment: Experiment,
    pub newest: RevisionState,
    /// The approved revision's plan, and the newest one's before any is approved.
    pub plan: Plan,
}

#[derive(sqlx::FromRow)]
struct ListRow {
    #[sqlx(flatten)]
    experiment: ExperimentRow,
    newest: String,
    plan: String,
}

impl TryFrom<ListRow> for Listed {
    type Error = Error;

    fn try_from(row: ListRow) -> Result<Self> {
        let id = row.experiment.id;
        let newest = RevisionState::named(&row.newest).map_err(|e| Fault::bad_row("revisions", id, e))?;
        let plan = plan_from(id, &row.plan)?;
        Ok(Self { experiment: row.experiment.into_experiment(plan.identity.services.clone())?, newest, plan })
    }
}

const LIST: &str = "
    select e.id, e.title, e.stage, e.owner, p.name as owner_name, e.revision, e.approved, e.created_at, e.updated_at, e.version,
        n.state as newest,
        r.plan
    from experiments e
        join revisions n on n.experiment = e.id and n.number = e.revision
        join revisions r on r.experiment = e.id and r.number = coalesce(e.approved, e.revision)
        left join people p on p.id = e.owner
    where e.id < $1
        and (cast($2 as text) is null or e.stage = $2)
        and (cast($3 as text) is null or n.state = $3)
        and (cast($4 as text) is null
            or exists (select 1 from experiment_services s where s.experiment = e.id and s.service = $4))
        and e.id >= $6
    order by e.id desc
    limit $5";

/// One page, own ones first, newest first, and whether there are older ones.
pub(super) async fn list(tx: &mut Tx, filter: &Filter) -> Result<(Vec<Listed>, bool)> {
    let mut rows = Vec::new();
    for stretch in db::stretches(filter.before.map(ExperimentId::number)) {
        if !filter.rows.is_full(&rows) {
            rows.extend(stretch_of(tx, filter, &stretch).await?);
        }
    }
    let (rows, more) = filter.rows.page(rows);
    Ok((rows.into_iter().map(Listed::try_from).collect::<Result<_>>()?, more))
}

async fn stretch_of(tx: &mut Tx, filter: &Filter, stretch: &Stretch) -> Result<Vec<ListRow>> {
    Ok(on!(tx, c => sqlx::query_as(LIST)
        .bind(stretch.below)
        .bind(filter.stage.map(Stage::word))
        .bind(filter.newest.map(RevisionState::word))
        .bind(filter.service.as_ref().map(Slug::as_str))
        .bind(filter.rows.and_one())
        .bind(stretch.from)
        .fetch_all(c)
        .await)?)
}

const SOME: &str = "
    select e.id, e.title, e.stage, e.owner, p.name as owner_name, e.revision, e.approved, e.created_at, e.updated_at, e.version,
        n.state as newest,
        r.plan
    from experiments e
        join revisions n on n.experiment = e.id and n.number = e.revision
        join revisions r on r.experiment = e.id and r.number = coalesce(e.approved, e.revision)
        left join people p on p.id = e.owner
    where cast($1 as text) like '%|' || e.id || '|%'
    order by e.id";

/// These experiments, as the list has them.
pub(super) async fn some(tx: &mut Tx, ids: &BTreeSet<ExperimentId>) -> Result<Vec<Listed>> {
    let set = ids.iter().fold("|".to_owned(), |set, id| format!("{set}{}|", id.number()));
    let rows: Vec<ListRow> = on!(tx, c => sqlx::query_as(SOME).bind(set).fetch_all(c).await)?;
    rows.into_iter().map(Listed::try_from).collect()
}

fn plan_from(id: i64, text: &str) -> Result<Plan> {
    Ok(serde_json::from_str(text).map_err(|e| Fault::bad_row("revisions", id, e))?)
}

fn plan_text(plan: &Plan) -> Result<String> {
    Ok(serde_json::to_string(plan).map_err(|e| Fault::Work(format!("plan: {e}")))?)
}

#[derive(sqlx::FromRow)]
struct RevisionRow {
    experiment: i64,
    number: i64,
    state: String,
    author: Option<i64>,
    author_name: Option<String>,
    reason: Option<String>,
    plan: String,
    fingerprint: String,
    created_at: i64,
}

impl TryFrom<RevisionRow> for Revision {
    type Error = Error;

    fn try_from(row: RevisionRow) -> Result<Self> {
        let bad = |what: String| {
            Fault::bad_row("revisions", format!("{}@{}", ExperimentId::of(row.experiment), row.number), what)
        };
        Ok(Self {
            experiment: ExperimentId::of(row.experiment),
            number: row.number,
            state: RevisionState::named(&row.state).map_err(bad)?,
            author: row.author.map(PersonId),
            author_name: row.author_name.unwrap_or_default(),
            reason: row.reason.as_deref().map(Note::new).transpose().map_err(|e| bad(e.to_string()))?,
            plan: plan_from(row.experiment, &row.plan)?,
            fingerprint: row.fingerprint,
            created_at: Moment::from_micros(row.created_at),
            reviews: Vec::new(),
        })
    }
}

const REVISIONS: &str = "
    select r.experiment, r.number, r.state, r.author, p.name as author_name, r.reason, r.plan, r.fingerprint, r.created_at
    from revisions r left join people p on p.id = r.author
    where r.experiment = $1
        and (cast($2 as bigint) is null or r.number = $2)
    order by r.number";

/// All revisions, oldest first, without their reviews.
pub(super) async fn revisions(tx: &mut Tx, id: ExperimentId) -> Result<Vec<Revision>> {
    let rows: Vec<RevisionRow> =
        on!(tx, c => sqlx::query_as(REVISIONS).bind(id.number()).bind(None::<i64>).fetch_all(c).await)?;
    rows.into_iter().map(Revision::try_from).collect()
}

/// One revision without its reviews.
pub(super) async fn find_revision(tx: &mut Tx, id: ExperimentId, number: i64) -> Result<Option<Revision>> {
    let row: Option<RevisionRow> =
        on!(tx, c => sqlx::query_as(REVISIONS).bind(id.number()).bind(number).fetch_optional(c).await)?;
    row.map(Revision::try_from).transpose()
}

const INSERT_REVISION: &str = "
    insert into revisions (experiment, number, state, author, reason, plan, fingerprint, created_at, version)
    values ($1, $2, $3, $4, $5, $6, $7, $8, 1)";

pub(super) async fn insert_revision(tx: &mut Tx, new: &Revision) -> Result<()> {
    let plan = plan_text(&new.plan)?;
    on!(tx, c => sqlx::query(INSERT_REVISION)
        .bind(new.experiment.number())
        .bind(new.number)
        .bind(new.state.word())
        .bind(new.author.map(|person| person.0))
        .bind(new.reason.as_ref().map(Note::as_str))
        .bind(plan)
        .bind(&new.fingerprint)
        .bind(new.created_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The state stands in the statement, too: what was once reviewed cannot be overwritten even by mistake.
const OVERWRITE_DRAFT: &str = "
    update revisions
    set reason = $1, plan = $2, fingerprint = $3, version = version + 1
    where experiment = $4 and number = $5 and state = 'draft'";

/// False if the revision is no draft any more.
pub(super) async fn overwrite_draft(tx: &mut Tx, changed: &Revision) -> Result<bool> {
    let plan = plan_text(&changed.plan)?;
    let rows = on!(tx, c => sqlx::query(OVERWRITE_DRAFT)
        .bind(changed.reason.as_ref().map(Note::as_str))
        .bind(plan)
        .bind(&changed.fingerprint)
        .bind(changed.experiment.number())
        .bind(changed.number)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

const SET_STATE: &str = "
    update revisions
    set state = $1, version = version + 1
    where experiment = $2 and number = $3";

pub(super) async fn set_state(tx: &mut Tx, id: ExperimentId, number: i64, state: RevisionState) -> Result<()> {
    on!(tx, c => sqlx::query(SET_STATE)
        .bind(state.word())
        .bind(id.number())
        .bind(number)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}
