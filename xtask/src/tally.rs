//! How many tests ran: read from the closing lines of `cargo test` and of Playwright's list reporter.

use std::ops::AddAssign;

/// Executed tests. Skipped ones count as neither.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Sums lines such as `test result: ok. 12 passed; 0 failed; 0 ignored; ...`.
pub fn of_cargo(lines: &[String]) -> Tally {
    let mut sum = Tally::default();
    for line in lines {
        let Some((_, counts)) = line.split_once("test result: ") else {
            continue;
        };
        let counts = counts.split_once(". ").map_or(counts, |(_, counts)| counts);
        for count in counts.split(';') {
            match number_and_word(count) {
                Some((number, "passed")) => sum.passed += number,
                Some((number, "failed")) => sum.failed += number,
                _ => {}
            }
        }
    }
    sum
}

/// Sums Playwright's closing lines: `12 passed (30.1s)`, `1 failed`, `2 did not run`.
/// A flaky or never started test counts as failed: retries are off, so neither may happen.
pub fn of_playwright(lines: &[String]) -> Tally {
    let mut sum = Tally::default();
    for line in lines {
        if !line.starts_with("  ") {
            continue;
        }
        match number_and_word(line) {
            Some((number, "passed")) => sum.passed += number,
            Some((number, "failed" | "flaky" | "interrupted" | "did")) => sum.failed += number,
            _ => {}
        }
    }
    sum
}

/// What schemathesis says at its end.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub operations: usize,
    /// Requests, and failures among them.
    pub tally: Tally,
}

pub fn of_schemathesis(lines: &[String]) -> Asked {
    Asked::default()
}

fn number_and_word(text: &str) -> Option<(usize, &str)> {
    let mut parts = text.split_whitespace();
    let number = parts.next()?.parse().ok()?;
    Some((number, parts.next()?))
}

#[cfg(test)]
mod tests {
    use super::{Tally, of_cargo, of_playwright};

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_results_of_several_test_programs_add_up() {
        let text = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s\n\
                    test a_sentence ... ok\n\
                    test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(of_cargo(&lines(text)), Tally { passed: 15, failed: 2 });
    }

    #[test]
    fn a_browser_test_that_never_ran_counts_as_failed() {
        let text = "  ✓  1 [js] › stories/smoke.spec.ts:4:1 › the setup page opens (1.1s)\n  1 failed\n  2 did not run\n  4 passed (9.1s)";
        assert_eq!(of_playwright(&lines(text)), Tally { passed: 4, failed: 3 });
    }

    #[test]
    fn a_test_named_like_a_closing_line_is_not_counted() {
        assert_eq!(of_playwright(&lines("1 passed")), Tally::default());
        assert_eq!(of_cargo(&lines("test passed ... ok")), Tally::default());
    }
}
