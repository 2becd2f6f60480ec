//! What the command under a run ended with, as whoever started it tells.

use super::{Held, during::moment};
use crate::{
    actor::Act,
    desk::Desk,
    experiments::{self, exit_codes::meaning},
    fault::Result,
    id::RunId,
    refusal::Refusal,
    runs::{Run, drafts::CodeDraft, facts::Exited, steps::Step, trail::RunEvent},
};

/// Writes the code down with what the run's own revision takes it for. It may come late, but not after the
/// signature: what was signed is what was proposed then.
pub async fn tell_exit_code(desk: &Desk, id: RunId, draft: &CodeDraft) -> Result<Run> {
    desk.may(Act::RecordRun)?;
    let Ok(code) = draft.code.trim().parse::<u8>() else {
        return Err(Refusal::unfit("code", "takes an exit code, from 0 to 255").into());
    };
    let at = moment(desk, &draft.at)?;
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Observe).await?;
    if held.facts.signed.is_some() {
        return Err(Refusal::not_now(Act::RecordRun, format!("the verdict of {id} is signed")).into());
    }
    if held.facts.started.is_some_and(|started| at < started) {
        return Err(Refusal::unfit("at", "lies before the run started").into());
    }
    let plan = experiments::acts::plan_of(&mut tx, held.run.experiment, held.run.revision).await?;
    let exited = Exited { code, means: meaning(&plan.context.exit_codes, code) };
    held.note(desk, &mut tx, at, RunEvent::CommandEnded { exited }).await?;
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await?;
    Ok(held.run)
}
