//! What happened in a stretch of time, as far as it was measured: the bad events between the start of
//! a fault and recovery, and as many as there usually are (product reference, section 3.10).
//!
//! A budget counts a measurement where it ends. A run cannot: a measurement of an hour does not say
//! which ten minutes of it were bad. So what a run cost lies between two ends, and without
//! measurements it has no upper one.

use super::{
    counting::{Unit, measured, units},
    measurements::Series,
    method::Method,
    ratio::Ratio,
    words::{bad_events, percent_up, thousands},
    worst_case::Extent,
};
use crate::{
    interval::Interval,
    limits::{SLICE_MINUTES_MAX, USUAL_HOURS},
};

/// Bad events, or slices, of a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spend {
    pub during: Interval,
    /// At least what was measured inside alone, at most all that was measured of it and around it.
    /// Without an upper end where part of it was not measured.
    pub bad: Extent<u64>,
    pub unmeasured_ms: i64,
    /// As many as there are in so much time at the rate of the day before, rounded up. None if that
    /// day has no whole measurement.
    pub usual: Option<u64>,
}

/// What a stretch of time cost.
pub fn spend(series: &Series, method: Method, during: Interval) -> Spend {
    // Of a whole quarter, only what lies around it is added up.
    let series = &series.around(looked_at(during));
    let units = units(series, method);
    // What takes no time at all is somewhere.
    let somewhere = Interval::new(during.start(), during.end().max(during.start().plus_micros(1))).unwrap_or(during);
    let bad = |is_in: &dyn Fn(Interval) -> bool| sum(units.iter().filter(|unit| is_in(unit.interval())));
    let least = bad(&|unit| during.covers(unit));
    let most = bad(&|unit| somewhere.overlaps(unit));
    let asked = asked_of(somewhere, method);
    let unmeasured = asked.without(&measured(series, method, asked.end()));
    Spend {
        during,
        bad: Extent { least, most: unmeasured.is_empty().then_some(most) },
        unmeasured_ms: unmeasured.into_iter().map(Interval::ms).sum(),
        usual: usual(&units, during),
    }
}

fn sum<'a>(units: impl Iterator<Item = &'a Unit>) -> u64 {
    units.fold(0, |bad, unit| bad.saturating_add(unit.counts.bad))
}

/// A slice is good or bad as a whole, so it is known once all of it is.
fn asked_of(during: Interval, method: Method) -> Interval {
    match method {
        Method::Occurrences => during,
        Method::TimeSlices(slices) => {
            let last = slices.around(during.end().plus_micros(-1));
            Interval::new(slices.around(during.start()).start(), last.end()).unwrap_or(during)
        }
    }
}

fn usual(units: &[Unit], during: Interval) -> Option<u64> {
    let day = Interval::new(during.start().plus_hours(-USUAL_HOURS), during.start())?;
    let before = || units.iter().filter(|unit| day.covers(unit.interval()));
    let ms: i64 = before().map(|unit| unit.interval().ms()).sum();
    let events = i128::from(sum(before())).checked_mul(i128::from(during.ms()))?;
    u64::try_from(Ratio::new(events, i128::from(ms))?.ceil()).ok()
}

/// From where and until when measurements are needed to say what a stretch cost.
pub fn looked_at(during: Interval) -> Interval {
    let from = during.start().plus_hours(-USUAL_HOURS).plus_minutes(-SLICE_MINUTES_MAX);
    Interval::new(from, during.end().plus_minutes(SLICE_MINUTES_MAX)).unwrap_or(during)
}

/// What several cost together.
pub fn together(spent: impl IntoIterator<Item = Extent<u64>>) -> Extent<u64> {
    spent.into_iter().fold(Extent::exactly(0), |sum, one| Extent {
        least: sum.least.saturating_add(one.least),
        most: sum.most.zip(one.most).map(|(sum, one)| sum.saturating_add(one)),
    })
}

/// "34 bad events", "12 to 40 bad events", "at least 12 bad events", or that nobody knows.
pub fn spent_words(bad: Extent<u64>) -> String {
    match bad {
        Extent { least, most: Some(most) } if least == most => bad_events(most),
        Extent { least, most: Some(most) } => format!("{} to {}", thousands(least), bad_events(most)),
        Extent { least: 0, most: None } => "unknown".into(),
        Extent { least, most: None } => format!("at least {}", bad_events(least)),
    }
}

/// "0.4 %" of what was allowed, rounded up; the upper end counts. "unknown" without one.
pub fn share_words(bad: Extent<u64>, allowed: Option<Ratio>) -> String {
    let share = bad.most.zip(allowed).and_then(|(most, allowed)| Ratio::whole(most).over(allowed));
    share.map_or_else(|| "unknown".into(), percent_up)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slos::{
        measurements::{
            Measurement, Said,
            sample::{events, hour, hours, record},
        },
        method::Slices,
        share::Share,
    };

    fn minutes(from: i64, to: i64) -> Interval {
        Interval::new(hour(0).plus_minutes(from), hour(0).plus_minutes(to)).unwrap()
    }

    fn of(records: &[Measurement], during: Interval) -> Spend {
        spend(&Series::of(records.iter().copied()), Method::Occurrences, during)
    }

    /// Every minute of two hours: one bad event in ten minutes before the second one, one a minute in it.
    fn by_minute() -> Vec<Measurement> {
        let minute = |at: i64| {
            let bad = if at < 60 { u64::from(at % 10 == 0) } else { 1 };
            Measurement { interval: minutes(at, at + 1), ..events(0, 1, 100, bad) }
        };
        (0..120).map(minute).collect()
    }

    #[test]
    fn what_was_measured_inside_is_exact_and_what_reaches_over_an_end_is_between() {
        let unknown = |least| Extent { least, most: None };
        let between = |least, most| Extent { least, most: Some(most) };
        let an_hour = vec![events(0, 1, 1_000, 5), events(1, 2, 900, 40), events(2, 3, 1_000, 6)];
        let (gap, signed) =
            (vec![events(0, 1, 10, 5), events(2, 3, 10, 6)], record(1, 2, Said::FullyBad { events: 70 }));
        let closed = vec![gap[0], signed, gap[1]];
        for (records, during, bad, unmeasured_min, says) in [
            (by_minute(), minutes(60, 70), between(10, 10), 0, "measured by the minute"),
            (by_minute(), minutes(55, 62), between(2, 2), 0, "from quiet into loud"),
            (an_hour.clone(), minutes(70, 80), between(0, 40), 0, "ten minutes of a measured hour"),
            (an_hour.clone(), minutes(50, 130), between(40, 51), 0, "reaches over both ends"),
            (an_hour.clone(), hours(1, 2), between(40, 40), 0, "neighbours only touch"),
            (an_hour, minutes(90, 90), between(0, 40), 0, "no time at all is somewhere"),
            (gap.clone(), minutes(70, 80), unknown(0), 10, "nobody measured"),
            (gap.clone(), minutes(0, 80), unknown(5), 20, "part of it was measured"),
            (gap, minutes(90, 90), unknown(0), 0, "no time at all, and nobody measured"),
            (closed, minutes(60, 120), between(70, 70), 0, "signed as fully bad"),
            (Vec::new(), minutes(0, 30), unknown(0), 30, "nothing ever"),
        ] {
            let spent = of(&records, during);
            assert_eq!((spent.bad, spent.unmeasured_ms), (bad, unmeasured_min * 60_000), "{says}");
        }
    }

    #[test]
    fn the_day_before_says_what_is_usual() {
        // Six bad ones in the hour before; in ten minutes that is one.
        assert_eq!(of(&by_minute(), minutes(60, 70)).usual, Some(1));
        assert_eq!(of(&by_minute(), minutes(60, 71)).usual, Some(2), "rounded up");
        assert_eq!(of(&[events(0, 24, 10, 0)], hours(24, 25)).usual, Some(0));
        assert_eq!(of(&[events(0, 24, 10, 7)], hours(20, 21)).usual, None, "that day reaches into the run");
        assert_eq!(of(&[events(0, 1, 10, 7)], hours(30, 31)).usual, None, "longer ago than a day");
    }

    #[test]
    fn a_slice_counts_once_all_of_it_is_known() {
        let slices = Slices::new(600_000, Share::percent(99)).unwrap();
        let method = Method::TimeSlices(slices);
        let part = |from, to, good, bad| Measurement { interval: minutes(from, to), ..events(0, 1, good, bad) };
        let series = Series::of([part(0, 10, 100, 0), part(10, 20, 50, 50), part(20, 25, 10, 0)]);
        assert_eq!(spend(&series, method, minutes(12, 14)).bad, Extent { least: 0, most: Some(1) });
        assert_eq!(spend(&series, method, minutes(10, 20)).bad, Extent::exactly(1));
        let open = spend(&series, method, minutes(21, 23));
        assert_eq!((open.bad, open.unmeasured_ms), (Extent { least: 0, most: None }, 600_000));
    }

    #[test]
    fn sums_and_words_know_what_is_not_known() {
        let (exact, between) = (Extent::exactly(1), Extent { least: 12, most: Some(1_040) });
        let (some, nothing) = (Extent { least: 3, most: None }, Extent { least: 0, most: None });
        for (bad, words, share) in [
            (exact, "1 bad event", "0.1 %"),
            (between, "12 to 1,040 bad events", "104 %"),
            (some, "at least 3 bad events", "unknown"),
            (nothing, "unknown", "unknown"),
            (together([exact, between]), "13 to 1,041 bad events", "104.1 %"),
            (together([between, some]), "at least 15 bad events", "unknown"),
            (together([]), "0 bad events", "0 %"),
        ] {
            assert_eq!(spent_words(bad), words);
            assert_eq!(share_words(bad, Some(Ratio::whole(1_000_u64))), share, "{words}");
        }
        assert_eq!(share_words(exact, None), "unknown");
    }
}
