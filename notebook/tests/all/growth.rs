//! By how much a process grows while it does one thing, which it does alone.

use std::time::Instant;

/// What a process of its own is told to do.
const TASK: &str = "RETRIAL_GROWTH_TASK";

#[expect(clippy::disallowed_methods, reason = "what a process is to do is told from outside")]
pub fn asked(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What this process is told to do; none in the one that runs all tests.
pub fn task() -> Option<String> {
    asked(TASK)
}

/// A number of `/proc/self/status`, in KiB.
fn status_kib(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// From when on a process is measured: statements, pools and the allocator are warm by then.
pub struct Measuring {
    before_kib: u64,
    begun: Instant,
}

impl Measuring {
    pub fn begin() -> Self {
        // Forgets what the process once took for something else, hashing a password for example.
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        Self { before_kib: status_kib("VmRSS"), begun: Instant::now() }
    }

    /// Says by how many KiB the process grew at most.
    pub fn end(self) {
        let grown = status_kib("VmHWM").saturating_sub(self.before_kib);
        println!("grown {grown} KiB in {} ms", self.begun.elapsed().as_millis());
    }
}

/// What one thing took.
#[derive(Debug, Clone, Copy)]
pub struct Grown {
    pub kib: u64,
    pub ms: u64,
}

/// Runs one test again in a process of its own, with a task.
pub fn in_a_process_of_its_own(test: &str, task: &str) -> Grown {
    let done = std::process::Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(TASK, task)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    let line = said.lines().find(|line| line.contains("grown ")).unwrap_or_else(|| panic!("{said}"));
    println!("{task}: {line}");
    let mut numbers = line.split_whitespace().skip_while(|word| *word != "grown").filter_map(|word| word.parse().ok());
    Grown { kib: numbers.next().unwrap(), ms: numbers.next().unwrap() }
}
