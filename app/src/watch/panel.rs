//! Where the page of a run says whether it is up to date, and who else has it open.

use leptos::prelude::*;
use notebook::id::RunId;

use super::live::RunWatcher;
use crate::paths;

/// `after` is the newest line of the trail that the page shows, and `of` the word of the page: a run that is
/// planned has another one than a run that goes on. Swaps leave this section alone.
pub fn section(run: RunId, after: i64, of: &'static str) -> AnyView {
    let (page, href) = (paths::run(run), paths::run(run));
    view! {
        <section id="live" class="row spread" aria-label="Connection" data-of=of data-kept="" data-print="none">
            <p class="muted" id="live-state">"This page shows what was so when it was loaded."</p>
            <p class="muted" id="live-people"></p>
            <p class="row">
                <a id="live-reload" href=href hidden=true>"Reload the page"</a>
                <button type="button" id="live-pause" hidden=true>"Pause updates"</button>
            </p>
            <p class="unseen" id="live-said" role="status"></p>
            <p class="unseen" id="live-urgent" role="alert"></p>
            <RunWatcher page=page events=paths::run_events(run) after=after/>
        </section>
    }
    .into_any()
}
