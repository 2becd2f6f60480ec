//! The files of the checkout, without what builds and tests leave behind.

use std::path::Path;
use std::sync::LazyLock;

use crate::Complaint;
use crate::tokens::{self, Lexeme};

/// A text file, its path from the root with `/` between.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    pub fn is(&self, extension: &str) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|own| own == extension)
    }
}

pub struct RustFile {
    pub path: String,
    pub lexemes: Vec<Lexeme>,
}

/// Folders that hold nothing anybody wrote.
const MADE: &[&str] = &[
    "target",
    "node_modules",
    "retrial-data",
    "test-results",
    "shots",
    ".git",
    ".tools",
];
const ENDINGS: &[&str] = &[
    ".rs", ".ts", ".css", ".toml", ".lock", ".sql", ".md", ".ci/run",
];

static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut paths = Vec::new();
    walk(root(), "", &mut paths);
    paths.sort();
    paths
});

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

fn walk(folder: &Path, prefix: &str, paths: &mut Vec<String>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in entries {
        let entry = entry.unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.path().is_dir() {
            if !MADE.contains(&name.as_str()) {
                walk(&entry.path(), &format!("{path}/"), paths);
            }
        } else {
            paths.push(path);
        }
    }
}

/// Every file's path, whatever it holds.
pub fn paths() -> Vec<String> {
    PATHS.clone()
}

pub fn files() -> Vec<File> {
    let texts = PATHS
        .iter()
        .filter(|path| ENDINGS.iter().any(|ending| path.ends_with(ending)));
    texts
        .map(|path| File {
            path: path.clone(),
            text: text_of(path),
        })
        .collect()
}

/// A file's text. One that is missing fails the test by name.
pub fn text_of(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Every Rust file that can be read; `unreadable` names the others.
pub fn rust_files() -> Vec<RustFile> {
    let rust = files().into_iter().filter(|file| file.is("rs"));
    rust.filter_map(|file| {
        Some(RustFile {
            lexemes: tokens::read(&file.text).ok()?,
            path: file.path,
        })
    })
    .collect()
}

pub fn unreadable(file: &File) -> Option<Complaint> {
    if !file.is("rs") {
        return None;
    }
    let reason = tokens::read(&file.text).err()?;
    Some(Complaint::new(
        &file.path,
        1,
        format!("this is not Rust: {reason}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::{File, unreadable};

    #[test]
    fn a_file_with_an_open_brace_is_named() {
        let file = File {
            path: "app/src/home.rs".into(),
            text: "fn home() {".into(),
        };
        assert!(unreadable(&file).is_some());
    }
}
