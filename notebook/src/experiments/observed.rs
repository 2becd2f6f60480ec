//! The first of the seven steps: what people see of a system before anybody tries anything.
//!
//! An observation belongs to a run (`RUN-317#o12`), and a run needs an approved plan. What is seen
//! earlier has its home here, on the experiment whose question it leads to: `EXP-42#o1`. It is an
//! entry of the trail and nothing else. It changes no plan, so it makes no revision and overtakes
//! nobody's edit, and no verdict, standing or confidence reads it.

use serde::{Deserialize, Serialize};

use super::{acts, trail::act};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events::{self, Entry, about},
    fault::Result,
    id::ExperimentId,
    refusal::{Checking, Refusal},
    text::Prose,
    time::Moment,
};

/// An observation as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(extend("required" = ["text"])))]
#[serde(default, deny_unknown_fields)]
pub struct ObservedDraft {
    pub text: String,
    /// When it was so: `14:03`, `-3m`, a date and time; empty for now.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Maybe<crate::shapes::When>"))]
    pub at: String,
}

/// What somebody saw before any run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Observed {
    /// `o1`, `o2`… of its experiment.
    pub number: i64,
    pub at: Moment,
    pub recorded_at: Moment,
    /// The person's name as it is now; empty for the operator.
    pub name: String,
    pub text: Prose,
}

/// What the line in the trail holds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Body {
    number: i64,
    text: Prose,
}

/// Writes down what is seen. Any stage takes it: a retired experiment may be seen to matter again.
pub async fn observe(desk: &Desk, id: ExperimentId, draft: &ObservedDraft) -> Result<Observed> {
    desk.may(Act::Observe)?;
    let (at, text) = draft.check(desk)?;
    let mut tx = desk.begin_write().await?;
    acts::in_tx(&mut tx, id).await?;
    let observed = observe_in(desk, &mut tx, id, at, text).await?;
    desk.commit(tx, id).await?;
    Ok(observed)
}

/// The same inside another act's transaction.
pub(crate) async fn observe_in(
    desk: &Desk,
    tx: &mut Tx,
    id: ExperimentId,
    at: Moment,
    text: Prose,
) -> Result<Observed> {
    // Held before counting, so that two people who write at once get two numbers.
    tx.lock_events().await?;
    let history = events::of_object(tx, about::EXPERIMENT, &id.to_string()).await?;
    let number = history.iter().filter(|entry| entry.act == act::OBSERVED).map(|_| 1).sum::<i64>() + 1;
    let body = Body { number, text };
    events::note(desk, tx, (about::EXPERIMENT, &id.to_string()), act::OBSERVED, at, &body).await?;
    let name = desk.person().map(|person| person.name.clone()).unwrap_or_default();
    Ok(Observed { number, at, recorded_at: desk.now(), name, text: body.text })
}

/// The observations among the lines of one experiment, by the time they speak of.
pub fn observed(history: &[Entry]) -> Result<Vec<Observed>> {
    let mut list = Vec::new();
    for entry in history.iter().filter(|entry| entry.act == act::OBSERVED) {
        let Body { number, text } = entry.read()?;
        let (at, recorded_at, name) = (entry.at, entry.recorded_at, entry.name.clone());
        list.push(Observed { number, at, recorded_at, name, text });
    }
    list.sort_by_key(|observed| (observed.at, observed.number));
    Ok(list)
}

impl ObservedDraft {
    fn check(&self, desk: &Desk) -> Result<(Moment, Prose), Refusal> {
        let mut checking = Checking::default();
        let text = checking.need("text", Prose::new(&self.text));
        let at = Moment::typed_past(&self.at, &desk.zone(), desk.now()).map_err(|says| checking.say("at", says)).ok();
        if at.is_some_and(|at| at > desk.now()) {
            checking.say("at", "lies in the future; only what was seen is an observation");
        }
        checking.end(at.zip(text))
    }
}
