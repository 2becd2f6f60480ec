//! Times of a run: since the fault where it has begun, else of the day.

use notebook::runs::facts::RunFacts;
use notebook::time::{Moment, Zone};

/// "T+02:10" since the fault began; before that is known, the time of day "10:42".
pub fn clock(run: &RunFacts, at: Moment, zone: &Zone) -> String {
    match run.fault_started {
        Some(began) => since(at.ms_since(began)),
        None => of_day(at, zone),
    }
}

/// "T+1:02:10", "T−02:00".
pub fn since(ms: i64) -> String {
    let seconds = ms.unsigned_abs() / 1_000;
    let sign = if ms < 0 && seconds > 0 { '\u{2212}' } else { '+' };
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("T{sign}{hours}:{minutes:02}:{rest:02}") } else { format!("T{sign}{minutes:02}:{rest:02}") }
}

pub fn of_day(at: Moment, zone: &Zone) -> String {
    let local = at.local_input(zone);
    local.split_once('T').map_or(local.clone(), |(_, time)| time.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_and_seconds_since_the_fault_with_hours_where_there_are_some() {
        for (ms, words) in [
            (0, "T+00:00"),
            (130_999, "T+02:10"),
            (-120_000, "T\u{2212}02:00"),
            (-4, "T+00:00"),
            (3_730_000, "T+1:02:10"),
        ] {
            assert_eq!(since(ms), words);
        }
    }

    #[test]
    fn the_time_of_day_is_the_readers_own() {
        let at = Moment::parse("2026-11-22T13:10:00Z").unwrap();
        assert_eq!(of_day(at, &Zone::named("Europe/Berlin").unwrap()), "14:10");
    }
}
