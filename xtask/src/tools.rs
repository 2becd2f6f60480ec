//! Programs the build and the tests need: found, installed where that needs no question, else named
//! with the one command that brings them.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::command;
use crate::hash;

const WASM: &str = "wasm32-unknown-unknown";
const NODE_MAJOR_MIN: u32 = 20;

/// Rust's wasm target, added through rustup when it is missing.
pub fn wasm_target() -> Result<(), String> {
    let installed = || {
        command::answer("rustc", &["--print", "target-libdir", "--target", WASM])
            .is_some_and(|folder| Path::new(&folder).is_dir())
    };
    if installed() {
        return Ok(());
    }
    let added = command::as_step("wasm target", command::program("rustup", &["target", "add", WASM]));
    if installed() {
        return Ok(());
    }
    let reason = added.err().unwrap_or_default();
    Err(format!("{reason}\nThe browser part needs Rust's target {WASM}. Run: rustup target add {WASM}"))
}

/// `wasm-opt` out of the npm package binaryen, if `npm ci` has run.
pub fn wasm_opt() -> Option<PathBuf> {
    let path = crate::at("end2end/node_modules/.bin/wasm-opt");
    path.exists().then_some(path)
}

/// The npm packages of `end2end/package-lock.json`: installed when they are missing or others.
pub fn node_packages() -> Result<(), String> {
    need_node()?;
    let wanted = hash::bytes(&[&hash::read(&crate::at("end2end/package-lock.json"))?]).to_string();
    let stamp = crate::at("end2end/node_modules/.retrial-lock");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut install = command::program("npm", &["ci", "--no-audit", "--no-fund"]);
    install.current_dir(crate::at("end2end")).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command::as_step("npm packages", install)?;
    std::fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))
}

fn need_node() -> Result<(), String> {
    let advice = format!(
        "Browser tests and wasm-opt need Node.js {NODE_MAJOR_MIN} or later with npm. Install them (Debian: apt-get install nodejs npm) and run this again."
    );
    let version = command::answer("node", &["--version"]).ok_or_else(|| advice.clone())?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR_MIN) {
        return Err(format!("node is {version}. {advice}"));
    }
    command::answer("npm", &["--version"]).map(|_| ()).ok_or(advice)
}

/// The program that reads `deny.toml`, in the version whose configuration that is.
pub fn cargo_deny() -> Result<PathBuf, String> {
    cargo_program("cargo-deny", "0.20.2")
}

/// The program that builds and runs fuzz targets, and the nightly toolchain with which it does.
pub fn cargo_fuzz() -> Result<PathBuf, String> {
    if command::answer("rustup", &["run", "nightly", "cargo", "--version"]).is_none() {
        let words = ["toolchain", "install", "nightly", "--profile", "minimal"];
        command::as_step("nightly toolchain", command::program("rustup", &words))?;
    }
    cargo_program("cargo-fuzz", "0.13.1")
}

/// A program of cargo's registry, in one version: the one that is there, or the checkout's own.
fn cargo_program(name: &str, version: &str) -> Result<PathBuf, String> {
    let fits = |program: &Path| {
        let said = command::answer(&program.to_string_lossy(), &["--version"]);
        said.is_some_and(|said| said == format!("{name} {version}"))
    };
    let folder = crate::target("xtask-tools");
    let own = folder.join("bin").join(name);
    if let Some(found) = [in_path(name), Some(own.clone())].into_iter().flatten().find(|program| fits(program)) {
        return Ok(found);
    }
    let folder = folder.to_string_lossy();
    // Unoptimized: it runs for seconds, and compiles in a third of the time.
    let install = ["install", "--locked", "--debug", "--version", version, "--root", &folder, name];
    command::as_step(name, command::cargo(&install))?;
    Ok(own)
}

/// The program that asks the API everything its description allows, in a Python environment of its own.
pub fn schemathesis() -> Result<PathBuf, String> {
    const VERSION: &str = "4.32.5";
    let folder = crate::target("xtask-tools/schemathesis");
    let program = folder.join("bin/st");
    let fits =
        || command::answer(&program.to_string_lossy(), &["--version"]).is_some_and(|said| said.ends_with(VERSION));
    if fits() {
        return Ok(program);
    }
    let made = command::as_step("python environment", environment(&folder));
    if made.is_err() {
        // Debian keeps the part that makes environments in a package of its own.
        install("Python", &["python3-venv"])?;
        command::as_step("python environment", environment(&folder))?;
    }
    let package = format!("schemathesis=={VERSION}");
    let pip = folder.join("bin/pip");
    command::as_step("schemathesis", command::program(pip, &["install", "--quiet", "--upgrade", &package]))?;
    if fits() { Ok(program) } else { Err(format!("{} is not schemathesis {VERSION}.", program.display())) }
}

fn environment(folder: &Path) -> std::process::Command {
    let mut making = command::program("python3", &["-m", "venv"]);
    making.arg(folder);
    making
}

/// Chaos Toolkit in a Python environment of its own, in the versions that `chaostoolkit.txt` names.
pub fn chaos() -> Result<PathBuf, String> {
    python_packages("Chaos Toolkit", "chaostoolkit", include_str!("chaostoolkit.txt")).map(|bin| bin.join("chaos"))
}

/// A Python that reads calendars, in the versions that `icalendar.txt` names.
pub fn icalendar() -> Result<PathBuf, String> {
    python_packages("icalendar", "icalendar", include_str!("icalendar.txt")).map(|bin| bin.join("python"))
}

/// The programs of a Python environment that holds what `xtask/src/NAME.txt` lists and nothing else.
fn python_packages(what: &str, name: &str, packages: &str) -> Result<PathBuf, String> {
    let folder = crate::target("xtask-tools").join(name);
    let (bin, stamp) = (folder.join("bin"), folder.join(".retrial-packages"));
    let wanted = hash::bytes(&[packages.as_bytes()]).to_string();
    if bin.is_dir() && std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(bin);
    }
    let python = in_path("python3").ok_or_else(|| {
        format!("The tests with {what} need Python 3.10 or later. Install it (Debian: apt-get install python3 python3-venv) and run this again.")
    })?;
    let words = ["-m", "venv", "--clear", &folder.to_string_lossy()];
    // Debian keeps the part that installs packages in a package of its own.
    if command::as_step("Python environment", command::program(&python, &words)).is_err() {
        install("Python's venv", &["python3-venv"])?;
        command::as_step("Python environment", command::program(&python, &words))?;
    }
    let packages = crate::at(&format!("xtask/src/{name}.txt"));
    let words = ["install", "--disable-pip-version-check", "--requirement", &packages.to_string_lossy()];
    command::as_step(what, command::program(bin.join("pip"), &words))?;
    std::fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))?;
    Ok(bin)
}

/// A Chromium for the browser tests: `RETRIAL_CHROMIUM`, or Debian's.
pub fn chromium() -> Result<PathBuf, String> {
    if let Some(named) = std::env::var_os("RETRIAL_CHROMIUM") {
        let named = PathBuf::from(named);
        return if named.exists() {
            Ok(named)
        } else {
            Err(format!("RETRIAL_CHROMIUM names {}, which does not exist.", named.display()))
        };
    }
    let find = || ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(in_path);
    if let Some(found) = find() {
        return Ok(found);
    }
    let installed = install("Chromium", &["chromium", "fonts-liberation"]);
    find().ok_or_else(|| {
        let reason = installed.err().unwrap_or_default();
        format!("{reason}\nElse set RETRIAL_CHROMIUM to the path of a Chromium or Chrome.")
    })
}

/// The folder of PostgreSQL's server programs, the newest version found.
pub fn postgres() -> Result<PathBuf, String> {
    if let Some(found) = find_postgres() {
        return Ok(found);
    }
    let installed = install("PostgreSQL", &["postgresql"]);
    find_postgres().ok_or_else(|| installed.err().unwrap_or_else(|| "PostgreSQL's initdb was not found.".to_owned()))
}

pub fn find_postgres() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            let programs = entry.path().join("bin");
            programs.join("initdb").exists().then_some((version, programs))
        })
        .collect();
    versions.sort();
    let debian = versions.pop().map(|(_, programs)| programs);
    debian.or_else(|| in_path("initdb").and_then(|initdb| initdb.parent().map(Path::to_path_buf)))
}

/// The Prometheus that measurements are pulled from in a test.
pub fn prometheus() -> Result<PathBuf, String> {
    if let Some(found) = in_path("prometheus") {
        return Ok(found);
    }
    let installed = install("Prometheus", &["prometheus"]);
    in_path("prometheus").ok_or_else(|| installed.err().unwrap_or_else(|| "prometheus was not found.".to_owned()))
}

/// The Alertmanager that tells of alerts in a test.
pub fn alertmanager() -> Result<PathBuf, String> {
    // Debian's name, and everybody else's.
    let find = || ["prometheus-alertmanager", "alertmanager"].into_iter().find_map(in_path);
    if let Some(found) = find() {
        return Ok(found);
    }
    let installed = install("Alertmanager", &["prometheus-alertmanager"]);
    find().ok_or_else(|| installed.err().unwrap_or_else(|| "prometheus-alertmanager was not found.".to_owned()))
}

/// The library that gives the server of a story a clock of its own.
pub fn faketime() -> Result<PathBuf, String> {
    let find = || {
        let machines = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
        machines.map(|machine| machine.path().join("faketime/libfaketimeMT.so.1")).find(|library| library.is_file())
    };
    if let Some(found) = find() {
        return Ok(found);
    }
    let installed = install("libfaketime", &["libfaketime"]);
    find().ok_or_else(|| installed.err().unwrap_or_else(|| "libfaketimeMT.so.1 was not found.".to_owned()))
}

/// The program that loads servers in benches.
pub fn wrk() -> Result<(), String> {
    if in_path("wrk").is_some() { Ok(()) } else { install("wrk", &["wrk"]) }
}

/// The program that slows each sync of the disk.
pub fn strace() -> Result<(), String> {
    if in_path("strace").is_some() { Ok(()) } else { install("strace", &["strace"]) }
}

/// The folders of programs, that of one program before all others.
pub fn path_with(program: &Path) -> Result<OsString, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let first = program.parent().map(Path::to_path_buf);
    std::env::join_paths(first.into_iter().chain(std::env::split_paths(&path))).map_err(|e| format!("PATH: {e}"))
}

fn in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(OsStr::new(&path)).map(|folder| folder.join(name)).find(|file| file.is_file())
}

pub fn is_root() -> bool {
    command::answer("id", &["-u"]).is_some_and(|id| id == "0")
}

/// Debian packages, without a question: as root, or where sudo asks for no password.
fn install(what: &str, packages: &[&str]) -> Result<(), String> {
    let list = packages.join(" ");
    let advice = format!("{what} is missing. Run: sudo apt-get install {list}");
    if in_path("apt-get").is_none() {
        return Err(format!("{what} is missing. Install it (on Debian the packages are: {list})."));
    }
    let prefix: &[&str] = if is_root() {
        &[]
    } else if command::answer("sudo", &["-n", "true"]).is_some() {
        &["sudo", "-n"]
    } else {
        return Err(advice);
    };
    let run = |name: &str, arguments: &[&str]| {
        let words = [prefix, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], arguments].concat();
        command::as_step(name, command::program(words[0], &words[1..]))
    };
    // An old list of packages may still serve; the installation tells.
    let updated = run("package lists", &["update"]);
    let step = format!("{what} packages");
    let installed = run(&step, &[&["install", "--yes", "--no-install-recommends"], packages].concat());
    installed.map_err(|reason| {
        let first = updated.err().map(|reason| format!("{reason}\n")).unwrap_or_default();
        format!("{first}{reason}\n{advice}")
    })
}
