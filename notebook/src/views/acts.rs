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
};

/// Said beside the name.
const TAKEN: &str =
    "is what one of your views is called; tick Replace to put this in its place, or choose another name";

/// Saves a view. One's own of the same name is replaced only where that is said. A query that names what nobody knows is
/// refused as the search page refuses it; one that was saved before its name was gone stays, and opens with that
/// trouble.
pub async fn save(desk: &Desk, draft: &Draft) -> Result<View> {
    desk.may(Act::SaveView)?;
    let owner = owner(desk)?;
    let checked = draft.check(understood(desk, &draft.query).await?)?;
    let mut tx = desk.begin_write().await?;
    if let Some(team) = &checked.team {
        let mut checking = Checking::default();
        teams::acts::known(&mut tx, &mut checking, "team", team).await?;
        checking.end(Some(()))?;
    }
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
        owner,
        team: checked.team,
        pinned: checked.pinned,
        home: checked.home,
        created_at,
    };
    if view.home {
        sql::leave_home(&mut tx, owner).await?;
    }
    if old.is_some() {
        sql::save(&mut tx, &view).await?;
    } else {
        sql::insert(&mut tx, &view).await?;
    }
    note(desk, &mut tx, id, &ViewEvent::Saved).await?;
    desk.commit(tx, format!("view {id}")).await?;
    Ok(view)
}

/// Takes one's own view away.
pub async fn drop_view(desk: &Desk, id: i64) -> Result<()> {
    desk.may(Act::DropView)?;
    let owner = owner(desk)?;
    let mut tx = desk.begin_write().await?;
    if !sql::drop_view(&mut tx, id, owner, desk.now()).await? {
        return Err(Refusal::missing("view", id).into());
    }
    note(desk, &mut tx, id, &ViewEvent::Dropped).await?;
    desk.commit(tx, format!("view {id}")).await
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

async fn note(desk: &Desk, tx: &mut Tx, id: i64, event: &ViewEvent) -> Result<()> {
    events::note(desk, tx, (about::VIEW, &id.to_string()), event.act(), desk.now(), event).await.map(|_| ())
}
