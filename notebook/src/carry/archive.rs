//! The file: an uncompressed tar, so that it can be written in one go, read at any place, looked
//! into with ordinary tools, and compressed by whoever wants it smaller.
//!
//! Everything is looked at once, before anything is kept: checksums, lines, their order, that each
//! document is there and nobody else. Then places in the file are known, and rows are read from them.

mod check;
mod tape;

pub use check::check;
pub use tape::Tape;

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufRead as _, BufReader, Read, Seek as _, SeekFrom},
    sync::Arc,
};

use super::{
    cells::{self, Cells},
    line,
    manifest::Manifest,
    tables::Shape,
};
use crate::{
    fault::{Fault, Result},
    refusal::Refusal,
};

/// Where attachments stand.
pub const ATTACHMENTS: &str = "attachments/";
/// Rows handed on together, and about how many bytes of them.
const ROWS_TOGETHER: usize = 500;
const BYTES_TOGETHER: usize = 1024 * 1024;

/// A part of the file.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: u64,
    bytes: u64,
}

/// A file that was looked at and found whole.
#[derive(Debug)]
pub struct Archive {
    file: Arc<File>,
    pub manifest: Manifest,
    members: Vec<Place>,
    attachments: HashMap<[u8; 32], Place>,
}

impl Archive {
    /// The lines of the member with this place among the tables.
    pub fn rows(&self, member: usize) -> Rows {
        let place = self.members.get(member).copied().unwrap_or(Place { start: 0, bytes: 0 });
        Rows { lines: BufReader::with_capacity(128 * 1024, self.part(place)), number: 0 }
    }

    fn part(&self, place: Place) -> Part {
        Part { file: Arc::clone(&self.file), at: place.start, end: place.start + place.bytes }
    }

    /// The attachment with this name.
    pub fn document(&self, name: &str) -> Result<String> {
        let place = hash_of(name).and_then(|hash| self.attachments.get(&hash).copied());
        let place = place.ok_or_else(|| lost(&format!("{ATTACHMENTS}{name}")))?;
        let mut text = String::with_capacity(usize::try_from(place.bytes).unwrap_or_default());
        self.part(place).read_to_string(&mut text).map_err(unreadable)?;
        Ok(text)
    }
}

/// Reads a part of the file. Several are read in turn, so each says anew where it is.
struct Part {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Read for Part {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let most = into.len().min(left);
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(&mut into[..most])?;
        self.at += u64::try_from(read).unwrap_or_default();
        Ok(read)
    }
}

/// The rows of one member, in order.
pub struct Rows {
    lines: BufReader<Part>,
    number: u64,
}

impl Rows {
    /// The next rows; none at the end.
    pub fn next_together(&mut self, shape: &Shape) -> Result<Vec<Cells>> {
        let (mut rows, mut bytes, mut text) = (Vec::new(), 0, String::new());
        while rows.len() < ROWS_TOGETHER && bytes < BYTES_TOGETHER {
            text.clear();
            if self.lines.read_line(&mut text).map_err(unreadable)? == 0 {
                break;
            }
            self.number += 1;
            let row = line::read(shape, text.trim_end_matches('\n')).map_err(|says| at(shape, self.number, says))?;
            bytes += cells::bytes(&row);
            rows.push(row);
        }
        Ok(rows)
    }
}

fn hash_of(name: &str) -> Option<[u8; 32]> {
    let lower = name.len() == 64 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if !lower {
        return None;
    }
    let mut hash = [0; 32];
    for (place, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(name.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(hash)
}

/// The trouble of one line, by the name of its member.
pub(super) fn at(shape: &Shape, line: u64, says: impl Into<String>) -> Refusal {
    Refusal::unfit(&format!("{}, line {line},", shape.member()), says)
}

/// Read once and found whole, and not there now: somebody changed the file.
fn lost(member: &str) -> Refusal {
    Refusal::unfit(member, "is not in the file any more; it changed while it was read")
}

fn unreadable(trouble: io::Error) -> Fault {
    Fault::Work(format!("the file cannot be read: {trouble}"))
}
