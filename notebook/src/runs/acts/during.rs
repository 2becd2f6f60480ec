//! What is written down while a run goes on and until it is closed.

use std::collections::BTreeSet;

use super::{Held, one};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events::{self, Entry, about},
    experiments::plan::{CheckKey, Expect, Measured, Phase, Signal},
    fault::Result,
    id::{FixId, NoId, RunId},
    people,
    refusal::{Checking, Refusal},
    runs::{
        Run,
        drafts::{
            AbortDraft, AtDraft, CheckDraft, EffectDraft, LacksDraft, NewObservation, ObservationDraft, REASON_OPEN,
            SignalDraft, TargetsDraft, WordsDraft, at, claim, note, targets,
        },
        facts::{AbortReason, CheckAnswer, Effect, Execution, RunFacts, SignalAnswer, SignalSeen},
        sql,
        steps::Step,
        trail::RunEvent,
    },
    text::{Note, Prose, Title},
    time::Moment,
};

/// The moment a form names; empty is now, and nothing lies in the future.
pub(super) fn moment(desk: &Desk, text: &str) -> Result<Moment, Refusal> {
    let mut checking = Checking::default();
    let when = at(&mut checking, "at", text, &desk.zone(), desk.now());
    if when.is_some_and(|when| when > desk.now()) {
        checking.say("at", "lies in the future");
    }
    checking.end(when)
}

/// The whole list of eligible and hit targets anew.
pub async fn resolve_targets(desk: &Desk, id: RunId, draft: &TargetsDraft) -> Result<Run> {
    let mut checking = Checking::default();
    let targets = targets(&mut checking, &draft.targets);
    if targets.is_empty() {
        checking.say("targets.0.name", "is empty; name at least one target");
    }
    let mut targets = checking.end(Some(targets))?;
    let silent: BTreeSet<Title> = draft
        .targets
        .iter()
        .filter(|row| row.effect.trim().is_empty())
        .filter_map(|row| Title::new(&row.name).ok())
        .collect();
    let now = desk.now();
    one(desk, id, Step::ResolveTargets, move |held| {
        // A row that says nothing of the effect does not take back what was recorded.
        for target in targets.iter_mut().filter(|target| silent.contains(&target.name)) {
            if let Some(known) = held.facts.targets.iter().find(|known| known.name == target.name) {
                target.effect = known.effect;
            }
        }
        Ok((now, RunEvent::Targets { targets }))
    })
    .await
}

/// Whether the fault took effect on one target, and what shows it.
pub async fn record_effect(desk: &Desk, id: RunId, draft: &EffectDraft) -> Result<Run> {
    let mut checking = Checking::default();
    let target = checking.need("name", Title::new(&draft.name));
    let effect = Effect::named(&draft.effect).map_err(|says| checking.say("effect", says)).ok();
    let evidence = checking.maybe("evidence", &draft.evidence, Note::new);
    let (target, effect) = checking.end(target.zip(effect))?;
    let now = desk.now();
    one(desk, id, Step::ResolveTargets, move |held| {
        if held.facts.execution == Execution::Planned {
            let state = format!("{id} has not started, so no fault took effect");
            return Err(Refusal::not_now(Act::RecordRun, state).into());
        }
        if held.facts.targets.iter().any(|known| known.name == target) {
            Ok((now, RunEvent::Effect { target, effect, evidence }))
        } else {
            Err(Refusal::unfit("name", format!("is no target of {id}")).into())
        }
    })
    .await
}

/// Nothing happens in a run before it started, and no fault is stopped before it began.
fn not_before_it(facts: &RunFacts, at: Moment) -> Result<(), Refusal> {
    if facts.fault_started.is_some_and(|began| at < began) {
        return Err(Refusal::unfit("at", "lies before the fault began"));
    }
    if facts.started.is_some_and(|started| at < started) {
        return Err(Refusal::unfit("at", "lies before the run started"));
    }
    Ok(())
}

pub async fn begin_fault(desk: &Desk, id: RunId, draft: &AtDraft) -> Result<Run> {
    let at = moment(desk, &draft.at)?;
    one(desk, id, Step::BeginFault, move |held| {
        not_before_it(&held.facts, at)?;
        if held.facts.fault_ended.is_some_and(|ended| ended < at) {
            return Err(Refusal::unfit("at", "lies after the fault ended").into());
        }
        Ok((at, RunEvent::FaultStarted))
    })
    .await
}

pub async fn end_fault(desk: &Desk, id: RunId, draft: &AtDraft) -> Result<Run> {
    let at = moment(desk, &draft.at)?;
    one(desk, id, Step::EndFault, move |held| {
        not_before_it(&held.facts, at)?;
        Ok((at, RunEvent::FaultEnded))
    })
    .await
}

/// Adds an observation as it is written; returns its number within the run.
pub async fn observe(desk: &Desk, id: RunId, draft: &ObservationDraft) -> Result<i64> {
    desk.may(Act::Observe)?;
    let new = draft.check(&desk.zone(), desk.now())?;
    let mut tx = desk.begin_write().await?;
    let number = write_observation(desk, &mut tx, id, new).await?;
    desk.commit(tx, id).await?;
    Ok(number)
}

/// By the row alone: an observation changes no fact, and the thousandth must not read all before it.
pub(super) async fn write_observation(desk: &Desk, tx: &mut Tx, id: RunId, new: NewObservation) -> Result<i64> {
    Step::Observe.allowed(&sql::hold(tx, id).await?)?;
    let about = (about::RUN, &*id.to_string());
    let number = next_observation(events::newest_of(tx, about, OBSERVED).await?.as_ref())?;
    let event = RunEvent::Observed { number, kind: new.kind, text: new.text, pinned: new.pinned };
    events::note(desk, tx, about, OBSERVED, new.at, &event).await?;
    Ok(number)
}

/// The act's word of an observation's line.
pub(super) const OBSERVED: &str = "observed";

pub(super) fn next_observation(newest: Option<&Entry>) -> Result<i64> {
    Ok(match newest.map(Entry::read).transpose()? {
        Some(RunEvent::Observed { number, .. }) => number + 1,
        _ => 1,
    })
}

/// Writes what was seen for one check. Once the verdict is signed this amends a value: that
/// takes a reason and somebody other than the runner.
pub async fn answer_check(desk: &Desk, id: RunId, draft: &CheckDraft) -> Result<Run> {
    desk.may(Act::RecordRun)?;
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Answer).await?;
    let amends = amendment(desk, &mut tx, &held.facts, &draft.amends).await?;
    let answer = check_answer(desk, &held.facts, draft)?;
    refuse_too_early(&held.facts, &answer)?;
    if amends.is_none() {
        refuse_too_late(&held.facts, &answer)?;
    }
    refuse_now(&held, &answer, draft.at.trim().is_empty())?;
    held.note(desk, &mut tx, answer.at, RunEvent::CheckAnswered { answer, amends }).await?;
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await?;
    Ok(held.run)
}

/// Before the start only what is looked at before the fault can be answered, as it is now.
pub(super) fn refuse_too_early(facts: &RunFacts, answer: &CheckAnswer) -> Result<(), Refusal> {
    if facts.execution != Execution::Planned || answer.key.phase == Phase::Before {
        return Ok(());
    }
    Err(Refusal::unfit("check", "is looked at during or after the fault; the run has not started"))
}

/// What is seen once the fault began says nothing of the steady state before it.
pub(super) fn refuse_too_late(facts: &RunFacts, answer: &CheckAnswer) -> Result<(), Refusal> {
    let is_late = facts.fault_started.is_some_and(|began| answer.at > began);
    if answer.key.phase != Phase::Before || !is_late {
        return Ok(());
    }
    Err(Refusal::unfit("at", "lies after the fault began; say when this was so before it"))
}

/// "Now" would be taken for the moment of recovery.
pub(super) fn refuse_now(held: &Held, answer: &CheckAnswer, is_now: bool) -> Result<(), Refusal> {
    if answer.key.phase == Phase::After && held.is_past() && is_now {
        return Err(Refusal::unfit("at", "is empty; the run is long over, so say when it was well again"));
    }
    Ok(())
}

async fn amendment(desk: &Desk, tx: &mut Tx, facts: &RunFacts, reason: &str) -> Result<Option<Note>> {
    if facts.signed.is_none() && !facts.closed {
        return Ok(None);
    }
    let reason = note(reason, "amends")?;
    second_person(desk, tx, facts, Act::RecordRun).await?;
    Ok(Some(reason))
}

/// Refuses the runner's own hand, unless the notebook is kept by one person alone. Returns
/// whether that was so, for the record.
pub(crate) async fn second_person(desk: &Desk, tx: &mut Tx, facts: &RunFacts, act: Act) -> Result<bool> {
    let is_runner = facts.runner.is_some() && facts.runner == desk.person_id();
    if !is_runner {
        return Ok(false);
    }
    if people::acts::is_solo(tx).await? {
        return Ok(true);
    }
    Err(Refusal::not_now(act, format!("{} was run by you; this takes somebody else", facts.id)).into())
}

pub(super) fn check_answer(desk: &Desk, facts: &RunFacts, draft: &CheckDraft) -> Result<CheckAnswer, Refusal> {
    let mut checking = Checking::default();
    let key = check_key(facts, &draft.check).map_err(|says| checking.say("check", says)).ok();
    let unit = key.as_ref().and_then(|key| facts.identity.check(key)).and_then(|check| check.unit.clone());
    let happened = seen(&draft.seen, unit.as_deref()).map_err(|says| checking.say("seen", says)).ok();
    let source = if draft.source.trim().is_empty() { "witness" } else { draft.source.trim() };
    let source = checking.need("source", Title::new(source));
    let claimed = claim(&mut checking, &draft.claimed, &draft.claimed_source);
    let when = at(&mut checking, "at", &draft.at, &desk.zone(), desk.now());
    if when.is_some_and(|when| when > desk.now()) {
        // A look from the future would stay fresh for the gate.
        checking.say("at", "lies in the future");
    }
    let whole = key.zip(happened).zip(source).zip(when);
    let (((key, happened), source), at) = checking.end(whole)?;
    Ok(CheckAnswer { key, happened, source: source.as_str().to_owned(), claimed, at })
}

/// A witness's word, or a value in the check's unit.
fn seen(text: &str, unit: Option<&str>) -> Result<Measured, String> {
    match text.trim().to_lowercase().as_str() {
        "held" | "yes" => Ok(Measured::Said { held: true }),
        "failed" | "no" => Ok(Measured::Said { held: false }),
        "no data" => Ok(Measured::NoData),
        _ => Measured::read(text, unit).map_err(|says| format!("{says}; or held, failed, no data")),
    }
}

fn check_key(facts: &RunFacts, slot: &str) -> Result<CheckKey, String> {
    let known = facts.identity.checks.iter().find(|check| check.key.slot() == slot.trim());
    known.map(|check| check.key.clone()).ok_or_else(|| "is no check of this run's plan".into())
}

/// Writes what became of one signal; an amendment once the verdict is signed, as for checks.
pub async fn answer_signal(desk: &Desk, id: RunId, draft: &SignalDraft) -> Result<Run> {
    desk.may(Act::RecordRun)?;
    let when = moment(desk, &draft.at)?;
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Answer).await?;
    if held.facts.execution == Execution::Planned {
        return Err(Refusal::not_now(Act::RecordRun, format!("{id} has not started, so no signal can fire")).into());
    }
    let amends = amendment(desk, &mut tx, &held.facts, &draft.amends).await?;
    let known = held.facts.identity.signals.iter().find(|signal| signal.signal.as_str() == draft.signal.trim());
    let signal = known.ok_or_else(|| Refusal::unfit("signal", "is no signal of this run's plan"))?;
    let answer = SignalAnswer { signal: signal.signal.clone(), seen: signal_seen(draft, signal)?, told: None };
    held.note(desk, &mut tx, when, RunEvent::SignalAnswered { answer, amends }).await?;
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await?;
    Ok(held.run)
}

fn signal_seen(draft: &SignalDraft, signal: &Signal) -> Result<SignalSeen, Refusal> {
    match draft.seen.trim() {
        "silent" => Ok(SignalSeen::Silent),
        "no_data" => Ok(SignalSeen::NoData),
        "fired" => {
            let empty = draft.after_s.trim().is_empty();
            if empty && matches!(signal.expect, Expect::Silent { .. }) {
                return Ok(SignalSeen::Fired { lo_ms: 0, hi_ms: 0 });
            }
            let (lo_ms, hi_ms) = seconds(&draft.after_s).map_err(|says| Refusal::unfit("after_s", says))?;
            Ok(SignalSeen::Fired { lo_ms, hi_ms })
        }
        _ => Err(Refusal::unfit("seen", "is not one of fired, silent, no_data")),
    }
}

/// "41" or "40..50", in seconds, as milliseconds.
fn seconds(text: &str) -> Result<(i64, i64), String> {
    match Measured::read(text, Some("s"))? {
        Measured::Within { lo: Some(lo), hi: Some(hi) } => {
            let ms = |s: rust_decimal::Decimal| i64::try_from((s * rust_decimal::Decimal::from(1_000)).round()).ok();
            ms(lo).zip(ms(hi)).ok_or_else(|| "is out of range".into())
        }
        _ => Err("takes seconds like 41 or 40..50".into()),
    }
}

/// Something was done differently from the plan: the run no longer counts as the same
/// experiment until somebody else calls it context.
pub async fn deviate(desk: &Desk, id: RunId, draft: &WordsDraft) -> Result<Run> {
    let text = note(&draft.text, "text")?;
    let when = moment(desk, &draft.at)?;
    one(desk, id, Step::Deviate, move |held| {
        let number = held.next_number("deviated");
        Ok((when, RunEvent::Deviated { number, text }))
    })
    .await
}

/// Everybody who may look may press this, with nothing but the reason. A program that was told to stop does
/// not know it and leaves it open; then a person gives it.
pub async fn abort(desk: &Desk, id: RunId, draft: &AbortDraft) -> Result<Run> {
    let mut checking = Checking::default();
    let reason = match draft.reason.trim() {
        REASON_OPEN => Some(None),
        word => AbortReason::named(word).map_err(|says| checking.say("reason", says)).ok().map(Some),
    };
    let text = checking.maybe("text", &draft.text, Note::new);
    let reason = checking.end(reason)?;
    let when = moment(desk, &draft.at)?;
    one(desk, id, Step::Abort, move |held| {
        not_before_it(&held.facts, when)?;
        Ok((when, RunEvent::AbortPressed { reason, text }))
    })
    .await
}

/// The reason an import left open.
pub async fn give_abort_reason(desk: &Desk, id: RunId, draft: &AbortDraft) -> Result<Run> {
    let mut checking = Checking::default();
    let reason = AbortReason::named(&draft.reason).map_err(|says| checking.say("reason", says)).ok();
    let text = checking.maybe("text", &draft.text, Note::new);
    let reason = checking.end(reason)?;
    let now = desk.now();
    one(desk, id, Step::GiveAbortReason, move |_| Ok((now, RunEvent::AbortReasonGiven { reason, text }))).await
}

pub async fn fail_revert(desk: &Desk, id: RunId, draft: &WordsDraft) -> Result<Run> {
    let text = note(&draft.text, "text")?;
    let when = moment(desk, &draft.at)?;
    one(desk, id, Step::FailRevert, move |_| Ok((when, RunEvent::RevertFailed { text }))).await
}

/// Ends the run: aborted if abort was pressed, finished otherwise.
pub async fn finish(desk: &Desk, id: RunId, draft: &AtDraft) -> Result<Run> {
    let when = moment(desk, &draft.at)?;
    one(desk, id, Step::Finish, move |held| {
        let facts = &held.facts;
        let began = facts.fault_ended.or(facts.started);
        if began.is_some_and(|began| when < began) {
            return Err(Refusal::unfit("at", "lies before what is already written down").into());
        }
        let execution =
            if facts.abort.is_some() || facts.abort_open { Execution::Aborted } else { Execution::Finished };
        Ok((when, RunEvent::Ended { execution }))
    })
    .await
}

/// The run was on a version that lacks a fix.
pub async fn record_lack(desk: &Desk, id: RunId, draft: &LacksDraft) -> Result<Run> {
    let fix: FixId = draft.fix.parse().map_err(|no: NoId| Refusal::unfit("fix", no.to_string()))?;
    let reason = note(&draft.reason, "reason")?;
    let now = desk.now();
    one(desk, id, Step::RecordLack, move |_| Ok((now, RunEvent::LacksFix { fix, reason }))).await
}

/// A visible addition to a closed run; it moves nothing.
pub async fn amend(desk: &Desk, id: RunId, draft: &WordsDraft) -> Result<Run> {
    let text = Prose::new(&draft.text).map_err(|trouble| Refusal::unfit("text", trouble.to_string()))?;
    let now = desk.now();
    one(desk, id, Step::Amend, move |_| Ok((now, RunEvent::Amended { text }))).await
}
