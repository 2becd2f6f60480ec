//! Step 1 on an experiment's page: what was seen before any run, and a form for more.

use leptos::prelude::*;
use notebook::experiments::observed::Observed;
use notebook::id::ExperimentId;
use notebook::limits::PROSE_CHARS_MAX;

use crate::form::{Form, FormState};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{AreaField, Field};
use crate::parts::page::Empty;
use crate::parts::prose::Prose;
use crate::paths;
use crate::times::Times;

/// `seen` in the order of time; the form only where `may_observe`.
#[component]
pub fn WhatWeObserved(
    experiment: ExperimentId,
    seen: Vec<Observed>,
    may_observe: bool,
    times: Times,
) -> impl IntoView {
    let content = if seen.is_empty() {
        view! { <Empty heading="Nothing observed yet" sentence="What is normal? A number today is worth a memory later."/> }
            .into_any()
    } else {
        let lines: Vec<_> = seen.into_iter().map(|observed| line(experiment, observed, &times)).collect();
        view! { <ol class="plain">{lines}</ol> }.into_any()
    };
    let form = may_observe.then(|| form(experiment));
    view! { <section><h2>"What we observed"</h2>{content}{form}</section> }.into_any()
}

fn line(experiment: ExperimentId, observed: Observed, times: &Times) -> AnyView {
    let who = if observed.name.is_empty() { "The operator".to_owned() } else { observed.name };
    let anchor = format!("o{}", observed.number);
    let link = format!("#{anchor}");
    let id = format!("{experiment}#{anchor}");
    view! {
        <li id=anchor>
            <a class="id" href=link>{id}</a>
            " "
            <span class="muted">{times.when(observed.at)} ", " {who}</span>
            <Prose text=String::from(observed.text)/>
        </li>
    }
    .into_any()
}

fn form(experiment: ExperimentId) -> AnyView {
    let form = FormState::of(paths::act(&paths::experiment(experiment), "observe"));
    view! {
        <Disclosure name="Add observation" open=form.came_back()>
            <Form state=form.clone()>
                <AreaField form=form.name.clone() name="text" label="What is seen" rows=2 value=form.value("text", "")
                    error=form.error("text") max_length=PROSE_CHARS_MAX required=true/>
                <Field form=form.name.clone() name="at" label="When" hint="14:03, -3m or a date and time; empty for now."
                    value=form.value("at", "") error=form.error("at")/>
                <div class="row"><button>"Add observation"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::text::Prose as Text;
    use notebook::time::Moment;

    fn html(seen: Vec<Observed>, may_observe: bool) -> String {
        let times = Times { zone: "UTC".into(), now: 0 };
        Owner::new().with(|| {
            view! { <WhatWeObserved experiment=ExperimentId::of(3) seen=seen may_observe=may_observe times=times/> }.to_html()
        })
    }

    #[test]
    fn each_observation_has_an_address_and_its_markup_stays_text() {
        let at = Moment::from_micros(0);
        let seen = Observed { number: 2, at, recorded_at: at, name: String::new(), text: Text::new("<b>40 ms").unwrap() };
        let html = html(vec![seen], false);
        assert!(html.contains("id=\"o2\"") && html.contains("href=\"#o2\"") && html.contains("EXP-3#o2"), "{html}");
        assert!(html.contains("The operator") && !html.contains("<b>"), "{html}");
        assert!(!html.contains("<form"), "who may not observe sees no form");
    }

    #[test]
    fn without_observations_the_form_is_still_there() {
        let html = html(Vec::new(), true);
        assert!(html.contains("Nothing observed yet") && html.contains("/experiments/EXP-3/observe"), "{html}");
    }
}
