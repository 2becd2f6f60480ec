//! How many events there probably were where nobody measured. Whoever signs for a gap signs for all of
//! them, or twenty-four hours without data would be one bad event.

use super::{
    measurements::{Said, Series},
    ratio::Ratio,
};
use crate::{interval::Interval, limits::USUAL_HOURS, time::Moment};

/// At the rate of the last day before the gap that was measured, else of the first one after it, rounded
/// up. None if nothing was measured on either side.
pub fn probable_events(series: &Series, gap: Interval) -> Option<u64> {
    let measured = || series.records().filter(|record| matches!(record.said, Said::Events { .. }));
    let last = measured().map(|record| record.interval.end()).filter(|end| *end <= gap.start()).max();
    let first = measured().map(|record| record.interval.start()).filter(|start| gap.end() <= *start).min();
    looked_at(last, first).into_iter().find_map(|day| at_the_rate_of(series, day, gap.ms()))
}

/// The days whose measurements say that, if what was measured before the gap ends at `last`, and
/// what was measured after it begins at `first`.
pub fn looked_at(last: Option<Moment>, first: Option<Moment>) -> Vec<Interval> {
    let before = last.and_then(|end| Interval::new(end.plus_hours(-USUAL_HOURS), end));
    let after = first.and_then(|start| Interval::new(start, start.plus_hours(USUAL_HOURS)));
    before.into_iter().chain(after).collect()
}

fn at_the_rate_of(series: &Series, day: Interval, ms: i64) -> Option<u64> {
    let (mut events, mut measured_ms) = (Ratio::ZERO, 0_i64);
    for record in series.records() {
        // A signed gap is no measurement: it says what somebody took for probable.
        let (Said::Events { good, bad }, Some(common)) = (record.said, day.common(record.interval)) else { continue };
        let all = i128::from(good) + i128::from(bad);
        let part = Ratio::new(all.checked_mul(common.ms().into())?, record.interval.ms().into())?;
        events = events.plus(part)?;
        measured_ms += common.ms();
    }
    let probable = events.times(Ratio::new(ms.into(), measured_ms.into())?)?;
    u64::try_from(probable.ceil()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slos::measurements::{
        Measurement,
        sample::{events, hour, hours, record},
    };

    #[test]
    fn a_gap_has_as_many_events_as_its_neighbours_make_probable() {
        let signed = |from, to| record(from, to, Said::FullyBad { events: 1 });
        let lines: [(Vec<Measurement>, Option<u64>, &str); 10] = [
            (vec![], None, "nothing was ever measured"),
            (vec![events(0, 24, 2_400, 0)], Some(200), "a day at a hundred an hour"),
            (vec![events(0, 24, 2_000, 401)], Some(201), "rounded up, good and bad"),
            (vec![events(20, 24, 40, 0)], Some(20), "what is known of the day"),
            (vec![events(-24, 12, 3_600, 0), events(12, 24, 0, 0)], Some(100), "of one that reaches in, its part"),
            (
                vec![signed(0, 24), events(26, 27, 7, 0)],
                Some(14),
                "what was signed is no measurement; the day after is",
            ),
            (vec![events(-30, 0, 300, 0), events(50, 60, 9, 0)], Some(20), "longer ago than a day"),
            (vec![events(50, 60, 90, 0)], Some(18), "longer after it than a day"),
            (
                vec![events(-30, 0, 300, 0), signed(0, 24), signed(26, 60)],
                Some(20),
                "the middle of what was signed in parts",
            ),
            (vec![events(0, 24, 0, 0), events(26, 50, 24, 0)], Some(0), "a quiet day before it"),
        ];
        for (records, probable, says) in lines {
            assert_eq!(probable_events(&Series::of(records), hours(24, 26)), probable, "{says}");
        }
        assert_eq!(looked_at(Some(hour(24)), Some(hour(60))), [hours(0, 24), hours(60, 84)]);
        assert_eq!(looked_at(None, None), []);
    }
}
