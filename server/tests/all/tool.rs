//! Real tools that some tests run beside the server: xtask installs them and says where they are.

use std::path::PathBuf;

use notebook::time::Moment;

/// The program named in `RETRIAL_TEST_` and this word; None where none is offered, and none is required.
#[expect(clippy::disallowed_methods, reason = "xtask tells the tests where the tool is by its environment")]
pub fn offered(word: &str) -> Option<PathBuf> {
    let (named_by, required_by) = (format!("RETRIAL_TEST_{word}"), format!("RETRIAL_REQUIRE_{word}"));
    let named = std::env::var_os(&named_by).map(PathBuf::from);
    if named.is_none() {
        assert!(std::env::var_os(&required_by).is_none(), "{required_by} is set but {named_by} names no program");
        eprintln!("no {named_by}: the tool itself did not run");
    }
    named
}

/// What a tool takes for now.
#[expect(clippy::disallowed_methods, reason = "the tool's own clock is the machine's")]
pub fn machine_time() -> Moment {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Moment::from_micros(i64::try_from(since.as_micros()).unwrap())
}
