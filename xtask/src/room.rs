//! Where a test run writes what it throws away: in memory, where there is enough of it.

use std::path::{Path, PathBuf};

use crate::command;

const IN_MEMORY: &str = "/dev/shm";
const USUAL: &str = "/tmp";
/// What the folder of a run begins with; the number of its process follows.
const NAME: &str = "retrial-test-";
/// Folders of tests are gone when their tests end.
const FOR_FOLDERS_GIB: u64 = 4;
/// The databases of all tests stay until the server ends, each with a system of its own.
const FOR_DATABASES_GIB: u64 = 12;
/// What compilers, browsers and servers want beside it.
const BESIDE_GIB: u64 = 4;
const KIB_OF_A_GIB: u64 = 1 << 20;

/// A folder for temporary files in memory; it goes when this is dropped.
pub struct Room {
    folder: Option<PathBuf>,
}

impl Room {
    /// Without a folder where memory is short: then the usual one is good enough.
    pub fn open() -> Self {
        if !memory_holds(FOR_FOLDERS_GIB) {
            return Self { folder: None };
        }
        sweep();
        let folder = Path::new(IN_MEMORY).join(format!("{NAME}{}", std::process::id()));
        Self { folder: std::fs::create_dir(&folder).is_ok().then_some(folder) }
    }

    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder
            && let Err(reason) = std::fs::remove_dir_all(folder)
        {
            eprintln!("{}: {reason}", folder.display());
        }
    }
}

/// Where the databases of a test run are best kept.
pub fn for_databases() -> &'static str {
    if memory_holds(FOR_DATABASES_GIB) { IN_MEMORY } else { USUAL }
}

/// A run that was killed left its folder behind.
fn sweep() {
    for entry in std::fs::read_dir(IN_MEMORY).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let left = name.strip_prefix(NAME).is_some_and(|process| !Path::new("/proc").join(process).exists());
        if left && let Err(reason) = std::fs::remove_dir_all(entry.path()) {
            eprintln!("{}: {reason}", entry.path().display());
        }
    }
}

fn memory_holds(gib: u64) -> bool {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let free = command::answer("df", &["-Pk", IN_MEMORY]).unwrap_or_default();
    runs_programs(&read("/proc/mounts"))
        && free_kib(&free) >= gib * KIB_OF_A_GIB
        && available_kib(&read("/proc/meminfo")) >= (gib + BESIDE_GIB) * KIB_OF_A_GIB
}

/// Tests write scripts and start them.
fn runs_programs(mounts: &str) -> bool {
    let mut mounted = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    // What was mounted last is what is seen.
    let seen = mounted.rfind(|words| words.get(1) == Some(&IN_MEMORY));
    seen.is_some_and(|words| {
        words.get(2) == Some(&"tmpfs") && words.get(3).is_some_and(|how| how.split(',').all(|word| word != "noexec"))
    })
}

/// The fourth column of what `df -Pk` says of one folder.
fn free_kib(said: &str) -> u64 {
    let column = said.lines().nth(1).and_then(|line| line.split_whitespace().nth(3));
    column.and_then(|kib| kib.parse().ok()).unwrap_or_default()
}

fn available_kib(meminfo: &str) -> u64 {
    let said = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    said.and_then(|said| said.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Room, available_kib, free_kib, runs_programs};

    #[test]
    fn a_folder_in_memory_has_to_run_programs() {
        let mount = |how: &str| format!("proc /proc proc rw,noexec 0 0\ntmpfs /dev/shm tmpfs {how} 0 0\n");
        assert!(runs_programs(&mount("rw,nosuid,size=100k")));
        assert!(!runs_programs(&mount("rw,nosuid,noexec,size=100k")));
        assert!(!runs_programs("/dev/sda1 /dev/shm ext4 rw 0 0"), "that is a disk");
        assert!(!runs_programs(""), "where there is no such system");
    }

    #[test]
    fn numbers_are_read_from_what_the_system_says() {
        let said = "Filesystem 1024-blocks Used Available Capacity Mounted on\ntmpfs 24684084 84 24684000 1% /dev/shm";
        assert_eq!(free_kib(said), 24_684_000);
        assert_eq!(free_kib(""), 0);
        assert_eq!(available_kib("MemTotal: 9 kB\nMemAvailable:   12345 kB\n"), 12_345);
        assert_eq!(available_kib("MemTotal: 9 kB\n"), 0);
    }

    #[test]
    fn the_folder_of_a_run_goes_with_it() {
        let room = Room::open();
        let Some(folder) = room.folder().map(std::path::Path::to_owned) else {
            println!("skipped: memory is short on this machine");
            return;
        };
        std::fs::write(folder.join("left"), "behind").unwrap();
        drop(room);
        assert!(!folder.exists());
    }
}
