//! The way to the next page of a list, and back to its beginning.

use leptos::prelude::*;

/// Nothing where the list has one page. Both are whole addresses with all filters in them.
#[component]
pub fn Pager(
    /// What is listed, for screen readers: "Pages of services".
    #[prop(into)]
    label: String,
    #[prop(optional_no_strip)] first: Option<String>,
    #[prop(optional_no_strip)] next: Option<String>,
    /// "Older" where the list runs from new to old.
    #[prop(default = "Next")]
    next_word: &'static str,
) -> impl IntoView {
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="row" aria-label=label>
                {first.map(|href| view! { <a class="button" href=href>"First page"</a> })}
                {next.map(|href| view! { <a class="button" href=href rel="next">{next_word}</a> })}
            </nav>
        }
    })
}
