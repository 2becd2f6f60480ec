//! When people are reminded of what is planned: a day before, and a quarter of an hour before.

use serde::{Deserialize, Serialize};

use crate::{experiments::plan::vocabulary, time::Moment};

vocabulary! {
    /// How long before its time people are reminded of something, at most.
    Lead {
        Day = "day", "a day";
        QuarterHour = "quarter_hour", "15 minutes";
    }
}

impl Lead {
    const fn minutes(self) -> i64 {
        match self {
            Self::Day => 24 * 60,
            Self::QuarterHour => 15,
        }
    }
}

/// So long before its time people are reminded of something first.
pub const FIRST_MINUTES: i64 = Lead::Day.minutes();

/// What people are reminded of now, if of anything: of this time, so long before it, once. A reminder that falls
/// before people heard of this time is none (`heard_at`; None where nobody was told of it yet).
pub fn reminder(at: Moment, heard_at: Option<Moment>, told: &[(Lead, Moment)], now: Moment) -> Option<Lead> {
    let begins = |lead: Lead| at.plus_minutes(-lead.minutes());
    let lead = [Lead::QuarterHour, Lead::Day].into_iter().find(|lead| begins(*lead) <= now)?;
    let is_old = heard_at.is_some_and(|heard| begins(lead) < heard);
    (now < at && !is_old && !told.contains(&(lead, at))).then_some(lead)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn people_are_reminded_a_day_and_a_quarter_of_an_hour_before_and_not_afterwards() {
        let begins = at("2026-11-04T10:00:00Z");
        for (now, expected) in [
            ("2026-11-03T09:59:59Z", None),
            ("2026-11-03T10:00:00Z", Some(Lead::Day)),
            ("2026-11-04T09:44:59Z", Some(Lead::Day)),
            ("2026-11-04T09:45:00Z", Some(Lead::QuarterHour)),
            ("2026-11-04T09:59:59Z", Some(Lead::QuarterHour)),
            ("2026-11-04T10:00:00Z", None),
            ("2026-11-05T10:00:00Z", None),
        ] {
            assert_eq!(reminder(begins, Some(at("2026-11-01T10:00:00Z")), &[], at(now)), expected, "{now}");
        }
    }

    #[test]
    fn each_time_is_told_once_for_each_lead() {
        let (begins, now) = (at("2026-11-04T10:00:00Z"), at("2026-11-04T09:50:00Z"));
        let day = (Lead::Day, begins);
        assert_eq!(reminder(begins, None, &[day], now), Some(Lead::QuarterHour));
        assert_eq!(reminder(begins, None, &[day, (Lead::QuarterHour, begins)], now), None);
        let moved = begins.plus_minutes(5);
        assert_eq!(reminder(moved, None, &[day, (Lead::QuarterHour, begins)], now), Some(Lead::QuarterHour));
    }

    #[test]
    fn who_heard_of_it_within_the_lead_needs_no_reminder_of_that() {
        let begins = at("2026-11-04T10:00:00Z");
        let heard = Some(at("2026-11-04T08:00:00Z"));
        assert_eq!(reminder(begins, heard, &[], at("2026-11-04T08:01:00Z")), None);
        assert_eq!(reminder(begins, None, &[], at("2026-11-04T08:01:00Z")), Some(Lead::Day), "it was moved");
        assert_eq!(reminder(begins, heard, &[], at("2026-11-04T09:45:00Z")), Some(Lead::QuarterHour));
    }
}
