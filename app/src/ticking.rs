//! A run's clocks, which go on between two looks at the server. What watches the run moves them: an island of
//! its own would stand still on a page that got its clock by a swap.

#[cfg(feature = "hydrate")]
use leptos::prelude::document;
#[cfg(feature = "ssr")]
use leptos::prelude::*;

#[cfg(any(feature = "ssr", feature = "hydrate"))]
const CLOCK: &str = "run-clock";
#[cfg(any(feature = "ssr", feature = "hydrate"))]
const STOPWATCH: &str = "run-stopwatch";

/// So many milliseconds had passed since the fault began when the server made the page.
#[cfg(feature = "ssr")]
pub fn run_clock(ms: i64) -> AnyView {
    view! { <span class="big" id=CLOCK data-passed=ms.to_string()>{since(ms)}</span> }.into_any()
}

/// The same since the phase began.
#[cfg(feature = "ssr")]
pub fn stopwatch(ms: i64) -> AnyView {
    view! { <span class="num" id=STOPWATCH data-passed=ms.to_string()>{lasted(ms)}</span> }.into_any()
}

/// Shows what the clocks say so many milliseconds after the page was made.
#[cfg(feature = "hydrate")]
pub fn tick(later_ms: f64) {
    move_on(CLOCK, later_ms, since);
    move_on(STOPWATCH, later_ms, lasted);
}

#[cfg(feature = "hydrate")]
fn move_on(id: &str, later_ms: f64, says: fn(i64) -> String) {
    let Some(clock) = document().get_element_by_id(id) else { return };
    if let Some(passed) = clock.get_attribute("data-passed").and_then(|ms| ms.parse::<i64>().ok()) {
        clock.set_text_content(Some(&says(passed.saturating_add(whole(later_ms)))));
    }
}

/// A browser counts in fractions. A clock that was set back moves nothing.
#[cfg(feature = "hydrate")]
fn whole(ms: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "as far as whole milliseconds go")]
    let passed = ms.max(0.0) as i64;
    passed
}

/// "T+1:02:10", "T−02:00".
pub fn since(ms: i64) -> String {
    let sign = if ms <= -1_000 { '\u{2212}' } else { '+' };
    format!("T{sign}{}", lasted(ms))
}

/// "1:02:10", "02:00".
pub fn lasted(ms: i64) -> String {
    let seconds = ms.unsigned_abs() / 1_000;
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{rest:02}") } else { format!("{minutes:02}:{rest:02}") }
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
        assert_eq!((lasted(130_999), lasted(3_730_000)), ("02:10".into(), "1:02:10".into()));
    }
}
