//! Chaos Toolkit: a journal, as `chaos run` writes it, read into a proposal.
//!
//! Three steps: [`journal`] reads the shape and refuses what it cannot trust, [`rules`] decides
//! what the run amounts to (never from the status or an exit code alone), and this file puts
//! the proposal together. Nothing here knows a clock or a file.

pub mod experiment;
mod journal;
pub mod notification;
mod rules;
mod shown;
mod times;
mod words;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{
    experiments::{
        automation::{EXTENSION, Parts},
        plan::{Outcome, Phase},
    },
    limits::{IMPORT_BYTES_MAX, PROSE_CHARS_MAX, TITLE_CHARS_MAX},
};

use self::journal::{Journal, Played, State};
pub(super) use self::rules::PROBE_RAISED;
use super::{
    CHECKS_MAX, Flag, FlagKind, ImportedCheck, ImportedPlan, ImportedStep, MESSAGE_CHARS_MAX, PlannedCheck,
    PlannedStep, Proposal, Read, ReadTrouble, RetrialIds, STEPS_MAX, StepPhase, StepStatus, TAGS_MAX, VALUE_CHARS_MAX,
    lenient_json, redact, shorten,
};

/// Reads a journal's bytes.
pub fn read(bytes: &[u8]) -> Result<Read, ReadTrouble> {
    read_value(lenient_json::parse(bytes, IMPORT_BYTES_MAX)?)
}

/// Reads a journal that is already a value, such as the payload of a notification. It must
/// have come through [`lenient_json`], which bounds its depth.
pub fn read_value(mut raw: Value) -> Result<Read, ReadTrouble> {
    // Before redaction, so that a better redaction later does not make the same run a new one.
    let key = Journal::read(&raw)?.key();
    let redacted = redact::redact(&mut raw);
    let mut proposal = proposal(&Journal::read(&raw)?, key);
    proposal.parts = raw.get("experiment").map(Parts::of);
    Ok(Read { proposal, raw, redacted })
}

impl Journal<'_> {
    /// Journals have no id of their own: title, machine and start stand for one.
    fn key(&self) -> String {
        let mut hash = Sha256::new();
        for (index, part) in [self.title, self.node, self.start_text].iter().enumerate() {
            if index > 0 {
                hash.update([0x1f]);
            }
            hash.update(part.as_bytes());
        }
        hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            for digit in [byte >> 4, byte & 0xf] {
                hex.extend(char::from_digit(u32::from(digit), 16));
            }
            hex
        })
    }
}

fn proposal(journal: &Journal, key: String) -> Proposal {
    let decision = rules::decide(journal);
    let mut flags = decision.flags;
    let (checks, checks_dropped) = checks(journal);
    let plan = plan(journal);
    let steps = steps(journal);
    let dropped = checks_dropped + (journal.run.len() + journal.rollbacks.len()).saturating_sub(STEPS_MAX);
    if dropped > 0 || plan.method.len() == STEPS_MAX {
        let text = format!(
            "The journal is longer than one run page: {dropped} check results and steps are only in the raw document."
        );
        flags.push(Flag { kind: FlagKind::Shortened, text });
    }
    Proposal {
        tool: "chaostoolkit".to_owned(),
        tool_version: journal.version.map(|version| shorten::line(version, VALUE_CHARS_MAX)),
        title: shorten::line(journal.title, TITLE_CHARS_MAX),
        description: shorten::prose(journal.description, PROSE_CHARS_MAX),
        node: shorten::line(journal.node, VALUE_CHARS_MAX),
        tags: journal.tags.iter().take(TAGS_MAX).map(|tag| shorten::line(tag, TITLE_CHARS_MAX)).collect(),
        key,
        retrial: retrial_ids(journal.extensions()),
        parts: None,
        started_us: journal.started_us,
        ended_us: journal.ended_us,
        execution: decision.ended,
        validity: decision.validity,
        verdict: decision.verdict,
        why: decision.why,
        flags,
        checks,
        steps,
        plan,
    }
}

/// Our entry among a document's extensions.
fn retrial_ids<'a>(mut extensions: impl Iterator<Item = &'a Map<String, Value>>) -> Option<RetrialIds> {
    let extension = extensions.find(|extension| extension.get("name").and_then(Value::as_str) == Some(EXTENSION))?;
    let id = |name: &str| {
        let text = extension.get(name).and_then(Value::as_str).map(|text| shorten::line(text, VALUE_CHARS_MAX));
        text.filter(|text| !text.is_empty())
    };
    let ids = RetrialIds {
        experiment: id("experiment"),
        run: id("run"),
        revision: extension.get("revision").and_then(Value::as_i64),
        fingerprint: id("fingerprint"),
    };
    (ids.experiment.is_some() || ids.run.is_some()).then_some(ids)
}

/// The checks to keep, and how many are left out. A continuous hypothesis may give thousands:
/// those not held are kept first.
fn checks(journal: &Journal) -> (Vec<ImportedCheck>, usize) {
    let states = journal.before.iter().map(|state| (Phase::Before, state));
    let states = states.chain(journal.during.iter().map(|state| (Phase::During, state)));
    let states = states.chain(journal.after.iter().map(|state| (Phase::After, state)));
    let looked: Vec<(Phase, &State, &Played, Outcome)> = states
        .flat_map(|(phase, state)| state.probes.iter().map(move |probe| (phase, state, probe)))
        .map(|(phase, state, probe)| (phase, state, probe, state.outcome(probe, journal.checks_tolerances())))
        .collect();
    let matters = |phase: Phase, outcome: Outcome| phase != Phase::During || outcome != Outcome::Held;
    let first = looked.iter().filter(|(phase, _, _, outcome)| matters(*phase, *outcome)).count();
    let mut spare = CHECKS_MAX.saturating_sub(first);
    let kept = looked.iter().filter(|(phase, _, _, outcome)| {
        let keep = matters(*phase, *outcome) || spare > 0;
        spare = spare.saturating_sub(usize::from(keep && !matters(*phase, *outcome)));
        keep
    });
    let checks: Vec<ImportedCheck> =
        kept.take(CHECKS_MAX).map(|(phase, _, probe, outcome)| check(*phase, probe, *outcome)).collect();
    let dropped = looked.len() - checks.len();
    (checks, dropped)
}

fn check(phase: Phase, probe: &Played, outcome: Outcome) -> ImportedCheck {
    ImportedCheck {
        measure: shorten::line(probe.name, TITLE_CHARS_MAX),
        phase,
        outcome,
        value: shown::value(probe.activity, probe.output, VALUE_CHARS_MAX),
        tolerance: shown::tolerance(probe.activity),
        at_us: probe.at_us,
        source: shown::provider(probe.activity),
    }
}

fn steps(journal: &Journal) -> Vec<ImportedStep> {
    let method = journal.run.iter().map(|played| (StepPhase::Method, played));
    let rollbacks = journal.rollbacks.iter().map(|played| (StepPhase::Rollback, played));
    method.chain(rollbacks).take(STEPS_MAX).map(|(phase, played)| step(phase, played)).collect()
}

fn step(phase: StepPhase, played: &Played) -> ImportedStep {
    ImportedStep {
        name: shorten::line(played.name, TITLE_CHARS_MAX),
        kind: played.kind,
        phase,
        status: played.status,
        at_us: played.at_us,
        duration_ms: played.duration_ms,
        message: match played.status {
            StepStatus::Failed => played.error(),
            StepStatus::Succeeded | StepStatus::Missing => {
                shown::value(played.activity, played.output, MESSAGE_CHARS_MAX)
            }
        },
    }
}

fn plan(journal: &Journal) -> ImportedPlan {
    let method = journal.planned("method").into_iter().take(STEPS_MAX);
    let probes = journal.planned_probes().into_iter().take(STEPS_MAX);
    let rollbacks = journal.planned("rollbacks").into_iter().take(STEPS_MAX);
    ImportedPlan {
        title: shorten::line(journal.title, TITLE_CHARS_MAX),
        question: shorten::prose(journal.description, PROSE_CHARS_MAX),
        hypothesis_title: journal.hypothesis_title().map(|title| shorten::line(title, TITLE_CHARS_MAX)),
        method: method
            .map(|(name, activity)| PlannedStep {
                name: shorten::line(name, TITLE_CHARS_MAX),
                op: shown::provider(activity),
            })
            .collect(),
        checks: probes
            .map(|(name, activity)| PlannedCheck {
                measure: shorten::line(name, TITLE_CHARS_MAX),
                tolerance: shown::tolerance(activity),
            })
            .collect(),
        rollbacks: rollbacks.map(|(name, _)| shorten::line(name, TITLE_CHARS_MAX)).collect(),
        environment: None,
    }
}
