//! How Retrial works, on one page.

pub mod api;
mod journals;
mod meanings;

use leptos::prelude::*;

use crate::frame::{Crumb, Frame};
use crate::parts::page::PageHead;
use crate::parts::stepper::Step;
use crate::safe::PageTitle;

use journals::Journals;
use meanings::{Answers, Standings, Terms};

/// The parts of the page, in order: the fragment of each address and its heading.
const PARTS: [(&str, &str); 10] = [
    ("start", "The first ten minutes"),
    ("steps", "Seven steps"),
    ("computed", "What nobody can set"),
    ("questions", "Separate questions"),
    ("words", "Words"),
    ("standings", "Words that follow from events"),
    ("import", "Results from Chaos Toolkit"),
    ("api", "The API for programs"),
    ("keys", "Keys on the page of a live run"),
    ("drafts", "What your browser keeps"),
];

#[component]
pub fn HelpPage() -> impl IntoView {
    let links = PARTS.map(|(id, heading)| view! { <li><a href=format!("#{id}")>{heading}</a></li> });
    view! {
        <Frame crumbs=vec![Crumb { label: "Help".into(), href: None }]>
            <PageTitle text="Help"/>
            <PageHead title="How Retrial works"/>
            <div class="page">
                <div class="stack">
                    <p>"Retrial is a notebook for experiments with failure. It injects nothing: people or other tools do, and write down here what they planned, saw, fixed and proved. A fix counts as verified only when the same experiment is run again and holds."</p>
                    {part("start", view! { <Start/> }.into_any())}
                    {part("steps", view! { <Steps/> }.into_any())}
                    {part("computed", view! { <Computed/> }.into_any())}
                    {part("questions", view! { <Answers/> }.into_any())}
                    {part("words", view! { <Terms/> }.into_any())}
                    {part("standings", view! { <Standings/> }.into_any())}
                    {part("import", view! { <Journals/> }.into_any())}
                    {part("api", view! { <Api/> }.into_any())}
                    {part("keys", view! { <Keys/> }.into_any())}
                    {part("drafts", view! { <Drafts/> }.into_any())}
                </div>
                <aside class="stack">
                    <nav class="card" aria-label="On this page"><h2>"On this page"</h2><ul class="plain">{links}</ul></nav>
                </aside>
            </div>
        </Frame>
    }
}

fn part(id: &'static str, content: AnyView) -> AnyView {
    let heading = PARTS.iter().find(|(known, _)| *known == id).map_or("", |(_, heading)| heading);
    view! { <section id=id><h2>{heading}</h2>{content}</section> }.into_any()
}

#[component]
fn Start() -> impl IntoView {
    view! {
        <ol>
            <li>"On "<a href="/">"Today"</a>", write what you see now, of which service, and the question it makes you ask. That is an experiment's first step."</li>
            <li>"Complete its plan: the fault, what you expect, which checks tell, how to revert. The page lists what is missing."</li>
            <li>"Request review. Somebody else reads the plan; who works alone says so once, and history shows it."</li>
            <li>"Plan a run, start it together, write down what you see, answer the checks."</li>
            <li>"Sign the verdict and close the run with a decision. What was weak becomes a finding, and a finding asks for a fix."</li>
        </ol>
    }
    .into_any()
}

/// What is done in a step.
const fn done_in(step: Step) -> &'static str {
    match step {
        Step::Observe => "What is normal? Write it down, then say it as checks with numbers.",
        Step::Question => "What happens if\u{2026}? Ask the one you are afraid of.",
        Step::Hypothesis => {
            "If this fault, then that behaviour, because of that safeguard. It can turn out wrong, or it is none."
        }
        Step::Experiment => "A plan that somebody else has read, then a run in daytime with everybody watching.",
        Step::ObserveMore => {
            "Each check is answered before, during and after the fault; everybody's observations stand in one timeline."
        }
        Step::Decide => "Sign the verdict, answer for every open fix, record a decision.",
        Step::TryAgain => "Only a rerun of the same experiment makes a fix verified, and what was verified goes stale.",
    }
}

#[component]
fn Steps() -> impl IntoView {
    let items = Step::ALL.map(|step| view! { <li><strong>{step.word()}</strong>": " {done_in(step)}</li> });
    view! { <ol>{items}</ol> }.into_any()
}

#[component]
fn Computed() -> impl IntoView {
    view! {
        <p>"Verified, regressed, stale, refuted: no button sets these. They follow from what happened (deployments, runs, answers, recorded changes), and they are recomputed when one of those is corrected. Beside each such word stands why, with the events it rests on."</p>
        <ul>
            <li>"A fix is verified by a valid, closed run of the same experiment that began after the deployment, in an environment that has the fix, whose revealing check held and whose telemetry agreed."</li>
            <li>"It is not verified by a closed ticket, by an easier plan, by a run in another environment, or by a run that hit another target."</li>
            <li>"Proof ages: after 30 days, or once a relevant change is recorded, a verified fix is stale until a rerun holds."</li>
            <li>"No data is never good news. A check without data does not hold, and nothing is counted as good because nobody measured it."</li>
        </ul>
    }
    .into_any()
}

#[component]
fn Api() -> impl IntoView {
    view! {
        <p>"Whatever can be done on these pages a program can do, too, with a token and JSON. "<a href=crate::paths::API_DOCS>"Every operation with its fields and answers"</a>"."</p>
    }
    .into_any()
}

#[component]
fn Keys() -> impl IntoView {
    view! {
        <p>"Each takes you to where something is written, and writes nothing by itself. None acts while you are in a field, and all single keys can be turned off in your "<a href=crate::paths::profile()>"profile"</a>" or on the page itself. They need scripts; without, the same places are reached by Tab. "<a href=crate::paths::keyboard()>"Keys of every page"</a>" go to others."</p>
        {crate::keys::list::table()}
    }
    .into_any()
}

#[component]
fn Drafts() -> impl IntoView {
    view! {
        <p>"While you type into a form, this browser keeps the text at every key, for you alone and on this machine alone. If the page is closed before the form is sent, it offers the text again: restore it or discard it. Passwords, files and very long pastes are not kept. Drafts go when the form is taken, when you sign out, and after 30 days."</p>
        <p>"It also keeps which eight things you opened last, by their ids alone, for the dialog that leads anywhere; they go when you sign out."</p>
        <p>"Every page works without scripts; then nothing is kept, and nothing else is missing."</p>
    }
    .into_any()
}
