//! What can be done and asked about templates: beginning from one, and making one of a plan that proved
//! itself.

pub use super::fitting::Filter;
use super::{
    Origin, Template, TemplateName, Text, builtin,
    drafts::{PromoteDraft, ReasonDraft, RenewDraft},
    sql,
    trail::{BeganFrom, TemplateEvent},
};
use crate::{
    actor::Act,
    belongs::free_slug,
    db::Tx,
    desk::Desk,
    events::{self, Entry, about},
    experiments::{self, Experiment, plan::Plan, trail::act},
    fault::{Error, Fault, Result},
    id::ExperimentId,
    limits::{TEMPLATE_USES_SHOWN_MAX, TEMPLATES_MAX},
    naming::taken,
    refusal::Refusal,
    text::{Slug, Title},
    time::Moment,
    version::began_from,
};

const NOUN: &str = "Template";

/// Writes a new experiment and keeps which template it began from, if the draft names one.
pub async fn create(desk: &Desk, draft: &experiments::Draft) -> Result<Experiment> {
    desk.may(Act::WriteExperiment)?;
    let name = began(&draft.template)?;
    let mut tx = desk.begin_write().await?;
    let experiment = experiments::acts::create_in(desk, &mut tx, draft).await?;
    if let Some(name) = name {
        keep_use(desk, &mut tx, experiment.id, name).await?;
    }
    desk.commit(tx, experiment.id).await?;
    Ok(experiment)
}

fn began(text: &str) -> Result<Option<TemplateName>, Refusal> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|says: String| Refusal::unfit("template", says))
}

async fn keep_use(desk: &Desk, tx: &mut Tx, experiment: ExperimentId, name: TemplateName) -> Result<()> {
    let template = find(tx, name.slug.as_str(), Some(name.version)).await?;
    if template.is_none() && !builtin::had(&name) {
        let says = format!("names {name}, which is no template here; leave it out, or choose one under Templates");
        return Err(Refusal::unfit("template", says).into());
    }
    sql::add_use(tx, experiment, &name).await?;
    let (kind, object) = (about::EXPERIMENT, experiment.to_string());
    events::note(desk, tx, (kind, &object), act::BEGAN_FROM, desk.now(), &BeganFrom { template: name }).await?;
    Ok(())
}

/// Makes a template of an experiment's approved plan.
pub async fn promote(desk: &Desk, id: ExperimentId, draft: &PromoteDraft) -> Result<Template> {
    desk.may(Act::WriteTemplate)?;
    let mut tx = desk.begin_write().await?;
    let (plan, revision) = approved_plan(&mut tx, id).await?;
    let (slug, text) = draft.check(plan, (id, revision))?;
    free_slug(if draft.slug.trim().is_empty() { "name" } else { "slug" }, &slug)?;
    if sql::count(&mut tx).await? >= TEMPLATES_MAX {
        let says = format!("at most {TEMPLATES_MAX} templates are kept; renew one of them instead");
        return Err(Refusal::not_now(Act::WriteTemplate, says).into());
    }
    if builtin::named(slug.as_str()).is_some() || !sql::insert(desk, &mut tx, &slug, &text).await? {
        return Err(taken("template", &draft.slug, &slug).into());
    }
    let event = TemplateEvent::Promoted { version: 1, text: Box::new(text.clone()) };
    note(desk, &mut tx, &slug, desk.now(), &event).await?;
    desk.commit(tx, &slug).await?;
    Ok(Template::promoted(TemplateName { slug, version: 1 }, text, 1, None))
}

/// Adds a version of a template. Experiments that began from an earlier one keep that.
pub async fn renew(desk: &Desk, slug: &str, draft: &RenewDraft) -> Result<Template> {
    desk.may(Act::WriteTemplate)?;
    let mut tx = desk.begin_write().await?;
    let before = own(&mut tx, slug, Act::WriteTemplate).await?;
    if before.retired_at.is_some() {
        return Err(Refusal::not_now(Act::WriteTemplate, format!("{slug} is retired; reopen it first")).into());
    }
    let experiment = draft.experiment()?;
    let (plan, revision) = approved_plan(&mut tx, experiment).await?;
    let text = draft.check(plan, (experiment, revision))?;
    let version = began_from(&draft.version, before.newest, NOUN, slug)?;
    let slug = before.name.slug;
    if !sql::renew(desk, &mut tx, &slug, version, &text).await? {
        return Err(overtaken(&mut tx, &slug).await);
    }
    let newest = version + 1;
    let event = TemplateEvent::Renewed { version: newest, text: Box::new(text.clone()) };
    note(desk, &mut tx, &slug, desk.now(), &event).await?;
    desk.commit(tx, &slug).await?;
    Ok(Template::promoted(TemplateName { slug, version: newest }, text, newest, None))
}

/// Takes a template out of use. Whoever began from it keeps what they have.
pub async fn retire(desk: &Desk, slug: &str, draft: &ReasonDraft) -> Result<Template> {
    desk.may(Act::RetireTemplate)?;
    let reason = draft.needed()?;
    let mut tx = desk.begin_write().await?;
    let template = own(&mut tx, slug, Act::RetireTemplate).await?;
    let at = desk.now();
    if !sql::retire(&mut tx, &template.name.slug, at).await? {
        return Err(Refusal::not_now(Act::RetireTemplate, format!("{slug} is retired already")).into());
    }
    note(desk, &mut tx, &template.name.slug, at, &TemplateEvent::Retired { reason }).await?;
    desk.commit(tx, &template.name.slug).await?;
    Ok(Template { retired_at: Some(at), ..template })
}

/// Brings a retired template back.
pub async fn reopen(desk: &Desk, slug: &str, draft: &ReasonDraft) -> Result<Template> {
    desk.may(Act::RetireTemplate)?;
    let reason = draft.maybe()?;
    let mut tx = desk.begin_write().await?;
    let template = own(&mut tx, slug, Act::RetireTemplate).await?;
    if !sql::reopen(&mut tx, &template.name.slug).await? {
        return Err(Refusal::not_now(Act::RetireTemplate, format!("{slug} is in use")).into());
    }
    note(desk, &mut tx, &template.name.slug, desk.now(), &TemplateEvent::Reopened { reason }).await?;
    desk.commit(tx, &template.name.slug).await?;
    Ok(Template { retired_at: None, ..template })
}

/// The newest version of each template: those of this notebook first, by slug, then those that come with
/// Retrial.
pub async fn list(desk: &Desk, filter: &Filter) -> Result<Vec<Template>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_glance().await?;
    let own = sql::all(&mut tx).await?;
    let known = builtin::beside(&own);
    Ok(own.into_iter().chain(known).filter(|template| filter.takes(template)).collect())
}

/// A template with what is known around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub template: Template,
    /// Experiments that began from it, the newest first, with the version; the last few.
    pub uses: Vec<(ExperimentId, Title, i64)>,
    /// What was done to it, oldest first; nothing for one that comes with Retrial.
    pub history: Vec<Entry>,
}

/// One template: the newest version, or the one with this number.
pub async fn show(desk: &Desk, slug: &str, version: Option<i64>) -> Result<Shown> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let template = load(&mut tx, slug, version).await?;
    let mut uses = Vec::new();
    for (id, title, version) in sql::uses(&mut tx, slug, TEMPLATE_USES_SHOWN_MAX).await? {
        let title = Title::new(&title).map_err(|e| Fault::bad_row("experiments", id, e))?;
        uses.push((ExperimentId::of(id), title, version));
    }
    let history = events::of_object(&mut tx, about::TEMPLATE, slug).await?;
    Ok(Shown { template, uses, history })
}

/// The template an experiment began from, out of its lines.
pub fn began_from_in(history: &[Entry]) -> Result<Option<TemplateName>> {
    let line = history.iter().find(|entry| entry.act == act::BEGAN_FROM);
    Ok(line.map(Entry::read::<BeganFrom>).transpose()?.map(|body| body.template))
}

/// The row's newest text and whether it is in use, the same by its lines, and how many lines there are.
pub(crate) async fn followed(tx: &mut Tx, slug: &str) -> Result<(Template, Option<Template>, usize)> {
    let row = load(tx, slug, None).await?;
    let entries = events::of_object(tx, about::TEMPLATE, slug).await?;
    let (mut said, mut retired_at) = (None, None);
    for entry in &entries {
        match entry.read()? {
            TemplateEvent::Promoted { version, text } | TemplateEvent::Renewed { version, text } => {
                said = Some((version, *text));
            }
            TemplateEvent::Retired { .. } => retired_at = Some(entry.at),
            TemplateEvent::Reopened { .. } => retired_at = None,
        }
    }
    let said = said.map(|(version, text): (i64, Text)| {
        Template::promoted(TemplateName { slug: row.name.slug.clone(), version }, text, version, retired_at)
    });
    Ok((row, said, entries.len()))
}

/// The plan that runs, with its revision. Others rely on a template, so somebody else has read it.
async fn approved_plan(tx: &mut Tx, id: ExperimentId) -> Result<(Plan, i64)> {
    let experiment = experiments::acts::in_tx(tx, id).await?;
    if id.is_sample() {
        let says = format!("{id} belongs to the sample, which can be removed; a template is made of a plan of yours");
        return Err(Refusal::not_now(Act::WriteTemplate, says).into());
    }
    let Some(revision) = experiment.approved else {
        let says = format!("no plan of {id} is approved yet, and a template is one that somebody else has read");
        return Err(Refusal::not_now(Act::WriteTemplate, says).into());
    };
    Ok((experiments::acts::plan_of(tx, id, revision).await?, revision))
}

/// A name that the notebook has given stays its own when an upgrade brings a namesake.
async fn find(tx: &mut Tx, slug: &str, version: Option<i64>) -> Result<Option<Template>> {
    let own = sql::find(tx, slug, version).await?;
    let known = || builtin::named(slug).filter(|known| version.is_none_or(|asked| asked == known.newest));
    Ok(own.or_else(known))
}

async fn load(tx: &mut Tx, slug: &str, version: Option<i64>) -> Result<Template> {
    let name = version.map_or_else(|| slug.to_owned(), |version| format!("{slug}@{version}"));
    Ok(find(tx, slug, version).await?.ok_or_else(|| Refusal::missing("template", name))?)
}

/// A template of this notebook.
async fn own(tx: &mut Tx, slug: &str, act: Act) -> Result<Template> {
    let template = load(tx, slug, None).await?;
    match template.origin {
        Origin::Promoted { .. } => Ok(template),
        Origin::BuiltIn => {
            Err(Refusal::not_now(act, format!("{slug} comes with Retrial and changes only with it")).into())
        }
    }
}

async fn note(desk: &Desk, tx: &mut Tx, slug: &Slug, at: Moment, event: &TemplateEvent) -> Result<()> {
    events::note(desk, tx, (about::TEMPLATE, slug.as_str()), event.act(), at, event).await.map(|_| ())
}

/// Somebody saved between reading and writing.
async fn overtaken(tx: &mut Tx, slug: &Slug) -> Error {
    match load(tx, slug.as_str(), None).await {
        Ok(present) => Refusal::stale(NOUN, slug, present.newest).into(),
        Err(error) => error,
    }
}
