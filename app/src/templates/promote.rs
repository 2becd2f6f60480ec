//! The forms that make a template of an approved plan, or add a version to one.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::experiments::acts::show;
use notebook::id::ExperimentId;
use notebook::limits::{NOTE_CHARS_MAX, SLUG_CHARS_MAX, TITLE_CHARS_MAX};
use notebook::refusal::Refusal;
use notebook::templates::{Origin, Requirement, acts};

use super::asks::crumbs;
use crate::ask::{page, param, param_text};
use crate::form::{Form, FormState};
use crate::frame::Frame;
use crate::kept::{self, Overtaken, Present};
use crate::parts::choices::Choice;
use crate::parts::field::{AreaField, Field};
use crate::parts::page::PageHead;
use crate::parts::ticks::TickField;
use crate::paths;
use crate::safe::PageTitle;

/// What the page itself puts into the fields.
#[derive(Default)]
struct Own {
    name: String,
    about: String,
    requires: Vec<String>,
}

#[component]
pub fn PromotePage() -> impl IntoView {
    page(|desk| async move {
        let id: ExperimentId = param("id", "experiment")?;
        desk.may(Act::WriteTemplate)?;
        let experiment = show(&desk, id).await?.experiment;
        let form = FormState::of(paths::promote(id));
        let own = Own { name: experiment.title.to_string(), ..Own::default() };
        let title = format!("Make a template of {id}");
        Ok(view! {
            <Frame crumbs=crumbs(&title)>
                <PageTitle text=title.clone()/>
                <PageHead title=title/>
                <Form state=form.clone()>
                    <p>
                        "The approved plan becomes it, without services, environment, targets by name, traffic, who reverts, and \
                        how it is injected and measured here. Others begin from it; what they change stays theirs."
                    </p>
                    {fields(&form, &own)}
                    <Field form=form.name.clone() name="slug" label="Slug" value=form.value("slug", "")
                        hint="The name in addresses. Empty makes one from the name; it stays for good."
                        error=form.error("slug") max_length=SLUG_CHARS_MAX/>
                    <div class="row">
                        <button class="primary">"Make template"</button>
                        <a class="button" href=paths::experiment(id)>"Keep it as it is"</a>
                    </div>
                </Form>
            </Frame>
        }
        .into_any())
    })
}

#[component]
pub fn RenewPage() -> impl IntoView {
    page(|desk| async move {
        desk.may(Act::WriteTemplate)?;
        let template = acts::show(&desk, &param_text("slug"), None).await?.template;
        let Origin::Promoted { experiment, .. } = template.origin else {
            let says = format!("{} comes with Retrial and changes only with it", template.name.slug);
            return Err(Refusal::not_now(Act::WriteTemplate, says).into());
        };
        let action = paths::renew_template(&template.name.slug);
        let form = FormState::of(action.clone());
        let own = Own {
            name: template.title.to_string(),
            about: template.about.as_ref().map(ToString::to_string).unwrap_or_default(),
            requires: template.requires.iter().map(|asked| asked.word().to_owned()).collect(),
        };
        let present = vec![
            Present::one("name", "Name", &own.name),
            Present::one("about", "Why try it", &own.about),
            Present::list("requires", "Asks of a service", &own.requires),
        ];
        let title = format!("Add a version of {}", template.title);
        let version = kept::version(&form, &template.newest.to_string());
        Ok(view! {
            <Frame crumbs=crumbs(&title)>
                <PageTitle text=title.clone()/>
                <PageHead title=title eyebrow=template.name.to_string()/>
                <div class="stack">
                    <Overtaken action=action present=present/>
                    <Form state=form.clone()>
                        <input type="hidden" name="version" value=version/>
                        <Field form=form.name.clone() name="experiment" label="Experiment"
                            value=form.value("experiment", experiment.to_string()) required=true
                            hint="Its approved plan becomes the new version." error=form.error("experiment")
                            max_length=TITLE_CHARS_MAX/>
                        {fields(&form, &own)}
                        <div class="row">
                            <button class="primary">"Save version"</button>
                            <a class="button" href=paths::template(&template.name.slug)>"Keep it as it is"</a>
                        </div>
                    </Form>
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn fields(form: &FormState, own: &Own) -> AnyView {
    let name = form.name.clone();
    let choice = |asked: &Requirement| Choice { value: asked.word().into(), label: asked.label().into(), hint: None };
    let choices = Requirement::ALL.iter().map(choice).collect();
    let ticked = kept::ticked(form, "requires", &own.requires);
    view! {
        <Field form=name.clone() name="name" label="Name" value=form.value("name", own.name.clone())
            hint="Empty takes the title of the plan." error=form.error("name") max_length=TITLE_CHARS_MAX/>
        <AreaField form=name.clone() name="about" label="Why try it" value=form.value("about", own.about.clone())
            error=form.error("about") rows=3 max_length=NOTE_CHARS_MAX/>
        <TickField form=name name="requires" legend="Asks of a service" choices=choices ticked=ticked
            hint="What a service must have, so that this fault can be tried there." error=form.error("requires")/>
    }
    .into_any()
}
