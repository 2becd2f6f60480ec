//! What a journal's run amounts to. The first rule that matches decides.
//!
//! The status alone never decides: the tool calls a run "completed" whose steady state was not
//! met, and one whose hypothesis broke for a while. An unknown value is never a pass.

use crate::{
    imports::{Ended, Flag, StepKind, StepStatus, Validity, shorten::quoted},
    runs::{facts::Verdict, validity::InvalidReason},
};

use super::{
    journal::{Dry, Journal, Met, Played, State},
    words,
};

/// Why validity stays open where a probe decided without a value.
pub(in crate::imports) const PROBE_RAISED: &str = "A probe raised an error instead of giving a value.";

/// What is proposed, with the sentences and flags a person reads before signing.
pub(super) struct Decision {
    pub ended: Ended,
    pub validity: Validity,
    pub verdict: Option<Verdict>,
    pub why: Vec<String>,
    pub flags: Vec<Flag>,
}

/// In the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    Interrupted,
    ToolBroke,
    DryRun,
    NotSteadyBefore,
    Deviated,
    Transient,
    Exploration,
    OnlyBefore,
    Upheld,
}

pub(super) fn decide(journal: &Journal) -> Decision {
    let rule = first_match(journal);
    let probe_error = probe_error(journal, rule);
    let validity = validity(journal, rule, probe_error.is_some());
    let verdict = verdict(journal, rule, &validity);
    let mut why = vec![words::rule(journal, rule)];
    why.extend(words::facts(journal));
    why.push(words::validity(&validity, rule));
    if verdict == Some(Verdict::Inconclusive) && rule == Rule::Upheld {
        why.push("It is not proposed as upheld, because an unknown value is never a pass.".to_owned());
    }
    let flags = words::flags(journal, rule, probe_error, verdict);
    Decision { ended: ended(rule), validity, verdict, why, flags }
}

fn first_match(journal: &Journal) -> Rule {
    let before = journal.before.as_ref().map(State::met);
    let after = journal.after.as_ref().map(State::met);
    let measured = |state: &Option<State>| state.as_ref().is_some_and(State::measured);
    let measured_during = journal.during.iter().any(State::measured);
    if journal.status == "interrupted" {
        Rule::Interrupted
    } else if journal.status == "aborted" {
        Rule::ToolBroke
    } else if matches!(journal.dry, Dry::Actions | Dry::Probes | Dry::Activities) {
        Rule::DryRun
    } else if before.is_some_and(|met| met != Met::Yes) {
        Rule::NotSteadyBefore
    } else if journal.deviated || after == Some(Met::No) {
        Rule::Deviated
    } else if journal.during.iter().any(|state| state.met() == Met::No) {
        Rule::Transient
    } else if !measured(&journal.before) && !measured(&journal.after) && !measured_during {
        Rule::Exploration
    } else if !measured(&journal.after) && !measured_during {
        Rule::OnlyBefore
    } else {
        Rule::Upheld
    }
}

fn ended(rule: Rule) -> Ended {
    match rule {
        Rule::Interrupted | Rule::ToolBroke | Rule::NotSteadyBefore => Ended::Aborted,
        Rule::DryRun | Rule::Deviated | Rule::Transient | Rule::Exploration | Rule::OnlyBefore | Rule::Upheld => {
            Ended::Finished
        }
    }
}

fn validity(journal: &Journal, rule: Rule, probe_error: bool) -> Validity {
    match rule {
        Rule::Interrupted => Validity::Open("The run was stopped, and nobody has given the reason.".to_owned()),
        Rule::ToolBroke => Validity::Invalid(InvalidReason::ToolFailed),
        Rule::DryRun => Validity::Invalid(InvalidReason::FaultNotShown),
        Rule::NotSteadyBefore => Validity::Invalid(InvalidReason::SteadyStateNotMet),
        Rule::Exploration => Validity::Open("No hypothesis was looked at, so the run was an exploration.".to_owned()),
        Rule::OnlyBefore => Validity::Invalid(InvalidReason::DataMissing),
        Rule::Deviated | Rule::Transient | Rule::Upheld => measured_validity(journal, rule, probe_error),
    }
}

/// Validity of a run whose hypothesis was looked at once the fault had begun.
fn measured_validity(journal: &Journal, rule: Rule, probe_error: bool) -> Validity {
    if !journal.run.iter().any(|step| step.kind == StepKind::Action && step.status == StepStatus::Succeeded) {
        return Validity::Invalid(InvalidReason::FaultNotShown);
    }
    let mut open = Vec::new();
    let unsure: Vec<&str> = journal.run.iter().filter(|step| acts_unsure(step)).map(|step| step.name).collect();
    if !unsure.is_empty() {
        open.push(format!("The journal does not report {} as done.", quoted(&unsure)));
    }
    if probe_error {
        open.push(PROBE_RAISED.to_owned());
    }
    if !journal.before.as_ref().is_some_and(State::measured) {
        open.push("Nothing was measured before the method, so there is no baseline.".to_owned());
    }
    open.extend(doubts(journal, rule));
    if open.is_empty() { Validity::Valid } else { Validity::Open(open.join(" ")) }
}

/// An action that is not reported as done. An activity of unknown kind may be one.
fn acts_unsure(step: &Played) -> bool {
    step.kind != StepKind::Probe && step.status != StepStatus::Succeeded
}

/// Values the rules have no word for, as sentences.
fn doubts(journal: &Journal, rule: Rule) -> Vec<String> {
    let mut doubts = Vec::new();
    match journal.status {
        "failed" if rule == Rule::Upheld => {
            doubts.push("The status is \"failed\" although nothing in the journal shows why.".to_owned());
        }
        "completed" | "failed" | "interrupted" | "aborted" => {}
        other => doubts.push(format!("The status {} is not known.", quoted(&[other]))),
    }
    if let Dry::Unknown(word) = journal.dry {
        doubts.push(format!("The dry mode {} is not known, so the method may not have run.", quoted(&[word])));
    }
    let looks = journal.during.iter().chain(&journal.after);
    if rule == Rule::Upheld && looks.into_iter().any(|state| state.met() == Met::Unknown) {
        doubts.push("A look at the hypothesis has no known result.".to_owned());
    }
    doubts
}

fn verdict(journal: &Journal, rule: Rule, validity: &Validity) -> Option<Verdict> {
    if matches!(validity, Validity::Invalid(_)) {
        return None;
    }
    match rule {
        Rule::Deviated | Rule::Transient => Some(Verdict::Refuted),
        Rule::Upheld if doubts(journal, rule).is_empty() => Some(Verdict::Upheld),
        Rule::Exploration | Rule::Upheld => Some(Verdict::Inconclusive),
        Rule::Interrupted | Rule::ToolBroke | Rule::DryRun | Rule::NotSteadyBefore | Rule::OnlyBefore => None,
    }
}

/// The probe that raised an error where its value would have decided. Of several looks during
/// the method one that failed with a value is enough for the verdict to rest on.
fn probe_error<'j, 'a>(journal: &'j Journal<'a>, rule: Rule) -> Option<&'j Played<'a>> {
    let failing = |state: &'j State<'a>| state.failing().filter(|probe| probe.status != StepStatus::Succeeded);
    match rule {
        Rule::NotSteadyBefore => journal.before.as_ref().and_then(failing),
        Rule::Deviated | Rule::Transient => {
            let after = journal.after.iter().filter(|state| rule == Rule::Deviated && state.met() == Met::No);
            let during = journal.during.iter().filter(|state| state.met() == Met::No);
            let mut deciding: Vec<&State> = after.collect();
            if deciding.is_empty() {
                deciding = during.collect();
            }
            let errors: Vec<&Played> = deciding.iter().filter_map(|state| failing(state)).collect();
            if errors.len() == deciding.len() { errors.first().copied() } else { None }
        }
        Rule::Interrupted | Rule::ToolBroke | Rule::DryRun | Rule::Exploration | Rule::OnlyBefore | Rule::Upheld => {
            None
        }
    }
}
