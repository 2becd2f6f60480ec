//! The suites of `cargo xtask test`, in the order in which a mistake shows soonest.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{self, Ended, follow, is_noise};
use crate::hash;
use crate::progress::Step;
use crate::site::{self, thousands};
use crate::tally::{self, Tally};
use crate::test::{Bench, Outcome, Suite};
use crate::tools;

pub const ALL: &[Suite] = &[
    Suite { name: "fmt", about: "every Rust file as rustfmt writes it", needs: None, run: fmt },
    Suite {
        name: "clippy",
        about: "words without a database; lints for the workspace and the browser",
        needs: None,
        run: clippy,
    },
    Suite { name: "tidy", about: "the project's own rules, and xtask's tests", needs: None, run: tidy },
    Suite {
        name: "supply",
        about: "licences, sources and duplicates of crates, by deny.toml",
        needs: None,
        run: supply,
    },
    Suite { name: "site", about: "islands and stylesheet, and their sizes", needs: None, run: site },
    Suite {
        name: "rust",
        about: "rules, stories and doors, on SQLite and PostgreSQL, and a real Chaos Toolkit",
        needs: None,
        run: rust,
    },
    Suite {
        name: "api",
        about: "what the API answers, by its own description (RETRIAL_API_CASES=200 asks more)",
        needs: None,
        run: crate::api::api,
    },
    Suite {
        name: "end2end",
        about: "stories in Chromium, on SQLite and PostgreSQL",
        needs: Some("site"),
        run: end2end,
    },
];

/// A suite that begins with the run, and the one beside which it goes on: they build by other profiles, so that neither
/// waits for the other one's folder, and each of them leaves a core idle while it makes its last crates.
pub const EARLY: (&str, &str) = ("site", "clippy");

/// What a first visit may load: wasm and its script, compressed.
const ISLANDS_BYTES_MAX: usize = 120 * 1024;

fn fmt(_: &mut Bench) -> Outcome {
    let checked = command::as_step("rustfmt", command::cargo(&["fmt", "--all", "--check", "--", "-l"]));
    Outcome::of(checked.map_err(|reason| format!("{reason}\nRun: cargo fmt --all")))
}

fn clippy(_: &mut Bench) -> Outcome {
    // Words and rules know no database: they compile without the feature that brings it.
    let words = ["check", "--locked", "--package=notebook", "--lib"];
    // All at once: features of crates differ with what is chosen, and each choice checks them anew.
    let native = ["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"];
    let browser = [
        "clippy",
        "--locked",
        "--package=app",
        "--lib",
        "--no-default-features",
        "--features=hydrate",
        "--target=wasm32-unknown-unknown",
        "--",
        "-D",
        "warnings",
    ];
    let results = [
        command::as_step("words alone", command::cargo(&words)),
        command::as_step("clippy workspace", command::cargo(&native)),
        tools::wasm_target().and_then(|()| command::as_step("clippy browser", command::cargo(&browser))),
    ];
    let reasons: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    Outcome::of(if reasons.is_empty() { Ok(()) } else { Err(reasons.join("\n")) })
}

fn tidy(_: &mut Bench) -> Outcome {
    // One of xtask's tests starts the throw-away server.
    if let Err(reason) = tools::postgres() {
        return Outcome::of(Err(reason));
    }
    let mut command = command::cargo(&["test", "--locked", "--no-fail-fast", "--package=xtask"]);
    command.env("RETRIAL_REQUIRE_POSTGRES", "1");
    cargo_test("tidy", command)
}

fn rust(bench: &mut Bench) -> Outcome {
    let chaos = match tools::chaos() {
        Ok(chaos) => chaos,
        Err(reason) => return Outcome::of(Err(reason)),
    };
    let icalendar = match tools::icalendar() {
        Ok(icalendar) => icalendar,
        Err(reason) => return Outcome::of(Err(reason)),
    };
    let prometheus = match tools::prometheus() {
        Ok(prometheus) => prometheus,
        Err(reason) => return Outcome::of(Err(reason)),
    };
    let alertmanager = match tools::alertmanager() {
        Ok(alertmanager) => alertmanager,
        Err(reason) => return Outcome::of(Err(reason)),
    };
    let mut command = command::cargo(&["test", "--locked", "--no-fail-fast"]);
    if let Err(reason) = offer_postgres(bench, &mut command) {
        return Outcome::of(Err(reason));
    }
    bench.in_memory(&mut command);
    command.env("RETRIAL_TEST_CHAOS", chaos).env("RETRIAL_REQUIRE_CHAOS", "1");
    command.env("RETRIAL_TEST_ICALENDAR", icalendar).env("RETRIAL_REQUIRE_ICALENDAR", "1");
    command.env("RETRIAL_TEST_PROMETHEUS", prometheus).env("RETRIAL_REQUIRE_PROMETHEUS", "1");
    command.env("RETRIAL_TEST_ALERTMANAGER", alertmanager).env("RETRIAL_REQUIRE_ALERTMANAGER", "1");
    cargo_test("rust", command)
}

/// Tells tests where the run's PostgreSQL is, and that none may do without.
pub fn offer_postgres(bench: &mut Bench, command: &mut Command) -> Result<(), String> {
    let postgres = bench.postgres()?;
    command
        .env("RETRIAL_TEST_POSTGRES", postgres.url())
        .env("RETRIAL_POSTGRES_PROGRAMS", &postgres.programs)
        .env("RETRIAL_REQUIRE_POSTGRES", "1");
    Ok(())
}

pub fn cargo_test(name: &str, mut command: Command) -> Outcome {
    // An assertion's own words say where; thirty frames of the test runner bury them.
    command.env("RUST_BACKTRACE", "0");
    let step = Step::begin("cargo test");
    let ended = match follow(&mut command, name, Some(&step), is_telling) {
        Ok(ended) => ended,
        Err(reason) => {
            step.failed();
            return Outcome::of(Err(reason));
        }
    };
    closed(step, &ended, tally::of_cargo(&ended.lines))
}

/// Lines of `cargo test` that say more than "still going well".
fn is_telling(line: &str) -> bool {
    let passed = line.starts_with("test ") && line.ends_with("... ok");
    let counted = line.starts_with("running ") && line.contains(" test");
    !(line.is_empty() || passed || counted || is_noise(line))
}

fn closed(step: Step, ended: &Ended, tally: Tally) -> Outcome {
    if ended.success && tally.failed == 0 && tally.passed > 0 {
        step.done(&format!("{} passed", tally.passed));
        return Outcome { tally, failure: None };
    }
    step.failed();
    let reason = if ended.success && tally.passed == 0 { "No test ran. " } else { "" };
    Outcome { tally, failure: Some(format!("{reason}Everything written is in {}", ended.log.display())) }
}

fn supply(_: &mut Bench) -> Outcome {
    let checked = tools::cargo_deny().and_then(|program| {
        let words = ["--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"];
        command::as_step("deny.toml", command::program(program, &words))
    });
    Outcome::of(checked)
}

fn site(_: &mut Bench) -> Outcome {
    // wasm-opt is among the packages; without it the size says nothing.
    let built = tools::node_packages().and_then(|()| site::build());
    Outcome::of(built.and_then(|site| check_size(&site).and_then(|()| check_stylesheet(&site))))
}

fn check_size(site: &Path) -> Result<(), String> {
    let mut compressed_bytes = 0;
    for path in hash::files_below(&site.join("pkg"))? {
        let name = path.to_string_lossy();
        if name.ends_with(".js.br") || name.ends_with(".wasm.br") {
            compressed_bytes += hash::read(&path)?.len();
        }
    }
    let (is, most) = (thousands(compressed_bytes), thousands(ISLANDS_BYTES_MAX));
    println!("  wasm and script, compressed: {is} of {most} bytes");
    if compressed_bytes <= ISLANDS_BYTES_MAX {
        return Ok(());
    }
    Err(format!(
        "Islands weigh {is} bytes compressed, more than {most}. Move work to the server: no regex, no dates, no large crates in islands."
    ))
}

fn check_stylesheet(site: &Path) -> Result<(), String> {
    let css = hash::read(&site.join("pkg/retrial.css"))?;
    println!("  stylesheet: {} bytes", thousands(css.len()));
    if String::from_utf8_lossy(&css).contains("@import") {
        return Err(
            "The stylesheet still has an @import, which costs a request per file. Import only files of style/."
                .to_owned(),
        );
    }
    Ok(())
}

fn end2end(bench: &mut Bench) -> Outcome {
    // The same crates and features as the rust suite, which leaves this server behind.
    let server = || {
        command::as_step("server", command::cargo(&["test", "--locked", "--no-run"]))?;
        Ok(crate::target("debug/retrial"))
    };
    on_both(server, &[], &[], bench)
}

/// What is promised to the second, of a server as it is handed out: no patience for one that is built to be tested.
pub fn to_the_second(bench: &mut Bench) -> Outcome {
    let server = || {
        command::as_step("server (release)", command::cargo(&["build", "--locked", "--release", "--package=server"]))?;
        Ok(crate::target("release/retrial"))
    };
    on_both(server, &["live.spec", "beside.spec", "announced.spec"], &[("RETRIAL_RELEASE", "1".to_owned())], bench)
}

/// Stories on either engine: all, or those in files of such names.
fn on_both(
    server: impl FnOnce() -> Result<PathBuf, String>,
    files: &[&str],
    settings: &[(&str, String)],
    bench: &mut Bench,
) -> Outcome {
    let programs = match prepare_browser_tests(server) {
        Ok(programs) => programs,
        Err(reason) => return Outcome::of(Err(reason)),
    };
    let on_sqlite = stories("stories on SQLite", &programs, files, settings, bench);
    let engine = bench.postgres().map(|postgres| {
        [
            ("RETRIAL_TEST_POSTGRES", postgres.url()),
            ("RETRIAL_POSTGRES_PROGRAMS", postgres.programs.to_string_lossy().into_owned()),
        ]
    });
    let on_postgres = match engine {
        Ok(engine) => {
            let settings: Vec<(&str, String)> = settings.iter().cloned().chain(engine).collect();
            stories("stories on PostgreSQL", &programs, files, &settings, bench)
        }
        Err(reason) => Outcome::of(Err(reason)),
    };
    let mut tally = on_sqlite.tally;
    tally += on_postgres.tally;
    let reasons: Vec<String> = [on_sqlite.failure, on_postgres.failure].into_iter().flatten().collect();
    Outcome { tally, failure: (!reasons.is_empty()).then(|| reasons.join("\n")) }
}

/// What stories need.
struct Programs {
    chromium: PathBuf,
    faketime: PathBuf,
    server: PathBuf,
}

fn prepare_browser_tests(server: impl FnOnce() -> Result<PathBuf, String>) -> Result<Programs, String> {
    tools::node_packages()?;
    let (chromium, faketime) = (tools::chromium()?, tools::faketime()?);
    site::build()?;
    let programs = Programs { chromium, faketime, server: server()? };
    let mut types = command::program(crate::at("end2end/node_modules/.bin/tsc"), &["--noEmit"]);
    types.current_dir(crate::at("end2end"));
    command::as_step("TypeScript", types)?;
    Ok(programs)
}

fn stories(name: &str, programs: &Programs, files: &[&str], settings: &[(&str, String)], bench: &mut Bench) -> Outcome {
    let step = Step::begin(name);
    let mut command = command::program(crate::at("end2end/node_modules/.bin/playwright"), &["test", "--reporter=list"]);
    command::forget_settings(&mut command)
        .current_dir(crate::at("end2end"))
        .args(files)
        .env("RETRIAL_CHROMIUM", &programs.chromium)
        .env("RETRIAL_TEST_FAKETIME", &programs.faketime)
        .env("RETRIAL_BIN", &programs.server)
        .envs(settings.iter().map(|(key, value)| (key, value)));
    bench.in_memory(&mut command);
    match follow(&mut command, &name.replace(' ', "-"), Some(&step), |line| !line.is_empty()) {
        Ok(ended) => closed(step, &ended, tally::of_playwright(&ended.lines)),
        Err(reason) => {
            step.failed();
            Outcome::of(Err(reason))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_telling;

    #[test]
    fn a_passing_test_is_silent_and_a_failing_one_is_heard() {
        assert!(!is_telling("test a_fix_is_not_verified_by_an_earlier_run ... ok"));
        assert!(!is_telling("running 12 tests"));
        assert!(is_telling("test a_fix_is_not_verified_by_an_earlier_run ... FAILED"));
        assert!(is_telling("test result: ok. 12 passed; 0 failed"));
        assert!(is_telling("thread 'main' panicked at notebook/src/fixes/standing.rs:12:5:"));
    }
}
