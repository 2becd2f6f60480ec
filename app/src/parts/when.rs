//! An instant as people read it: near ones relative, far ones in full, always with the zone.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use leptos::prelude::*;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const RELATIVE_DAYS_MAX: i64 = 7;

/// `at` and `now` in microseconds since 1970 UTC, `zone` an IANA name; an unknown zone reads as UTC.
///
/// Within seven days of `now` the text is relative and the title is absolute; print shows both.
#[component]
pub fn When(at: i64, #[prop(into)] zone: String, now: i64) -> impl IntoView {
    let absolute = absolute(at, &zone);
    match relative(at, now) {
        Some(near) => view! { <time datetime=machine(at) title=absolute>{near}</time> }.into_any(),
        None => view! { <time datetime=machine(at)>{absolute}</time> }.into_any(),
    }
}

fn timestamp(micros: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(micros).ok()
}

/// "2026-11-20T09:02:00Z"; empty for an instant no calendar holds.
pub fn machine(at: i64) -> String {
    timestamp(at).map(|t| t.to_string()).unwrap_or_default()
}

/// "20 Nov 2026, 10:02 CET".
pub fn absolute(at: i64, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    timestamp(at)
        .map_or_else(|| "unknown time".to_owned(), |t| Zoned::new(t, zone).strftime("%-d %b %Y, %H:%M %Z").to_string())
}

/// "3 h ago", "in 2 days"; none beyond seven days.
pub fn relative(at: i64, now: i64) -> Option<String> {
    let distance = at.checked_sub(now)?;
    let span = distance.checked_abs()?;
    let words = match span {
        _ if span < MINUTE => "less than 1 min".to_owned(),
        _ if span < HOUR => format!("{} min", span / MINUTE),
        _ if span < DAY => format!("{} h", span / HOUR),
        _ if span < 2 * DAY => "1 day".to_owned(),
        _ if span <= RELATIVE_DAYS_MAX * DAY => format!("{} days", span / DAY),
        _ => return None,
    };
    Some(if distance > 0 { format!("in {words}") } else { format!("{words} ago") })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 20 Nov 2026, 09:02:00 UTC.
    const AT: i64 = 1_795_165_320 * SECOND;

    fn html(now: i64) -> String {
        Owner::new().with(|| view! { <When at=AT zone="Europe/Berlin" now=now/> }.to_html())
    }

    #[test]
    fn near_instants_are_relative_with_the_whole_time_as_title() {
        let html = html(AT + 3 * HOUR + 59 * MINUTE);
        assert!(html.contains("datetime=\"2026-11-20T09:02:00Z\""), "{html}");
        assert!(html.contains("title=\"20 Nov 2026, 10:02 CET\""), "{html}");
        assert!(html.contains(">3 h ago<"), "{html}");
    }

    #[test]
    fn far_instants_are_absolute() {
        let html = html(AT + 7 * DAY + 1);
        assert!(html.contains(">20 Nov 2026, 10:02 CET<"), "{html}");
        assert!(!html.contains("title="), "{html}");
    }

    #[test]
    fn the_zone_decides_the_day() {
        assert_eq!(absolute(AT, "Pacific/Auckland"), "20 Nov 2026, 22:02 NZDT");
        assert_eq!(absolute(AT, "UTC"), "20 Nov 2026, 09:02 UTC");
    }

    #[test]
    fn an_unknown_zone_reads_as_utc_and_says_so() {
        assert_eq!(absolute(AT, "Mars/Olympus"), "20 Nov 2026, 09:02 UTC");
    }

    #[test]
    fn relative_words_round_down_and_know_both_directions() {
        for (distance, words) in [
            (0, "less than 1 min ago"),
            (59 * SECOND, "in less than 1 min"),
            (-MINUTE, "1 min ago"),
            (-(2 * HOUR - 1), "1 h ago"),
            (DAY, "in 1 day"),
            (-7 * DAY, "7 days ago"),
        ] {
            assert_eq!(relative(AT + distance, AT).as_deref(), Some(words));
        }
        assert_eq!(relative(AT - 7 * DAY - 1, AT), None);
    }

    #[test]
    fn an_instant_no_calendar_holds_is_said_in_words() {
        assert_eq!(absolute(i64::MAX, "UTC"), "unknown time");
        assert_eq!(relative(i64::MIN, i64::MAX), None);
    }
}
