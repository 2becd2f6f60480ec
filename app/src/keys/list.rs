//! The keys as a list: on the page where they work, on the profile and in the help.

use leptos::prelude::*;

use super::live::Asking;
use super::{KEYS, SEND};
use crate::parts::facts::{Fact, Facts};
use crate::paths;
use crate::reading::keys_switch;
use crate::shifting::keys::ARROWS;

/// Each key with what it is for.
pub fn table() -> AnyView {
    facts(KEYS.iter().map(|(key, _, says)| (*key, *says)).chain([SEND]))
}

/// The same of the keys in the calendar.
pub fn arrows() -> AnyView {
    facts(ARROWS.into_iter())
}

fn facts(keys: impl Iterator<Item = (&'static str, &'static str)>) -> AnyView {
    let keys = keys.map(|(key, says)| view! { <Fact term=key>{says}</Fact> }).collect_view();
    view! { <Facts>{keys}</Facts> }.into_any()
}

/// On the page of a run that goes on; script shows it. Swaps leave it alone.
pub fn section() -> AnyView {
    let (table, switch) = (table(), keys_switch());
    view! {
        <details class="why keys" id="live-keys" data-kept="" data-print="none" hidden=true>
            <summary>"Keys"</summary>
            {table}
            <p><a href=paths::keyboard()>"Keys of every page"</a></p>
            {switch}
            <Asking/>
        </details>
    }
    .into_any()
}
