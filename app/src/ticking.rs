//! The island that lets a run's clock go on between two looks at the server.

use leptos::prelude::*;

/// So many milliseconds had passed since the fault began when the server made the page.
#[island]
pub fn RunClock(ms: i64) -> impl IntoView {
    let (passed, set_passed) = signal(ms);
    #[cfg(feature = "hydrate")]
    {
        if let Some(clock) = window().performance() {
            let begun = clock.now();
            let tick = move || set_passed.set(ms + since_then(clock.now() - begun));
            set_interval(tick, std::time::Duration::from_secs(1));
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = set_passed;
    view! { <span class="big">{move || since(passed.get())}</span> }
}

/// A browser counts in fractions.
#[cfg(feature = "hydrate")]
fn since_then(ms: f64) -> i64 {
    let passed = std::time::Duration::try_from_secs_f64(ms / 1_000.0).unwrap_or_default();
    i64::try_from(passed.as_millis()).unwrap_or(i64::MAX)
}

/// "T+1:02:10", "T−02:00".
pub fn since(ms: i64) -> String {
    let seconds = ms.unsigned_abs() / 1_000;
    let sign = if ms < 0 && seconds > 0 { '\u{2212}' } else { '+' };
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("T{sign}{hours}:{minutes:02}:{rest:02}") } else { format!("T{sign}{minutes:02}:{rest:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_and_seconds_since_the_fault_with_hours_where_there_are_some() {
        for (ms, words) in [
            (0, "T+00:00"),
            (130_999, "T+02:10"),
            (-120_000, "T\u{2212}02:00"),
            (-4, "T+00:00"),
            (3_730_000, "T+1:02:10"),
        ] {
            assert_eq!(since(ms), words);
        }
    }
}
