//! The real executable in a process of its own.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use notebook::db::Place;

use crate::book::Book;

/// The executable, to work on the book.
fn retrial(book: &Book, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_retrial"));
    // The developer's own settings would change what is tried.
    command.env_clear().args(words).arg("--data-dir").arg(book.folder());
    if let Place::Server(url) = &book.place {
        command.args(["--database-url", url]);
    }
    command
}

/// `retrial verify`, which has to find nothing wrong.
pub fn verify(book: &Book) {
    let ended = retrial(book, &["verify"]).output().unwrap();
    let [said, errors] = [ended.stdout, ended.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(ended.status.success(), "retrial verify: {said}{errors}");
}

/// `retrial db reindex`, which may end at any moment.
pub fn reindex(book: &Book) -> Child {
    retrial(book, &["db", "reindex"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// A running server; it ends without warning when this is dropped.
pub struct Running {
    child: Child,
    /// `http://127.0.0.1:40123`
    pub address: String,
}

impl Running {
    /// Starts on any free port and waits until it says which.
    pub fn start(book: &Book) -> Self {
        Self::start_with(book, &[])
    }

    /// The same with further flags.
    pub fn start_with(book: &Book, flags: &[&str]) -> Self {
        let log = book.folder().join("server.log");
        let mut command = retrial(book, &["serve", "--listen", "127.0.0.1:0"]);
        command.args(flags);
        let errors = File::options().create(true).append(true).open(&log).unwrap();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let said = line.trim_start().strip_prefix("listening")?.split_whitespace().next()?;
            Some(said.to_owned())
        });
        let Some(address) = address else {
            let _ = child.kill();
            panic!("the server did not start: {}", std::fs::read_to_string(&log).unwrap_or_default());
        };
        // A full pipe would hold the server up.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// SIGTERM: it may finish what it does.
    pub fn terminate(&mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// Comes back when the process is gone.
    pub fn gone(&mut self) {
        self.child.wait().unwrap();
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
