//! What a tool reports of a run that waits for it: planned here, or under way.

use super::Held;
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    fault::{Error, Result},
    id::{ExperimentId, RunId},
    refusal::Refusal,
    runs::{
        facts::Execution,
        sql,
        steps::Step,
        trail::{ObservationKind, RunEvent},
    },
    text::Prose,
    time::Moment,
};

/// The run, held until the end of the transaction, if it is one of the experiment and has not ended.
pub(crate) async fn waiting(tx: &mut Tx, id: RunId, experiment: ExperimentId) -> Result<Option<Held>> {
    sql::lock(tx, id).await?;
    let held = match Held::load(tx, id).await {
        Ok(held) => held,
        Err(Error::Refused(Refusal::Missing { .. })) => return Ok(None),
        Err(error) => return Err(error),
    };
    let waits = matches!(held.run.execution, Execution::Planned | Execution::Running | Execution::Reverting);
    Ok(Some(held).filter(|held| waits && held.run.experiment == experiment))
}

/// Starts a planned run, because a tool says that it has begun. The gate can only say what it would
/// have said; a run that may not be is not opened.
pub(crate) async fn begin_for(desk: &Desk, tx: &mut Tx, held: &mut Held, at: Moment) -> Result<()> {
    desk.may(Act::StartRun)?;
    Step::Start.allowed(&held.facts)?;
    super::plan::begin(desk, tx, held, at, Vec::new(), super::plan::Binding::Advises).await?;
    held.keep(desk, tx).await
}

/// One line for the timeline of a run under way.
pub(crate) async fn say(desk: &Desk, tx: &mut Tx, held: &mut Held, at: Moment, text: Prose) -> Result<()> {
    desk.may(Act::Observe)?;
    let number = held.next_observation();
    held.note(desk, tx, at, RunEvent::Observed { number, kind: ObservationKind::Expected, text, pinned: false }).await
}
