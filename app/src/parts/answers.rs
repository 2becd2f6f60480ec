//! The separate answers of a run, side by side and never merged into one.

use leptos::prelude::*;

/// Holds [`AnswerTo`]s.
#[component]
pub fn Answers(children: Children) -> impl IntoView {
    view! { <dl class="answers">{children()}</dl> }.into_any()
}

/// One answer: its question, its badge, and what it rests on.
#[component]
pub fn AnswerTo(
    #[prop(into)] question: String,
    #[prop(optional_no_strip, into)] note: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div>
            <dt>{question}</dt>
            <dd>{children()}</dd>
            {note.map(|words| view! { <dd class="muted">{words}</dd> })}
        </div>
    }
    .into_any()
}
