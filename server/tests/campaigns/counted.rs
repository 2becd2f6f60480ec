//! How much is tried, and what is told about it.

use std::io::Write as _;

use notebook::retrials::bound::{percent_words, upper_bound};

/// The short part's count, or the whole campaign's where one is asked for.
#[expect(clippy::disallowed_methods, reason = "xtask asks for the whole campaign by its environment")]
pub fn tries(short: usize, whole: usize) -> usize {
    if std::env::var_os("RETRIAL_CAMPAIGN").is_some() { whole } else { short }
}

/// Tells a result past the test runner, which swallows what a passing test prints. `tries` without
/// a failure bound the chance of one.
pub fn tell(result: &str, tries: usize) {
    let bound = u32::try_from(tries).ok().and_then(|tries| upper_bound(0, tries)).unwrap();
    let _ = writeln!(
        std::io::stdout(),
        "\n{result}; 0 failures in {tries} tries: with 95 % confidence below {} each, 1 - 0.05^(1/{tries})",
        percent_words(bound)
    );
}
