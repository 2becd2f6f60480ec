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
        Path::new(&self.path).extension().is_some_and(|own| own == extension)
    }
}

pub struct RustFile {
    pub path: String,
    pub lexemes: Vec<Lexeme>,
}

/// Folders that hold nothing anybody wrote.
const MADE: &[&str] = &["target", "node_modules", "retrial-data", "test-results", "shots", ".git", ".tools"];
const ENDINGS: &[&str] = &[".rs", ".ts", ".css", ".toml", ".lock", ".sql", ".md", ".ci/run"];

static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut paths = Vec::new();
    walk(root(), "", &mut paths);
    paths.sort();
    paths
});

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
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
    let texts = PATHS.iter().filter(|path| ENDINGS.iter().any(|ending| path.ends_with(ending)));
    texts.map(|path| File { path: path.clone(), text: text_of(path) }).collect()
}

/// A file's text. One that is missing fails the test by name.
pub fn text_of(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Every Rust file that can be read; `unreadable` names the others.
pub fn rust_files() -> Vec<RustFile> {
    let rust = files().into_iter().filter(|file| file.is("rs"));
    let mut read: Vec<RustFile> = rust
        .filter_map(|file| {
            let lexemes = tokens::read(&file.text).ok()?;
            Some(RustFile { lexemes, path: file.path })
        })
        .collect();
    mark_test_files(&mut read);
    read
}

/// `#[cfg(test)] mod naive;` makes `naive.rs`, and what lies below it, part of the tests.
fn mark_test_files(files: &mut [RustFile]) {
    let declared: Vec<String> = files.iter().flat_map(test_modules).collect();
    for file in files {
        let belongs = |module: &String| {
            let rest = file.path.strip_prefix(module.as_str());
            rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        };
        if is_test_path(&file.path) || declared.iter().any(belongs) {
            for lexeme in &mut file.lexemes {
                lexeme.in_test = true;
            }
        }
    }
}

/// The paths, without `.rs`, of the modules a file declares for tests only.
fn test_modules(file: &RustFile) -> Vec<String> {
    let path = Path::new(&file.path);
    let root = matches!(path.file_name().and_then(|name| name.to_str()), Some("mod.rs" | "lib.rs" | "main.rs"));
    let folder = if root { path.parent().unwrap_or(path).to_path_buf() } else { path.with_extension("") };
    let declared = file.lexemes.windows(3).filter(|window| {
        let [keyword, _, end] = window else { return false };
        keyword.in_test && keyword.is("mod") && end.is(";")
    });
    declared.map(|window| folder.join(&window[1].text).to_string_lossy().into_owned()).collect()
}

/// Whether a path belongs to tests alone.
fn is_test_path(path: &str) -> bool {
    path.contains("/tests/")
}

pub fn unreadable(file: &File) -> Option<Complaint> {
    if !file.is("rs") {
        return None;
    }
    let reason = tokens::read(&file.text).err()?;
    Some(Complaint::new(&file.path, 1, format!("this is not Rust: {reason}")))
}

#[cfg(test)]
mod tests {
    use super::{File, RustFile, mark_test_files, unreadable};
    use crate::tokens;

    #[test]
    fn a_file_declared_for_tests_is_test_code_with_all_below_it() {
        let read = |path: &str, text: &str| RustFile { path: path.into(), lexemes: tokens::read(text).unwrap() };
        let mut files = [
            read("notebook/src/fixes/mod.rs", "pub mod standing; #[cfg(test)] mod naive; mod waits;"),
            read("notebook/src/fixes/standing.rs", "#[cfg(test)]\nmod tests;"),
            read("notebook/src/fixes/naive.rs", "fn a() {}"),
            read("notebook/src/fixes/standing/tests.rs", "fn a() {}"),
            read("notebook/src/fixes/waits.rs", "fn a() {}"),
            read("server/tests/all/main.rs", "fn a() {}"),
        ];
        mark_test_files(&mut files);
        let tests = files.map(|file| {
            file.lexemes.iter().filter(|lexeme| lexeme.is("a")).all(|lexeme| lexeme.in_test) && file.lexemes[0].in_test
        });
        assert_eq!(tests, [false, false, true, true, false, true]);
    }

    #[test]
    fn a_file_with_an_open_brace_is_named() {
        let file = File { path: "app/src/home.rs".into(), text: "fn home() {".into() };
        assert!(unreadable(&file).is_some());
    }
}
