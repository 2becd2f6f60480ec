//! What can be done and asked about services, environments, targets and changes.

pub mod chef;
mod marks;
mod owners;
mod places;
pub(crate) mod sources;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub(crate) use self::places::{ensure_environment, find_environment};
pub use self::{
    marks::{change_with_history, mark_irrelevant, mark_relevant},
    owners::confirm_ownership,
    places::{add_environment, edit_environment, environment, environments, first_environments},
};
use super::{
    Change, ChangeDraft, Checked, Environment, NewChange, NewService, Service, ServiceDraft, ServiceLink, Source,
    Target, TargetsDraft,
    frequency::{Frequency, frequency},
    ownership::{Ownership, ownership},
    slug_meant,
    sql::{changes, environments as places_kept, services, targets},
};
use crate::{
    actor::Act,
    answer::Answer,
    belongs::{Belongs, free_slug, is_sample_slug},
    db::Tx,
    desk::Desk,
    events::{self, Entry, about},
    fault::{Error, Result},
    naming::{same_slug, taken},
    paging::Rows,
    refusal::{Checking, Refusal},
    teams,
    text::{Slug, Title},
    time::Moment,
    version::began_from,
};

/// Adds a service.
pub async fn add(desk: &Desk, draft: &ServiceDraft) -> Result<Service> {
    desk.may(Act::EditServices)?;
    let mut tx = desk.begin_write().await?;
    let service = add_in(desk, &mut tx, draft).await?;
    desk.commit(tx, &service.slug).await?;
    Ok(service)
}

/// Whether whoever writes an owner down knows it, or copies it from another catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    IsSaid,
    IsCopied,
}

impl Owner {
    fn checked(self, desk: &Desk, named: Option<&Title>) -> Option<Checked> {
        (self == Self::IsSaid && named.is_some()).then(|| Checked { at: desk.now(), by: desk.person_id() })
    }
}

/// The same as a part of something larger.
pub(crate) async fn add_in(desk: &Desk, tx: &mut Tx, draft: &ServiceDraft) -> Result<Service> {
    add_as(desk, tx, draft, Owner::IsSaid).await
}

async fn add_as(desk: &Desk, tx: &mut Tx, draft: &ServiceDraft, owner: Owner) -> Result<Service> {
    let new = draft.check()?;
    free(desk, &draft.slug, &new.slug)?;
    ties_known(tx, &new).await?;
    if !services::insert(tx, &new, desk.now()).await? {
        return Err(taken("service", &draft.slug, &new.slug).into());
    }
    services::replace_needs(tx, &new.slug, &new.needs).await?;
    services::check_owner(tx, &new.slug, owner.checked(desk, new.owner.as_ref())).await?;
    let service = load(tx, new.slug.as_str()).await?;
    events::note(desk, tx, (about::SERVICE, new.slug.as_str()), "added", desk.now(), &service).await?;
    Ok(service)
}

/// The service somebody names in passing: the one whose slug or name it is, else a new one.
/// What is wrong with the name is said beside `field`.
pub(crate) async fn ensure_service(desk: &Desk, tx: &mut Tx, field: &str, typed: &str) -> Result<Slug> {
    let beside = |says: String| Refusal::unfit(field, says);
    let slug = slug_meant(typed).map_err(|trouble| beside(trouble.to_string()))?;
    if services::find(tx, slug.as_str()).await?.is_some() {
        return Ok(slug);
    }
    let draft = ServiceDraft { name: typed.into(), ..ServiceDraft::default() };
    match add_in(desk, tx, &draft).await {
        Ok(service) => Ok(service.slug),
        Err(Error::Refused(Refusal::Unfit { troubles })) => {
            let says: Vec<String> = troubles.into_iter().map(|trouble| trouble.says).collect();
            Err(beside(says.join("; ")).into())
        }
        Err(error) => Err(error),
    }
}

/// Changes a service; its slug stays, because plans and links name it.
pub async fn edit(desk: &Desk, slug: &str, draft: &ServiceDraft) -> Result<Service> {
    desk.may(Act::EditServices)?;
    let mut tx = desk.begin_write().await?;
    let service = edit_as(desk, &mut tx, slug, draft, Owner::IsSaid).await?;
    desk.commit(tx, &service.slug).await?;
    Ok(service)
}

async fn edit_as(desk: &Desk, tx: &mut Tx, slug: &str, draft: &ServiceDraft, owner: Owner) -> Result<Service> {
    let before = load(tx, slug).await?;
    let new = ServiceDraft { slug: same_slug(&draft.slug, &before.slug)?, ..draft.clone() }.check()?;
    ties_known(tx, &new).await?;
    let version = began_from(&draft.version, before.version, "Service", &before.slug)?;
    if !services::update(tx, &new, version).await? {
        return Err(overtaken(tx, &before.slug).await);
    }
    services::replace_needs(tx, &new.slug, &new.needs).await?;
    if new.owner != before.owner {
        services::check_owner(tx, &new.slug, owner.checked(desk, new.owner.as_ref())).await?;
    }
    let service = load(tx, slug).await?;
    events::note(desk, tx, (about::SERVICE, new.slug.as_str()), "edited", desk.now(), &service).await?;
    Ok(service)
}

/// Which services to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only slugs after this one: the last of the page before.
    pub after: Option<Slug>,
    /// Only those whose owner nobody confirmed for long.
    pub to_confirm: bool,
    pub rows: Rows,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ServiceLine"))]
pub struct Row {
    pub service: Service,
    /// When its newest recorded change took effect.
    pub changed_at: Option<Moment>,
    pub frequency: Frequency,
    pub ownership: Ownership,
}

/// One page of services by slug, and whether there are more.
pub async fn list(desk: &Desk, filter: &Filter) -> Result<(Vec<Row>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    services::list(&mut tx, filter, desk.now()).await
}

/// Slug and name of every service, for choosing one in a form: own ones first, and the sample's are
/// said to be.
pub async fn choices(desk: &Desk) -> Result<Vec<(Slug, String)>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let (sample, own): (Vec<_>, Vec<_>) =
        services::choices(&mut tx).await?.into_iter().partition(|(slug, _)| is_sample_slug(slug));
    let sample = sample.into_iter().map(|(slug, name)| (slug, format!("{name} (sample)")));
    Ok(own.into_iter().chain(sample).collect())
}

/// Every service, and who needs whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dependencies {
    /// Slug and name, by slug.
    pub names: Vec<(Slug, String)>,
    /// A service and one it needs.
    pub needs: Vec<(Slug, Slug)>,
}

/// What depends on what.
pub async fn dependencies(desk: &Desk) -> Result<Dependencies> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    services::dependencies(&mut tx).await
}

/// A service with what is known around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub service: Service,
    pub ownership: Answer<Ownership>,
    pub frequency: Frequency,
    /// Where its entry was imported from.
    pub source: Option<Source>,
    pub needed_by: Vec<Slug>,
    /// Environments that hold targets of it, production first.
    pub places: Vec<Place>,
    /// The newest changes, newest first.
    pub changes: Vec<Change>,
    /// What was done to this entry, oldest first; the last line says who changed it last.
    pub history: Vec<Entry>,
}

/// One environment with the service's targets in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub environment: Environment,
    pub targets: Vec<Target>,
}

impl Shown {
    /// All targets, for a form to begin with.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.places.iter().flat_map(|place| &place.targets)
    }
}

/// One service.
pub async fn show(desk: &Desk, slug: &str) -> Result<Shown> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let service = load(&mut tx, slug).await?;
    let of_service = targets_of(&mut tx, &BTreeSet::from([service.slug.clone()]), None).await?;
    let all = places_kept::all(&mut tx).await?;
    let place = |environment: Environment| {
        let targets = of_service.iter().filter(|target| target.environment == environment.slug).cloned().collect();
        Place { environment, targets }
    };
    let times = services::change_times(&mut tx, &service.slug, desk.now()).await?;
    Ok(Shown {
        ownership: ownership(&service, desk.now()),
        frequency: frequency(&times, desk.now()),
        source: sources::of(&mut tx, &service.slug).await?,
        needed_by: services::needed_by(&mut tx, &service.slug).await?,
        places: all.into_iter().map(place).filter(|place| !place.targets.is_empty()).collect(),
        changes: changes::of(&mut tx, &service.slug).await?,
        history: events::of_object(&mut tx, about::SERVICE, service.slug.as_str()).await?,
        service,
    })
}

/// Replaces the targets of a service in all environments.
pub async fn set_targets(desk: &Desk, slug: &str, draft: &TargetsDraft) -> Result<Vec<Target>> {
    desk.may(Act::EditServices)?;
    let mut tx = desk.begin_write().await?;
    let service = load(&mut tx, slug).await?;
    let new = draft.check(&service.slug)?;
    let mut checking = Checking::default();
    for (n, row) in draft.rows.iter().enumerate().filter(|(_, row)| !row.is_blank()) {
        ensure_environment(desk, &mut tx, &mut checking, &format!("rows.{n}.environment"), &row.environment).await?;
    }
    checking.end(Some(()))?;
    Belongs::default().slug(&service.slug).slugs(new.iter().map(|target| &target.environment)).stays("rows")?;
    let version = began_from(&draft.version, service.version, "Service", &service.slug)?;
    if !services::touch(&mut tx, &service.slug, version).await? {
        return Err(overtaken(&mut tx, &service.slug).await);
    }
    targets::replace(&mut tx, &service.slug, &new).await?;
    let new: Vec<Target> = new.into_iter().collect();
    events::note(desk, &mut tx, (about::SERVICE, service.slug.as_str()), "targets_set", desk.now(), &new).await?;
    desk.commit(tx, &service.slug).await?;
    Ok(new)
}

/// The targets of some services, in one environment or in all, in the order of environment and name.
pub async fn targets_of(tx: &mut Tx, services: &BTreeSet<Slug>, environment: Option<&Slug>) -> Result<Vec<Target>> {
    targets::of(tx, services, environment).await
}

/// Writes a change down. It may be known before or after it took effect, in any order.
pub async fn record_change(desk: &Desk, draft: &ChangeDraft) -> Result<Change> {
    desk.may(Act::RecordChange)?;
    let mut tx = desk.begin_write().await?;
    let new = draft.check(&desk.zone(), desk.now())?;
    let mut checking = Checking::default();
    known_services(&mut tx, &mut checking, "services", &new.services).await?;
    ensure_environment(desk, &mut tx, &mut checking, "environment", &draft.environment).await?;
    checking.end(Some(()))?;
    let change = record_in(desk, &mut tx, new).await?;
    desk.commit(tx, format!("change {}", change.id)).await?;
    Ok(change)
}

/// Writes a change down whose services and environment are known.
async fn record_in(desk: &Desk, tx: &mut Tx, new: NewChange) -> Result<Change> {
    let belongs = Belongs::default().slugs(&new.services).slug(&new.environment).to_sample("services")?;
    let id = desk.number(tx, about::CHANGE, belongs).await?;
    changes::insert(tx, id, &new, desk.now(), desk.person_id()).await?;
    let change = Change {
        id,
        kind: new.kind,
        summary: new.summary,
        reference: new.reference,
        environment: new.environment,
        services: new.services,
        at: new.at,
        recorded_at: desk.now(),
        recorded_by: desk.person_id(),
        irrelevant: None,
    };
    events::note(desk, tx, (about::CHANGE, &id.to_string()), "recorded", change.at, &change).await?;
    Ok(change)
}

/// Which changes to list; every part given must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeFilter {
    /// Only numbers below this one: the last of the page before.
    pub before: Option<i64>,
    pub environment: Option<Slug>,
    pub service: Option<Slug>,
    pub rows: Rows,
}

/// One page of recorded changes, the last written first, and whether there are older ones.
pub async fn changes(desk: &Desk, filter: &ChangeFilter) -> Result<(Vec<Change>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    Ok(filter.rows.page(changes::page(&mut tx, filter).await?))
}

/// One recorded change.
pub async fn change(desk: &Desk, id: i64) -> Result<Change> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    Ok(changes::find(&mut tx, id).await?.ok_or_else(|| Refusal::missing("change", id))?)
}

/// The changes of some services in an environment since a moment, oldest first.
pub async fn changes_since(
    tx: &mut Tx,
    services: &BTreeSet<Slug>,
    environment: &Slug,
    since: Moment,
) -> Result<Vec<Change>> {
    changes_within(tx, services, environment, (since, Moment::from_micros(i64::MAX))).await
}

/// The same from one moment to another, both included.
pub async fn changes_within(
    tx: &mut Tx,
    services: &BTreeSet<Slug>,
    environment: &Slug,
    stretch: (Moment, Moment),
) -> Result<Vec<Change>> {
    changes::within(tx, services, environment, stretch).await
}

/// Whether a service keeps data, and how often it changes.
pub(crate) async fn weighed(tx: &mut Tx, slug: &Slug, now: Moment) -> Result<(bool, Frequency)> {
    let service = load(tx, slug.as_str()).await?;
    Ok((service.stateful, frequency(&services::change_times(tx, slug, now).await?, now)))
}

/// The service with this slug.
pub(crate) async fn load(tx: &mut Tx, slug: &str) -> Result<Service> {
    Ok(services::find(tx, slug).await?.ok_or_else(|| Refusal::missing("service", slug))?)
}

/// What stands elsewhere about some services, their dashboards and runbooks, where there is any.
pub async fn links_of(desk: &Desk, slugs: &BTreeSet<Slug>) -> Result<Vec<(Slug, Vec<ServiceLink>)>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut list = Vec::new();
    for slug in slugs {
        let found = services::find(&mut tx, slug.as_str()).await?;
        list.extend(found.filter(|service| !service.links.is_empty()).map(|service| (service.slug, service.links)));
    }
    Ok(list)
}

/// Those of these services that are there.
pub(crate) async fn known(tx: &mut Tx, slugs: &BTreeSet<Slug>) -> Result<BTreeSet<Slug>> {
    services::known(tx, slugs).await
}

/// Everything that these services depend on, however far away, without themselves. One statement
/// for each step of the way.
pub(crate) async fn needs(tx: &mut Tx, slugs: &BTreeSet<Slug>) -> Result<BTreeSet<Slug>> {
    let (mut found, mut asked) = (BTreeSet::new(), slugs.clone());
    while !asked.is_empty() {
        let needs = services::needs_of_many(tx, &asked).await?;
        asked = needs.into_iter().filter(|need| !slugs.contains(need) && found.insert(need.clone())).collect();
    }
    Ok(found)
}

/// Says beside `field` which of the slugs name no service.
pub(crate) async fn known_services(
    tx: &mut Tx,
    checking: &mut Checking,
    field: &str,
    slugs: &BTreeSet<Slug>,
) -> Result<()> {
    let known = services::known(tx, slugs).await?;
    let unknown: Vec<String> = slugs.difference(&known).map(|slug| format!("\"{slug}\"")).collect();
    if !unknown.is_empty() {
        let unknown = unknown.join(", ");
        checking.say(field, format!("names {unknown}, which the notebook does not know; add it under Services first"));
    }
    Ok(())
}

/// Whether all that a service is tied to is there, and on the same side as the service.
async fn ties_known(tx: &mut Tx, new: &NewService) -> Result<()> {
    let mut checking = Checking::default();
    known_services(tx, &mut checking, "needs", &new.needs).await?;
    if let Some(team) = &new.team {
        teams::acts::known(tx, &mut checking, "team", team).await?;
    }
    checking.end(Some(()))?;
    Belongs::default().slug(&new.slug).slugs(new.team.as_slice()).stays("team")?;
    Ok(Belongs::default().slug(&new.slug).slugs(&new.needs).stays("needs")?)
}

/// The teams that own one of these services.
pub(crate) async fn teams_of(tx: &mut Tx, slugs: &BTreeSet<Slug>) -> Result<BTreeSet<Slug>> {
    Ok(owners_of(tx, slugs).await?.into_values().collect())
}

/// Each of these services that a team owns, with that team.
pub(crate) async fn owners_of(tx: &mut Tx, slugs: &BTreeSet<Slug>) -> Result<BTreeMap<Slug, Slug>> {
    services::owners_of(tx, slugs).await
}

/// Slug and name of the services a team owns.
pub(crate) async fn of_team(tx: &mut Tx, team: &Slug) -> Result<Vec<(Slug, String)>> {
    services::of_team(tx, team).await
}

/// Whether somebody else than the sample can take this slug; said beside the field it came from.
pub(crate) fn free(desk: &Desk, typed: &str, slug: &Slug) -> Result<(), Refusal> {
    if desk.writes_sample() {
        return Ok(());
    }
    free_slug(if typed.trim().is_empty() { "name" } else { "slug" }, slug)
}

/// Somebody saved between reading and writing.
async fn overtaken(tx: &mut Tx, slug: &Slug) -> Error {
    match load(tx, slug.as_str()).await {
        Ok(present) => Refusal::stale("Service", slug, present.version).into(),
        Err(error) => error,
    }
}
