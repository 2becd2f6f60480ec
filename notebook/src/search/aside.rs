//! What somebody put aside of what was seen before: it is shown to them no more, whatever they write, until they take
//! all of it back. It is one person's own list, as what they have muted, so nothing of it is told in the trail.

use std::collections::BTreeSet;

use super::{
    sql,
    told::{name, observation},
};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    fault::Result,
    id::{ExperimentId, FindingId},
    limits::ASIDE_MAX,
    refusal::Refusal,
};

/// A finding, an experiment, or what was noted: `RUN-317#o4`.
pub async fn put_aside(desk: &Desk, object: &str) -> Result<()> {
    desk.may(Act::Look)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    if !can_be_seen(object) {
        return Err(Refusal::missing("thing that is seen before", object).into());
    }
    let mut tx = desk.begin_write().await?;
    let before = sql::aside::of(&mut tx, person, ASIDE_MAX).await?.len();
    if i64::try_from(before).is_ok_and(|before| before >= ASIDE_MAX) {
        let many = format!("you have put {ASIDE_MAX} things aside; show them again first");
        return Err(Refusal::not_now(Act::Look, many).into());
    }
    sql::aside::put(&mut tx, person, object).await?;
    desk.commit(tx, object).await
}

/// All that this person put aside is shown again.
pub async fn take_back(desk: &Desk) -> Result<()> {
    desk.may(Act::Look)?;
    let person = desk.person_id().ok_or(Refusal::SignIn)?;
    let mut tx = desk.begin_write().await?;
    sql::aside::take_back(&mut tx, person).await?;
    desk.commit(tx, "aside").await
}

fn can_be_seen(object: &str) -> bool {
    let is_observation = observation(object).is_some_and(|indexed| name(&indexed) == object);
    is_observation || object.parse::<FindingId>().is_ok() || object.parse::<ExperimentId>().is_ok()
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
