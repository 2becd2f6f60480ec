//! Build, serve and test Retrial: what the README's two commands run.

#![forbid(unsafe_code)]

mod command;
mod hash;
mod progress;
mod tally;
mod tools;
mod stamp;
mod site;
mod postgres;
mod room;
mod serve;
mod suites;
mod api;
mod campaign;
mod test;
mod bench;
mod fuzz;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask serve [-- OPTIONS]   build what changed, then run the server (http://127.0.0.1:7340);
                                 OPTIONS go to `retrial serve`, for example --listen 127.0.0.1:7341
cargo xtask test [SUITE...]      every check, or only the named suites: fmt clippy tidy
                                 supply site rust api end2end
cargo xtask test --campaign [R9...]
                                 the long part of tests, whole, or of the named ones
cargo xtask bench [P1 ...]       ratios beside hand-written peers (P1 P6 P7 P8 P11), in release; by name
                                 also P2 P3 P4 reindex on both engines, and budget;
                                 --rounds N, --seconds N, --slow-sync-ms N
cargo xtask fuzz [SECONDS]       the parser of queries under libFuzzer, 600 s by default; brings
                                 cargo-fuzz and a nightly toolchain
cargo xtask build                the executable for others: target/release/retrial, site embedded
cargo xtask site                 only the site: target/site";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) => (name.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match name {
        "serve" => serve::serve(rest),
        "build" => none_expected(rest).and_then(|()| serve::build_release()),
        "bench" => bench::bench(rest),
        "fuzz" => fuzz::fuzz(rest),
        "site" => none_expected(rest).and_then(|()| site::build().map(|_| ())),
        "test" => return test::test(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no command `{other}`\n\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn none_expected(arguments: &[String]) -> Result<(), String> {
    match arguments.first() {
        None => Ok(()),
        Some(extra) => Err(format!("`{extra}` is not expected here\n\n{HELP}")),
    }
}

/// The checkout this xtask was built from.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// A path inside the checkout.
fn at(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Cargo's target directory: the checkout's, or the one the environment names.
fn target(relative: &str) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(elsewhere) => root().join(elsewhere).join(relative),
        None => at("target").join(relative),
    }
}
