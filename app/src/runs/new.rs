//! Planning a run: first the experiment, then when, who and on what.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::gate::acts::{Advice, of_experiment};
use notebook::time::Moment;

use crate::ask::{page, query};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::gate::advice;
use crate::kept::MORE_ROWS;
use crate::parts::field::Field;
use crate::parts::page::PageHead;
use crate::parts::when::absolute;
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
                let at = planned_at(&desk);
                let advice = of_experiment(&desk, runnable.experiment.id, at.unwrap_or(desk.now())).await?;
                plan(&desk, &runnable, at, advice.as_ref())
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

/// Where the form is sent.
fn action() -> String {
    paths::act(&paths::runs(), "plan")
}

/// The time that was typed, or that the address names, if it lies ahead.
fn planned_at(desk: &Desk) -> Option<Moment> {
    let typed = FormState::of(action()).value("planned_at", query("planned_at"));
    Moment::typed(&typed, &desk.zone(), desk.now()).ok().filter(|at| *at > desk.now())
}

fn plan(desk: &Desk, runnable: &Runnable, at: Option<Moment>, advice: Option<&Advice>) -> AnyView {
    let summary = planning::summary(runnable);
    let start = at.map_or("now".to_owned(), |at| format!("at {}", absolute(at.micros(), desk.zone().name())));
    let sentence = format!("Advice for a start {start}; asked again, and binding, when the run starts.");
    let gate = advice::panel(advice, sentence);
    let first = advice.and_then(|advice| first(desk, runnable, advice.first_fit?));
    let form = form(desk, runnable, at);
    view! {
        <div class="page">
            <div class="stack">{summary}{form}</div>
            <aside class="stack">{gate}{first}</aside>
        </div>
    }
    .into_any()
}

/// The first time that fits working hours and freezes, as a way to plan for it.
fn first(desk: &Desk, runnable: &Runnable, fit: Moment) -> Option<AnyView> {
    // The field takes whole minutes, and a part of one before it would not do.
    let minute = fit.plus_micros(59_999_999).local_input(&desk.zone());
    let minute = Moment::from_local(&minute, &desk.zone())?;
    let href = paths::new_run_at(runnable.experiment.id, &minute.local_input(&desk.zone()));
    let words = absolute(minute.micros(), desk.zone().name());
    Some(view! { <p id="first-fit">"First working time: "<a href=href>{words}</a></p> }.into_any())
}

fn form(desk: &Desk, runnable: &Runnable, at: Option<Moment>) -> AnyView {
    let form = FormState::of(action());
    let check = format!("{}#gate", form.action);
    let when = when(&form, desk, at);
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
            <div class="row">
                <button class="primary">"Schedule run"</button>
                <button name=MORE_ROWS value="gate" formaction=check formnovalidate>"Check gate"</button>
            </div>
        </Form>
    }
    .into_any()
}

fn when(form: &FormState, desk: &Desk, at: Option<Moment>) -> AnyView {
    let own = at.map(|at| at.local_input(&desk.zone())).unwrap_or_default();
    let hint = format!("Your zone: {}. Leave it empty to start when everybody is ready.", desk.zone().name());
    let (id, value, error) = (form.name.clone(), form.value("planned_at", own), form.error("planned_at"));
    view! {
        <Field form=id name="planned_at" label="Date and time" kind="datetime-local" value=value error=error hint=hint/>
    }
    .into_any()
}

fn replaces(form: &FormState) -> AnyView {
    let hint = "The run that this one repeats or stands for, like RUN-3. May be empty.";
    line(form, "replaces", "Replaces", query("replaces"), hint)
}
