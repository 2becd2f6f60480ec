//! Whether everything in a notebook fits together: what is kept reads, what refers to something
//! finds it, and what rows say is what the trail says. It changes nothing and judges nobody.

mod rows;
mod trails;

use serde::Serialize;

use super::{
    Progress, Tell,
    sql::{self, Rows, Statements},
};
use crate::{actor::Act, db::Tx, desk::Desk, fault::Result, search};

/// Troubles of one kind that are told; the rest is counted.
const TOLD_MAX: usize = 100;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    pub name: &'static str,
    /// How much was looked at.
    pub says: String,
    /// How many troubles there are.
    pub troubles: u64,
    /// The first of them, one sentence each.
    pub told: Vec<String>,
}

impl Check {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, says: String::new(), troubles: 0, told: Vec::new() }
    }

    pub(super) fn trouble(&mut self, says: impl Into<String>) {
        self.troubles += 1;
        if self.told.len() < TOLD_MAX {
            self.told.push(says.into());
        }
    }

    pub const fn is_clean(&self) -> bool {
        self.troubles == 0
    }
}

/// Looks at the whole notebook, out of one transaction. A schema of another program is the only
/// trouble that ends the looking: nothing after it could be trusted.
pub async fn verify(desk: &Desk, tell: Tell<'_>) -> Result<Vec<Check>> {
    desk.may(Act::CarryOut)?;
    let schema = schema(desk).await?;
    if !schema.is_clean() {
        return Ok(vec![schema]);
    }
    let mut tx = desk.begin_read().await?;
    let mut checks = vec![schema, storage(&mut tx).await?];
    checks.extend(rows::read_all(&mut tx, tell).await?);
    checks.push(references(&mut tx).await?);
    checks.push(documents(&mut tx).await?);
    checks.push(counters(&mut tx).await?);
    checks.push(index(desk, &mut tx).await?);
    checks.extend(trails::follow_all(&mut tx, tell).await?);
    Ok(checks)
}

async fn schema(desk: &Desk) -> Result<Check> {
    let schema = desk.notebook.db.schema().await?;
    let mut check = Check::new("schema");
    if schema.is_current() {
        check.says = schema.says();
    } else {
        check.trouble(schema.says());
    }
    Ok(check)
}

async fn storage(tx: &mut Tx) -> Result<Check> {
    let mut check = Check::new("storage");
    check.says = "pages, indexes and references, by the engine's own check".into();
    for complaint in tx.complaints().await? {
        check.trouble(complaint);
    }
    Ok(check)
}

async fn references(tx: &mut Tx) -> Result<Check> {
    let mut check = Check::new("references");
    check.says = "revisions of experiments and runs".into();
    for (what, id) in sql::loose(tx).await? {
        check.trouble(format!("{what} does not exist (number {id})"));
    }
    Ok(check)
}

async fn documents(tx: &mut Tx) -> Result<Check> {
    let mut check = Check::new("documents");
    let tables = Statements::all(tx, false, Rows::Every);
    let mut count = 0;
    for table in tables.iter().filter(|table| table.shape.document().is_some()) {
        count += table.count(tx).await?;
        for id in table.without_document(tx).await? {
            check.trouble(format!("{} ({id}) has lost its document", table.shape.table.name));
        }
    }
    check.says = format!("{count} documents and images");
    Ok(check)
}

async fn counters(tx: &mut Tx) -> Result<Check> {
    let mut check = Check::new("counters");
    check.says = "the next number of each kind is a new one".into();
    for (kind, last, used) in sql::low_counters(tx).await? {
        check.trouble(format!("the counter of {kind} stands at {last}, and {used} is in use"));
    }
    Ok(check)
}

async fn index(desk: &Desk, tx: &mut Tx) -> Result<Check> {
    let mut check = Check::new("search index");
    let (count, wrong) = search::anew::check(&desk.notebook.db, tx).await?;
    check.says = format!("{count} things are found by their present words; those by the engine's own check");
    for says in wrong {
        check.trouble(says);
    }
    Ok(check)
}

/// Long work tells how far it is, and of how much.
fn told(tell: Tell<'_>, doing: &'static str, done: u64, total: u64) {
    tell(Progress { doing, done, total });
}
