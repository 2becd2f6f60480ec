//! One shape that fields and answers name.

use leptos::prelude::*;

use super::operation::field_table;
use super::{ApiShape, kind, sentence};

#[component]
pub fn Shape(shape: ApiShape) -> impl IntoView {
    let ApiShape { name, says, kind: is, fields } = shape;
    let table =
        (!fields.is_empty()).then(|| field_table(format!("fields-of-{name}"), format!("Fields of {name}"), fields));
    let place = format!("shape-{name}");
    view! {
        <article id=place class="stack">
            <h3><code>{name}</code></h3>
            {(!says.is_empty()).then(|| view! { <p>{sentence(&says)}</p> })}
            {is.map(|is| view! { <p>{kind(is)}</p> })}
            {table}
        </article>
    }
    .into_any()
}
