//! Carrying plans and SLOs out to the tools that run and watch them.

use std::collections::BTreeSet;

use super::openslo;
use crate::{
    desk::Desk,
    experiments::{
        self,
        automation::{self, Ticket},
    },
    fault::{Fault, Result},
    foreign::{tree::Tree, yaml},
    id::{ExperimentId, RunId, SloId},
    refusal::Refusal,
    runs::{self, facts::Execution},
    services,
    slos::{self, kept::Kept},
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

/// One SLO and its service as OpenSLO: the text in force.
pub async fn openslo(desk: &Desk, id: SloId) -> Result<String> {
    let kept = slos::acts::show(desk, id).await?.kept;
    documents(desk, &[kept]).await
}

/// All SLOs that are not retired, without the sample's.
pub async fn openslo_all(desk: &Desk) -> Result<String> {
    let mut filter = slos::acts::Filter::default();
    let mut all = Vec::new();
    loop {
        let (page, more) = slos::acts::list(desk, &filter).await?;
        filter.before = page.last().map(|kept| kept.id);
        all.extend(page.into_iter().filter(|kept| kept.retired_at.is_none() && !kept.id.is_sample()));
        if !more {
            break;
        }
    }
    all.sort_by_key(|kept| kept.id);
    documents(desk, &all).await
}

/// Services first, each once.
async fn documents(desk: &Desk, all: &[Kept]) -> Result<String> {
    let mut tx = desk.begin_read().await?;
    let mut documents = Vec::new();
    for slug in all.iter().map(|kept| &kept.in_force().service).collect::<BTreeSet<_>>() {
        documents.push(openslo::export::service(&services::acts::load(&mut tx, slug.as_str()).await?));
    }
    documents.extend(all.iter().map(|kept| openslo::export::slo(kept.id, kept.in_force())));
    Ok(yaml::written_all(&documents))
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
