//! Signs and closes what ran unattended, by the decision to automate: an act of the clock. What is written is what
//! was done; whether the decision may do it is worked out in the same transaction, so neither a second clock nor a
//! failure that came meanwhile makes it wrong.

use super::{
    automation::{Automation, Said, automation, left_to_people},
    close::open,
    decided::{self, Claims, judge},
    lineage::known,
    sql,
};
use crate::{
    actor::Act,
    db::Tx,
    decisions::{self, DecisionKind, drafts::Draft},
    desk::Desk,
    experiments,
    fault::{Error, Result},
    id::{DecisionId, ExperimentId, FindingId, FixId, RunId},
    limits::UNATTENDED_AT_ONCE,
    refusal::Refusal,
    runs::{
        acts::Held,
        facts::{Exercised, RunFacts, Verdict},
        steps::Step,
        trail::RunEvent,
    },
};

/// What one round came to.
#[derive(Debug, Default)]
pub struct Unattended {
    /// Runs that were signed and closed.
    pub signed: usize,
    /// What could not be looked at; the others were.
    pub troubles: Vec<(RunId, Error)>,
}

/// Signs and closes runs that nobody attended and that passed, of experiments that are automated.
pub async fn sign_unattended(desk: &Desk) -> Result<Unattended> {
    desk.may(Act::SignVerdict)?;
    let mut tx = desk.begin_read().await?;
    let waiting = sql::unattended(&mut tx, UNATTENDED_AT_ONCE).await?;
    drop(tx);
    let mut unattended = Unattended::default();
    for id in waiting {
        match Box::pin(of_run(desk, id)).await {
            Ok(signed) => unattended.signed += usize::from(signed),
            // Somebody signed or closed it since it was found.
            Err(Error::Refused(Refusal::NotNow { .. })) => {}
            Err(error) => unattended.troubles.push((id, error)),
        }
    }
    Ok(unattended)
}

/// Most of what waits, waits for a person: that is seen beside whoever writes.
async fn of_run(desk: &Desk, id: RunId) -> Result<bool> {
    let mut tx = desk.begin_read().await?;
    let held = Held::load(&mut tx, id).await?;
    if graduation(desk, &mut tx, &held.facts).await?.is_none() {
        return Ok(false);
    }
    drop(tx);
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Sign).await?;
    let Some(Graduation { decision, not_exercised }) = graduation(desk, &mut tx, &held.facts).await? else {
        return Ok(false);
    };
    let draft = draft(&held.facts, decision);
    decided::hold(desk, &mut tx, &draft).await?;
    let now = desk.now();
    let signed = RunEvent::Signed { verdict: Verdict::Upheld, analysis: None, graduation: Some(decision) };
    held.note(desk, &mut tx, now, signed).await?;
    for (fix, finding) in not_exercised {
        let answer = RunEvent::FixAnswered { fix, finding, exercised: Exercised::Not, reason: None };
        held.note(desk, &mut tx, now, answer).await?;
    }
    held.note(desk, &mut tx, now, RunEvent::Closed).await?;
    held.keep(desk, &mut tx).await?;
    decided::add(desk, &mut tx, &draft).await?;
    desk.commit(tx, id).await?;
    Ok(true)
}

/// Whether the decision to automate signs a run, or has signed it: then it is no news.
pub(crate) async fn signs_itself(desk: &Desk, tx: &mut Tx, id: RunId) -> Result<bool> {
    let held = Held::load(tx, id).await?;
    for line in held.entries.iter().filter(|line| line.act == "signed") {
        if matches!(line.read()?, RunEvent::Signed { graduation: Some(_), .. }) {
            return Ok(true);
        }
    }
    Ok(graduation(desk, tx, &held.facts).await?.is_some())
}

/// The decision that signs a run.
struct Graduation {
    decision: DecisionId,
    /// Fixes in place that the run could not exercise: their answer is fixed.
    not_exercised: Vec<(FixId, FindingId)>,
}

async fn graduation(desk: &Desk, tx: &mut Tx, run: &RunFacts) -> Result<Option<Graduation>> {
    let Some(automation) = automation_of(desk, tx, run.experiment).await? else { return Ok(None) };
    let approved = experiments::acts::in_tx(tx, run.experiment).await?.approved;
    let plan = match approved {
        Some(number) => Some(experiments::acts::plan_of(tx, run.experiment, number).await?),
        None => None,
    };
    let open = open(tx, run).await?;
    let asks = open.iter().any(|open| open.can_exercise);
    if left_to_people(&automation, run, plan.as_ref().map(|plan| &plan.identity), asks).is_some() {
        return Ok(None);
    }
    let not_exercised = open.iter().map(|open| (open.fix.id, open.finding.id)).collect();
    Ok(Some(Graduation { decision: automation.decision, not_exercised }))
}

/// The decision to automate an experiment, if it is the last word, and whether it signs now.
pub(super) async fn automation_of(desk: &Desk, tx: &mut Tx, id: ExperimentId) -> Result<Option<Automation>> {
    let (mut claims, mut said) = (Claims::new(), Vec::new());
    for decision in sql::who_runs(tx, id).await? {
        let decision = decisions::acts::in_tx(tx, decision).await?;
        let (standing, ..) = Box::pin(judge(desk, tx, &decision, &mut claims)).await?;
        said.push(Said::of(&decision, standing.is));
    }
    if said.is_empty() {
        return Ok(None);
    }
    let stage = experiments::acts::in_tx(tx, id).await?.stage;
    let known = known(desk, tx, id).await?;
    Ok(automation(id, stage, &said, &known.failures))
}

/// What is decided by closing it.
fn draft(run: &RunFacts, decision: DecisionId) -> Draft {
    Draft {
        kind: DecisionKind::RepeatAsIs.word().to_owned(),
        reason: format!("{} ran unattended and passed. It is signed and closed by {decision}.", run.id),
        run: run.id.to_string(),
        claims: vec![run.experiment.to_string()],
        ..Draft::default()
    }
}
