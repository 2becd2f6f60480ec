//! Times as Chaos Toolkit writes them.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::imports::{ReadTrouble, shorten};

pub(super) fn bad_time(pointer: &str, text: &str, what: &'static str) -> ReadTrouble {
    ReadTrouble::BadTime { pointer: pointer.to_owned(), text: shorten::line(text, 60), what }
}

pub(super) fn time(text: &str, pointer: &str) -> Result<i64, ReadTrouble> {
    micros(text).map_err(|what| bad_time(pointer, text, what))
}

/// Microseconds UTC. Versions before 1.43.1 wrote UTC without saying so.
pub(super) fn micros(text: &str) -> Result<i64, &'static str> {
    let text = text.trim();
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Ok(timestamp.as_microsecond());
    }
    let clock = text.split_once(['T', 't', ' ']).map(|(_, clock)| clock).ok_or("is not a date and time")?;
    // With an offset the text is a broken instant, not a naive one.
    if clock.contains(['+', '-', 'Z', 'z', '[']) {
        return Err("is not a date and time");
    }
    let naive: DateTime = text.parse().map_err(|_| "is not a date and time")?;
    let zoned = naive.to_zoned(TimeZone::UTC).map_err(|_| "is out of range")?;
    Ok(zoned.timestamp().as_microsecond())
}

/// None for what no activity can have taken.
pub(super) fn milliseconds(seconds: f64) -> Option<i64> {
    let a_century_s = 3_155_760_000.0;
    if !(0.0..a_century_s).contains(&seconds) {
        return None;
    }
    // Through text: no lossy cast, and exact to the millisecond.
    format!("{:.0}", seconds * 1_000.0).parse().ok()
}
