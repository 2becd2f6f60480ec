//! The places where services run.

use serde::Serialize;

use super::free;
use crate::{
    actor::Act,
    belongs::is_sample_slug,
    db::Tx,
    desk::Desk,
    events::{self, about},
    fault::Result,
    naming::{same_slug, taken},
    refusal::{Checking, Refusal},
    services::{Environment, EnvironmentClass, EnvironmentDraft, NewEnvironment, slug_meant, sql::environments},
    text::{Slug, Title},
    version::began_from,
};

/// Puts the environments of a fresh notebook in, so that a first plan has a place to name. Where
/// there are some already, nothing happens.
pub async fn first_environments(desk: &Desk) -> Result<()> {
    desk.may(Act::ManageEnvironments)?;
    let mut tx = desk.begin_write().await?;
    if !environments::all(&mut tx).await?.is_empty() {
        return Ok(());
    }
    for (slug, name, class) in
        [("production", "Production", EnvironmentClass::Production), ("staging", "Staging", EnvironmentClass::Other)]
    {
        let (Ok(slug), Ok(name)) = (Slug::new(slug), Title::new(name)) else {
            continue;
        };
        let new = NewEnvironment { slug, name, class };
        if environments::insert(&mut tx, &new, desk.now()).await? {
            note_environment(desk, &mut tx, "added", &new).await?;
        }
    }
    desk.commit(tx, "environments").await
}

/// Adds a place where services run.
pub async fn add_environment(desk: &Desk, draft: &EnvironmentDraft) -> Result<Environment> {
    desk.may(Act::ManageEnvironments)?;
    let mut tx = desk.begin_write().await?;
    let new = draft.check()?;
    free(desk, &draft.slug, &new.slug)?;
    if !environments::insert(&mut tx, &new, desk.now()).await? {
        return Err(taken("environment", &draft.slug, &new.slug).into());
    }
    note_environment(desk, &mut tx, "added", &new).await?;
    desk.commit(tx, &new.slug).await?;
    Ok(Environment { slug: new.slug, name: new.name, class: new.class, version: 1 })
}

/// Changes name and class of an environment; its slug stays, because plans and links name it.
pub async fn edit_environment(desk: &Desk, slug: &str, draft: &EnvironmentDraft) -> Result<Environment> {
    desk.may(Act::ManageEnvironments)?;
    let mut tx = desk.begin_write().await?;
    let before = environments::find(&mut tx, slug).await?.ok_or_else(|| Refusal::missing("environment", slug))?;
    let new = EnvironmentDraft { slug: same_slug(&draft.slug, &before.slug)?, ..draft.clone() }.check()?;
    let version = began_from(&draft.version, before.version, "Environment", &before.slug)?;
    if !environments::update(&mut tx, &new, version).await? {
        let present = environments::find(&mut tx, slug).await?.map_or(version, |present| present.version);
        return Err(Refusal::stale("Environment", &before.slug, present).into());
    }
    note_environment(desk, &mut tx, "edited", &new).await?;
    desk.commit(tx, &new.slug).await?;
    Ok(Environment { slug: new.slug, name: new.name, class: new.class, version: version + 1 })
}

/// All environments, production first.
pub async fn environments(desk: &Desk) -> Result<Vec<Environment>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    environments::all(&mut tx).await
}

/// One environment.
pub async fn environment(desk: &Desk, slug: &Slug) -> Result<Environment> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let found = environments::find(&mut tx, slug.as_str()).await?;
    Ok(found.ok_or_else(|| Refusal::missing("environment", slug))?)
}

/// The environment with this slug, if there is one.
pub(crate) async fn find_environment(tx: &mut Tx, slug: &Slug) -> Result<Option<Environment>> {
    environments::find(tx, slug.as_str()).await
}

/// The environment somebody typed into a form; what is wrong with it is said beside `field`.
/// Whoever may manage environments adds one by typing it. It counts as production until they say
/// otherwise, because nobody knows better yet. Others are told what can be chosen.
pub(crate) async fn ensure_environment(
    desk: &Desk,
    tx: &mut Tx,
    checking: &mut Checking,
    field: &str,
    typed: &str,
) -> Result<()> {
    let Some(slug) = checking.need(field, slug_meant(typed)) else { return Ok(()) };
    if environments::find(tx, slug.as_str()).await?.is_some() {
        return Ok(());
    }
    if !desk.shows(Act::ManageEnvironments) {
        let known: Vec<String> = environments::all(tx).await?.into_iter().map(|known| known.slug.into()).collect();
        let choose = if known.is_empty() { String::new() } else { format!("choose one of {}, or ", known.join(", ")) };
        checking.say(field, format!("names no known environment; {choose}ask an admin to add \"{slug}\""));
        return Ok(());
    }
    let draft = EnvironmentDraft {
        slug: slug.into(),
        name: typed.into(),
        class: EnvironmentClass::Production.word().into(),
        version: String::new(),
    };
    match draft.check() {
        Ok(new) if is_sample_slug(&new.slug) => {
            checking.say(field, "names an environment of the sample, which is not here; choose another name");
        }
        Ok(new) => {
            if environments::insert(tx, &new, desk.now()).await? {
                note_environment(desk, tx, "added", &new).await?;
            }
        }
        Err(refusal) => refusal.troubles().iter().for_each(|trouble| checking.say(field, trouble.says.clone())),
    }
    Ok(())
}

#[derive(Serialize)]
struct EnvironmentBody<'a> {
    name: &'a Title,
    class: EnvironmentClass,
}

async fn note_environment(desk: &Desk, tx: &mut Tx, act: &str, new: &NewEnvironment) -> Result<()> {
    let body = EnvironmentBody { name: &new.name, class: new.class };
    events::note(desk, tx, (about::ENVIRONMENT, new.slug.as_str()), act, desk.now(), &body).await?;
    Ok(())
}
