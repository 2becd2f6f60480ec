//! How long Alertmanager was heard of without a break: only then does its silence mean anything.

use serde::Serialize;

use crate::{limits::ALERTS_HEARD_MINUTES, time::Moment};

/// From one message to another, with no longer wait between two than an alert that always fires leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Hearing {
    pub since: Moment,
    pub until: Moment,
}

impl Hearing {
    /// What a message makes of the newest stretch. One that left alerts out breaks it: nobody knows which.
    #[must_use]
    pub fn after(newest: Option<Self>, complete: bool, now: Moment) -> Self {
        let goes_on = |hearing: &Self| complete && now.ms_since(hearing.until) <= ALERTS_HEARD_MINUTES * 60_000;
        match newest.filter(goes_on) {
            Some(hearing) => Self { until: hearing.until.max(now), ..hearing },
            None => Self { since: now, until: now },
        }
    }

    pub fn covers(self, from: Moment, to: Moment) -> bool {
        self.since <= from && to <= self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Moment {
        Moment::from_micros(0).plus_minutes(minutes)
    }

    #[test]
    fn a_stretch_goes_on_until_nothing_is_heard_for_too_long() {
        let first = Hearing::after(None, true, at(0));
        assert_eq!(first, Hearing { since: at(0), until: at(0) });
        let second = Hearing::after(Some(first), true, at(10));
        assert_eq!(second, Hearing { since: at(0), until: at(10) });
        let late = at(20).plus_micros(1_000);
        assert_eq!(Hearing::after(Some(second), true, late), Hearing { since: late, until: late });
        assert_eq!(Hearing::after(Some(second), false, at(11)), Hearing { since: at(11), until: at(11) });
        // Another node's clock is a little behind.
        assert_eq!(Hearing::after(Some(second), true, at(9)), second);
    }

    #[test]
    fn a_stretch_covers_what_lies_within_it() {
        let hearing = Hearing { since: at(0), until: at(10) };
        assert!(hearing.covers(at(0), at(10)) && hearing.covers(at(3), at(4)));
        assert!(!hearing.covers(at(-1), at(4)) && !hearing.covers(at(3), at(11)));
    }
}
