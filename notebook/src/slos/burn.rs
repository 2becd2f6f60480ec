//! How long a budget lasts at the present pace.

use super::ratio::Ratio;

/// When the budget is spent if everything goes on as it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exhaustion {
    /// Nothing is being spent.
    Never,
    Already,
    /// In so many milliseconds, rounded down.
    In {
        ms: i64,
    },
}

/// `remaining` is what is left of the budget of `counted_ms`: the length of a rolling window, or of
/// the part of a calendar period that lies behind. `burn` is the rate over a recent, shorter
/// stretch, and traffic is taken as even. None where the numbers are beyond every calendar.
pub fn exhaustion(remaining: Ratio, burn: Ratio, counted_ms: i64) -> Option<Exhaustion> {
    if !remaining.is_above_zero() {
        return Some(Exhaustion::Already);
    }
    if !burn.is_above_zero() {
        return Some(Exhaustion::Never);
    }
    let ms = remaining.times(Ratio::whole(counted_ms))?.over(burn)?.floor();
    Some(Exhaustion::In { ms: i64::try_from(ms).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_lasts_as_long_as_the_pace_leaves_it() {
        let (day, ratio) = (86_400_000, |n, d| Ratio::new(n, d).unwrap());
        for (remaining, burn, lasts) in [
            (Ratio::ONE, Ratio::ONE, Exhaustion::In { ms: 28 * day }),
            (ratio(3, 5), Ratio::ONE, Exhaustion::In { ms: 1_451_520_000 }),
            (Ratio::ONE, ratio(144, 10), Exhaustion::In { ms: 168_000_000 }),
            (ratio(1, 3), ratio(7, 1), Exhaustion::In { ms: 115_200_000 }),
            (ratio(1, 1_000), Ratio::ZERO, Exhaustion::Never),
            (Ratio::ZERO, Ratio::ONE, Exhaustion::Already),
            (ratio(-1, 2), Ratio::ZERO, Exhaustion::Already),
        ] {
            assert_eq!(exhaustion(remaining, burn, 28 * day), Some(lasts), "{remaining:?} at {burn:?}");
        }
    }

    #[test]
    fn beyond_the_calendar_there_is_no_answer() {
        let tiny = Ratio::new(1, i128::MAX / 2).unwrap();
        assert_eq!(exhaustion(Ratio::ONE, tiny, i64::MAX), None);
    }
}
