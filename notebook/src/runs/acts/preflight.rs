//! What is said just before a start: go or no-go of each part, and what looking both ways showed.

use super::{Held, lines, one};
use crate::{
    actor::Act,
    desk::Desk,
    fault::Result,
    gate::{
        drafts::{LooksDraft, PollDraft},
        preflight::may_answer,
        told::attending,
    },
    id::RunId,
    refusal::Refusal,
    runs::{Run, steps::Step, trail::RunEvent},
};

/// Says go or no-go for a part of one's own. The gate asks about a no-go until the same person says go.
pub async fn answer_poll(desk: &Desk, id: RunId, draft: &PollDraft) -> Result<Run> {
    desk.may(Act::AnswerPoll)?;
    let (part, says, text) = draft.check()?;
    one(desk, id, Step::AnswerPoll, move |held: &Held| {
        may_answer(&attending(&lines(&held.entries)?), part, desk.person_id(), desk.now())
            .map_err(|says| Refusal::unfit("part", says))?;
        Ok((desk.now(), RunEvent::PollAnswered { part, says, text }))
    })
    .await
}

/// Writes down what was seen on looking both ways. What is not clear is asked about by the gate.
pub async fn look_both_ways(desk: &Desk, id: RunId, draft: &LooksDraft) -> Result<Run> {
    desk.may(Act::LookBothWays)?;
    let looks = draft.check()?;
    let now = desk.now();
    one(desk, id, Step::LookBothWays, move |_| Ok((now, RunEvent::LookedBothWays { looks }))).await
}
