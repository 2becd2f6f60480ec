//! How often an experiment may still fail, given how often it did: a one-sided 95 % upper bound
//! for the failure probability.
//!
//! The only floating-point numbers of the product: the bound is the root of a polynomial, no
//! decimal holds it exactly, and it is shown to two digits, never stored or compared.

/// One minus the confidence of the bound.
const ALPHA: f64 = 0.05;
/// Enough halvings to use up every digit a double has.
const HALVINGS: u32 = 60;

/// The bound after `failures` of `runs`, between 0 and 1; None without runs, which are no
/// evidence, or with more failures than runs. Supposes that runs are independent and alike.
pub fn upper_bound(failures: u32, runs: u32) -> Option<f64> {
    if runs == 0 || failures > runs {
        None
    } else if failures == 0 {
        Some(1.0 - ALPHA.powf(1.0 / f64::from(runs)))
    } else if failures == runs {
        Some(1.0)
    } else {
        Some(clopper_pearson(failures, runs))
    }
}

/// The root q of P(Bin(runs, q) ≤ failures) = 0.05, by halving: the probability falls as q grows. By hand,
/// because a crate of distributions is much for one root that ten lines find to a double's last digit.
fn clopper_pearson(failures: u32, runs: u32) -> f64 {
    let (mut low, mut high) = (f64::from(failures) / f64::from(runs), 1.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if at_most(failures, runs, middle) > ALPHA {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// P(Bin(runs, q) ≤ failures) for 0 < q < 1. In logarithms: the first term alone can be too
/// small for a double while the sum is not.
fn at_most(failures: u32, runs: u32, q: f64) -> f64 {
    let ln_odds = q.ln() - (-q).ln_1p();
    let mut ln_term = f64::from(runs) * (-q).ln_1p();
    let mut sum = ln_term.exp();
    for k in 0..failures {
        ln_term += (f64::from(runs - k) / f64::from(k + 1)).ln() + ln_odds;
        sum += ln_term.exp();
    }
    sum
}

/// A probability in per cent with two significant digits: "26 %", "5.6 %", "0.30 %", "100 %".
pub fn percent_words(probability: f64) -> String {
    let percent = probability * 100.0;
    // Rounding to two digits may add one in front (9.96 becomes 10), so it comes first.
    let rounded = format!("{percent:.1e}");
    let exponent: i32 = rounded.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    let decimals = usize::try_from(1 - exponent).unwrap_or(0);
    match rounded.parse::<f64>() {
        Ok(rounded) => format!("{rounded:.decimals$} %"),
        Err(_) => format!("{percent} %"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(failures: u32, runs: u32) -> String {
        percent_words(upper_bound(failures, runs).unwrap())
    }

    #[test]
    fn the_bound_has_its_golden_values() {
        let golden = [
            (0, 1, "95 %"),
            (0, 3, "63 %"),
            (0, 7, "35 %"),
            (0, 10, "26 %"),
            (0, 20, "14 %"),
            (0, 52, "5.6 %"),
            (1, 53, "8.6 %"),
            (1, 1, "100 %"),
            (4, 4, "100 %"),
        ];
        for (failures, runs, expected) in golden {
            assert_eq!(words(failures, runs), expected, "{failures} of {runs}");
        }
    }

    #[test]
    fn no_runs_are_no_evidence() {
        assert_eq!(upper_bound(0, 0), None);
        assert_eq!(upper_bound(2, 1), None);
    }

    #[test]
    fn percent_keeps_two_digits() {
        for (probability, expected) in [
            (0.0996, "10 %"),
            (0.00299, "0.30 %"),
            (0.995, "100 %"),
            (0.994, "99 %"),
            (0.0, "0.0 %"),
            (0.000_123, "0.012 %"),
        ] {
            assert_eq!(percent_words(probability), expected, "{probability}");
        }
    }

    /// The definition, term by term, without logarithms.
    fn plain_sum(failures: u32, runs: u32, q: f64) -> f64 {
        let choose = |k: u32| (0..k).fold(1.0, |all, i| all * f64::from(runs - i) / f64::from(i + 1));
        let power = |base: f64, times: u32| (0..times).fold(1.0, |all, _| all * base);
        (0..=failures).map(|k| choose(k) * power(q, k) * power(1.0 - q, runs - k)).sum()
    }

    proptest! {
        #[test]
        fn at_the_bound_so_few_failures_are_a_one_in_twenty_chance(runs in 1u32..60, part in 0u32..60) {
            let failures = part % runs;
            let bound = upper_bound(failures, runs).unwrap();
            prop_assert!((plain_sum(failures, runs, bound) - ALPHA).abs() < 1e-9);
        }

        #[test]
        fn more_passes_lower_the_bound_and_more_failures_raise_it(runs in 1u32..400, part in 0u32..400) {
            let failures = part % runs;
            let bound = upper_bound(failures, runs).unwrap();
            prop_assert!(upper_bound(failures, runs + 1).unwrap() < bound);
            prop_assert!(upper_bound(failures + 1, runs).unwrap() > bound);
            prop_assert!(bound > f64::from(failures) / f64::from(runs));
        }
    }
}
