//! Carrying a plan out to the tool that runs it.

use crate::{
    desk::Desk,
    experiments::{
        self,
        automation::{self, Ticket},
    },
    fault::{Fault, Result},
    foreign::tree::Tree,
    id::{ExperimentId, RunId},
    refusal::Refusal,
    runs::{self, facts::Execution},
};

/// A revision as an experiment that Chaos Toolkit runs unchanged. `run` names the run that is to take
/// the result, or is empty; `page` says where that run, or the revision, can be read.
pub async fn chaostoolkit(
    desk: &Desk,
    id: ExperimentId,
    number: i64,
    run: &str,
    page: impl Fn(Option<RunId>) -> String,
) -> Result<Tree> {
    let revision = experiments::acts::show_revision(desk, id, number).await?;
    let run = match run.trim() {
        "" => None,
        text => Some(taking(desk, id, number, text).await?),
    };
    let ticket = Ticket { experiment: id, revision: number, run, url: page(run), fingerprint: revision.fingerprint };
    let document = automation::export(&revision.plan, &ticket)
        .map_err(|trouble| Fault::bad_row("revisions", format!("{id}@{number}"), trouble))?;
    Ok(document)
}

/// The run of this revision that can still take a result.
async fn taking(desk: &Desk, id: ExperimentId, number: i64, text: &str) -> Result<RunId> {
    let unfit = |says: String| Refusal::unfit("run", says);
    let run: RunId = text.parse().map_err(|_| unfit("is no run's id, like RUN-7".into()))?;
    let found = runs::acts::show(desk, run).await?.run;
    let waits = matches!(found.execution, Execution::Planned | Execution::Running | Execution::Reverting);
    if found.experiment != id {
        Err(unfit(format!("is a run of {}, not of {id}", found.experiment)).into())
    } else if found.revision != number {
        Err(unfit(format!("is a run of {id}@{}, not of {id}@{number}", found.revision)).into())
    } else if !waits {
        Err(unfit(format!("is {}; plan another run", found.execution.label().to_lowercase())).into())
    } else {
        Ok(run)
    }
}
