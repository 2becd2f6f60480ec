//! What a run is to be told, kept on disk until a notebook has taken it: a folder for each command, in it a
//! file for each message, in their order. Whoever sends them holds the folder.

use std::{
    ffi::OsStr,
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

const HELD: &str = "held";

/// One act of a run, or its journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Where the notebook is: what is meant for one is sent to no other.
    pub url: String,
    /// Below `/api/v1/`.
    pub path: String,
    pub query: Vec<(String, String)>,
    /// The same with every try, so that it is done once.
    pub key: String,
    /// JSON as it is sent.
    pub body: String,
}

pub struct Spool {
    folder: PathBuf,
    held: File,
    next: u32,
}

impl Spool {
    /// A new one below a folder, for its owner only.
    pub fn new(spools: &Path, name: &str) -> io::Result<Self> {
        let folder = spools.join(name);
        DirBuilder::new().recursive(true).mode(0o700).create(spools)?;
        // Whoever looks for what was left must not find it before it is held.
        let draft = spools.join(format!(".{name}"));
        DirBuilder::new().mode(0o700).create(&draft)?;
        let held = lock_file(&draft)?;
        held.lock()?;
        std::fs::rename(&draft, &folder)?;
        Ok(Self { folder, held, next: 1 })
    }

    /// Those that commands left, in the order of their names.
    pub fn left(spools: &Path) -> io::Result<Vec<PathBuf>> {
        let entries = match std::fs::read_dir(spools) {
            Err(trouble) if trouble.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let is_ready = |path: &PathBuf| path.is_dir() && path.file_name().is_some_and(|name| !is_hidden(name));
        let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_ready).collect();
        folders.sort();
        Ok(folders)
    }

    /// One that a command left; None while it is held, because its command goes on.
    pub fn take_over(folder: PathBuf) -> io::Result<Option<Self>> {
        let held = lock_file(&folder)?;
        match held.try_lock() {
            Ok(()) => Ok(Some(Self { folder, held, next: 1 })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(trouble)) => Err(trouble),
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a message whole, or not at all.
    pub fn put(&mut self, message: &Message) -> io::Result<PathBuf> {
        let path = self.folder.join(format!("{:06}.json", self.next));
        let draft = path.with_extension("draft");
        self.next += 1;
        let written = write(&draft, message).and_then(|()| std::fs::rename(&draft, &path));
        if written.is_err() {
            let _ = std::fs::remove_file(&draft);
        }
        written.map(|()| path)
    }

    /// What waits, the first one first. A file that does not read stays where it is.
    pub fn waiting(&self) -> io::Result<Vec<(PathBuf, Message)>> {
        let entries = std::fs::read_dir(&self.folder)?.flatten().map(|entry| entry.path());
        let mut paths: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
        paths.sort();
        let read = |path: PathBuf| {
            let message = serde_json::from_slice(&std::fs::read(&path).ok()?).ok()?;
            Some((path, message))
        };
        Ok(paths.into_iter().filter_map(read).collect())
    }
}

/// The folder goes with its last message.
impl Drop for Spool {
    fn drop(&mut self) {
        let is_empty = std::fs::read_dir(&self.folder).is_ok_and(|entries| entries.count() <= 1);
        if is_empty {
            let _ = std::fs::remove_file(self.folder.join(HELD));
            let _ = std::fs::remove_dir(&self.folder);
        }
        let _ = self.held.unlock();
    }
}

fn write(path: &Path, message: &Message) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(&serde_json::to_vec(message)?)?;
    file.sync_all()
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

fn lock_file(folder: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(folder.join(HELD))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(key: &str) -> Message {
        Message {
            url: "https://retrial.example.org".into(),
            path: "runs/RUN-1/observe".into(),
            query: vec![("a".into(), "b c".into())],
            key: key.into(),
            body: r#"{"text": "seen"}"#.into(),
        }
    }

    #[test]
    fn messages_outlive_their_command_and_keep_their_order_and_keys() {
        let home = tempfile::tempdir().unwrap();
        let spools = home.path().join("state/spool");
        assert!(Spool::left(&spools).unwrap().is_empty());
        let mut spool = Spool::new(&spools, "RUN-1-a").unwrap();
        for key in ["first", "second", "third"] {
            spool.put(&message(key)).unwrap();
        }
        let folder = spool.folder().to_owned();
        assert!(Spool::take_over(folder.clone()).unwrap().is_none(), "its command goes on");
        drop(spool);
        std::fs::write(folder.join("000004.draft"), "{").unwrap();
        std::fs::write(folder.join("000005.json"), "{").unwrap();

        assert_eq!(Spool::left(&spools).unwrap(), std::slice::from_ref(&folder));
        let left = Spool::take_over(folder.clone()).unwrap().unwrap();
        let waiting = left.waiting().unwrap();
        let keys: Vec<&str> = waiting.iter().map(|(_, message)| message.key.as_str()).collect();
        assert_eq!(keys, ["first", "second", "third"]);
        assert_eq!(waiting[0].1, message("first"));
        drop(left);
        assert!(folder.exists(), "something waits");
    }

    #[test]
    fn commands_beside_each_other_keep_out_of_each_others_folders() {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".EXP-1-c")).unwrap();
        let mut spools = ["EXP-1-b", "EXP-1-a"].map(|name| Spool::new(home.path(), name).unwrap());
        spools[0].put(&message("of b")).unwrap();
        let left = Spool::left(home.path()).unwrap();
        assert_eq!(left, ["EXP-1-a", "EXP-1-b"].map(|name| home.path().join(name)), "none that is not held yet");
        for folder in &left {
            assert!(Spool::take_over(folder.clone()).unwrap().is_none(), "{}", folder.display());
        }
        let [b, a] = spools;
        drop(a);
        drop(b);
        let left = Spool::left(home.path()).unwrap();
        assert_eq!(left, [home.path().join("EXP-1-b")]);
        let taken = Spool::take_over(left[0].clone()).unwrap().unwrap();
        assert_eq!(taken.waiting().unwrap()[0].1, message("of b"));
    }

    #[test]
    fn the_folder_goes_with_its_last_message() {
        let home = tempfile::tempdir().unwrap();
        let mut spool = Spool::new(home.path(), "RUN-1-a").unwrap();
        let path = spool.put(&message("only")).unwrap();
        for own in [path.as_path(), spool.folder()] {
            let mode = std::os::unix::fs::PermissionsExt::mode(&own.metadata().unwrap().permissions());
            assert_eq!(mode & 0o077, 0, "nobody else reads {}", own.display());
        }
        std::fs::remove_file(&path).unwrap();
        let folder = spool.folder().to_owned();
        drop(spool);
        assert!(!folder.exists());
    }
}
