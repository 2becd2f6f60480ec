//! The fields of a finding, the same for a new one and for an edit.

use leptos::prelude::*;
use notebook::findings::condition::Condition;
use notebook::findings::drafts::Draft;
use notebook::findings::{Finding, FindingKind, Severity};
use notebook::fixes::Fix;

use super::revealing::value_of;
use super::words::kind_explained;
use crate::form::FormState;
use crate::parts::choices::{Choice, ChoiceField};
use crate::parts::field::{AreaField, Field, SelectField};
use crate::parts::ticks::TickField;

/// What can be chosen; a question without choices is not asked.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    /// Checks and signals of the origin run.
    pub revealing: Vec<(String, String)>,
    pub environments: Vec<(String, String)>,
    pub services: Vec<Choice>,
    /// Fixes that may have brought it about.
    pub fixes: Vec<(String, String)>,
}

/// The choices for "introduced by", with one that the page already names.
pub fn fix_options(fixes: &[Fix], chosen: &str) -> Vec<(String, String)> {
    let none = (String::new(), "No fix brought it about, as far as is known".to_owned());
    let listed = fixes.iter().map(|fix| (fix.id.to_string(), format!("{} {}", fix.id, fix.title)));
    let mut options: Vec<_> = [none].into_iter().chain(listed).collect();
    if options.iter().all(|(value, _)| value != chosen) {
        options.push((chosen.to_owned(), chosen.to_owned()));
    }
    options
}

/// A finding as its form would have sent it.
pub fn draft_of(finding: &Finding) -> Draft {
    let body = &finding.body;
    let (condition, condition_on) = match &body.condition {
        Condition::Any => ("any", String::new()),
        Condition::Names(names) => ("names", names.iter().cloned().collect::<Vec<_>>().join(", ")),
        Condition::Role(role) => ("role", role.clone()),
    };
    Draft {
        title: finding.title.to_string(),
        kind: finding.kind.word().to_owned(),
        severity: finding.severity.word().to_owned(),
        summary: body.summary.as_ref().map(ToString::to_string).unwrap_or_default(),
        revealing: body.revealing.as_ref().map(value_of).unwrap_or_default(),
        condition: condition.to_owned(),
        condition_on,
        services: finding.services.iter().map(ToString::to_string).collect(),
        introduced_by: body.introduced_by.map(|fix| fix.to_string()).unwrap_or_default(),
        ..Draft::default()
    }
}

/// All fields. `own` is what stands in them until something was sent.
#[component]
pub fn FindingFields(form: FormState, own: Draft, offer: Offer) -> impl IntoView {
    let shows = (!offer.revealing.is_empty()).then(|| {
        let (form, own, options) = (form.clone(), own.clone(), offer.revealing);
        view! { <Reveals form own options/> }
    });
    let place = (!offer.environments.is_empty()).then(|| environment(&form, &own, offer.environments));
    let services = (!offer.services.is_empty()).then(|| {
        view! {
            <TickField
                form=form.name.clone()
                name="services"
                legend="Services it concerns"
                choices=offer.services
                ticked=form.listed("services", own.services.clone())
                error=form.error("services")
            />
        }
    });
    let introduced_by = form.value("introduced_by", own.introduced_by.clone());
    view! {
        <What form=form.clone() own=own.clone()/>
        {shows}
        <Where form=form.clone() own=own.clone()/>
        {place}
        {services}
        <SelectField
            form=form.name.clone()
            name="introduced_by"
            label="Introduced by"
            options=offer.fixes
            value=introduced_by
            hint="A fix can break something else. People say so; nothing infers it."
            error=form.error("introduced_by")
        />
    }
    .into_any()
}

#[component]
fn What(form: FormState, own: Draft) -> impl IntoView {
    let kinds = FindingKind::ALL
        .iter()
        .map(|kind| (kind.word().to_owned(), format!("{}: {}", kind.label(), kind_explained(*kind))));
    let severities = Severity::ALL.iter().map(|severity| (severity.word().to_owned(), severity.label().to_owned()));
    view! {
        <Field
            form=form.name.clone()
            name="title"
            label="Title"
            value=form.value("title", own.title)
            hint="What is weak, in one line: \u{201c}Alerts stop after a ZooKeeper restart\u{201d}."
            error=form.error("title")
            required=true
            max_length=160
        />
        <SelectField
            form=form.name.clone()
            name="kind"
            label="Kind"
            options=kinds.collect()
            value=form.value("kind", own.kind)
            error=form.error("kind")
        />
        <SelectField
            form=form.name.clone()
            name="severity"
            label="Severity"
            options=severities.collect()
            value=form.value("severity", own.severity)
            error=form.error("severity")
        />
        <AreaField
            form=form.name.clone()
            name="summary"
            label="What was seen"
            value=form.value("summary", own.summary)
            hint="What happened, and what that means for customers. Causes come later, suspected until confirmed."
            error=form.error("summary")
        />
    }
    .into_any()
}

#[component]
fn Reveals(form: FormState, own: Draft, options: Vec<(String, String)>) -> impl IntoView {
    view! {
        <SelectField
            form=form.name.clone()
            name="revealing"
            label="Revealed by"
            options=options
            value=form.value("revealing", own.revealing)
            hint="A rerun in which this check holds is what verifies a fix. Those that failed in the run stand first."
            error=form.error("revealing")
        />
    }
    .into_any()
}

#[component]
fn Where(form: FormState, own: Draft) -> impl IntoView {
    let choice = |value: &str, label: &str, hint: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: Some(hint.to_owned()),
    };
    let conditions = vec![
        choice("any", "Any target", "Whatever the fault hits shows it."),
        choice("names", "Named targets", "A rerun has to hit every one of them."),
        choice("role", "Targets in one role", "Whoever is leader at the time, for example."),
    ];
    view! {
        <ChoiceField
            form=form.name.clone()
            name="condition"
            legend="Which targets show it"
            choices=conditions
            value=form.value("condition", own.condition)
            error=form.error("condition")
        />
        <Field
            form=form.name.clone()
            name="condition_on"
            label="Names or role"
            value=form.value("condition_on", own.condition_on)
            hint="Names separated by commas, or one role. Not needed for any target."
            error=form.error("condition_on")
        />
    }
    .into_any()
}

fn environment(form: &FormState, own: &Draft, options: Vec<(String, String)>) -> AnyView {
    view! {
        <SelectField
            form=form.name.clone()
            name="environment"
            label="Environment"
            options=options
            value=form.value("environment", own.environment.clone())
            error=form.error("environment")
            required=true
        />
    }
    .into_any()
}
