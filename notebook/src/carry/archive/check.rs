//! Looks at a whole file before anything of it is kept.

use std::{
    cmp::Ordering,
    collections::HashMap,
    fs::File,
    io::{self, BufRead as _, BufReader, Read},
    sync::Arc,
};

use sha2::{Digest, Sha256};

use super::{
    super::{
        Progress, Tell,
        cells::{self, Cell, Cells},
        line,
        manifest::{MANIFEST, Manifest, Member},
        reads::Seen,
        tables::Shape,
    },
    ATTACHMENTS, Archive, Place, at, hash_of,
};
use crate::{
    limits::{CARRIED_DOCUMENT_BYTES_MAX, CARRIED_LINE_BYTES_MAX, CARRIED_MANIFEST_BYTES_MAX},
    people::secrets::hex,
    refusal::Refusal,
};

/// One member of the file, as it comes by.
type Entry<'a> = tar::Entry<'a, &'a File>;

/// The archive in this file, if it is whole and this version understands all of it. Otherwise the
/// first trouble, by the name of its member and the number of its line.
pub fn check(file: File, tell: Tell<'_>) -> Result<Archive, Refusal> {
    let (manifest, members, attachments) = look(&file, tell)?;
    Ok(Archive { file: Arc::new(file), manifest, members, attachments })
}

type Found = HashMap<[u8; 32], Place>;

fn look(file: &File, tell: Tell<'_>) -> Result<(Manifest, Vec<Place>, Found), Refusal> {
    let total = file.metadata().map_or(0, |about| about.len());
    let mut tar = tar::Archive::new(file);
    // As they stand: no name or length from elsewhere than a member's own header.
    let mut entries = Entries { inner: tar.entries().map_err(cut)?.raw(true), tell, total };
    let first = entries.next()?;
    let Some((name, entry)) = first.filter(|(name, _)| name == MANIFEST) else {
        return Err(Refusal::unfit("The file", format!("is no archive of Retrial: it does not begin with {MANIFEST}")));
    };
    let manifest = Manifest::read(&text_of(&name, entry, CARRIED_MANIFEST_BYTES_MAX)?)
        .map_err(|says| Refusal::unfit(MANIFEST, says))?;
    let mut wanted = HashMap::new();
    let mut members = Vec::with_capacity(manifest.members.len());
    for (shape, member) in Shape::all(manifest.accounts).iter().zip(&manifest.members) {
        members.push(table(shape, member, entries.next()?, &mut wanted)?);
    }
    let attachments = attachments(&mut entries, &manifest, wanted)?;
    Ok((manifest, members, attachments))
}

/// The members in the order of the file.
struct Entries<'a, 't> {
    inner: tar::Entries<'a, &'a File>,
    tell: Tell<'t>,
    total: u64,
}

impl<'a> Entries<'a, '_> {
    /// The next member with its name; None at the end.
    fn next(&mut self) -> Result<Option<(String, Entry<'a>)>, Refusal> {
        let Some(entry) = self.inner.next() else { return Ok(None) };
        let entry = entry.map_err(cut)?;
        (self.tell)(Progress { doing: "looking at the file", done: entry.raw_file_position(), total: self.total });
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if !entry.header().entry_type().is_file() {
            return Err(Refusal::unfit(&shown(&name), "is no plain file; an archive holds nothing else"));
        }
        Ok(Some((name, entry)))
    }
}

/// Names come from the file: what is shown of one is short and plain.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}

fn place(entry: &Entry<'_>) -> Place {
    Place { start: entry.raw_file_position(), bytes: entry.size() }
}

fn text_of(name: &str, mut entry: Entry<'_>, bytes_max: u64) -> Result<String, Refusal> {
    if entry.size() > bytes_max {
        return Err(Refusal::unfit(&shown(name), format!("is longer than {bytes_max} bytes")));
    }
    let (mut text, size) = (Vec::new(), entry.size());
    entry.read_to_end(&mut text).map_err(|trouble| ends_early(name, &trouble))?;
    if u64::try_from(text.len()).ok() != Some(size) {
        return Err(Refusal::unfit(&shown(name), "ends early: the file was cut"));
    }
    String::from_utf8(text).map_err(|_| Refusal::unfit(&shown(name), "is no text in UTF-8"))
}

/// Which document is named first by which line.
type Wanted = HashMap<[u8; 32], u64>;

/// One table: its checksum, and every line of it.
fn table(
    shape: &Shape,
    member: &Member,
    found: Option<(String, Entry<'_>)>,
    wanted: &mut Wanted,
) -> Result<Place, Refusal> {
    let trouble = |says: String| Refusal::unfit(&member.name, says);
    let entry = match found {
        Some((name, entry)) if name == member.name => entry,
        Some((name, _)) => return Err(trouble(format!("is missing: {} stands in its place", shown(&name)))),
        None => return Err(trouble("is missing: the file ends before it".into())),
    };
    let place = place(&entry);
    if place.bytes != member.bytes {
        return Err(trouble(format!("has {} bytes where the manifest says {}", place.bytes, member.bytes)));
    }
    let mut seen = Lines { shape, number: 0, before: Vec::new() };
    let mut reader = BufReader::with_capacity(128 * 1024, Hashing { inner: entry, hash: Sha256::new(), bytes: 0 });
    let mut first = None;
    while let Some(line) = next_line(shape, seen.number + 1, &mut reader)? {
        // A wrong checksum is the better reason; it is known when all is read.
        if first.is_none() {
            first = seen.take(&line, wanted).err();
        }
    }
    let Hashing { hash, bytes, .. } = reader.into_inner();
    if bytes != place.bytes {
        return Err(trouble("ends early: the file was cut".into()));
    }
    if hex(&hash.finalize()) != member.sha256 {
        return Err(trouble("does not fit its checksum: it was damaged or changed".into()));
    }
    match first {
        Some(refusal) => Err(refusal),
        None if seen.number != member.lines => {
            Err(trouble(format!("has {} lines where the manifest says {}", seen.number, member.lines)))
        }
        None => Ok(place),
    }
}

fn next_line(shape: &Shape, number: u64, reader: &mut impl io::BufRead) -> Result<Option<Vec<u8>>, Refusal> {
    let mut line = Vec::new();
    let read = reader.take(CARRIED_LINE_BYTES_MAX).read_until(b'\n', &mut line);
    read.map_err(|trouble| ends_early(&shape.member(), &trouble))?;
    match line.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(line)),
        Some(_) if u64::try_from(line.len()).unwrap_or(u64::MAX) + 1 >= CARRIED_LINE_BYTES_MAX => {
            Err(at(shape, number, format!("is longer than {CARRIED_LINE_BYTES_MAX} bytes")))
        }
        // The last line without its end; the checksum decides whether that is a cut.
        Some(byte) => {
            line.push(byte);
            Ok(Some(line))
        }
    }
}

struct Lines<'a> {
    shape: &'a Shape,
    number: u64,
    before: Cells,
}

impl Lines<'_> {
    fn take(&mut self, line: &[u8], wanted: &mut Wanted) -> Result<(), Refusal> {
        self.number += 1;
        let (shape, number) = (self.shape, self.number);
        let told = |says: String| at(shape, number, says);
        let text = str::from_utf8(line).map_err(|_| told("is no text in UTF-8".into()))?;
        let row = line::read(shape, text).map_err(told)?;
        if number > 1 && cells::order(shape, &self.before, &row) != Ordering::Less {
            return Err(told("does not come after the line before it".into()));
        }
        (shape.table.reads)(&Seen::new(shape, &row)).map_err(told)?;
        if let Some(Cell::Text(name)) = shape.document().and_then(|place| row.get(place)) {
            let hash =
                hash_of(name).ok_or_else(|| told("names a document by something else than its SHA-256".into()))?;
            wanted.entry(hash).or_insert(number);
        }
        self.before = row;
        self.before.truncate(shape.table.keys);
        Ok(())
    }
}

/// Every document that a line names, and nothing else.
fn attachments(entries: &mut Entries<'_, '_>, manifest: &Manifest, mut wanted: Wanted) -> Result<Found, Refusal> {
    let mut found = HashMap::with_capacity(wanted.len());
    let mut bytes = 0;
    while let Some((name, entry)) = entries.next()? {
        let told = |says: &str| Refusal::unfit(&shown(&name), says);
        let hash = name.strip_prefix(ATTACHMENTS).and_then(hash_of);
        let hash = hash.ok_or_else(|| told("is nothing this version knows"))?;
        if wanted.remove(&hash).is_none() {
            return Err(told("is there twice, or no line names it"));
        }
        let place = place(&entry);
        let text = text_of(&name, entry, CARRIED_DOCUMENT_BYTES_MAX)?;
        if Sha256::digest(text.as_bytes()).as_slice() != hash {
            return Err(told("does not fit its checksum: it was damaged or changed"));
        }
        bytes += place.bytes;
        found.insert(hash, place);
    }
    if let Some((hash, line)) = wanted.into_iter().min_by_key(|(_, line)| *line) {
        let says = format!("is missing, and line {line} of imports.jsonl names it");
        return Err(Refusal::unfit(&format!("{ATTACHMENTS}{}", hex(&hash)), says));
    }
    let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
    if (count, bytes) != (manifest.attachments.count, manifest.attachments.bytes) {
        return Err(Refusal::unfit(MANIFEST, "counts other attachments than there are"));
    }
    Ok(found)
}

/// Takes the checksum of what is read through it.
struct Hashing<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.hash.update(&into[..read]);
        self.bytes += u64::try_from(read).unwrap_or_default();
        Ok(read)
    }
}

fn cut(trouble: io::Error) -> Refusal {
    Refusal::unfit("The file", format!("is no archive of Retrial, or was cut: {trouble}"))
}

fn ends_early(name: &str, trouble: &io::Error) -> Refusal {
    Refusal::unfit(&shown(name), format!("cannot be read to its end: {trouble}"))
}
