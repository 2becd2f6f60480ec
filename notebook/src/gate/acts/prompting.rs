//! What the gate looks at while a run goes on: reasons to think of the abort.

use super::gathering::lacking;
use crate::{
    db::Tx,
    desk::Desk,
    fault::Result,
    gate::{
        passed::Passed,
        prompts::{Prompt, condition, frozen, people, spent},
        quorum::Present,
    },
    interval::Interval,
    ledger::{self, Until},
    runs::acts::{Held, Watched},
    teams,
};

/// Everything that speaks for aborting a run now. A run that started without a gate is not asked for
/// people; one that a tool began is.
pub(crate) async fn prompts(
    desk: &Desk,
    tx: &mut Tx,
    held: &Held,
    passed: Option<&Passed>,
    present: &[Present],
    watched: Option<&Watched>,
) -> Result<Vec<Prompt>> {
    let (run, facts) = (&held.run, &held.facts);
    let mut prompts = Vec::new();
    for (_, probe, standing) in watched.map(|watched| watched.standings(facts, desk.now())).unwrap_or_default() {
        let was_reached = facts.reached.iter().any(|reached| reached.condition == probe.condition);
        prompts.extend(condition(probe, &standing, was_reached));
    }
    if let Some(passed) = passed {
        prompts.extend(people(&lacking(tx, &run.environment, present, passed.solo).await?));
    }
    let now = Interval::lasting(desk.now(), 1);
    let around = teams::acts::around(tx, &facts.identity.services, &run.environment, now).await?;
    prompts.extend(frozen(&around.freezes));
    let costs = ledger::acts::costs_of(tx, run, facts, desk.now()).await?;
    for cost in costs.iter().filter(|cost| cost.until == Until::Now) {
        let at_start = passed.and_then(|passed| passed.budgets.iter().find(|seen| seen.slo == cost.slo));
        prompts.extend(spent(cost.slo, &cost.spend, at_start));
    }
    Ok(prompts)
}
