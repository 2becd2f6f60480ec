//! `--result FILE`: how it went, for programs. A command's own code and this program's cannot be confused there.

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
};

use serde::Serialize;

use super::{course::Why, sending::Sent, told::End};

#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub experiment: String,
    pub environment: String,
    /// None if none was opened.
    pub run: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// go, ask, refuse or freeze; None if the gate did not answer.
    pub gate: Option<&'static str>,
    /// The command was started.
    pub started: bool,
    /// What the command ended with; None after a signal, or if it was not started.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// abort, freeze or signal; None if nobody stopped it.
    pub stopped: Option<&'static str>,
    /// Only SIGKILL ended it.
    pub killed: bool,
    /// Whether a journal was written; None if none was asked for.
    pub journal: Option<bool>,
    /// What the notebook said no to.
    pub refused: Vec<String>,
    /// How much it was not told yet.
    pub waiting: usize,
    /// What this program ends with.
    pub exit: u8,
    /// Why nothing was started.
    pub says: Option<String>,
}

impl Report {
    pub fn ended(&mut self, end: End, why: Option<&Why>, was_killed: bool) {
        (self.code, self.signal) = match end {
            End::Code(code) => (Some(code), None),
            End::Signal(number) => (None, Some(number)),
            End::Never => (None, None),
        };
        self.stopped = why.map(Why::word);
        self.killed = was_killed;
    }

    pub fn sent(&mut self, sent: &Sent) {
        self.refused.clone_from(&sent.refused);
        self.waiting = sent.waiting;
    }

    /// What the gate's refusals end with.
    pub fn closed(&mut self, number: u8) {
        self.gate = match number {
            3 => Some("ask"),
            4 => Some("refuse"),
            5 => Some("freeze"),
            _ => None,
        };
    }
}

/// The file is made first: whoever waits for a result learns at once that there can be none.
pub struct ResultFile(Option<File>);

impl ResultFile {
    pub fn open(path: Option<&Path>) -> io::Result<Self> {
        path.map(File::create).transpose().map(Self)
    }

    pub fn write(self, report: &Report) -> io::Result<()> {
        let Some(mut file) = self.0 else { return Ok(()) };
        file.write_all(&serde_json::to_vec_pretty(report)?)?;
        file.write_all(b"\n")?;
        file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commands_code_its_signal_and_the_gate_stand_apart() {
        for (end, code, signal) in
            [(End::Code(4), Some(4), None), (End::Signal(9), None, Some(9)), (End::Never, None, None)]
        {
            let mut report = Report::default();
            report.ended(end, Some(&Why::Aborted), false);
            assert_eq!((report.code, report.signal, report.stopped), (code, signal, Some("abort")));
        }
        for (number, gate) in [(3, Some("ask")), (4, Some("refuse")), (5, Some("freeze")), (10, None), (2, None)] {
            let mut report = Report::default();
            report.closed(number);
            assert_eq!(report.gate, gate, "{number}");
        }
    }

    #[test]
    fn a_result_is_one_json_document() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("result.json");
        let file = ResultFile::open(Some(&path)).unwrap();
        file.write(&Report { run: Some("RUN-3".into()), code: Some(0), ..Report::default() }).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(
            (&read["run"], &read["code"], &read["signal"]),
            (&"RUN-3".into(), &0.into(), &serde_json::Value::Null)
        );
        assert!(ResultFile::open(Some(Path::new("/nonexistent/result.json"))).is_err());
        ResultFile::open(None).unwrap().write(&Report::default()).unwrap();
    }
}
