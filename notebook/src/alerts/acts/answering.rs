//! The answers that follow from alerts for the signals of runs: written like any other, with what told them.

use std::collections::BTreeSet;

use super::{Around, last_expected};
use crate::{
    alerts::telling::{Looks, Telling},
    db::Tx,
    desk::Desk,
    experiments::{self, plan::SignalAlert},
    fault::Result,
    id::RunId,
    limits::ALERTS_LATE_HOURS,
    runs::{
        acts::{Held, answerable},
        facts::SignalAnswer,
        steps::Step,
        trail::RunEvent,
    },
    text::Slug,
};

/// A run whose signals wait to be heard, held until the end of the transaction.
pub(super) struct Waiting {
    held: Held,
    alerts: Vec<SignalAlert>,
}

/// The runs in these environments that wait.
pub(super) async fn waiting(desk: &Desk, tx: &mut Tx, environments: &BTreeSet<Slug>) -> Result<Vec<Waiting>> {
    let ended_from = desk.now().plus_hours(-ALERTS_LATE_HOURS);
    let mut waiting = Vec::new();
    for environment in environments {
        for run in answerable(tx, environment, ended_from).await? {
            let alerts = experiments::acts::plan_of(tx, run.experiment, run.revision).await?.context.alerts;
            if !alerts.is_empty() {
                let held = Box::pin(Held::load_for(desk, tx, run.id, Step::Answer)).await?;
                waiting.push(Waiting { held, alerts });
            }
        }
    }
    Ok(waiting)
}

/// Writes what follows now for these runs; gives those that got an answer.
pub(super) async fn answer_runs(desk: &Desk, tx: &mut Tx, waiting: Vec<Waiting>) -> Result<Vec<RunId>> {
    let mut answered = Vec::new();
    for Waiting { mut held, alerts } in waiting {
        if Box::pin(answer(desk, tx, &mut held, &alerts)).await? {
            held.keep(desk, tx).await?;
            answered.push(held.run.id);
        }
    }
    Ok(answered)
}

/// The same for a run that is being changed: what was told before it said that the fault began counts, too.
pub(crate) async fn answer_signals(desk: &Desk, tx: &mut Tx, held: &mut Held) -> Result<()> {
    let plan = experiments::acts::plan_of(tx, held.run.experiment, held.run.revision).await?;
    if !plan.context.alerts.is_empty() {
        answer(desk, tx, held, &plan.context.alerts).await?;
    }
    Ok(())
}

/// What a person said of a signal stands, and so does everything once the verdict is signed: changing that
/// takes a reason. Whether there was something new.
async fn answer(desk: &Desk, tx: &mut Tx, held: &mut Held, alerts: &[SignalAlert]) -> Result<bool> {
    let is_settled = held.facts.signed.is_some() || held.facts.closed;
    let Some(looks) = Looks::of(&held.facts, desk.now()).filter(|_| !is_settled) else {
        return Ok(false);
    };
    let from = held.facts.started.unwrap_or(looks.fault).min(looks.fault);
    let to = last_expected(&held.facts.identity, looks.fault).max(looks.ended.unwrap_or(looks.now));
    let around = Around::load(tx, &held.run.environment, from, to).await?;
    let mut news = Vec::new();
    for SignalAlert { signal, alert } in alerts {
        let Some(known) = held.facts.identity.signals.iter().find(|known| known.signal == *signal) else { continue };
        let present = held.facts.signals.get(signal.as_str());
        if present.is_some_and(|answer| answer.told.is_none()) {
            continue;
        }
        let said = around.fitting(tx, alert).await?.telling(known.expect, looks, &around.heard);
        if let Telling::Says { seen, at, says } = said
            && present.is_none_or(|answer| answer.seen != seen)
        {
            news.push((at, SignalAnswer { signal: signal.clone(), seen, told: Some(says) }));
        }
    }
    let is_news = !news.is_empty();
    for (at, answer) in news {
        held.note(desk, tx, at, RunEvent::SignalAnswered { answer, amends: None }).await?;
    }
    Ok(is_news)
}
