//! The sample notebook's own page: what it is, the tour, and how it comes and goes.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::samples::{self, Counts, Shown, acts};

use crate::ask::page;
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;
use crate::tour;

#[component]
pub fn SamplePage() -> impl IntoView {
    page(|desk| async move {
        let shown = acts::show(&desk).await?;
        let times = Times::of(&desk);
        let content = if shown.is_here { here(&desk, &shown, &times) } else { absent(&desk) };
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Sample".into(), href: None }]>
                <PageTitle text="Sample notebook"/>
                <PageHead title="Sample notebook"/>
                <div class="stack">{content}</div>
            </Frame>
        }
        .into_any())
    })
}

fn here(desk: &Desk, shown: &Shown, times: &Times) -> AnyView {
    let since =
        shown.written_at.map(|at| view! { "It was written " {times.when(at)} ", and its dates count back from then." });
    let (running, due) = (samples::RUNNING, samples::DUE);
    view! {
        <section>
            <p>"An invented telemetry company restarts one ZooKeeper, finds out what hangs on it, and keeps going until it dares to run on machines that may vanish. Its records begin with "<code>"DEMO-"</code>" and carry the mark \u{201c}Sample\u{201d}. "{since}</p>
            <p>"Try things on it: write what you see in "<a class="id" href=paths::run(running)>{running.to_string()}</a>", sign the verdict of "<a class="id" href=paths::run(due)>{due.to_string()}</a>". What you write on the sample belongs to it. Your own numbers do not move, and your first steps do not count it."</p>
            <div class="row"><a class="button primary" href=tour::begins()>"Take the tour"</a><span class="muted">"Five notes on ordinary pages, two minutes"</span></div>
        </section>
        {remove(desk, &shown.counts)}
    }
    .into_any()
}

fn remove(desk: &Desk, counts: &Counts) -> AnyView {
    let Counts { experiments, runs, findings, fixes, decisions, yours } = *counts;
    let yours = match yours {
        0 => "None of you has written on it.".to_owned(),
        1 => "One entry of yours goes with it.".to_owned(),
        many => format!("{many} entries of yours go with it."),
    };
    let state = FormState::of(paths::act(&paths::sample(), "remove"));
    let act = if desk.shows(Act::ManageSample) {
        view! { <Form state><div class="row"><button class="danger">"Remove sample"</button></div></Form> }.into_any()
    } else {
        view! { <p class="muted">"An admin can remove it."</p> }.into_any()
    };
    view! {
        <section>
            <h2>"Remove it"</h2>
            <p>
                {format!("{experiments} experiments, {runs} runs, {findings} findings, {fixes} fixes and {decisions} decisions go in one act, with the services, the changes and the people of the story. ")}
                {yours}" Nothing else changes, and an admin can have it written anew."
            </p>
            {act}
        </section>
    }
    .into_any()
}

fn absent(desk: &Desk) -> AnyView {
    let state = FormState::of(paths::act(&paths::sample(), "write"));
    let act = if desk.shows(Act::ManageSample) {
        view! { <Form state><div class="row"><button class="primary">"Write sample"</button></div></Form> }.into_any()
    } else {
        view! { <p class="muted">"An admin can have it written."</p> }.into_any()
    };
    view! {
        <section>
            <p>"The sample is not here. It shows the life of three experiments, from the first question to a decision that rests on ten runs, with one run going on and one verdict due."</p>
            <p>"It is marked everywhere, counts in no number of yours, and goes again in one act."</p>
            {act}
        </section>
    }
    .into_any()
}
