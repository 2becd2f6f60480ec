//! Writing, changing and looking at teams.

use super::sql;
use crate::{
    actor::Act,
    belongs::is_sample_slug,
    db::Tx,
    desk::Desk,
    events::{self, Entry, about},
    fault::{Error, Result},
    naming::{same_slug, taken},
    paging::Rows,
    refusal::{Checking, Refusal},
    services,
    teams::{Team, drafts::Draft},
    text::Slug,
    version::began_from,
};

/// Writes a new team.
pub async fn write(desk: &Desk, draft: &Draft) -> Result<Team> {
    desk.may(Act::ManageTeams)?;
    let team = draft.check()?;
    services::acts::free(desk, &draft.slug, &team.slug)?;
    let mut tx = desk.begin_write().await?;
    if !sql::insert(&mut tx, &team, desk.now()).await? {
        return Err(taken("team", &draft.slug, &team.slug).into());
    }
    events::note(desk, &mut tx, (about::TEAM, team.slug.as_str()), "added", desk.now(), &team).await?;
    desk.commit(tx, &team.slug).await?;
    Ok(team)
}

/// Changes a team; its slug stays, because services and links name it.
pub async fn edit(desk: &Desk, slug: &str, draft: &Draft) -> Result<Team> {
    desk.may(Act::ManageTeams)?;
    let mut tx = desk.begin_write().await?;
    let before = load(&mut tx, slug).await?;
    let new = Draft { slug: same_slug(&draft.slug, &before.slug)?, ..draft.clone() }.check()?;
    let version = began_from(&draft.version, before.version, "Team", &before.slug)?;
    if !sql::update(&mut tx, &new, version).await? {
        return Err(overtaken(&mut tx, &before.slug).await);
    }
    let team = Team { version: version + 1, ..new };
    events::note(desk, &mut tx, (about::TEAM, team.slug.as_str()), "edited", desk.now(), &team).await?;
    desk.commit(tx, &team.slug).await?;
    Ok(team)
}

/// Which teams to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only slugs after this one: the last of the page before.
    pub after: Option<Slug>,
    pub rows: Rows,
}

/// One page of teams by slug, and whether there are more.
pub async fn list(desk: &Desk, filter: &Filter) -> Result<(Vec<Team>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_glance().await?;
    Ok(filter.rows.page(sql::page(&mut tx, filter).await?))
}

/// Slug and name of every team, for choosing one in a form: own ones first, and the sample's is said
/// to be.
pub async fn choices(desk: &Desk) -> Result<Vec<(Slug, String)>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_glance().await?;
    let (sample, own): (Vec<_>, Vec<_>) =
        sql::choices(&mut tx).await?.into_iter().partition(|(slug, _)| is_sample_slug(slug));
    let sample = sample.into_iter().map(|(slug, name)| (slug, format!("{name} (sample)")));
    Ok(own.into_iter().chain(sample).collect())
}

/// A team with what is known around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub team: Team,
    /// Slug and name of the services it owns.
    pub services: Vec<(Slug, String)>,
    /// What was done to this entry, oldest first.
    pub history: Vec<Entry>,
}

/// One team.
pub async fn show(desk: &Desk, slug: &str) -> Result<Shown> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let team = load(&mut tx, slug).await?;
    Ok(Shown {
        services: services::acts::of_team(&mut tx, &team.slug).await?,
        history: events::of_object(&mut tx, about::TEAM, team.slug.as_str()).await?,
        team,
    })
}

/// Says beside `field` that there is no such team.
pub(crate) async fn known(tx: &mut Tx, checking: &mut Checking, field: &str, slug: &Slug) -> Result<()> {
    if sql::find(tx, slug.as_str()).await?.is_none() {
        checking.say(field, format!("names \"{slug}\", which is no team here; an admin adds it under Teams"));
    }
    Ok(())
}

async fn load(tx: &mut Tx, slug: &str) -> Result<Team> {
    Ok(sql::find(tx, slug).await?.ok_or_else(|| Refusal::missing("team", slug))?)
}

/// The row, what the last line says it is, and how many lines there are.
pub(crate) async fn followed(tx: &mut Tx, slug: &str) -> Result<(Team, Option<Team>, usize)> {
    let team = load(tx, slug).await?;
    let entries = events::of_object(tx, about::TEAM, slug).await?;
    let said = entries.last().map(Entry::read).transpose()?;
    Ok((team, said, entries.len()))
}

/// Somebody saved between reading and writing.
async fn overtaken(tx: &mut Tx, slug: &Slug) -> Error {
    match load(tx, slug.as_str()).await {
        Ok(present) => Refusal::stale("Team", slug, present.version).into(),
        Err(error) => error,
    }
}
