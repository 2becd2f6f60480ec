//! Texts that are hostile by their shape, read by everything that reads YAML: each is refused, or read
//! with care, soon and without a panic. Small ones without the optimizer; with it (`cargo test --release
//! -p notebook --lib hostile`) as large as each importer takes, and within the second that is promised.

use std::time::{Duration, Instant};

use super::{backstage, chaostoolkit::experiment, openslo};
use crate::limits::{CATALOGUE_TEXT_BYTES_MAX, IMPORT_BYTES_MAX, SLO_TEXT_BYTES_MAX};

const OPTIMIZED: bool = !cfg!(debug_assertions);
/// Of a text without the optimizer.
const SMALL_BYTES: usize = 32 * 1024;
const TAKES_MAX: Duration = if OPTIMIZED { Duration::from_secs(1) } else { Duration::from_secs(10) };

const OPENSLO: &str = "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: x}\n";
const SLOTH: &str = "version: prometheus/v1\nservice: web\nslos: []\n";
const BACKSTAGE: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: x}\n";
const EXPERIMENT: &str = "version: 1.0.0\ntitle: x\ndescription: y\nmethod: []\n";

/// As often as fits into so many bytes.
fn filled(bytes: usize, piece: &str) -> String {
    piece.repeat(bytes / piece.len())
}

/// The same with a number in each piece.
fn numbered(bytes: usize, piece: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0.. {
        let next = piece(number);
        if text.len() + next.len() > bytes {
            break;
        }
        text += &next;
    }
    text
}

/// `a0` is ten texts, and each next one ten of the one before.
fn laughs(member: &str, piece: impl Fn(&str) -> String) -> String {
    let mut text = format!("{member}0: &{member}0 {}\n", piece("x"));
    for number in 1..12 {
        let before = piece(&format!("*{member}{}", number - 1));
        text = [text, format!("{member}{number}: &{member}{number} {before}\n")].concat();
    }
    text
}

fn ten(of: &str) -> String {
    format!("[{}]", [of; 10].join(", "))
}

/// What references to anchors can do.
fn references(bytes: usize) -> Vec<(&'static str, String)> {
    let half = bytes / 2;
    vec![
        ("lists that laugh", laughs("a", ten)),
        ("objects that laugh", laughs("b", |of| format!("{{p: {of}, q: {of}, r: {of}, s: {of}, t: {of}}}"))),
        ("copies of one long text", format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(half), filled(half, "*a, "))),
        ("an anchor in itself", "a: &a [*a, *a]\n".to_owned()),
        ("a reference to nothing", "a: *nothing\n".to_owned()),
        ("many anchors", format!("a: [{}]\n", numbered(bytes, |n| format!("&a{n} x, ")))),
        ("many references", format!("a: &a x\nb: [{}]\n", filled(bytes, "*a, "))),
        ("an anchor with a long name", format!("a: &{} x\n", "n".repeat(bytes))),
        ("one anchor again and again", format!("a: [{}]\n", filled(bytes, "&a x, "))),
        ("merged into itself", "a: &a {<<: *a, b: 1}\n".to_owned()),
        ("a chain of merges", {
            let link = |n: usize| format!("m{}: &m{} {{<<: *m{n}, k{n}: 1}}\n", n + 1, n + 1);
            format!("m0: &m0 {{k: 1}}\n{}", numbered(bytes, link))
        }),
    ]
}

/// What goes deep or wide.
fn nests(bytes: usize) -> Vec<(&'static str, String)> {
    let half = bytes / 2;
    vec![
        ("open lists", format!("a: {}", "[".repeat(bytes))),
        ("deep lists", format!("a: {}{}\n", "[".repeat(half), "]".repeat(half))),
        ("open objects", format!("a: {}", filled(bytes, "{a: "))),
        ("lists in objects", format!("a: {}", filled(bytes, "[{a: "))),
        ("lists in one line", format!("a:\n  {}x\n", filled(bytes, "- "))),
        ("deeper with each line", numbered(bytes, |n| format!("{}a:\n", " ".repeat(n)))),
        ("nested keys", format!("a:\n  {}x\n", filled(bytes, "? "))),
        ("colons", format!("a: {}\n", filled(bytes, ": "))),
        ("a wide list", format!("a: [{}]\n", filled(bytes, "1, "))),
        ("a long list", format!("a:\n{}", filled(bytes, "- 1\n"))),
        ("empty objects", format!("a: [{}]\n", filled(bytes, "{}, "))),
        ("many members", numbered(bytes, |n| format!("m{n}: 1\n"))),
        ("one member again and again", filled(bytes, "m: 1\n")),
        ("long names", numbered(bytes, |n| format!("{}{n}: 1\n", "k".repeat(1_000)))),
        ("many documents", filled(bytes, "---\na\n")),
        ("many empty documents", filled(bytes, "---\n")),
        ("many ends", filled(bytes, "...\n")),
    ]
}

/// Texts, numbers and tags.
fn scalars(bytes: usize) -> Vec<(&'static str, String)> {
    vec![
        ("a long word", format!("a: {}\n", "x".repeat(bytes))),
        ("a long quotation", format!("a: \"{}\"\n", "x".repeat(bytes))),
        ("escapes", format!("a: \"{}\"\n", filled(bytes, "\\x41"))),
        ("escaped NULs", format!("a: \"{}\"\n", filled(bytes, "\\0"))),
        ("half a pair", format!("a: \"{}\"\n", filled(bytes, "\\ud800"))),
        ("an open quotation", format!("a: \"{}", "x\n".repeat(bytes / 2))),
        ("an open single quote", format!("a: '{}", filled(bytes, "''"))),
        ("a block", format!("a: |\n{}", filled(bytes, "  x\n"))),
        ("a folded block of nothing", format!("a: >\n{}  x\n", "\n".repeat(bytes))),
        ("a block that is not indented", format!("a: |9\n{}", filled(bytes, " x\n"))),
        ("a long whole number", format!("a: {}\n", "9".repeat(bytes))),
        ("a long fraction", format!("a: 0.{}1\n", "0".repeat(bytes))),
        ("huge exponents", format!("a: [{}]\n", filled(bytes, "1e999999999, "))),
        ("other bases", format!("a: [{}]\n", filled(bytes, "0xffffffffffffffffffff, 0o7777, "))),
        ("no numbers", format!("a: [{}]\n", filled(bytes, ".nan, .inf, -.inf, "))),
        ("words of two meanings", format!("a: [{}]\n", filled(bytes, "yes, off, 1:30:00, 012, "))),
        ("moments", format!("a: [{}]\n", filled(bytes, "2026-11-27T08:00:00Z, "))),
        ("a tag of a program", "a: !!python/object/apply:os.system [x]\n".to_owned()),
        ("many tags", format!("a: [{}]\n", filled(bytes, "!!str x, "))),
        ("a long tag", format!("a: !{} x\n", "t".repeat(bytes))),
        ("binaries", format!("a: !!binary {}\n", filled(bytes, "QUFB"))),
    ]
}

/// What lies between the values.
fn spaces(bytes: usize) -> Vec<(&'static str, String)> {
    vec![
        ("a long comment", format!("# {}\n", "x".repeat(bytes))),
        ("many comments", filled(bytes, "# x\n")),
        ("comments between values", format!("a: [\n{}]\n", filled(bytes, "1, # x\n"))),
        ("spaces", format!("a:{}1\n", " ".repeat(bytes))),
        ("empty lines", format!("{}a: 1\n", "\n".repeat(bytes))),
        ("tabs", format!("a:\n{}", filled(bytes, "\t- 1\n"))),
        ("returns alone", filled(bytes, "m: 1\r")),
        ("other ends of lines", format!("a: {}\n", filled(bytes, "x\u{2028}\u{85}"))),
        ("a NUL", format!("a: \"{}\0\"\n", "x".repeat(bytes - 1))),
        ("an escape of a terminal", "a: \u{1b}[2J\n".to_owned()),
        ("marks of the order of bytes", format!("a: {}\n", filled(bytes, "\u{feff}"))),
        ("letters in both directions", format!("a: {}\n", filled(bytes, "\u{202e}x\u{202c}"))),
        ("many directives", format!("...\n{}---\na: 1\n", numbered(bytes, |n| format!("%TAG !e{n}! tag:x\n")))),
        ("a version that is not", format!("...\n{}---\na: 1\n", filled(bytes, "%YAML 9.9\n"))),
    ]
}

/// All of them behind a good beginning, no longer than `bytes`; and those that spoil the beginning.
fn texts(head: &str, bytes: usize) -> Vec<(&'static str, Vec<u8>)> {
    let room = bytes - head.len() - 200;
    let shapes = [references(room), nests(room), scalars(room), spaces(room)].into_iter().flatten();
    let mut texts: Vec<(&str, Vec<u8>)> = shapes.map(|(name, shape)| (name, [head, &shape].concat().into())).collect();
    texts.push(("two marks first", ["\u{feff}\u{feff}", head].concat().into()));
    texts.push(("UTF-16", head.encode_utf16().flat_map(u16::to_le_bytes).collect()));
    texts.push(("no UTF-8", [head.as_bytes(), &vec![0xff; room]].concat()));
    texts.push(("nothing but NULs", vec![0; bytes]));
    texts.push(("one byte too many", vec![b'x'; bytes + 1]));
    texts
}

fn reads_soon(importer: &str, head: &str, bytes_max: usize, read: impl Fn(&[u8])) {
    let bytes_max = if OPTIMIZED { bytes_max } else { SMALL_BYTES };
    let texts = texts(head, bytes_max);
    assert!(texts.len() >= 50, "{}", texts.len());
    let mut took = Vec::new();
    for (name, bytes) in &texts {
        assert!(bytes.len() <= bytes_max + 1, "{importer}, {name}: {} bytes", bytes.len());
        let begun = Instant::now();
        read(bytes);
        took.push((begun.elapsed(), *name));
    }
    took.sort_unstable();
    took.reverse();
    println!("{importer}, of {} texts of {bytes_max} bytes the slowest: {:?}", texts.len(), &took[..3]);
    assert!(took[0].0 <= TAKES_MAX, "{importer}: {:?}", took[0]);
}

#[test]
fn hostile_texts_of_openslo_are_read_soon() {
    reads_soon("OpenSLO", OPENSLO, SLO_TEXT_BYTES_MAX, |bytes| drop((openslo::declares(bytes), openslo::read(bytes))));
}

#[test]
fn hostile_texts_of_sloth_are_read_soon() {
    reads_soon("Sloth", SLOTH, SLO_TEXT_BYTES_MAX, |bytes| drop((openslo::declares(bytes), openslo::read(bytes))));
}

#[test]
fn hostile_texts_of_backstage_are_read_soon() {
    let read = |bytes: &[u8]| drop((backstage::declares(bytes), backstage::read(bytes)));
    reads_soon("Backstage", BACKSTAGE, CATALOGUE_TEXT_BYTES_MAX, read);
}

#[test]
fn hostile_texts_of_chaos_toolkit_are_read_soon() {
    reads_soon("Chaos Toolkit", EXPERIMENT, IMPORT_BYTES_MAX, |bytes| drop(experiment::read(bytes)));
}
