//! `retrial db …`: from one engine to the other.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use notebook::{
    actor::{Actor, Via},
    carry::{self, Progress},
    db::Place,
    desk::Desk,
    fault, search,
};

use super::{
    Home, Stopped,
    progress::{Teller, thousands},
};
use crate::{boot, config::without_password};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Move the whole notebook, accounts too, into an empty database or folder; the old one stays untouched
    Move(Move),
    /// Write the search index anew, beside a running server too; it can be stopped at any moment and begun again
    Reindex(Reindex),
}

#[derive(Debug, Args)]
pub struct Reindex {
    /// Let the order of everything follow from when it was made, too: where carrying it in was stopped before its
    /// end, and nobody writes yet
    #[arg(long)]
    reorder: bool,
    #[command(flatten)]
    home: Home,
}

#[derive(Debug, Args)]
#[group(id = "where", required = true, multiple = false, args = ["to", "to_dir"])]
pub struct Move {
    /// A postgres:// address
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
    /// A folder; made if it is missing
    #[arg(long, value_name = "FOLDER")]
    to_dir: Option<PathBuf>,
    #[command(flatten)]
    home: Home,
}

pub async fn run(command: Command) -> Result<(), Stopped> {
    match command {
        Command::Move(moving) => move_to(moving).await,
        Command::Reindex(reindex) => reindex.run().await,
    }
}

impl Reindex {
    async fn run(self) -> Result<(), Stopped> {
        let settings = self.home.settings()?;
        boot::there(&settings)?;
        let notebook = boot::beside(&settings).await?;
        let desk = notebook.desk(Actor::System, Via::CommandLine);
        let mut teller = Teller::new();
        let count = if self.reorder { index(&desk, &mut teller).await } else { renew(&desk, &mut teller).await };
        teller.end();
        notebook.db.close().await;
        println!("{} things are found by their present words.", thousands(u64::try_from(count?).unwrap_or_default()));
        Ok(())
    }
}

/// Enters everything in the order in which it was made. What is carried in comes a word after the other, and the
/// index takes what was entered last for the newest.
pub(super) async fn index(desk: &Desk, teller: &mut Teller) -> fault::Result<i64> {
    let mut tell = |done, total| teller.tell(Progress { doing: "search index", done, total });
    search::anew::reorder(desk, &mut tell).await
}

/// Writes each entry anew where it stands.
async fn renew(desk: &Desk, teller: &mut Teller) -> fault::Result<i64> {
    let mut tell = |done, total| teller.tell(Progress { doing: "search index", done, total });
    search::anew::reindex(desk, &mut tell).await
}

async fn move_to(moving: Move) -> Result<(), Stopped> {
    let to = match (moving.to, moving.to_dir) {
        (Some(address), _) => Place::Server(address),
        (None, Some(folder)) => Place::Folder(folder),
        (None, None) => return Err(Stopped::new("say where to: --to postgres://… or --to-dir FOLDER")),
    };
    let old = boot::look_alone(&moving.home.settings()?).await?;
    boot::must_be_current(&old).await?;
    let new = boot::bare(&to).await?;
    let (from, into) = (old.desk(Actor::System, Via::CommandLine), new.desk(Actor::System, Via::CommandLine));
    let mut teller = Teller::new();
    let moved = carry::move_to(&from, &into, &mut |progress| teller.tell(progress)).await;
    let indexed = if moved.is_ok() { index(&into, &mut teller).await } else { Ok(0) };
    teller.end();
    new.db.close().await;
    old.db.close().await;
    let moved = moved?;
    indexed?;
    println!(
        "{} lines and {} documents are in the new place, read again and compared.\n\
         contents {} on both sides\n\n\
         The old place is untouched. Login sessions stayed there: people sign in again.\n\
         From now on: {}",
        thousands(moved.lines),
        thousands(moved.documents),
        moved.contents,
        switch(&to)
    );
    Ok(())
}

/// The command that serves the new place.
fn switch(to: &Place) -> String {
    match to {
        Place::Server(address) => format!("retrial serve --database-url {}", without_password(address)),
        Place::Folder(folder) => format!("retrial serve --data-dir {}", folder.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_is_said_without_a_password() {
        let to = Place::Server("postgres://ana:secret@db.example.org/retrial".into());
        assert_eq!(switch(&to), "retrial serve --database-url postgres://ana@db.example.org/retrial");
        assert_eq!(switch(&Place::Folder("new".into())), "retrial serve --data-dir new");
    }
}
