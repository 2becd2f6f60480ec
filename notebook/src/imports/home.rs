//! Where in the notebook a document's run belongs: its experiment, the revision that ran, and the run
//! that waits for it. What a document says of this is a claim, and is believed where it fits.

use super::{Proposal, RetrialIds, redact};
use crate::{
    db::Tx,
    experiments::{
        self,
        automation::{self, Parts, Ticket},
        plan::Plan,
    },
    fault::{Error, Fault, Result},
    id::{ExperimentId, RunId},
    refusal::Refusal,
    runs::{self, acts::Held},
};

/// A document's place within its experiment.
pub(super) struct Home {
    pub revision: i64,
    pub plan: Plan,
    /// The document was exported from a revision that is still what it was: the run's own, or another one.
    pub is_exported: bool,
    /// The run that waits for the result; without one the result makes its own.
    pub waiting: Option<Held>,
    /// A run was named that cannot take the result any more.
    pub named_in_vain: Option<String>,
}

/// The experiment a document names. One with a fingerprint that none of its revisions has belongs to
/// another notebook, or to a plan that is not the same any more.
pub(super) async fn experiment(tx: &mut Tx, ids: &RetrialIds) -> Result<Option<ExperimentId>> {
    let Some(id) = ids.experiment.as_deref().and_then(|text| text.parse().ok()) else { return Ok(None) };
    match experiments::acts::in_tx(tx, id).await {
        Err(Error::Refused(Refusal::Missing { .. })) => return Ok(None),
        Err(error) => return Err(error),
        Ok(_) => {}
    }
    let says_revision = ids.revision.is_some() && ids.fingerprint.is_some();
    Ok(if says_revision && exported(tx, id, ids).await?.is_none() { None } else { Some(id) })
}

/// The revision that the document was exported from, if it is still what it was.
async fn exported(tx: &mut Tx, experiment: ExperimentId, ids: &RetrialIds) -> Result<Option<(i64, Plan)>> {
    let Some(number) = ids.revision else { return Ok(None) };
    match experiments::acts::plan_of(tx, experiment, number).await {
        Ok(plan) => {
            let same = ids.fingerprint.as_ref().is_none_or(|known| *known == plan.identity.fingerprint());
            Ok(same.then_some((number, plan)))
        }
        Err(Error::Refused(Refusal::Missing { .. })) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `named` is the run that its sender says the result is of; without it the document's own word counts.
pub(super) async fn of(
    tx: &mut Tx,
    proposal: &Proposal,
    experiment: ExperimentId,
    named: Option<RunId>,
) -> Result<Home> {
    let found = experiments::acts::in_tx(tx, experiment).await?;
    // Somebody may have chosen another experiment than the document names; then its ids say nothing.
    let ids = proposal.retrial.as_ref().filter(|ids| ids.experiment.as_deref() == Some(&*experiment.to_string()));
    let of_document = ids.and_then(|ids| ids.run.as_deref()?.parse::<RunId>().ok());
    let revision = ids.filter(|_| named.is_none()).and_then(|ids| ids.revision);
    let of_export = match ids {
        Some(ids) => exported(tx, experiment, ids).await?,
        None => None,
    };
    let (mut waiting, mut named_in_vain) = (None, None);
    if let Some(run) = named.or(of_document) {
        let fits = |held: &Held| revision.is_none_or(|number| number == held.run.revision);
        waiting = runs::acts::waiting(tx, run, experiment).await?.filter(fits);
        named_in_vain = waiting.is_none().then(|| run.to_string());
    }
    let is_exported = of_export.is_some();
    let (revision, plan) = match (&waiting, of_export) {
        (Some(held), Some(of_export)) if of_export.0 == held.run.revision => of_export,
        // What ran is compared with the revision of the run, whichever one it was exported from.
        (Some(held), _) => (held.run.revision, experiments::acts::plan_of(tx, experiment, held.run.revision).await?),
        (None, Some(of_export)) => of_export,
        (None, None) => {
            let number = found.approved.unwrap_or(found.revision);
            (number, experiments::acts::plan_of(tx, experiment, number).await?)
        }
    };
    Ok(Home { revision, plan, is_exported, waiting, named_in_vain })
}

impl Home {
    /// The parts in which the experiment that ran is not the revision as it is exported.
    pub fn strayed(&self, experiment: ExperimentId, proposal: &Proposal) -> Result<Vec<&'static str>> {
        let Some(ran) = proposal.parts.as_ref().filter(|_| self.is_exported) else { return Ok(Vec::new()) };
        Ok(ran.differences(&exported_parts(experiment, self.revision, &self.plan)?))
    }
}

/// Whether an experiment's document is a revision as it is exported, and nothing else.
pub(super) async fn is_export(tx: &mut Tx, experiment: ExperimentId, ids: &RetrialIds, parts: &Parts) -> Result<bool> {
    let Some((revision, plan)) = exported(tx, experiment, ids).await? else { return Ok(false) };
    Ok(exported_parts(experiment, revision, &plan)? == *parts)
}

fn exported_parts(experiment: ExperimentId, revision: i64, plan: &Plan) -> Result<Parts> {
    // The ticket is no part of what is compared.
    let ticket = Ticket { experiment, revision, run: None, url: String::new(), fingerprint: String::new() };
    let document = automation::export(plan, &ticket)
        .map_err(|trouble| Fault::bad_row("revisions", format!("{experiment}@{revision}"), trouble))?;
    let mut clean = document.to_value();
    redact::redact(&mut clean);
    Ok(Parts::of(&clean))
}
