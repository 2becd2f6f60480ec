//! SLOs of OpenSLO or Sloth at the machine: what becomes of each object, and why.

use std::{fmt::Write as _, fs::File};

use notebook::{
    actor::{Actor, Via},
    imports::{
        acts::TakeDraft,
        openslo,
        slos::{self, Line, SlosTaken},
    },
    limits::SLO_TEXT_BYTES_MAX,
};

use super::{DRY_RUN, Import, text};
use crate::{
    boot,
    cli::{Stopped, out},
};

/// Whether a file that begins like this holds SLOs.
pub fn declares(head: &[u8]) -> bool {
    let is_json = || serde_json::from_slice(head).is_ok_and(|root| openslo::is_one(&root));
    openslo::declares(head) || is_json()
}

pub async fn run(import: Import, file: File) -> Result<(), Stopped> {
    let bytes = text(&import, file, SLO_TEXT_BYTES_MAX)?;
    let settings = import.home.settings()?;
    boot::there(&settings)?;
    let notebook = boot::beside(&settings).await?;
    let desk = notebook.desk(Actor::System, Via::CommandLine);
    let draft = TakeDraft { environment: import.environment.clone(), ..TakeDraft::default() };
    let taken = slos::take(&desk, &bytes, &draft, import.dry_run).await;
    notebook.db.close().await;
    let taken = taken?;
    if import.json {
        out::json(&taken)?;
    } else {
        out::print(&told(&taken))?;
    }
    // What was taken stays; whoever scripts this is told that something was not.
    if taken.refuse > 0 { Err(Stopped::new(format!("{} of them cannot be taken", taken.refuse))) } else { Ok(()) }
}

fn told(taken: &SlosTaken) -> String {
    let mut text = format!("{}: {}\n\n", taken.format.label(), taken.words());
    for Line { document, line, kind, name, action, because, notes, .. } in &taken.lines {
        let _ = writeln!(text, "{:<7} {kind} {name} (document {document}, line {line}): {because}", action.word());
        for note in notes {
            let _ = writeln!(text, "        {note}");
        }
    }
    let _ = writeln!(text, "\n{}", if taken.dry_run { DRY_RUN } else { "Done." });
    text
}
