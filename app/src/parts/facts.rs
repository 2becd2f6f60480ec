//! Key facts: a term and its value, one under the other.

use leptos::prelude::*;

/// Holds [`Fact`]s.
#[component]
pub fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }.into_any()
}

#[component]
pub fn Fact(#[prop(into)] term: String, children: Children) -> impl IntoView {
    view! { <div><dt>{term}</dt><dd>{children()}</dd></div> }.into_any()
}
