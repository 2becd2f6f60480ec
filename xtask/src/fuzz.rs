//! `cargo xtask fuzz`: what reads texts of people, under libFuzzer, which finds what nobody would type.

use crate::{command, tools};

/// As long as it takes before a release.
const SECONDS: u32 = 600;
/// A query has at most 2,000 characters of at most four bytes; a few more are refused.
const BYTES_MAX: u32 = 8_400;

/// Fuzzes the parser of queries. What breaks it is kept in `fuzz/artifacts`, what was learnt in `fuzz/corpus`.
pub fn fuzz(arguments: &[String]) -> Result<(), String> {
    let seconds = match arguments {
        [] => SECONDS,
        [one] => one.parse().map_err(|_| format!("`{one}` is no number of seconds"))?,
        _ => return Err("cargo xtask fuzz takes one number, of seconds".to_owned()),
    };
    let tool = tools::cargo_fuzz()?;
    let corpus = crate::at("fuzz/corpus/query");
    std::fs::create_dir_all(&corpus).map_err(|e| format!("{}: {e}", corpus.display()))?;
    let [folder, corpus, seeds, words] =
        [crate::at("fuzz"), corpus, crate::at("fuzz/seeds/query"), crate::at("fuzz/query.dict")]
            .map(|path| path.to_string_lossy().into_owned());
    let limits = [format!("-max_total_time={seconds}"), format!("-max_len={BYTES_MAX}"), format!("-dict={words}")];
    // Without a sanitizer: nothing here is unsafe, and it tries twice as much in its time.
    let run = [
        "run",
        "nightly",
        "cargo",
        "fuzz",
        "run",
        "--fuzz-dir",
        &folder,
        "--sanitizer=none",
        "query",
        &corpus,
        &seeds,
        "--",
    ];
    let mut fuzzing = command::program("rustup", &run);
    fuzzing.args(limits).args(["-timeout=5", "-print_final_stats=1"]).env("PATH", tools::path_with(&tool)?);
    let ended = fuzzing.status().map_err(|e| format!("`rustup` cannot be started: {e}"))?;
    if ended.success() { Ok(()) } else { Err("A text breaks it; fuzz/artifacts keeps it.".to_owned()) }
}
