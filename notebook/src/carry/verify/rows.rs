//! Every row of every table reads, and every revision has the fingerprint of its plan and is found by the services that
//! its plan names.

use std::collections::BTreeSet;

use super::{Check, told};
use crate::{
    carry::{
        Tell,
        cells::{Cell, Cells, key_words},
        reads::Seen,
        sql::{self, Rows, Statements},
    },
    db::Tx,
    experiments::plan::Plan,
    fault::Result,
};

pub async fn read_all(tx: &mut Tx, tell: Tell<'_>) -> Result<[Check; 3]> {
    let tables = Statements::all(tx, true, Rows::Every);
    let mut total = 0;
    for table in &tables {
        total += table.count(tx).await?;
    }
    let mut rows = Check::new("rows");
    let mut revisions = Revisions::new();
    let mut done = 0;
    for table in &tables {
        let mut key = table.start();
        while let Some(page) = next(tx, table, &mut key, &mut rows).await? {
            for row in &page {
                let seen = Seen::new(&table.shape, row);
                match (table.shape.table.reads)(&seen) {
                    Err(says) => rows.trouble(format!("{} {says}", named(table, row))),
                    Ok(()) if table.shape.table.name == "revisions" => revisions.look(tx, table, row).await?,
                    Ok(()) => {}
                }
                done += 1;
            }
            told(tell, "reading rows", done, total);
        }
    }
    rows.says = format!("{done} rows of {} tables", tables.len());
    let [fingerprints, services] = revisions.said();
    Ok([rows, fingerprints, services])
}

/// What plans say, held against what is kept with them so that nobody has to read them.
struct Revisions {
    fingerprints: Check,
    services: Check,
    count: usize,
    named: usize,
}

impl Revisions {
    fn new() -> Self {
        Self { fingerprints: Check::new("fingerprints"), services: Check::new("plan services"), count: 0, named: 0 }
    }

    async fn look(&mut self, tx: &mut Tx, table: &Statements, row: &[Cell]) -> Result<()> {
        let name = named(table, row);
        self.count += 1;
        let services = match self.compare(&name, &Seen::new(&table.shape, row)) {
            Ok(services) => services,
            Err(says) => {
                self.fingerprints.trouble(format!("{name} {says}"));
                return Ok(());
            }
        };
        let [Cell::Number(experiment), Cell::Number(number), ..] = row else { return Ok(()) };
        let kept = sql::services_kept(tx, (*experiment, *number)).await?;
        for service in services.difference(&kept) {
            self.services.trouble(format!("{name} names {service}, which is not kept with it"));
        }
        for service in kept.difference(&services) {
            self.services.trouble(format!("{name} does not name {service}, which is kept with it"));
        }
        self.named += services.len();
        Ok(())
    }

    /// Holds the fingerprint against the plan, and returns the services that the plan names.
    fn compare(&mut self, name: &str, row: &Seen<'_>) -> Result<BTreeSet<String>, String> {
        let plan: Plan = serde_json::from_str(row.text("plan").unwrap_or_default()).map_err(|e| e.to_string())?;
        let (is, kept) = (plan.identity.fingerprint(), row.text("fingerprint").unwrap_or_default());
        if is != kept {
            self.fingerprints.trouble(format!("{name} keeps the fingerprint {kept}, and its plan has {is}"));
        }
        Ok(plan.identity.services.iter().map(ToString::to_string).collect())
    }

    fn said(mut self) -> [Check; 2] {
        self.fingerprints.says = format!("{} revisions", self.count);
        self.services.says = format!("{} services of {} revisions", self.named, self.count);
        [self.fingerprints, self.services]
    }
}

/// The next rows that hold values of their columns' types; None at the end. The others are told.
async fn next(tx: &mut Tx, table: &Statements, key: &mut Cells, check: &mut Check) -> Result<Option<Vec<Cells>>> {
    let page = table.after_as_they_are(tx, key).await?;
    if page.is_empty() {
        return Ok(None);
    }
    // What does not read behind the last good row comes again, first in the next page.
    let last_good = page.iter().rposition(Result::is_ok);
    let mut good = Vec::with_capacity(page.len());
    for row in page.into_iter().take(last_good.map_or(usize::MAX, |place| place + 1)) {
        match row {
            Ok(row) => good.push(row),
            Err(bad) => check.trouble(format!("{} ({}) does not read: {}", table.shape.table.name, bad.key, bad.says)),
        }
    }
    let Some(last) = good.last() else {
        check.trouble(format!("nothing behind these rows of {} could be read", table.shape.table.name));
        return Ok(None);
    };
    *key = last[..table.shape.table.keys].to_vec();
    Ok(Some(good))
}

fn named(table: &Statements, row: &[Cell]) -> String {
    format!("{} ({})", table.shape.table.name, key_words(&table.shape, row))
}
