//! Carrying out, carrying in, moving from one engine to the other.

use std::{fs::File, io::Write};

use serde::Serialize;

use super::{
    Progress, Tell,
    archive::{self, ATTACHMENTS, Archive, Tape},
    copy::{self, Pace, Source},
    line,
    manifest::{MANIFEST, Manifest},
    measure::{Measured, measure, name_document, page},
    merge,
    sql::{self, Rows, Statements},
    tables::TRAIL,
};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    fault::{Fault, Result},
    people,
    people::secrets::hex,
    refusal::Refusal,
};

/// Writes the whole notebook into one file, out of one transaction, so that it is the notebook of
/// one moment. It is read twice, once to know what the file begins with and once to write it:
/// nothing grows with the notebook, neither memory nor a file on the side.
///
/// On SQLite the write-ahead log cannot be taken back as long as this takes, and grows by what
/// others write meanwhile.
pub async fn export(desk: &Desk, accounts: bool, out: &mut (dyn Write + Send), tell: Tell<'_>) -> Result<Manifest> {
    desk.may(Act::CarryOut)?;
    let mut tx = desk.begin_read().await?;
    let notebook = people::acts::notebook_id(&mut tx).await?.ok_or_else(|| {
        Refusal::not_now(Act::CarryOut, "this notebook has no id yet; start the server once, which gives it one")
    })?;
    let tables = Statements::all(&tx, accounts, Rows::Real);
    let measured = measure(&mut tx, &tables, "reading", tell).await?;
    let manifest = Manifest::new(&notebook, accounts, desk.now(), measured.members.clone(), measured.attachments());
    let mut tape = Tape::new(out);
    let text = manifest.text();
    tape.open(MANIFEST, bytes_of(text.len()))?;
    tape.put(text.as_bytes())?;
    tape.end()?;
    write_tables(&mut tx, &tables, &manifest, &mut tape, tell).await?;
    write_documents(&mut tx, &measured, &mut tape, tell).await?;
    tape.close()?;
    Ok(manifest)
}

fn bytes_of(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

async fn write_tables(
    tx: &mut Tx,
    tables: &[Statements],
    manifest: &Manifest,
    tape: &mut Tape<'_>,
    tell: Tell<'_>,
) -> Result<()> {
    let (total, mut done, mut text) = (manifest.lines(), 0, Vec::new());
    for (table, member) in tables.iter().zip(&manifest.members) {
        tape.open(&member.name, member.bytes)?;
        let mut key = table.start();
        loop {
            let rows = page(tx, table, &mut key).await?;
            if rows.is_empty() {
                break;
            }
            text.clear();
            for mut row in rows {
                name_document(tx, table, &mut row).await?;
                line::write(&table.shape, &row, &mut text);
                done += 1;
            }
            tape.put(&text)?;
            tell(Progress { doing: "writing", done, total });
        }
        tape.end()?;
    }
    Ok(())
}

async fn write_documents(tx: &mut Tx, measured: &Measured, tape: &mut Tape<'_>, tell: Tell<'_>) -> Result<()> {
    let total = bytes_of(measured.documents.len());
    for (document, done) in measured.documents.iter().zip(1..) {
        let text = sql::document(tx, document.import).await?;
        tape.open(&format!("{ATTACHMENTS}{}", hex(&document.hash)), document.bytes)?;
        tape.put(text.as_bytes())?;
        tape.end()?;
        tell(Progress { doing: "writing documents", done, total });
    }
    Ok(())
}

/// Looks at a file before anything of it is kept.
pub fn check(file: File, tell: Tell<'_>) -> Result<Archive> {
    Ok(archive::check(file, tell)?)
}

/// How a notebook stands to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Course {
    /// Nobody has written anything here.
    Empty,
    Same,
    /// The file has so many lines of the trail more.
    Onward {
        lines: u64,
    },
    /// This notebook has so many lines of the trail more.
    Behind {
        lines: u64,
    },
}

/// What became of one table, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Word {
    pub word: &'static str,
    pub create: u64,
    pub update: u64,
    /// Parts of things that have changed since.
    pub remove: u64,
    /// Skipped because both are the same.
    pub same: u64,
    /// Skipped because this notebook is further on.
    pub ahead: u64,
}

impl Word {
    pub const fn of(word: &'static str) -> Self {
        Self { word, create: 0, update: 0, remove: 0, same: 0, ahead: 0 }
    }

    pub const fn skip(&self) -> u64 {
        self.same + self.ahead
    }

    /// Why, in a clause for each.
    pub fn because(&self) -> String {
        let clauses = [
            (self.create, "not here yet"),
            (self.update, "older here"),
            (self.remove, "gone since"),
            (self.same, "the same"),
            (self.ahead, "further on here"),
        ];
        let said = clauses.iter().filter(|(count, _)| *count > 0).map(|(count, why)| format!("{count} {why}"));
        said.collect::<Vec<_>>().join(", ")
    }
}

/// What carrying in did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Carried {
    pub notebook: String,
    pub course: Course,
    pub words: Vec<Word>,
}

/// Carries a file in: into an empty notebook, or into an earlier state of the same one. All of it
/// is one transaction; a dry run does everything and keeps nothing.
pub async fn import(desk: &Desk, archive: &Archive, dry_run: bool, tell: Tell<'_>) -> Result<Carried> {
    desk.may(Act::CarryIn)?;
    let mut tx = desk.begin_write().await?;
    // Nobody writes a line meanwhile, so what is compared here stays so.
    tx.lock_events().await?;
    let manifest = &archive.manifest;
    let tables = Statements::all(&tx, manifest.accounts, Rows::Real);
    let mut source = Source::File(archive);
    let course = course(&mut tx, &tables, &mut source, &manifest.notebook).await?;
    let mut pace = Pace { doing: "carrying in", done: 0, total: manifest.lines(), tell };
    let words = match course {
        Course::Empty => {
            sql::take_out_first_things(&mut tx).await?;
            let counts = copy::fill(&mut tx, &tables, &mut source, &mut pace).await?;
            let made = |(table, create): (&Statements, u64)| Word { create, ..Word::of(table.shape.table.name) };
            tables.iter().zip(counts).map(made).collect()
        }
        Course::Same | Course::Onward { .. } => {
            let mut words = Vec::with_capacity(tables.len());
            for (place, table) in tables.iter().enumerate() {
                words.push(merge::merge(&mut tx, table, place, &mut source, &mut pace).await?);
            }
            words
        }
        Course::Behind { .. } => {
            let left = tables.iter().zip(&manifest.members);
            left.map(|(table, member)| Word { ahead: member.lines, ..Word::of(table.shape.table.name) }).collect()
        }
    };
    let carried = Carried { notebook: manifest.notebook.clone(), course, words };
    if !dry_run && !matches!(course, Course::Behind { .. }) {
        sql::lift_counters(&mut tx).await?;
        tx.events_go_on().await?;
        tx.commit().await?;
    }
    Ok(carried)
}

/// How this notebook stands to the file; a refusal if the two have nothing to do with each other.
async fn course(tx: &mut Tx, tables: &[Statements], source: &mut Source<'_>, id: &str) -> Result<Course> {
    if is_empty(tx, Act::CarryIn).await? {
        return Ok(Course::Empty);
    }
    let here = people::acts::notebook_id(tx).await?.unwrap_or_else(|| "without an id".into());
    if here != id {
        let state = format!(
            "there is another notebook here ({here}, and the file is {id}); carry the file into an empty folder or database"
        );
        return Err(Refusal::not_now(Act::CarryIn, state).into());
    }
    let Some(trail) = tables.iter().position(|table| table.shape.table.name == TRAIL) else {
        return Err(Fault::Work("the list of tables has no trail".into()).into());
    };
    let course = merge::course(tx, &tables[trail], trail, source).await?;
    if matches!(course, Course::Onward { .. }) && sql::holdings(tx).await?.sample > 0 {
        return Err(sample_in_the_way(Act::CarryIn).into());
    }
    Ok(course)
}

/// Whether nobody has written anything here. The sample counts as something: its lines of the
/// trail have numbers that others need.
async fn is_empty(tx: &mut Tx, act: Act) -> Result<bool> {
    let sql::Holdings { people, services, experiments, others, sample } = sql::holdings(tx).await?;
    let empty = people + services + experiments + others == 0;
    if empty && sample > 0 { Err(sample_in_the_way(act).into()) } else { Ok(empty) }
}

fn sample_in_the_way(act: Act) -> Refusal {
    Refusal::not_now(act, "the sample notebook is here; take it out first with `retrial demo --remove`")
}

/// What moving did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The contents as an archive with accounts would name them; the same on both sides.
    pub contents: String,
    pub lines: u64,
    pub documents: u64,
}

/// Moves everything into an empty notebook, accounts, tokens and open links too; login sessions
/// stay. What arrived is read again and compared with what left, before it is kept.
pub async fn move_to(from: &Desk, to: &Desk, tell: Tell<'_>) -> Result<Moved> {
    from.may(Act::CarryOut)?;
    to.may(Act::CarryIn)?;
    let (mut there, mut here) = (from.begin_read().await?, to.begin_write().await?);
    here.lock_events().await?;
    if !is_empty(&mut here, Act::CarryIn).await? {
        let state = "there is a notebook in the new place already; move into an empty folder or database";
        return Err(Refusal::not_now(Act::CarryIn, state).into());
    }
    let theirs = Statements::all(&there, true, Rows::Real);
    let ours = Statements::all(&here, true, Rows::Real);
    let left = measure(&mut there, &theirs, "reading", tell).await?;
    sql::take_out_first_things(&mut here).await?;
    let total = left.members.iter().map(|member| member.lines).sum();
    let mut pace = Pace { doing: "moving", done: 0, total, tell };
    copy::fill(&mut here, &ours, &mut Source::Notebook(&mut there, &theirs), &mut pace).await?;
    let arrived = measure(&mut here, &ours, "comparing", pace.tell).await?;
    if let Some((left, _)) = left.members.iter().zip(&arrived.members).find(|(left, arrived)| left != arrived) {
        return Err(Fault::Work(format!("{} did not arrive as it left; nothing was kept", left.name)).into());
    }
    let id = people::acts::notebook_id(&mut here).await?.unwrap_or_default();
    sql::lift_counters(&mut here).await?;
    here.events_go_on().await?;
    here.commit().await?;
    let (lines, attachments) = (total, arrived.attachments());
    let manifest = Manifest::new(&id, true, to.now(), arrived.members, attachments);
    Ok(Moved { contents: manifest.contents, lines, documents: attachments.count })
}
