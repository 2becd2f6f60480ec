//! Content hashes that decide whether a step's inputs changed. Not for secrets or identity:
//! a wrong answer after a toolchain update costs one repeated step.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

pub fn bytes(parts: &[&[u8]]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for part in parts {
        hasher.write_usize(part.len());
        hasher.write(part);
    }
    hasher.finish()
}

/// One hash over the names and contents of all files below a folder. A missing folder counts as empty.
pub fn folder(folder: &Path) -> Result<u64, String> {
    let mut hasher = DefaultHasher::new();
    for path in files_below(folder)? {
        hasher.write(path.to_string_lossy().as_bytes());
        let content = read(&path)?;
        hasher.write_usize(content.len());
        hasher.write(&content);
    }
    Ok(hasher.finish())
}

/// All files below a folder, sorted by path. A missing folder has none.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        if !folder.is_dir() {
            continue;
        }
        let entries = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|e| format!("{}: {e}", folder.display()))?.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A file's bytes; an error names the file.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn where_one_part_ends_is_part_of_the_hash() {
        assert_ne!(bytes(&[b"ab", b"c"]), bytes(&[b"a", b"bc"]));
    }
}
