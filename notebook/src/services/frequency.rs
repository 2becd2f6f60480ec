//! How often a service changes, out of its recorded changes.

use serde::Serialize;

use crate::time::Moment;

/// How far back changes are counted.
pub const COUNTED_DAYS: i64 = 90;
/// What "a month" means here.
const MONTH_DAYS: i64 = 30;
const DAY_MS: i64 = 86_400_000;

/// What is asked of a service's recorded changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChangeTimes {
    pub first: Option<Moment>,
    pub last: Option<Moment>,
    /// Those of the last [`COUNTED_DAYS`] days; pushes of configuration on one day are one.
    pub recent: i64,
}

/// Changes a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ChangeFrequency"))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Frequency {
    /// Nobody wrote one down, which is not the same as no change.
    Unrecorded,
    FewerThanOne,
    Monthly {
        changes: i64,
    },
}

impl Frequency {
    /// Nothing exercises it by changing it.
    pub const fn is_rare(self) -> bool {
        matches!(self, Self::Unrecorded | Self::FewerThanOne)
    }

    pub fn words(self) -> String {
        match self {
            Self::Unrecorded => "no change recorded".to_owned(),
            Self::FewerThanOne => "fewer than one change a month".to_owned(),
            Self::Monthly { changes: 1 } => "1 change a month".to_owned(),
            Self::Monthly { changes } => format!("{changes} changes a month"),
        }
    }
}

/// The last change decides first: after a month without one it is fewer than one a month, whatever
/// was before. Otherwise the changes of 90 days count, or of as many days as changes are written down.
pub fn frequency(times: &ChangeTimes, now: Moment) -> Frequency {
    let Some(last) = times.last else { return Frequency::Unrecorded };
    if now.ms_since(last) > MONTH_DAYS * DAY_MS {
        return Frequency::FewerThanOne;
    }
    let known_ms = times.first.map_or(0, |first| now.ms_since(first)).clamp(MONTH_DAYS * DAY_MS, COUNTED_DAYS * DAY_MS);
    let changes = times.recent.saturating_mul(MONTH_DAYS * DAY_MS) / known_ms;
    if changes < 1 { Frequency::FewerThanOne } else { Frequency::Monthly { changes } }
}

/// "47 days ago"; the future of a fast clock is today.
pub fn days_ago(at: Moment, now: Moment) -> String {
    match now.ms_since(at).max(0) / DAY_MS {
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(ago: i64) -> Moment {
        Moment::parse("2026-11-02T10:00:00Z").unwrap().plus_days(-ago)
    }

    #[test]
    fn the_table_of_frequencies() {
        use Frequency::{FewerThanOne, Monthly, Unrecorded};
        for (first, last, recent, is, words) in [
            (None, None, 0, Unrecorded, "no change recorded"),
            (Some(400), Some(47), 1, FewerThanOne, "fewer than one change a month"),
            (Some(80), Some(47), 20, FewerThanOne, "fewer than one change a month"),
            (Some(400), Some(10), 2, FewerThanOne, "fewer than one change a month"),
            (Some(400), Some(30), 3, Monthly { changes: 1 }, "1 change a month"),
            (Some(400), Some(2), 12, Monthly { changes: 4 }, "4 changes a month"),
            (Some(5), Some(0), 3, Monthly { changes: 3 }, "3 changes a month"),
            (Some(60), Some(1), 6, Monthly { changes: 3 }, "3 changes a month"),
            (Some(0), Some(-1), 1, Monthly { changes: 1 }, "1 change a month"),
        ] {
            let times = ChangeTimes { first: first.map(day), last: last.map(day), recent };
            let found = frequency(&times, day(0));
            assert_eq!((found, found.words().as_str()), (is, words), "{times:?}");
            assert_eq!(found.is_rare(), !matches!(is, Monthly { .. }));
        }
    }

    #[test]
    fn days_are_whole_ones() {
        for (ago, words) in [(47, "47 days ago"), (1, "1 day ago"), (0, "today"), (-1, "today")] {
            assert_eq!(days_ago(day(ago), day(0)), words);
        }
    }
}
