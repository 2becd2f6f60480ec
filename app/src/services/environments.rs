//! The places where services run.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::limits::{SLUG_CHARS_MAX, TITLE_CHARS_MAX};
use notebook::services::acts;
use notebook::services::{Environment, EnvironmentClass, EnvironmentDraft};

use crate::ask::page;
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::kept::{self, Overtaken, Present};
use crate::parts::field::{Field, SelectField};
use crate::parts::page::{Empty, PageHead};
use crate::parts::table::TableRegion;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn EnvironmentsPage() -> impl IntoView {
    page(|desk| async move {
        let environments = acts::environments(&desk).await?;
        let may_manage = desk.shows(Act::ManageEnvironments);
        let crumbs = vec![
            Crumb { label: "Services".into(), href: Some(paths::services()) },
            Crumb { label: "Environments".into(), href: None },
        ];
        let sentence = "Plans and findings name an environment by its slug, so the slug stays when the name changes.";
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Environments"/>
                <PageHead title="Environments"/>
                <div class="stack">
                    <p>{sentence}</p>
                    {table(&environments)}
                    {may_manage.then(|| manage(environments))}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn table(environments: &[Environment]) -> AnyView {
    if environments.is_empty() {
        return view! {
            <Empty heading="No environments" sentence="An experiment runs in one: an admin adds it here."/>
        }
        .into_any();
    }
    let lines = environments.iter().map(|environment| {
        view! {
            <tr>
                <td>{environment.name.to_string()}</td>
                <td><span class="id">{environment.slug.to_string()}</span></td>
                <td>{environment.class.label()}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <TableRegion id="environments" caption="Environments, production first">
            <thead>
                <tr>
                    <th scope="col">"Environment"</th>
                    <th scope="col">"Slug"</th>
                    <th scope="col">"Class"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn manage(environments: Vec<Environment>) -> AnyView {
    let edits: Vec<_> = environments.iter().map(edit).collect();
    let form = FormState::of(paths::act(&paths::environments(), "add"));
    view! {
        {(!edits.is_empty()).then(|| view! { <section><h2>"Edit an environment"</h2>{edits}</section> })}
        <section>
            <h2>"Add an environment"</h2>
            <EnvironmentForm form=form draft=EnvironmentDraft::default() button="Add environment" class="primary"/>
        </section>
    }
    .into_any()
}

fn edit(environment: &Environment) -> AnyView {
    let action = paths::edit_environment(&environment.slug);
    let form = FormState::of(action.clone());
    let is_open = form.came_back();
    let draft = EnvironmentDraft::from_environment(environment);
    let present = vec![Present::one("name", "Name", &draft.name), Present::one("class", "Class", &draft.class)];
    view! {
        <details class="why" open=is_open>
            <summary>{format!("Edit {}", environment.name)}</summary>
            <Overtaken action=action present=present/>
            <EnvironmentForm form=form draft=draft button="Save environment" class=""/>
        </details>
    }
    .into_any()
}

#[component]
fn EnvironmentForm(
    form: FormState,
    draft: EnvironmentDraft,
    button: &'static str,
    class: &'static str,
) -> impl IntoView {
    let name = form.name.clone();
    let classes =
        EnvironmentClass::ALL.iter().map(|class| (class.word().to_owned(), class.label().to_owned())).collect();
    let slug = draft.version.is_empty().then(|| {
        view! {
            <Field form=name.clone() name="slug" label="Slug" hint="Empty makes one from the name."
                value=form.value("slug", "") error=form.error("slug") max_length=SLUG_CHARS_MAX/>
        }
    });
    view! {
        <Form state=form.clone()>
            <input type="hidden" name="version" value=kept::version(&form, &draft.version)/>
            <Field form=name.clone() name="name" label="Name" value=form.value("name", draft.name)
                error=form.error("name") required=true max_length=TITLE_CHARS_MAX/>
            {slug}
            <SelectField form=name name="class" label="Class" options=classes value=form.value("class", draft.class)
                hint="Production asks for more care at the gate." error=form.error("class")/>
            <div class="row"><button class=class>{button}</button></div>
        </Form>
    }
    .into_any()
}
