//! The first minutes: one form to an observation, and the steps that make the notebook one's own.

use leptos::prelude::*;
use notebook::limits::{PROSE_CHARS_MAX, TITLE_CHARS_MAX};
use notebook::retrials::acts::FirstSteps;

use crate::form::{Form, FormState};
use crate::parts::field::{AreaField, Field};
use crate::parts::icon::{Icon, IconName};
use crate::paths;

/// What is seen now, of which service, and the question that follows: an experiment's first step.
#[component]
pub fn FirstObservation() -> impl IntoView {
    let form = FormState::of(paths::first_observation());
    view! {
        <section class="card">
            <h2>"Record an observation now"</h2>
            <p>"Look at something that matters and write what is normal. It becomes the first step of an experiment; a plan can wait."</p>
            <Form state=form.clone()>
                <Field form=form.name.clone() name="service" label="Service" hint="A name; it is added if it is new."
                    value=form.value("service", "") error=form.error("service") max_length=TITLE_CHARS_MAX required=true/>
                <AreaField form=form.name.clone() name="text" label="What I see now" rows=2
                    hint="For example: five nodes up, 40 ms at p99, one alert a minute."
                    value=form.value("text", "") error=form.error("text") max_length=PROSE_CHARS_MAX required=true/>
                <AreaField form=form.name.clone() name="question" label="What happens if…" rows=2
                    hint="The question you are afraid to ask production."
                    value=form.value("question", "") error=form.error("question") max_length=PROSE_CHARS_MAX required=true/>
                <div class="row"><button class="primary">"Record observation"</button></div>
            </Form>
        </section>
    }
    .into_any()
}

/// What is done is ticked; the rest is a link.
#[component]
pub fn MakeItYours(steps: FirstSteps, may_invite: bool) -> impl IntoView {
    let all = [
        (steps.service, "Add a service", Some(paths::new_service())),
        (steps.question, "Write one question", Some(paths::new_experiment())),
        (steps.run, "Plan the first run", Some(paths::choose_run())),
        (steps.colleague, "Invite a colleague", may_invite.then(paths::people)),
    ];
    let lines: Vec<_> = all.into_iter().map(|(done, words, href)| step(done, words, href)).collect();
    view! {
        <section class="card">
            <h2>"Make it yours"</h2>
            <ul class="plain">{lines}</ul>
            <p><small><a href=paths::help()>"How Retrial works"</a>", on one page."</small></p>
        </section>
    }
    .into_any()
}

fn step(done: bool, words: &'static str, href: Option<String>) -> AnyView {
    let (icon, spoken) = if done { (IconName::CircleCheck, " (done)") } else { (IconName::CircleDashed, " (to do)") };
    let content = match href.filter(|_| !done) {
        Some(href) => view! { <a href=href>{words}</a> }.into_any(),
        None => words.into_any(),
    };
    view! { <li class="row"><Icon of=icon/><span>{content}<span class="unseen">{spoken}</span></span></li> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(steps: FirstSteps, may_invite: bool) -> String {
        Owner::new().with(|| view! { <MakeItYours steps=steps may_invite=may_invite/> }.to_html())
    }

    const NONE: FirstSteps = FirstSteps { service: false, question: false, run: false, colleague: false };

    #[test]
    fn what_is_done_is_ticked_and_no_link_any_more() {
        let before = html(NONE, true);
        assert!(before.contains("href=\"/services/new\"") && before.matches("(to do)").count() == 4, "{before}");
        let after = html(FirstSteps { service: true, ..NONE }, true);
        assert!(!after.contains("href=\"/services/new\""), "{after}");
        assert_eq!(after.matches("(done)").count(), 1, "{after}");
    }

    #[test]
    fn only_who_looks_after_people_is_led_to_them() {
        assert!(html(NONE, true).contains("href=\"/people\""));
        assert!(!html(NONE, false).contains("href=\"/people\""));
    }
}
