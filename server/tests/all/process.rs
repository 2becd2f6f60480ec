//! The program itself as people have it: started, asked and ended as a process of its own.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

/// The program with a clean environment: the developer's own settings would change what it does.
pub fn retrial(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_retrial"));
    command.env_clear().env("HOME", home).current_dir(home).stdin(Stdio::null());
    command
}

/// What a command ended with.
pub struct Ended {
    pub number: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { number: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    pub fn well(self) -> Self {
        assert_eq!(self.number, 0, "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn json(self) -> Value {
        let ended = self.well();
        serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("no JSON: {}", ended.out))
    }

    /// The only line.
    #[track_caller]
    pub fn line(self) -> String {
        let ended = self.well();
        assert_eq!(ended.out.lines().count(), 1, "{}", ended.out);
        ended.out.trim().to_owned()
    }
}

pub fn ended(command: &mut Command) -> Ended {
    Ended::of(command.output().unwrap())
}

/// The same with something on standard input.
pub fn ended_with_input(command: &mut Command, input: &str) -> Ended {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Ended::of(child.wait_with_output().unwrap())
}

/// A server on a free port, in a folder of its own; it ends with the test.
pub struct Served {
    pub url: String,
    pub home: tempfile::TempDir,
    /// What its operator set, by the environment.
    settings: Vec<(&'static str, String)>,
    child: Child,
}

impl Served {
    pub fn new() -> Self {
        Self::with(Vec::new())
    }

    pub fn with(settings: Vec<(&'static str, String)>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let (child, url) = serve(home.path(), "127.0.0.1:0", &settings);
        Self { url, home, settings, child }
    }

    /// It goes without a word, as when its machine does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// It is back where it was.
    pub fn come_back(&mut self) {
        let (child, url) = serve(self.home.path(), self.url.trim_start_matches("http://"), &self.settings);
        assert_eq!(url, self.url);
        self.child = child;
    }

    /// A command at the server's machine.
    pub fn at_home(&self, words: &[&str]) -> Ended {
        ended(retrial(self.home.path()).args(words))
    }

    /// A person's program at this server.
    pub fn program(&self, name: &str, scope: &str) -> Program {
        let email = format!("{name}@example.org");
        let create = ["token", "create", &email, "--name", "test", "--scope", scope, "--quiet"];
        Program { url: self.url.clone(), token: self.at_home(&create).line(), home: self.home.path().to_owned() }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server and waits until it says where it listens.
fn serve(home: &Path, listen: &str, settings: &[(&'static str, String)]) -> (Child, String) {
    let mut command = retrial(home);
    command.args(["serve", "--listen", listen]).envs(settings.iter().map(|(name, value)| (name, value)));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.trim().strip_prefix("listening")?.split_whitespace().next().map(str::to_owned))
        .unwrap_or_else(|| panic!("the server does not say where it listens"));
    // Whoever stops reading would make the server's next words fail.
    std::thread::spawn(move || lines.for_each(drop));
    (child, url)
}

/// Somebody's command line: an address and a token in the environment.
pub struct Program {
    pub url: String,
    pub token: String,
    pub home: std::path::PathBuf,
}

impl Program {
    pub fn command(&self) -> Command {
        let mut command = retrial(&self.home);
        command.env("RETRIAL_URL", &self.url).env("RETRIAL_TOKEN", &self.token);
        command
    }

    pub fn run(&self, words: &[&str]) -> Ended {
        ended(self.command().args(words))
    }
}
