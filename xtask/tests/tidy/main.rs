//! The rules of the tree that no compiler checks. A failure says where, and what to do instead.
//!
//! Each rule is a function over one file's path and text, or over the whole tree, and stands beside
//! a test that shows it can fail. Rust is read as tokens, so comments never count.

#![forbid(unsafe_code)]

mod tree;
mod tokens;
mod css;

mod markup;
mod sql;
mod rooms;
mod sizes;
mod unfinished;
mod classes;
mod colours;
mod contrast;
mod supply;

/// One broken rule: where, and what to do about it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    pub path: String,
    pub line: usize,
    pub advice: String,
}

impl Complaint {
    pub fn new(path: &str, line: usize, advice: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, advice: advice.into() }
    }
}

/// Fails the calling test with every complaint, one a line.
fn expect_none(mut complaints: Vec<Complaint>) {
    complaints.sort();
    let list: Vec<String> =
        complaints.iter().map(|found| format!("{}:{}: {}", found.path, found.line, found.advice)).collect();
    assert!(list.is_empty(), "{} to mend:\n{}\n", list.len(), list.join("\n"));
}

/// Runs one rule over every Rust file.
fn on_rust(rule: fn(&str, &[tokens::Lexeme]) -> Vec<Complaint>) {
    let files = tree::rust_files();
    assert!(!files.is_empty(), "no Rust file was found: the walk is broken");
    expect_none(files.iter().flat_map(|file| rule(&file.path, &file.lexemes)).collect());
}

/// Runs one rule over every file with one of these endings.
fn on_text(endings: &[&str], rule: fn(&str, &str) -> Vec<Complaint>) {
    let files = tree::files();
    let chosen = files.iter().filter(|file| endings.iter().any(|ending| file.path.ends_with(ending)));
    expect_none(chosen.flat_map(|file| rule(&file.path, &file.text)).collect());
}

#[test]
fn every_rust_file_can_be_read_as_tokens() {
    expect_none(tree::files().iter().filter_map(tree::unreadable).collect());
}

#[test]
fn raw_markup_stands_only_in_its_wrappers() {
    on_rust(markup::raw_sinks);
}

#[test]
fn no_style_attribute_breaks_the_content_security_policy() {
    on_rust(markup::style_attributes);
}

#[test]
fn no_transaction_begins_outside_the_database_room() {
    on_rust(sql::begins);
}

#[test]
fn sql_text_stands_only_where_rows_are_kept() {
    on_rust(sql::text);
}

#[test]
fn every_placeholder_has_its_value() {
    on_rust(sql::binds);
}

#[test]
fn engine_names_stand_only_in_the_engine_rooms() {
    on_rust(rooms::engine_names);
}

#[test]
fn each_crate_depends_only_on_what_its_room_may_use() {
    on_text(&["Cargo.toml"], rooms::manifests);
}

#[test]
fn functions_fit_on_a_screen() {
    on_rust(sizes::functions);
}

#[test]
fn files_stay_small() {
    on_rust(sizes::rust_files);
    on_text(&[".ts", ".css"], sizes::files);
}

#[test]
fn no_test_is_switched_off_and_no_code_is_left_for_later() {
    on_rust(unfinished::rust);
    on_text(&[".ts"], unfinished::stories);
}

#[test]
fn class_names_exist_in_pages_and_in_the_stylesheet() {
    expect_none(classes::both_ways(&tree::files(), &tree::rust_files()));
}

#[test]
fn colours_have_names() {
    on_text(&[".css"], colours::raw);
}

#[test]
fn every_colour_pair_can_be_read_in_light_and_dark() {
    let path = "style/tokens.css";
    expect_none(contrast::unreadable_pairs(path, &tree::text_of(path)));
}

#[test]
fn wasm_bindgen_has_one_version() {
    on_text(&["Cargo.lock"], supply::wasm_bindgen);
}

#[test]
fn both_engines_have_the_same_migrations_with_sample_rows() {
    expect_none(supply::migrations(&tree::paths()));
}

#[test]
fn the_readme_names_the_two_commands_and_the_gate_runs_one() {
    expect_none(supply::commands(&tree::text_of("README.md"), &tree::text_of(".ci/run")));
}
