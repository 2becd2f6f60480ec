//! What people saw of the system before any run: the first of the seven steps.

use leptos::prelude::*;
use notebook::experiments::observed::Observed;
use notebook::id::ExperimentId;
use notebook::limits::{NOTE_CHARS_MAX, PROSE_CHARS_MAX};

use crate::form::{Form, FormState};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{AreaField, Field};
use crate::parts::prose::Prose;
use crate::paths;
use crate::times::Times;

#[component]
pub fn SeenBefore(id: ExperimentId, seen: Vec<Observed>, may_observe: bool, times: Times) -> impl IntoView {
    let form = may_observe.then(|| observe(id));
    let lines: Vec<_> = seen.into_iter().map(|observed| line(observed, &times)).collect();
    let list = if lines.is_empty() {
        view! { <p class="muted">"Nothing yet. What is normal? Look first, and write it down."</p> }.into_any()
    } else {
        view! { <ol class="plain">{lines}</ol> }.into_any()
    };
    view! { <section><h2>"Observed before any run"</h2>{list}{form}</section> }.into_any()
}

fn line(observed: Observed, times: &Times) -> AnyView {
    let place = format!("o{}", observed.number);
    let name = if observed.name.is_empty() { "the operator".to_owned() } else { observed.name };
    view! {
        <li id=place.clone()>
            <span class="muted"><span class="id">{place.clone()}</span> ", " {times.when(observed.at)} ", " {name}</span>
            <Prose text=observed.text.to_string()/>
        </li>
    }
    .into_any()
}

fn observe(id: ExperimentId) -> AnyView {
    let form = FormState::of(paths::act(&paths::experiment(id), "observe"));
    let (is_open, name) = (form.came_back(), form.name.clone());
    let (text, at) = (form.value("text", ""), form.value("at", ""));
    let (text_error, at_error) = (form.error("text"), form.error("at"));
    view! {
        <Disclosure name="Write down what you see" open=is_open>
            <Form state=form>
                <AreaField form=name.clone() name="text" label="What you see" value=text error=text_error required=true
                    max_length=PROSE_CHARS_MAX/>
                <Field form=name name="at" label="When" hint="Empty is now. Takes 14:03, -3m or 2026-11-22T14:03." value=at
                    error=at_error max_length=NOTE_CHARS_MAX/>
                <div class="row"><button>"Add observation"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}
