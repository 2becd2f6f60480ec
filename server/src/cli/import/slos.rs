//! SLOs of OpenSLO or Sloth at the machine: what becomes of each object, and why.

use std::{
    fmt::Write as _,
    fs::File,
    io::{ErrorKind, Read as _},
};

use notebook::{
    actor::{Actor, Via},
    imports::{
        acts::TakeDraft,
        openslo,
        slos::{self, Line, SlosTaken},
    },
    limits::SLO_TEXT_BYTES_MAX,
};

use super::{Import, unreadable};
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
    let bytes = read(&import, file)?;
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

/// One byte over the limit is enough to see that it is over.
fn read(import: &Import, file: File) -> Result<Vec<u8>, Stopped> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(SLO_TEXT_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(|trouble| match trouble.kind() {
        ErrorKind::IsADirectory => Stopped::usage(format!("{} is a folder", import.file.display())),
        _ => unreadable(&import.file, &trouble),
    })?;
    Ok(bytes)
}

fn told(taken: &SlosTaken) -> String {
    let mut text = format!("{}: {}\n\n", taken.format.label(), taken.words());
    for Line { document, line, kind, name, action, because, notes, .. } in &taken.lines {
        let _ = writeln!(text, "{:<7} {kind} {name} (document {document}, line {line}): {because}", action.word());
        for note in notes {
            let _ = writeln!(text, "        {note}");
        }
    }
    let _ = writeln!(text, "\n{}", if taken.dry_run { "This was a dry run; nothing was kept." } else { "Done." });
    text
}
