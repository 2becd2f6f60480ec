//! What a Prometheus answers, and how many events its counters saw in each step: whole numbers, sample
//! by sample, nothing extrapolated. What it did not see is unknown.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{budget::Counts, source::Part};
use crate::{
    foreign::shorten::line,
    interval::Interval,
    limits::{PULL_FAILURE_CHARS_MAX, PULL_STEPS_BACK},
    time::Moment,
};

/// The largest whole number that a float tells from its neighbours.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// One counter with its samples in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Counter {
    /// The job and the instance that were scraped.
    target: (String, String),
    samples: Vec<(Moment, f64)>,
}

/// The part's counters and those of all events.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answered {
    pub part: Vec<Counter>,
    pub total: Vec<Counter>,
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
    pub counts: Result<Counts, String>,
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
    metric: BTreeMap<String, String>,
    #[serde(default)]
    values: Vec<(f64, String)>,
    #[serde(default)]
    histograms: Vec<serde_json::Value>,
}

/// The trouble that an answer tells of in Prometheus' own form, if it is in that form.
pub fn trouble(body: &[u8]) -> Option<String> {
    let envelope: Envelope = serde_json::from_slice(body).ok()?;
    (envelope.status == "error").then(|| line(&envelope.error, PULL_FAILURE_CHARS_MAX))
}

/// The counters of an answer to a range of samples, or a clause that says what is wrong with it.
pub fn read(body: &[u8]) -> Result<Vec<Counter>, String> {
    let envelope: Envelope =
        serde_json::from_slice(body).map_err(|_| "does not answer as a Prometheus does".to_owned())?;
    if envelope.status != "success" {
        return Err(format!("refuses: {}", line(&envelope.error, PULL_FAILURE_CHARS_MAX)));
    }
    if let Some(warning) = envelope.warnings.first() {
        return Err(format!("has only part of an answer: {}", line(warning, PULL_FAILURE_CHARS_MAX)));
    }
    let data = envelope.data.ok_or("answers without any data")?;
    if data.result_type != "matrix" {
        return Err(format!("answers with a {} instead of samples", line(&data.result_type, 40)));
    }
    let lines: Vec<Line> =
        serde_json::from_value(data.result).map_err(|_| "does not answer as a Prometheus does".to_owned())?;
    lines.into_iter().map(Line::counter).collect()
}

impl Line {
    fn counter(self) -> Result<Counter, String> {
        if !self.histograms.is_empty() {
            return Err("answers with native histograms; name a plain counter".into());
        }
        let label = |name: &str| self.metric.get(name).cloned().unwrap_or_default();
        let target = (label("job"), label("instance"));
        let mut samples = Vec::with_capacity(self.values.len());
        for (seconds, value) in self.values {
            let at = moment(seconds).ok_or("answers with a time that is none")?;
            let value = value.parse().map_err(|_| format!("answers with {}, which is no number", line(&value, 40)))?;
            samples.push((at, value));
        }
        samples.sort_by_key(|(at, _)| *at);
        Ok(Counter { target, samples })
    }
}

/// Prometheus keeps milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "the range is asked for first")]
fn moment(seconds: f64) -> Option<Moment> {
    let ms = (seconds * 1_000.0).round();
    (ms.abs() < 1e15).then(|| Moment::from_micros(ms as i64 * 1_000))
}

impl Answered {
    /// What the counters saw in each step of a piece.
    pub fn steps(&self, counts: Part, piece: Interval, step_ms: i64) -> Vec<Step> {
        let number = piece.ms() / step_ms;
        let interval = |step: i64| Interval::lasting(piece.start().plus_micros(step * step_ms * 1_000), step_ms);
        (0..number).map(interval).map(|interval| Step { interval, counts: self.seen(counts, interval) }).collect()
    }

    /// A counter that appears with its first event cannot be told from a misspelt one.
    pub fn remark(&self, counts: Part) -> Option<String> {
        let says = format!("no counter of {} was seen; if there were any, the selector is misspelt", counts.label());
        self.part.is_empty().then_some(says)
    }

    fn seen(&self, counts: Part, step: Interval) -> Result<Counts, String> {
        let before = Interval::lasting(step.start().plus_micros(-step.ms() * 1_000), step.ms());
        // A counter that comes back after nobody was scraped holds what happened meanwhile, too.
        for stretch in [step, before] {
            if !self.total.iter().any(|counter| counter.last_in(stretch).is_some()) {
                return Err(format!(
                    "no counter of all events has a sample from {} to {}",
                    stretch.start().rfc3339(),
                    stretch.end().rfc3339()
                ));
            }
        }
        let part = self.grown(&self.part, step, before)?;
        let total = self.grown(&self.total, step, before)?;
        let rest = total.checked_sub(part).ok_or_else(|| {
            format!(
                "{part} {} were counted among {total} from {}: the selectors do not belong together",
                counts.label(),
                step.start().rfc3339()
            )
        })?;
        Ok(match counts {
            Part::Good => Counts { good: part, bad: rest },
            Part::Bad => Counts { good: rest, bad: part },
        })
    }

    /// How much these counters grew together.
    fn grown(&self, counters: &[Counter], step: Interval, before: Interval) -> Result<u64, String> {
        let mut grown: u64 = 0;
        for counter in counters {
            let was_scraped =
                || self.total.iter().any(|other| other.target == counter.target && other.last_in(before).is_some());
            grown = grown.checked_add(counter.grown(step, was_scraped)?).ok_or("too many events for one step")?;
        }
        Ok(grown)
    }
}

impl Counter {
    /// Samples after the beginning of a stretch, up to its end.
    fn within(&self, stretch: Interval) -> &[(Moment, f64)] {
        let from = self.samples.partition_point(|(at, _)| *at <= stretch.start());
        let to = self.samples.partition_point(|(at, _)| *at <= stretch.end());
        &self.samples[from..to]
    }

    fn last_in(&self, stretch: Interval) -> Option<(Moment, f64)> {
        self.within(stretch).last().copied()
    }

    /// How much it grew from the sample before the step to the last one in it. After a restart it begins
    /// at nothing. A counter that is new where its target was scraped before began at nothing, too;
    /// where it was not, nobody knows what it held, and it counts from its first sample on.
    fn grown(&self, step: Interval, was_scraped: impl Fn() -> bool) -> Result<u64, String> {
        let back_ms = PULL_STEPS_BACK * step.ms();
        let earlier = Interval::lasting(step.start().plus_micros(-back_ms * 1_000), back_ms);
        let mut before = match self.last_in(earlier) {
            Some(sample) => Some(whole(sample)?),
            None => was_scraped().then_some(0),
        };
        let mut grown: u64 = 0;
        for sample in self.within(step) {
            let value = whole(*sample)?;
            grown += match before {
                Some(before) if value >= before => value - before,
                Some(_) => value,
                None => 0,
            };
            before = Some(value);
        }
        Ok(grown)
    }
}

/// A counter's value as a number of events.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "only what fits is cast")]
fn whole((at, value): (Moment, f64)) -> Result<u64, String> {
    if (0.0..=WHOLE_MAX).contains(&value) && value.fract() == 0.0 {
        return Ok(value as u64);
    }
    Err(format!("a counter says {value} at {}, which is no number of events", at.rfc3339()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const START: i64 = 1_793_613_600;

    fn at(seconds: i64) -> Moment {
        Moment::from_micros((START + seconds) * 1_000_000)
    }

    /// A counter of one instance by second and value.
    fn counter(instance: &str, samples: &[(i64, f64)]) -> Counter {
        let samples = samples.iter().map(|(second, value)| (at(*second), *value)).collect();
        Counter { target: ("shop".into(), instance.into()), samples }
    }

    /// Bad and total of the minutes of a piece; None where unknown.
    fn minutes(part: Vec<Counter>, total: Vec<Counter>, number: i64) -> Vec<Option<(u64, u64)>> {
        let piece = Interval::lasting(at(0), number * 60_000);
        let steps = Answered { part, total }.steps(Part::Bad, piece, 60_000);
        steps.into_iter().map(|step| step.counts.ok().map(|counts| (counts.bad, counts.good + counts.bad))).collect()
    }

    #[test]
    fn counters_are_counted_exactly_and_steps_add_up() {
        let total = counter("a", &[(-30, 100.0), (30, 250.0), (60, 251.0), (90, 300.0)]);
        let bad = counter("a", &[(-30, 5.0), (30, 6.0), (60, 6.0), (90, 9.0)]);
        assert_eq!(minutes(vec![bad], vec![total], 2), [Some((1, 151)), Some((3, 49))]);
    }

    #[test]
    fn a_restart_begins_at_nothing() {
        let total = counter("a", &[(-30, 1_000.0), (30, 1_010.0), (45, 7.0), (60, 9.0), (100, 9.0)]);
        assert_eq!(minutes(vec![], vec![total], 2), [Some((0, 19)), Some((0, 0))]);
    }

    #[test]
    fn the_first_bad_event_ever_counts() {
        let total = counter("a", &[(-30, 100.0), (30, 200.0), (90, 300.0)]);
        let bad = counter("a", &[(90, 2.0)]);
        assert_eq!(minutes(vec![bad], vec![total], 2), [Some((0, 100)), Some((2, 100))]);
    }

    #[test]
    fn an_instance_nobody_scraped_before_counts_from_its_first_sample_on() {
        let first = counter("a", &[(-30, 100.0), (30, 200.0), (90, 300.0)]);
        let second = counter("b", &[(30, 5_000.0), (90, 5_001.0)]);
        assert_eq!(minutes(vec![], vec![first, second], 2), [Some((0, 100)), Some((0, 101))]);
    }

    #[test]
    fn an_instance_that_comes_back_brings_what_it_counted_meanwhile() {
        let first = counter("a", &[(-30, 0.0), (30, 1.0), (90, 2.0), (150, 3.0)]);
        let second = counter("b", &[(-30, 10.0), (150, 40.0)]);
        assert_eq!(minutes(vec![], vec![first, second], 3), [Some((0, 1)), Some((0, 1)), Some((0, 31))]);
    }

    #[test]
    fn time_nobody_scraped_is_unknown_and_so_is_the_step_that_ends_it() {
        let total = counter("a", &[(-30, 100.0), (30, 200.0), (210, 900.0), (270, 901.0)]);
        let seen = minutes(vec![], vec![total], 5);
        assert_eq!(seen, [Some((0, 100)), None, None, None, Some((0, 1))]);
        assert_eq!(minutes(vec![], vec![], 1), [None]);
        let bad_alone = counter("a", &[(-30, 1.0), (30, 2.0)]);
        assert_eq!(minutes(vec![bad_alone], vec![], 1), [None], "bad events without any are a misspelt selector");
    }

    #[test]
    fn what_is_no_number_of_events_is_unknown_and_never_good() {
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 200.5, 1e300] {
            let total = counter("a", &[(-30, 100.0), (30, odd), (90, 300.0), (150, 301.0)]);
            let healthy = counter("b", &[(-30, 0.0), (30, 1.0), (90, 2.0), (150, 3.0)]);
            assert_eq!(minutes(vec![], vec![total, healthy], 3), [None, None, Some((0, 2))], "{odd}");
        }
    }

    #[test]
    fn more_bad_events_than_all_is_unknown() {
        let total = counter("a", &[(-30, 100.0), (30, 101.0)]);
        let bad = counter("a", &[(-30, 0.0), (30, 5.0)]);
        let answered = Answered { part: vec![bad], total: vec![total] };
        let step = answered.steps(Part::Bad, Interval::lasting(at(0), 60_000), 60_000).remove(0);
        assert!(step.counts.unwrap_err().starts_with("5 bad events were counted among 1 from "));
    }

    #[test]
    fn good_ones_leave_the_bad_ones() {
        let total = counter("a", &[(-30, 100.0), (30, 110.0)]);
        let good = counter("a", &[(-30, 90.0), (30, 97.0)]);
        let answered = Answered { part: vec![good], total: vec![total] };
        let step = answered.steps(Part::Good, Interval::lasting(at(0), 60_000), 60_000).remove(0);
        assert_eq!(step.counts, Ok(Counts { good: 7, bad: 3 }));
        assert_eq!(answered.remark(Part::Good), None);
        assert!(Answered::default().remark(Part::Bad).unwrap().contains("no counter of bad events was seen"));
    }

    #[test]
    fn answers_are_read_or_say_what_is_wrong() {
        let matrix = |result: serde_json::Value| {
            json!({"status": "success", "data": {"resultType": "matrix", "result": result}}).to_string()
        };
        let metric = json!({"__name__": "a_total", "job": "shop", "instance": "a"});
        let good = matrix(json!([{"metric": metric, "values": [[START, "100"], [1_793_613_615.25, "NaN"]]}]));
        let read_back = read(good.as_bytes()).unwrap();
        assert_eq!(read_back[0].target, ("shop".into(), "a".into()));
        assert_eq!(read_back[0].samples[0], (at(0), 100.0));
        assert!(read_back[0].samples[1].1.is_nan());
        assert_eq!(read(matrix(json!([])).as_bytes()).unwrap(), []);
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
            let said = read(body.as_bytes()).unwrap_err();
            assert!(said.contains(says), "{body}: {said}");
        }
        assert_eq!(trouble(b"{\"status\":\"error\",\"error\":\"too many\"}"), Some("too many".into()));
        assert_eq!((trouble(b"no"), trouble(good.as_bytes())), (None, None));
    }
}
