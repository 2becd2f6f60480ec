//! What people see: pages on the server, islands on both sides.

#![forbid(unsafe_code)]

pub mod drafts;
pub mod ticking;
pub mod notes;
pub mod shifting;
pub mod watch;
pub mod keys;
pub mod seen;
#[cfg(feature = "hydrate")]
mod fetched;

#[cfg(feature = "ssr")]
pub mod ask;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod frame;
#[cfg(feature = "ssr")]
pub mod instead;
#[cfg(feature = "ssr")]
pub mod kept;
#[cfg(feature = "ssr")]
pub mod look;
#[cfg(feature = "ssr")]
pub mod parts;
#[cfg(feature = "ssr")]
pub mod paths;
#[cfg(feature = "ssr")]
pub mod reading;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod safe;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod times;
#[cfg(feature = "ssr")]
pub mod tour;
#[cfg(feature = "ssr")]
pub mod trouble;
#[cfg(feature = "ssr")]
pub mod words;

#[cfg(feature = "ssr")]
pub mod teams;
#[cfg(feature = "ssr")]
pub mod services;
#[cfg(feature = "ssr")]
pub mod freezes;
#[cfg(feature = "ssr")]
pub mod slos;
#[cfg(feature = "ssr")]
pub mod experiments;
#[cfg(feature = "ssr")]
pub mod templates;
#[cfg(feature = "ssr")]
pub mod people;
#[cfg(feature = "ssr")]
pub mod runs;
#[cfg(feature = "ssr")]
pub mod alerts;
#[cfg(feature = "ssr")]
pub mod gate;
#[cfg(feature = "ssr")]
pub mod findings;
#[cfg(feature = "ssr")]
pub mod fixes;
#[cfg(feature = "ssr")]
pub mod decisions;
#[cfg(feature = "ssr")]
pub mod due;
#[cfg(feature = "ssr")]
pub mod gamedays;
#[cfg(feature = "ssr")]
pub mod cadences;
#[cfg(feature = "ssr")]
pub mod calendar;
#[cfg(feature = "ssr")]
pub mod ledger;
#[cfg(feature = "ssr")]
pub mod search;
#[cfg(feature = "ssr")]
pub mod home;
#[cfg(feature = "ssr")]
pub mod notifications;
#[cfg(feature = "ssr")]
pub mod imports;
#[cfg(feature = "ssr")]
pub mod sample;
#[cfg(feature = "ssr")]
pub mod help;

/// Wakes the islands of a page, then marks the document so that browser tests can wait for it.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    use leptos::prelude::*;
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
    let mark = || {
        if let Some(element) = document().document_element() {
            _ = element.set_attribute("data-hydrated", "");
        }
    };
    set_timeout(mark, std::time::Duration::ZERO);
}
