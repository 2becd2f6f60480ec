//! The events a computed word rests on, one click away.

use leptos::prelude::*;

/// `question` is the whole question ("Why is FIX-2 verified?"); the children are `<li>`s.
#[component]
pub fn Why(
    #[prop(into)] question: String,
    /// Where the reasons are what the page is for.
    #[prop(optional)]
    open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="why" open=open>
            <summary>{question}</summary>
            <ul>{children()}</ul>
        </details>
    }
    .into_any()
}
