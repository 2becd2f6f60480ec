//! The steps of the method, marked as they are begun and done.

use super::{Held, during::moment, one};
use crate::{
    actor::Act,
    desk::Desk,
    fault::Result,
    id::{RunId, number_of},
    refusal::Refusal,
    runs::{Run, drafts::StepDraft, steps::Step, trail::RunEvent},
};

/// A step of the method begins.
pub async fn begin_step(desk: &Desk, id: RunId, draft: &StepDraft) -> Result<Run> {
    desk.may(Act::RecordRun)?;
    let at = moment(desk, &draft.at)?;
    one(desk, id, Step::BeginStep, move |held| {
        let number = planned(held, draft)?;
        if held.facts.step(number).is_some() {
            return Err(Refusal::not_now(Act::RecordRun, format!("step {number} of {id} has begun already")).into());
        }
        if held.facts.started.is_some_and(|started| at < started) {
            return Err(Refusal::unfit("at", "lies before the run started").into());
        }
        Ok((at, RunEvent::StepBegan { number }))
    })
    .await
}

/// A step of the method is done.
pub async fn end_step(desk: &Desk, id: RunId, draft: &StepDraft) -> Result<Run> {
    desk.may(Act::RecordRun)?;
    let at = moment(desk, &draft.at)?;
    one(desk, id, Step::EndStep, move |held| {
        let number = planned(held, draft)?;
        let Some(step) = held.facts.step(number) else {
            return Err(Refusal::not_now(Act::RecordRun, format!("step {number} of {id} has not begun")).into());
        };
        if step.ended.is_some() {
            return Err(Refusal::not_now(Act::RecordRun, format!("step {number} of {id} is done already")).into());
        }
        if at < step.began {
            return Err(Refusal::unfit("at", "lies before the step began").into());
        }
        Ok((at, RunEvent::StepEnded { number }))
    })
    .await
}

/// The place in the plan's method that a form names.
fn planned(held: &Held, draft: &StepDraft) -> Result<i64, Refusal> {
    let known = |number: &i64| usize::try_from(*number).is_ok_and(|number| number <= held.facts.identity.method.len());
    number_of(draft.number.trim())
        .filter(known)
        .ok_or_else(|| Refusal::unfit("number", format!("is no step of the method of {}", held.run.id)))
}
