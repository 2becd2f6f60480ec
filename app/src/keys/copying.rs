//! Copies the address under which the page is passed on, and says so.

use std::time::Duration;

use leptos::prelude::{document, set_timeout, window};
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::steps::SAID;
use crate::watch::said::put;

const SHOWN_FOR: Duration = Duration::from_secs(5);

/// The page's own word for it, and not where a refused form was sent.
const CANONICAL: &str = "link[rel=canonical]";

/// Without the place on the page.
pub fn copy() -> Option<()> {
    let path = document().query_selector(CANONICAL).ok()??.get_attribute("href")?;
    let address = [window().location().origin().ok()?, path].concat();
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
