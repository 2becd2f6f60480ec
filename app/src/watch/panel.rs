//! Where the page of a run says whether it is up to date, and who else has it open.

use leptos::prelude::*;
use notebook::id::RunId;

use super::live::RunWatcher;
use crate::paths;

/// After how many seconds a page is asked for again though nobody wrote a line: what follows from the clock
/// changes all the same, and what is measured leaves no line of each value.
fn again_s(measured_every_ms: Option<i64>) -> u32 {
    let every_s = measured_every_ms.unwrap_or(i64::MAX) / 1_000;
    u32::try_from(every_s).unwrap_or(u32::MAX).clamp(5, 30)
}

/// `after` is the newest line of the trail that the page shows, `of` the word of the page (a run that is planned
/// has another one than a run that goes on), and `measured_every_ms` how often the run's plan asks its queries.
/// Swaps leave this section alone.
pub fn section(run: RunId, after: i64, of: &'static str, measured_every_ms: Option<i64>) -> AnyView {
    let again_s = again_s(measured_every_ms);
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
            <RunWatcher page=page events=paths::run_events(run) after=after again_s=again_s/>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_is_measured_is_looked_at_as_often_as_it_is_measured() {
        for (every_ms, expected) in
            [(None, 30), (Some(1_000), 5), (Some(10_000), 10), (Some(60_000), 30), (Some(i64::MAX), 30)]
        {
            assert_eq!(again_s(every_ms), expected, "{every_ms:?}");
        }
    }
}
