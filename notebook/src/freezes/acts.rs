//! Setting freezes and ending them, and asking which hold.

use std::collections::BTreeSet;

use super::{
    Ended, FreezeState, Kept,
    drafts::{Draft, EndDraft},
    sql,
    trail::FreezeEvent,
};
use crate::{
    actor::Act,
    belongs::Belongs,
    calendar::freeze::{Concerned, Freeze, Scope},
    db::{self, Tx},
    desk::Desk,
    events::{self, about},
    fault::Result,
    interval::Interval,
    paging::Rows,
    refusal::{Checking, Refusal},
    services, teams,
    text::Slug,
};

/// Sets a freeze: from now on or in a window known in advance. Somebody answers for it.
pub async fn set(desk: &Desk, draft: &Draft) -> Result<Kept> {
    desk.may(Act::SetFreeze)?;
    let by = desk.person_id().ok_or(Refusal::SignIn)?;
    let freeze = draft.check(by, &desk.zone(), desk.now())?;
    let mut tx = desk.begin_write().await?;
    let belongs = known_scope(&mut tx, &freeze.scope).await?.to_sample("scope")?;
    let id = desk.number(&mut tx, about::FREEZE, belongs).await?;
    sql::insert(&mut tx, id, &freeze, desk.now()).await?;
    note(desk, &mut tx, id, &FreezeEvent::Set { freeze }).await?;
    let kept = load(&mut tx, id).await?;
    desk.commit(tx, format!("freeze {id}")).await?;
    Ok(kept)
}

/// Whether what a freeze holds still is there, and whose it is.
async fn known_scope(tx: &mut Tx, scope: &Scope) -> Result<Belongs> {
    let mut checking = Checking::default();
    let belongs = match scope {
        Scope::Everything => Belongs::default(),
        Scope::Team(team) => {
            teams::acts::known(tx, &mut checking, "scope", team).await?;
            Belongs::default().slug(team)
        }
        Scope::Service(service) => {
            services::acts::known_services(tx, &mut checking, "scope", &BTreeSet::from([service.clone()])).await?;
            Belongs::default().slug(service)
        }
        Scope::Environment(environment) => {
            if services::acts::find_environment(tx, environment).await?.is_none() {
                checking.say("scope", format!("names \"{environment}\", which is no environment here"));
            }
            Belongs::default().slug(environment)
        }
    };
    Ok(checking.end(Some(belongs))?)
}

/// Ends a freeze, or calls off one that is still to come.
pub async fn end(desk: &Desk, id: i64, draft: &EndDraft) -> Result<Kept> {
    desk.may(Act::EndFreeze)?;
    let why = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let kept = load(&mut tx, id).await?;
    let over = || Refusal::not_now(Act::EndFreeze, "it is over already");
    if kept.state(desk.now()) == FreezeState::Past {
        return Err(over().into());
    }
    let ended = Ended { at: desk.now(), by: desk.person_id(), why: Some(why) };
    if !sql::end(&mut tx, id, &ended).await? {
        return Err(over().into());
    }
    note(desk, &mut tx, id, &FreezeEvent::Ended { end: ended.clone() }).await?;
    desk.commit(tx, format!("freeze {id}")).await?;
    Ok(Kept { ended: Some(ended), ..kept })
}

async fn note(desk: &Desk, tx: &mut Tx, id: i64, event: &FreezeEvent) -> Result<()> {
    events::note(desk, tx, (about::FREEZE, &id.to_string()), event.act(), desk.now(), event).await.map(|_| ())
}

async fn load(tx: &mut Tx, id: i64) -> Result<Kept> {
    Ok(sql::find(tx, id).await?.ok_or_else(|| Refusal::missing("freeze", id))?)
}

/// The row, what was set and how it ended by the lines, and how many lines there are.
pub(crate) async fn followed(tx: &mut Tx, id: i64) -> Result<(Kept, Option<Freeze>, Option<Ended>, usize)> {
    let kept = load(tx, id).await?;
    let entries = events::of_object(tx, about::FREEZE, &id.to_string()).await?;
    let (mut set, mut ended) = (None, None);
    for entry in &entries {
        match entry.read()? {
            FreezeEvent::Set { freeze } => set = Some(freeze),
            FreezeEvent::Ended { end } => ended = Some(end),
        }
    }
    Ok((kept, set, ended, entries.len()))
}

/// Which freezes to list; every part given must fit.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only numbers below this one: the last of the page before.
    pub before: Option<i64>,
    pub state: Option<FreezeState>,
    pub rows: Rows,
}

/// One page, own ones first, the last set first, and whether there are older ones.
pub async fn list(desk: &Desk, filter: &Filter) -> Result<(Vec<Kept>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut found = Vec::new();
    for stretch in db::stretches(filter.before) {
        if !filter.rows.is_full(&found) {
            found.extend(sql::page(&mut tx, filter, desk.now(), &stretch).await?);
        }
    }
    Ok(filter.rows.page(found))
}

/// One freeze.
pub async fn show(desk: &Desk, id: i64) -> Result<Kept> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_glance().await?;
    load(&mut tx, id).await
}

/// Those that hold now, whatever their scope, the earliest first.
pub async fn active(desk: &Desk) -> Result<Vec<Kept>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_glance().await?;
    sql::during(&mut tx, Interval::lasting(desk.now(), 1)).await
}

/// Those of a narrower scope than everything that hold these services or this environment still now.
pub async fn active_on(desk: &Desk, services: &BTreeSet<Slug>, environment: Option<&Slug>) -> Result<Vec<Kept>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut holding = sql::during(&mut tx, Interval::lasting(desk.now(), 1)).await?;
    holding.retain(|kept| kept.freeze.scope != Scope::Everything);
    if holding.is_empty() {
        return Ok(holding);
    }
    let teams = services::acts::teams_of(&mut tx, services).await?;
    holding.retain(|kept| kept.freeze.scope.holds(&Concerned { teams: &teams, services, environment }));
    Ok(holding)
}

/// Those that hold at some instant of a stretch of time, each with the end that it has in fact.
pub(crate) async fn during(tx: &mut Tx, stretch: Interval) -> Result<Vec<Freeze>> {
    Ok(sql::during(tx, stretch).await?.iter().map(Kept::in_force).collect())
}

/// The same as they were set, with what became of each.
pub(crate) async fn kept_during(tx: &mut Tx, stretch: Interval) -> Result<Vec<Kept>> {
    sql::during(tx, stretch).await
}
