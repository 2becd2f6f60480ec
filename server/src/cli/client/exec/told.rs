//! What a run is told of its command, message by message. When it was so is said in the server's own time: a
//! clock that goes wrong here must not make a fault begin before its run.

use std::time::{Duration, Instant};

use notebook::{
    people::secrets,
    runs::{drafts::REASON_OPEN, slash::plain},
    time::{Moment, span_words},
};
use serde_json::{Value, json};

use super::{course::Why, signals::name, spool::Message};
use crate::cli::Stopped;

/// The server's clock as a run's start shows it.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    started: Moment,
    since: Instant,
}

impl Clock {
    /// To be made as soon as the start is answered.
    pub fn of(started: Moment) -> Self {
        Self { started, since: Instant::now() }
    }

    pub fn now(&self) -> Moment {
        let micros = i64::try_from(self.since.elapsed().as_micros()).unwrap_or(i64::MAX);
        self.started.plus_micros(micros)
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Code(i32),
    Signal(i32),
    /// Nothing ended it.
    Never,
}

impl End {
    /// `exit 0`, `SIGKILL`.
    pub fn words(self) -> String {
        match self {
            Self::Code(code) => format!("exit {code}"),
            Self::Signal(number) => name(number),
            Self::Never => "not ended".to_owned(),
        }
    }

    /// What this program ends with then, as shells have it.
    pub fn number(self) -> u8 {
        match self {
            Self::Code(code) => u8::try_from(code).unwrap_or(1),
            Self::Signal(number) => u8::try_from(128 + number).unwrap_or(1),
            Self::Never => 1,
        }
    }
}

/// Writes messages of one run.
pub struct Teller {
    pub url: String,
    pub experiment: String,
    pub run: String,
}

impl Teller {
    pub fn fault_began(&self, at: Moment) -> Result<Message, Stopped> {
        self.act("begin-fault", &json!({ "at": at.rfc3339() }))
    }

    pub fn fault_ended(&self, at: Moment) -> Result<Message, Stopped> {
        self.act("end-fault", &json!({ "at": at.rfc3339() }))
    }

    /// A person gives the reason.
    pub fn aborted(&self, at: Moment, why: &Why) -> Result<Message, Stopped> {
        self.act("abort", &json!({ "reason": REASON_OPEN, "text": why.says(), "at": at.rfc3339() }))
    }

    /// The tool's own trouble: nothing was tried.
    pub fn not_started(&self, at: Moment, says: &str) -> Result<Message, Stopped> {
        self.act("abort", &json!({ "reason": "tool", "text": says, "at": at.rfc3339() }))
    }

    /// What the command says is no command of the notebook, however its lines begin.
    pub fn observed(&self, at: Moment, is_expected: bool, text: &str) -> Result<Message, Stopped> {
        let kind = if is_expected { "expected" } else { "unexpected" };
        self.act("observe", &json!({ "text": plain(text), "kind": kind, "at": at.rfc3339() }))
    }

    pub fn exit_code(&self, at: Moment, code: i32) -> Result<Message, Stopped> {
        self.act("tell-exit-code", &json!({ "code": code, "at": at.rfc3339() }))
    }

    pub fn journal(&self, text: String) -> Result<Message, Stopped> {
        let query = [("experiment", &self.experiment), ("run", &self.run)];
        let query = query.map(|(name, value)| (name.to_owned(), value.clone())).to_vec();
        self.message("ingest/chaostoolkit/journal".to_owned(), query, text)
    }

    fn act(&self, act: &str, body: &Value) -> Result<Message, Stopped> {
        self.message(format!("runs/{}/{act}", self.run), Vec::new(), body.to_string())
    }

    fn message(&self, path: String, query: Vec<(String, String)>, body: String) -> Result<Message, Stopped> {
        Ok(Message { url: self.url.clone(), path, query, key: secrets::word::<16>()?, body })
    }
}

/// How it ended, what was needed for that, and the end of what it said.
pub fn ending(end: End, took: Duration, stopped: Option<&Why>, was_killed: bool, said: &str) -> String {
    let ms = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    let why = stopped.map(|why| format!(" It was told to stop: {}", why.says())).unwrap_or_default();
    let killed = if was_killed { " It did not stop by itself and was ended by SIGKILL." } else { "" };
    let output = if said.is_empty() { String::new() } else { format!("\n\nThe end of what it said:\n\n{said}") };
    format!("The command ended after {}: {}.{why}{killed}{output}", span_words(ms), end.words())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::client::exec::signals::Own;

    fn teller() -> Teller {
        Teller { url: "https://retrial.example.org".into(), experiment: "EXP-4".into(), run: "RUN-3".into() }
    }

    #[test]
    fn each_message_goes_to_its_act_with_its_time() {
        let at = Moment::parse("2026-11-22T14:03:00.5Z").unwrap();
        let tell = teller();
        let frozen = Why::Frozen("A freeze is on.".into());
        for (message, path, body) in [
            (tell.fault_began(at), "runs/RUN-3/begin-fault", json!({"at": "2026-11-22T14:03:00.5Z"})),
            (tell.fault_ended(at), "runs/RUN-3/end-fault", json!({"at": "2026-11-22T14:03:00.5Z"})),
            (
                tell.aborted(at, &frozen),
                "runs/RUN-3/abort",
                json!({"reason": "open", "text": "A freeze is on.", "at": "2026-11-22T14:03:00.5Z"}),
            ),
            (
                tell.observed(at, false, "seen"),
                "runs/RUN-3/observe",
                json!({"text": "seen", "kind": "unexpected", "at": "2026-11-22T14:03:00.5Z"}),
            ),
            (
                tell.observed(at, true, "ended\n /abort"),
                "runs/RUN-3/observe",
                json!({"text": "ended\n//abort", "kind": "expected", "at": "2026-11-22T14:03:00.5Z"}),
            ),
            (tell.exit_code(at, 3), "runs/RUN-3/tell-exit-code", json!({"code": 3, "at": "2026-11-22T14:03:00.5Z"})),
        ] {
            let message = message.unwrap();
            assert_eq!(message.path, path);
            assert_eq!(serde_json::from_str::<Value>(&message.body).unwrap(), body);
        }
        let journal = tell.journal("{}".into()).unwrap();
        let query = [("experiment".to_owned(), "EXP-4".to_owned()), ("run".to_owned(), "RUN-3".to_owned())];
        assert_eq!((journal.path.as_str(), journal.body.as_str()), ("ingest/chaostoolkit/journal", "{}"));
        assert_eq!(journal.query, query);
        assert_ne!(tell.fault_began(at).unwrap().key, tell.fault_began(at).unwrap().key);
    }

    #[test]
    fn an_end_has_its_words_and_its_number() {
        for (end, words, number) in [
            (End::Code(0), "exit 0", 0),
            (End::Code(7), "exit 7", 7),
            (End::Signal(9), "SIGKILL", 137),
            (End::Signal(15), "SIGTERM", 143),
            (End::Never, "not ended", 1),
        ] {
            assert_eq!((end.words().as_str(), end.number()), (words, number));
        }
    }

    #[test]
    fn the_run_reads_how_its_command_ended() {
        let twelve = Duration::from_secs(12);
        assert_eq!(ending(End::Code(0), twelve, None, false, ""), "The command ended after 12 s: exit 0.");
        let signalled = Why::Signalled(Own::Int);
        assert_eq!(
            ending(End::Signal(9), twelve, Some(&signalled), true, "a\nb"),
            "The command ended after 12 s: SIGKILL. It was told to stop: retrial exec got SIGINT. It did not stop by \
             itself and was ended by SIGKILL.\n\nThe end of what it said:\n\na\nb"
        );
    }

    #[test]
    fn time_goes_on_from_the_start() {
        let started = Moment::parse("2026-11-22T14:03:00Z").unwrap();
        let clock = Clock::of(started);
        let (one, two) = (clock.now(), clock.now());
        assert!(started <= one && one <= two);
    }
}
