//! Answering a request for review: approve, or ask for changes and say which.

use leptos::prelude::*;
use notebook::experiments::Review;
use notebook::id::ExperimentId;
use notebook::limits::NOTE_CHARS_MAX;

use crate::form::{Form, FormState};
use crate::parts::field::AreaField;
use crate::parts::prose::Prose;
use crate::parts::words::{Word, revision as words};
use crate::paths;
use crate::times::Times;

/// One text, two buttons: each sends it to its own act.
#[component]
pub fn ReviewForm(id: ExperimentId, number: i64) -> impl IntoView {
    let page = paths::plan(id, number);
    let (approve, ask) = (paths::act(&page, "approve"), paths::act(&page, "ask-changes"));
    let asked = FormState::of(ask.clone());
    let form = if asked.came_back() { asked } else { FormState::of(approve.clone()) };
    view! {
        <section id="review" aria-label="Review">
            <h2>"Review"</h2>
            <p>"Does this plan try what the hypothesis says, and can everybody stop it in time? Once approved, this revision runs."</p>
            <Form state=form.clone()>
                <AreaField form=form.name.clone() name="text" label="Note" hint="Needed when you ask for changes."
                    value=form.value("text", "") error=form.error("text") max_length=NOTE_CHARS_MAX/>
                <div class="row">
                    <button class="primary" formaction=approve>"Approve plan"</button>
                    <button formaction=ask>"Ask for changes"</button>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
pub fn Reviews(reviews: Vec<Review>, times: Times) -> impl IntoView {
    (!reviews.is_empty()).then(|| {
        let items = reviews.into_iter().map(|review| line(review, &times)).collect_view();
        view! { <section><h2>"Reviews"</h2><ul class="plain">{items}</ul></section> }
    })
}

fn line(review: Review, times: &Times) -> AnyView {
    let word: Word = if review.approved { words::APPROVED } else { words::CHANGES_ASKED };
    let name = if review.name.is_empty() { "the operator".to_owned() } else { review.name };
    let alone = review.no_second_person.then_some("; no second person looked");
    view! {
        <li>
            {word.badge()} " by " {name} {alone} ", " {times.when(review.at)}
            {review.text.map(|text| view! { <Prose text=text.to_string()/> })}
        </li>
    }
    .into_any()
}
