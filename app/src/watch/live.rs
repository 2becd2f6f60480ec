//! The island on a live run's page: watches the run, and brings the page up to date.

use leptos::prelude::*;

/// `page` is the page's own address, `events` that of its event stream, `after` the newest line of the
/// trail that the page shows; it is asked for again after `again_s` seconds even without a new one.
#[island]
pub fn RunWatcher(page: String, events: String, after: i64, again_s: u32) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::watcher::start(page, events, after, again_s);
    #[cfg(not(feature = "hydrate"))]
    let _ = (page, events, after, again_s);
}
