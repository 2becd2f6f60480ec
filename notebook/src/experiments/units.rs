//! Numbers with units, exactly: one canonical unit for each dimension that checks use.

use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

/// Trimmed, and in the one form Unicode gives to equal texts.
pub fn tidy(text: &str) -> String {
    text.trim().nfc().collect()
}

/// A plain decimal number such as `-0.5`, taken exactly; nothing is ever rounded.
pub fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+', '\u{2212}']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) {
        return None;
    }
    let number = Decimal::from_str_exact(digits).ok()?;
    Some(if text.starts_with(['-', '\u{2212}']) { -number } else { number }.normalize())
}

/// A number without superfluous zeros, as fingerprints and people read it.
pub fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// A number with its unit: "60 s", "50 %", "4".
pub fn with_unit(number: &str, unit: Option<&str>) -> String {
    match unit.map(str::trim).filter(|unit| !unit.is_empty()) {
        Some(unit) => format!("{number} {unit}"),
        None => number.to_owned(),
    }
}

/// A canonical unit, and how many of it one of the given unit is: mantissa and decimal places.
type Known = (&'static str, i64, u32);

/// Case counts where it tells things apart (`Mb` is not `MB`); `m` is left out on purpose, since
/// it means minutes here, metres or thousandths there.
fn known(unit: &str) -> Option<Known> {
    let known = match unit {
        "ns" => ("s", 1, 9),
        "us" | "µs" | "μs" => ("s", 1, 6),
        "ms" => ("s", 1, 3),
        "s" => ("s", 1, 0),
        "min" => ("s", 60, 0),
        "h" => ("s", 3_600, 0),
        "d" => ("s", 86_400, 0),
        "B" => ("B", 1, 0),
        "kB" | "KB" => ("B", 1_000, 0),
        "MB" => ("B", 1_000_000, 0),
        "GB" => ("B", 1_000_000_000, 0),
        "TB" => ("B", 1_000_000_000_000, 0),
        "KiB" => ("B", 1 << 10, 0),
        "MiB" => ("B", 1 << 20, 0),
        "GiB" => ("B", 1 << 30, 0),
        "TiB" => ("B", 1 << 40, 0),
        "%" => ("%", 1, 0),
        "‰" => ("%", 1, 1),
        "/s" => ("/s", 1, 0),
        "/min" => ("/min", 1, 0),
        "/h" => ("/h", 1, 0),
        _ => return known_word(&unit.to_lowercase()),
    };
    Some(known)
}

/// Units spelled out, in any case.
fn known_word(unit: &str) -> Option<Known> {
    let known = match unit {
        "nanosecond" | "nanoseconds" => ("s", 1, 9),
        "microsecond" | "microseconds" => ("s", 1, 6),
        "millisecond" | "milliseconds" | "msec" => ("s", 1, 3),
        "sec" | "second" | "seconds" => ("s", 1, 0),
        "mins" | "minute" | "minutes" => ("s", 60, 0),
        "hour" | "hours" => ("s", 3_600, 0),
        "day" | "days" => ("s", 86_400, 0),
        "week" | "weeks" => ("s", 604_800, 0),
        "byte" | "bytes" => ("B", 1, 0),
        "percent" | "pct" => ("%", 1, 0),
        "ratio" => ("%", 100, 0),
        "permille" => ("%", 1, 1),
        "ppm" => ("%", 1, 4),
        "per second" | "/sec" | "/second" | "1/s" => ("/s", 1, 0),
        "per minute" | "/minute" | "1/min" => ("/min", 1, 0),
        "per hour" | "/hour" | "1/h" => ("/h", 1, 0),
        _ => return None,
    };
    Some(known)
}

/// Exactly a times b, or none: a product that had to be rounded would be another number.
fn product(a: Decimal, b: Decimal) -> Option<Decimal> {
    if a.is_zero() || b.is_zero() {
        return Some(Decimal::ZERO);
    }
    let (a, b) = (a.normalize(), b.normalize());
    a.checked_mul(b).filter(|product| product.scale() == a.scale() + b.scale()).map(|product| product.normalize())
}

/// The unit in which values of this one are kept: `ms` gives `s`, `ratio` gives `%`. A unit of no
/// known dimension, and a rate such as `/min`, is its own.
pub fn canonical(unit: &str) -> String {
    let unit = tidy(unit);
    known(&unit).map_or(unit, |(canonical, _, _)| canonical.into())
}

/// How many `to` are so many `from`, exactly; none if they measure different things or the
/// result does not fit a decimal number.
pub fn convert(number: Decimal, from: &str, to: &str) -> Option<Decimal> {
    let (from, to) = (tidy(from), tidy(to));
    if from == to {
        return Some(number.normalize());
    }
    let ((unit, mantissa, places), (same_unit, to_mantissa, to_places)) = (known(&from)?, known(&to)?);
    if unit != same_unit {
        return None;
    }
    let canonical = product(number, Decimal::new(mantissa, places))?;
    let factor = Decimal::new(to_mantissa, to_places);
    // Dividing may round, multiplying back tells.
    let quotient = canonical.checked_div(factor)?.normalize();
    product(quotient, factor).filter(|back| *back == canonical).map(|_| quotient)
}

/// A number with an optional unit, as people and tools write it: "5", "5 min", "250ms".
pub fn amount(text: &str) -> Option<(Decimal, Option<String>)> {
    let text = text.trim();
    let end = text
        .char_indices()
        .find(|(at, c)| !(c.is_ascii_digit() || *c == '.' || (*at == 0 && matches!(c, '-' | '+' | '\u{2212}'))))
        .map_or(text.len(), |(at, _)| at);
    let (number, unit) = text.split_at(end);
    let unit = tidy(unit);
    // "1 000" and "1,5" are numbers to people; here they would become one with a strange unit.
    if unit.starts_with(|c: char| c.is_numeric() || c == ',' || c == '.' || c == '-' || c == '\'') {
        return None;
    }
    Some((decimal(number)?, Some(unit).filter(|unit| !unit.is_empty())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        decimal(text).unwrap()
    }

    #[test]
    fn numbers_are_read_exactly_or_not_at_all() {
        for (text, reads) in [
            ("60", "60"),
            ("60.50", "60.5"),
            ("-0", "0"),
            ("+1", "1"),
            ("\u{2212}2", "-2"),
            ("007.10", "7.1"),
            ("0.000", "0"),
        ] {
            assert_eq!(plain(number(text)), reads, "{text}");
        }
        for text in [
            "",
            ".5",
            "5.",
            "1e3",
            "1_000",
            "1,5",
            "1 000",
            "--1",
            "-",
            "NaN",
            "٣",
            "0.00000000000000000000000000001",
            "99999999999999999999999999999999",
        ] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn units_of_one_dimension_convert_exactly() {
        for (value, from, to, is) in [
            ("60000", "ms", "s", "60"),
            ("1.5", "Minutes", "s", "90"),
            ("1", "µs", "s", "0.000001"),
            ("1", "h", "min", "60"),
            ("1", "d", "s", "86400"),
            ("1.5", "kB", "B", "1500"),
            ("1.5", "KiB", "B", "1536"),
            ("1", "GiB", "MiB", "1024"),
            ("0.999", "ratio", "%", "99.9"),
            ("5", "‰", "%", "0.5"),
            ("3", "per minute", "/min", "3"),
            ("3", "elections", "elections", "3"),
            ("0", "h", "ms", "0"),
        ] {
            assert_eq!(convert(number(value), from, to), Some(number(is)), "{value} {from} in {to}");
        }
    }

    #[test]
    fn what_cannot_be_converted_exactly_is_not_converted() {
        for (value, from, to) in [
            ("1", "s", "B"),
            ("1", "s", "min"),
            ("1", "/s", "/min"),
            ("1", "m", "s"),
            ("1", "Mb", "B"),
            ("1", "elections", "s"),
            ("0.0000000000000000000000000001", "ms", "s"),
            ("79228162514264337593543950335", "min", "s"),
        ] {
            assert_eq!(convert(number(value), from, to), None, "{value} {from} in {to}");
        }
    }

    #[test]
    fn canonical_units_are_their_own() {
        for unit in ["s", "B", "%", "/s", "/min", "/h", "elections"] {
            assert_eq!(canonical(unit), unit);
        }
        assert_eq!(
            (canonical(" Percent "), canonical("GiB"), canonical("1/min")),
            ("%".into(), "B".into(), "/min".into())
        );
    }

    #[test]
    fn an_amount_is_a_number_with_or_without_a_unit() {
        let read = |text| amount(text).map(|(number, unit)| (plain(number), unit.unwrap_or_default()));
        let is = |number: &str, unit: &str| Some((number.to_string(), unit.to_string()));
        assert_eq!(read(" 250ms"), is("250", "ms"));
        assert_eq!(read("-5.0 % "), is("-5", "%"));
        assert_eq!(read("41"), is("41", ""));
        for text in ["1 000", "1,5", "1.5.2", "ms", "", "1'000", "5-10"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
