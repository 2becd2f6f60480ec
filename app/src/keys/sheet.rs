//! The page of keys, with their switch.

use leptos::prelude::*;

use super::SEND;
use super::list::table;
use super::steps::{Does, GO, SEARCH, SHORTCUTS};
use crate::frame::{Crumb, Frame};
use crate::parts::page::PageHead;
use crate::parts::table::TableRegion;
use crate::paths;
use crate::reading::keys_switch;
use crate::safe::PageTitle;

#[component]
pub fn KeyboardPage() -> impl IntoView {
    let lines = SHORTCUTS.iter().map(|shortcut| line(shortcut.keys, shortcut.says, href(shortcut.does)));
    let anywhere = [
        line("Ctrl K, \u{2318} K", "Go to an id, a page or an act, from fields, too", Some(GO)),
        line(SEND.0, SEND.1, None),
        line("Escape", "Leave a field, close a dialog", None),
    ];
    let lines: Vec<_> = anywhere.into_iter().chain(lines).collect();
    let crumbs =
        vec![Crumb { label: "Help".into(), href: Some(paths::help()) }, Crumb { label: "Keyboard".into(), href: None }];
    view! {
        <Frame crumbs=crumbs>
            <PageTitle text="Keyboard"/>
            <PageHead title="Keyboard"/>
            <div class="stack">
                <p>
                    "Keys work outside of fields, two of them one after the other. Without script they do nothing, and \
                    nothing else is missing."
                </p>
                {keys_switch()}
                <TableRegion id="keys" caption="Keys and what they do" unseen_caption=true>
                    <thead><tr><th scope="col">"Keys"</th><th scope="col">"What they do"</th></tr></thead>
                    <tbody>{lines}</tbody>
                </TableRegion>
                <section>
                    <h2>"On the page of a run that goes on"</h2>
                    <p>"There they come first. None writes by itself."</p>
                    {table()}
                </section>
            </div>
        </Frame>
    }
    .into_any()
}

const fn href(does: Does) -> Option<&'static str> {
    match does {
        Does::Goes(goes) => Some(goes),
        Does::Searches => Some(SEARCH),
        Does::Moves { .. } | Does::Opens | Does::Edits => None,
    }
}

fn line(keys: &'static str, says: &'static str, href: Option<&'static str>) -> AnyView {
    let says = match href {
        Some(href) => view! { <a href=href>{says}</a> }.into_any(),
        None => says.into_any(),
    };
    view! { <tr><th scope="row"><kbd>{keys}</kbd></th><td>{says}</td></tr> }.into_any()
}
