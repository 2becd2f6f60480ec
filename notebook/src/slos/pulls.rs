//! When a source is asked, and for what time: in pieces, up to a moment whose samples have all come.

use super::source::{Connected, PrometheusSource};
use crate::{
    interval::Interval,
    limits::{
        PULL_AHEAD_S_MAX, PULL_BACK_DAYS, PULL_DELAY_S_MAX, PULL_GRACE_MINUTES, PULL_STEPS_BACK, PULL_STEPS_MAX,
        PULL_WAIT_MINUTES_MAX,
    },
    time::Moment,
};

/// The last beginning of a step that is not after this moment.
fn on_grid(moment: Moment, step_ms: i64) -> Moment {
    let micros = step_ms * 1_000;
    Moment::from_micros(moment.micros().div_euclid(micros).saturating_mul(micros))
}

/// How long samples are waited for. A scrape takes no longer than its interval, and that is no longer
/// than a step where steps can be told apart at all.
pub(super) fn delay_ms(step_ms: i64) -> i64 {
    step_ms.min(PULL_DELAY_S_MAX * 1_000)
}

/// Up to where samples have come, if this clock is right; the samples themselves have the last word.
fn settled(source: &PrometheusSource, now: Moment) -> Moment {
    on_grid(now.plus_micros(-delay_ms(source.step_ms) * 1_000), source.step_ms)
}

/// The time whose samples tell of a piece: what counters held before it, and that nothing more comes.
pub fn asked_for(piece: Interval, step_ms: i64) -> Interval {
    let back_ms = PULL_STEPS_BACK * step_ms;
    let ahead_ms = step_ms.min(PULL_AHEAD_S_MAX * 1_000) + delay_ms(step_ms);
    Interval::lasting(piece.start().plus_micros(-back_ms * 1_000), back_ms + piece.ms() + ahead_ms)
}

/// The steps to ask for next; None while the next one is not over.
pub fn piece(connected: &Connected, now: Moment) -> Option<Interval> {
    let source = &connected.source;
    let first = connected.pulls.asked_to.unwrap_or(connected.since).max(now.plus_days(-PULL_BACK_DAYS));
    let from = on_grid(first, source.step_ms);
    let steps = connected.pulls.steps_max.unwrap_or(PULL_STEPS_MAX).clamp(1, PULL_STEPS_MAX);
    let longest = from.plus_micros(source.step_ms * steps * 1_000);
    let piece = Interval::new(from, settled(source, now).min(longest))?;
    (!piece.is_empty()).then_some(piece)
}

/// Half of a piece whose answer is too large; None for a single step.
pub fn halved(piece: Interval, step_ms: i64) -> Option<Interval> {
    let steps = piece.ms() / step_ms;
    (steps > 1).then(|| Interval::lasting(piece.start(), steps / 2 * step_ms))
}

/// How many steps to ask for next after an answer: as many as fitted, if more did not; otherwise twice as many
/// as before, because what made answers large may be over. None where nothing holds it back any more.
pub fn steps_after(steps_max: Option<i64>, fitted: Option<i64>) -> Option<i64> {
    fitted.or_else(|| steps_max.map(|steps| steps.saturating_mul(2))).filter(|steps| *steps < PULL_STEPS_MAX)
}

/// From where on to ask after this answer: behind what is known, or behind what nobody will know any
/// more because its samples would have come by now.
pub fn asked_to(asked: Interval, known_to: Option<Moment>, now: Moment) -> Moment {
    let given_up = asked.end().min(now.plus_minutes(-PULL_GRACE_MINUTES)).max(asked.start());
    known_to.map_or(given_up, |known| known.max(given_up))
}

/// When to ask again after an answer: at once where all of it is settled and more has to be caught up.
pub fn after_answer(connected: &Connected, asked: Interval, now: Moment) -> Moment {
    let goes_on = connected.pulls.asked_to.is_some_and(|to| to >= asked.end()) && piece(connected, now).is_some();
    if goes_on { now } else { soon(connected, now) }
}

/// When the next step may be over.
pub fn soon(connected: &Connected, now: Moment) -> Moment {
    let wait_ms = (connected.source.step_ms / 2).min(PULL_DELAY_S_MAX * 1_000);
    now.plus_micros(wait_ms * 1_000)
}

/// When to ask again after so many failures in a row. Each one doubles the wait, and chance, from 0
/// to 255, adds up to a quarter, so that sources that failed together do not come back together.
pub fn after_failure(step_ms: i64, failures: i64, chance: u8, now: Moment) -> Moment {
    let doubled = step_ms.saturating_mul(1 << (failures - 1).clamp(0, 20));
    let wait_ms = doubled.min(PULL_WAIT_MINUTES_MAX * 60_000);
    now.plus_micros((wait_ms + wait_ms * i64::from(chance) / 1_024) * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slos::source::{Pulls, sample::draft};

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    fn connected(asked_to: Option<&str>) -> Connected {
        let pulls = Pulls { asked_to: asked_to.map(at), ..Pulls::default() };
        Connected { source: draft().check().unwrap(), since: at("2026-11-02T10:00:30Z"), version: 1, pulls }
    }

    #[test]
    fn whole_minutes_are_asked_for_once_their_samples_have_come() {
        for (asked_to, now, expected) in [
            (None, "2026-11-02T10:01:59Z", None),
            (None, "2026-11-02T10:02:00Z", Some(("2026-11-02T10:00:00Z", "2026-11-02T10:01:00Z"))),
            (Some("2026-11-02T10:01:00Z"), "2026-11-02T10:02:59Z", None),
            (
                Some("2026-11-02T10:01:00Z"),
                "2026-11-02T10:05:00Z",
                Some(("2026-11-02T10:01:00Z", "2026-11-02T10:04:00Z")),
            ),
            // After an outage of hours in pieces of an hour.
            (
                Some("2026-11-02T10:01:00Z"),
                "2026-11-02T20:00:00Z",
                Some(("2026-11-02T10:01:00Z", "2026-11-02T11:01:00Z")),
            ),
            // What lies weeks back is not asked for any more.
            (
                Some("2026-11-02T10:01:00Z"),
                "2026-12-02T00:00:00Z",
                Some(("2026-11-18T00:00:00Z", "2026-11-18T01:00:00Z")),
            ),
            // A clock that went back.
            (Some("2026-11-02T10:01:00Z"), "2026-11-02T09:00:00Z", None),
        ] {
            let asked = piece(&connected(asked_to), at(now));
            let expected = expected.map(|(from, to)| Interval::new(at(from), at(to)).unwrap());
            assert_eq!(asked, expected, "{asked_to:?} at {now}");
        }
    }

    #[test]
    fn pieces_are_as_long_as_fitted_into_an_answer() {
        let mut slow = connected(Some("2026-11-02T10:01:00Z"));
        slow.pulls.steps_max = Some(7);
        let asked = piece(&slow, at("2026-11-02T20:00:00Z")).unwrap();
        assert_eq!(asked, Interval::lasting(at("2026-11-02T10:01:00Z"), 420_000));
    }

    #[test]
    fn pieces_grow_again_with_every_answer_that_was_not_halved() {
        for (before, fitted, expected) in [
            (None, None, None),
            (None, Some(30), Some(30)),
            (Some(8), Some(1), Some(1)),
            (Some(1), None, Some(2)),
            (Some(29), None, Some(58)),
            (Some(32), None, None),
        ] {
            assert_eq!(steps_after(before, fitted), expected, "{before:?}, {fitted:?}");
        }
    }

    #[test]
    fn a_piece_is_asked_for_with_what_lies_around_it() {
        let piece = |step_ms| Interval::lasting(at("2026-11-02T10:00:00Z"), step_ms);
        for (step_ms, from, to) in [
            (5_000, "2026-11-02T09:59:55Z", "2026-11-02T10:00:15Z"),
            (60_000, "2026-11-02T09:59:00Z", "2026-11-02T10:03:00Z"),
            (3_600_000, "2026-11-02T09:00:00Z", "2026-11-02T11:06:00Z"),
        ] {
            let expected = Interval::new(at(from), at(to)).unwrap();
            assert_eq!(asked_for(piece(step_ms), step_ms), expected, "{step_ms}");
        }
    }

    #[test]
    fn a_long_step_is_asked_for_soon_after_it_is_over() {
        let mut hourly = connected(None);
        hourly.source.step_ms = 3_600_000;
        let now = at("2026-11-02T10:00:00Z");
        assert_eq!(soon(&hourly, now), now.plus_minutes(1));
    }

    #[test]
    fn a_piece_is_halved_down_to_one_step() {
        let whole = Interval::lasting(at("2026-11-02T10:00:00Z"), 300_000);
        let half = halved(whole, 60_000).unwrap();
        assert_eq!((half.start(), half.ms()), (whole.start(), 120_000));
        assert_eq!(halved(Interval::lasting(whole.start(), 60_000), 60_000), None);
    }

    #[test]
    fn late_samples_are_waited_for_and_then_given_up() {
        let asked = Interval::new(at("2026-11-02T10:00:00Z"), at("2026-11-02T10:10:00Z")).unwrap();
        let known = Some(at("2026-11-02T10:04:00Z"));
        for (known, now, expected) in [
            (None, "2026-11-02T10:11:00Z", "2026-11-02T10:00:00Z"),
            (known, "2026-11-02T10:11:00Z", "2026-11-02T10:04:00Z"),
            (known, "2026-11-02T10:21:00Z", "2026-11-02T10:06:00Z"),
            (None, "2026-11-02T12:00:00Z", "2026-11-02T10:10:00Z"),
        ] {
            assert_eq!(asked_to(asked, known, at(now)), at(expected), "{known:?} at {now}");
        }
    }

    #[test]
    fn waits_double_up_to_a_limit_and_never_agree() {
        let now = at("2026-11-02T10:00:00Z");
        let wait = |failures, chance| after_failure(60_000, failures, chance, now).ms_since(now);
        assert_eq!(
            [1, 2, 3, 4, 5, 90].map(|failures| wait(failures, 0)),
            [60_000, 120_000, 240_000, 480_000, 900_000, 900_000]
        );
        assert!(wait(1, 255) > wait(1, 0) && wait(1, 255) < 75_001);
    }

    #[test]
    fn after_an_outage_pieces_follow_each_other_at_once() {
        let now = at("2026-11-02T11:00:00Z");
        let asked = |to: &str| Interval::new(at("2026-11-02T10:00:00Z"), at(to)).unwrap();
        for (asked_to, asked_end, next) in [
            ("2026-11-02T10:30:00Z", "2026-11-02T10:30:00Z", "2026-11-02T11:00:00Z"),
            ("2026-11-02T10:59:00Z", "2026-11-02T10:59:00Z", "2026-11-02T11:00:30Z"),
            // The last minute's samples may still come.
            ("2026-11-02T10:58:00Z", "2026-11-02T10:59:00Z", "2026-11-02T11:00:30Z"),
        ] {
            assert_eq!(after_answer(&connected(Some(asked_to)), asked(asked_end), now), at(next), "{asked_to}");
        }
    }
}
