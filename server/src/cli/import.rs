//! `retrial import`: looks at the whole file first, then carries it in, or says what that would do.

mod catalogue;
mod slos;

use std::{
    fmt::Write as _,
    fs::File,
    io::{ErrorKind, Read as _, Seek as _},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use notebook::{
    actor::{Actor, Via},
    carry::{self, Archive, Carried, Course, Word},
    db::Place,
    imports::backstage,
    time::Moment,
};

use super::{
    Home, Stopped, db,
    progress::{Teller, thousands},
};
use crate::boot;

#[derive(Debug, Args)]
pub struct Import {
    /// A file that `retrial export` wrote, SLOs of OpenSLO or Sloth, or a catalog-info.yaml of Backstage; - is standard input
    file: PathBuf,
    /// What the file is; looked up in it unless said
    #[arg(long)]
    format: Option<Format>,
    /// Where SLOs hold whose file names no environment
    #[arg(long, value_name = "ENVIRONMENT", default_value = "")]
    environment: String,
    /// Say what would be made, changed and skipped, and why; keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Say it as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    home: Home,
}

/// Who wrote the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Retrial,
    Openslo,
    Sloth,
    Backstage,
}

/// An archive is a tar, and says so here.
const TAR_MARK: &[u8] = b"ustar";
const TAR_MARK_AT: usize = 257;

pub async fn run(import: Import) -> Result<(), Stopped> {
    let file = opened_or_told(&import.file)?;
    let format = match import.format {
        Some(format) => format,
        None => looked_up(&file).map_err(|trouble| unreadable(&import.file, &trouble))?,
    };
    match format {
        Format::Retrial => archive(import, file).await,
        Format::Openslo | Format::Sloth => slos::run(import, file).await,
        Format::Backstage => catalogue::run(import, file).await,
    }
}

/// What is neither an archive nor a text of another tool is told as the archive it is not.
fn looked_up(mut file: &File) -> std::io::Result<Format> {
    let mut head = Vec::new();
    file.take(64 * 1024).read_to_end(&mut head)?;
    file.rewind()?;
    let is_tar = head.get(TAR_MARK_AT..).is_some_and(|rest| rest.starts_with(TAR_MARK));
    Ok(if !is_tar && slos::declares(&head) {
        Format::Openslo
    } else if !is_tar && backstage::declares(&head) {
        Format::Backstage
    } else {
        Format::Retrial
    })
}

async fn archive(import: Import, file: File) -> Result<(), Stopped> {
    let archive = looked_at(file)?;
    let place = import.home.settings()?.place();
    let carried = if import.dry_run && is_nowhere(&place) {
        into_nothing(&archive)
    } else {
        let notebook = boot::bare(&place).await?;
        let desk = notebook.desk(Actor::System, Via::CommandLine);
        let mut teller = Teller::new();
        let carried = carry::import(&desk, &archive, import.dry_run, &mut |progress| teller.tell(progress)).await;
        let is_new = !import.dry_run && carried.as_ref().is_ok_and(|carried| carried.course == Course::Empty);
        let indexed = if is_new { db::index(&desk, &mut teller).await } else { Ok(0) };
        teller.end();
        notebook.db.close().await;
        let carried = carried?;
        indexed?;
        carried
    };
    if import.json {
        println!("{}", json(&carried, import.dry_run)?);
    } else {
        print!("{}", table(&archive, &carried, import.dry_run));
    }
    Ok(())
}

/// The archive in a file, once all of it was looked at.
pub(super) fn checked(path: &Path) -> Result<Archive, Stopped> {
    looked_at(opened_or_told(path)?)
}

fn opened_or_told(path: &Path) -> Result<File, Stopped> {
    opened(path).map_err(|trouble| unreadable(path, &trouble))
}

fn unreadable(path: &Path, trouble: &std::io::Error) -> Stopped {
    Stopped::new(format!("{} cannot be read: {trouble}", path.display()))
}

/// A whole text. One byte over the limit is enough to see that it is over.
fn text(import: &Import, file: File, bytes_max: usize) -> Result<Vec<u8>, Stopped> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(|trouble| match trouble.kind() {
        ErrorKind::IsADirectory => Stopped::usage(format!("{} is a folder", import.file.display())),
        _ => unreadable(&import.file, &trouble),
    })?;
    Ok(bytes)
}

fn looked_at(file: File) -> Result<Archive, Stopped> {
    let mut teller = Teller::new();
    let archive = carry::check(file, &mut |progress| teller.tell(progress));
    teller.end();
    archive.map_err(|trouble| {
        let trouble = Stopped::from(trouble);
        Stopped::new(format!("{trouble}\nNothing was kept."))
    })
}

/// What comes through a pipe is put aside first: an archive is looked at before it is read.
fn opened(path: &Path) -> std::io::Result<File> {
    if path.as_os_str() != "-" {
        return File::open(path);
    }
    let mut aside = tempfile::tempfile()?;
    std::io::copy(&mut std::io::stdin().lock(), &mut aside)?;
    aside.rewind()?;
    Ok(aside)
}

/// A dry run makes no folder either.
fn is_nowhere(place: &Place) -> bool {
    matches!(place, Place::Folder(folder) if !folder.join("retrial.db").exists())
}

fn into_nothing(archive: &Archive) -> Carried {
    let tables = carry::tables::Shape::all(archive.manifest.accounts);
    let members = tables.iter().zip(&archive.manifest.members);
    let words = members.map(|(shape, member)| Word { create: member.lines, ..Word::of(shape.table.name) });
    Carried { notebook: archive.manifest.notebook.clone(), course: Course::Empty, words: words.collect() }
}

/// One table's line of the answer.
#[derive(serde::Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    word: &'a Word,
    skip: u64,
    because: String,
}

impl<'a> Line<'a> {
    fn of(word: &'a Word) -> Self {
        Self { word, skip: word.skip(), because: word.because() }
    }
}

fn json(carried: &Carried, dry_run: bool) -> Result<String, Stopped> {
    #[derive(serde::Serialize)]
    struct Answer<'a> {
        notebook: &'a str,
        dry_run: bool,
        course: Course,
        words: Vec<Line<'a>>,
    }
    let Carried { notebook, course, words } = carried;
    let answer = Answer { notebook, dry_run, course: *course, words: words.iter().map(Line::of).collect() };
    serde_json::to_string_pretty(&answer).map_err(|trouble| Stopped::new(trouble.to_string()))
}

fn table(archive: &Archive, carried: &Carried, dry_run: bool) -> String {
    let manifest = &archive.manifest;
    let mut text = format!(
        "notebook {}, written {} by Retrial {}\n{}\n\n",
        manifest.notebook,
        Moment::rfc3339(manifest.made_at),
        manifest.program,
        course(carried.course)
    );
    let _ = writeln!(text, "{:<21}{:>9}{:>9}{:>9}{:>9}  why", "word", "create", "update", "remove", "skip");
    for word in &carried.words {
        let counts = [word.create, word.update, word.remove, word.skip()].map(thousands);
        let [create, update, remove, skip] = &counts;
        let line = format!("{:<21}{create:>9}{update:>9}{remove:>9}{skip:>9}  {}", word.word, word.because());
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let _ = writeln!(text, "\n{}", ending(carried.course, manifest.accounts, dry_run));
    text
}

fn course(course: Course) -> String {
    match course {
        Course::Empty => "The notebook here is empty.".into(),
        Course::Same => "The notebook here is the same.".into(),
        Course::Onward { lines } => {
            format!("The notebook here is an earlier state; the file has {} lines of the trail more.", thousands(lines))
        }
        Course::Behind { lines } => {
            format!("The notebook here is further on by {} lines of the trail; it stays as it is.", thousands(lines))
        }
    }
}

const DRY_RUN: &str = "This was a dry run; nothing was kept.";

const fn ending(course: Course, accounts: bool, dry_run: bool) -> &'static str {
    match (dry_run, course, accounts) {
        (true, ..) => DRY_RUN,
        (false, Course::Empty, false) => {
            "Passwords and tokens did not travel: `retrial user reset-password EMAIL` makes a link for a new password."
        }
        (false, ..) => "Done.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_is_said_in_one_sentence() {
        assert!(course(Course::Onward { lines: 1_200 }).contains("earlier state; the file has 1,200 lines"));
        assert!(ending(Course::Empty, false, false).contains("reset-password"));
        assert_eq!(ending(Course::Empty, false, true), "This was a dry run; nothing was kept.");
        assert_eq!(ending(Course::Same, false, false), "Done.");
    }
}
