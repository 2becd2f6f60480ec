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
    id::ExperimentId,
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
        let at = Moment::typed(&self.at, &desk.zone(), desk.now()).map_err(|says| checking.say("at", says)).ok();
        if at.is_some_and(|at| at > desk.now()) {
            checking.say("at", "lies in the future; only what happened is evidence");
        }
        let body = held.zip(text).map(|(held, text)| Body { good: held == Held::Yes, text });
        checking.end(at.zip(body))
    }
}

/// What the newest retirement that named passive evidence watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// "preemption events"
    pub kind: Title,
    /// Everything written down of it: when it was, and whether the hypothesis held.
    pub seen: Vec<(Moment, bool)>,
    /// When it was retired for that; None if a later retirement had another reason, which production cannot undo.
    pub since: Option<Moment>,
}

/// What is watched in production, and what was seen there.
pub fn passive(history: &[Entry]) -> Result<Option<Watched>> {
    let (mut kind, mut seen, mut since) = (None, Vec::new(), None);
    for entry in history {
        match entry.act.as_str() {
            act::RETIRED => {
                let named = entry.read::<Moved>()?.passive;
                since = named.as_ref().map(|_| entry.at);
                kind = named.or(kind);
            }
            act::PASSIVE_SEEN => seen.push((entry.at, entry.read::<Body>()?.good)),
            _ => {}
        }
    }
    Ok(kind.map(|kind| Watched { kind, seen, since }))
}
