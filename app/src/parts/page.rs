//! The head of a page, and what stands where nothing is yet.

use leptos::prelude::*;

use crate::parts::sample::mark;

/// Eyebrow and badges, then the title with its actions.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    /// The id or the kind of record, above the title.
    #[prop(optional, into)]
    eyebrow: Option<String>,
    /// Badges and a short sentence beside the eyebrow.
    #[prop(optional)]
    badges: Option<AnyView>,
    /// Buttons beside the title; at most one is primary.
    #[prop(optional)]
    actions: Option<AnyView>,
) -> impl IntoView {
    let has_line = eyebrow.is_some() || badges.is_some();
    let sample = eyebrow.as_deref().and_then(mark);
    view! {
        <header class="page-head">
            {has_line.then(|| view! {
                <div class="row">
                    {eyebrow.map(|words| view! { <span class="id muted">{words}</span> })}
                    {sample}
                    {badges}
                </div>
            })}
            <div class="row spread">
                <h1>{title}</h1>
                {actions.map(|buttons| view! { <div class="row">{buttons}</div> })}
            </div>
        </header>
    }
    .into_any()
}

/// A heading, a sentence, and the act that ends the emptiness.
#[component]
pub fn Empty(
    #[prop(into)] heading: String,
    #[prop(into)] sentence: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p>{heading}</p>
            <p>{sentence}</p>
            {children.map(|actions| view! { <div class="row">{actions()}</div> })}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_without_badges_is_title_only() {
        let html = Owner::new().with(|| view! { <PageHead title="Today"/> }.to_html());
        assert_eq!(html.matches("class=\"row").count(), 1, "{html}");
        assert!(html.contains("<h1>Today</h1>"), "{html}");
    }
}
