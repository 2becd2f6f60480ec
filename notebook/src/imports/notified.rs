//! Taking what a tool tells of its runs while it works. Of one run there may be several tellings, in any
//! order, more than once, and a journal besides: together they are one run.

use serde::Serialize;

use super::{
    acts::{self, TakeDraft, Taken, too_large},
    chaostoolkit::notification::Started,
    home,
    reading::{self, Told},
};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    experiments::{self, observed},
    fault::{Error, Result},
    id::{ExperimentId, RunId},
    refusal::Refusal,
    runs::{self, facts::Execution},
    text::Prose,
    time::Moment,
};

/// What became of one telling.
pub enum Noted {
    /// The run has ended.
    Taken(Box<Taken>),
    /// The run has begun.
    Begun(Begun),
    /// Nothing is kept of it.
    Passed,
}

/// A run that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Begun {
    pub experiment: ExperimentId,
    /// The run that was named and takes part; None if this is only a note.
    pub run: Option<RunId>,
    /// It was opened now.
    pub opened: bool,
    /// What was written down; empty if it was written before.
    pub says: String,
}

/// Takes a notification of Chaos Toolkit. Nothing is stored of one that does not read.
pub async fn take(desk: &Desk, bytes: &[u8], draft: &TakeDraft) -> Result<Noted> {
    desk.may(Act::Import)?;
    match reading::notification(bytes).await?.map_err(too_large)? {
        Told::Ended(understood) => Ok(Noted::Taken(Box::new(acts::take_understood(desk, &understood, draft).await?))),
        Told::Started(started) => begun(desk, &started).await,
        Told::Other => Ok(Noted::Passed),
    }
}

async fn begun(desk: &Desk, started: &Started) -> Result<Noted> {
    let Some(ids) = &started.retrial else { return Ok(Noted::Passed) };
    // The same telling twice is one note.
    let once = format!("chaostoolkit began {ids:?} {} {:?}", started.title, started.at_us);
    let mut desk = desk.clone();
    desk.once = Some(once.into());
    let desk = &desk;
    let mut tx = match desk.begin_write().await {
        Err(Error::Refused(Refusal::Done { .. })) => return Ok(Noted::Passed),
        other => other?,
    };
    let Some(experiment) = home::experiment(&mut tx, ids).await? else { return Ok(Noted::Passed) };
    // A clock ahead of ours must not make a run begin in the future.
    let at = started.at_us.map_or(desk.now(), Moment::from_micros).min(desk.now());
    let name = ids.revision.map_or_else(|| experiment.to_string(), |number| format!("{experiment}@{number}"));
    let named = ids.run.as_deref().and_then(|text| text.parse::<RunId>().ok());
    let noted = if let Some(run) = named {
        begun_run(desk, &mut tx, experiment, run, &name, at).await?
    } else {
        let says = format!("Chaos Toolkit began a run of {name}: \"{}\".", started.title);
        note(desk, &mut tx, experiment, says, at).await?
    };
    desk.commit(tx, experiment).await?;
    Ok(noted.map_or(Noted::Passed, Noted::Begun))
}

/// A run that was named: opened if it is planned and its plan may run, else said where it can be read. The
/// gate can only say what it would have said.
async fn begun_run(
    desk: &Desk,
    tx: &mut Tx,
    experiment: ExperimentId,
    run: RunId,
    name: &str,
    at: Moment,
) -> Result<Option<Begun>> {
    let Some(mut held) = runs::acts::waiting(tx, run, experiment).await? else {
        // Its result was here first, or it is not ours to open; the result says more than this would.
        return Ok(None);
    };
    let was_planned = held.run.execution == Execution::Planned;
    if was_planned {
        match runs::acts::begin_for(desk, tx, &mut held, at).await {
            Ok(()) => {}
            Err(Error::Refused(refusal)) => {
                let says = format!("Chaos Toolkit began {run} of {name}, which is not opened. {refusal}");
                return note(desk, tx, experiment, says, at).await;
            }
            Err(error) => return Err(error),
        }
    }
    let says = format!("Chaos Toolkit began {name}.");
    if let Ok(text) = Prose::new(&says) {
        runs::acts::say(desk, tx, &mut held, at, text).await?;
    }
    Ok(Some(Begun { experiment, run: Some(run), opened: was_planned, says }))
}

/// A line among the experiment's observations.
async fn note(desk: &Desk, tx: &mut Tx, experiment: ExperimentId, says: String, at: Moment) -> Result<Option<Begun>> {
    desk.may(Act::Observe)?;
    experiments::acts::in_tx(tx, experiment).await?;
    if let Ok(text) = Prose::new(&says) {
        observed::observe_in(desk, tx, experiment, at, text).await?;
    }
    Ok(Some(Begun { experiment, run: None, opened: false, says }))
}
