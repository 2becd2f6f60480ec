//! Who is on a run, and what a second person answers to the gate before it starts.

use std::collections::BTreeSet;

use super::Held;
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    fault::Result,
    gate::{
        self, Check, Line,
        answers::may_reply,
        drafts::{AttendDraft, ReplyDraft},
        told::Attending,
    },
    id::RunId,
    people,
    refusal::Refusal,
    runs::{Run, steps::Step, trail::RunEvent},
};

/// Marks one person's parts, whether they can revert and whether they are here. Without any of it
/// the person leaves.
pub async fn attend(desk: &Desk, id: RunId, draft: &AttendDraft) -> Result<Run> {
    desk.may(Act::Attend)?;
    let attending = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Attend).await?;
    // The people of the sample are names on its lines and no accounts.
    if !desk.writes_sample() {
        fits_account(&mut tx, &attending).await?;
    }
    held.note(desk, &mut tx, desk.now(), RunEvent::Attends { attending }).await?;
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await?;
    Ok(held.run)
}

/// Who can revert is said on the account, not on the run: nobody is counted on by a tick alone.
async fn fits_account(tx: &mut Tx, attending: &Attending) -> Result<()> {
    let Some(account) = people::acts::open_account(tx, attending.person).await? else {
        return Err(Refusal::unfit("person", "is nobody who can sign in here").into());
    };
    if attending.can_revert && !account.can_revert {
        let says = format!("is not said of the account of {}; an admin marks it under People", account.name);
        return Err(Refusal::unfit("can_revert", says).into());
    }
    Ok(())
}

/// Answers one check of a planned run's gate. Whoever does that does not start the run, unless
/// there is nobody else.
pub async fn answer_gate(desk: &Desk, id: RunId, draft: &ReplyDraft) -> Result<Run> {
    desk.may(Act::AnswerGate)?;
    let (check, text) = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::AnswerGate).await?;
    let line = answerable(desk, &mut tx, &held, check).await?;
    held.note(desk, &mut tx, desk.now(), RunEvent::GateAnswered { check, asked: line.says, about: line.about, text })
        .await?;
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await?;
    Ok(held.run)
}

/// What a check asks of a start at the planned time and of one now, as far as it can be answered: one
/// answer is for both.
async fn answerable(desk: &Desk, tx: &mut Tx, held: &Held, check: Check) -> Result<Line> {
    let by = desk.person_id().unwrap_or(gate::asked::OPERATOR);
    let (mut found, mut no) = (None::<Line>, None);
    for at in BTreeSet::from([held.planned_start(desk), desk.now()]).into_iter().rev() {
        let asked = gate::acts::of_run(desk, tx, held, at).await?;
        let Some(line) = asked.lines.into_iter().find(|line| line.check == check) else { continue };
        match may_reply(&line, by, None, asked.solo) {
            Ok(()) => {
                found = Some(match found {
                    Some(other) => other.and(line),
                    None => line,
                });
            }
            Err(says) => no = no.or(Some(says)),
        }
    }
    if let Some(line) = found {
        return Ok(line);
    }
    let says = no.unwrap_or_else(|| "is not asked of this run".into());
    Err(Refusal::unfit("check", says).into())
}
