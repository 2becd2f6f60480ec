//! `retrial export`: the whole notebook as one file, complete or not there at all.

use std::{
    fs::{File, OpenOptions},
    io::{BufWriter, IsTerminal as _, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use notebook::{
    actor::{Actor, Via},
    carry::{self, Manifest},
    desk::Desk,
};

use super::{
    Home, Stopped,
    progress::{Teller, thousands},
};
use crate::boot;

#[derive(Debug, Args)]
pub struct Export {
    /// The file to write; - is standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
    /// Take password hashes, tokens and open links along; keep such a file like a password
    #[arg(long)]
    with_accounts: bool,
    #[command(flatten)]
    home: Home,
}

pub async fn run(export: Export) -> Result<(), Stopped> {
    let to_stdout = export.out.as_os_str() == "-";
    if to_stdout && std::io::stdout().is_terminal() {
        return Err(Stopped::new("a terminal is no place for an archive; use --out FILE, or a pipe"));
    }
    let notebook = boot::look(&export.home.settings()?).await?;
    boot::must_be_current(&notebook).await?;
    let desk = notebook.desk(Actor::System, Via::CommandLine);
    let manifest = if to_stdout {
        // Not `stdout().lock()`: what is held across an await must be able to move.
        write(&desk, export.with_accounts, std::io::stdout()).await?
    } else {
        into_file(&desk, export.with_accounts, &export.out).await?
    };
    let documents = if manifest.attachments.count == 1 { "document" } else { "documents" };
    eprintln!(
        "notebook {}: {} lines and {} {documents} to {}",
        manifest.notebook,
        thousands(manifest.lines()),
        thousands(manifest.attachments.count),
        if to_stdout { "standard output".into() } else { export.out.display().to_string() }
    );
    notebook.db.close().await;
    Ok(())
}

async fn write(desk: &Desk, accounts: bool, out: impl Write + Send) -> Result<Manifest, Stopped> {
    let mut teller = Teller::new();
    let mut out = BufWriter::with_capacity(256 * 1024, out);
    let manifest = carry::export(desk, accounts, &mut out, &mut |progress| teller.tell(progress)).await;
    teller.end();
    Ok(manifest?)
}

/// Under another name first: a file with the name that was asked for is whole.
async fn into_file(desk: &Desk, accounts: bool, path: &Path) -> Result<Manifest, Stopped> {
    let told = |trouble: std::io::Error| Stopped::new(format!("{} cannot be written: {trouble}", path.display()));
    if path.exists() {
        return Err(Stopped::new(format!("{} is there already; choose another name", path.display())));
    }
    let part = part_of(path);
    let file = create(&part).map_err(told)?;
    let written = write(desk, accounts, &file).await;
    let kept = written.and_then(|manifest| {
        file.sync_all().and_then(|()| std::fs::rename(&part, path)).map_err(told)?;
        Ok(manifest)
    });
    if kept.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    kept
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// For its owner's eyes only: people's addresses are in it, and with accounts their password hashes.
fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
