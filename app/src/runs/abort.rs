//! Aborting a run: everybody who can see it may, and gives nothing but the reason.

use leptos::prelude::*;
use notebook::runs::facts::AbortReason;
use notebook::runs::slash::abort_reason;
use notebook::runs::steps::Step;

use crate::ask::query;
use crate::form::{Form, FormState};
use crate::parts::field::AreaField;
use crate::parts::icon::{Icon, IconName};
use crate::runs::fields::choose;
use crate::runs::loaded::Loaded;

/// Value, label and hint of each reason.
const REASONS: [(AbortReason, &str, &str); 4] = [
    (
        AbortReason::OwnEffect,
        "Own effect",
        "An abort condition was reached, or the fault does more than planned. The hypothesis is refuted.",
    ),
    (AbortReason::Unrelated, "Unrelated trouble", "Something else broke. The run does not count."),
    (AbortReason::People, "People", "Somebody needed is not there. The run does not count."),
    (AbortReason::Tool, "Tool", "The injecting tool misbehaves. The run does not count."),
];

pub fn section(run: &Loaded) -> Option<AnyView> {
    if !run.can(Step::Abort) {
        return None;
    }
    let form = run.form("abort");
    // Written into the composer: `/abort own effect: the queue grows`.
    let why = query("why");
    let open = form.came_back() || !query("abort").is_empty();
    let reason = reason_of(&form, abort_reason(&why).map_or("", AbortReason::word));
    let text = why_field(&form, why);
    let title = format!("Abort {}?", run.id());
    Some(
        view! {
            <details id="abort" open=open>
                <summary class="button stop"><Icon of=IconName::OctagonX size=20/>"Abort run"</summary>
                // With script a dialog over the page (keys/asking.rs); else a part of the bar that says no more than its form.
                <dialog id="abort-asks" open=true aria-labelledby="abort-title" aria-describedby="abort-says">
                    <h3 id="abort-title">{title}</h3>
                    <p id="abort-says">"Nothing is aborted yet. It takes a reason; then the run is aborted at once and reverting begins."</p>
                    <Form state=form>
                        {reason}
                        {text}
                        <div class="row"><button class="stop">"Abort run now"</button></div>
                    </Form>
                    <button type="button" data-back="">"Go back"</button>
                </dialog>
            </details>
        }
        .into_any(),
    )
}

fn why_field(form: &FormState, own: String) -> AnyView {
    let (id, value, error) = (form.name.clone(), form.value("text", own), form.error("text"));
    view! {
        <AreaField form=id name="text" label="What happened" value=value error=error rows=2
            hint="May be empty; add it later as an observation."/>
    }
    .into_any()
}

/// The same four reasons where one was left open.
pub fn reason(form: &FormState) -> AnyView {
    reason_of(form, "")
}

fn reason_of(form: &FormState, own: &str) -> AnyView {
    let answers = REASONS.map(|(reason, label, hint)| (reason.word(), label, hint));
    choose(form, "reason", "Reason", &answers, own)
}
