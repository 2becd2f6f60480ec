//! An act that takes a form, folded away behind its name until somebody wants it.

use leptos::prelude::*;

/// `open` when the form inside came back, so that its errors are seen.
#[component]
pub fn Disclosure(#[prop(into)] name: String, #[prop(optional)] open: bool, children: Children) -> impl IntoView {
    view! {
        <details open=open>
            <summary class="button">{name}</summary>
            <div class="card">{children()}</div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_closed_until_its_form_comes_back() {
        let html = |open: bool| {
            Owner::new().with(|| view! { <Disclosure name="Withdraw" open=open>"form"</Disclosure> }.to_html())
        };
        assert!(!html(false).contains("<details open"), "{}", html(false));
        assert!(html(true).contains("<details open"), "{}", html(true));
    }
}
