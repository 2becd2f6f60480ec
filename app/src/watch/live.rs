//! The island on a live run's page: watches the run, and brings the page up to date.

use leptos::prelude::*;

/// `page` is the page's own address, `events` that of its event stream, and `after` the newest line of
/// the trail that the page shows.
#[island]
pub fn RunWatcher(page: String, events: String, after: i64) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::watcher::start(page, events, after);
    #[cfg(not(feature = "hydrate"))]
    let _ = (page, events, after);
}
