//! What calendars elsewhere have to hear beside the slots there are: which are gone, since they drop nothing by
//! themselves, and when hours or freezes may have moved the others, since they take nothing that did not grow.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{
    calendar::{Scope, of_scope},
    shelf::{Known, Shelf},
    slots::{Named, named, said, widened},
};
use crate::{
    cadences::{Cadence, Slot, SlotStanding},
    calendar::freeze::freezes_on,
    db::Tx,
    events::{self, about},
    fault::Result,
    freezes::{self, Kept},
    interval::Interval,
    limits::SUBSCRIPTION_DAYS_BACK,
    text::Slug,
    time::Moment,
};

const ENDED: &str = "its cadence has ended";
const RETIRED: &str = "its experiment was retired";

/// The slots that a cadence would name had it not ended, or its experiment not been retired, without those that have a
/// run; for as long as what is over stays in such a calendar. Of one date that of the newest cadence.
pub(crate) async fn gone(tx: &mut Tx, stretch: Interval, scope: &Scope, now: Moment) -> Result<Vec<Slot>> {
    let wide = widened(stretch);
    let (freezes, told) = (freezes::acts::during(tx, wide).await?, said(tx, wide).await?);
    let (mut shelf, mut names, mut gone) = (Shelf::default(), HashSet::new(), Vec::new());
    for cadence in of_scope(tx, stretch, scope).await?.iter().rev() {
        let known = shelf.of(tx, cadence.experiment).await?;
        let may_be_gone = cadence.until.is_some() || !known.retired.is_empty();
        let all = Interval::new(cadence.since, wide.end()).and_then(|all| all.common(wide));
        let all = all.filter(|_| may_be_gone && scope.fits(&known.services, &known.team_names));
        let Some(all) = all else { continue };
        for Named { slot, due, .. } in named(cadence, known, all, &freezes, &told, now) {
            let Some((since, why)) = given_up(cadence, known, due, slot.at) else { continue };
            let is_heard = since <= now && now <= since.plus_days(SUBSCRIPTION_DAYS_BACK);
            let is_gone = is_heard && slot.run.is_none() && stretch.contains(slot.at);
            if is_gone && names.insert((slot.experiment, slot.date)) {
                let changed_at = slot.changed_at.max(since);
                gone.push(Slot { standing: SlotStanding::Cancelled, why: vec![why.into()], changed_at, ..slot });
            }
        }
    }
    Ok(gone)
}

/// Since when nobody is asked for the run of a slot any more, and why; none while somebody is.
fn given_up(cadence: &Cadence, known: &Known, due: Moment, at: Moment) -> Option<(Moment, &'static str)> {
    let ended = cadence.until.filter(|until| *until <= due).map(|until| (until, ENDED));
    let retired = known.retired_at(at).map(|retired| (retired.start(), RETIRED));
    ended.into_iter().chain(retired).min()
}

/// Raises when each slot changed last to when the hours of its teams did, a freeze that touches it, or the stage of its
/// experiment: reopening it gives back the slots that retiring it took away.
pub(crate) async fn changed_around(tx: &mut Tx, slots: &mut [Slot], stretch: Interval) -> Result<()> {
    let freezes = freezes::acts::kept_during(tx, widened(stretch)).await?;
    let (mut shelf, mut teams) = (Shelf::default(), BTreeSet::new());
    for slot in slots.iter() {
        teams.extend(shelf.of(tx, slot.experiment).await?.team_names.iter().cloned());
    }
    let edited = edited(tx, teams).await?;
    for slot in slots {
        let known = shelf.of(tx, slot.experiment).await?;
        let (at, during) = (slot.at, Interval::lasting(slot.at, slot.ms));
        let hours = known.team_names.iter().filter_map(|team| edited.get(team).copied());
        // As it was set: one that was ended early gives its slots back.
        let touches =
            |kept: &&Kept| !freezes_on(std::slice::from_ref(&kept.freeze), &known.concerned(), during).is_empty();
        let frozen = freezes.iter().filter(touches).flat_map(|kept| {
            let ended = kept.ended.as_ref().map(|ended| ended.at).filter(|ended| *ended <= at);
            std::iter::once(kept.created_at).chain(ended)
        });
        let reopened = known.retired.iter().copied().map(Interval::end).filter(|reopened| *reopened <= at);
        slot.changed_at = hours.chain(frozen).chain(reopened).fold(slot.changed_at, Moment::max);
    }
    Ok(())
}

/// When each team was written last.
async fn edited(tx: &mut Tx, teams: BTreeSet<Slug>) -> Result<BTreeMap<Slug, Moment>> {
    let mut edited = BTreeMap::new();
    for team in teams {
        let lines = events::of_object(tx, about::TEAM, team.as_str()).await?;
        edited.extend(lines.last().map(|line| (team, line.recorded_at)));
    }
    Ok(edited)
}
