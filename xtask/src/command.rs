//! Other programs: started from the checkout's root, followed line by line, their full output kept
//! in a log file, on the screen only what matters.

use std::io::{BufRead, BufReader, PipeReader, Write};
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::progress::Step;

const TICK: Duration = Duration::from_secs(1);

/// Cargo, as if typed into a shell at the checkout's root.
pub fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    // `cargo run` describes xtask to xtask; build scripts that watch these would build again.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
        {
            command.env_remove(name);
        }
    }
    // Set while leptos compiles, it changes the name under which pages ask for the wasm file.
    command.env_remove("LEPTOS_OUTPUT_NAME");
    command.env("CARGO_TERM_COLOR", "never");
    if std::env::var_os("CI").is_some() {
        // What a gate compiles serves one run, and no change follows on it.
        command.env("CARGO_INCREMENTAL", "0");
    }
    command.args(arguments).current_dir(crate::root());
    command
}

/// A program at the checkout's root.
pub fn program(name: impl Into<PathBuf>, arguments: &[&str]) -> Command {
    let mut command = Command::new(name.into());
    command.args(arguments).current_dir(crate::root());
    command
}

/// Leaves out the developer's own settings of Retrial, which would change what tests see.
pub fn forget_settings(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("RETRIAL_") {
            command.env_remove(name);
        }
    }
    command
}

/// How a followed program ended.
pub struct Ended {
    pub success: bool,
    /// Everything it wrote, both streams in order.
    pub lines: Vec<String>,
    /// The file with the same text.
    pub log: PathBuf,
}

/// Runs a program to its end. `show` picks the lines that also go to the screen.
pub fn follow(
    command: &mut Command,
    log_name: &str,
    step: Option<&Step>,
    mut show: impl FnMut(&str) -> bool,
) -> Result<Ended, String> {
    let called = command.get_program().to_string_lossy().into_owned();
    let (reader, writer) = std::io::pipe().map_err(|e| format!("a pipe: {e}"))?;
    let second = writer.try_clone().map_err(|e| format!("a pipe: {e}"))?;
    let mut child = command
        .stdin(std::process::Stdio::null())
        .stdout(writer)
        .stderr(second)
        .spawn()
        .map_err(|e| format!("`{called}` cannot be started: {e}"))?;
    // The command holds the pipe's writing ends; the reader sees the end only when they are gone.
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());

    let log = log_file(log_name)?;
    let mut copy = std::fs::File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
    let mut lines = Vec::new();
    let arriving = lines_of(reader);
    loop {
        match arriving.recv_timeout(TICK) {
            Ok(line) => {
                writeln!(copy, "{line}").map_err(|e| format!("{}: {e}", log.display()))?;
                if show(&line) {
                    match step {
                        Some(step) => step.say(&line),
                        None => println!("{line}"),
                    }
                }
                lines.push(line);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if let Some(step) = step {
            step.note(lines.last().map_or("", |line| line.trim()));
        }
    }
    let status = child.wait().map_err(|e| format!("`{called}`: {e}"))?;
    Ok(Ended { success: status.success(), lines, log })
}

/// Runs a program as one step: silent when it succeeds, its messages on the screen when it fails.
pub fn as_step(name: &str, mut command: Command) -> Result<(), String> {
    let step = Step::begin(name);
    let log_name = name.replace(' ', "-");
    let ended = match follow(&mut command, &log_name, Some(&step), |_| false) {
        Ok(ended) => ended,
        Err(reason) => {
            step.failed();
            return Err(reason);
        }
    };
    if ended.success {
        step.done("");
        return Ok(());
    }
    step.failed();
    for line in ended.lines.iter().filter(|line| !is_noise(line)) {
        println!("{line}");
    }
    Err(format!("{name} failed; everything it wrote is in {}", ended.log.display()))
}

/// Cargo's lines about crates on their way, which say nothing about a failure.
pub fn is_noise(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    matches!(
        first,
        "Compiling"
            | "Checking"
            | "Downloaded"
            | "Downloading"
            | "Updating"
            | "Blocking"
            | "Finished"
            | "Fresh"
            | "Locking"
            | "Adding"
    )
}

/// What a program prints, or `None` when it is missing or fails.
pub fn answer(name: &str, arguments: &[&str]) -> Option<String> {
    let output = program(name, arguments).stdin(std::process::Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn lines_of(reader: PipeReader) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut bytes = Vec::new();
        while let Ok(1..) = reader.read_until(b'\n', &mut bytes) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn log_file(name: &str) -> Result<PathBuf, String> {
    let folder = crate::target("xtask-logs");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(folder.join(format!("{name}.log")))
}

#[cfg(test)]
mod tests {
    use super::is_noise;

    #[test]
    fn a_crate_on_its_way_is_noise_and_an_error_is_not() {
        assert!(is_noise("   Compiling leptos v0.8.23"));
        assert!(!is_noise("error[E0308]: mismatched types"));
        assert!(!is_noise(""));
    }
}
