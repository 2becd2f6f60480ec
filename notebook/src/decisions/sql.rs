//! How decisions are kept.

use super::{Claimed, Decision, DecisionKind};
use crate::{
    db::{Stretch, Tx, on},
    fault::{Error, Fault, Result},
    id::{DecisionId, ExperimentId, RunId},
    paging::Rows,
    refusal::Refusal,
    text::Title,
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    kind: String,
    title: String,
    body: String,
    run: Option<i64>,
    supersedes: Option<i64>,
    superseded_by: Option<i64>,
    until_at: Option<i64>,
    review_at: Option<i64>,
    created_at: i64,
    version: i64,
}

impl TryFrom<Row> for Decision {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let bad = |what: String| Fault::bad_row("decisions", row.id, what);
        Ok(Self {
            id: DecisionId::of(row.id),
            kind: DecisionKind::named(&row.kind).map_err(bad)?,
            title: Title::new(&row.title).map_err(|e| bad(e.to_string()))?,
            body: serde_json::from_str(&row.body).map_err(|e| bad(e.to_string()))?,
            run: row.run.map(RunId::of),
            supersedes: row.supersedes.map(DecisionId::of),
            superseded_by: row.superseded_by.map(DecisionId::of),
            until: row.until_at.map(Moment::from_micros),
            review_at: row.review_at.map(Moment::from_micros),
            claims: Vec::new(),
            created_at: Moment::from_micros(row.created_at),
            version: row.version,
        })
    }
}

const INSERT: &str = "
    insert into decisions
        (id, kind, title, body, run, supersedes, until_at, review_at, created_at, version)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)";
const ADD_CLAIM: &str = "insert into decision_claims (decision, experiment, snapshot) values ($1, $2, $3)";

pub(super) async fn insert(tx: &mut Tx, decision: &Decision) -> Result<()> {
    let body = serde_json::to_string(&decision.body).map_err(|e| Fault::Work(e.to_string()))?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(decision.id.number())
        .bind(decision.kind.word())
        .bind(decision.title.as_str())
        .bind(body)
        .bind(decision.run.map(RunId::number))
        .bind(decision.supersedes.map(DecisionId::number))
        .bind(decision.until.map(Moment::micros))
        .bind(decision.review_at.map(Moment::micros))
        .bind(decision.created_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    for claim in &decision.claims {
        on!(tx, c => sqlx::query(ADD_CLAIM)
            .bind(decision.id.number())
            .bind(claim.experiment.number())
            .bind(&claim.snapshot)
            .execute(c)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

const LOAD: &str = "
    select
        d.id, d.kind, d.title, d.body, d.run, d.supersedes,
        (select max(x.id) from decisions x where x.supersedes = d.id) as superseded_by,
        d.until_at, d.review_at, d.created_at, d.version
    from decisions d
    where d.id = $1";

pub(super) async fn load(tx: &mut Tx, id: DecisionId) -> Result<Decision> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(LOAD).bind(id.number()).fetch_optional(c).await)?;
    let decision = row.ok_or_else(|| Refusal::missing("decision", id))?.try_into()?;
    with_claims(tx, decision).await
}

const CLAIMS: &str = "select experiment, snapshot from decision_claims where decision = $1 order by experiment";

async fn with_claims(tx: &mut Tx, mut decision: Decision) -> Result<Decision> {
    let rows: Vec<(i64, String)> = on!(tx, c => sqlx::query_as(CLAIMS).bind(decision.id.number()).fetch_all(c).await)?;
    decision.claims = rows
        .into_iter()
        .map(|(experiment, snapshot)| Claimed { experiment: ExperimentId::of(experiment), snapshot })
        .collect();
    Ok(decision)
}

const PAGE: &str = "
    select
        d.id, d.kind, d.title, d.body, d.run, d.supersedes,
        (select max(x.id) from decisions x where x.supersedes = d.id) as superseded_by,
        d.until_at, d.review_at, d.created_at, d.version
    from decisions d
    where d.id < $1
        and (cast($2 as bigint) is null or d.run = $2)
        and (cast($3 as bigint) is null
            or d.id in (select x.decision from decision_claims x where x.experiment = $3))
        and d.id >= $5
    order by d.id desc
    limit $4";

/// Which decisions to list; every part given must fit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only numbers below this one: the last of the page before.
    pub before: Option<DecisionId>,
    pub run: Option<RunId>,
    /// Rests on a claim of this experiment.
    pub experiment: Option<ExperimentId>,
    pub rows: Rows,
}

/// One page and a row more, newest first, of one stretch of numbers.
pub(super) async fn page(tx: &mut Tx, filter: &Filter, stretch: &Stretch) -> Result<Vec<Decision>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(stretch.below)
        .bind(filter.run.map(RunId::number))
        .bind(filter.experiment.map(ExperimentId::number))
        .bind(filter.rows.and_one())
        .bind(stretch.from)
        .fetch_all(c)
        .await)?;
    let mut decisions = Vec::with_capacity(rows.len());
    for row in rows {
        decisions.push(with_claims(tx, row.try_into()?).await?);
    }
    Ok(decisions)
}
