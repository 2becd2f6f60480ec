//! When an experiment was retired: its cadence asks for no run then, and nobody missed one.

use crate::{interval::Interval, time::Moment};

/// What its trail says of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Retired(Moment),
    Reopened(Moment),
}

/// The stretches of time in which it was retired, in order; the last has no end while it still is.
pub fn stretches(moves: &[Move]) -> Vec<Interval> {
    let (mut stretches, mut since) = (Vec::new(), None);
    for one in moves {
        match *one {
            Move::Retired(at) => since = since.or(Some(at)),
            Move::Reopened(at) => {
                stretches.extend(since.take().and_then(|since| Interval::new(since, at)));
            }
        }
    }
    stretches.extend(since.and_then(|since| Interval::new(since, Moment::from_micros(i64::MAX))));
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_retired_from_each_retirement_to_the_next_reopening() {
        let at = Moment::from_micros;
        let span = |from: i64, to: i64| Interval::new(at(from), at(to)).unwrap();
        for (moves, expected) in [
            (vec![], vec![]),
            (vec![Move::Retired(at(3))], vec![span(3, i64::MAX)]),
            (vec![Move::Retired(at(3)), Move::Reopened(at(5))], vec![span(3, 5)]),
            (
                vec![Move::Retired(at(3)), Move::Reopened(at(5)), Move::Retired(at(8))],
                vec![span(3, 5), span(8, i64::MAX)],
            ),
            (vec![Move::Reopened(at(5))], vec![]),
        ] {
            assert_eq!(stretches(&moves), expected, "{moves:?}");
        }
    }
}
