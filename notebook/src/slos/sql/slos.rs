//! How SLOs and the revisions of their texts are kept.

use crate::{
    actor::PersonId,
    db::{Stretch, Tx, on},
    desk::Desk,
    fault::{Error, Fault, Result},
    id::{SAMPLE_FROM, SloId},
    paging::Rows,
    refusal::Refusal,
    slos::{
        Slo,
        kept::{Approved, Kept},
    },
    text::Slug,
    time::Moment,
};

pub(in crate::slos) const NOUN: &str = "slo";

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    revision: i64,
    text: String,
    approved: Option<i64>,
    approved_text: Option<String>,
    retired_at: Option<i64>,
    created_at: i64,
    version: i64,
}

impl TryFrom<Row> for Kept {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let read = |text: &str| -> Result<Slo> {
            Ok(serde_json::from_str(text).map_err(|e| Fault::bad_row("slo_revisions", row.id, e))?)
        };
        let text = read(&row.text)?;
        let approved = match (row.approved, row.approved_text.as_deref()) {
            (Some(revision), Some(_)) if revision == row.revision => Some(Approved { revision, text: text.clone() }),
            (Some(revision), Some(text)) => Some(Approved { revision, text: read(text)? }),
            (None, _) => None,
            (Some(revision), None) => {
                return Err(Fault::bad_row("slos", row.id, format!("revision {revision} is gone")).into());
            }
        };
        Ok(Self {
            id: SloId::of(row.id),
            text,
            revision: row.revision,
            approved,
            retired_at: row.retired_at.map(Moment::from_micros),
            created_at: Moment::from_micros(row.created_at),
            version: row.version,
        })
    }
}

const INSERT: &str = "
    insert into slos (id, title, service, environment, revision, created_at, version)
    values ($1, $2, $3, $4, 1, $5, 1)";

pub(in crate::slos) async fn insert(desk: &Desk, tx: &mut Tx, kept: &Kept) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(kept.id.number())
        .bind(kept.text.name.as_str())
        .bind(kept.text.service.as_str())
        .bind(kept.text.environment.as_str())
        .bind(kept.created_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    add_revision(desk, tx, kept).await
}

const ADD_REVISION: &str =
    "insert into slo_revisions (slo, number, text, author, created_at) values ($1, $2, $3, $4, $5)";

async fn add_revision(desk: &Desk, tx: &mut Tx, kept: &Kept) -> Result<()> {
    let text = serde_json::to_string(&kept.text).map_err(|e| Fault::Work(e.to_string()))?;
    on!(tx, c => sqlx::query(ADD_REVISION)
        .bind(kept.id.number())
        .bind(kept.revision)
        .bind(text)
        .bind(desk.person_id().map(|person| person.0))
        .bind(desk.now().micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const REVISE: &str = "
    update slos
    set title = $3, service = $4, environment = $5, revision = $6, version = version + 1
    where id = $1 and version = $2";

/// Keeps a further text. The row was locked when it was loaded.
pub(in crate::slos) async fn revise(desk: &Desk, tx: &mut Tx, kept: &Kept) -> Result<()> {
    on!(tx, c => sqlx::query(REVISE)
        .bind(kept.id.number())
        .bind(kept.version)
        .bind(kept.text.name.as_str())
        .bind(kept.text.service.as_str())
        .bind(kept.text.environment.as_str())
        .bind(kept.revision)
        .execute(c)
        .await
        .map(|_| ()))?;
    add_revision(desk, tx, kept).await
}

const SETTLE: &str = "
    update slos
    set approved = $3, retired_at = $4, version = version + 1
    where id = $1 and version = $2";

/// Keeps which revision is approved, and whether it is retired.
pub(in crate::slos) async fn settle(tx: &mut Tx, kept: &Kept) -> Result<()> {
    on!(tx, c => sqlx::query(SETTLE)
        .bind(kept.id.number())
        .bind(kept.version)
        .bind(kept.approved.as_ref().map(|approved| approved.revision))
        .bind(kept.retired_at.map(Moment::micros))
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const LOAD: &str = "
    select
        s.id, s.revision, r.text, s.approved, a.text as approved_text, s.retired_at, s.created_at, s.version
    from slos s
        join slo_revisions r on r.slo = s.id and r.number = s.revision
        left join slo_revisions a on a.slo = s.id and a.number = s.approved
    where s.id = $1";

pub(in crate::slos) async fn load(tx: &mut Tx, id: SloId) -> Result<Kept> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(LOAD).bind(id.number()).fetch_optional(c).await)?;
    row.ok_or_else(|| Refusal::missing(NOUN, id))?.try_into()
}

const LOCK: &str = "update slos set version = version where id = $1";

/// Loads, and holds the SLO until the end of the transaction: numbers of measurements are given
/// once, and two that overlap do not pass each other by.
pub(in crate::slos) async fn load_locked(tx: &mut Tx, id: SloId) -> Result<Kept> {
    on!(tx, c => sqlx::query(LOCK).bind(id.number()).execute(c).await.map(|_| ()))?;
    load(tx, id).await
}

const IN_FORCE: &str = "
    select
        s.id, s.revision, r.text, s.approved, a.text as approved_text, s.retired_at, s.created_at, s.version
    from slos s
        join slo_revisions r on r.slo = s.id and r.number = s.revision
        join slo_revisions a on a.slo = s.id and a.number = s.approved
    where (s.service = $1 and s.environment = $2 or s.approved <> s.revision)
        and ($3 or s.retired_at is null)
    order by s.id";

/// The SLOs whose text in force is about a service in an environment, also those that are retired
/// where asked for. The row says where the newest text belongs, so the few whose newest text waits for
/// approval are read as well.
pub(in crate::slos) async fn in_force(
    tx: &mut Tx,
    service: &Slug,
    environment: &Slug,
    retired_too: bool,
) -> Result<Vec<Kept>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(IN_FORCE)
        .bind(service.as_str())
        .bind(environment.as_str())
        .bind(retired_too)
        .fetch_all(c)
        .await)?;
    let all = rows.into_iter().map(Kept::try_from).collect::<Result<Vec<Kept>>>()?;
    let is_here = |slo: &Slo| slo.service == *service && slo.environment == *environment;
    Ok(all.into_iter().filter(|kept| is_here(kept.in_force())).collect())
}

const PROMISING: &str = "
    select
        s.id, s.revision, r.text, s.approved, a.text as approved_text, s.retired_at, s.created_at, s.version
    from slos s
        join slo_revisions r on r.slo = s.id and r.number = s.revision
        join slo_revisions a on a.slo = s.id and a.number = s.approved
    where s.retired_at is null
        and (cast($1 as bigint) is null or exists (
            select 1
            from services x join people p on lower(x.owner) = lower(p.name) or lower(x.owner) = p.email
            where x.slug = s.service and p.id = $1))
    order by case when s.id >= $2 then 1 else 0 end, s.id desc
    limit $3";

/// SLOs that are in force, own ones first, newest first: of services whose owner is called as this person is, or of all.
pub(in crate::slos) async fn promising(tx: &mut Tx, owner: Option<PersonId>, rows: i64) -> Result<Vec<Kept>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PROMISING)
        .bind(owner.map(|person| person.0))
        .bind(SAMPLE_FROM)
        .bind(rows)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Kept::try_from).collect()
}

const NAMED: &str = "
    select
        s.id, s.revision, r.text, s.approved, a.text as approved_text, s.retired_at, s.created_at, s.version
    from slos s
        join slo_revisions r on r.slo = s.id and r.number = s.revision
        left join slo_revisions a on a.slo = s.id and a.number = s.approved
    where s.service = $1
        and s.environment = $2
        and s.title = $3
    order by s.id";

/// Those with the service, the environment and the title of a text.
pub(in crate::slos) async fn named(tx: &mut Tx, text: &Slo) -> Result<Vec<Kept>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(NAMED)
        .bind(text.service.as_str())
        .bind(text.environment.as_str())
        .bind(text.name.as_str())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Kept::try_from).collect()
}

const PAGE: &str = "
    select
        s.id, s.revision, r.text, s.approved, a.text as approved_text, s.retired_at, s.created_at, s.version
    from slos s
        join slo_revisions r on r.slo = s.id and r.number = s.revision
        left join slo_revisions a on a.slo = s.id and a.number = s.approved
    where s.id < $1
        and s.id >= $2
        and (cast($3 as text) is null or s.service = $3)
    order by s.id desc
    limit $4";

/// Which SLOs to list; every part given must fit.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only numbers below this one: the last of the page before.
    pub before: Option<SloId>,
    pub service: Option<Slug>,
    pub rows: Rows,
}

/// One page and a row more, newest first, of one stretch of numbers.
pub(in crate::slos) async fn page(tx: &mut Tx, filter: &Filter, stretch: &Stretch) -> Result<Vec<Kept>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(PAGE)
        .bind(stretch.below)
        .bind(stretch.from)
        .bind(filter.service.as_ref().map(Slug::as_str))
        .bind(filter.rows.and_one())
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Kept::try_from).collect()
}
