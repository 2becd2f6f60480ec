//! What a Prometheus answers, and how many events its counters saw in each step: whole numbers, sample
//! by sample, nothing extrapolated. What it did not see is unknown.

pub mod instant;
mod seen;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use super::budget::Counts;
use crate::{
    foreign::{redact::without_credentials, shorten::line},
    interval::Interval,
    limits::{PULL_FAILURE_CHARS_MAX, PULL_SERIES_MAX},
    time::Moment,
};

type Labels = BTreeMap<String, String>;

/// The job and the instance that were scraped; both empty where a rule made the counter.
type Target = (String, String);

/// One counter with its samples in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Counter {
    labels: Labels,
    target: Target,
    samples: Vec<(Moment, f64)>,
}

/// The part's counters and those of all events.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answered {
    part: Vec<Counter>,
    total: Vec<Counter>,
    /// Whom somebody scraped before the time that was asked for, where that was looked up.
    earlier: HashSet<Target>,
    /// That answer was too large to be taken.
    lacks_earlier: bool,
}

/// What is kept of an answer: its steps, and what it lacked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pulled {
    pub steps: Vec<Step>,
    pub remark: Option<String>,
}

/// One step, and what was counted in it, or why nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub interval: Interval,
    pub counts: Result<Counts, Unknown>,
}

/// Why nobody knows what was counted in a step, as a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// Nobody scraped, or what was scraped is no number of events.
    Lacks(String),
    /// Its samples have not all come; asked again, it may be known.
    Waits(String),
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    status: String,
    data: Option<Data>,
    #[serde(default)]
    error: String,
    #[serde(default)]
    warnings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    result_type: String,
    result: serde_json::Value,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    metric: Labels,
    #[serde(default)]
    values: Vec<(f64, String)>,
    value: Option<(f64, String)>,
    #[serde(default)]
    histograms: Vec<serde_json::Value>,
    histogram: Option<serde::de::IgnoredAny>,
}

/// The trouble that an answer tells of in Prometheus' own form, if it is in that form.
pub fn trouble(body: &[u8]) -> Option<String> {
    let envelope: Envelope = serde_json::from_slice(body).ok()?;
    (envelope.status == "error").then(|| told(&envelope.error))
}

/// As it says it, without the password of another server that it could not ask.
fn told(text: &str) -> String {
    let clean = without_credentials(text);
    line(clean.as_deref().unwrap_or(text), PULL_FAILURE_CHARS_MAX)
}

impl Answered {
    /// Reads the answers to a range of samples, or says in a clause what is wrong with one.
    pub fn read(part: &[u8], total: &[u8]) -> Result<Self, String> {
        Ok(Self { part: counters(part)?, total: counters(total)?, ..Self::default() })
    }

    /// Whether a counter has no sample up to the beginning of a piece, so that somebody has to look
    /// further back for one.
    pub fn has_newcomers(&self, piece: Interval) -> bool {
        let is_new = |counter: &Counter| counter.samples.first().is_some_and(|(at, _)| piece.start() < *at);
        self.part.iter().chain(&self.total).any(is_new)
    }

    /// The same with what the counters held at the beginning of the time that was asked for, as far as
    /// the answers to that know it.
    pub fn after(mut self, from: Moment, part: &[u8], total: &[u8]) -> Result<Self, String> {
        let (Some(part), Some(total)) = (last_values(part)?, last_values(total)?) else {
            return Ok(self.without_earlier());
        };
        self.earlier.extend(part.keys().chain(total.keys()).map(target));
        for (counters, values) in [(&mut self.part, part), (&mut self.total, total)] {
            for counter in counters {
                let is_known = counter.samples.first().is_none_or(|(at, _)| *at <= from);
                let value = values.get(&counter.labels).filter(|_| !is_known);
                if let Some(value) = value {
                    counter.samples.insert(0, (from, *value));
                }
            }
        }
        Ok(self)
    }

    /// The same where nobody can say what the counters held before: what needs that is unknown.
    #[must_use]
    pub fn without_earlier(mut self) -> Self {
        self.lacks_earlier = true;
        self
    }
}

/// The counters of an answer to a range of samples.
fn counters(body: &[u8]) -> Result<Vec<Counter>, String> {
    let result = result(body, "matrix")?;
    if is_too_many(&result) {
        return Err(format!("answers with more than {PULL_SERIES_MAX} counters for one selector; choose fewer"));
    }
    lines(result)?.into_iter().map(Line::counter).collect()
}

/// What each counter held last; None if there are too many of them.
fn last_values(body: &[u8]) -> Result<Option<HashMap<Labels, f64>>, String> {
    let read = |line: Line| -> Result<(Labels, f64), String> {
        let (_, value) = line.value.ok_or_else(no_answer)?;
        Ok((line.metric, number(&value)?))
    };
    let result = result(body, "vector")?;
    if is_too_many(&result) {
        return Ok(None);
    }
    lines(result)?.into_iter().map(read).collect::<Result<_, _>>().map(Some)
}

fn no_answer() -> String {
    "does not answer as a Prometheus does".to_owned()
}

/// What a whole and untroubled answer holds.
fn data(body: &[u8]) -> Result<Data, String> {
    let envelope: Envelope = serde_json::from_slice(body).map_err(|_| no_answer())?;
    if envelope.status != "success" {
        return Err(format!("refuses: {}", told(&envelope.error)));
    }
    if let Some(warning) = envelope.warnings.first() {
        return Err(format!("has only part of an answer: {}", told(warning)));
    }
    envelope.data.ok_or_else(|| "answers without any data".to_owned())
}

fn read_data<T: serde::de::DeserializeOwned>(data: Data) -> Result<T, String> {
    serde_json::from_value(data.result).map_err(|_| no_answer())
}

fn result(body: &[u8], wanted: &str) -> Result<serde_json::Value, String> {
    let data = data(body)?;
    if data.result_type != wanted {
        return Err(format!("answers with a {} instead of samples", line(&data.result_type, 40)));
    }
    Ok(data.result)
}

fn is_too_many(result: &serde_json::Value) -> bool {
    result.as_array().is_some_and(|lines| lines.len() > PULL_SERIES_MAX)
}

fn lines(result: serde_json::Value) -> Result<Vec<Line>, String> {
    serde_json::from_value(result).map_err(|_| no_answer())
}

fn number(value: &str) -> Result<f64, String> {
    value.parse().map_err(|_| format!("answers with {}, which is no number", line(value, 40)))
}

fn target(labels: &Labels) -> Target {
    let label = |name: &str| labels.get(name).cloned().unwrap_or_default();
    (label("job"), label("instance"))
}

impl Line {
    fn counter(self) -> Result<Counter, String> {
        if !self.histograms.is_empty() {
            return Err("answers with native histograms; name a plain counter".into());
        }
        let mut samples = Vec::with_capacity(self.values.len());
        for (seconds, value) in self.values {
            let at = moment(seconds).ok_or("answers with a time that is none")?;
            samples.push((at, number(&value)?));
        }
        samples.sort_by_key(|(at, _)| *at);
        Ok(Counter { target: target(&self.metric), labels: self.metric, samples })
    }
}

/// Prometheus keeps milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "the range is asked for first")]
fn moment(seconds: f64) -> Option<Moment> {
    let ms = (seconds * 1_000.0).round();
    (ms.abs() < 1e15).then(|| Moment::from_micros(ms as i64 * 1_000))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const START: i64 = 1_793_613_600;

    fn at(seconds: i64) -> Moment {
        Moment::from_micros((START + seconds) * 1_000_000)
    }

    fn matrix(result: &serde_json::Value) -> String {
        json!({"status": "success", "data": {"resultType": "matrix", "result": result}}).to_string()
    }

    #[test]
    fn a_counter_without_an_earlier_sample_is_looked_up_further_back() {
        let metric = |instance: &str| json!({"__name__": "a_total", "job": "shop", "instance": instance});
        let samples =
            |instance: &str, second: i64| json!({"metric": metric(instance), "values": [[START + second, "7"]]});
        let total = matrix(&json!([samples("a", 30), samples("b", -30), samples("c", 30)]));
        let answered = Answered::read(matrix(&json!([])).as_bytes(), total.as_bytes()).unwrap();
        assert!(answered.has_newcomers(Interval::lasting(at(0), 60_000)));
        assert!(!answered.has_newcomers(Interval::lasting(at(30), 60_000)));
        let vector = |result: &serde_json::Value| {
            json!({"status": "success", "data": {"resultType": "vector", "result": result}}).to_string()
        };
        let held = |instance: &str| json!({"metric": metric(instance), "value": [START - 60, "3"]});
        let (part, total) = (vector(&json!([])), vector(&json!([held("a"), held("b"), held("gone")])));
        let answered = answered.after(at(-60), part.as_bytes(), total.as_bytes()).unwrap();
        let firsts: Vec<(Moment, f64)> = answered.total.iter().map(|counter| counter.samples[0]).collect();
        assert_eq!(firsts, [(at(-60), 3.0), (at(-60), 3.0), (at(30), 7.0)]);
        assert!(answered.earlier.contains(&("shop".into(), "gone".into())));
        let wrong = answered.after(at(-60), part.as_bytes(), matrix(&json!([])).as_bytes()).unwrap_err();
        assert!(wrong.contains("with a matrix"), "{wrong}");
    }

    #[test]
    fn an_answer_with_too_many_counters_is_not_taken() {
        let line = json!({"metric": {}, "values": [[1, "1"]]});
        let most = matrix(&json!(vec![line.clone(); PULL_SERIES_MAX]));
        assert_eq!(counters(most.as_bytes()).unwrap().len(), PULL_SERIES_MAX);
        let more = matrix(&json!(vec![line; PULL_SERIES_MAX + 1]));
        let says = counters(more.as_bytes()).unwrap_err();
        assert!(says.starts_with("answers with more than 5000 counters"), "{says}");
    }

    #[test]
    fn too_many_counters_of_before_leave_the_others_as_they_are() {
        let metric = json!({"__name__": "a_total", "job": "shop", "instance": "a"});
        let total = matrix(&json!([{"metric": metric, "values": [[START + 30, "7"]]}]));
        let answered = Answered::read(matrix(&json!([])).as_bytes(), total.as_bytes()).unwrap();
        let vector = |number: usize| {
            let held = vec![json!({"metric": metric, "value": [START - 60, "3"]}); number];
            json!({"status": "success", "data": {"resultType": "vector", "result": held}}).to_string()
        };
        let (none, more) = (vector(0), vector(PULL_SERIES_MAX + 1));
        for (part, total) in [(&none, &more), (&more, &none)] {
            let after = answered.clone().after(at(-60), part.as_bytes(), total.as_bytes()).unwrap();
            assert_eq!(after, answered.clone().without_earlier());
        }
    }

    #[test]
    fn answers_are_read_or_say_what_is_wrong() {
        let matrix = |result: serde_json::Value| matrix(&result);
        let metric = json!({"__name__": "a_total", "job": "shop", "instance": "a"});
        let good = matrix(json!([{"metric": metric, "values": [[START, "100"], [1_793_613_615.25, "NaN"]]}]));
        let read_back = counters(good.as_bytes()).unwrap();
        assert_eq!(read_back[0].target, ("shop".into(), "a".into()));
        assert_eq!(read_back[0].samples[0], (at(0), 100.0));
        assert!(read_back[0].samples[1].1.is_nan());
        assert_eq!(counters(matrix(json!([])).as_bytes()).unwrap(), []);
        for (body, says) in [
            ("<html>Sign in</html>".to_owned(), "does not answer as a Prometheus does"),
            (String::new(), "does not answer as a Prometheus does"),
            ("[]".into(), "does not answer as a Prometheus does"),
            ("{}".into(), "refuses"),
            (json!({"status": "error", "errorType": "bad_data", "error": "parse error"}).to_string(), "refuses: parse error"),
            (json!({"status": "success"}).to_string(), "without any data"),
            (json!({"status": "success", "warnings": ["a store is away"], "data": {"resultType": "matrix", "result": []}}).to_string(), "only part of an answer: a store is away"),
            (json!({"status": "success", "data": {"resultType": "vector", "result": []}}).to_string(), "with a vector"),
            (matrix(json!([{"metric": metric, "values": [[1e300, "1"]]}])), "a time that is none"),
            (matrix(json!([{"metric": metric, "values": [[1, "many"]]}])), "many, which is no number"),
            (matrix(json!([{"metric": metric, "histograms": [[1, {}]]}])), "native histograms"),
        ] {
            let said = counters(body.as_bytes()).unwrap_err();
            assert!(said.contains(says), "{body}: {said}");
        }
        assert_eq!(trouble(b"{\"status\":\"error\",\"error\":\"too many\"}"), Some("too many".into()));
        assert_eq!((trouble(b"no"), trouble(good.as_bytes())), (None, None));
    }
}
