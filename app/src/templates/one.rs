//! One template: why to try it, what it asks of a service, the plan it begins with, and who began from it.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::events::Entry;
use notebook::experiments::plan::Plan;
use notebook::fault::Result;
use notebook::id::{ExperimentId, number_of};
use notebook::limits::NOTE_CHARS_MAX;
use notebook::refusal::Refusal;
use notebook::services::acts as services;
use notebook::templates::acts::{self, Shown};
use notebook::templates::trail::TemplateEvent;
use notebook::templates::{Origin, Template};
use notebook::text::{Slug, Title};

use super::asks::{asked, crumbs, origin};
use crate::ask::{page, param_text};
use crate::experiments::plan_view::PlanWords;
use crate::form::{Form, FormState};
use crate::frame::Frame;
use crate::parts::disclosure::Disclosure;
use crate::parts::facts::{Fact, Facts};
use crate::parts::field::{AreaField, SelectField};
use crate::parts::history::{Done, History};
use crate::parts::page::{Empty, PageHead};
use crate::parts::prose::Prose;
use crate::parts::table::TableRegion;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn TemplatePage() -> impl IntoView {
    page(|desk| async move { show(&desk, &param_text("slug"), None).await })
}

#[component]
pub fn TemplateVersionPage() -> impl IntoView {
    page(|desk| async move {
        let (slug, number) = (param_text("slug"), param_text("number"));
        let version = number_of(&number).ok_or_else(|| Refusal::missing("template", format!("{slug}@{number}")))?;
        show(&desk, &slug, Some(version)).await
    })
}

async fn show(desk: &Desk, slug: &str, version: Option<i64>) -> Result<AnyView> {
    let Shown { template, uses, history } = acts::show(desk, slug, version).await?;
    let times = Times::of(desk);
    let (title, name) = (template.title.to_string(), template.name.to_string());
    let begin = if desk.shows(Act::WriteExperiment) { Some(begin(desk, &template).await?) } else { None };
    let about = template.about.as_ref().map(|about| view! { <Prose text=about.to_string()/> });
    let plan = plan(&template);
    let (head, out_of_use) = (actions(desk, &template), out_of_use(desk, &template));
    let made = matches!(template.origin, Origin::Promoted { .. });
    let lines = lines(&history)?;
    let history = made.then(|| {
        view! { <section><h2>"History"</h2><History label=format!("History of {title}") lines=lines times=times/></section> }
    });
    Ok(view! {
        <Frame crumbs=crumbs(&title)>
            <PageTitle text=title.clone()/>
            <PageHead title=title.clone() eyebrow=name actions=head/>
            {older(&template)}
            <div class="page">
                <div class="stack">
                    {about}
                    {begin}
                    {plan}
                    <section><h2>"Began from it"</h2>{used(uses)}</section>
                    {history}
                    {out_of_use}
                </div>
                {aside(&template)}
            </div>
        </Frame>
    }
    .into_any())
}

/// What keeps somebody from beginning with what stands here.
fn older(template: &Template) -> Option<AnyView> {
    if template.retired_at.is_some() {
        return Some(view! { <p>"This template is retired: nobody should begin from it any more."</p> }.into_any());
    }
    (!template.is_newest()).then(|| {
        let href = paths::template(&template.name.slug);
        let newest = format!("{}@{}", template.name.slug, template.newest);
        view! { <p>"This is an earlier version; " <a href=href>{newest}</a> " is the newest."</p> }.into_any()
    })
}

fn actions(desk: &Desk, template: &Template) -> AnyView {
    let own = matches!(template.origin, Origin::Promoted { .. }) && template.retired_at.is_none();
    (own && template.is_newest() && desk.shows(Act::WriteTemplate))
        .then(|| view! { <a class="button" href=paths::renew_template(&template.name.slug)>"Add version"</a> })
        .into_any()
}

/// Service and environment first: the form of a new experiment begins with them.
async fn begin(desk: &Desk, template: &Template) -> Result<AnyView> {
    if template.retired_at.is_some() {
        return Ok(().into_any());
    }
    let choice = |(slug, name): (Slug, String)| (slug.to_string(), name);
    let none = |words: &str| [(String::new(), words.to_owned())].into_iter();
    let known: Vec<_> = none("choose later").chain(services::choices(desk).await?.into_iter().map(choice)).collect();
    let places = services::environments(desk).await?.into_iter();
    let places = places.map(|place| (place.slug.to_string(), place.name.to_string()));
    let places: Vec<_> = none("choose later").chain(places).collect();
    let name = template.name.to_string();
    Ok(view! {
        <form method="get" action=paths::new_experiment() class="card">
            <h2>"Use this template"</h2>
            <input type="hidden" name="template" value=name/>
            <div class="fields">
                <SelectField form="begin" name="service" label="Service" options=known/>
                <SelectField form="begin" name="environment" label="Environment" options=places/>
            </div>
            <div class="row"><button class="primary">"Use this template"</button></div>
        </form>
    }
    .into_any())
}

/// The plan in the words in which plans are shown; a service stands in for the one that is still to be named.
fn plan(template: &Template) -> Option<AnyView> {
    let mut plan: Plan = template.begin_on("any", "").check().ok()?;
    plan.identity.services.clear();
    Some(view! { <section><h2>"The plan it begins with"</h2><PlanWords plan=plan/></section> }.into_any())
}

fn used(uses: Vec<(ExperimentId, Title, i64)>) -> AnyView {
    if uses.is_empty() {
        return view! { <Empty heading="Nobody yet" sentence="Experiments that begin from it are listed here."/> }
            .into_any();
    }
    let lines = uses.into_iter().map(|(id, title, version)| {
        view! {
            <tr>
                <td><a href=paths::experiment(id)>{title.to_string()}</a><br/><span class="id muted">{id.to_string()}</span></td>
                <td class="num">{format!("@{version}")}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <TableRegion id="uses" caption="Experiments that began from this template" unseen_caption=true>
            <thead><tr><th scope="col">"Experiment"</th><th scope="col">"Version"</th></tr></thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn aside(template: &Template) -> AnyView {
    let slug = &template.name.slug;
    let versions = (1..=template.newest).rev().filter(|_| matches!(template.origin, Origin::Promoted { .. }));
    let versions = versions.map(|version| {
        let name = notebook::templates::TemplateName { slug: slug.clone(), version };
        view! { <li><a class="id" href=paths::template_version(&name)>{name.to_string()}</a></li> }
    });
    let versions: Vec<_> = versions.collect();
    let all = (!versions.is_empty())
        .then(|| view! { <section class="card"><h2>"Versions"</h2><ul class="plain">{versions}</ul></section> });
    let fault = template.fault().map(|fault| {
        let words = fault.to_string();
        view! { <Fact term="Fault"><a href=paths::templates_for(&fault)>{words}</a></Fact> }
    });
    let (asked, origin) = (asked(template), origin(template.origin));
    view! {
        <aside class="stack">
            <section class="card">
                <h2>"Facts"</h2>
                <Facts>
                    {fault}
                    <Fact term="Asks of a service">{asked}</Fact>
                    <Fact term="From">{origin}</Fact>
                </Facts>
            </section>
            {all}
        </aside>
    }
    .into_any()
}

fn out_of_use(desk: &Desk, template: &Template) -> Option<AnyView> {
    let own = matches!(template.origin, Origin::Promoted { .. });
    if !own || !template.is_newest() || !desk.shows(Act::RetireTemplate) {
        return None;
    }
    let (act, folded, words, hint) = if template.retired_at.is_some() {
        ("reopen", "Bring it back", "Reopen template", "It is offered again.")
    } else {
        let hint = "It is offered no more; whoever began from it keeps what they have.";
        ("retire", "Take it out of use", "Retire template", hint)
    };
    let form = FormState::of(paths::act(&paths::template(&template.name.slug), act));
    let (name, open, needed) = (form.name.clone(), form.came_back(), template.retired_at.is_none());
    let view = view! {
        <Disclosure name=folded open=open>
            <Form state=form.clone()>
                <AreaField form=name name="reason" label="Why" hint=hint value=form.value("reason", "")
                    error=form.error("reason") rows=2 required=needed max_length=NOTE_CHARS_MAX/>
                <div class="row"><button>{words}</button></div>
            </Form>
        </Disclosure>
    };
    Some(view.into_any())
}

fn lines(entries: &[Entry]) -> Result<Vec<Done>> {
    let line = |entry: &Entry| {
        let (did, text) = match entry.read()? {
            TemplateEvent::Promoted { text, .. } => (format!("made it of {}@{}", text.experiment, text.revision), None),
            TemplateEvent::Renewed { version, text } => {
                (format!("added version {version} out of {}@{}", text.experiment, text.revision), None)
            }
            TemplateEvent::Retired { reason } => ("retired it".to_owned(), Some(String::from(reason))),
            TemplateEvent::Reopened { reason } => ("reopened it".to_owned(), reason.map(String::from)),
        };
        Ok(Done::of(entry, did, text))
    };
    entries.iter().map(line).collect()
}
