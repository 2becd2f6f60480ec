//! Catalogue files of Backstage at the machine: what becomes of each entity, and why.

use std::{fmt::Write as _, fs::File};

use notebook::{
    actor::{Actor, Via},
    imports::catalogue::{self, CatalogueLine, CatalogueTaken},
    limits::CATALOGUE_TEXT_BYTES_MAX,
};

use super::{DRY_RUN, Import, text};
use crate::{
    boot,
    cli::{Stopped, out},
};

pub async fn run(import: Import, file: File) -> Result<(), Stopped> {
    let bytes = text(&import, file, CATALOGUE_TEXT_BYTES_MAX)?;
    let settings = import.home.settings()?;
    boot::there(&settings)?;
    let notebook = boot::beside(&settings).await?;
    let desk = notebook.desk(Actor::System, Via::CommandLine);
    let taken = catalogue::take(&desk, &bytes, import.dry_run).await;
    notebook.db.close().await;
    let taken = taken?;
    if import.json { out::json(&taken) } else { out::print(&told(&taken)) }
}

fn told(taken: &CatalogueTaken) -> String {
    let mut text = format!("Backstage: {}\n\n", taken.words());
    for CatalogueLine { entity, does, because, .. } in &taken.lines {
        let _ = writeln!(text, "{:<7} {entity}: {}", does.word(), because.join(" "));
    }
    let _ = writeln!(text, "\n{}", if taken.dry_run { DRY_RUN } else { "Done." });
    text
}
