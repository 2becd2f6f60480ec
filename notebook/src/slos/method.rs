//! What is counted: the events themselves, or slices of time that were good or not.

use serde::{Deserialize, Serialize};

use super::{budget::Counts, share::Share};
use crate::{
    interval::Interval,
    limits::{SLICE_MINUTES_MAX, SLICE_MINUTES_MIN},
    time::{Moment, span_words},
};

const MS_A_MINUTE: i64 = 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    Occurrences,
    TimeSlices(Slices),
}

/// Slices of equal length on one grid, counted from 1970 UTC, so that each slice belongs to exactly
/// one place whatever window looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Sent")]
pub struct Slices {
    ms: i64,
    good_from: Share,
}

/// Slices as they arrive, before they are checked.
#[derive(Deserialize)]
struct Sent {
    ms: i64,
    good_from: Share,
}

impl TryFrom<Sent> for Slices {
    type Error = String;

    fn try_from(sent: Sent) -> Result<Self, String> {
        Self::new(sent.ms, sent.good_from)
    }
}

impl Slices {
    /// Whole minutes; a slice is good if at least `good_from` of its events are, which may be all
    /// of them, unlike the objective over all slices. Otherwise a clause.
    pub fn new(ms: i64, good_from: Share) -> Result<Self, String> {
        let minutes = ms / MS_A_MINUTE;
        if ms % MS_A_MINUTE != 0 || !(SLICE_MINUTES_MIN..=SLICE_MINUTES_MAX).contains(&minutes) {
            return Err(format!("takes whole minutes, from {SLICE_MINUTES_MIN} min to {} h", SLICE_MINUTES_MAX / 60));
        }
        if good_from == Share::NONE {
            return Err("calls every slice good; write the share of events that makes a slice good".into());
        }
        Ok(Self { ms, good_from })
    }

    pub const fn ms(self) -> i64 {
        self.ms
    }

    pub const fn good_from(self) -> Share {
        self.good_from
    }

    const fn micros(self) -> i64 {
        self.ms * 1_000
    }

    /// The slice a moment lies in.
    pub fn around(self, moment: Moment) -> Interval {
        let number = moment.micros().div_euclid(self.micros());
        Interval::lasting(Moment::from_micros(number.saturating_mul(self.micros())), self.ms)
    }

    /// The slice that ends there, where slices do.
    pub fn ending(self, end: Moment) -> Interval {
        Interval::lasting(end.plus_micros(-self.micros()), self.ms)
    }

    /// Whether a stretch of time lies in one slice.
    pub fn holds(self, interval: Interval) -> bool {
        self.around(interval.start()).covers(interval)
    }

    /// Whether a stretch begins and ends where slices do.
    pub fn divides(self, interval: Interval) -> bool {
        let on_grid = |moment: Moment| moment.micros().rem_euclid(self.micros()) == 0;
        on_grid(interval.start()) && on_grid(interval.end())
    }

    /// Whether a slice with these events is good; none without events, which say neither.
    pub fn is_good(self, events: Counts) -> Option<bool> {
        let enough = i128::from(events.good) * i128::from(Share::PARTS)
            >= events.total() * i128::from(self.good_from.billionths());
        (events.total() > 0).then_some(enough)
    }
}

impl Method {
    /// "events", "slices of 5 min, good from 95 %".
    pub fn words(self) -> String {
        match self {
            Self::Occurrences => "events".into(),
            Self::TimeSlices(slices) => {
                format!("slices of {}, good from {}", span_words(slices.ms), slices.good_from.words())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn five_minutes() -> Slices {
        Slices::new(300_000, Share::percent(95)).unwrap()
    }

    #[test]
    fn a_slice_is_good_from_its_share_on() {
        for (good, bad, is) in [(95, 5, Some(true)), (94, 6, Some(false)), (1, 0, Some(true)), (0, 0, None)] {
            assert_eq!(five_minutes().is_good(Counts { good, bad }), is, "{good} good, {bad} bad");
        }
        let perfect = Slices::new(60_000, Share::ALL).unwrap();
        assert_eq!(perfect.is_good(Counts { good: u64::MAX, bad: 1 }), Some(false));
        assert_eq!(perfect.is_good(Counts { good: u64::MAX, bad: 0 }), Some(true));
    }

    #[test]
    fn slices_lie_on_one_grid() {
        let at = |text: &str| Moment::parse(text).unwrap();
        let slice = five_minutes().around(at("2026-11-22T10:07:30Z"));
        assert_eq!((slice.start(), slice.end()), (at("2026-11-22T10:05:00Z"), at("2026-11-22T10:10:00Z")));
        assert_eq!(five_minutes().around(slice.end()).start(), slice.end());
        assert!(five_minutes().holds(Interval::lasting(at("2026-11-22T10:09:00Z"), 60_000)));
        assert!(!five_minutes().holds(Interval::lasting(at("2026-11-22T10:09:00Z"), 60_001)));
        assert!(five_minutes().divides(Interval::lasting(at("2026-11-22T10:05:00Z"), 1_500_000)));
        assert!(!five_minutes().divides(Interval::lasting(at("2026-11-22T10:06:00Z"), 300_000)));
    }

    #[test]
    fn slices_have_whole_minutes_and_ask_for_something() {
        for ms in [0, 30_000, 90_001, 25 * 3_600_000, -60_000] {
            assert!(Slices::new(ms, Share::ALL).is_err(), "{ms}");
        }
        assert!(Slices::new(60_000, Share::NONE).is_err());
        let sent = serde_json::to_string(&Method::TimeSlices(five_minutes())).unwrap();
        assert_eq!(sent, r#"{"time_slices":{"ms":300000,"good_from":"0.95"}}"#);
        assert_eq!(serde_json::from_str::<Method>(&sent).unwrap(), Method::TimeSlices(five_minutes()));
        assert!(serde_json::from_str::<Method>(&sent.replace("300000", "0")).is_err());
        assert_eq!(Method::TimeSlices(five_minutes()).words(), "slices of 5 min, good from 95 %");
    }
}
