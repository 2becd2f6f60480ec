//! When a message is tried again, and when it is better to stop.

use crate::{limits::DELIVERY_WAIT_HOURS_MAX, time::Moment};

/// The wait after each failure in a row, in seconds: those of Standard Webhooks.
const WAITS_S: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// What an answer means for its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Delivered,
    /// Not taken, as a clause; perhaps with the moment at which the target wants to be tried again.
    Later(String, Option<Moment>),
    /// The target says that it is gone for good.
    Gone(String),
}

/// What a status means. Only 2xx is a yes: a receiver that sends elsewhere has not taken it.
pub fn outcome(status: u16, retry_at: Option<Moment>) -> Outcome {
    let says = format!("answers with {status}");
    match status {
        200..=299 => Outcome::Delivered,
        410 => Outcome::Gone(says),
        _ => Outcome::Later(says, retry_at),
    }
}

/// When to try again after so many failures in a row; None once there is nothing left to wait for.
/// Chance, from 0 to 255, adds up to a quarter, so that targets that failed together do not come back
/// together.
pub fn after_failure(failures: i64, chance: u8, asked: Option<Moment>, now: Moment) -> Option<Moment> {
    let wait_s = *WAITS_S.get(usize::try_from(failures - 1).ok()?)?;
    let wait_ms = wait_s * 1_000;
    let usual = now.plus_micros((wait_ms + wait_ms * i64::from(chance) / 1_024) * 1_000);
    let asked = asked.map(|at| at.min(now.plus_hours(DELIVERY_WAIT_HOURS_MAX)));
    Some(asked.map_or(usual, |asked| asked.max(usual)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment::from_micros(1_793_613_600_000_000);

    fn wait_s(failures: i64, chance: u8, asked: Option<Moment>) -> Option<i64> {
        after_failure(failures, chance, asked, NOW).map(|at| at.ms_since(NOW) / 1_000)
    }

    #[test]
    fn waits_grow_from_seconds_to_a_day_and_then_it_stops() {
        let waits: Vec<_> = (1..=10).map(|failures| wait_s(failures, 0, None)).collect();
        assert_eq!(waits[..3], [Some(5), Some(300), Some(1_800)]);
        assert_eq!(waits[8..], [Some(86_400), None]);
        assert_eq!(wait_s(1, 255, None), Some(6), "chance adds up to a quarter");
    }

    #[test]
    fn a_target_that_asks_for_a_longer_wait_gets_it_within_reason() {
        assert_eq!(wait_s(1, 0, Some(NOW.plus_minutes(2))), Some(120));
        assert_eq!(wait_s(2, 0, Some(NOW.plus_micros(1))), Some(300), "never a shorter one");
        assert_eq!(wait_s(1, 0, Some(NOW.plus_days(90))), Some(86_400));
    }

    #[test]
    fn only_two_hundreds_are_a_yes() {
        assert_eq!(outcome(204, None), Outcome::Delivered);
        assert_eq!(outcome(410, None), Outcome::Gone("answers with 410".into()));
        for status in [301, 400, 404, 429, 500, 503] {
            assert_eq!(outcome(status, None), Outcome::Later(format!("answers with {status}"), None));
        }
    }
}
