//! Adding a service, and changing what is said of it.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::limits::{LINK_CHARS_MAX, PROSE_CHARS_MAX, SLUG_CHARS_MAX, TITLE_CHARS_MAX};
use notebook::services::acts;
use notebook::services::{LinkRow, ServiceDraft, Tier};
use notebook::teams::acts as teams;
use notebook::text::Slug;

use crate::ask::{page, param_text};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::kept::{self, List, Overtaken, Present};
use crate::parts::choices::{CheckField, Choice};
use crate::parts::field::{AreaField, Field, SelectField};
use crate::parts::page::PageHead;
use crate::parts::ticks::TickField;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn NewServicePage() -> impl IntoView {
    page(|desk| async move {
        desk.may(Act::EditServices)?;
        let known = acts::choices(&desk).await?;
        let teams = teams::choices(&desk).await?;
        let form = FormState::of(paths::act(&paths::services(), "add"));
        Ok(view! {
            <Frame crumbs=crumbs("New service")>
                <PageTitle text="New service"/>
                <PageHead title="New service"/>
                <ServiceForm form=form draft=ServiceDraft::default() known=known teams=teams button="Add service"/>
            </Frame>
        }
        .into_any())
    })
}

#[component]
pub fn EditServicePage() -> impl IntoView {
    page(|desk| async move {
        let slug = param_text("slug");
        desk.may(Act::EditServices)?;
        let service = acts::show(&desk, &slug).await?.service;
        let known = acts::choices(&desk).await?.into_iter().filter(|(slug, _)| *slug != service.slug).collect();
        let teams = teams::choices(&desk).await?;
        let action = paths::edit_service(&service.slug);
        let form = FormState::of(action.clone());
        let title = format!("Edit {}", service.name);
        let draft = ServiceDraft::from_service(&service);
        let present = present(&draft);
        Ok(view! {
            <Frame crumbs=crumbs(&title)>
                <PageTitle text=title.clone()/>
                <PageHead title=title eyebrow=service.slug.to_string()/>
                <Overtaken action=action present=present/>
                <ServiceForm form=form draft=draft known=known teams=teams button="Save service"/>
            </Frame>
        }
        .into_any())
    })
}

fn crumbs(label: &str) -> Vec<Crumb> {
    vec![
        Crumb { label: "Services".into(), href: Some(paths::services()) },
        Crumb { label: label.to_owned(), href: None },
    ]
}

const LINKS: List = List { name: "links", choices: &[] };
/// Blank links below those that are there.
const SPARE_LINKS: usize = 2;

fn present(draft: &ServiceDraft) -> Vec<Present> {
    vec![
        Present::one("name", "Name", &draft.name),
        Present::one("owner", "Owner", &draft.owner),
        Present::one("team", "Team", &draft.team),
        Present::one("description", "Description", &draft.description),
        Present::one("stateful", "Stateful", &draft.stateful),
        Present::one("single_point", "Single point of failure", &draft.single_point),
        Present::one("tier", "Tier", &draft.tier),
        Present::list("needs", "Needs", &draft.needs),
    ]
}

#[component]
fn ServiceForm(
    form: FormState,
    draft: ServiceDraft,
    known: Vec<(Slug, String)>,
    teams: Vec<(Slug, String)>,
    button: &'static str,
) -> impl IntoView {
    let name = form.name.clone();
    let is_new = draft.version.is_empty();
    let slug = is_new.then(|| {
        view! {
            <Field form=name.clone() name="slug" label="Slug" value=form.value("slug", draft.slug.clone())
                hint="The name in addresses, such as storage-engine. Empty makes one from the name; it stays for good."
                error=form.error("slug") max_length=SLUG_CHARS_MAX/>
        }
    });
    let needs = needs(&form, &draft.needs, known);
    let links = links(&form, &draft.links);
    let teams = [(String::new(), "no team".to_owned())]
        .into_iter()
        .chain(teams.into_iter().map(|(slug, name)| (slug.into(), name)))
        .collect();
    let tiers = std::iter::once((String::new(), "Not said".to_owned()))
        .chain(Tier::ALL.iter().map(|tier| (tier.word().to_owned(), tier.label().to_owned())))
        .collect();
    view! {
        <Form state=form.clone()>
            <input type="hidden" name="version" value=kept::version(&form, &draft.version)/>
            <Field form=name.clone() name="name" label="Name" value=form.value("name", draft.name)
                error=form.error("name") required=true max_length=TITLE_CHARS_MAX/>
            {slug}
            <Field form=name.clone() name="owner" label="Owner" hint="Whom to ask: people in their own words."
                value=form.value("owner", draft.owner) error=form.error("owner") max_length=TITLE_CHARS_MAX/>
            <SelectField form=name.clone() name="team" label="Team" options=teams value=form.value("team", draft.team)
                hint="Its working hours hold for runs on this service." error=form.error("team")/>
            <AreaField form=name.clone() name="description" label="Description"
                value=form.value("description", draft.description) error=form.error("description") max_length=PROSE_CHARS_MAX/>
            <SelectField form=name.clone() name="tier" label="Tier" options=tiers value=form.value("tier", draft.tier.clone())
                hint="How much hangs on it: tier 1 is what nobody can do without." error=form.error("tier")/>
            <CheckField form=name.clone() name="stateful" label="Stateful" value="on"
                checked=form.ticked("stateful", !draft.stateful.is_empty()) error=form.error("stateful")
                hint="It keeps data; nothing exercises its restart unless somebody does."/>
            <CheckField form=name name="single_point" label="Single point of failure" value="on"
                checked=form.ticked("single_point", !draft.single_point.is_empty()) error=form.error("single_point")
                hint="Without it nothing else goes on."/>
            {needs}
            {links}
            <div class="row"><button class="primary">{button}</button></div>
        </Form>
    }
    .into_any()
}

fn needs(form: &FormState, own: &[String], known: Vec<(Slug, String)>) -> Option<AnyView> {
    let ticked = kept::ticked(form, "needs", own);
    let choices: Vec<_> =
        known.into_iter().map(|(slug, name)| Choice { value: slug.into(), label: name, hint: None }).collect();
    (!choices.is_empty()).then(|| {
        view! {
            <TickField form=form.name.clone() name="needs" legend="Needs" choices=choices ticked=ticked
                hint="The services it depends on." error=form.error("needs")/>
        }
        .into_any()
    })
}

fn links(form: &FormState, own: &[LinkRow]) -> AnyView {
    let rows: Vec<_> = (0..LINKS.rows(form, own.len(), SPARE_LINKS))
        .map(|index| {
            let own = own.get(index).cloned().unwrap_or_default();
            let (title, url) = (format!("links.{index}.title"), format!("links.{index}.url"));
            view! {
                <div class="fields" role="group" aria-label=format!("Link {}", index + 1)>
                    <Field form=form.name.clone() name=title.clone() label="Link's title" value=form.value(&title, own.title)
                        error=form.error(&title) max_length=TITLE_CHARS_MAX/>
                    <Field form=form.name.clone() name=url.clone() label="Address" value=form.value(&url, own.url)
                        error=form.error(&url) max_length=LINK_CHARS_MAX/>
                </div>
            }
        })
        .collect();
    let trouble = form.error("links").map(|says| view! { <p class="error">{says}</p> });
    view! {
        <fieldset>
            <legend>"Links"</legend>
            <p class="hint">"Runbook, dashboards: addresses that begin with https://. Leave both empty to drop a row."</p>
            {rows}
            {trouble}
            <button name=kept::MORE_ROWS value="links" formnovalidate>"Add links"</button>
        </fieldset>
    }
    .into_any()
}
