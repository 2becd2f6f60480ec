//! What the gate would say before there is a run: of a plan, or of a service in an environment.

use super::gathering::{Place, Seen, fitting, plan_state, reach, seen};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    experiments::{self, plan::Plan},
    fault::Result,
    gate::{
        Check, Gate, Input, Inputs, SloState,
        asked::Asked,
        checks, lines,
        reach::{at_once, lasting},
    },
    id::ExperimentId,
    interval::Interval,
    refusal::Refusal,
    services, slos,
    text::Slug,
    time::Moment,
};

/// What belongs to a run and is asked once there is one.
const OF_A_RUN: [Check; 4] = [Check::Quorum, Check::GoNoGo, Check::Incident, Check::SteadyState];
/// What belongs to a plan.
const OF_A_PLAN: [Check; 3] = [Check::Plan, Check::Revert, Check::BlastRadius];

/// The gate asked without a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    pub asked: Asked,
    /// Checks that cannot be asked yet.
    pub left_out: Vec<Check>,
    /// Where working time refuses: the first moment that would do; None if nobody knows one.
    pub first_fit: Option<Moment>,
}

/// What the gate would say of the plan that runs, or of the newest one before any is approved. None
/// while the plan names no environment.
pub async fn of_experiment(desk: &Desk, id: ExperimentId, at: Moment) -> Result<Option<Advice>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let experiment = experiments::acts::in_tx(&mut tx, id).await?;
    let revision = experiment.approved.unwrap_or(experiment.revision);
    let plan = experiments::acts::plan_of(&mut tx, id, revision).await?;
    let Some(environment) = plan.identity.environment.clone() else { return Ok(None) };
    of_plan(desk, &mut tx, id, (revision, &plan), environment, at).await.map(Some)
}

async fn of_plan(
    desk: &Desk,
    tx: &mut Tx,
    id: ExperimentId,
    (revision, plan): (i64, &Plan),
    environment: Slug,
    at: Moment,
) -> Result<Advice> {
    let experiment = experiments::acts::in_tx(tx, id).await?;
    let place = Place { services: plan.identity.services.clone(), environment, during: lasting(plan, at), run: None };
    let seen = seen(desk, tx, &place).await?;
    let reach = reach(desk, tx, id, plan, &place, &[]).await?;
    let (slos, budgets) = seen.budgets(Some(&reach));
    let inputs = Inputs {
        plan: Input::Known(plan_state(&experiment, revision, plan, None)),
        revert: Input::Known(reach.past.rehearsal(at)),
        at_once: at_once(plan, reach.there.all).into(),
        ..seen.inputs(slos)
    };
    let asked = asked(&seen, &inputs, &OF_A_RUN);
    let asked = Asked { budgets, radius: reach.radius, ..asked };
    Ok(Advice { asked, left_out: OF_A_RUN.to_vec(), first_fit: seen.first_fit })
}

/// What the budgets say against a run of a plan now, as a clause; None where its worst case leaves their reserve alone,
/// or nothing is promised and nothing has to be.
pub(crate) async fn against_budget(desk: &Desk, tx: &mut Tx, id: ExperimentId, plan: &Plan) -> Result<Option<String>> {
    let Some(environment) = &plan.identity.environment else { return Ok(None) };
    let found = services::acts::find_environment(tx, environment).await?;
    let class = found.ok_or_else(|| Refusal::missing("environment", environment))?.class;
    let mut states = Vec::new();
    for (kept, standing) in slos::acts::promised(tx, &plan.identity.services, environment, desk.now()).await? {
        let budget = fitting(desk, tx, Some((id, plan)), (&kept, &standing)).await?.into();
        states.push(SloState { name: kept.id.to_string(), budget, level: standing.level.is });
    }
    let ((answer, says), _) = checks::budget(&states, class);
    Ok((answer != Gate::Go).then_some(says))
}

/// What the gate would say of any run on a service in an environment now; with an experiment, of
/// its plan, which has to be about both.
pub async fn of_service(
    desk: &Desk,
    service: &Slug,
    environment: &Slug,
    experiment: Option<ExperimentId>,
) -> Result<Advice> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    services::acts::load(&mut tx, service.as_str()).await?;
    if let Some(id) = experiment {
        let found = experiments::acts::in_tx(&mut tx, id).await?;
        let revision = found.approved.unwrap_or(found.revision);
        let plan = experiments::acts::plan_of(&mut tx, id, revision).await?;
        if !plan.identity.services.contains(service) {
            return Err(Refusal::unfit("experiment", format!("is not about {service}")).into());
        }
        if plan.identity.environment.as_ref() != Some(environment) {
            return Err(Refusal::unfit("environment", format!("is not where {id} runs")).into());
        }
        return of_plan(desk, &mut tx, id, (revision, &plan), environment.clone(), desk.now()).await;
    }
    let place = Place {
        services: [service.clone()].into(),
        environment: environment.clone(),
        during: Interval::lasting(desk.now(), 0),
        run: None,
    };
    let seen = seen(desk, &mut tx, &place).await?;
    let (slos, budgets) = seen.budgets(None);
    let left_out = [&OF_A_PLAN[..], &OF_A_RUN[..]].concat();
    let asked = asked(&seen, &seen.inputs(slos), &left_out);
    Ok(Advice { asked: Asked { budgets, ..asked }, left_out, first_fit: seen.first_fit })
}

fn asked(seen: &Seen, inputs: &Inputs, left_out: &[Check]) -> Asked {
    let lines = lines(inputs, &seen.policy).into_iter().filter(|line| !left_out.contains(&line.check));
    Asked {
        policy: seen.policy.version,
        solo: seen.solo,
        lines: lines.collect(),
        replies: Vec::new(),
        present: Vec::new(),
        budgets: Vec::new(),
        radius: None,
    }
}
