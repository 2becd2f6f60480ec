//! The sentence an experiment tries: If ... then ... because ...

use leptos::prelude::*;

/// Large, with a rule in the hue of the verdict; the verdict's word and icon stand elsewhere.
#[component]
pub fn Hypothesis(
    #[prop(into)] fault: String,
    #[prop(into)] behaviour: String,
    #[prop(into)] safeguard: String,
    /// `upheld`, `refuted`, `inconclusive` or `aborted`.
    #[prop(optional_no_strip, into)]
    verdict: Option<String>,
) -> impl IntoView {
    view! {
        <p class="hypothesis" data-verdict=verdict>
            <span class="keyword">"If"</span>" "
            <strong>{fault}</strong>" "
            <span class="keyword">"then"</span>" "
            <strong>{behaviour}</strong>" "
            <span class="keyword">"because"</span>" "
            {safeguard}
        </p>
    }
    .into_any()
}
