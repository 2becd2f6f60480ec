//! Copies the address of the page, and says so.

use std::time::Duration;

use leptos::prelude::{set_timeout, window};
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::steps::SAID;
use crate::watch::said::put;

const SHOWN_FOR: Duration = Duration::from_secs(5);

/// Without the place on the page.
pub fn copy() -> Option<()> {
    let address = window().location().href().ok()?;
    let address = address.split('#').next()?.to_owned();
    // Over plain HTTP browsers have no clipboard.
    if !window().is_secure_context() {
        say("Copy this link: ", &address);
        return Some(());
    }
    let copying = window().navigator().clipboard().write_text(&address);
    spawn_local(async move {
        if JsFuture::from(copying).await.is_ok() {
            say("Copied: ", &address);
            set_timeout(|| put(SAID, ""), SHOWN_FOR);
        } else {
            say("Copy this link: ", &address);
        }
    });
    Some(())
}

fn say(words: &str, address: &str) {
    put(SAID, &[words, address].concat());
}
