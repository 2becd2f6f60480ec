//! The journal that a tool writes while it runs. One that lay there before says nothing of this run.

use std::{
    fs::Metadata,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use notebook::limits::IMPORT_BYTES_MAX;

/// A file as it lies there.
type Mark = (u64, i64, i64, u64);

pub struct Journal {
    path: PathBuf,
    before: Option<Mark>,
}

/// What is there once the command has ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    Written(String),
    /// Nothing that was written since; a clause.
    Nothing(String),
}

impl Journal {
    /// To be called before the command starts.
    pub fn expected(path: &Path) -> Self {
        Self { path: path.to_owned(), before: mark(path) }
    }

    pub fn read(&self) -> Found {
        let name = self.path.display();
        let now = mark(&self.path);
        if now.is_none() {
            return Found::Nothing(format!("{name} is not there"));
        }
        if now == self.before {
            return Found::Nothing(format!("{name} lay there before and was not written since"));
        }
        let bytes_max = u64::try_from(IMPORT_BYTES_MAX).unwrap_or(u64::MAX);
        if now.is_some_and(|(_, _, _, bytes)| bytes > bytes_max) {
            return Found::Nothing(format!("{name} is larger than {IMPORT_BYTES_MAX} bytes"));
        }
        match std::fs::read_to_string(&self.path) {
            Ok(text) => Found::Written(text),
            Err(trouble) => Found::Nothing(format!("{name} cannot be read: {trouble}")),
        }
    }
}

fn mark(path: &Path) -> Option<Mark> {
    let of = |about: Metadata| (about.ino(), about.mtime(), about.mtime_nsec(), about.len());
    std::fs::metadata(path).ok().filter(Metadata::is_file).map(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_written_since_is_read() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("journal.json");
        let journal = Journal::expected(&path);
        assert_eq!(journal.read(), Found::Nothing(format!("{} is not there", path.display())));
        std::fs::write(&path, "{}").unwrap();
        assert_eq!(journal.read(), Found::Written("{}".into()));

        let journal = Journal::expected(&path);
        assert!(matches!(journal.read(), Found::Nothing(why) if why.contains("lay there before")));
        std::fs::write(&path, "{\"a\": 1}").unwrap();
        assert_eq!(journal.read(), Found::Written("{\"a\": 1}".into()));
        std::fs::write(&path, [0xff, 0xfe, 0xfd]).unwrap();
        assert!(matches!(journal.read(), Found::Nothing(why) if why.contains("cannot be read")));
    }
}
