//! Writing down a run that is over: its times, people and targets; what was seen follows on its page.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::gate::acts::{Advice, of_experiment};

use crate::ask::page;
use crate::form::{Form, FormState};
use crate::frame::Frame;
use crate::gate::advice;
use crate::parts::field::Field;
use crate::parts::page::PageHead;
use crate::paths;
use crate::runs::fields::{area, hidden};
use crate::runs::new::crumbs;
use crate::runs::planning::{self, Asked, Runnable};
use crate::runs::targets;
use crate::safe::PageTitle;

#[component]
pub fn PastRunPage() -> impl IntoView {
    page(|desk| async move {
        desk.may(notebook::actor::Act::RecordRun)?;
        let content = match planning::asked(&desk).await? {
            Asked::Nothing(choices) => planning::chooser(paths::choose_past_run(), choices, "Record past run"),
            Asked::NotReady(experiment) => planning::not_ready(&experiment),
            Asked::Runnable(runnable) => {
                let advice = of_experiment(&desk, runnable.experiment.id, desk.now()).await?;
                record(&desk, &runnable, advice.as_ref())
            }
        };
        Ok(view! {
            <Frame crumbs=crumbs("Record past run")>
                <PageTitle text="Record past run"/>
                <PageHead title="Record past run"/>
                {content}
            </Frame>
        }
        .into_any())
    })
}

fn record(desk: &Desk, runnable: &Runnable, advice: Option<&Advice>) -> AnyView {
    let summary = planning::summary(runnable);
    let gate = advice::panel(advice, "What it says is kept with a past run. Only a plan that may not run is refused.");
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
    let form = FormState::of(paths::choose_past_run());
    let started = time(&form, desk, "started_at", "Fault began");
    let ended = time(&form, desk, "ended_at", "Fault ended");
    let crew = planning::crew(&form, desk);
    let rows = targets::rows(&form, &runnable.targets, &planning::target_hint(&runnable.revision.plan), false);
    let note = area(&form, "note", "Note", "", 2);
    let experiment = hidden("experiment", runnable.experiment.id.to_string());
    view! {
        <Form state=form>
            {experiment}
            <fieldset><legend>"When"</legend>{started}{ended}</fieldset>
            {crew}
            {rows}
            <fieldset><legend>"Besides"</legend>{note}</fieldset>
            <p class="muted">"Checks, signals and observations are written on the run's page, each with its own time."</p>
            <div class="row"><button class="primary">"Record past run"</button></div>
        </Form>
    }
    .into_any()
}

fn time(form: &FormState, desk: &Desk, name: &'static str, label: &'static str) -> AnyView {
    let hint = format!("Your zone: {}.", desk.zone().name());
    let (id, value, error) = (form.name.clone(), form.value(name, ""), form.error(name));
    view! {
        <Field form=id name=name label=label kind="datetime-local" value=value error=error hint=hint required=true/>
    }
    .into_any()
}
