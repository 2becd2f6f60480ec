//! The key that signatures are made from: what the operator set, or a file in the data folder that is made when it is
//! needed first.

use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use notebook::{notifications::signing::ServerKey, people::secrets};

/// Gives the key, once it is asked for.
pub struct Keys {
    given: Option<String>,
    folder: PathBuf,
    read: OnceLock<ServerKey>,
}

impl Keys {
    pub fn new(given: Option<String>, data_dir: &Path) -> Self {
        Self { given, folder: data_dir.to_owned(), read: OnceLock::new() }
    }

    /// Or a clause that says why there is none.
    pub fn key(&self) -> Result<ServerKey, String> {
        if let Some(key) = self.read.get() {
            return Ok(key.clone());
        }
        let text = match &self.given {
            Some(text) => text.clone(),
            None => in_file(&self.folder)?,
        };
        Ok(self.read.get_or_init(|| ServerKey::of(&text)).clone())
    }
}

/// What the file holds; whoever comes first makes it, whole or not at all, for its owner only.
fn in_file(folder: &Path) -> Result<String, String> {
    let file = folder.join("secret-key");
    let unusable = |trouble: std::io::Error| format!("{} cannot be used: {}", file.display(), trouble.kind());
    match fs::read_to_string(&file) {
        Err(trouble) if trouble.kind() == ErrorKind::NotFound => {}
        read => return read.map_err(unusable),
    }
    let text = secrets::word::<32>().map_err(|trouble| trouble.to_string())?;
    let mut fresh = tempfile::NamedTempFile::new_in(folder).map_err(unusable)?;
    fresh.write_all(text.as_bytes()).map_err(unusable)?;
    fresh.as_file().sync_all().map_err(unusable)?;
    match fresh.persist_noclobber(&file) {
        Ok(_) => Ok(text),
        Err(trouble) if trouble.error.kind() == ErrorKind::AlreadyExists => fs::read_to_string(&file).map_err(unusable),
        Err(trouble) => Err(unusable(trouble.error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(given: Option<&str>, folder: &Path) -> String {
        Keys::new(given.map(str::to_owned), folder).key().unwrap().fingerprint()
    }

    #[test]
    fn the_file_is_made_once_and_what_is_set_wins() {
        let folder = tempfile::tempdir().unwrap();
        let first = fingerprint(None, folder.path());
        assert_eq!(fingerprint(None, folder.path()), first, "the next start reads the same");
        assert_ne!(fingerprint(Some("something that was set"), folder.path()), first);
        assert_ne!(fingerprint(None, tempfile::tempdir().unwrap().path()), first);
        assert!(Keys::new(None, Path::new("/nonexistent")).key().is_err());
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        fingerprint(None, folder.path());
        assert_eq!(folder.path().join("secret-key").metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
