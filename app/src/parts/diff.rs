//! What one text adds to and removes from another: sign, hue and word.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Added,
    Removed,
    Same,
}

impl Change {
    /// The value of `data-change`, the sign shown, the word spoken.
    fn signs(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Added => ("added", "+", "added: "),
            Self::Removed => ("removed", "\u{2212}", "removed: "),
            Self::Same => ("same", "", ""),
        }
    }
}

#[component]
pub fn Diff(
    /// What is compared, for screen readers.
    #[prop(into)]
    label: String,
    lines: Vec<(Change, String)>,
) -> impl IntoView {
    let lines = lines.into_iter().map(|(change, text)| {
        let (attribute, sign, spoken) = change.signs();
        view! {
            <li data-change=attribute>
                <span aria-hidden="true">{sign}</span>
                <span><span class="unseen">{spoken}</span>{text}</span>
            </li>
        }
    });
    view! { <ul class="diff" aria-label=label>{lines.collect_view()}</ul> }.into_any()
}
