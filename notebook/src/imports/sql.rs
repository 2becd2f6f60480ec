//! How other tools' documents are kept.

use super::{Import, Proposal, plans::PlanImport};
use crate::{
    db::{Tx, on},
    fault::{Error, Fault, Result},
    id::{ExperimentId, RunId},
    limits::PAGE_ROWS,
    paging::Rows,
    refusal::Refusal,
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    run: Option<i64>,
    experiment: Option<i64>,
    proposal: String,
    received_at: i64,
}

impl TryFrom<Row> for Import {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            run: row.run.map(RunId::of),
            experiment: row.experiment.map(ExperimentId::of),
            proposal: serde_json::from_str(&row.proposal).map_err(|e| Fault::bad_row("imports", row.id, e))?,
            received_at: Moment::from_micros(row.received_at),
        })
    }
}

const INSERT: &str = "
    insert into imports (id, tool, key, proposal, document, person, received_at)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (key) do nothing";

/// Keeps a document; false if the same one is kept already.
pub(super) async fn insert(
    tx: &mut Tx,
    id: i64,
    proposal: &Proposal,
    document: &str,
    person: Option<i64>,
    at: Moment,
) -> Result<bool> {
    let text = serde_json::to_string(proposal).map_err(|e| Fault::Work(e.to_string()))?;
    let added = on!(tx, c => sqlx::query(INSERT)
        .bind(id)
        .bind(&proposal.tool)
        .bind(&proposal.key)
        .bind(text)
        .bind(document)
        .bind(person)
        .bind(at.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(added == 1)
}

const ATTACH: &str = "update imports set run = $2, experiment = $3 where id = $1 and run is null";

/// False if somebody else attached it first.
pub(super) async fn attach(tx: &mut Tx, id: i64, run: RunId, experiment: ExperimentId) -> Result<bool> {
    let done = on!(tx, c => sqlx::query(ATTACH)
        .bind(id)
        .bind(run.number())
        .bind(experiment.number())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

const BY_KEY: &str = "select id, run, experiment, proposal, received_at from imports where key = $1";

pub(super) async fn by_key(tx: &mut Tx, key: &str) -> Result<Option<Import>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(BY_KEY).bind(key).fetch_optional(c).await)?;
    row.map(Import::try_from).transpose()
}

const LOAD: &str = "select id, run, experiment, proposal, received_at from imports where id = $1";

pub(super) async fn load(tx: &mut Tx, id: i64) -> Result<Import> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(LOAD).bind(id).fetch_optional(c).await)?;
    row.ok_or_else(|| Refusal::missing("import", id))?.try_into()
}

const DOCUMENT: &str = "select document from imports where id = $1";

pub(super) async fn document(tx: &mut Tx, id: i64) -> Result<String> {
    let text: Option<String> = on!(tx, c => sqlx::query_scalar(DOCUMENT).bind(id).fetch_optional(c).await)?;
    Ok(text.ok_or_else(|| Refusal::missing("import", id))?)
}

const PAGE: &str = "
    select id, run, experiment, proposal, received_at
    from imports
    where id < $1
    order by id desc
    limit $2";

/// Which documents to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only numbers below this one: the last of the page before.
    pub before: Option<i64>,
    pub rows: Rows,
}

/// One page and a row more, newest first.
pub(super) async fn page(tx: &mut Tx, filter: &Filter) -> Result<Vec<Import>> {
    let before = filter.before.unwrap_or(i64::MAX);
    let rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(PAGE).bind(before).bind(filter.rows.and_one()).fetch_all(c).await)?;
    rows.into_iter().map(Import::try_from).collect()
}

// --- experiments of other tools

#[derive(sqlx::FromRow)]
struct PlanRow {
    id: i64,
    tool: String,
    experiment: i64,
    title: String,
    taken_out: String,
    received_at: i64,
}

impl TryFrom<PlanRow> for PlanImport {
    type Error = Error;

    fn try_from(row: PlanRow) -> Result<Self> {
        let taken_out = serde_json::from_str(&row.taken_out).map_err(|e| Fault::bad_row("plan_imports", row.id, e))?;
        Ok(Self {
            id: row.id,
            tool: row.tool,
            experiment: ExperimentId::of(row.experiment),
            title: row.title,
            taken_out,
            received_at: Moment::from_micros(row.received_at),
        })
    }
}

const INSERT_PLAN: &str = "
    insert into plan_imports (id, tool, key, experiment, title, document, taken_out, person, received_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (key) do nothing";

/// Keeps an experiment's document; false if the same one is kept already.
pub(super) async fn insert_plan(
    tx: &mut Tx,
    import: &PlanImport,
    key: &str,
    document: &str,
    person: Option<i64>,
) -> Result<bool> {
    let taken_out = serde_json::to_string(&import.taken_out).map_err(|e| Fault::Work(e.to_string()))?;
    let added = on!(tx, c => sqlx::query(INSERT_PLAN)
        .bind(import.id)
        .bind(&import.tool)
        .bind(key)
        .bind(import.experiment.number())
        .bind(&import.title)
        .bind(document)
        .bind(taken_out)
        .bind(person)
        .bind(import.received_at.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(added == 1)
}

const PLAN_BY_KEY: &str = "
    select id, tool, experiment, title, taken_out, received_at from plan_imports where key = $1";

pub(super) async fn plan_by_key(tx: &mut Tx, key: &str) -> Result<Option<PlanImport>> {
    let row: Option<PlanRow> = on!(tx, c => sqlx::query_as(PLAN_BY_KEY).bind(key).fetch_optional(c).await)?;
    row.map(PlanImport::try_from).transpose()
}

const LOAD_PLAN: &str = "
    select id, tool, experiment, title, taken_out, received_at from plan_imports where id = $1";

pub(super) async fn load_plan(tx: &mut Tx, id: i64) -> Result<PlanImport> {
    let row: Option<PlanRow> = on!(tx, c => sqlx::query_as(LOAD_PLAN).bind(id).fetch_optional(c).await)?;
    row.ok_or_else(|| Refusal::missing("imported experiment", id))?.try_into()
}

const PLAN_DOCUMENT: &str = "select document from plan_imports where id = $1";

pub(super) async fn plan_document(tx: &mut Tx, id: i64) -> Result<String> {
    let text: Option<String> = on!(tx, c => sqlx::query_scalar(PLAN_DOCUMENT).bind(id).fetch_optional(c).await)?;
    Ok(text.ok_or_else(|| Refusal::missing("imported experiment", id))?)
}

const NEWEST_PLANS: &str = "
    select id, tool, experiment, title, taken_out, received_at from plan_imports order by id desc limit $1";

pub(super) async fn newest_plans(tx: &mut Tx) -> Result<Vec<PlanImport>> {
    let rows: Vec<PlanRow> = on!(tx, c => sqlx::query_as(NEWEST_PLANS).bind(PAGE_ROWS).fetch_all(c).await)?;
    rows.into_iter().map(PlanImport::try_from).collect()
}
