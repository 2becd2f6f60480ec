//! Taking SLOs of other tools: what is new is written, what differs is a new revision, what is the same
//! is passed over. Each becomes a draft that somebody approves.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    acts::{DECIDE_LATER, NEW_EXPERIMENT, TakeDraft, too_large},
    openslo::{Is, Item, Place, ReadSlos, Said, SloFormat},
    reading,
};
use crate::{
    actor::Act,
    belongs::{Belongs, free_slug},
    db::Tx,
    desk::Desk,
    experiments::plan::vocabulary,
    fault::Result,
    id::SloId,
    refusal::{Checking, FieldTrouble, Refusal},
    services::{self, ServiceDraft, slug_meant},
    slos::{Slo, acts as slos, drafts::Draft, kept::Kept},
    text::Slug,
};

vocabulary! {
    /// What is done with one thing of a text.
    SloAction {
        Create = "create", "Create";
        Update = "update", "Update";
        Skip = "skip", "Skip";
        Refuse = "refuse", "Refuse";
    }
}

/// One thing of a text, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "SloImportLine")]
pub struct Line {
    /// The document in the text, counted from one.
    pub document: usize,
    /// The line on which that begins.
    pub line: usize,
    /// `SLO`, `Service`, or what the document calls itself.
    pub kind: String,
    pub name: String,
    pub action: SloAction,
    pub because: String,
    /// The SLO it became, or is already; none after a dry run that would make it.
    pub slo: Option<SloId>,
    /// What of it is not kept, or is proposed, each with its path.
    pub notes: Vec<String>,
}

/// What a text becomes, or would become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SlosTaken {
    pub format: SloFormat,
    /// Nothing was kept.
    pub dry_run: bool,
    pub create: usize,
    pub update: usize,
    pub skip: usize,
    pub refuse: usize,
    /// In the order of the text.
    pub lines: Vec<Line>,
}

impl SlosTaken {
    fn of(format: SloFormat, dry_run: bool, lines: Vec<Line>) -> Self {
        let count = |action| lines.iter().filter(|line| line.action == action).count();
        Self {
            format,
            dry_run,
            create: count(SloAction::Create),
            update: count(SloAction::Update),
            skip: count(SloAction::Skip),
            refuse: count(SloAction::Refuse),
            lines,
        }
    }

    /// "2 created, 1 updated, 3 skipped, 0 refused", or what would be.
    pub fn words(&self) -> String {
        let Self { create, update, skip, refuse, .. } = self;
        let would = if self.dry_run { " would be" } else { "" };
        format!("{create}{would} created, {update} updated, {skip} skipped, {refuse} refused")
    }

    pub fn changes(&self) -> bool {
        self.create + self.update > 0
    }
}

/// Takes OpenSLO or Sloth. Nothing is stored of a text that does not read, and nothing at all in a dry run.
pub async fn take(desk: &Desk, bytes: &[u8], draft: &TakeDraft, is_dry: bool) -> Result<SlosTaken> {
    desk.may(Act::Import)?;
    desk.may(Act::WriteSlo)?;
    let read = reading::slos(bytes).await?.map_err(too_large)?;
    take_read(desk, read, draft, is_dry).await
}

pub(super) async fn take_read(desk: &Desk, read: ReadSlos, draft: &TakeDraft, is_dry: bool) -> Result<SlosTaken> {
    desk.may(Act::WriteSlo)?;
    if !["", NEW_EXPERIMENT].contains(&draft.experiment.trim()) {
        let waits = draft.experiment.trim() == DECIDE_LATER;
        let says = if waits { "cannot wait: SLOs belong to no experiment; leave this empty" } else { "takes no SLOs; leave this empty" };
        return Err(Refusal::unfit("experiment", says).into());
    }
    let tx = if is_dry { desk.begin_read().await? } else { desk.begin_write().await? };
    let mut taking = Taking { desk, tx, is_dry, services: BTreeSet::new(), seen: BTreeSet::new(), lines: Vec::new() };
    let items = placed(read.items, draft)?;
    taking.environments(&items).await?;
    // Services first: an SLO may stand before the one it is of.
    let mut rows: Vec<(usize, Line)> = Vec::new();
    for (number, item) in items.iter().enumerate() {
        if let Is::Service(service) = &item.is {
            rows.push((number, taking.service(item, service).await?));
        }
    }
    for (number, item) in items.into_iter().enumerate() {
        match item.is {
            Is::Service(_) => {}
            Is::Passed(because) => rows.push((number, line(&item.place, item.kind, item.name, (SloAction::Skip, because), item.notes))),
            Is::Refused(troubles) => {
                let because = sentences(&troubles);
                rows.push((number, line(&item.place, item.kind, item.name, (SloAction::Refuse, because), item.notes)));
            }
            Is::Slo(said) => {
                let named = taking.named_service(&item.place, &said).await?;
                rows.extend(named.map(|line| (number, line)));
                let (place, kind, name, notes) = (item.place, item.kind, item.name, item.notes);
                let done = taking.slo(&said).await?;
                let slo = done.slo;
                let row = line(&place, kind, name, (done.action, done.because), notes);
                rows.push((number, Line { slo, ..row }));
            }
        }
    }
    rows.sort_by_key(|(number, _)| *number);
    let mut lines = taking.lines;
    lines.extend(rows.into_iter().map(|(_, line)| line));
    let taken = SlosTaken::of(read.format, is_dry, lines);
    if is_dry {
        return Ok(taken);
    }
    if !taken.changes() && taken.refuse > 0 {
        return Err(nothing_fits(&taken).into());
    }
    if taken.changes() {
        desk.commit(taking.tx, "slos").await?;
    }
    Ok(taken)
}

/// Every trouble, if nothing of a text can be taken and something of it is wrong.
fn nothing_fits(taken: &SlosTaken) -> Refusal {
    let refused = taken.lines.iter().filter(|line| line.action == SloAction::Refuse);
    let trouble = |line: &Line| {
        let says = format!("document {} (line {}), {} {}: {}", line.document, line.line, line.kind, line.name, line.because);
        FieldTrouble::new(format!("/{}", line.document), says)
    };
    Refusal::Unfit { troubles: refused.map(trouble).collect() }
}

/// Gives each SLO the environment that whoever imports it says, where its document names none.
fn placed(mut items: Vec<Item>, draft: &TakeDraft) -> Result<Vec<Item>> {
    for item in &mut items {
        if let Is::Slo(said) = &mut item.is
            && said.draft.environment.trim().is_empty()
        {
            if draft.environment.trim().is_empty() {
                let says = "is empty; OpenSLO and Sloth name none, so say where these SLOs hold";
                return Err(Refusal::unfit("environment", says).into());
            }
            said.draft.environment.clone_from(&draft.environment);
        }
    }
    Ok(items)
}

struct Taking<'a> {
    desk: &'a Desk,
    tx: Tx,
    is_dry: bool,
    /// Services that are made, or would be.
    services: BTreeSet<Slug>,
    /// SLOs of the text so far: service, environment and name.
    seen: BTreeSet<[String; 3]>,
    /// What has no place of its own in the text.
    lines: Vec<Line>,
}

/// What became of one SLO.
struct Done {
    action: SloAction,
    because: String,
    slo: Option<SloId>,
}

impl Done {
    fn refused(because: impl Into<String>) -> Self {
        Self { action: SloAction::Refuse, because: because.into(), slo: None }
    }

    fn skipped(id: SloId, because: impl Into<String>) -> Self {
        Self { action: SloAction::Skip, because: because.into(), slo: Some(id) }
    }
}

impl Taking<'_> {
    /// Environments are there, or are added by whoever may do that.
    async fn environments(&mut self, items: &[Item]) -> Result<()> {
        let mut known = BTreeSet::new();
        let mut checking = Checking::default();
        for item in items {
            let Is::Slo(said) = &item.is else { continue };
            let typed = said.draft.environment.as_str();
            let Some(slug) = checking.need("environment", slug_meant(typed)) else { break };
            if !known.insert(slug.clone()) {
                continue;
            }
            if services::acts::find_environment(&mut self.tx, &slug).await?.is_some() {
                continue;
            }
            if !self.is_dry {
                services::acts::ensure_environment(self.desk, &mut self.tx, &mut checking, "environment", typed).await?;
            } else if !self.desk.shows(Act::ManageEnvironments) {
                checking.say("environment", format!("names no known environment; ask an admin to add \"{slug}\""));
            }
            let because = "an SLO of this text holds there; it counts as production until somebody says otherwise";
            let done = (SloAction::Create, because.to_owned());
            self.lines.push(line(&item.place, "Environment".into(), slug.into(), done, Vec::new()));
        }
        Ok(checking.end(Some(()))?)
    }

    async fn service(&mut self, item: &Item, draft: &ServiceDraft) -> Result<Line> {
        let row = |action, because: String| {
            line(&item.place, item.kind.clone(), item.name.clone(), (action, because), item.notes.clone())
        };
        let slug = match slug_meant(&draft.slug) {
            Ok(slug) => slug,
            Err(trouble) => return Ok(row(SloAction::Refuse, format!("metadata.name {trouble}"))),
        };
        if self.services.contains(&slug) {
            return Ok(row(SloAction::Skip, format!("{slug} stands in this text already")));
        }
        if self.is_known(&slug).await? {
            return Ok(row(SloAction::Skip, format!("{slug} is here already; what people wrote of it stays")));
        }
        let draft = ServiceDraft { slug: slug.to_string(), ..draft.clone() };
        match self.add(&slug, &draft).await? {
            Some(troubles) => Ok(row(SloAction::Refuse, troubles)),
            None => Ok(row(SloAction::Create, "it is not here yet".into())),
        }
    }

    async fn is_known(&mut self, slug: &Slug) -> Result<bool> {
        let known = services::acts::known(&mut self.tx, &BTreeSet::from([slug.clone()])).await?;
        Ok(!known.is_empty())
    }

    /// Adds a service, or looks whether it could be; why not, otherwise.
    async fn add(&mut self, slug: &Slug, draft: &ServiceDraft) -> Result<Option<String>> {
        self.desk.may(Act::EditServices)?;
        if let Err(refusal) = draft.check().and_then(|_| free_slug("metadata.name", slug)) {
            return Ok(Some(sentences(refusal.troubles())));
        }
        if !self.is_dry {
            services::acts::add_in(self.desk, &mut self.tx, draft).await?;
        }
        self.services.insert(slug.clone());
        Ok(None)
    }

    /// The service an SLO names, if no document describes it and it is not here.
    async fn named_service(&mut self, place: &Place, said: &Said) -> Result<Option<Line>> {
        let Ok(slug) = slug_meant(&said.draft.service) else { return Ok(None) };
        if self.services.contains(&slug) || self.is_known(&slug).await? {
            return Ok(None);
        }
        let draft =
            ServiceDraft { slug: slug.to_string(), name: said.draft.service.clone(), ..ServiceDraft::default() };
        let done = match self.add(&slug, &draft).await? {
            Some(troubles) => (SloAction::Refuse, troubles),
            None => (SloAction::Create, format!("{} names it, and no document describes it", said.draft.title)),
        };
        Ok(Some(line(place, "Service".into(), slug.into(), done, Vec::new())))
    }

    async fn slo(&mut self, said: &Said) -> Result<Done> {
        let text = match said.check(&said.draft) {
            Ok(text) => text,
            Err(troubles) => return Ok(Done::refused(sentences(&troubles))),
        };
        if let Err(refusal) = Belongs::default().slug(&text.service).slug(&text.environment).to_sample("environment") {
            return Ok(Done::refused(sentences(refusal.troubles())));
        }
        if !self.services.contains(&text.service) && !self.is_known(&text.service).await? {
            return Ok(Done::refused(format!("its service {} is not taken either", text.service)));
        }
        let key = [text.service.to_string(), text.environment.to_string(), text.name.to_string()];
        if !self.seen.insert(key) {
            return Ok(Done::refused("another SLO of this text has the same service, environment and name"));
        }
        let found = slos::named(&mut self.tx, &text).await?;
        match chosen(&found, &said.id) {
            Chosen::None => self.create(text).await,
            Chosen::Retired(id) => Ok(Done::skipped(id, format!("{id} is retired; nothing is promised there any more"))),
            Chosen::One(kept) => self.compare(said, kept).await,
            Chosen::Many(ids) => Ok(Done::refused(format!("{} have this name; give each a name of its own", ids.join(" and ")))),
        }
    }

    async fn create(&mut self, text: Slo) -> Result<Done> {
        let because = "it is not here yet; it waits for its approval".to_owned();
        let slo = if self.is_dry { None } else { Some(slos::write_in(self.desk, &mut self.tx, text).await?.id) };
        Ok(Done { action: SloAction::Create, because, slo })
    }

    async fn compare(&mut self, said: &Said, kept: &Kept) -> Result<Done> {
        let id = kept.id;
        let text = match said.check(&said.over(&kept.text)) {
            Ok(text) => text,
            Err(troubles) => return Ok(Done::refused(sentences(&troubles))),
        };
        if text == kept.text {
            return Ok(Done::skipped(id, format!("unchanged: {id} says the same")));
        }
        if &text == kept.in_force() {
            return Ok(Done::skipped(id, format!("unchanged: {id} says the same in the text that is approved; a newer one waits")));
        }
        let because = format!("{id} differs in {}; the approved text stays in force until this is approved", differences(&kept.text, &text));
        if !self.is_dry {
            slos::edit_in(self.desk, &mut self.tx, id, text).await?;
        }
        Ok(Done { action: SloAction::Update, because, slo: Some(id) })
    }
}

/// Which SLO that is here already a document means.
enum Chosen<'a> {
    None,
    One(&'a Kept),
    Many(Vec<String>),
    Retired(SloId),
}

/// The one with its name; of several, the one with its id.
fn chosen<'a>(found: &'a [Kept], id: &str) -> Chosen<'a> {
    let open: Vec<&Kept> = found.iter().filter(|kept| kept.retired_at.is_none()).collect();
    let by_id = open.iter().find(|kept| kept.id.to_string() == id);
    match (open.as_slice(), by_id) {
        ([], _) => found.last().map_or(Chosen::None, |kept| Chosen::Retired(kept.id)),
        ([kept], _) | (_, Some(kept)) => Chosen::One(kept),
        (many, None) => Chosen::Many(many.iter().map(|kept| kept.id.to_string()).collect()),
    }
}

/// Names of the fields in which two texts differ.
fn differences(before: &Slo, after: &Slo) -> String {
    let fields = |slo| match serde_json::to_value(Draft::of(slo, 1)) {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (before, after) = (fields(before), fields(after));
    let differ = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    differ.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// "spec.objectives[0].target is 100 %: …; spec.service is missing".
fn sentences(troubles: &[FieldTrouble]) -> String {
    let sentence = |trouble: &FieldTrouble| format!("{} {}", trouble.field, trouble.says);
    troubles.iter().map(sentence).collect::<Vec<_>>().join("; ")
}

fn line(place: &Place, kind: String, name: String, (action, because): (SloAction, String), notes: Vec<String>) -> Line {
    Line { document: place.document, line: place.line, kind, name, action, because, slo: None, notes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{slos::sample::ingest, time::Moment};

    fn kept(number: i64, retired: bool) -> Kept {
        Kept {
            id: SloId::of(number),
            text: ingest(),
            revision: 1,
            approved: None,
            retired_at: retired.then_some(Moment::from_micros(0)),
            created_at: Moment::from_micros(0),
            version: 1,
        }
    }

    #[test]
    fn a_document_means_the_slo_with_its_name_and_of_several_the_one_with_its_id() {
        let word = |found: &[Kept], id: &str| match chosen(found, id) {
            Chosen::None => "none".to_owned(),
            Chosen::One(kept) => kept.id.to_string(),
            Chosen::Many(ids) => ids.join(" or "),
            Chosen::Retired(id) => format!("{id} retired"),
        };
        for (found, id, means) in [
            (vec![], "SLO-1", "none"),
            (vec![kept(1, false)], "SLO-9", "SLO-1"),
            (vec![kept(1, true)], "", "SLO-1 retired"),
            (vec![kept(1, true), kept(2, false)], "SLO-1", "SLO-2"),
            (vec![kept(1, false), kept(2, false)], "", "SLO-1 or SLO-2"),
            (vec![kept(1, false), kept(2, false)], "SLO-2", "SLO-2"),
        ] {
            assert_eq!(word(&found, id), means, "{id}");
        }
    }

    #[test]
    fn fields_in_which_texts_differ_are_named() {
        let after = Slo { target: crate::slos::target::Target::read("99 %").unwrap(), promise: None, ..ingest() };
        assert_eq!(differences(&ingest(), &after), "good_enough, promise, target");
        assert_eq!(differences(&ingest(), &ingest()), "");
    }
}
