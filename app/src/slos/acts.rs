//! Approving and retiring an SLO.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::slos::kept::{Kept, SloState};

use crate::form::{Form, FormState};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::AreaField;
use crate::paths;

/// The newest text waits for approval, or says what it lacks.
pub fn approval(desk: &Desk, kept: &Kept) -> Option<AnyView> {
    let says = match kept.state() {
        SloState::Changed => format!(
            "Revision {} waits for approval. Until then the numbers below follow revision {}.",
            kept.revision,
            kept.revision_in_force()
        ),
        SloState::Draft => "This SLO is a draft: its numbers are shown, and promise nothing yet.".to_owned(),
        SloState::Approved | SloState::Retired => return None,
    };
    let form = FormState::of(paths::act(&paths::slo(kept.id), "approve"));
    let missing: Vec<_> = kept.text.missing_for_approval().into_iter().map(|says| view! { <li>{says}</li> }).collect();
    let complete = missing.is_empty();
    let lacks = (!complete).then(|| view! { <p>"It cannot be approved yet:"</p> <ul>{missing}</ul> });
    let (version, label) = (kept.version.to_string(), format!("Approve revision {}", kept.revision));
    let button = ((desk.shows(Act::ApproveSlo) && complete) || form.came_back()).then(|| {
        view! {
            <Form state=form>
                <input type="hidden" name="version" value=version/>
                <div class="row"><button class="primary">{label}</button></div>
            </Form>
        }
    });
    Some(view! { <section class="card"><h2>"Approval"</h2><p>{says}</p>{lacks}{button}</section> }.into_any())
}

pub fn retire(desk: &Desk, kept: &Kept) -> Option<AnyView> {
    if kept.retired_at.is_some() || !desk.shows(Act::RetireSlo) {
        return None;
    }
    let form = FormState::of(paths::act(&paths::slo(kept.id), "retire"));
    let (name, open) = (form.name.clone(), form.came_back());
    let view = view! {
        <Disclosure name="Retire the SLO" open=open>
            <p>"Retiring is final: nothing is promised and nothing measured any more. What was measured stays."</p>
            <Form state=form.clone()>
                <AreaField form=name name="reason" label="Why" value=form.value("reason", "")
                    error=form.error("reason") rows=2 required=true/>
                <div class="row"><button class="danger">"Retire SLO"</button></div>
            </Form>
        </Disclosure>
    };
    Some(view.into_any())
}
