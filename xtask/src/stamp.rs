//! What the site in `target/site` was made from, so that unchanged parts are kept and stale ones never are.
//!
//! A part is fresh when its inputs hash to what they did *and* each file it wrote is still there, unchanged.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::hash;

/// A finished file of the site, by its path below `target/site`.
pub struct Asset {
    pub path: String,
    pub content: Vec<u8>,
}

struct Part {
    inputs: u64,
    files: BTreeMap<String, u64>,
}

/// The parts of one site folder, kept in a text file beside it.
pub struct Stamp {
    site: PathBuf,
    file: PathBuf,
    parts: BTreeMap<String, Part>,
}

/// Files at least this large get a precompressed copy; below it the headers weigh more.
const COMPRESS_FROM_BYTES: usize = 1024;

impl Stamp {
    /// Reads the stamp of a site. A missing or unreadable stamp means nothing is fresh.
    pub fn load(site: PathBuf) -> Self {
        let file = site.with_extension("stamp");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let parts = parse(&text).unwrap_or_default();
        Self { site, file, parts }
    }

    pub fn is_fresh(&self, part: &str, inputs: u64) -> bool {
        self.parts.get(part).is_some_and(|known| {
            known.inputs == inputs
                && known.files.iter().all(|(path, expected)| {
                    std::fs::read(self.site.join(path)).is_ok_and(|content| hash::bytes(&[&content]) == *expected)
                })
        })
    }

    /// Writes a part's files with their compressed copies and notes what they were made from.
    pub fn publish(&mut self, part: &str, inputs: u64, assets: Vec<Asset>) -> Result<(), String> {
        let mut files = BTreeMap::new();
        for asset in assets {
            if asset.content.len() >= COMPRESS_FROM_BYTES {
                let compressed = brotli(&asset.content).map_err(|e| format!("{}: {e}", asset.path))?;
                self.write(&format!("{}.br", asset.path), &compressed, &mut files)?;
            }
            self.write(&asset.path, &asset.content, &mut files)?;
        }
        self.parts.insert(part.to_owned(), Part { inputs, files });
        self.save()
    }

    /// Removes files no part wrote, so that nothing of an older site is served or embedded.
    pub fn sweep(&self) -> Result<(), String> {
        let known: BTreeSet<PathBuf> =
            self.parts.values().flat_map(|part| part.files.keys()).map(|path| self.site.join(path)).collect();
        for path in hash::files_below(&self.site)? {
            if !known.contains(&path) {
                std::fs::remove_file(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            }
        }
        Ok(())
    }

    /// A running server may read the site: each file is finished beside it and moved into place.
    fn write(&self, path: &str, content: &[u8], files: &mut BTreeMap<String, u64>) -> Result<(), String> {
        let half = self.site.with_extension("half");
        let whole = self.site.join(path);
        let moved = create_parent(&whole)
            .and_then(|()| std::fs::write(&half, content))
            .and_then(|()| std::fs::rename(&half, &whole));
        moved.map_err(|e| format!("{}: {e}", whole.display()))?;
        files.insert(path.to_owned(), hash::bytes(&[content]));
        Ok(())
    }

    fn save(&self) -> Result<(), String> {
        std::fs::write(&self.file, text(&self.parts)).map_err(|e| format!("{}: {e}", self.file.display()))
    }
}

fn create_parent(path: &Path) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), std::fs::create_dir_all)
}

fn brotli(content: &[u8]) -> std::io::Result<Vec<u8>> {
    const BUFFER_BYTES: usize = 1 << 16;
    const QUALITY: u32 = 11;
    const WINDOW_BITS: u32 = 22;
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, BUFFER_BYTES, QUALITY, WINDOW_BITS);
    writer.write_all(content)?;
    writer.flush()?;
    drop(writer);
    Ok(compressed)
}

/// One line a file: part, hash of the inputs, hash of the file, path; tabs between.
fn text(parts: &BTreeMap<String, Part>) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for (name, part) in parts {
        for (path, content) in &part.files {
            // Writing to a string cannot fail.
            let _always_ok = writeln!(text, "{name}\t{:016x}\t{content:016x}\t{path}", part.inputs);
        }
    }
    text
}

fn parse(text: &str) -> Option<BTreeMap<String, Part>> {
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    for line in text.lines() {
        let mut fields = line.splitn(4, '\t');
        let name = fields.next()?.to_owned();
        let inputs = u64::from_str_radix(fields.next()?, 16).ok()?;
        let content = u64::from_str_radix(fields.next()?, 16).ok()?;
        let path = fields.next()?.to_owned();
        let part = parts.entry(name).or_insert_with(|| Part { inputs, files: BTreeMap::new() });
        part.files.insert(path, content);
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::{Asset, Stamp};

    struct Folder(std::path::PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("retrial-stamp-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }
        fn site(&self) -> std::path::PathBuf {
            self.0.join("site")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn asset(path: &str, content: &str) -> Vec<Asset> {
        vec![Asset { path: path.into(), content: content.into() }]
    }

    #[test]
    fn a_part_stays_fresh_until_its_inputs_change() {
        let folder = Folder::new("inputs");
        Stamp::load(folder.site()).publish("style", 1, asset("pkg/a.css", "a{}")).unwrap();
        let stamp = Stamp::load(folder.site());
        assert!(stamp.is_fresh("style", 1));
        assert!(!stamp.is_fresh("style", 2));
        assert!(!stamp.is_fresh("islands", 1));
    }

    #[test]
    fn a_part_whose_file_was_changed_by_hand_is_stale() {
        let folder = Folder::new("hand");
        let mut stamp = Stamp::load(folder.site());
        stamp.publish("style", 1, asset("pkg/a.css", "a{}")).unwrap();
        std::fs::write(folder.site().join("pkg/a.css"), "b{}").unwrap();
        assert!(!stamp.is_fresh("style", 1));
    }

    #[test]
    fn a_large_file_has_a_smaller_twin_and_a_small_one_has_none() {
        let folder = Folder::new("twin");
        let mut stamp = Stamp::load(folder.site());
        stamp.publish("style", 1, asset("large.css", &"a{}".repeat(1000))).unwrap();
        stamp.publish("icon", 1, asset("small.svg", "<svg/>")).unwrap();
        assert!(std::fs::read(folder.site().join("large.css.br")).unwrap().len() < 100);
        assert!(!folder.site().join("small.svg.br").exists());
    }

    #[test]
    fn sweeping_leaves_only_what_the_parts_wrote() {
        let folder = Folder::new("sweep");
        let mut stamp = Stamp::load(folder.site());
        stamp.publish("icon", 1, asset("small.svg", "<svg/>")).unwrap();
        std::fs::write(folder.site().join("old.js"), "").unwrap();
        stamp.sweep().unwrap();
        assert!(folder.site().join("small.svg").exists());
        assert!(!folder.site().join("old.js").exists());
    }
}
