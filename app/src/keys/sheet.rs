//! The page of keys, and their switch on the profile's page.

use leptos::prelude::*;

use super::steps::SHORTCUTS;
use crate::frame::{Crumb, Frame};
use crate::parts::page::PageHead;
use crate::parts::table::TableRegion;
use crate::paths;
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
                    "Keys work outside of fields, two of them one after the other. Your "
                    <a href=paths::profile()>"profile"</a> " has a switch for single keys. Without script they do nothing."
                </p>
                <TableRegion id="keys" caption="Keys and where they go" unseen_caption=true>
                    <thead><tr><th scope="col">"Keys"</th><th scope="col">"Goes to"</th></tr></thead>
                    <tbody>{lines}</tbody>
                </TableRegion>
            </div>
        </Frame>
    }
    .into_any()
}

fn line(keys: &'static str, says: &'static str, goes: &'static str) -> AnyView {
    view! { <tr><th scope="row"><kbd>{keys}</kbd></th><td><a href=goes>{says}</a></td></tr> }.into_any()
}

/// Kept in the browser: another keyboard may be another habit. Script wakes the button.
pub fn switch() -> AnyView {
    view! {
        <section class="card">
            <h2>"Keyboard"</h2>
            <p class="hint">
                "Single keys that go somewhere, in this browser. " <a href=paths::keyboard()>"All keys"</a>
            </p>
            <div class="row">
                <button type="button" id="keys-switch" disabled=true aria-pressed="true">"Single-key shortcuts"</button>
            </div>
        </section>
    }
    .into_any()
}
