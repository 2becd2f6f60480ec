//! A drawing with its title, and with what it says for whoever cannot see it.

use leptos::prelude::*;

#[component]
pub fn Sheet(
    /// What its ids begin with.
    #[prop(into)]
    id: String,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// Of its own units; sixteen are as wide as the reader's text is high.
    size: (i32, i32),
    children: Children,
) -> impl IntoView {
    let (title_id, text_id) = (format!("{id}-title"), format!("{id}-text"));
    let (named_by, told_by) = (title_id.clone(), text_id.clone());
    let (width, height) = size;
    // In rem, so that the drawing grows with the reader's text size.
    let rem = |units: i32| format!("{}rem", f64::from(units) / 16.0);
    view! {
        <svg
            role="img"
            aria-labelledby=named_by
            aria-describedby=told_by
            width=rem(width)
            height=rem(height)
            viewBox=format!("0 0 {width} {height}")
            font-size="12.5"
        >
            <title id=title_id>{title}</title>
            <desc id=text_id>{text}</desc>
            {children()}
        </svg>
    }
    .into_any()
}
