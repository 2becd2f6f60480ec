//! The signals that this program itself gets while a command runs under it.

use std::io;

use rustix::process::Signal;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};

/// Signals that end a command, and then this program with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    Hup,
    Int,
    Quit,
    Term,
}

impl Own {
    const ALL: [Self; 4] = [Self::Hup, Self::Int, Self::Quit, Self::Term];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Hup => "SIGHUP",
            Self::Int => "SIGINT",
            Self::Quit => "SIGQUIT",
            Self::Term => "SIGTERM",
        }
    }

    pub const fn number(self) -> i32 {
        match self {
            Self::Hup => Signal::HUP.as_raw(),
            Self::Int => Signal::INT.as_raw(),
            Self::Quit => Signal::QUIT.as_raw(),
            Self::Term => Signal::TERM.as_raw(),
        }
    }
}

/// The name of a signal that ended a process.
pub fn name(number: i32) -> String {
    let known = [
        (Signal::HUP, "SIGHUP"),
        (Signal::INT, "SIGINT"),
        (Signal::QUIT, "SIGQUIT"),
        (Signal::ABORT, "SIGABRT"),
        (Signal::KILL, "SIGKILL"),
        (Signal::SEGV, "SIGSEGV"),
        (Signal::PIPE, "SIGPIPE"),
        (Signal::TERM, "SIGTERM"),
        (Signal::USR1, "SIGUSR1"),
    ];
    let known = known.iter().find(|(signal, _)| signal.as_raw() == number);
    known.map_or_else(|| format!("signal {number}"), |(_, name)| (*name).to_owned())
}

/// From now on they come here and end nothing by themselves. Those that whoever started this program had it
/// ignore, as `nohup` does, stay ignored. Ctrl-Z does nothing: a command must not run on unwatched.
pub fn listen() -> io::Result<mpsc::Receiver<Own>> {
    let (tell, told) = mpsc::channel(8);
    let ignored = ignored();
    for own in Own::ALL.into_iter().filter(|own| !is_in(ignored, own.number())) {
        let mut stream = signal(SignalKind::from_raw(own.number()))?;
        let tell = tell.clone();
        tokio::spawn(async move {
            while stream.recv().await.is_some() {
                if tell.send(own).await.is_err() {
                    return;
                }
            }
        });
    }
    let mut suspends = signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?;
    tokio::spawn(async move { while suspends.recv().await.is_some() {} });
    Ok(told)
}

fn is_in(mask: u64, number: i32) -> bool {
    u32::try_from(number - 1).ok().and_then(|bit| mask.checked_shr(bit)).is_some_and(|rest| rest & 1 == 1)
}

/// The signals this process ignores, a bit each; none where the system does not say.
fn ignored() -> u64 {
    std::fs::read_to_string("/proc/self/status").map(|status| mask_of(&status)).unwrap_or_default()
}

fn mask_of(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_to_be_ignored_is_read_from_the_system() {
        let mask = mask_of("Name:\tretrial\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n");
        assert!(is_in(mask, Own::Hup.number()), "nohup");
        assert!(!is_in(mask, Own::Int.number()) && !is_in(mask, 0));
        assert_eq!(mask_of(""), 0);
    }

    #[test]
    fn signals_have_their_names() {
        assert_eq!(name(9), "SIGKILL");
        assert_eq!(name(15), "SIGTERM");
        assert_eq!(name(64), "signal 64");
    }
}
