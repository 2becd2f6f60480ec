//! What somebody put aside of what was seen before: it is shown to them no more, whatever they write, until they take
//! all of it back. It is one person's own list: the trail tells that they changed it, and not what is in it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    sql,
    told::{self, observation},
};
use crate::{
    actor::{Act, PersonId},
    db::Tx,
    desk::Desk,
    events::{self, about},
    fault::Result,
    foreign::shorten,
    id::{ExperimentId, FindingId},
    limits::{ASIDE_MAX, SLUG_CHARS_MAX},
    refusal::Refusal,
};

/// One thing that was seen before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(extend("required" = ["object"]))]
#[serde(default, deny_unknown_fields)]
pub struct AsideDraft {
    /// The id of a finding or an experiment, or of what was noted in a run, before any or on a game day: RUN-317#o4.
    pub object: String,
}

/// The trail is everybody's, and what somebody puts aside is not: their line says that they did, and not what it was.
#[derive(Serialize)]
struct Nothing {}

/// A finding, an experiment, or what was noted: `RUN-317#o4`.
pub async fn put_aside(desk: &Desk, draft: &AsideDraft) -> Result<()> {
    desk.may(Act::Look)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let nothing = || Refusal::missing("thing that is seen before", shorten::line(&draft.object, SLUG_CHARS_MAX));
    let object = named(&draft.object).ok_or_else(nothing)?;
    let mut tx = desk.begin_write().await?;
    let before = sql::aside::of(&mut tx, person, ASIDE_MAX).await?.len();
    if i64::try_from(before).is_ok_and(|before| before >= ASIDE_MAX) {
        let state = format!("you have put {ASIDE_MAX} things aside; show them again first");
        return Err(Refusal::NotNow { act: "put more aside".to_owned(), state }.into());
    }
    // Once more is no change.
    if sql::aside::put(&mut tx, person, &object).await? {
        note(desk, &mut tx, person, "seen before put aside").await?;
    }
    desk.commit(tx, object).await
}

/// All that this person put aside is shown again.
pub async fn take_back(desk: &Desk) -> Result<()> {
    desk.may(Act::Look)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let mut tx = desk.begin_write().await?;
    if sql::aside::take_back(&mut tx, person).await? {
        note(desk, &mut tx, person, "seen before taken back").await?;
    }
    desk.commit(tx, "aside").await
}

async fn note(desk: &Desk, tx: &mut Tx, person: PersonId, act: &str) -> Result<()> {
    events::note(desk, tx, (about::PERSON, &person.0.to_string()), act, desk.now(), &Nothing {}).await.map(|_| ())
}

/// As the list of what was seen before names it.
fn named(text: &str) -> Option<String> {
    let finding = text.parse::<FindingId>().map(|id| id.to_string());
    let experiment = || text.parse::<ExperimentId>().map(|id| id.to_string());
    let observed = || observation(text).map(|indexed| told::name(&indexed));
    finding.or_else(|_| experiment()).ok().or_else(observed)
}

/// What one reader put aside, and how much of it was met.
pub(super) struct Aside {
    objects: BTreeSet<String>,
    met: usize,
}

impl Aside {
    pub(super) async fn of(desk: &Desk, tx: &mut Tx) -> Result<Self> {
        let objects = match desk.person_id() {
            Some(person) => sql::aside::of(tx, person, ASIDE_MAX).await?,
            None => Vec::new(),
        };
        Ok(Self { objects: objects.into_iter().collect(), met: 0 })
    }

    /// False for what was put aside.
    pub(super) fn keeps(&mut self, object: &str) -> bool {
        let is_aside = self.objects.contains(object);
        self.met += usize::from(is_aside);
        !is_aside
    }

    pub(super) const fn met(&self) -> usize {
        self.met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_aside_is_named_as_it_is_shown() {
        for (text, expected) in [
            ("FND-1", Some("FND-1")),
            ("demo-fnd-2", Some("DEMO-FND-2")),
            ("exp-3", Some("EXP-3")),
            ("RUN-1#o4", Some("RUN-1#o4")),
            ("run-1#4", Some("RUN-1#o4")),
            ("exp-3#o1", Some("EXP-3#o1")),
            ("gd-4#77", Some("GD-4#77")),
            ("RUN-1", None),
            ("SLO-1", None),
            ("FND-1 EXP-1", None),
            ("", None),
        ] {
            assert_eq!(named(text).as_deref(), expected, "{text:?}");
        }
    }
}
