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
    /// Operations that were to be asked.
    pub selected: usize,
    /// Those that were.
    pub tested: usize,
    /// Requests, by what became of them.
    pub requests: Tally,
}

/// Reads lines such as `  Selected: 97/115`, `  Tested: 97` and `  1234 generated, 5 found 3 unique failures`.
pub fn of_schemathesis(lines: &[String]) -> Asked {
    let mut asked = Asked::default();
    for line in lines.iter().filter_map(|line| line.strip_prefix("  ")) {
        if let Some(counts) = line.strip_prefix("Selected: ") {
            asked.selected = counts.split('/').next().and_then(|count| count.parse().ok()).unwrap_or_default();
        } else if let Some(count) = line.strip_prefix("Tested: ") {
            asked.tested = count.parse().unwrap_or_default();
        } else if let Some((all, "generated,")) = number_and_word(line) {
            let found = line.split(", ").filter_map(number_and_word).find(|(_, word)| *word == "found");
            let failed = found.map_or(0, |(failed, _)| failed);
            asked.requests = Tally { passed: all.saturating_sub(failed), failed };
        }
    }
    asked
}

fn number_and_word(text: &str) -> Option<(usize, &str)> {
    let mut parts = text.split_whitespace();
    let number = parts.next()?.parse().ok()?;
    Some((number, parts.next()?))
}

#[cfg(test)]
mod tests {
    use super::{Asked, Tally, of_cargo, of_playwright, of_schemathesis};

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
    fn requests_that_found_something_count_as_failed() {
        let text = "API Operations:\n  Selected: 97/115\n  Tested: 97\n\nTest cases:\n  1234 generated, 5 found 3 unique failures, 2 skipped\n";
        let requests = Tally { passed: 1229, failed: 5 };
        assert_eq!(of_schemathesis(&lines(text)), Asked { selected: 97, tested: 97, requests });
        let well = "  Selected: 2/2\n  Tested: 2\n  80 generated, 80 passed";
        assert_eq!(of_schemathesis(&lines(well)).requests, Tally { passed: 80, failed: 0 });
        assert_eq!(of_schemathesis(&lines("1 generated, 1 passed")), Asked::default());
    }

    #[test]
    fn a_test_named_like_a_closing_line_is_not_counted() {
        assert_eq!(of_playwright(&lines("1 passed")), Tally::default());
        assert_eq!(of_cargo(&lines("test passed ... ok")), Tally::default());
    }
}
