//! What can be done and asked about services, environments, targets and changes.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Change, ChangeDraft, Environment, EnvironmentClass, EnvironmentDraft, NewEnvironment, NewService, Service,
    ServiceDraft, Target, TargetsDraft, slug_meant,
    sql::{changes, environments, services, targets},
};
use crate::{
    actor::Act,
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

/// Adds a service.
pub async fn add(desk: &Desk, draft: &ServiceDraft) -> Result<Service> {
    desk.may(Act::EditServices)?;
    let mut tx = desk.begin_write().await?;
    let service = add_in(desk, &mut tx, draft).await?;
    desk.commit(tx, &service.slug).await?;
    Ok(service)
}

/// The same as a part of something larger.
pub(crate) async fn add_in(desk: &Desk, tx: &mut Tx, draft: &ServiceDraft) -> Result<Service> {
    let new = draft.check()?;
    free(desk, &draft.slug, &new.slug)?;
    ties_known(tx, &new).await?;
    if !services::insert(tx, &new, desk.now()).await? {
        return Err(taken("service", &draft.slug, &new.slug).into());
    }
    services::replace_needs(tx, &new.slug, &new.needs).await?;
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
    let before = load(&mut tx, slug).await?;
    let new = ServiceDraft { slug: same_slug(&draft.slug, &before.slug)?, ..draft.clone() }.check()?;
    ties_known(&mut tx, &new).await?;
    let version = began_from(&draft.version, before.version, "Service", &before.slug)?;
    if !services::update(&mut tx, &new, version).await? {
        return Err(overtaken(&mut tx, &before.slug).await);
    }
    services::replace_needs(&mut tx, &new.slug, &new.needs).await?;
    let service = load(&mut tx, slug).await?;
    events::note(desk, &mut tx, (about::SERVICE, new.slug.as_str()), "edited", desk.now(), &service).await?;
    desk.commit(tx, &new.slug).await?;
    Ok(service)
}

/// Which services to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only slugs after this one: the last of the page before.
    pub after: Option<Slug>,
    /// Part of name, slug or owner; empty for all.
    pub text: String,
    pub rows: Rows,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ServiceLine"))]
pub struct Row {
    pub service: Service,
    /// When its newest recorded change took effect.
    pub changed_at: Option<Moment>,
}

/// One page of services by slug, and whether there are more.
pub async fn list(desk: &Desk, filter: &Filter) -> Result<(Vec<Row>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    services::list(&mut tx, filter).await
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

/// A service with what is known around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub service: Service,
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
    let all = environments::all(&mut tx).await?;
    let place = |environment: Environment| {
        let targets = of_service.iter().filter(|target| target.environment == environment.slug).cloned().collect();
        Place { environment, targets }
    };
    Ok(Shown {
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
    let belongs = Belongs::default().slugs(&new.services).slug(&new.environment).to_sample("services")?;
    let id = desk.number(&mut tx, about::CHANGE, belongs).await?;
    changes::insert(&mut tx, id, &new, desk.now(), desk.person_id()).await?;
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
    };
    events::note(desk, &mut tx, (about::CHANGE, &id.to_string()), "recorded", change.at, &change).await?;
    desk.commit(tx, format!("change {id}")).await?;
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
    changes::since(tx, services, environment, since).await
}

/// The service with this slug.
pub(crate) async fn load(tx: &mut Tx, slug: &str) -> Result<Service> {
    Ok(services::find(tx, slug).await?.ok_or_else(|| Refusal::missing("service", slug))?)
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
    services::teams_of(tx, slugs).await
}

/// Slug and name of the services a team owns.
pub(crate) async fn of_team(tx: &mut Tx, team: &Slug) -> Result<Vec<(Slug, String)>> {
    services::of_team(tx, team).await
}

/// Whether somebody else than the sample can take this slug; said beside the field it came from.
fn free(desk: &Desk, typed: &str, slug: &Slug) -> Result<(), Refusal> {
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
