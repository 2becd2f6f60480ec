//! Planning a run: first the experiment, then when, who and on what.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::gate::acts::Advice;

use crate::ask::{page, query};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::gate::advice;
use crate::parts::field::Field;
use crate::parts::page::PageHead;
use crate::paths;
use crate::runs::fields::{area, hidden, line};
use crate::runs::planning::{self, Asked, Runnable};
use crate::runs::targets;
use crate::safe::PageTitle;

#[component]
pub fn NewRunPage() -> impl IntoView {
    page(|desk| async move {
        desk.may(notebook::actor::Act::PlanRun)?;
        let content = match planning::asked(&desk).await? {
            Asked::Nothing(choices) => planning::chooser(paths::choose_run(), choices, "Plan run"),
            Asked::NotReady(experiment) => planning::not_ready(&experiment),
            Asked::Runnable(runnable) => {
                let advice = advice::of_plan(&desk, runnable.experiment.id).await?;
                plan(&desk, &runnable, advice.as_ref())
            }
        };
        Ok(view! {
            <Frame crumbs=crumbs("Plan run")>
                <PageTitle text="Plan run"/>
                <PageHead title="Plan run"/>
                {content}
            </Frame>
        }
        .into_any())
    })
}

/// Runs / this page.
pub fn crumbs(label: &str) -> Vec<Crumb> {
    vec![Crumb { label: "Runs".into(), href: Some(paths::runs()) }, Crumb { label: label.to_owned(), href: None }]
}

fn plan(desk: &Desk, runnable: &Runnable, advice: Option<&Advice>) -> AnyView {
    let summary = planning::summary(runnable);
    let gate = advice::panel(advice, "Advice for a start now; asked again, and binding, when the run starts.");
    let form = form(desk, runnable);
    view! {
        <div class="page">
            <div class="stack">{summary}{form}</div>
            <aside class="stack">{gate}</aside>
        </div>
    }
    .into_any()
}

fn form(desk: &Desk, runnable: &Runnable) -> AnyView {
    let form = FormState::of(paths::act(&paths::runs(), "plan"));
    let when = when(&form, desk);
    let crew = planning::crew(&form, desk);
    let rows = targets::rows(&form, &runnable.targets, &planning::target_hint(&runnable.revision.plan), false);
    let replaces = replaces(&form);
    let note = area(&form, "note", "Note", "Announcements, chat room, anything the others should know.", 2);
    let experiment = hidden("experiment", runnable.experiment.id.to_string());
    view! {
        <Form state=form>
            {experiment}
            <fieldset><legend>"When"</legend>{when}</fieldset>
            {crew}
            {rows}
            <fieldset><legend>"Besides"</legend>{replaces}{note}</fieldset>
            <div class="row"><button class="primary">"Schedule run"</button></div>
        </Form>
    }
    .into_any()
}

fn when(form: &FormState, desk: &Desk) -> AnyView {
    let hint = format!("Your zone: {}. Leave it empty to start when everybody is ready.", desk.zone().name());
    let (id, value, error) = (form.name.clone(), form.value("planned_at", ""), form.error("planned_at"));
    view! {
        <Field form=id name="planned_at" label="Date and time" kind="datetime-local" value=value error=error hint=hint/>
    }
    .into_any()
}

fn replaces(form: &FormState) -> AnyView {
    let hint = "The run that this one repeats or stands for, like RUN-3. May be empty.";
    line(form, "replaces", "Replaces", query("replaces"), hint)
}
