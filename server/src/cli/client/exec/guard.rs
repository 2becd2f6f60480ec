//! A second process that outlives this one by a moment: if `retrial exec` dies without a word, nobody would
//! stop the command any more. It waits at a pipe that the system closes then.

use std::{
    io::{self, BufRead as _, Write as _},
    os::unix::process::CommandExt as _,
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use clap::Args;
use rustix::process::{Pid, Signal};
use tokio::time::{Instant, sleep};

use super::command::{lives, send};
use crate::cli::Stopped;

const LOOK_EVERY_MS: u64 = 50;
/// The environment holds a token that it has no use for.
const NOT_FOR_IT: [&str; 2] = ["RETRIAL_TOKEN", "RETRIAL_TOKEN_FILE"];

pub struct Guard {
    child: Child,
    line: ChildStdin,
}

impl Guard {
    /// Before anything is opened, so that no command runs without one.
    pub fn post(grace: Duration) -> io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["exec-guard", &grace.as_millis().to_string()]);
        for secret in NOT_FOR_IT {
            command.env_remove(secret);
        }
        // A group of its own, which no Ctrl-C reaches.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let mut child = command.spawn()?;
        let line = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { child, line })
    }

    pub fn watch(&mut self, group: Pid) -> io::Result<()> {
        writeln!(self.line, "{}", group.as_raw_pid())
    }

    /// There is nothing to watch any more.
    pub fn dismiss(mut self) {
        let _ = writeln!(self.line, "done");
        drop(self.line);
        let _ = self.child.wait();
    }
}

#[derive(Debug, Args)]
pub struct ExecGuard {
    /// Milliseconds between two signals
    grace_ms: u64,
}

impl ExecGuard {
    pub async fn run(self) -> Result<(), Stopped> {
        let Some(group) = left_alone() else { return Ok(()) };
        for signal in [Signal::TERM, Signal::TERM, Signal::KILL] {
            send(group, signal);
            let until = Instant::now() + Duration::from_millis(self.grace_ms);
            while Instant::now() < until {
                if !lives(group) {
                    return Ok(());
                }
                sleep(Duration::from_millis(LOOK_EVERY_MS)).await;
            }
        }
        Ok(())
    }
}

/// Waits until `retrial exec` has gone. The group it leaves alone, unless it said that there is none.
fn left_alone() -> Option<Pid> {
    let mut lines = io::stdin().lock().lines().map_while(Result::ok);
    let group = lines.next()?.parse().ok().and_then(Pid::from_raw)?;
    lines.next().is_none().then_some(group)
}
