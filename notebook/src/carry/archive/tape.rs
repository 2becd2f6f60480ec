//! Writes the members of a tar whose lengths are known beforehand. The `tar` crate makes the
//! headers; its builder wants to read each member itself, and ours come from a database page by page.

use std::io::{self, Write};

use crate::fault::{Fault, Result};

const BLOCK_BYTES: u64 = 512;

pub struct Tape<'a> {
    out: &'a mut (dyn Write + Send),
    name: String,
    bytes: u64,
    left: u64,
}

impl<'a> Tape<'a> {
    pub fn new(out: &'a mut (dyn Write + Send)) -> Self {
        Self { out, name: String::new(), bytes: 0, left: 0 }
    }

    /// Begins a member of exactly this length. Owner, time and rights are the same for all, so that
    /// equal contents make equal files.
    pub fn open(&mut self, name: &str, bytes: u64) -> Result<()> {
        let mut header = tar::Header::new_ustar();
        header.set_path(name).map_err(unwritable)?;
        header.set_size(bytes);
        header.set_mode(0o600);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        header.set_cksum();
        name.clone_into(&mut self.name);
        (self.bytes, self.left) = (bytes, bytes);
        self.out.write_all(header.as_bytes()).map_err(unwritable)?;
        Ok(())
    }

    pub fn put(&mut self, part: &[u8]) -> Result<()> {
        let more = u64::try_from(part.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(more).ok_or_else(|| self.changed())?;
        self.out.write_all(part).map_err(unwritable)?;
        Ok(())
    }

    pub fn end(&mut self) -> Result<()> {
        if self.left > 0 {
            return Err(self.changed().into());
        }
        let padding = (BLOCK_BYTES - self.bytes % BLOCK_BYTES) % BLOCK_BYTES;
        io::copy(&mut io::Read::take(io::repeat(0), padding), &mut self.out).map_err(unwritable)?;
        Ok(())
    }

    /// Two empty blocks say that nothing follows.
    pub fn close(self) -> Result<()> {
        io::copy(&mut io::Read::take(io::repeat(0), 2 * BLOCK_BYTES), self.out).map_err(unwritable)?;
        self.out.flush().map_err(unwritable)?;
        Ok(())
    }

    /// One transaction gives the same answer twice; a broken engine might not.
    fn changed(&self) -> Fault {
        Fault::Work(format!("{} came out differently when it was read again", self.name))
    }
}

fn unwritable(trouble: io::Error) -> Fault {
    Fault::Work(format!("the file cannot be written: {trouble}"))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_tape_is_read_by_the_tar_crate() {
        let mut out = Vec::new();
        let mut tape = Tape::new(&mut out);
        for (name, text) in [("a.jsonl", "{}\n"), ("b.jsonl", ""), ("c.jsonl", &*"x".repeat(512))] {
            tape.open(name, text.len() as u64).unwrap();
            tape.put(text.as_bytes()).unwrap();
            tape.end().unwrap();
        }
        tape.close().unwrap();
        assert_eq!(out.len() % 512, 0);
        let mut archive = tar::Archive::new(&*out);
        let mut read = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            read.push((entry.path().unwrap().to_string_lossy().into_owned(), text.len()));
        }
        assert_eq!(read, [("a.jsonl".into(), 3), ("b.jsonl".into(), 0), ("c.jsonl".into(), 512)]);
    }

    #[test]
    fn a_member_of_another_length_stops_the_writing() {
        let mut out = Vec::new();
        let mut tape = Tape::new(&mut out);
        tape.open("a.jsonl", 3).unwrap();
        tape.put(b"{").unwrap();
        assert!(tape.end().unwrap_err().to_string().contains("a.jsonl came out differently"));
        assert!(tape.put(b"1234").is_err());
    }
}
