//! What a finding hangs together with: other findings, and runs in which it was seen again.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::events::Entry;
use notebook::fault::Result;
use notebook::findings::{Finding, FindingEvent, LinkKind};
use notebook::id::FindingId;
use notebook::retrials::acts::FindingShown;

use crate::form::{Form, FormState};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{AreaField, Field, SelectField};
use crate::parts::prose::Line;
use crate::paths;
use crate::times::Times;

/// From both ends: what this one says of others, and what others say of it.
pub fn links(desk: &Desk, shown: &FindingShown) -> AnyView {
    let FindingShown { links, same, linked_from, rulings, finding, .. } = shown;
    let own_root = rulings.duplicate_of.map(|of| tie("The same as", of, None));
    let others = same.iter().map(|other| tie("The same as", *other, Some("which is its duplicate")));
    let own = links.iter().map(|(kind, to)| tie(kind.label(), *to, None));
    let from = linked_from.iter().map(|(kind, of)| tie(kind.label(), *of, Some("which says so of this one")));
    let items: Vec<_> = own_root.into_iter().chain(others).chain(own).chain(from).collect();
    let list = if items.is_empty() {
        view! { <p class="muted">"Linked to no other finding."</p> }.into_any()
    } else {
        view! { <ul class="plain">{items}</ul> }.into_any()
    };
    let link = desk.shows(Act::WriteFinding).then(|| link(&paths::finding(finding.id)));
    view! { <section id="links"><h2>"Other findings"</h2>{list}{link}</section> }.into_any()
}

fn tie(words: &'static str, other: FindingId, whose: Option<&'static str>) -> AnyView {
    let whose = whose.map(|whose| view! { <span class="muted">", "{whose}</span> });
    view! { <li>{words} ": " <a class="id" href=paths::finding(other)>{other.to_string()}</a>{whose}</li> }.into_any()
}

fn link(page: &str) -> AnyView {
    let form = FormState::of(paths::act(page, "link"));
    let kinds = LinkKind::ALL.iter().map(|kind| {
        let words = match kind {
            LinkKind::Related => "Related: they hang together",
            LinkKind::SuspectedCause => "Suspected cause: the other may have brought this one about",
        };
        (kind.word().to_owned(), words.to_owned())
    });
    let open = form.came_back();
    view! {
        <Disclosure name="Link a finding" open=open>
            <Form state=form.clone()>
                <Field form=form.name.clone() name="of" label="Other finding" value=form.value("of", "") hint="An id, like FND-2." error=form.error("of") required=true/>
                <SelectField form=form.name.clone() name="number" label="How they hang together" options=kinds.collect() value=form.value("number", "") error=form.error("number")/>
                <div class="row"><button>"Link this finding"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

pub fn seen_again(desk: &Desk, finding: &Finding, history: &[Entry], times: &Times) -> Result<AnyView> {
    let mut items = Vec::new();
    for entry in history {
        if let FindingEvent::SeenAgain { run, text } = entry.read()? {
            let (when, text) = (times.when(entry.at), text.map(|text| text.to_string()));
            items.push(view! {
                <li>
                    <a class="id" href=paths::run(run)>{run.to_string()}</a>
                    <span class="muted">" written " {when} " by " {entry.name.clone()}</span>
                    {text.map(|text| view! { ": " <Line text=text/> })}
                </li>
            });
        }
    }
    let list = if items.is_empty() {
        view! { <p class="muted">"Not seen in another run."</p> }.into_any()
    } else {
        view! { <ul class="plain">{items}</ul> }.into_any()
    };
    let add = desk.shows(Act::WriteFinding).then(|| see_again(&paths::finding(finding.id)));
    Ok(view! { <section id="seen-again"><h2>"Seen again"</h2>{list}{add}</section> }.into_any())
}

fn see_again(page: &str) -> AnyView {
    let form = FormState::of(paths::act(page, "see-again"));
    let open = form.came_back();
    view! {
        <Disclosure name="Note a run that showed it again" open=open>
            <Form state=form.clone()>
                <Field form=form.name.clone() name="of" label="Run" value=form.value("of", "") hint="An id, like RUN-4. The same weakness in another run is no new finding." error=form.error("of") required=true/>
                <AreaField form=form.name.clone() name="reason" label="What was seen" value=form.value("reason", "") hint="Can be left empty." error=form.error("reason") rows=2/>
                <div class="row"><button>"Note this run"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}
