//! What the rows say of a thing that the index does not hold: days, targets, and what it has.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{
    Found, Has,
    days::Days,
    keys::Key,
    sql::{Row, changed_at},
    tokens::tokens,
};
use crate::{
    db::{Tx, on},
    experiments::identity::Relation,
    fault::Result,
    time::{Moment, Zone},
};

/// What was learnt of a thing while its state was worked out.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub planned: Option<Moment>,
    pub started: Option<Moment>,
    pub ended: Option<Moment>,
    /// To the valid run before it, where that is asked for.
    pub relation: Option<Relation>,
    /// Names of its targets, as tokens joined by hyphens.
    pub targets: BTreeSet<String>,
}

/// A name as a query writes it.
pub(super) fn name(text: &str) -> String {
    tokens(text).join("-")
}

const CHECKED: &str = "select checked_at from services where slug = $1";

const TARGETS: &str = "select name from targets where service = $1";

impl Kept {
    /// Whether the moment that a key asks for is on one of these days; without one it is on none.
    pub async fn is_on(
        &self,
        tx: &mut Tx,
        (kind, row): (Found, &Row),
        (key, days): (Key, &[Days]),
        today: Date,
    ) -> Result<bool> {
        let moment = match (key, kind) {
            (Key::Planned, _) => self.planned,
            (Key::Started, _) => self.started,
            (Key::Ended, _) => self.ended,
            (Key::Updated, _) => Some(Moment::from_micros(changed_at(tx, row).await?)),
            (Key::Checked, Found::Service) => {
                let at: Option<Option<i64>> =
                    on!(tx, c => sqlx::query_scalar(CHECKED).bind(&row.object).fetch_optional(c).await)?;
                at.flatten().map(Moment::from_micros)
            }
            _ => None,
        };
        let Some(day) = moment.map(|moment| moment.civil(&Zone::utc()).date()) else { return Ok(false) };
        let holds = |days: &Days| days.bounds(today).is_some_and(|(from, until)| from <= day && day < until);
        Ok(days.iter().any(holds))
    }

    /// Whether one of these was aimed at, or is what a service runs on; `none` asks for what has no target.
    pub async fn is_aimed_at(&self, tx: &mut Tx, (kind, row): (Found, &Row), names: &[String]) -> Result<bool> {
        let targets: BTreeSet<String> = match kind {
            Found::Service => {
                let names: Vec<String> =
                    on!(tx, c => sqlx::query_scalar(TARGETS).bind(&row.object).fetch_all(c).await)?;
                names.iter().map(|target| name(target)).collect()
            }
            Found::Run => self.targets.clone(),
            _ => return Ok(false),
        };
        if targets.is_empty() {
            return Ok(names.iter().any(|name| name == "none"));
        }
        Ok(names.iter().any(|name| targets.contains(name)))
    }
}

/// Whether a thing has one of these.
pub(super) async fn has(tx: &mut Tx, kind: Found, row: &Row, what: &[Has]) -> Result<bool> {
    for what in what {
        let has: bool = match rows_of(kind, *what) {
            Some(Of::Number(text)) => on!(tx, c => sqlx::query_scalar(text).bind(row.number).fetch_one(c).await)?,
            Some(Of::Object(text)) => on!(tx, c => sqlx::query_scalar(text).bind(&row.object).fetch_one(c).await)?,
            None => false,
        };
        if has {
            return Ok(true);
        }
    }
    Ok(false)
}

/// By what the statement finds the thing.
enum Of {
    Number(&'static str),
    Object(&'static str),
}

/// Where it is kept that things of this kind have this; none where they cannot.
const fn rows_of(kind: Found, what: Has) -> Option<Of> {
    Some(match (kind, what) {
        (Found::Service, Has::Slo) => Of::Object("select exists (select 1 from slos where service = $1)"),
        (Found::Service, Has::Owner) => {
            Of::Object("select exists (select 1 from services where slug = $1 and owner is not null)")
        }
        (Found::Experiment, Has::Slo) => Of::Number(
            "select exists (
                select 1 from slos
                where service in (select service from experiment_services where experiment = $1))",
        ),
        (Found::Experiment, Has::Owner) => {
            Of::Number("select exists (select 1 from experiments where id = $1 and owner is not null)")
        }
        (Found::Experiment, Has::Fix) => Of::Number(
            "select exists (
                select 1 from fix_findings
                where finding in (select id from findings where experiment = $1))",
        ),
        (Found::Experiment, Has::Decision) => {
            Of::Number("select exists (select 1 from decision_claims where experiment = $1)")
        }
        (Found::Experiment, Has::Observation) => Of::Object(
            "select exists (select 1 from events where kind = 'experiment' and object = $1 and act = 'observed')",
        ),
        (Found::Run, Has::Fix) => Of::Number(
            "select exists (
                select 1 from fix_findings
                where finding in (select id from findings where origin = $1))",
        ),
        (Found::Run, Has::Decision) => Of::Number("select exists (select 1 from decisions where run = $1)"),
        (Found::Run, Has::Observation) => {
            Of::Object("select exists (select 1 from events where kind = 'run' and object = $1 and act = 'observed')")
        }
        (Found::Run, Has::Attachment) => {
            Of::Object("select exists (select 1 from events where kind = 'run' and object = $1 and act = 'attached')")
        }
        // What people write stands in quotation marks, which are escaped: no text is taken for the outcome.
        (Found::Run, Has::Override) => Of::Object(
            "select exists (
                select 1 from events
                where kind = 'run' and object = $1
                    and (act = 'overruled' or (act = 'started' and body like '%\"overridden\":%')))",
        ),
        (Found::Finding, Has::Owner) => Of::Number(
            "select exists (
                select 1 from finding_services f join services s on s.slug = f.service
                where f.finding = $1 and s.owner is not null)",
        ),
        (Found::Finding, Has::Fix) => Of::Number("select exists (select 1 from fix_findings where finding = $1)"),
        (Found::GameDay, Has::Observation) => {
            Of::Object("select exists (select 1 from events where kind = 'gameday' and object = $1 and act = 'noted')")
        }
        _ => return None,
    })
}
