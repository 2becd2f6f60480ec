//! Every row of every table reads, and every revision has the fingerprint of its plan.

use super::{Check, told};
use crate::{
    carry::{
        Tell,
        cells::{Cell, Cells, key_words},
        reads::Seen,
        sql::{Rows, Statements},
    },
    db::Tx,
    experiments::plan::Plan,
    fault::Result,
};

pub async fn read_all(tx: &mut Tx, tell: Tell<'_>) -> Result<[Check; 2]> {
    let tables = Statements::all(tx, true, Rows::Every);
    let mut total = 0;
    for table in &tables {
        total += table.count(tx).await?;
    }
    let mut rows = Check::new("rows");
    let mut fingerprints = Check::new("fingerprints");
    let (mut done, mut revisions) = (0, 0);
    for table in &tables {
        let mut key = table.start();
        while let Some(page) = next(tx, table, &mut key, &mut rows).await? {
            for row in &page {
                let seen = Seen::new(&table.shape, row);
                match (table.shape.table.reads)(&seen) {
                    Err(says) => rows.trouble(format!("{} {says}", named(table, row))),
                    Ok(()) if table.shape.table.name == "revisions" => {
                        revisions += 1;
                        if let Err(says) = is_of_its_plan(&seen) {
                            fingerprints.trouble(format!("{} {says}", named(table, row)));
                        }
                    }
                    Ok(()) => {}
                }
                done += 1;
            }
            told(tell, "reading rows", done, total);
        }
    }
    rows.says = format!("{done} rows of {} tables", tables.len());
    fingerprints.says = format!("{revisions} revisions");
    Ok([rows, fingerprints])
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

fn is_of_its_plan(row: &Seen<'_>) -> Result<(), String> {
    let plan: Plan = serde_json::from_str(row.text("plan").unwrap_or_default()).map_err(|e| e.to_string())?;
    let (is, kept) = (plan.identity.fingerprint(), row.text("fingerprint").unwrap_or_default());
    if is == kept { Ok(()) } else { Err(format!("keeps the fingerprint {kept}, and its plan has {is}")) }
}
