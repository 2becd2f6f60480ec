//! `retrial observe` and `retrial metric`: what is seen while a run goes on.

use clap::Args;
use notebook::nearest::did_you_mean;
use serde_json::{Value, json};

use super::{Ask, connection::Connection, fields, names::Place};
use crate::cli::{Stopped, out};

/// What one observation may hold on standard input; the server has the limit that counts.
const TEXT_BYTES_MAX: usize = 256 * 1024;

#[derive(Debug, Args)]
pub struct Observe {
    /// A run, or an experiment before its first run
    thing: String,
    /// What was seen, or - for standard input; in a run with slash commands, as on its page
    text: String,
    /// expected, unexpected or question
    #[arg(long, value_parser = ["expected", "unexpected", "question"])]
    kind: Option<String>,
    /// When it was so: 14:03, -3m, a date and time; else now
    #[arg(long, allow_hyphen_values = true)]
    at: Option<String>,
    /// Keep it among the first things people read
    #[arg(long)]
    pin: bool,
    #[command(flatten)]
    ask: Ask,
}

impl Observe {
    pub async fn run(self) -> Result<(), Stopped> {
        let place = Place::named(&self.thing)?;
        let text = match self.text.as_str() {
            "-" => String::from_utf8_lossy(&fields::bytes("-", TEXT_BYTES_MAX)?).into_owned(),
            text => text.to_owned(),
        };
        let mut body = json!({ "text": text });
        for (name, value) in [("kind", self.kind), ("at", self.at), ("pinned", self.pin.then(|| "on".to_owned()))] {
            if let Some(value) = value {
                body[name] = json!(value);
            }
        }
        let connection = self.ask.connect()?;
        let answer = connection.post(&format!("{}/observe", place.path), &body).await?;
        if self.ask.json {
            return out::json(&answer);
        }
        let number = answer.get("number").and_then(Value::as_i64);
        let (name, page) = match number {
            Some(number) => (format!("{}#o{number}", place.name), format!("{}#o{number}", place.path)),
            None => (place.name, place.path),
        };
        let opens = answer.get("opens").and_then(Value::as_str).map(|page| page.trim_start_matches('/'));
        self.ask.done(&connection, &Value::Null, (&name, opens.unwrap_or(&page)), &told(&answer))
    }
}

/// What the server understood of the commands in the text.
fn told(answer: &Value) -> String {
    let said = answer.get("said").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let said = said.filter(|sentence| *sentence != "Observation added.").collect::<Vec<_>>().join(" ");
    if said.is_empty() { "written down".to_owned() } else { format!("· {said}") }
}

#[derive(Debug, Args)]
pub struct Metric {
    /// RUN-317
    run: String,
    /// A check's measure and its value: p99=412ms, gap="300..600 s", clients=held, lag="no data"
    #[arg(required = true, value_name = "MEASURE=VALUE")]
    values: Vec<String>,
    /// Which check, where the plan has several of this measure: before, during or after
    #[arg(long)]
    phase: Option<String>,
    /// Which check, where the plan has several of this measure: max, min, p99, every …
    #[arg(long)]
    aggregate: Option<String>,
    /// Who or what saw it
    #[arg(long)]
    source: Option<String>,
    /// What telemetry claimed: ok or failing
    #[arg(long, value_parser = ["ok", "failing"], requires = "claimed_source")]
    claimed: Option<String>,
    /// Where telemetry claimed it; another source than the one that saw it
    #[arg(long, requires = "claimed")]
    claimed_source: Option<String>,
    /// When it was so: 14:03, -3m, a date and time; else now
    #[arg(long, allow_hyphen_values = true)]
    at: Option<String>,
    /// Why a value is changed after the verdict was signed
    #[arg(long)]
    amends: Option<String>,
    #[command(flatten)]
    ask: Ask,
}

impl Metric {
    pub async fn run(self) -> Result<(), Stopped> {
        let place = Place::of("run", &self.run)?;
        let values = self.values.iter().map(|word| fields::pair(word)).collect::<Result<Vec<_>, _>>()?;
        let connection = self.ask.connect()?;
        let checks = Checks::of_run(&connection, &place).await?;
        // All of them first: half a list is not written down because of a slip in the other half.
        let slots = values
            .iter()
            .map(|(measure, _)| checks.slot(measure, self.phase.as_deref(), self.aggregate.as_deref()))
            .collect::<Result<Vec<_>, _>>()?;
        let mut answer = Value::Null;
        for (number, (slot, (measure, value))) in slots.iter().zip(&values).enumerate() {
            let written = connection.post(&format!("{}/answer-check", place.path), &self.body(slot, value)).await;
            answer = written.map_err(|no| match number {
                0 => no,
                _ => Stopped::with(
                    no.number(),
                    format!("{measure}: {no}\n{number} of {} values are written down", slots.len()),
                ),
            })?;
        }
        let said = if slots.len() == 1 { "value written down" } else { "values written down" };
        self.ask.done(&connection, &answer, (&place.name, &place.path), said)
    }

    fn body(&self, slot: &str, value: &str) -> Value {
        let mut body = json!({ "check": slot, "seen": value });
        let texts = [
            ("source", &self.source),
            ("claimed", &self.claimed),
            ("claimed_source", &self.claimed_source),
            ("at", &self.at),
            ("amends", &self.amends),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                body[name] = json!(text);
            }
        }
        body
    }
}

/// The checks and signals of a run's plan.
pub struct Checks {
    /// Measure, phase, aggregate.
    checks: Vec<[String; 3]>,
    signals: Vec<String>,
}

impl Checks {
    pub async fn of_run(connection: &Connection, run: &Place) -> Result<Self, Stopped> {
        Ok(Self::of(&connection.get(&run.path, &[]).await?.value))
    }

    fn of(run: &Value) -> Self {
        let list = |name: &str| run.pointer(&format!("/facts/identity/{name}")).and_then(Value::as_array).cloned();
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let checks = list("checks").unwrap_or_default();
        let signals = list("signals").unwrap_or_default();
        Self {
            checks: checks
                .iter()
                .map(|check| ["measure", "phase", "aggregate"].map(|name| text(check, name)))
                .collect(),
            signals: signals.iter().map(|signal| text(signal, "signal")).collect(),
        }
    }

    /// The one check that is meant, as the server names it.
    pub fn slot(&self, measure: &str, phase: Option<&str>, aggregate: Option<&str>) -> Result<String, Stopped> {
        let fits = |check: &&[String; 3]| {
            let [own, own_phase, own_aggregate] = *check;
            (own == measure || check.join("|") == measure)
                && phase.is_none_or(|phase| phase == own_phase)
                && aggregate.is_none_or(|aggregate| aggregate == own_aggregate)
        };
        let fitting: Vec<String> = self.checks.iter().filter(fits).map(|check| check.join("|")).collect();
        match fitting.as_slice() {
            [one] => Ok(one.clone()),
            [] if self.signals.iter().any(|signal| signal == measure) => Err(Stopped::usage(format!(
                "\"{measure}\" is a signal; write it down with retrial act RUN answer-signal signal={measure} seen=fired after_s=41"
            ))),
            [] => {
                let near = did_you_mean(measure, self.checks.iter().map(|check| check[0].as_str()));
                let all: Vec<String> = self.checks.iter().map(|check| check.join("|")).collect();
                let near = if near.is_empty() { format!("; it has {}", all.join(", ")) } else { near };
                Err(Stopped::usage(format!("the plan has no such check as \"{measure}\"{near}")))
            }
            several => Err(Stopped::usage(format!(
                "\"{measure}\" is measured more than once; say which with --phase or --aggregate: {}",
                several.join(", ")
            ))),
        }
    }

    /// The check or signal that reveals a finding, as the server names it.
    pub fn revealing(&self, name: &str) -> Result<String, Stopped> {
        if self.signals.iter().any(|signal| signal == name) {
            return Ok(format!("signal:{name}"));
        }
        self.slot(name, None, None).map(|slot| format!("check:{slot}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks() -> Checks {
        let check = |measure: &str, phase: &str| json!({"measure": measure, "phase": phase, "aggregate": "max"});
        Checks::of(&json!({"facts": {"identity": {
            "checks": [check("gap", "before"), check("gap", "during"), check("lag", "after")],
            "signals": [{"signal": "zookeeper-down", "expect": "fire"}],
        }}}))
    }

    #[test]
    fn what_was_understood_of_commands_is_told() {
        let plain = json!({"number": 1, "said": ["Observation added."], "opens": null});
        assert_eq!(told(&plain), "written down");
        assert_eq!(told(&json!({"number": 1, "text": "of an experiment"})), "written down");
        let values = json!({"number": null, "said": ["gap, during: 38 s recorded."], "opens": null});
        assert_eq!(told(&values), "· gap, during: 38 s recorded.");
    }

    #[test]
    fn a_measure_stands_for_its_check_where_there_is_only_one() {
        let checks = checks();
        assert_eq!(checks.slot("lag", None, None).unwrap(), "lag|after|max");
        assert_eq!(checks.slot("gap", Some("during"), None).unwrap(), "gap|during|max");
        assert_eq!(checks.slot("gap|before|max", None, None).unwrap(), "gap|before|max");
        for (measure, says) in [
            ("gap", "--phase"),
            ("lagg", "did you mean lag?"),
            ("zookeeper-down", "answer-signal"),
            ("throughput", "it has gap|before|max"),
        ] {
            let no = checks.slot(measure, None, None).unwrap_err();
            assert!(no.to_string().contains(says) && no.number() == 2, "{no}");
        }
    }

    #[test]
    fn a_finding_is_revealed_by_a_check_or_a_signal() {
        assert_eq!(checks().revealing("lag").unwrap(), "check:lag|after|max");
        assert_eq!(checks().revealing("zookeeper-down").unwrap(), "signal:zookeeper-down");
    }
}
