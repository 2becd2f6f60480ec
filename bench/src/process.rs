//! The sides as processes: started on their own core, asked what they cost, stopped by the end of
//! their standard input, so that none outlives the run.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use clap::ValueEnum as _;

use crate::{Result, Side};

/// The core of whatever is measured.
const SERVER_CORE: &str = "0";
/// The core of whatever loads it.
pub const LOAD_CORE: &str = "1";

/// A side that is ready.
pub struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
    pub pid: u32,
    /// What it said when it was ready.
    pub words: Vec<String>,
}

impl Running {
    pub fn start(side: Side, folder: &Path, slow_sync_ms: Option<u32>) -> Result<Self> {
        Self::start_on(SERVER_CORE, side, folder, slow_sync_ms)
    }

    /// The same on a core of its own.
    pub fn start_on(core: &str, side: Side, folder: &Path, slow_sync_ms: Option<u32>) -> Result<Self> {
        let own = std::env::current_exe()?;
        let name = side.to_possible_value().ok_or("a side without a name")?.get_name().to_owned();
        let mut words = slowed(slow_sync_ms);
        words.extend(pinned(core)?);
        words.extend([own.display().to_string(), "side".to_owned(), name.clone(), folder.display().to_string()]);
        let mut child = Command::new(&words[0])
            .args(&words[1..])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // The log of each request goes where logs cost least, on every side alike.
            .stderr(Stdio::null())
            .spawn()
            .map_err(|trouble| format!("`{}` cannot be started: {trouble}", words[0]))?;
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().ok_or("a side without output")?);
        output.read_line(&mut line)?;
        let mut said = line.split_whitespace().map(str::to_owned);
        if let (Some("ready"), Some(Ok(pid))) = (said.next().as_deref(), said.next().map(|pid| pid.parse())) {
            return Ok(Self { child, output, pid, words: said.collect() });
        }
        drop(child.stdin.take());
        child.wait()?;
        Err(format!("the side {name} did not start: {}", line.trim()).into())
    }

    /// Says one line to the side and waits for one back.
    pub fn ask(&mut self, line: &str) -> Result<Vec<String>> {
        writeln!(self.child.stdin.as_mut().ok_or("a side without input")?, "{line}")?;
        let mut said = String::new();
        self.output.read_line(&mut said)?;
        Ok(said.split_whitespace().map(str::to_owned).collect())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if let Err(trouble) = self.child.wait() {
            eprintln!("process {}: {trouble}", self.pid);
        }
    }
}

/// The words that pin a program to a core; none where that cannot be done.
pub fn pinned(core: &str) -> Result<Vec<String>> {
    let can = std::thread::available_parallelism()?.get() > 1
        && Command::new("taskset").args(["-c", core, "true"]).status().is_ok_and(|status| status.success());
    Ok(if can { ["taskset", "-c", core].map(str::to_owned).to_vec() } else { Vec::new() })
}

/// The words that hold each sync up on its way back. By `--seccomp-bpf` nothing else is stopped at.
fn slowed(by_ms: Option<u32>) -> Vec<String> {
    let Some(ms) = by_ms else { return Vec::new() };
    let delay = format!("inject=fdatasync,fsync:delay_exit={}", u64::from(ms) * 1_000);
    let words =
        ["strace", "-f", "--seccomp-bpf", "-qqq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", &delay];
    words.map(str::to_owned).to_vec()
}

/// Said by a side that can be loaded.
pub fn ready(words: &[&str]) -> Result<()> {
    say(&format!("ready {} {}", std::process::id(), words.join(" ")))
}

pub fn say(line: &str) -> Result<()> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{line}")?;
    Ok(output.flush()?)
}

/// Comes back when whoever started this side is done with it.
pub async fn until_told() -> Result<()> {
    let told = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    told.await??;
    Ok(())
}
