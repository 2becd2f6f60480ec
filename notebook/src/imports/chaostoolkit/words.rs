//! The sentences and flags that go with a decision.

use std::collections::HashMap;

use crate::{
    imports::{Flag, FlagKind, StepKind, StepStatus, VALUE_CHARS_MAX, Validity, shorten, shorten::quoted},
    runs::facts::Verdict,
};

use super::{
    journal::{Dry, Journal, Met, Played, State},
    rules::Rule,
    shown,
};

/// Which rule matched, and on what.
pub(super) fn rule(journal: &Journal, rule: Rule) -> String {
    match rule {
        Rule::Interrupted => "The status is \"interrupted\": the run was stopped.".to_owned(),
        Rule::ToolBroke => "The status is \"aborted\": the tool broke on an error it did not expect.".to_owned(),
        Rule::DryRun => dry_run(journal.dry),
        Rule::NotSteadyBefore => "The steady state was not met before the method.".to_owned(),
        Rule::Deviated if after_met(journal) == Some(Met::No) => {
            "The hypothesis was not met after the method.".to_owned()
        }
        Rule::Deviated => "The journal says the steady state deviated.".to_owned(),
        Rule::Transient => "The hypothesis was not met for a while during the method.".to_owned(),
        Rule::Exploration => "No hypothesis was looked at before, during or after the method.".to_owned(),
        Rule::OnlyBefore => "The hypothesis was looked at only before the method.".to_owned(),
        Rule::Upheld => {
            "The hypothesis was looked at once the method had begun, and was never seen not met.".to_owned()
        }
    }
}

/// What the rules used, phase by phase, then the method.
pub(super) fn facts(journal: &Journal) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(journal.before.as_ref().map(|state| format!("Before the method, {}.", look(journal, state))));
    if !journal.during.is_empty() {
        let not_met: Vec<&State> = journal.during.iter().filter(|state| state.met() == Met::No).collect();
        let first =
            not_met.first().map(|state| format!("; the first time, {}", look(journal, state))).unwrap_or_default();
        facts.push(format!(
            "During the method it was not met in {} of {} looks{first}.",
            not_met.len(),
            journal.during.len()
        ));
    }
    facts.extend(journal.after.as_ref().map(|state| format!("After the method, {}.", look(journal, state))));
    let actions: Vec<&Played> = journal.run.iter().filter(|step| step.kind != StepKind::Probe).collect();
    let done = actions.iter().filter(|step| step.status == StepStatus::Succeeded).count();
    facts.push(match actions.len() {
        0 => "The journal shows no action of the method.".to_owned(),
        all => format!("{done} of {all} actions of the method succeeded."),
    });
    facts
}

fn look(journal: &Journal, state: &State) -> String {
    match state.met() {
        Met::Yes if !state.measured() => "the hypothesis counts as met without any probe".to_owned(),
        Met::Yes if !journal.checks_tolerances() => "probes were reported without comparing a value".to_owned(),
        Met::Yes => format!("the hypothesis was met, {0} of {0} probes held", state.probes.len()),
        Met::Unknown => "the journal does not say whether the hypothesis was met".to_owned(),
        Met::No => match state.failing() {
            None => "the hypothesis was not met".to_owned(),
            Some(probe) => said(probe),
        },
    }
}

fn said(probe: &Played) -> String {
    let name = quoted(&[probe.name]);
    if probe.status != StepStatus::Succeeded {
        return match clause(probe) {
            Some(error) => format!("the probe {name} gave no value: {error}"),
            None => format!("the probe {name} gave no value"),
        };
    }
    let gave = shown::value(probe.activity, probe.output, VALUE_CHARS_MAX).unwrap_or_else(|| "nothing".to_owned());
    let allowed = shown::tolerance(probe.activity).unwrap_or_else(|| "not stated".to_owned());
    format!("the probe {name} gave {gave}; allowed is {allowed}")
}

pub(super) fn validity(validity: &Validity, rule: Rule) -> String {
    match (validity, rule) {
        (Validity::Valid, _) => {
            "The run is proposed as valid: a baseline was measured, and the actions are reported as done.".to_owned()
        }
        (Validity::Open(why), _) => format!("Validity stays open until a person rules. {why}"),
        (Validity::Invalid(_), Rule::DryRun) => {
            "The run is proposed as invalid: a dry run is no evidence of a fault.".to_owned()
        }
        (Validity::Invalid(reason), _) => {
            format!("The run is proposed as invalid. {}.", reason.label())
        }
    }
}

/// At most one flag of each kind, those of the decision first.
pub(super) fn flags(
    journal: &Journal,
    rule: Rule,
    probe_error: Option<&Played>,
    verdict: Option<Verdict>,
) -> Vec<Flag> {
    let mut flags = Vec::new();
    let mut raise = |kind, text: Option<String>| flags.extend(text.map(|text| Flag { kind, text }));
    raise(FlagKind::ProbeError, probe_error.map(|probe| sentence(&said(probe))));
    raise(FlagKind::HypothesisNotMet, seen_not_met(journal, rule, verdict));
    raise(FlagKind::TransientDeviation, transient(journal, rule));
    raise(FlagKind::DryRun, (rule == Rule::DryRun).then(|| dry_run(journal.dry)));
    raise(
        FlagKind::Exploration,
        (rule == Rule::Exploration).then(|| "The run tried something out without a hypothesis.".to_owned()),
    );
    let failed = |steps: &[Played], action: bool| {
        let failed =
            steps.iter().filter(|step| step.status == StepStatus::Failed && (step.kind != StepKind::Probe) == action);
        failures(&failed.collect::<Vec<_>>())
    };
    raise(FlagKind::FailedAction, failed(&journal.run, true));
    raise(FlagKind::FailedProbe, failed(&journal.run, false));
    raise(FlagKind::MissingStatus, missing_status(journal));
    raise(FlagKind::MethodCutShort, cut_short(journal, rule));
    let reverts: Vec<&Played> = journal.rollbacks.iter().filter(|step| step.status == StepStatus::Failed).collect();
    raise(FlagKind::RevertFailed, failures(&reverts));
    raise(FlagKind::RollbacksNotPlayed, not_played(journal));
    raise(FlagKind::UnknownValue, unknown_values(journal));
    flags
}

fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    chars.next().map(|first| format!("{}{}.", first.to_uppercase(), chars.as_str())).unwrap_or_default()
}

/// Kept wherever no verdict says it: a broken hypothesis is worth knowing even in a void run.
fn seen_not_met(journal: &Journal, rule: Rule, verdict: Option<Verdict>) -> Option<String> {
    if verdict.is_some() || rule == Rule::NotSteadyBefore {
        return None;
    }
    let not_met = |state: &State| state.met() == Met::No;
    let looks = [
        ("before", journal.before.as_ref().is_some_and(not_met)),
        ("during", journal.during.iter().any(not_met)),
        ("after", journal.after.as_ref().is_some_and(not_met)),
    ];
    let seen: Vec<&str> = looks.iter().filter(|(_, seen)| *seen).map(|(word, _)| *word).collect();
    if seen.is_empty() {
        return journal.deviated.then(|| "The journal says the steady state deviated.".to_owned());
    }
    Some(format!("The hypothesis was seen not met {} the method.", seen.join(" and ")))
}

fn transient(journal: &Journal, rule: Rule) -> Option<String> {
    let not_met = journal.during.iter().filter(|state| state.met() == Met::No).count();
    let recovered = rule == Rule::Deviated && after_met(journal) == Some(Met::Yes);
    if not_met == 0 || !(rule == Rule::Transient || recovered) {
        return None;
    }
    let then = match after_met(journal) {
        Some(Met::Yes) => "and was met again after it",
        Some(Met::No | Met::Unknown) | None => "and nothing tells how it stood after it",
    };
    Some(format!("The hypothesis was not met in {not_met} of {} looks during the method {then}.", journal.during.len()))
}

fn after_met(journal: &Journal) -> Option<Met> {
    journal.after.as_ref().map(State::met)
}

fn failures(failed: &[&Played]) -> Option<String> {
    let first = failed.first()?;
    let names: Vec<&str> = failed.iter().map(|step| step.name).collect();
    let says = match (failed.len(), clause(first)) {
        (_, None) => String::new(),
        (1, Some(error)) => format!(" {error}."),
        (_, Some(error)) => format!(" The first says: {error}."),
    };
    Some(format!("{} failed.{says}", quoted(&names)))
}

/// The error without the full stop that the sentence brings.
fn clause(step: &Played) -> Option<String> {
    let error = step.error()?;
    Some(shorten::line(error.trim_end_matches('.'), VALUE_CHARS_MAX))
}

fn missing_status(journal: &Journal) -> Option<String> {
    let steps = journal.run.iter().chain(&journal.rollbacks);
    let names: Vec<&str> = steps
        .filter(|step| step.status == StepStatus::Missing && step.strange_status.is_none())
        .map(|step| step.name)
        .collect();
    (!names.is_empty())
        .then(|| format!("The journal gives no status for {}: it was cut off or broke unexpectedly.", quoted(&names)))
}

/// Activities of the plan without a result. Not shown where the method was held back on purpose.
fn cut_short(journal: &Journal, rule: Rule) -> Option<String> {
    if rule == Rule::NotSteadyBefore {
        return None;
    }
    let planned = journal.planned("method");
    let left = unplayed(&planned, &journal.run);
    (!left.is_empty()).then(|| {
        format!("{} of {} activities of the method have no result: {}.", left.len(), planned.len(), quoted(&left))
    })
}

fn not_played(journal: &Journal) -> Option<String> {
    let planned = journal.planned("rollbacks");
    let left = unplayed(&planned, &journal.rollbacks);
    (!left.is_empty())
        .then(|| format!("{} of {} rollbacks were not played: {}.", left.len(), planned.len(), quoted(&left)))
}

/// By name and count: results stand in the order they began, and names may repeat.
fn unplayed<'a>(planned: &[(&'a str, &'a serde_json::Value)], played: &[Played]) -> Vec<&'a str> {
    let mut results: HashMap<&str, usize> = HashMap::new();
    for step in played {
        *results.entry(step.name).or_default() += 1;
    }
    let mut left = Vec::new();
    for (name, _) in planned {
        match results.get_mut(name) {
            Some(count) if *count > 0 => *count -= 1,
            _ => left.push(*name),
        }
    }
    left
}

fn unknown_values(journal: &Journal) -> Option<String> {
    let mut values = Vec::new();
    if !["completed", "failed", "aborted", "interrupted"].contains(&journal.status) {
        values.push(format!("The status {} is not known.", quoted(&[journal.status])));
    }
    if let Dry::Unknown(word) = journal.dry {
        values.push(format!("The dry mode {} is not known.", quoted(&[word])));
    }
    let looks = journal.before.iter().chain(&journal.during).chain(&journal.after);
    let results = || journal.run.iter().chain(&journal.rollbacks);
    let strange = looks
        .flat_map(|state| &state.probes)
        .chain(results())
        .find_map(|step| step.strange_status.map(|word| (step, word)));
    if let Some((step, word)) = strange {
        values.push(format!("The status {} of {} is not known.", quoted(&[word]), quoted(&[step.name])));
    }
    if let Some(step) = results().find(|step| step.kind == StepKind::Unknown) {
        values.push(format!("{} is neither an action nor a probe.", quoted(&[step.name])));
    }
    (!values.is_empty()).then(|| values.join(" "))
}

fn dry_run(dry: Dry) -> String {
    match dry {
        Dry::Actions => "It was a dry run of actions: none was carried out.",
        Dry::Probes => "It was a dry run of probes: actions were carried out, but nothing was measured.",
        Dry::Activities => "It was a dry run of all activities: none was carried out and nothing was measured.",
        Dry::No | Dry::Pause | Dry::Unknown(_) => "It was a dry run.",
    }
    .to_owned()
}
