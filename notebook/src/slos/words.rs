//! Numbers of budgets as people read them. Rounded against whoever hopes, never towards good news.

use super::ratio::Ratio;

/// A share in per cent with at most two decimals, rounded down: "60 %", "−0.01 %". More than
/// nothing never reads as nothing: "under 0.01 %".
pub fn percent_down(ratio: Ratio) -> String {
    // Only numbers far beyond any budget do not fit; their whole part says enough.
    let hundredths =
        ratio.times(Ratio::whole(10_000)).map_or_else(|| ratio.floor().saturating_mul(10_000), Ratio::floor);
    if hundredths == 0 && ratio.is_above_zero() {
        return "under 0.01 %".into();
    }
    percent(hundredths)
}

/// The same rounded up: what was taken from a budget.
pub fn percent_up(ratio: Ratio) -> String {
    percent(ratio.times(Ratio::whole(10_000)).map_or_else(|| ratio.ceil().saturating_mul(10_000), Ratio::ceil))
}

fn percent(hundredths: i128) -> String {
    let sign = if hundredths < 0 { "−" } else { "" };
    let hundredths = hundredths.saturating_abs();
    let whole = thousands(hundredths / 100);
    match hundredths % 100 {
        0 => format!("{sign}{whole} %"),
        part if part % 10 == 0 => format!("{sign}{whole}.{} %", part / 10),
        part => format!("{sign}{whole}.{part:02} %"),
    }
}

/// How fast a budget is spent, in hundredths, rounded up: "1", "14.4", "0.01".
pub fn rate(ratio: Ratio) -> String {
    let hundredths = ratio.times(Ratio::whole(100)).map_or_else(|| ratio.ceil().saturating_mul(100), Ratio::ceil);
    let whole = thousands(hundredths / 100);
    match hundredths % 100 {
        0 => whole,
        part if part % 10 == 0 => format!("{whole}.{}", part / 10),
        part => format!("{whole}.{part:02}"),
    }
}

/// A number of events that may be a part of one, rounded down: "100,000", "99.99".
pub fn events_down(ratio: Ratio) -> String {
    let hundredths = ratio.times(Ratio::whole(100)).map_or_else(|| ratio.floor().saturating_mul(100), Ratio::floor);
    let sign = if hundredths < 0 { "−" } else { "" };
    let hundredths = hundredths.saturating_abs();
    let whole = thousands(hundredths / 100);
    match hundredths % 100 {
        0 => format!("{sign}{whole}"),
        part => format!("{sign}{whole}.{part:02}"),
    }
}

/// "34,723", "−1,000".
pub fn thousands(number: impl Into<i128>) -> String {
    let number: i128 = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut grouped = if number < 0 { "−".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// "1 bad event", "34,723 bad events".
pub fn bad_events(number: impl Into<i128>) -> String {
    let number: i128 = number.into();
    let noun = if number == 1 { "bad event" } else { "bad events" };
    format!("{} {noun}", thousands(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_rounded_up() {
        for (numerator, denominator, words) in
            [(1, 3, "33.34 %"), (1, 2, "50 %"), (1, 1_000_000, "0.01 %"), (0, 1, "0 %")]
        {
            assert_eq!(percent_up(Ratio::new(numerator, denominator).unwrap()), words);
        }
    }

    #[test]
    fn what_is_left_is_never_said_to_be_more_than_it_is() {
        for (numerator, denominator, words) in [
            (1, 1, "100 %"),
            (99_999, 100_000, "99.99 %"),
            (1, 3, "33.33 %"),
            (1, 2, "50 %"),
            (1, 1_000, "0.1 %"),
            (5, 100_000, "under 0.01 %"),
            (0, 5, "0 %"),
            (-1, 1_000_000, "−0.01 %"),
            (-3, 2, "−150 %"),
            (-1, 3, "−33.34 %"),
        ] {
            assert_eq!(percent_down(Ratio::new(numerator, denominator).unwrap()), words);
        }
    }

    #[test]
    fn a_rate_is_never_said_to_be_slower_and_a_rest_never_larger_than_it_is() {
        let ratio = |n, d| Ratio::new(n, d).unwrap();
        let rates = [ratio(1, 1), ratio(144, 10), ratio(1, 1_000), ratio(0, 1), ratio(14_399, 1_000)].map(rate);
        assert_eq!(rates, ["1", "14.4", "0.01", "0", "14.4"]);
        let rests = [ratio(100_000, 1), ratio(199, 100), ratio(1, 1_000), ratio(-1, 3)].map(events_down);
        assert_eq!(rests, ["100,000", "1.99", "0", "−0.34"]);
    }

    #[test]
    fn large_numbers_are_grouped() {
        for (number, words) in [(0, "0"), (999, "999"), (34_723, "34,723"), (-1_234_567, "−1,234,567")] {
            assert_eq!(thousands(number), words);
        }
        assert_eq!((bad_events(1), bad_events(0)), ("1 bad event".into(), "0 bad events".into()));
        let beyond = percent_down(Ratio::whole(i128::MAX));
        assert!(beyond.starts_with("1,701,411,834,"), "as much of it as fits: {beyond}");
    }
}
