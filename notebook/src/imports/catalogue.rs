//! Taking catalogue files: each entity adds a service, changes one, or is skipped, and says why.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    acts::too_large,
    backstage::{Entity, Entry},
    reading,
};
use crate::{
    actor::Act,
    belongs::is_sample_slug,
    db::Tx,
    desk::Desk,
    experiments::plan::vocabulary,
    fault::Result,
    limits::CATALOGUE_NEEDS_MAX,
    services::{LinkRow, Service, ServiceDraft, Source, acts::sources},
    text::{Link, Slug, Title, slug_from},
};

vocabulary! {
    /// What happens to an entity.
    Does {
        Create = "create", "Create";
        Update = "update", "Update";
        Skip = "skip", "Skip";
    }
}

/// One entity and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CatalogueLine {
    /// `component:default/kafka`.
    pub entity: String,
    pub service: Option<Slug>,
    pub does: Does,
    /// Whole sentences.
    pub because: Vec<String>,
}

/// What a catalogue file becomes, or would become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CatalogueTaken {
    /// Nothing was kept.
    pub dry_run: bool,
    /// In the order of the file.
    pub lines: Vec<CatalogueLine>,
}

impl CatalogueTaken {
    pub fn count(&self, does: Does) -> usize {
        self.lines.iter().filter(|line| line.does == does).count()
    }

    /// "2 created, 1 updated, 3 skipped"
    pub fn words(&self) -> String {
        let [created, updated, skipped] = [Does::Create, Does::Update, Does::Skip].map(|does| self.count(does));
        format!("{created} created, {updated} updated, {skipped} skipped")
    }
}

/// Takes a catalogue file of Backstage. Nothing is kept of one that does not read, and nothing at all
/// in a dry run.
pub async fn take(desk: &Desk, bytes: &[u8], is_dry: bool) -> Result<CatalogueTaken> {
    desk.may(Act::Import)?;
    desk.may(Act::EditServices)?;
    let entries = reading::catalogue(bytes).await?.map_err(too_large)?;
    take_read(desk, entries, is_dry).await
}

pub(super) async fn take_read(desk: &Desk, entries: Vec<Entry>, is_dry: bool) -> Result<CatalogueTaken> {
    desk.may(Act::EditServices)?;
    if is_dry {
        let mut tx = desk.begin_read().await?;
        let foreseen = foresee(&mut tx, entries).await?;
        return Ok(CatalogueTaken { dry_run: true, lines: foreseen.into_iter().map(|step| step.line).collect() });
    }
    let mut tx = desk.begin_write().await?;
    tx.take_turn("catalogue imports").await?;
    let foreseen = foresee(&mut tx, entries).await?;
    // All services first, so that each can name the ones it needs.
    for step in foreseen.iter().filter(|step| step.line.does == Does::Create) {
        if let Some((draft, _)) = &step.draft {
            sources::add(desk, &mut tx, &ServiceDraft { needs: Vec::new(), ..draft.clone() }).await?;
        }
    }
    let mut lines = Vec::with_capacity(foreseen.len());
    for step in foreseen {
        if let Some((draft, source)) = &step.draft {
            keep(desk, &mut tx, step.line.does, draft, source).await?;
        }
        lines.push(step.line);
    }
    let taken = CatalogueTaken { dry_run: false, lines };
    desk.commit(tx, "services").await?;
    Ok(taken)
}

async fn keep(desk: &Desk, tx: &mut Tx, does: Does, draft: &ServiceDraft, source: &Source) -> Result<()> {
    let completes = does == Does::Create && !draft.needs.is_empty();
    let service = if does == Does::Update || completes {
        let version = if completes { "1".to_owned() } else { draft.version.clone() };
        sources::edit(desk, tx, &ServiceDraft { version, ..draft.clone() }).await?.slug
    } else {
        // Checked when it was foreseen.
        draft.check()?.slug
    };
    sources::sync(desk, tx, &service, &Source { synced_at: desk.now(), ..source.clone() }).await
}

/// What is to be done with one entity.
struct Step {
    line: CatalogueLine,
    /// None for what stays out.
    draft: Option<(ServiceDraft, Source)>,
}

impl Step {
    fn out(entity: String, service: Option<Slug>, because: impl Into<String>) -> Self {
        let line = CatalogueLine { entity, service, does: Does::Skip, because: vec![because.into()] };
        Self { line, draft: None }
    }
}

/// Where an entity is here.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Nowhere,
    /// The service it became, or that is called like it and came from no catalogue.
    Service(Slug),
    /// A service is called like it that another entity became.
    OfAnother {
        service: Slug,
        entity: String,
    },
}

/// The services that are here, and the entities they came from.
struct Here {
    services: BTreeMap<Slug, Option<String>>,
    entities: BTreeMap<String, Slug>,
}

impl Here {
    fn of(known: Vec<(Slug, Option<String>)>) -> Self {
        let entities = known.iter().filter_map(|(slug, entity)| Some((entity.clone()?, slug.clone())));
        Self { entities: entities.collect(), services: known.into_iter().collect() }
    }

    fn place(&self, entity: &str, slug: &Slug) -> Place {
        if let Some(service) = self.entities.get(entity) {
            return Place::Service(service.clone());
        }
        match self.services.get(slug) {
            None => Place::Nowhere,
            Some(None) => Place::Service(slug.clone()),
            Some(Some(other)) => Place::OfAnother { service: slug.clone(), entity: other.clone() },
        }
    }

    /// The service that something outside of the file is, if it is here.
    fn service(&self, entity: &str) -> Option<Slug> {
        let slug = slug_from(entity.rsplit('/').next().unwrap_or_default())?;
        if let Place::Service(service) = self.place(entity, &slug) { Some(service) } else { None }
    }
}

async fn foresee(tx: &mut Tx, entries: Vec<Entry>) -> Result<Vec<Step>> {
    let here = Here::of(sources::known(tx).await?);
    let mut present = BTreeMap::new();
    for entry in &entries {
        if let Entry::Service(entity) = entry
            && let Place::Service(slug) = here.place(&entity.reference, &entity.slug)
        {
            present.extend(sources::find(tx, &slug).await?.map(|service| (slug, service)));
        }
    }
    Ok(steps(entries, &here, &present))
}

/// The table. `present` holds the services that entities of the file are already.
fn steps(entries: Vec<Entry>, here: &Here, present: &BTreeMap<Slug, Service>) -> Vec<Step> {
    let mut slugs: BTreeMap<String, Slug> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for entry in &entries {
        if let Entry::Service(entity) = entry {
            let slug = match here.place(&entity.reference, &entity.slug) {
                Place::Nowhere => entity.slug.clone(),
                Place::Service(slug) => slug,
                Place::OfAnother { .. } => continue,
            };
            if taken.insert(slug.clone()) {
                slugs.insert(entity.reference.clone(), slug);
            }
        }
    }
    let needed = |reference: &str| slugs.get(reference).cloned().or_else(|| here.service(reference));
    let mut done = BTreeSet::new();
    entries
        .into_iter()
        .map(|entry| match entry {
            Entry::Other { entity, because } => Step::out(entity.clone(), None, format!("{entity} {because}.")),
            Entry::Service(entity) => match here.place(&entity.reference, &entity.slug) {
                Place::OfAnother { service, entity: other } => {
                    let because = format!("{service} comes from {other}; give one of them another name.");
                    Step::out(entity.reference, Some(service), because)
                }
                Place::Nowhere => step(&entity, None, &needed, &mut done),
                Place::Service(slug) => step(&entity, present.get(&slug), &needed, &mut done),
            },
        })
        .collect()
}

fn step(
    entity: &Entity,
    present: Option<&Service>,
    needed: &impl Fn(&str) -> Option<Slug>,
    taken: &mut BTreeSet<Slug>,
) -> Step {
    let slug = present.map_or(&entity.slug, |service| &service.slug);
    let out = |because: String| Step::out(entity.reference.clone(), Some(slug.clone()), because);
    if is_sample_slug(slug) {
        return out(format!("{slug} belongs to the sample, which stays as it is."));
    }
    if !taken.insert(slug.clone()) {
        return out(format!("Another entity of the file is {slug} already."));
    }
    let (draft, mut because) = draft(entity, present, slug, needed);
    let new = match draft.check() {
        Ok(new) => new,
        Err(refusal) => {
            let says = refusal.troubles().iter().map(|trouble| format!("\"{}\" {}", trouble.field, trouble.says));
            return out(format!("It would not be taken: {}.", says.collect::<Vec<_>>().join("; ")));
        }
    };
    let does = match present {
        None => {
            because.insert(0, "No service is called like it.".to_owned());
            Does::Create
        }
        // Drafts of the same service differ in nothing but what is to change.
        Some(service) if ServiceDraft::from_service(service).check().is_ok_and(|old| old == new) => {
            because.insert(0, format!("{slug} says the same already."));
            Does::Skip
        }
        Some(service) => {
            because.insert(0, format!("It says something else of {}.", differs(service, &draft).join(", ")));
            Does::Update
        }
    };
    let source = Source {
        tool: "backstage".to_owned(),
        entity: entity.reference.clone(),
        link: Link::new(&entity.origin).ok(),
        lifecycle: Title::new(&entity.lifecycle).ok(),
        synced_at: crate::time::Moment::from_micros(0),
    };
    let line = CatalogueLine { entity: entity.reference.clone(), service: Some(slug.clone()), does, because };
    Step { line, draft: Some((draft, source)) }
}

/// What the service is to be. What the file does not say stays; what people added here stays, too.
fn draft(
    entity: &Entity,
    present: Option<&Service>,
    slug: &Slug,
    needed: &impl Fn(&str) -> Option<Slug>,
) -> (ServiceDraft, Vec<String>) {
    let before = present.map(ServiceDraft::from_service).unwrap_or_default();
    let said = |new: &str, old: &str| if new.is_empty() { old.to_owned() } else { new.to_owned() };
    let mut needs: BTreeSet<String> = before.needs.iter().cloned().collect();
    let mut because = Vec::new();
    for reference in &entity.depends_on {
        match needed(reference) {
            Some(needed) if needed == *slug => because.push("It depends on itself; that is left out.".to_owned()),
            Some(needed) if !is_sample_slug(&needed) => {
                needs.insert(needed.to_string());
            }
            Some(_) | None => {
                because.push(format!(
                    "It depends on {reference}, which is neither here nor in the file; that is left out."
                ));
            }
        }
    }
    if entity.needs_left_out > 0 {
        let left = entity.needs_left_out;
        because.push(format!("It depends on more than {CATALOGUE_NEEDS_MAX} others; {left} of them are left out."));
    }
    let mut links: Vec<LinkRow> = entity.links.clone();
    links.extend(before.links.into_iter().filter(|link| entity.links.iter().all(|new| new.url != link.url)));
    if entity.keeps_data && present.is_none() {
        because.push("Its type says that it keeps data, so it counts as stateful.".to_owned());
    }
    let draft = ServiceDraft {
        slug: slug.to_string(),
        name: said(&entity.title, if before.name.is_empty() { &entity.name } else { &before.name }),
        owner: said(&entity.owner, &before.owner),
        team: before.team,
        description: said(&entity.description, &before.description),
        stateful: if entity.keeps_data && present.is_none() { "on".to_owned() } else { before.stateful },
        single_point: before.single_point,
        tier: said(entity.tier.map_or("", |tier| tier.word()), &before.tier),
        links,
        needs: needs.into_iter().collect(),
        version: before.version,
    };
    (draft, because)
}

/// Names of the fields that would change.
fn differs(service: &Service, draft: &ServiceDraft) -> Vec<&'static str> {
    let old = ServiceDraft::from_service(service);
    let sorted = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
    let fields = [
        ("its name", old.name != draft.name),
        ("its owner", old.owner != draft.owner),
        ("its description", old.description != draft.description),
        ("its tier", old.tier != draft.tier),
        ("its links", old.links != draft.links),
        ("what it needs", sorted(&old.needs) != sorted(&draft.needs)),
    ];
    fields.into_iter().filter(|(_, changes)| *changes).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(text: &str) -> Slug {
        Slug::new(text).unwrap()
    }

    #[test]
    fn a_name_is_not_taken_over_by_an_entity_of_another_namespace_or_kind() {
        let here = Here::of(vec![
            (slug("kafka"), Some("component:a/kafka".into())),
            (slug("events"), Some("resource:default/store".into())),
            (slug("home"), None),
        ]);
        let taken = |service: &str, entity: &str| Place::OfAnother { service: slug(service), entity: entity.into() };
        for (entity, name, is) in [
            ("component:a/kafka", "kafka", Place::Service(slug("kafka"))),
            ("component:b/kafka", "kafka", taken("kafka", "component:a/kafka")),
            ("resource:a/kafka", "kafka", taken("kafka", "component:a/kafka")),
            ("resource:default/store", "store", Place::Service(slug("events"))),
            ("component:default/events", "events", taken("events", "resource:default/store")),
            ("component:default/home", "home", Place::Service(slug("home"))),
            ("component:default/new", "new", Place::Nowhere),
        ] {
            assert_eq!(here.place(entity, &slug(name)), is, "{entity}");
        }
        assert_eq!(here.service("component:b/kafka"), None);
        assert_eq!(here.service("resource:default/store"), Some(slug("events")));
    }
}
