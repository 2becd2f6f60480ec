//! How versions of the policy are kept. A version never changes; it is only approved.

use jiff::civil::Date;

use super::policy::{KeptPolicy, Policy};
use crate::{
    actor::PersonId,
    db::{Tx, on},
    fault::{Error, Fault, Result},
    slos::share::Share,
    time::Moment,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    reserve: String,
    at_once_max: Option<i64>,
    steady_state_minutes: i64,
    rehearsal_days: i64,
    revisit_on: String,
    author: Option<i64>,
    author_name: Option<String>,
    written_at: i64,
    approved_by: Option<i64>,
    approver_name: Option<String>,
    approved_at: Option<i64>,
}

impl TryFrom<Row> for KeptPolicy {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let bad = |what: String| Fault::bad_row("gate_policies", row.id, what);
        let number = |value: i64| u32::try_from(value).map_err(|e| bad(e.to_string()));
        // The operator has no number, and approves nevertheless.
        let approver = row.approved_at.map(|_| PersonId(row.approved_by.unwrap_or(0)));
        let policy = Policy {
            version: number(row.id)?,
            reserve: Share::read(&row.reserve).map_err(bad)?,
            at_once_max: row.at_once_max.map(number).transpose()?,
            steady_state_minutes: row.steady_state_minutes,
            rehearsal_days: row.rehearsal_days,
            approved_by: approver,
            revisit_on: Some(row.revisit_on.parse::<Date>().map_err(|e| bad(e.to_string()))?),
        };
        Ok(Self {
            policy,
            author: row.author.map(PersonId),
            author_name: row.author_name.unwrap_or_default(),
            written_at: Moment::from_micros(row.written_at),
            approver_name: row.approver_name.unwrap_or_default(),
            approved_at: row.approved_at.map(Moment::from_micros),
        })
    }
}

const INSERT: &str = "
    insert into gate_policies
        (id, reserve, at_once_max, steady_state_minutes, rehearsal_days, revisit_on, author, written_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(super) async fn insert(tx: &mut Tx, kept: &KeptPolicy) -> Result<()> {
    let policy = &kept.policy;
    on!(tx, c => sqlx::query(INSERT)
        .bind(i64::from(policy.version))
        .bind(policy.reserve.words())
        .bind(policy.at_once_max.map(i64::from))
        .bind(policy.steady_state_minutes)
        .bind(policy.rehearsal_days)
        .bind(policy.revisit_on.map(|day| day.to_string()).unwrap_or_default())
        .bind(kept.author.map(|person| person.0))
        .bind(kept.written_at.micros())
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const APPROVE: &str =
    "update gate_policies set approved_by = $2, approved_at = $3 where id = $1 and approved_at is null";

/// Whether it was still a proposal.
pub(super) async fn approve(tx: &mut Tx, version: u32, by: Option<PersonId>, at: Moment) -> Result<bool> {
    let changed = on!(tx, c => sqlx::query(APPROVE)
        .bind(i64::from(version))
        .bind(by.map(|person| person.0))
        .bind(at.micros())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(changed == 1)
}

const ALL: &str = "
    select
        g.id, g.reserve, g.at_once_max, g.steady_state_minutes, g.rehearsal_days, g.revisit_on, g.author,
        p.name as author_name, g.written_at, g.approved_by, a.name as approver_name, g.approved_at
    from gate_policies g
        left join people p on p.id = g.author
        left join people a on a.id = g.approved_by
    order by g.id desc";

/// Every version, the newest first. There are as many as people ever agreed on, which is few.
pub(super) async fn all(tx: &mut Tx) -> Result<Vec<KeptPolicy>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(ALL).fetch_all(c).await)?;
    rows.into_iter().map(KeptPolicy::try_from).collect()
}
