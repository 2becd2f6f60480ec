//! What was changed on a service, and the form that writes a change down.

use leptos::prelude::*;
use notebook::experiments::plan::ChangeKind;
use notebook::limits::{NOTE_CHARS_MAX, TITLE_CHARS_MAX};
use notebook::services::acts::Shown;
use notebook::services::{Change, Environment};
use notebook::text::Slug;

use crate::form::{Form, FormState};
use crate::kept;
use crate::parts::choices::Choice;
use crate::parts::field::{Field, SelectField};
use crate::parts::page::Empty;
use crate::parts::prose::Line;
use crate::parts::table::TableRegion;
use crate::parts::ticks::TickField;
use crate::paths;
use crate::times::Times;

#[component]
pub fn Changes(
    shown: Shown,
    known: Vec<(Slug, String)>,
    environments: Vec<Environment>,
    may_record: bool,
    may_judge: bool,
    times: Times,
) -> impl IntoView {
    let slug = shown.service.slug;
    let form = FormState::of(paths::act(&paths::service(&slug), "record-change"));
    let is_open = form.came_back();
    view! {
        {table(&shown.changes, &slug, may_judge, &times)}
        {may_record.then(|| view! {
            <details class="why" open=is_open>
                <summary>"Record a change"</summary>
                <ChangeForm form=form own=slug known=known environments=environments zone=times.zone/>
            </details>
        })}
    }
    .into_any()
}

fn table(changes: &[Change], own: &Slug, may_judge: bool, times: &Times) -> AnyView {
    if changes.is_empty() {
        return view! {
            <Empty heading="No change recorded" sentence="A change after a pass makes the pass stale: write deployments down."/>
        }
        .into_any();
    }
    let lines: Vec<_> = changes.iter().map(|change| line(change, own, may_judge, times)).collect();
    view! {
        <TableRegion id="changes" caption="Recorded changes, newest first" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Took effect"</th>
                    <th scope="col">"Kind"</th>
                    <th scope="col">"What"</th>
                    <th scope="col">"Reference"</th>
                    <th scope="col">"Environment"</th>
                    <th scope="col">"Also affects"</th>
                    <th scope="col">"Irrelevant"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(change: &Change, own: &Slug, may_judge: bool, times: &Times) -> AnyView {
    let reference = change.reference.as_ref().map(ToString::to_string);
    let others: Vec<&str> = change.services.iter().filter(|slug| *slug != own).map(Slug::as_str).collect();
    view! {
        <tr>
            <td>{times.when(change.at)}</td>
            <td>{change.kind.label()}</td>
            <td><a href=paths::change(change.id)>{change.summary.to_string()}</a></td>
            <td>{reference.map(|text| view! { <code>{text}</code> })}</td>
            <td>{change.environment.to_string()}</td>
            <td>{others.join(", ")}</td>
            <td>{irrelevant(change, may_judge)}</td>
        </tr>
    }
    .into_any()
}

/// Why it makes nothing stale, or where a reviewer says so.
fn irrelevant(change: &Change, may_judge: bool) -> Option<AnyView> {
    if let Some(mark) = &change.irrelevant {
        return Some(view! { <Line text=mark.reason.to_string()/> }.into_any());
    }
    let (href, summary) = (paths::mark_change(change.id), change.summary.to_string());
    may_judge.then(|| {
        view! { <a class="button" href=href>"Mark irrelevant"<span class="unseen">": " {summary}</span></a> }.into_any()
    })
}

#[component]
fn ChangeForm(
    form: FormState,
    own: Slug,
    known: Vec<(Slug, String)>,
    environments: Vec<Environment>,
    zone: String,
) -> impl IntoView {
    let name = form.name.clone();
    let kinds = ChangeKind::ALL.iter().map(|kind| (kind.word().to_owned(), kind.label().to_owned())).collect();
    let places = environments.iter().map(|known| (known.slug.to_string(), known.name.to_string())).collect();
    let others = others(&form, &own, known);
    view! {
        <Form state=form.clone()>
            <SelectField form=name.clone() name="kind" label="Kind" options=kinds value=form.value("kind", "deploy")
                error=form.error("kind")/>
            <Field form=name.clone() name="summary" label="What changed" hint="One line, such as: Kafka 3.9 on all brokers."
                value=form.value("summary", "") error=form.error("summary") required=true max_length=TITLE_CHARS_MAX/>
            <Field form=name.clone() name="reference" label="Reference" hint="A version, commit or ticket."
                value=form.value("reference", "") error=form.error("reference") max_length=NOTE_CHARS_MAX/>
            <SelectField form=name.clone() name="environment" label="Environment" options=places
                value=form.value("environment", "") error=form.error("environment")/>
            <Field form=name name="at" label="Took effect" kind="datetime-local"
                hint=format!("Your time, {zone}. Empty means now.") value=form.value("at", "") error=form.error("at")/>
            {others}
            <div class="row"><button>"Record change"</button></div>
        </Form>
    }
    .into_any()
}

/// The page's own service is in the address; others may be ticked.
fn others(form: &FormState, own: &Slug, known: Vec<(Slug, String)>) -> Option<AnyView> {
    let ticked = kept::ticked(form, "services", &[]);
    let trouble = form.error("services");
    let is_open = trouble.is_some() || !ticked.is_empty();
    let others = known.into_iter().filter(|(slug, _)| slug != own);
    let choices: Vec<_> = others.map(|(slug, name)| Choice { value: slug.into(), label: name, hint: None }).collect();
    (!choices.is_empty()).then(|| {
        let boxes = view! {
            <TickField form=form.name.clone() name="services" legend="Other services it affects" choices=choices
                ticked=ticked error=trouble/>
        };
        view! { <details class="why" open=is_open><summary>"More services"</summary>{boxes}</details> }.into_any()
    })
}
