//! Times of a run: since the fault where it has begun, else of the day.

use notebook::runs::facts::RunFacts;
use notebook::time::{Moment, Zone};

use crate::ticking::since;

/// "T+02:10" since the fault began; before that is known, the time of day "10:42".
pub fn clock(run: &RunFacts, at: Moment, zone: &Zone) -> String {
    match run.fault_started {
        Some(began) => since(at.ms_since(began)),
        None => of_day(at, zone),
    }
}

pub fn of_day(at: Moment, zone: &Zone) -> String {
    let local = at.local_input(zone);
    local.split_once('T').map_or(local.clone(), |(_, time)| time.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_day_is_the_readers_own() {
        let at = Moment::parse("2026-11-22T13:10:00Z").unwrap();
        assert_eq!(of_day(at, &Zone::named("Europe/Berlin").unwrap()), "14:10");
    }
}
