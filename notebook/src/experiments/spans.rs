//! Lengths of time as people write them in a form: "5 min", "1 h 30 min", "250 ms".

use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::units;
use crate::limits::SPAN_DAYS_MAX;

/// Milliseconds in a text of one or more numbers with units; otherwise a clause about what to
/// write. Nothing is rounded: a part of a millisecond is refused.
pub fn read_ms(text: &str) -> Result<i64, String> {
    if text.trim().is_empty() {
        return Err("is empty; write a length of time such as 5 min".into());
    }
    let parts = parts(text);
    let mut total = Decimal::ZERO;
    for part in parts {
        let ms = part_ms(part)?;
        total = total.checked_add(ms).ok_or_else(too_long)?;
    }
    match total.to_i64() {
        Some(_) if total <= Decimal::ZERO => Err("takes a length of time above zero, such as 5 min".into()),
        Some(_) if !total.fract().is_zero() => Err("counts whole milliseconds; write it without smaller parts".into()),
        Some(ms) if ms <= SPAN_DAYS_MAX * 86_400_000 => Ok(ms),
        Some(_) | None => Err(too_long()),
    }
}

/// The same length as a text that reads back exactly, largest unit first.
pub fn written(ms: i64) -> String {
    let sizes = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s"), (1, "ms")];
    let mut rest = ms.max(0);
    let mut words = Vec::new();
    for (size, unit) in sizes {
        if rest >= size {
            words.push(format!("{} {unit}", rest / size));
            rest %= size;
        }
    }
    words.join(" ")
}

fn too_long() -> String {
    format!("is longer than {SPAN_DAYS_MAX} days; write a shorter one")
}

/// Cut before each number that follows a unit: "1 h 30 min" is two parts, "1 000 s" is one.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut unit_seen) = (0, false);
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() && unit_seen {
            parts.push(text[from..at].trim());
            (from, unit_seen) = (at, false);
        } else if c.is_alphabetic() {
            unit_seen = true;
        }
    }
    parts.push(text[from..].trim());
    parts
}

fn part_ms(part: &str) -> Result<Decimal, String> {
    let clause = || "takes a length of time such as 5 min, 30 s or 250 ms".to_owned();
    let (number, unit) = units::amount(part).ok_or_else(clause)?;
    let Some(unit) = unit else {
        return Err(format!("lacks a unit; write {0} min, {0} s or {0} ms", units::plain(number)));
    };
    if number.is_sign_negative() && !number.is_zero() {
        return Err("takes a length of time above zero, such as 5 min".into());
    }
    units::convert(number, &unit, "ms").ok_or_else(|| match unit.as_str() {
        "m" => "has the unit m, which means minutes to some and months to others; write min".into(),
        _ => clause(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_of_time_are_read_exactly() {
        for (text, ms) in [
            ("5 min", 300_000),
            ("30 s", 30_000),
            ("250 ms", 250),
            ("250ms", 250),
            ("1.5 h", 5_400_000),
            ("1 h 30 min", 5_400_000),
            ("1h30min", 5_400_000),
            (" 2 Minutes ", 120_000),
            ("0.001 s", 1),
            ("366 d", 31_622_400_000),
            ("1 week", 604_800_000),
        ] {
            assert_eq!(read_ms(text), Ok(ms), "{text}");
        }
    }

    #[test]
    fn what_is_no_length_of_time_is_refused_with_a_clause() {
        for (text, says) in [
            ("", "empty"),
            ("5", "lacks a unit"),
            ("1 h 5", "lacks a unit"),
            ("5 m", "write min"),
            ("5 GB", "takes a length"),
            ("soon", "takes a length"),
            ("1 000 s", "takes a length"),
            ("1,5 h", "takes a length"),
            ("-5 min", "above zero"),
            ("0 s", "above zero"),
            ("0.5 ms", "whole milliseconds"),
            ("367 d", "longer than 366 days"),
            ("99999999999999999999999999 d", "takes a length"),
        ] {
            let clause = read_ms(text).unwrap_err();
            assert!(clause.contains(says), "{text}: {clause}");
        }
    }

    proptest! {
        #[test]
        fn every_length_reads_back_as_itself(ms in 1_i64..=SPAN_DAYS_MAX * 86_400_000) {
            prop_assert_eq!(read_ms(&written(ms)), Ok(ms));
        }
    }
}
