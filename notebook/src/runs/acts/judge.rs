//! What people say a run amounts to: rulings, signatures, overrulings. Nobody judges a run of
//! their own, unless the notebook is kept by one person alone, and then it says so.

use super::{Held, during::second_person};
use crate::{
    actor::Act,
    desk::Desk,
    fault::Result,
    id::{RunId, number_of},
    refusal::{Checking, Refusal},
    runs::{
        Run,
        drafts::{RulingDraft, SignDraft, WordsDraft, note},
        facts::Verdict,
        steps::Step,
        trail::RunEvent,
        verdict::proposed_verdict,
    },
    text::Prose,
};

/// Valid or not, with a reason; the latest ruling counts.
pub async fn rule_validity(desk: &Desk, id: RunId, draft: &RulingDraft) -> Result<Run> {
    desk.may(Act::Rule)?;
    let mut checking = Checking::default();
    let valid = match draft.ruling.as_str() {
        "valid" => Some(true),
        "invalid" => Some(false),
        _ => {
            checking.say("ruling", "is not one of valid, invalid");
            None
        }
    };
    let reason = checking.need("reason", crate::text::Note::new(&draft.reason));
    let (valid, reason) = checking.end(valid.zip(reason))?;
    judged(desk, id, Step::Rule, move |_, alone| Ok(RunEvent::ValidityRuled { valid, reason, alone })).await
}

/// Whether a deviation is only context, so that the run stays the same experiment.
pub async fn rule_deviation(desk: &Desk, id: RunId, draft: &RulingDraft) -> Result<Run> {
    desk.may(Act::Rule)?;
    let reason = note(&draft.reason, "reason")?;
    let is_context = match draft.ruling.as_str() {
        "context" => true,
        "deviation" => false,
        _ => return Err(Refusal::unfit("ruling", "is not one of context, deviation").into()),
    };
    let number = number_of(draft.number.trim()).ok_or_else(|| Refusal::unfit("number", "is no deviation's number"))?;
    judged(desk, id, Step::RuleDeviation, move |held, alone| {
        if held.facts.deviations.iter().any(|deviation| deviation.number == number) {
            Ok(RunEvent::DeviationRuled { number, is_context, reason, alone })
        } else {
            Err(Refusal::unfit("number", format!("is no deviation of {id}")).into())
        }
    })
    .await
}

/// Signs the verdict that the values propose. Another verdict takes an overruling afterwards.
pub async fn sign(desk: &Desk, id: RunId, draft: &SignDraft) -> Result<Run> {
    desk.may(Act::SignVerdict)?;
    let mut checking = Checking::default();
    let verdict = Verdict::named(&draft.verdict).map_err(|says| checking.say("verdict", says)).ok();
    let analysis = checking.maybe("analysis", &draft.analysis, Prose::new);
    let verdict = checking.end(verdict)?;
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Sign).await?;
    let Some(proposed) = proposed_verdict(&held.facts) else {
        return Err(Refusal::not_now(
            Act::SignVerdict,
            format!("{id} is not valid, and only a valid run has a verdict"),
        )
        .into());
    };
    if proposed.is != verdict {
        let says =
            format!("differs from the proposed {}; sign that, then overrule it with a reason", proposed.is.word());
        return Err(Refusal::unfit("verdict", says).into());
    }
    if verdict == Verdict::Inconclusive && analysis.is_none() {
        return Err(Refusal::unfit("analysis", "is empty; say why the run could not tell").into());
    }
    held.note(desk, &mut tx, desk.now(), RunEvent::Signed { verdict, analysis, graduation: None }).await?;
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await?;
    Ok(held.run)
}

/// Puts another verdict over the signed one; both stay visible, and no check's outcome changes.
pub async fn overrule(desk: &Desk, id: RunId, draft: &SignDraft) -> Result<Run> {
    desk.may(Act::Overrule)?;
    let mut checking = Checking::default();
    let verdict = Verdict::named(&draft.verdict).map_err(|says| checking.say("verdict", says)).ok();
    let reason = checking.need("reason", crate::text::Note::new(&draft.reason));
    let (verdict, reason) = checking.end(verdict.zip(reason))?;
    judged(desk, id, Step::Overrule, move |held, alone| {
        if held.facts.signed == Some(verdict) {
            return Err(Refusal::unfit("verdict", "is the signed one already").into());
        }
        Ok(RunEvent::Overruled { verdict, reason, alone })
    })
    .await
}

pub async fn revoke_overruling(desk: &Desk, id: RunId, draft: &WordsDraft) -> Result<Run> {
    desk.may(Act::Overrule)?;
    let reason = note(&draft.text, "text")?;
    judged(desk, id, Step::RevokeOverruling, move |_, _| Ok(RunEvent::OverrulingRevoked { reason })).await
}

/// One line from somebody other than the runner.
async fn judged(
    desk: &Desk,
    id: RunId,
    step: Step,
    write: impl FnOnce(&Held, bool) -> Result<RunEvent> + Send,
) -> Result<Run> {
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, step).await?;
    let alone = second_person(desk, &mut tx, &held.facts, step.act()).await?;
    let event = write(&held, alone)?;
    held.note(desk, &mut tx, desk.now(), event).await?;
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await?;
    Ok(held.run)
}
