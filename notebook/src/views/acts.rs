//! Saving views, dropping them, and who is shown which.

use super::{View, ViewEvent, drafts::Draft, sql};
use crate::{
    actor::{Act, PersonId},
    db::Tx,
    desk::Desk,
    events::{self, about},
    fault::Result,
    limits::{VIEWS_IN_RAIL_MAX, VIEWS_MAX},
    refusal::{Checking, Refusal},
    search::names::understood,
    teams,
    text::Slug,
    version::began_from,
};

/// Said beside the name.
const TAKEN: &str =
    "is what one of your views is called; tick Replace to put this in its place, or choose another name";

/// Said beside the name where it is another view's of the same maker.
const ANOTHERS: &str = "is what another view of its maker is called; choose another name";

/// Saves a view. One's own of the same name is replaced only where that is said. A query that names what nobody knows
/// is refused as the search page refuses it; one that was saved before its name was gone stays, and opens with that
/// trouble.
pub async fn save(desk: &Desk, draft: &Draft) -> Result<View> {
    desk.may(Act::SaveView)?;
    let owner = owner(desk)?;
    let checked = draft.check(understood(desk, &draft.query).await?)?;
    let mut tx = desk.begin_write().await?;
    known_team(&mut tx, checked.team.as_ref()).await?;
    let old = sql::of_name(&mut tx, owner, checked.name.as_str()).await?;
    if old.is_some() && !checked.replace {
        return Err(Refusal::unfit("name", TAKEN).into());
    }
    let id = if let Some(old) = &old {
        old.id
    } else {
        if sql::count(&mut tx, owner).await? >= VIEWS_MAX {
            let many = format!("you have {VIEWS_MAX} views; drop one first");
            return Err(Refusal::not_now(Act::SaveView, many).into());
        }
        desk.number(&mut tx, about::VIEW, false).await?
    };
    let created_at = old.as_ref().map_or_else(|| desk.now(), |old| old.created_at);
    let view = View {
        id,
        name: checked.name,
        query: checked.query,
        list: checked.list,
        columns: checked.columns,
        group: checked.group,
        owner,
        team: checked.team,
        pinned: checked.pinned,
        home: checked.home,
        created_at,
        version: old.as_ref().map_or(1, |old| old.version + 1),
    };
    if view.home {
        sql::leave_home(&mut tx, owner).await?;
    }
    if old.is_some() {
        keep(&mut tx, &view).await?;
    } else {
        sql::insert(&mut tx, &view).await?;
    }
    note(desk, &mut tx, id, &ViewEvent::Saved).await?;
    desk.commit(tx, format!("view {id}")).await?;
    Ok(view)
}

/// Changes a view: one's own, or one that a team is shown, if one may change teams.
pub async fn change(desk: &Desk, id: i64, draft: &Draft) -> Result<View> {
    desk.may(Act::SaveView)?;
    let person = owner(desk)?;
    let checked = draft.check(understood(desk, &draft.query).await?)?;
    let mut tx = desk.begin_write().await?;
    let before = sql::changeable(&mut tx, id, person, desk.shows(Act::ManageTeams)).await?;
    let before = before.ok_or_else(|| Refusal::missing("view", id))?;
    let version = began_from(&draft.version, before.version, "View", id)?;
    known_team(&mut tx, checked.team.as_ref()).await?;
    let others = before.owner != person;
    if others && checked.home {
        return Err(Refusal::unfit("home", "is for its maker to say; leave it out").into());
    }
    let namesake = sql::of_name(&mut tx, before.owner, checked.name.as_str()).await?;
    if namesake.is_some_and(|namesake| namesake.id != id) {
        return Err(Refusal::unfit("name", ANOTHERS).into());
    }
    let home = if others { before.home } else { checked.home };
    let view = View {
        name: checked.name,
        query: checked.query,
        list: checked.list,
        columns: checked.columns,
        group: checked.group,
        team: checked.team,
        pinned: checked.pinned,
        home,
        version: version + 1,
        ..before
    };
    if home && !others {
        sql::leave_home(&mut tx, person).await?;
    }
    keep(&mut tx, &view).await?;
    note(desk, &mut tx, id, &ViewEvent::Changed).await?;
    desk.commit(tx, format!("view {id}")).await?;
    Ok(view)
}

/// Takes a view away: one's own, or one that a team is shown, if one may change teams.
pub async fn drop_view(desk: &Desk, id: i64) -> Result<()> {
    desk.may(Act::DropView)?;
    let person = owner(desk)?;
    let mut tx = desk.begin_write().await?;
    if !sql::drop_view(&mut tx, id, person, desk.shows(Act::ManageTeams), desk.now()).await? {
        return Err(Refusal::missing("view", id).into());
    }
    note(desk, &mut tx, id, &ViewEvent::Dropped).await?;
    desk.commit(tx, format!("view {id}")).await
}

/// Whether its controls should be shown.
pub fn may_change(desk: &Desk, view: &View) -> bool {
    desk.person_id() == Some(view.owner) || (view.team.is_some() && desk.shows(Act::ManageTeams))
}

/// One's own views and those of teams, the pinned ones first, then by name.
pub async fn list(desk: &Desk) -> Result<Vec<View>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    sql::shown_to(&mut tx, desk.person_id()).await
}

/// The first of those that are pinned: one's own, then those of teams.
pub async fn pinned(desk: &Desk) -> Result<Vec<View>> {
    desk.may(Act::Look)?;
    let owner = owner(desk)?;
    let mut tx = desk.begin_glance().await?;
    sql::pinned_for(&mut tx, owner, VIEWS_IN_RAIL_MAX).await
}

fn owner(desk: &Desk) -> Result<PersonId, Refusal> {
    desk.person_id().ok_or(Refusal::SignIn)
}

async fn known_team(tx: &mut Tx, team: Option<&Slug>) -> Result<()> {
    let mut checking = Checking::default();
    if let Some(team) = team {
        teams::acts::known(tx, &mut checking, "team", team).await?;
    }
    Ok(checking.end(Some(()))?)
}

/// Writes what was read, unless somebody wrote it meanwhile.
async fn keep(tx: &mut Tx, view: &View) -> Result<()> {
    if sql::save(tx, view).await? { Ok(()) } else { Err(Refusal::stale("View", view.id, view.version).into()) }
}

async fn note(desk: &Desk, tx: &mut Tx, id: i64, event: &ViewEvent) -> Result<()> {
    events::note(desk, tx, (about::VIEW, &id.to_string()), event.act(), desk.now(), event).await.map(|_| ())
}
