//! Where a document belongs: the fields that taking one and attaching one share.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::experiments::acts::{self as experiments, Filter};
use notebook::fault::Result;
use notebook::imports::acts::{DECIDE_LATER, NEW_EXPERIMENT};
use notebook::limits::IMPORT_BYTES_MAX;
use notebook::services::acts as services;

use crate::form::{Form, FormState};
use crate::parts::choices::Choice;
use crate::parts::field::{AreaField, Field, SelectField};
use crate::parts::ticks::TickField;
use crate::paths;

/// Pages of experiments in the list to choose from: 500 newest; older ones by their id.
const PAGES_MAX: usize = 10;

/// What the selects offer.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Id and words, newest first.
    experiments: Vec<(String, String)>,
    services: Vec<Choice>,
    environments: Vec<(String, String)>,
}

impl Choices {
    pub async fn load(desk: &Desk) -> Result<Self> {
        let mut choices = Self::default();
        let mut filter = Filter::default();
        for _ in 0..PAGES_MAX {
            let (rows, more) = experiments::list(desk, &filter).await?;
            filter.before = rows.last().map(|row| row.experiment.id);
            choices.experiments.extend(rows.into_iter().map(|row| {
                let id = row.experiment.id.to_string();
                (id.clone(), format!("{id} · {}", row.experiment.title))
            }));
            if !more {
                break;
            }
        }
        let services = services::choices(desk).await?.into_iter();
        choices.services =
            services.map(|(slug, name)| Choice { value: slug.to_string(), label: name, hint: None }).collect();
        let environments = services::environments(desk).await?.into_iter();
        choices.environments = std::iter::once((String::new(), "Choose one".to_owned()))
            .chain(environments.map(|place| (place.slug.to_string(), place.name.to_string())))
            .collect();
        Ok(choices)
    }
}

/// A document as a file or as pasted text.
#[component]
pub fn TakeForm(choices: Choices) -> impl IntoView {
    let form = FormState::of(paths::imports());
    let name = form.name.clone();
    let limit = IMPORT_BYTES_MAX / 1024 / 1024;
    let first = [
        (String::new(), "As the document says, else decide later".to_owned()),
        (DECIDE_LATER.to_owned(), "Decide later".to_owned()),
    ];
    view! {
        <Form state=form.clone() enctype="multipart/form-data">
            <Field form=name.clone() name="document" label="File" kind="file" error=form.error("document")
                hint=format!("A journal that chaos run --journal-path wrote, JSON up to {limit} MiB; an experiment, JSON or YAML; SLOs of OpenSLO or Sloth; or a catalog-info.yaml of Backstage.")/>
            <AreaField form=name label="Or paste its text" name="text" value=form.value("text", "") rows=4 error=form.error("text")/>
            <Belongs form=form first=first.to_vec() choices=choices/>
            <div class="row">
                <button class="primary">"Import document"</button>
                <button name="_dry" value="on">"Look first"</button>
            </div>
        </Form>
    }
    .into_any()
}

/// A kept document's experiment.
#[component]
pub fn AttachForm(id: i64, choices: Choices) -> impl IntoView {
    let form = FormState::of(paths::act(&paths::import(id), "attach"));
    let first = [(String::new(), "Choose one".to_owned())];
    view! {
        <Form state=form.clone()>
            <Belongs form=form first=first.to_vec() choices=choices/>
            <div class="row"><button class="primary">"Attach to experiment"</button></div>
        </Form>
    }
    .into_any()
}

#[component]
fn Belongs(form: FormState, first: Vec<(String, String)>, choices: Choices) -> impl IntoView {
    let name = form.name.clone();
    let mut options = first;
    options.push((NEW_EXPERIMENT.to_owned(), "A new experiment".to_owned()));
    options.extend(choices.experiments);
    let chosen = form.value("experiment", "");
    // One that is older than the list goes on standing there, so that it is not lost by a refusal.
    if !chosen.is_empty() && options.iter().all(|(value, _)| *value != chosen) {
        options.push((chosen.clone(), chosen.clone()));
    }
    let opens = form.came_back() && (chosen == NEW_EXPERIMENT || form.error("environment").is_some());
    let services = services(&form, choices.services);
    view! {
        <SelectField form=name.clone() name="experiment" label="Experiment" options=options value=chosen error=form.error("experiment")/>
        <details open=opens>
            <summary>"For a new experiment or SLOs: services and environment"</summary>
            <fieldset>
                <legend class="unseen">"For a new experiment or SLOs"</legend>
                {services}
                <SelectField form=name.clone() name="environment" label="Environment" options=choices.environments
                    value=form.value("environment", "") error=form.error("environment")/>
            </fieldset>
        </details>
        <Field form=name name="targets" label="Targets that were hit" hint="Names, separated by commas. Journals do not say."
            value=form.value("targets", "") error=form.error("targets")/>
    }
    .into_any()
}

fn services(form: &FormState, choices: Vec<Choice>) -> AnyView {
    if choices.is_empty() {
        return view! { <p>"There is no service yet. "<a href=paths::new_service()>"Add a service"</a>" first."</p> }
            .into_any();
    }
    let (name, ticked, error) = (form.name.clone(), form.listed("services", []), form.error("services"));
    view! { <TickField form=name name="services" legend="Services" choices=choices ticked=ticked error=error/> }
        .into_any()
}
