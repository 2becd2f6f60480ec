//! What the tree brings along: locked crates, migrations and the two commands of the README.

use std::collections::BTreeSet;

use crate::Complaint;

/// One `[[package]]` of the lock file.
struct Package<'a> {
    line: usize,
    name: &'a str,
    version: &'a str,
}

fn packages(lock: &str) -> Vec<Package<'_>> {
    let mut packages: Vec<Package> = Vec::new();
    for (index, line) in lock.lines().enumerate() {
        if line == "[[package]]" {
            packages.push(Package { line: index + 1, name: "", version: "" });
            continue;
        }
        let (Some(package), Some((key, value))) = (packages.last_mut(), line.split_once(" = ")) else {
            continue;
        };
        let value = value.trim_matches('"');
        match key {
            "name" => package.name = value,
            "version" => package.version = value,
            _ => {}
        }
    }
    packages
}

pub fn wasm_bindgen(path: &str, lock: &str) -> Vec<Complaint> {
    if path != "Cargo.lock" {
        return Vec::new();
    }
    let packages = packages(lock);
    let named = |name: &str| packages.iter().filter(|package| package.name == name).collect::<Vec<_>>();
    let (library, tool) = (named("wasm-bindgen"), named("wasm-bindgen-cli-support"));
    let ([library], [tool]) = (library.as_slice(), tool.as_slice()) else {
        let advice = "wasm-bindgen and wasm-bindgen-cli-support must be here exactly once";
        return vec![Complaint::new(path, 1, advice)];
    };
    if library.version == tool.version {
        return Vec::new();
    }
    let advice = format!(
        "wasm-bindgen-cli-support is {}, wasm-bindgen is {}; set both to one version in Cargo.toml and xtask/Cargo.toml",
        tool.version, library.version
    );
    vec![Complaint::new(path, tool.line, advice)]
}

/// Same names on both engines, and rows in `filled/` for each.
pub fn migrations(paths: &[String]) -> Vec<Complaint> {
    let names_in = |folder: &str| -> BTreeSet<&str> {
        let inside = paths.iter().filter_map(|path| path.strip_prefix(folder));
        inside.filter_map(|name| name.strip_suffix(".sql")).collect()
    };
    let sqlite = names_in("migrations/sqlite/");
    let postgres = names_in("migrations/postgres/");
    let filled = names_in("migrations/filled/");
    let mut complaints = Vec::new();
    let mut missing = |folder: &str, name: &str, why: &str| {
        complaints.push(Complaint::new(
            &format!("migrations/{folder}/{name}.sql"),
            1,
            format!("this file is missing; {why}"),
        ));
    };
    let both: BTreeSet<&str> = sqlite.union(&postgres).copied().collect();
    for name in &both {
        let same = "both engines take the same steps in the same order";
        if !sqlite.contains(name) {
            missing("sqlite", name, same);
        }
        if !postgres.contains(name) {
            missing("postgres", name, same);
        }
        if !filled.contains(name) {
            missing("filled", name, "rows as they are after this step show that the next one keeps them");
        }
    }
    for name in filled.difference(&both) {
        missing("sqlite", name, "there are sample rows for it");
    }
    if both.is_empty() {
        complaints.push(Complaint::new("migrations/", 1, "no migration was found: the walk is broken"));
    }
    complaints
}

pub fn commands(readme: &str, gate: &str) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for command in ["cargo xtask serve", "cargo xtask test"] {
        if !readme.contains(command) {
            complaints.push(Complaint::new("README.md", 1, format!("say how to start and test: `{command}`")));
        }
    }
    let runs = gate.lines().filter(|line| line.contains("cargo")).map(|line| line.trim().trim_start_matches("exec "));
    if runs.collect::<Vec<_>>() != ["cargo xtask test"] {
        complaints.push(Complaint::new(
            ".ci/run",
            1,
            "the gate runs `cargo xtask test` and nothing else; put checks into xtask",
        ));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::{commands, migrations, wasm_bindgen};

    fn lock(library: &str, tool: &str) -> String {
        format!(
            "version = 4\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"{library}\"\nsource = \"registry+index\"\n\n\
             [[package]]\nname = \"wasm-bindgen-cli-support\"\nversion = \"{tool}\"\n"
        )
    }

    #[test]
    fn two_versions_of_wasm_bindgen_are_found() {
        assert_eq!(wasm_bindgen("Cargo.lock", &lock("0.2.130", "0.2.131")).len(), 1);
        assert!(wasm_bindgen("Cargo.lock", &lock("0.2.130", "0.2.130")).is_empty());
        assert_eq!(wasm_bindgen("Cargo.lock", "version = 4").len(), 1);
    }

    #[test]
    fn a_migration_one_engine_lacks_or_without_rows_is_found() {
        let paths = [
            "migrations/sqlite/0001_start.sql",
            "migrations/sqlite/0002_more.sql",
            "migrations/postgres/0001_start.sql",
            "migrations/filled/0001_start.sql",
        ];
        let found = migrations(&paths.map(str::to_owned));
        let missing: Vec<&str> = found.iter().map(|found| found.path.as_str()).collect();
        assert_eq!(missing, ["migrations/postgres/0002_more.sql", "migrations/filled/0002_more.sql"]);
    }

    #[test]
    fn a_gate_that_does_more_than_the_readme_is_found() {
        let readme = "Start: cargo xtask serve. Test: cargo xtask test.";
        assert!(commands(readme, "cd ..\nexec cargo xtask test\n").is_empty());
        assert_eq!(commands(readme, "cargo xtask test\ncargo bench\n").len(), 1);
        assert_eq!(commands("Start: cargo xtask serve", "cargo xtask test").len(), 1);
    }
}
