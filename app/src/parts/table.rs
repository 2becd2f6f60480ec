//! A table with its caption, in a region of its own that scrolls when the table is wide.

use leptos::prelude::*;

/// The children are `<thead>` and `<tbody>`. `id` is unique on the page.
#[component]
pub fn TableRegion(
    #[prop(into)] id: String,
    #[prop(into)] caption: String,
    /// For a table right under a heading that says the same.
    #[prop(optional)]
    unseen_caption: bool,
    children: Children,
) -> impl IntoView {
    let caption_id = format!("{id}-caption");
    let named_by = caption_id.clone();
    view! {
        <div class="scroll" role="region" tabindex="0" aria-labelledby=named_by>
            <table id=id>
                <caption id=caption_id>
                    <span class:unseen=unseen_caption>{caption}</span>
                </caption>
                {children()}
            </table>
        </div>
    }
    .into_any()
}
