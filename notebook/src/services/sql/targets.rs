//! How the concrete things of a service are kept.

use std::collections::BTreeSet;

use super::slug_of;
use crate::{
    db::{Tx, like::as_set, on},
    fault::{Error, Fault, Result},
    services::Target,
    text::{Slug, Title},
};

#[derive(sqlx::FromRow)]
struct TargetRow {
    service: String,
    environment: String,
    name: String,
    role: Option<String>,
}

impl TryFrom<TargetRow> for Target {
    type Error = Error;

    fn try_from(row: TargetRow) -> Result<Self> {
        let bad = |what: &dyn ToString| Fault::bad_row("targets", &row.name, what.to_string());
        Ok(Self {
            service: slug_of("targets", &row.service)?,
            environment: slug_of("targets", &row.environment)?,
            name: Title::new(&row.name).map_err(|e| bad(&e))?,
            role: row.role.as_deref().map(Title::new).transpose().map_err(|e| bad(&e))?,
        })
    }
}

const FORGET_TARGETS: &str = "delete from targets where service = $1";
const INSERT_TARGET: &str = "
    insert into targets (service, environment, name, role)
    values ($1, $2, $3, $4)";

pub(in crate::services) async fn replace(tx: &mut Tx, service: &Slug, targets: &BTreeSet<Target>) -> Result<()> {
    on!(tx, c => sqlx::query(FORGET_TARGETS).bind(service.as_str()).execute(c).await.map(|_| ()))?;
    for target in targets {
        on!(tx, c => sqlx::query(INSERT_TARGET)
            .bind(service.as_str())
            .bind(target.environment.as_str())
            .bind(target.name.as_str())
            .bind(target.role.as_ref().map(Title::as_str))
            .execute(c)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

const TARGETS: &str = "
    select service, environment, name, role
    from targets
    where cast($1 as text) like '%|' || service || '|%'
        and (cast($2 as text) is null or environment = $2)";

/// The targets of some services, in one environment or in all, in the order of environment and name.
pub(in crate::services) async fn of(
    tx: &mut Tx,
    services: &BTreeSet<Slug>,
    environment: Option<&Slug>,
) -> Result<Vec<Target>> {
    let rows: Vec<TargetRow> = on!(tx, c => sqlx::query_as(TARGETS)
        .bind(as_set(services))
        .bind(environment.map(Slug::as_str))
        .fetch_all(c)
        .await)?;
    let mut targets = rows.into_iter().map(Target::try_from).collect::<Result<Vec<_>>>()?;
    // Sorted here, because PostgreSQL's order of texts depends on how its cluster was made.
    targets.sort();
    Ok(targets)
}
