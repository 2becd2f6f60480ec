//! When a source is asked, and for what time: in pieces, up to a moment whose samples have all come.

use super::source::{Connected, PrometheusSource};
use crate::{
    interval::Interval,
    limits::{PULL_BACK_DAYS, PULL_DELAY_S_MAX, PULL_GRACE_MINUTES, PULL_STEPS_MAX, PULL_WAIT_MINUTES_MAX},
    time::Moment,
};

/// The last beginning of a step that is not after this moment.
fn on_grid(moment: Moment, step_ms: i64) -> Moment {
    let micros = step_ms * 1_000;
    Moment::from_micros(moment.micros().div_euclid(micros).saturating_mul(micros))
}

/// Up to where samples have come. A scrape takes no longer than its interval, and that is no longer
/// than a step where steps can be told apart at all.
fn settled(source: &PrometheusSource, now: Moment) -> Moment {
    let delay_ms = source.step_ms.min(PULL_DELAY_S_MAX * 1_000);
    on_grid(now.plus_micros(-delay_ms * 1_000), source.step_ms)
}

/// The steps to ask for next; None while the next one is not over.
pub fn piece(connected: &Connected, now: Moment) -> Option<Interval> {
    let source = &connected.source;
    let first = connected.pulls.asked_to.unwrap_or(connected.since).max(now.plus_days(-PULL_BACK_DAYS));
    let from = on_grid(first, source.step_ms);
    let longest = from.plus_micros(source.step_ms * PULL_STEPS_MAX * 1_000);
    let piece = Interval::new(from, settled(source, now).min(longest))?;
    (!piece.is_empty()).then_some(piece)
}

/// Half of a piece whose answer is too large; None for a single step.
pub fn halved(piece: Interval, step_ms: i64) -> Option<Interval> {
    let steps = piece.ms() / step_ms;
    (steps > 1).then(|| Interval::lasting(piece.start(), steps / 2 * step_ms))
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
    now.plus_micros(connected.source.step_ms * 1_000 / 2)
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
