//! A proposal becomes a run: the same lines a person would have written, with the tool's times.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Ended, FlagKind, Import, ImportedCheck, Proposal, StepKind, StepStatus, Validity,
    acts::TakeDraft,
    chaostoolkit::PROBE_RAISED,
    home::{self, Home},
    shorten::quoted,
};
use crate::{
    db::Tx,
    desk::Desk,
    experiments::{
        self,
        automation::spoken,
        draft::{CheckRow, StepRow},
        plan::{Aggregate, Allowed, Check, CheckKey, Identity, Measured, Outcome, Phase, Step},
    },
    fault::Result,
    id::{ExperimentId, RunId},
    limits::{PLAN_ITEMS_MAX, TITLE_CHARS_MAX},
    runs::{
        self,
        acts::Held,
        facts::{CheckAnswer, Effect, Execution, RunFacts, RunTarget, ToolEnd, ToolProposal, ToolValidity, Verdict},
        trail::{Crew, ObservationKind, RunEvent},
        validity::InvalidReason,
    },
    text::{Note, Prose, Title},
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

/// Enters the run, with the document's own times. Nothing is signed. A run that waits for the result
/// takes it, the one that its sender names before the one that the document names; otherwise there is a
/// new one.
pub(super) async fn run(
    desk: &Desk,
    tx: &mut Tx,
    import: &Import,
    experiment: ExperimentId,
    waiting: Option<RunId>,
    targets: &str,
) -> Result<RunId> {
    let proposal = &import.proposal;
    let mut home = home::of(tx, proposal, experiment, waiting).await?;
    let strayed = home.strayed(experiment, proposal)?;
    let plan = home.plan.identity.clone();
    let identity = identity(&plan, proposal);
    let is_plan = identity == plan;
    let (start, end) = (Moment::from_micros(proposal.started_us), Moment::from_micros(proposal.ended_us));
    let mut held = if let Some(held) = home.waiting.take() {
        held
    } else {
        let planned = RunEvent::Planned { planned_at: Some(start), crew: Crew::default(), note: None, replaces: None };
        runs::acts::enter(desk, tx, experiment, home.revision, &home.plan, Some(start), planned).await?
    };
    let mut lines = hits(&held, proposal, targets, start);
    let was_planned_here = !held.entries.is_empty();
    if held.facts.started.is_none() {
        // A run that was planned here is a run of its plan; what was done otherwise is a deviation from it.
        let frozen = if was_planned_here { plan.clone() } else { identity };
        let (fingerprint, identity) = (frozen.fingerprint(), Box::new(frozen));
        lines.push((start, RunEvent::Started { fingerprint, identity, runner: None, gate: None }));
    }
    lines.push((start, RunEvent::Imported { proposal: tool_proposal(import, &plan, is_plan) }));
    lines.extend(deviations(&held, &home, experiment, &strayed, was_planned_here && !is_plan, start));
    if held.facts.fault_started.is_none() {
        lines.extend(fault(proposal, start, end));
    }
    let answered = if is_plan || was_planned_here { plan } else { self::identity(&plan, proposal) };
    lines.extend(answers(&answered, proposal, start, end));
    lines.extend(observations(proposal, home.named_in_vain.as_deref(), held.next_observation()));
    lines.extend(ending(&held.facts, proposal, end));
    // A log is read in the order in which it was written. Steps whose clocks lie outside of the run stay within it.
    lines.sort_by_key(|(at, _)| (*at).max(start).min(end));
    for (at, event) in lines {
        held.note(desk, tx, at, event).await?;
    }
    held.keep(desk, tx).await?;
    Ok(held.run.id)
}

/// The plan's own identity if the document answers every check of it once the fault began, else
/// what the document shows: then it is plainly another experiment. A run that was cut short was meant
/// as the plan if it was to ask for all of them.
fn identity(plan: &Identity, proposal: &Proposal) -> Identity {
    let later: Vec<&Check> = plan.checks.iter().filter(|check| check.key.phase != Phase::Before).collect();
    if !later.is_empty() && later.iter().all(|check| is_answered(&check.key, proposal)) {
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

/// Whether the tool looked. It stops a look at the first probe that fails, so the ones behind it were
/// asked for without giving anything.
fn is_answered(key: &CheckKey, proposal: &Proposal) -> bool {
    let is_asked = proposal.plan.checks.iter().any(|check| same_measure(&check.measure, key));
    let in_phase = || proposal.checks.iter().filter(|seen| seen.phase == key.phase);
    let is_seen = in_phase().any(|seen| is_of(seen, key));
    let is_hidden = is_asked && in_phase().any(|seen| seen.outcome == Outcome::Failed);
    match proposal.execution {
        Ended::Aborted => is_asked,
        Ended::Finished => is_seen || is_hidden,
    }
}

fn is_of(seen: &ImportedCheck, key: &CheckKey) -> bool {
    seen.phase == key.phase && same_measure(&seen.measure, key)
}

fn same_measure(name: &str, key: &CheckKey) -> bool {
    spoken(name).eq_ignore_ascii_case(&spoken(key.measure.as_str()))
}

/// Who is hit: as whoever sends the document says, else as the waiting run says, else one for all.
fn hits(held: &Held, proposal: &Proposal, targets: &str, start: Moment) -> Vec<(Moment, RunEvent)> {
    let known: Vec<&RunTarget> = held.facts.targets.iter().filter(|target| target.hit).collect();
    if known.is_empty() || !targets.trim().is_empty() {
        return vec![(start, RunEvent::Targets { targets: hit(proposal, targets) })];
    }
    let is_shown = shown(proposal) == Effect::Shown;
    let evidence = Note::new("The tool reports its actions as done.").ok();
    known
        .into_iter()
        .filter(|target| is_shown && target.effect == Effect::Unknown)
        .map(|target| {
            let (target, evidence) = (target.name.clone(), evidence.clone());
            (start, RunEvent::Effect { target, effect: Effect::Shown, evidence })
        })
        .collect()
}

/// What was done otherwise than planned makes the run another experiment until somebody rules.
fn deviations(
    held: &Held,
    home: &Home,
    experiment: ExperimentId,
    strayed: &[&str],
    lacks_answers: bool,
    at: Moment,
) -> Vec<(Moment, RunEvent)> {
    let mut said = Vec::new();
    if !strayed.is_empty() {
        said.push(format!(
            "The experiment that ran is not {experiment}@{} as it is exported: its {} differs.",
            home.revision,
            strayed.join(" and its ")
        ));
    }
    if lacks_answers {
        said.push("The tool did not answer every check of the plan.".to_owned());
    }
    let first = i64::try_from(held.facts.deviations.len()).unwrap_or(i64::MAX - 2) + 1;
    let notes = said.iter().filter_map(|text| Note::new(text).ok());
    notes.zip(first..).map(|(text, number)| (at, RunEvent::Deviated { number, text })).collect()
}

/// Journals name no targets: people do, or one stands for all.
fn hit(proposal: &Proposal, targets: &str) -> Vec<RunTarget> {
    let effect = shown(proposal);
    let names: BTreeSet<Title> = targets.split([',', '\n']).filter_map(|name| Title::new(name).ok()).collect();
    let named = if names.is_empty() { Title::new("not named").into_iter().collect() } else { names };
    named.into_iter().map(|name| RunTarget { name, role: None, hit: true, effect }).collect()
}

fn shown(proposal: &Proposal) -> Effect {
    let done = proposal.steps.iter().any(|step| step.kind == StepKind::Action && step.status == StepStatus::Succeeded);
    let is_shown = done && proposal.validity != Validity::Invalid(InvalidReason::FaultNotShown);
    if is_shown { Effect::Shown } else { Effect::Unknown }
}

/// The tool looks at all its probes in every phase; the plan may ask for one of them in some phases only.
/// Where the two differ, the plan's own checks decide, and the sentence says so.
fn by_the_plan(plan: &Identity, proposal: &Proposal) -> Option<(Verdict, String)> {
    let later = || plan.checks.iter().filter(|check| check.key.phase != Phase::Before);
    let seen: Vec<Option<bool>> = later().map(|check| worst(&check.key, proposal)).collect();
    let has_failed = seen.contains(&Some(false));
    let all_held = seen.iter().all(|held| *held == Some(true));
    let beside: BTreeSet<&str> = proposal
        .checks
        .iter()
        .filter(|seen| seen.phase != Phase::Before && seen.outcome == Outcome::Failed)
        .filter(|seen| !later().any(|check| is_of(seen, &check.key)))
        .map(|seen| seen.measure.as_str())
        .collect();
    match proposal.verdict? {
        Verdict::Refuted if !has_failed && !beside.is_empty() => {
            let names = quoted(&beside.into_iter().collect::<Vec<_>>());
            let says = format!("Only {names} failed, in a phase in which the plan does not check it.");
            Some((if all_held { Verdict::Upheld } else { Verdict::Inconclusive }, says))
        }
        Verdict::Upheld if !all_held => {
            Some((Verdict::Inconclusive, "The tool has no value for a check of the plan.".to_owned()))
        }
        Verdict::Refuted | Verdict::Upheld | Verdict::Inconclusive => None,
    }
}

/// Whether a check held in all looks; None without a value for one of them.
fn worst(key: &CheckKey, proposal: &Proposal) -> Option<bool> {
    let mut outcomes = proposal.checks.iter().filter(|seen| is_of(seen, key)).map(|seen| seen.outcome).peekable();
    outcomes.peek()?;
    let all: Vec<Outcome> = outcomes.collect();
    if all.contains(&Outcome::Failed) {
        return Some(false);
    }
    all.iter().all(|outcome| *outcome == Outcome::Held).then_some(true)
}

fn tool_proposal(import: &Import, plan: &Identity, is_plan: bool) -> ToolProposal {
    let proposal = &import.proposal;
    let by_plan = if is_plan { by_the_plan(plan, proposal) } else { None };
    // A probe that raised decides nothing where the plan does not ask it.
    let is_cleared = by_plan.is_some() && proposal.validity == Validity::Open(PROBE_RAISED.to_owned());
    let (verdict, says) = by_plan.map_or((proposal.verdict, None), |(verdict, says)| (Some(verdict), Some(says)));
    let revert_failed = proposal.flags.iter().any(|flag| flag.kind == FlagKind::RevertFailed);
    // A plan that sets a recovery deadline is refuted by a revert that fails.
    let refuted =
        (revert_failed && plan.recovery_ms.is_some() && proposal.verdict.is_some()).then_some(Verdict::Refuted);
    ToolProposal {
        tool: proposal.tool.clone(),
        import: import.id,
        validity: match &proposal.validity {
            Validity::Valid => ToolValidity::Valid,
            Validity::Open(_) if is_cleared => ToolValidity::Valid,
            Validity::Open(why) => ToolValidity::Open(why.clone()),
            Validity::Invalid(reason) => ToolValidity::Invalid(*reason),
        },
        verdict: refuted.or(verdict),
        why: proposal.why.iter().cloned().chain(says).collect(),
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
        let worst = worst(&check.key, proposal).map_or(Measured::NoData, |held| Measured::Said { held });
        let at = last.at_us.map_or(end, Moment::from_micros).max(start).min(end);
        let answer =
            CheckAnswer { key: check.key.clone(), happened: worst, source: cut(&last.source), claimed: None, at };
        list.push((at, RunEvent::CheckAnswered { answer, amends: None }));
    }
    list
}

/// Steps and flags, so that the timeline tells the tool's story. Numbers go on from `first`.
fn observations(proposal: &Proposal, named_in_vain: Option<&str>, first: i64) -> Vec<(Moment, RunEvent)> {
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
    if let Some(run) = named_in_vain {
        let text = format!("The result names {run}, which cannot take it; so this is a run of its own.");
        said.push((proposal.started_us, ObservationKind::Unexpected, text));
    }
    said.sort_by_key(|(at, ..)| *at);
    let numbered = said.into_iter().filter_map(|(at, kind, text)| Prose::new(&text).ok().map(|text| (at, kind, text)));
    numbered
        .zip(first..)
        .map(|((at, kind, text), number)| {
            (Moment::from_micros(at), RunEvent::Observed { number, kind, text, pinned: false })
        })
        .collect()
}

fn ending(facts: &RunFacts, proposal: &Proposal, end: Moment) -> Vec<(Moment, RunEvent)> {
    let mut lines = Vec::new();
    if proposal.validity == Validity::Invalid(InvalidReason::ToolFailed) {
        lines.push((end, RunEvent::ToolEnded { end: ToolEnd::Broke, says: proposal.why.join(" ") }));
    }
    let is_aborted_here = facts.abort_open || facts.abort.is_some();
    let waits = proposal.execution == Ended::Aborted && matches!(proposal.validity, Validity::Open(_));
    if waits && !is_aborted_here {
        lines.push((end, RunEvent::AbortPressed { reason: None, text: None }));
    }
    let execution = if is_aborted_here { Execution::Aborted } else { proposal.execution.execution() };
    lines.push((end, RunEvent::Ended { execution }));
    lines
}

/// At most a title's length, never in the middle of a character.
fn cut(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(TITLE_CHARS_MAX).collect()
}
