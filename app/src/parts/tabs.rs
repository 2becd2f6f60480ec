//! Links to other views of the same record; the address is the state.

use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub current: bool,
    pub count: Option<usize>,
}

#[component]
pub fn Tabs(
    /// What the links choose between, for screen readers: "Views of EXP-42".
    #[prop(into)]
    label: String,
    tabs: Vec<Tab>,
) -> impl IntoView {
    let items = tabs.into_iter().map(|tab| {
        view! {
            <li>
                <a href=tab.href aria-current=tab.current.then_some("page")>
                    {tab.label}
                    {tab.count.map(|count| view! { <span class="num muted">{count}</span> })}
                </a>
            </li>
        }
    });
    view! { <nav class="tabs" aria-label=label><ul>{items.collect_view()}</ul></nav> }.into_any()
}
