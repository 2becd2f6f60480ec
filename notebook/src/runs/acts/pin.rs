//! Which observations tell the run in short.

use super::{during::OBSERVED, one};
use crate::{
    desk::Desk,
    fault::Result,
    id::RunId,
    refusal::{Checking, Refusal},
    runs::{Run, drafts::PinDraft, steps::Step, trail::RunEvent},
};

/// The act's word of such a line.
pub(super) const PINNED: &str = "pinned";

/// Puts an observation among those that tell the run in short, or takes it out again.
pub async fn pin(desk: &Desk, id: RunId, draft: &PinDraft) -> Result<Run> {
    let mut checking = Checking::default();
    let pinned = checking.tick("pinned", &draft.pinned);
    let observation: Option<i64> = draft.observation.trim().trim_start_matches('o').parse().ok();
    if observation.is_none() {
        checking.say("observation", "takes the number of an observation, like 12");
    }
    let observation = checking.end(observation)?;
    let now = desk.now();
    one(desk, id, Step::Observe, move |held| {
        for entry in held.entries.iter().filter(|entry| entry.act == OBSERVED) {
            if matches!(entry.read()?, RunEvent::Observed { number, .. } if number == observation) {
                return Ok((now, RunEvent::Pinned { observation, pinned }));
            }
        }
        Err(Refusal::unfit("observation", format!("is no observation of {id}")).into())
    })
    .await
}
