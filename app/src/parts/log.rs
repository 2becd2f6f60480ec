//! A run's log: entries on graph paper, in the order they were written.

use crate::parts::badge::Family;
use leptos::prelude::*;

/// Holds [`Entry`]s. A log is read out by itself as it grows; this one is not, because the page of a live run says
/// what is new in a region of its own, a little at a time.
#[component]
pub fn Log(
    /// What the log is of, for screen readers.
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <div role="log" aria-live="off" aria-label=label>
            <ol class="log paper">{children()}</ol>
        </div>
    }
    .into_any()
}

/// One entry. The hue of its dot is an extra: its words say what it is.
#[component]
pub fn Entry(
    /// The fragment of its address: `o12`.
    #[prop(optional, into)]
    id: Option<String>,
    /// Time since the fault ("T+02:10") or of day.
    #[prop(into)]
    clock: String,
    #[prop(default = Family::Neutral)] family: Family,
    children: Children,
) -> impl IntoView {
    view! {
        <li id=id data-family=family.as_str()>
            <span class="clock">{clock}</span>
            <div>{children()}</div>
        </li>
    }
    .into_any()
}
