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
    services::{LinkRow, Service, ServiceDraft, Source, acts::sources},
    text::{Link, Slug, Title},
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
    desk.take_turn(&mut tx, "catalogue imports").await?;
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

async fn foresee(tx: &mut Tx, entries: Vec<Entry>) -> Result<Vec<Step>> {
    let mut present: BTreeMap<String, Option<Service>> = BTreeMap::new();
    for entry in &entries {
        if let Entry::Service(entity) = entry {
            present.insert(entity.reference.clone(), sources::find(tx, &entity.reference, &entity.slug).await?);
            for needed in &entity.depends_on {
                let slug = crate::text::slug_from(needed.rsplit('/').next().unwrap_or_default());
                if let Some(slug) = slug.filter(|_| !present.contains_key(needed)) {
                    let found = sources::find(tx, needed, &slug).await?;
                    present.extend(found.map(|service| (needed.clone(), Some(service))));
                }
            }
        }
    }
    Ok(steps(entries, &present))
}

/// The table: `present` holds each entity of the file, and whatever else is needed and known, with
/// the service it is.
fn steps(entries: Vec<Entry>, present: &BTreeMap<String, Option<Service>>) -> Vec<Step> {
    let mut slugs: BTreeMap<String, Slug> = BTreeMap::new();
    for (reference, service) in present {
        slugs.extend(service.as_ref().map(|service| (reference.clone(), service.slug.clone())));
    }
    for entry in &entries {
        if let Entry::Service(entity) = entry {
            slugs.entry(entity.reference.clone()).or_insert_with(|| entity.slug.clone());
        }
    }
    let mut taken = BTreeSet::new();
    entries
        .into_iter()
        .map(|entry| match entry {
            Entry::Other { entity, because } => Step::out(entity.clone(), None, format!("{entity} {because}.")),
            Entry::Service(entity) => {
                let found = present.get(&entity.reference).and_then(Option::as_ref);
                step(&entity, found, &slugs, &mut taken)
            }
        })
        .collect()
}

fn step(
    entity: &Entity,
    present: Option<&Service>,
    slugs: &BTreeMap<String, Slug>,
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
    let (draft, mut because) = draft(entity, present, slug, slugs);
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
    slugs: &BTreeMap<String, Slug>,
) -> (ServiceDraft, Vec<String>) {
    let before = present.map(ServiceDraft::from_service).unwrap_or_default();
    let said = |new: &str, old: &str| if new.is_empty() { old.to_owned() } else { new.to_owned() };
    let mut needs: BTreeSet<String> = before.needs.iter().cloned().collect();
    let mut because = Vec::new();
    for reference in &entity.depends_on {
        match slugs.get(reference) {
            Some(needed) if needed == slug => because.push("It depends on itself; that is left out.".to_owned()),
            Some(needed) if !is_sample_slug(needed) => {
                needs.insert(needed.to_string());
            }
            Some(_) | None => {
                because.push(format!(
                    "It depends on {reference}, which is neither here nor in the file; that is left out."
                ));
            }
        }
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
