//! What production does by itself, for an experiment that was retired because of it: preemption takes
//! machines away as the experiment did. An entry of the trail and nothing else; what it means for the
//! claim follows in `retrials`.

use serde::{Deserialize, Serialize};

use super::{
    acts,
    trail::{Moved, act},
};
use crate::{
    actor::Act,
    desk::Desk,
    events::{self, Entry, about},
    fault::Result,
    id::{ExperimentId, number_of},
    refusal::{Checking, Refusal},
    text::{Note, Title},
    time::Moment,
};

/// One event of the kind that the retirement names, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["held", "text"])))]
#[serde(default, deny_unknown_fields)]
pub struct PassiveDraft {
    /// `yes` or `no`: whether the hypothesis held.
    #[cfg_attr(feature = "store", schemars(with = "Held"))]
    pub held: String,
    pub text: String,
    /// When it was so: `14:03`, `-3m`, a date and time; empty for now.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
}

super::plan::vocabulary! {
    /// Whether the hypothesis held when production did it.
    #[cfg_attr(feature = "store", schemars(rename = "PassiveHeld"))]
    Held {
        Yes = "yes", "It held";
        No = "no", "It did not hold";
    }
}

/// What the line in the trail holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    pub good: bool,
    pub text: Note,
}

/// Writes one down.
pub async fn record_passive(desk: &Desk, id: ExperimentId, draft: &PassiveDraft) -> Result<()> {
    desk.may(Act::Observe)?;
    let (at, body) = draft.check(desk)?;
    let mut tx = desk.begin_write().await?;
    acts::in_tx(&mut tx, id).await?;
    let name = id.to_string();
    if passive(&events::of_object(&mut tx, about::EXPERIMENT, &name).await?)?.is_none() {
        let state = format!("{id} was not retired for anything that production exercises");
        return Err(Refusal::not_now(Act::Observe, state).into());
    }
    events::note(desk, &mut tx, (about::EXPERIMENT, &name), act::PASSIVE_SEEN, at, &body).await?;
    desk.commit(tx, id).await
}

impl PassiveDraft {
    fn check(&self, desk: &Desk) -> Result<(Moment, Body), Refusal> {
        let mut checking = Checking::default();
        let held = Held::named(&self.held).map_err(|says| checking.say("held", says)).ok();
        let text = checking.need("text", Note::new(&self.text));
        let at = Moment::typed_past(&self.at, &desk.zone(), desk.now()).map_err(|says| checking.say("at", says)).ok();
        if at.is_some_and(|at| at > desk.now()) {
            checking.say("at", "lies in the future; only what happened is evidence");
        }
        let body = held.zip(text).map(|(held, text)| Body { good: held == Held::Yes, text });
        checking.end(at.zip(body))
    }
}

/// Rules one out, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "PassiveRuledOutDraft", extend("required" = ["number", "reason"])))]
#[serde(default, deny_unknown_fields)]
pub struct RuleOutDraft {
    /// Which one of the experiment's, counted as they were written down.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Whole"))]
    pub number: String,
    pub reason: String,
}

/// What the line in the trail holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuledOut {
    pub number: i64,
    pub reason: Note,
}

/// From now on it speaks neither for the claim nor against it: it was something else, or was not so.
pub async fn rule_out_passive(desk: &Desk, id: ExperimentId, draft: &RuleOutDraft) -> Result<()> {
    desk.may(Act::JudgePassive)?;
    let body = draft.check()?;
    let mut tx = desk.begin_write().await?;
    acts::in_tx(&mut tx, id).await?;
    // Held before looking, so that of two who rule at once the second one sees the first.
    tx.lock_events().await?;
    let name = id.to_string();
    let watched = passive(&events::of_object(&mut tx, about::EXPERIMENT, &name).await?)?;
    match watched.iter().flat_map(|watched| &watched.seen).find(|seen| seen.number == body.number) {
        None => return Err(Refusal::unfit("number", format!("is nothing that production showed for {id}")).into()),
        Some(seen) if seen.ruled_out.is_some() => {
            let state = format!("number {} of {id} is ruled out already", body.number);
            return Err(Refusal::not_now(Act::JudgePassive, state).into());
        }
        Some(_) => {}
    }
    events::note(desk, &mut tx, (about::EXPERIMENT, &name), act::PASSIVE_RULED_OUT, desk.now(), &body).await?;
    desk.commit(tx, id).await
}

impl RuleOutDraft {
    fn check(&self) -> Result<RuledOut, Refusal> {
        let mut checking = Checking::default();
        let number = number_of(self.number.trim());
        if number.is_none() {
            checking.say("number", "is no number of what production showed");
        }
        let reason = checking.need("reason", Note::new(&self.reason));
        checking.end(number.zip(reason).map(|(number, reason)| RuledOut { number, reason }))
    }
}

/// One event of the kind that is watched, as it was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "PassiveSeen"))]
pub struct SeenThere {
    /// 1, 2… of its experiment.
    pub number: i64,
    pub at: Moment,
    /// The hypothesis held.
    pub good: bool,
    pub text: Note,
    /// Why it speaks neither for the claim nor against it.
    pub ruled_out: Option<Note>,
}

/// What the newest retirement that named passive evidence watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// "preemption events"
    pub kind: Title,
    /// Everything written down of it, in this order.
    pub seen: Vec<SeenThere>,
    /// When it was retired for that; None if a later retirement had another reason, which production cannot undo.
    pub since: Option<Moment>,
}

/// What is watched in production, and what was seen there.
pub fn passive(history: &[Entry]) -> Result<Option<Watched>> {
    let (mut kind, mut seen, mut since) = (None, Vec::<SeenThere>::new(), None);
    for entry in history {
        match entry.act.as_str() {
            act::RETIRED => {
                let named = entry.read::<Moved>()?.passive;
                since = named.as_ref().map(|_| entry.at);
                kind = named.or(kind);
            }
            act::PASSIVE_SEEN => {
                let (number, Body { good, text }) = (seen.last().map_or(1, |last| last.number + 1), entry.read()?);
                seen.push(SeenThere { number, at: entry.at, good, text, ruled_out: None });
            }
            act::PASSIVE_RULED_OUT => {
                let RuledOut { number, reason } = entry.read()?;
                let ruled = seen.iter_mut().filter(|seen| seen.number == number);
                ruled.for_each(|seen| seen.ruled_out = Some(reason.clone()));
            }
            _ => {}
        }
    }
    Ok(kind.map(|kind| Watched { kind, seen, since }))
}
