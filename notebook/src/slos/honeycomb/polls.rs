//! When Honeycomb is asked, and how that goes: never sooner than it wants to be.

use crate::{
    limits::{HONEYCOMB_POLL_S, HONEYCOMB_WAIT_HOURS_MAX},
    slos::pulls,
    time::{MICROS_A_SECOND, Moment},
};

/// How asking goes: what one installation knows, not what was done to the SLO.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Polls {
    pub succeeded_at: Option<Moment>,
    pub failed_at: Option<Moment>,
    /// Why it failed, while it fails.
    pub failure: Option<String>,
    /// How often in a row.
    pub failures: i64,
    pub next_at: Option<Moment>,
}

/// Why there is no budget, as a clause, and until when Honeycomb wants to be left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    pub says: String,
    pub retry_at: Option<Moment>,
}

/// What was asked for after this moment is too new to be asked for again.
pub fn asked_before(now: Moment) -> Moment {
    now.plus_micros(-HONEYCOMB_POLL_S * MICROS_A_SECOND)
}

pub fn after_answer(now: Moment) -> Moment {
    now.plus_micros(HONEYCOMB_POLL_S * MICROS_A_SECOND)
}

/// As any source that fails, but not before Honeycomb wants it.
pub fn after_failure(failures: i64, retry_at: Option<Moment>, chance: u8, now: Moment) -> Moment {
    let usual = pulls::after_failure(HONEYCOMB_POLL_S * 1_000, failures, chance, now);
    let latest = now.plus_hours(HONEYCOMB_WAIT_HOURS_MAX);
    retry_at.map_or(usual, |wanted| wanted.min(latest).max(usual))
}

/// What a `Retry-After` means: Honeycomb writes a date, proxies before it seconds.
pub fn retry_at(header: &str, now: Moment) -> Option<Moment> {
    let seconds =
        header.trim().parse::<u32>().ok().map(|seconds| now.plus_micros(i64::from(seconds) * MICROS_A_SECOND));
    seconds.or_else(|| Moment::http_date(header))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn nobody_asks_more_often_than_every_five_minutes() {
        let now = at("2026-11-02T10:00:00Z");
        assert_eq!((after_answer(now), asked_before(now)), (at("2026-11-02T10:05:00Z"), at("2026-11-02T09:55:00Z")));
        for (failures, retry_at, expected) in [
            (1, None, "2026-11-02T10:05:00Z"),
            (2, None, "2026-11-02T10:10:00Z"),
            (9, None, "2026-11-02T10:15:00Z"),
            (1, Some("2026-11-02T10:00:30Z"), "2026-11-02T10:05:00Z"),
            (1, Some("2026-11-02T09:00:00Z"), "2026-11-02T10:05:00Z"),
            (1, Some("2026-11-02T11:00:00Z"), "2026-11-02T11:00:00Z"),
            (1, Some("2036-11-02T11:00:00Z"), "2026-11-03T10:00:00Z"),
        ] {
            assert_eq!(after_failure(failures, retry_at.map(at), 0, now), at(expected), "{failures} {retry_at:?}");
        }
        assert!(after_failure(1, None, 255, now) > at("2026-11-02T10:05:00Z"), "chance only adds");
    }

    #[test]
    fn a_wait_is_told_as_a_date_or_in_seconds() {
        let now = at("2026-11-02T10:00:00Z");
        for (header, expected) in [
            ("Mon, 02 Nov 2026 10:20:00 GMT", Some("2026-11-02T10:20:00Z")),
            ("90", Some("2026-11-02T10:01:30Z")),
            (" 0 ", Some("2026-11-02T10:00:00Z")),
            ("-5", None),
            ("soon", None),
            ("", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(retry_at(header, now), expected.map(at), "{header}");
        }
    }
}
