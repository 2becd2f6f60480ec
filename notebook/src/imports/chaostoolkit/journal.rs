//! The shape of a journal: what decides must have its type, the rest may be missing or strange.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::times::{bad_time, micros, milliseconds, time};
use crate::{
    experiments::plan::Outcome,
    imports::{MESSAGE_CHARS_MAX, ReadTrouble, StepKind, StepStatus, shorten},
};

/// A journal's facts, borrowed from its document.
pub(super) struct Journal<'a> {
    pub title: &'a str,
    pub description: &'a str,
    pub node: &'a str,
    pub version: Option<&'a str>,
    pub tags: Vec<&'a str>,
    /// As written, for the key.
    pub start_text: &'a str,
    pub started_us: i64,
    pub ended_us: i64,
    pub status: &'a str,
    pub deviated: bool,
    pub dry: Dry<'a>,
    pub before: Option<State<'a>>,
    pub during: Vec<State<'a>>,
    pub after: Option<State<'a>>,
    pub run: Vec<Played<'a>>,
    pub rollbacks: Vec<Played<'a>>,
    experiment: &'a Map<String, Value>,
}

/// What was left out on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dry<'a> {
    No,
    /// Only pauses are skipped: a real run.
    Pause,
    Actions,
    Probes,
    Activities,
    Unknown(&'a str),
}

/// The hypothesis, looked at once.
pub(super) struct State<'a> {
    /// What the tool concluded.
    said: Option<bool>,
    /// Stops at the first that failed.
    pub probes: Vec<Played<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    Yes,
    No,
    Unknown,
}

/// One activity as it went.
pub(super) struct Played<'a> {
    pub activity: &'a Value,
    pub name: &'a str,
    pub kind: StepKind,
    pub status: StepStatus,
    /// A status that is not known; None also if there is none.
    pub strange_status: Option<&'a str>,
    pub output: &'a Value,
    pub at_us: Option<i64>,
    pub duration_ms: Option<i64>,
    tolerance_met: Option<&'a Value>,
    exception: Option<&'a Value>,
}

const NO_NAME: &str = "(no name)";
const HINT_EXPERIMENT: &str = "It looks like an experiment; the journal is what \"chaos run --journal-path\" writes.";
const HINT_NOTIFICATION: &str = "It looks like a notification; its payload is the journal.";
const HINT_UNFINISHED: &str =
    "It looks like a journal of a run that had not ended; import it again when the run is over.";
const HINT: &str = "Import the file that \"chaos run --journal-path\" writes.";

impl<'a> Journal<'a> {
    pub fn read(document: &'a Value) -> Result<Self, ReadTrouble> {
        let root = object(document, "")?;
        let experiment = root.get("experiment").filter(|value| !value.is_null());
        let title = experiment.and_then(Value::as_object).and_then(|experiment| experiment.get("title"));
        require(root, experiment, title)?;
        let experiment = object(&root["experiment"], "/experiment")?;
        let start_text = text(&root["start"], "/start")?;
        let started_us = time(start_text, "/start")?;
        let end_text = text(&root["end"], "/end")?;
        let ended_us = time(end_text, "/end")?;
        if ended_us < started_us {
            return Err(bad_time("/end", end_text, "lies before the start"));
        }
        let steady = object(&root["steady_states"], "/steady_states")?;
        Ok(Self {
            title: text(&experiment["title"], "/experiment/title")?,
            description: experiment.get("description").and_then(Value::as_str).unwrap_or_default(),
            node: given(root, "node").map_or(Ok(""), |node| text(node, "/node"))?,
            version: root.get("chaoslib-version").and_then(Value::as_str),
            tags: items(experiment.get("tags"))
                .filter_map(Value::as_str)
                .filter(|tag| !tag.trim().is_empty())
                .collect(),
            start_text,
            started_us,
            ended_us,
            status: text(&root["status"], "/status")?,
            deviated: given(root, "deviated").map_or(Ok(false), |deviated| truth(deviated, "/deviated"))?,
            dry: Dry::read(experiment.get("dry")),
            before: given(steady, "before").map(|state| State::read(state, "/steady_states/before")).transpose()?,
            during: states(steady)?,
            after: given(steady, "after").map(|state| State::read(state, "/steady_states/after")).transpose()?,
            run: played(&root["run"], "/run")?,
            rollbacks: given(root, "rollbacks").map_or(Ok(Vec::new()), |rollbacks| played(rollbacks, "/rollbacks"))?,
            experiment,
        })
    }

    /// A dry run of probes reports every tolerance as met without comparing anything.
    pub fn checks_tolerances(&self) -> bool {
        match self.dry {
            Dry::No | Dry::Pause | Dry::Actions => true,
            Dry::Probes | Dry::Activities | Dry::Unknown(_) => false,
        }
    }

    pub fn extensions(&self) -> impl Iterator<Item = &'a Map<String, Value>> {
        items(self.experiment.get("extensions")).filter_map(Value::as_object)
    }

    pub fn hypothesis_title(&self) -> Option<&'a str> {
        self.hypothesis()?.get("title")?.as_str().filter(|title| !title.trim().is_empty())
    }

    /// The activities planned under `method` or `rollbacks` with their names; references are
    /// resolved as the tool does, by the name of an activity anywhere in the experiment.
    pub fn planned(&self, section: &str) -> Vec<(&'a str, &'a Value)> {
        self.resolved(items(self.experiment.get(section)))
    }

    pub fn planned_probes(&self) -> Vec<(&'a str, &'a Value)> {
        self.resolved(items(self.hypothesis().and_then(|hypothesis| hypothesis.get("probes"))))
    }

    fn hypothesis(&self) -> Option<&'a Map<String, Value>> {
        self.experiment.get("steady-state-hypothesis")?.as_object()
    }

    fn resolved(&self, activities: impl Iterator<Item = &'a Value>) -> Vec<(&'a str, &'a Value)> {
        let probes = items(self.hypothesis().and_then(|hypothesis| hypothesis.get("probes")));
        let all = probes.chain(items(self.experiment.get("method"))).chain(items(self.experiment.get("rollbacks")));
        let mut named: HashMap<&str, &Value> = HashMap::new();
        for activity in all {
            if let Some(name) = activity.get("name").and_then(Value::as_str) {
                named.entry(name).or_insert(activity);
            }
        }
        activities
            .map(|activity| match activity.get("ref").and_then(Value::as_str) {
                Some(name) => (name, named.get(name).copied().unwrap_or(activity)),
                None => (name_of(activity), activity),
            })
            .collect()
    }
}

/// Says everything that is missing at once, and what the document may be instead.
fn require(root: &Map<String, Value>, experiment: Option<&Value>, title: Option<&Value>) -> Result<(), ReadTrouble> {
    let mut missing = Vec::new();
    if experiment.is_none() {
        missing.push("experiment");
    } else if experiment.is_some_and(Value::is_object)
        && title.is_none_or(|title| title.is_null() || title.as_str().is_some_and(|title| title.trim().is_empty()))
    {
        missing.push("experiment.title");
    }
    missing.extend(
        ["start", "end", "status", "steady_states", "run"].into_iter().filter(|name| given(root, name).is_none()),
    );
    if missing.is_empty() {
        return Ok(());
    }
    let hint = match () {
        () if root.contains_key("payload") => HINT_NOTIFICATION,
        () if root.contains_key("method") => HINT_EXPERIMENT,
        () if missing.iter().all(|name| ["end", "status"].contains(name)) => HINT_UNFINISHED,
        () => HINT,
    };
    Err(ReadTrouble::NotAJournal { missing, hint })
}

impl<'a> Dry<'a> {
    fn read(value: Option<&'a Value>) -> Self {
        match value {
            None | Some(Value::Null | Value::Bool(false)) => Self::No,
            Some(Value::String(word)) => match word.as_str() {
                "pause" => Self::Pause,
                "actions" => Self::Actions,
                "probes" => Self::Probes,
                "activities" => Self::Activities,
                other => Self::Unknown(other),
            },
            Some(other) => Self::Unknown(kind(other)),
        }
    }
}

impl<'a> State<'a> {
    fn read(value: &'a Value, pointer: &str) -> Result<Self, ReadTrouble> {
        let state = object(value, pointer)?;
        let probes =
            given(state, "probes").map_or(Ok(Vec::new()), |probes| played(probes, &format!("{pointer}/probes")))?;
        Ok(Self { said: state.get("steady_state_met").and_then(Value::as_bool), probes })
    }

    /// The worse of what the tool concluded and what its probes say.
    pub fn met(&self) -> Met {
        let outcomes = || self.probes.iter().map(|probe| self.outcome(probe, true));
        if self.said == Some(false) || outcomes().any(|outcome| outcome == Outcome::Failed) {
            Met::No
        } else if self.said == Some(true) && outcomes().all(|outcome| outcome == Outcome::Held) {
            Met::Yes
        } else {
            Met::Unknown
        }
    }

    /// Whether a probe was looked at: a conclusion without one measured nothing.
    pub fn measured(&self) -> bool {
        !self.probes.is_empty()
    }

    /// What one probe says. Old versions wrote no `tolerance_met`; then the conclusion speaks for
    /// it. `checked` is false if the tool compared nothing.
    pub fn outcome(&self, probe: &Played, checked: bool) -> Outcome {
        let answered = probe.status == StepStatus::Succeeded;
        match probe.tolerance_met {
            _ if !checked => Outcome::Unknown,
            Some(Value::Bool(false)) => Outcome::Failed,
            Some(Value::Bool(true)) if answered => Outcome::Held,
            None if answered && self.said == Some(true) => Outcome::Held,
            _ => Outcome::Unknown,
        }
    }

    /// The probe that decided against the hypothesis: the first not held, else the last.
    pub fn failing(&self) -> Option<&Played<'a>> {
        let first = self.probes.iter().find(|probe| self.outcome(probe, true) != Outcome::Held);
        first.or(self.probes.last())
    }
}

impl<'a> Played<'a> {
    fn read(value: &'a Value, pointer: &str) -> Result<Self, ReadTrouble> {
        let result = object(value, pointer)?;
        let activity = result.get("activity").unwrap_or(&Value::Null);
        let (status, strange_status) = match result.get("status") {
            None | Some(Value::Null) => (StepStatus::Missing, None),
            Some(Value::String(word)) if word == "succeeded" => (StepStatus::Succeeded, None),
            Some(Value::String(word)) if word == "failed" => (StepStatus::Failed, None),
            Some(other) => (StepStatus::Missing, Some(other.as_str().unwrap_or(kind(other)))),
        };
        let at = |name: &str| result.get(name).and_then(Value::as_str).and_then(|text| micros(text).ok());
        let at_us = at("start");
        let seconds = result.get("duration").and_then(Value::as_f64);
        let between = at_us.zip(at("end")).map(|(start, end)| end.saturating_sub(start) / 1_000);
        Ok(Self {
            activity,
            name: name_of(activity),
            kind: match activity.get("type").and_then(Value::as_str) {
                Some("action") => StepKind::Action,
                Some("probe") => StepKind::Probe,
                _ => StepKind::Unknown,
            },
            status,
            strange_status,
            output: result.get("output").unwrap_or(&Value::Null),
            at_us,
            duration_ms: seconds.and_then(milliseconds).or(between).filter(|ms| *ms >= 0),
            tolerance_met: result.get("tolerance_met").filter(|met| !met.is_null()),
            exception: result.get("exception"),
        })
    }

    /// The last line of the traceback, which holds the message.
    pub fn error(&self) -> Option<String> {
        let last = match self.exception? {
            Value::Array(lines) => lines.iter().rev().filter_map(Value::as_str).find(|line| !line.trim().is_empty())?,
            Value::String(line) => line,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return None,
        };
        let message = last.trim().strip_prefix("chaoslib.exceptions.ActivityFailed:").unwrap_or(last);
        Some(shorten::line(message, MESSAGE_CHARS_MAX)).filter(|message| !message.is_empty())
    }
}

fn states(steady: &Map<String, Value>) -> Result<Vec<State<'_>>, ReadTrouble> {
    let Some(during) = given(steady, "during") else {
        return Ok(Vec::new());
    };
    let looks = list(during, "/steady_states/during")?.iter().enumerate();
    looks
        .filter(|(_, state)| !state.is_null())
        .map(|(index, state)| State::read(state, &format!("/steady_states/during/{index}")))
        .collect()
}

fn played<'a>(value: &'a Value, pointer: &str) -> Result<Vec<Played<'a>>, ReadTrouble> {
    list(value, pointer)?
        .iter()
        .enumerate()
        .map(|(index, result)| Played::read(result, &format!("{pointer}/{index}")))
        .collect()
}

fn name_of(activity: &Value) -> &str {
    activity.get("name").and_then(Value::as_str).filter(|name| !name.trim().is_empty()).unwrap_or(NO_NAME)
}

fn given<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    map.get(name).filter(|value| !value.is_null())
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn wrong(value: &Value, pointer: &str, expected: &'static str) -> ReadTrouble {
    ReadTrouble::WrongType { pointer: pointer.to_owned(), expected, found: kind(value) }
}

fn object<'a>(value: &'a Value, pointer: &str) -> Result<&'a Map<String, Value>, ReadTrouble> {
    value.as_object().ok_or_else(|| wrong(value, pointer, "an object"))
}

fn list<'a>(value: &'a Value, pointer: &str) -> Result<&'a [Value], ReadTrouble> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| wrong(value, pointer, "a list"))
}

fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str, ReadTrouble> {
    value.as_str().ok_or_else(|| wrong(value, pointer, "text"))
}

fn truth(value: &Value, pointer: &str) -> Result<bool, ReadTrouble> {
    value.as_bool().ok_or_else(|| wrong(value, pointer, "true or false"))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
