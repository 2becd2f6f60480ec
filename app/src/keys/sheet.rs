//! The page of keys, with their switch.

use leptos::prelude::*;

use super::list::table;
use super::steps::SHORTCUTS;
use crate::frame::{Crumb, Frame};
use crate::parts::page::PageHead;
use crate::parts::table::TableRegion;
use crate::paths;
use crate::reading::keys_switch;
use crate::safe::PageTitle;

#[component]
pub fn KeyboardPage() -> impl IntoView {
    let lines = SHORTCUTS.iter().map(|shortcut| line(shortcut.keys, shortcut.says, shortcut.goes));
    let lines: Vec<_> = std::iter::once(line("Ctrl K, \u{2318} K", "The same, from fields, too", super::steps::GO))
        .chain(lines)
        .collect();
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
                <TableRegion id="keys" caption="Keys and where they go" unseen_caption=true>
                    <thead><tr><th scope="col">"Keys"</th><th scope="col">"Goes to"</th></tr></thead>
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

fn line(keys: &'static str, says: &'static str, goes: &'static str) -> AnyView {
    view! { <tr><th scope="row"><kbd>{keys}</kbd></th><td><a href=goes>{says}</a></td></tr> }.into_any()
}
