//! What the working time of the teams concerned, and the freezes, say about one run.

use std::collections::BTreeSet;

use super::{sql, texts::Filter};
use crate::{
    actor::Act,
    calendar::{
        self,
        freeze::{Concerned, Freeze, freezes_on},
        next::next_start,
        outside::outside,
    },
    db::Tx,
    desk::Desk,
    fault::Result,
    freezes,
    interval::Interval,
    limits::WORKING_TIME_DAYS_AHEAD,
    paging::Rows,
    services,
    teams::Team,
    text::{Slug, Title},
    time::{Moment, Zone},
};

/// The time around a run: who has to be there, and what speaks against it, a clause each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Around {
    /// The teams that own one of the services.
    pub teams: Vec<calendar::Team>,
    /// Services that no team owns: nobody knows their working time.
    pub unowned: BTreeSet<Slug>,
    pub freezes: Vec<String>,
    pub outside: Vec<String>,
    /// Whether each service has a team, and each of these teams is one person, so that no second one
    /// can be asked.
    pub solo: bool,
}

/// What speaks about a run on these services, from its start to the end of the latest revert.
pub async fn around(tx: &mut Tx, services: &BTreeSet<Slug>, environment: &Slug, run: Interval) -> Result<Around> {
    let owners = services::acts::owners_of(tx, services).await?;
    let unowned: BTreeSet<Slug> = services.iter().filter(|service| !owners.contains_key(*service)).cloned().collect();
    let owning = sql::some(tx, &owners.into_values().collect()).await?;
    let freezes = concerning(tx, &owning, services, environment, run).await?;
    let teams: Vec<calendar::Team> = owning.iter().map(Team::calendar).collect();
    Ok(Around {
        freezes: freezes.iter().map(Freeze::words).collect(),
        outside: outside(&teams, run),
        solo: unowned.is_empty() && !owning.is_empty() && owning.iter().all(|team| team.solo),
        teams,
        unowned,
    })
}

/// The first moment at or after its start at which the whole run lies in the working time of every
/// team that owns one of the services, and in no freeze. None without teams, since then nobody
/// knows, and none if a year has no such moment.
pub async fn next_fit(
    tx: &mut Tx,
    services: &BTreeSet<Slug>,
    environment: &Slug,
    run: Interval,
) -> Result<Option<Moment>> {
    let owning = owning(tx, services).await?;
    let ahead = Interval::lasting(run.start(), WORKING_TIME_DAYS_AHEAD * 86_400_000);
    let freezes = concerning(tx, &owning, services, environment, ahead).await?;
    let frozen: Vec<Interval> = freezes.iter().map(Freeze::interval).collect();
    let teams: Vec<calendar::Team> = owning.iter().map(Team::calendar).collect();
    Ok(next_start(&teams, run.start(), run.ms(), &frozen))
}

/// The working time of every team that owns one of the services.
pub(crate) async fn calendars(tx: &mut Tx, services: &BTreeSet<Slug>) -> Result<Vec<calendar::Team>> {
    Ok(owning(tx, services).await?.iter().map(Team::calendar).collect())
}

/// The working time of one team.
pub(crate) async fn calendar_of(tx: &mut Tx, team: &Slug) -> Result<Option<calendar::Team>> {
    Ok(sql::find(tx, team.as_str()).await?.as_ref().map(Team::calendar))
}

/// The working time of as many teams as a page holds, by slug.
pub(crate) async fn all_calendars(tx: &mut Tx) -> Result<Vec<calendar::Team>> {
    let (teams, _) = Rows::default().page(sql::page(tx, &Filter::default()).await?);
    Ok(teams.iter().map(Team::calendar).collect())
}

/// The teams that own these services, each with its zone.
pub async fn zones_of(desk: &Desk, services: &BTreeSet<Slug>) -> Result<Vec<(Title, Zone)>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    Ok(owning(&mut tx, services).await?.into_iter().map(|team| (team.name, team.zone)).collect())
}

/// The zone of the team that owns the first of these services that has one: where their days begin.
pub(crate) async fn zone_of_owner(tx: &mut Tx, services: &BTreeSet<Slug>) -> Result<Option<Zone>> {
    let owners = services::acts::owners_of(tx, services).await?;
    let Some(team) = owners.values().next() else { return Ok(None) };
    Ok(sql::find(tx, team.as_str()).await?.map(|team| team.zone))
}

async fn owning(tx: &mut Tx, services: &BTreeSet<Slug>) -> Result<Vec<Team>> {
    let slugs = services::acts::teams_of(tx, services).await?;
    sql::some(tx, &slugs).await
}

/// The freezes that touch a stretch of time and hold these services still.
async fn concerning(
    tx: &mut Tx,
    owning: &[Team],
    services: &BTreeSet<Slug>,
    environment: &Slug,
    during: Interval,
) -> Result<Vec<Freeze>> {
    let teams = owning.iter().map(|team| team.slug.clone()).collect();
    let concerned = Concerned { teams: &teams, services, environment: Some(environment) };
    let all = freezes::acts::during(tx, during).await?;
    Ok(freezes_on(&all, &concerned, during).into_iter().cloned().collect())
}
