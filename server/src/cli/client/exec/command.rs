//! A command in a process group of its own: started without a shell, its input and output passed through.

use std::{
    ffi::OsString,
    io::{self, ErrorKind, IsTerminal as _, PipeReader, Read as _, Write},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rustix::{
    process::{Pid, Signal, getpgrp, kill_process, kill_process_group, test_kill_process_group},
    termios::tcgetpgrp,
};
use tokio::{
    process::{Child, Command},
    sync::oneshot,
    time::timeout,
};

use super::tail::Tail;

/// How long the output of an ended command is waited for; what it left running may hold it open for ever.
const OUTPUT_MS_MAX: u64 = 500;
/// The command never gets to know whose token tells of it.
const SECRETS: [&str; 2] = ["RETRIAL_TOKEN", "RETRIAL_TOKEN_FILE"];

pub struct Running {
    child: Child,
    group: Pid,
    is_chaos: bool,
    has_ended: bool,
    tail: Arc<Mutex<Tail>>,
    passed: [Passing; 2],
}

/// One of its streams, passed on by a thread.
struct Passing {
    /// None once all of it was passed on.
    rest: Option<oneshot::Receiver<()>>,
    /// Whoever reads from this program takes their time.
    is_held_up: Arc<AtomicBool>,
}

impl Passing {
    /// Whether all of it was passed on, or is so within a moment.
    async fn is_over(&mut self) -> bool {
        let Some(rest) = &mut self.rest else { return true };
        let is_over = timeout(Duration::from_millis(OUTPUT_MS_MAX), rest).await.is_ok();
        if is_over {
            self.rest = None;
        }
        is_over
    }
}

impl Running {
    /// `told` are variables of its environment.
    pub fn start(words: &[OsString], told: &[(&str, &str)]) -> io::Result<Self> {
        let (program, arguments) = words.split_first().ok_or(ErrorKind::InvalidInput)?;
        let (out, out_end) = io::pipe()?;
        let (err, err_end) = io::pipe()?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(input()?).stdout(out_end).stderr(err_end).process_group(0);
        command.envs(told.iter().copied());
        for secret in SECRETS {
            command.env_remove(secret);
        }
        let child = command.spawn()?;
        let group = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)).ok_or(ErrorKind::NotFound)?;
        // Its ends of the pipes stay open as long as this does.
        drop(command);
        let tail = Arc::new(Mutex::new(Tail::default()));
        let passed = [pass_on(out, io::stdout(), Arc::clone(&tail)), pass_on(err, io::stderr(), Arc::clone(&tail))];
        let is_chaos = Path::new(program).file_name().is_some_and(|name| name == "chaos");
        Ok(Self { child, group, is_chaos, has_ended: false, tail, passed })
    }

    pub const fn group(&self) -> Pid {
        self.group
    }

    /// Waits for the process that was started. What else is in its group may go on.
    pub async fn ended(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await?;
        self.has_ended = true;
        Ok(status)
    }

    /// Asks the group to stop. Chaos Toolkit is asked in its own way as long as it is there: what a provider of
    /// it does can swallow SIGTERM.
    pub fn ask(&self) {
        if self.is_chaos && !self.has_ended {
            // Whoever has gone meanwhile needs no signal.
            let _ = kill_process(self.group, Signal::USR1);
            let _ = kill_process_group(self.group, Signal::CONT);
        } else {
            send(self.group, Signal::TERM);
        }
    }

    pub fn kill(&self) {
        send(self.group, Signal::KILL);
    }

    /// Nobody is left in the group.
    pub fn is_gone(&self) -> bool {
        self.has_ended && !lives(self.group)
    }

    /// The end of what it said, once it has ended.
    pub async fn said(&mut self) -> String {
        for passing in &mut self.passed {
            passing.is_over().await;
        }
        locked(&self.tail).text()
    }

    /// Waits for whoever has not yet taken all of it. What is left running may go on to say something for ever;
    /// that is not waited for.
    pub async fn passed_on(&mut self) {
        for passing in &mut self.passed {
            while !passing.is_over().await && passing.is_held_up.load(Ordering::SeqCst) {}
        }
    }
}

/// Sends a signal to a group. Whoever is suspended in it, as by asking at a terminal, hears of that only when
/// they go on; whoever has gone needs none.
pub fn send(group: Pid, signal: Signal) {
    let _ = kill_process_group(group, signal);
    let _ = kill_process_group(group, Signal::CONT);
}

fn locked(tail: &Mutex<Tail>) -> std::sync::MutexGuard<'_, Tail> {
    tail.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether anybody of a group is alive. What has ended and is not asked for by its parent, as in a container
/// whose first process looks after nobody, is not.
pub fn lives(group: Pid) -> bool {
    if test_kill_process_group(group).is_err() {
        return false;
    }
    // Where the system keeps no such folder, its word above has to do.
    let Ok(processes) = std::fs::read_dir("/proc") else { return true };
    let mut stats = processes.flatten().filter_map(|process| std::fs::read_to_string(process.path().join("stat")).ok());
    stats.any(|stat| member(&stat).is_some_and(|(own, state)| own == group.as_raw_pid() && !matches!(state, "Z" | "X")))
}

/// Group and state in a line like `4711 (a name) S 1 4700 …`.
fn member(stat: &str) -> Option<(i32, &str)> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace();
    let state = fields.next()?;
    let group = fields.nth(1)?.parse().ok()?;
    Some((group, state))
}

/// A group in the background that reads from a terminal is suspended, so what is typed is handed on. Nothing is
/// where this program is in the background itself: suspended, it would leave its command unwatched.
fn input() -> io::Result<Stdio> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return Ok(Stdio::inherit());
    }
    if tcgetpgrp(&stdin).is_ok_and(|front| front != getpgrp()) {
        return Ok(Stdio::null());
    }
    let (its_end, mut own_end) = io::pipe()?;
    // A thread of its own: nobody can end a read from a terminal, and the program does not wait for this one.
    std::thread::spawn(move || io::copy(&mut io::stdin().lock(), &mut own_end));
    Ok(its_end.into())
}

/// Copies until the last writer has gone. A reader of ours that has gone is no reason to stop a command.
fn pass_on(mut from: PipeReader, mut to: impl Write + Send + 'static, tail: Arc<Mutex<Tail>>) -> Passing {
    let (done, rest) = oneshot::channel();
    let is_held_up = Arc::new(AtomicBool::new(false));
    let passing = Passing { rest: Some(rest), is_held_up: Arc::clone(&is_held_up) };
    std::thread::spawn(move || {
        let mut buffer = vec![0; 8 * 1024];
        loop {
            match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    locked(&tail).add(&buffer[..count]);
                    is_held_up.store(true, Ordering::SeqCst);
                    let _ = to.write_all(&buffer[..count]).and_then(|()| to.flush());
                    is_held_up.store(false, Ordering::SeqCst);
                }
                Err(trouble) if trouble.kind() == ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        let _ = done.send(());
    });
    passing
}

/// Whether a program of this name can be started, so that nothing is opened for one that cannot.
pub fn is_found(program: &Path, folders: &[PathBuf]) -> bool {
    let can_run = |path: &Path| {
        std::fs::metadata(path).is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
    };
    if program.components().count() > 1 || program.is_absolute() {
        return can_run(program);
    }
    folders.iter().any(|folder| can_run(&folder.join(program)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_where_the_system_would_look() {
        let folders = [PathBuf::from("/nonexistent"), PathBuf::from("/bin")];
        for (program, is) in [
            ("sh", true),
            ("/bin/sh", true),
            ("no-such-program", false),
            ("/bin", false),
            ("/etc/passwd", false),
            ("", false),
        ] {
            assert_eq!(is_found(Path::new(program), &folders), is, "{program}");
        }
        assert!(!is_found(Path::new("sh"), &[]));
    }

    async fn run(script: &str) -> (ExitStatus, String) {
        let words: Vec<OsString> = ["/bin/sh", "-c", script].map(OsString::from).into();
        let mut running = Running::start(&words, &[("RETRIAL_RUN", "RUN-1")]).unwrap();
        let status = running.ended().await.unwrap();
        (status, running.said().await)
    }

    #[tokio::test]
    async fn a_command_has_its_run_and_its_output_is_kept() {
        let (status, said) = run("echo out $RETRIAL_RUN; echo err >&2; exit 7").await;
        assert_eq!(status.code(), Some(7));
        assert!(said.contains("out RUN-1\n") && said.contains("err\n"), "{said}");
    }

    #[tokio::test]
    async fn what_a_command_leaves_running_is_not_waited_for() {
        let (status, said) = run("sleep 5 & echo gone").await;
        assert!(status.success() && said == "gone\n", "{said}");
    }

    #[tokio::test]
    async fn the_whole_group_is_ended() {
        let words: Vec<OsString> = ["/bin/sh", "-c", "trap '' TERM; sleep 60 & sleep 60"].map(OsString::from).into();
        let mut running = Running::start(&words, &[]).unwrap();
        assert!(!running.is_gone());
        running.kill();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&running.ended().await.unwrap()), Some(9));
        // Whoever still lived would hold them open.
        for passing in running.passed {
            passing.rest.unwrap().await.unwrap();
        }
    }

    #[test]
    fn a_group_is_read_from_what_the_system_says_of_a_process() {
        assert_eq!(member("4711 (a (strange) name) S 1 4700 4700 0 -1"), Some((4700, "S")));
        assert_eq!(member("4711 (sh) Z 1 4700 4700"), Some((4700, "Z")));
        assert_eq!(member("4711"), None);
    }
}
