//! One text on its way in: what is already here, what is made, and what differs.

use std::collections::BTreeSet;

use super::{
    Line, SloAction,
    chosen::{Chosen, chosen, differences},
};
use crate::{
    actor::Act,
    belongs::{Belongs, free_slug},
    db::Tx,
    desk::Desk,
    events::about,
    fault::Result,
    id::SloId,
    imports::openslo::{Is, Item, Said},
    refusal::{Checking, FieldTrouble},
    services::{self, ServiceDraft, slug_meant},
    slos::{Slo, acts as slos, kept::Kept},
    text::Slug,
};

pub(super) struct Taking<'a> {
    desk: &'a Desk,
    pub tx: Tx,
    is_dry: bool,
    /// Services and environments that are made, or would be.
    made: BTreeSet<(Place, Slug)>,
    /// SLOs of the text so far: service, environment and name.
    seen: BTreeSet<[String; 3]>,
}

/// What an SLO belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Service,
    Environment,
}

/// What becomes of one thing.
struct Done {
    action: SloAction,
    because: String,
    slo: Option<SloId>,
}

impl Done {
    fn of(action: SloAction, because: impl Into<String>) -> Self {
        Self { action, because: because.into(), slo: None }
    }

    fn unchanged(id: SloId, because: impl Into<String>) -> Self {
        Self { slo: Some(id), ..Self::of(SloAction::Skip, because) }
    }

    fn refused(troubles: &[FieldTrouble]) -> Self {
        Self::of(SloAction::Refuse, sentences(troubles))
    }
}

impl<'a> Taking<'a> {
    pub fn of(desk: &'a Desk, tx: Tx, is_dry: bool) -> Self {
        Self { desk, tx, is_dry, made: BTreeSet::new(), seen: BTreeSet::new() }
    }

    /// Holds the SLOs that may change, and the numbers of those that are made, before the first line is
    /// written: whoever measures one of them holds it, and waits for the trail.
    pub async fn hold(&mut self, items: &[Item]) -> Result<()> {
        let (mut held, mut made) = (BTreeSet::new(), BTreeSet::new());
        for item in items {
            let Is::Slo(said) = &item.is else { continue };
            let Ok(text) = said.check(&said.draft) else { continue };
            let found = slos::named(&mut self.tx, &text).await?;
            held.extend(found.iter().map(|kept| kept.id));
            let belongs = Belongs::default().slug(&text.service).slug(&text.environment).to_sample("environment");
            if let (true, Ok(belongs)) = (found.is_empty(), belongs) {
                made.insert(belongs);
            }
        }
        for id in held {
            slos::hold(&mut self.tx, id).await?;
        }
        for of_sample in made {
            self.desk.hold_numbers(&mut self.tx, about::SLO, of_sample).await?;
        }
        Ok(())
    }

    /// What becomes of each item, in the order of the text.
    pub async fn all(&mut self, items: &[Item]) -> Result<Vec<Line>> {
        self.environments(items).await?;
        let mut rows: Vec<(usize, Line)> = Vec::new();
        // Services first: an SLO may stand before the one it is of.
        for (number, item) in items.iter().enumerate() {
            if let Is::Service(service) = &item.is {
                let done = self.service(service).await?;
                rows.push((number, line(item, done)));
            }
        }
        for (number, item) in items.iter().enumerate() {
            let done = match &item.is {
                Is::Service(_) => continue,
                Is::Passed(because) => Done::of(SloAction::Skip, because),
                Is::Refused(troubles) => Done::refused(troubles),
                Is::Slo(said) => {
                    let mut places = Vec::new();
                    let done = self.slo(item, said, &mut places).await?;
                    rows.extend(places.into_iter().map(|line| (number, line)));
                    done
                }
            };
            rows.push((number, line(item, done)));
        }
        rows.sort_by_key(|(number, _)| *number);
        Ok(rows.into_iter().map(|(_, line)| line).collect())
    }

    /// Refuses environments that are not here, unless whoever asks may add them.
    async fn environments(&mut self, items: &[Item]) -> Result<()> {
        let mut checking = Checking::default();
        let mut known = BTreeSet::new();
        for item in items {
            let Is::Slo(said) = &item.is else { continue };
            let Some(slug) = checking.need("environment", slug_meant(&said.draft.environment)) else { break };
            if known.insert(slug.clone())
                && !self.is_here(Place::Environment, &slug).await?
                && !self.desk.shows(Act::ManageEnvironments)
            {
                checking.say("environment", format!("names no known environment; ask an admin to add \"{slug}\""));
            }
        }
        Ok(checking.end(Some(()))?)
    }

    async fn is_here(&mut self, place: Place, slug: &Slug) -> Result<bool> {
        match place {
            Place::Service => {
                let known = services::acts::known(&mut self.tx, &BTreeSet::from([slug.clone()])).await?;
                Ok(!known.is_empty())
            }
            Place::Environment => Ok(services::acts::find_environment(&mut self.tx, slug).await?.is_some()),
        }
    }

    async fn service(&mut self, draft: &ServiceDraft) -> Result<Done> {
        let slug = match slug_meant(&draft.slug) {
            Ok(slug) => slug,
            Err(trouble) => return Ok(Done::of(SloAction::Refuse, format!("metadata.name {trouble}"))),
        };
        if self.made.contains(&(Place::Service, slug.clone())) {
            return Ok(Done::of(SloAction::Skip, format!("{slug} stands in this text already")));
        }
        if self.is_here(Place::Service, &slug).await? {
            return Ok(Done::of(SloAction::Skip, format!("{slug} is here already; what people wrote of it stays")));
        }
        let draft = ServiceDraft { slug: slug.to_string(), ..draft.clone() };
        self.add_service(slug, &draft, "it is not here yet".into()).await
    }

    /// Adds a service, or looks whether it could be.
    async fn add_service(&mut self, slug: Slug, draft: &ServiceDraft, because: String) -> Result<Done> {
        self.desk.may(Act::EditServices)?;
        if let Err(refusal) = draft.check().and_then(|_| free_slug("metadata.name", &slug)) {
            return Ok(Done::refused(refusal.troubles()));
        }
        if !self.is_dry {
            services::acts::add_in(self.desk, &mut self.tx, draft).await?;
        }
        self.made.insert((Place::Service, slug));
        Ok(Done::of(SloAction::Create, because))
    }

    /// What an SLO belongs to and no document describes is made with it; a line for each.
    async fn places(&mut self, item: &Item, said: &Said, text: &Slo, lines: &mut Vec<Line>) -> Result<()> {
        let place = |kind: &str, slug: &Slug, done| {
            let own = Item { kind: kind.into(), name: slug.to_string(), notes: Vec::new(), ..item.clone() };
            line(&own, done)
        };
        let (service, environment) = (&text.service, &text.environment);
        if !self.made.contains(&(Place::Service, service.clone())) && !self.is_here(Place::Service, service).await? {
            let name = said.draft.service.clone();
            let draft = ServiceDraft { slug: service.to_string(), name, ..ServiceDraft::default() };
            let because = format!("{} names it, and no document describes it", text.name);
            let done = self.add_service(service.clone(), &draft, because).await?;
            lines.push(place("Service", service, done));
        }
        let made = self.made.contains(&(Place::Environment, environment.clone()));
        if !made && !self.is_here(Place::Environment, environment).await? {
            // Writing the SLO adds it, like every form that names one.
            self.made.insert((Place::Environment, environment.clone()));
            let because = format!("{} holds there; it counts as production until somebody says otherwise", text.name);
            lines.push(place("Environment", environment, Done::of(SloAction::Create, because)));
        }
        Ok(())
    }

    async fn slo(&mut self, item: &Item, said: &Said, places: &mut Vec<Line>) -> Result<Done> {
        let text = match said.check(&said.draft) {
            Ok(text) => text,
            Err(troubles) => return Ok(Done::refused(&troubles)),
        };
        if let Err(refusal) = Belongs::default().slug(&text.service).slug(&text.environment).to_sample("environment") {
            return Ok(Done::refused(refusal.troubles()));
        }
        let key = [text.service.to_string(), text.environment.to_string(), text.name.to_string()];
        if !self.seen.insert(key) {
            let says = "another SLO of this text has the same service, environment and name";
            return Ok(Done::of(SloAction::Refuse, says));
        }
        let found = slos::named(&mut self.tx, &text).await?;
        match chosen(&found, &said.id) {
            Chosen::None => {
                self.places(item, said, &text, places).await?;
                if places.iter().any(|line| line.action == SloAction::Refuse) {
                    return Ok(Done::of(SloAction::Refuse, format!("its service {} cannot be made", text.service)));
                }
                self.create(text).await
            }
            Chosen::Retired(id) => {
                Ok(Done::unchanged(id, format!("{id} is retired; nothing is promised there any more")))
            }
            Chosen::One(kept) => self.compare(said, kept).await,
            Chosen::Many(ids) => {
                let says = format!("{} have this name; give each a name of its own", ids.join(" and "));
                Ok(Done::of(SloAction::Refuse, says))
            }
        }
    }

    async fn create(&mut self, text: Slo) -> Result<Done> {
        let done = Done::of(SloAction::Create, "it is not here yet; it waits for its approval");
        if self.is_dry {
            return Ok(done);
        }
        let kept = slos::write_in(self.desk, &mut self.tx, text).await?;
        Ok(Done { slo: Some(kept.id), ..done })
    }

    async fn compare(&mut self, said: &Said, kept: &Kept) -> Result<Done> {
        let id = kept.id;
        let text = match said.check(&said.over(&kept.text)) {
            Ok(text) => text,
            Err(troubles) => return Ok(Done { slo: Some(id), ..Done::refused(&troubles) }),
        };
        if text == kept.text {
            return Ok(Done::unchanged(id, format!("unchanged: {id} says the same")));
        }
        if &text == kept.in_force() {
            let says = format!("unchanged: {id} says the same in the text that is approved; a newer one waits");
            return Ok(Done::unchanged(id, says));
        }
        let differ = differences(&kept.text, &text);
        let because = format!("{id} differs in {differ}; the approved text stays in force until this is approved");
        if !self.is_dry {
            slos::edit_in(self.desk, &mut self.tx, id, text).await?;
        }
        Ok(Done { slo: Some(id), ..Done::of(SloAction::Update, because) })
    }
}

/// "spec.objectives[0].target is 100 %: …; spec.service is missing".
fn sentences(troubles: &[FieldTrouble]) -> String {
    let sentence = |trouble: &FieldTrouble| format!("{} {}", trouble.field, trouble.says);
    troubles.iter().map(sentence).collect::<Vec<_>>().join("; ")
}

fn line(item: &Item, done: Done) -> Line {
    Line {
        document: item.place.document,
        line: item.place.line,
        kind: item.kind.clone(),
        name: item.name.clone(),
        action: done.action,
        because: done.because,
        slo: done.slo,
        notes: item.notes.clone(),
    }
}
