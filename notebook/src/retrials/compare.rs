//! Runs side by side: what is said of each, thing by thing, so that only what differs need be read.

pub mod charts;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    experiments::{
        plan::{Check, Outcome, vocabulary},
        words::{self, Line, check_label},
    },
    gate::quorum::Part,
    id::RunId,
    runs::{
        facts::{RunFacts, RunTarget, Verdict},
        telemetry::{detection_delay_ms, telemetry},
        trail::Crew,
        validity::{Validity, validity},
        verdict::verdict,
    },
    services::Change,
    time::{Moment, extent_words, span_words},
};

vocabulary! {
    /// What a line of a comparison is about, in the order in which people read it.
    Aspect {
        Results = "results", "Results";
        Identity = "identity", "Identity";
        Targets = "targets", "Targets";
        Checks = "checks", "Checks and signals";
        Timings = "timings", "Timings";
        People = "people", "People";
    }
}

/// One thing that is said of each run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ComparedLine"))]
pub struct Said {
    pub aspect: Aspect,
    /// Names the same thing in every comparison: `fault.duration`, `alert-gap|during|max`.
    pub key: String,
    pub label: String,
    /// One for each run, in their order; null where a run says nothing about it.
    pub values: Vec<Option<String>>,
}

impl Said {
    pub fn differs(&self) -> bool {
        self.values.iter().any(|value| Some(value) != self.values.first())
    }
}

/// What was recorded on the services of two neighbouring runs between their starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ChangesBetween"))]
pub struct Between {
    pub from: RunId,
    pub to: RunId,
    /// The newest of them, oldest first.
    pub changes: Vec<Change>,
    /// How many there are.
    pub changes_all: usize,
}

/// Everything that is said of these runs, each thing once.
pub fn side_by_side(runs: &[(&RunFacts, &Crew)]) -> Vec<Said> {
    let mut lines: Vec<Said> = Vec::new();
    let mut places: BTreeMap<(Aspect, String), usize> = BTreeMap::new();
    for (column, (facts, crew)) in runs.iter().enumerate() {
        for (aspect, Line { key, label, value }) in said_of(facts, crew) {
            let place = *places.entry((aspect, key.clone())).or_insert_with(|| {
                lines.push(Said { aspect, key, label, values: vec![None; runs.len()] });
                lines.len() - 1
            });
            lines[place].values[column] = Some(value);
        }
    }
    lines.sort_by_key(|line| line.aspect);
    lines
}

fn said_of(facts: &RunFacts, crew: &Crew) -> Vec<(Aspect, Line)> {
    let of = |aspect: Aspect, lines: Vec<Line>| lines.into_iter().map(move |line| (aspect, line));
    of(Aspect::Results, results(facts))
        .chain(of(Aspect::Identity, vec![plan(facts)]))
        .chain(of(Aspect::Identity, words::identity(&facts.identity)))
        .chain(of(Aspect::Targets, targets(facts)))
        .chain(of(Aspect::Checks, checks(facts)))
        .chain(of(Aspect::Timings, timings(facts)))
        .chain(of(Aspect::People, people(crew)))
        .collect()
}

fn line(key: impl Into<String>, label: impl Into<String>, value: impl Into<String>) -> Line {
    Line { key: key.into(), label: label.into(), value: value.into() }
}

/// A list with something in it.
fn list(key: &str, label: &str, separator: &str, values: Vec<String>) -> Option<Line> {
    (!values.is_empty()).then(|| line(key, label, values.join(separator)))
}

fn results(facts: &RunFacts) -> Vec<Line> {
    let mut lines = vec![line("execution", "Execution", facts.execution.label())];
    lines.extend(validity(facts).map(|answer| line("validity", "Validity", validity_words(answer.is))));
    lines.extend(verdict(facts).map(|verdict| line("verdict", "Verdict", verdict_words(facts, verdict))));
    if facts.execution.has_ended() {
        lines.push(line("telemetry", "Telemetry", telemetry(facts).is.label()));
    }
    lines.extend(facts.abort.map(|reason| line("abort", "Aborted for", reason.label())));
    let deviations = facts.deviations.iter().map(|deviation| deviation.text.clone()).collect();
    lines.extend(list("deviations", "Done differently", "\n", deviations));
    lines
}

fn plan(facts: &RunFacts) -> Line {
    line("revision", "Plan", format!("{}@{}", facts.experiment, facts.revision))
}

fn validity_words(validity: Validity) -> String {
    match validity {
        Validity::Valid | Validity::Open => validity.label().to_owned(),
        Validity::Invalid(reason) => format!("{}: {}", validity.label(), reason.label()),
    }
}

/// "Upheld, overruling refuted": both values stay visible.
fn verdict_words(facts: &RunFacts, verdict: Verdict) -> String {
    match facts.signed.filter(|signed| *signed != verdict) {
        Some(signed) => format!("{}, overruling {}", verdict.label(), signed.label().to_lowercase()),
        None => verdict.label().to_owned(),
    }
}

fn targets(facts: &RunFacts) -> Vec<Line> {
    let eligible = facts.targets.iter().map(|target| target.name.to_string()).collect();
    let chosen = facts.targets.iter().filter(|target| target.hit).map(target_words).collect();
    let effect = facts.hit().map(|target| target.name.to_string()).collect();
    let lines = [
        list("targets.chosen", "Hit", ", ", chosen),
        list("targets.effect", "Took effect on", ", ", effect),
        list("targets.eligible", "Eligible then", ", ", eligible),
    ];
    lines.into_iter().flatten().collect()
}

/// "zk-1 (leader)".
fn target_words(target: &RunTarget) -> String {
    match &target.role {
        Some(role) => format!("{} ({role})", target.name),
        None => target.name.to_string(),
    }
}

fn checks(facts: &RunFacts) -> Vec<Line> {
    let checks = facts.identity.checks.iter();
    let mut lines: Vec<Line> =
        checks.map(|check| line(check.key.slot(), check_label(check), answer_words(facts, check))).collect();
    for signal in &facts.identity.signals {
        let seen = facts.signals.get(signal.signal.as_str()).map(|answer| answer.seen.words());
        let words = seen.unwrap_or_else(|| "not answered".to_owned());
        lines.push(line(format!("signal|{}", signal.signal), format!("Signal {}", signal.signal), words));
    }
    lines
}

/// "38 s, held".
fn answer_words(facts: &RunFacts, check: &Check) -> String {
    let Some(answer) = facts.answer(&check.key) else { return "not answered".to_owned() };
    let outcome = match facts.outcome(&check.key) {
        Outcome::Held => "held",
        Outcome::Failed => "failed",
        Outcome::Unknown => "unknown",
    };
    let value = answer.happened.words(check.unit.as_deref());
    if value == outcome { value } else { format!("{value}, {outcome}") }
}

fn timings(facts: &RunFacts) -> Vec<Line> {
    let lasted = |(from, to): (Moment, Moment)| span_words(to.ms_since(from).max(0));
    let mut lines = Vec::new();
    let mut say = |key: &str, label: &str, words: Option<String>| {
        lines.extend(words.map(|words| line(key, label, words)));
    };
    say("fault_lasted", "Fault lasted", facts.fault_started.zip(facts.fault_ended).map(lasted));
    say("detect", "Time to detect", detection_delay_ms(facts).map(extent_words));
    let never = facts.revert_failed.then(|| "never: the revert failed".to_owned());
    say("revert", "Time to revert", facts.revert_ms().map(extent_words).or(never));
    say("lasted", "Run lasted", facts.started.zip(facts.ended).map(lasted));
    lines
}

fn people(crew: &Crew) -> Vec<Line> {
    let named = |part: Part| {
        let names = crew.parts().filter(|(taken, _)| *taken == part).map(|(_, name)| name.to_string()).collect();
        list(part.word(), part.label(), ", ", names)
    };
    Part::ALL.iter().filter_map(|part| named(*part)).collect()
}

#[cfg(test)]
mod tests;
