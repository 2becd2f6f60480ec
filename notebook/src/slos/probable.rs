//! How many events there probably were where nobody measured. Whoever signs for a gap signs for all of
//! them, or twenty-four hours without data would be one bad event.

use super::{
    measurements::{Said, Series},
    ratio::Ratio,
};
use crate::{interval::Interval, limits::USUAL_HOURS};

/// At the rate of the day before the gap, else of the day after it, rounded up. None if neither was
/// measured.
pub fn probable_events(series: &Series, gap: Interval) -> Option<u64> {
    let before = Interval::new(gap.start().plus_hours(-USUAL_HOURS), gap.start())?;
    let after = Interval::new(gap.end(), gap.end().plus_hours(USUAL_HOURS))?;
    [before, after].into_iter().find_map(|day| at_the_rate_of(series, day, gap.ms()))
}

/// From where and until when measurements are needed to say that.
pub fn looked_at(gap: Interval) -> Interval {
    let (from, to) = (gap.start().plus_hours(-USUAL_HOURS), gap.end().plus_hours(USUAL_HOURS));
    Interval::new(from, to).unwrap_or(gap)
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
        sample::{events, hours, record},
    };

    #[test]
    fn a_gap_has_as_many_events_as_its_neighbours_make_probable() {
        let signed = |from, to| record(from, to, Said::FullyBad { events: 1 });
        let lines: [(Vec<Measurement>, Option<u64>, &str); 8] = [
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
            (vec![events(-30, 0, 9, 0), events(50, 60, 9, 0)], None, "longer ago than a day"),
            (vec![events(0, 24, 0, 0), events(26, 50, 24, 0)], Some(0), "a quiet day before it"),
        ];
        for (records, probable, says) in lines {
            assert_eq!(probable_events(&Series::of(records), hours(24, 26)), probable, "{says}");
        }
        assert_eq!(looked_at(hours(24, 26)), hours(0, 50));
    }
}
