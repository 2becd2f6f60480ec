//! A proposal becomes a run: the same lines a person would have written, with the tool's times.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ended, FlagKind, Import, ImportedCheck, Proposal, StepKind, StepStatus, Validity, acts::TakeDraft};
use crate::{
    db::Tx,
    desk::Desk,
    experiments::{
        self,
        draft::{CheckRow, StepRow},
        plan::{Aggregate, Allowed, Check, CheckKey, Identity, Measured, Outcome, Phase, Step},
    },
    fault::Result,
    id::{ExperimentId, RunId},
    limits::{PLAN_ITEMS_MAX, TITLE_CHARS_MAX},
    runs::{
        self,
        facts::{CheckAnswer, Effect, RunTarget, ToolEnd, ToolProposal, ToolValidity, Verdict},
        trail::{Crew, ObservationKind, RunEvent},
        validity::InvalidReason,
    },
    text::{Prose, Title},
    time::Moment,
};

/// Steps that become observations; a long method is in the document itself.
const STEPS_SHOWN_MAX: usize = 40;

/// What a person would type for the experiment that a document suggests.
pub(super) fn new_experiment(proposal: &Proposal, draft: &TakeDraft) -> experiments::Draft {
    let plan = &proposal.plan;
    let checks = plan.checks.iter().take(PLAN_ITEMS_MAX / 2).flat_map(|check| {
        [Phase::Before, Phase::After].map(|phase| CheckRow {
            measure: cut(&check.measure),
            phase: phase.word().into(),
            aggregate: Aggregate::Every.word().into(),
            comparator: "holds".into(),
            ..CheckRow::default()
        })
    });
    experiments::Draft {
        title: cut(&plan.title),
        question: plan.question.clone(),
        then_behaviour: plan.hypothesis_title.clone().unwrap_or_default(),
        services: draft.services.clone(),
        environment: draft.environment.clone(),
        method: plan
            .method
            .iter()
            .take(PLAN_ITEMS_MAX)
            .map(|step| StepRow { op: cut(&step.op), ..StepRow::default() })
            .collect(),
        checks: checks.collect(),
        revert_procedure: plan.rollbacks.join("\n"),
        reason: format!("Read from a document of {}", proposal.tool),
        ..experiments::Draft::default()
    }
}

/// Enters the run, with the document's own times. Nothing is signed.
pub(super) async fn run(
    desk: &Desk,
    tx: &mut Tx,
    import: &Import,
    experiment: ExperimentId,
    targets: &str,
) -> Result<RunId> {
    let proposal = &import.proposal;
    let found = experiments::acts::in_tx(tx, experiment).await?;
    let revision = found.approved.unwrap_or(found.revision);
    let plan = experiments::acts::plan_of(tx, experiment, revision).await?;
    let (start, end) = (Moment::from_micros(proposal.started_us), Moment::from_micros(proposal.ended_us));
    let planned = RunEvent::Planned { planned_at: Some(start), crew: Crew::default(), note: None, replaces: None };
    let mut held = runs::acts::enter(desk, tx, experiment, revision, &plan, Some(start), planned).await?;
    let identity = identity(&plan.identity, proposal);
    let mut lines = vec![(start, RunEvent::Targets { targets: hit(proposal, targets) })];
    lines.push((
        start,
        RunEvent::Started { fingerprint: identity.fingerprint(), identity: Box::new(identity.clone()), runner: None },
    ));
    lines.push((start, RunEvent::Imported { proposal: tool_proposal(import, &plan.identity) }));
    lines.extend(fault(proposal, start, end));
    lines.extend(answers(&identity, proposal, start, end));
    lines.extend(observations(proposal));
    lines.extend(ending(proposal, end));
    for (at, event) in lines {
        held.note(desk, tx, at, event).await?;
    }
    held.keep(desk, tx).await?;
    Ok(held.run.id)
}

/// The plan's own identity if the document answers every check of it once the fault began, else
/// what the document shows: then it is plainly another experiment.
fn identity(plan: &Identity, proposal: &Proposal) -> Identity {
    let later: Vec<&Check> = plan.checks.iter().filter(|check| check.key.phase != Phase::Before).collect();
    if !later.is_empty() && later.iter().all(|check| proposal.checks.iter().any(|seen| is_of(seen, &check.key))) {
        return plan.clone();
    }
    let mut keys = BTreeSet::new();
    for seen in &proposal.checks {
        if let Ok(measure) = Title::new(&cut(&seen.measure)) {
            keys.insert(CheckKey { measure, phase: seen.phase, aggregate: Aggregate::Every });
        }
    }
    let checks = keys.into_iter().map(|key| Check { key, allowed: Allowed::Holds, unit: None, window_ms: None });
    let method = proposal.plan.method.iter().map(|step| Step { op: cut(&step.op), args: BTreeMap::new() });
    Identity {
        checks: checks.collect(),
        method: method.collect(),
        signals: Vec::new(),
        recovery_ms: None,
        ..plan.clone()
    }
    .normalised()
}

fn is_of(seen: &ImportedCheck, key: &CheckKey) -> bool {
    seen.phase == key.phase && cut(&seen.measure).eq_ignore_ascii_case(key.measure.as_str())
}

/// Journals name no targets: people do, or one stands for all.
fn hit(proposal: &Proposal, targets: &str) -> Vec<RunTarget> {
    let done = proposal.steps.iter().any(|step| step.kind == StepKind::Action && step.status == StepStatus::Succeeded);
    let shown = done && proposal.validity != Validity::Invalid(InvalidReason::FaultNotShown);
    let effect = if shown { Effect::Shown } else { Effect::Unknown };
    let names: BTreeSet<Title> = targets.split([',', '\n']).filter_map(|name| Title::new(name).ok()).collect();
    let named = if names.is_empty() { Title::new("not named").into_iter().collect() } else { names };
    named.into_iter().map(|name| RunTarget { name, role: None, hit: true, effect }).collect()
}

fn tool_proposal(import: &Import, plan: &Identity) -> ToolProposal {
    let proposal = &import.proposal;
    let revert_failed = proposal.flags.iter().any(|flag| flag.kind == FlagKind::RevertFailed);
    // A plan that sets a recovery deadline is refuted by a revert that fails.
    let refuted =
        (revert_failed && plan.recovery_ms.is_some() && proposal.verdict.is_some()).then_some(Verdict::Refuted);
    ToolProposal {
        tool: proposal.tool.clone(),
        import: import.id,
        validity: match &proposal.validity {
            Validity::Valid => ToolValidity::Valid,
            Validity::Open(why) => ToolValidity::Open(why.clone()),
            Validity::Invalid(reason) => ToolValidity::Invalid(*reason),
        },
        verdict: refuted.or(proposal.verdict),
        why: proposal.why.clone(),
        flags: proposal.flags.iter().map(|flag| format!("{}: {}", flag.kind.label(), flag.text)).collect(),
    }
}

/// From the first action to the last one's end.
fn fault(proposal: &Proposal, start: Moment, end: Moment) -> Vec<(Moment, RunEvent)> {
    let actions =
        proposal.steps.iter().filter(|step| step.kind == StepKind::Action && step.phase == super::StepPhase::Method);
    let times: Vec<(i64, i64)> = actions
        .filter_map(|step| {
            step.at_us.map(|at| (at, at.saturating_add(step.duration_ms.unwrap_or(0).saturating_mul(1_000))))
        })
        .collect();
    let (Some(first), Some(last)) = (times.iter().map(|t| t.0).min(), times.iter().map(|t| t.1).max()) else {
        return Vec::new();
    };
    let within = |us: i64| Moment::from_micros(us).max(start).min(end);
    vec![(within(first), RunEvent::FaultStarted), (within(last), RunEvent::FaultEnded)]
}

/// One answer for each check of the identity: the worst the tool saw.
fn answers(identity: &Identity, proposal: &Proposal, start: Moment, end: Moment) -> Vec<(Moment, RunEvent)> {
    let mut list = Vec::new();
    for check in &identity.checks {
        let seen: Vec<&ImportedCheck> = proposal.checks.iter().filter(|seen| is_of(seen, &check.key)).collect();
        let Some(last) = seen.last() else { continue };
        let worst = if seen.iter().any(|seen| seen.outcome == Outcome::Failed) {
            Measured::Said { held: false }
        } else if seen.iter().all(|seen| seen.outcome == Outcome::Held) {
            Measured::Said { held: true }
        } else {
            Measured::NoData
        };
        let at = last.at_us.map_or(end, Moment::from_micros).max(start).min(end);
        let answer =
            CheckAnswer { key: check.key.clone(), happened: worst, source: cut(&last.source), claimed: None, at };
        list.push((at, RunEvent::CheckAnswered { answer, amends: None }));
    }
    list
}

/// Steps and flags, so that the timeline tells the tool's story.
fn observations(proposal: &Proposal) -> Vec<(Moment, RunEvent)> {
    let mut said: Vec<(i64, ObservationKind, String)> = Vec::new();
    for step in proposal.steps.iter().take(STEPS_SHOWN_MAX) {
        let kind =
            if step.status == StepStatus::Succeeded { ObservationKind::Expected } else { ObservationKind::Unexpected };
        let more = step
            .message
            .as_deref()
            .filter(|_| kind == ObservationKind::Unexpected)
            .map(|text| format!(": {text}"))
            .unwrap_or_default();
        said.push((
            step.at_us.unwrap_or(proposal.ended_us),
            kind,
            format!("{} {}{more}", step.name, step.status.label().to_lowercase()),
        ));
    }
    for flag in &proposal.flags {
        said.push((proposal.ended_us, ObservationKind::Unexpected, format!("{}: {}", flag.kind.label(), flag.text)));
    }
    said.sort_by_key(|(at, ..)| *at);
    let numbered = said.into_iter().filter_map(|(at, kind, text)| Prose::new(&text).ok().map(|text| (at, kind, text)));
    numbered
        .zip(1..)
        .map(|((at, kind, text), number)| {
            (Moment::from_micros(at), RunEvent::Observed { number, kind, text, pinned: false })
        })
        .collect()
}

fn ending(proposal: &Proposal, end: Moment) -> Vec<(Moment, RunEvent)> {
    let mut lines = Vec::new();
    if proposal.validity == Validity::Invalid(InvalidReason::ToolFailed) {
        lines.push((end, RunEvent::ToolEnded { end: ToolEnd::Broke, says: proposal.why.join(" ") }));
    }
    let waits = proposal.execution == Ended::Aborted && matches!(proposal.validity, Validity::Open(_));
    if waits {
        lines.push((end, RunEvent::AbortPressed { reason: None, text: None }));
    }
    lines.push((end, RunEvent::Ended { execution: proposal.execution.execution() }));
    lines
}

/// At most a title's length, never in the middle of a character.
fn cut(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(TITLE_CHARS_MAX).collect()
}
