//! The keys as a list: on the page where they work, on the profile and in the help.

use leptos::prelude::*;

use super::live::LiveKeys;
use super::{KEYS, SEND};
use crate::look::Look;
use crate::parts::facts::{Fact, Facts};
use crate::reading::keys_switch;

/// Each key with what it is for.
pub fn table() -> AnyView {
    let keys = KEYS.iter().map(|(key, _, says)| (*key, *says)).chain([SEND]);
    let keys = keys.map(|(key, says)| view! { <Fact term=key>{says}</Fact> }).collect_view();
    view! { <Facts>{keys}</Facts> }.into_any()
}

/// On the page of a run that goes on; the island shows it. Swaps leave it alone.
pub fn section() -> AnyView {
    let (on, table, switch) = (!Look::here().reading.keys_off, table(), keys_switch());
    view! {
        <details class="why keys" id="live-keys" data-kept="" data-print="none" hidden=true>
            <summary>"Keys"</summary>
            {table}
            {switch}
            <LiveKeys on=on/>
        </details>
    }
    .into_any()
}
