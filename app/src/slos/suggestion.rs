//! What the budget that is left could be spent on.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::experiments::questions::Question;
use notebook::fault::Result;
use notebook::id::ExperimentId;
use notebook::ledger::acts::suggestion;
use notebook::ledger::untested::{Suggestion, Untested};
use notebook::slos::acts::Shown;
use notebook::slos::kept::SloState;
use notebook::text::Slug;

use crate::parts::prose::Line;
use crate::parts::why::Why;
use crate::parts::words::Word;
use crate::paths;

/// Nothing for a draft, which promises nothing yet, and for what is retired.
pub async fn section(desk: &Desk, shown: &Shown) -> Result<Option<AnyView>> {
    if !matches!(shown.kept.state(), SloState::Approved | SloState::Changed) {
        return Ok(None);
    }
    let content = match suggestion(desk, shown).await? {
        Suggestion::Try { untested, because, .. } => attempt(&untested, because),
        Suggestion::Write { because, asks, on } => {
            write(&shown.kept.in_force().service, because, asks, on.filter(|_| desk.shows(Act::WriteExperiment)))
        }
        Suggestion::Nothing { because } => view! { <p>"Nothing now. "{because}</p> }.into_any(),
    };
    Ok(Some(view! { <section id="suggestion"><h2>"What to learn with it"</h2>{content}</section> }.into_any()))
}

fn attempt(untested: &Untested, because: Vec<String>) -> AnyView {
    let (href, id) = (paths::experiment(untested.experiment), untested.experiment.to_string());
    let (question, stage) = (untested.question.clone(), Word::from(untested.stage));
    view! {
        <p><a href=href>{question}</a>" "<span class="id muted">{id}</span>" "{stage.badge()}</p>
        {why("Why this question?", because)}
    }
    .into_any()
}

fn write(service: &Slug, because: Vec<String>, asks: Option<&'static Question>, on: Option<ExperimentId>) -> AnyView {
    let complete = on.map(|id| {
        let href = paths::edit_plan(id);
        view! { <p>"Say what "<a href=href>{id.to_string()}</a>" may cost at most; then it can be held against this budget."</p> }
    });
    let href = asks.map_or_else(
        || paths::new_experiment_on(service),
        |question| paths::new_experiment_asking(service, question.key),
    );
    let words = asks.map_or("Write another question", |question| question.asks);
    view! {
        <p>"No question that nobody tried fits this budget. Write one: "<a href=href>{words}</a></p>
        {complete}
        {why("Why none of those there are?", because)}
    }
    .into_any()
}

fn why(question: &'static str, because: Vec<String>) -> AnyView {
    let lines = because.into_iter().map(|says| view! { <li><Line text=says/></li> }).collect_view();
    view! { <Why question=question>{lines}</Why> }.into_any()
}
