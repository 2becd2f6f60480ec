//! Contributing factors of a finding: suspected until somebody confirms them, and never a person.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::findings::{Cause, Finding};
use notebook::services;
use notebook::services::Change;

use crate::form::{Form, FormState};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{AreaField, SelectField};
use crate::parts::prose::Line;
use crate::parts::words::cause;
use crate::paths;
use crate::times::Times;

/// The newest recorded changes where the finding is, newest first.
pub async fn changes(desk: &Desk, finding: &Finding) -> Result<Vec<Change>> {
    let mut changes: Vec<Change> = Vec::new();
    for slug in &finding.services {
        let of_service = services::acts::show(desk, slug.as_str()).await?.changes;
        changes.extend(of_service.into_iter().filter(|change| change.environment == finding.environment));
    }
    changes.sort_by_key(|change| std::cmp::Reverse((change.at, change.id)));
    changes.dedup_by_key(|change| change.id);
    Ok(changes)
}

fn change_words(change: &Change, times: &Times) -> String {
    format!("{}, {}: {}", times.day(change.at), change.kind.label().to_lowercase(), change.summary)
}

pub fn section(desk: &Desk, finding: &Finding, causes: &[Cause], changes: &[Change], times: &Times) -> AnyView {
    let list = if causes.is_empty() {
        view! { <p class="muted">"Nobody has named a cause yet. Causes are changes and circumstances, not people."</p> }
            .into_any()
    } else {
        let items = causes.iter().map(|cause| one(cause, changes, times));
        view! { <ol class="plain">{items.collect_view()}</ol> }.into_any()
    };
    let page = paths::finding(finding.id);
    let suspect = desk.shows(Act::WriteFinding).then(|| suspect(&page, changes, times));
    let waiting: Vec<&Cause> = causes.iter().filter(|cause| !cause.confirmed).collect();
    let confirm = (desk.shows(Act::JudgeFinding) && !waiting.is_empty()).then(|| confirm(&page, &waiting));
    view! { <section id="causes"><h2>"Causes"</h2>{list}{suspect}{confirm}</section> }.into_any()
}

fn one(cause: &Cause, changes: &[Change], times: &Times) -> AnyView {
    let word = if cause.confirmed { cause::CONFIRMED } else { cause::SUSPECTED };
    let change = cause.change.map(|number| {
        let known = changes.iter().find(|change| change.id == number);
        let words = known.map_or_else(|| format!("recorded change {number}"), |change| change_words(change, times));
        view! { <small>" Change: " {words}</small> }
    });
    let text = cause.text.clone();
    view! { <li>{word.badge()} " " <Line text=text/> {change}</li> }.into_any()
}

fn suspect(page: &str, changes: &[Change], times: &Times) -> AnyView {
    let form = FormState::of(paths::act(page, "suspect-cause"));
    let none = (String::new(), "No recorded change".to_owned());
    let listed = changes.iter().map(|change| (change.id.to_string(), change_words(change, times)));
    let options: Vec<_> = [none].into_iter().chain(listed).collect();
    let open = form.came_back();
    view! {
        <Disclosure name="Suspect a cause" open=open>
            <Form state=form.clone()>
                <AreaField form=form.name.clone() name="reason" label="What may have contributed" value=form.value("reason", "") error=form.error("reason") rows=2 required=true/>
                <SelectField form=form.name.clone() name="of" label="Recorded change it points at" options=options value=form.value("of", "") hint="Changes recorded on the finding's services in its environment." error=form.error("of")/>
                <div class="row"><button>"Suspect this cause"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn confirm(page: &str, waiting: &[&Cause]) -> AnyView {
    let form = FormState::of(paths::act(page, "confirm-cause"));
    let options = waiting.iter().map(|cause| (cause.number.to_string(), cause.text.clone())).collect();
    let open = form.came_back();
    view! {
        <Disclosure name="Confirm a cause" open=open>
            <Form state=form.clone()>
                <SelectField form=form.name.clone() name="number" label="Suspected cause" options=options value=form.value("number", "") error=form.error("number")/>
                <AreaField form=form.name.clone() name="reason" label="What shows it" value=form.value("reason", "") hint="A run, a log, a reproduction: what turned the suspicion into knowledge." error=form.error("reason") rows=2 required=true/>
                <div class="row"><button>"Confirm this cause"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}
